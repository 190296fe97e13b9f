"""Points that go from household to household, within a book or into another one, with the days of their lots."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.points import ledger
from lianxin.domain.points.events import PassbookClosing, PassbookMoved
from lianxin.domain.points.ledger import AccountRow, Move, Posting
from lianxin.domain.points.models import Account, Book, Hold, Lot, Passbook, Txn
from lianxin.domain.points.queries.accounts import accounts_of
from lianxin.platform import contributions, facts, search
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act
from lianxin.platform.ids import new_id

PASSBOOK = "passbook"
BATCH = 1000
Kind = Account.Kind
State = Account.State


@dataclass(frozen=True, slots=True)
class Going:
    """One household whose passbook ends, and the household that gets its points."""

    household: UUID
    to: UUID


@dataclass(frozen=True, slots=True)
class Way:
    """From which book into which, by what kind of transaction (within one book), since what, and for what reason."""

    from_book: Book
    to_book: Book
    on: date
    source_kind: str
    source_id: UUID
    kind: str = Txn.Kind.MERGE
    note: str = ""


@dataclass(slots=True)
class Ready:
    """Accounts of a carrying, opened: those of households and debts by owner, and both books' transit accounts."""

    sources: dict[UUID, UUID]
    targets: dict[UUID, UUID]
    debts: dict[UUID, UUID]
    target_debts: dict[UUID, UUID]
    system: dict[UUID, UUID] = field(default_factory=dict)

    def all(self) -> list[UUID]:
        """Give every account that has to be locked."""
        named = (self.sources, self.targets, self.debts, self.target_debts, self.system)
        return [account for accounts in named for account in accounts.values()]


def freeze(account: Account) -> int:
    """Let nothing more into a locked account, or out of it by hand; gives the points that wait."""
    if account.state != State.FROZEN:
        ledger.set_state([account.pk], State.FROZEN)
        act().target(account, "frozen", {"state": [account.state, State.FROZEN]})
    return ledger.read_locked([account.pk])[account.pk].balance


def make_ready(way: Way, going: Sequence[Going], at: datetime) -> Ready:
    """Open the accounts that a carrying needs, so that all of them can be locked in one statement."""
    sources = accounts_of(way.from_book, [one.household for one in going])
    debts = accounts_of(way.from_book, [one.household for one in going], Kind.DEBT)
    there = way.to_book

    def opened(kind: str, owners: Sequence[UUID]) -> dict[UUID, UUID]:
        return ledger.open_accounts(book=there.pk, community=there.community_id, kind=kind, owners=owners, at=at)

    ready = Ready(
        sources=sources,
        targets=opened(Kind.HOUSEHOLD, [one.to for one in going if one.household in sources]),
        debts=debts,
        target_debts=opened(Kind.DEBT, [one.to for one in going if one.household in debts]),
    )
    if way.from_book.pk != there.pk and sources:
        for book in (way.from_book, there):
            ready.system[book.pk] = ledger.system_account(
                book=book.pk, community=book.community_id, kind=Kind.TRANSIT, at=at
            )
    return ready


def end_holds(accounts: Sequence[UUID], households: Sequence[UUID], *, on: date, actor: Actor, at: datetime) -> None:
    """Let everything that keeps points of locked accounts aside end: first by who asked for it, then here."""
    contributions.follow(PassbookClosing(tuple(accounts), tuple(households), on), actor=actor, at=at)
    live = list(Hold.objects.filter(account__in=accounts, state=Hold.State.HELD).values_list("pk", flat=True))
    if live:
        ledger.release(live, at=at, accounts_are_locked=True)


def carry(*, way: Way, going: Sequence[Going], actor: Actor, at: datetime) -> dict[UUID, int]:
    """Carry all points and debts of households over and close their passbooks; gives the points by household."""
    ready = make_ready(way, going, at)
    if not ready.sources and not ready.debts:
        return {}
    ledger.lock_accounts(ready.all())
    end_holds(list(ready.sources.values()), list(ready.sources), on=way.on, actor=actor, at=at)
    return carry_locked(way=way, going=going, ready=ready, actor=actor, at=at)


def carry_locked(*, way: Way, going: Sequence[Going], ready: Ready, actor: Actor, at: datetime) -> dict[UUID, int]:
    """Carry over what lies on accounts that are locked and hold nothing aside."""
    rows = ledger.read_locked(ready.all())
    asleep = [pk for pk in ready.targets.values() if rows[pk].state != State.OPEN]
    if asleep:
        ledger.set_state(asleep, State.OPEN)
        rows |= ledger.read_locked(asleep)
    present = [one for one in going if one.household in ready.sources or one.household in ready.debts]
    for start in range(0, len(present), BATCH):
        _post_part(way, present[start : start + BATCH], ready, rows, actor, at)
    carried = {household: rows[pk].balance for household, pk in ready.sources.items()}
    close_accounts(list(ready.sources.values()), on=way.on, reason=_("The points went on."))
    for one in present:
        if one.household in ready.sources:
            event = PassbookMoved(
                one.household,
                one.to,
                way.from_book.pk,
                way.to_book.pk,
                ready.sources[one.household],
                ready.targets[one.to],
                carried[one.household],
                way.on,
            )
            contributions.follow(event, actor=actor, at=at)
    return carried


def _post_part(
    way: Way, going: Sequence[Going], ready: Ready, rows: dict[UUID, AccountRow], actor: Actor, at: datetime
) -> None:
    """Post one transaction in a book, or a linked pair in two; `rows` stay as they were, for the caller to tell."""
    crosses = way.from_book.pk != way.to_book.pk
    out: list[Move] = []
    into: list[Move] = []
    for one in going:
        source = ready.sources.get(one.household)
        if source and rows[source].balance:
            balance = rows[source].balance
            out.append(Move(source, ready.system[way.from_book.pk] if crosses else ready.targets[one.to], balance))
        debt = ready.debts.get(one.household)
        if debt and rows[debt].balance < 0:
            owed = -rows[debt].balance
            there = ready.target_debts[one.to]
            out.append(Move(ready.system[way.from_book.pk] if crosses else there, debt, owed))
            if crosses:
                into.append(Move(there, ready.system[way.to_book.pk], owed))
    if not out:
        return
    if crosses:
        homes = {ready.sources[one.household]: ready.targets[one.to] for one in going if one.household in ready.sources}
        lots = Lot.objects.filter(account__in=list(homes), remaining__gt=0).order_by("account_id", "expires_on")
        for account, expires_on, points in lots.values_list("account_id", "expires_on", "remaining"):
            into.append(Move(ready.system[way.to_book.pk], homes[account], points, dst_lot_on=expires_on))
    kind = Txn.Kind.MOVE_OUT if crosses else way.kind
    first = _post(way.from_book, kind, out, way, (way.source_kind, way.source_id), actor, at)
    if crosses:
        _post(way.to_book, Txn.Kind.MOVE_IN, into, way, ("points.txn", first), actor, at)


def _post(
    book: Book,
    kind: str,
    moves: list[Move],
    way: Way,
    source: tuple[str, UUID],
    actor: Actor,
    at: datetime,
) -> UUID:
    posting = Posting(
        book=book.pk,
        kind=kind,
        moves=moves,
        effective_on=way.on,
        at=at,
        key=new_id(),
        by=actor.account,
        via=actor.via,
        source_kind=source[0],
        source_id=source[1],
        note=way.note,
    )
    # A target may get points from several households: its row has to be as the part before left it.
    fresh = ledger.read_locked({account for move in moves for account in (move.src, move.dst)})
    posted = ledger.post(posting, locked=fresh)
    act().target(Txn(pk=posted.txn, book=book), kind)
    return posted.txn


def expire_all(
    *, book: Book, accounts: Sequence[UUID], on: date, source: tuple[str, UUID], actor: Actor, at: datetime
) -> int:
    """End all points of locked accounts that hold nothing aside; gives how many ended."""
    expired = ledger.system_account(book=book.pk, community=book.community_id, kind=Kind.EXPIRED, at=at)
    rows = ledger.read_locked([*accounts, expired])
    moves = [Move(pk, expired, rows[pk].free) for pk in accounts if rows[pk].free > 0]
    if not moves:
        return 0
    posted = ledger.post(
        Posting(
            book=book.pk,
            kind=Txn.Kind.EXPIRE,
            moves=moves,
            effective_on=on,
            at=at,
            key=new_id(),
            by=actor.account,
            via=actor.via,
            source_kind=source[0],
            source_id=source[1],
        ),
        locked=rows,
    )
    points = sum(move.points for move in moves)
    txn = Txn(pk=posted.txn, book=book)
    facts.record(measure="points_expired", record=txn, quantity=points, community_id=book.community_id, on=on)
    act().target(txn, "expired", {"points": [points, 0]})
    return points


def close_accounts(accounts: Sequence[UUID], *, on: date, reason: str) -> None:
    """Close emptied accounts and the booklets that were printed for them."""
    ledger.set_state(accounts, State.CLOSED)
    booklets = Passbook.objects.filter(account__in=accounts, state=Passbook.State.VALID)
    ended = list(booklets.values_list("pk", "issued_on"))
    for pk, issued_on in ended:
        Passbook.objects.filter(pk=pk).update(
            state=Passbook.State.CLOSED, ended_on=max(on, issued_on), reason=reason[:200]
        )
    search.drop(PASSBOOK, [pk for pk, _issued_on in ended])
