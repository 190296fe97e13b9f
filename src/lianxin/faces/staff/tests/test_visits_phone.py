"""The phone's page and what it asks for beside records: the same page for everybody, pictures, taking along anew."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianxin.domain.needs.commands import visits
from lianxin.domain.needs.models import Visit, VisitDevice
from lianxin.domain.people.models import Account, Person
from lianxin.faces.staff.visits.phone_page import DRAWN_WITH, SCRIPTS
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.ids import new_id
from lianxin.platform.models import AuditEntry
from tests.support.district import SmallDistrict
from tests.support.wrapping import wrap

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(small_district: SmallDistrict) -> Visit:
    """A visit planned for a clerk of 翠英."""
    at = now()
    with scope.everything():
        head = Person.objects.filter(community=small_district.cuiying, relation="head", state="living").first()
    assert head is not None
    [made] = visits.plan(
        actor=Actor.system(via="cli"),
        community=small_district.cuiying.pk,
        households=[head.household_id],
        reason="round",
        due_on=local_day(at),
        worker=small_district.account("cuiying1").pk,
        at=at,
    )
    with scope.everything():
        return Visit.objects.get(pk=made)


@pytest.fixture
def clerk(small_district: SmallDistrict, client: Client) -> Client:
    """Who goes there, with the visits' page open."""
    small_district.log_in(client, "cuiying1")
    return client


def take(client: Client, **asked: Any) -> Any:
    """Take households along."""
    return client.post(reverse("staff:visits_take"), json.dumps(asked), content_type="application/json")


def send_photo(client: Client, visit: Visit, **headers: Any) -> Any:
    """Send a photograph of a visit."""
    photo = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xd9", "image/jpeg")
    sent = {"visit": str(visit.pk), "record": str(new_id()), "name": "a.jpg", "photo": photo}
    return client.post(reverse("staff:visits_photo"), sent, headers=headers)


def test_page_is_the_same_for_everybody_and_its_worker_keeps_all_it_is_drawn_with(client: Client) -> None:
    page = client.get(reverse("staff:visits_phone"))
    worker = client.get(reverse("staff:visits_phone_worker"))
    manifest = client.get(reverse("staff:visits_phone_manifest")).json()

    assert page.status_code == 200
    text = page.content.decode()
    kept = worker.content.decode()
    assert worker["Content-Type"].startswith("text/javascript")
    assert all(name.rpartition("/")[2].rpartition(".")[0] in kept for name in (*SCRIPTS, *DRAWN_WITH))
    # What the page names and the worker does not keep would be missing without a network.
    named = [part.partition('"')[0] for part in text.split('="/static/')[1:]]
    assert named
    assert not [name for name in named if f"/static/{name.partition('#')[0]}" not in kept]
    assert manifest["scope"] == manifest["start_url"] == reverse("staff:visits_phone")


def test_phone_that_takes_anew_counts_once(clerk: Client, visit: Visit) -> None:
    first = take(clerk, name="小陈的手机").json()

    second = take(clerk, name="小陈的手机", instead_of=first["device"]).json()

    with scope.everything():
        ended = dict(VisitDevice.objects.values_list("pk", "ended_at"))
    assert [str(pk) for pk, at in ended.items() if at is None] == [second["device"]]
    assert take(clerk, name="x", instead_of="gone").status_code == 422
    assert take(clerk, name=5).status_code == 422


def test_photograph_of_a_visit_waits_for_its_record_and_for_a_phone_that_is_known(
    clerk: Client, visit: Visit, client: Client
) -> None:
    token = take(clerk, name="").json()["token"]
    stranger = Client()

    early = send_photo(stranger, visit, **{"X-Visit-Device": token})
    unknown = send_photo(stranger, visit, **{"X-Visit-Device": "x" * 40})
    nobody = send_photo(stranger, visit)
    broken = stranger.post(reverse("staff:visits_photo"), {"visit": "?"}, headers={"X-Visit-Device": token})

    assert (early.status_code, unknown.status_code, broken.status_code) == (409, 410, 422)
    assert all(answer.json()["error"] for answer in (early, unknown, broken))
    assert nobody.status_code in (302, 401)


def test_pictures_of_questionnaires_are_for_those_who_visit(clerk: Client) -> None:
    address = reverse("staff:visits_phone_picture")

    assert clerk.get(address).status_code == 404
    assert clerk.get(address, {"version": str(new_id()), "name": "a.jpg"}).status_code == 404
    assert Client().get(address).status_code in (302, 401)


def left_key(taken: dict[str, Any], raw: bytes) -> dict[str, Any]:
    """Give what a phone that took households along keeps of its key for the office."""
    public = base64.b64decode(taken["recovery"]["public"])
    one = wrap(raw, key_id=taken["recovery"]["key"], public=public, about=f"visits/{taken['device']}")
    told = {"ephemeral": one.ephemeral, "iv": one.nonce, "data": one.data}
    return {"device": taken["device"], "key": one.key_id} | {
        name: base64.b64encode(value).decode() for name, value in told.items()
    }


def test_key_of_a_phone_is_given_to_whoever_took_it_along_with_their_password(
    small_district: SmallDistrict, clerk: Client, visit: Visit
) -> None:
    def recover(client: Client, **changes: Any) -> Any:
        asked = left | {"password": "lychee tree"} | changes
        return client.post(reverse("staff:visits_recover"), json.dumps(asked), content_type="application/json")

    for name in ("cuiying1", "jinzhou1"):
        Account.objects.filter(login_name=name).update(password=make_password("lychee tree"))
    colleague = Client()
    # A new password ended the log-in.
    small_district.log_in(clerk, "cuiying1")
    small_district.log_in(colleague, "jinzhou1")
    raw = bytes(range(32))
    taken = take(clerk, name="").json()
    left = left_key(taken, raw)

    given = recover(clerk)
    told = [
        recover(clerk, password="lychee").status_code,
        recover(clerk, device=str(new_id())).status_code,
        recover(clerk, iv="AAAA").status_code,
        recover(clerk, key="1").status_code,
        recover(colleague).status_code,
        recover(Client()).status_code,
    ]

    assert base64.b64decode(given.json()["key"]) == raw
    assert told == [422, 404, 409, 422, 404, 401]
    assert AuditEntry.objects.filter(action="needs.recover_visit_device").count() == 1
    with scope.everything():
        VisitDevice.objects.update(expires_at=now() - timedelta(days=91), taken_at=now() - timedelta(days=98))
    assert recover(clerk).status_code == 410
