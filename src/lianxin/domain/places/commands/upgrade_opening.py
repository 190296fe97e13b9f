"""The opening day of an upgrade: rooms, size and hours become real, the venue works again, the score is compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.platform import facts
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command, inner_key
from lianxin.platform.errors import Invalid

from .. import policy
from ..events import VenueMoved
from ..models import Moment, Upgrade, UpgradeStage, Venue, VenueState
from ..queries import standards as scores
from ..rules import upgrades as rules
from ..rules.opening import Hours
from .opening import set_opening_hours
from .rooms import add_room
from .upgrades import WrongState, bump, close_duties, index, keep_measures, move, upgrade_for
from .venues import edit_venue, open_planned_venue, reopen_venue


@command("places.open_upgrade")
def open_upgrade(
    *,
    actor: Actor,
    at: datetime,
    upgrade: UUID,
    on: date | None = None,
    area_m2: Decimal | int | None = None,
    resident_area_m2: Decimal | int | None = None,
    hours: Sequence[Hours] | None = None,
    version: int | None = None,
    key: UUID | None = None,
) -> Upgrade:
    """Open the upgraded venue: create its planned rooms, set its new size and hours, and keep the score after."""
    found = upgrade_for(upgrade, version=version)
    policy.require(policy.may_run_upgrade(actor, found.community_id))
    today = local_day(at)
    day = on or today
    if found.state != rules.UNDER_WAY:
        raise WrongState(_("Only an upgrade that is under way can be opened."))
    if day > today:
        raise Invalid(fields={"on": [_("The opening is recorded on the day itself or afterwards.")]})
    move(found, rules.OPENED, at=at, on=day)
    _let_venue_work(found, actor=actor, at=at, day=day, key=key)
    sizes = {"area_m2": area_m2, "resident_area_m2": resident_area_m2}
    new_sizes = {name: size for name, size in sizes.items() if size is not None}
    if new_sizes:
        edit_venue(actor=actor, venue=found.venue_id, values=new_sizes, at=at, key=inner_key(key, "size"))
    if hours is not None:
        set_opening_hours(
            actor=actor, venue=found.venue_id, hours=hours, from_on=today, at=at, key=inner_key(key, "hours")
        )
    _make_rooms(found, actor=actor, at=at, key=key)
    score = scores.score_venue(venue=found.venue_id, on=today, standard=found.standard_id)
    found.opened_on = day
    found.score_at_opening = score.score.total if score else None
    if score:
        keep_measures(found, Moment.AFTER, score, today)
    bump(found, "state", "opened_on", "score_at_opening")
    close_duties(found)
    facts.record(
        measure="upgrades_opened",
        record=found,
        quantity=1,
        community_id=found.community_id,
        venue_id=found.venue_id,
        on=day,
    )
    act().target(found, "compared", {"score": [found.score_at_start, found.score_at_opening]})
    index(found)
    return found


def _let_venue_work(upgrade: Upgrade, *, actor: Actor, at: datetime, day: date, key: UUID | None) -> None:
    state = Venue.objects.values_list("state", flat=True).get(pk=upgrade.venue_id)
    if state == VenueState.PLANNED:
        open_planned_venue(actor=actor, venue=upgrade.venue_id, on=day, at=at, key=inner_key(key, "venue"))
    elif state in (VenueState.PAUSED, VenueState.CLOSED):
        reopen_venue(actor=actor, venue=upgrade.venue_id, on=day, at=at, key=inner_key(key, "venue"))


def _make_rooms(upgrade: Upgrade, *, actor: Actor, at: datetime, key: UUID | None) -> None:
    """Turn each planned room into a room; one that the venue already has by this name is kept and taken as done."""
    standing = {room.name: room for room in upgrade.venue.rooms.exclude(state="removed").filter(planned_as=None)}
    for planned in upgrade.planned_rooms.filter(room=None).select_related("kind"):
        room = standing.get(planned.name) or add_room(
            actor=actor,
            venue=upgrade.venue_id,
            kind=planned.kind.code,
            name=planned.name,
            area_m2=planned.area_m2,
            seats=planned.seats,
            at=at,
            key=inner_key(key, f"room {planned.pk}"),
        )
        planned.room = room
        planned.save(update_fields=["room"])


def carry_stages_with_venue(event: VenueMoved, *, actor: Actor, at: datetime) -> None:
    """Let the running stage of a moved venue's upgrade end in the old community and go on in the new one."""
    rows = UpgradeStage.objects.filter(
        upgrade__venue=event.venue, state=rules.UNDER_WAY, ended_on=None, community=event.old_community
    )
    for stage in rows:
        if stage.began_on >= event.on:
            stage.community_id = event.new_community
            stage.save(update_fields=["community"])
            continue
        stage.ended_on = event.on
        stage.save(update_fields=["ended_on"])
        UpgradeStage.objects.create(
            community_id=event.new_community,
            upgrade_id=stage.upgrade_id,
            state=stage.state,
            began_on=event.on,
            began_at=at,
            by_account=actor.account,
            note=_("The venue went to another community."),
        )


def preview_stages(event: VenueMoved) -> list[str]:
    """Tell which running upgrades go along with a venue."""
    count = Upgrade.objects.filter(venue=event.venue, state__in=rules.RUNNING).count()
    return [_("%(count)d upgrade goes along with the venue.") % {"count": count}] if count else []
