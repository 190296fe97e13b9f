"""The life of an upgrade: planned, approved, under way, closed or cancelled; its opening day has a file of its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.platform import duties, locks, search
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused

from .. import policy
from ..models import Moment, PlannedRoom, RoomKind, Upgrade, UpgradeMeasure, UpgradeStage, Venue, VenueState
from ..queries import standards as scores
from ..queries.upgrades import entry_of
from ..rules import upgrades as rules

MILESTONE_DUTY = "places.milestone"


class UpgradeRunning(Refused):
    """A venue has at most one upgrade at a time."""

    title = gettext_lazy("This venue already has an upgrade that has not been opened yet.")


class WrongState(Refused):
    """The transition table does not allow this step."""

    title = gettext_lazy("The upgrade is not in a state in which this can be done.")


def upgrade_for(upgrade: UUID, *, version: int | None = None) -> Upgrade:
    """Lock an upgrade and give it fresh; raises Missing outside the scope and EditedMeanwhile for an old version."""
    found = locks.lock_one(Upgrade.objects.filter(pk=upgrade).select_related("venue", "community"))
    if found is None:
        raise Missing
    if version is not None and version != found.version:
        raise EditedMeanwhile
    return found


def open_books(actor: Actor, upgrade: UUID) -> Upgrade:
    """Give a locked upgrade that this actor may work on and that is not over; raises WrongState when it is."""
    found = upgrade_for(upgrade)
    policy.require(policy.may_run_upgrade(actor, found.community_id))
    if found.state in rules.ENDED:
        raise WrongState(_("This upgrade is over; nothing can be added or changed any more."))
    return found


def bump(upgrade: Upgrade, *fields: str) -> None:
    """Save these fields and count the version on."""
    upgrade.version += 1
    upgrade.save(update_fields=[*fields, "version"])


def move(upgrade: Upgrade, to: str, *, at: datetime, on: date | None = None, note: str = "") -> None:
    """Go to another state by the transition table, keeping when and by whom; raises WrongState."""
    if not rules.may_move(upgrade.state, to):
        raise WrongState(
            _("An upgrade that is “%(now)s” cannot become “%(then)s”.")
            % {"now": upgrade.get_state_display(), "then": Upgrade.State(to).label}
        )
    day, was = on or local_day(at), upgrade.state
    running = UpgradeStage.objects.filter(upgrade=upgrade, ended_on__isnull=True).first()
    if running and day < running.began_on:
        raise Invalid(
            fields={"on": [_("The step before was on %(day)s; choose that day or later.") % {"day": running.began_on}]}
        )
    if running:
        running.ended_on = day
        running.save(update_fields=["ended_on"])
    UpgradeStage.objects.create(
        community_id=upgrade.community_id,
        upgrade=upgrade,
        state=to,
        began_on=day,
        began_at=at,
        by_account=act().actor.account,
        note=note[:300],
    )
    upgrade.state = to
    act().target(upgrade, to, {"state": [was, to]})


def index(upgrade: Upgrade) -> None:
    """Put the upgrade where search finds it, for staff only."""
    search.put([entry_of(upgrade)])


def keep_measures(upgrade: Upgrade, moment: str, score: scores.VenueScore, on: date) -> None:
    """Keep every number that the standard asks about, known or not, as it is before or after the work."""
    UpgradeMeasure.objects.bulk_create(
        UpgradeMeasure(
            community_id=upgrade.community_id,
            upgrade=upgrade,
            moment=moment,
            measure=measure,
            value=None if number is None else round(number, 3),
            on=on,
        )
        for measure, number in {o.item.measure: o.number for o in score.score.outcomes}.items()
    )


def add_template_rooms(upgrade: Upgrade, template: str) -> list[PlannedRoom]:
    """Plan the rooms of a template; raises Invalid for an unknown one or when a kind of room is missing."""
    plans = rules.TEMPLATES.get(template)
    if plans is None:
        raise Invalid(fields={"template": [_("There is no template of this name.")]})
    kinds = {kind.code: kind for kind in RoomKind.objects.filter(code__in=[plan.kind for plan in plans])}
    absent = [str(plan.name) for plan in plans if plan.kind not in kinds]
    if absent:
        raise Invalid(
            fields={
                "template": [_("These kinds of room are not set up yet: %(names)s.") % {"names": ", ".join(absent)}]
            }
        )
    return PlannedRoom.objects.bulk_create(
        PlannedRoom(
            community_id=upgrade.community_id, upgrade=upgrade, kind=kinds[plan.kind], name=kinds[plan.kind].name
        )
        for plan in plans
    )


def _title(title: str) -> str:
    title = title.strip()
    if not title or len(title) > 120:
        raise Invalid(fields={"title": [_("Please give the upgrade a title of at most 120 characters.")]})
    return title


@command("places.plan_upgrade")
def plan_upgrade(
    *,
    actor: Actor,
    at: datetime,
    venue: UUID,
    title: str,
    reason: str = "",
    planned_opening_on: date | None = None,
    template: str = "",
    key: UUID | None = None,
) -> Upgrade:
    """Plan the upgrade of a venue; what it lacks by the standard of the day is kept as the reason."""
    found = locks.lock_one(Venue.objects.filter(pk=venue))
    if found is None:
        raise Missing
    policy.require(policy.may_run_upgrade(actor, found.community_id))
    if found.state == VenueState.CLOSED:
        raise Refused(_("This venue is closed for good."))
    if Upgrade.objects.filter(venue=found, state__in=rules.RUNNING).exists():
        raise UpgradeRunning
    today = local_day(at)
    if planned_opening_on and planned_opening_on < today:
        raise Invalid(fields={"planned_opening_on": [_("The opening day has passed already.")]})
    score = scores.score_venue(venue=found.pk, on=today)
    upgrade = Upgrade.objects.create(
        community_id=found.community_id,
        venue=found,
        title=_title(title),
        reason=reason.strip(),
        standard_id=score.standard if score else None,
        shortfalls_at_start=[scores.as_json(outcome) for outcome in score.score.shortfalls] if score else [],
        score_at_start=score.score.total if score else None,
        planned_opening_on=planned_opening_on,
    )
    UpgradeStage.objects.create(
        community_id=upgrade.community_id,
        upgrade=upgrade,
        state=upgrade.state,
        began_on=today,
        began_at=at,
        by_account=actor.account,
    )
    if score:
        keep_measures(upgrade, Moment.BEFORE, score, today)
    if template:
        add_template_rooms(upgrade, template)
    act().target(upgrade, "planned", {"venue": [None, found.name], "score": [None, upgrade.score_at_start]})
    index(upgrade)
    return upgrade


@command("places.edit_upgrade")
def edit_upgrade(
    *,
    actor: Actor,
    at: datetime,
    upgrade: UUID,
    title: str,
    reason: str,
    planned_opening_on: date | None,
    temporary_arrangement: str,
    temporary_venue: UUID | None = None,
    version: int | None = None,
) -> Upgrade:
    """Change the words, the planned day and where people go meanwhile."""
    found = upgrade_for(upgrade, version=version)
    policy.require(policy.may_run_upgrade(actor, found.community_id))
    if found.state in rules.ENDED:
        raise WrongState
    change: dict[str, Any] = {}
    values = {
        "title": _title(title),
        "reason": reason.strip(),
        "planned_opening_on": planned_opening_on,
        "temporary_arrangement": temporary_arrangement.strip(),
        "temporary_venue": _other_venue(found, temporary_venue),
    }
    for name, value in values.items():
        if getattr(found, name) != value:
            change[name] = [str(getattr(found, name) or ""), str(value or "")]
            setattr(found, name, value)
    if change:
        bump(found, *values)
        act().target(found, "edited", change)
        index(found)
    return found


def _other_venue(upgrade: Upgrade, venue: UUID | None) -> Venue | None:
    if venue is None:
        return None
    found = Venue.objects.filter(pk=venue).first()
    if found is None:
        raise Missing
    if found.pk == upgrade.venue_id:
        raise Invalid(fields={"temporary_venue": [_("People cannot be sent to the venue that is being upgraded.")]})
    return found


@command("places.approve_upgrade")
def approve_upgrade(
    *, actor: Actor, at: datetime, upgrade: UUID, note: str = "", version: int | None = None
) -> Upgrade:
    """Approve a planned upgrade that has money and a planned opening day."""
    found = upgrade_for(upgrade, version=version)
    policy.require(policy.may_decide_upgrade(actor, found.community_id))
    if found.state == rules.PLANNED:
        faults = {}
        if not found.fundings.exists():
            faults["fundings"] = [_("Please enter where the money comes from first.")]
        if found.planned_opening_on is None:
            faults["planned_opening_on"] = [_("Please enter the planned opening day first.")]
        if faults:
            raise Invalid(fields=faults)
    move(found, rules.APPROVED, at=at, note=note)
    bump(found, "state")
    index(found)
    return found


@command("places.send_back_upgrade")
def send_back_upgrade(*, actor: Actor, at: datetime, upgrade: UUID, note: str, version: int | None = None) -> Upgrade:
    """Take an approval back before work begins, saying why."""
    found = upgrade_for(upgrade, version=version)
    policy.require(policy.may_decide_upgrade(actor, found.community_id))
    if not note.strip():
        raise Invalid(fields={"note": [_("Please say what has to be changed.")]})
    if found.state == rules.APPROVED and found.spendings.exists():
        raise Refused(_("Money has been spent already; cancel the upgrade instead."))
    move(found, rules.PLANNED, at=at, note=note.strip())
    bump(found, "state")
    index(found)
    return found


@command("places.start_upgrade")
def start_upgrade(
    *,
    actor: Actor,
    at: datetime,
    upgrade: UUID,
    temporary_arrangement: str = "",
    temporary_venue: UUID | None = None,
    version: int | None = None,
) -> Upgrade:
    """Begin the work, saying where people go while the venue is closed."""
    found = upgrade_for(upgrade, version=version)
    policy.require(policy.may_run_upgrade(actor, found.community_id))
    found.temporary_arrangement = temporary_arrangement.strip() or found.temporary_arrangement
    found.temporary_venue = _other_venue(found, temporary_venue) or found.temporary_venue
    move(found, rules.UNDER_WAY, at=at, note=found.temporary_arrangement)
    bump(found, "state", "temporary_arrangement", "temporary_venue")
    index(found)
    return found


@command("places.cancel_upgrade")
def cancel_upgrade(*, actor: Actor, at: datetime, upgrade: UUID, reason: str, version: int | None = None) -> Upgrade:
    """Give an upgrade up, saying why; what was spent stays on record and its duties end."""
    found = upgrade_for(upgrade, version=version)
    policy.require(policy.may_decide_upgrade(actor, found.community_id))
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Please say why.")]})
    act().note(reason=reason.strip())
    move(found, rules.CANCELLED, at=at, note=reason.strip())
    bump(found, "state")
    close_duties(found)
    index(found)
    return found


@command("places.close_upgrade")
def close_upgrade(*, actor: Actor, at: datetime, upgrade: UUID, note: str = "", version: int | None = None) -> Upgrade:
    """Close the books of an opened upgrade: nothing more is spent."""
    found = upgrade_for(upgrade, version=version)
    policy.require(policy.may_run_upgrade(actor, found.community_id))
    move(found, rules.CLOSED, at=at, note=note)
    bump(found, "state")
    close_duties(found)
    index(found)
    return found


def close_duties(upgrade: Upgrade) -> None:
    """Close what is still open of the upgrade's milestones as duties; the milestones keep showing as not done."""
    for milestone in upgrade.milestones.filter(done_on__isnull=True):
        duties.close(kind=MILESTONE_DUTY, record=milestone)
