"""Rooms and equipment of a venue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.places import policy
from lianxin.domain.places.commands import rooms as commands
from lianxin.domain.places.models import Condition, Equipment, Room, RoomState
from lianxin.domain.places.queries import venues
from lianxin.domain.places.queries.venues import VenuePage
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.platform import clock

from ..access import form_page, pick, pressing, reading
from ..acting import VersionedForm, answer_form, day_field
from ..choices import CHOOSE, kind_name, kinds_in_words
from .venue_access import venue_for, venue_to_edit
from .words import venue_crumbs, venue_tabs

ROOM_FIELDS = ("kind", "name", "area_m2", "seats", "floor", "step_free", "confidential", "state", "note")
EQUIPMENT_FIELDS = ("name", "count", "room", "condition", "inspected_on", "note")
ROOM_STATES = [(value, label) for value, label in RoomState.choices if value != RoomState.REMOVED]
CONDITION_TONES = {
    Condition.GOOD: "done",
    Condition.WORN: "due",
    Condition.BROKEN: "stop",
    Condition.MISSING: "stop",
}


class RoomForm(VersionedForm):
    """What a room is."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of room"))
    name = forms.CharField(
        label=pgettext_lazy("places", "Name"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("Empty: like its kind."),
    )
    area_m2 = forms.DecimalField(label=gettext_lazy("Area, m²"), required=False, decimal_places=2)
    seats = forms.IntegerField(label=gettext_lazy("Seats"), required=False)
    floor = forms.IntegerField(label=gettext_lazy("Floor"), initial=1)
    step_free = forms.BooleanField(label=gettext_lazy("Can be reached without steps"), required=False)
    confidential = forms.BooleanField(label=gettext_lazy("Confidential: who is inside is never shown"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=ROOM_STATES, initial=RoomState.IN_USE)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        kinds.choices = [("", CHOOSE), *kinds_in_words(venues.list_room_kinds())]


class EquipmentForm(VersionedForm):
    """What a piece of equipment is, and how it was found at the last look."""

    name = forms.CharField(label=pgettext_lazy("places", "Name"), max_length=100)
    count = forms.IntegerField(label=gettext_lazy("How many"), initial=1)
    room = forms.ChoiceField(label=gettext_lazy("Room"), required=False)
    condition = forms.ChoiceField(label=gettext_lazy("Condition"), choices=Condition.choices, initial=Condition.GOOD)
    inspected_on = day_field(gettext_lazy("Last look"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, rooms: list[Room], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["room"]
        field.choices = [("", pgettext_lazy("room", "No room of its own")), *((str(r.pk), r.name) for r in rooms)]


def rooms_url(venue: UUID) -> str:
    """Give the page of a venue's rooms."""
    return reverse("staff:venue_rooms", kwargs={"venue": venue})


def _page(request: HttpRequest, venue: UUID) -> VenuePage:
    return venues.venue_page(venue=venue, actor=actor_of(request), at=clock.now())


@reading
def show(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Show rooms and equipment."""
    found = venue_for(request, venue)
    may_edit = policy.may_edit_venue(actor_of(request), found)
    page = _page(request, venue)
    return render(
        request,
        "staff/places/rooms.html",
        {
            "venue": found,
            "crumbs": venue_crumbs(found, (_("Rooms"), "")),
            "tabs": venue_tabs("venue_rooms", found, may_edit=may_edit),
            "may_edit": may_edit,
            "rooms": [(room, kind_name(room.kind)) for room in page.rooms],
            "equipment": [(row, CONDITION_TONES[Condition(row.condition)]) for row in page.equipment],
        },
    )


@form_page
def add_room(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Add a room."""
    found = venue_to_edit(request, venue)
    form = RoomForm(request.POST or None)

    def do(entered: dict[str, Any]) -> Any:
        values = {name: entered[name] for name in ROOM_FIELDS if name not in ("kind", "name")}
        if entered["name"]:
            values["name"] = entered["name"]
        if not entered["confidential"]:
            # A kind that is confidential by itself stays so unless somebody changes the room afterwards.
            del values["confidential"]
        return commands.add_room(
            actor=actor_of(request), venue=venue, kind=entered["kind"], at=clock.now(), key=entered["key"], **values
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _room: rooms_url(venue),
        said=_("Added."),
        title=_("Add a room"),
        lead=found.name,
        button=_("Add"),
        cancel_url=rooms_url(venue),
        crumbs=venue_crumbs(found, (_("Rooms"), rooms_url(venue)), (_("Add a room"), "")),
    )


def _room_values(room: Room) -> dict[str, Any]:
    values = {name: getattr(room, name) for name in ROOM_FIELDS if name != "kind"}
    return {"kind": room.kind.code, "version": room.version, **values}


@form_page
def edit_room(request: HttpRequest, venue: UUID, room: UUID) -> HttpResponse:
    """Change a room, or take it off the pages."""
    found = venue_to_edit(request, venue)
    row = pick(_page(request, venue).rooms, room)
    form = RoomForm(request.POST or None, initial=_room_values(row))

    def do(entered: dict[str, Any]) -> Any:
        values = form.values(*ROOM_FIELDS)
        return commands.edit_room(
            actor=actor_of(request),
            room=room,
            values=values,
            version=entered["version"],
            at=clock.now(),
            key=entered["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _room: rooms_url(venue),
        said=_("Saved."),
        fresh=lambda: _room_values(pick(_page(request, venue).rooms, room)),
        template="staff/places/edit_or_remove.html",
        title=row.name,
        lead=found.name,
        button=_("Save"),
        cancel_url=rooms_url(venue),
        remove_url=reverse("staff:room_remove", kwargs={"venue": venue, "room": room}),
        remove_text=_("This room no longer exists"),
        crumbs=venue_crumbs(found, (_("Rooms"), rooms_url(venue)), (row.name, "")),
    )


@pressing
def remove_room(request: HttpRequest, venue: UUID, room: UUID) -> HttpResponse:
    """Take a room off the pages; its past stays."""
    venue_to_edit(request, venue)
    row = pick(_page(request, venue).rooms, room)
    return press(
        request,
        do=lambda: commands.edit_room(
            actor=actor_of(request),
            room=row.pk,
            values={"state": RoomState.REMOVED},
            at=clock.now(),
            key=key_of(request),
        ),
        back=rooms_url(venue),
        said=_("The room is off the list. What happened in it stays on record."),
    )


def _equipment_form(request: HttpRequest, page: VenuePage, row: Equipment | None = None) -> EquipmentForm:
    return EquipmentForm(request.POST or None, rooms=page.rooms, initial=_equipment_values(row) if row else None)


def _equipment_values(row: Equipment) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in EQUIPMENT_FIELDS if name != "room"}
    return {"room": str(row.room_id or ""), "version": row.version, **values}


def _equipment_entered(entered: dict[str, Any]) -> dict[str, Any]:
    values = {name: entered[name] for name in EQUIPMENT_FIELDS}
    return values | {"room": UUID(entered["room"]) if entered["room"] else None}


@form_page
def add_equipment(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Add a piece of equipment."""
    found = venue_to_edit(request, venue)
    form = _equipment_form(request, _page(request, venue))
    return answer_form(
        request,
        form,
        do=lambda entered: commands.add_equipment(
            actor=actor_of(request),
            venue=venue,
            items=[_equipment_entered(entered)],
            at=clock.now(),
            key=entered["key"],
        ),
        then=lambda _rows: rooms_url(venue),
        said=_("Added."),
        title=_("Add equipment"),
        lead=found.name,
        button=_("Add"),
        cancel_url=rooms_url(venue),
        crumbs=venue_crumbs(found, (_("Rooms"), rooms_url(venue)), (_("Add equipment"), "")),
    )


@form_page
def edit_equipment(request: HttpRequest, venue: UUID, equipment: UUID) -> HttpResponse:
    """Change a piece of equipment, or take it off the list."""
    found = venue_to_edit(request, venue)
    page = _page(request, venue)
    row = pick(page.equipment, equipment)
    form = _equipment_form(request, page, row)
    return answer_form(
        request,
        form,
        do=lambda entered: commands.edit_equipment(
            actor=actor_of(request),
            equipment=equipment,
            values=_equipment_entered(entered),
            version=entered["version"],
            at=clock.now(),
            key=entered["key"],
        ),
        then=lambda _row: rooms_url(venue),
        said=_("Saved."),
        fresh=lambda: _equipment_values(pick(_page(request, venue).equipment, equipment)),
        template="staff/places/edit_or_remove.html",
        title=row.name,
        lead=found.name,
        button=_("Save"),
        cancel_url=rooms_url(venue),
        remove_url=reverse("staff:equipment_remove", kwargs={"venue": venue, "equipment": equipment}),
        remove_text=_("No longer there"),
        crumbs=venue_crumbs(found, (_("Rooms"), rooms_url(venue)), (row.name, "")),
    )


@pressing
def remove_equipment(request: HttpRequest, venue: UUID, equipment: UUID) -> HttpResponse:
    """Take a piece of equipment off the list."""
    venue_to_edit(request, venue)
    row = pick(_page(request, venue).equipment, equipment)
    return press(
        request,
        do=lambda: commands.remove_equipment(
            actor=actor_of(request), equipment=row.pk, at=clock.now(), key=key_of(request)
        ),
        back=rooms_url(venue),
        said=_("Taken off the list."),
    )
