"""Offers as the matcher reads them: what can be planned with in a stretch of days."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db.models import Q

from lianxin.domain.places.models import Division, Venue
from lianxin.domain.resources.models import (
    Offer,
    OfferCategory,
    OfferCommunity,
    OfferException,
    OfferTime,
    Promise,
)
from lianxin.domain.resources.queries.promises import kept_counts
from lianxin.platform import scope

FIELDS = (
    *("id", "community_id", "organisation_id", "person_id", "organisation__name", "kind", "title", "conditions"),
    *("venue_id", "venue__lng", "venue__lat", "seats", "least_people", "minutes", "times", "every", "quantity"),
    *("reach", "reach_metres", "needs_venue", "from_on", "until_on", "assure_by", "cost_fen"),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One offer that can be planned with.

    `weekly` empty means by arrangement, at any opening time. `kept_ratio` is None while nothing is known of promises.
    `promised_on` are the days on which it is promised already (called-off ones left out), for the limit of `times`
    in each period of `every` (rules.periods.period_of); `only` empty means every community within reach.
    `lng` and `lat` are the venue's, else the centre's of its community, else None.
    """

    id: UUID
    community: UUID
    subdistrict: UUID | None
    organisation: UUID | None
    person: UUID | None
    giver: str
    kind: str
    title: str
    conditions: str
    categories: tuple[tuple[str, int], ...]
    venue: UUID | None
    lng: float | None
    lat: float | None
    needs_venue: bool
    seats: int
    least_people: int
    minutes: int
    times: int
    every: str
    quantity: int | None
    cost_fen: int
    weekly: tuple[tuple[int, time, time], ...]
    exceptions: tuple[tuple[date, date], ...]
    promised_on: tuple[date, ...]
    reach: str
    reach_metres: int | None
    only: frozenset[UUID]
    never: frozenset[UUID]
    first_on: date
    last_on: date
    kept_ratio: float | None


def for_matching(*, communities: Collection[UUID] | None, from_on: date, until_on: date) -> list[Candidate]:
    """Give the offers to plan with on days [from_on, until_on): active, still assured, and that may reach one of
    these communities (None: all); in the order of their ids. Eight queries, over the whole district.

    An assurance that runs out on the way cuts the days short; whether a community is within reach is told by
    `rules.reach.goes_to`.
    """
    with scope.everything():
        rows = Offer.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=from_on),
            state=Offer.State.ACTIVE,
            assure_by__gte=from_on,
            from_on__lt=until_on,
        )
        if communities is not None:
            wanted = set(communities)
            named = OfferCommunity.objects.filter(community__in=wanted, is_excluded=False).values("offer")
            rows = rows.filter(Q(community__in=wanted) | ~Q(reach=Offer.Reach.COMMUNITY) | Q(pk__in=named))
        found = list(rows.order_by("pk").values(*FIELDS))
        ids = [row["id"] for row in found]
        if not ids:
            return []
        parts = _Parts(ids, from_on, until_on)
        centres = _centres()
        above: dict[UUID, UUID | None] = dict(Division.objects.filter(level="community").values_list("pk", "parent_id"))
        return [_candidate(row, parts, centres, above, from_on, until_on) for row in found]


class _Parts:
    """The rows that belong to some offers, by offer."""

    def __init__(self, ids: list[UUID], from_on: date, until_on: date) -> None:
        # Small tables read whole are cheaper than thousands of ids in a statement, and some databases refuse those.
        mine = set(ids)
        first, last = _whole_quarters(from_on, until_on)
        self.categories = _grouped(
            mine, OfferCategory.objects.order_by("-level", "category__code"), "category__code", "level"
        )
        self.weekly = _grouped(mine, OfferTime.objects.order_by("weekday", "starts"), "weekday", "starts", "ends")
        away = OfferException.objects.filter(first_on__lt=until_on, last_on__gte=from_on)
        self.exceptions = _grouped(mine, away.order_by("first_on"), "first_on", "last_on")
        self.named = _grouped(mine, OfferCommunity.objects.order_by("community"), "community_id", "is_excluded")
        promised = Promise.objects.exclude(state=Promise.State.EXCUSED)
        promised = promised.filter(Q(on__gte=first, on__lt=last) | Q(offer__every=Offer.Every.ONCE))
        self.promised = _grouped(mine, promised.order_by("on"), "on")
        self.kept = _kept()


def _kept() -> dict[UUID, tuple[int, int]]:
    noted = Promise.objects.exclude(state__in=[Promise.State.OPEN, Promise.State.EXCUSED])
    return kept_counts(noted.order_by().values_list("offer", flat=True).distinct())


def _grouped(mine: set[UUID], rows: Any, *names: str) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for pk, *values in rows.values_list("offer_id", *names).iterator(chunk_size=5000):
        if pk in mine:
            found.setdefault(pk, []).append(tuple(values))
    return found


def _whole_quarters(from_on: date, until_on: date) -> tuple[date, date]:
    """Give the days of the quarters that a stretch touches, for limits that count over a period."""
    first = date(from_on.year, (from_on.month - 1) // 3 * 3 + 1, 1)
    number = until_on.year * 12 + (until_on.month - 1) // 3 * 3 + 3
    return first, date(number // 12, number % 12 + 1, 1)


def _centres() -> dict[UUID, tuple[float | None, float | None]]:
    rows = Venue.objects.filter(kind="centre", lng__isnull=False).exclude(state="closed").order_by("opened_on", "pk")
    return {community: (lng, lat) for community, lng, lat in rows.values_list("community_id", "lng", "lat")}


def _candidate(
    row: dict[str, Any],
    parts: _Parts,
    centres: dict[UUID, tuple[float | None, float | None]],
    above: dict[UUID, UUID | None],
    from_on: date,
    until_on: date,
) -> Candidate:
    pk, community = row["id"], row["community_id"]
    lng, lat = row["venue__lng"], row["venue__lat"]
    if lng is None:
        lng, lat = centres.get(community, (None, None))
    kept, noted = parts.kept.get(pk, (0, 0))
    named = parts.named.get(pk, [])
    ends = [row["assure_by"], row["until_on"] or row["assure_by"]]
    return Candidate(
        id=pk,
        community=community,
        subdistrict=above.get(community),
        organisation=row["organisation_id"],
        person=row["person_id"],
        giver=row["organisation__name"] or "",
        kind=row["kind"],
        title=row["title"],
        conditions=row["conditions"],
        categories=tuple(parts.categories.get(pk, ())),
        venue=row["venue_id"],
        lng=lng,
        lat=lat,
        needs_venue=row["needs_venue"],
        seats=row["seats"],
        least_people=row["least_people"],
        minutes=row["minutes"],
        times=row["times"],
        every=row["every"],
        quantity=row["quantity"],
        cost_fen=row["cost_fen"],
        weekly=tuple(parts.weekly.get(pk, ())),
        exceptions=tuple(parts.exceptions.get(pk, ())),
        promised_on=tuple(on for (on,) in parts.promised.get(pk, ())),
        reach=row["reach"],
        reach_metres=row["reach_metres"],
        only=frozenset(where for where, excluded in named if not excluded),
        never=frozenset(where for where, excluded in named if excluded),
        first_on=max(row["from_on"], from_on),
        last_on=min(*ends),
        kept_ratio=kept / noted if noted else None,
    )


def names_of(*, offers: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Give (title, giver) of offers for pages of higher modules; a person is not named. One query."""
    with scope.everything():
        rows = Offer.objects.filter(pk__in=list(offers)).values_list("pk", "title", "organisation__name")
        return {pk: (title, giver or "") for pk, title, giver in rows}
