"""The passbook page by page, and a statement from a day to a day; both equal to the ledger line by line."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, OuterRef, Subquery, Value, When
from django.utils.translation import gettext as _

from lianxin.domain.people.models import Household, Person
from lianxin.domain.points import policy
from lianxin.domain.points.models import Account, Line, Lot, Passbook
from lianxin.domain.points.queries.passbook_lines import PassbookLine, in_words, lines_of
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import day_span
from lianxin.platform.errors import Invalid, Missing

PAGE = 20
MOST_SHOWN = 100
LONGEST_DAYS = 3_660


@dataclass(frozen=True, slots=True)
class ExpiringPoints:
    """Points that expire together."""

    expires_on: date
    points: int


@dataclass(frozen=True, slots=True)
class PassbookPage:
    """A household's passbook, newest lines first; `after` fetches the older ones. Without an account all is zero."""

    household: UUID
    account: UUID | None
    book: UUID | None
    community_name: str
    passbook_number: str
    state: str
    balance: int
    held: int
    earned: int
    spent: int
    expiring: list[ExpiringPoints]
    lines: list[PassbookLine]
    after: int | None

    @property
    def free(self) -> int:
        """Give the points that can be spent now."""
        return self.balance - self.held


@dataclass(frozen=True, slots=True)
class Statement:
    """What stood at the beginning, every line, and what stood at the end; the sum is exact by construction."""

    household: UUID
    household_number: str
    passbook_number: str
    community_name: str
    from_on: date
    until_on: date
    opening: int
    lines: list[PassbookLine]
    closing: int

    @property
    def received(self) -> int:
        """Give what came in."""
        return sum(line.delta for line in self.lines if line.delta > 0)

    @property
    def left(self) -> int:
        """Give what went out."""
        return -sum(line.delta for line in self.lines if line.delta < 0)


def passbook_page(
    *, actor: Actor, household: UUID | None = None, on: date, after: int | None = None, limit: int = PAGE
) -> PassbookPage:
    """Give lines of a passbook, the own one unless named: at most six queries, however long the passbook is."""
    home = open_passbook(actor=actor, household=household, on=on)
    size = min(max(limit, 1), MOST_SHOWN)
    with reach(actor):
        account = find_account(home)
        if account is None:
            if not Household.objects.filter(pk=home).exists():
                raise Missing
            return PassbookPage(home, None, None, "", "", "", 0, 0, 0, 0, [], [], None)
        rows = lines_of(account)
        if after is not None:
            rows = rows.filter(seq__lt=after)
        found = list(rows.order_by("-seq")[: size + 1])
        lines = in_words(home, found[:size])
        lots = Lot.objects.filter(account=account, remaining__gt=0).order_by("expires_on")
        expiring = [ExpiringPoints(on, points) for on, points in lots.values_list("expires_on", "remaining")]
    return PassbookPage(
        household=home,
        account=account.pk,
        book=account.book_id,
        community_name=account.community.short_name,
        passbook_number=account.passbook_number or "",
        state=account.state,
        balance=account.balance,
        held=account.held,
        earned=account.earned,
        spent=account.spent,
        expiring=expiring,
        lines=lines,
        after=lines[-1].seq if len(found) > size else None,
    )


def statement(*, actor: Actor, household: UUID | None = None, from_on: date, until_on: date, on: date) -> Statement:
    """Give every line that was entered from one day to another, both included, with the balances around them."""
    if until_on < from_on:
        raise Invalid(fields={"until_on": [_("The last day lies before the first day.")]})
    if (until_on - from_on).days > LONGEST_DAYS:
        raise Invalid(fields={"from_on": [_("Choose at most ten years.")]})
    home = open_passbook(actor=actor, household=household, on=on)
    with reach(actor):
        number = Household.objects.filter(pk=home).values_list("number", flat=True).first()
        if number is None:
            raise Missing
        account = find_account(home)
        found: list[Line] = []
        opening = 0
        if account is not None:
            begins, ends = day_span(from_on)[0], day_span(until_on)[1]
            # By place, not by time: whatever the clocks said, what is between two lines belongs to the statement.
            before = Line.objects.filter(account=account, txn__posted_at__lt=begins).order_by("-seq").first()
            last = Line.objects.filter(account=account, txn__posted_at__lt=ends).order_by("-seq").first()
            opening = before.balance_after if before else 0
            if last is not None:
                rows = lines_of(account).filter(seq__gt=before.seq if before else 0, seq__lte=last.seq)
                found = list(rows.order_by("seq"))
        lines = in_words(home, found)
    return Statement(
        household=home,
        household_number=number,
        passbook_number=(account.passbook_number or "") if account else "",
        community_name=account.community.short_name if account else "",
        from_on=from_on,
        until_on=until_on,
        opening=opening,
        lines=lines,
        closing=lines[-1].balance_after if lines else opening,
    )


def workbook_rows(given: Statement) -> tuple[list[str], list[list[Any]]]:
    """Give headings and rows of a statement for a workbook, the opening and closing balance among them."""
    headings = [
        _("Line"),
        _("Day"),
        _("What it was for"),
        _("Points"),
        _("Balance"),
        _("Rules"),
        _("Entered by"),
        _("Seal"),
    ]
    rows: list[list[Any]] = [["", given.from_on, _("Balance before"), "", given.opening, "", "", ""]]
    for line in given.lines:
        rules = "" if line.rules_number is None else line.rules_number
        rows.append(
            [line.seq, line.on, line.what, line.delta, line.balance_after, rules, line.given_by, line.seal_code]
        )
    rows.append(["", given.until_on, _("Balance after"), "", given.closing, "", "", ""])
    return headings, rows


def open_passbook(*, actor: Actor, household: UUID | None, on: date) -> UUID:
    """Give the household whose passbook is meant, if this actor may open it; raises Missing."""
    if household is None:
        with scope.everything():
            own = Person.objects.filter(pk=actor.person, state=Person.State.LIVING) if actor.person else None
            home = own.values_list("household", flat=True).first() if own is not None else None
        if home is None:
            raise Missing
        return home
    if not policy.may_see_passbook(actor, household, on):
        raise Missing
    return household


def find_account(household: UUID) -> Any:
    """Give a household's account with its valid booklet's number and its debt, the open one first; within a scope."""
    number = Passbook.objects.filter(account=OuterRef("pk"), state=Passbook.State.VALID).values("number")[:1]
    closed_last = Case(When(state=Account.State.CLOSED, then=Value(1)), default=Value(0), output_field=IntegerField())
    rows = Account.objects.filter(owner=household, kind=Account.Kind.HOUSEHOLD).select_related("community")
    debts = Account.objects.filter(owner=OuterRef("owner"), book=OuterRef("book"), kind=Account.Kind.DEBT)
    rows = rows.annotate(passbook_number=Subquery(number), owed=Subquery(debts.order_by().values("balance")[:1]))
    return rows.order_by(closed_last, "-opened_at", "-pk").first()


def reach(actor: Actor) -> Any:
    """Open the scope in which a passbook that the actor may open is read: a principal's may lie elsewhere."""
    return scope.within(actor.communities) if policy.may_see_points(actor) else scope.everything()
