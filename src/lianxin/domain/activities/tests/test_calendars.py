"""Calendars read back by a program that we did not write, and what search engines and groups are told."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import icalendar
import pytest

from lianxin.domain.activities.commands import feeds, occurrences, sign_ups
from lianxin.domain.activities.commands.sign_ups import Somebody
from lianxin.domain.activities.models import FeedLink
from lianxin.domain.activities.queries.calendars import (
    community_calendar,
    occurrence_calendar,
    person_calendar,
    venue_calendar,
)
from lianxin.domain.activities.queries.publicity import find_told
from lianxin.domain.activities.rules import publicity
from lianxin.domain.activities.tests.plan_factories import AT, make_ground, make_public, make_resident, make_series
from lianxin.domain.places.models import Room
from lianxin.engines import icalendar as engine
from lianxin.platform import scope
from lianxin.platform.errors import Gone, Missing

BASE = "https://lianxin.example"
REQUIRED = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "LAST-MODIFIED", "STATUS")


def read(data: bytes) -> tuple[Any, list[Any]]:
    """Read a calendar strictly, and hold each of its parts against what RFC 5545 asks for."""
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in data.replace(b"\r\n", b"")
    calendar = icalendar.Calendar.from_ical(data.decode())
    assert {name: str(calendar[name]) for name in ("VERSION", "CALSCALE", "METHOD")} == {
        "VERSION": "2.0",
        "CALSCALE": "GREGORIAN",
        "METHOD": "PUBLISH",
    }
    assert calendar["PRODID"]
    zones = {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")}
    events = list(calendar.walk("VEVENT"))
    assert not [problem for part in calendar.walk() for problem in part.errors]
    for event in events:
        assert not [name for name in REQUIRED if name not in event]
        assert event["DTSTART"].params["TZID"] in zones
        assert event.decoded("DTEND") > event.decoded("DTSTART")
        assert event["STATUS"] in ("CONFIRMED", "TENTATIVE", "CANCELLED")
    assert len({str(event["UID"]) for event in events}) == len(events)
    return calendar, events


@pytest.mark.django_db
def test_the_feed_of_a_community_has_every_public_date_at_its_moment() -> None:
    ground = make_ground()
    _activity, rows = make_public(ground, times=5)
    make_series(ground, times=2, room=None)

    calendar, events = read(community_calendar(community=ground.community.pk, base_url=BASE, at=AT))

    assert [event.decoded("DTSTART") for event in events] == [row.starts_at for row in rows]
    assert [event.decoded("DTEND") for event in events] == [row.ends_at for row in rows]
    assert str(calendar["X-WR-CALNAME"]) == "翠英社区"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=4)
    assert str(events[0]["LOCATION"]).startswith("翠英社区党群服务中心")


@pytest.mark.django_db
def test_a_moved_date_keeps_its_uid_and_raises_its_sequence() -> None:
    ground = make_ground()
    _activity, rows = make_public(ground, times=2)
    _calendar, before = read(venue_calendar(venue=ground.venue.pk, base_url=BASE, at=AT))

    occurrences.change_occurrence(
        actor=ground.planner,
        occurrence=rows[0].pk,
        change={"starts_at": rows[0].starts_at + timedelta(hours=1), "ends_at": rows[0].ends_at + timedelta(hours=1)},
        at=AT + timedelta(minutes=5),
    )
    _calendar, after = read(venue_calendar(venue=ground.venue.pk, base_url=BASE, at=AT))

    assert [event["UID"] for event in after] == [event["UID"] for event in before]
    assert [int(event["SEQUENCE"]) for event in after] == [1, 0]
    assert after[0].decoded("LAST-MODIFIED") == AT + timedelta(minutes=5)
    assert after[0].decoded("DTSTART") - before[0].decoded("DTSTART") == timedelta(hours=1)


@pytest.mark.django_db
def test_a_date_called_off_stays_for_ninety_days_as_cancelled() -> None:
    ground = make_ground()
    _activity, rows = make_public(ground, times=2)
    occurrences.cancel_occurrence(actor=ground.planner, occurrence=rows[0].pk, reason="台风", at=AT)

    _calendar, soon = read(community_calendar(community=ground.community.pk, base_url=BASE, at=AT))
    _calendar, late = read(
        community_calendar(community=ground.community.pk, base_url=BASE, at=rows[0].starts_at + timedelta(days=89))
    )
    _calendar, gone = read(
        community_calendar(community=ground.community.pk, base_url=BASE, at=rows[0].starts_at + timedelta(days=91))
    )

    assert [(str(event["STATUS"]), int(event["SEQUENCE"])) for event in soon] == [("CANCELLED", 1), ("CONFIRMED", 0)]
    assert str(late[0]["STATUS"]) == "CANCELLED"
    assert rows[0].pk.hex not in "".join(str(event["UID"]).replace("-", "") for event in gone)


@pytest.mark.django_db
def test_a_private_feed_shows_ones_own_and_ends_with_its_link() -> None:
    ground = make_ground()
    _activity, rows = make_public(ground, times=2, size=1)
    person, actor = make_resident(ground)
    _other, neighbour = make_resident(ground, "林阿姨")
    made = sign_ups.sign_up(actor=actor, occurrence=rows[0].pk, people=[Somebody(person=person.pk)], at=AT)
    sign_ups.sign_up(actor=neighbour, occurrence=rows[1].pk, people=[Somebody(person=neighbour.person)], at=AT)
    sign_ups.sign_up(actor=actor, occurrence=rows[1].pk, people=[Somebody(person=person.pk)], at=AT)
    link = feeds.make_feed_link(actor=actor, at=AT)

    _calendar, events = read(person_calendar(token=link.token, base_url=BASE, at=AT))
    sign_ups.cancel_sign_up(actor=actor, sign_up=made[0].pk, at=AT)
    _calendar, later = read(person_calendar(token=link.token, base_url=BASE, at=AT))

    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "TENTATIVE"]
    assert [(str(event["STATUS"]), int(event["SEQUENCE"])) for event in later] == [("CANCELLED", 1), ("TENTATIVE", 0)]

    again = feeds.make_feed_link(actor=actor, at=AT)
    with pytest.raises(Gone):
        person_calendar(token=link.token, base_url=BASE, at=AT)
    with pytest.raises(Missing):
        person_calendar(token="forged" + again.token, base_url=BASE, at=AT)
    feeds.revoke_feed_link(actor=actor, at=AT)
    with pytest.raises(Gone):
        person_calendar(token=again.token, base_url=BASE, at=AT)


@pytest.mark.django_db
def test_the_token_of_a_feed_is_kept_nowhere() -> None:
    ground = make_ground()
    _person, actor = make_resident(ground)

    made = feeds.make_feed_link(actor=actor, at=AT)

    with scope.everything():
        [row] = FeedLink.objects.values()
    assert made.token not in json.dumps(row, default=str)


@pytest.mark.django_db
def test_a_single_date_can_be_kept_as_a_file() -> None:
    ground = make_ground()
    _activity, rows = make_public(ground, times=1)

    _calendar, [event] = read(occurrence_calendar(occurrence=rows[0].pk, base_url=BASE, at=AT))

    assert str(event["URL"]) == f"{BASE}/activities/{rows[0].pk}/"
    with pytest.raises(Missing):
        occurrence_calendar(occurrence=ground.venue.pk, base_url=BASE, at=AT)


@pytest.mark.django_db
def test_a_confidential_room_is_not_named_to_the_public() -> None:
    ground = make_ground()
    with scope.everything():
        Room.objects.filter(pk=ground.room.pk).update(confidential=True, name="心理咨询室")
    _activity, rows = make_public(ground, times=1)

    told = find_told(occurrence=rows[0].pk, base_url=BASE)
    feed = community_calendar(community=ground.community.pk, base_url=BASE, at=AT).decode()

    assert "心理咨询室" not in told.where
    assert "心理咨询室" not in feed.replace("\r\n ", "")


@pytest.mark.parametrize(
    "text",
    [
        "逗号,分号;反斜杠\\换行\n完",
        "很长的标题" * 40,
        "emoji 👨‍👩‍👧‍👦 和 é",
        "line\r\nBEGIN:VEVENT\r\nSUMMARY:注入",
        "\x00控制符\x07",
    ],
)
def test_any_text_comes_back_as_it_was_written(text: str) -> None:
    event = engine.Event("a@lianxin", AT, AT + timedelta(hours=1), AT, 0, text, description=text, categories=(text,))

    _calendar, [back] = read(engine.write([event], name=text))

    clean = text.replace("\r\n", "\n").replace("\x00", "").replace("\x07", "")
    assert str(back["SUMMARY"]) == clean
    assert str(back["DESCRIPTION"]) == clean


def texts(value: Any) -> Iterator[str]:
    """All texts in a JSON value."""
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


@pytest.mark.django_db
def test_search_engines_learn_time_place_state_and_places() -> None:
    ground = make_ground()
    _activity, rows = make_public(ground, times=1, size=30)
    told = find_told(occurrence=rows[0].pk, base_url=BASE)

    data = json.loads(publicity.event_json(told))

    assert (data["@context"], data["@type"]) == ("https://schema.org", "Event")
    assert data["startDate"] == "2026-03-09T09:30:00+08:00"
    assert data["endDate"] == "2026-03-09T11:00:00+08:00"
    assert data["eventStatus"].endswith("EventScheduled")
    assert data["eventAttendanceMode"].endswith("OfflineEventAttendanceMode")
    assert data["location"]["address"]["streetAddress"] == "翠英路1号"
    assert data["organizer"] == [{"@type": "Organization", "name": "翠英社区"}]
    assert (data["maximumAttendeeCapacity"], data["remainingAttendeeCapacity"]) == (30, 30)
    assert (data["offers"]["price"], data["offers"]["availability"]) == ("0", "https://schema.org/InStock")
    assert data["isAccessibleForFree"] is True
    cancelled = publicity.event_data(replace(told, state="cancelled"))
    assert cancelled["eventStatus"].endswith("EventCancelled")
    assert "offers" not in cancelled


@pytest.mark.django_db
def test_no_text_breaks_out_of_the_script_or_the_article() -> None:
    ground = make_ground()
    _activity, rows = make_public(ground, times=1)
    evil = "</script><script>alert(1)</script>"
    told = replace(find_told(occurrence=rows[0].pk, base_url=BASE), title=evil, summary=evil, poster_text=evil)

    assert "<" not in publicity.event_json(told)
    assert "<script" not in publicity.article(told)
    assert evil in list(texts(json.loads(publicity.event_json(told))))


@pytest.mark.django_db
def test_a_group_is_told_what_when_where_and_how_in_plain_lines() -> None:
    ground = make_ground()
    _activity, rows = make_public(ground, times=1, size=30)
    told = find_told(occurrence=rows[0].pk, base_url=BASE)

    lines = publicity.group_text(told).splitlines()

    assert lines[0] == "【中医养生讲座】"
    assert "时间：3月9日 周一 上午9:30–11:00（正月廿一）" in lines
    assert lines[-1] == f"{BASE}/activities/{rows[0].pk}/"
    assert "名额 30 个，点开报名：" in lines
    full = publicity.group_text(replace(told, taken=30))
    assert "已满" in full
    off = publicity.group_text(replace(told, state="cancelled", cancel_reason="台风"))
    assert off.startswith("【取消】")
    assert "台风" in off


@pytest.mark.parametrize(
    ("text", "width", "most", "lines"),
    [
        ("中秋邻里晚会", 10, 3, ["中秋邻里晚会"]),
        ("重阳敬老义诊暨长寿面品尝", 6, 3, ["重阳敬老义诊", "暨长寿面品尝"]),
        ("一二三四五六七八", 3, 2, ["一二三", "四五…"]),
        ("第一行\n第二行", 10, 3, ["第一行", "第二行"]),
    ],
)
def test_titles_are_split_to_fit_a_poster(text: str, width: float, most: int, lines: list[str]) -> None:
    assert publicity.split_lines(text, width=width, most=most) == lines
