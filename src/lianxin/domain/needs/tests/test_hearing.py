"""Hearing: words kept as they were said, a receipt for each voice, and only suggestions by the machine."""

from datetime import timedelta

import pytest

from lianxin.domain.needs.commands import hearing
from lianxin.domain.needs.models import NeedReport
from lianxin.domain.needs.queries import reports
from lianxin.domain.needs.rules import receipts
from lianxin.domain.people.tests.factories import resident, staff
from lianxin.domain.places.models import ServiceCategory
from lianxin.platform import facts, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Missing, NotAllowed, TooMany
from lianxin.platform.ids import new_id

from .factories import AT, DAY, HAIR, SYSTEM, TODAY, Place, fresh, make_place, open_duties, say

WORDS = "  我妈八十多了，腿脚唔好，\r\n想有人上门剪头毛。 "


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def heard(**window: object) -> int:
    with scope.everything():
        return facts.figure("needs_heard", from_on=TODAY - 30 * DAY, until_on=TODAY + DAY, **window)  # type: ignore[arg-type]


def test_words_are_kept_as_they_were_said_with_household_receipt_and_fact(place: Place) -> None:
    row = say(place, WORDS, by=0, people=2, times_mask=0b11, heard_at=AT - 3 * DAY)

    kept = fresh(row)
    assert kept.words == "我妈八十多了，腿脚唔好，\n想有人上门剪头毛。"
    assert (kept.household_id, kept.people, kept.state) == (place.homes[0].pk, 2, "new")
    assert receipts.read_number(f"{kept.receipt[:4]} {kept.receipt[4:]}") == kept.receipt
    assert heard(communities=[place.community.pk]) == 1
    assert kept.taken_by == place.keeper.account


def test_best_five_are_kept_and_a_sure_category_is_filled_in_by_nobody(place: Place) -> None:
    row = say(place, "想请师傅来社区义剪，给老人理发剪头发")

    assert row.suggestions[0][0] == HAIR
    assert len(row.suggestions) <= 5
    assert row.is_sure
    assert row.category is not None
    with scope.everything():
        assert ServiceCategory.objects.get(pk=row.category_id).code == HAIR
    assert row.category_by is None


def test_new_voice_is_a_duty_of_the_community_and_an_urgent_one_has_its_own(place: Place) -> None:
    say(place, "楼下路灯坏了，晚上看不见")
    say(place, "独居的阿婆两天没出门了", is_urgent=True)

    assert [duty.title for duty in open_duties("needs.read_new")] == ["Read 2 new voices"]
    (urgent,) = open_duties("needs.urgent")
    assert urgent.due_at == AT + DAY
    assert "阿婆" not in urgent.title


def test_resident_speaks_for_themselves_and_is_named_by_their_login_only(place: Place) -> None:
    row = say(place, actor=place.resident(1), how="page", guest_name="别人", channel="sms")

    assert (row.person_id, row.guest_name, row.taken_by) == (place.person(1).pk, "", None)
    with pytest.raises(Missing):
        say(place, actor=place.resident(1), how="page", person=place.person(0).pk)


def test_unnamed_voice_names_nobody_even_when_they_are_logged_in(place: Place) -> None:
    row = say(place, actor=place.resident(1), how="page", is_anonymous=True, guest_name="林秀英")

    assert (row.person, row.household, row.guest_name) == (None, None, "")


def test_anybody_may_say_something_where_they_are_not_at_home(place: Place) -> None:
    guest = Actor.anonymous().visiting(place.elsewhere.pk)

    row = say(place, actor=guest, how="page", community=place.elsewhere.pk, guest_phone="138 0013 8111", channel="sms")

    assert row.guest_phone is not None
    assert row.guest_phone.reveal() == "13800138111"
    with pytest.raises(NotAllowed):
        say(place, actor=guest, how="desk", community=place.elsewhere.pk)


def test_same_words_of_the_same_one_are_told_to_be_on_the_list_already(place: Place) -> None:
    first = say(place, "想学用手机挂号", actor=place.resident(), how="page")

    with pytest.raises(hearing.AlreadyHeard) as refused:
        say(place, "想学用手机，挂号。", actor=place.resident(), how="page", at=AT + DAY)

    assert refused.value.extra["receipt"] == first.receipt
    assert receipts.spaced(first.receipt) in str(refused.value.detail)


def test_twenty_a_day_are_enough(place: Place) -> None:
    for number in range(hearing.MOST_A_DAY):
        say(place, f"第{number}件事：想要{chr(0x4E00 + 97 * number)}", actor=place.resident(), how="page")

    with pytest.raises(TooMany):
        say(place, "再一件", actor=place.resident(), how="page")
    assert say(place, "再一件", actor=place.resident(), how="page", at=AT + DAY + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("words", {"words": " \n"}),
        ("words", {"words": "长" * 1001}),
        ("guest_phone", {"guest_phone": "1380013"}),
        ("guest_phone", {"channel": "sms"}),
        ("channel", {"channel": "pigeon"}),
        ("people", {"people": 0}),
        ("heard_at", {"heard_at": AT + DAY}),
        ("times", {"times_mask": 1 << 21}),
        ("category", {"category": "Z99"}),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(place: Place, field: str, given: dict) -> None:
    with pytest.raises(Invalid) as refused:
        say(place, **{"words": "想要一张长椅", **given})

    assert list(refused.value.fields) == [field]


def test_same_form_sent_twice_is_one_voice(place: Place) -> None:
    key = new_id()

    first = say(place, "想学剪纸", by=0, key=key)
    second = say(place, "想学剪纸", by=0, key=key)

    assert first.pk == second.pk
    assert heard() == 1


def test_receipt_opens_with_the_phones_last_digits_or_the_word_on_the_slip_only(place: Place) -> None:
    named, unnamed = say(place, by=0), say(place, "想要一张长椅", is_anonymous=True)
    token = receipts.token_for(named.pk, named.receipt)

    assert reports.find_by_receipt(number=receipts.spaced(named.receipt), secret="8000").pk == named.pk
    assert reports.find_by_receipt(number=unnamed.receipt, secret=receipts.word_for(unnamed.pk)).pk == unnamed.pk
    assert reports.find_by_token(number=named.receipt, token=token).pk == named.pk
    wrong = "0000" if receipts.word_for(named.pk) != "0000" else "1111"
    for number, secret in ((named.receipt, wrong), ("12345678", "8000"), ("", "")):
        with pytest.raises(Missing):
            reports.find_by_receipt(number=number, secret=secret)
    with pytest.raises(Missing):
        reports.find_by_token(number=unnamed.receipt, token=token)


def test_own_voices_are_seen_by_their_speaker_and_nobody_else(place: Place) -> None:
    mine = say(place, actor=place.resident(0), how="page")
    say(place, "别的事", actor=place.resident(1), how="page")

    assert [row.pk for row in reports.list_own(actor=place.resident(0), on=TODAY)] == [mine.pk]
    with pytest.raises(Missing):
        reports.find_own(actor=place.resident(1), report=mine.pk, on=TODAY)
    assert reports.list_own(actor=Actor.anonymous(), on=TODAY) == []


def test_inbox_shows_urgent_first_then_the_oldest_and_only_what_is_in_scope(place: Place) -> None:
    late = say(place, "下周想听戏")
    early = say(place, "想要长椅", heard_at=AT - 5 * DAY)
    urgent = say(place, "水管爆了", is_urgent=True)

    with scope.within(place.keeper.communities):
        shown = [row.pk for row in reports.list_reports(actor=place.keeper, wanted=reports.Filter())]
    assert shown == [urgent.pk, early.pk, late.pk]
    stranger = staff("community_staff", place.elsewhere)
    with scope.within(stranger.communities):
        assert not reports.list_reports(actor=stranger, wanted=reports.Filter()).exists()
    with pytest.raises(NotAllowed):
        reports.list_reports(actor=resident(place.person()), wanted=reports.Filter())


def test_many_voices_are_kept_at_once_as_one_would_be(place: Place) -> None:
    voices = [
        hearing.Voice(words="想学跳舞", heard_at=AT - DAY),
        hearing.Voice(words="想要义剪", category=HAIR, guest_phone="13800138222", channel="phone", is_urgent=True),
    ]

    made = hearing.hear_many(actor=SYSTEM, community=place.community.pk, voices=voices, at=AT)

    with scope.everything():
        rows = list(NeedReport.objects.filter(pk__in=made).order_by("pk"))
    assert [row.words for row in rows] == ["想学跳舞", "想要义剪"]
    assert rows[1].suggestions == []
    assert len({row.receipt for row in rows}) == 2
    assert heard() == 2
    assert len(open_duties("needs.urgent")) == 1
