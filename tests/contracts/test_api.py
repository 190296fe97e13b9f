"""The API keeps its promises: its OpenAPI is what we last agreed on, and every operation answers as it says."""

import json
import os
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, unsupported_method

from lianxin.config.wsgi import application
from lianxin.faces.api.app import api

SNAPSHOT = Path(__file__).with_name("openapi.json")
schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))
schema.config.base_url = "http://testserver"
schema.app = application


def test_openapi_is_what_was_agreed_on():
    """Write the new one with LIANXIN_WRITE_SNAPSHOTS=1, and read its difference before you commit it."""
    now = json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False, default=str, sort_keys=True) + "\n"
    if os.environ.get("LIANXIN_WRITE_SNAPSHOTS"):
        SNAPSHOT.write_text(now, encoding="utf-8")

    assert now == SNAPSHOT.read_text(encoding="utf-8")


@pytest.mark.django_db
@schema.parametrize()
@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
def test_operation_answers_as_its_schema_says(case):
    case.call_and_validate(
        headers={"Host": "testserver"}, excluded_checks=[negative_data_rejection, unsupported_method]
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
