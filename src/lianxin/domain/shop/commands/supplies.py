"""What the shop is short of, and thanks to those who gave."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.shop import policy
from lianxin.domain.shop.models import Donation, Item, SupplyNeed
from lianxin.domain.shop.rules.quantities import check_pieces
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

State = SupplyNeed.State


class NeedEnded(Refused):
    """The need was met or withdrawn."""

    title = gettext_lazy("This is no longer wanted.")


@command("shop.ask_for_supplies")
def ask_for_supplies(
    *,
    actor: Actor,
    community: UUID,
    what: str,
    quantity: int,
    item: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> SupplyNeed:
    """Tell donors what the shop is short of."""
    policy.require(policy.may_keep_shop(actor, community))
    check_pieces(quantity)
    if not what.strip():
        raise Invalid(fields={"what": [_("Say what is wanted.")]})
    if item is not None and not Item.objects.filter(pk=item, community=community).exists():
        raise Missing
    row = SupplyNeed.objects.create(
        community_id=community, what=what.strip()[:80], item_id=item, quantity=quantity, asked_on=local_day(at)
    )
    act().target(row, "asked for", {"quantity": [None, quantity]})
    return row


@command("shop.change_need")
def change_need(*, actor: Actor, need: UUID, what: str, quantity: int, at: datetime) -> SupplyNeed:
    """Change what is wanted, or how much."""
    row = _open(actor, need)
    check_pieces(quantity)
    if not what.strip():
        raise Invalid(fields={"what": [_("Say what is wanted.")]})
    act().target(row, "changed", {"quantity": [row.quantity, quantity], "what": [row.what, what.strip()]})
    row.what, row.quantity = what.strip()[:80], quantity
    row.version += 1
    row.save(update_fields=["what", "quantity", "version"])
    return row


@command("shop.end_need")
def end_need(*, actor: Actor, need: UUID, is_met: bool, at: datetime) -> SupplyNeed:
    """Ask no longer: there is enough, or it is not wanted any more."""
    row = _open(actor, need)
    _end(row, State.MET if is_met else State.WITHDRAWN, at)
    act().target(row, row.state)
    return row


@command("shop.thank_donor")
def thank_donor(*, actor: Actor, donation: UUID, how: str, at: datetime) -> Donation:
    """Note how a donor was thanked: a call, a letter, a word on the board."""
    row: Donation | None = locks.lock_one(Donation.objects.filter(pk=donation))
    if row is None:
        raise Missing
    policy.require(policy.may_keep_shop(actor, row.community_id))
    if not how.strip():
        raise Invalid(fields={"how": [_("Say how you thanked them.")]})
    row.thanked_at, row.thanked_how = at, how.strip()[:120]
    row.save(update_fields=["thanked_at", "thanked_how"])
    act().target(row, "thanked", {"how": [None, row.thanked_how]})
    return row


def count_received(row: SupplyNeed, quantity: int, *, at: datetime) -> None:
    """Count pieces towards a locked need; it ends when there is enough."""
    row.received += quantity
    row.version += 1
    row.save(update_fields=["received", "version"])
    if row.state == State.OPEN and row.received >= row.quantity:
        _end(row, State.MET, at)


def _open(actor: Actor, pk: UUID) -> SupplyNeed:
    row: SupplyNeed | None = locks.lock_one(SupplyNeed.objects.filter(pk=pk))
    if row is None:
        raise Missing
    policy.require(policy.may_keep_shop(actor, row.community_id))
    if row.state != State.OPEN:
        raise NeedEnded
    return row


def _end(row: SupplyNeed, state: str, at: datetime) -> None:
    row.state, row.ended_on = state, local_day(at)
    row.version += 1
    row.save(update_fields=["state", "ended_on", "version"])
