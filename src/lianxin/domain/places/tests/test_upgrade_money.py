"""Money and milestones of an upgrade: never more than there is, and each milestone a duty."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from lianxin.domain.places.commands import standards, upgrade_milestones, upgrade_money, upgrades
from lianxin.domain.places.models import (
    Milestone,
    UpgradeFunding,
)
from lianxin.domain.places.queries import upgrades as queries
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, Refused
from lianxin.platform.models import Duty

from .factories import AT, SYSTEM, TODAY, make_district, make_venue
from .upgrade_factories import begin, fund, plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def whole_district():
    with scope.everything():
        yield


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def venue(district):
    draft = standards.draft_standard(actor=SYSTEM, at=AT, name="标准")
    for code, threshold in (("floor_area", 500), ("rooms", 6)):
        standards.put_standard_item(
            actor=SYSTEM, at=AT, standard=draft.pk, code=code, measure=code, group="small", label=code,
            comparison=">=", threshold=threshold, weight=1,
        )  # fmt: skip
    standards.publish_standard(actor=SYSTEM, at=AT, standard=draft.pk, valid_from=date(2026, 1, 1))
    return make_venue(district["翠英居委会"], area_m2=100)


def test_a_source_never_pays_more_than_it_holds_and_a_correction_gives_it_back(venue):
    upgrade = begin(venue)
    funding = upgrade.fundings.get()
    spend = {"actor": SYSTEM, "at": AT, "funding": funding.pk, "spent_on": TODAY, "what": "地砖"}
    line = upgrade_money.record_spending(fen=9_999, **spend)

    with pytest.raises(upgrade_money.MoneySpent):
        upgrade_money.record_spending(fen=2, **spend)
    upgrade_money.correct_spending(actor=SYSTEM, at=AT, spending=line.pk, reason="重复录入")
    upgrade_money.record_spending(fen=10_000, **spend)

    page = queries.find_upgrade_page(upgrade=upgrade.pk, on=TODAY)
    assert (page.money.budget_fen, page.money.spent_fen, page.money.left_fen) == (10_000, 10_000, 0)
    assert list(queries.check_upgrades()) == []
    with pytest.raises(Refused):
        upgrade_money.correct_spending(actor=SYSTEM, at=AT, spending=line.pk, reason="再次")


def test_the_database_itself_refuses_overspending_and_verify_finds_a_counter_that_lies(venue):
    funding = begin(venue).fundings.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        UpgradeFunding.objects.filter(pk=funding.pk).update(spent_fen=10_001)
    UpgradeFunding.objects.filter(pk=funding.pk).update(spent_fen=5)

    assert len(list(queries.check_upgrades())) == 1


def test_money_is_spent_only_after_approval_and_a_budget_never_falls_below_what_is_spent(venue):
    upgrade = plan(venue)
    funding = fund(upgrade)
    spend = {"actor": SYSTEM, "at": AT, "funding": funding.pk, "spent_on": TODAY, "what": "设计"}
    with pytest.raises(upgrades.WrongState):
        upgrade_money.record_spending(fen=1, **spend)
    upgrades.approve_upgrade(actor=SYSTEM, at=AT, upgrade=upgrade.pk)
    upgrade_money.record_spending(fen=500, **spend)

    with pytest.raises(upgrade_money.MoneySpent):
        upgrade_money.change_funding(actor=SYSTEM, at=AT, funding=funding.pk, fen=499, reason="核减")
    with pytest.raises(upgrade_money.MoneySpent):
        upgrade_money.remove_funding(actor=SYSTEM, at=AT, funding=funding.pk)


@pytest.mark.parametrize("fen", [0, -1, True, 10**14, 1.5])
def test_an_amount_that_is_no_amount_is_refused(venue, fen):
    upgrade = plan(venue)

    with pytest.raises(Invalid):
        fund(upgrade, fen=fen)


def test_a_milestone_is_a_duty_until_it_is_done_and_a_late_one_stays_late(venue):
    upgrade = begin(venue)
    milestone = upgrade_milestones.add_milestone(
        actor=SYSTEM, at=AT, upgrade=upgrade.pk, name="水电", due_on=TODAY - timedelta(days=3)
    )
    duty = Duty.objects.get()
    assert (duty.closed_at, duty.community_id) == (None, venue.community_id)

    [row] = queries.list_upgrades(on=TODAY, late_only=True)
    upgrade_milestones.finish_milestone(actor=SYSTEM, at=AT, milestone=milestone.pk)

    duty.refresh_from_db()
    assert row.milestones_late == 1
    assert duty.closed_at == AT
    assert queries.find_upgrade_page(upgrade=upgrade.pk, on=TODAY + timedelta(days=9)).milestones[0].late_days == 3


def test_a_moved_milestone_moves_its_duty_and_a_reopened_one_opens_it_again(venue):
    upgrade = begin(venue)
    milestone = upgrade_milestones.add_milestone(actor=SYSTEM, at=AT, upgrade=upgrade.pk, name="水电", due_on=TODAY)
    before = Duty.objects.get().due_at

    upgrade_milestones.move_milestone(
        actor=SYSTEM, at=AT, milestone=milestone.pk, due_on=TODAY + timedelta(days=7), reason="台风"
    )
    assert Duty.objects.get().due_at == before + timedelta(days=7)

    upgrade_milestones.finish_milestone(actor=SYSTEM, at=AT, milestone=milestone.pk)
    upgrade_milestones.reopen_milestone(actor=SYSTEM, at=AT, milestone=milestone.pk, reason="返工")
    assert Duty.objects.filter(closed_at=None).count() == 1


def test_a_milestone_of_an_approved_upgrade_is_not_made_to_vanish(venue):
    upgrade = begin(venue)
    milestone = upgrade_milestones.add_milestone(actor=SYSTEM, at=AT, upgrade=upgrade.pk, name="水电", due_on=TODAY)

    with pytest.raises(upgrades.WrongState):
        upgrade_milestones.remove_milestone(actor=SYSTEM, at=AT, milestone=milestone.pk)

    assert Milestone.objects.exists()
