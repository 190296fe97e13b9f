"""A survey's pages as a phone without a script opens them: kept between pages, told when they cannot be taken."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianxin.domain.needs.commands import survey_devices, survey_posting
from lianxin.domain.needs.models import NeedReport, Submission, SubmissionFile, Survey, SurveyQuota, SurveyVersion
from lianxin.domain.needs.tests.test_survey_devices import PNG
from lianxin.domain.people.rules.login import SendLimit
from lianxin.platform import scope
from lianxin.platform.clock import now
from tests.support.district import SmallDistrict
from tests.support.survey_forms import make_survey

pytestmark = pytest.mark.django_db
SLUG = "hhhhhhh"
COVER, SEND, THANKS = (reverse(f"resident:{name}", args=[SLUG]) for name in ("survey", "survey_send", "survey_thanks"))


@pytest.fixture
def version(small_district: SmallDistrict) -> SurveyVersion:
    return make_survey(small_district.cuiying.pk, at=now(), slug=SLUG)


@pytest.fixture
def phone(visitor: Client, version: SurveyVersion) -> Client:
    visitor.cookies["lianxin-language"] = "en"
    return visitor


def page(number: int) -> str:
    return reverse("resident:survey_page", args=[SLUG, number])


def begin(client: Client, **more: Any) -> Any:
    return client.post(COVER, {"go": "begin", **more})


def answer(client: Client, number: int, go: str = "next", **answers: Any) -> Any:
    """Send a page with these answers; `kid_1__kid_name` is /data/kid[1]/kid_name."""
    named = {
        "/data/" + name.replace("__", "/").replace("_1/", "[1]/").replace("_2/", "[2]/"): value
        for name, value in answers.items()
    }
    return client.post(page(number), {"go": go, "asked": list(named), **named})


def fill(client: Client, *, wish: str = "想请人来剪头发", age: str = "45") -> None:
    """Fill all the pages up to the last look."""
    begin(client)
    answer(client, 1, age=age)
    answer(client, 2, kid_1__kid_name="")
    answer(client, 3, where__town="east", where__street="gold")
    answer(client, 4, wish=wish)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def kept() -> list[Submission]:
    with scope.everything():
        return list(Submission.objects.order_by("received_at", "pk"))


def test_a_visitor_fills_the_pages_and_gets_the_receipt(phone: Client, settings: Any) -> None:
    cover = text_of(phone.get(COVER))
    before = settings.SESSION_COOKIE_NAME in phone.cookies
    started = begin(phone)
    unanswered = answer(phone, 1, age="")
    answer(phone, 1, age="70", alone="n")
    fill(phone)
    last = phone.get(SEND)
    sent = phone.post(SEND)
    thanks = text_of(phone.get(sent.url))

    assert "想听听您的话" in cover
    assert (before, started.url) == (False, page(1))
    assert (unanswered.status_code, "Please answer this." in text_of(unanswered)) == (422, True)
    assert "Jinfeng Road" in text_of(last)
    assert sent.url == THANKS
    [row] = kept()
    with scope.everything():
        heard = NeedReport.objects.get(submission=row)
    assert (row.how, row.person, heard.words) == ("page", None, "想请人来剪头发")
    assert f"{heard.receipt[:4]} {heard.receipt[4:]}" in thanks
    assert "no-store" in last.headers["Cache-Control"]
    assert phone.get(SEND).url == THANKS
    assert SLUG in text_of(phone.get(COVER))
    assert "Go on where I was" not in text_of(phone.get(COVER))


def test_nothing_that_was_answered_is_readable_in_the_session(phone: Client) -> None:
    begin(phone)
    answer(phone, 4, wish="我得了糖尿病")

    stored = str(dict(phone.session.items()))
    assert "糖尿病" not in stored
    assert "糖尿病" in text_of(phone.get(page(4)))
    assert "Go on where I was" in text_of(phone.get(COVER))


def test_an_answer_that_brings_up_questions_stays_on_the_page_and_hides_none_of_them(phone: Client) -> None:
    begin(phone)

    more = answer(phone, 1, age="70")
    shown = text_of(phone.get(more.url))
    on = answer(phone, 1, age="70", alone="n")
    back = answer(phone, 2, go="back")

    assert more.url == page(1) + "?more=on"
    assert "there are more questions" in shown
    assert '<fieldset class="ask ask-question" data-path="/data/alone">' in shown
    assert '<fieldset class="ask ask-question" data-path="/data/helps" hidden disabled>' in shown
    assert (on.url, back.url) == (page(2), page(1))


def test_repetitions_are_added_and_taken_away_with_their_answers(phone: Client) -> None:
    begin(phone)
    answer(phone, 2, go="add:/data/kid", kid_1__kid_name="小红", kid_1__kid_age="7")
    answer(phone, 2, go="add:/data/kid", kid_2__kid_name="小明", kid_2__kid_age="9")
    answer(phone, 2, go="remove:/data/kid[1]")
    nonsense = [answer(phone, 2, go=go).status_code for go in ("add:/data/none", "remove:/data/kid[99]", "add:x", "zz")]

    shown = text_of(phone.get(page(2)))
    assert ("小红" in shown, "小明" in shown) == (False, True)
    assert shown.count('class="ask ask-repetition"') == 2
    assert nonsense == [302] * 4


def test_a_choice_that_is_not_on_offer_and_a_number_that_is_none_come_back_with_a_sentence(phone: Client) -> None:
    begin(phone)

    wrong_age = answer(phone, 1, age="seventy")
    outside = answer(phone, 1, age="300")
    wrong_street = answer(phone, 3, where__town="east", where__street="pearl")

    assert "seventy" in text_of(wrong_age)
    assert "whole number" in text_of(wrong_age)
    assert "年龄要在0到120之间" in text_of(outside)
    assert (wrong_street.status_code, "choose again" in text_of(wrong_street)) == (422, True)


def test_a_picture_goes_along_and_what_is_none_gets_a_sentence(phone: Client) -> None:
    fill(phone)

    none = answer(phone, 4, photo=SimpleUploadedFile("a.png", b"no picture\0", "image/png"))
    taken = answer(phone, 4, photo=SimpleUploadedFile("a.png", PNG, "image/png"))
    phone.post(SEND)

    assert (none.status_code, taken.status_code) == (422, 302)
    [row] = kept()
    with scope.everything():
        assert SubmissionFile.objects.get(submission=row).file_id is not None


def test_a_survey_that_is_closed_or_has_not_begun_says_so_and_an_unknown_one_is_missing(
    phone: Client, version: SurveyVersion
) -> None:
    fill(phone)
    moment = now()
    with scope.everything():
        rows = Survey.objects.filter(pk=version.survey_id)
        rows.update(opens_at=moment + timedelta(days=1))
    not_yet = text_of(phone.get(COVER))
    with scope.everything():
        rows.update(opens_at=None, state="closed")
    closed = text_of(phone.get(COVER))
    refused = phone.post(SEND)

    assert "has not begun yet" in not_yet
    assert "is over" in closed
    assert refused.status_code == 409
    assert "Your answers are still here" in text_of(refused)
    assert kept() == []
    assert phone.get(reverse("resident:survey", args=["mmmmmmm"])).status_code == 404


def test_a_full_quota_is_thanked_for_and_not_counted(phone: Client, version: SurveyVersion) -> None:
    with scope.everything():
        community = Survey.objects.get(pk=version.survey_id).community_id
        SurveyQuota.objects.create(
            survey_id=version.survey_id, community_id=community, wanted=1, taken=1, is_limit=True
        )
    fill(phone)

    thanks = text_of(phone.get(phone.post(SEND).url))

    assert "Enough people" in thanks
    assert [row.counts for row in kept()] == [False]


def test_once_per_person_asks_to_come_in_and_takes_one_answer(
    small_district: SmallDistrict, version: SurveyVersion, client: Client
) -> None:
    with scope.everything():
        Survey.objects.filter(pk=version.survey_id).update(one_per_person=True)
    client.cookies["lianxin-language"] = "en"
    outside = client.get(COVER)
    not_begun = begin(client)
    small_district.log_in_resident(client)
    fill(client)
    first = client.post(SEND)
    fill(client, wish="再来一次")
    second = client.post(SEND)

    assert reverse("login_phone") in text_of(outside)
    assert not_begun.status_code == 200
    assert (first.status_code, second.status_code) == (302, 409)
    [row] = kept()
    assert row.person_id is not None


def test_a_resident_may_send_without_their_name(resident: Client, version: SurveyVersion) -> None:
    fill(resident)
    resident.post(SEND, {"is_anonymous": "on"})
    fill(resident, wish="想要长椅")
    resident.post(SEND)

    assert [row.person_id is None for row in kept()] == [True, False]


def test_answers_survive_a_change_of_the_questions(phone: Client, version: SurveyVersion) -> None:
    begin(phone)
    answer(phone, 4, wish="想要长椅")
    with scope.everything():
        old = SurveyVersion.objects.get(pk=version.pk)
        SurveyVersion.objects.filter(pk=old.pk).update(retired_at=now())
        form = old.form | {"version": "2026112302"}
        SurveyVersion.objects.create(
            survey_id=old.survey_id, number=2, form_version="2026112302", workbook_id=old.workbook_id, form=form,
            xform=old.xform, xform_digest=old.xform_digest, published_at=now(), made_at=now(),
        )  # fmt: skip

    shown = text_of(phone.get(page(4)))

    assert "想要长椅" in shown
    assert "questions were changed" in shown


def test_where_somebody_lives_is_asked_when_several_communities_are_and_the_language_may_change(
    phone: Client, small_district: SmallDistrict, version: SurveyVersion
) -> None:
    with scope.everything():
        survey = Survey.objects.get(pk=version.survey_id)
        survey.communities.create(community_id=small_district.jinzhou_village.pk)
    cover = text_of(phone.get(COVER))
    nowhere = begin(phone)
    begun = begin(phone, community=str(small_district.jinzhou_village.pk), language="English (en)")
    english = text_of(phone.get(page(1)))
    answer(phone, 1, go="language:中文 (zh)", age="66")
    chinese = text_of(phone.get(page(1)))

    assert f'value="{small_district.cuiying.pk}" checked' in cover
    assert (nowhere.status_code, begun.status_code) == (422, 302)
    assert "How old are you" in english
    assert "您今年多大年纪" in chinese
    assert 'value="66"' in chinese


def test_the_questions_show_their_own_pictures_and_give_themselves_to_the_script(
    phone: Client, small_district: SmallDistrict
) -> None:
    text = (
        "| survey |\n| | type | name | label | image |\n| | text | q | 这是哪里 | place.png |\n"
        "| settings |\n| | form_id | form_title | version |\n| | shown | 看图 | 3 |\n"
    )
    made = make_survey(small_district.cuiying.pk, at=now(), text=text, slug="kkkkkkk")
    survey_devices.put_picture(
        actor=small_district.actor("cuiying1"), survey=made.survey_id, name="place.png", fileobj=BytesIO(PNG), at=now()
    )
    started = phone.post(reverse("resident:survey", args=["kkkkkkk"]), {"go": "begin"})
    path = reverse("resident:survey_picture", args=["kkkkkkk", "place.png"])

    shown = text_of(phone.get(started.url))
    form = phone.get(reverse("resident:survey_form", args=["kkkkkkk"])).json()

    assert f'src="{path}"' in shown
    assert phone.get(path).headers["Content-Type"] == "image/png"
    assert form["id"] == "shown"
    assert phone.get(reverse("resident:survey_picture", args=["kkkkkkk", "no.png"])).status_code == 404


def test_a_machine_that_sends_without_a_name_is_stopped_and_a_resident_is_not(
    phone: Client, small_district: SmallDistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey_posting, "ADDRESS_LIMITS", (SendLimit(1, timedelta(hours=1)),))
    fill(phone)
    first = phone.post(SEND)
    fill(phone)
    second = phone.post(SEND)
    small_district.log_in_resident(phone)
    fill(phone)
    named = phone.post(SEND)

    assert [first.status_code, second.status_code, named.status_code] == [302, 429, 302]
    assert "Yours are still here" in text_of(second)
    assert len(kept()) == 2
