"""What follows in the shop when passbooks end, venues close, people go, organisations or communities become one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.people.events import OrganisationsMerged, PersonMerged
from lianxin.domain.places.events import DivisionsMerged, VenueClosed, VenueMoved
from lianxin.domain.places.models import Venue
from lianxin.domain.points.events import PassbookClosing
from lianxin.domain.points.models import Account, Hold
from lianxin.domain.points.queries.books import which_go_on
from lianxin.domain.shop.commands.reservations import end_reservations
from lianxin.domain.shop.commands.stock import EMPTY_DUTY
from lianxin.domain.shop.models import (
    Donation,
    Item,
    LimitCounter,
    Redemption,
    Settlement,
    ShopDay,
    Stock,
    SupplyNeed,
    Till,
    TillAllowance,
    Voucher,
)
from lianxin.platform import duties, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act

EMPTY_WITHIN = timedelta(days=7)
PAGE = "staff:shop_stock"
LIVE = Redemption.State.RESERVED


def follow_passbook_closing(event: PassbookClosing, *, actor: Actor, at: datetime) -> None:
    """Cancel what these households have reserved: their points are about to go on, or to end."""
    with scope.everything():
        rows = list(Redemption.objects.filter(household__in=event.households, state=LIVE))
        # What tills may take goes back too, before any stock is touched: accounts come first.
        tills = TillAllowance.objects.filter(hold__account__in=event.accounts, hold__state=Hold.State.HELD)
        ended = end_reservations(
            rows,
            state=Redemption.State.CANCELLED,
            reason=_("The household's passbook ended."),
            at=at,
            and_holds=list(tills.values_list("hold", flat=True)),
        )
    _note(ended)


def follow_venue_closed(event: VenueClosed, *, actor: Actor, at: datetime) -> None:
    """Cancel what would have been collected at a venue that closed, and let somebody bring its stock elsewhere."""
    _leave([event.venue], _("The place was closed."), at)


def follow_venue_moved(event: VenueMoved, *, actor: Actor, at: datetime) -> None:
    """Cancel what would have been collected at venues that went to another community, all at the last of them.

    A venue whose community became part of another goes along with its shop: orders and stock stay as they are.
    """
    if not event.with_its_community and event.venue == (event.together or (event.venue,))[-1]:
        _leave(event.together or (event.venue,), _("The place belongs to another community now."), at)


def _leave(venues: Sequence[UUID], reason: str, at: datetime) -> None:
    """End what waits at venues in one call, since accounts are locked before stock, and see to what lies there."""
    with scope.everything():
        rows = list(Redemption.objects.filter(venue__in=venues, state=LIVE))
        ended = end_reservations(rows, state=Redemption.State.CANCELLED, reason=reason, at=at)
        # The stock belongs to the community that keeps the shop, also where the place has gone to another one.
        full = Stock.objects.filter(venue__in=venues, on_hand__gt=0).order_by()
        keepers = dict(full.values_list("venue", "community"))
        for venue in Venue.objects.filter(pk__in=keepers).order_by("pk"):
            duties.open(
                kind=EMPTY_DUTY,
                record=venue,
                community_id=keepers[venue.pk],
                title=_("Bring the stock of %(venue)s to another place") % {"venue": venue.name},
                due_at=at + EMPTY_WITHIN,
                assignee_role="community_staff",
                url_name=PAGE,
                url_args={"community": str(keepers[venue.pk])},
            )
    _note(ended)


def preview_venue_closed(event: VenueClosed) -> list[str]:
    """Tell what is reserved at a venue, and how many pieces lie there."""
    with scope.everything():
        waiting = Redemption.objects.filter(venue=event.venue, state=LIVE).count()
        pieces = sum(Stock.objects.filter(venue=event.venue).values_list("on_hand", flat=True))
    return _waiting(waiting) + (
        [_("%(count)d pieces of stock lie there and have to be brought to another place.") % {"count": pieces}]
        if pieces
        else []
    )


def follow_person_merged(event: PersonMerged, *, actor: Actor, at: datetime) -> None:
    """Let orders of a merged record belong to the one that stays."""
    with scope.everything():
        Redemption.objects.filter(person=event.merged).update(person=event.into)


def follow_organisations_merged(event: OrganisationsMerged, *, actor: Actor, at: datetime) -> None:
    """Let services, vouchers, sheets and donations of a merged entry belong to the one that stays."""
    with scope.everything():
        Item.objects.filter(merchant=event.merged).update(merchant=event.into)
        Voucher.objects.filter(merchant=event.merged).update(merchant=event.into)
        Donation.objects.filter(donor=event.merged).update(donor=event.into)
        theirs = Settlement.objects.filter(merchant=event.merged)
        there = set(
            Settlement.objects.filter(merchant=event.into)
            .exclude(state=Settlement.State.WITHDRAWN)
            .values_list("community_id", "month_from")
        )
        # Two sheets of one month stay two: the one of the merged entry keeps its name, so that no sum changes.
        for row in theirs:
            if (row.community_id, row.month_from) not in there or row.state == Settlement.State.WITHDRAWN:
                row.merchant_id = event.into
                row.save(update_fields=["merchant"])


def preview_organisations_merged(event: OrganisationsMerged) -> list[str]:
    """Tell how many services and unused vouchers go over."""
    with scope.everything():
        items = Item.objects.filter(merchant=event.merged).exclude(state=Item.State.ENDED).count()
        vouchers = Voucher.objects.filter(merchant=event.merged, state=Voucher.State.ISSUED).count()
    if not items and not vouchers:
        return []
    return [
        _("%(items)d services and %(vouchers)d unused vouchers go to the organisation that stays.")
        % {"items": items, "vouchers": vouchers}
    ]


def follow_divisions_merged(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Bring the shops of the ended communities to their successor; what was given out keeps its community.

    What was reserved by households whose passbooks went over was cancelled before; what waits on the book that goes
    on waits on. Names that both have are told apart.
    """
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        _tell_apart(ended, event.into)
        live = {"community__in": ended}
        for model, more in (
            (Item, {}),
            (Stock, {}),
            (LimitCounter, {}),
            (SupplyNeed, {"state": SupplyNeed.State.OPEN}),
            (Voucher, {"state": Voucher.State.ISSUED}),
            (Redemption, {"state": LIVE}),
            (ShopDay, {"ended_at": None}),
        ):
            rows: Any = model
            rows.objects.filter(**live, **more).update(community=event.into)
        Till.objects.filter(community__in=ended, shop_day__community=event.into).update(community=event.into)


def preview_divisions_merged(event: DivisionsMerged) -> list[str]:
    """Tell how many things on offer go to the successor."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        count = Item.objects.filter(community__in=ended).exclude(state=Item.State.ENDED).count()
        _stays, emptied = which_go_on(ended, event.into)
        closing = Account.objects.filter(book__in=emptied, kind=Account.Kind.HOUSEHOLD).exclude(state="closed")
        waiting = Redemption.objects.filter(household__in=closing.order_by().values("owner"), state=LIVE).count()
    offered = [_("%(count)d things on offer go to the new community's shop.") % {"count": count}] if count else []
    return offered + _waiting(waiting)


def preview_household(event: Any) -> list[str]:
    """Tell what is reserved by a household that moves, merges or ends."""
    households: Sequence[UUID] = getattr(event, "merged", None) or (event.household,)
    with scope.everything():
        return _waiting(Redemption.objects.filter(household__in=households, state=LIVE).count())


def nothing_more(event: Any, *, actor: Actor, at: datetime) -> None:
    """Do nothing: the passbook's end, which follows from this too, cancels what is reserved."""


def export_rows(person: UUID) -> list[dict[str, Any]]:
    """Give the orders in which a person was named as the one who collects."""
    with scope.everything():
        rows = Redemption.objects.filter(person=person).prefetch_related("lines__item").order_by("pk")
        return [
            {
                "made_at": row.made_at.isoformat(),
                "collected_at": row.collected_at.isoformat() if row.collected_at else None,
                "state": row.state,
                "points": row.points,
                "identity_check": row.identity_check,
                "items": [{"name": line.item.name, "quantity": line.quantity} for line in row.lines.all()],
            }
            for row in rows
        ]


def erase_rows(person: UUID, actor: Actor, at: datetime) -> list[str]:
    """Take a person's name out of orders; the orders belong to the household and stay."""
    with scope.everything():
        count = Redemption.objects.filter(person=person).update(person=None)
    return [_("What the household redeemed, without a name, because its passbook rests on it.")] if count else []


def _tell_apart(ended: Sequence[UUID], into: UUID) -> None:
    on_offer = Item.objects.exclude(state=Item.State.ENDED)
    taken = set(on_offer.filter(community=into).values_list("name", flat=True))
    for row in on_offer.filter(community__in=ended).select_related("community").order_by("pk"):
        if row.name in taken:
            row.name = _free_name(row.name, row.community.short_name, taken)
            row.version += 1
            row.save(update_fields=["name", "version"])
        taken.add(row.name)


def _free_name(name: str, community: str, taken: set[str]) -> str:
    ending = f"（{community}）"
    number = 1
    while True:
        fresh = name[: 60 - len(ending)] + ending
        if fresh not in taken:
            return fresh
        number += 1
        ending = f"（{community}{number}）"


def _waiting(count: int) -> list[str]:
    if not count:
        return []
    words = ngettext(
        "%(count)d order that waits to be collected is cancelled; its points are free again.",
        "%(count)d orders that wait to be collected are cancelled; their points are free again.",
        count,
    )
    return [words % {"count": count}]


def _note(ended: Sequence[Redemption]) -> None:
    for row in ended[:20]:
        act().target(row, "cancelled", {"state": [LIVE, Redemption.State.CANCELLED]})
