"""Shifts: asking for people, changing what is asked, and ending it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import shift_watch
from lianxin.domain.activities.models import Occurrence, Shift, ShiftPlace, Skill, Team
from lianxin.domain.activities.rules import shifts as rules
from lianxin.domain.places.models import Venue, VenueState
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused

State = Shift.State
LIVE = (State.DRAFT, State.OPEN)
EDITABLE = frozenset({"role", "what", "skills", "team", "starts_at", "ends_at", "venue", "place", "least", "most"})


class ShiftOver(Refused):
    """The shift was done or called off."""

    title = gettext_lazy("This shift has ended. Open a new one.")


class PlacesTaken(Refused):
    """People hold places that the change would take away."""

    title = gettext_lazy("People have taken this shift. Tell them first, or leave enough places for them.")


@command("activities.open_shift")
def open_shift(
    *,
    actor: Actor,
    community: UUID,
    role: str,
    starts_at: datetime,
    ends_at: datetime,
    most: int,
    least: int = 1,
    what: str = "",
    skills: Iterable[UUID] = (),
    occurrence: UUID | None = None,
    record_kind: str = "",
    record_id: UUID | None = None,
    team: UUID | None = None,
    venue: UUID | None = None,
    place: str = "",
    lng: float | None = None,
    lat: float | None = None,
    is_open: bool = True,
    at: datetime,
    key: UUID | None = None,
) -> Shift:
    """Ask for people at a time and place; `is_open=False` keeps it as a draft until `open_shifts_of`.

    A shift of an occurrence names it; one of a higher module (a delivery round, a visit) names its record.
    """
    policy.require(policy.may_open_shift(actor, community, venue))
    _check_times(starts_at, ends_at, at)
    _check_numbers(least, most)
    row = Shift(
        community_id=community,
        occurrence_id=_occurrence(occurrence, community),
        record_kind=record_kind,
        record_id=record_id,
        team_id=_team(team, community),
        state=State.OPEN if is_open else State.DRAFT,
        role=_words(role, "role", most=40, needed=True),
        what=_words(what, "what", most=300),
        starts_at=starts_at,
        ends_at=ends_at,
        place=_words(place, "place", most=120),
        least=least,
        most=most,
        made_by=actor.account,
    )
    _set_place(row, venue=venue, lng=lng, lat=lat)
    row.save(force_insert=True)
    row.skills.set(_skills(skills))
    if is_open:
        shift_watch.watch(row, at=at)
    act().target(row, "opened" if is_open else "drafted", {"role": [None, row.role], "most": [None, most]})
    return row


@command("activities.open_shifts_of")
def open_shifts_of(*, actor: Actor, occurrence: UUID, at: datetime, key: UUID | None = None) -> list[Shift]:
    """Open the drafted shifts of an occurrence, as part of publishing it."""
    rows = locks.lock(Shift.objects.filter(occurrence=occurrence, state=State.DRAFT))
    for row in rows:
        policy.require(policy.may_open_shift(actor, row.community_id, row.venue_id))
        row.state = State.OPEN
        row.save(update_fields=["state"])
        shift_watch.watch(row, at=at)
        act().target(row, "opened", {"state": [State.DRAFT, State.OPEN]})
    return rows


@command("activities.change_shift")
def change_shift(
    *,
    actor: Actor,
    shift: UUID,
    values: Mapping[str, Any],
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Shift:
    """Change what a shift asks for; those who took it are told when time or place changed."""
    row = _live(shift)
    policy.require(policy.may_open_shift(actor, row.community_id, row.venue_id))
    if version is not None and row.version != version:
        raise EditedMeanwhile(current_version=row.version)
    unknown = set(values) - EDITABLE
    if unknown:
        raise Invalid(fields={name: [_("This cannot be changed here.")] for name in sorted(unknown)})
    before = {name: getattr(row, name) for name in ("role", "starts_at", "ends_at", "place", "least", "most")}
    before |= {"venue": row.venue_id, "team": row.team_id}
    _fill(row, values, at)
    policy.require(policy.may_open_shift(actor, row.community_id, row.venue_id))
    after = {name: getattr(row, name) for name in ("role", "starts_at", "ends_at", "place", "least", "most")}
    after |= {"venue": row.venue_id, "team": row.team_id}
    change = {name: [old, after[name]] for name, old in before.items() if old != after[name]}
    row.version += 1
    row.save()
    if {"starts_at", "ends_at"} & set(change):
        _move_places(row)
    if {"starts_at", "ends_at", "venue", "place"} & set(change):
        shift_watch.tell_all(row, shift_watch.CHANGED)
    shift_watch.watch(row, at=at)
    act().target(row, "changed", change)
    return row


@command("activities.move_shifts_of")
def move_shifts_of(
    *, actor: Actor, occurrence: UUID, by: timedelta, venue: UUID | None = None, at: datetime, key: UUID | None = None
) -> list[Shift]:
    """Move the live shifts of an occurrence along with it, and to its new venue when one is given."""
    rows = locks.lock(Shift.objects.filter(occurrence=occurrence, state__in=LIVE))
    for row in rows:
        policy.require(policy.may_open_shift(actor, row.community_id, row.venue_id))
        row.starts_at += by
        row.ends_at += by
        if venue is not None:
            _set_place(row, venue=venue, lng=None, lat=None)
        row.version += 1
        row.save()
        _move_places(row)
        shift_watch.tell_all(row, shift_watch.CHANGED)
        shift_watch.watch(row, at=at)
        act().target(row, "moved", {"starts_at": [row.starts_at - by, row.starts_at]})
    return rows


@command("activities.cancel_shift")
def cancel_shift(*, actor: Actor, shift: UUID, reason: str, at: datetime, key: UUID | None = None) -> Shift:
    """Call a shift off; everybody who took it is told."""
    row = _live(shift)
    policy.require(policy.may_open_shift(actor, row.community_id, row.venue_id))
    end_shifts([row], reason=_words(reason, "reason", most=200, needed=True), at=at)
    return row


@command("activities.cancel_shifts_of")
def cancel_of(*, actor: Actor, occurrence: UUID, reason: str, at: datetime, key: UUID | None = None) -> list[Shift]:
    """Call off all shifts of an occurrence, as part of cancelling it."""
    rows = locks.lock(Shift.objects.filter(occurrence=occurrence, state__in=LIVE))
    for row in rows:
        policy.require(policy.may_open_shift(actor, row.community_id, row.venue_id))
    end_shifts(rows, reason=reason, at=at)
    return rows


@command("activities.cancel_shifts_for")
def cancel_for(
    *, actor: Actor, record_kind: str, record_id: UUID, reason: str, at: datetime, key: UUID | None = None
) -> list[Shift]:
    """Call off all shifts of a higher module's record."""
    rows = locks.lock(Shift.objects.filter(record_kind=record_kind, record_id=record_id, state__in=LIVE))
    for row in rows:
        policy.require(policy.may_open_shift(actor, row.community_id, row.venue_id))
    end_shifts(rows, reason=reason, at=at)
    return rows


@command("activities.take_shifts_back")
def take_back_of(*, actor: Actor, occurrence: UUID, at: datetime, key: UUID | None = None) -> list[Shift]:
    """Make the open shifts of an occurrence drafts again, as part of taking a publication back.

    Raises PlacesTaken while anybody holds a place on one of them.
    """
    rows = locks.lock(Shift.objects.filter(occurrence=occurrence, state=State.OPEN))
    for row in rows:
        policy.require(policy.may_open_shift(actor, row.community_id, row.venue_id))
        if row.taken:
            raise PlacesTaken
        row.state = State.DRAFT
        row.save(update_fields=["state"])
        shift_watch.unwatch(row)
        act().target(row, "taken back", {"state": [State.OPEN, State.DRAFT]})
    return rows


def end_shifts(rows: Iterable[Shift], *, reason: str, at: datetime) -> None:
    """Call off shifts that are locked: their places end and those who held them are told."""
    for row in rows:
        old = row.state
        row.state, row.closed_at, row.close_reason, row.taken = State.CANCELLED, at, reason[:200], 0
        row.version += 1
        shift_watch.tell_all(row, shift_watch.CANCELLED, reason=reason)
        ShiftPlace.objects.filter(shift=row, state=ShiftPlace.State.TAKEN).update(
            state=ShiftPlace.State.CANCELLED, ended_at=at, ended_reason=reason[:200]
        )
        # What was done before it was called off stays done and keeps its place.
        row.taken = ShiftPlace.objects.filter(shift=row, state__in=["done", "missed"]).count()
        row.save(update_fields=["state", "closed_at", "close_reason", "taken", "version"])
        shift_watch.settle(row)
        act().target(row, "cancelled", {"state": [old, State.CANCELLED]})
        act().note(reason=reason)


def _live(pk: UUID) -> Shift:
    row: Shift | None = locks.lock_one(Shift.objects.filter(pk=pk))
    if row is None:
        raise Missing
    if row.state not in LIVE:
        raise ShiftOver
    return row


def _fill(row: Shift, values: Mapping[str, Any], at: datetime) -> None:
    starts_at, ends_at = values.get("starts_at", row.starts_at), values.get("ends_at", row.ends_at)
    if (starts_at, ends_at) != (row.starts_at, row.ends_at):
        _check_times(starts_at, ends_at, at)
        row.starts_at, row.ends_at = starts_at, ends_at
    least, most = values.get("least", row.least), values.get("most", row.most)
    _check_numbers(least, most)
    if most < row.taken:
        raise PlacesTaken(
            _("%(taken)d people have taken this shift, so it cannot be for %(most)d. Give places back first.")
            % {"taken": row.taken, "most": most}
        )
    row.least, row.most = least, most
    for name, longest in (("role", 40), ("what", 300), ("place", 120)):
        if name in values:
            setattr(row, name, _words(values[name], name, most=longest, needed=name == "role"))
    if "team" in values:
        row.team_id = _team(values["team"], row.community_id)
    if "venue" in values and values["venue"] != row.venue_id:
        _set_place(row, venue=values["venue"], lng=None, lat=None)
    if "skills" in values:
        row.skills.set(_skills(values["skills"]))


def _move_places(row: Shift) -> None:
    ShiftPlace.objects.filter(shift=row, state=ShiftPlace.State.TAKEN).update(
        starts_at=row.starts_at, ends_at=row.ends_at
    )


def _check_times(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if ends_at <= starts_at:
        raise Invalid(fields={"ends_at": [_("The end has to come after the start.")]})
    if ends_at - starts_at > rules.LONGEST:
        raise Invalid(fields={"ends_at": [_("A shift lasts 16 hours at most. Make several of it.")]})
    if ends_at <= at:
        raise Invalid(fields={"starts_at": [_("This time is over already.")]})
    if starts_at > at + rules.FURTHEST:
        raise Invalid(fields={"starts_at": [_("This lies more than a year ahead. Please check the year.")]})


def _check_numbers(least: int, most: int) -> None:
    if not 1 <= most <= rules.MOST_PEOPLE:
        raise Invalid(fields={"most": [_("Between 1 and %(most)d people.") % {"most": rules.MOST_PEOPLE}]})
    if not 0 <= least <= most:
        raise Invalid(fields={"least": [_("The least cannot be more than the most.")]})


def _words(text: str, field: str, *, most: int, needed: bool = False) -> str:
    text = " ".join(str(text).split())
    if needed and not text:
        raise Invalid(fields={field: [_("This is missing.")]})
    if len(text) > most:
        raise Invalid(fields={field: [_("At most %(most)d characters.") % {"most": most}]})
    return text


def _skills(wanted: Iterable[UUID]) -> list[Skill]:
    asked = set(wanted)
    found = list(Skill.objects.filter(pk__in=asked))
    if len(found) != len(asked):
        raise Invalid(fields={"skills": [_("Choose from the list of skills.")]})
    return found


def _team(pk: UUID | None, community: UUID) -> UUID | None:
    if pk is not None and not Team.objects.filter(pk=pk, community=community, state=Team.State.ACTIVE).exists():
        raise Invalid(fields={"team": [_("Choose a team of this community that is at work.")]})
    return pk


def _occurrence(pk: UUID | None, community: UUID) -> UUID | None:
    if pk is not None and not Occurrence.objects.filter(pk=pk, community=community).exists():
        raise Missing
    return pk


def _set_place(row: Shift, *, venue: UUID | None, lng: float | None, lat: float | None) -> None:
    """Set where a shift is; a venue lends its position."""
    row.venue_id = venue
    if venue is None:
        row.lng, row.lat = (lng, lat) if lng is not None and lat is not None else (None, None)
        return
    there = Venue.objects.filter(pk=venue).exclude(state=VenueState.CLOSED).first()
    if there is None:
        raise Invalid(fields={"venue": [_("This place is closed for good. Choose another one.")]})
    row.lng, row.lat = (lng, lat) if lng is not None and lat is not None else (there.lng, there.lat)
