"""The passbook, what earns points, public notices and honour rolls on residents' pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lianxin.domain.people.commands.consents import give_consent
from lianxin.domain.people.commands.proxies import link_proxy
from lianxin.domain.points.commands.honour_rolls import draw_roll, freeze_roll
from lianxin.domain.points.models import HonourOptOut, Objection, Seal
from lianxin.engines.masking import mask_name
from lianxin.platform import scope
from lianxin.platform.clock import now
from tests.support.district import SmallDistrict
from tests.support.pilot import SYSTEM, Pilot, make_pilot

MOST = 12


@pytest.fixture
def pilot(small_district: SmallDistrict) -> Pilot:
    """A community with passbooks."""
    return make_pilot(small_district)


@pytest.fixture
def holder(pilot: Pilot, client: Client) -> Client:
    """The head of the first home, with 15 points of three acts, sealed."""
    pilot.award(times=3)
    pilot.seal()
    pilot.log_in(client)
    return client


def read(client: Client, name: str, *args: object, query: str = "") -> str:
    """The text of a page that is there."""
    answer = client.get(reverse(f"resident:{name}", args=args) + query)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def test_passbook_shows_balance_last_day_and_lines(pilot: Pilot, holder: Client) -> None:
    page = read(holder, "passbook")

    assert '<p class="points-big">15<span>' in page
    assert "Valid until" in page
    assert "× 3" in page
    assert reverse("resident:shop", args=[pilot.community.pk]) in page


def test_passbook_without_a_book_offers_the_first_step(small_district: SmallDistrict, client: Client) -> None:
    make_pilot(small_district, with_book=False).log_in(client)

    page = read(client, "passbook")

    assert "Your community keeps no points yet." in page
    assert 'class="points-big"' not in page


def test_passbook_before_the_first_act_is_an_empty_one(pilot: Pilot, client: Client) -> None:
    pilot.log_in(client, 1)

    page = read(client, "passbook")

    assert '<p class="points-big">0<span>' in page
    assert "Nothing was entered yet." in page
    assert read(client, "passbook_why")
    assert read(client, "passbook_lines")


def test_explanation_adds_up_to_the_balance(pilot: Pilot, holder: Client) -> None:
    pilot.award(times=1, days_ago=12)

    page = read(holder, "passbook_why")

    assert "Together: 15 + 5 = 20." in page


def test_lines_of_a_period_begin_and_end_with_a_balance(pilot: Pilot, holder: Client) -> None:
    since, until = pilot.today - timedelta(days=5), pilot.today

    page = read(holder, "passbook_lines", query=f"?from_on={since}&until_on={until}")
    paper = read(holder, "passbook_print", query=f"?from_on={since}&until_on={until}")

    assert "+15" in page
    assert "Balance before" in paper
    assert "+15" in paper


def test_days_in_the_wrong_order_keep_what_was_typed(pilot: Pilot, holder: Client) -> None:
    asked = f"?from_on={pilot.today}&until_on={pilot.today - timedelta(days=9)}"

    answer = holder.get(reverse("resident:passbook_lines") + asked)

    assert answer.status_code == 422
    assert str(pilot.today) in answer.content.decode()
    assert holder.get(reverse("resident:passbook_print") + asked).status_code == 422


def test_statement_can_be_kept_as_a_workbook(holder: Client) -> None:
    answer = holder.get(reverse("resident:passbook_file"))

    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"


def test_line_is_proved_up_to_its_seal_which_anybody_can_look_up(holder: Client) -> None:
    with scope.everything():
        code = Seal.objects.order_by("-sealed_at").values_list("code", flat=True)[0]

    page = read(holder, "passbook_line", 1)
    looked_up = read(Client(HTTP_ACCEPT_LANGUAGE="en"), "check_code", query=f"?code={code.lower()}")

    assert "Nobody has changed it since." in page
    assert code in page
    assert code in looked_up


def test_proof_of_a_line_can_be_kept_as_a_file_and_leads_to_the_seal(holder: Client) -> None:
    with scope.everything():
        code = Seal.objects.order_by("-sealed_at").values_list("code", flat=True)[0]

    answer = holder.get(reverse("resident:passbook_proof", args=[1]))

    assert answer["Content-Disposition"] == 'attachment; filename="line-1.json"'
    assert answer.json()["holds"] is True
    assert code in answer.content.decode()


def test_line_that_is_not_there_is_missing(holder: Client) -> None:
    assert holder.get(reverse("resident:passbook_proof", args=[99])).status_code == 404
    assert holder.get(reverse("resident:passbook_line", args=[99])).status_code == 404


def test_unknown_code_says_what_to_do(client: Client, small_district: SmallDistrict) -> None:
    client.cookies["lianxin-language"] = "en"

    page = read(client, "check_code", query="?code=AAAA-BBBB")

    assert "No seal and no honour roll has this code." in page


def test_visitor_is_asked_to_log_in(pilot: Pilot, client: Client) -> None:
    for name in ("passbook", "passbook_why", "passbook_lines", "codes", "objections", "honour_wish"):
        assert "/login" in client.get(reverse(f"resident:{name}")).headers["Location"], name


def test_rules_say_what_earns_points_and_who_adopted_them(pilot: Pilot, client: Client) -> None:
    client.cookies["lianxin-language"] = "en"

    page = read(client, "points_rules", pilot.community.pk)

    assert "5 points each time" in page
    assert "60 present, 48 in favour" in page


def test_community_without_points_says_so(small_district: SmallDistrict, client: Client) -> None:
    pilot = make_pilot(small_district, with_book=False)
    client.cookies["lianxin-language"] = "en"

    assert "This community keeps no points yet." in read(client, "points_rules", pilot.community.pk)
    assert "Nothing is on show just now." in read(client, "notices", pilot.community.pk)
    assert "No honour roll was published yet." in read(client, "honours", pilot.community.pk)


def test_notice_shows_awards_masked_to_everybody(pilot: Pilot, client: Client) -> None:
    pilot.award()
    shown = pilot.notice()
    client.cookies["lianxin-language"] = "en"

    listed = read(client, "notices", pilot.community.pk)
    page = read(client, "notice", pilot.community.pk, shown.pk)

    assert shown.title in listed
    assert mask_name(pilot.member().name) in page
    assert pilot.member().name not in page
    assert "Raise an objection" not in page


def test_objection_is_raised_once_and_answered_on_its_page(pilot: Pilot, client: Client) -> None:
    claim = pilot.award()
    shown = pilot.notice()
    pilot.log_in(client, 1)
    address = reverse("resident:objection", args=[pilot.community.pk, shown.pk])
    form = client.get(f"{address}?claim={claim.pk}").context["form"]
    sent = {"key": str(form["key"].value()), "claim": str(claim.pk), "text": "那天没有人来"}

    first, again = client.post(address, sent), client.post(address, sent)

    assert first.headers["Location"] == again.headers["Location"] == reverse("resident:objections")
    with scope.everything():
        row = Objection.objects.get(notice=shown)
    assert (row.claim_id, row.person_id) == (claim.pk, pilot.member(1).pk)
    assert "那天没有人来" in read(client, "objections")


def test_empty_objection_comes_back_with_a_sentence(pilot: Pilot, client: Client) -> None:
    claim = pilot.award()
    shown = pilot.notice()
    pilot.log_in(client, 1)
    address = reverse("resident:objection", args=[pilot.community.pk, shown.pk])

    answer = client.post(address, {"claim": str(claim.pk), "text": " "})

    assert answer.status_code == 422
    assert str(claim.pk) in answer.content.decode()


def test_award_that_the_notice_does_not_show_cannot_be_objected_to(pilot: Pilot, client: Client) -> None:
    pilot.award()
    shown = pilot.notice()
    pilot.log_in(client, 1)

    answer = client.get(reverse("resident:objection", args=[pilot.community.pk, shown.pk]) + f"?claim={uuid4()}")

    assert answer.status_code == 404


def test_notice_of_another_community_is_not_under_this_address(pilot: Pilot, client: Client) -> None:
    pilot.award()
    shown = pilot.notice()

    answer = client.get(reverse("resident:notice", args=[pilot.district.cuiying.pk, shown.pk]))

    assert answer.status_code == 404


def test_household_leaves_the_honour_rolls_and_comes_back(pilot: Pilot, holder: Client) -> None:
    address = reverse("resident:honour_wish")

    holder.post(address, {"answer": "out"})
    with scope.everything():
        left = HonourOptOut.objects.filter(household=pilot.homes[0], ended_on=None).count()
    page = read(holder, "honour_wish")
    holder.post(address, {"answer": "in"})

    assert left == 1
    assert "Your household is on no honour roll." in page
    with scope.everything():
        assert not HonourOptOut.objects.filter(household=pilot.homes[0], ended_on=None).exists()


def test_published_roll_is_shown_masked_and_its_code_is_genuine(pilot: Pilot, holder: Client) -> None:
    first = pilot.today - timedelta(days=29)
    roll = draw_roll(
        actor=SYSTEM, book=pilot.book.pk, title="十一月荣誉榜", starts_on=first, ends_on=pilot.today, size=5, at=now()
    )
    frozen = freeze_roll(actor=SYSTEM, roll=roll.pk, at=now() + timedelta(days=1))

    page = read(holder, "honour_roll", pilot.community.pk, roll.pk)
    checked = read(holder, "check_code", query=f"?code={frozen.code}")

    assert mask_name(pilot.member().name) in page
    assert "your household" in page
    assert "This honour roll is genuine." in checked


@pytest.fixture
def act_for(pilot: Pilot, client: Client) -> Callable[[list[str]], None]:
    """Let somebody of 翠英 act for the first home's head in some matters, and begin."""

    def begin(acts: list[str]) -> None:
        child = pilot.district.first("people.Person", community=pilot.district.cuiying, relation="head")
        receipt = give_consent(actor=SYSTEM, person=pilot.member().pk, purpose="proxy", how="paper", at=now())
        link_proxy(
            actor=SYSTEM,
            principal=pilot.member().pk,
            kind="family",
            acts=acts,
            from_on=pilot.today,
            until_on=pilot.today + timedelta(days=100),
            agent_person=child.pk,
            consent=receipt.pk,
            at=now(),
        )
        pilot.district.log_in_resident(client, child)
        client.cookies["lianxin-language"] = "en"
        client.post(reverse("resident:act_for"), {"person": str(pilot.member().pk)})

    return begin


def test_daughter_in_another_community_reads_the_passbook(
    pilot: Pilot, client: Client, act_for: Callable[[list[str]], None]
) -> None:
    pilot.award(times=2)
    act_for(["points"])

    assert '<p class="points-big">10<span>' in read(client, "passbook")
    assert "+10" in read(client, "passbook_lines")
    assert reverse("resident:passbook") in read(client, "me")


def test_who_may_act_in_other_matters_does_not_see_the_passbook(
    pilot: Pilot, client: Client, act_for: Callable[[list[str]], None]
) -> None:
    pilot.award()
    act_for(["meals", "see_record"])

    assert client.get(reverse("resident:passbook")).status_code == 403
    assert reverse("resident:passbook") not in read(client, "me")


def test_own_pages_cost_the_same_with_many_lines(
    pilot: Pilot, holder: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    names = ("passbook", "passbook_why", "passbook_lines", "honour_wish", "objections")
    small = {}
    for name in names:
        with django_assert_max_num_queries(MOST, info=name) as found:
            assert holder.get(reverse(f"resident:{name}")).status_code == 200
        small[name] = len(found)
    for days_ago in (9, 10, 11, 16, 17, 18):
        pilot.award(1, days_ago=days_ago)
        pilot.award(days_ago=days_ago)

    for name in names:
        with django_assert_max_num_queries(small[name], info=name):
            assert holder.get(reverse(f"resident:{name}")).status_code == 200


def test_public_pages_are_cheap_for_a_resident(
    pilot: Pilot, holder: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    shown = pilot.notice()
    more = {"points_rules": [], "notices": [], "notice": [shown.pk], "honours": [], "objection": [shown.pk]}

    for name, args in more.items():
        with django_assert_max_num_queries(MOST, info=name):
            assert holder.get(reverse(f"resident:{name}", args=[pilot.community.pk, *args])).status_code == 200
