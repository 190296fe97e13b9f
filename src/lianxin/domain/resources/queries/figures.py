"""Offers in figures: how much is there by community and by category, and where something is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from lianxin.domain.resources import policy
from lianxin.domain.resources.models import Offer, OfferCategory, Partnership, Promise
from lianxin.domain.resources.queries.offers import to_be_assured
from lianxin.platform import scope
from lianxin.platform.actors import Actor

State = Offer.State


@dataclass(frozen=True, slots=True)
class CommunityFigures:
    """What a community's resources list holds, and the categories that something of its own serves."""

    live: int
    to_assure: int
    partners: int
    kept: int
    broken: int
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """How many active offers serve a category, and in how many communities."""

    offers: int
    own_trade: int
    seats: int
    communities: int


def by_community(*, actor: Actor, communities: Iterable[UUID], on: date) -> dict[UUID, CommunityFigures]:
    """Give the figures of each community; five queries."""
    policy.require(policy.may_read_any(actor))
    wanted = list(communities)
    with scope.within(actor.communities):
        rows = Offer.objects.filter(community__in=wanted).exclude(state=State.ENDED).order_by()
        live = dict(rows.values_list("community").annotate(n=Count("pk")))
        stale = dict(rows.filter(to_be_assured(on)).values_list("community").annotate(n=Count("pk")))
        tied = Partnership.objects.filter(community__in=wanted, until_on=None).order_by()
        partners = dict(tied.values_list("community").annotate(n=Count("organisation", distinct=True)))
        noted = Promise.objects.filter(community__in=wanted).order_by().values_list("community", "state")
        promises = {(community, state): n for community, state, n in noted.annotate(n=Count("pk"))}
        served: dict[UUID, set[str]] = {}
        codes = OfferCategory.objects.filter(offer__community__in=wanted, offer__state=State.ACTIVE)
        codes = codes.filter(offer__assure_by__gte=on)
        for community, code in codes.values_list("offer__community_id", "category__code").distinct():
            served.setdefault(community, set()).add(code)
    return {
        pk: CommunityFigures(
            live=live.get(pk, 0),
            to_assure=stale.get(pk, 0),
            partners=partners.get(pk, 0),
            kept=promises.get((pk, Promise.State.KEPT), 0) + promises.get((pk, Promise.State.PARTLY), 0),
            broken=promises.get((pk, Promise.State.BROKEN), 0),
            categories=frozenset(served.get(pk, ())),
        )
        for pk in wanted
    }


def by_category(*, actor: Actor, communities: Iterable[UUID], on: date) -> dict[str, CategoryFigures]:
    """Give how many offers that count in the plan serve each category; one query."""
    policy.require(policy.may_read_any(actor))
    found: dict[str, list[tuple[UUID, int, int]]] = {}
    with scope.within(actor.communities):
        rows = OfferCategory.objects.filter(
            Q(offer__until_on__isnull=True) | Q(offer__until_on__gte=on),
            offer__community__in=list(communities),
            offer__state=State.ACTIVE,
            offer__assure_by__gte=on,
        )
        named = rows.values_list("category__code", "offer__community_id", "level", "offer__seats")
        for code, community, level, seats in named:
            found.setdefault(code, []).append((community, level, seats))
    return {
        code: CategoryFigures(
            offers=len(some),
            own_trade=sum(1 for _community, level, _seats in some if level == 3),
            seats=sum(seats for _community, _level, seats in some),
            communities=len({community for community, _level, _seats in some}),
        )
        for code, some in found.items()
    }
