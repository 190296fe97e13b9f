"""One project of each community in the closed year: asked for, arranged, held on dates that are told already, closed.

Its lists of that month are issued with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.utils import translation

from lianxin.domain.activities.commands import project_reports
from lianxin.domain.activities.models import Activity, Attendance, Occurrence
from lianxin.domain.needs.commands.answers import say_met
from lianxin.domain.needs.commands.hearing import Voice, hear_many
from lianxin.domain.needs.commands.listing import Beginning, list_many
from lianxin.domain.needs.sample.sentences import WISHES, sentence
from lianxin.domain.places.models import Division
from lianxin.domain.projects.commands import editions, projects
from lianxin.domain.projects.models import Edition, Project
from lianxin.domain.projects.rules.contents import Content
from lianxin.domain.projects.sample import words
from lianxin.domain.projects.sample.staff import communities_in_order, staff_of
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.sample import Plan

PART = "projects of the closed year"
LISTS = (Edition.Of.NEEDS, Edition.Of.PROJECTS)
HEARD, ENTERED, PUBLISHED, CLOSED, LOOKED_BACK = 40, 24, 20, 3, 12
FIRST_MONTH, LAST_MONTH = 3, 11
MOST_DATES = 3
SAYS_SHARE, CANCELLED_EVERY = 0.6, 9


def build_closed_year(plan: Plan) -> None:
    """Tell each community's project, each whole or not at all."""
    with translation.override("zh-hans"):
        staff, places = staff_of(plan), communities_in_order()
        with scope.everything():
            told = Project.objects.filter(made_at__lt=local_moment(date(plan.told_year + 1, 1, 1)))
            begun = set(told.order_by().values_list("community", flat=True).distinct())
        for number, place in enumerate(places, start=1):
            if place.pk in staff and place.pk not in begun:
                with transaction.atomic():
                    _tell(plan, place, staff[place.pk], number)
            plan.tell(PART, number / len(places))


@dataclass(frozen=True, slots=True)
class _Story:
    """The activity that carries a project out, with the days of what came before and after it."""

    activity: Activity
    first_on: date
    last_on: date
    number: int
    dice: Random

    def before(self, days: int, hour: int, minute: int = 0) -> datetime:
        return local_moment(self.first_on - timedelta(days=days), time(hour, minute))

    def after(self, days: int, hour: int) -> datetime:
        return local_moment(self.last_on + timedelta(days=days), time(hour, 20))


def _tell(plan: Plan, place: Division, actor: Actor, number: int) -> None:
    dice = plan.random(PART, place.code)
    story = _choose(plan, place, number, dice)
    if story is None:
        return
    with scope.everything():
        dates = list(Occurrence.objects.filter(activity=story.activity, state="held").order_by("starts_at"))
        came = list(Attendance.objects.filter(occurrence__in=dates, undone_at=None).order_by("occurrence", "pk"))
    need, voices = _ask(story, actor, came)
    row = _arrange(story, actor, need, len(voices))
    for of in LISTS:
        _issue(story, actor, of)
    if number % CANCELLED_EVERY == 0:
        # What was arranged did not come about: the activity was held without it, later and by others.
        reason = dice.choice(words.CANCELLED)
        projects.cancel(actor=actor, project=row.pk, reason=reason, at=story.before(1, 15))
        return
    _carry_out(story, row, dates, came)
    spent = max(0, row.budget_fen - dice.randint(0, 60) * 100) if row.budget_fen else None
    projects.finish(actor=actor, project=row.pk, spent_fen=spent, at=story.after(CLOSED, 10))
    for place_in_line, report in enumerate(voices):
        if dice.random() < SAYS_SHARE:
            met, _weight, said = dice.choices(words.SAYS, [weight for _met, weight, _said in words.SAYS])[0]
            say_met(actor=actor, report=report, met=met, words=said, at=story.after(CLOSED + 1 + place_in_line % 3, 16))
    projects.evaluate(actor=actor, project=row.pk, review=dice.choice(words.REVIEWS), at=story.after(LOOKED_BACK, 10))


def _choose(plan: Plan, place: Division, number: int, dice: Random) -> _Story | None:
    """Choose an activity of few dates that answers something people ask for."""
    held = Q(occurrences__state="held")
    since, until = date(plan.told_year, FIRST_MONTH, 1), date(plan.told_year, LAST_MONTH, 25)
    with scope.everything():
        rows = Activity.objects.filter(community=place, is_sample=True, is_volunteering=False, record_id=None)
        found = list(
            rows.filter(category__code__in=list(WISHES))
            .annotate(
                dates=Count("occurrences", filter=held),
                first=Min("occurrences__starts_at", filter=held),
                last=Max("occurrences__starts_at", filter=held),
            )
            .filter(
                dates__gte=1,
                dates__lte=MOST_DATES,
                first__gte=local_moment(since),
                last__lt=local_moment(until),
                festival="",
            )
            .select_related("category")
            .order_by("first", "pk")
        )
    if not found:
        return None
    row = dice.choice(found)
    return _Story(row, local_day(row.first), local_day(row.last), number, dice)


def _ask(story: _Story, actor: Actor, came: Sequence[Attendance]) -> tuple[UUID, list[UUID]]:
    """Let some of those who will come have asked for it; gives the entry and their voices."""
    dice, activity = story.dice, story.activity
    wish = dice.choice(WISHES[activity.category.code])
    known = [one for one in came if one.person_id and one.household_id and one.community_id == activity.community_id]
    askers = dice.sample(known, min(len(known), dice.randint(2, 4)))
    voices = [
        Voice(
            words=sentence(wish, dice),
            how=dice.choice(("desk", "phone", "visit", "paper")),
            person=one.person_id,
            household=one.household_id,
            heard_at=story.before(HEARD + 2 * turn, 9 + turn),
            category=activity.category.code,
        )
        for turn, one in enumerate(askers)
    ] or [Voice(words=sentence(wish, dice), how="desk", is_anonymous=True, heard_at=story.before(HEARD, 9))]
    at = story.before(HEARD - 1, 18)
    reports = hear_many(actor=actor, community=activity.community_id, voices=voices, is_sample=True, at=at)
    beginning = Beginning(wish.title, activity.category.code, wish.group, voices=list(range(len(reports))))
    listed = list_many(
        actor=actor, community=activity.community_id, reports=reports, beginnings=[beginning], is_sample=True, at=at
    )
    return listed[0], reports


def _arrange(story: _Story, actor: Actor, need: UUID, asked: int) -> Project:
    activity, dice = story.activity, story.dice
    budget = dice.choice(words.BUDGETS)
    dates: int = activity.dates  # type: ignore[attr-defined]
    row = projects.save_project(
        actor=actor,
        project=None,
        content=Content(
            community=activity.community_id,
            category=activity.category_id,
            title=activity.title,
            purpose=words.BY_HAND_PURPOSE,
            public_text=words.told_of(activity.title, giver="志愿队", asked=asked),
            from_on=story.first_on,
            until_on=story.last_on,
            occurrences_planned=dates,
            people_planned=20 * dates,
            budget_fen=budget,
            money_from=words.MONEY_FROM[0] if budget else "",
            responsible=actor.account,
            responsible_name=actor.name[:40],
            needs=(need,),
        ),
        at=story.before(ENTERED, 9),
    )
    with scope.everything():
        Project.objects.filter(pk=row.pk).update(is_sample=True)
    projects.approve(actor=actor, project=row.pk, at=story.before(ENTERED - 2, 15))
    return projects.publish(actor=actor, project=row.pk, at=story.before(PUBLISHED, 10))


def _issue(story: _Story, actor: Actor, of: str) -> None:
    """Issue a list of the month in which the project was published."""
    drafted = story.before(PUBLISHED - 1, 9)
    row = editions.draft_edition(
        actor=actor,
        community=story.activity.community_id,
        of=of,
        every=Edition.Every.MONTH,
        on=local_day(drafted),
        at=drafted,
    )
    editions.issue_edition(
        actor=actor, edition=row.pk, approved_name=actor.name[:40] or "样例书记", at=story.before(PUBLISHED - 2, 15)
    )


def _carry_out(story: _Story, row: Project, dates: Sequence[Occurrence], came: Sequence[Attendance]) -> None:
    """Let the project have taken place on the dates that were told before, with those who came."""
    with scope.everything():
        Activity.objects.filter(pk=story.activity.pk).update(record_kind=project_reports.RECORD_KIND, record_id=row.pk)
        activity = Activity.objects.get(pk=story.activity.pk)
    project_reports.report_dates(activity, dates, at=story.before(PUBLISHED, 11))
    for one in dates:
        one.activity = activity
        there = [seen for seen in came if seen.occurrence_id == one.pk]
        project_reports.report_people(one, there, at=one.ends_at + timedelta(minutes=30))
