"""How a date changes: checked, its room moved, its volunteers and those who signed up told."""

import itertools
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import change_notices, found, project_reports, shifts, waiting
from lianxin.domain.activities.commands.searching import index_activity
from lianxin.domain.activities.events import OccurrenceChanged
from lianxin.domain.activities.models import Activity, Occurrence, OccurrenceLimit, SignUp
from lianxin.domain.activities.rules import plans
from lianxin.domain.activities.rules.wording import spoken
from lianxin.domain.bookings.commands import bookings
from lianxin.domain.bookings.models import BookingTime
from lianxin.domain.places.models import Room, RoomState, Venue, VenueState
from lianxin.platform import contributions, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act
from lianxin.platform.errors import Invalid, Refused

RECORD_KIND = "activities.occurrence"
CHANGEABLE = frozenset(
    {"title", "note", "starts_at", "ends_at", "venue", "room", "place", "takes_sign_ups", "size", "household_most"}
    | {"waiting_most", "sign_up_from", "sign_up_until", "first_for", "first_until", "offer_minutes", "is_drawn"}
    | {"early_minutes", "late_minutes", "has_check_out", "lets_everybody_in", "limits"}
)
LIVE = (Occurrence.State.DRAFT, Occurrence.State.PUBLISHED)


class SizeTooSmall(Refused):
    """More people have a place than there would be places."""

    title = gettext_lazy("More people have a place than that. Call some off first, or leave the number.")


class DatesOverlap(Refused):
    """Two dates of one series would take place at the same time."""

    title = gettext_lazy("Two dates of this series would overlap. Choose another time for one of them.")


class SignedUpAlready(Refused):
    """People signed up under other conditions."""

    title = gettext_lazy("People have signed up already, so this can no longer change. Call the date off instead.")


@dataclass(frozen=True)
class Changed:
    """What became of one date."""

    row: Occurrence
    fields: tuple[str, ...]
    has_more_room: bool


def attribute(name: str) -> str:
    """Give the column behind a field of a date."""
    return f"{name}_id" if name in ("venue", "room") else name


def differing(row: Occurrence, change: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what a change would really change; raises Invalid for a field that no form may set."""
    unknown = set(change) - CHANGEABLE
    if unknown:
        raise Invalid(fields={name: [_("This cannot be changed here.")] for name in sorted(unknown)})
    kept: dict[str, Any] = {}
    for name, value in change.items():
        value = value.strip() if isinstance(value, str) else value
        if name == "limits":
            if [_limit_values(one) for one in value] != [_limit_values(one) for one in row.limits.all()]:
                kept[name] = value
        elif getattr(row, attribute(name)) != value:
            kept[name] = value
    return kept


def check_date(row: Occurrence, changed: set[str], *, actor: Actor, at: datetime) -> None:
    """Raise Invalid for what cannot be about a date, with a sentence for each field."""
    problems: dict[str, list[str]] = {}
    for name, sentence in plans.date_problems(row):
        problems.setdefault(name, []).append(sentence)
    if "starts_at" in changed and row.starts_at <= at:
        problems["starts_at"] = [_("This moment is over already. Choose one that is still to come.")]
    if changed & {"venue", "room"}:
        problems |= place_problems(row, actor)
    if problems:
        raise Invalid(fields=problems)


def place_problems(row: Occurrence, actor: Actor) -> dict[str, list[str]]:
    """Give what is wrong with where a date takes place."""
    if row.venue_id is None:
        return {}
    with scope.everything():
        venue = Venue.objects.filter(pk=row.venue_id).first()
        room = Room.objects.filter(pk=row.room_id, venue=row.venue_id).first() if row.room_id else None
    if venue is None or venue.state == VenueState.CLOSED:
        return {"venue": [_("This place has closed for good. Choose another one.")]}
    if not (policy.may_plan(actor, row.community_id) or policy.is_host_of(actor, venue.pk)):
        return {"venue": [_("You plan for your own place only.")]}
    if row.room_id is None:
        return {}
    if room is None:
        return {"room": [_("This room is not at that place.")]}
    if room.state != RoomState.IN_USE:
        return {"room": [_("This room is not in use now. Choose another one.")]}
    if not actor.covers(room.community_id):
        return {"room": [_("This room belongs to another community. Ask them to book it, and name it as the place.")]}
    return {}


def require_apart(dates: Sequence[Occurrence]) -> None:
    """Refuse when two dates of a series overlap; raises DatesOverlap naming them."""
    ordered = sorted(dates, key=lambda one: one.starts_at)
    for earlier, later in itertools.pairwise(ordered):
        if later.starts_at < earlier.ends_at:
            raise DatesOverlap(
                _("The dates of %(first)s and %(second)s would overlap. Choose another time for one of them.")
                % {"first": spoken(earlier.starts_at), "second": spoken(later.starts_at)}
            )


def change_dates(
    *, actor: Actor, activity: Activity, changes: Mapping[UUID, Mapping[str, Any]], by_hand: bool, at: datetime
) -> list[Changed]:
    """Change dates of one activity, whose row the caller has locked; rooms before dates, the waiting lists last."""
    dates = list(
        Occurrence.objects.filter(activity=activity, state__in=LIVE).prefetch_related("limits").order_by("starts_at")
    )
    touched: list[tuple[Occurrence, Occurrence, dict[str, Any]]] = []
    for row in dates:
        wanted = differing(row, changes.get(row.pk, {}))
        if not wanted:
            continue
        before = copy(row)
        for name, value in wanted.items():
            if name != "limits":
                setattr(row, attribute(name), value)
        check_date(row, set(wanted), actor=actor, at=at)
        touched.append((before, row, wanted))
    if any({"starts_at", "ends_at"} & set(wanted) for _before, _row, wanted in touched):
        require_apart([row for row in dates if row.ends_at > at])
    _move_rooms(actor, [(before, row) for before, row, _wanted in touched], activity, at)
    done = [_save(before, row, wanted, by_hand=by_hand, at=at) for before, row, wanted in touched]
    if any({"title", "venue", "place", "starts_at"} & set(one.fields) for one in done):
        index_activity(activity.pk)
    for (before, row, _wanted), one in zip(touched, done, strict=True):
        if row.state == Occurrence.State.PUBLISHED and set(one.fields) & plans.TELLING:
            _tell(actor, activity, before, row, one.fields, at)
    for one in done:
        if one.has_more_room:
            waiting.fill_places(occurrence=one.row.pk, at=at)
    return done


def _move_rooms(actor: Actor, pairs: list[tuple[Occurrence, Occurrence]], activity: Activity, at: datetime) -> None:
    """Book, move or give back the rooms of public dates, in the order of their rooms."""
    moving = [
        (before, row)
        for before, row in pairs
        if row.state == Occurrence.State.PUBLISHED
        and (before.room_id, before.starts_at, before.ends_at) != (row.room_id, row.starts_at, row.ends_at)
    ]
    moving.sort(key=lambda pair: (str(pair[1].room_id or pair[0].room_id or ""), pair[1].starts_at))
    # What is given back first is free for the other dates of the same series.
    for before, row in moving:
        if before.booking_time_id and before.room_id != row.room_id:
            bookings.cancel_times(
                actor=actor,
                record_kind=RECORD_KIND,
                record_id=row.pk,
                reason=_("The activity moved to another room."),
                at=at,
            )
            row.booking_time_id = None
    later_first = sorted(moving, key=lambda pair: pair[1].starts_at, reverse=_moves_later(moving))
    for before, row in later_first:
        if before.booking_time_id and before.room_id == row.room_id:
            bookings.move_time(
                actor=actor, time=before.booking_time_id, starts_at=row.starts_at, ends_at=row.ends_at, at=at
            )
        else:
            book_room(actor, activity, row, at)


def _moves_later(moving: list[tuple[Occurrence, Occurrence]]) -> bool:
    return any(row.starts_at > before.starts_at for before, row in moving)


def book_room(actor: Actor, activity: Activity, row: Occurrence, at: datetime) -> None:
    """Book the room of one date for it, if it needs one, and note which time of the room it is."""
    if row.room_id is None:
        return
    booking = bookings.book_times(
        actor=actor,
        room=row.room_id,
        times=[(row.starts_at, row.ends_at)],
        title=row.title or activity.title,
        record_kind=RECORD_KIND,
        record_id=row.pk,
        contact_name=activity.contact_name,
        people_expected=min(row.size, bookings.MOST_PEOPLE) if row.size else None,
        note=activity.contact_phone,
        at=at,
    )
    row.booking_time_id = BookingTime.objects.filter(booking=booking).values_list("pk", flat=True).get()


def _save(before: Occurrence, row: Occurrence, wanted: dict[str, Any], *, by_hand: bool, at: datetime) -> Changed:
    """Save one date under its lock, its counters as they are at this moment."""
    locked = found.occurrence(row.pk)
    _require_room_for(locked, row, wanted)
    changed = [name for name in wanted if name != "limits"]
    if by_hand:
        row.edited = sorted({*row.edited, *wanted})
    if set(changed) & plans.TELLING:
        row.sequence = locked.sequence + 1
    row.changed_at, row.version = at, locked.version + 1
    columns = [attribute(name) for name in changed]
    row.save(update_fields=[*columns, "edited", "sequence", "changed_at", "version", "booking_time_id"])
    grew = "limits" in wanted and _set_limits(row, wanted["limits"])
    act().target(row, "changed", {name: [_said(before, name), _said(row, name)] for name in changed})
    if "size" in wanted:
        grew = grew or row.size is None or (before.size is not None and row.size > before.size)
    return Changed(row, tuple(wanted), grew and locked.waiting > 0)


def _said(row: Occurrence, name: str) -> Any:
    """Give a value as the log keeps it: places by their names."""
    if name not in ("venue", "room"):
        return getattr(row, name)
    model: Any = Venue if name == "venue" else Room
    with scope.everything():
        return model.objects.filter(pk=getattr(row, attribute(name))).values_list("name", flat=True).first() or ""


def _require_room_for(locked: Occurrence, row: Occurrence, wanted: dict[str, Any]) -> None:
    if "size" in wanted and row.size is not None and row.size < locked.taken:
        raise SizeTooSmall(
            _(
                "%(taken)d people have a place or are offered one, so %(size)d is too few. "
                "Call some off first, or leave the number."
            )
            % {"taken": locked.taken, "size": row.size}
        )
    if not {"takes_sign_ups", "is_drawn"} & set(wanted):
        return
    if SignUp.objects.filter(occurrence=row, state__in=SignUp.LIVE).exists():
        raise SignedUpAlready


def _set_limits(row: Occurrence, limits: Sequence[plans.LimitPlan]) -> bool:
    """Set the kinds of places; tell whether any has more room than before."""
    standing = {one.name: one for one in OccurrenceLimit.objects.filter(occurrence=row)}
    names = {one.name.strip() for one in limits}
    grew = False
    for name, old in standing.items():
        if name not in names:
            if SignUp.objects.filter(limit=old).exists():
                raise SignedUpAlready(
                    _("People have signed up as “%(name)s”, so this kind of place stays.") % {"name": name}
                )
            old.delete()
    for position, one in enumerate(limits):
        limit = standing.get(one.name.strip()) or OccurrenceLimit(occurrence=row, name=one.name.strip(), size=0)
        if one.size < limit.taken:
            raise SizeTooSmall(
                _("%(taken)d people have a place as “%(name)s”, so %(size)d is too few.")
                % {"taken": limit.taken, "name": one.name, "size": one.size}
            )
        grew = grew or one.size > limit.size > 0
        limit.position, limit.size, limit.min_age, limit.max_age = position, one.size, one.min_age, one.max_age
        limit.save()
    return grew


def _limit_values(one: Any) -> tuple[Any, ...]:
    return one.name.strip(), one.size, one.min_age, one.max_age


def _tell(
    actor: Actor, activity: Activity, before: Occurrence, row: Occurrence, fields: tuple[str, ...], at: datetime
) -> None:
    by = row.starts_at - before.starts_at
    if by or "venue" in fields:
        shifts.move_shifts_of(
            actor=actor, occurrence=row.pk, by=by, venue=row.venue_id if "venue" in fields else None, at=at
        )
    change_notices.tell_of_change(row, activity, at=at)
    project_reports.report_dates(activity, [row], at=at)
    contributions.follow(
        OccurrenceChanged(row.pk, activity.pk, row.community_id, tuple(fields), row.starts_at, row.ends_at),
        actor=actor,
        at=at,
    )


def shift_times(row: Occurrence, shift: plans.ShiftPlan) -> tuple[datetime, datetime]:
    """Give from when until when the volunteers of a date are needed."""
    return row.starts_at - timedelta(minutes=shift.before), row.ends_at + timedelta(minutes=shift.after)
