"""What an upgrade will look like: planned rooms, and pictures from before and after."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.platform import files
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

from .. import policy
from ..models import Moment, PlannedRoom, RoomKind, Upgrade, UpgradePicture
from ..rules import upgrades as rules
from .upgrades import WrongState, add_template_rooms, open_books, upgrade_for

PICTURE_BYTES = 10 * 1_048_576


@command("places.plan_rooms")
def plan_rooms(*, actor: Actor, at: datetime, upgrade: UUID, template: str) -> list[PlannedRoom]:
    """Plan the rooms of a template (one hall, five rooms) for an upgrade that has none yet."""
    found = _planning(actor, upgrade)
    if found.planned_rooms.exists():
        raise Refused(_("Rooms are planned already; add single ones instead."))
    rooms = add_template_rooms(found, template)
    act().target(found, "planned rooms", {"template": [None, template]})
    return rooms


def _planning(actor: Actor, upgrade: UUID) -> Upgrade:
    found = open_books(actor, upgrade)
    if found.state not in rules.RUNNING:
        raise WrongState(_("The venue is open again; add the room to the venue itself."))
    return found


@command("places.put_planned_room")
def put_planned_room(
    *,
    actor: Actor,
    at: datetime,
    upgrade: UUID,
    name: str,
    kind: UUID,
    area_m2: Decimal | int | None = None,
    seats: int | None = None,
    planned_room: UUID | None = None,
) -> PlannedRoom:
    """Add a planned room, or change one."""
    found = _planning(actor, upgrade)
    name = name.strip()
    faults: dict[str, list[Any]] = {}
    if not name or len(name) > 50:
        faults["name"] = [_("Please give the room a name of at most 50 characters.")]
    elif found.planned_rooms.filter(name=name).exclude(pk__in=[planned_room] if planned_room else []).exists():
        faults["name"] = [_("There is a planned room of this name already.")]
    for field, value in (("area_m2", area_m2), ("seats", seats)):
        if value is not None and not 0 < value <= 100_000:
            faults[field] = [_("This is a whole number above zero.")]
    if not RoomKind.objects.filter(pk=kind).exists():
        faults["kind"] = [_("Please choose the kind of room.")]
    if faults:
        raise Invalid(fields=faults)
    if planned_room is not None:
        room = found.planned_rooms.filter(pk=planned_room).first()
        if room is None:
            raise Missing
    else:
        room = PlannedRoom(community_id=found.community_id, upgrade=found)
    room.name, room.kind_id, room.area_m2, room.seats = name, kind, area_m2, seats
    room.save()
    act().target(found, "planned a room", {name: [None, area_m2]})
    return room


@command("places.remove_planned_room")
def remove_planned_room(*, actor: Actor, at: datetime, planned_room: UUID) -> None:
    """Take a planned room out."""
    room = PlannedRoom.objects.filter(pk=planned_room).first()
    if room is None:
        raise Missing
    upgrade = _planning(actor, room.upgrade_id)
    act().target(upgrade, "removed a planned room", {room.name: [room.area_m2, None]})
    room.delete()


@command("places.add_upgrade_picture")
def add_upgrade_picture(
    *, actor: Actor, at: datetime, upgrade: UUID, moment: str, file: UUID, caption: str = ""
) -> UpgradePicture:
    """Add a picture from before or after; no step of an upgrade ever asks for one."""
    found = upgrade_for(upgrade)
    policy.require(policy.may_run_upgrade(actor, found.community_id))
    if moment not in Moment.values:
        raise Invalid(fields={"moment": [_("Please say whether the picture is from before or after.")]})
    picture, _created = UpgradePicture.objects.get_or_create(
        upgrade=found,
        file=file,
        defaults={"community_id": found.community_id, "moment": moment, "caption": caption.strip()[:100]},
    )
    act().target(found, "added a picture", {moment: [None, file]})
    return picture


@command("places.upload_upgrade_picture")
def upload_upgrade_picture(
    *, actor: Actor, at: datetime, upgrade: UUID, moment: str, fileobj: files.Readable, name: str, caption: str = ""
) -> UpgradePicture:
    """Keep an uploaded picture and add it; raises a sentence for what is no picture or too large."""
    found = upgrade_for(upgrade)
    policy.require(policy.may_run_upgrade(actor, found.community_id))
    stored = files.store(
        fileobj=fileobj,
        name=name,
        purpose="places.upgrade_picture",
        limit_bytes=PICTURE_BYTES,
        community_id=found.community_id,
        at=at,
    )
    return add_upgrade_picture(actor=actor, at=at, upgrade=upgrade, moment=moment, file=stored.pk, caption=caption)


@command("places.remove_upgrade_picture")
def remove_upgrade_picture(*, actor: Actor, at: datetime, picture: UUID) -> None:
    """Take a picture out."""
    found = UpgradePicture.objects.filter(pk=picture).first()
    if found is None:
        raise Missing
    upgrade = upgrade_for(found.upgrade_id)
    policy.require(policy.may_run_upgrade(actor, upgrade.community_id))
    act().target(upgrade, "removed a picture", {found.moment: [found.file, None]})
    found.delete()
