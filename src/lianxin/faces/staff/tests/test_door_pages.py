"""The office's pages at the door and after it: check-in, sheets, finishing, feedback, pictures; none for strangers."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.domain.activities.commands.attendance import check_in
from lianxin.domain.activities.commands.finishing import finish_occurrence
from lianxin.domain.activities.models import Attendance, CrowdLog, Feedback, NoShow, OccurrencePicture
from lianxin.domain.activities.rules import tokens
from lianxin.domain.activities.rules.sheets import row_code
from lianxin.domain.activities.tests.sign_up_factories import (
    Scene,
    make_home,
    make_scene,
    sign_up_guest,
    sign_up_guests,
    sign_up_residents,
)
from lianxin.domain.people.tests.account_factories import make_staff
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.places.models import Venue
from lianxin.faces.staff.tests.test_sign_up_pages import clerk_of, come_in
from lianxin.platform import scope
from lianxin.platform.clock import now
from lianxin.platform.errors import NotAllowed
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db
MOST_QUERIES = 10
OF_DATE = (
    *("check_in", "check_in_walk_in", "check_in_code", "check_in_offline", "attendance", "attendance_sheet"),
    *("attendance_type", "attendance_finish", "attendance_crowd", "feedback", "pictures", "picture_new"),
)
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x05\x02\x00_\xc8\xf1\xd2\x00\x00\x00\x00IEND\xaeB`\x82"
)


def on_now(**values: Any) -> Scene:
    """A date that began half an hour ago, as pages ask the real clock."""
    starts = now().replace(microsecond=0) - timedelta(minutes=30)
    return make_scene(**{"starts_at": starts, "ends_at": starts + timedelta(hours=2)} | values)


def signed(scene: Scene, count: int) -> list[Any]:
    return sign_up_guests(scene, range(count), at=scene.occurrence.starts_at - timedelta(days=2))


def url(scene: Scene, name: str) -> str:
    return reverse(f"staff:{name}", kwargs={"occurrence": scene.occurrence.pk})


def here(scene: Scene, **who: Any) -> Attendance:
    return check_in(actor=scene.keeper, occurrence=scene.occurrence.pk, how="name", at=now(), **who)


def live(scene: Scene) -> list[Attendance]:
    with scope.everything():
        return list(Attendance.objects.filter(occurrence=scene.occurrence, undone_at=None).order_by("pk"))


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_every_page_opens_for_those_who_run_it_and_costs_little() -> None:
    scene = on_now()
    rows = signed(scene, 8)
    here(scene, sign_up=rows[0].pk)
    clerk = clerk_of(scene.community)

    for name in OF_DATE:
        clerk.get(url(scene, name))
        with CaptureQueriesContext(connection) as made:
            assert clerk.get(url(scene, name)).status_code == 200, name
        assert len(made) <= MOST_QUERIES, (name, len(made))


def test_strangers_find_no_page() -> None:
    scene = on_now()
    neighbour, volunteer = clerk_of(scene.neighbour), clerk_of(scene.community, "volunteer")

    for client in (neighbour, volunteer):
        assert {client.get(url(scene, name)).status_code for name in OF_DATE} == {404}
        assert client.post(url(scene, "check_in_take"), {"shown": "123456"}).status_code == 404
        assert client.post(url(scene, "check_in_sync"), "{}", content_type="application/json").status_code == 404
        assert client.get(url(scene, "check_in_roster")).status_code == 404
    assert Client().get(url(scene, "check_in")).status_code == 302


def test_somebody_is_checked_in_by_digits_by_name_and_written_down() -> None:
    scene = on_now()
    first, second = signed(scene, 2)
    clerk = clerk_of(scene.community)

    by_code = clerk.post(url(scene, "check_in_take"), {"shown": first.code, "key": str(new_id())}, follow=True)
    again = clerk.post(url(scene, "check_in_take"), {"shown": first.code, "key": str(new_id())}, follow=True)
    found = clerk.get(url(scene, "check_in"), {"q": "来客1 0001"})
    by_name = clerk.post(url(scene, "check_in_take"), {"sign_up": str(second.pk)}, follow=True)
    walk_in = clerk.post(url(scene, "check_in_walk_in"), {"name": "林阿婆", "phone": ""}, follow=True)

    assert "is checked in." in text_of(by_code)
    assert "was checked in before" in text_of(again)
    assert text_of(found).count("Is here") == 1
    assert "is checked in." in text_of(by_name)
    assert "is checked in." in text_of(walk_in)
    assert {one.how for one in live(scene)} == {"typed_code", "name", "walk_in"}


def test_names_at_the_door_are_masked() -> None:
    scene = on_now()
    person = make_home(scene.community, "黄小明明")[0]
    sign_up_residents(scene, scene.keeper, person, how="staff", at=scene.occurrence.starts_at - timedelta(days=1))
    clerk = clerk_of(scene.community)

    pages = [text_of(clerk.get(url(scene, name))) for name in ("check_in", "attendance", "attendance_sheet")]

    assert all("黄小明明" not in page and "黄**明" in page for page in pages)


@pytest.mark.parametrize("shown", ["000000", "12", "LXA:" + "A" * 26, "<script>alert(1)</script>"])
def test_wrong_code_comes_back_with_a_sentence(shown: str) -> None:
    scene = on_now()
    clerk = clerk_of(scene.community)

    answer = clerk.post(url(scene, "check_in_take"), {"shown": shown}, follow=True)

    assert answer.status_code == 200
    assert 'class="banner' in text_of(answer)
    assert "<script>alert(1)" not in text_of(answer)
    assert live(scene) == []


def test_check_in_is_taken_back_with_a_reason() -> None:
    scene = on_now()
    [row] = signed(scene, 1)
    came = here(scene, sign_up=row.pk)
    clerk = clerk_of(scene.community)
    path = reverse("staff:attendance_undo", kwargs={"attendance": came.pk})

    assert clerk.get(path).status_code == 200
    assert clerk.post(path, {"reason": ""}).status_code == 422
    assert clerk.post(path, {"reason": "认错人"}).status_code == 302
    assert clerk_of(scene.neighbour).get(path).status_code == 404

    assert live(scene) == []


def test_somebody_leaves_where_hours_count() -> None:
    scene = on_now(has_check_out=True)
    [row] = signed(scene, 1)
    came = here(scene, sign_up=row.pk)
    clerk = clerk_of(scene.community)

    assert "Leaves" in text_of(clerk.get(url(scene, "check_in")))
    clerk.post(reverse("staff:attendance_leave", kwargs={"attendance": came.pk}))

    assert live(scene)[0].left_at is not None


def test_sheet_has_codes_and_what_is_typed_from_it_counts() -> None:
    scene = on_now()
    rows = signed(scene, 3)
    clerk = clerk_of(scene.community)
    sheet = text_of(clerk.get(url(scene, "attendance_sheet")))
    codes = [row_code(scene.occurrence.pk, row.place_no) for row in rows]
    assert all(f"{code[:-2]}-{code[-2:]}" in sheet for code in codes)

    wrong = clerk.post(url(scene, "attendance_type"), {"text": f"{codes[0]}\n{codes[1]}9\n林阿婆"})
    right = clerk.post(url(scene, "attendance_type"), {"text": " ".join(codes)}, follow=True)

    assert wrong.status_code == 422
    assert f"{codes[1]}9:" in text_of(wrong)
    assert "2 people are entered. 1 were on record before." in text_of(right)
    assert len(live(scene)) == 4


def test_list_goes_into_a_workbook_without_formulas() -> None:
    scene = on_now()
    here(scene, sign_up=sign_up_guest(scene, 1, at=scene.occurrence.starts_at - timedelta(days=1)).pk)
    with scope.everything():
        Attendance.objects.update(guest_name="=HYPERLINK(1)")
        scene.occurrence.sign_ups.update(guest_name="=HYPERLINK(1)")
    clerk = clerk_of(scene.community)

    answer = clerk.get(url(scene, "attendance"), {"as": "xlsx"})
    paper = clerk.get(url(scene, "attendance"), {"as": "print"})

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    values = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert not any(cell.data_type == "f" for row in book.active.iter_rows() for cell in row)
    assert "1" in values
    assert paper.status_code == 200


def test_date_is_finished_and_a_no_show_forgiven() -> None:
    starts = now().replace(microsecond=0) - timedelta(hours=3)
    scene = make_scene(starts_at=starts, ends_at=starts + timedelta(hours=2))
    people = [make_home(scene.community, name)[0] for name in ("陈青年", "林青年")]
    rows = sign_up_residents(scene, scene.keeper, *people, how="staff", at=starts - timedelta(days=1))
    check_in(actor=scene.keeper, occurrence=scene.occurrence.pk, sign_up=rows[0].pk, how="name", at=starts)
    clerk = clerk_of(scene.community)

    refused = clerk.post(url(scene, "attendance_finish"), {"was_held": "no"})
    done = clerk.post(url(scene, "attendance_finish"), {"was_held": "yes"}, follow=True)

    assert refused.status_code == 422
    assert "Had a place and did not come" in text_of(done)
    with scope.everything():
        [absent] = NoShow.objects.all()
    path = reverse("staff:no_show_forgive", kwargs={"no_show": absent.pk})
    assert clerk_of(scene.neighbour).get(path).status_code == 404
    assert "forgiven: 临时住院" in text_of(clerk.post(path, {"reason": "临时住院"}, follow=True))


def test_crowd_is_counted_apart_and_taken_back() -> None:
    scene = on_now()
    clerk = clerk_of(scene.community)

    answer = clerk.post(url(scene, "attendance_crowd"), {"count": "180", "counted_how": "小林按计数器"}, follow=True)
    wrong = clerk.post(url(scene, "attendance_crowd"), {"count": "-3", "counted_how": ""})

    assert "180 people, counted: 小林按计数器." in text_of(answer)
    assert "0 person-times." in text_of(answer)
    assert wrong.status_code == 422
    with scope.everything():
        [log] = CrowdLog.objects.all()
    path = reverse("staff:crowd_undo", kwargs={"crowd": log.pk})
    assert clerk.post(path, {"reason": "数错了"}, follow=True).status_code == 200
    with scope.everything():
        assert CrowdLog.objects.get().undone_at is not None


def test_feedback_is_noted_by_phone_and_shown_without_a_name() -> None:
    scene = on_now()
    elder = make_home(scene.community, "林阿婆婆", born=1940)[0]
    [row] = sign_up_residents(
        scene, scene.keeper, elder, how="staff", at=scene.occurrence.starts_at - timedelta(days=1)
    )
    came = here(scene, sign_up=row.pk)
    clerk = clerk_of(scene.community)
    assert "Who could be asked" in text_of(clerk.get(url(scene, "feedback")))

    answer = clerk.post(
        reverse("staff:feedback_note", kwargs={"attendance": came.pk}),
        {"face": "3", "met_need": "yes", "words": "讲得清楚", "how": "phone"},
        follow=True,
    )

    assert "讲得清楚" in text_of(answer)
    assert "林" not in text_of(answer).split("讲得清楚")[1].split("</table>")[0]
    with scope.everything():
        assert Feedback.objects.get().asked_by is not None


def test_picture_needs_consent_and_can_be_removed() -> None:
    scene = on_now()
    clerk = clerk_of(scene.community)
    sent = {"picture": SimpleUploadedFile("a.png", PIXEL, "image/png")}

    without = clerk.post(url(scene, "picture_new"), sent | {"consent_note": ""})
    sent = {"picture": SimpleUploadedFile("a.png", PIXEL, "image/png")}
    kept = clerk.post(url(scene, "picture_new"), sent | {"consent_note": "都问过了"}, follow=True)
    assert (without.status_code, kept.status_code) == (422, 200)
    with scope.everything():
        [row] = OccurrencePicture.objects.all()
    path = reverse("staff:picture", kwargs={"picture": row.pk})
    public = reverse("resident:occurrence_picture", kwargs={"picture": row.pk})
    assert clerk.get(path).status_code == 200
    assert Client().get(public).status_code == 404

    clerk.post(reverse("staff:picture_show", kwargs={"picture": row.pk}))
    assert b"".join(Client().get(public).streaming_content).startswith(b"\x89PNG")
    clerk.post(reverse("staff:picture_remove", kwargs={"picture": row.pk}), {"reason": "有人不愿意"})

    assert Client().get(public).status_code == 404
    assert clerk.get(path).status_code == 404


def test_phone_takes_the_list_along_and_each_scan_counts_once() -> None:
    scene = on_now()
    rows = signed(scene, 3)
    clerk = clerk_of(scene.community)
    told = clerk.get(url(scene, "check_in_roster")).json()
    assert {one["sign_up"] for one in told["package"]["people"]} == {str(row.pk) for row in rows}
    at = now().isoformat()
    scans = [
        {"id": str(new_id()), "came_at": at, "text": tokens.qr_text(tokens.token_for(rows[0].pk))},
        {"id": str(new_id()), "came_at": at, "sign_up": str(rows[1].pk)},
        {"id": str(new_id()), "came_at": at, "name": "林阿婆", "phone": ""},
        {"id": str(new_id()), "came_at": at, "text": "LXA:" + "A" * 26},
    ]

    answers = [
        clerk.post(url(scene, "check_in_sync"), json.dumps({"scans": scans}), content_type="application/json").json()
        for _turn in range(2)
    ]

    assert [one["state"] for one in answers[0]["answers"]] == ["new", "new", "new", "refused"]
    assert [one["state"] for one in answers[1]["answers"]] == ["known", "known", "known", "refused"]
    assert len(live(scene)) == 3


@pytest.mark.parametrize(
    "body", ["", "[]", '{"scans": 3}', '{"scans": [{"id": "x"}]}', '{"scans": [{"id": 1, "came_at": "2026-01-01"}]}']
)
def test_what_cannot_be_read_gets_a_sentence(body: str) -> None:
    scene = on_now()

    answer = clerk_of(scene.community).post(url(scene, "check_in_sync"), body, content_type="application/json")

    assert answer.status_code == 422
    assert answer.json()["error"]


def test_host_sits_at_the_own_door_only() -> None:
    scene = on_now()
    with scope.everything():
        mine, other = (
            Venue.objects.create(
                community=scene.community, kind="centre", name=name, state="open", opened_on="2024-03-01"
            )
            for name in ("集市站", "商场站")
        )
    scene.change(venue=mine)
    actor = staff("host", scene.community, venues=frozenset({mine.pk}))
    came = check_in(
        actor=actor, occurrence=scene.occurrence.pk, sign_up=sign_up_guest(scene, 1).pk, how="name", at=now()
    )
    scene.change(venue=other)

    second = sign_up_guest(scene, 2)
    with pytest.raises(NotAllowed):
        check_in(actor=actor, occurrence=scene.occurrence.pk, sign_up=second.pk, how="name", at=now())
    assert came.noted_by == actor.account


def test_finished_date_shows_what_came_of_it() -> None:
    starts = now().replace(microsecond=0) - timedelta(hours=30)
    scene = make_scene(starts_at=starts, ends_at=starts + timedelta(hours=2))
    [row] = sign_up_guests(scene, [1], at=starts - timedelta(days=1))
    check_in(actor=scene.keeper, occurrence=scene.occurrence.pk, sign_up=row.pk, how="name", at=starts)
    finish_occurrence(actor=scene.keeper, occurrence=scene.occurrence.pk, at=now())

    page = text_of(come_in(make_staff("district_staff")[0]).get(url(scene, "attendance")))

    assert "1 person-time." in page
    assert reverse("staff:attendance_type", kwargs={"occurrence": scene.occurrence.pk}) not in page
