"""Vouchers for services: paid with points, used once at the merchant's, or given back."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points.rules.day_words import day_words, moment_words
from lianxin.domain.shop import policy
from lianxin.domain.shop.commands import basket, codes, found, limits, returns, spending
from lianxin.domain.shop.models import Item, Redemption, RedemptionLine, Voucher
from lianxin.domain.shop.queries.terms import open_book
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.ids import new_id

State = Voucher.State
MOST_AT_ONCE = 20
EXPIRE_AT_MOST = 50


class VoucherNotUsable(Refused):
    """The voucher is another merchant's, was used, given back or ran out of time."""

    title = gettext_lazy("This voucher cannot be used.")


@command("shop.redeem_vouchers")
def redeem_vouchers(
    *,
    actor: Actor,
    household: UUID,
    item: UUID,
    quantity: int = 1,
    person: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Redemption:
    """Pay for a service with points now; its vouchers, one for each piece, carry their codes."""
    on = local_day(at)
    home = found.household(household)
    found.require_acts_for(actor, home, on)
    lines = basket.price_basket(community=home.community_id, wanted={item: quantity}, on=on)
    if lines[0].item.kind != Item.Kind.SERVICE:
        raise Invalid(fields={"item": [_("This is collected at the shop. Reserve it there.")]})
    if quantity > MOST_AT_ONCE:
        raise Invalid(fields={"quantity": [_("At most %(most)d vouchers at once.") % {"most": MOST_AT_ONCE}]})
    uses = found.collector(person, home.pk, on)
    book = open_book(home.community_id)
    pk, points = new_id(), lines[0].points
    accounts = spending.sides(book=book, household=home.pk, at=at)
    txn = spending.spend(accounts=accounts, redemption=pk, points=points, actor=actor, at=at)
    windows = limits.count_in(household=home.pk, lines=[(lines[0].item, quantity)], on=on)
    row = Redemption.objects.create(
        id=pk,
        community_id=home.community_id,
        household=home,
        person_id=uses,
        state=Redemption.State.COLLECTED,
        made_via=Redemption.Via.ONLINE,
        points=points,
        txn_id=txn,
        identity_check=actor.identity_check[:30],
        made_at=at,
        made_by=actor.account,
        collected_at=at,
        collected_by=actor.account,
    )
    issue(basket.write_lines(row, lines, windows), row=row, on=on)
    spending.note_redeemed(row, pieces=quantity, txn=txn, at=at)
    act().target(row, "redeemed", {"points": [None, points], "vouchers": [None, quantity]})
    return row


def issue(lines: Sequence[RedemptionLine], *, row: Redemption, on: date) -> list[Voucher]:
    """Make a voucher for each piece of these lines."""
    made = []
    for line in lines:
        for _piece in range(line.quantity):
            code = codes.new_voucher_code()
            made.append(
                Voucher(
                    community_id=row.community_id,
                    line=line,
                    merchant_id=line.item.merchant_id,
                    code=code.sealed,
                    code_digest=code.digest,
                    cost_fen=line.item.cost_fen,
                    expires_on=on + timedelta(days=line.item.valid_days),
                )
            )
    return Voucher.objects.bulk_create(made)


@command("shop.take_voucher")
def take_voucher(*, actor: Actor, code: str, at: datetime, key: UUID | None = None) -> Voucher:
    """Take a voucher once: the merchant it is for, or the community's staff for its own services.

    Raises VoucherNotUsable with what is the matter, Missing or Invalid; then nothing was changed.
    """
    policy.require(actor.holds("merchant", *policy.KEEPERS))
    # A merchant may serve communities that have no link in the register; its own vouchers are found by their code.
    with scope.everything():
        row = codes.find_voucher(code)
        keeps = policy.may_keep_shop(actor, row.community_id)
        if row.merchant_id is None and not keeps:
            raise VoucherNotUsable(_("This voucher is for the community itself."))
        if row.merchant_id is not None and not (keeps or policy.is_merchant(actor, row.merchant_id)):
            raise VoucherNotUsable(_("This voucher is for another merchant."))
        on = local_day(at)
        live = Voucher.objects.filter(pk=row.pk, state=State.ISSUED, expires_on__gte=on)
        if not live.update(state=State.TAKEN, taken_at=at, taken_by=actor.account):
            row.refresh_from_db()
            raise VoucherNotUsable(_why_not(row))
        row.refresh_from_db()
    act().target(row, "taken", {"state": [State.ISSUED, State.TAKEN]})
    return row


def _why_not(row: Voucher) -> str:
    if row.state == State.TAKEN and row.taken_at is not None:
        return _("This voucher was used already, on %(when)s.") % {"when": moment_words(row.taken_at)}
    if row.state == State.VOID:
        return _("This voucher was given back. Its points are in the passbook again.")
    return _("This voucher could be used until %(day)s. Its points go back to the passbook.") % {
        "day": day_words(row.expires_on)
    }


@command("shop.give_back_voucher")
def give_back_voucher(
    *, actor: Actor, voucher: UUID, reason: str = "", at: datetime, key: UUID | None = None
) -> Voucher:
    """Give an unused voucher back for its points: the household, or staff; raises VoucherNotUsable."""
    with scope.everything():
        row = Voucher.objects.filter(pk=voucher).select_related("line__redemption").first()
    if row is None:
        raise Missing
    found.redemption_for(actor, row.line.redemption_id, local_day(at))
    if row.state != State.ISSUED:
        raise VoucherNotUsable(_why_not(row))
    words = reason.strip() or _("The voucher was given back.")
    # The household may live in another community now, where its points are, too.
    with scope.everything():
        if not _end(row, state=State.VOID, reason=words, actor=actor, at=at):
            row.refresh_from_db()
            raise VoucherNotUsable(_why_not(row))
        row.refresh_from_db()
    act().target(row, "given back", {"state": [State.ISSUED, State.VOID]})
    act().note(reason=words)
    return row


@command("shop.expire_voucher")
def expire_voucher(*, actor: Actor, voucher: UUID, at: datetime) -> bool:
    """Let one unused voucher end whose last day is over, and give its points back; false when it has ended by now."""
    policy.require(actor.is_system)
    row = Voucher.objects.filter(pk=voucher, expires_on__lt=local_day(at)).select_related("line__redemption").first()
    if row is None:
        return False
    if not _end(row, state=State.EXPIRED, reason=_("Not used in time."), actor=actor, at=at, or_nothing=True):
        return False
    act().target(row, "not used in time", {"state": [State.ISSUED, State.EXPIRED]})
    return True


def list_expired(*, on: date, limit: int = EXPIRE_AT_MOST) -> list[UUID]:
    """Give unused vouchers whose last day is over, within an active scope."""
    rows = Voucher.objects.filter(state=State.ISSUED, expires_on__lt=on).order_by("expires_on", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def _end(row: Voucher, *, state: str, reason: str, actor: Actor, at: datetime, or_nothing: bool = False) -> bool:
    order = returns.lock_given_out(row.line.redemption_id)
    live = Voucher.objects.filter(pk=row.pk, state=State.ISSUED)
    if not live.update(state=state, ended_at=at):
        return False
    pieces = {row.line_id: 1}
    returns.give_back(order, pieces, reason=reason, to_stock=False, actor=actor, at=at, or_nothing=or_nothing)
    return True
