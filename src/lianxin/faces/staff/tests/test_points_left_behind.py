"""Points that wait in the community a household moved away from: its office sends them after it."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from lianxin.domain.people.commands import moving
from lianxin.domain.points.tests.life_factories import make_life_book
from lianxin.domain.points.tests.rules_factories import SYSTEM
from lianxin.faces.staff.tests.points_pages import AT, TODAY, enter, give, make_town
from lianxin.platform import scope
from lianxin.platform.ids import new_id
from lianxin.platform.models import Duty

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False):
        yield


def test_points_left_behind_are_sent_after_the_household_from_the_duty_of_today(client: Client) -> None:
    town = make_town()
    assert town.tree is not None
    give(town, quantity=2)
    home, there = town.households[0].pk, town.tree.jintao
    moving.move_household(actor=SYSTEM, household=home, community=there.pk, address="金涛路2号", on=TODAY, at=AT)
    enter(client, "community_staff", town.community)
    with scope.everything():
        duty = Duty.objects.get(kind="points.carry_over", closed_at=None)
    address = reverse(duty.url_name, kwargs=duty.url_args)

    shown = client.get(address).content.decode()
    refused = client.post(address, {"key": str(new_id())})
    make_life_book(there)
    sent = client.post(address, {"key": str(new_id())})

    assert sent.status_code == 302
    assert "金涛社区" in shown
    assert refused.status_code == 422
    with scope.everything():
        assert Duty.objects.get(pk=duty.pk).closed_at is not None
    assert client.get(address).status_code == 404
