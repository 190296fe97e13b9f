"""The parts that the activities module contributes to the sample district."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from uuid import UUID

from django.utils import translation

from lianxin.domain.activities.commands.history import take_in_history
from lianxin.domain.activities.commands.no_shows import forgive_old
from lianxin.domain.activities.commands.volunteers import load_skills, read_skills
from lianxin.domain.activities.models import Activity
from lianxin.domain.points.sample.pilots import Pilot
from lianxin.domain.points.sample.story import OTHER_STEPS, Step
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

from .carrying_out import carry_out
from .coming import DAYS as COMING_DAYS
from .coming import Announcer, announce_all
from .crowd import Crowd
from .district import District, read_district
from .showcase import show
from .stories import Told, tell_stretch, wanted_in_days, wanted_in_year
from .volunteering import steps_of

TOLD = "stories of activities"
RECENT_DAYS = 28


def tell_all(plan: Plan) -> tuple[District, list[Told]]:
    """Compose the closed year and the weeks before the sample's day; once for a plan."""
    if TOLD not in plan.notes:
        year = plan.told_year
        district = read_district(plan, date(year, 7, 1))
        wanted = wanted_in_year(district, plan.random("wanted"))
        told = tell_stretch(district, name="year", first=date(year, 1, 1), last=date(year, 12, 31), wanted=wanted)
        recent = wanted_in_days(wanted, RECENT_DAYS)
        told += tell_stretch(district, name="recent", first=plan.day(RECENT_DAYS), last=plan.day(1), wanted=recent)
        plan.notes[TOLD] = (district, told)
    found: tuple[District, list[Told]] = plan.notes[TOLD]
    return found


def plan_volunteering(plan: Plan) -> None:
    """Let the voluntary work of the pilots stand between what happens in their passbooks, in the order of time."""

    load_skills(actor=Actor.system(via="cli"), skills=read_skills(plan.data_dir), at=plan.at)

    def steps(pilot: Pilot) -> Iterator[Step]:
        district, told = tell_all(plan)
        mine = [one for one in told if one.planned.place.community == pilot.community.pk]
        yield from steps_of(district, pilot, [one for one in mine if one.planned.template.is_volunteering])

    plan.notes.setdefault(OTHER_STEPS, []).append(steps)


def build_year(plan: Plan) -> None:
    """Take over what else was held, one community and stretch after another; what is there is not taken again."""
    with translation.override("zh-hans"):
        district, told = tell_all(plan)
        by_piece: dict[tuple[UUID, bool], list[Told]] = {}
        for one in told:
            if not one.planned.template.is_volunteering:
                is_recent = one.planned.dates[0].starts_at.year != plan.told_year
                by_piece.setdefault((one.planned.place.community, is_recent), []).append(one)
        for number, ((community, is_recent), some) in enumerate(by_piece.items(), start=1):
            _take_in(district, community, some, plan.at if is_recent else _entered(plan))
            plan.tell("activities", number / len(by_piece))
        forgive_old(actor=Actor.system(via="cli"), at=plan.at)


def _entered(plan: Plan) -> datetime:
    """Give when the sheets of the closed year were entered, as it were."""
    return min(local_moment(date(plan.told_year + 1, 1, 8), time(10)), plan.at)


def _take_in(district: District, community: UUID, told: list[Told], at: datetime) -> None:
    with scope.everything():
        if Activity.objects.filter(pk__in=[one.activity.id for one in told if one.activity.id]).exists():
            return
    take_in_history(
        actor=district.actor(community), community=community, activities=[one.activity for one in told], at=at
    )


def build_coming(plan: Plan) -> None:
    """Announce what is coming, and put on show what the first pilot has."""
    with translation.override("zh-hans"):
        district, _told = tell_all(plan)
        crowd = Crowd(district.pools, district.near)
        wanted = wanted_in_days(wanted_in_year(district, plan.random("wanted")), COMING_DAYS)
        first = next(iter(district.pilots), None)
        if first is not None:
            show(Announcer(district, crowd, plan.random("showcase"), first))
        announce_all(district, crowd, wanted)


def build_projects(plan: Plan) -> None:
    """Carry out the projects that were published for days that are over."""
    district, _told = tell_all(plan)
    carry_out(plan, district)
