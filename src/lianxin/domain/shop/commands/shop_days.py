"""Shop days and their tills."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points import ledger
from lianxin.domain.shop import policy
from lianxin.domain.shop.commands import found, stock_counter
from lianxin.domain.shop.commands.stock_counter import Pieces
from lianxin.domain.shop.models import ShopDay, Till, TillAllowance, TillSale, TillStock
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused
from lianxin.platform.ids import new_id
from lianxin.platform.sensitive import digest, digest_candidates

TOKEN = "shop.till.token"  # noqa: S105
MOST_TILLS = 20
State = Till.State


class DayEnded(Refused):
    """The shop day is over."""

    title = gettext_lazy("This shop day has ended.")


class TillsStillOut(Refused):
    """A till has not sent its sales yet."""

    title = gettext_lazy("A till has not sent its sales yet. Connect it, or close it by hand.")


@dataclass(frozen=True, slots=True)
class NewTill:
    """A till with its secret, which is told this once."""

    till: UUID
    name: str
    token: str


@command("shop.open_shop_day")
def open_shop_day(
    *, actor: Actor, venue: UUID, community: UUID, on: date, name: str = "", at: datetime, key: UUID | None = None
) -> ShopDay:
    """Announce a day on which a venue's shop is open with tills."""
    place = found.venue(venue, community)
    policy.require(policy.may_serve(actor, place.community_id, place.pk))
    there = ShopDay.objects.filter(venue=place, on=on, ended_at=None).first()
    if there is not None:
        return there
    row = ShopDay.objects.create(community_id=place.community_id, venue=place, on=on, name=name.strip()[:60])
    act().target(row, "opened", {"on": [None, on]})
    return row


@command("shop.add_tills")
def add_tills(*, actor: Actor, shop_day: UUID, names: Sequence[str], at: datetime) -> list[NewTill]:
    """Set up tills; each secret is told once and goes into the device as a QR code."""
    day = _open_day(actor, shop_day)
    wanted = [name.strip()[:40] for name in names if name.strip()]
    there = set(day.tills.values_list("name", flat=True))
    if not wanted or len(set(wanted)) != len(wanted) or there & set(wanted):
        raise Invalid(fields={"names": [_("Give each till a name of its own.")]})
    if len(there) + len(wanted) > MOST_TILLS:
        raise Invalid(fields={"names": [_("At most %(most)d tills a day.") % {"most": MOST_TILLS}]})
    made = []
    for name in wanted:
        token = secrets.token_urlsafe(24)
        row = Till.objects.create(
            id=new_id(), community_id=day.community_id, shop_day=day, name=name, token_digest=digest(token, TOKEN)
        )
        act().target(row, "set up", {"name": [None, name]})
        made.append(NewTill(row.pk, name, token))
    return made


@command("shop.end_shop_day")
def end_shop_day(*, actor: Actor, shop_day: UUID, at: datetime) -> ShopDay:
    """End a day when all tills have sent what they sold; raises TillsStillOut."""
    day = _open_day(actor, shop_day)
    if day.tills.filter(state=State.OFFLINE).exists():
        raise TillsStillOut
    day.tills.filter(state=State.OPEN).update(state=State.CLOSED, closed_at=at)
    day.ended_at = at
    day.save(update_fields=["ended_at"])
    act().target(day, "ended")
    return day


@command("shop.close_till")
def close_till(*, actor: Actor, till: UUID, reason: str, at: datetime, key: UUID | None = None) -> Till:
    """Close a till that will not come back: its points and pieces are free again. What it still sends is looked at."""
    row = locked_till(till)
    policy.require(policy.may_serve(actor, row.community_id, row.shop_day.venue_id))
    if row.state == State.CLOSED:
        return row
    if row.state == State.OFFLINE and not reason.strip():
        raise Invalid(fields={"reason": [_("Say why the till is closed before it sent its sales.")]})
    free_till(row, at=at)
    act().target(row, "closed", {"state": [row.state, State.CLOSED]})
    act().note(reason=reason.strip())
    row.state, row.closed_at = State.CLOSED, at
    row.save(update_fields=["state", "closed_at"])
    return row


def free_till(row: Till, *, at: datetime) -> None:
    """Give back every point and piece that a locked till still has: points first, stock last."""
    holds = list(TillAllowance.objects.filter(till=row).values_list("hold_id", flat=True))
    if holds:
        ledger.release(holds, at=at)
    lent = list(TillStock.objects.filter(till=row, lent__gt=0))
    stock_counter.give_back(Pieces(one.stock_id, one.lent) for one in lent)
    TillStock.objects.filter(pk__in=[one.pk for one in lent]).update(lent=0)


def find_till(token: str) -> Till:
    """Give the till that has this secret, in whatever community; raises NotAllowed."""
    with scope.everything():
        found_rows = Till.objects.filter(token_digest__in=digest_candidates(token.strip(), TOKEN))
        row = found_rows.select_related("shop_day").first()
    if row is None:
        raise NotAllowed(_("This till is not known. Set it up anew."))
    return row


def till_actor(row: Till) -> Actor:
    """Give the actor that a till is: the host of its venue and nothing more."""
    return Actor(
        account=None,
        role="host",
        communities=frozenset({row.community_id}),
        via="till",
        roles=frozenset({"host"}),
        venues=frozenset({row.shop_day.venue_id}),
        name=row.name,
    )


def locked_till(pk: UUID) -> Till:
    """Lock a till in scope; raises Missing."""
    row: Till | None = locks.lock_one(Till.objects.filter(pk=pk).select_related("shop_day"))
    if row is None:
        raise Missing
    return row


def open_differences(row: Till) -> list[TillSale]:
    """Give what a till reported and nobody has decided on."""
    return list(TillSale.objects.filter(till=row, state=TillSale.State.DIFFERENCE).order_by("pk"))


def _open_day(actor: Actor, pk: UUID) -> ShopDay:
    row: ShopDay | None = locks.lock_one(ShopDay.objects.filter(pk=pk))
    if row is None:
        raise Missing
    policy.require(policy.may_serve(actor, row.community_id, row.venue_id))
    if row.ended_at is not None:
        raise DayEnded
    return row
