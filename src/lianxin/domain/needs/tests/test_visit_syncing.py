"""Records from phones: each taken once, conflicts and broken ones kept, phones that expired or were ended."""

from datetime import timedelta

import pytest

from lianxin.domain.needs.commands import devices, syncing, visit_conflicts
from lianxin.domain.needs.models import NeedReport, Visit, VisitConflict
from lianxin.domain.people.models import Account
from lianxin.platform import contributions, scope
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Gone, Invalid, Refused
from lianxin.platform.ids import new_id
from lianxin.platform.models import Fact

from .factories import AT, DAY, TODAY, Place, fresh, make_place, open_duties
from .visit_factories import differences, planned, promises_of, recorded, sent, worker_of


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def take(place: Place, *records: object, at=AT):
    return syncing.take_sent(actor=place.keeper, sent=list(records), at=at)


def conflicts() -> list[VisitConflict]:
    with scope.everything():
        return list(VisitConflict.objects.order_by("received_at", "pk"))


def done_visits() -> tuple[int, int]:
    """The measure, and what its facts add up to."""
    window = Window(TODAY - 30 * DAY, TODAY + 30 * DAY)
    with scope.everything():
        facts = sum(Fact.objects.filter(measure="visits_done").values_list("quantity", flat=True))
        return contributions.measure("visits_done").query(window), facts


def test_same_record_again_is_answered_and_changes_nothing(place: Place) -> None:
    [row] = planned(place)
    record = sent(
        row,
        made=[{"record": str(new_id()), "words": "带药", "due_on": None}],
        wishes=[{"record": str(new_id()), "words": "想学用手机", "people": 1, "is_urgent": False}],
        place={"lng": 116.7, "lat": 23.4, "accuracy": 8.5},
    )

    [first] = take(place, record)
    [again] = take(place, record, at=AT + DAY)

    assert (first.state, again.state) == ("taken", "again")
    assert len(promises_of(row.household_id)) == 1
    with scope.everything():
        assert NeedReport.objects.filter(visit=row).count() == 1
    assert (fresh(row).recorded_at, fresh(row).lng) == (AT, 116.7)
    assert done_visits() == (1, 1)
    assert differences() == []


def test_second_phone_for_one_visit_is_kept_beside_and_never_written_over(place: Place) -> None:
    [row] = planned(place)
    mine, theirs = sent(row), sent(row, outcome="absent", note="敲门没人应")

    [first] = take(place, mine)
    [second] = take(place, theirs)
    [replay] = take(place, theirs)

    assert (first.state, second.state, replay.state) == ("taken", "conflict", "conflict")
    assert fresh(row).state == "done"
    [kept] = conflicts()
    assert visit_conflicts.content_of(kept)["record"]["note"] == "敲门没人应"
    assert len(open_duties("needs.compare_visits")) == 1
    assert differences() == []


def test_same_number_with_other_contents_is_a_conflict_too(place: Place) -> None:
    [row] = planned(place)
    record = sent(row)
    take(place, record)

    changed = [take(place, record | {"note": note})[0].state for note in ("甲", "乙", "甲")]

    assert changed == ["conflict"] * 3
    assert fresh(row).note.reveal() == "老人家身体不错"
    assert len(conflicts()) == 2


def test_broken_record_holds_no_other_back_and_is_kept(place: Place) -> None:
    first, second, third = planned(place, 0, 1, 2)
    broken = sent(second) | {"started_at": "kein Datum"}
    wrong = sent(third, outcome="eaten")
    nameless = {"outcome": "done"}
    nowhere = sent(first) | {"visit": str(new_id())}

    answers = take(place, nameless, broken, sent(first), wrong, nowhere, "x")

    assert [one.state for one in answers] == ["refused", "refused", "taken", "refused", "refused", "refused"]
    assert [one.is_kept for one in answers] == [False, True, True, True, False, False]
    assert all(one.words for one in answers if one.state == "refused")
    assert [fresh(row).state for row in (first, second, third)] == ["done", "planned", "planned"]
    assert {one.visit_id for one in conflicts()} == {second.pk, third.pk}
    assert differences() == []


def test_fault_of_ours_leaves_a_record_unanswered_and_takes_the_others(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = planned(place, 0, 1)
    whole = syncing.record_visit

    def breaks(**given):
        if given["record"].visit == first.pk:
            raise RuntimeError("disk")
        return whole(**given)

    monkeypatch.setattr(syncing, "record_visit", breaks)

    answers = take(place, sent(first), sent(second))

    assert [one.state for one in answers] == ["taken"]
    assert (fresh(first).state, fresh(second).state) == ("planned", "done")


def test_taking_the_phones_record_keeps_the_other_one_and_counts_once(place: Place) -> None:
    [row] = planned(place)
    take(place, sent(row, note="第一次"))
    other = sent(
        row,
        note="第二次",
        started_at=(AT - 2 * DAY).isoformat(),
        ended_at=(AT - 2 * DAY).isoformat(),
        made=[{"record": str(new_id()), "words": "修灯", "due_on": None}],
    )
    take(place, other)
    [kept] = conflicts()

    visit_conflicts.decide(actor=place.keeper, conflict=kept.pk, take=True, at=AT + DAY)

    assert (fresh(row).note.reveal(), fresh(row).ended_at) == ("第二次", AT - 2 * DAY)
    assert visit_conflicts.content_of(fresh(kept))["before"]["note"] == "第一次"
    assert open_duties("needs.compare_visits") == []
    assert done_visits() == (1, 1)
    assert take(place, other)[0].state == "again"
    with pytest.raises(Refused):
        visit_conflicts.decide(actor=place.keeper, conflict=kept.pk, take=False, at=AT)
    assert len(promises_of(row.household_id)) == 1
    # A third record, of nobody being in, takes the visit out of the figures again.
    take(place, sent(row, outcome="absent"))
    visit_conflicts.decide(actor=place.keeper, conflict=conflicts()[1].pk, take=True, at=AT + DAY)
    assert done_visits() == (0, 0)
    assert differences() == []


def test_leaving_what_is_there_changes_nothing_but_the_duty(place: Place) -> None:
    [row] = planned(place)
    take(place, sent(row))
    other = sent(row, outcome="refused")
    take(place, other)

    visit_conflicts.decide(actor=place.keeper, conflict=conflicts()[0].pk, take=False, at=AT)

    assert fresh(row).state == "done"
    assert take(place, other)[0].words == "Somebody compared the records and left what was there."
    assert differences() == []


def test_refused_record_can_be_taken_by_the_office_without_its_wrong_part(place: Place) -> None:
    [row] = planned(place)
    record = sent(row, ended=[{"promise": str(new_id()), "state": "kept", "result": ""}])
    [answer] = take(place, record)
    [kept] = conflicts()
    with pytest.raises(Invalid):
        visit_conflicts.decide(actor=place.keeper, conflict=kept.pk, take=True, at=AT)

    visit_conflicts.decide(actor=place.keeper, conflict=kept.pk, take=True, without_ended=True, at=AT)

    assert answer.state == "refused"
    assert fresh(row).state == "done"
    assert done_visits() == (1, 1)


def test_record_of_a_visit_called_off_meanwhile_is_kept(place: Place) -> None:
    [row] = planned(place)
    with scope.everything():
        Visit.objects.filter(pk=row.pk).update(state="void", state_reason="x")

    [answer] = take(place, sent(row))

    assert (answer.state, fresh(row).state) == ("conflict", "void")


def test_phone_takes_its_workers_visits_along_with_last_times_promises(place: Place) -> None:
    worker = worker_of(place)
    [before] = planned(place, worker=worker)
    recorded(place, before, note="上次聊了很久")
    mine = planned(place, 0, worker=worker, due_on=TODAY + DAY)[0]
    planned(place, 1)
    planned(place, 2, worker=worker, due_on=TODAY + 60 * DAY)

    taken = devices.take_along(actor=worker, name="王姐的手机", at=AT)

    [one] = taken.content["visits"]
    assert (one["id"], one["version"], one["survey"]) == (str(mine.pk), 1, None)
    assert [member["name"] for member in one["household"]["members"]] == ["陈小明", "小小明"]
    assert one["last"]["note"] == "上次聊了很久"
    assert taken.device.households == 1
    assert taken.token not in taken.device.token_digest
    assert taken.community == place.community


def test_expired_phone_still_sends_and_an_ended_one_does_not(place: Place) -> None:
    worker = worker_of(place)
    [row] = planned(place, worker=worker)
    taken = devices.take_along(actor=worker, name="", at=AT)

    late = AT + devices.KEPT_ALONG + 10 * DAY
    device, actor = devices.sender(token=taken.token, at=late)
    [answer] = syncing.take_sent(actor=actor, sent=[sent(row)], by=device.worker, at=late)

    assert (answer.state, fresh(row).worker) == ("taken", worker.account)
    with pytest.raises(Gone):
        devices.sender(token=taken.token, at=AT + devices.KEPT_ALONG + devices.SENDS_FOR + DAY)
    with pytest.raises(Gone):
        devices.sender(token="x" * 40, at=AT)
    devices.end_device(actor=place.keeper, device=device.pk, at=late)
    with pytest.raises(Gone):
        devices.sender(token=taken.token, at=late)


def test_phone_of_a_closed_account_sends_no_more(place: Place) -> None:
    worker = worker_of(place)
    planned(place, worker=worker)
    taken = devices.take_along(actor=worker, name="", at=AT)
    Account.objects.filter(pk=worker.account).update(state=Account.State.DISABLED)

    with pytest.raises(Gone):
        devices.sender(token=taken.token, at=AT + timedelta(hours=1))


def test_phone_takes_nothing_along_where_nothing_is_planned(place: Place) -> None:
    with pytest.raises(Refused, match="No visits are planned"):
        devices.take_along(actor=worker_of(place), name="x", at=AT)
