"""Awards of households that moved away: taken back out of the book their points went into, or a sentence that helps."""

import pytest

from lianxin.domain.people.commands import moving
from lianxin.domain.points.commands import awards, households, taking_back
from lianxin.domain.points.models import Account, Book, Txn
from lianxin.domain.points.queries.accounts import find_waiting
from lianxin.domain.points.tests.award_factories import all_agrees, give
from lianxin.domain.points.tests.life_factories import all_agree, make_life_book
from lianxin.domain.points.tests.rules_factories import AT, SYSTEM, TODAY, Town, fresh, make_town
from lianxin.platform import scope
from lianxin.platform.errors import Missing
from lianxin.platform.models import Duty

pytestmark = pytest.mark.django_db


def move_away(town: Town) -> None:
    """Let the first household move to the next community."""
    assert town.tree is not None
    moving.move_household(
        actor=SYSTEM,
        household=town.households[0].pk,
        community=town.tree.jintao.pk,
        address="金涛路2号",
        on=TODAY,
        at=AT,
    )


def in_book(book: Book, town: Town) -> int:
    """What the first household has in a book."""
    with scope.everything():
        return sum(
            Account.objects.filter(book=book, kind="household", owner=town.households[0].pk).values_list(
                "balance", flat=True
            )
        )


def test_award_is_taken_back_out_of_the_book_into_which_the_household_took_its_points() -> None:
    town = make_town()
    assert town.tree is not None
    new = make_life_book(town.tree.jintao)
    claim = give(town, quantity=3)
    move_away(town)
    assert in_book(new, town) == 15

    awards.take_back(actor=town.staff, claim=claim.pk, reason="记错了人", at=AT)

    assert fresh(claim).state == "reversed"
    assert in_book(new, town) == 0
    with scope.everything():
        assert Txn.objects.get(kind="reversal").book_id == new.pk
    assert all_agrees() == []
    all_agree()


def test_award_whose_points_have_ended_gets_a_sentence_and_stays() -> None:
    town = make_town()
    claim = give(town)
    with scope.everything():
        Account.objects.filter(owner=town.households[0].pk).update(state="closed")

    with pytest.raises(taking_back.MovedAway, match="异议"):
        awards.take_back(actor=town.staff, claim=claim.pk, reason="记错了人", at=AT)

    assert fresh(claim).state == "awarded"


def test_points_left_behind_are_a_duty_that_leads_to_where_they_are_sent_after_the_household() -> None:
    town = make_town()
    give(town, quantity=2)

    move_away(town)

    with scope.everything():
        duty = Duty.objects.get(kind=households.CARRY_OVER, closed_at=None)
    assert duty.url_name == households.CARRY_OVER_PAGE
    waiting = find_waiting(actor=town.staff, account=duty.url_args["account"])
    assert (waiting.points, waiting.lives_in) == (10, "金涛社区")
    with pytest.raises(Missing):
        find_waiting(actor=town.staff, account=town.budget.account_id)
