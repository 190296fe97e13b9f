"""Cases that somebody outside has: they stay somebody's duty; and how often those who told us may ask."""

from typing import Any

import pytest

from lianxin.domain.voice.commands import (
    handovers,
    moving,
    pausing,
    tier_duties,
    urging,
)
from lianxin.domain.voice.models import CaseAnswer
from lianxin.domain.voice.rules.states import NotPossible
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, TooMany

from .tier_factories import (
    AT,
    DAY,
    HOUR,
    SYSTEM,
    TODAY,
    Place,
    case_of,
    differences,
    fresh,
    make_place,
    open_duties,
    say,
    working,
)


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def test_hand_over_keeps_the_first_responder_and_stays_somebodys_duty(place: Place) -> None:
    report = say(place, channel="phone")
    case = case_of(report)
    made = handovers.hand_over(
        actor=place.keeper, case=case.pk, kind="hotline", words="请派人修路灯", answer_by=TODAY + 3 * DAY, at=AT
    )

    handed = fresh(case)
    assert (handed.state, handed.first_responder, made.name) == ("handed", place.keeper.account, "12345")
    assert handed.due_at == case.due_at
    assert [duty.record_id for duty in open_duties(tier_duties.OUTSIDE)] == [made.pk]
    assert differences() == []
    with scope.everything():
        assert CaseAnswer.objects.get(report=report, kind="handed").words.startswith("We handed this to 12345")


def test_those_outside_are_reminded_once_a_day_and_told_above_when_their_day_passes(place: Place) -> None:
    case = working(place)
    out = handovers.hand_over(
        actor=place.keeper, case=case.pk, kind="property", name="安居物业", words="修灯", answer_by=TODAY, at=AT
    )
    handovers.remind(actor=place.keeper, handover=out.pk, words="打了电话", at=AT + HOUR)
    with pytest.raises(TooMany):
        handovers.remind(actor=place.keeper, handover=out.pk, at=AT + 2 * HOUR)
    assert handovers.list_late_communities(at=AT) == []

    assert handovers.list_late_communities(at=AT + DAY) == [place.community.pk]
    assert handovers.chase(actor=SYSTEM, community=place.community.pk, at=AT + DAY) == 1
    assert handovers.list_late_communities(at=AT + DAY) == []

    assert len(open_duties(tier_duties.OUTSIDE_LATE)) == 1
    handovers.note_answer(actor=place.keeper, handover=out.pk, words="周五派人", answer_by=TODAY + 2 * DAY, at=AT + DAY)
    assert fresh(case).state == "handed"
    assert open_duties(tier_duties.OUTSIDE_LATE) == []
    handovers.note_answer(actor=place.keeper, handover=out.pk, words="已经修好", at=AT + 2 * DAY)
    assert (fresh(case).state, fresh(out).state, fresh(out).answer) == ("working", "answered", "已经修好")
    assert open_duties(tier_duties.OUTSIDE) == []
    with pytest.raises(handovers.HandoverOver):
        handovers.take_back(actor=place.keeper, handover=out.pk, at=AT + 2 * DAY)
    assert differences() == []


def test_what_waits_and_what_is_outside_go_with_a_case_to_its_next_worker(place: Place) -> None:
    waiting, outside = working(place), working(place, "水管漏水", by=1)
    pausing.pause(actor=place.keeper, case=waiting.pk, reason="parts", words="等", look_again_by=TODAY + DAY, at=AT)
    handovers.hand_over(
        actor=place.keeper, case=outside.pk, kind="office", name="住建", words="修", answer_by=TODAY + DAY, at=AT
    )

    for case in (waiting, outside):
        moving.assign(actor=place.supervisor, case=case.pk, role="subdistrict_staff", at=AT + HOUR)

    owed = [*open_duties(tier_duties.LOOK_AGAIN), *open_duties(tier_duties.OUTSIDE)]
    assert [duty.assignee_role for duty in owed] == ["subdistrict_staff"] * 2
    assert fresh(outside).state == "handed"
    assert differences() == []


def test_case_taken_back_goes_on_here_and_can_be_handed_over_again(place: Place) -> None:
    case = working(place)
    wanted: dict[str, Any] = {"actor": place.keeper, "case": case.pk, "answer_by": TODAY + DAY, "at": AT}
    wanted["words"] = "请处理"
    out = handovers.hand_over(kind="office", name="城管", **wanted)
    with pytest.raises(NotPossible):
        handovers.hand_over(kind="office", name="住建", **wanted)

    handovers.take_back(actor=place.keeper, handover=out.pk, words="不归他们管", at=AT)

    assert (fresh(case).state, fresh(out).state) == ("working", "taken_back")
    again = handovers.hand_over(kind="office", name="住建", **wanted)
    assert again.pk != out.pk
    assert len(open_duties(tier_duties.OUTSIDE)) == 1
    assert differences() == []


def test_hand_over_of_a_waiting_case_ends_its_pause(place: Place) -> None:
    case = working(place)
    pausing.pause(actor=place.keeper, case=case.pk, reason="parts", words="等", look_again_by=TODAY + DAY, at=AT)

    handovers.hand_over(
        actor=place.keeper, case=case.pk, kind="police", name="派出所", words="查", answer_by=TODAY + DAY, at=AT + HOUR
    )

    assert (fresh(case).state, fresh(case).due_at) == ("handed", case.due_at)
    assert differences() == []


def test_hand_over_without_name_words_or_a_day_to_come_is_refused(place: Place) -> None:
    case = working(place)

    with pytest.raises(Invalid) as refused:
        handovers.hand_over(actor=place.keeper, case=case.pk, kind="x", words=" ", answer_by=TODAY - DAY, at=AT)

    assert set(refused.value.fields) == {"kind", "name", "words", "answer_by"}


def test_asking_how_it_stands_has_days_between_and_a_most(place: Place) -> None:
    report = say(place)
    urging.urge(actor=place.resident(), report=report.pk, at=AT)
    assert len(open_duties(tier_duties.URGED)) == 1
    with pytest.raises(TooMany) as refused:
        urging.urge(actor=place.resident(), report=report.pk, at=AT + 2 * DAY)
    assert refused.value.extra["again"] == "2026-04-11"

    for number in range(1, 5):
        urging.urge(actor=place.resident(), report=report.pk, at=AT + 3 * number * DAY)

    assert case_of(report).urged == 5
    assert len(open_duties(tier_duties.URGED_OFTEN)) == 1
    with pytest.raises(TooMany):
        urging.urge(actor=place.resident(), report=report.pk, at=AT + 30 * DAY)
    case = case_of(report)
    moving.assign(actor=place.keeper, case=case.pk, role="community_staff", at=AT + 30 * DAY)
    assert open_duties(tier_duties.URGED) == []
