"""Visits are planned, given to workers, recorded and called off; promises are duties until they are kept."""

from datetime import timedelta

import pytest

from lianxin.domain.needs.commands import promises, visits
from lianxin.domain.needs.commands.recording import RecordedOtherwise, record_visit
from lianxin.domain.needs.models import NeedReport, Visit
from lianxin.domain.needs.queries import visits as queries
from lianxin.domain.needs.queries.visits_due import list_due
from lianxin.domain.needs.rules.visit_records import Ended, Made, Wish
from lianxin.domain.people.tests.factories import make_household, new_person
from lianxin.platform import scope
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id

from .factories import AT, DAY, TODAY, Place, fresh, make_place, open_duties
from .visit_factories import differences, planned, promised, promises_of, record_of, recorded, worker_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def test_household_is_planned_once_and_the_worker_has_one_duty(place: Place) -> None:
    worker = worker_of(place)

    planned(place, 0, 1, worker=worker, due_on=TODAY + 3 * DAY)
    again = visits.plan(
        actor=place.keeper,
        community=place.community.pk,
        households=[home.pk for home in place.homes],
        reason="round",
        due_on=TODAY,
        worker=worker.account,
        at=AT,
    )

    assert len(again) == 1
    [duty] = open_duties("needs.visit")
    assert (duty.title, duty.assignee_account) == ("Visit 3 households", worker.account)
    assert duty.due_at.date() == TODAY


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"due_on": TODAY - DAY}, "due_on"),
        ({"due_on": TODAY + 400 * DAY}, "due_on"),
        ({"reason": "tea"}, "reason"),
        ({"reason": "survey"}, "survey"),
        ({"reason_words": "x" * 121}, "reason_words"),
    ],
)
def test_plan_that_cannot_be_is_told_at_its_field(place: Place, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as told:
        planned(place, **wrong)

    assert list(told.value.fields) == [field]


def test_visit_goes_only_to_somebody_who_works_there(place: Place) -> None:
    [row] = planned(place)
    stranger = worker_of(Place(place.elsewhere, place.community, (), place.keeper))

    with pytest.raises(Invalid, match="check"):
        visits.assign(actor=place.keeper, visits=[row.pk], worker=stranger.account, at=AT)
    with pytest.raises(Missing):
        visits.call_off(actor=stranger, visit=row.pk, why="x", at=AT)
    with pytest.raises(NotAllowed):
        visits.plan(
            actor=place.resident(0),
            community=place.community.pk,
            households=[place.homes[0].pk],
            reason="round",
            due_on=TODAY,
            at=AT,
        )


def test_change_over_somebody_elses_change_is_refused(place: Place) -> None:
    [row] = planned(place)
    values = {"due_on": TODAY + DAY, "worker": None, "reason": "wish", "reason_words": "想找人说说话"}
    visits.change(actor=place.keeper, visit=row.pk, version=row.version, at=AT, **values)

    with pytest.raises(EditedMeanwhile):
        visits.change(actor=place.keeper, visit=row.pk, version=row.version, at=AT, **values)

    assert fresh(row).reason_words == "想找人说说话"


def test_recorded_visit_holds_what_was_said_promised_and_wished(place: Place) -> None:
    worker = worker_of(place)
    [row] = planned(place, worker=worker)

    done = recorded(
        place,
        row,
        note="阿姨腿脚不便",
        made=(Made(new_id(), "周五带药来", TODAY + 2 * DAY),),
        wishes=(Wish(new_id(), "希望有人来给老人剪头发", 2, True),),
    )

    assert (done.state, done.note.reveal(), done.version) == ("done", "阿姨腿脚不便", 2)
    with scope.everything():
        heard = NeedReport.objects.get(visit=done)
    assert (heard.how, heard.person_id, heard.people, heard.channel) == ("visit", place.person(0).pk, 2, "phone")
    [owed] = open_duties("needs.keep_promise")
    assert owed.due_at.date() == TODAY + 2 * DAY
    assert open_duties("needs.visit") == []
    assert len(open_duties("needs.urgent")) == 1
    assert differences() == []
    with pytest.raises(RecordedOtherwise):
        recorded(place, row)


def test_promise_is_owed_until_it_is_kept_at_the_next_visit(place: Place) -> None:
    [first] = planned(place)
    promise = promised(place, first)
    [second] = planned(place, due_on=TODAY + DAY)

    recorded(place, second, ended=(Ended(promise.pk, "kept", "表格给了"),))

    assert (fresh(promise).state, fresh(promise).result) == ("kept", "表格给了")
    assert open_duties("needs.keep_promise") == []
    promises.reopen_promise(actor=place.keeper, promise=promise.pk, at=AT)
    assert len(open_duties("needs.keep_promise")) == 1
    with pytest.raises(Invalid):
        promises.end_promise(actor=place.keeper, promise=promise.pk, state="dropped", at=AT)
    promises.end_promise(actor=place.keeper, promise=promise.pk, state="dropped", result="药停产了", at=AT)
    assert promises_of(first.household_id)[0].state == "dropped"
    assert differences() == []


def test_promise_to_another_household_cannot_be_ended_here(place: Place) -> None:
    first, second = planned(place, 0, 1)
    promise = promised(place, first)

    with pytest.raises(Invalid):
        recorded(place, second, ended=(Ended(promise.pk, "kept"),))

    assert (fresh(second).state, fresh(promise).state) == ("planned", "open")


def test_nobody_in_is_tried_again_three_times_at_most(place: Place) -> None:
    [row] = planned(place)
    days = []
    for turn in range(3):
        at = AT + turn * timedelta(days=7)
        with scope.everything():
            row = Visit.objects.get(state="planned")
        days.append(row.due_on)
        record = record_of(row, outcome="absent", started_at=at, ended_at=at)
        record_visit(actor=place.keeper, record=record, at=at)

    assert days == [TODAY, TODAY + 7 * DAY, TODAY + 14 * DAY]
    with scope.everything():
        assert not Visit.objects.filter(state="planned").exists()


def test_due_list_names_elders_alone_promises_and_newcomers_first(place: Place) -> None:
    alone = make_household(place.community, new_person("许阿婆", birth_on=TODAY.replace(year=1940)))
    newcomer = make_household(place.community, new_person("新来的", birth_on=TODAY.replace(year=1990)), on=TODAY - DAY)
    [row] = planned(place)
    promised(place, row, due_on=TODAY)

    with scope.everything():
        found = {
            one.household: one.due.reason
            for one in list_due(actor=place.keeper, community=place.community.pk, on=TODAY)
        }

    assert found[alone.pk] == "alone"
    assert found[row.household_id] == "promise"
    assert newcomer.pk not in found
    with scope.everything():
        later = list_due(actor=place.keeper, community=place.community.pk, on=TODAY + 20 * DAY, reason="new")
    assert [one.household for one in later] == [newcomer.pk]


def test_board_shows_what_is_late_and_whose_it_is(place: Place) -> None:
    worker = worker_of(place)
    planned(place, 0, worker=worker)
    planned(place, 1, due_on=TODAY + 5 * DAY)

    with scope.within(place.keeper.communities):
        late = queries.list_visits(actor=place.keeper, wanted=queries.Filter(state="late"), on=TODAY + DAY)
        nobodys = queries.list_visits(actor=place.keeper, wanted=queries.Filter(worker="-"), on=TODAY)

        assert [row.worker for row in late] == [worker.account]
        assert [row.household_id for row in nobodys] == [place.homes[1].pk]
        assert worker.account in dict(queries.list_workers(actor=place.keeper, on=TODAY))
