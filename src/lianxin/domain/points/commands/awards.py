"""Points given by hand: one award or a list, each checked against the rules of its day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points import ledger, policy
from lianxin.domain.points.commands.approvals import approve, refuse
from lianxin.domain.points.commands.claims import Act, offer
from lianxin.domain.points.commands.taking_back import take_back
from lianxin.domain.points.models import Book, Budget, Claim, Period
from lianxin.domain.points.queries.grounds import Ground, read_ground
from lianxin.domain.points.queries.homes import Home
from lianxin.domain.points.rules.day_words import day_words
from lianxin.domain.points.rules.deciding import MINUTES, PERSON, Item, Terms, terms_on
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, NotAllowed, Refused
from lianxin.platform.ids import deterministic_id, new_id

__all__ = [
    "SOURCE",
    "Award",
    "Desk",
    "RulesNotInForce",
    "SelfAward",
    "TooMany",
    "approve",
    "award",
    "award_list",
    "check_lines",
    "refuse",
    "take_back",
]

SOURCE = "points.award"
MOST_AT_ONCE = 5_000


class SelfAward(Refused):
    """Nobody gives points to oneself."""

    title = gettext_lazy("Nobody gives points to themselves. Ask a colleague to enter this.")


class RulesNotInForce(Refused):
    """No rules held on the day of the act."""

    title = gettext_lazy("No rules were in force on that day, so nothing can be given for it.")


class TooMany(Invalid):
    """A list is entered in parts."""

    title = gettext_lazy("This list is too long to be entered at once. Split it.")


@dataclass(frozen=True, slots=True)
class Award:
    """One line of a list: who, for which item (its code), how much of its unit, and when."""

    household: UUID | None
    person: UUID | None
    item: str
    quantity: int
    done_on: date
    evidence: str = ""
    note: str = ""
    budget: UUID | None = None


@command("points.award")
def award(
    *,
    actor: Actor,
    household: UUID | None = None,
    person: UUID | None = None,
    item: str,
    quantity: int = 1,
    done_on: date,
    evidence: str = "",
    note: str = "",
    budget: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Claim:
    """Give a household or person points for an item; gives the claim: awarded in full or in part, none, or waiting.

    Raises Invalid with sentences by field, SelfAward, RulesNotInForce, PeriodClosed, NotAllowed or Missing.
    """
    line = Award(household, person, item, quantity, done_on, evidence, note, budget)
    (claim,) = _award(actor, [line], at, key or new_id(), by_row=False)
    return claim


@command("points.award_list")
def award_list(*, actor: Actor, awards: Sequence[Award], at: datetime, key: UUID | None = None) -> list[Claim]:
    """Give points to many at once, all lines or none; sentences are by line number, beginning with "1"."""
    if not awards:
        raise Invalid(_("The list is empty."))
    if len(awards) > MOST_AT_ONCE:
        raise TooMany
    return _award(actor, list(awards), at, key or new_id(), by_row=True)


def _award(actor: Actor, lines: list[Award], at: datetime, source: UUID, *, by_row: bool) -> list[Claim]:
    sources = [deterministic_id(source, str(number)) for number in range(1, len(lines) + 1)]
    acts, problems, ground = check_lines(actor, lines, at, sources, raises=not by_row)
    if problems:
        raise Invalid(
            _("Some lines cannot be entered. Nothing was given yet."),
            fields={str(place + 1): sentences for place, sentences in problems.items()},
        )
    return offer(actor=actor, acts=acts, ground=ground, at=at)


class Checked(NamedTuple):
    """The acts of lines that can be given, the sentences of the others by their place, and what both rest on."""

    acts: list[Act]
    problems: dict[int, list[str]]
    ground: Ground


def check_lines(
    actor: Actor, lines: Sequence[Award], at: datetime, sources: Sequence[UUID], *, raises: bool = False
) -> Checked:
    """Turn lines into acts, as far as they can be given."""
    policy.require(policy.may_award_something(actor))
    ground = read_ground(
        [(line.household, line.person, line.done_on) for line in lines if line.household or line.person]
    )
    homes, desk = ground.homes, Desk(actor, ground, at)
    acts: list[Act] = []
    problems: dict[int, list[str]] = {}
    for place, (line, source) in enumerate(zip(lines, sources, strict=True)):
        home = homes.of(line.household, line.person) if line.household or line.person else None
        try:
            item = desk.check(line, home)
        except (Invalid, Refused, NotAllowed) as problem:
            if raises:
                raise
            by_field = [str(sentence) for sentences in problem.fields.values() for sentence in sentences]
            problems[place] = by_field or [str(problem.detail)]
            continue
        acts.append(_act_of(line, item, source))
    return Checked(acts, problems, ground)


def _act_of(line: Award, item: Item, source: UUID) -> Act:
    minutes = item.unit == MINUTES
    return Act(
        household=line.household,
        person=line.person,
        act_kind=item.act_kind,
        quantity=1 if minutes else line.quantity,
        minutes=line.quantity if minutes else 0,
        done_on=line.done_on,
        source_kind=SOURCE,
        source_id=source,
        evidence=line.evidence.strip(),
        budget=line.budget,
        note=line.note.strip(),
        item=item.code,
    )


class Desk:
    """Checks what somebody enters by hand, with the sentence for each thing that is wrong."""

    def __init__(self, actor: Actor, ground: Ground, at: datetime) -> None:
        self._actor = actor
        self._today = local_day(at)
        self._books, self._terms = ground.books, ground.terms
        ids = [book.pk for book in self._books.values()]
        self._closed = list(Period.objects.filter(book__in=ids, state=Period.State.CLOSED))
        self._budgets: dict[UUID, Budget] = {
            budget.pk: budget for budget in Budget.objects.filter(book__in=ids, closed_on=None)
        }

    def check(self, line: Award, home: Home | None) -> Item:
        """Give the item of a line, or raise what is wrong with it."""
        if home is None:
            raise Invalid(fields={"household": [_("Say who did it: a household or a person.")]})
        if self._actor.person is not None and line.person == self._actor.person:
            raise SelfAward
        if not home.belongs:
            raise Invalid(fields={"person": [_("This person did not live in this household on that day.")]})
        if home.ended:
            raise Invalid(fields={"household": [_("This household has ended. Choose the one that followed it.")]})
        book = self._book(line, home)
        item = self._item(line, book)
        if not policy.may_award(self._actor, item.awarders):
            raise NotAllowed(_("The rules do not let you give points for this item."))
        self._check_values(line, item, book)
        return item

    def _book(self, line: Award, home: Home) -> Book:
        book = self._books.get(home.community)
        if book is None or book.switched_on is None:
            raise Refused(_("Points are not switched on in this community."))
        if line.done_on > self._today:
            raise Invalid(fields={"done_on": [_("This day is still to come.")]})
        if line.done_on < book.switched_on:
            raise Invalid(
                fields={
                    "done_on": [
                        _("Points count from %(day)s on in this community.") % {"day": day_words(book.switched_on)}
                    ]
                }
            )
        if any(p.book_id == book.pk and p.starts_on <= line.done_on <= p.ends_on for p in self._closed):
            raise ledger.PeriodClosed
        return book

    def _item(self, line: Award, book: Book) -> Item:
        versions = self._terms.get(book.pk, [])
        terms = terms_on(versions, line.done_on)
        if terms is None:
            raise RulesNotInForce(_why_no_rules(versions, line.done_on))
        for item in terms.items:
            if item.code == line.item:
                return item
        if any(item.code == line.item for version in versions for item in version.items):
            raise Invalid(fields={"item": [_("The rules of that day no longer have this item, or not yet.")]})
        raise Invalid(fields={"item": [_("Choose an item of the rules.")]})

    def _check_values(self, line: Award, item: Item, book: Book) -> None:
        problems: dict[str, list[str]] = {}
        if not isinstance(line.quantity, int) or isinstance(line.quantity, bool) or line.quantity < 1:
            problems["quantity"] = [_("Give a whole number of at least 1.")]
        elif line.quantity < item.per:
            problems["quantity"] = [_("The rules give points from %(least)d on.") % {"least": item.per}]
        elif line.quantity > item.most_quantity:
            problems["quantity"] = [_("The rules count at most %(most)d at a time.") % {"most": item.most_quantity}]
        if line.person is None and any(cap.subject == PERSON for cap in item.caps):
            problems["person"] = [_("Say which person did it: the rules limit this for each person.")]
        if item.evidence and not line.evidence.strip():
            problems["evidence"] = [_("Name the evidence. The rules ask for: %(what)s") % {"what": item.evidence}]
        if line.budget is not None:
            budget = self._budgets.get(line.budget)
            if budget is None or budget.book_id != book.pk:
                problems["budget"] = [_("Choose an open budget of this community.")]
            elif not budget.valid_from <= line.done_on <= budget.valid_until:
                problems["budget"] = [_("This budget does not hold for that day.")]
        if problems:
            raise Invalid(fields=problems)


def _why_no_rules(versions: Sequence[Terms], on: date) -> str:
    ended = [v.ended_on for v in versions if v.ended_on is not None and v.effective_from < v.ended_on <= on]
    if ended:
        return _("The rules ended on %(day)s, so nothing can be given for that day.") % {"day": day_words(max(ended))}
    later = [v.effective_from for v in versions if v.effective_from > on and v.ended_on is None]
    if later:
        return _("The rules hold from %(day)s on, so nothing can be given for that day.") % {
            "day": day_words(min(later))
        }
    return _("No rules were in force on that day, so nothing can be given for it.")
