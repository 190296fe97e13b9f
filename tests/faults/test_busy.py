"""Somebody else writes and does not let go: nobody loses what they typed, and sending it again counts once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from lianxin.domain.needs.commands.survey_devices import let_in
from lianxin.domain.needs.models import VisitDevice
from lianxin.domain.people.models import Account
from lianxin.domain.people.tests.account_factories import PASSWORD, Tree, make_staff
from lianxin.domain.places.commands.reference_data import load_reference_data
from lianxin.domain.places.models import Venue, VenueAmenity
from lianxin.domain.places.tests.factories import CATEGORIES, SYSTEM, make_venue
from lianxin.domain.shop.models import Till
from lianxin.faces.entrance.session import BACKEND, SEEN
from lianxin.faces.staff.shop import device as till_device
from lianxin.platform import scope, tasks
from lianxin.platform.clock import now
from lianxin.platform.commands import command
from lianxin.platform.models import AuditEntry, Job
from tests.support.held_writes import short_patience, writes_held

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
KEEPS = "您填的都还在"


class SentAgain(HTMLParser):
    """The form of a page as a browser would send it: its hidden fields, what is typed in it, which files it wants."""

    def __init__(self, page: str, action: str = "") -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.files: list[str] = []
        self.secrets: list[str] = []
        self.action, self._wanted, self._inside = "", action, False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Follow forms and take down inputs."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self._inside = self._wanted in given.get("action", "")
            self.action = given.get("action", "") if self._inside else self.action
        if tag != "input" or not self._inside or "name" not in given:
            return
        kind, name = given.get("type", "text"), given["name"]
        if kind == "file":
            self.files.append(name)
        elif kind == "password":
            self.secrets.append(name)
        elif kind not in ("checkbox", "radio") or "checked" in given:
            bare = "on" if kind in ("checkbox", "radio") else ""
            self.fields.setdefault(name, []).append(given.get("value", bare))

    def handle_endtag(self, tag: str) -> None:
        """Leave a form."""
        if tag == "form":
            self._inside = False


@dataclass
class Office:
    """A community's centre, whoever keeps it, and their browser."""

    tree: Tree
    account: Account
    venue: Venue
    client: Client

    def url(self, name: str) -> str:
        """Give the address of a page about the centre."""
        return reverse(f"staff:{name}", kwargs={"venue": self.venue.pk})


@pytest.fixture
def office(client: Client) -> Iterator[Office]:
    load_reference_data(actor=SYSTEM, categories=CATEGORIES, at=now())
    tree = Tree()
    account, _actor = make_staff("community_staff", division=tree.cuiying, login_name="chen")
    venue = make_venue(tree.cuiying)
    client.force_login(account, backend=BACKEND)
    client.raise_request_exception = False
    seen(client, now())
    with short_patience():
        yield Office(tree, account, venue, client)


def seen(client: Client, at: Any) -> None:
    """Let the session say when somebody was last there."""
    session = client.session
    session[SEEN] = at.isoformat()
    session.save()


def acts(name: str) -> int:
    """Count the entries of an act in the log."""
    return AuditEntry.objects.filter(action=name).count()


def test_form_comes_back_as_it_was_typed_and_counts_once_however_often_it_is_sent(office: Office) -> None:
    url = office.url("venue_amenities")
    shown = SentAgain(office.client.get(url).content.decode())
    typed = shown.fields | {"has_wifi": ["on"], "count_wifi": ["2"], "note_wifi": ["在二楼 “大厅”"]}

    with writes_held():
        busy = office.client.post(url, typed)
    kept = SentAgain(busy.content.decode())
    first = office.client.post(url, kept.fields)
    again = office.client.post(url, kept.fields)

    assert (busy.status_code, busy["Retry-After"]) == (503, "5")
    assert KEEPS in busy.content.decode()
    assert {name: kept.fields[name] for name in ("key", "has_wifi", "count_wifi", "note_wifi")} == {
        name: typed[name] for name in ("key", "has_wifi", "count_wifi", "note_wifi")
    }
    assert (first.status_code, again.status_code, acts("places.set_amenities")) == (302, 302, 1)
    with scope.everything():
        assert VenueAmenity.objects.get(venue=office.venue).note == "在二楼 “大厅”"


def test_page_of_any_other_form_sends_all_of_it_again_but_passwords_and_files(office: Office) -> None:
    login = reverse("login")
    visitor = Client()
    typed = {"login_name": "chen", "password": PASSWORD, "next": ["/a?b=1&c=2", "第二个"]}
    file = SimpleUploadedFile("名单.xlsx", b"x")

    with writes_held():
        busy = visitor.post(f"{login}?from=%22x", typed | {"list": file})
        part = visitor.post(login, typed, headers={"HX-Request": "true"})
    kept = SentAgain(busy.content.decode(), login)
    done = visitor.post(kept.action, kept.fields | {"password": PASSWORD})

    page = busy.content.decode()
    assert (busy.status_code, busy["Retry-After"]) == (503, "5")
    assert KEEPS in page
    assert PASSWORD not in page
    assert "名单.xlsx" in page
    assert (kept.secrets, kept.files, kept.fields["next"]) == (["password"], ["list"], typed["next"])
    assert kept.action == f"{login}?from=%22x"
    assert (done.status_code, done["Location"]) == (302, reverse("login_code"))
    assert (part.status_code, part["HX-Retarget"], part["Retry-After"]) == (503, "#messages", "5")
    assert "<html" not in part.content.decode()


def test_programs_phones_and_tills_are_told_to_come_again_in_their_own_language(office: Office) -> None:
    at = now()
    with scope.everything():
        device = VisitDevice.objects.create(
            community=office.tree.cuiying,
            worker=office.account.pk,
            token_digest=hashlib.sha256(b"abcdef").hexdigest(),
            taken_at=at,
            expires_at=at + timedelta(days=7),
        )
    odk = let_in(actor=SYSTEM, community=office.tree.cuiying.pk, name="小陈", at=at)
    api = f"/api/v1/venues/{office.venue.pk}/open"
    body = {"key": "018f0000-0000-7000-8000-000000000001", "note": ""}
    visits = json.dumps({"records": [{"record": "x"}]})

    def send_all() -> list[Any]:
        return [
            office.client.post(api, body, content_type="application/json"),
            Client().post(
                reverse("staff:visits_send"),
                visits,
                content_type="application/json",
                headers={"X-Visit-Device": "abcdef"},
            ),
            Client().get(reverse("openrosa:key_form_list", kwargs={"token": odk.secret})),
            Client().post(reverse("staff:till_sales"), "{}", content_type="application/json"),
        ]

    with writes_held(), patch.object(till_device, "find_till", side_effect=_write_a_till):
        program, phone, openrosa, till = told = send_all()

    assert [(one.status_code, one["Retry-After"]) for one in told] == [(503, "5")] * 4
    assert program["Content-Type"] == "application/problem+json"
    assert program.json()["type"] == "urn:lianxin:problem:busy"
    assert "都留着" in phone.json()["error"]
    assert phone.json() == till.json()
    assert '<message nature="submit_error">' in openrosa.content.decode()
    assert [one.status_code for one in send_all()[:3]] == [200, 200, 200]
    assert acts("places.open_venue") == 1
    with scope.everything():
        device.refresh_from_db()
    assert device.last_sent_at is not None


def _write_a_till(_secret: str) -> None:
    with scope.everything():
        Till.objects.update(name="x")
        # SQLite would find nothing to write.
        command("tests.write")(lambda *, actor, at: None)(actor=SYSTEM, at=now())


def test_page_is_shown_though_nobody_can_note_that_its_reader_was_there(office: Office) -> None:
    seen(office.client, now() - timedelta(minutes=3))

    with writes_held():
        page = office.client.get(office.url("venue"))
        # What a log-in changes in the session is not let go so lightly.
        left = office.client.post(reverse("logout"))

    assert page.status_code == 200
    assert (left.status_code, left["Retry-After"]) == (503, "5")
    assert office.client.get(office.url("venue")).status_code == 200


@tasks.task("tests.busy_work")
def busy_work(job: Any, *, to_the_end: bool) -> None:
    """Meet a held database while working, which lets go before the job ends, or does not."""
    held = writes_held()
    held.__enter__()
    busy_work.held = held  # type: ignore[attr-defined]
    try:
        enter(actor=SYSTEM, at=now())
    finally:
        if not to_the_end:
            held.__exit__(None, None, None)


@command("tests.enter")
def enter(*, actor: Any, at: Any, name: str = "") -> None:
    """Put a job in the queue when named, else leave an entry only."""
    if name:
        tasks.enqueue("tests.busy_work", args={"to_the_end": name == "to the end"})


def test_job_that_meets_bad_luck_waits_and_loses_no_attempt(office: Office) -> None:
    enter(actor=SYSTEM, at=now(), name="for a moment")

    tasks.run_one(worker="w", lane=tasks.QUICK, at=now())

    job = Job.objects.get(task="tests.busy_work")
    assert (job.state, job.attempts) == (Job.State.WAITING, 0)
    assert job.due_at > now()
    Job.objects.update(args={"to_the_end": True}, due_at=now())
    try:
        assert tasks.run_one(worker="w", lane=tasks.QUICK, at=now())
    finally:
        busy_work.held.__exit__(None, None, None)  # type: ignore[attr-defined]
    # Even that could not be written down: its lease runs out, and it is taken up again.
    taken = tasks.claim(worker="other", lane=tasks.QUICK, at=now() + timedelta(minutes=1))
    assert taken is not None
    assert (taken.pk, taken.worker) == (job.pk, "other")


@pytest.mark.postgresql_only
def test_connection_that_is_lost_in_the_middle_of_a_form_costs_nothing_that_was_typed(office: Office) -> None:
    import psycopg

    url = office.url("venue_amenities")
    fields = SentAgain(office.client.get(url).content.decode()).fields | {"has_wifi": ["on"], "note_wifi": ["二楼"]}
    parameters = {
        k: v for k, v in connection.get_connection_params().items() if k in ("dbname", "user", "host", "port")
    }
    lost: list[str] = []

    def lose(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "places_venueamenity" in sql and sql.startswith(("INSERT", "DELETE", "UPDATE")) and not lost:
            lost.append(sql)
            with psycopg.connect(**parameters) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(lose):
        busy = office.client.post(url, fields)
    kept = SentAgain(busy.content.decode())
    done = office.client.post(url, kept.fields)

    assert lost
    assert (busy.status_code, kept.fields["key"], kept.fields["note_wifi"]) == (503, fields["key"], ["二楼"])
    assert KEEPS in busy.content.decode()
    assert (done.status_code, acts("places.set_amenities")) == (302, 1)


def test_database_that_is_away_altogether_gives_back_what_was_typed_on_a_plain_page(office: Office) -> None:
    url = office.url("venue_amenities")
    key = "018f0000-0000-7000-8000-000000000002"
    away = OperationalError("connection refused")
    away.__cause__ = _gone()

    with (
        patch.object(connection, "ensure_connection", side_effect=away),
        patch.object(connection, "cursor", side_effect=away),
    ):
        busy = office.client.post(url, {"note_wifi": "二楼", "key": key})

    kept = SentAgain(busy.content.decode(), url)
    assert busy.status_code == 503
    assert (kept.fields["note_wifi"], kept.fields["key"]) == (["二楼"], [key])


def _gone() -> Exception:
    import psycopg

    return psycopg.OperationalError("connection refused")
