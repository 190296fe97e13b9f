"""The clock of a case over pauses and lifts, hand-overs that stay somebody's duty, appeals and reminders."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.places.events import DivisionsMerged
from lianxin.domain.places.models import Division
from lianxin.domain.voice import tier_tasks
from lianxin.domain.voice.commands import (
    closing,
    handovers,
    hearing,
    lifting,
    moving,
    pausing,
    recounting,
    tier_duties,
    tiers,
    urging,
)
from lianxin.domain.voice.models import CaseAnswer, CaseStep, TierDecision
from lianxin.domain.voice.queries import rates, tier_checks
from lianxin.domain.voice.rules.states import NotPossible
from lianxin.engines.workdays import Calendar, CalendarRow, Pause, Term
from lianxin.platform import contributions, scope, workcalendar
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Invalid, Missing, NotAllowed, TooMany
from lianxin.platform.facts import figure

from .tier_factories import (
    AT,
    DAY,
    HOUR,
    LIST_OF_2026,
    SYSTEM,
    TODAY,
    Place,
    case_of,
    decisions_of,
    fresh,
    last_second,
    make_place,
    noon,
    open_duties,
    say,
    working,
)

CALENDAR = Calendar(CalendarRow(on, "makeup" if works else "holiday", name) for on, works, name in LIST_OF_2026)


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def differences() -> list[str]:
    return [
        *tier_checks.deadlines_are_as_counted(),
        *tier_checks.tiers_are_those_of_decisions(),
        *tier_checks.waiting_cases_have_a_pause(),
        *tier_checks.handed_cases_are_duties(),
        *tier_checks.appeals_are_duties(),
        *tier_checks.facts_are_those_of_cases(),
    ]


def test_case_has_tier_reason_and_deadline_as_soon_as_it_is_heard(place: Place) -> None:
    simple, urgent = case_of(say(place)), case_of(say(place, "配电房漏电冒火花", by=1, is_danger=True))

    assert (simple.tier, simple.due_at) == ("simple", last_second(date(2026, 4, 17)))
    assert (urgent.tier, urgent.due_at) == ("fast", AT + 2 * HOUR)
    assert decisions_of(urgent)[0].reasons == [["danger", ""]]
    assert differences() == []


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


def test_another_tier_needs_words_where_the_rules_say_otherwise(place: Place) -> None:
    case = working(place)
    with pytest.raises(Invalid):
        tiers.decide(actor=place.keeper, case=case.pk, tier="full", at=AT + DAY)
    with pytest.raises(tiers.SameTier):
        tiers.decide(actor=place.keeper, case=case.pk, tier="simple", words="一样", at=AT + DAY)
    with pytest.raises(Invalid):
        tiers.decide(actor=place.keeper, case=case.pk, tier="soon", words="快", at=AT + DAY)

    made = tiers.decide(actor=place.keeper, case=case.pk, tier="full", words="牵涉三栋楼", at=AT + DAY)

    assert (made.reasons, made.words, made.decided_by) == ([["by_hand", ""]], "牵涉三栋楼", place.keeper.account)
    assert fresh(case).due_at == CALENDAR.due(Term(working_days=15), since=AT + DAY)
    back = tiers.decide(actor=place.keeper, case=case.pk, tier="simple", at=AT + 2 * DAY)
    assert back.reasons == [["otherwise", ""]]
    for actor in (place.stranger, place.resident()):
        with pytest.raises((Missing, NotAllowed)):
            tiers.decide(actor=actor, case=case.pk, tier="fast", words="快", at=AT + 3 * DAY)
    assert differences() == []


def test_many_voices_make_a_simple_case_one_for_all_but_never_over_what_a_person_decided(place: Place) -> None:
    decided, free = working(place), working(place, "路灯坏了", by=1)
    tiers.decide(actor=place.keeper, case=decided.pk, tier="fast", words="老人多", at=AT)
    for case in (decided, free):
        for number in range(9):
            hearing.hear(
                actor=place.keeper,
                community=place.community.pk,
                words=f"我也一样，第{number}个人说",
                how="desk",
                guest_name=f"路人{number}",
                case=case.pk,
                at=AT + HOUR,
            )

    assert fresh(decided).tier == "fast"
    assert fresh(free).tier == "full"
    assert decisions_of(free)[-1].reasons == [["voices", 10]]
    assert differences() == []


def test_appeal_is_answered_once_by_the_office_above_and_its_asker_is_told(place: Place) -> None:
    report = say(place, channel="phone")
    case = case_of(report)
    asked = tiers.appeal(actor=place.resident(), report=report.pk, words="我妈看不见路，摔过一次", at=AT + HOUR)
    assert [duty.assignee_role for duty in open_duties(tier_duties.APPEAL)] == ["subdistrict_staff"]
    with pytest.raises(tiers.AppealThere):
        tiers.appeal(actor=place.resident(), report=report.pk, words="再问", at=AT + HOUR)
    with pytest.raises(NotAllowed):
        tiers.answer_appeal(actor=place.keeper, decision=asked.pk, tier="fast", words="好", at=AT + 2 * HOUR)
    with pytest.raises(Invalid):
        tiers.answer_appeal(actor=place.supervisor, decision=asked.pk, tier="fast", words=" ", at=AT + 2 * HOUR)

    tiers.answer_appeal(actor=place.supervisor, decision=asked.pk, tier="fast", words="按快办", at=AT + 2 * HOUR)

    assert (fresh(case).tier, fresh(case).due_at) == ("fast", AT + 26 * HOUR)
    assert decisions_of(case)[-1].reasons == [["appeal", ""]]
    assert open_duties(tier_duties.APPEAL) == []
    with pytest.raises(tiers.NoAppeal):
        tiers.answer_appeal(actor=place.supervisor, decision=asked.pk, words="再答", at=AT + 3 * HOUR)
    with scope.everything():
        assert CaseAnswer.objects.filter(report=report, words="按快办").count() == 1
    assert differences() == []


def test_tier_that_stays_after_an_appeal_is_not_asked_about_again(place: Place) -> None:
    report = say(place)
    asked = tiers.appeal(actor=place.resident(), report=report.pk, words="太慢", at=AT + HOUR)
    tiers.answer_appeal(actor=place.supervisor, decision=asked.pk, words="七个工作日够了", at=AT + 2 * HOUR)

    with pytest.raises(tiers.AppealAnswered):
        tiers.appeal(actor=place.resident(), report=report.pk, words="还是太慢", at=AT + 3 * HOUR)
    with pytest.raises((Missing, NotAllowed)):
        tiers.appeal(actor=place.resident(1), report=report.pk, words="别人的事", at=AT + 3 * HOUR)
    assert len(decisions_of(case_of(report))) == 1


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


def test_figures_of_ends_are_those_of_the_tables_whatever_is_taken_back(place: Place) -> None:
    in_time, late = say(place), say(place, "水管漏水", by=1)
    closing.finish(actor=place.keeper, case=in_time.case_id, words="好了", at=AT + DAY)
    closing.say(actor=place.keeper, report=in_time.pk, solved=True, how="phone", at=AT + DAY)
    closing.finish(actor=place.keeper, case=late.case_id, words="好了", at=AT + 30 * DAY)
    closing.expire_silent(actor=SYSTEM, community=place.community.pk, at=AT + 40 * DAY)

    assert figures() == {"in_time": 1, "silent": 1, "by_staff": 1, "reopened": 0, "declined": 0, "not_solved": 0}
    closing.say(actor=place.resident(1), report=late.pk, solved=True, at=AT + 41 * DAY)
    assert figures() == {"in_time": 1, "silent": 0, "by_staff": 1, "reopened": 0, "declined": 0, "not_solved": 0}
    closing.reopen(actor=place.resident(1), report=late.pk, words="又漏了", at=AT + 42 * DAY)
    closing.reopen(actor=place.resident(), report=in_time.pk, words="又黑了", at=AT + 2 * DAY)
    assert figures() == {"in_time": 0, "silent": 0, "by_staff": 0, "reopened": 2, "declined": 0, "not_solved": 0}
    closing.decline(actor=place.keeper, case=late.case_id, words="要业主决定", at=AT + 43 * DAY)
    assert figures() == {"in_time": 1, "silent": 0, "by_staff": 0, "reopened": 2, "declined": 1, "not_solved": 0}


def figures() -> dict[str, int]:
    window = Window(TODAY, TODAY + 90 * DAY)
    names = ("in_time", "silent", "by_staff", "reopened", "declined", "not_solved")
    with scope.everything():
        counted = {name: getattr(rates, f"cases_{name}")(window) for name in names}
        noted = {name: figure(f"cases_{name}", from_on=window.from_on, until_on=window.until_on) for name in names}
    assert noted == counted
    return noted


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


def test_every_decision_has_its_step_and_reason(place: Place) -> None:
    case = working(place)
    tiers.decide(actor=place.keeper, case=case.pk, tier="full", words="牵涉三栋楼", at=AT)
    lifting.lift_late(actor=SYSTEM, community=place.community.pk, at=fresh(case).due_at + HOUR)

    with scope.everything():
        acts = list(CaseStep.objects.filter(case=case).order_by("done_at", "pk").values_list("act", flat=True))
        empty = TierDecision.objects.filter(case=case, reasons=[]).count()
    assert acts == ["hear", "assign", "start", "decide_tier", "lift"]
    assert empty == 0


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


def test_duties_go_with_a_community_to_its_successor(place: Place) -> None:
    case = working(place)
    pausing.pause(actor=place.keeper, case=case.pk, reason="parts", words="等", look_again_by=TODAY + DAY, at=AT)
    with scope.everything():
        into = Division.objects.get(official_name="华新社区居委会")

    event = DivisionsMerged(divisions=(place.community.pk, into.pk), into=into.pk, on=TODAY)
    merge(event)

    assert [duty.community_id for duty in open_duties(tier_duties.LOOK_AGAIN)] == [into.pk]
    assert differences() == []


@command("tests.merge")
def _merge(*, actor: Actor, event: DivisionsMerged, at: datetime) -> None:
    contributions.follow(event, actor=actor, at=at)


def merge(event: DivisionsMerged) -> None:
    """Let every module follow a merger."""
    _merge(actor=SYSTEM, event=event, at=AT)


def test_supervisor_lifts_by_hand_and_nobody_else(place: Place) -> None:
    case = working(place)
    with pytest.raises(NotAllowed):
        lifting.lift(actor=place.keeper, case=case.pk, words="快", at=AT)

    lifting.lift(actor=place.supervisor, case=case.pk, words="牵涉多方", at=AT)

    assert (fresh(case).tier, fresh(case).lifted) == ("full", 1)
    with pytest.raises(lifting.NothingAbove):
        lifting.lift(actor=place.supervisor, case=case.pk, words="再升", at=AT)
