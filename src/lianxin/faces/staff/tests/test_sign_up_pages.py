"""The office's pages of sign-ups: the list, the desk, chains, whom to call; strangers find nothing."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.contrib import auth
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lianxin.domain.activities.commands.sign_ups import Somebody, cancel_sign_up, sign_up
from lianxin.domain.activities.models import ChainPaste, SignUp
from lianxin.domain.activities.rules import tokens
from lianxin.domain.activities.tests.sign_up_factories import (
    Scene,
    make_home,
    make_limit,
    make_scene,
    now_of,
    sign_up_guest,
    sign_up_guests,
    sign_up_residents,
)
from lianxin.domain.people.models import Account
from lianxin.domain.people.tests.account_factories import make_staff
from lianxin.domain.places.models import Division
from lianxin.faces.entrance.session import BACKEND, SEEN
from lianxin.platform import scope
from lianxin.platform.clock import now

pytestmark = pytest.mark.django_db
MOST = 10


def come_in(account: Account) -> Client:
    """A client that goes on as an account, in English so that tests read the msgids."""
    client = Client()
    session = client.session
    session[auth.SESSION_KEY] = str(account.pk)
    session[auth.BACKEND_SESSION_KEY] = BACKEND
    session[auth.HASH_SESSION_KEY] = account.get_session_auth_hash()
    session[SEEN] = now().isoformat()
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    client.cookies["lianxin-language"] = "en"
    return client


def clerk_of(community: Division, role: str = "community_staff") -> Client:
    """Somebody who works for a community."""
    account, _actor = make_staff(role, division=community)
    return come_in(account)


@pytest.fixture
def scene() -> Scene:
    """A date in eight days, as pages ask the real clock."""
    starts = now().replace(microsecond=0) + timedelta(days=8)
    return make_scene(size=3, starts_at=starts, ends_at=starts + timedelta(hours=2))


@pytest.fixture
def clerk(scene: Scene) -> Client:
    """Who keeps the activity."""
    return clerk_of(scene.community)


def where(scene: Scene, name: str) -> str:
    """The address of a page of the date."""
    return reverse(f"staff:{name}", kwargs={"occurrence": scene.occurrence.pk})


def read(client: Client, address: str) -> str:
    """The text of a page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:3000]
    return answer.content.decode()


def test_the_list_masks_names_and_tells_who_waits(scene: Scene, clerk: Client) -> None:
    sign_up_guests(scene, range(4), at=now())

    page = read(clerk, where(scene, "sign_ups"))

    assert "来*0" in page
    assert "来客0" not in page
    assert "3 / 3" in page
    assert "waiting: 1" in page


@pytest.mark.parametrize("query", ["?state=waiting", "?state=all", "?q=来客3", "?state=rubbish&after=x"])
def test_the_list_is_narrowed(scene: Scene, clerk: Client, query: str) -> None:
    sign_up_guests(scene, range(4), at=now())

    assert "来*3" in read(clerk, where(scene, "sign_ups") + query)


def test_the_list_goes_on_paper_and_into_a_workbook_without_formulas(scene: Scene, clerk: Client) -> None:
    people = [Somebody(name="=1+1", phone="13800000001", note="=cmd|' /C calc'!A0")]
    sign_up(actor=scene.keeper, occurrence=scene.occurrence.pk, people=people, how="phone", at=now())

    sheet = clerk.get(where(scene, "sign_ups") + "?as=xlsx")
    paper = read(clerk, where(scene, "sign_ups") + "?as=print")
    named = clerk.post(where(scene, "sign_ups_named"), {"reason": "=1+1"})

    for answer in (sheet, named):
        rows = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert all(cell.data_type != "f" for row in rows.iter_rows() for cell in row)
    assert "13800000001" in str([[cell.value for cell in row] for row in rows.iter_rows()])
    assert "健康讲座" in paper


def test_names_want_a_reason(scene: Scene, clerk: Client) -> None:
    sign_up_guest(scene, 1, at=now())

    assert clerk.post(where(scene, "sign_ups_named"), {"reason": ""}).status_code == 422
    assert "来客1" not in read(clerk, where(scene, "sign_ups_named"))


def test_a_resident_is_found_and_signed_up_by_phone(scene: Scene, clerk: Client) -> None:
    [old] = make_home(scene.community, "林阿婆", born=1944, phone="13800001111")
    new = where(scene, "sign_up_new")

    found = read(clerk, f"{new}?q=13800001111")
    answer = clerk.post(f"{new}?person={old.pk}", {"how": "phone", "along": "林小妹，林小弟", "note": ""}, follow=True)

    assert f"?person={old.pk}" in found
    assert "Signed up. The code is" in answer.content.decode()
    with scope.everything():
        rows = list(SignUp.objects.filter(occurrence=scene.occurrence).order_by("place_no"))
    assert [(row.person_id, row.guest_name, row.how) for row in rows] == [
        (old.pk, "", "phone"),
        (None, "林小妹", "phone"),
        (None, "林小弟", "phone"),
    ]


def test_a_name_is_signed_up_at_the_desk_and_a_refusal_loses_nothing(scene: Scene, clerk: Client) -> None:
    limit = make_limit(scene, "轮椅位", 1)
    new = f"{where(scene, 'sign_up_new')}?who=guest"
    sent = {"how": "staff", "name": "陈路过", "phone": "", "along": "", "note": "坐轮椅", "limit": str(limit.pk)}

    wrong = clerk.post(new, sent | {"phone": "12"})
    done = clerk.post(new, sent)

    assert wrong.status_code == 422
    assert "坐轮椅" in wrong.content.decode()
    assert done.status_code == 302
    assert scene.counters == (1, 0)


def test_a_chain_is_pasted_looked_through_and_taken_in(scene: Scene, clerk: Client) -> None:
    [ming] = make_home(scene.community, "陈小明")

    pasted = clerk.post(where(scene, "chain_paste"), {"text": "重阳节\n1. 陈小明+1\n2. 来客 13800000001\n3. 不去了"})
    with scope.everything():
        chain = ChainPaste.objects.get()
    address = reverse("staff:chain", kwargs={"chain": chain.pk})
    page = read(clerk, address)
    sent = {
        "line-0-take": "on",
        "line-0-person": str(ming.pk),
        "line-0-name": "陈小明",
        "line-0-count": "2",
        "line-1-take": "on",
        "line-1-name": "来客",
        "line-1-count": "1",
        "line-1-phone": "13800000001",
    }
    taken = clerk.post(address, sent, follow=True).content.decode()

    assert pasted.headers["Location"] == address
    assert "陈小明+1" in page
    assert scene.counters == (3, 0)
    assert "has a place" in taken
    assert "1. 陈小明" in taken
    again = clerk.post(address, sent)
    assert again.status_code in (200, 422)
    assert scene.counters == (3, 0)


def test_a_chain_without_a_chosen_line_signs_up_nobody(scene: Scene, clerk: Client) -> None:
    clerk.post(where(scene, "chain_paste"), {"text": "1. 陈小明"})
    with scope.everything():
        chain = ChainPaste.objects.get()
    address = reverse("staff:chain", kwargs={"chain": chain.pk})

    assert clerk.post(address, {}).status_code == 422
    assert clerk.post(reverse("staff:chain_drop", kwargs={"chain": chain.pk})).status_code == 302
    assert "put away" in read(clerk, address)
    assert clerk.post(where(scene, "chain_paste"), {"text": "大家好"}).status_code == 422


def test_the_list_for_the_group_masks_names(scene: Scene, clerk: Client) -> None:
    sign_up_guests(scene, range(4), at=now())

    page = read(clerk, where(scene, "sign_ups_text"))

    assert "1. 来*0" in page
    assert "来客" not in page


def test_whom_to_call_is_shown_and_noted(scene: Scene, clerk: Client) -> None:
    sign_up(actor=scene.keeper, occurrence=scene.occurrence.pk, people=[Somebody(name="林阿婆")], how="phone", at=now())

    page = read(clerk, where(scene, "sign_ups_to_call"))

    assert "林阿婆" in page
    assert clerk.post(where(scene, "sign_ups_to_call")).status_code == 302


def test_an_offer_is_answered_for_somebody_who_was_called(scene: Scene, clerk: Client) -> None:
    scene.change(size=1)
    first = sign_up_guest(scene, 1, at=now())
    [old] = make_home(scene.community, "林阿婆", born=1944)
    [second] = sign_up_residents(scene, scene.keeper, old, how="phone", at=now())
    cancel_sign_up(actor=scene.guest(), sign_up=first.pk, token=tokens.token_for(first.pk), at=now())
    own = {"sign_up": second.pk}

    page = read(clerk, reverse("staff:sign_up", kwargs=own))
    clerk.post(reverse("staff:sign_up_accept", kwargs=own))

    assert "They come" in page
    assert now_of(second).state == "confirmed"


def test_a_sign_up_is_cancelled_for_somebody_who_called(scene: Scene, clerk: Client) -> None:
    people = make_home(scene.community, "陈大", "陈二")
    made = sign_up_residents(scene, scene.as_resident(people[0]), *people, at=now())
    address = reverse("staff:sign_up_cancel", kwargs={"sign_up": made[1].pk})

    assert "陈*" in read(clerk, address)
    clerk.post(address, {"who": "one", "reason": "生病"})
    assert [now_of(row).state for row in made] == ["confirmed", "cancelled"]
    assert now_of(made[1]).ended_reason == "生病"


def test_places_are_drawn_and_lists_moved_by_a_button(scene: Scene, clerk: Client) -> None:
    scene.change(is_drawn=True, sign_up_until=now() + timedelta(hours=1), size=1)
    sign_up_guests(scene, range(2), at=now())
    scene.change(sign_up_until=now() - timedelta(minutes=1))

    page = read(clerk, where(scene, "sign_ups"))
    clerk.post(where(scene, "sign_ups_draw"))
    clerk.post(where(scene, "sign_ups_move"))

    assert "Draw the places now" in page
    assert scene.counters == (1, 1)


def test_strangers_find_nothing(scene: Scene) -> None:
    made = sign_up_guest(scene, 1, at=now())
    stranger = clerk_of(scene.neighbour)
    host = clerk_of(scene.neighbour, "volunteer")
    names = ("sign_ups", "sign_up_new", "sign_ups_named", "sign_ups_to_call", "sign_ups_text", "chain_paste")
    addresses = [where(scene, name) for name in names]
    addresses += [reverse(f"staff:{name}", kwargs={"sign_up": made.pk}) for name in ("sign_up", "sign_up_cancel")]

    for client in (stranger, host):
        for address in addresses:
            assert client.get(address).status_code == 404, address
    for address in addresses:
        assert Client().get(address).status_code == 302


def test_the_list_costs_the_same_however_long_it_is(
    scene: Scene, clerk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sign_up_guests(scene, range(2), at=now())
    read(clerk, where(scene, "sign_ups"))
    with django_assert_max_num_queries(MOST) as few:
        read(clerk, where(scene, "sign_ups"))
    sign_up_guests(scene, range(10, 22), at=now())
    with django_assert_max_num_queries(MOST) as many:
        page: Any = read(clerk, where(scene, "sign_ups"))

    assert len(many) <= len(few) + 1
    assert re.search(r"14 entr", page)
