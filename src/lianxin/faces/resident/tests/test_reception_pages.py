"""Reception days on residents' pages: the calendar, booking, the waiting line, giving back, the feed."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.domain.voice.commands import reception_places, reception_series
from lianxin.domain.voice.commands.reception_telling import page_path
from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.ids import new_id
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system(via="cli")


@pytest.fixture
def day(small_district: SmallDistrict) -> ReceptionDay:
    """The first of 翠英's weekly evenings, with two times."""
    saved = reception_series.save(
        actor=SYSTEM,
        community=small_district.cuiying.pk,
        kind="evening",
        title="党群夜话",
        recurrence="FREQ=WEEKLY;BYDAY=WE",
        from_on=local_day(now()),
        starts_time=time(19, 30),
        minutes=40,
        slot_minutes=20,
        leader_name="林书记",
        place_words="大榕树下",
        notice="带上材料更好",
        at=now(),
    )
    with scope.everything():
        return ReceptionDay.objects.filter(series=saved.series).order_by("held_on")[1]


@pytest.fixture
def resident(small_district: SmallDistrict, client: Client) -> Client:
    """Somebody of 翠英 with a phone."""
    small_district.log_in_resident(client)
    return client


def fill(day: ReceptionDay, count: int) -> list[ReceptionPlace]:
    return [reception_places.book(actor=SYSTEM, day=day.pk, guest_name=f"来人{n}", at=now()) for n in range(count)]


def book(client: Client, day: ReceptionDay, **data: Any) -> Any:
    values = {"key": new_id(), "about": "想说说停车", "channel": "phone"} | data
    return client.post(reverse("resident:reception", args=[day.pk]), values)


def test_anybody_reads_the_calendar_and_is_asked_to_log_in_only_to_book(client: Client, day: ReceptionDay) -> None:
    fill(day, 1)
    listed = client.get(reverse("resident:receptions", args=[day.community_id])).content.decode()
    shown = client.get(reverse("resident:reception", args=[day.pk])).content.decode()
    feed = client.get(reverse("resident:receptions_feed", args=[day.community_id]))

    assert "党群夜话" in listed
    assert "还有 1 个时间" in listed
    assert all(words in shown for words in ("大榕树下", "带上材料更好", "林书记"))
    assert "来人0" not in listed + shown + feed.content.decode()
    assert feed.headers["Content-Type"].startswith("text/calendar")
    assert "/login" in book(client, day, slot=1).headers["Location"]


def test_resident_books_a_time_sees_it_and_gives_it_back(resident: Client, day: ReceptionDay) -> None:
    assert book(resident, day, slot=1).headers["Location"] == reverse("resident:my_receptions")

    mine = resident.get(reverse("resident:my_receptions")).content.decode()
    assert "19:50–20:10" in mine
    assert book(resident, day, slot=0).status_code == 422
    with scope.everything():
        place = ReceptionPlace.objects.get(day=day)
    assert (place.slot, place.about, place.channel) == (1, "想说说停车", "phone")
    back = reverse("resident:reception_give_up", args=[place.pk])
    assert resident.get(back).status_code == 200
    resident.post(back, {"confirmed": "yes", "key": new_id()})
    with scope.everything():
        place.refresh_from_db()
    assert place.state == "cancelled"
    assert resident.get(reverse("resident:reception_give_up", args=[new_id()])).status_code == 404


def test_full_day_offers_the_waiting_line_and_a_freed_time_moves_up(resident: Client, day: ReceptionDay) -> None:
    first, _second = fill(day, 2)
    shown = resident.get(reverse("resident:reception", args=[day.pk])).content.decode()
    assert "排队等" in shown
    assert 'name="slot"' not in shown
    book(resident, day)
    with scope.everything():
        place = ReceptionPlace.objects.get(day=day, state="waiting")
    assert "1" in resident.get(reverse("resident:my_receptions")).content.decode()

    # Who has the link gives it back without logging in.
    Client().post(page_path(first) + "back/")

    with scope.everything():
        place.refresh_from_db()
    assert (place.state, place.slot) == ("booked", 0)
    assert "19:30–19:50" in resident.get(page_path(place)).content.decode()
    assert Client().get(page_path(place)[:-5] + "AAAA/").status_code == 404
