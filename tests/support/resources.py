"""One object of each kind that the pages of resources name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.people.models import Organisation
from lianxin.domain.places.models import ServiceCategory
from lianxin.domain.resources.models import Agreement, Offer, OfferCategory, Partnership, Promise
from lianxin.platform import scope
from lianxin.platform.clock import local_day
from lianxin.platform.ids import new_id

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
DAY = local_day(NOW)


def make_resources_object(kind: str, *, community: UUID) -> UUID:
    """Make an object of one kind in a community's resources and give its id."""
    with scope.everything():
        return MAKERS[kind](community).pk


def _firm() -> Organisation:
    return Organisation.objects.create(name=f"测试单位{new_id()}", registered_on=DAY)


def _offer(community: UUID) -> Offer:
    row = Offer.objects.create(
        community_id=community,
        organisation=_firm(),
        kind="skill",
        title="测试资源",
        from_on=DAY,
        state="active",
        assured_on=DAY,
        assure_by=DAY + timedelta(days=90),
        made_at=NOW,
    )
    OfferCategory.objects.create(offer=row, category=ServiceCategory.objects.order_by("code")[0], level=3)
    return row


def _promise(community: UUID) -> Promise:
    return Promise.objects.create(community_id=community, offer=_offer(community), on=DAY, made_at=NOW)


def _agreement(community: UUID) -> Agreement:
    return Agreement.objects.create(community_id=community, organisation=_firm(), from_on=DAY, until_on=DAY)


def _partnership(community: UUID) -> Partnership:
    return Partnership.objects.create(community_id=community, organisation=_firm(), kind="paired", since_on=DAY)


MAKERS: dict[str, Callable[[UUID], Any]] = {
    "offer": _offer,
    "promise": _promise,
    "agreement": _agreement,
    "partnership": _partnership,
}
