"""What is known of venues on a day: size, rooms, services, declared hours, observed openings, visits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    Count,
    DateField,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TimeField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, TruncDate

from lianxin.platform.clock import LOCAL, local_day, local_moment
from lianxin.platform.models import CalendarDay

from ..models import (
    Committee,
    DivisionProfile,
    OpeningException,
    OpeningHours,
    OpeningLog,
    Room,
    RoomState,
    ServiceState,
    StandingService,
    Venue,
    VenueAmenity,
    VenueState,
    VisitCount,
)
from ..rules import standards as rules
from ..rules.weekly_hours import Hours, SpecialDays, add_up, promised_days

WINDOW_DAYS = 90
# Beside the weekdays 0 to 6 in the one query for hours, exceptions and holidays.
_SPECIAL, _HOLIDAY = 7, 8
WORKING = (VenueState.OPEN, VenueState.PAUSED)


@dataclass(frozen=True)
class VenueSeen:
    """One venue with its place in the district and what is known of it."""

    venue: UUID
    name: str
    kind: str
    state: str
    community: UUID
    community_name: str
    community_code: str
    community_kind: str
    subdistrict: UUID | None
    subdistrict_name: str
    lng: float | None
    lat: float | None
    profile_on: date | None
    profile_source: str
    observed: rules.Observed


def _one(rows: QuerySet, name: str, expression: Any, output: Any = None) -> Subquery:
    """Give an aggregate over rows of the outer venue as a subquery."""
    grouped = rows.order_by().values("venue").annotate(**{name: expression}).values(name)
    return Subquery(grouped, output_field=output) if output else Subquery(grouped)


def _annotated(venues: QuerySet[Venue], on: date) -> QuerySet[Venue]:
    """Give the venues with what single numbers say about them: one query."""
    first, end = local_moment(on - timedelta(days=WINDOW_DAYS)), local_moment(on)
    profile = DivisionProfile.objects.filter(community=OuterRef("community"), on__lte=on)
    # On the same day a count from the register says more than a declaration.
    profile = profile.order_by("-on", "source", "-id")
    doors = OpeningLog.objects.filter(venue=OuterRef("pk"), undone_at=None, opened_at__lt=end)
    opened = doors.filter(opened_at__gte=first)
    counts = VisitCount.objects.filter(venue=OuterRef("pk"), undone_at=None, at__lt=end)
    services = StandingService.objects.filter(venue=OuterRef("pk"), valid_from__lte=on)
    offered = services.filter(~Q(state=ServiceState.PAUSED), Q(valid_until=None) | Q(valid_until__gt=on))
    siblings = (
        Venue.objects.filter(community=OuterRef("community"), state__in=WORKING)
        .exclude(pk=OuterRef("pk"))
        .order_by()
        .values("community")
        .annotate(area=Sum("area_m2"))
        .values("area")
    )
    lasted = ExpressionWrapper(F("closed_at") - F("opened_at"), output_field=DurationField())
    rows = venues.select_related("community__parent").annotate(
        profile_on=Subquery(profile.values("on")[:1]),
        profile_source=Subquery(profile.values("source")[:1]),
        households=Subquery(profile.values("households")[:1]),
        households_beyond=Subquery(profile.values("households_beyond_reach")[:1]),
        farthest=Subquery(profile.values("farthest_settlement_metres")[:1]),
        other_area=Coalesce(Subquery(siblings), Value(Decimal(0)), output_field=DecimalField()),
        first_opened=_one(doors, "first", Min("opened_at")),
        opened_time=_one(opened.exclude(closed_at=None), "lasted", Sum(lasted)),
        first_counted=_one(counts, "first", Min("at")),
        visits_counted=_one(counts.filter(at__gte=first), "visits", Sum("count")),
        knows_services=Exists(services),
        offered_categories=_one(offered, "categories", Count("category", distinct=True)),
    )
    return rows.order_by("community__code", "name", "pk")


def _things(venues: QuerySet[Venue]) -> tuple[dict[UUID, list[str]], dict[UUID, Counter[str]]]:
    """Give the kinds of rooms in use and the amenities by venue: one query."""
    ids = venues.order_by().values("pk")
    rooms = Room.objects.filter(venue__in=ids).exclude(state=RoomState.REMOVED)
    rooms = rooms.annotate(what=Value("room", output_field=CharField()))
    amenities = VenueAmenity.objects.filter(venue__in=ids).annotate(
        what=Value("amenity", output_field=CharField()), state=Value("in_use", output_field=CharField())
    )
    kinds: dict[UUID, list[str]] = {}
    have: dict[UUID, Counter[str]] = {}
    both = rooms.order_by().values_list("venue", "what", "kind__code", "state").annotate(n=Value(1))
    for venue, what, code, state, count in both.union(
        amenities.order_by().values_list("venue", "what", "kind__code", "state", "count"), all=True
    ):
        if what == "amenity":
            have.setdefault(venue, Counter())[code] += count
        else:
            kinds.setdefault(venue, [])
            if state == RoomState.IN_USE:
                kinds[venue].append(code)
    return kinds, have


@dataclass
class _Promises:
    """Declared hours, exceptions and public holidays of one venue."""

    hours: list[Hours] = field(default_factory=list)
    special: list[SpecialDays] = field(default_factory=list)


def _promises(venues: QuerySet[Venue], first_on: date, until_on: date) -> tuple[dict[UUID, _Promises], set[date]]:
    """Give hours and exceptions by venue, and the public holidays, of some days: one query."""
    ids = venues.order_by().values("pk")
    hours = OpeningHours.objects.filter(venue__in=ids).filter(Q(valid_until=None) | Q(valid_until__gt=first_on))
    special = OpeningException.objects.filter(venue__in=ids, last_on__gte=first_on, first_on__lt=until_on)
    holidays = CalendarDay.objects.filter(is_workday=False, day_on__gte=first_on, day_on__lt=until_on)
    nowhere, number = Cast(Value(None), UUIDField()), IntegerField()
    no_time, no_day = Cast(Value(None), TimeField()), Cast(Value(None), DateField())
    rows = (
        hours.order_by()
        .annotate(a=Cast("weekday", number))
        .values_list("venue", "a", "valid_from", "valid_until", "opens", "closes")
        .union(
            special.order_by()
            .annotate(a=Value(_SPECIAL, output_field=number))
            .values_list("venue", "a", "first_on", "last_on", "opens", "closes"),
            holidays.order_by()
            .annotate(v=nowhere, a=Value(_HOLIDAY, output_field=number), t=no_time, d=no_day, u=no_time)
            .values_list("v", "a", "day_on", "d", "t", "u"),
            all=True,
        )
    )
    found: dict[UUID, _Promises] = {}
    days_off = set()
    for venue, kind, from_on, to_on, opens, closes in rows:
        if kind == _HOLIDAY:
            days_off.add(from_on)
        elif kind == _SPECIAL:
            found.setdefault(venue, _Promises()).special.append(SpecialDays(from_on, to_on or from_on, opens))
        else:
            found.setdefault(venue, _Promises()).hours.append(Hours(kind, opens, closes, from_on, to_on))
    return found, days_off


def _opened_days(venues: QuerySet[Venue], first_on: date, until_on: date) -> dict[UUID, set[date]]:
    """Give the days on which a door was seen to open, by venue: one query."""
    rows = OpeningLog.objects.filter(
        venue__in=venues.order_by().values("pk"),
        undone_at=None,
        opened_at__gte=local_moment(first_on),
        opened_at__lt=local_moment(until_on),
    ).order_by()
    found: dict[UUID, set[date]] = {}
    for venue, day in rows.values_list("venue", TruncDate("opened_at", tzinfo=LOCAL)).distinct():
        found.setdefault(venue, set()).add(day)
    return found


def observe_venues(
    *, on: date, kind: str | None = rules.CENTRE, venues: Iterable[UUID] | None = None
) -> list[VenueSeen]:
    """Give what is known on a day of the venues in scope, closed ones left out unless named; four queries.

    Openings and visits are those of the 90 days before, or of the days since they were first recorded there.
    """
    wanted = None if venues is None else list(venues)
    plain = Venue.objects.filter(kind=kind) if kind else Venue.objects.all()
    plain = plain.exclude(state=VenueState.CLOSED) if wanted is None else plain.filter(pk__in=wanted)
    first_on = on - timedelta(days=WINDOW_DAYS)
    kinds, amenities = _things(plain)
    promises, holidays = _promises(plain, first_on, on)
    opened = _opened_days(plain, first_on, on)
    return [
        _seen(
            row,
            on,
            first_on,
            room_kinds=kinds.get(row.pk),
            amenities=amenities.get(row.pk),
            promises=promises.get(row.pk, _Promises()),
            holidays=holidays if row.closed_on_holidays else set(),
            opened_days=opened.get(row.pk, set()),
        )
        for row in _annotated(plain, on)
    ]


def _seen(
    row: Any,
    on: date,
    first_on: date,
    *,
    room_kinds: list[str] | None,
    amenities: Counter[str] | None,
    promises: _Promises,
    holidays: set[date],
    opened_days: set[date],
) -> VenueSeen:
    current = [line for line in promises.hours if line.holds_on(on)]
    week = add_up(current) if current else None
    watched_from = max(first_on, local_day(row.first_opened)) if row.first_opened else on
    counted_from = max(first_on, local_day(row.first_counted)) if row.first_counted else on
    watched, counted = watched_from < on, counted_from < on
    promised = promised_days(promises.hours, promises.special, watched_from, on, holidays=holidays)
    parent = row.community.parent
    return VenueSeen(
        venue=row.pk,
        name=row.name,
        kind=row.kind,
        state=row.state,
        community=row.community_id,
        community_name=row.community.short_name,
        community_code=row.community.code,
        community_kind=rules.VILLAGE if row.community.committee == Committee.VILLAGERS else rules.URBAN,
        subdistrict=parent.pk if parent else None,
        subdistrict_name=parent.short_name if parent else "",
        lng=row.lng,
        lat=row.lat,
        profile_on=row.profile_on,
        profile_source=row.profile_source or "",
        observed=rules.Observed(
            area_m2=row.area_m2,
            resident_area_m2=row.resident_area_m2,
            community_area_m2=None if row.area_m2 is None else row.area_m2 + row.other_area,
            households=row.households,
            households_beyond_reach=row.households_beyond,
            farthest_settlement_metres=row.farthest,
            room_kinds=None if room_kinds is None else tuple(room_kinds),
            services=(row.offered_categories or 0) if row.knows_services else None,
            weekly_minutes=week.all if week else None,
            evening_minutes=week.evening if week else None,
            weekend_minutes=week.weekend if week else None,
            promised_days=len(promised) if watched else None,
            # An opening on a day that promised none does not make up for a door that stayed shut.
            opened_days=len(opened_days & promised) if watched else None,
            observed_minutes=int(row.opened_time.total_seconds() // 60) if watched and row.opened_time else None,
            observed_days=(on - watched_from).days,
            visits=(row.visits_counted or 0) if counted else None,
            counted_days=(on - counted_from).days,
            amenities=amenities,
        ),
    )
