"""Rooms, equipment and amenities of venues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing

from ..models import AmenityKind, Condition, Equipment, Room, RoomKind, RoomState, Venue, VenueAmenity
from .editing import apply_changes, locked, require_edit_of, require_version, save_changes

ROOM_FIELDS = frozenset({"name", "area_m2", "seats", "floor", "step_free", "confidential", "state", "note", "kind"})
EQUIPMENT_FIELDS = frozenset({"name", "count", "condition", "inspected_on", "note", "room"})


@command("places.add_rooms")
def add_rooms(
    *, actor: Actor, venue: UUID, rooms: Sequence[Mapping[str, Any]], at: datetime, key: UUID | None = None
) -> list[Room]:
    """Add rooms to a venue; each needs `kind` (code); its name is the kind's unless given."""
    found = require_edit_of(actor, venue)
    kinds = {kind.code: kind for kind in RoomKind.objects.filter(code__in={entry["kind"] for entry in rooms})}
    taken = set(Room.objects.filter(venue=found).exclude(state=RoomState.REMOVED).values_list("name", flat=True))
    created = []
    for entry in rooms:
        kind = kinds.get(entry["kind"])
        if kind is None:
            raise Invalid(fields={"kind": [_("Choose one of the kinds of rooms.")]})
        values = {name: value for name, value in entry.items() if name != "kind"}
        room = Room(
            community_id=found.community_id, venue=found, kind=kind, name=kind.name, confidential=kind.is_confidential
        )
        apply_changes(room, values, allowed=ROOM_FIELDS - {"kind"})
        _check_room(room, taken)
        taken.add(room.name)
        created.append(room)
    Room.objects.bulk_create(created)
    act().target(found, "rooms added", {"rooms": [None, [room.name for room in created]]})
    return created


@command("places.add_room")
def add_room(*, actor: Actor, venue: UUID, kind: str, at: datetime, key: UUID | None = None, **values: Any) -> Room:
    """Add one room to a venue."""
    return add_rooms(actor=actor, venue=venue, rooms=[{"kind": kind, **values}], at=at)[0]


@command("places.edit_room")
def edit_room(
    *,
    actor: Actor,
    room: UUID,
    values: Mapping[str, Any],
    at: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> Room:
    """Change a room; state `removed` takes it off the pages, and its past stays."""
    found = locked(Room, room)
    require_edit_of(actor, found.venue_id)
    require_version(found, version)
    wanted = dict(values)
    if "kind" in wanted:
        wanted["kind"] = RoomKind.objects.filter(code=wanted["kind"]).first()
        if wanted["kind"] is None:
            raise Invalid(fields={"kind": [_("Choose one of the kinds of rooms.")]})
    change = apply_changes(found, wanted, allowed=ROOM_FIELDS)
    others = Room.objects.filter(venue=found.venue_id).exclude(pk=found.pk).exclude(state=RoomState.REMOVED)
    _check_room(found, set(others.values_list("name", flat=True)))
    save_changes(found, change)
    return found


def _check_room(room: Room, taken: set[str]) -> None:
    """Refuse a room that nobody could tell from another, or that has impossible numbers."""
    problems: dict[str, list] = {}
    if not 0 < len(room.name) <= 50:
        problems["name"] = [_("Enter a name of at most 50 characters.")]
    elif room.name in taken and room.state != RoomState.REMOVED:
        problems["name"] = [_("This venue already has a room of this name.")]
    if room.state not in RoomState.values:
        problems["state"] = [_("Choose one of the states.")]
    if room.area_m2 is not None and not 0 < Decimal(room.area_m2) < 100_000:
        problems["area_m2"] = [_("An area is more than 0 and less than 100,000 square metres.")]
    if room.seats is not None and not 0 <= room.seats <= 10_000:
        problems["seats"] = [_("Enter a number of seats from 0 to 10,000.")]
    if not -5 <= room.floor <= 150:
        problems["floor"] = [_("Enter a floor from -5 to 150.")]
    if len(room.note) > 200:
        problems["note"] = [_("Use at most %(count)d characters.") % {"count": 200}]
    if problems:
        raise Invalid(fields=problems)


@command("places.add_equipment")
def add_equipment(
    *, actor: Actor, venue: UUID, items: Sequence[Mapping[str, Any]], at: datetime, key: UUID | None = None
) -> list[Equipment]:
    """Add equipment to a venue; each item needs `name` and may have `count`, `room`, `condition`, `inspected_on`."""
    found = require_edit_of(actor, venue)
    created = []
    for item in items:
        row = Equipment(community_id=found.community_id, venue=found)
        apply_changes(row, _with_room(item, found), allowed=EQUIPMENT_FIELDS)
        _check_equipment(row, on=local_day(at))
        created.append(row)
    Equipment.objects.bulk_create(created)
    act().target(found, "equipment added", {"equipment": [None, [row.name for row in created]]})
    return created


@command("places.edit_equipment")
def edit_equipment(
    *,
    actor: Actor,
    equipment: UUID,
    values: Mapping[str, Any],
    at: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> Equipment:
    """Change a piece of equipment, or note its condition at a look."""
    found = locked(Equipment, equipment)
    venue = require_edit_of(actor, found.venue_id)
    require_version(found, version)
    change = apply_changes(found, _with_room(values, venue), allowed=EQUIPMENT_FIELDS)
    _check_equipment(found, on=local_day(at))
    save_changes(found, change)
    return found


@command("places.remove_equipment")
def remove_equipment(
    *, actor: Actor, equipment: UUID, at: datetime, note: str = "", key: UUID | None = None
) -> Equipment:
    """Take a piece of equipment off the list; a repeat changes nothing."""
    found = locked(Equipment, equipment)
    require_edit_of(actor, found.venue_id)
    if found.removed_on is None:
        values = {"removed_on": local_day(at), "note": note.strip()[:200] or found.note}
        save_changes(found, apply_changes(found, values, allowed=frozenset(values)), verb="removed")
    return found


def _with_room(values: Mapping[str, Any], venue: Venue) -> dict[str, Any]:
    """Put the room itself in the place of its id; a room of another venue is not there."""
    wanted = dict(values)
    if wanted.get("room") is not None:
        wanted["room"] = Room.objects.filter(pk=wanted["room"], venue=venue).first()
        if wanted["room"] is None:
            raise Missing(_("This room does not belong to the venue."))
    return wanted


def _check_equipment(row: Equipment, *, on: date) -> None:
    problems: dict[str, list] = {}
    if not 0 < len(row.name) <= 100:
        problems["name"] = [_("Enter a name of at most 100 characters.")]
    if not isinstance(row.count, int) or not 1 <= row.count <= 100_000:
        problems["count"] = [_("Enter a number from 1 to %(most)d.") % {"most": 100_000}]
    if row.condition not in Condition.values:
        problems["condition"] = [_("Choose one of the conditions.")]
    if row.inspected_on is not None and row.inspected_on > on:
        problems["inspected_on"] = [_("This day lies in the future.")]
    if len(row.note) > 200:
        problems["note"] = [_("Use at most %(count)d characters.") % {"count": 200}]
    if problems:
        raise Invalid(fields=problems)


@command("places.set_amenities")
def set_amenities(
    *, actor: Actor, venue: UUID, amenities: Sequence[Mapping[str, Any]], at: datetime, key: UUID | None = None
) -> list[VenueAmenity]:
    """Say what a venue offers: exactly these, each with `kind` (code) and perhaps `count` and `note`."""
    found = require_edit_of(actor, venue)
    codes = [entry["kind"] for entry in amenities]
    kinds = {kind.code: kind for kind in AmenityKind.objects.filter(code__in=codes)}
    problems: list = []
    if len(set(codes)) != len(codes):
        problems.append(_("Name each amenity once and give its number."))
    if set(codes) - kinds.keys():
        problems.append(_("Choose among the amenities of the list."))
    for entry in amenities:
        count = entry.get("count", 1)
        if not isinstance(count, int) or not 1 <= count <= 10_000 or len(entry.get("note") or "") > 100:
            problems.append(_("A number is from 1 to 10,000, a note has at most 100 characters."))
    if problems:
        raise Invalid(fields={"amenities": problems})
    present = {row.kind.code: row for row in VenueAmenity.objects.filter(venue=found).select_related("kind")}
    VenueAmenity.objects.filter(venue=found).exclude(kind__code__in=codes).delete()
    rows = []
    for entry in amenities:
        row = present.get(entry["kind"]) or VenueAmenity(
            community_id=found.community_id, venue=found, kind=kinds[entry["kind"]]
        )
        row.count, row.note = entry.get("count", 1), (entry.get("note") or "").strip()
        row.save()
        rows.append(row)
    if sorted(present) != sorted(codes):
        act().target(found, "amenities changed", {"amenities": [sorted(present), sorted(codes)]})
    return rows
