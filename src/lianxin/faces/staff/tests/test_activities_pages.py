"""The office's pages of activities: entered, planned, checked, published, changed, called off, made known."""

from __future__ import annotations

import base64
import io
import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.domain.activities.models import Activity, FeedLink, Occurrence
from lianxin.domain.bookings.models import BookingTime
from lianxin.faces.staff.tests.activities_pages import Programme, next_monday, open_programme
from lianxin.platform import scope
from lianxin.platform.clock import local_day, now

pytestmark = pytest.mark.django_db

# A page that shows; a form asks for what one may choose from, too.
MOST_QUERIES, MOST_OF_A_FORM = 10, 18
SHOWN = frozenset({"activity", "occurrence", "publicity", "publicity_poster", "publicity_picture"})
LISTS = ("activities", "activities_all", "activities_calendar")
ACTIVITY_PAGES = (
    "activity",
    "activity_edit",
    "activity_dates",
    "activity_date_add",
    "activity_past_date",
    "activity_series",
    "activity_publish",
    "activity_cancel",
    "activity_end",
)
DATE_PAGES = (
    "occurrence",
    "occurrence_edit",
    "occurrence_cancel",
    "publicity",
    "publicity_poster",
    "publicity_picture",
)


@pytest.fixture
def programme(small_district: Any) -> Programme:
    return open_programme(small_district)


@pytest.fixture
def clerk(small_district: Any, client: Client) -> Client:
    small_district.log_in(client, "cuiying1")
    return client


def queries_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as made:
        assert client.get(path).status_code == 200, path
    return len(made)


@pytest.mark.parametrize("name", LISTS)
def test_each_list_opens_with_few_queries(programme: Programme, clerk: Client, name: str) -> None:
    path = reverse(f"staff:{name}")

    assert "中医养生讲座" in clerk.get(path if name != "activities_calendar" else _month(path)).content.decode()
    assert queries_of(clerk, path) <= MOST_QUERIES


def _month(path: str) -> str:
    return f"{path}?month={next_monday():%Y-%m}"


@pytest.mark.parametrize("name", ACTIVITY_PAGES)
def test_each_page_of_an_activity_opens(programme: Programme, clerk: Client, name: str) -> None:
    assert queries_of(clerk, programme.url(name)) <= (MOST_QUERIES if name in SHOWN else MOST_OF_A_FORM)


@pytest.mark.parametrize("name", DATE_PAGES)
def test_each_page_of_a_date_opens(programme: Programme, clerk: Client, name: str) -> None:
    assert queries_of(clerk, programme.date_url(name)) <= (MOST_QUERIES if name in SHOWN else MOST_OF_A_FORM)


@pytest.mark.parametrize("login", ["xinjin", "volunteer", "system", "security", "audit", "merchant"])
def test_strangers_find_no_page(small_district: Any, programme: Programme, client: Client, login: str) -> None:
    small_district.log_in(client, login)
    if login == "xinjin" and programme.planner.communities <= small_district.actor("xinjin").communities:
        login = ""

    found = {
        client.get(programme.url("activity")).status_code,
        client.get(programme.date_url("occurrence")).status_code,
    }

    assert found == ({404} if login else {200})


def test_from_an_empty_form_to_a_public_activity(small_district: Any, clerk: Client, programme: Programme) -> None:
    new = reverse("staff:activity_new")
    form = {
        "title": "端午包粽子",
        "category": str(programme.category.pk),
        "summary": "学包潮汕粽球。",
        "open_to": "everybody",
        "starts": "15:00",
        "minutes": "120",
        "venue": str(programme.venue.pk),
        "room": str(programme.room.pk),
        "takes_sign_ups": "on",
        "size": "40",
        "limits": "儿童 10 3-12",
        "questions": "会包吗: 是/否\n几点到: 九点/十点 *",
        "shifts": "签到引导 1-2 30",
        "community": str(programme.community.pk),
    }

    entered = clerk.post(new, form)
    with scope.everything():
        row = Activity.objects.get(title="端午包粽子")
    assert entered["Location"] == reverse("staff:activity_dates", kwargs={"activity": row.pk})
    planned = clerk.post(
        entered["Location"], {"first_on": f"{next_monday():%Y-%m-%d}", "every": "week", "weekdays": ["0"], "times": "2"}
    )
    assert planned.status_code == 302
    publish = reverse("staff:activity_publish", kwargs={"activity": row.pk})
    page = clerk.get(publish).content.decode()
    done = clerk.post(publish, {"despite": "yes"})

    assert done["Location"] == reverse("staff:activity", kwargs={"activity": row.pk})
    assert "15:00" in page
    with scope.everything():
        dates = list(Occurrence.objects.filter(activity=row).order_by("starts_at"))
        assert [one.state for one in dates] == ["published", "published"]
        assert BookingTime.objects.filter(occurrences__in=dates, state="confirmed").count() == 2
        assert [limit.name for limit in dates[0].limits.all()] == ["儿童"]
        assert [question.kind for question in row.questions.order_by("position")] == ["yes_no", "choice"]
    edit = clerk.get(reverse("staff:activity_edit", kwargs={"activity": row.pk})).content.decode()
    assert "几点到: 九点/十点 *" in edit
    assert "签到引导 1-2 30" in edit


def test_bad_input_comes_back_with_a_sentence_and_what_was_typed(clerk: Client, programme: Programme) -> None:
    form = {
        "title": "长" * 90,
        "category": str(programme.category.pk),
        "starts": "25:00",
        "minutes": "90",
        "limits": "儿童十个",
        "community": str(programme.community.pk),
    }

    too_long = clerk.post(reverse("staff:activity_new"), form)
    no_time = clerk.post(reverse("staff:activity_new"), form | {"title": "好"})
    no_limit = clerk.post(reverse("staff:activity_new"), form | {"title": "好", "starts": "9:00"})

    assert [answer.status_code for answer in (too_long, no_time, no_limit)] == [422, 422, 422]
    assert "25:00" in no_time.content.decode()
    assert "儿童十个" in no_limit.content.decode()
    with scope.everything():
        assert not Activity.objects.filter(title="好").exists()


def test_the_check_names_every_conflict_and_offers_no_button(
    small_district: Any, clerk: Client, programme: Programme
) -> None:
    second = open_programme(small_district, public=False)
    with scope.everything():
        Occurrence.objects.filter(activity=second.activity).update(room=programme.room)

    page = clerk.get(second.url("activity_publish")).content.decode()
    answer = clerk.post(second.url("activity_publish"), {"despite": "yes"}, follow=True)

    assert page.count(programme.room.name) == 3
    assert 'name="despite"' not in page
    assert "中医养生讲座" in answer.content.decode()
    assert {one.state for one in second.dates()} == {"draft"}


def test_one_date_is_changed_alone_and_keeps_its_limits(clerk: Client, programme: Programme) -> None:
    path = programme.date_url("occurrence_edit")
    first = programme.dates()[0]
    form = {
        "on": f"{local_day(first.starts_at):%Y-%m-%d}",
        "start": "14:00",
        "minutes": "60",
        "venue": str(programme.venue.pk),
        "room": str(programme.room.pk),
        "takes_sign_ups": "on",
        "size": "20",
        "version": str(first.version),
    }

    answer = clerk.post(path, form)

    assert answer.status_code == 302
    changed = programme.dates()[0]
    assert (changed.size, changed.edited) == (20, ["ends_at", "size", "starts_at"])
    assert changed.sequence == first.sequence + 1


def test_several_dates_change_together_after_being_asked_about_those_changed_by_hand(
    clerk: Client, programme: Programme
) -> None:
    second = programme.dates()[1]
    edit = {
        "on": f"{local_day(second.starts_at):%Y-%m-%d}",
        "start": "09:30",
        "minutes": "90",
        "venue": str(programme.venue.pk),
        "room": str(programme.room.pk),
        "takes_sign_ups": "on",
        "size": "12",
    }
    assert clerk.post(programme.date_url("occurrence_edit", 1), edit).status_code == 302

    asked = clerk.post(programme.url("activity_series"), {"scope": "all", "size": "50"})
    done = clerk.post(programme.url("activity_series"), {"scope": "all", "size": "50", "by_hand": "keep"})

    assert asked.status_code == 422
    assert done.status_code == 302
    assert [one.size for one in programme.dates()] == [50, 12, 50]


def test_calling_off_asks_tells_and_does(clerk: Client, programme: Programme) -> None:
    path = programme.date_url("occurrence_cancel")

    told = clerk.post(path, {"reason": "台风"})
    done = clerk.post(path, {"reason": "台风", "confirmed": "yes"})

    assert told.status_code == 200
    assert done.status_code == 302
    assert [one.state for one in programme.dates()] == ["cancelled", "published", "published"]


def test_a_publication_is_taken_back_with_one_press(clerk: Client, programme: Programme) -> None:
    clerk.post(programme.url("activity_take_back"))

    assert {one.state for one in programme.dates()} == {"draft"}


def test_lists_are_given_out_without_formulas(small_district: Any, clerk: Client, programme: Programme) -> None:
    with scope.everything():
        Activity.objects.filter(pk=programme.activity.pk).update(title="=1+1")

    answer = clerk.get(reverse("staff:activities") + "?as=xlsx")
    printed = clerk.get(reverse("staff:activities") + "?as=print")

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert any("=1+1" in str(cell) for cell in cells)
    assert 2 not in cells
    assert printed.status_code == 200


def test_a_picture_is_well_formed_and_holds_no_markup_of_others(clerk: Client, programme: Programme) -> None:
    with scope.everything():
        Activity.objects.filter(pk=programme.activity.pk).update(title="<b>&甲</b>", summary="</svg><script>")

    answer = clerk.get(programme.date_url("publicity_picture"))

    root = ET.fromstring(answer.content)
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert root.find(".//{*}script") is None
    assert any("甲" in (text.text or "") for text in root.iter("{http://www.w3.org/2000/svg}text"))


def test_a_host_sees_the_own_venue_and_no_other(small_district: Any, programme: Programme, client: Client) -> None:
    host = small_district.actor("host")
    small_district.log_in(client, "host")
    own = programme.venue.pk in host.venues

    assert client.get(programme.date_url("occurrence")).status_code == (200 if own else 404)
    with scope.everything():
        Occurrence.objects.filter(activity=programme.activity).update(venue=sorted(host.venues)[0])
    assert client.get(programme.date_url("occurrence")).status_code in (200, 404)


def test_last_months_programme_is_copied_with_one_press(clerk: Client, programme: Programme) -> None:
    first = local_day(now()).replace(day=1)
    with scope.everything():
        row = programme.dates()[0]
        start = row.starts_at.replace(year=first.year, month=first.month, day=10)
        Occurrence.objects.filter(pk=row.pk).update(starts_at=start, ends_at=start + timedelta(hours=1))
        Occurrence.objects.filter(activity=programme.activity).exclude(pk=row.pk).update(
            state="cancelled", cancelled_at=now()
        )

    answer = clerk.post(
        reverse("staff:activity_copy_month"),
        {"month": f"{first:%Y-%m-%d}", "community": str(programme.community.pk)},
    )

    assert answer.status_code == 302
    with scope.everything():
        assert Activity.objects.filter(title="中医养生讲座", state="draft").count() == 1


def test_residents_get_a_private_calendar_and_its_address_once(small_district: Any, programme: Programme) -> None:
    client = Client()
    small_district.log_in_resident(client)

    made = client.post(reverse("resident:my_calendar")).content.decode()
    again = client.get(reverse("resident:my_calendar")).content.decode()

    address = made.split('href="http://testserver/calendars/mine/')[1].split('"')[0]
    assert "calendars/mine" not in again
    feed = Client().get(f"/calendars/mine/{address}")
    assert feed["Content-Type"].startswith("text/calendar")
    client.post(reverse("resident:my_calendar_end"))
    assert Client().get(f"/calendars/mine/{address}").status_code == 410
    with scope.everything():
        assert FeedLink.objects.filter(revoked_at__isnull=True).count() == 0


def test_public_calendars_answer_anybody_and_say_when_nothing_changed(programme: Programme, client: Client) -> None:
    path = reverse("resident:calendar_community", kwargs={"community": programme.community.pk})

    answer = client.get(path)
    again = client.get(path, HTTP_IF_NONE_MATCH=answer["ETag"])

    assert answer.content.count(b"BEGIN:VEVENT") == 3
    assert again.status_code == 304
    assert client.get(reverse("resident:calendar_venue", kwargs={"venue": programme.venue.pk})).status_code == 200
    assert (
        client.get(
            programme.date_url("occurrence").replace("/staff/activities/dates/", "/calendars/date/")[:-1] + ".ics"
        ).status_code
        == 200
    )


def test_the_district_reads_figures_by_community_and_category(
    small_district: Any, programme: Programme, client: Client
) -> None:
    small_district.log_in(client, "district")

    for name in ("activities", "activity_categories"):
        for form in ("", "_export", "_print"):
            assert client.get(reverse(f"district:{name}{form}")).status_code == 200
        assert queries_of(client, reverse(f"district:{name}") + "?period=month") <= MOST_QUERIES


def test_a_picture_is_sent_in_printed_and_shown_to_everybody(clerk: Client, programme: Programme) -> None:
    dot = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    public = programme.date_url("occurrence").replace("/staff/activities/dates/", "/activities/") + "picture/"
    assert Client().get(public).status_code == 404

    sent = clerk.post(programme.url("activity_picture_change"), {"picture": io.BytesIO(dot)})

    assert sent.status_code == 302
    assert Client().get(public)["Content-Type"] == "image/png"
    assert programme.url("activity_picture") in clerk.get(programme.date_url("publicity_poster")).content.decode()
    clerk.post(programme.url("activity_picture_remove"))
    assert Client().get(public).status_code == 404
