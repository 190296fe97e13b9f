"""The clock of a case: pauses, lifts of late ones, deadlines that follow the calendar of working days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.voice import tier_tasks
from lianxin.domain.voice.commands import (
    closing,
    handovers,
    lifting,
    moving,
    pausing,
    recounting,
    tier_duties,
)
from lianxin.domain.voice.models import CaseAnswer
from lianxin.domain.voice.rules.states import NotPossible
from lianxin.engines.workdays import Pause, Term
from lianxin.platform import scope, workcalendar
from lianxin.platform.errors import Invalid
from lianxin.platform.facts import figure

from .tier_factories import (
    AT,
    CALENDAR,
    DAY,
    HOUR,
    SYSTEM,
    TODAY,
    Place,
    case_of,
    decisions_of,
    differences,
    fresh,
    last_second,
    make_place,
    noon,
    open_duties,
    say,
    working,
)


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def test_pause_stops_the_clock_with_a_reason_and_going_on_makes_it_later(place: Place) -> None:
    case = working(place)
    paused_at = noon(date(2026, 4, 9))
    pausing.pause(
        actor=place.keeper,
        case=case.pk,
        reason="parts",
        words="等灯具到货",
        look_again_by=TODAY + 5 * DAY,
        at=paused_at,
    )
    waiting = fresh(case)
    assert (waiting.state, waiting.due_at) == ("waiting", None)
    assert [duty.record_id for duty in open_duties(tier_duties.LOOK_AGAIN)] == [case.pk]
    assert differences() == []

    resumed_at = noon(date(2026, 4, 13))
    pausing.resume(actor=place.keeper, case=case.pk, at=resumed_at)

    going_on = fresh(case)
    span = Pause(paused_at, resumed_at)
    assert (
        going_on.due_at == CALENDAR.due(Term(working_days=7), since=AT, pauses=[span]) == last_second(date(2026, 4, 21))
    )
    assert going_on.due_at > case.due_at
    assert decisions_of(case)[-1].due_at == going_on.due_at
    assert open_duties(tier_duties.LOOK_AGAIN) == []
    with scope.everything():
        assert CaseAnswer.objects.filter(report__case=case, kind="waiting").count() == 1
    assert differences() == []


def test_pause_needs_a_reason_words_and_a_day_within_ninety(place: Place) -> None:
    case = working(place)

    for reason, words, day, field in (
        ("mood", "等", TODAY + DAY, "reason"),
        ("weather", " ", TODAY + DAY, "words"),
        ("weather", "等雨停", TODAY, "look_again_by"),
        ("weather", "等雨停", TODAY + 91 * DAY, "look_again_by"),
    ):
        with pytest.raises(Invalid) as refused:
            pausing.pause(actor=place.keeper, case=case.pk, reason=reason, words=words, look_again_by=day, at=AT)
        assert set(refused.value.fields) == {field}
    assert fresh(case).state == "working"


def test_case_that_still_waits_is_looked_at_again_later(place: Place) -> None:
    case = working(place)
    pausing.pause(actor=place.keeper, case=case.pk, reason="weather", words="等雨停", look_again_by=TODAY + DAY, at=AT)

    pausing.prolong(actor=place.keeper, case=case.pk, words="雨还没停", look_again_by=TODAY + 3 * DAY, at=AT + DAY)

    assert open_duties(tier_duties.LOOK_AGAIN)[0].due_at == datetime(2026, 4, 11, 9, 30, tzinfo=UTC)
    with pytest.raises(NotPossible):
        pausing.pause(actor=place.keeper, case=case.pk, reason="weather", words="等", look_again_by=TODAY + DAY, at=AT)
    assert differences() == []


MOMENTS = st.integers(min_value=0, max_value=60 * 24 * 40).map(lambda minutes: AT + timedelta(minutes=minutes))
PAUSES = st.lists(st.tuples(MOMENTS, MOMENTS).map(lambda pair: Pause(min(pair), max(pair))), max_size=4)


@given(
    PAUSES, st.tuples(MOMENTS, MOMENTS), st.sampled_from([Term(hours=24), Term(working_days=7), Term(working_days=15)])
)
def test_a_further_pause_never_makes_a_deadline_earlier(
    pauses: list[Pause], more: tuple[datetime, datetime], term: Term
) -> None:
    before = CALENDAR.due(term, since=AT, pauses=pauses)
    after = CALENDAR.due(term, since=AT, pauses=[*pauses, Pause(min(more), max(more))])

    assert before is not None
    assert after is not None
    assert after >= before


def test_late_case_is_lifted_once_with_its_reason_and_the_office_above_sees_to_it(place: Place) -> None:
    report = say(place, channel="phone")
    late_at = last_second(date(2026, 4, 17)) + HOUR
    assert lifting.list_late_communities(at=late_at) == [place.community.pk]

    assert lifting.lift_late(actor=SYSTEM, community=place.community.pk, at=late_at) == 1
    assert lifting.lift_late(actor=SYSTEM, community=place.community.pk, at=late_at + HOUR) == 0

    case = case_of(report)
    first, lifted = decisions_of(case)
    assert (lifted.tier, lifted.reasons, lifted.is_lift) == ("full", [["late", "simple"]], True)
    assert lifted.runs_from == late_at
    assert case.due_at == lifted.due_at == CALENDAR.due(Term(working_days=15), since=late_at)
    assert (case.tier, case.lifted) == ("full", 1)
    assert first.due_at == last_second(date(2026, 4, 17))
    assert [duty.assignee_role for duty in open_duties(tier_duties.LATE)] == ["subdistrict_staff"]
    with scope.everything():
        assert CaseAnswer.objects.filter(report=report, kind="lifted", state="to_tell").count() == 1
        assert figure("cases_lifted", from_on=TODAY, until_on=TODAY + 30 * DAY, category="full:other") == 1
    assert differences() == []


def test_case_at_the_last_tier_is_told_above_once_and_keeps_its_tier(place: Place) -> None:
    case = working(place, "我们想加装电梯", subject="lift")
    late_at = case.due_at + HOUR

    assert lifting.lift_late(actor=SYSTEM, community=place.community.pk, at=late_at) == 1
    assert lifting.list_late_communities(at=late_at + DAY) == []

    assert len(decisions_of(case)) == 1
    assert (fresh(case).tier, fresh(case).lifted) == ("full", 0)
    assert len(open_duties(tier_duties.LATE)) == 1
    moving.progress(actor=place.keeper, case=case.pk, words="下周开会", at=late_at)
    assert len(open_duties(tier_duties.LATE)) == 1
    moving.progress(actor=place.supervisor, case=case.pk, words="街道来协调", at=late_at)
    assert open_duties(tier_duties.LATE) == []


def test_waiting_and_finished_cases_are_never_lifted(place: Place) -> None:
    waiting, done = working(place), working(place, "水管漏水", by=1)
    pausing.pause(
        actor=place.keeper, case=waiting.pk, reason="parts", words="等配件", look_again_by=TODAY + 60 * DAY, at=AT
    )
    closing.finish(actor=place.keeper, case=done.pk, words="修好了", at=AT)

    assert lifting.list_late_communities(at=AT + 60 * DAY) == []


def test_not_solved_begins_the_term_anew(place: Place) -> None:
    report = say(place)
    case = case_of(report)
    closing.finish(actor=place.keeper, case=case.pk, words="换了灯泡", at=AT + DAY)
    closing.say(actor=place.resident(), report=report.pk, solved=False, words="还是黑", at=AT + 5 * DAY)

    assert [one.reasons for one in decisions_of(case)] == [[["otherwise", ""]], [["again", ""]]]
    assert fresh(case).due_at == CALENDAR.due(Term(working_days=7), since=AT + 5 * DAY)
    with scope.everything():
        assert figure("cases_not_solved", from_on=TODAY, until_on=TODAY + 30 * DAY) == 1
    assert differences() == []


def test_deadlines_follow_a_change_of_the_calendar_of_working_days(place: Place) -> None:
    case, paused = working(place), working(place, "水管漏水", by=1)
    pausing.pause(actor=place.keeper, case=paused.pk, reason="parts", words="等", look_again_by=TODAY + 9 * DAY, at=AT)
    workcalendar.set_calendar_days(actor=SYSTEM, days=[(date(2026, 4, 17), False, "台风")], source="通知", at=AT)
    assert len(differences()) == 1
    assert recounting.list_wrong_communities() == [place.community.pk]

    assert recounting.recount(actor=SYSTEM, community=place.community.pk, at=AT) == 1
    assert recounting.recount(actor=SYSTEM, community=place.community.pk, at=AT) == 0

    assert fresh(case).due_at == last_second(date(2026, 4, 20))
    assert fresh(paused).due_at is None
    assert [duty.due_at for duty in open_duties("voice.case")] == [last_second(date(2026, 4, 20))]
    assert differences() == []


def test_deadline_in_a_year_without_its_list_is_marked_until_the_list_comes(place: Place) -> None:
    report = say(place, at=datetime(2026, 12, 30, 4, 0, tzinfo=UTC))
    assert case_of(report).is_due_assumed

    days = [(date(2027, month, 1), False, "节") for month in (1, 5, 10)]
    workcalendar.set_calendar_days(actor=SYSTEM, days=days, source="国务院办公厅", at=AT)
    recounting.recount(actor=SYSTEM, community=place.community.pk, at=AT)

    case = case_of(report)
    assert (case.is_due_assumed, case.due_at) == (False, last_second(date(2027, 1, 11)))


class Job:
    """What a task is given of its job."""

    actor = SYSTEM

    def __init__(self) -> None:
        self.beats = 0

    def beat(self) -> None:
        """Say that the task is still at it."""
        self.beats += 1


def test_tasks_lift_chase_and_recount_where_something_is_due_and_then_rest(place: Place) -> None:
    late, outside = working(place), working(place, "水管漏水", by=1)
    handovers.hand_over(
        actor=place.keeper, case=outside.pk, kind="office", name="住建", words="修", answer_by=TODAY + DAY, at=AT
    )
    far = say(place, "想装扶手", at=noon(date(2026, 11, 19)))
    workcalendar.set_calendar_days(actor=SYSTEM, days=[(date(2026, 11, 25), False, "台风")], source="通知", at=AT)
    tasks = (tier_tasks.lift_late, tier_tasks.chase_outside, tier_tasks.recount_deadlines)

    for wanted in (1, 0):
        jobs = [Job() for _task in tasks]
        for task, job in zip(tasks, jobs, strict=True):
            task(job)
        assert [job.beats for job in jobs] == [wanted] * 3

    assert (fresh(late).tier, fresh(outside).tier) == ("full", "full")
    assert len(open_duties(tier_duties.OUTSIDE_LATE)) == 1
    assert case_of(far).due_at == last_second(date(2026, 12, 1))
    assert differences() == []
