"""Last month's projects carried out: dates held with those who asked, and what goes on announced."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction
from django.utils import translation

from lianxin.domain.activities.commands import project_reports
from lianxin.domain.activities.commands.from_projects import draft_from_project
from lianxin.domain.activities.commands.history import (
    CAME,
    MISSED,
    Opinion,
    PastActivity,
    PastDate,
    PastPerson,
    take_in_history,
)
from lianxin.domain.activities.commands.occurrences import add_date
from lianxin.domain.activities.commands.publishing import publish
from lianxin.domain.activities.models import Activity, Attendance, Occurrence
from lianxin.domain.activities.rules.contents import Content
from lianxin.domain.needs.models import NeedReport
from lianxin.domain.people.models import Person
from lianxin.domain.projects.models import Project, ProjectOffer, Proposal
from lianxin.platform import scope
from lianxin.platform.clock import LOCAL, local_day, local_moment
from lianxin.platform.errors import Refused
from lianxin.platform.ids import deterministic_id
from lianxin.platform.sample import Plan

from .coming import Announcer
from .crowd import Crowd
from .district import District

FEWEST, MOST = 6, 24
WEEK, PAST_DATES = timedelta(days=7), 3
LENGTH = timedelta(minutes=90)
ANNOUNCED_DAYS, SIGNED_DAYS = 4, 3
PART = "projects carried out"


def carry_out(plan: Plan, district: District) -> None:
    """Hold what was published for days that are over, community by community; what is held is not held again."""
    crowd = Crowd(district.pools, district.near)
    with scope.everything():
        public = Project.objects.filter(
            is_sample=True, state=Project.State.PUBLISHED, from_on__lt=plan.today, occurrences_held=0
        )
        by_community: dict[UUID, list[Project]] = {}
        for row in public.order_by("community__code", "number").select_related("venue"):
            by_community.setdefault(row.community_id, []).append(row)
    with translation.override("zh-hans"):
        for number, (community, mine) in enumerate(by_community.items(), start=1):
            dice = plan.random(PART, district.divisions[community].code)
            announcer = Announcer(district, crowd, dice, community)
            with transaction.atomic():
                for row in mine:
                    _Carrying(announcer, row, dice).run()
            plan.tell(PART, number / len(by_community))


class _Carrying:
    """One project with the days on which it takes place."""

    def __init__(self, announcer: Announcer, row: Project, dice: Random) -> None:
        self.announcer, self.row, self.dice = announcer, row, dice
        self.plan = announcer.district.plan
        with scope.everything():
            of = Proposal.objects.filter(project=row, starts_at__isnull=False).order_by("number").first()
        first = of.starts_at if of and of.starts_at else local_moment(row.from_on, time(15))
        length = of.ends_at - of.starts_at if of and of.starts_at and of.ends_at else LENGTH
        self.length = min(length, timedelta(hours=4))
        last = local_moment(row.until_on, time(23))
        every = [first + WEEK * turn for turn in range(60) if first + WEEK * turn <= last]
        self.past = [day for day in every if day + self.length < self.plan.at][:PAST_DATES]
        left = max(0, row.occurrences_planned - len(self.past))
        self.coming = [day for day in every if day > self.plan.at][:left]

    def run(self) -> None:
        """Hold what is over and announce what is to come."""
        if not self.past:
            return
        self._hold()
        if self.coming:
            try:
                with transaction.atomic():
                    self._announce()
            except Refused:
                return  # the place is shut then: it stays a date to find

    def _hold(self) -> None:
        row, pk = self.row, deterministic_id(self.row.pk, "carried out")
        district = self.announcer.district
        take_in_history(
            actor=self.announcer.staff,
            community=row.community_id,
            activities=[PastActivity(self._content(), [self._date(day) for day in self.past], id=pk, is_sample=True)],
            at=min(self.past[-1] + self.length + timedelta(hours=3), district.plan.at),
        )
        with scope.everything():
            activity = Activity.objects.get(pk=pk)
            dates = list(Occurrence.objects.filter(activity=activity).select_related("activity").order_by("starts_at"))
            came = list(Attendance.objects.filter(occurrence__in=dates).order_by("pk"))
        project_reports.report_dates(activity, dates, at=self._published())
        for one in dates:
            there = [seen for seen in came if seen.occurrence_id == one.pk]
            project_reports.report_people(one, there, at=min(one.ends_at + timedelta(minutes=30), self.plan.at))

    def _published(self) -> datetime:
        assert self.row.published_at is not None
        return self.row.published_at + timedelta(hours=1)

    def _content(self) -> Content:
        row = self.row
        with scope.everything():
            givers = ProjectOffer.objects.filter(project=row, offer__organisation__state="active").order_by("pk")
            organisations = dict.fromkeys(givers.values_list("offer__organisation", flat=True))
        return Content(
            community=row.community_id,
            category=row.category_id,
            title=row.title,
            summary=row.purpose[:200],
            poster_text=row.public_text,
            contact_name=row.responsible_name,
            record_kind=project_reports.RECORD_KIND,
            record_id=row.pk,
            organisers=tuple((pk, "helps") for pk in organisations),
        )

    def _date(self, day: datetime) -> PastDate:
        size = max(FEWEST, min(MOST, self.row.people_planned // self.row.occurrences_planned))
        venue = self.row.venue_id or self._centre()
        return PastDate(
            starts_at=day,
            ends_at=day + self.length,
            venue=venue,
            place="" if venue else "社区门口",
            size=size + 4,
            published_at=self._published(),
            people=self._people(day, size),
        )

    def _centre(self) -> UUID | None:
        mine = (one for one in self.announcer.district.places if one.community == self.row.community_id)
        return next((site.venue for place in mine for site in place.sites), None)

    def _people(self, day: datetime, size: int) -> list[PastPerson]:
        """Give who came: first those who asked, then others of the place; one or two who signed up stayed away."""
        with scope.everything():
            asked = NeedReport.objects.filter(
                need__in=self.row.needs.values("need"),
                person__state=Person.State.LIVING,
                community=self.row.community_id,
                heard_at__lt=day,
            )
            askers = list(dict.fromkeys(asked.order_by("heard_at", "pk").values_list("person", flat=True)))
        wanted = max(FEWEST, round(size * self.dice.uniform(0.6, 1.0)))
        first = [pk for pk in askers if self.dice.random() < 0.8][:wanted]
        others = self.announcer.crowd.draw(
            self.row.community_id, "all", wanted - len(first) + 1, local_day(day), self.dice
        )
        people = list(dict.fromkeys([*first, *(one.person for one in others)]))
        signed = day - timedelta(days=self.dice.randint(1, 2), hours=self.dice.randint(0, 5))
        return [
            PastPerson(
                pk,
                MISSED if place and place == len(people) - 1 else CAME,
                signed_at=max(signed, self._published()),
                came_at=day - timedelta(minutes=self.dice.randint(0, 14)),
                opinion=Opinion(3, met_need=True) if place < len(first) and self.dice.random() < 0.3 else None,
            )
            for place, pk in enumerate(people)
        ]

    def _announce(self) -> None:
        """Draft the rest from the project as staff do, publish it, and let some sign up."""
        at = self.plan.moment(ANNOUNCED_DAYS, 9, 40)
        staff = self.announcer.staff
        row = draft_from_project(actor=staff, project=self.row.pk, at=at)
        with scope.everything():
            Activity.objects.filter(pk=row.pk).update(is_sample=True)
        for day in self.coming:
            local = day.astimezone(LOCAL)
            add_date(actor=staff, activity=row.pk, on=local.date(), start=local.time(), at=at)
        publish(actor=staff, activity=row.pk, despite_doubts=True, at=at + timedelta(minutes=20))
        with scope.everything():
            first = Occurrence.objects.filter(activity=row).order_by("starts_at").first()
        if first is not None and first.takes_sign_ups:
            people = self.announcer.draw(first, "all", self.dice.randint(3, 7))
            since = self.plan.moment(SIGNED_DAYS, 9)
            self.announcer.sign_up(first, people, first=since, last=self.plan.at - timedelta(minutes=10))
