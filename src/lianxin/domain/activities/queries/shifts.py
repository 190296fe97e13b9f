"""Shifts: what is needed near home for everybody, a community's board for its office, and who holds which place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Shift, ShiftPlace
from lianxin.domain.activities.queries.teams import leads
from lianxin.domain.places.models import Venue
from lianxin.engines.geo import Point, distance_metres
from lianxin.engines.masking import mask_name
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

MOST_SHOWN = 500
MOST_NEAR = 100


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """One shift on a list; it names nobody."""

    id: UUID
    community: UUID
    community_name: str
    occurrence: UUID | None
    title: str
    role: str
    what: str
    state: str
    starts_at: datetime
    ends_at: datetime
    venue: UUID | None
    where: str
    lng: float | None
    lat: float | None
    least: int
    most: int
    taken: int
    skills: tuple[str, ...]
    team: UUID | None
    team_name: str
    close_reason: str
    metres: float | None = None

    @property
    def free(self) -> int:
        """Tell how many more are wanted."""
        return self.most - self.taken

    @property
    def missing(self) -> int:
        """Tell how many are missing for it to take place."""
        return max(0, self.least - self.taken)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """Somebody on a shift, to the office and the leader of its team; the name is masked."""

    id: UUID
    person: UUID | None
    name: str
    organisation_name: str
    is_reporting_in: bool
    state: str
    came_at: datetime | None
    left_at: datetime | None
    minutes: int
    taken_at: datetime
    ended_reason: str


@dataclass(frozen=True, slots=True)
class ShiftPage:
    """Everything that the office's page of a shift shows."""

    row: ShiftRow
    shift: Shift
    places: list[PlaceRow]
    timeline: list[audit.TimelineEntry]


@dataclass(frozen=True, slots=True)
class MyShift:
    """A shift that somebody holds or held."""

    place: UUID
    state: str
    minutes: int
    row: ShiftRow


def list_shifts(
    *,
    actor: Actor,
    community: UUID,
    from_at: datetime,
    until_at: datetime,
    state: str = "",
    short_only: bool = False,
) -> list[ShiftRow]:
    """List the shifts of a community between two moments, to its office and hosts; two queries."""
    policy.require(policy.may_read_any(actor) and actor.covers(community))
    with scope.within(actor.communities):
        rows = Shift.objects.filter(community=community, starts_at__gte=from_at, starts_at__lt=until_at)
        if not policy.may_read_volunteers(actor, community):
            rows = rows.filter(venue__in=actor.venues)
        rows = rows.filter(state=state) if state else rows
        found = [_row(row) for row in _with(rows).order_by("starts_at", "pk")[:MOST_SHOWN]]
    return [row for row in found if row.missing and row.state == Shift.State.OPEN] if short_only else found


def list_of_occurrence(*, actor: Actor, occurrence: UUID) -> list[tuple[ShiftRow, list[PlaceRow]]]:
    """List the shifts of an occurrence with who holds them, for the occurrence's page; three queries."""
    with scope.within(actor.communities):
        rows = list(_with(Shift.objects.filter(occurrence=occurrence)).order_by("starts_at", "pk")[:MOST_SHOWN])
        if any(not _may_see_places(actor, row) for row in rows):
            raise Missing
        places = _places(ShiftPlace.objects.filter(shift__in=[row.pk for row in rows]))
    return [(_row(row), places.get(row.pk, [])) for row in rows]


def find_shift(*, actor: Actor, shift: UUID) -> ShiftPage:
    """Give what the page of a shift shows to the office, the host and the team's leader; raises Missing."""
    with scope.within(actor.communities):
        row = _with(Shift.objects.filter(pk=shift)).first()
        if row is None or not (_may_see_places(actor, row) or leads(actor=actor, team=row.team_id)):
            raise Missing
        places = _places(ShiftPlace.objects.filter(shift=row))
        return ShiftPage(
            _row(row), row, places.get(row.pk, []), audit.entries_for("activities.shift", row.pk, limit=50)
        )


def find_place(*, actor: Actor, place: UUID) -> tuple[ShiftRow, PlaceRow]:
    """Give one place on a shift, to the office, the host and the team's leader; raises Missing."""
    with scope.within(actor.communities):
        found = ShiftPlace.objects.filter(pk=place).values_list("shift_id", flat=True).first()
        row = _with(Shift.objects.filter(pk=found)).first() if found else None
        if row is None or not (_may_see_places(actor, row) or leads(actor=actor, team=row.team_id)):
            raise Missing
        [one] = _places(ShiftPlace.objects.filter(pk=place))[row.pk]
    return _row(row), one


def list_open(
    *,
    at: datetime,
    until_at: datetime,
    community: UUID | None = None,
    communities: Iterable[UUID] | None = None,
    near: Point | None = None,
) -> list[ShiftRow]:
    """List the shifts of the whole district that still want people, for everybody to see; two queries.

    Those of `community` come first, then the nearest to a point, then by time. Nobody is named.
    """
    with scope.everything():
        rows = Shift.objects.filter(state=Shift.State.OPEN, starts_at__gt=at, starts_at__lt=until_at)
        if communities is not None:
            rows = rows.filter(community__in=list(communities))
        found = [_row(row, near) for row in _with(rows).order_by("starts_at", "pk")[:MOST_SHOWN]]
    wanted = [row for row in found if row.free > 0]

    def order(row: ShiftRow) -> tuple[bool, int, datetime]:
        # Within a kilometre nearness matters less than the day.
        return row.community != community, int((row.metres or 0) // 1000) if near else 0, row.starts_at

    return sorted(wanted, key=order)[:MOST_NEAR]


def find_open(*, shift: UUID) -> ShiftRow:
    """Give one shift as everybody may see it, drafts excluded; raises Missing."""
    with scope.everything():
        row = _with(Shift.objects.filter(pk=shift).exclude(state=Shift.State.DRAFT)).first()
    if row is None:
        raise Missing
    return _row(row)


def community_of(*, shift: UUID) -> UUID:
    """Give the community that a shift belongs to, for whoever visits it; raises Missing."""
    with scope.everything():
        found = Shift.objects.filter(pk=shift).exclude(state=Shift.State.DRAFT).values_list("community_id", flat=True)
        first = found.first()
    if first is None:
        raise Missing
    return first


def community_of_place(*, place: UUID) -> UUID:
    """Give the community whose shift a place is on; raises Missing."""
    with scope.everything():
        first = ShiftPlace.objects.filter(pk=place).values_list("community_id", flat=True).first()
    if first is None:
        raise Missing
    return first


def my_shifts(*, person: UUID, from_at: datetime | None = None, until_at: datetime | None = None) -> list[MyShift]:
    """List the shifts that a person holds or held, in all communities; two queries."""
    with scope.everything():
        places = ShiftPlace.objects.filter(person=person).exclude(state=ShiftPlace.State.CANCELLED)
        if from_at is not None:
            places = places.filter(ends_at__gte=from_at)
        if until_at is not None:
            places = places.filter(ends_at__lt=until_at)
        order = ("starts_at", "pk") if from_at is not None else ("-starts_at", "-pk")
        found = list(places.order_by(*order)[:MOST_SHOWN])
        rows = {row.pk: _row(row) for row in _with(Shift.objects.filter(pk__in=[one.shift_id for one in found]))}
    return [MyShift(one.pk, one.state, one.minutes, rows[one.shift_id]) for one in found]


def my_place_on(*, person: UUID, shift: UUID) -> UUID | None:
    """Give the place that a person holds on a shift, or None; one query."""
    with scope.everything():
        places = ShiftPlace.objects.filter(person=person, shift=shift).exclude(state=ShiftPlace.State.CANCELLED)
        return places.values_list("pk", flat=True).first()


def sent_by(*, organisations: Iterable[UUID], from_at: datetime) -> list[tuple[ShiftRow, list[PlaceRow]]]:
    """List the shifts to which partners sent people, with those people; three queries."""
    with scope.everything():
        mine = ShiftPlace.objects.filter(organisation__in=list(organisations), ends_at__gte=from_at, person=None)
        places = _places(mine, full_names=True)
        rows = _with(Shift.objects.filter(pk__in=list(places))).order_by("starts_at", "pk")
        return [(_row(row), places[row.pk]) for row in rows]


def origin_of(*, community: UUID) -> Point | None:
    """Give where a community's centre stands, to measure "near home" from; one query."""
    with scope.everything():
        there = Venue.objects.filter(community=community, kind="centre", lng__isnull=False, lat__isnull=False).first()
    return Point(there.lng, there.lat) if there and there.lng is not None and there.lat is not None else None


def count_open(*, community: UUID, at: datetime) -> int:
    """Count the shifts of a community that still want people; one query."""
    with scope.everything():
        rows = Shift.objects.filter(community=community, state=Shift.State.OPEN, starts_at__gt=at)
        return rows.filter(taken__lt=F("most")).count()


def _may_see_places(actor: Actor, row: Shift) -> bool:
    return policy.may_read_volunteers(actor, row.community_id) or policy.is_host_of(actor, row.venue_id)


def _with(rows: QuerySet[Shift]) -> QuerySet[Shift]:
    return rows.select_related("community", "venue", "team", "occurrence__activity").prefetch_related("skills")


def _places(rows: QuerySet[ShiftPlace], *, full_names: bool = False) -> dict[UUID, list[PlaceRow]]:
    found: dict[UUID, list[PlaceRow]] = {}
    for row in rows.select_related("person", "organisation").order_by("taken_at", "pk"):
        guest = row.guest_name if full_names else mask_name(row.guest_name)
        found.setdefault(row.shift_id, []).append(
            PlaceRow(
                id=row.pk,
                person=row.person_id,
                name=mask_name(row.person.name) if row.person else guest,
                organisation_name=row.organisation.name if row.organisation else "",
                is_reporting_in=row.is_reporting_in,
                state=row.state,
                came_at=row.came_at,
                left_at=row.left_at,
                minutes=row.minutes,
                taken_at=row.taken_at,
                ended_reason=row.ended_reason,
            )
        )
    return found


def _row(row: Shift, near: Point | None = None) -> ShiftRow:
    date_row = row.occurrence
    has_point = row.lng is not None and row.lat is not None
    metres = None
    if near is not None and has_point and row.lng is not None and row.lat is not None:
        metres = distance_metres(near, to=Point(row.lng, row.lat))
    return ShiftRow(
        id=row.pk,
        community=row.community_id,
        community_name=row.community.short_name,
        occurrence=row.occurrence_id,
        title=(date_row.title or date_row.activity.title) if date_row else "",
        role=row.role,
        what=row.what,
        state=row.state,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        venue=row.venue_id,
        where=" ".join(filter(None, (row.venue.name if row.venue else "", row.place))),
        lng=row.lng,
        lat=row.lat,
        least=row.least,
        most=row.most,
        taken=row.taken,
        skills=tuple(skill.name for skill in row.skills.all()),
        team=row.team_id,
        team_name=row.team.name if row.team else "",
        close_reason=row.close_reason,
        metres=metres,
    )


def counts_equal_places() -> Iterable[str]:
    """Prove that each shift's counter equals its places; yields a sentence for each that differs."""
    with scope.everything():
        live = Count("places", filter=~Q(places__state=ShiftPlace.State.CANCELLED))
        rows = Shift.objects.order_by().annotate(held=live).exclude(taken=F("held"))
        for pk, taken, held in rows.values_list("pk", "taken", "held"):
            yield f"shift {pk}: {taken} counted, {held} places"
