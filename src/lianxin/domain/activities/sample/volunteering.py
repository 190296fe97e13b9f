"""The volunteers of the pilots: teams, Party members who report in, what they did date by date, certificates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.models import Sum

from lianxin.domain.activities.commands.certificates import issue_certificate
from lianxin.domain.activities.commands.history import PastActivity, PastDate, take_in_history
from lianxin.domain.activities.commands.reporting import report_in
from lianxin.domain.activities.commands.teams import add_member, found_team
from lianxin.domain.activities.commands.volunteers import register_volunteer
from lianxin.domain.activities.models import HoursEntry, Skill, Team
from lianxin.domain.points.sample.pilots import Pilot
from lianxin.domain.points.sample.story import Step, step
from lianxin.platform import scope
from lianxin.platform.clock import local_day

from .district import District
from .stories import Told, party_members
from .templates import read_templates

TEAM_MOST = 12
CERTIFICATES = 3
SUITS = ("0eve", "1eve", "2am", "3eve", "4pm", "5am", "5pm", "6am", "6pm")
ENTERED_AFTER = timedelta(hours=1)


def steps_of(district: District, pilot: Pilot, told: Sequence[Told]) -> Iterator[Step]:
    """Give the steps of a pilot's volunteers."""
    year = pilot.first_year
    teams = sorted({one.planned.template.team for one in told})
    if not teams:
        return
    yield step(date(year, 1, 2), 9, partial(_begin, district, pilot, teams))
    for one in told:
        for each in one.activity.dates:
            yield Step(each.ends_at + ENTERED_AFTER, partial(_take_in, pilot, one, each))
    yield step(date(year + 1, 1, 12), 10, partial(_certify, pilot, year))


def _begin(district: District, pilot: Pilot, teams: Sequence[str], at: datetime) -> None:
    """Found the teams, and note who reports in."""
    helpers = district.pools[pilot.community.pk].helpers
    words = read_templates(pilot.plan.data_dir).words
    dice = pilot.plan.random("teams", pilot.community.code)
    for name in teams:
        row = found_team(
            actor=pilot.staff, community=pilot.community.pk, name=name, purpose="样例队伍,邻里自愿参加", at=at
        )
        members = dice.sample(list(helpers), min(len(helpers), dice.randint(6, TEAM_MOST)))
        for number, one in enumerate(members):
            role = "leader" if number == 0 else "member"
            add_member(actor=pilot.staff, team=row.pk, person=one.person, role=role, at=at)
    with scope.everything():
        skills = list(Skill.objects.order_by("position", "code").values_list("pk", flat=True))
    for one in party_members(district, pilot.community.pk):
        register_volunteer(
            actor=pilot.staff,
            person=one.person,
            skills=dice.sample(skills, min(len(skills), dice.randint(1, 3))),
            suits=dice.sample(SUITS, 3),
            insurance_note="志愿者团体意外险(样例)",
            insured_until=date(pilot.plan.today.year, 12, 31),
            at=at,
        )
        report_in(
            actor=pilot.staff,
            person=one.person,
            unit_name=dice.choice(words["units"]),
            offers=dice.choice(words["offers"]),
            at=at,
        )


def _take_in(pilot: Pilot, told: Told, one: PastDate, at: datetime) -> None:
    take_in_history(
        actor=pilot.staff,
        community=pilot.community.pk,
        activities=[_with_team(pilot, told, one)],
        points_from=pilot.switched_on,
        at=at,
    )


def _with_team(pilot: Pilot, told: Told, one: PastDate) -> PastActivity:
    """Give the activity with one date, its shift in the hands of the team."""
    with scope.everything():
        team = Team.objects.filter(community=pilot.community, name=told.planned.template.team).first()
    if one.shift is not None and team is not None:
        one = replace(one, shift=replace(one.shift, team=team.pk))
    return told.of_date(one)


def _certify(pilot: Pilot, year: int, at: datetime) -> None:
    """Certify the hours of those who did most."""
    with scope.everything():
        rows = HoursEntry.objects.filter(community=pilot.community, on__year=year).order_by()
        most = rows.values("person").annotate(minutes=Sum("minutes")).order_by("-minutes", "person")
        people: list[UUID] = [row["person"] for row in most[:CERTIFICATES]]
    for person in people:
        last = min(date(year, 12, 31), local_day(at))
        issue_certificate(actor=pilot.staff, person=person, from_on=date(year, 1, 1), until_on=last, at=at)
