"""What an upgrade consists of: milestones, money, planned rooms and pictures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.platform import duties, locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

from .. import policy
from ..models import (
    Milestone,
    Moment,
    PlannedRoom,
    RoomKind,
    Upgrade,
    UpgradeFunding,
    UpgradePicture,
    UpgradeSpending,
)
from ..rules import upgrades as rules
from .upgrades import MILESTONE_DUTY, WrongState, add_template_rooms, upgrade_for

MOST_FEN = 10**13


class MoneySpent(Refused):
    """A source has less left than was asked for."""

    title = gettext_lazy("There is not enough money left from this source.")


def _open_upgrade(actor: Actor, upgrade: UUID) -> Upgrade:
    found = upgrade_for(upgrade)
    policy.require(policy.may_run_upgrade(actor, found.community_id))
    if found.state in rules.ENDED:
        raise WrongState(_("This upgrade is over; nothing can be added or changed any more."))
    return found


def _milestone(actor: Actor, milestone: UUID) -> Milestone:
    found = Milestone.objects.filter(pk=milestone).first()
    if found is None:
        raise Missing
    upgrade = _open_upgrade(actor, found.upgrade_id)
    found.refresh_from_db()
    found.upgrade = upgrade
    return found


def _open_duty(milestone: Milestone) -> None:
    duties.open(
        kind=MILESTONE_DUTY,
        record=milestone,
        community_id=milestone.community_id,
        title=f"{milestone.upgrade.title}：{milestone.name}",
        due_at=local_moment(milestone.due_on + timedelta(days=1)),
        assignee_role="community_staff",
        url_name="staff:upgrade",
        url_args={"upgrade": str(milestone.upgrade_id)},
    )


@command("places.add_milestone")
def add_milestone(
    *, actor: Actor, at: datetime, upgrade: UUID, name: str, due_on: date, note: str = "", key: UUID | None = None
) -> Milestone:
    """Add something to reach by a day; it becomes a duty until it is done."""
    found = _open_upgrade(actor, upgrade)
    name = name.strip()
    if not name or len(name) > 100:
        raise Invalid(fields={"name": [_("Please give the milestone a name of at most 100 characters.")]})
    if found.milestones.filter(name=name).exists():
        raise Invalid(fields={"name": [_("There is a milestone of this name already.")]})
    milestone = Milestone.objects.create(
        community_id=found.community_id, upgrade=found, name=name, due_on=due_on, note=note.strip()[:300]
    )
    _open_duty(milestone)
    act().target(milestone, "added", {"due_on": [None, due_on]})
    act().target(found, "added a milestone", {name: [None, due_on]})
    return milestone


@command("places.move_milestone")
def move_milestone(*, actor: Actor, at: datetime, milestone: UUID, due_on: date, reason: str) -> Milestone:
    """Give an unfinished milestone another day, saying why; the old day stays in its timeline."""
    found = _milestone(actor, milestone)
    if found.done_on:
        raise Refused(_("This milestone is done already."))
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Please say why.")]})
    act().note(reason=reason.strip())
    act().target(found, "moved", {"due_on": [found.due_on, due_on]})
    act().target(found.upgrade, "moved a milestone", {found.name: [found.due_on, due_on]})
    found.due_on = due_on
    found.save(update_fields=["due_on"])
    _open_duty(found)
    return found


@command("places.finish_milestone")
def finish_milestone(
    *, actor: Actor, at: datetime, milestone: UUID, done_on: date | None = None, note: str = ""
) -> Milestone:
    """Say that a milestone was reached, today or on an earlier day; its duty ends."""
    found = _milestone(actor, milestone)
    day = done_on or local_day(at)
    if day > local_day(at):
        raise Invalid(fields={"done_on": [_("This day has not come yet.")]})
    if found.done_on:
        return found
    found.done_on, found.note = day, note.strip()[:300] or found.note
    found.save(update_fields=["done_on", "note"])
    duties.close(kind=MILESTONE_DUTY, record=found)
    act().target(found, "done", {"done_on": [None, day]})
    act().target(found.upgrade, "reached a milestone", {found.name: [None, day]})
    return found


@command("places.reopen_milestone")
def reopen_milestone(*, actor: Actor, at: datetime, milestone: UUID, reason: str) -> Milestone:
    """Take back that a milestone was reached, saying why; the duty is there again."""
    found = _milestone(actor, milestone)
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Please say why.")]})
    if not found.done_on:
        return found
    act().note(reason=reason.strip())
    act().target(found, "reopened", {"done_on": [found.done_on, None]})
    found.done_on = None
    found.save(update_fields=["done_on"])
    if found.upgrade.state in rules.RUNNING:
        _open_duty(found)
    return found


@command("places.remove_milestone")
def remove_milestone(*, actor: Actor, at: datetime, milestone: UUID) -> None:
    """Take out a milestone entered by mistake, while the upgrade is only planned."""
    found = _milestone(actor, milestone)
    if found.upgrade.state != rules.PLANNED:
        raise WrongState(_("Once an upgrade is approved its milestones stay; give this one another day instead."))
    duties.close(kind=MILESTONE_DUTY, record=found)
    act().target(found.upgrade, "removed a milestone", {found.name: [found.due_on, None]})
    found.delete()


def _amount(fen: int) -> int:
    if isinstance(fen, bool) or not isinstance(fen, int) or not 0 < fen <= MOST_FEN:
        raise Invalid(fields={"fen": [_("Please enter an amount above zero.")]})
    return fen


@command("places.add_funding")
def add_funding(
    *,
    actor: Actor,
    at: datetime,
    upgrade: UUID,
    source: str,
    fen: int,
    giver: str = "",
    document: str = "",
    key: UUID | None = None,
) -> UpgradeFunding:
    """Add a source of money with its amount in fen."""
    found = _open_upgrade(actor, upgrade)
    if source not in UpgradeFunding.Source.values:
        raise Invalid(fields={"source": [_("Please choose where the money comes from.")]})
    funding = UpgradeFunding.objects.create(
        community_id=found.community_id,
        upgrade=found,
        source=source,
        giver=giver.strip()[:100],
        document=document.strip()[:100],
        fen=_amount(fen),
    )
    act().target(found, "added money", {source: [None, fen]})
    return funding


@command("places.change_funding")
def change_funding(*, actor: Actor, at: datetime, funding: UUID, fen: int, reason: str) -> UpgradeFunding:
    """Change the amount of a source, never below what is spent of it."""
    found = _funding(actor, funding)
    amount = _amount(fen)
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Please say why.")]})
    act().note(reason=reason.strip())
    was = found.fen
    if not UpgradeFunding.objects.filter(pk=found.pk, spent_fen__lte=amount).update(fen=amount):
        raise MoneySpent(_("More than this has been spent from this source already."))
    found.refresh_from_db()
    act().target(found.upgrade, "changed money", {found.source: [was, amount]})
    return found


@command("places.remove_funding")
def remove_funding(*, actor: Actor, at: datetime, funding: UUID) -> None:
    """Take out a source from which nothing was ever spent."""
    found = _funding(actor, funding)
    if found.spendings.exists():
        raise MoneySpent(_("Money from this source was spent; it stays on record."))
    act().target(found.upgrade, "removed money", {found.source: [found.fen, None]})
    found.delete()


def _funding(actor: Actor, funding: UUID) -> UpgradeFunding:
    found = UpgradeFunding.objects.filter(pk=funding).first()
    if found is None:
        raise Missing
    upgrade = _open_upgrade(actor, found.upgrade_id)
    found = locks.lock_one(UpgradeFunding.objects.filter(pk=funding), rank=locks.BUDGET)
    if found is None:
        raise Missing
    found.upgrade = upgrade
    return found


@command("places.record_spending")
def record_spending(
    *,
    actor: Actor,
    at: datetime,
    funding: UUID,
    fen: int,
    spent_on: date,
    what: str,
    payee: str = "",
    key: UUID | None = None,
) -> UpgradeSpending:
    """Record a payment from a source; a source never pays more than it holds."""
    found = _funding(actor, funding)
    amount, what = _amount(fen), what.strip()
    if found.upgrade.state not in rules.SPENDABLE:
        raise WrongState(_("Money can be spent only after the upgrade is approved."))
    faults = {}
    if not what:
        faults["what"] = [_("Please say what was paid for.")]
    if spent_on > local_day(at):
        faults["spent_on"] = [_("This day has not come yet.")]
    if faults:
        raise Invalid(fields=faults)
    if not UpgradeFunding.objects.filter(pk=found.pk, spent_fen__lte=F("fen") - amount).update(
        spent_fen=F("spent_fen") + amount
    ):
        raise MoneySpent
    line = UpgradeSpending.objects.create(
        community_id=found.community_id,
        upgrade=found.upgrade,
        funding=found,
        spent_on=spent_on,
        fen=amount,
        what=what[:120],
        payee=payee.strip()[:100],
    )
    act().target(found.upgrade, "spent", {what: [None, amount]})
    return line


@command("places.correct_spending")
def correct_spending(
    *, actor: Actor, at: datetime, spending: UUID, reason: str, key: UUID | None = None
) -> UpgradeSpending:
    """Take a payment back by a line of the opposite amount, saying why."""
    original = UpgradeSpending.objects.filter(pk=spending).first()
    if original is None:
        raise Missing
    found = _funding(actor, original.funding_id)
    if original.corrects_id or UpgradeSpending.objects.filter(corrects=original).exists():
        raise Refused(_("This payment was taken back already."))
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Please say why.")]})
    UpgradeFunding.objects.filter(pk=found.pk).update(spent_fen=F("spent_fen") - original.fen)
    line = UpgradeSpending.objects.create(
        community_id=original.community_id,
        upgrade=found.upgrade,
        funding=found,
        spent_on=original.spent_on,
        fen=-original.fen,
        what=original.what,
        payee=original.payee,
        corrects=original,
    )
    act().note(reason=reason.strip())
    act().target(found.upgrade, "took a payment back", {original.what: [original.fen, 0]})
    return line


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
    found = _open_upgrade(actor, upgrade)
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
    area_m2: int | None = None,
    seats: int | None = None,
    planned_room: UUID | None = None,
) -> PlannedRoom:
    """Add a planned room, or change one."""
    found = _planning(actor, upgrade)
    name = name.strip()
    faults: dict[str, list[Any]] = {}
    if not name or len(name) > 50:
        faults["name"] = [_("Please give the room a name of at most 50 characters.")]
    elif found.planned_rooms.filter(name=name).exclude(pk=planned_room).exists():
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
