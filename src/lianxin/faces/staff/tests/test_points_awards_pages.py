"""Giving points at the desk: found, looked at first, given once, by list, agreed to, refused and taken back."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from lianxin.domain.points.models import Claim
from lianxin.domain.points.tests.rules_factories import item
from lianxin.faces.staff.tests.points_pages import (
    AT,
    Town,
    claim_now,
    enter,
    give,
    make_town,
    page,
    send,
    text_of,
)
from lianxin.platform import scope
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def town() -> Town:
    return make_town(item(caps=[("household", "week", 12)]), item("big", points=200, title="先进家庭"))


@pytest.fixture
def office(client: Client, town: Town) -> Client:
    return enter(client, "community_staff", town.community)


def form(town: Town, **more: str) -> dict[str, str]:
    return {
        "person": str(town.heads[0].pk),
        "item": "help",
        "quantity": "1",
        "done_on": "2026-03-20",
        "act": "give",
    } | more


def give_at_desk(office: Client, town: Town, **more: str):
    query = f"?household={town.households[0].pk}"
    return send(office, "points_award", form(town, **more), query, community=town.community.pk)


def claims() -> list[Claim]:
    with scope.everything():
        return list(Claim.objects.order_by("pk"))


def test_a_household_is_found_by_its_number_and_by_a_name(office: Client, town: Town) -> None:
    by_number = page(office, "points_award", f"?q={int(town.households[0].number)}", community=town.community.pk)
    by_name = page(office, "points_award", "?q=陈一", community=town.community.pk)

    for answer in (by_number, by_name):
        assert f"household={town.households[0].pk}" in text_of(answer)


def test_the_preview_tells_what_the_limit_leaves_and_gives_nothing(office: Client, town: Town) -> None:
    office.cookies["lianxin-language"] = "en"
    give(town, 0, quantity=2)

    answer = give_at_desk(office, town, act="preview")

    assert "2 points would be given" in text_of(answer)
    assert len(claims()) == 1


def test_points_are_given_once_however_often_the_form_is_sent(office: Client, town: Town) -> None:
    key = str(new_id())

    first = give_at_desk(office, town, key=key)
    again = give_at_desk(office, town, key=key)

    assert first.status_code == again.status_code == 302
    assert town.balance() == 5


@pytest.mark.parametrize(
    ("field", "value"), [("quantity", "0"), ("quantity", "99"), ("done_on", "2027-01-01"), ("item", "other")]
)
def test_what_is_wrong_comes_back_with_a_sentence(office: Client, town: Town, field: str, value: str) -> None:
    answer = give_at_desk(office, town, **{field: value})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in text_of(answer) or "error" in text_of(answer)
    assert claims() == []


def test_a_household_of_another_community_is_not_there(office: Client, town: Town) -> None:
    answer = page(office, "points_award", f"?household={new_id()}", community=town.community.pk)

    assert answer.status_code == 404


def test_a_list_is_looked_through_and_then_given(office: Client, town: Town) -> None:
    lines = "\n".join(home.number for home in town.households) + "\n999999"
    sent = {"item": "help", "quantity": "1", "done_on": "2026-03-20", "lines": lines}

    looked = send(office, "points_award_list", sent, community=town.community.pk)
    ticked = {f"use-{place}": "on" for place in range(2)} | {f"quantity-{place}": "1" for place in range(2)}
    chosen = {f"person-{place}": str(town.heads[place].pk) for place in range(2)}
    homes = {"household": [str(home.pk) for home in town.households]}
    given = send(
        office, "points_award_list", sent | ticked | chosen | homes | {"act": "give"}, community=town.community.pk
    )

    assert text_of(looked).count('name="household"') == 4
    assert given.status_code == 302
    assert [town.balance(number) for number in range(3)] == [5, 5, 0]


def test_a_list_with_a_wrong_line_gives_nothing(office: Client, town: Town) -> None:
    sent = {"item": "help", "quantity": "1", "done_on": "2026-03-20", "lines": "1", "act": "give"}
    line = {"household": [str(town.households[0].pk)], "use-0": "on", "person-0": "-", "quantity-0": "500"}

    answer = send(office, "points_award_list", sent | line, community=town.community.pk)

    assert answer.status_code == 422
    assert claims() == []


def test_ticked_households_are_in_the_list(office: Client, town: Town) -> None:
    answer = page(office, "points_award_list", f"?chosen={town.households[1].pk}", community=town.community.pk)

    assert town.households[1].number in text_of(answer)


def test_a_large_award_waits_and_a_colleague_agrees(office: Client, town: Town) -> None:
    waiting = give(town, item="big")

    listed = page(office, "points_approvals", community=town.community.pk)
    done = send(office, "points_approve", claim=waiting.pk)

    assert reverse("staff:points_approve", kwargs={"claim": waiting.pk}) in text_of(listed)
    assert done.status_code == 302
    assert claim_now(waiting.pk).state == "awarded"


def test_who_entered_an_award_does_not_agree_to_it(office: Client, town: Town) -> None:
    give_at_desk(office, town, item="big")
    (waiting,) = claims()

    listed = page(office, "points_approvals", community=town.community.pk)
    send(office, "points_approve", claim=waiting.pk)

    assert str(waiting.pk) not in text_of(listed)
    assert claim_now(waiting.pk).state == "waiting"


def test_an_award_is_refused_with_a_reason_only(office: Client, town: Town) -> None:
    waiting = give(town, item="big")

    without = send(office, "points_refuse", {"reason": " "}, claim=waiting.pk)
    refused = send(office, "points_refuse", {"reason": "没有会议纪要"}, claim=waiting.pk)

    assert (without.status_code, refused.status_code) == (422, 302)
    assert claim_now(waiting.pk).state == "refused"
    assert "没有会议纪要" in text_of(page(office, "points_claim", claim=waiting.pk))


def test_an_award_is_taken_back_and_its_page_says_why(office: Client, town: Town) -> None:
    given = give(town)

    done = send(office, "points_take_back", {"reason": "记错了人"}, claim=given.pk)

    assert done.status_code == 302
    assert town.balance() == 0
    assert "记错了人" in text_of(page(office, "points_claim", claim=given.pk))


def test_acts_are_filtered_by_state_and_by_item(office: Client, town: Town) -> None:
    given, waiting = give(town, 0), give(town, 1, item="big")

    awarded = text_of(page(office, "points_claims", "?state=awarded", community=town.community.pk))
    big = text_of(page(office, "points_claims", "?item=big", community=town.community.pk))

    assert str(given.pk) in awarded
    assert str(waiting.pk) not in awarded
    assert str(waiting.pk) in big
    assert str(given.pk) not in big


def test_another_community_finds_no_claim(client: Client, town: Town) -> None:
    given = give(town)
    stranger = enter(client, "community_staff", town.tree.daya)

    for name in ("points_claim", "points_refuse", "points_take_back"):
        assert page(stranger, name, claim=given.pk).status_code == 404
    assert send(stranger, "points_approve", claim=given.pk).status_code == 404


def test_a_volunteer_gives_points_only_to_whose_card_is_shown(client: Client, town: Town) -> None:
    volunteer = enter(client, "volunteer", town.community)

    desk = page(volunteer, "points_award", f"?household={town.households[0].pk}", community=town.community.pk)
    books = page(volunteer, "points_passbooks", community=town.community.pk)

    assert desk.status_code == 200
    assert 'name="item"' not in text_of(desk)
    assert books.status_code == 404
