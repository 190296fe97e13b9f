"""A book ready to be written in, for tests of the ledger and of what stands on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from lianxin.domain.places.models import Division
from lianxin.domain.points import ledger
from lianxin.domain.points.models import Account, Book, Period
from lianxin.platform.ids import new_id

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
YEAR_END = date(2026, 12, 31)


@dataclass(frozen=True)
class LedgerBook:
    """A book with one open period, a funded budget and some household accounts."""

    id: UUID
    community: UUID
    period: UUID
    issuance: UUID
    shop: UUID
    expired: UUID
    budget: UUID
    households: tuple[UUID, ...]


def make_book(
    *,
    households: int = 3,
    budget: int = 10_000,
    community: UUID | None = None,
    owners: Sequence[UUID] = (),
    year: int = 2026,
) -> LedgerBook:
    """Make a book; call it inside a transaction and a scope over everything."""
    if community is None:
        community = Division.objects.create(
            level="community",
            official_name="甲社区居委会",
            short_name="甲社区",
            code=str(new_id().int)[-12:],
            created_on=date(2019, 1, 1),
        ).pk
    book = Book.objects.create(community_id=community, state="open", switched_on=date(year, 1, 1))
    period = Period.objects.create(book=book, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))
    kinds = Account.Kind
    system = {
        kind: ledger.system_account(book=book.pk, community=community, kind=kind, at=NOON)
        for kind in (kinds.ISSUANCE, kinds.SHOP, kinds.EXPIRED)
    }
    budget_account = ledger.open_accounts(
        book=book.pk, community=community, kind=kinds.BUDGET, owners=[new_id()], at=NOON
    )
    [budget_id] = budget_account.values()
    wanted = list(owners) or [new_id() for _ in range(households)]
    opened = ledger.open_accounts(book=book.pk, community=community, kind=kinds.HOUSEHOLD, owners=wanted, at=NOON)
    if budget:
        ledger.post(
            ledger.Posting(
                book=book.pk,
                kind="fund",
                moves=[ledger.Move(system[kinds.ISSUANCE], budget_id, budget)],
                effective_on=date(year, 1, 1),
                at=NOON,
                key=new_id(),
            )
        )
    return LedgerBook(
        id=book.pk,
        community=community,
        period=period.pk,
        issuance=system[kinds.ISSUANCE],
        shop=system[kinds.SHOP],
        expired=system[kinds.EXPIRED],
        budget=budget_id,
        households=tuple(opened[owner] for owner in wanted),
    )


def award(book: LedgerBook, household: UUID, points: int, *, key: UUID | None = None, until: date = YEAR_END) -> UUID:
    """Give points out of the budget; gives the transaction."""
    return ledger.post(
        ledger.Posting(
            book=book.id,
            kind="award",
            moves=[ledger.Move(book.budget, household, points, dst_lot_on=until)],
            effective_on=TODAY,
            at=NOON,
            key=key or new_id(),
        )
    ).txn
