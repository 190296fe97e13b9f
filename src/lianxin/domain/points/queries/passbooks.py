"""Printed passbooks: the list of households with theirs, one booklet, and what is to be printed into it next."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from lianxin.domain.people.models import Household, Person
from lianxin.domain.points import policy
from lianxin.domain.points.models import Account, ExpiryWarning, Lot, Passbook
from lianxin.domain.points.queries.accounts import open_book
from lianxin.domain.points.queries.passbook_lines import PassbookLine, in_words, lines_of
from lianxin.engines.masking import mask_name
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

PAGE = 50
MOST_SHOWN = 200
COUNT_UP_TO = 10_000
LINES_ON_A_PAGE = 20
MOST_PRINTED = 200
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PassbookRow:
    """One household on the list: with or without a booklet, with or without points."""

    household: UUID
    household_number: str
    masked_head: str
    passbook: UUID | None
    passbook_number: str
    account: UUID | None
    state: str
    balance: int
    held: int
    debt: int
    unprinted: int


@dataclass(frozen=True, slots=True)
class PassbookList:
    """A page of households by their printed numbers; `after` fetches the next one."""

    rows: list[PassbookRow]
    after: str
    total: int
    is_more: bool


@dataclass(frozen=True, slots=True)
class Booklet:
    """A booklet as staff see it."""

    id: UUID
    household: UUID
    household_number: str
    masked_head: str
    community: UUID
    number: str
    state: str
    issued_on: date
    ended_on: date | None
    reason: str
    printed_seq: int
    last_seq: int
    balance: int


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line with its place in the booklet: pages and places count from 1."""

    page: int
    place: int
    line: PassbookLine


@dataclass(frozen=True, slots=True)
class Ending:
    """Points that end soon."""

    expires_on: date
    points: int
    days_left: int
    told: bool


@dataclass(frozen=True, slots=True)
class PagesToPrint:
    """What is printed next: `upto` is its last line, to be marked as printed; `is_more` when another turn waits."""

    booklet: Booklet
    lines: list[PrintedLine]
    ending: list[Ending]
    upto: int
    is_more: bool


def list_passbooks(
    *,
    actor: Actor,
    community: UUID,
    number: str = "",
    holding: str = "",
    after: str = "",
    limit: int = PAGE,
) -> PassbookList:
    """List households of a community with their booklets, five queries at any size; raises Missing.

    `number` begins a household's or a booklet's number; `holding` is "with", "without" (a booklet) or "waiting"
    (households that have ended and whose points wait).
    """
    policy.require(policy.may_see_points(actor))
    if not actor.covers(community):
        raise Missing
    size = min(max(limit, 1), MOST_SHOWN)
    with scope.within(actor.communities):
        book = open_book(community)
        accounts = Account.objects.filter(book=book, kind=Account.Kind.HOUSEHOLD)
        valid = Passbook.objects.filter(account__book=book, state=Passbook.State.VALID)
        rows = Household.objects.filter(community=community)
        if holding == "waiting":
            rows = rows.exclude(state=Household.State.ACTIVE).filter(
                pk__in=accounts.filter(state=Account.State.FROZEN).values("owner")
            )
        else:
            rows = rows.filter(state=Household.State.ACTIVE)
        if holding == "with":
            rows = rows.filter(pk__in=valid.values("household"))
        elif holding == "without":
            rows = rows.exclude(pk__in=valid.values("household"))
        if number.strip():
            typed = number.strip()
            named = valid.filter(number__startswith=typed).values("household")
            rows = rows.filter(Q(number__startswith=typed) | Q(pk__in=named))
        total = rows.order_by()[: COUNT_UP_TO + 1].count()
        homes = list(_after(rows, after).order_by("number", "pk")[: size + 1])
        shown = _rows_of(homes[:size], accounts, valid, book.pk if book else None)
    last = homes[size - 1] if len(homes) > size else None
    return PassbookList(
        rows=shown,
        after="" if last is None else f"{last.number}~{last.pk}",
        total=min(total, COUNT_UP_TO),
        is_more=total > COUNT_UP_TO,
    )


def find_booklet(*, actor: Actor, passbook: UUID) -> Booklet:
    """Give one booklet in scope, valid or not; raises Missing."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        return _booklet(passbook)


def list_booklets(*, actor: Actor, household: UUID) -> list[Passbook]:
    """Give all booklets that a household ever had in the communities in scope, newest first."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        return list(Passbook.objects.filter(household=household).order_by("-issued_on", "-pk"))


def pages_to_print(*, actor: Actor, passbook: UUID, on: date, from_start: bool = False) -> PagesToPrint:
    """Give the lines that are not printed yet (or all of them), each with its page and place; raises Missing."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        booklet = _booklet(passbook)
        account = Account.objects.get(passbooks=passbook)
        rows = lines_of(account).filter(seq__gt=0 if from_start else booklet.printed_seq).order_by("seq")
        found = list(rows[: MOST_PRINTED + 1])
        words = in_words(booklet.household, found[:MOST_PRINTED])
        ending = list_ending(account.pk, on)
    lines = [
        PrintedLine((line.seq - 1) // LINES_ON_A_PAGE + 1, (line.seq - 1) % LINES_ON_A_PAGE + 1, line) for line in words
    ]
    return PagesToPrint(
        booklet=booklet,
        lines=lines,
        ending=ending,
        upto=lines[-1].line.seq if lines else booklet.printed_seq,
        is_more=len(found) > MOST_PRINTED,
    )


def list_ending(account: UUID, on: date) -> list[Ending]:
    """Give the points of an account that end within 30 days, soonest first; within an active scope."""
    lots = Lot.objects.filter(account=account, remaining__gt=0, expires_on__gte=on, expires_on__lte=on + SOON)
    told = set(ExpiryWarning.objects.filter(account=account, expires_on__gte=on).values_list("expires_on", flat=True))
    return [
        Ending(lot.expires_on, lot.remaining, (lot.expires_on - on).days, lot.expires_on in told)
        for lot in lots.order_by("expires_on")
    ]


def masked_heads(households: list[UUID]) -> dict[UUID, str]:
    """Give the masked name of each household's head, or of the eldest when it has none; one query."""
    people = Person.objects.filter(household__in=households).exclude(state=Person.State.ERASED)
    head_last = Case(
        When(state=Person.State.LIVING, relation=Person.Relation.HEAD, then=Value("2")),
        When(relation=Person.Relation.HEAD, then=Value("1")),
        default=Value("0"),
        output_field=CharField(),
    )
    rows = people.annotate(rank=head_last).order_by("rank", F("birth_on").desc(nulls_first=True), "pk")
    return {household: mask_name(name) for household, name in rows.values_list("household_id", "name")}


def _rows_of(homes: list[Household], accounts: QuerySet, valid: QuerySet, book: UUID | None) -> list[PassbookRow]:
    ids = [home.pk for home in homes]
    owed = Account.objects.filter(book=book, kind=Account.Kind.DEBT, owner=OuterRef("owner")).values("balance")
    of_homes = {
        row.owner: row for row in accounts.filter(owner__in=ids).annotate(debt=Coalesce(Subquery(owed[:1]), Value(0)))
    }
    booklets = {row.household_id: row for row in valid.filter(household__in=ids)}
    heads = masked_heads(ids)
    rows = []
    for home in homes:
        account, booklet = of_homes.get(home.pk), booklets.get(home.pk)
        rows.append(
            PassbookRow(
                household=home.pk,
                household_number=home.number,
                masked_head=heads.get(home.pk, ""),
                passbook=booklet.pk if booklet else None,
                passbook_number=booklet.number if booklet else "",
                account=account.pk if account else None,
                state=account.state if account else "",
                balance=account.balance if account else 0,
                held=account.held if account else 0,
                debt=-account.debt if account else 0,
                unprinted=account.seq - booklet.printed_seq if account and booklet else 0,
            )
        )
    return rows


def _booklet(passbook: UUID) -> Booklet:
    row = Passbook.objects.filter(pk=passbook).select_related("account", "household").first()
    if row is None:
        raise Missing
    return Booklet(
        id=row.pk,
        household=row.household_id,
        household_number=row.household.number,
        masked_head=masked_heads([row.household_id]).get(row.household_id, ""),
        community=row.community_id,
        number=row.number,
        state=row.state,
        issued_on=row.issued_on,
        ended_on=row.ended_on,
        reason=row.reason,
        printed_seq=row.printed_seq,
        last_seq=row.account.seq,
        balance=row.account.balance,
    )


def _after(rows: QuerySet[Household], after: str) -> QuerySet[Household]:
    if not after:
        return rows
    place, _sep, pk = after.partition("~")
    try:
        last = UUID(pk)
    except ValueError:
        raise Missing from None
    return rows.filter(Q(number__gt=place) | Q(number=place, pk__gt=last))
