"""Joint cases: answered together, and each voice keeps receipt, words, answers and its way out."""

import pytest

from lianxin.domain.places.tests import factories as places
from lianxin.domain.voice.commands import closing, hearing, joining, moving, telling
from lianxin.domain.voice.models import Case
from lianxin.domain.voice.queries import alike, case_checks, reports
from lianxin.domain.voice.rules.alike import Spot, Told, is_same_place, nearest
from lianxin.platform import scope
from lianxin.platform.errors import Missing, NotAllowed, Refused

from .tier_factories import AT, DAY, HOUR, Place, case_of, fresh, make_place, open_duties, say


@pytest.fixture
def place(db: None) -> Place:
    return make_place(homes=3)


def differences() -> list[str]:
    return [
        *case_checks.voices_are_counted(),
        *case_checks.voices_are_at_home(),
        *case_checks.joined_cases_name_theirs(),
        *case_checks.steps_lead_to_state(),
        *case_checks.open_cases_have_somebody(),
    ]


def test_joined_voices_are_answered_there_and_keep_what_is_theirs(place: Place) -> None:
    first, second = say(place), say(place, "三楼灯也坏了", by=1)
    telling.answer_reporters(actor=place.keeper, case=second.case_id, kind="heard", words="收到", at=AT)
    moving.edit(actor=place.keeper, case=second.case_id, public_title="三楼的灯", is_public=True, at=AT)

    other = joining.join(actor=place.keeper, case=second.case_id, into=first.case_id, at=AT + HOUR)

    home = fresh(second)
    assert (home.case_id, home.receipt, home.words, home.first_case) == (
        other.pk,
        second.receipt,
        "三楼灯也坏了",
        second.case_id,
    )
    with scope.everything():
        left = Case.objects.get(pk=second.case_id)
    assert (left.state, left.voices, left.is_public) == ("joined", 0, False)
    assert fresh(other).voices == 2
    telling.answer_reporters(actor=place.keeper, case=other.pk, kind="progress", words="一起修", at=AT + HOUR)
    page = reports.own_page(actor=place.resident(1), report=second.pk, at=AT + HOUR)
    assert [line.words for line in page.answers] == ["收到", "一起修"]
    assert [line.act for line in page.timeline if line.act == "join"] == ["join"]
    assert differences() == []


def test_voice_taken_out_goes_back_to_the_case_it_came_with(place: Place) -> None:
    first, second = say(place), say(place, "其实是水管", by=1)
    joining.join(actor=place.keeper, case=second.case_id, into=first.case_id, at=AT)

    home = joining.split(actor=place.keeper, report=second.pk, at=AT + DAY)

    assert (home.pk, home.state, fresh(home).voices) == (second.case_id, "assigned", 1)
    assert fresh(home).due_at is not None
    assert home.ended_at is None
    assert case_of(first).voices == 1
    assert len(open_duties("voice.case")) == 1
    assert differences() == []


def test_me_too_that_was_something_else_gets_a_case_of_its_own(place: Place) -> None:
    first = say(place)
    moving.edit(actor=place.keeper, case=first.case_id, public_title="楼道灯", is_public=True, at=AT)
    also = say(place, "我家门坏了", by=1, case=first.case_id)

    home = joining.split(actor=place.keeper, report=also.pk, at=AT + HOUR)

    assert home.pk != first.case_id
    assert (fresh(home).number, fresh(home).voices, fresh(also).first_case) == (2, 1, home.pk)
    with pytest.raises(Refused):
        joining.split(actor=place.keeper, report=also.pk, at=AT + HOUR)
    assert differences() == []


def test_what_cannot_be_joined_is_refused(place: Place) -> None:
    one, two = say(place), say(place, "别的", by=1)
    moving.assign(actor=place.keeper, case=two.case_id, account=place.keeper.account, at=AT)
    closing.finish(actor=place.keeper, case=two.case_id, words="好了", at=AT)
    visitor = place.resident().visiting(place.elsewhere.pk)
    far = hearing.hear(actor=visitor, community=place.elsewhere.pk, words="外面的", how="page", at=AT)

    for case, into in ((one.case_id, one.case_id), (one.case_id, two.case_id), (two.case_id, one.case_id)):
        with pytest.raises(Refused):
            joining.join(actor=place.keeper, case=case, into=into, at=AT)
    with pytest.raises(Missing):
        joining.join(actor=place.keeper, case=one.case_id, into=far.case_id, at=AT)
    with pytest.raises(NotAllowed):
        joining.split(actor=place.resident(), report=one.pk, at=AT)


def test_alike_cases_are_suggested_by_words_and_by_place(place: Place) -> None:
    venue = places.make_venue(place.community)
    lamp = say(place, "三号楼楼道的灯不亮了", venue=venue.pk)
    noise = say(place, "晚上广场舞太吵", by=1)
    for row, title in ((lamp, "三号楼楼道灯不亮"), (noise, "晚上广场太吵")):
        moving.edit(actor=place.keeper, case=row.case_id, public_title=title, is_public=True, at=AT)

    found = alike.suggest(place.community.pk, "楼道灯坏了不亮", at=AT)
    at_venue = alike.suggest(place.community.pk, "灯", venue=venue.pk, at=AT)

    assert found[0].line.id == lamp.case_id
    assert noise.case_id not in {one.line.id for one in found}
    assert at_venue[0].is_same_place
    assert alike.suggest(place.elsewhere.pk, "楼道灯坏了不亮", at=AT) == []
    third = say(place, "楼道灯不亮好几天", by=2)
    with scope.within(place.keeper.communities):
        assert alike.alike_for(place.keeper, third.case_id)[0].case.pk == lamp.case_id


def test_look_alikes_need_a_word_or_a_place_in_common() -> None:
    lamp = Told(1, "楼道的灯不亮了", Spot(lng=116.7100, lat=23.3600))

    assert nearest("水管爆了", Spot(), [lamp]) == []
    assert nearest("灯不亮", Spot(lng=116.7105, lat=23.3603), [lamp])[0].is_same_place
    assert not is_same_place(Spot(lng=116.71, lat=23.36), Spot(lng=116.72, lat=23.36))
    assert is_same_place(Spot(words="南门 口"), Spot(words="南门口"))
    assert nearest("灯", Spot(), []) == []
