"""Joining: by a person only, counted from the voices, and out again without losing anything."""

import pytest

from lianxin.domain.needs.commands import closing, joining, lists
from lianxin.domain.needs.commands.found import EntryClosed, VoiceClosed
from lianxin.domain.needs.models import CategoryExample, Need, NeedReport, NeedVerdict
from lianxin.domain.needs.queries import checks
from lianxin.domain.needs.queries.alike import look_alikes
from lianxin.domain.needs.queries.examples import list_learned
from lianxin.domain.people.tests.factories import staff
from lianxin.platform import scope, search
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed

from .factories import (
    AT,
    CARE,
    CLINIC,
    DAY,
    HAIR,
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


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def differences() -> list[str]:
    return [
        *checks.counts_are_those_of_voices(),
        *checks.voices_are_at_home(),
        *checks.waiting_answers_are_duties(),
        *checks.closed_entries_are_answerable(),
    ]


def test_entry_counts_voices_households_people_days_and_times_of_its_voices(place: Place) -> None:
    first = say(place, by=0, people=2, heard_at=AT - 40 * DAY, times_mask=0b11)
    again = say(place, "又问一次剪头发的事", by=0, times_mask=0b01)
    guest = say(place, "想剪头发", guest_name="路过的人")

    entry = fresh(entry_of(place, first, again, guest))

    assert (entry.number, entry.voices, entry.households, entry.people) == (1, 3, 1, 4)
    assert (entry.first_heard_on, entry.last_heard_on) == (TODAY - 40 * DAY, TODAY)
    assert entry.confirm_by == TODAY + 90 * DAY
    assert entry.times_mask & 0b11 == 0b11
    assert {row.state for row in map(fresh, (first, again, guest))} == {"joined"}
    assert differences() == []
    assert open_duties("needs.read_new") == []


def test_numbers_of_a_list_follow_one_another_and_a_title_hides_who_said_it(place: Place) -> None:
    words = "我是陈小明，电话13800138000，想请人上门修水管。谢谢"
    row = say(place, words, by=0, category=CARE)

    one = entry_of(place, say(place, "剪头发", by=1))
    two = joining.join(actor=place.keeper, report=row.pk, at=AT)

    assert (one.number, two.number) == (1, 2)
    assert "陈小明" not in two.title
    assert "138" not in two.title
    assert fresh(row).words == words


def test_voice_moves_to_another_entry_and_leaves_the_old_one_smaller(place: Place) -> None:
    first, second = say(place, by=0), say(place, "想剪头发", by=1)
    old = entry_of(place, first, second)
    new = entry_of(place, say(place, "想量血压", by=2), title="量血压", category=CLINIC)

    joining.join(actor=place.keeper, report=second.pk, need=new.pk, at=AT)

    assert (fresh(old).voices, fresh(new).voices) == (1, 2)
    assert differences() == []


def test_entry_that_nobody_asks_for_any_more_is_withdrawn_and_voice_is_new_again(place: Place) -> None:
    row = say(place, by=0)
    entry = entry_of(place, row)

    joining.take_out(actor=place.keeper, report=row.pk, at=AT)

    assert (fresh(row).state, fresh(row).need) == ("new", None)
    assert fresh(entry).state == "withdrawn"
    assert [duty.title for duty in open_duties("needs.read_new")] == ["Read 1 new voice"]
    with pytest.raises(EntryClosed):
        joining.join(actor=place.keeper, report=row.pk, need=entry.pk, at=AT)
    assert differences() == []


def test_voice_joined_to_what_was_met_opens_it_again(place: Place) -> None:
    entry = entry_of(place)
    lists.mark_served(
        actor=place.keeper, needs=[entry.pk], record_kind="x", record_id=entry.pk, on=TODAY, wholly=True, at=AT
    )

    joining.join(actor=place.keeper, report=say(place, "还想剪", by=1).pk, need=entry.pk, at=AT + DAY)

    again = fresh(entry)
    assert (again.state, again.closed_at, again.first_served_on) == ("partly", None, TODAY)


def test_voices_of_two_communities_and_strangers_are_refused(place: Place) -> None:
    here = say(place, by=0)
    district = staff("subdistrict_staff")
    there = say(place, actor=district, community=place.elsewhere.pk)

    with pytest.raises(Invalid):
        joining.join_many(actor=district, reports=ids(here, there), title="x", category=HAIR, at=AT)
    with pytest.raises(Invalid):
        joining.join(actor=district, report=there.pk, need=entry_of(place, here).pk, at=AT)
    with pytest.raises(Missing):
        joining.join(actor=place.keeper, report=there.pk, title="x", category=HAIR, at=AT)
    with pytest.raises(NotAllowed):
        joining.take_out(actor=staff("district_staff"), report=here.pk, at=AT)


def test_correction_of_a_category_becomes_an_example_that_later_voices_learn_from(place: Place) -> None:
    row = say(place, "想学潮绣咧", by=0)

    joining.decide_category(actor=place.keeper, report=row.pk, category=CLINIC, at=AT)
    joining.decide_category(actor=place.keeper, report=row.pk, category=HAIR, at=AT)

    assert list_learned() == [("想学潮绣咧", HAIR)]
    assert say(place, "想学潮绣咧").suggestions[0][0] == HAIR
    with scope.everything():
        assert CategoryExample.objects.count() == 2
        assert fresh(row).category_by == place.keeper.account


def test_sure_category_that_staff_confirm_teaches_nothing(place: Place) -> None:
    row = say(place, "想请师傅来社区义剪，给老人理发剪头发")

    joining.decide_category(actor=place.keeper, report=row.pk, category=HAIR, at=AT)

    assert list_learned() == []


def test_look_alikes_come_with_shared_words_and_a_verdict_is_asked_once(place: Place) -> None:
    hair = entry_of(place, say(place, "想请师傅上门给老人剪头发", by=0))
    other = entry_of(place, say(place, "想量血压", by=1), title="量血压", category=CLINIC)
    row = say(place, "有没有师傅上门剪头发", by=2)

    with scope.within(place.keeper.communities):
        found = look_alikes(report=fresh(row)).entries
    joining.judge(actor=place.keeper, report=row.pk, need=other.pk, verdict="different", at=AT)
    said = joining.judge(actor=place.keeper, report=row.pk, need=hair.pk, verdict="same", at=AT)

    assert found[0].need.pk == hair.pk
    assert found[0].shared
    assert said.shared_words
    assert fresh(row).need_id == hair.pk
    joining.judge(actor=place.keeper, report=row.pk, need=hair.pk, verdict="same", at=AT)
    with scope.everything():
        assert NeedVerdict.objects.count() == 2


def test_no_need_and_referral_are_outcomes_that_the_asker_is_told(place: Place) -> None:
    thanks, pipe = say(place, "谢谢你们", by=0, channel="sms"), say(place, "自来水发黄", by=1, channel="phone")
    entry = entry_of(place, pipe)

    closing.close_as(actor=place.keeper, report=thanks.pk, outcome="not_a_need", words="谢谢您来说一声。", at=AT)
    closing.close_as(
        actor=place.keeper,
        report=pipe.pk,
        outcome="referred",
        words="水质归自来水公司管，我们替您打了12345。",
        referred_to="12345",
        at=AT,
    )

    assert (fresh(thanks).state, fresh(pipe).state, fresh(pipe).referred_to) == ("not_a_need", "referred", "12345")
    assert fresh(entry).state == "withdrawn"
    assert [(one.kind, one.state) for one in answers_of(thanks)] == [("not_a_need", "sent")]
    assert [(one.kind, one.state) for one in answers_of(pipe)] == [("referred", "to_tell")]
    assert differences() == []
    for wrong in ({"outcome": "referred"}, {"outcome": "lost"}, {"outcome": "not_a_need", "words": " "}):
        with pytest.raises(Invalid):
            closing.close_as(actor=place.keeper, report=pipe.pk, at=AT, **{"words": "好", **wrong})


def test_closed_voice_can_be_taken_up_again_but_a_withdrawn_one_is_not_joined(place: Place) -> None:
    row = say(place, by=0)
    closing.close_as(actor=place.keeper, report=row.pk, outcome="not_a_need", words="好的", at=AT)

    closing.take_up_again(actor=place.keeper, report=row.pk, at=AT)
    closing.withdraw(actor=place.resident(0), report=row.pk, at=AT)

    assert fresh(row).state == "withdrawn"
    assert fresh(row).words
    with pytest.raises(VoiceClosed):
        joining.join(actor=place.keeper, report=row.pk, title="x", category=HAIR, at=AT)
    with pytest.raises(NotAllowed):
        closing.withdraw(actor=place.resident(1), report=say(place, "长椅", by=0).pk, at=AT)


def test_entry_is_found_by_its_title_and_edited_by_one_at_a_time(place: Place) -> None:
    entry = entry_of(place)

    lists.edit_entry(
        actor=place.keeper, need=entry.pk, title="上门剪发", category=HAIR, target_group="elders", version=1, at=AT
    )

    with scope.within(place.keeper.communities):
        assert [hit.title for hit in search.find("上门剪发")] == ["上门剪发"]
    assert ["group", 1, 0] in fresh(entry).priority_reasons
    with pytest.raises(EditedMeanwhile):
        lists.edit_entry(actor=place.keeper, need=entry.pk, title="另一个", category=HAIR, version=1, at=AT)
    with pytest.raises(Invalid):
        lists.edit_entry(actor=place.keeper, need=entry.pk, title=" ", category=HAIR, at=AT)


def test_priority_has_reasons_and_one_set_by_hand_stays_until_it_is_given_back(place: Place) -> None:
    rows = [say(place, f"剪头发{number}", by=number, heard_at=AT - 100 * DAY) for number in range(3)]
    entry = entry_of(place, *rows, say(place, "快来剪", by=0, is_urgent=True))

    assert [name for name, _p, _n in fresh(entry).priority_reasons] == ["urgent", "households", "waiting_days"]
    assert fresh(entry).priority == 5
    lists.set_priority(actor=place.keeper, need=entry.pk, priority=1, words="已有师傅固定来", at=AT)
    joining.join(actor=place.keeper, report=say(place, "也想剪", by=1).pk, need=entry.pk, at=AT)
    assert fresh(entry).priority == 1
    lists.set_priority(actor=place.keeper, need=entry.pk, priority=None, at=AT)
    assert fresh(entry).priority == 5
    with pytest.raises(Invalid):
        lists.set_priority(actor=place.keeper, need=entry.pk, priority=2, words=" ", at=AT)


def test_no_voice_is_lost_whatever_is_done_with_it(place: Place) -> None:
    rows = [say(place, f"想要第{number}样东西", by=number % 3) for number in range(6)]
    said = [row.words for row in rows]
    entry = entry_of(place, *rows[:3])
    joining.take_out(actor=place.keeper, report=rows[0].pk, at=AT)
    joining.join(actor=place.keeper, report=rows[3].pk, need=entry.pk, at=AT)
    closing.close_as(actor=place.keeper, report=rows[4].pk, outcome="not_a_need", words="好", at=AT)
    closing.withdraw(actor=place.keeper, report=rows[1].pk, at=AT)

    with scope.everything():
        kept = dict(NeedReport.objects.values_list("receipt", "words"))
        total = sum(Need.objects.values_list("voices", flat=True))
    assert kept == {row.receipt: words for row, words in zip(rows, said, strict=True)}
    assert total == 2
    assert differences() == []
