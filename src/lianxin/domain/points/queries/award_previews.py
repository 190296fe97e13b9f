"""What an award would come to before it is entered, and what is left of the limits of a household and a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, Sum

from lianxin.domain.points import policy
from lianxin.domain.points.commands.relatives import households_near
from lianxin.domain.points.models import Account, Book, Claim
from lianxin.domain.points.queries.grounds import BudgetChoice
from lianxin.domain.points.queries.rules import load_terms
from lianxin.domain.points.rules.claim_words import decision_words
from lianxin.domain.points.rules.deciding import (
    BOOK,
    HOUSEHOLD,
    MINUTES,
    PERSON,
    Item,
    Offered,
    Terms,
    asked_points,
    decide,
    terms_on,
)
from lianxin.domain.points.rules.windows import days_of
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


@dataclass(frozen=True, slots=True)
class LimitLeft:
    """A cap of an item, and how much of it is used by this household or person."""

    subject: str
    every: str
    points: int
    used: int

    @property
    def left(self) -> int:
        """Give what may still be given in this time."""
        return max(self.points - self.used, 0)


@dataclass(frozen=True, slots=True)
class ItemOffer:
    """An item that this actor may award on a day, with what is left of its limits."""

    item: Item
    limits: tuple[LimitLeft, ...]


@dataclass(frozen=True, slots=True)
class AwardPreview:
    """What an award would come to now; `waits` for a second person says why in words of its own."""

    asked: int
    points: int
    reason: str
    expires_on: date
    waits_for_amount: bool
    waits_for_nearness: bool
    limits: tuple[LimitLeft, ...]
    budget_name: str
    budget_left: int
    sentences: list[str]

    @property
    def waits(self) -> bool:
        """Tell whether a second person has to agree first."""
        return self.waits_for_amount or self.waits_for_nearness


def list_offers(
    *, actor: Actor, community: UUID, household: UUID | None, person: UUID | None, on: date
) -> list[ItemOffer]:
    """List the items of the rules of a day that this actor may award, with what is left of their limits."""
    policy.require(policy.may_award_something(actor))
    with scope.within(actor.communities):
        book, terms = _rules(community, on)
        if book is None or terms is None:
            return []
        items = [item for item in terms.items if policy.may_award(actor, item.awarders)]
        used = _used(book, items, household=household, person=person, on=on)
    return [ItemOffer(item, _limits(item, used, household=household, person=person)) for item in items]


def preview_award(
    *,
    actor: Actor,
    community: UUID,
    household: UUID,
    person: UUID | None,
    item: str,
    quantity: int,
    done_on: date,
    budget: UUID | None = None,
    at: datetime,
) -> AwardPreview | None:
    """Tell what an award would come to now, or None where no rules give anything; nothing is written."""
    policy.require(policy.may_award_something(actor))
    with scope.within(actor.communities):
        book, terms = _rules(community, done_on)
        found = next((one for one in terms.items if one.code == item), None) if terms else None
        if book is None or terms is None or found is None:
            return None
        minutes = found.unit == MINUTES
        offered = Offered(found.act_kind, 1 if minutes else quantity, quantity if minutes else 0, item, bool(person))
        used = _used(book, [found], household=household, person=person, on=done_on)
        limits = _limits(found, used, household=household, person=person)
        money = BudgetChoice([book], {budget} if budget else set()).choose(book.pk, budget, done_on)
        left = Account.objects.values_list("balance", flat=True).get(pk=money.account_id) if money else 0
        asked = asked_points(offered, found)
        given = decide(offered, terms.items, {(one.subject, one.every): one.used for one in limits}, left)
        near = households_near(actor, {household}, at=at)(
            Claim(household_id=household, person_id=person, done_on=done_on)
        )
    expires_on = terms.expiry_of(found, done_on)
    return AwardPreview(
        asked=asked,
        points=given.points,
        reason=given.reason,
        expires_on=expires_on,
        waits_for_amount=asked > terms.second_person_above,
        waits_for_nearness=near,
        limits=limits,
        budget_name=money.name if money else "",
        budget_left=left,
        sentences=decision_words(
            item=found,
            quantity=quantity,
            asked=asked,
            points=given.points,
            reason=given.reason,
            expires_on=expires_on,
            rules_number=terms.number,
        ),
    )


def _rules(community: UUID, on: date) -> tuple[Book | None, Terms | None]:
    book = Book.objects.filter(community=community, state=Book.State.OPEN).first()
    if book is None:
        raise Missing
    return book, terms_on(load_terms([book.pk]).get(book.pk, ()), on)


_Used = dict[tuple[str, str, str], int]


def _used(book: Book, items: Sequence[Item], *, household: UUID | None, person: UUID | None, on: date) -> _Used:
    """Add up per item, subject and window what claims were given; two queries."""
    subjects = {HOUSEHOLD: Q(household=household), PERSON: Q(subject=person), BOOK: Q(book=book)}
    wanted: dict[str, set[str]] = {}
    for item in items:
        for cap in item.caps:
            if (cap.subject == HOUSEHOLD and household) or (cap.subject == PERSON and person) or cap.subject == BOOK:
                wanted.setdefault(cap.subject, set()).add(cap.every)
    found: _Used = {}
    for subject, windows in wanted.items():
        spans = {every: days_of(every, on) for every in windows}
        first, last = min(span[0] for span in spans.values()), max(span[1] for span in spans.values())
        rows = Claim.objects.filter(
            subjects[subject], book=book, state=Claim.State.AWARDED, done_on__gte=first, done_on__lte=last
        )
        sums = {
            f"of_{every}": Sum("points", filter=Q(done_on__gte=span[0], done_on__lte=span[1]), default=0)
            for every, span in spans.items()
        }
        order = list(sums)
        for code, *points in rows.order_by().values_list("item__code").annotate(**sums):
            for name, given in zip(order, points, strict=True):
                found[code, subject, name.removeprefix("of_")] = given
    return found


def _limits(item: Item, used: _Used, *, household: UUID | None, person: UUID | None) -> tuple[LimitLeft, ...]:
    return tuple(
        LimitLeft(cap.subject, cap.every, cap.points, used.get((item.code, cap.subject, cap.every), 0))
        for cap in item.caps
        if cap.subject == BOOK
        or (cap.subject == HOUSEHOLD and household is not None)
        or (cap.subject == PERSON and person is not None)
    )
