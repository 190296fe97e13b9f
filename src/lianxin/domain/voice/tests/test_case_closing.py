"""Two-sided closing: the office says done, those who told say solved or not, silence ends it; opened again once."""

from datetime import timedelta

import pytest

from lianxin.domain.voice.commands import closing, joining, moving, telling
from lianxin.domain.voice.models import Case, CaseAnswer, CaseReport
from lianxin.domain.voice.queries import case_checks, case_measures, reports
from lianxin.domain.voice.rules import receipts
from lianxin.domain.voice.rules.states import NotPossible
from lianxin.platform import facts, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.contributions import Window
from lianxin.platform.errors import EditedMeanwhile, Invalid, NotAllowed
from lianxin.platform.models import Message

from .case_factories import case_in
from .tier_factories import AT, DAY, HOUR, SYSTEM, TODAY, Place, case_of, fresh, make_place, open_duties, say

WIDE = Window(TODAY - 400 * DAY, TODAY + 400 * DAY)
MEASURES = {"cases_ended": case_measures.cases_ended, "cases_confirmed": case_measures.cases_confirmed}


@pytest.fixture
def place(db: None) -> Place:
    return make_place(homes=3)


def joint(place: Place, **more: object) -> tuple[Case, list[CaseReport]]:
    """A case that three residents brought forward, done as the office says."""
    voices = [say(place, f"路灯坏了{number}", by=number, **more) for number in range(3)]
    case = case_of(voices[0])
    for one in voices[1:]:
        joining.join(actor=place.keeper, case=one.case_id, into=case.pk, at=AT)
    moving.assign(actor=place.keeper, case=case.pk, account=place.keeper.account, at=AT)
    closing.finish(actor=place.keeper, case=case.pk, words="灯换了新的", at=AT)
    return fresh(case), [fresh(one) for one in voices]


def said(place: Place, number: int, report: CaseReport, solved: bool, **more: object) -> None:
    """One resident's say on their own page."""
    closing.say(actor=place.resident(number), report=report.pk, solved=solved, **{"at": AT + HOUR} | more)


def figures_agree() -> bool:
    with scope.everything():
        return all(
            facts.figure(name, from_on=WIDE.from_on, until_on=WIDE.until_on) == query(WIDE)
            for name, query in MEASURES.items()
        )


def test_done_asks_everybody_and_all_solved_confirms(place: Place) -> None:
    case, voices = joint(place, channel="sms")

    assert case.state == "done"
    assert case.confirm_by == local_day(AT) + 7 * DAY or case.confirm_by > local_day(AT)
    with scope.everything():
        assert Message.objects.filter(template="case_done").count() == 3
    for number, voice in enumerate(voices[:2]):
        said(place, number, voice, solved=True)
    assert fresh(case).state == "done"
    said(place, 2, voices[2], solved=True, words="亮了，谢谢")
    assert fresh(case).state == "confirmed"
    assert figures_agree()


def test_one_not_solved_opens_it_again_for_all_and_the_others_hear_of_it(place: Place) -> None:
    case, voices = joint(place)
    said(place, 0, voices[0], solved=True)

    said(place, 1, voices[1], solved=False, words="还是黑的")

    after = fresh(case)
    assert (after.state, after.done_at, after.confirm_by, after.ended_at) == ("working", None, None, None)
    assert after.due_at > AT
    assert len(open_duties("voice.case")) == 1
    page = reports.own_page(actor=place.resident(0), report=voices[0].pk, at=AT)
    assert page.answers[-1].kind == "progress"
    assert "还是黑的" not in "".join(line.words for line in page.timeline)
    # Done once more, everybody is asked anew.
    closing.finish(actor=place.keeper, case=case.pk, words="换了线路", at=AT + DAY)
    assert {fresh(one).said for one in voices} == {""}


def test_silence_closes_after_the_days_and_one_solved_is_enough_to_confirm(place: Place) -> None:
    silent, _voices = joint(place)
    other = case_of(say(place, "另一件事"))
    closing.finish(actor=place.keeper, case=other.pk, words="办好了", at=AT)
    with scope.everything():
        (voice,) = CaseReport.objects.filter(case=other)
    also = say(place, "也是这件", by=1)
    assert also.case_id != other.pk
    closing.say(actor=place.resident(), report=voice.pk, solved=True, at=AT)
    last = fresh(silent).confirm_by
    noon = AT + (last - local_day(AT))

    assert closing.expire_silent(actor=SYSTEM, community=place.community.pk, at=noon) == 0
    assert closing.list_due_communities(at=noon + DAY) == [place.community.pk]
    assert closing.expire_silent(actor=SYSTEM, community=place.community.pk, at=noon + DAY) == 1
    assert fresh(silent).state == "silent"
    assert fresh(other).state == "confirmed"
    assert figures_agree()


def test_joint_case_with_one_solved_is_confirmed_when_the_time_is_over(place: Place) -> None:
    case, voices = joint(place)
    said(place, 0, voices[0], solved=True)

    closing.expire_silent(actor=SYSTEM, community=place.community.pk, at=AT + 60 * DAY)

    assert fresh(case).state == "confirmed"


def test_late_solved_after_silence_confirms_and_is_counted_once(place: Place) -> None:
    case, voice = case_in(place, "silent")

    said(place, 0, voice, solved=True, at=AT + 31 * DAY)

    assert fresh(case).state == "confirmed"
    assert figures_agree()
    with scope.everything():
        assert facts.figure("cases_silent", from_on=WIDE.from_on, until_on=WIDE.until_on) == 0


def test_closed_case_is_opened_again_once_and_not_twice(place: Place) -> None:
    case, voice = case_in(place, "confirmed")

    closing.reopen(actor=place.resident(), report=voice.pk, words="又坏了", at=AT + DAY)

    after = fresh(case)
    assert (after.state, after.reopened, fresh(voice).reopened) == ("working", 1, 1)
    assert figures_agree()
    with pytest.raises(NotPossible) as refused:
        closing.reopen(actor=place.resident(), report=voice.pk, words="又坏了", at=AT + DAY)
    assert "open already" in str(refused.value.detail)
    closing.finish(actor=place.keeper, case=case.pk, words="彻底修好", at=AT + 2 * DAY)
    said(place, 0, voice, solved=True, at=AT + 2 * DAY)
    assert figures_agree()
    with scope.everything():
        assert facts.figure("cases_reopened", from_on=WIDE.from_on, until_on=WIDE.until_on) == 1


def test_reporter_opens_again_within_the_days_and_the_office_above_at_any_time(place: Place) -> None:
    case, voice = case_in(place, "declined")
    late = AT + 400 * DAY

    with pytest.raises(closing.TooLate):
        closing.reopen(actor=place.resident(), report=voice.pk, words="还要办", at=late)
    assert "reopen" not in reports.own_page(actor=place.resident(), report=voice.pk, at=late).can
    closing.reopen(actor=place.department, report=voice.pk, words="上级要求再办", how="phone", at=late)
    assert fresh(case).state == "working"


def test_say_is_written_down_by_staff_with_how_and_by_whom(place: Place) -> None:
    _case, voice = case_in(place, "done")

    with pytest.raises(Invalid):
        closing.say(actor=place.keeper, report=voice.pk, solved=True, at=AT)
    closing.say(actor=place.keeper, report=voice.pk, solved=True, how="phone", words="说亮了", at=AT)

    kept = fresh(voice)
    assert (kept.said, kept.said_how, kept.said_by, kept.said_words) == (
        "solved",
        "phone",
        place.keeper.account,
        "说亮了",
    )


def test_receipt_lets_whoever_holds_it_say_and_nobody_else(place: Place) -> None:
    _case, voice = case_in(place, "done")
    anybody = Actor.anonymous().visiting(place.community.pk)

    with pytest.raises(NotAllowed):
        closing.say(actor=anybody, report=voice.pk, solved=True, at=AT)
    with pytest.raises(NotAllowed):
        closing.say(actor=place.resident(1), report=voice.pk, solved=True, at=AT)
    closing.say(actor=anybody, report=voice.pk, solved=True, holds_receipt=True, at=AT)
    assert fresh(voice).said_by is None


def test_only_voice_taken_back_ends_the_case_and_one_of_several_does_not(place: Place) -> None:
    first, second = say(place), say(place, "灯也坏", by=1)
    joining.join(actor=place.keeper, case=second.case_id, into=first.case_id, at=AT)

    closing.withdraw(actor=place.resident(), report=first.pk, at=AT)
    assert (case_of(first).state, case_of(first).voices) == ("new", 1)
    with pytest.raises(NotPossible):
        closing.withdraw(actor=place.resident(), report=first.pk, at=AT)
    closing.withdraw(actor=place.keeper, report=second.pk, at=AT)
    assert (case_of(first).state, case_of(first).voices) == ("withdrawn", 0)
    assert reports.own_page(actor=place.resident(), report=first.pk, at=AT).can == ()


def test_done_with_an_old_form_is_refused_and_nothing_is_sent(place: Place) -> None:
    case = case_of(say(place))
    moving.assign(actor=place.keeper, case=case.pk, account=place.keeper.account, at=AT)

    with pytest.raises(EditedMeanwhile):
        closing.finish(actor=place.keeper, case=case.pk, words="好了", version=case.version, at=AT)
    with pytest.raises(Invalid):
        closing.finish(actor=place.keeper, case=case.pk, words=" ", at=AT)
    with scope.everything():
        assert not CaseAnswer.objects.exists()


def test_answers_by_phone_and_on_paper_are_a_duty_until_told(place: Place) -> None:
    row = say(place, channel="phone")
    also = say(place, "路灯也坏", by=1, channel="paper")
    joining.join(actor=place.keeper, case=also.case_id, into=row.case_id, at=AT)

    made = telling.answer_reporters(
        actor=place.keeper, case=row.case_id, kind="progress", words="电工明天来", at=AT + HOUR
    )

    assert sorted(one.state for one in made) == ["to_hand", "to_tell"]
    assert [duty.title for duty in open_duties("voice.tell_reporters")] == ["Tell 2 reporters the answer"]
    assert fresh(case_of(row)).first_answer_at == AT + HOUR
    with scope.within(place.keeper.communities):
        assert reports.count_to_tell(actor=place.keeper) == 2
    telling.note_told(
        actor=place.keeper, answers=[one.pk for one in made], replies={made[0].pk: "好，等着"}, at=AT + 2 * HOUR
    )
    assert fresh(made[0]).reply == "好，等着"
    assert open_duties("voice.tell_reporters") == []
    assert list(case_checks.waiting_answers_are_duties()) == []


def test_other_channel_moves_what_still_waits(place: Place) -> None:
    row = say(place, channel="paper")
    (answer,) = telling.answer_reporters(actor=place.keeper, case=row.case_id, kind="heard", words="知道了", at=AT)

    telling.change_channel(actor=place.resident(), report=row.pk, channel="phone", at=AT)
    assert fresh(answer).state == "to_tell"
    telling.change_channel(actor=place.resident(), report=row.pk, channel="sms", at=AT)
    assert fresh(answer).state == "shown"
    anonymous = say(place, "没名的", by=1, confidentiality="anonymous")
    with pytest.raises(Invalid):
        telling.change_channel(actor=place.keeper, report=anonymous.pk, channel="phone", phone="13800138444", at=AT)


def test_message_holds_link_and_answer_and_never_their_own_words(place: Place) -> None:
    row = say(place, "隔壁老王半夜装修", channel="sms")

    telling.answer_reporters(actor=place.keeper, case=row.case_id, kind="progress", words="已经去看过", at=AT)

    with scope.everything():
        (message,) = Message.objects.all()
    text = message.context.reveal()
    assert "老王" not in text
    assert f"/c/{row.receipt}/{receipts.token_for(row.pk, row.receipt)}/" in text


def test_everything_that_ended_is_in_the_figures_of_its_day(place: Place) -> None:
    for number, state in enumerate(("confirmed", "declined")):
        case_in(place, state, words=f"第{number}件事情")

    with scope.everything():
        day = {"from_on": TODAY, "until_on": TODAY + timedelta(days=1)}
        assert facts.figure("cases_ended", **day) == 2
        assert facts.figure("cases_confirmed", **day) == 1
    assert figures_agree()
