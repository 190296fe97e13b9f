"""The API keeps its promises: its OpenAPI is what we last agreed on, and every operation answers as it says."""

import json
import os
from pathlib import Path

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, unsupported_method

from lianxin.config.wsgi import application
from lianxin.faces.api.app import api

SNAPSHOT = Path(__file__).with_name("openapi.json")
schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))
schema.config.base_url = "http://testserver"
schema.app = application
# Unknown parameters are ignored, as on the web; a wrong method is answered for all of them by one test below.
PLAIN = {"Host": "testserver", "Accept-Encoding": "identity"}
LEFT_OUT = [negative_data_rejection, unsupported_method]


def test_openapi_is_what_was_agreed_on():
    """Write the new one with LIANXIN_WRITE_SNAPSHOTS=1, and read its difference before you commit it."""
    now = json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False, default=str, sort_keys=True) + "\n"
    if os.environ.get("LIANXIN_WRITE_SNAPSHOTS"):
        SNAPSHOT.write_text(now, encoding="utf-8")

    assert now == SNAPSHOT.read_text(encoding="utf-8")


@pytest.fixture
def _one_connection():
    """Keep the test's connection open: the WSGI application closes old ones around each request."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
@schema.parametrize()
@settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
def test_operation_answers_nobody_as_its_schema_says(case):
    case.call_and_validate(headers=PLAIN, excluded_checks=LEFT_OUT)


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
@schema.parametrize()
@settings(max_examples=5, suppress_health_check=list(HealthCheck), deadline=None)
def test_operation_answers_a_clerk_as_its_schema_says(case, small_district, client):
    small_district.log_in(client, "cuiying1")
    session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    case.call_and_validate(
        headers=PLAIN | {"Cookie": f"{django_settings.SESSION_COOKIE_NAME}={session}"},
        excluded_checks=[*LEFT_OUT, ignored_auth],
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/nothing", 404),
        ("/api/v1/venues/near?lng=1&lat=2", 422),
        ("/api/v1/me/", 401),
        ("/api/v1/venues?limit=100000", 422),
    ],
)
def test_errors_are_problems(client, path, status):
    answer = client.get(path)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:lianxin:problem:")
    assert problem["detail"]


@pytest.mark.django_db
def test_a_wrong_method_is_a_problem_too(client):
    answer = client.delete("/api/v1/venues")

    assert answer.status_code == 405
    assert "detail" in answer.json()


@pytest.mark.django_db
def test_the_documentation_page_needs_nothing_from_elsewhere(client):
    page = client.get("/api/v1/docs").content.decode()

    assert "openapi.json" in page
    assert "https://" not in page.replace("https://github.com", "")
