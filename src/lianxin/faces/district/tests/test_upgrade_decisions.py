"""Approving, sending back and cancelling upgrades through the pages."""

import pytest
from django.urls import reverse

from lianxin.domain.places.commands.upgrade_money import add_funding
from lianxin.domain.places.commands.upgrades import plan_upgrade
from lianxin.domain.places.models import Upgrade
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now


@pytest.fixture
def planned(small_district):
    """A plan of 翠英 with money and an opening day."""
    system = Actor.system(via="cli")
    with scope.everything():
        upgrade = Upgrade.objects.filter(venue=small_district.centre, state__in=["planned", "approved"]).first()
        if upgrade is None:
            upgrade = plan_upgrade(
                actor=system,
                at=now(),
                venue=small_district.centre.pk,
                title="翠英中心提升",
                planned_opening_on=small_district.today,
            )
            add_funding(actor=system, at=now(), upgrade=upgrade.pk, source="district", fen=1_234_500)
    return upgrade


def state_of(upgrade):
    with scope.everything():
        return Upgrade.objects.get(pk=upgrade.pk).state


def address(upgrade, decision):
    return reverse("district:upgrade_decide", args=[upgrade.pk, decision])


def test_the_subdistrict_approves_and_takes_the_approval_back(planned, xinjin):
    page = xinjin.get(address(planned, "approve"))
    approved = xinjin.post(
        address(planned, "approve"), {"note": "同意", "version": page.context["form"]["version"].value()}
    )
    assert approved.status_code == 302
    assert state_of(planned) == "approved"

    back = xinjin.post(address(planned, "send-back"), {"note": "请补充消防方案"})
    assert back.url == reverse("district:upgrade", args=[planned.pk])
    assert state_of(planned) == "planned"
    assert "请补充消防方案" in xinjin.get(back.url).content.decode()


def test_sending_back_without_a_word_keeps_the_form(planned, xinjin):
    xinjin.post(address(planned, "approve"), {"note": ""})

    answer = xinjin.post(address(planned, "send-back"), {"note": "  "})

    assert answer.status_code == 422
    assert state_of(planned) == "approved"


def test_a_decision_on_an_older_version_is_refused_and_what_was_typed_stays(planned, xinjin):
    answer = xinjin.post(address(planned, "cancel"), {"reason": "选址有变", "version": planned.version + 5})

    assert answer.status_code == 422
    assert "选址有变" in answer.content.decode()
    assert state_of(planned) == "planned"


def test_a_step_that_is_not_possible_leads_back_with_a_sentence(planned, department):
    answer = department.get(address(planned, "send-back"), follow=True)

    assert answer.redirect_chain[0][0] == reverse("district:upgrade", args=[planned.pk])
    assert "筹备中" in answer.content.decode()


def test_the_page_offers_only_what_may_follow(planned, department):
    offered = department.get(reverse("district:upgrade", args=[planned.pk])).context["decisions"]

    assert [url.rstrip("/").rsplit("/", 1)[1] for _label, url, _kind in offered] == ["approve", "cancel"]


def test_the_history_names_who_decided_and_why(planned, xinjin, small_district):
    xinjin.post(address(planned, "cancel"), {"reason": "选址有变"})

    words = xinjin.get(reverse("district:upgrade_history", args=[planned.pk])).content.decode()

    assert "选址有变" in words
    assert small_district.account("xinjin").display_name in words


def test_money_is_shown_in_yuan_with_thousands_separated(planned, department):
    words = department.get(reverse("district:upgrade", args=[planned.pk])).content.decode()

    assert "¥12,345" in words


def test_the_history_says_amounts_in_yuan_and_sources_by_name(planned, department):
    words = department.get(reverse("district:upgrade_history", args=[planned.pk])).content.decode()

    assert "¥12,345" in words
    assert "1234500" not in words
