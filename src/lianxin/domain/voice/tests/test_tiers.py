"""The tier of a case: how it is decided, lifted by hand, appealed against, and what follows elsewhere."""

from datetime import date, datetime

import pytest

from lianxin.domain.places.events import DivisionsMerged
from lianxin.domain.places.models import Division
from lianxin.domain.voice.commands import (
    closing,
    hearing,
    lifting,
    pausing,
    tier_duties,
    tiers,
)
from lianxin.domain.voice.models import CaseAnswer, CaseStep, TierDecision
from lianxin.domain.voice.queries import rates
from lianxin.engines.workdays import Term
from lianxin.platform import contributions, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Invalid, Missing, NotAllowed
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
    open_duties,
    say,
    working,
)


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def test_case_has_tier_reason_and_deadline_as_soon_as_it_is_heard(place: Place) -> None:
    simple, urgent = case_of(say(place)), case_of(say(place, "配电房漏电冒火花", by=1, is_danger=True))

    assert (simple.tier, simple.due_at) == ("simple", last_second(date(2026, 4, 17)))
    assert (urgent.tier, urgent.due_at) == ("fast", AT + 2 * HOUR)
    assert decisions_of(urgent)[0].reasons == [["danger", ""]]
    assert differences() == []


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


def test_every_decision_has_its_step_and_reason(place: Place) -> None:
    case = working(place)
    tiers.decide(actor=place.keeper, case=case.pk, tier="full", words="牵涉三栋楼", at=AT)
    lifting.lift_late(actor=SYSTEM, community=place.community.pk, at=fresh(case).due_at + HOUR)

    with scope.everything():
        acts = list(CaseStep.objects.filter(case=case).order_by("done_at", "pk").values_list("act", flat=True))
        empty = TierDecision.objects.filter(case=case, reasons=[]).count()
    assert acts == ["hear", "assign", "start", "decide_tier", "lift"]
    assert empty == 0


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
