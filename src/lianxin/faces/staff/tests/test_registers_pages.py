"""Pages of registers: looked at, printed, taken along; long ones are written by the worker for who asked."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.domain.places.models import StandingService
from lianxin.faces.staff.registers import pages
from lianxin.insight.register_tasks import TASK, RegisterSet, find_set
from lianxin.insight.registers import catalogue
from lianxin.platform import scope, tasks
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing
from lianxin.platform.models import Job, StoredFile
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
YEAR = {"period": "2026"}


@pytest.fixture
def office(small_district: SmallDistrict, client: Client) -> Client:
    small_district.log_in(client, "cuiying1")
    return client


def url(name: str, code: str = "") -> str:
    return reverse(f"staff:{name}", kwargs={"code": code} if code else None)


def sheets_of(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def work() -> None:
    with scope.everything():
        while tasks.run_one(worker="test", lane=tasks.LONG, at=datetime.now(UTC)):
            pass


def wait_for(client: Client, **asked: str) -> Job:
    """Ask for a workbook and let the worker write it."""
    Job.objects.filter(state=Job.State.WAITING).delete()
    client.post(url("register_set_ask"), {**YEAR, "key": str(uuid4()), **asked})
    work()
    return Job.objects.filter(task=TASK).order_by("-created_at", "-pk")[0]


def set_page(name: str, job: Job) -> str:
    return reverse(f"staff:{name}", kwargs={"register_set": job.pk})


def test_the_list_names_every_register_with_its_days_and_place(office: Client) -> None:
    page = office.get(url("record_books"), YEAR).content.decode()

    assert all(url("record_book", one.code) in page for one in catalogue.list_registers(actor=Actor.system(via="cli")))
    assert "2026" in page
    assert "翠英" in page


def test_page_paper_and_workbook_hold_the_same_rows(small_district: SmallDistrict, office: Client) -> None:
    with scope.everything():
        names = sorted(StandingService.objects.filter(community=small_district.cuiying).values_list("name", flat=True))

    page = office.get(url("record_book", "services"), YEAR)
    paper = office.get(url("record_book_paper", "services"), YEAR)
    book = office.get(url("record_book_workbook", "services"), YEAR)

    (rows,) = sheets_of(book.content).values()
    assert names
    assert page.context["table"].count == len(names)
    assert [cell[1].name for cell in paper.context["rows"][0]][:2] == ["category", "name"]
    assert sorted(str(row[1][0]) for row in paper.context["rows"]) == names
    assert sorted(row[2] for row in rows[3 : 3 + len(names)]) == names
    assert [row[0] for row in rows[3 : 3 + len(names)]] == list(range(1, len(names) + 1))
    assert len({row[1] for row in rows[3 : 3 + len(names)]}) == page.context["figures"][0][1]
    assert "attachment" in book["Content-Disposition"]
    assert all(sign in paper.content.decode() for sign in ("signature-line", "qr-figure", "sheet-wide"))


def test_a_period_that_is_none_is_named_at_its_field_and_nothing_is_shown(office: Client) -> None:
    page = office.get(url("record_book", "activities"), {"period": "2026-13"})
    book = office.get(url("record_book_workbook", "activities"), {"period": "gestern"})
    sent = office.post(url("register_set_ask"), {"period": "2026-13", "key": str(uuid4())}, follow=True)

    assert page.status_code == 200
    assert "2026-13" in str(page.context["form"].errors["period"])
    assert "table" not in page.context
    assert (book.status_code, "gestern" in book.content.decode()) == (422, True)
    assert "2026-13" in sent.content.decode()
    assert not Job.objects.filter(task=TASK).exists()


def test_other_places_and_other_people_find_nothing(small_district: SmallDistrict, office: Client) -> None:
    theirs = {**YEAR, "place": str(small_district.jinzhou_village.pk)}
    for name in ("record_book", "record_book_paper", "record_book_workbook"):
        assert office.get(url(name, "activities"), theirs).status_code == 404
        assert office.get(url(name, "nothing"), YEAR).status_code == 404
    assert office.get(url("record_books"), theirs).status_code == 404
    for who in ("host", "volunteer", "merchant", "security"):
        stranger = Client()
        small_district.log_in(stranger, who)
        found = {stranger.get(url(name)).status_code for name in ("record_books",)}
        found |= {stranger.get(url("record_book", "activities")).status_code}
        found |= {stranger.post(url("register_set_ask"), YEAR).status_code}
        assert found == {404}, who


def test_the_district_chooses_a_subdistrict_or_a_community(small_district: SmallDistrict, client: Client) -> None:
    small_district.log_in(client, "district")
    counts = {}
    places = (None, small_district.cuiying.parent, small_district.cuiying, small_district.jinzhou_town)
    for place in places:
        asked = YEAR | ({"place": str(place.pk)} if place else {})
        page = client.get(url("record_book", "services"), asked)
        counts[place] = page.context["count"]
        if place is not None:
            assert page.context["place"] in (place.short_name, place.official_name)
    with scope.everything():
        rows = StandingService.objects.all()
        assert counts[None] == rows.count() > 0
        assert counts[small_district.cuiying] == rows.filter(community=small_district.cuiying).count()
    assert counts[small_district.cuiying.parent] >= counts[small_district.cuiying]


def test_a_long_register_is_left_to_the_worker(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_AT_ONCE", 0)

    page = office.get(url("record_book", "services"), YEAR)
    refused = office.get(url("record_book_workbook", "services"), YEAR)
    job = wait_for(office, code="services")

    file = office.get(set_page("register_set_file", job))
    assert not page.context["at_once"]
    assert refused.status_code == 422
    assert len(sheets_of(b"".join(file.streaming_content))) == 1  # type: ignore[attr-defined]


def test_all_registers_are_one_workbook_for_who_asked_and_nobody_else(
    small_district: SmallDistrict, office: Client
) -> None:
    before = office.get(url("record_books"), YEAR)
    job = wait_for(office)

    done = office.get(set_page("register_set", job))
    told = office.get(set_page("register_set_progress", job), headers={"HX-Request": "true"})
    file = office.get(set_page("register_set_file", job))

    sheets = sheets_of(b"".join(file.streaming_content))  # type: ignore[attr-defined]
    assert before.context["sets"] == []
    assert (job.state, job.done_units, job.total_units > 100) == ("DONE", job.total_units, True)
    assert told["HX-Refresh"] == "true"
    assert len(sheets) == len(catalogue.list_registers(actor=Actor.system(via="cli")))
    assert set_page("register_set_file", job) in done.content.decode()
    for who in ("xinjin", "district", "jinzhou1"):
        other = Client()
        small_district.log_in(other, who)
        names = ("register_set", "register_set_progress", "register_set_file")
        assert {other.get(set_page(name, job)).status_code for name in names} == {404}, who


def test_a_workbook_ends_with_its_week_and_with_the_rights_of_who_asked(
    small_district: SmallDistrict, office: Client
) -> None:
    job = wait_for(office, code="services")
    actor = small_district.actor("cuiying1")
    assert isinstance(find_set(actor=actor, register_set=job.pk), RegisterSet)

    moved = Actor(
        account=actor.account,
        role=actor.role,
        roles=actor.roles,
        communities=frozenset({small_district.jinzhou_town.pk}),
        via="web",
    )
    StoredFile.objects.filter(purpose="insight.registers").delete()

    with pytest.raises(Missing):
        find_set(actor=moved, register_set=job.pk)
    assert office.get(set_page("register_set", job)).context["is_gone"]
    assert office.get(set_page("register_set_file", job)).status_code == 404
