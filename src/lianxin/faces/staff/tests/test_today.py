"""Today: what is late, who arrives, what waits for me; each role lands where its work is."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from lianxin.domain.people.tests.account_factories import give_role, make_account
from lianxin.domain.shop.tests.factories import make_merchant
from lianxin.platform import duties, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.models import Run


@command("tests.today_duty")
def open_duty(*, actor, record, community, at, title, due_at, account=None, role=""):
    duties.open(
        kind=f"tests.{title}",
        record=record,
        community_id=community,
        title=title,
        due_at=due_at,
        assignee_account=account,
        assignee_role=role,
        url_name="staff:venue",
        url_args={"venue": str(record.pk)},
    )


def enter_duty(district, title, days, **more):
    at = datetime.now(UTC)
    with scope.everything():
        open_duty(
            actor=Actor.system(),
            record=district.centre,
            community=district.cuiying.pk,
            at=at,
            title=title,
            due_at=at + timedelta(days=days),
            **more,
        )


def test_late_duties_stand_in_the_first_lane_and_my_later_ones_in_the_last(small_district, client):
    account = small_district.log_in(client, "cuiying1")
    enter_duty(small_district, "Ring the bell", -2, role="community_staff")
    enter_duty(small_district, "Water the tree", 5, account=account.pk)
    enter_duty(small_district, "Next month", 5, role="community_staff")

    page = client.get(reverse("staff:today"))

    assert [line.title for line in page.context["pressing"]] == ["Ring the bell"]
    assert [line.title for line in page.context["for_me"]] == ["Water the tree"]
    assert page.context["pressing"][0].tone == "stop"
    assert page.context["pressing"][0].url == reverse("staff:venue", kwargs={"venue": small_district.centre.pk})


def test_an_import_that_is_checked_waits_for_who_sent_it_in(small_district, client):
    account = small_district.log_in(client, "cuiying1")
    Run.objects.create(
        kind="people.residents",
        title="waiting.xlsx",
        state="STAGED",
        asked_by=account.pk,
        created_at=datetime.now(UTC),
    )
    address = reverse("staff:waiting")

    assert address in client.get(reverse("staff:today")).content.decode()
    assert "waiting.xlsx" in client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert client.get(address).url == reverse("staff:imports")


def test_another_communitys_duties_are_not_shown(small_district, client):
    small_district.log_in(client, "jinzhou1")
    enter_duty(small_district, "Ring the bell", -2)

    assert client.get(reverse("staff:today")).context["pressing"] == []


@pytest.mark.parametrize(("who", "name"), [("system", "jobs"), ("security", "roster"), ("audit", "audit")])
def test_administrators_begin_at_their_own_desk(small_district, client, who, name):
    small_district.log_in(client, who)

    assert client.get(reverse("staff:today")).url == reverse(f"staff:{name}")


def test_a_host_begins_at_the_door_of_the_station(small_district, client):
    small_district.log_in(client, "host")

    answer = client.get(reverse("staff:today"))

    assert answer.url == reverse("staff:door", kwargs={"venue": small_district.station.pk})


def test_a_door_is_opened_and_locked_with_one_tap(small_district, client):
    small_district.log_in(client, "cuiying1")
    address = reverse("staff:today_door", kwargs={"venue": small_district.centre.pk})

    opened = client.post(address, {"do": "open"}, follow=True)
    locked = client.post(address, {"do": "lock"}, follow=True)

    def is_seen(answer):
        return next(d for d in answer.context["doors"] if d["venue"].pk == small_district.centre.pk)["state"].seen

    assert (is_seen(opened), is_seen(locked)) == (True, False)


def test_a_foreign_door_does_not_exist(small_district, client):
    small_district.log_in(client, "cuiying1")

    address = reverse("staff:today_door", kwargs={"venue": small_district.foreign_centre.pk})

    assert client.post(address, {"do": "open"}).status_code == 404
    assert client.get(address).status_code == 405


def test_colleagues_acts_are_told_without_residents_names(small_district, client):
    small_district.log_in(client, "cuiying1")
    client.post(reverse("staff:today_door", kwargs={"venue": small_district.centre.pk}), {"do": "open"})

    page = client.get(reverse("staff:colleagues"))
    part = client.get(reverse("staff:colleagues"), headers={"HX-Request": "true"}).content.decode()

    assert "开了门" in page.content.decode()
    assert "<html" not in part
    assert "开了门" in part


@pytest.mark.parametrize("who", ["cuiying1", "xinjin", "district", "merchant"])
def test_today_costs_few_queries_however_much_there_is_to_do(
    small_district, client, django_assert_max_num_queries, who
):
    small_district.log_in(client, who)
    client.get(reverse("staff:today"))
    for number in range(30):
        enter_duty(small_district, f"Duty {number}", -1)

    with django_assert_max_num_queries(12):
        client.get(reverse("staff:today"))


def test_merchant_begins_the_day_with_the_own_vouchers(small_district, client):
    account = make_account()
    give_role(account, "merchant", organisation=make_merchant())
    client.force_login(account)

    assert client.get(reverse("staff:today")).url == reverse("staff:shop_merchant")
