"""Communities with books in force and households that hold points, for tests of what happens to them in time."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from lianxin.domain.people.models import Household
from lianxin.domain.people.tests.account_factories import Tree
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.places.models import Division
from lianxin.domain.points import ledger
from lianxin.domain.points.models import Account, Book, Hold, Lot, Period
from lianxin.domain.points.queries import checks
from lianxin.domain.points.tests.rules_factories import ADOPTED_AT, draft, publish
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.ids import new_id

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SYSTEM = Actor.system(via="cli")
YEAR_END = date(2026, 12, 31)
NEXT_YEAR_END = date(2027, 12, 31)
BOTH = (2026, 2027)


def make_life_book(community: Division, **terms: Any) -> Book:
    """An open book with two years and rules that say `terms` about families."""
    with scope.everything():
        book = Book.objects.create(community=community, state="open", switched_on=date(2026, 1, 1))
        for year in BOTH:
            Period.objects.create(book=book, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))
    publish(book.pk, draft(**terms), at=ADOPTED_AT)
    return book


def give(book: Book, household: Household | UUID, points: int, until: date = YEAR_END, at: datetime = AT) -> None:
    """Put points into a household's passbook as if they came from paper."""
    _give(actor=SYSTEM, book=book, household=getattr(household, "pk", household), points=points, until=until, at=at)


@command("tests.give", silent=True)
def _give(*, actor: Actor, book: Book, household: UUID, points: int, until: date, at: datetime) -> None:
    where: dict[str, Any] = {"book": book.pk, "community": book.community_id, "at": at}
    opening = ledger.system_account(kind=Account.Kind.OPENING, **where)
    account = ledger.household_account(household=household, **where)
    ledger.post(
        ledger.Posting(
            book=book.pk,
            kind="opening",
            moves=[ledger.Move(opening, account, points, dst_lot_on=until)],
            effective_on=TODAY,
            at=at,
            key=new_id(),
        )
    )


def owe(book: Book, household: Household, points: int) -> None:
    """Let a household owe points, as after a correction of points it had spent."""
    _owe(actor=SYSTEM, book=book, household=household.pk, points=points, at=AT)


@command("tests.owe", silent=True)
def _owe(*, actor: Actor, book: Book, household: UUID, points: int, at: datetime) -> None:
    where: dict[str, Any] = {"book": book.pk, "community": book.community_id, "at": at}
    debt = ledger.open_accounts(kind=Account.Kind.DEBT, owners=[household], **where)[household]
    issuance = ledger.system_account(kind=Account.Kind.ISSUANCE, **where)
    ledger.post(
        ledger.Posting(
            book=book.pk,
            kind="reversal",
            moves=[ledger.Move(debt, issuance, points)],
            effective_on=TODAY,
            at=at,
            key=new_id(),
        )
    )


@command("tests.keep", silent=True)
def _keep(*, actor: Actor, account: UUID, points: int, at: datetime) -> None:
    ledger.hold(
        [ledger.HoldWanted(account, points, new_id())],
        source_kind="tests",
        source_id=new_id(),
        at=at,
        expires_at=at.replace(year=2027, month=1),
    )


def keep(book: Book, household: Household, points: int) -> None:
    """Keep points of a household aside."""
    with scope.everything():
        account = account_of(book, household)
        assert account is not None
    _keep(actor=SYSTEM, account=account.pk, points=points, at=AT)


def account_of(book: Book, household: Household | UUID, kind: str = "household") -> Account | None:
    """The household's account in a book."""
    with scope.everything():
        return Account.objects.filter(book=book, kind=kind, owner=getattr(household, "pk", household)).first()


def balance(book: Book, household: Household | UUID, kind: str = "household") -> int:
    """What the account comes to, nothing when there is none."""
    account = account_of(book, household, kind)
    return account.balance if account else 0


def lots(book: Book, household: Household | UUID) -> dict[date, int]:
    """What is left by last day."""
    with scope.everything():
        rows = Lot.objects.filter(account=account_of(book, household), remaining__gt=0)
        return dict(rows.values_list("expires_on", "remaining"))


def live_holds(book: Book) -> int:
    """How many holds are live."""
    with scope.everything():
        return Hold.objects.filter(account__book=book, state="held").count()


def all_agree() -> None:
    """Every proof that needs no claims."""
    for check in (
        checks.balances_agree,
        checks.chains_hold,
        checks.derived_balances_agree,
        checks.passbooks_agree,
        checks.facts_agree,
    ):
        assert list(check()) == []


__all__ = ["Tree", "staff"]
