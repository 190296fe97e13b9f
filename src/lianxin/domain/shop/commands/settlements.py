"""What a community owes its merchants: drawn by the month, agreed by two people of two sides."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.shop import policy
from lianxin.domain.shop.commands import found
from lianxin.domain.shop.models import Settlement, Voucher
from lianxin.domain.shop.rules.months import month_span
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused

State = Settlement.State


class NothingToSettle(Refused):
    """No voucher of that month waits for payment."""

    title = gettext_lazy("No voucher of this merchant was taken in that month, or all are on a sheet already.")


class AlreadySigned(Refused):
    """The sheet was agreed, withdrawn, or signed by this side."""

    title = gettext_lazy("This sheet was signed already.")


@command("shop.draw_settlement")
def draw_settlement(
    *, actor: Actor, community: UUID, merchant: UUID, month: date, at: datetime, key: UUID | None = None
) -> Settlement:
    """Draw up the sheet of a month that is over: every voucher that the merchant took in it, each on one sheet only."""
    policy.require(policy.may_keep_shop(actor, community))
    found.organisation(merchant, "merchant")
    starts_at, ends_at = month_span(month)
    if ends_at > at:
        raise Invalid(fields={"month": [_("This month is not over yet.")]})
    locks.advisory(f"shop.settlement:{community}:{merchant}")
    there = Settlement.objects.filter(community=community, merchant=merchant, month_from=local_day(starts_at))
    if there.exclude(state=State.WITHDRAWN).exists():
        raise NothingToSettle(_("The sheet of this month was drawn already. Withdraw it to draw it anew."))
    taken = Voucher.objects.filter(
        community=community,
        merchant=merchant,
        state=Voucher.State.TAKEN,
        settlement=None,
        taken_at__gte=starts_at,
        taken_at__lt=ends_at,
    )
    sums = taken.aggregate(pieces=Count("pk"), fen=Sum("cost_fen"))
    if not sums["pieces"]:
        raise NothingToSettle
    row = Settlement.objects.create(
        community_id=community,
        merchant_id=merchant,
        month_from=local_day(starts_at),
        total_fen=sums["fen"] or 0,
        pieces=sums["pieces"],
        drawn_at=at,
    )
    taken.update(settlement=row)
    act().target(row, "drawn", {"pieces": [None, row.pieces], "total_fen": [None, row.total_fen]})
    return row


@command("shop.sign_settlement")
def sign_settlement(*, actor: Actor, settlement: UUID, at: datetime) -> Settlement:
    """Agree to a sheet for one's own side; agreed by both, it is confirmed."""
    # A merchant signs for communities that the register may not link it to; the sheet itself names it.
    with scope.everything():
        row: Settlement | None = locks.lock_one(Settlement.objects.filter(pk=settlement))
        if row is None:
            raise Missing
        if row.state != State.OPEN:
            raise AlreadySigned
        if policy.is_merchant(actor, row.merchant_id):
            if row.merchant_signed_at is not None:
                raise AlreadySigned
            row.merchant_signed_by, row.merchant_signed_at = actor.account, at
            side = "merchant"
        elif policy.may_keep_shop(actor, row.community_id):
            if row.community_signed_at is not None:
                raise AlreadySigned
            row.community_signed_by, row.community_signed_at = actor.account, at
            side = "community"
        else:
            raise NotAllowed
        if row.community_signed_by is not None and row.community_signed_by == row.merchant_signed_by:
            raise NotAllowed(_("Two different people sign, one for each side."))
        if row.community_signed_at and row.merchant_signed_at:
            row.state = State.CONFIRMED
        row.save()
    act().target(row, "signed", {"side": [None, side], "state": [State.OPEN, row.state]})
    return row


@command("shop.withdraw_settlement")
def withdraw_settlement(*, actor: Actor, settlement: UUID, reason: str, at: datetime) -> Settlement:
    """Take a sheet back that was not agreed by both; its vouchers can be put on another."""
    row: Settlement | None = locks.lock_one(Settlement.objects.filter(pk=settlement))
    if row is None:
        raise Missing
    policy.require(policy.may_keep_shop(actor, row.community_id))
    if row.state != State.OPEN:
        raise AlreadySigned
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why the sheet is withdrawn.")]})
    row.vouchers.update(settlement=None)
    row.state = State.WITHDRAWN
    row.save(update_fields=["state"])
    act().target(row, "withdrawn", {"state": [State.OPEN, row.state]})
    act().note(reason=reason.strip())
    return row
