"""How many households and residents a community has on a day: counted by people, or declared by its office."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing

from .. import policy
from ..models import Division, DivisionProfile, Level


@command("places.record_division_profile")
def record_division_profile(
    *,
    actor: Actor,
    at: datetime,
    community: UUID,
    on: date,
    households: int,
    residents: int,
    source: str = DivisionProfile.Source.DECLARED,
    households_beyond_reach: int | None = None,
    farthest_settlement_metres: int | None = None,
    note: str = "",
) -> DivisionProfile:
    """Keep how many households and residents a community has on a day; a second call for that day replaces it."""
    policy.require(policy.may_record_profile(actor, community))
    division = Division.objects.filter(pk=community, level=Level.COMMUNITY).first()
    if division is None or not actor.covers(community):
        raise Missing
    faults: dict[str, list[str]] = {}
    for name, value in (
        ("households", households),
        ("residents", residents),
        ("households_beyond_reach", households_beyond_reach or 0),
        ("farthest_settlement_metres", farthest_settlement_metres or 0),
    ):
        if not 0 <= value <= 10_000_000:
            faults[name] = [_("This is a whole number that is not negative.")]
    if (households_beyond_reach or 0) > households:
        faults["households_beyond_reach"] = [_("There cannot be more households beyond reach than households.")]
    if on > local_day(at):
        faults["on"] = [_("This day has not come yet.")]
    if source not in DivisionProfile.Source.values:
        faults["source"] = [_("Please say whether the number was counted or declared.")]
    if faults:
        raise Invalid(fields=faults)
    profile, created = DivisionProfile.objects.update_or_create(
        community=division,
        on=on,
        source=source,
        defaults={
            "households": households,
            "residents": residents,
            "households_beyond_reach": households_beyond_reach,
            "farthest_settlement_metres": farthest_settlement_metres,
            "note": note.strip()[:200],
        },
    )
    act().target(profile, "recorded" if created else "replaced", {"households": [None, households]})
    return profile
