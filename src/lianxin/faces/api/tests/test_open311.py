"""The Open311 server against a validator written from the specification, in both formats."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client

from lianxin.domain.people.tests.account_factories import Tree
from lianxin.domain.places.models import Division, Venue
from lianxin.domain.places.tests import factories as places
from lianxin.domain.voice.commands import programs
from lianxin.domain.voice.models import Case, CaseReport, CaseStep, Program
from lianxin.domain.voice.rules import open311 as rules
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from tests.support import georeport_rules as spec

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
BOTH = ("xml", "json")


@pytest.fixture
def cuiying() -> Division:
    return Tree().cuiying


@pytest.fixture
def centre(cuiying: Division) -> Venue:
    return places.make_venue(cuiying, lng=116.71, lat=23.37)


@pytest.fixture
def program() -> Program:
    return programs.let_in(actor=Actor.system(), name="市政通", contact="区城管局 0754-88880000", at=now())


def make_case(community: Division, *, at: datetime | None = None, **values: Any) -> Case:
    """A case that is public unless told otherwise."""
    opened = at or now() - timedelta(days=2)
    given = {
        "title": "2栋电梯",
        "subject": "lift",
        "public_title": "翠英花园的电梯停了",
        "is_public": True,
        "opened_at": opened,
        "changed_at": opened + timedelta(hours=1),
        "due_at": opened + timedelta(days=7),
        "lng": 116.7123456,
        "lat": 23.3712345,
        "place_words": "2栋502室",
    } | values
    with scope.everything():
        number = Case.objects.count() + 1
        return Case.objects.create(community=community, number=number, **given)


def ask(client: Client, path: str, form: str, **query: Any) -> spec.Answer:
    """Ask the server and read what it answered."""
    answer = client.get(f"/open311/{path}.{form}", query)
    return spec.Answer(answer.status_code, answer.headers["Content-Type"], answer.content, form)


def post(client: Client, form: str, sent: dict[str, Any], **more: Any) -> spec.Answer:
    """Send a request in."""
    answer = client.post(f"/open311/v2/requests.{form}", urlencode(sent, doseq=True), content_type=FORM, **more)
    return spec.Answer(answer.status_code, answer.headers["Content-Type"], answer.content, form)


def ids(found: spec.Answer) -> list[str]:
    """Give the ids of the requests that came back."""
    return [row["service_request_id"] for row in found.content]


def test_every_resource_keeps_the_specification_in_both_formats(client: Client, cuiying: Division) -> None:
    case = make_case(cuiying)
    make_case(cuiying, state="confirmed", ended_at=now(), subject="noise")
    with scope.everything():
        CaseStep.objects.create(
            community=cuiying, case=case, act="progress", words="维修公司已到场 <查看>", is_public=True, done_at=now()
        )
    checks: dict[str, Any] = {
        "discovery": spec.check_discovery,
        "v2/discovery": spec.check_discovery,
        "v2/services": spec.check_services,
        "v2/services/lift": lambda found: spec.check_definition(found, code="lift"),
        "v2/requests": spec.check_requests,
        f"v2/requests/{case.pk}": spec.check_requests,
        "v2/servicerequestupdates": spec.check_updates,
    }

    broken = {}
    for path, check in checks.items():
        xml, json_ = (ask(client, path, form) for form in BOTH)
        found = [*check(xml), *check(json_), *spec.same(xml, json_)]
        if found:
            broken[path] = found

    assert broken == {}
    assert len(ask(client, "v2/requests", "json").content) == 2
    assert ask(client, "v2/servicerequestupdates", "json").content[0]["description"] == "维修公司已到场 <查看>"


def test_the_validator_finds_what_others_do_wrong() -> None:
    wrapped = spec.Answer(200, "application/json", b'{"services": []}', "json")
    bare_time = dict.fromkeys(spec.REQUEST, "x") | {"requested_datetime": "2026-11-23T08:00:00", "status": "done"}
    import json

    timeless = spec.Answer(
        200, "application/json; charset=utf-8", json.dumps([bare_time | {"lat": 1, "long": 2}]).encode(), "json"
    )
    other = spec.Answer(200, "application/xml", b"<services xmlns='urn:x'/>", "xml")

    assert len(spec.check_services(wrapped)) == 2
    assert len(spec.check_requests(timeless)) == 3
    assert len(spec.check_services(other)) >= 4


@pytest.mark.parametrize(
    "hidden",
    [
        {"is_public": False},
        {"is_public": False, "is_mediated": True},
        {"is_public": False, "confidentiality": "confidential"},
        {"is_public": False, "confidentiality": "anonymous"},
        {"is_public": False, "hidden_reason": "点名道姓"},
        {"subject": "dispute"},
        {"subject": "welfare"},
    ],
)
def test_what_is_not_public_leaves_by_no_way(client: Client, cuiying: Division, hidden: dict[str, Any]) -> None:
    case = make_case(cuiying, **hidden)
    with scope.everything():
        CaseStep.objects.create(
            community=cuiying, case=case, act="progress", words="内部", is_public=True, done_at=now()
        )

    assert ids(ask(client, "v2/requests", "json")) == []
    assert ids(ask(client, "v2/requests", "json", service_request_id=str(case.pk))) == []
    assert ask(client, "v2/servicerequestupdates", "json").content == []
    assert ask(client, "v2/servicerequestupdates", "json", service_request_id=str(case.pk)).content == []
    for form in BOTH:
        assert spec.check_errors(ask(client, f"v2/requests/{case.pk}", form), status=404) == []


def test_a_request_tells_its_venue_but_no_door(client: Client, cuiying: Division, centre: Venue) -> None:
    at_home = make_case(cuiying)
    at_centre = make_case(cuiying, venue=centre)

    rows = {row["service_request_id"]: row for row in ask(client, "v2/requests", "json").content}

    assert (rows[str(at_home.pk)]["lat"], rows[str(at_home.pk)]["long"]) == (23.371, 116.712)
    assert rows[str(at_home.pk)]["address"] == "翠英社区"
    assert (rows[str(at_centre.pk)]["lat"], rows[str(at_centre.pk)]["address_id"]) == (23.37, str(centre.pk))
    assert "502" not in str(rows[str(at_home.pk)]["address"])
    assert rows[str(at_home.pk)]["description"] == "翠英花园的电梯停了"


def test_filters_and_the_window_are_those_of_the_specification(client: Client, cuiying: Division) -> None:
    new = make_case(cuiying)
    closed = make_case(cuiying, state="declined", ended_at=now() - timedelta(hours=3), subject="noise")
    done = make_case(cuiying, state="done", done_at=now(), confirm_by=now().date(), subject="traffic")
    old = make_case(cuiying, at=now() - timedelta(days=91))
    since = (now() - timedelta(days=93)).strftime("%Y-%m-%dT%H:%M:%SZ")
    until = (now() - timedelta(days=90)).strftime("%Y-%m-%dT%H:%M:%S+00:00")

    def got(**query: Any) -> set[str]:
        found = ask(client, "v2/requests", "json", **query)
        assert spec.check_requests(found) == []
        return set(ids(found))

    three = {str(new.pk), str(closed.pk), str(done.pk)}
    assert got() == three
    assert got(status="", service_code="", start_date="", end_date="", jurisdiction_id="") == three
    assert got(status="open") == {str(new.pk), str(done.pk)}
    assert got(status="closed,open") == three
    assert got(service_code="noise,traffic") == {str(closed.pk), str(done.pk)}
    assert got(service_code=["noise", "lift"]) == {str(new.pk), str(closed.pk)}
    assert got(service_code="nobody-knows") == set()
    assert got(start_date=since, end_date=until) == {str(old.pk)}
    assert got(start_date=since) == {str(old.pk)}
    assert got(end_date=until) == {str(old.pk)}
    assert got(service_request_id=f"{old.pk},{new.pk}", status="closed") == {str(old.pk), str(new.pk)}
    assert got(page="2", page_size="2") | got(page="1", page_size="2") == three
    row = ask(client, f"v2/requests/{closed.pk}", "json").content[0]
    assert row["updated_datetime"] == closed.ended_at.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("form", BOTH)
@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("v2/services", {"jurisdiction_id": "elsewhere.example"}, 404),
        ("v2/services/nothing", {}, 404),
        ("v2/services/dispute", {}, 404),
        ("v2/requests/not-an-id", {}, 404),
        ("v2/tokens/61234567-ABC", {}, 404),
        ("v2/requests", {"start_date": "2026-11-01T00:00:00"}, 400),
        ("v2/requests", {"start_date": "gestern"}, 400),
        ("v2/requests", {"end_date": "9999-12-31T23:59:59Z"}, 400),
        ("v2/requests", {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, 400),
        ("v2/requests", {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, 400),
        ("v2/requests", {"status": "solved"}, 400),
        ("v2/requests", {"page": "0"}, 400),
        ("v2/nothing", {}, 404),
    ],
)
def test_errors_are_lists_with_the_right_status(
    client: Client, cuiying: Division, form: str, path: str, query: dict[str, str], status: int
) -> None:
    assert spec.check_errors(ask(client, path, form, **query), status=status) == []


def test_other_formats_and_methods_are_refused_with_a_sentence(client: Client, cuiying: Division) -> None:
    yaml = client.get("/open311/v2/services.yaml")
    put = client.put("/open311/v2/services.json")

    assert (yaml.status_code, put.status_code) == (400, 400)
    assert "text/xml" in yaml.headers["Content-Type"]


@pytest.mark.parametrize("form", BOTH)
def test_a_posted_request_is_a_case_with_a_token_until_it_is_public(
    client: Client, cuiying: Division, centre: Venue, program: Program, form: str
) -> None:
    sent = {
        "api_key": program.secret,  # type: ignore[attr-defined]
        "service_code": "lift",
        "lat": "23.3702",
        "long": "116.7105",
        "description": "电梯从昨晚起停了，𡐓老人下不了楼",
        "last_name": "陈",
        "first_name": "伯",
        "phone": "13800138000",
        "email": "",
    }

    taken = post(client, form, sent)
    again = post(client, form, sent)

    assert [*spec.check_posted(taken), *spec.check_posted(again)] == []
    token = taken.content[0]["token"]
    assert again.content[0]["token"] == token
    with scope.everything():
        report = CaseReport.objects.get()
        case = report.case
    assert (report.how, report.words) == ("open311", sent["description"])
    assert (case.community_id, case.subject) == (cuiying.pk, "lift")
    assert report.guest_phone.reveal() == "13800138000"
    assert spec.check_errors(ask(client, f"v2/tokens/{token}", form), status=404) == []
    with scope.everything():
        Case.objects.filter(pk=case.pk).update(is_public=True, public_title="电梯停运")
    found = ask(client, f"v2/tokens/{token}", form)
    assert spec.check_token(found, token=token) == []
    assert found.content[0]["service_request_id"] == str(case.pk)
    other = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert spec.check_errors(ask(client, f"v2/tokens/{other}", form), status=404) == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"api_key": ""}, 403),
        ({"api_key": "nobody"}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "dragons"}, 404),
        ({"service_code": "dispute"}, 404),
        ({"jurisdiction_id": "elsewhere.example"}, 404),
        ({"description": ""}, 400),
        ({"description": "长" * 4001}, 400),
        ({"lat": "", "long": ""}, 400),
        ({"lat": "116.7", "long": "23.37"}, 400),
        ({"lat": "39.9", "long": "116.4"}, 400),
        ({"lat": "x"}, 400),
        ({"lat": "nan"}, 400),
        ({"lat": "", "long": "", "address_id": str(uuid4())}, 400),
        ({"lat": "", "long": "", "attribute[community]": "000000000000"}, 400),
        ({"phone": "12"}, 400),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(
    client: Client, cuiying: Division, centre: Venue, program: Program, change: dict[str, str], status: int
) -> None:
    sent = {
        "api_key": program.secret,  # type: ignore[attr-defined]
        "service_code": "lift",
        "lat": "23.3702",
        "long": "116.7105",
        "description": "电梯停了",
    }

    refused = post(client, "json", sent | change)

    assert spec.check_errors(refused, status=status) == []
    with scope.everything():
        assert not CaseReport.objects.exists()


def test_a_place_may_be_named_by_words_with_its_community_or_by_a_venue(
    client: Client, cuiying: Division, centre: Venue, program: Program
) -> None:
    base = {"api_key": program.secret, "service_code": "noise", "description": "夜里很吵"}  # type: ignore[attr-defined]

    by_words = post(client, "json", base | {"address_string": "长平路", "attribute[community]": cuiying.code})
    by_venue = post(client, "xml", base | {"address_id": str(centre.pk)})

    assert [*spec.check_posted(by_words), *spec.check_posted(by_venue)] == []
    with scope.everything():
        assert set(Case.objects.values_list("community_id", "place_words", "venue_id")) == {
            (cuiying.pk, "长平路", None),
            (cuiying.pk, "", centre.pk),
        }


def test_bombs_and_oversized_posts_are_not_even_read(client: Client, cuiying: Division, program: Program) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    key = program.secret  # type: ignore[attr-defined]

    as_xml = client.post("/open311/v2/requests.xml", bomb, content_type="text/xml")
    as_form = post(client, "xml", {"api_key": key, "service_code": "lift", "description": "x" * 70_000})
    as_parts = client.post("/open311/v2/requests.xml", {"api_key": key, "service_code": "lift"})
    not_utf8 = client.post("/open311/v2/requests.xml", b"description=\xff\xfe", content_type=FORM)

    for answer in (as_xml, as_parts, not_utf8):
        found = spec.Answer(answer.status_code, answer.headers["Content-Type"], answer.content, "xml")
        assert spec.check_errors(found, status=400) == []
    assert spec.check_errors(as_form, status=400) == []
    with scope.everything():
        assert not CaseReport.objects.exists()


def test_a_program_that_was_ended_or_ran_out_brings_nothing(
    client: Client, cuiying: Division, centre: Venue, program: Program
) -> None:
    sent = {"api_key": program.secret, "service_code": "lift", "lat": "23.37", "long": "116.71", "description": "停了"}  # type: ignore[attr-defined]
    programs.end(actor=Actor.system(), program=program.pk, at=now())
    short = programs.let_in(actor=Actor.system(), name="短期", contact="区城管局", days=1, at=now() - timedelta(days=2))

    assert spec.check_errors(post(client, "json", sent), status=403) == []
    assert spec.check_errors(post(client, "json", sent | {"api_key": short.secret}), status=403) == []  # type: ignore[attr-defined]


def test_a_list_stops_at_a_thousand_and_costs_few_queries(
    client: Client, cuiying: Division, django_assert_max_num_queries: Any
) -> None:
    at = now() - timedelta(days=1)
    with scope.everything():
        Case.objects.bulk_create(
            Case(
                community=cuiying,
                number=number,
                title="路灯不亮",
                public_title="路灯不亮",
                is_public=True,
                subject="road_light",
                opened_at=at,
                changed_at=at,
            )
            for number in range(1, 1003)
        )

    with django_assert_max_num_queries(6):
        found = ask(client, "v2/requests", "json")

    assert len(found.content) == rules.MOST
    assert len(ask(client, "v2/requests", "json", page="2").content) == 2
