"""The OpenRosa server, spoken to as its standard says; over a real line in tests/browser/test_openrosa.py."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4
from xml.etree.ElementTree import fromstring

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianxin.domain.needs.commands import survey_devices
from lianxin.domain.needs.models import NeedReport, Submission, SubmissionFile, Survey, SurveyDevice, SurveyVersion
from lianxin.domain.needs.tests.test_survey_devices import PNG
from lianxin.engines.xforms import read_xform
from lianxin.faces.api import openrosa_access as access
from lianxin.platform import scope
from lianxin.platform.clock import now
from tests.support.district import SmallDistrict
from tests.support.survey_forms import FORM_ID, VERSION, filled_xml, make_survey

pytestmark = pytest.mark.django_db
LIST, SUBMISSION = "/openrosa/formList", "/openrosa/submission"
FORMS = "{http://openrosa.org/xforms/xformsList}"
MESSAGE = "{http://openrosa.org/http/response}message"


@dataclass
class Phone:
    """A phone with ODK Collect: its user name and password, and how it answers a challenge."""

    device: SurveyDevice
    secret: str
    client: Client

    def answer(self, method: str, path: str, challenge: str, *, secret: str = "") -> str:
        """Give the Authorization header of RFC 2617, worked out here on its own."""
        said = access.digest_parts(challenge.partition(" ")[2])
        login, nc, cnonce = self.device.login, "00000001", "0a4f113b"
        one = md5(f"{login}:{said['realm']}:{secret or self.secret}")
        response = md5(f"{one}:{said['nonce']}:{nc}:{cnonce}:auth:{md5(f'{method}:{path}')}")
        return (
            f'Digest username="{login}", realm="{said["realm"]}", nonce="{said["nonce"]}", uri="{path}", qop=auth, '
            f'nc={nc}, cnonce="{cnonce}", response="{response}", algorithm="MD5"'
        )

    def ask(self, method: str, path: str, data: Any = None, **more: Any) -> Any:
        """Ask as Collect does: once without, and again with the answer to the challenge."""
        refused = getattr(self.client, method)(path)
        assert refused.status_code == 401
        header = self.answer(method.upper(), path, refused.headers["WWW-Authenticate"], **more)
        return getattr(self.client, method)(path, data, headers={"Authorization": header, "X-OpenRosa-Version": "1.0"})

    def send(self, xml: str | bytes, **pictures: bytes) -> Any:
        """Send a form with pictures by the password in the address."""
        data = xml.encode() if isinstance(xml, str) else xml
        parts: dict[str, Any] = {"xml_submission_file": SimpleUploadedFile("form.xml", data, "text/xml")}
        for name, picture in pictures.items():
            parts[name] = SimpleUploadedFile(name.replace("_", "."), picture, "image/png")
        return self.client.post(f"/openrosa/key/{self.secret}/submission", parts)


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def said(response: Any) -> str:
    return fromstring(response.content).find(MESSAGE).text  # type: ignore[union-attr, return-value]


@pytest.fixture
def version(small_district: SmallDistrict) -> SurveyVersion:
    return make_survey(small_district.cuiying.pk, at=now())


@pytest.fixture
def phone(small_district: SmallDistrict, version: SurveyVersion) -> Phone:
    made = survey_devices.let_in(
        actor=small_district.actor("cuiying1"), community=small_district.cuiying.pk, name="小林的手机", at=now()
    )
    client = Client()
    client.cookies["lianxin-language"] = "en"
    return Phone(made, made.secret, client)


def kept() -> list[Submission]:
    with scope.everything():
        return list(Submission.objects.order_by("received_at", "pk"))


def test_digest_is_that_of_the_standard_s_example() -> None:
    parts = access.digest_parts(
        'username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
        'uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b", opaque="5ccc069c403ebaf9f0171e9517f40e41", '
        'response="6629fae49393a05397450978507c4ef1"'
    )

    assert access.response_of("939e7578ed9e3c518a452acee763bce9", "GET", parts) == parts["response"]


def test_list_form_and_sending_follow_the_protocol(phone: Phone, version: SurveyVersion) -> None:
    refused = phone.client.get(LIST)
    listed = phone.ask("get", LIST)
    [form] = fromstring(listed.content).findall(f"{FORMS}xform")
    told = {one.tag.removeprefix(FORMS): one.text for one in form}
    fetched = phone.ask("get", told["downloadUrl"].removeprefix("http://testserver"))  # type: ignore[union-attr]
    ready = phone.ask("head", SUBMISSION)
    sent = phone.send(filled_xml(at=now()))

    assert 'Digest realm="Lianxin surveys"' in refused.headers["WWW-Authenticate"]
    assert "Basic" not in refused.headers["WWW-Authenticate"]
    assert (told["formID"], told["version"], told["hash"]) == (FORM_ID, VERSION, f"md5:{md5(version.xform)}")
    assert "manifestUrl" not in told
    assert fetched.content.decode() == version.xform
    assert read_xform(fetched.content.decode())[0].to_json() == version.form
    assert (ready.status_code, ready.content) == (204, b"")
    assert sent.status_code == 201
    for response in (refused, listed, fetched, ready, sent):
        assert response.headers["X-OpenRosa-Version"] == "1.0"
        assert int(response.headers["X-OpenRosa-Accept-Content-Length"]) > 10_000_000
    [row] = kept()
    with scope.everything():
        heard = NeedReport.objects.get(submission=row)
    assert (row.how, row.device, row.community_id) == ("device", "小林的手机", phone.device.community_id)
    assert heard.words == "想请人来剪头发"


def test_basic_opens_over_https_only_and_the_address_needs_no_name(phone: Phone) -> None:
    word = base64.b64encode(f"{phone.device.login}:{phone.secret}".encode()).decode()
    header = {"Authorization": f"Basic {word}"}

    plain = phone.client.get(LIST, headers=header)
    safe = phone.client.get(LIST, headers=header, secure=True)
    asked = phone.client.get(LIST, secure=True)
    by_address = phone.client.get(f"/openrosa/key/{phone.secret}/formList", {"formID": FORM_ID, "verbose": "true"})
    other = phone.client.get(f"/openrosa/key/{phone.secret}/formList", {"formID": "nothing"})

    assert (plain.status_code, safe.status_code, by_address.status_code) == (401, 200, 200)
    assert 'Basic realm="Lianxin surveys"' in asked.headers["WWW-Authenticate"]
    assert f"/openrosa/key/{phone.secret}/forms/" in by_address.content.decode()
    assert "<descriptionText>" in by_address.content.decode()
    assert b"<xform>" not in other.content


def test_wrong_stale_borrowed_and_locked_answers_open_nothing(phone: Phone) -> None:
    old = access.new_nonce(now() - timedelta(hours=1))
    stale = phone.client.get(
        LIST,
        headers={"Authorization": phone.answer("GET", LIST, f'Digest realm="{access.rules.REALM}", nonce="{old}"')},
    )
    challenge = phone.client.get(LIST).headers["WWW-Authenticate"]
    borrowed = phone.client.head(SUBMISSION, headers={"Authorization": phone.answer("HEAD", LIST, challenge)})
    wrong_way = phone.client.post(LIST)
    tries = [phone.ask("get", LIST, secret="wrong").status_code for _turn in range(10)]
    right = phone.ask("get", LIST)

    assert (wrong_way.status_code, wrong_way.headers["X-OpenRosa-Version"]) == (405, "1.0")
    assert (stale.status_code, "stale=true" in stale.headers["WWW-Authenticate"]) == (401, True)
    assert borrowed.status_code == 401
    assert tries == [401] * 10
    assert right.status_code == 429
    assert "wrong password" in said(right)


def test_a_phone_that_was_ended_is_told_so_and_sees_no_other_community(
    phone: Phone, small_district: SmallDistrict
) -> None:
    make_survey(small_district.jinzhou_village.pk, at=now(), slug="jjjjjjj", form_id="elsewhere")
    elsewhere = phone.client.get(f"/openrosa/key/{phone.secret}/formList").content.decode()
    survey_devices.end(actor=small_district.actor("cuiying1"), device=phone.device.pk, at=now())
    ended = phone.client.get(f"/openrosa/key/{phone.secret}/formList")

    assert elsewhere.count("<xform>") == 1
    assert ended.status_code == 403
    assert "let it in anew" in said(ended)


def test_the_same_form_sent_twice_counts_once_and_another_content_is_a_conflict(phone: Phone) -> None:
    xml = filled_xml(at=now())
    first, second = phone.send(xml), phone.send(xml)
    changed = phone.send(xml.replace("<age>45</age>", "<age>46</age>"))

    assert [first.status_code, second.status_code] == [201, 201]
    assert "nothing is counted twice" in said(second)
    assert changed.status_code == 409
    assert len(said(changed)) > 10
    assert len(kept()) == 1


def test_pictures_may_come_in_further_sendings_and_a_bad_one_keeps_the_form(phone: Phone) -> None:
    xml = filled_xml(at=now(), photo="door.png")

    alone = phone.send(xml)
    with_picture = phone.send(xml, door_png=PNG)
    broken = phone.send(xml, other_png=b"no picture at all\0")

    assert [alone.status_code, with_picture.status_code] == [201, 201]
    assert broken.status_code == 422
    assert "The answers are here" in said(broken)
    [row] = kept()
    with scope.everything():
        there = SubmissionFile.objects.get(submission=row, name="door.png")
    assert there.file_id is not None


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f'<data id="{FORM_ID}" version="{VERSION}"><wish>&b;</wish></data>'
)
DEEP = f'<data id="{FORM_ID}" version="{VERSION}">' + "<a>" * 5000 + "</a>" * 5000 + "</data>"


def test_what_cannot_be_taken_gets_a_sentence_and_nothing_is_kept(phone: Phone, settings: Any) -> None:
    good = filled_xml(at=now())
    settings.UPLOAD_LIMIT_BYTES = 100_000
    answers = {
        "broken": phone.send(good[:-20]),
        "bomb": phone.send(BOMB),
        "deep": phone.send(DEEP),
        "empty": phone.send(b" "),
        "unknown form": phone.send(good.replace(FORM_ID, "nothing")),
        "unknown version": phone.send(good.replace(VERSION, "1999")),
        "wrong answer": phone.send(good.replace("<age>45</age>", "<age>450</age>")),
        "too large": phone.send(good, big_png=b"x" * 200_000),
        "no multipart": phone.client.post(f"/openrosa/key/{phone.secret}/submission", good, content_type="text/xml"),
    }

    statuses = {name: response.status_code for name, response in answers.items()}
    assert statuses == {
        "broken": 400, "bomb": 400, "deep": 400, "empty": 400, "unknown form": 404, "unknown version": 404,
        "wrong answer": 422, "too large": 413, "no multipart": 400,
    }  # fmt: skip
    assert all(len(said(response)) > 10 for response in answers.values())
    assert kept() == []


def test_a_closed_survey_takes_only_what_was_filled_while_it_was_open(phone: Phone, version: SurveyVersion) -> None:
    moment = now()
    in_time, late = filled_xml(at=moment - timedelta(minutes=20)), filled_xml(at=moment)
    with scope.everything():
        Survey.objects.filter(pk=version.survey_id).update(
            opens_at=moment - timedelta(days=9), closes_at=moment - timedelta(minutes=10)
        )

    taken, refused = phone.send(in_time), phone.send(late)
    listed = phone.client.get(f"/openrosa/key/{phone.secret}/formList")

    assert (taken.status_code, refused.status_code) == (201, 409)
    assert len(said(refused)) > 10
    assert b"<xform>" not in listed.content


def test_pictures_of_the_questions_stand_in_the_manifest(phone: Phone, small_district: SmallDistrict) -> None:
    text = (
        "| survey |\n| | type | name | label | image |\n| | text | q | 这是哪里 | place.png |\n"
        "| settings |\n| | form_id | form_title | version |\n| | shown | 看图 | 3 |\n"
    )
    made = make_survey(small_district.cuiying.pk, at=now(), text=text, slug="kkkkkkk")
    survey_devices.put_picture(
        actor=small_district.actor("cuiying1"), survey=made.survey_id, name="place.png", fileobj=BytesIO(PNG), at=now()
    )
    key = f"/openrosa/key/{phone.secret}/"

    listed = phone.client.get(key + "formList", {"formID": "shown"}).content.decode()
    manifest = phone.client.get(f"{key}forms/{made.pk}/manifest").content.decode()
    picture = phone.client.get(f"{key}forms/{made.pk}/place.png")
    none = phone.client.get(f"{key}forms/{made.pk}/other.png")
    nowhere = phone.client.get(f"{key}forms/{uuid4()}.xml")

    assert f"{key}forms/{made.pk}/manifest" in listed
    assert "<filename>place.png</filename>" in manifest
    data = b"".join(picture.streaming_content)  # type: ignore[attr-defined]
    assert f"<hash>md5:{hashlib.md5(data, usedforsecurity=False).hexdigest()}</hash>" in manifest
    assert (none.status_code, nowhere.status_code) == (404, 404)


def test_nonces_are_ours_and_carry_their_moment() -> None:
    at = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    nonce = access.new_nonce(at)

    assert access.nonce_age(nonce, at + timedelta(minutes=3)) == 180
    assert access.nonce_age(nonce[:-1] + ("0" if nonce[-1] != "0" else "1"), at) is None
    assert access.nonce_age("1.2.3", at) is None
