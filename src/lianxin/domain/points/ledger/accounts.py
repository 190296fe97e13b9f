"""Accounts: opened before their first use, locked in the order of their ids."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from lianxin.domain.points.ledger import sql
from lianxin.domain.points.ledger.chain import GENESIS
from lianxin.domain.points.models import Account
from lianxin.platform import locks
from lianxin.platform.ids import new_ids

Kind = Account.Kind
GUARDED = frozenset({Kind.HOUSEHOLD.value, Kind.BUDGET.value, Kind.DEBT.value})
DEEPEST_DEBT = -1_000_000_000
_COLUMNS = "id, community_id, book_id, kind, owner, guarded, state, balance, held, floor, seq, head"


class AccountRow(NamedTuple):
    """An account as it was read under its lock."""

    id: UUID
    community: UUID
    book: UUID
    kind: str
    owner: UUID
    guarded: bool
    state: str
    balance: int
    held: int
    floor: int
    seq: int
    head: bytes

    @property
    def free(self) -> int:
        """Give the points that may leave now."""
        return self.balance - self.held - self.floor


def _rows(found: Sequence[Sequence[Any]]) -> dict[UUID, AccountRow]:
    """Read rows; the driver of PostgreSQL gives them as they are needed."""
    make = _row if sql.on_sqlite() else AccountRow._make
    return {row.id: row for row in map(make, found)}


def _row(values: Sequence[Any]) -> AccountRow:
    pk, community, book, kind, owner, guarded, state, balance, held, floor, seq, head = values
    uuid = sql.as_uuid
    return AccountRow(
        uuid(pk),
        uuid(community),
        uuid(book),
        kind,
        uuid(owner),
        bool(guarded),
        state,
        balance,
        held,
        floor,
        seq,
        bytes(head),
    )


def lock_accounts(accounts: Iterable[UUID]) -> dict[UUID, AccountRow]:
    """Lock accounts in the order of their ids, whatever order they came in, and read them fresh."""
    sql.require_transaction()
    locks.reach(locks.ACCOUNT)
    condition, wanted = sql.among(set(accounts))
    text = f"SELECT {_COLUMNS} FROM points_account WHERE id {condition} ORDER BY id{sql.for_update()}"
    return _rows(sql.rows(text, [wanted]))


def open_accounts(*, book: UUID, community: UUID, kind: str, owners: Sequence[UUID], at: datetime) -> dict[UUID, UUID]:
    """Give the account of each owner, opened where there is none yet, so that even the first use can be locked."""
    sql.require_transaction()
    wanted = sorted(set(owners))
    condition, among = sql.among(wanted)
    text = f"SELECT owner, id FROM points_account WHERE book_id = %s AND kind = %s AND owner {condition}"
    found = {sql.as_uuid(owner): sql.as_uuid(pk) for owner, pk in sql.rows(text, [book, kind, among])}
    missing = [owner for owner in wanted if owner not in found]
    if not missing:
        return found
    guarded = kind in GUARDED
    floor = DEEPEST_DEBT if kind == Kind.DEBT else 0
    sql.insert(
        "points_account",
        ("id", "community_id", "book_id", "kind", "owner", "guarded", "state", "balance", "held", "floor")
        + ("earned", "spent", "seq", "head", "opened_at"),
        ("uuid", "uuid", "uuid", "varchar", "uuid", "bool", "varchar", "int8", "int8", "int8")
        + ("int8", "int8", "int4", "bytea", "timestamptz"),
        [
            (pk, community, book, kind, owner, guarded, "open", 0, 0, floor, 0, 0, 0, GENESIS, at)
            for pk, owner in zip(new_ids(len(missing)), missing, strict=True)
        ],
        " ON CONFLICT (book_id, kind, owner) DO NOTHING",
    )
    return {sql.as_uuid(owner): sql.as_uuid(pk) for owner, pk in sql.rows(text, [book, kind, among])}


def household_account(*, book: UUID, community: UUID, household: UUID, at: datetime) -> UUID:
    """Give a household's account in a book, opened if need be."""
    return open_accounts(book=book, community=community, kind=Kind.HOUSEHOLD, owners=[household], at=at)[household]


def system_account(*, book: UUID, community: UUID, kind: str, at: datetime) -> UUID:
    """Give the one account of this kind that a book has (issuance, shop, expired …), opened if need be."""
    return open_accounts(book=book, community=community, kind=kind, owners=[book], at=at)[book]


def read_locked(accounts: Iterable[UUID]) -> dict[UUID, AccountRow]:
    """Read accounts again that this transaction has locked, after something else changed them in it."""
    condition, wanted = sql.among(set(accounts))
    text = f"SELECT {_COLUMNS} FROM points_account WHERE id {condition} ORDER BY id"
    return _rows(sql.rows(text, [wanted]))


def set_state(accounts: Iterable[UUID], state: str) -> None:
    """Open, freeze or close locked accounts; their points stay where they are."""
    sql.require_transaction()
    condition, wanted = sql.among(sorted(set(accounts)))
    sql.run(f"UPDATE points_account SET state = %s WHERE id {condition}", [state, wanted])


def hand_to_community(book: UUID, community: UUID) -> None:
    """Let the accounts of a book, and what is held on them, lie in another community."""
    sql.require_transaction()
    accounts = "SELECT id FROM points_account WHERE book_id = %s"
    sql.run(f"UPDATE points_hold SET community_id = %s WHERE account_id IN ({accounts})", [community, book])
    sql.run("UPDATE points_account SET community_id = %s WHERE book_id = %s", [community, book])
