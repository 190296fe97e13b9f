"""Filled forms: each once, needs heard from them, quotas never passed, nothing overwritten and nothing lost."""

import struct
import zlib
from datetime import timedelta

import pytest

from lianxin.domain.needs.commands import submissions, survey_consequences, survey_personal_data, surveys
from lianxin.domain.needs.commands.submissions import AnsweredAlready, OtherContent, SurveyClosed
from lianxin.domain.needs.commands.surveys import SurveyContent
from lianxin.domain.needs.models import NeedReport, Submission, SubmissionFile, SurveyQuota
from lianxin.domain.needs.queries import survey_checks, survey_results, survey_tables
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.places.events import DivisionsMerged
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Missing, NotAllowed, TooLarge

from .factories import AT, DAY, SYSTEM, TODAY, Place, fresh, make_place
from .survey_factories import cell, filled, opened, sent, version_of


def png(shade: int) -> bytes:
    """A picture of one point."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes([0, shade]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


PNG = png(9)


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


@pytest.fixture
def anybody(place: Place) -> Actor:
    return Actor.anonymous().visiting(place.community.pk)


def count(model: type = Submission) -> int:
    with scope.everything():
        return int(model.objects.count())  # type: ignore[attr-defined]


def voices() -> list[NeedReport]:
    with scope.everything():
        return list(NeedReport.objects.select_related("category").order_by("pk"))


def test_answers_of_anybody_with_the_link_become_a_need_with_a_receipt(place: Place, anybody: Actor) -> None:
    row = opened(place)

    came = sent(
        place,
        row,
        {"age": "72", "wish": "想有人来给老人剪头发", "people": "3", "phone": "13800138000"},
        actor=anybody,
        how="page",
    )

    (voice,) = voices()
    assert came.is_new
    assert came.counts
    assert came.receipts == (voice.receipt,)
    assert (voice.words, voice.people, voice.how) == ("想有人来给老人剪头发", 3, "survey")
    assert (voice.channel, voice.submission_id, voice.is_anonymous) == ("sms", came.submission.pk, False)
    assert "13800138000" not in str(fresh(came.submission).content)


def test_same_form_again_is_the_same_answer_and_other_content_is_refused(place: Place) -> None:
    row = opened(place)
    first = sent(place, row, {"age": "70", "wish": "想有人来给老人剪头发"}, instance="uuid:one")

    again = sent(place, row, {"age": "70", "wish": "想有人来给老人剪头发"}, instance="uuid:one")
    with pytest.raises(OtherContent):
        sent(place, row, {"age": "71"}, instance="uuid:one")

    assert (again.is_new, again.submission.pk, again.receipts) == (False, first.submission.pk, first.receipts)
    assert (count(), len(voices())) == (1, 1)


def test_corrected_form_follows_the_first_one_which_stays(place: Place) -> None:
    row = opened(place)
    surveys.set_quotas(actor=place.keeper, survey=row.pk, cells=[cell(place, 5, 60), cell(place, 5, 0, 59)], at=AT)
    first = sent(place, row, {"age": "70", "wish": "想有人来给老人剪头发"}, instance="uuid:one")

    second = sent(place, row, {"age": "50", "wish": "想要理发"}, instance="uuid:two", corrects="uuid:one")
    with pytest.raises(OtherContent):
        sent(place, row, {"age": "51"}, instance="uuid:three", corrects="uuid:one")

    before = fresh(first.submission)
    assert (before.state, before.counts) == ("edited", False)
    assert second.submission.replaces_id == before.pk
    assert [voice.words for voice in voices()] == ["想有人来给老人剪头发"]
    with scope.everything():
        assert dict(SurveyQuota.objects.values_list("min_age", "taken")) == {60: 0, 0: 1}
    assert list(survey_checks.quotas_are_counted_answers()) == []


def test_guests_cannot_correct_what_somebody_else_sent(place: Place, anybody: Actor) -> None:
    row = opened(place)
    sent(place, row, instance="uuid:one")

    with pytest.raises(NotAllowed):
        sent(place, row, {"age": "20"}, instance="uuid:two", corrects="uuid:one", actor=anybody, how="page")


def test_missing_and_wrong_answers_are_named_and_nothing_is_kept(place: Place) -> None:
    row = opened(place)
    version = version_of(row)
    without = filled(version, {"wish": "想要理发"})
    too_old = filled(version, {"age": "70"}).replace("<age>70</age>", "<age>700</age>")

    with pytest.raises(Invalid) as missing:
        sent(place, row, xml=without)
    with pytest.raises(Invalid) as wrong:
        sent(place, row, xml=too_old)

    assert missing.value.fields == {"/data/age": ["您多大年纪: Please answer this."]}
    assert wrong.value.fields == {"/data/age": ["您多大年纪: 岁数太大了"]}
    assert count() == 0


@pytest.mark.parametrize(
    "xml",
    [
        "not xml",
        '<data id="asking" version="1"><age>3</age></data>',
        '<data id="other" version="1"><meta><instanceID>uuid:x</instanceID></meta></data>',
        '<!DOCTYPE d [<!ENTITY a "b">]><data id="asking" version="1"><meta><instanceID>&a;</instanceID></meta></data>',
    ],
)
def test_what_is_no_form_of_this_survey_is_refused_with_a_sentence(place: Place, xml: str) -> None:
    row = opened(place)

    with pytest.raises(Invalid) as refused:
        sent(place, row, xml=xml)

    assert str(refused.value.detail).endswith(".")
    assert count() == 0


def test_closed_survey_takes_only_what_was_answered_in_time_and_carried(place: Place, anybody: Actor) -> None:
    row = opened(place)
    surveys.close(actor=place.keeper, survey=row.pk, at=AT + DAY)
    late = {"at": AT + 3 * DAY}

    taken = sent(place, row, {"age": "70"}, how="visit", ended=AT + timedelta(hours=3), **late)
    with pytest.raises(SurveyClosed):
        sent(place, row, {"age": "70"}, how="visit", ended=AT + 2 * DAY, **late)
    with pytest.raises(SurveyClosed):
        sent(place, row, {"age": "70"}, actor=anybody, how="page", ended=AT, **late)

    assert "You answered in time" in taken.thanks
    assert taken.counts
    assert count() == 1


def test_draft_and_survey_of_visits_take_nothing_from_the_page(place: Place, anybody: Actor) -> None:
    early = opened(place, content=SurveyContent(title="早", opens_at=AT + DAY))
    visits = opened(place, form_id="visits", content=SurveyContent(title="走访", asked_by="visit"))

    with pytest.raises(SurveyClosed, match="not open yet"):
        sent(place, early, actor=anybody, how="page")
    with pytest.raises(SurveyClosed, match="visits"):
        sent(place, visits, actor=anybody, how="page")


def test_each_person_answers_once_where_the_survey_says_so(place: Place, anybody: Actor) -> None:
    row = opened(place, content=SurveyContent(title="一人一份", one_per_person=True))
    me = {"actor": place.resident(), "person": place.person().pk, "how": "page"}

    came = sent(place, row, {"age": "70"}, **me)
    with pytest.raises(AnsweredAlready):
        sent(place, row, {"age": "70"}, **me)
    with pytest.raises(AnsweredAlready, match="log in"):
        sent(place, row, {"age": "70"}, actor=anybody, how="page")
    with pytest.raises(Missing):
        sent(place, row, {"age": "70"}, **me | {"person": place.person(1).pk})

    assert came.submission.household_id == place.homes[0].pk


def test_full_quota_thanks_and_keeps_the_answer_without_counting_it(place: Place) -> None:
    row = opened(place)
    surveys.set_quotas(actor=place.keeper, survey=row.pk, cells=[cell(place, 1, 60, is_limit=True)], at=AT)
    first = sent(place, row, {"age": "70"})

    second = sent(place, row, {"age": "80", "wish": "想有人来给老人剪头发"})
    young = sent(place, row, {"age": "30"})

    assert (second.counts, second.receipts != ()) == (False, True)
    assert second.thanks.startswith("Thank you.")
    assert (young.counts, young.submission.quota_id) == (True, None)
    submissions.set_aside(actor=place.keeper, submission=first.submission.pk, reason="重复", at=AT)
    assert sent(place, row, {"age": "66"}).counts
    assert not submissions.take_back_aside(actor=place.keeper, submission=first.submission.pk, at=AT).counts
    assert list(survey_checks.quotas_are_counted_answers()) == []
    assert list(survey_checks.answers_are_where_surveys_are()) == []


def test_chosen_categories_are_needs_and_one_that_is_gone_is_left_to_the_classifier(place: Place) -> None:
    rows = [["select_multiple what", "what", "要什么"], ["end", "end"]]
    more = [["what", "D01", "理发"], ["what", "Z99", "给老人剪头发"]]
    row = opened(place, *rows, more=more)
    surveys.set_mapping(actor=place.keeper, version=version_of(row).pk, mapping={"need": "/data/what"}, at=AT)

    sent(place, row, {"what": "D01 Z99"})

    first, second = voices()
    assert (first.words, first.category.code if first.category else "") == ("理发", "D01")
    assert second.words == "给老人剪头发"
    assert second.suggestions


def test_pictures_arrive_after_their_form_once(place: Place) -> None:
    row = opened(place)
    came = sent(place, row, {"age": "70", "photo": "a.png"})

    def put(name: str = "a.png", data: bytes = PNG) -> SubmissionFile:
        return submissions.put_file(actor=place.keeper, submission=came.submission.pk, name=name, data=data, at=AT)

    with pytest.raises(Invalid):
        put(data=b"no picture")
    with pytest.raises(TooLarge):
        put(data=PNG[:8] + bytes(submissions.LARGEST_PICTURE + 1))
    first = put()
    assert put().file_id == first.file_id
    with pytest.raises(OtherContent):
        put(data=png(200))
    with pytest.raises(Invalid):
        put(name="b.png")
    assert (count(), count(SubmissionFile)) == (1, 1)


def test_answers_are_given_out_and_erased_with_the_person(place: Place) -> None:
    row = opened(place)
    person = place.person()
    me = {"actor": place.resident(), "person": person.pk, "how": "page"}
    came = sent(place, row, {"age": "70", "wish": f"{person.name}想有人来剪头发", "phone": "13800138000"}, **me)

    (given,) = survey_personal_data.export_rows(person.pk)
    assert {"question": "您多大年纪", "answer": "70"} in given["answers"]

    assert survey_personal_data.erase_rows(person.pk, SYSTEM, AT)
    kept = fresh(came.submission)
    content = kept.content.reveal()
    assert (kept.person_id, kept.household_id) == (None, None)
    assert person.name not in content
    assert "13800138000" not in content
    assert "<age>70</age>" in content


def test_names_are_forgotten_when_their_time_is_over(place: Place) -> None:
    row = opened(place)
    me = {"actor": place.resident(), "person": place.person().pk, "how": "page"}
    came = sent(place, row, {"age": "70"}, **me)

    assert survey_personal_data.purge_names(AT + 1000 * DAY) == 0
    assert survey_personal_data.purge_names(AT + 1100 * DAY) == 1
    assert survey_personal_data.purge_names(AT + 1100 * DAY) == 0
    assert fresh(came.submission).person_id is None


def test_results_count_of_how_many_and_compare_ages(place: Place) -> None:
    rows = [
        ["integer", "age", "年纪"],
        ["select_one yn", "alone", "独居吗"],
        ["text", "why", "为什么", "", "${alone} = 'y'"],
    ]
    row = opened(place, *rows, more=[["yn", "y", "是"], ["yn", "n", "不是"]])
    sent(place, row, {"age": "70", "alone": "y", "why": "儿女在外"})
    sent(place, row, {"age": "82", "alone": "n"})
    sent(place, row, {"age": "30"})
    aside = sent(place, row, {"age": "31", "alone": "y"})
    submissions.set_aside(actor=place.keeper, submission=aside.submission.pk, reason="测试", at=AT)

    found = survey_results.results(actor=place.keeper, survey=row, by="age")

    age, alone, why = found.questions
    assert (found.forms, found.counted) == (3, 3)
    assert (alone.asked, alone.answered) == (3, 2)
    assert [(one.label, one.count) for one in alone.options] == [("是", 1), ("不是", 1)]
    assert (why.asked, why.answered, why.texts) == (1, 1, ["儿女在外"])
    assert age.middle == 70
    assert [name for _key, name in found.columns] == ["18 to 34", "70 to 79", "80 and older"]
    assert survey_results.results(actor=staff("community_staff", place.elsewhere), survey=row).forms == 0


def test_tables_hold_a_row_for_each_form_and_repeats_of_their_own(place: Place) -> None:
    rows = [
        ["text", "street", "街道"],
        ["begin_repeat", "kid", "孩子"],
        ["text", "call", "名字"],
        ["integer", "years", "岁数"],
        ["end_repeat", "kid"],
    ]
    row = opened(place, *rows)
    version = version_of(row)
    xml = filled(version, {"street": "外马路", "kid[1]/call": "阿明", "kid[1]/years": "8"})
    two = xml.replace("</kid>", "</kid><kid><call>阿丽</call><years>5</years></kid>")
    sent(place, row, xml=two)

    main, kids = survey_tables.tables(actor=place.keeper, survey=row)

    assert main.headings[-1] == "街道"
    assert main.rows[0][-1] == "外马路"
    assert kids.rows == [[1, 1, "阿明", 8], [1, 2, "阿丽", 5]]


def test_phone_numbers_stand_in_no_result_and_are_covered_for_who_does_not_answer(place: Place) -> None:
    row = opened(place)
    sent(place, row, {"age": "70", "wish": "想要理发", "phone": "13800138000"})
    department = staff("district_staff")

    found = survey_results.results(actor=place.keeper, survey=row)
    own = survey_tables.tables(actor=place.keeper, survey=row)[0].rows[0]
    far = survey_tables.tables(actor=department, survey=row)[0].rows[0]

    assert "13800138000" not in str(found)
    assert "13800138000" in own
    assert "13800138000" not in far
    assert "***" in far


def test_answers_and_quotas_go_to_the_successor_when_communities_merge(place: Place) -> None:
    row = opened(place)
    surveys.set_quotas(actor=place.keeper, survey=row.pk, cells=[cell(place, 3, 60)], at=AT)
    came = sent(place, row, {"age": "70"})
    both = (place.community.pk, place.elsewhere.pk)
    event = DivisionsMerged(divisions=both, into=place.elsewhere.pk, on=TODAY)

    survey_consequences.follow_divisions_merged(event, actor=SYSTEM, at=AT)

    assert fresh(row).community_id == place.elsewhere.pk
    assert fresh(came.submission).community_id == place.elsewhere.pk
    with scope.everything():
        assert list(SurveyQuota.objects.values_list("community", "taken")) == [(place.elsewhere.pk, 1)]
    assert list(survey_checks.quotas_are_counted_answers()) == []
    assert list(survey_checks.answers_are_where_surveys_are()) == []
