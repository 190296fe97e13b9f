"""莫𡐓村: a name with a character beyond 16 bits (U+21413) goes through pages, workbooks and search unharmed."""

import io
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.domain.people.models import Person
from lianxin.platform import scope, tasks
from lianxin.platform.models import Run
from lianxin.platform.sheets import write_workbook
from tests.support.district import SmallDistrict

pytest_plugins = ["tests.support.district"]

VILLAGE, COMMITTEE = "莫\U00021413村", "莫\U00021413村民委员会"
HEADINGS = ["社区", "姓名", "与户主关系", "性别", "出生日期", "户号"]


def logged_in(district: SmallDistrict, name: str) -> Client:
    client = Client()
    district.log_in(client, name)
    return client


def work() -> None:
    with scope.everything():
        while any(tasks.run_one(worker="test", lane=lane, at=datetime.now(UTC)) for lane in (tasks.QUICK, tasks.LONG)):
            pass


def text_of(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode()


def cells_of(answer: Any) -> set[str]:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    return {str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row}


@pytest.fixture
def village(small_district: SmallDistrict) -> Any:
    """金洲村, renamed on the department's page."""
    division = small_district.jinzhou_village
    department = logged_in(small_district, "district")
    answer = department.post(
        reverse("district:division_change", args=[division.pk, "rename"]),
        {"official_name": COMMITTEE, "on": str(small_district.today), "key": str(uuid4()), "confirmed": "yes"},
    )
    assert answer.status_code == 302, text_of(answer)
    work()
    division.refresh_from_db()
    return division


def test_the_new_name_is_kept_and_shown_whole(small_district, village):
    office = logged_in(small_district, "jinzhou.waisha1")

    own = text_of(office.get(reverse("staff:division", args=[village.pk])))
    public = text_of(Client().get(reverse("resident:community", args=[village.pk]), follow=True))

    assert (village.official_name, village.short_name) == (COMMITTEE, VILLAGE)
    assert VILLAGE in own
    assert VILLAGE in public


def test_the_name_comes_back_out_of_an_exported_workbook(small_district, village):
    department = logged_in(small_district, "district")

    exported = cells_of(department.get(reverse("district:communities_export")))

    assert any(VILLAGE in cell for cell in exported)


def test_residents_are_imported_into_the_village_by_its_name(small_district, village):
    office = logged_in(small_district, "jinzhou.waisha1")
    person = "林\U00021413生"
    rows = [[VILLAGE, person, "户主", "男", "1950-01-31", "900001"]]
    upload = SimpleUploadedFile(f"{VILLAGE}.xlsx", write_workbook(sheet=VILLAGE, headings=HEADINGS, rows=rows))

    office.post(reverse("staff:import_new"), {"kind": "people.residents", "key": str(uuid4()), "file": upload})
    work()
    run = Run.objects.get()
    shown = text_of(office.get(reverse("staff:import", args=[run.pk])))
    office.post(reverse("staff:import_apply", args=[run.pk]), {"key": str(uuid4())})
    work()

    with scope.everything():
        entered = Person.objects.get(name=person)
    listed = text_of(office.get(reverse("staff:search"), {"q": person}))
    assert entered.community_id == village.pk
    assert VILLAGE in shown
    assert reverse("staff:person", args=[entered.pk]) in listed


@pytest.mark.parametrize("asked", [VILLAGE, "\U00021413", "莫\U00021413", "m\U00021413c"])
def test_the_village_is_found_on_pages_and_through_the_api(small_district, village, asked):
    office = logged_in(small_district, "jinzhou.waisha1")

    in_office = text_of(office.get(reverse("staff:search"), {"q": asked}))
    in_public = text_of(Client().get(reverse("resident:search"), {"q": asked}))
    hits = Client().get(reverse("api:find"), {"q": asked}).json()

    assert reverse("staff:division", args=[village.pk]) in in_office
    assert str(village.pk) in in_public
    assert (str(village.pk), VILLAGE) in {(hit["id"], hit["title"]) for hit in hits}
