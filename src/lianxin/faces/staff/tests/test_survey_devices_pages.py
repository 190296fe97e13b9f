"""The office's pages of phones with ODK Collect: let in, shown once, ended; and the pictures of questions."""

from __future__ import annotations

import base64
import json
import re
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianxin.domain.needs.models import SurveyDevice
from lianxin.domain.needs.rules import survey_devices as rules
from lianxin.domain.needs.tests.test_survey_devices import PNG
from lianxin.platform import scope
from lianxin.platform.clock import now
from lianxin.platform.ids import new_id
from tests.support.district import SmallDistrict
from tests.support.survey_forms import make_survey

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("staff:survey_devices"), reverse("staff:survey_device_new")


@pytest.fixture
def office(small_district: SmallDistrict, client: Client) -> Client:
    small_district.log_in(client, "cuiying1")
    client.cookies["lianxin-language"] = "en"
    return client


def test_a_phone_is_let_in_shown_once_used_and_ended(office: Client, small_district: SmallDistrict) -> None:
    sent = {"community": small_district.cuiying.pk, "name": "小林的手机", "days": "30", "key": new_id()}
    empty = office.get(LIST).content.decode()
    first = office.post(NEW, sent)
    again = office.post(NEW, sent)
    shown = office.get(first.url).content.decode()
    gone = office.get(first.url)
    secret = re.search(r"<code>([a-z2-7 ]+)</code>", shown)[1].replace(" ", "")  # type: ignore[index]
    listed = office.get(LIST).content.decode()
    fetched = Client().get(f"/openrosa/key/{secret}/formList")
    with scope.everything():
        row = SurveyDevice.objects.get()
    office.post(reverse("staff:survey_device_end", args=[row.pk]))
    ended = Client().get(f"/openrosa/key/{secret}/formList")

    assert "No phone is in." in empty
    assert first.url == again.url
    assert gone.url == LIST
    assert secret not in listed
    assert row.login in listed
    assert rules.token_digest(secret) == row.token_digest
    assert (fetched.status_code, ended.status_code) == (200, 403)


def test_the_code_holds_the_settings_of_collect(office: Client, small_district: SmallDistrict) -> None:
    sent = {"community": small_district.cuiying.pk, "name": "小林", "days": "30", "key": new_id()}
    shown = office.get(office.post(NEW, sent).url)

    settings = json.loads(zlib.decompress(base64.b64decode(shown.context["code"])))["general"]
    assert settings["server_url"].endswith("/openrosa")
    assert settings["username"] == shown.context["device"].login
    assert settings["password"] == shown.context["secret"].replace(" ", "")


def test_wrong_entries_come_back_and_others_find_nothing(office: Client, small_district: SmallDistrict) -> None:
    nameless = office.post(NEW, {"community": small_district.cuiying.pk, "name": " ", "days": "30"})
    elsewhere = office.post(NEW, {"community": small_district.jinzhou_town.pk, "name": "小林", "days": "30"})
    stranger = Client()
    small_district.log_in(stranger, "host")

    assert [nameless.status_code, elsewhere.status_code] == [422, 422]
    assert [stranger.get(path).status_code for path in (LIST, NEW)] == [404, 404]


def test_pictures_of_the_questions_are_sent_in_under_their_names(office: Client, small_district: SmallDistrict) -> None:
    text = (
        "| survey |\n| | type | name | label | image |\n| | text | q | 这是哪里 | place.png |\n"
        "| settings |\n| | form_id | form_title | version |\n| | shown | 看图 | 3 |\n"
    )
    made = make_survey(small_district.cuiying.pk, at=now(), text=text, slug="kkkkkkk")
    path = reverse("staff:survey_pictures", args=[made.survey_id])

    missing = office.get(path).content.decode()
    wrong = office.post(path, {"picture_0": SimpleUploadedFile("a.png", b"none\0")})
    office.post(path, {"picture_0": SimpleUploadedFile("a.png", PNG)})
    there = office.get(path).content.decode()

    assert "It is still missing." in missing
    assert wrong.status_code == 422
    assert "Choose a file to replace it." in there
