"""Awards that somebody else has to agree to: to oneself never, to the own household and relatives, and large ones."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lianxin.domain.people.commands.households import register_persons
from lianxin.domain.people.tests.factories import new_person
from lianxin.domain.points.commands import approvals, awards, relatives
from lianxin.domain.points.models import Txn
from lianxin.domain.points.tests.award_factories import all_agrees, give
from lianxin.domain.points.tests.rules_factories import AT, SYSTEM, TODAY, item, make_town, staff_of
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, NotAllowed
from lianxin.platform.models import Duty

pytestmark = pytest.mark.django_db


def test_nobody_gives_points_to_themselves() -> None:
    town = make_town()
    neighbour = replace(town.staff, person=town.heads[0].pk)

    with pytest.raises(awards.SelfAward):
        give(town, actor=neighbour)


def test_the_own_household_waits_for_somebody_else() -> None:
    town = make_town()
    neighbour = replace(town.staff, person=town.heads[0].pk)
    [spouse] = register_persons(
        actor=SYSTEM, household=town.households[0].pk, persons=[new_person("林二", "spouse")], at=AT
    )

    claim = give(town, actor=neighbour, person=spouse)

    assert (claim.state, claim.asked, claim.points, claim.reason) == ("waiting", 5, 0, "second_person")
    assert town.balance() == 0
    with scope.everything():
        assert Duty.objects.get(kind="points.second_person").closed_at is None
    with pytest.raises(approvals.SameHands):
        awards.approve(actor=neighbour, claim=claim.pk, at=AT)
    with pytest.raises(NotAllowed):
        awards.approve(actor=staff_of(town.community, "volunteer"), claim=claim.pk, at=AT)
    approved = awards.approve(actor=town.colleague, claim=claim.pk, at=AT)
    assert (approved.state, approved.points, town.balance()) == ("awarded", 5, 5)
    with scope.everything():
        assert Duty.objects.get(kind="points.second_person").closed_at is not None
    with pytest.raises(approvals.DecidedAlready):
        awards.approve(actor=town.colleague, claim=claim.pk, at=AT)
    assert all_agrees() == []


def test_declared_relatives_wait_and_a_relative_is_no_second_person_either() -> None:
    town = make_town()
    relatives.declare_relative(actor=town.staff, household=town.households[0].pk, at=AT)
    relatives.declare_relative(actor=town.colleague, household=town.households[0].pk, at=AT)

    claim = give(town)

    assert claim.state == "waiting"
    with pytest.raises(approvals.SameHands):
        awards.approve(actor=town.colleague, claim=claim.pk, at=AT)


def test_a_declaration_is_ended_by_somebody_else_and_counts_for_earlier_days() -> None:
    town = make_town()
    row = relatives.declare_relative(actor=town.staff, household=town.households[0].pk, at=AT)
    with pytest.raises(relatives.NotByOneself):
        relatives.end_relative(actor=town.staff, relative=row.pk, reason="离婚", at=AT)

    relatives.end_relative(actor=town.colleague, relative=row.pk, reason="离婚", at=AT)

    tomorrow = AT + timedelta(days=1)
    assert give(town, at=tomorrow).state == "waiting"
    assert give(town, at=tomorrow, done_on=TODAY + timedelta(days=1)).state == "awarded"


def test_a_large_award_waits_and_caps_hold_as_they_stand_when_it_is_approved() -> None:
    town = make_town(item(points=20, caps=[("household", "week", 50)]), second_person_above=30)
    large = give(town, quantity=2, note="救人")
    assert (large.state, large.note) == ("waiting", "救人")
    give(town)

    approved = awards.approve(actor=town.colleague, claim=large.pk, at=AT)

    assert (approved.points, approved.reason, approved.note, town.balance()) == (30, "cap_household", "", 50)
    with scope.everything():
        assert Txn.objects.get(claims=approved).note.text == "救人"
    assert all_agrees() == []


def test_a_refused_award_keeps_its_reason_and_gives_nothing() -> None:
    town = make_town(second_person_above=1)
    claim = give(town)
    with pytest.raises(Invalid):
        awards.refuse(actor=town.colleague, claim=claim.pk, reason=" ", at=AT)

    refused = awards.refuse(actor=town.colleague, claim=claim.pk, reason="没有人看到", at=AT)

    assert (refused.state, refused.note, refused.points) == ("refused", "没有人看到", 0)
    with pytest.raises(approvals.DecidedAlready):
        awards.approve(actor=staff_of(town.community), claim=claim.pk, at=AT)


def test_who_entered_it_may_withdraw_what_waits() -> None:
    town = make_town(second_person_above=1)
    claim = give(town)

    withdrawn = awards.refuse(actor=town.staff, claim=claim.pk, reason="记错了", at=AT)

    assert (withdrawn.state, withdrawn.approved_by) == ("refused", None)
