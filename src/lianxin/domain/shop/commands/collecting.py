"""Giving out: an order by its code, or a walk-up redemption in one step."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points import ledger
from lianxin.domain.points.models import Txn
from lianxin.domain.points.rules.day_words import moment_words
from lianxin.domain.shop import policy
from lianxin.domain.shop.commands import basket, codes, found, limits, spending, stock_counter, vouchers
from lianxin.domain.shop.commands.reservations import NotReservedAnyMore
from lianxin.domain.shop.models import Item, Redemption, RedemptionLine, StockMove
from lianxin.domain.shop.queries.terms import open_book, terms_of
from lianxin.domain.shop.rules import identity
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import deterministic_id, new_id

State = Redemption.State


class CheckNeeded(Invalid):
    """So many points need another check of who collects."""

    title = gettext_lazy("One more check is needed before this is given out.")


@command("shop.collect")
def collect(
    *,
    actor: Actor,
    code: str = "",
    redemption: UUID | None = None,
    checks: Sequence[str],
    person: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Redemption:
    """Give out an order, found by its code or chosen from the household's: the held points are spent now.

    `checks` are keys of rules.identity.CHECKS; above the rules' limit two are needed. Raises NotReservedAnyMore with
    what became of the order, CheckNeeded, Missing or Invalid.
    """
    row = found.redemption(redemption) if redemption is not None else codes.find_redemption(code)
    policy.require(policy.may_serve(actor, row.community_id, row.venue_id))
    on = local_day(at)
    _require_waiting(row, at)
    book = open_book(row.community_id)
    _require_checks(checks, row.points, terms_of(book.pk, on).identity_check_above)
    collects = found.collector(person, row.household_id, on)
    txn = None
    if row.hold_id is not None:
        accounts = spending.sides(book=book, household=row.household_id, at=at)
        try:
            txn = ledger.capture(
                hold=row.hold_id,
                dst=accounts.shop,
                kind=Txn.Kind.REDEEM,
                effective_on=on,
                at=at,
                key=deterministic_id(row.pk, "collect"),
                by=actor.account,
                via=actor.via,
            ).txn
        except ledger.HoldEnded:
            row.refresh_from_db()
            _require_waiting(row, at)
            raise NotReservedAnyMore from None
    changes = {
        "state": State.COLLECTED,
        "txn": txn,
        "person": collects or row.person_id,
        "identity_check": identity.written(checks),
        "collected_at": at,
        "collected_by": actor.account,
    }
    if not Redemption.objects.filter(pk=row.pk, state=State.RESERVED).update(**changes):
        row.refresh_from_db()
        _require_waiting(row, at)
        raise NotReservedAnyMore
    lines = list(RedemptionLine.objects.filter(redemption=row).select_related("item"))
    stocked = {line.item_id: line.quantity for line in lines if line.item.needs_stock}
    if stocked and row.venue_id is not None:
        pieces = stock_counter.pieces_of(stocked, venue=row.venue_id, names={})
        stock_counter.hand_out_reserved(pieces)
        stock_counter.write_moves(
            pieces, kind=StockMove.Kind.COLLECTED, sign=-1, at=at, by=actor.account, source=row.pk
        )
    row.refresh_from_db()
    spending.note_redeemed(row, pieces=sum(line.quantity for line in lines), txn=txn, at=at)
    act().target(row, "collected", {"state": [State.RESERVED, State.COLLECTED], "checks": row.identity_check})
    return row


@command("shop.redeem_at_counter")
def redeem_at_counter(
    *,
    actor: Actor,
    household: UUID,
    venue: UUID,
    items: Mapping[UUID, int],
    checks: Sequence[str],
    person: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Redemption:
    """Give out goods, honours and vouchers to somebody at the counter in one step, out of free points and pieces."""
    on = local_day(at)
    home = found.household(household)
    policy.require(policy.may_serve(actor, home.community_id, venue))
    place = found.venue(venue, home.community_id)
    lines = basket.price_basket(community=home.community_id, wanted=items, on=on)
    points = sum(line.points for line in lines)
    book = open_book(home.community_id)
    _require_checks(checks, points, terms_of(book.pk, on).identity_check_above)
    collects = found.collector(person, home.pk, on)
    pk = new_id()
    accounts = spending.sides(book=book, household=home.pk, at=at)
    txn = spending.spend(accounts=accounts, redemption=pk, points=points, actor=actor, at=at)
    windows = limits.count_in(household=home.pk, lines=[(line.item, line.quantity) for line in lines], on=on)
    row = Redemption.objects.create(
        id=pk,
        community_id=home.community_id,
        household=home,
        person_id=collects,
        venue=place,
        state=State.COLLECTED,
        made_via=Redemption.Via.COUNTER,
        points=points,
        txn_id=txn,
        identity_check=identity.written(checks),
        made_at=at,
        made_by=actor.account,
        collected_at=at,
        collected_by=actor.account,
    )
    written = basket.write_lines(row, lines, windows)
    vouchers.issue([line for line in written if line.item.kind == Item.Kind.SERVICE], row=row, on=on)
    pieces = stock_counter.pieces_of(basket.stocked(lines), venue=place.pk, names=basket.names_of(lines))
    stock_counter.take_out(pieces)
    stock_counter.write_moves(pieces, kind=StockMove.Kind.COLLECTED, sign=-1, at=at, by=actor.account, source=pk)
    spending.note_redeemed(row, pieces=sum(items.values()), txn=txn, at=at)
    act().target(row, "redeemed", {"points": [None, points], "checks": row.identity_check})
    return row


def _require_checks(checks: Sequence[str], points: int, above: int) -> None:
    wrong = identity.why_not_enough(checks=checks, points=points, above=above)
    if wrong:
        raise CheckNeeded(wrong, fields={"checks": [wrong]})


def _require_waiting(row: Redemption, at: datetime) -> None:
    """Say what became of an order that waits no more."""
    if row.state == State.RESERVED and row.expires_at is not None and row.expires_at > at:
        return
    when = row.collected_at or row.ended_at or row.expires_at or at
    words = {
        State.COLLECTED: _("This order was collected already, on %(when)s."),
        State.RETURNED: _("This order was collected and brought back, on %(when)s."),
        State.CANCELLED: _("This order was cancelled on %(when)s."),
        State.EXPIRED: _("This order was not collected in time. It ended on %(when)s."),
        State.RESERVED: _("This order was not collected in time. It ended on %(when)s."),
    }
    raise NotReservedAnyMore(words[State(row.state)] % {"when": moment_words(when)})
