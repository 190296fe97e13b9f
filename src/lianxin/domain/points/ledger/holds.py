"""Holds: points kept aside, then captured by what they were kept for, or given back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.points.ledger import sql
from lianxin.domain.points.ledger.accounts import AccountRow, lock_accounts
from lianxin.domain.points.ledger.errors import AccountNotOpen, HoldEnded, NotEnoughPoints
from lianxin.domain.points.ledger.posting import post
from lianxin.domain.points.ledger.requests import Move, Posted, Posting, check_points, request_hash
from lianxin.platform.commands import KeyReused
from lianxin.platform.errors import Invalid, Missing
from lianxin.platform.ids import new_id, new_ids

LONGEST = timedelta(days=92)


class HoldWanted(NamedTuple):
    """Points of one household to be kept aside; the key makes it safe to send twice."""

    account: UUID
    points: int
    key: UUID


class HoldRow(NamedTuple):
    """A hold as it was read under its account's lock."""

    id: UUID
    account: UUID
    points: int
    state: str
    txn: UUID | None
    source_kind: str
    source_id: UUID
    book: UUID
    is_over: bool


def hold(
    wanted: Sequence[HoldWanted],
    *,
    source_kind: str,
    source_id: UUID,
    at: datetime,
    expires_at: datetime,
    locked: Mapping[UUID, AccountRow] | None = None,
) -> list[UUID]:
    """Keep points of one or many accounts aside until `expires_at`; gives the holds in the order asked for.

    All of them or none. Raises NotEnoughPoints, AccountNotOpen, KeyReused or Invalid.
    """
    sql.require_transaction()
    for one in wanted:
        check_points(one.points)
    if not at < expires_at <= at + LONGEST:
        raise Invalid(_("A reservation ends later than now and within three months."))
    accounts = dict(lock_accounts(one.account for one in wanted) if locked is None else locked)
    known = _known([one.key for one in wanted])
    fresh, outcome, kept = [], [], dict.fromkeys(accounts, 0)
    for one, pk in zip(wanted, new_ids(len(wanted)), strict=True):
        asked = request_hash(one.account.hex, one.points, source_kind, source_id)
        if one.key in known:
            former, hashed = known[one.key]
            if hashed != asked:
                raise KeyReused
            outcome.append(former)
            continue
        account = accounts.get(one.account)
        if account is None:
            raise Missing
        if account.state != "open":
            raise AccountNotOpen
        if account.free - kept[account.id] < one.points:
            raise NotEnoughPoints(
                _("There are not enough points: %(wanted)d are needed, %(free)d are free.")
                % {"wanted": one.points, "free": max(account.free - kept[account.id], 0)}
            )
        kept[account.id] += one.points
        fresh.append((pk, account.community, one.account, one.points, 0, "held", one.key, asked))
        outcome.append(pk)
    sql.insert(
        "points_hold",
        ("id", "community_id", "account_id", "points", "captured", "state", "key", "request_hash")
        + ("source_kind", "source_id", "made_at", "expires_at"),
        ("uuid", "uuid", "uuid", "int4", "int4", "varchar", "uuid", "bytea", "varchar", "uuid")
        + ("timestamptz", "timestamptz"),
        [(*record, source_kind, source_id, at, expires_at) for record in fresh],
    )
    _add_held({pk: points for pk, points in kept.items() if points})
    return outcome


def capture(
    *,
    hold: UUID,
    dst: UUID,
    kind: str,
    effective_on: date,
    at: datetime,
    key: UUID,
    points: int | None = None,
    by: UUID | None = None,
    via: str = "",
    note: str = "",
    locked: Mapping[UUID, AccountRow] | None = None,
) -> Posted:
    """Let a live hold's points move to `dst`, all or some; what is not captured is free again.

    The same key again gives the same transaction. Raises HoldEnded when it was released, ran out or was captured
    by somebody else: of capture, release and the sweeper exactly one wins.
    """
    sql.require_transaction()
    if locked is None:
        owner = sql.rows("SELECT account_id FROM points_hold WHERE id = %s", [hold])
        locked = lock_accounts([dst, *(sql.as_uuid(pk) for (pk,) in owner)])
    found = _find(hold, at)
    amount = found.points if points is None else points
    check_points(amount)
    if amount > found.points:
        raise NotEnoughPoints(
            _("Only %(held)d points were kept aside, %(wanted)d are asked for.")
            % {"held": found.points, "wanted": amount}
        )
    posting = Posting(
        book=found.book,
        kind=kind,
        moves=[Move(found.account, dst, amount)],
        effective_on=effective_on,
        at=at,
        key=key,
        by=by,
        via=via,
        source_kind=found.source_kind,
        source_id=found.source_id,
        note=note,
        unheld={found.account: found.points},
    )
    if found.state != "held" or found.is_over:
        if found.state == "captured" and (txn := _txn_of(key)) == found.txn:
            return Posted(txn, replayed=True, accounts={})
        raise HoldEnded
    posted = post(posting, locked=locked)
    if posted.replayed:
        raise KeyReused
    sql.run(
        "UPDATE points_hold SET state = 'captured', captured = %s, txn_id = %s, ended_at = %s"
        " WHERE id = %s AND state = 'held'",
        [amount, posted.txn, at, hold],
    )
    return posted


def release(
    holds: Iterable[UUID], *, at: datetime, ran_out: bool = False, accounts_are_locked: bool = False
) -> list[UUID]:
    """Give held points back; gives the holds that this call ended. `ran_out`: only those whose time is over.

    `accounts_are_locked` when the caller has locked their accounts, and perhaps more that comes after accounts.
    """
    sql.require_transaction()
    wanted = sorted(set(holds))
    condition, among = sql.among(wanted)
    owners = sql.rows(f"SELECT DISTINCT account_id FROM points_hold WHERE id {condition}", [among])
    if not accounts_are_locked:
        lock_accounts(sql.as_uuid(owner) for (owner,) in owners)
    overdue = " AND expires_at <= %s" if ran_out else ""
    ended = sql.rows(
        f"UPDATE points_hold SET state = %s, ended_at = %s WHERE id {condition} AND state = 'held'{overdue}"
        " RETURNING id, account_id, points",
        ["expired" if ran_out else "released", at, among, *([at] if ran_out else [])],
    )
    back: dict[UUID, int] = {}
    for _pk, owner, points in ended:
        account = sql.as_uuid(owner)
        back[account] = back.get(account, 0) - points
    _add_held(back)
    return [sql.as_uuid(pk) for pk, _owner, _points in ended]


def _add_held(changes: Mapping[UUID, int]) -> None:
    records = [(points, pk) for pk, points in sorted(changes.items())]
    if sql.on_sqlite() or len(records) == 1:
        for record in records:
            sql.run("UPDATE points_account SET held = held + %s WHERE id = %s", record)
    elif records:
        sql.run(
            "UPDATE points_account AS a SET held = a.held + v.points FROM unnest(%s::int8[], %s::uuid[])"
            " AS v(points, pk) WHERE a.id = v.pk",
            sql.arrays(records),
        )


def _known(keys: Iterable[UUID]) -> dict[UUID, tuple[UUID, bytes]]:
    condition, among = sql.among(keys)
    found = sql.rows(f"SELECT key, id, request_hash FROM points_hold WHERE key {condition}", [among])
    return {sql.as_uuid(key): (sql.as_uuid(pk), bytes(hashed)) for key, pk, hashed in found}


def _find(hold: UUID, at: datetime) -> HoldRow:
    text = (
        "SELECT h.id, h.account_id, h.points, h.state, h.txn_id, h.source_kind, h.source_id, a.book_id,"
        " h.expires_at <= %s FROM points_hold h JOIN points_account a ON a.id = h.account_id WHERE h.id = %s"
    )
    found = sql.rows(text, [at, hold])
    if not found:
        raise Missing
    pk, account, points, state, txn, kind, source, book, is_over = found[0]
    uuid = sql.as_uuid
    return HoldRow(
        uuid(pk), uuid(account), points, state, txn and uuid(txn), kind, uuid(source), uuid(book), bool(is_over)
    )


def _txn_of(key: UUID) -> UUID:
    found = sql.rows("SELECT id FROM points_txn WHERE key = %s", [key])
    return sql.as_uuid(found[0][0]) if found else new_id()
