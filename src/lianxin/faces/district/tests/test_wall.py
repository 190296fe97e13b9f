"""The wall screen: figures without names, by a login or by an address that can be ended, and never keeping a login."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.domain.reporting.commands.walls import end_wall, make_wall
from lianxin.domain.reporting.models.walls import Wall
from lianxin.domain.reporting.rules.walls import digest_of
from lianxin.faces.entrance.session import SEEN
from lianxin.platform import scope
from lianxin.platform.clock import local_day, local_moment, now
from lianxin.platform.errors import Invalid, Missing, NotAllowed

from .test_today import make_occurrence

HTMX = {"HX-Request": "true"}


def make(small_district: Any, who: str = "district", **more: Any) -> tuple[Wall, str]:
    made = make_wall(actor=small_district.actor(who), name="一楼大厅", at=now(), **more)
    return made, made.secret


def numbers(page: Any) -> dict[str, Any]:
    return {str(one.label): one for one in page.context["numbers"]}


def test_an_address_is_shown_once_kept_as_a_digest_and_opens_without_a_login(
    department: Client, small_district: Any
) -> None:
    sent = department.post(reverse("district:wall_new"), {"name": "一楼大厅", "subdistrict": "", "days": "30"})
    shown = department.get(sent.url)
    again = department.get(sent.url)

    token = shown.context["address"].rstrip("/").rpartition("/")[2]
    [wall] = Wall.objects.all()
    assert again.url == reverse("district:walls")
    assert wall.token_digest == digest_of(token)
    page = Client(headers={"accept-language": "zh"}).get(reverse("district:wall_hung", args=[token]))
    assert page.status_code == 200
    assert len(page.context["numbers"]) == 8
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_an_ended_or_expired_address_leads_nowhere(small_district: Any) -> None:
    wall, token = make(small_district)
    old, expired = make(small_district, days=1)
    Wall.objects.filter(pk=old.pk).update(made_at=now() - timedelta(days=3), expires_at=now() - timedelta(days=1))
    end_wall(actor=small_district.actor("district"), wall=wall.pk, at=now())

    for secret in (token, expired, "x"):
        for name in ("wall_hung", "wall_hung_part"):
            assert Client().get(reverse(f"district:{name}", args=[secret]), headers=HTMX).status_code == 404


def test_an_office_hangs_up_only_what_it_answers_for(small_district: Any) -> None:
    own, foreign = small_district.cuiying.parent_id, small_district.jinzhou_village.parent_id
    wall, _token = make(small_district, "xinjin", subdistrict=own)
    others, _token = make(small_district, subdistrict=foreign)

    for wanted in (None, foreign):
        with pytest.raises(Invalid):
            make(small_district, "xinjin", subdistrict=wanted)
    with pytest.raises(NotAllowed):
        make(small_district, "cuiying1", subdistrict=own)
    with pytest.raises(Missing):
        end_wall(actor=small_district.actor("xinjin"), wall=others.pk, at=now())
    assert end_wall(actor=small_district.actor("xinjin"), wall=wall.pk, at=now()).ended_at is not None


def test_a_name_or_days_that_cannot_be_are_refused_with_the_field(small_district: Any) -> None:
    for more, field in (({"days": 0}, "days"), ({"days": 5000}, "days")):
        with pytest.raises(Invalid) as refused:
            make(small_district, **more)
        assert set(refused.value.fields) == {field}
    with pytest.raises(Invalid) as refused:
        make_wall(actor=small_district.actor("district"), name="  ", at=now())
    assert set(refused.value.fields) == {"name"}


def test_a_subdistricts_screen_shows_its_own_doors_only(small_district: Any, department: Client) -> None:
    _wall, token = make(small_district, subdistrict=small_district.cuiying.parent_id)

    own = Client().get(reverse("district:wall_hung", args=[token]))
    whole = department.get(reverse("district:wall"))

    with scope.everything():
        venues = apps.get_model("places.Venue").objects.filter(state__in=["open", "paused"])
        assert own.context["numbers"][0].of == venues.filter(community=small_district.cuiying).count()
        assert whole.context["numbers"][0].of == venues.count()


def test_the_ticker_tells_kind_and_place_but_no_title_and_no_small_number(small_district: Any) -> None:
    noon = local_moment(local_day(now())) + timedelta(hours=12)
    occurrence = make_occurrence(small_district.cuiying, state="held", starts_at=noon - timedelta(hours=4))
    with scope.everything():
        people = list(apps.get_model("people.Person").objects.filter(community=small_district.cuiying)[:6])
        come = apps.get_model("activities.Attendance").objects
        for person in people[:4]:
            come.create(
                community=small_district.cuiying, occurrence=occurrence, person=person, how="name", came_at=noon,
                noted_at=noon,
            )  # fmt: skip
    _wall, token = make(small_district)
    address = reverse("district:wall_hung", args=[token])
    few = Client().get(address)
    with scope.everything():
        for person in people[4:]:
            come.create(
                community=small_district.cuiying, occurrence=occurrence, person=person, how="name", came_at=noon,
                noted_at=noon,
            )  # fmt: skip
    enough = Client().get(address)

    [line] = [words for words in enough.context["acts"] if "翠英" in words]
    assert occurrence.activity.category.name in line
    assert "6" in line
    assert all("4" not in words for words in few.context["acts"] if "翠英" in words)
    assert enough.context["numbers"][2].number == 6
    for page in (few, enough):
        assert "林阿姨" not in page.content.decode()
        assert not [person for person in people if person.name and person.name in page.content.decode()]


def test_a_hung_screen_adds_up_only_what_it_tells_so_that_no_small_act_is_what_is_missing(
    small_district: Any, department: Client
) -> None:
    _wall, token = make(small_district)
    label = "今日参加人次"
    noon = local_moment(local_day(now())) + timedelta(hours=12)

    def shown() -> tuple[int, int]:
        hung = Client(headers={"accept-language": "zh"}).get(reverse("district:wall_hung", args=[token]))
        return numbers(hung)[label].number, numbers(department.get(reverse("district:wall")))[label].number

    told, counted = shown()
    for came in (2, 6):
        occurrence = make_occurrence(small_district.cuiying, state="held", starts_at=noon - timedelta(hours=4))
        with scope.everything():
            people = apps.get_model("people.Person").objects.filter(community=small_district.cuiying)[:came]
            for person in people:
                apps.get_model("activities.Attendance").objects.create(
                    community=small_district.cuiying, occurrence=occurrence, person=person, how="name",
                    came_at=noon, noted_at=noon,
                )  # fmt: skip

    assert shown() == (told + 6, counted + 8)


def test_a_hung_screen_leads_to_nothing_behind_a_login(small_district: Any) -> None:
    _wall, token = make(small_district)

    page = Client().get(reverse("district:wall_hung", args=[token]))

    assert {one.url for one in page.context["numbers"]} == {""}
    assert b'href="/staff' not in page.content
    assert b'href="/district' not in page.content


def test_asking_again_by_itself_does_not_keep_a_login_alive(department: Client) -> None:
    def seen() -> datetime:
        return datetime.fromisoformat(department.session[SEEN])

    session = department.session
    before = now() - timedelta(minutes=20)
    session[SEEN] = before.isoformat()
    session.save()
    part = reverse("district:wall_part")

    assert department.get(part, headers=HTMX | {"X-Passive": "yes"}).status_code == 200
    assert seen() == before
    assert department.get(reverse("district:wall")).status_code == 200
    assert seen() > before


def test_the_part_costs_few_queries_and_is_no_page_of_its_own(department: Client, small_district: Any) -> None:
    _wall, token = make(small_district, subdistrict=small_district.cuiying.parent_id)
    costs = []
    for client, address in (
        (department, reverse("district:wall_part")),
        (Client(), reverse("district:wall_hung_part", args=[token])),
    ):
        with CaptureQueriesContext(connection) as caught:
            part = client.get(address, headers=HTMX)
        costs.append(len(caught))
        assert b"<html" not in part.content
        assert client.get(address).status_code == 302

    assert max(costs) <= 12, costs
