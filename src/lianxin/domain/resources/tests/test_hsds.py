"""HSDS: what goes out follows the schema and comes back as it was; what comes in wrong is told with its place."""

import io
import json
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from django.utils import translation

from lianxin.domain.resources.commands import hsds, imports
from lianxin.domain.resources.models import Offer
from lianxin.domain.resources.queries.hsds import services
from lianxin.domain.resources.rules.hsds_check import problems_of, read_services
from lianxin.domain.resources.rules.hsds_in import row_of
from lianxin.domain.resources.rules.offer_columns import NAMES
from lianxin.domain.resources.tests.factories import AT, TODAY, make_ground
from lianxin.platform import runs, scope, sheets
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db


def foreign(**values: Any) -> dict[str, Any]:
    """A service as another directory might write it."""
    return {
        "id": str(new_id()),
        "name": "Legal clinic",
        "status": "active",
        "organization": {"id": str(new_id()), "name": "Helping Hands", "description": "A charity"},
        "attributes": [
            {
                "id": str(new_id()),
                "taxonomy_term": {"id": str(new_id()), "code": "C04", "name": "法律咨询", "description": "law"},
            }
        ],
    } | values


def as_file(*rows: dict[str, Any]) -> bytes:
    return json.dumps({"contents": rows}).encode()


def test_offers_go_out_valid_and_come_back_as_they_were() -> None:
    ground = make_ground()
    full = {
        "title": "律师 “咨询”",
        "description": "两位律师",
        "conditions": "请带材料",
        "contact_name": "陈律师",
        "place": "长平路 1 号",
        "needs_venue": False,
        "seats": 15,
        "least_people": 3,
        "minutes": 90,
        "every": "quarter",
        "kind": "goods",
        "quantity": 40,
        "unit": "份",
        "cost_fen": 1250,
        "reach": "radius",
        "reach_metres": 1500,
        "until_on": date(2026, 12, 31),
        "weekly": ((0, time(19), time(21)), (6, time(9), time(11, 30))),
        "categories": (("C04", 3), ("C05", 1)),
    }
    made = ground.offer(**full)
    ground.offer(organisation=None, person=ground.person.pk, title="免费磨刀")

    page = services(actor=ground.keeper)
    [service] = read_services(json.dumps(page, ensure_ascii=False).encode())
    reader = imports.reader(run=_run(ground), actor=ground.keeper, at=AT)
    row = reader.read(2, [row_of(service)[name] for name in NAMES])

    assert (page["total_items"], problems_of(service)) == (1, [])
    assert service["id"] == str(made.pk)
    assert service["capacities"][0]["maximum"] == 15
    assert service["schedules"][1]["byday"] == "SU"
    assert row is not None
    assert replace(row.content, organisation=row.organisation) == ground.content(**full)
    assert (row.community, row.assured_on) == (ground.community.pk, TODAY)
    assert [problem[3] for problem in reader.problems] == [True]  # it is on record and will be changed


def _run(ground: Any, **options: Any) -> runs.Run:
    return runs.Run.objects.create(
        kind=imports.RUN_KIND_NAME,
        title="x",
        options={"community": str(ground.community.pk)} | options,
        asked_by=ground.keeper.account,
        actor=ground.keeper.to_json(),
        created_at=AT,
    )


def test_file_of_another_directory_becomes_a_run_that_is_staged_applied_and_undone() -> None:
    ground = make_ground()
    monthly = {"id": str(new_id()), "freq": "MONTHLY", "byday": "2MO", "opens_at": "09:00", "closes_at": "11:00"}
    weekly = monthly | {"freq": "WEEKLY", "byday": "MO,TH"}
    text = as_file(foreign(schedules=[monthly, weekly]), foreign(status="defunct"))

    run = hsds.start_import(
        actor=ground.keeper, file=io.BytesIO(text), name="feed.json", community=ground.community.pk, at=AT
    )
    path, name = runs.source_of(run)
    source = sheets.read_rows(path, name)
    header = sheets.find_header(source, imports.COLUMNS)
    lines = [[cells[header.positions[column]] for column in NAMES] for cells in source]
    reader = imports.reader(run=run, actor=ground.keeper, at=AT)
    rows = [reader.read(number, line) for number, line in enumerate(lines)]

    assert [(row.organisation_name, row.content.title) for row in rows if row] == [("Helping Hands", "Legal clinic")]
    assert rows[0] is not None
    assert rows[0].content.weekly == ((0, time(9), time(11)), (3, time(9), time(11)))
    assert "MONTHLY 2MO" in rows[0].content.description
    assert rows[0].source == "HSDS"


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("JSON", b"\xff\xfe"),
        ("line 1", b"{"),
        ("no service", b"[]"),
        ("no service", b"[1, 2]"),
        ("Service 1, /status", as_file(foreign(status="open"))),
        ("Service 1, /:", as_file({"name": "x", "status": "active"})),
        ("/id", as_file(foreign(id="7"))),
        ("/schedules/0/opens_at", as_file(foreign(schedules=[{"id": str(new_id()), "opens_at": "nine"}]))),
        ("/capacities/0", as_file(foreign(capacities=[{"id": str(new_id()), "available": 3}]))),
    ],
)
def test_wrong_file_is_refused_with_the_place(told, text) -> None:
    with translation.override("en"), pytest.raises(Invalid) as refusal:
        read_services(text)

    sentences = [str(refusal.value.detail), *refusal.value.fields.get("file", [])]
    assert any(told in sentence for sentence in sentences), sentences


def test_negative_capacity_of_another_directory_gets_a_sentence() -> None:
    ground = make_ground()
    unit = {"id": str(new_id()), "name": "people"}
    capacity = {"id": str(new_id()), "unit": unit, "available": -4, "updated": "2026-03-01T00:00:00Z"}
    reader = imports.reader(run=_run(ground), actor=ground.keeper, at=AT)

    row = reader.read(2, [row_of(foreign(capacities=[capacity]))[name] for name in NAMES])

    assert row is None
    assert ("seats", False) in [(problem[1], problem[3]) for problem in reader.problems]
    with scope.everything():
        assert not Offer.objects.exists()
