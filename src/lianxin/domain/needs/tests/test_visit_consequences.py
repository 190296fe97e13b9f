"""What becomes of visits when homes end, merge or move, people are erased, workers leave and communities merge."""

from datetime import timedelta

import pytest

from lianxin.domain.needs.commands import devices, visit_personal_data
from lianxin.domain.needs.models import Visit, VisitDevice, VisitPromise
from lianxin.domain.people.commands import leaving, moving
from lianxin.domain.people.commands.accounts import disable_account
from lianxin.domain.people.tests.factories import SYSTEM as CLERK
from lianxin.domain.people.tests.factories import make_household, members_of, new_person
from lianxin.domain.places.commands.division_splits import merge_divisions
from lianxin.platform import scope

from .factories import AT, DAY, SYSTEM, TODAY, Place, fresh, make_place, open_duties
from .visit_factories import differences, planned, promised, recorded, worker_of


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def states(*rows: Visit) -> list[str]:
    return [fresh(row).state for row in rows]


def test_nobody_is_visited_where_nobody_lives_any_more(place: Place) -> None:
    home = make_household(place.community, new_person("许阿婆"))
    alone = Place(place.community, place.elsewhere, (home,), place.keeper)
    [before] = planned(alone)
    promise = promised(alone, before)
    [row] = planned(alone, due_on=TODAY + DAY)
    [person] = members_of(home)

    leaving.record_death(actor=CLERK, person=person.pk, on=TODAY, at=AT)

    assert states(before, row) == ["done", "void"]
    assert fresh(promise).state == "dropped"
    assert differences() == []


def test_merged_households_are_visited_once_and_keep_what_was_promised(place: Place) -> None:
    first, second = planned(place, 0, 1)
    promise = promised(place, first)
    [again] = planned(place, 0, due_on=TODAY + DAY)

    moving.merge_households(
        actor=CLERK,
        households=[home.pk for home in place.homes[:2]],
        into=place.homes[1].pk,
        on=TODAY,
        at=AT,
    )

    assert states(first, second, again) == ["done", "planned", "void"]
    assert fresh(promise).household_id == fresh(first).household_id == place.homes[1].pk
    assert differences() == []


def test_household_that_moved_is_owed_by_its_new_community(place: Place) -> None:
    [first] = planned(place)
    promise = promised(place, first)
    [row] = planned(place, due_on=TODAY + DAY)

    moving.move_household(
        actor=CLERK, household=row.household_id, community=place.elsewhere.pk, address="新路1号", on=TODAY, at=AT
    )

    assert states(first, row) == ["done", "void"]
    assert fresh(promise).community_id == place.elsewhere.pk
    [duty] = open_duties("needs.keep_promise")
    assert (duty.community_id, duty.assignee_role) == (place.elsewhere.pk, "community_staff")
    assert differences() == []


def test_visits_of_a_worker_who_left_wait_for_somebody_else(place: Place) -> None:
    worker = worker_of(place)
    [row] = planned(place, worker=worker)
    devices.take_along(actor=worker, name="", at=AT)
    assert worker.account is not None

    disable_account(actor=SYSTEM, account=worker.account, reason="走了", at=AT)

    assert fresh(row).worker is None
    assert open_duties("needs.visit") == []
    with scope.everything():
        assert VisitDevice.objects.get().ended_at == AT


def test_merged_communities_bring_their_visits_along(place: Place) -> None:
    worker = worker_of(place)
    first, _second = planned(place, 0, 1, worker=worker)
    promised(place, first)

    merge_divisions(actor=SYSTEM, divisions=[place.community.pk], into=place.elsewhere.pk, on=TODAY, at=AT)

    with scope.everything():
        assert set(Visit.objects.values_list("community", flat=True)) == {place.elsewhere.pk}
        assert set(VisitPromise.objects.values_list("community", flat=True)) == {place.elsewhere.pk}
    assert differences() == []


def test_person_is_given_the_visits_and_erased_from_the_notes(place: Place) -> None:
    person = place.person(0)
    [row] = planned(place)
    recorded(place, row, note="陈小明说腿疼")

    [told] = visit_personal_data.export_rows(person.pk)
    kept = visit_personal_data.erase_rows(person=person.pk, actor=SYSTEM, at=AT)

    assert told["note"] == "陈小明说腿疼"
    assert kept == ["That the household was visited, on which day."]
    assert fresh(row).note.reveal() == "***说腿疼"


def test_notes_places_and_old_phones_are_forgotten_in_time(place: Place) -> None:
    worker = worker_of(place)
    [row] = planned(place, worker=worker)
    devices.take_along(actor=worker, name="", at=AT)
    recorded(place, row, note="旧事")

    early, late = AT + timedelta(days=300), AT + timedelta(days=800)
    assert (visit_personal_data.purge_notes(early), visit_personal_data.purge_devices(early)) == (0, 0)
    assert (visit_personal_data.purge_notes(late), visit_personal_data.purge_devices(late)) == (1, 1)
    assert (fresh(row).note, fresh(row).state) == (None, "done")
