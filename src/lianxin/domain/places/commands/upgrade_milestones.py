"""Milestones of an upgrade: each is a duty until it is done."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.platform import duties
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

from ..models import Milestone
from ..rules import upgrades as rules
from .upgrades import MILESTONE_DUTY, WrongState, open_books


def _milestone(actor: Actor, milestone: UUID) -> Milestone:
    found = Milestone.objects.filter(pk=milestone).first()
    if found is None:
        raise Missing
    upgrade = open_books(actor, found.upgrade_id)
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
    found = open_books(actor, upgrade)
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
