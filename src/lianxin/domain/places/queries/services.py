"""Standing services: of a venue, by category, by the time at which they are given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet

from lianxin.platform import scope
from lianxin.platform.clock import LOCAL, local_day
from lianxin.platform.errors import Missing

from ..models import ServiceCategory, ServiceHours, ServiceState, StandingService, VenueState
from ..rules.opening import is_service_day


def list_categories() -> QuerySet[ServiceCategory]:
    """Give the service categories in their order."""
    return ServiceCategory.objects.all()


def list_services(
    *, venue: UUID | None = None, category: str | None = None, state: str | None = None, on: date | None = None
) -> QuerySet[StandingService]:
    """Give the standing services in scope, with category, venue and weekly times."""
    rows = StandingService.objects.select_related("category", "venue__community", "room").prefetch_related(_hours())
    if venue is not None:
        rows = rows.filter(venue=venue)
    if category is not None:
        rows = rows.filter(category__code=category)
    if state is not None:
        rows = rows.filter(state=state)
    if on is not None:
        rows = rows.filter(_valid(on))
    return rows


def find_service(service: UUID) -> StandingService:
    """Give a standing service in scope; raises Missing."""
    found = list_services().filter(pk=service).first()
    if found is None:
        raise Missing
    return found


def list_public_services(
    *,
    on: date,
    category: str | None = None,
    communities: list[UUID] | None = None,
    venue: UUID | None = None,
    text: str = "",
) -> list[StandingService]:
    """Give the services that anybody may come to on a day, in the whole district or in some communities."""
    with scope.everything():
        rows = list_services(venue=venue, category=category, state=ServiceState.OFFERED, on=on)
        rows = rows.filter(venue__state=VenueState.OPEN)
        if communities is not None:
            rows = rows.filter(community__in=communities)
        if text:
            rows = rows.filter(Q(name__icontains=text) | Q(description__icontains=text))
        return list(rows)


def list_services_at(*, at: datetime, communities: list[UUID] | None = None) -> list[StandingService]:
    """Give the public services whose weekly time covers a moment."""
    local = at.astimezone(LOCAL)
    return [
        service
        for service in list_public_services(on=local_day(at), communities=communities)
        if any(
            is_service_day(local.date(), weekday=hours.weekday, week_of_month=hours.week_of_month)
            and hours.starts <= local.time() < hours.ends
            for hours in service.hours.all()
        )
    ]


def list_services_on(*, on: date, communities: list[UUID] | None = None) -> list[tuple[StandingService, ServiceHours]]:
    """Give the public services of a day with the time of each, in order of time; one query."""
    return [(service, hours) for _day, service, hours in list_services_between(on, on, communities=communities)]


def list_services_between(
    first_on: date, last_on: date, *, communities: list[UUID] | None = None
) -> list[tuple[date, StandingService, ServiceHours]]:
    """Give the public services of some days, the last one included, with day and time, in order of time; one query."""
    days = [first_on + timedelta(days=offset) for offset in range((last_on - first_on).days + 1)]
    with scope.everything():
        rows = ServiceHours.objects.filter(
            weekday__in={day.weekday() for day in days},
            service__state=ServiceState.OFFERED,
            service__venue__state=VenueState.OPEN,
        ).select_related("service__category", "service__venue__community", "service__room")
        if communities is not None:
            rows = rows.filter(service__community__in=communities)
        found = [
            (day, hours.service, hours)
            for hours in rows
            for day in days
            if _holds(hours.service, day)
            and is_service_day(day, weekday=hours.weekday, week_of_month=hours.week_of_month)
        ]
    return sorted(found, key=lambda one: (one[0], one[2].starts, one[1].name, str(one[1].pk)))


@dataclass(frozen=True)
class ServicePage:
    """A page of public services and how many there are in all."""

    services: list[StandingService]
    total: int


def page_public_services(
    *,
    on: date,
    category: str | None = None,
    communities: list[UUID] | None = None,
    ids: Iterable[UUID] | None = None,
    first: int = 0,
    count: int = 20,
) -> ServicePage:
    """Give a stretch of what anybody may come to, by community, category and name; three queries at any size."""
    with scope.everything():
        rows = list_services(category=category, state=ServiceState.OFFERED, on=on).filter(venue__state=VenueState.OPEN)
        if communities is not None:
            rows = rows.filter(community__in=communities)
        if ids is not None:
            rows = rows.filter(pk__in=list(ids))
        ordered = rows.order_by("community__code", "category__position", "name", "pk")
        return ServicePage(list(ordered[first : first + count]), rows.order_by().count())


def find_public_service(*, service: UUID) -> StandingService:
    """Give a service as everybody may see it, of any community; raises Missing once it or its venue has ended."""
    with scope.everything():
        shown = list_services().filter(venue__state__in=[VenueState.OPEN, VenueState.PAUSED])
        found = shown.filter(pk=service).exclude(state=ServiceState.ENDED).first()
        if found is None:
            raise Missing
        return found


def list_services_of(*, venue: UUID, on: date) -> list[tuple[StandingService, list[ServiceHours]]]:
    """Give a venue's services that have not ended by a day, each with its times, in scope; one query."""
    times = ("weekday", "week_of_month", "starts", "ends")
    rows = (
        StandingService.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on), venue=venue)
        .exclude(state=ServiceState.ENDED)
        .select_related("category")
        .annotate(**{f"time_{name}": F(f"hours__{name}") for name in times})
        .order_by("category__position", "name", "pk", "hours__weekday", "hours__starts")
    )
    found: dict[UUID, tuple[StandingService, list[ServiceHours]]] = {}
    for row in rows:
        service, hours = found.setdefault(row.pk, (row, []))
        values = {name: getattr(row, f"time_{name}") for name in times}
        if values["weekday"] is not None:
            hours.append(ServiceHours(community_id=row.community_id, service=service, **values))
    return list(found.values())


def count_public_by_category(*, on: date, communities: list[UUID] | None = None) -> dict[str, int]:
    """Give how many services of each category anybody may come to on a day, in the district or some communities."""
    with scope.everything():
        rows = StandingService.objects.filter(_valid(on), state=ServiceState.OFFERED, venue__state=VenueState.OPEN)
        if communities is not None:
            rows = rows.filter(community__in=communities)
        return dict(rows.order_by().values_list("category__code").annotate(services=Count("pk")))


def count_by_category(*, on: date, communities: list[UUID] | None = None) -> dict[str, int]:
    """Give how many services of each category are offered in scope on a day."""
    rows = StandingService.objects.filter(_valid(on), state=ServiceState.OFFERED)
    if communities is not None:
        rows = rows.filter(community__in=communities)
    counts: dict[str, int] = {}
    for code in rows.order_by().values_list("category__code", flat=True):
        counts[code] = counts.get(code, 0) + 1
    return counts


def _valid(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_until__isnull=True) | Q(valid_until__gt=on))


def _holds(service: StandingService, day: date) -> bool:
    return service.valid_from <= day and (service.valid_until is None or day < service.valid_until)


def _hours() -> Prefetch:
    return Prefetch("hours", queryset=ServiceHours.objects.all())
