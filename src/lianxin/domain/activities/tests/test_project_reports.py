"""Activities that carry out a project report downwards: dates, people, what is taken back or called off."""

from datetime import date, time, timedelta

import pytest

from lianxin.domain.activities.commands import attendance, occurrences, publishing
from lianxin.domain.activities.commands.activities import save_activity
from lianxin.domain.activities.commands.from_projects import draft_from_project, preview_project_cancelled
from lianxin.domain.activities.models import Activity, Attendance, Occurrence
from lianxin.domain.activities.queries.activities import find_activity
from lianxin.domain.activities.rules import plans
from lianxin.domain.activities.rules.contents import Content
from lianxin.domain.people.tests.factories import make_household, members_of, new_person
from lianxin.domain.projects.commands import outcomes, projects
from lianxin.domain.projects.events import ProjectCancelled
from lianxin.domain.projects.models import OutcomeOccurrence, OutcomePerson, Project
from lianxin.domain.projects.queries import checks
from lianxin.domain.projects.tests.factories import AT, Ground, fresh, make_ground, make_need, make_offer, make_public
from lianxin.platform import scope

pytestmark = pytest.mark.django_db
FIRST_ON = date(2026, 3, 11)


def carry_out(ground: Ground, project: Project, times: int = 2) -> list[Occurrence]:
    """The published weekly dates of an activity drafted from the project."""
    draft = draft_from_project(actor=ground.planner, project=project.pk, at=AT)
    occurrences.plan_dates(
        actor=ground.planner,
        activity=draft.pk,
        first_on=FIRST_ON,
        repeats={"every": "week", "weekdays": [FIRST_ON.weekday()], "times": times},
        plan=plans.read(draft.plan).with_changes({"starts": (time(9, 0),), "minutes": 120}),
        at=AT,
    )
    publishing.publish(actor=ground.planner, activity=draft.pk, despite_doubts=True, at=AT)
    with scope.everything():
        return list(Occurrence.objects.filter(activity=draft.pk).order_by("starts_at"))


def come(ground: Ground, date_: Occurrence, name: str) -> Attendance:
    """Somebody of the community who was checked in ten minutes after the beginning."""
    with scope.everything():
        person = members_of(make_household(ground.community, new_person(name), on=date(2024, 1, 1)))[0]
    return attendance.check_in(
        actor=ground.planner,
        occurrence=date_.pk,
        person=person.pk,
        how="name",
        at=date_.starts_at + timedelta(minutes=10),
    )


def told(project: Project) -> list[tuple[bool, bool]]:
    """What the project knows of its dates: (held, called off)."""
    with scope.everything():
        rows = OutcomeOccurrence.objects.filter(project=project).order_by("starts_at")
        return list(rows.values_list("is_held", "is_cancelled"))


def test_activity_takes_over_what_the_project_says() -> None:
    ground = make_ground()
    offer = make_offer(ground)
    project = make_public(ground, offers=(offer.pk,))

    draft = draft_from_project(actor=ground.planner, project=project.pk, at=AT)

    with scope.within(ground.planner.communities):
        row = find_activity(actor=ground.planner, activity=draft.pk)
    assert (row.title, row.poster_text, row.contact_name) == (project.title, project.public_text, "林主任")
    assert (row.record_kind, row.record_id) == ("projects.project", project.pk)
    plan = plans.read(row.plan)
    assert (plan.venue, plan.size) == (ground.venue.pk, 20)


def test_check_in_moves_the_project_and_taking_it_back_moves_it_back() -> None:
    ground = make_ground()
    need = make_need(ground)
    project = make_public(ground, (need.pk,))
    first, second = carry_out(ground, project)

    came = [come(ground, first, "陈小明"), come(ground, first, "林小红")]
    come(ground, second, "黄小强")

    assert (fresh(project).state, fresh(project).occurrences_held, fresh(project).person_times) == ("running", 2, 3)
    with scope.everything():
        assert OutcomePerson.objects.filter(project=project, household__isnull=False).count() == 3
    assert fresh(need).first_served_on == FIRST_ON
    attendance.undo_many(
        actor=ground.planner,
        attendances=[one.pk for one in came],
        reason="点错了",
        at=first.starts_at + timedelta(minutes=30),
    )
    assert (fresh(project).occurrences_held, fresh(project).person_times) == (1, 1)
    assert told(project) == [(False, False), (True, False)]
    assert [*checks.outcomes_are_rows(), *checks.held_dates_have_people()] == []


def test_unpublished_project_is_not_carried_out() -> None:
    ground = make_ground()
    project = projects.save_project(actor=ground.planner, project=None, content=ground.content(), at=AT)

    with pytest.raises(outcomes.NotPublished):
        carry_out(ground, project)


def test_moved_and_cancelled_dates_are_told_downwards() -> None:
    ground = make_ground()
    project = make_public(ground)
    first, second = carry_out(ground, project)
    later = first.starts_at + timedelta(days=1)

    occurrences.change_occurrence(
        actor=ground.planner,
        occurrence=first.pk,
        change={"starts_at": later, "ends_at": later + timedelta(hours=2)},
        at=AT,
    )
    occurrences.cancel_occurrence(actor=ground.planner, occurrence=second.pk, reason="师傅请假", at=AT)

    with scope.everything():
        row = OutcomeOccurrence.objects.get(occurrence=first.pk)
    assert row.starts_at == later
    assert told(project) == [(False, False), (False, True)]


def test_cancelled_project_calls_its_activities_off_and_throws_its_drafts_away() -> None:
    ground = make_ground()
    project = make_public(ground)
    dates = carry_out(ground, project)
    draft = draft_from_project(actor=ground.planner, project=project.pk, at=AT)
    event = ProjectCancelled(project.pk, ground.community.pk, "师傅生病")

    previewed = preview_project_cancelled(event)
    projects.cancel(actor=ground.planner, project=project.pk, reason="师傅生病", at=AT)

    assert len(previewed) == 1
    with scope.everything():
        rows = Occurrence.objects.filter(pk__in=[one.pk for one in dates])
        assert set(rows.values_list("state", "cancel_reason")) == {("cancelled", "师傅生病")}
        assert not Activity.objects.filter(pk=draft.pk, state="draft").exists()
    assert told(project) == [(False, True), (False, True)]


def test_activity_of_no_project_reports_nothing() -> None:
    ground = make_ground()
    row = save_activity(
        actor=ground.planner,
        activity=None,
        content=Content(community=ground.community.pk, category=ground.category.pk, title="健康讲座"),
        plan=plans.Plan(venue=ground.venue.pk, starts=(time(9, 0),)),
        at=AT,
    )
    occurrences.plan_dates(actor=ground.planner, activity=row.pk, first_on=FIRST_ON, at=AT)
    publishing.publish(actor=ground.planner, activity=row.pk, despite_doubts=True, at=AT)
    with scope.everything():
        [date_] = Occurrence.objects.filter(activity=row.pk)

    come(ground, date_, "陈小明")

    with scope.everything():
        assert not OutcomeOccurrence.objects.exists()
        assert not OutcomePerson.objects.exists()
