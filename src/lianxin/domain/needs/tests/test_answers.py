"""Closing the loop: each asker once, by the channel they chose; their say decides whether it was met."""

from datetime import timedelta

import pytest

from lianxin.domain.needs.commands import answers, confirming, lists
from lianxin.domain.needs.models import Need
from lianxin.domain.needs.queries import board, checks, measures, reports, satisfaction
from lianxin.domain.needs.queries.lists import for_matching
from lianxin.domain.people.tests.factories import resident, staff
from lianxin.platform import facts, scope
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id
from lianxin.platform.models import Message

from .factories import (
    AT,
    CLINIC,
    DAY,
    HAIR,
    SYSTEM,
    TODAY,
    Place,
    answers_of,
    entry_of,
    fresh,
    ids,
    make_place,
    open_duties,
    say,
)

PROJECT = "projects.project"


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def done(
    place: Place, *needs: Need, record=None, words="周六上午9点在党群服务中心义剪，欢迎来。", kind="done", at=AT
) -> int:
    return answers.answer_askers(
        actor=place.keeper,
        needs=ids(*needs),
        kind=kind,
        words=words,
        record_kind=PROJECT,
        record_id=record or new_id(),
        at=at,
    )


def test_each_asker_is_told_once_for_a_record_by_the_channel_they_chose(place: Place) -> None:
    by_sms = say(place, by=0, channel="sms")
    by_phone = say(place, "剪头发二", by=1, channel="phone")
    on_paper = say(place, "剪头发三", guest_name="阿婆", channel="paper")
    not_at_all = say(place, "剪头发四", by=2)
    entry, project = entry_of(place, by_sms, by_phone, on_paper, not_at_all), new_id()

    assert done(place, entry, record=project) == 4
    assert done(place, entry, record=project) == 0
    assert done(place, entry, record=new_id()) == 4

    states = [answers_of(row)[0].state for row in (by_sms, by_phone, on_paper, not_at_all)]
    assert states == ["sent", "to_tell", "to_hand", "shown"]
    assert fresh(by_sms).asked_at == AT
    assert Message.objects.filter(template="need_answered").count() == 2
    with scope.everything():
        assert facts.figure("answers_given", from_on=TODAY, until_on=TODAY + DAY) == 8
        assert measures.answers_given(Window(TODAY, TODAY + DAY)) == 8


def test_answers_by_phone_and_on_paper_are_a_duty_until_they_are_told(place: Place) -> None:
    rows = [say(place, by=0, channel="phone"), say(place, "剪二", by=1, channel="paper")]
    done(place, entry_of(place, *rows))
    with scope.within(place.keeper.communities):
        waiting = list(reports.list_to_tell(actor=place.keeper))

    assert [duty.title for duty in open_duties("needs.tell_askers")] == ["Tell 2 askers the answer"]
    assert answers.note_told(actor=place.keeper, answers=[waiting[0].pk], at=AT + DAY) == 1
    assert [duty.title for duty in open_duties("needs.tell_askers")] == ["Tell 1 asker the answer"]
    assert answers.note_told(actor=place.keeper, answers=ids(*waiting), at=AT + DAY) == 1
    assert open_duties("needs.tell_askers") == []
    assert answers_of(rows[0])[0].told_by == place.keeper.account
    with pytest.raises(Missing):
        answers.note_told(actor=staff("community_staff", place.elsewhere), answers=ids(*waiting), at=AT)


def test_channel_changed_at_the_desk_takes_waiting_answers_along(place: Place) -> None:
    row = say(place, by=0, channel="phone")
    done(place, entry_of(place, row))

    answers.change_channel(actor=place.keeper, report=row.pk, channel="none", at=AT)

    assert answers_of(row)[0].state == "shown"
    assert open_duties("needs.tell_askers") == []


def test_who_has_no_phone_gets_paper_instead_of_a_call(place: Place) -> None:
    row = say(place, by=0, channel="sms")
    entry = entry_of(place, row)
    person = place.person(0)
    with scope.everything():
        type(person).objects.filter(pk=person.pk).update(no_phone=True)

    done(place, entry)

    assert answers_of(row)[0].state == "to_hand"


def test_planned_served_and_met_by_the_say_of_the_askers(place: Place) -> None:
    rows = [say(place, f"剪{number}", by=number) for number in range(3)]
    entry, project = entry_of(place, *rows), new_id()
    with pytest.raises(answers.NothingToSay):
        answers.say_met(actor=place.resident(0), report=rows[0].pk, met="yes", at=AT)

    lists.mark_planned(actor=place.keeper, needs=[entry.pk], record_kind=PROJECT, record_id=project, words="", at=AT)
    assert fresh(entry).state == "planned"
    lists.mark_served(
        actor=place.keeper,
        needs=[entry.pk],
        record_kind=PROJECT,
        record_id=project,
        on=TODAY + 3 * DAY,
        at=AT + 3 * DAY,
    )
    assert fresh(entry).state == "partly"
    for number, met in enumerate(("yes", "yes")):
        answers.say_met(actor=place.resident(number), report=rows[number].pk, met=met, at=AT + 4 * DAY)
    assert fresh(entry).state == "met"
    answers.say_met(actor=place.resident(2), report=rows[2].pk, met="no", words="排不上", at=AT + 5 * DAY)

    again = fresh(entry)
    assert (again.state, again.closed_at, again.first_served_on) == ("partly", None, TODAY + 3 * DAY)
    assert ["not_met", 1, 1] in again.priority_reasons
    with pytest.raises(NotAllowed):
        answers.say_met(actor=place.resident(0), report=rows[2].pk, met="yes", at=AT)
    assert answers.say_met(
        actor=resident(place.person(1)), report=rows[2].pk, met="yes", holds_receipt=True, at=AT + 6 * DAY
    )
    assert fresh(entry).state == "met"


def test_what_was_arranged_can_be_taken_back(place: Place) -> None:
    entry, project = entry_of(place), new_id()
    arguments = {"needs": [entry.pk], "record_kind": PROJECT, "record_id": project, "at": AT}

    lists.mark_planned(actor=SYSTEM, **arguments)
    assert lists.mark_planned(actor=SYSTEM, **arguments) == []
    lists.mark_open(actor=SYSTEM, words="师傅来不了", **arguments)
    assert (fresh(entry).state, fresh(entry).planned_at) == ("open", None)
    lists.mark_served(actor=SYSTEM, on=TODAY, **arguments)
    lists.take_back_served(actor=SYSTEM, first_served_on=None, **arguments)
    assert (fresh(entry).state, fresh(entry).first_served_on) == ("open", None)


def test_what_cannot_be_met_has_a_reason_that_the_askers_are_told(place: Place) -> None:
    row = say(place, by=0, channel="sms")
    entry = entry_of(place, row)

    with pytest.raises(Invalid):
        lists.mark_unmet(actor=place.keeper, need=entry.pk, reason="", words="x", at=AT)
    with pytest.raises(Invalid):
        lists.mark_unmet(actor=place.keeper, need=entry.pk, reason="no_money", words=" ", at=AT)
    lists.mark_unmet(
        actor=place.keeper, need=entry.pk, reason="no_money", words="今年预算已经用完，明年三月再排。", tell=True, at=AT
    )

    assert (fresh(entry).state, fresh(entry).unmet_reason) == ("unmet", "no_money")
    assert [(one.kind, one.words) for one in answers_of(row)] == [("cannot", "今年预算已经用完，明年三月再排。")]
    lists.reopen(actor=place.keeper, need=entry.pk, words="有人愿意出钱", at=AT + DAY)
    assert (fresh(entry).state, fresh(entry).unmet_reason, fresh(entry).closed_at) == ("open", "", None)


def test_matcher_takes_open_and_partly_met_entries_that_still_hold(place: Place) -> None:
    entry = entry_of(place, say(place, by=0, people=3))
    old = entry_of(place, say(place, "旧事", by=1, heard_at=AT - 120 * DAY), title="旧事")
    planned = entry_of(place, say(place, "量血压", by=2), title="量血压", category=CLINIC)
    lists.mark_planned(actor=SYSTEM, needs=[planned.pk], record_kind=PROJECT, record_id=new_id(), at=AT)

    with scope.everything():
        (wanted,) = for_matching([place.community.pk], TODAY)
        assert for_matching([place.elsewhere.pk], TODAY) == []
    assert (wanted.id, wanted.category, wanted.people, wanted.community) == (entry.pk, HAIR, 3, place.community.pk)
    confirming.confirm_entry(actor=place.keeper, need=old.pk, at=AT)
    with scope.everything():
        assert {one.id for one in for_matching(None, TODAY)} == {entry.pk, old.pk}


def test_old_needs_are_asked_again_once_by_message_and_by_staff(place: Place) -> None:
    old = AT - 85 * DAY
    by_sms, by_phone = say(place, by=0, channel="sms", heard_at=old), say(place, "剪二", by=1, heard_at=old)
    entry = entry_of(place, by_sms, by_phone)

    assert confirming.list_due_communities(at=AT) == [place.community.pk]
    assert confirming.ask_again(actor=SYSTEM, community=place.community.pk, at=AT) == 1
    assert confirming.ask_again(actor=SYSTEM, community=place.community.pk, at=AT + DAY) == 0
    assert [duty.title for duty in open_duties("needs.ask_again")] == ["Ask whether 1 need still holds"]
    confirming.say_still_needed(actor=place.resident(0), report=by_sms.pk, still=True, at=AT + 2 * DAY)
    assert fresh(entry).confirm_by == TODAY + 92 * DAY
    confirming.say_still_needed(actor=place.resident(1), report=by_phone.pk, still=False, at=AT + 2 * DAY)
    assert (fresh(by_phone).state, fresh(entry).voices) == ("withdrawn", 1)
    assert fresh(entry).confirm_by == TODAY + 92 * DAY
    confirming.ask_again(actor=SYSTEM, community=place.community.pk, at=AT + 3 * DAY)
    assert open_duties("needs.ask_again") == []


def test_priority_grows_with_the_days_that_are_waited(place: Place) -> None:
    entry = entry_of(place)

    confirming.weigh_again(actor=SYSTEM, needs=confirming.list_live(), at=AT + 95 * DAY)

    assert (fresh(entry).priority, fresh(entry).priority_reasons) == (3, [["waiting_days", 2, 95]])


def test_board_shows_four_columns_without_names_or_words(place: Place) -> None:
    asked = entry_of(place, say(place, "我陈小明要剪头发", by=0))
    planned, met, unmet = (
        entry_of(place, say(place, f"想要{word}", by=1), title=word, category=CLINIC)
        for word in ("长椅", "路灯", "电梯")
    )
    arguments = {"record_kind": PROJECT, "record_id": new_id(), "at": AT}
    lists.mark_planned(actor=SYSTEM, needs=[planned.pk], **arguments)
    lists.mark_served(actor=SYSTEM, needs=[met.pk], on=TODAY, wholly=True, **arguments)
    lists.mark_unmet(actor=SYSTEM, need=unmet.pk, reason="no_money", words="没有钱", at=AT)

    shown = board.read_board(community=place.community.pk, on=TODAY)

    assert [line.title for line in shown.asked] == [asked.title]
    assert [line.title for line in shown.arranged] == ["长椅"]
    assert [(line.title, line.served_on) for line in shown.done] == [("路灯", TODAY)]
    assert [(line.title, line.reason_words) for line in shown.impossible] == [("电梯", "没有钱")]
    assert "陈小明" not in repr(shown)
    later = board.read_board(community=place.community.pk, on=TODAY + 400 * DAY)
    assert (later.done, later.impossible) == ([], [])


def test_rates_name_their_denominators(place: Place) -> None:
    hair = [entry_of(place, say(place, f"剪{n}", by=0, heard_at=AT - 10 * DAY), title=f"剪{n}") for n in range(4)]
    arguments = {"record_kind": PROJECT, "record_id": new_id(), "at": AT}
    lists.mark_served(actor=SYSTEM, needs=[hair[0].pk], on=TODAY - 6 * DAY, wholly=True, **arguments)
    lists.mark_served(actor=SYSTEM, needs=[hair[1].pk], on=TODAY, **arguments)
    lists.mark_unmet(actor=SYSTEM, need=hair[2].pk, reason="no_money", words="没有钱", at=AT)
    entry_of(place, say(place, "量血压", by=1), category=CLINIC, title="量血压")
    span = {"from_on": TODAY - 30 * DAY, "until_on": TODAY + DAY}

    with scope.everything():
        by_category, together = measures.rates_and_all(by="category", **span)
        (by_community,), same = measures.rates_and_all(by="community", **span)
        whole = measures.rate_of_all(**span)
        reasons = satisfaction.unmet_reasons(**span)
        ages = measures.ages_of_open(on=TODAY)
        assert measures.needs_met(Window(TODAY, TODAY + DAY)) == 1
    rates = {one.key: one for one in by_category}
    assert together == whole == same
    assert (rates[HAIR].met, rates[HAIR].asked, rates[HAIR].share, rates[HAIR].days_to_served) == (1, 4, 0.25, 7.0)
    assert (rates[CLINIC].share, rates[CLINIC].days_to_served) == (0.0, None)
    assert (by_community.met, by_community.asked, whole.asked, whole.unmet) == (1, 5, 5, 1)
    assert [(one.reason, one.needs, one.people, one.categories) for one in reasons] == [("no_money", 1, 1, (HAIR,))]
    assert ages == {"under_30": 3, "under_90": 0, "under_180": 0, "older": 0, "stale": 0}


def test_answer_written_in_person_may_be_repeated_and_checks_stay_silent(place: Place) -> None:
    row = say(place, by=0, channel="phone")
    for hours in (1, 2):
        answers.answer_report(
            actor=place.keeper, report=row.pk, words="我们问过师傅了，下月排。", at=AT + timedelta(hours=hours)
        )

    assert len(answers_of(row)) == 2
    assert [*checks.waiting_answers_are_duties(), *checks.closed_entries_are_answerable()] == []
