"""Checking in with one's own phone, and saying how it was: with a login, with a ticket, without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.domain.activities.commands.attendance import check_in
from lianxin.domain.activities.models import Attendance, Feedback
from lianxin.domain.activities.queries.doors import (
    door_code,
    venue_code,
)
from lianxin.domain.activities.rules import door_codes, tokens
from lianxin.domain.activities.tests.sign_up_factories import (
    Scene,
    make_home,
    make_scene,
    sign_up_guest,
    sign_up_residents,
)
from lianxin.domain.places.models import Venue
from lianxin.faces.resident.tests.test_activity_pages import log_in
from lianxin.platform import scope
from lianxin.platform.clock import local_day, now

pytestmark = pytest.mark.django_db


def on_now(**values: Any) -> Scene:
    """A date that began half an hour ago."""
    starts = now().replace(microsecond=0) - timedelta(minutes=30)
    return make_scene(**{"starts_at": starts, "ends_at": starts + timedelta(hours=2)} | values)


def page_of(code: str) -> str:
    return reverse("resident:check_in", kwargs={"code": code})


def door_of(scene: Scene) -> str:
    return page_of(door_code(scene.fresh()))


def live(scene: Scene) -> list[Attendance]:
    with scope.everything():
        return list(Attendance.objects.filter(occurrence=scene.occurrence, undone_at=None).order_by("pk"))


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def family(client: Client, scene: Scene, *names: str) -> list[Any]:
    people = make_home(scene.community, *names)
    log_in(client, people[0])
    client.cookies["lianxin-language"] = "en"
    return people


def test_family_checks_in_together_with_one_button(client: Client) -> None:
    scene = on_now()
    people = family(client, scene, "陈小明", "陈小华")
    sign_up_residents(scene, scene.as_resident(people[0]), people[0], at=scene.occurrence.starts_at - timedelta(days=1))
    page = text_of(client.get(door_of(scene)))
    assert re.search(rf'value="{people[0].pk}"[^>]*checked', page)
    assert not re.search(rf'value="{people[1].pk}"[^>]*checked', page)

    answer = client.post(door_of(scene), {"people": [str(one.pk) for one in people]}, follow=True)
    again = client.post(door_of(scene), {"people": [str(people[0].pk)]})

    assert "All of you are checked in" in text_of(answer)
    assert {one.person_id for one in live(scene)} == {one.pk for one in people}
    assert {one.how for one in live(scene)} == {"venue_code"}
    assert again.status_code == 422


def test_guest_checks_in_with_six_digits(client: Client) -> None:
    scene = on_now()
    row = sign_up_guest(scene, 1, at=scene.occurrence.starts_at - timedelta(days=1))
    client.cookies["lianxin-language"] = "en"
    assert "Log in and check in" in text_of(client.get(door_of(scene)))

    wrong = client.post(door_of(scene), {"ticket": "000 000"})
    right = client.post(door_of(scene), {"ticket": f"{row.code[:3]} {row.code[3:]}"}, follow=True)

    assert "Nobody has this code here" in text_of(wrong)
    assert "Have a good time" in text_of(right)
    assert [one.sign_up_id for one in live(scene)] == [row.pk]


def test_code_of_yesterday_and_a_forged_one_lead_nowhere(client: Client) -> None:
    scene = on_now()
    family(client, scene)
    day = local_day(scene.occurrence.starts_at)
    old = door_codes.write("A", scene.occurrence.pk, day - timedelta(days=1))
    code = door_code(scene.occurrence)

    answers = [client.get(page_of(old)), client.get(page_of(code[:-1] + ("0" if code[-1] != "0" else "1")))]

    assert [one.status_code for one in answers] == [409, 404]
    assert "for" in text_of(answers[0])
    assert client.post(page_of(old), {"people": []}).status_code == 409
    assert live(scene) == []


def test_door_that_is_not_open_yet_says_when(client: Client) -> None:
    scene = on_now(starts_at=now() + timedelta(hours=3), ends_at=now() + timedelta(hours=4), early_minutes=30)
    people = family(client, scene)

    page = client.get(door_of(scene))
    sent = client.post(door_of(scene), {"people": [str(people[0].pk)]})

    assert "Check-in opens" in text_of(page)
    assert sent.status_code == 422
    assert live(scene) == []


def test_code_of_the_venue_offers_what_is_on(client: Client) -> None:
    scene = on_now()
    with scope.everything():
        venue = Venue.objects.create(
            community=scene.community, kind="centre", name="党群服务中心", state="open", opened_on="2024-03-01"
        )
    code = venue_code(venue.pk, now())
    people = family(client, scene)
    assert "Nothing is on here right now" in text_of(client.get(page_of(code)))
    scene.change(venue=venue)

    client.post(page_of(code), {"people": [str(people[0].pk)]})

    assert [one.person_id for one in live(scene)] == [people[0].pk]


def test_one_leaves_with_the_same_code_where_hours_count(client: Client) -> None:
    scene = on_now(has_check_out=True)
    people = family(client, scene)
    client.post(door_of(scene), {"people": [str(people[0].pk)]})
    [came] = live(scene)
    path = reverse("resident:check_out", kwargs={"code": door_code(scene.occurrence), "attendance": came.pk})

    assert "I am leaving" in text_of(client.get(door_of(scene)))
    assert Client().post(path).status_code == 404
    client.post(path)

    assert live(scene)[0].left_at is not None


def test_one_tap_says_how_it_was_and_words_may_follow(client: Client) -> None:
    scene = on_now()
    people = family(client, scene)
    came = check_in(actor=scene.keeper, occurrence=scene.occurrence.pk, person=people[0].pk, how="name", at=now())
    path = reverse("resident:visit", kwargs={"attendance": came.pk})
    assert "How was it?" in text_of(client.get(reverse("resident:visits")))

    client.post(path, {"face": "3"})
    client.post(path, {"face": "2", "words": "人太多", "met_need": "no"})
    client.post(path, {"face": "2", "words": ""})
    too_much = client.post(path, {"face": "7"})

    with scope.everything():
        given = Feedback.objects.get()
    assert (given.face, given.words, given.how, given.asked_by) == (2, "人太多", "self", None)
    assert too_much.status_code == 422


def test_guest_says_how_it_was_by_the_ticket_and_strangers_do_not(client: Client) -> None:
    scene = on_now()
    row = sign_up_guest(scene, 1, at=scene.occurrence.starts_at - timedelta(days=1))
    assert "opinion" not in client.get(tokens.ticket_path(tokens.token_for(row.pk))).content.decode()
    came = check_in(actor=scene.keeper, occurrence=scene.occurrence.pk, sign_up=row.pk, how="name", at=now())
    path = reverse("resident:ticket_opinion", kwargs={"token": tokens.token_for(row.pk)})

    assert path in client.get(tokens.ticket_path(tokens.token_for(row.pk))).content.decode()
    assert client.get(path).status_code == 200
    assert client.post(path, {"face": "3"}).status_code == 302
    assert client.get(reverse("resident:ticket_opinion", kwargs={"token": "A" * 26})).status_code == 404
    family(client, scene)
    assert client.get(reverse("resident:visit", kwargs={"attendance": came.pk})).status_code == 404

    with scope.everything():
        assert Feedback.objects.get().face == 3


def test_old_visit_takes_no_more_words(client: Client) -> None:
    starts = now().replace(microsecond=0) - timedelta(days=40)
    scene = make_scene(starts_at=starts, ends_at=starts + timedelta(hours=2))
    people = family(client, scene)
    came = check_in(actor=scene.keeper, occurrence=scene.occurrence.pk, person=people[0].pk, how="name", at=starts)
    path = reverse("resident:visit", kwargs={"attendance": came.pk})

    assert "This was a while ago" in text_of(client.get(path))
    assert client.post(path, {"face": "3"}).status_code == 422
