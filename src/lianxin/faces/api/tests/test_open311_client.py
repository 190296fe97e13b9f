"""The `georeport` package from PyPI reads our server over a real line, in JSON and in XML."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from georeport import GeoReport

from lianxin.domain.people.tests.account_factories import Tree
from lianxin.faces.api.tests.test_open311 import make_case
from lianxin.platform.clock import now

pytestmark = pytest.mark.django_db(transaction=True)


def text_of(value: Any) -> Any:
    """Bring what JSON types to what its XML says, as the client leaves it."""
    if isinstance(value, dict):
        return {name: text_of(one) for name, one in value.items()}
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def test_the_georeport_client_reads_services_and_requests_in_both_formats(live_server: Any) -> None:
    cuiying = Tree().cuiying
    one = make_case(cuiying, public_title="翠英花园的电梯停了 <二单元>")
    two = make_case(cuiying, subject="noise", at=now() - timedelta(days=3))
    root = f"{live_server.url}/open311/v2"
    json_, xml = GeoReport(root), GeoReport(root, jurisdiction=None, output_format="xml")

    services = json_.get_service_list()
    definition = json_.get_service_definition("lift")
    requests = json_.get_service_requests()
    single = json_.get_service_request(str(one.pk))

    assert {row["service_code"] for row in services} >= {"lift", "noise", "property"}
    assert definition["service_code"] == "lift"
    assert {row["service_request_id"] for row in requests} == {str(one.pk), str(two.pk)}
    assert text_of(single)["description"] == "翠英花园的电梯停了 <二单元>"
    assert [text_of(row) for row in services] == [dict(row) for row in xml.get_service_list()]
    assert [text_of(row) for row in requests] == [dict(row) for row in xml.get_service_requests()]
    assert text_of(single) == dict(xml.get_service_request(str(one.pk)))
    assert xml.get_service_definition("lift")["service_code"] == "lift"
    assert [row["service_request_id"] for row in json_.get_service_requests(service_code="noise", status="open")] == [
        str(two.pk)
    ]
