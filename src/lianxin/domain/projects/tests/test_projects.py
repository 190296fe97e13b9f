"""Projects: approved by name, published, carried out as check-ins report, closed with each asker told."""

from uuid import UUID

import pytest

from lianxin.domain.needs.models import Answer, Need
from lianxin.domain.projects.commands import outcomes, projects
from lianxin.domain.projects.models import OutcomeOccurrence, Project
from lianxin.domain.projects.queries import checks
from lianxin.domain.projects.queries import projects as reading
from lianxin.domain.projects.tests.factories import (
    AT,
    TODAY,
    Ground,
    fresh,
    make_ground,
    make_need,
    make_offer,
    make_public,
)
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, NotAllowed, Refused
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def arrange(project: Project, times: int = 1) -> list[UUID]:
    """Dates of a higher module that belong to a project."""
    ids = [new_id() for _ in range(times)]
    outcomes.note_dates(
        actor=SYSTEM, project=project.pk, dates=[outcomes.Date(pk, AT, project.title) for pk in ids], at=AT
    )
    return ids


def come(project: Project, occurrence: UUID, *attendances: UUID) -> None:
    """People who were checked in at a date."""
    outcomes.note_people(
        actor=SYSTEM,
        project=project.pk,
        occurrence=occurrence,
        on=TODAY,
        came=[outcomes.Came(pk, None, None) for pk in attendances],
        at=AT,
    )


def answers(ground: Ground) -> list[tuple[str, int]]:
    """How many askers were told what."""
    with scope.everything():
        kinds = list(Answer.objects.filter(community=ground.community).values_list("kind", flat=True))
    return sorted((kind, kinds.count(kind)) for kind in set(kinds))


def test_project_goes_its_way_and_each_asker_is_told_once() -> None:
    ground = make_ground()
    need = make_need(ground, voices=3)
    offer = make_offer(ground)
    row = make_public(ground, (need.pk,), offers=(offer.pk,))

    assert (row.approved_name, fresh(need).state, answers(ground)) == (row.approved_name, "planned", [("planned", 3)])
    [occurrence] = arrange(row)
    come(row, occurrence, new_id(), new_id())
    assert (fresh(row).state, fresh(row).person_times, fresh(row).occurrences_held) == ("running", 2, 1)
    projects.finish(actor=ground.planner, project=row.pk, spent_fen=0, at=AT)
    projects.evaluate(actor=ground.planner, project=row.pk, review="师傅准时，要再加一次。", at=AT)

    assert fresh(row).state == "evaluated"
    assert answers(ground) == [("done", 3), ("planned", 3)]
    assert fresh(need).first_served_on is not None
    outcome = reading.outcome_of(fresh(row))
    assert (outcome.askers, outcome.person_times, outcome.answered) == (3, 2, 0)


def test_same_people_reported_again_count_once_and_undone_ones_not() -> None:
    ground = make_ground()
    row = make_public(ground)
    [first, second] = arrange(row, 2)
    one, other = new_id(), new_id()

    for _ in range(2):
        come(row, first, one, other)
    come(row, second, new_id())
    outcomes.take_people_back(actor=SYSTEM, attendances=[one, other], at=AT)

    assert (fresh(row).person_times, fresh(row).occurrences_held) == (1, 1)
    come(row, first, one)
    assert (fresh(row).person_times, fresh(row).occurrences_held) == (2, 2)
    assert [*checks.outcomes_are_rows(), *checks.held_dates_have_people()] == []
    with scope.everything():
        Project.objects.filter(pk=row.pk).update(person_times=7)
        OutcomeOccurrence.objects.filter(occurrence=first).update(is_held=False)
    assert len([*checks.outcomes_are_rows(), *checks.held_dates_have_people()]) == 2


def test_nothing_is_published_unapproved_or_by_the_program() -> None:
    ground = make_ground()
    row = projects.save_project(actor=ground.planner, project=None, content=ground.content(), at=AT)

    with pytest.raises(projects.WrongStep):
        projects.publish(actor=ground.planner, project=row.pk, at=AT)
    with pytest.raises(NotAllowed):
        projects.approve(actor=SYSTEM, project=row.pk, at=AT)
    with pytest.raises(outcomes.NotPublished):
        arrange(row)


def test_approved_project_that_changes_is_approved_again() -> None:
    ground = make_ground()
    row = projects.save_project(actor=ground.planner, project=None, content=ground.content(), at=AT)
    projects.approve(actor=ground.planner, project=row.pk, at=AT)

    projects.save_project(
        actor=ground.planner, project=row.pk, content=ground.content(budget_fen=50_000, money_from="党费"), at=AT
    )

    assert (fresh(row).state, fresh(row).approved_by) == ("draft", None)


def test_cancelled_project_answers_askers_and_gives_needs_back() -> None:
    ground = make_ground()
    need = make_need(ground, voices=2)
    row = make_public(ground, (need.pk,))

    projects.cancel(actor=ground.planner, project=row.pk, reason="师傅生病", at=AT)

    assert fresh(need).state == Need.State.OPEN
    assert answers(ground) == [("cannot", 2), ("planned", 2)]
    with scope.everything():
        words = Answer.objects.filter(kind="cannot").values_list("words", flat=True)
        assert all("师傅生病" in one for one in words)


def test_draft_that_nobody_saw_is_cancelled_silently() -> None:
    ground = make_ground()
    need = make_need(ground)
    row = projects.save_project(actor=ground.planner, project=None, content=ground.content(needs=(need.pk,)), at=AT)

    projects.cancel(actor=ground.planner, project=row.pk, reason="不办了", at=AT)

    assert (answers(ground), fresh(need).state) == ([], "open")


def test_project_on_which_nobody_came_is_not_called_done() -> None:
    ground = make_ground()
    row = make_public(ground)
    arrange(row)

    with pytest.raises(projects.NothingHeld):
        projects.finish(actor=ground.planner, project=row.pk, at=AT)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "长" * 81),
        ("until_on", TODAY.replace(year=2025)),
        ("budget_fen", -1),
        ("budget_fen", 100),
        ("occurrences_planned", 0),
        ("people_planned", 0),
        ("needs", (new_id(),)),
        ("offers", (new_id(),)),
        ("neighbours", (new_id(),)),
        ("venue", new_id()),
        ("picture_id", new_id()),
    ],
)
def test_wrong_entry_is_told_at_its_field(field: str, value: object) -> None:
    ground = make_ground()

    with pytest.raises(Invalid) as refusal:
        projects.save_project(actor=ground.planner, project=None, content=ground.content(**{field: value}), at=AT)

    assert set(refusal.value.fields) & {field, "money_from"}


def test_needs_of_others_are_taken_in_only_with_their_community() -> None:
    ground, near = make_ground(), make_ground("金洲社区", "440507004021")
    theirs = make_need(near)

    with pytest.raises(Invalid):
        make_public(ground, (theirs.pk,))
    row = make_public(ground, (theirs.pk,), neighbours=(near.community.pk,))

    assert [need.pk for need in reading.needs_of(row.pk)] == [theirs.pk]
    assert answers(near) == [("planned", 2)]


def test_two_at_once_do_not_overwrite_each_other() -> None:
    ground = make_ground()
    row = projects.save_project(actor=ground.planner, project=None, content=ground.content(), at=AT)
    projects.save_project(
        actor=ground.planner, project=row.pk, content=ground.content(title="甲"), version=row.version, at=AT
    )

    with pytest.raises(Refused):
        projects.save_project(
            actor=ground.planner, project=row.pk, content=ground.content(title="乙"), version=row.version, at=AT
        )

    assert fresh(row).title == "甲"


def test_numbers_count_up_in_each_community() -> None:
    ground, near = make_ground(), make_ground("金洲社区", "440507004021")

    numbers = [
        projects.save_project(actor=one.planner, project=None, content=one.content(), at=AT).number
        for one in (ground, ground, near)
    ]

    assert numbers == [1, 2, 1]
