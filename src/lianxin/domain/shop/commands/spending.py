"""Points that leave a household for the shop, and come back: all through the ledger."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from lianxin.domain.people.models import Household
from lianxin.domain.points import ledger
from lianxin.domain.points.models import Account, Book, Transfer, Txn
from lianxin.domain.shop.models import GoodsReturn, Redemption
from lianxin.domain.shop.rules.lots import lots_to_fill
from lianxin.platform import facts
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.ids import deterministic_id

REDEMPTION = "shop.redemption"
RETURN = "shop.return"
TILL = "shop.till"
POINTS_REDEEMED = "points_redeemed"
GOODS_REDEEMED = "goods_redeemed"
# What comes back may join points that wait for their household.
TAKES = (Account.State.OPEN, Account.State.FROZEN)


@dataclass(frozen=True, slots=True)
class Sides:
    """The two accounts of a redemption."""

    book: UUID
    household: UUID
    shop: UUID


def sides(*, book: Book, household: UUID, at: datetime) -> Sides:
    """Give a household's account and the shop's, opened if need be."""
    community = book.community_id
    return Sides(
        book=book.pk,
        household=ledger.household_account(book=book.pk, community=community, household=household, at=at),
        shop=ledger.system_account(book=book.pk, community=community, kind=Account.Kind.SHOP, at=at),
    )


def spend(*, accounts: Sides, redemption: UUID, points: int, actor: Actor, at: datetime) -> UUID | None:
    """Let a household's free points go to the shop; gives the transaction, none for nothing."""
    if not points:
        return None
    posting = ledger.Posting(
        book=accounts.book,
        kind=Txn.Kind.REDEEM,
        moves=[ledger.Move(accounts.household, accounts.shop, points)],
        effective_on=local_day(at),
        at=at,
        key=deterministic_id(redemption, "spend"),
        by=actor.account,
        via=actor.via,
        source_kind=REDEMPTION,
        source_id=redemption,
    )
    return ledger.post(posting).txn


def note_redeemed(row: Redemption, *, pieces: int, txn: UUID | None, at: datetime) -> None:
    """Count what was given out: its points by the transaction that proves them, its pieces by the redemption."""
    _count(row, row, pieces=pieces, txn=txn, points=row.points, on=local_day(at))


def passbook_for_return(row: Redemption) -> Account | None:
    """Give the account to which points of an order go back, wherever the household's points are now; None: nowhere.

    The household's own first, also while its points wait there; then that of the household it became part of; then the
    one in another community's book into which its points went when it moved.
    """
    source = Transfer.objects.filter(txn=row.txn_id).order_by("number").values_list("src_id", flat=True).first()
    account = None if source is None else Account.objects.filter(pk=source).first()
    if account is None or account.state in TAKES:
        return account
    owners = _lineage(row.household_id)
    heirs = Account.objects.filter(kind=Account.Kind.HOUSEHOLD, owner__in=owners, state__in=TAKES)
    if not Transfer.objects.filter(src=account, txn__kind=Txn.Kind.MOVE_OUT).exists():
        heirs = heirs.filter(book=account.book_id)
    return min(heirs, key=lambda one: (one.book_id != account.book_id, owners.index(one.owner)), default=None)


def _lineage(household: UUID) -> list[UUID]:
    """Give a household and those that it became part of, one after another."""
    owners = [household]
    while following := Household.objects.filter(pk=owners[-1]).values_list("successor_id", flat=True).first():
        owners.append(following)
    return owners


def give_points_back(
    *,
    row: Redemption,
    to: Account,
    giving_back: UUID,
    points: int,
    is_whole: bool,
    reason: str,
    actor: Actor,
    at: datetime,
) -> UUID | None:
    """Let points of a redemption go back into the lots they came from; gives the transaction.

    A whole redemption that comes back at once is reversed; a part, or what goes to a household's successor, is a
    transaction of its own kind. Into another community's book they go by a linked pair.
    """
    if not points or row.txn_id is None:
        return None
    on = local_day(at)
    key = deterministic_id(giving_back, "give back")
    source = Transfer.objects.filter(txn=row.txn_id).order_by("number").values_list("src_id", flat=True).first()
    if is_whole and source == to.pk:
        return ledger.reverse(
            txn=row.txn_id,
            effective_on=on,
            at=at,
            key=key,
            by=actor.account,
            via=actor.via,
            note=reason,
            source_kind=RETURN,
            source_id=giving_back,
        ).txn
    taken = list(
        Transfer.objects.filter(txn=row.txn_id)
        .order_by("number")
        .values_list("src_lot_on", "points", "dst_id", "txn__book_id", "txn__book__community_id")
    )
    shop, book, community = taken[0][2:]
    earlier = sum(GoodsReturn.objects.filter(redemption=row, txn__isnull=False).values_list("points", flat=True))
    lots = lots_to_fill(
        taken=[(lot_on, amount) for lot_on, amount, *_sides in taken if lot_on is not None],
        given_back=earlier,
        points=points,
        on=on,
    )
    posting = ledger.Posting(
        book=book,
        kind=Txn.Kind.RETURN,
        moves=[ledger.Move(shop, to.pk, part, dst_lot_on=lot, gives_back=source == to.pk) for lot, part in lots],
        effective_on=on,
        at=at,
        key=key,
        by=actor.account,
        via=actor.via,
        source_kind=RETURN,
        source_id=giving_back,
        note=reason,
    )
    if to.book_id == book:
        return ledger.post(posting).txn
    return _post_across(posting, to, community)


def _post_across(posting: ledger.Posting, to: Account, community: UUID) -> UUID:
    """Let points leave one book and enter another, as they do when a household moves: two linked transactions."""
    ways = ((posting.book, community), (to.book_id, to.community_id))
    out, into = (
        ledger.system_account(book=book, community=place, kind=Account.Kind.TRANSIT, at=posting.at)
        for book, place in ways
    )
    sides = {move.src for move in posting.moves} | {out, into, to.pk}
    locked = ledger.lock_accounts(sides)
    points = sum(move.points for move in posting.moves)
    first = ledger.post(replace(posting, moves=[ledger.Move(posting.moves[0].src, out, points)]), locked=locked)
    ledger.post(
        replace(
            posting,
            book=to.book_id,
            kind=Txn.Kind.MOVE_IN,
            moves=[ledger.Move(into, to.pk, move.points, dst_lot_on=move.dst_lot_on) for move in posting.moves],
            key=deterministic_id(posting.key, "move in"),
            source_kind="points.txn",
            source_id=first.txn,
        ),
        locked=locked,
    )
    return first.txn


def note_given_back(row: Redemption, done: GoodsReturn, *, at: datetime) -> None:
    """Count what came back, on the day it did."""
    _count(row, done, pieces=-done.quantity, txn=done.txn_id, points=-done.points, on=local_day(at))


def _count(
    row: Redemption, proof: Redemption | GoodsReturn, *, pieces: int, txn: UUID | None, points: int, on: date
) -> None:
    community, venue = row.community_id, row.venue_id
    if txn is not None:
        facts.record(
            measure=POINTS_REDEEMED,
            record=Txn(pk=txn),
            quantity=points,
            community_id=community,
            on=on,
            venue_id=venue,
        )
    facts.record(measure=GOODS_REDEEMED, record=proof, quantity=pieces, community_id=community, on=on, venue_id=venue)
