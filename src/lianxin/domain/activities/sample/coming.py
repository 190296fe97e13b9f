"""The weeks after the sample's day: what is announced, who has signed up, who has taken a shift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction

from lianxin.domain.activities.commands.activities import save_activity
from lianxin.domain.activities.commands.occurrences import add_date, cancel_occurrence
from lianxin.domain.activities.commands.publishing import publish
from lianxin.domain.activities.commands.shift_places import take_shift
from lianxin.domain.activities.commands.sign_ups import sign_up
from lianxin.domain.activities.models import Activity, Occurrence, Shift, Team
from lianxin.domain.activities.rules.contents import Content
from lianxin.domain.activities.rules.eligibility import Somebody as Wish
from lianxin.domain.activities.rules.plans import Plan as Dates
from lianxin.domain.activities.rules.plans import ShiftPlan
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL, local_day, local_moment
from lianxin.platform.errors import Refused
from lianxin.platform.workcalendar import load_calendar

from .crowd import Crowd, Somebody
from .district import District
from .planning import HELD, Held, Planned, Wanted, plan_stretch
from .seasons import Days
from .stories import content_of
from .templates import read_templates

DAYS = 28
SIGN_UPS_WITHIN = timedelta(days=12)
PUBLISHED_DAYS_AGO = (2, 6)
MOST_SIGN_UPS = 26
SHARE = 0.55


@dataclass(slots=True)
class Announcer:
    """Announces activities of one community and lets people sign up, in the order of time."""

    district: District
    crowd: Crowd
    dice: Random
    community: UUID

    @property
    def staff(self) -> Actor:
        """Give who announces."""
        return self.district.actor(self.community)

    def announce(self, content: Content, dates: Dates, days: Sequence[Held], *, at: datetime) -> list[Occurrence]:
        """Enter an activity, its dates one by one, and publish it; gives the dates in order."""
        row = self.draft(content, dates, days, at=at)
        publish(actor=self.staff, activity=row.pk, despite_doubts=True, at=at + timedelta(minutes=20))
        with scope.everything():
            return list(Occurrence.objects.filter(activity=row).order_by("starts_at"))

    def draft(self, content: Content, dates: Dates, days: Sequence[Held], *, at: datetime) -> Activity:
        """Enter an activity and its dates, and leave them as a draft."""
        row = save_activity(actor=self.staff, activity=None, content=content, plan=dates, at=at)
        with scope.everything():
            Activity.objects.filter(pk=row.pk).update(is_sample=True)
        for day in days:
            local = day.starts_at.astimezone(LOCAL)
            add_date(actor=self.staff, activity=row.pk, on=local.date(), start=local.time(), at=at)
        return row

    def sign_up(self, date: Occurrence, people: Sequence[Somebody], *, first: datetime, last: datetime) -> int:
        """Let people sign up household by household between two moments; gives how many are on the list then."""
        homes: dict[UUID, list[Somebody]] = {}
        for one in people:
            homes.setdefault(one.household, []).append(one)
        moments = sorted(first + (last - first) * self.dice.random() for _home in homes)
        listed = 0
        for moment, party in zip(moments, homes.values(), strict=True):
            grown_up = next((one for one in party if one.has_phone and one.age >= 14), None)
            actor, how = (self.staff, "staff") if grown_up is None else (self._resident(grown_up), "self")
            try:
                listed += len(
                    sign_up(
                        actor=actor.visiting(self.community),
                        occurrence=date.pk,
                        people=[Wish(person=one.person) for one in party],
                        how=how,
                        at=moment,
                    )
                )
            except Refused:
                continue
        return listed

    def take_shift(self, shift: Shift, people: Sequence[Somebody], *, at: datetime) -> None:
        """Let people take a shift one after another."""
        for number, one in enumerate(people):
            try:
                take_shift(
                    actor=self._resident(one), shift=shift.pk, person=one.person, at=at + timedelta(minutes=7 * number)
                )
            except Refused:
                continue

    def draw(self, date: Held | Occurrence, audience: str, count: int) -> list[Somebody]:
        """Draw people who are nowhere else that day."""
        return self.crowd.draw(self.community, audience, count, local_day(date.starts_at), self.dice)

    def _resident(self, one: Somebody) -> Actor:
        return Actor(
            account=None,
            role="resident",
            communities=frozenset({one.community}),
            via="web",
            person=one.person,
            roles=frozenset({"resident"}),
        )


def announce_all(district: District, crowd: Crowd, wanted: Wanted) -> None:
    """Announce what is coming in every community, each whole or not at all; what is there is not announced again."""
    plan = district.plan
    dice = plan.random("coming")
    templates = read_templates(plan.data_dir)
    days = Days(plan.today, plan.day(-DAYS), load_calendar().is_holiday)
    found = plan_stretch(templates=templates, places=district.places, days=days, wanted=wanted, dice=dice)
    by_community: dict[UUID, list[Planned]] = {}
    for one in found:
        by_community.setdefault(one.place.community, []).append(one)
    for number, (community, planned) in enumerate(by_community.items(), start=1):
        announcer = Announcer(district, crowd, plan.random("coming", community), community)
        if not is_announced(planned):
            with transaction.atomic():
                for one in sorted(planned, key=lambda one: one.dates[0].starts_at):
                    _announce(announcer, one)
        plan.tell("coming activities", number / len(by_community))


def is_announced(planned: Sequence[Planned]) -> bool:
    """Tell whether what is coming in a community was announced by an earlier run."""
    titles = [one.template.title for one in planned]
    first = min(one.dates[0].starts_at for one in planned)
    with scope.everything():
        there = Occurrence.objects.filter(community=planned[0].place.community, starts_at=first)
        return there.filter(activity__is_sample=True, activity__title__in=titles).exists()


def _announce(announcer: Announcer, one: Planned) -> None:
    """Announce one activity as planned; what the planner would call off is announced, then called off."""
    plan, dice = announcer.district.plan, announcer.dice
    at = plan.moment(dice.randint(*PUBLISHED_DAYS_AGO), 9, dice.randrange(30))
    dates = announcer.announce(content_of(announcer.district, one, dice), _dates_of(announcer, one), one.dates, at=at)
    for row, day in zip(dates, one.dates, strict=True):
        if day.state != HELD:
            if row.starts_at > plan.at:
                reason = "讲课的老师临时来不了,改到下个月"
                cancel_occurrence(actor=announcer.staff, occurrence=row.pk, reason=reason, at=plan.moment(1, 16))
        elif row.starts_at < plan.at + SIGN_UPS_WITHIN:
            _let_people_come(announcer, one, row, day, at + timedelta(hours=1))


def _let_people_come(announcer: Announcer, one: Planned, row: Occurrence, day: Held, since: datetime) -> None:
    until = min(announcer.district.plan.at, row.starts_at) - timedelta(minutes=10)
    if one.template.is_volunteering:
        with scope.everything():
            shift = Shift.objects.filter(occurrence=row).first()
        if shift is not None:
            people = announcer.draw(row, one.template.who, max(1, round(day.people * announcer.dice.uniform(0.2, 1))))
            announcer.take_shift(shift, people, at=since)
    elif row.takes_sign_ups:
        share = 1.2 if one.template.is_popular else SHARE
        count = min(MOST_SIGN_UPS, max(2, round(day.people * share)))
        announcer.sign_up(row, announcer.draw(row, one.template.who, count), first=since, last=until)


def _dates_of(announcer: Announcer, one: Planned) -> Dates:
    template = one.template
    size = None
    people = max(day.people for day in one.dates)
    if template.is_popular:
        size = max(4, min(MOST_SIGN_UPS - 6, people))
    elif not template.is_open and not template.is_volunteering and announcer.dice.random() < 0.7:
        size = -(-max(people, 8) // 5) * 5 + 5
    shifts: tuple[ShiftPlan, ...] = ()
    if template.is_volunteering:
        with scope.everything():
            team = Team.objects.filter(community=announcer.community, name=template.team, state="active").first()
        shifts = (ShiftPlan(template.role, least=2, most=8, what=template.text, team=team.pk if team else None),)
    return Dates(
        starts=(one.dates[0].starts_at.astimezone(LOCAL).time(),),
        minutes=template.minutes,
        venue=one.site.venue,
        room=one.room,
        place=template.place if one.room is None else "",
        takes_sign_ups=not (template.is_open or template.is_volunteering),
        size=size,
        household_most=4 if template.is_popular else None,
        shifts=shifts,
    )


def at_hour(district: District, days_ahead: int, hour: int, minute: int = 0) -> datetime:
    """Give a moment so many days after the sample's day."""
    return local_moment(district.plan.day(-days_ahead), time(hour, minute))
