"""Rehearsal: what a draft of rules would have given for the acts that were kept, beside what was given. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.points import policy
from lianxin.domain.points.models import Claim, RulesDraft
from lianxin.domain.points.rules import windows
from lianxin.domain.points.rules.deciding import BOOK, HOUSEHOLD, PERSON, Cap, Item, Offered, decide, find_item
from lianxin.domain.points.rules.drafts import check_draft
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Missing

LONGEST_DAYS = 3 * 366
MOST_ACTS = 200_000
HOUSEHOLDS_SHOWN = 50
NO_LIMIT = 1 << 62


@dataclass(slots=True)
class ByItem:
    """What one item gave and would give; without a code: acts for which the draft has no item."""

    code: str
    title: str
    acts: int = 0
    given: int = 0
    would: int = 0


@dataclass(slots=True)
class ByHousehold:
    """What one household was given and would be."""

    household: UUID
    number: str
    acts: int = 0
    given: int = 0
    would: int = 0


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The outcome of a rehearsal; households are those for whom it changes most."""

    from_on: date
    until_on: date
    acts: int
    given: int
    would: int
    would_wait: int
    gaining: int
    losing: int
    items: list[ByItem]
    households: list[ByHousehold]


@dataclass(slots=True)
class _Counts:
    used: dict[tuple[str, UUID, str], int] = field(default_factory=dict)

    def of(self, item: Item, claim: Claim) -> dict[tuple[str, str], int]:
        return {(cap.subject, cap.every): self.used.get(key, 0) for cap, key in self._keys(item, claim)}

    def take(self, item: Item, claim: Claim, points: int) -> None:
        for key in {key for _cap, key in self._keys(item, claim)}:
            self.used[key] = self.used.get(key, 0) + points

    def _keys(self, item: Item, claim: Claim) -> Iterable[tuple[Cap, tuple[str, UUID, str]]]:
        subjects = {HOUSEHOLD: claim.household_id, PERSON: claim.person_id, BOOK: claim.community_id}
        for cap in item.caps:
            subject = subjects[cap.subject]
            if subject is not None:
                yield cap, (item.code, subject, windows.window(cap.every, claim.done_on))


def rehearse(*, actor: Actor, draft: UUID, from_on: date, until_on: date) -> Rehearsal:
    """Decide the kept acts of some days (both included) by a draft, in the order of their days, without a budget.

    Acts that were refused or taken back stay out. Raises Invalid when the draft's items cannot be read yet.
    """
    policy.require(policy.may_keep_rules(actor))
    if not 0 <= (until_on - from_on).days < LONGEST_DAYS:
        raise Invalid(fields={"until_on": [_("Choose a last day after the first one, at most three years later.")]})
    with scope.within(actor.communities):
        row = RulesDraft.objects.filter(pk=draft).first()
        if row is None:
            raise Missing
        items = items_of(row, until_on)
        limit = row.content.get("second_person_above")
        second = limit if isinstance(limit, int) and not isinstance(limit, bool) else NO_LIMIT
        claims = Claim.objects.filter(community=row.community_id, done_on__gte=from_on, done_on__lte=until_on).exclude(
            state__in=[Claim.State.REFUSED, Claim.State.REVERSED]
        )
        if claims.count() > MOST_ACTS:
            raise Invalid(fields={"from_on": [_("There are too many acts in these days. Choose fewer days.")]})
        acts = claims.select_related("item", "household").order_by("done_on", "offered_at", "pk")
        return _rehearsed(acts.iterator(chunk_size=2000), items, second, from_on, until_on)


def items_of(draft: RulesDraft, today: date) -> tuple[Item, ...]:
    """Read the items of a draft; raises Invalid with the sentences about them."""
    problems = {
        name: sentences
        for name, sentences in check_draft(draft.content, today=today).items()
        if name.startswith("items")
    }
    if problems:
        raise Invalid(_("The items of this draft cannot be rehearsed yet."), fields=problems)
    return tuple(
        Item(
            code=entry["code"],
            act_kind=entry["act_kind"],
            title=entry["title"],
            points=entry["points"],
            unit=entry["unit"],
            per=entry["per"],
            most_quantity=entry["most_quantity"],
            caps=tuple(Cap(cap["subject"], cap["every"], cap["points"]) for cap in entry.get("caps", [])),
        )
        for entry in draft.content["items"]
    )


def _rehearsed(
    claims: Iterable[Claim], items: tuple[Item, ...], second: int, from_on: date, until_on: date
) -> Rehearsal:
    counts = _Counts()
    codes = {item.code for item in items}
    by_item: dict[str, ByItem] = {item.code: ByItem(item.code, item.title) for item in items}
    homes: dict[UUID, ByHousehold] = {}
    waits = acts = 0
    for claim in claims:
        acts += 1
        code = claim.item.code if claim.item and claim.item.code in codes else ""
        offered = Offered(claim.act_kind, claim.quantity, claim.minutes, code, claim.person_id is not None)
        item = find_item(offered, items)
        would = 0
        if item is not None:
            decision = decide(offered, (item,), counts.of(item, claim), NO_LIMIT)
            would = decision.points
            waits += decision.asked > second
            counts.take(item, claim, would)
        line = by_item.setdefault(item.code if item else "", ByItem("", _("No item of this draft")))
        home = homes.setdefault(claim.household_id, ByHousehold(claim.household_id, claim.household.number))
        for sums in (line, home):
            sums.acts += 1
            sums.given += claim.points
            sums.would += would
    changed = sorted(homes.values(), key=lambda home: (-abs(home.would - home.given), home.number))
    return Rehearsal(
        from_on=from_on,
        until_on=until_on,
        acts=acts,
        given=sum(home.given for home in homes.values()),
        would=sum(home.would for home in homes.values()),
        would_wait=waits,
        gaining=sum(home.would > home.given for home in homes.values()),
        losing=sum(home.would < home.given for home in homes.values()),
        items=list(by_item.values()),
        households=changed[:HOUSEHOLDS_SHOWN],
    )
