"""The matcher's problem as the records give it: needs, offers, rooms and what staff decided."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.bookings.queries.free import free_spans
from lianxin.domain.needs.queries import lists as needs
from lianxin.domain.places.models import Division, Level, Room, ServiceCategory, Venue
from lianxin.domain.projects.models import ForbiddenPair, MatchRun, Proposal
from lianxin.domain.projects.rules import slots as times
from lianxin.domain.resources.queries import candidates
from lianxin.domain.resources.queries.candidates import Candidate
from lianxin.domain.resources.rules.periods import period_of
from lianxin.domain.resources.rules.reach import goes_to
from lianxin.engines.geo import Point, distance_metres
from lianxin.engines.matching.model import problem as engine
from lianxin.platform import scope
from lianxin.platform.clock import local_moment

# What serves nobody by itself: money pays for it, a place takes it in.
NOT_MATCHED = frozenset({"money", "venue"})
WALKING_METRES = 1_500
SEATS_UNKNOWN = 30
LEAST_SEATS = 10


@dataclass(frozen=True)
class Ground:
    """The communities of a run and where they lie."""

    division: UUID
    communities: tuple[Division, ...]
    points: Mapping[UUID, Point]


def ground_of(division: UUID) -> Ground:
    """Give the living communities under a division (itself, when it is one)."""
    with scope.everything():
        top = Division.objects.get(pk=division)
        rows = Division.objects.filter(level=Level.COMMUNITY, ended_on__isnull=True).order_by("pk")
        if top.level == Level.COMMUNITY:
            rows = rows.filter(pk=division)
        elif top.level == Level.SUBDISTRICT:
            rows = rows.filter(parent=division)
        communities = tuple(rows)
        placed = Venue.objects.filter(lng__isnull=False).exclude(state="closed").order_by("kind", "opened_on", "pk")
        points: dict[UUID, Point] = {}
        for community, lng, lat in placed.values_list("community_id", "lng", "lat"):
            if lng is not None and lat is not None:
                points.setdefault(community, Point(lng, lat))
    return Ground(division, communities, _with_the_unplaced(communities, points))


def build(*, run: MatchRun, at: datetime) -> engine.Problem:
    """Give the problem of a run as the records stand now, with what staff locked, refused and forbade before."""
    with scope.everything():
        ground = ground_of(run.community_id)
        slots = times.slots_between(run.from_on, run.until_on)
        here = {one.pk for one in ground.communities}
        wanted = needs.for_matching(None if len(here) > 1 else here, run.from_on)
        wanted = [one for one in wanted if one.community in here]
        offered = candidates.for_matching(
            communities=None if len(here) > 1 else here,
            from_on=run.from_on,
            until_on=run.until_on + timedelta(days=1),
        )
        offers = [one for row in offered if (one := _offer(row, ground, slots, run)) is not None]
        known = {one.id for one in offers}
        asked = {one.category for one in wanted} | {code for one in offers for code, _level in one.categories}
        earlier = list(_proposals_of(run.follows_id)) if run.follows_id else []
        return engine.Problem(
            kind="weekly" if run.kind == MatchRun.Kind.WEEKLY else "monthly",
            categories=tuple(
                engine.Category(id=code)
                for code in ServiceCategory.objects.order_by("code").values_list("code", flat=True)
                if code in asked
            ),
            communities=tuple(
                engine.Community(
                    id=str(one.pk),
                    lng=ground.points[one.pk].lng,
                    lat=ground.points[one.pk].lat,
                    area=str(one.parent_id),
                )
                for one in ground.communities
            ),
            slots=tuple(engine.Slot(id=one.id, week=one.week, part=one.part) for one in slots),
            needs=tuple(_need(one, run) for one in wanted),
            offers=tuple(offers),
            venues=tuple(_venues(ground, slots, at)) if run.kind == MatchRun.Kind.MONTHLY else (),
            neighbours=tuple(_neighbours(ground)),
            locks=tuple(_locks(earlier, known, {str(one.id) for one in wanted}, run)),
            forbidden=tuple(_forbidden(earlier, known, here)),
        )


def _with_the_unplaced(communities: Iterable[Division], points: dict[UUID, Point]) -> dict[UUID, Point]:
    """Give a community without a known place the middle of its subdistrict, or of all."""
    by_area: dict[UUID | None, list[Point]] = {}
    for one in communities:
        if one.pk in points:
            by_area.setdefault(one.parent_id, []).append(points[one.pk])
    everywhere = [point for group in by_area.values() for point in group] or [Point(116.70, 23.38)]
    return {one.pk: points.get(one.pk) or _middle(by_area.get(one.parent_id) or everywhere) for one in communities}


def _middle(points: list[Point]) -> Point:
    return Point(sum(one.lng for one in points) / len(points), sum(one.lat for one in points) / len(points))


def _need(one: Any, run: MatchRun) -> engine.Need:
    return engine.Need(
        id=str(one.id),
        community=str(one.community),
        category=one.category,
        people=one.people,
        priority=float(one.priority),
        waiting_days=max(0, (run.from_on - one.first_heard_on).days),
        times=times.parts_of_mask(one.times_mask),
        max_metres=float(one.reach_metres) if one.reach_metres else None,
    )


def _offer(row: Candidate, ground: Ground, slots: list[times.TimeSlot], run: MatchRun) -> engine.Offer | None:
    """Give an offer as the engine takes it; None when it cannot be had in these days or by any of these communities."""
    if row.kind in NOT_MATCHED or not row.categories or row.lng is None or row.lat is None:
        return None
    fitting = [
        one.id
        for one in slots
        if any(
            times.days_that_fit(
                one,
                minutes=row.minutes,
                windows=row.weekly,
                away=row.exceptions,
                first_on=row.first_on,
                last_on=row.last_on,
            )
        )
    ]
    left = _occurrences_left(row, run)
    where = _communities_of(row, ground)
    if not fitting or left <= 0 or where == ():
        return None
    kept = round((row.kept_ratio or 0) * 10)
    return engine.Offer(
        id=str(row.id),
        provider=str(row.organisation or row.person),
        categories=row.categories,
        lng=row.lng,
        lat=row.lat,
        capacity=row.seats,
        occurrences=left,
        times=() if len(fitting) == len(slots) else tuple(fitting),
        radius_metres=float(row.reach_metres) if row.reach == "radius" and row.reach_metres else None,
        communities=where or (),
        volunteer=str(row.person) if row.person else "",
        needs_venue=row.needs_venue and row.venue is None,
        minimum=row.least_people,
        kept=kept,
        promised=10 if row.kept_ratio is not None else 0,
    )


def _occurrences_left(row: Candidate, run: MatchRun) -> int:
    """Give how often an offer can still be had in the days of a run, by its limit per period or in all."""
    left, day = 0, run.from_on
    while day <= run.until_on:
        period = period_of(row.every, day)
        if period is None:
            return row.times - len(row.promised_on)
        left += max(0, row.times - sum(period[0] <= on < period[1] for on in row.promised_on))
        day = period[1]
    return left


def _communities_of(row: Candidate, ground: Ground) -> tuple[str, ...] | None:
    """Give the communities of a run that an offer goes to; None: all of them."""
    home = Point(row.lng, row.lat) if row.lng is not None and row.lat is not None else None
    where = tuple(
        str(one.pk)
        for one in ground.communities
        if goes_to(
            community=one.pk,
            subdistrict=one.parent_id,
            point=ground.points[one.pk],
            home=row.community,
            home_subdistrict=row.subdistrict,
            home_point=home,
            reach=row.reach,
            metres=row.reach_metres,
            only=row.only,
            never=row.never,
        )
    )
    return None if len(where) == len(ground.communities) else where


def _venues(ground: Ground, slots: list[times.TimeSlot], at: datetime) -> Iterable[engine.Venue]:
    """Give the rooms in which something can be held, with how many days of each slot they are free."""
    here = [one.pk for one in ground.communities]
    rooms = list(
        Room.objects.filter(community__in=here, state="in_use", confidential=False, venue__state="open")
        .exclude(seats__lt=LEAST_SEATS)
        .select_related("venue", "kind")
        .order_by("pk")
    )
    biggest: dict[UUID, Room] = {}
    for room in rooms:
        best = biggest.get(room.venue_id)
        if not room.kind.is_confidential and (best is None or (room.seats or 0) > (best.seats or 0)):
            biggest[room.venue_id] = room
    if not biggest or not slots:
        return
    days = [day for slot in slots for day in slot.days]
    free = free_spans(list(biggest.values()), first_on=min(days), last_on=max(days), at=at)
    for room in biggest.values():
        spans = [(span.starts_at, span.ends_at) for span in free[room.pk]]
        counts = tuple((slot.id, count) for slot in slots if (count := _free_days(slot, spans)))
        if counts:
            yield engine.Venue(
                id=str(room.pk), community=str(room.community_id), seats=room.seats or SEATS_UNKNOWN, free=counts
            )


def _free_days(slot: times.TimeSlot, spans: list[tuple[datetime, datetime]]) -> int:
    opens, closes = times.HOURS[times.PARTS[slot.part][1]]
    until = min(time(opens.hour + 2, opens.minute), closes)
    return sum(
        any(starts <= local_moment(day, opens) and local_moment(day, until) <= ends for starts, ends in spans)
        for day in slot.days
    )


def _neighbours(ground: Ground) -> Iterable[tuple[str, str]]:
    rows = ground.communities
    for n, one in enumerate(rows):
        for other in rows[n + 1 :]:
            if distance_metres(ground.points[one.pk], to=ground.points[other.pk]) <= WALKING_METRES:
                yield str(one.pk), str(other.pk)


def _proposals_of(run: UUID) -> Iterable[Proposal]:
    rows = Proposal.objects.filter(run=run).select_related("category").prefetch_related("needs").order_by("number")
    return rows.exclude(state=Proposal.State.PROPOSED, is_locked=False)


def _locks(earlier: list[Proposal], offers: set[str], wanted: set[str], run: MatchRun) -> Iterable[engine.Lock]:
    for row in earlier:
        kept = row.is_locked or row.state in (Proposal.State.ACCEPTED, Proposal.State.CHANGED)
        if not kept or row.state == Proposal.State.REFUSED or str(row.offer_id) not in offers:
            continue
        if run.kind == MatchRun.Kind.WEEKLY:
            for one in row.needs.all():
                if str(one.need_id) in wanted:
                    yield engine.Lock(offer=str(row.offer_id), need=str(one.need_id), people=one.people)
        else:
            yield engine.Lock(
                offer=str(row.offer_id),
                category=row.category.code,
                community=str(row.community_id),
                slot=str(row.explanation.get("slot", "")),
                venue=str(row.room_id or ""),
            )


def _forbidden(earlier: list[Proposal], offers: set[str], here: Collection[UUID]) -> Iterable[engine.Forbidden]:
    """Give what staff ruled out: pairs for good, and what they refused in the run before, by its reason."""
    pairs = ForbiddenPair.objects.filter(ended_at__isnull=True, community__in=here).order_by("pk")
    for offer, community in pairs.values_list("offer_id", "community_id"):
        if str(offer) in offers:
            yield engine.Forbidden(offer=str(offer), community=str(community))
    for row in earlier:
        if row.state != Proposal.State.REFUSED or str(row.offer_id) not in offers:
            continue
        whole: dict[str, str] = {"offer": str(row.offer_id)}
        if row.refusal == Proposal.Refusal.DONE:
            for one in row.needs.all():
                yield engine.Forbidden(need=str(one.need_id))
            continue
        if row.refusal != Proposal.Refusal.GIVER:
            whole["community"] = str(row.community_id)
        if row.refusal == Proposal.Refusal.UNFIT:
            whole["category"] = row.category.code
        if row.refusal in (Proposal.Refusal.TIME, Proposal.Refusal.PLACE, Proposal.Refusal.OTHER):
            whole["slot"] = str(row.explanation.get("slot", ""))
        yield engine.Forbidden(**{name: value for name, value in whole.items() if value})


def horizon_of(kind: str, on: date) -> tuple[date, date]:
    """Give the days that a run of a kind plans when it is asked for on a day: the coming week, or the coming month."""
    if kind == MatchRun.Kind.WEEKLY:
        first = on + timedelta(days=7 - on.weekday())
        return first, first + timedelta(days=6)
    first = date(on.year + on.month // 12, on.month % 12 + 1, 1)
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)
