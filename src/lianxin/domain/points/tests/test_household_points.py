"""Points follow families: shared, merged, moved, waiting and handed over, with the days they had."""

from datetime import date, timedelta

import pytest

from lianxin.domain.people.commands import leaving, moving
from lianxin.domain.people.models import Household
from lianxin.domain.people.tests.account_factories import make_account
from lianxin.domain.people.tests.factories import make_household, members_of, new_person, staff
from lianxin.domain.places.commands.division_splits import merge_divisions
from lianxin.domain.places.tests.factories import make_venue
from lianxin.domain.points.commands import estates, passbooks, relatives
from lianxin.domain.points.models import Account, Book, DeclaredRelative, Passbook, Txn
from lianxin.domain.points.tests.life_factories import (
    AT,
    NEXT_YEAR_END,
    SYSTEM,
    TODAY,
    YEAR_END,
    Tree,
    account_of,
    all_agree,
    balance,
    give,
    keep,
    live_holds,
    lots,
    make_life_book,
    owe,
)
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid
from lianxin.platform.models import Duty

pytestmark = pytest.mark.django_db


def family(tree: Tree, size: int = 3) -> Household:
    """A household of this many."""
    names = ("陈大明", "林阿妹", "陈小明", "陈小红")
    members = [new_person(names[n], "head" if n == 0 else "child") for n in range(size)]
    return make_household(tree.cuiying, *members)


def split_off(home: Household, count: int = 1) -> Household:
    """Let the last ones of a family form a household."""
    going = [person.pk for person in members_of(home)[-count:]]
    return moving.split_household(actor=SYSTEM, household=home.pk, people=going, head=going[0], on=TODAY, at=AT)


def test_points_stay_when_the_rules_say_so() -> None:
    tree = Tree()
    book, home = make_life_book(tree.cuiying, split="stay"), family(tree)
    give(book, home, 31)

    new = split_off(home)

    assert (balance(book, home), balance(book, new)) == (31, 0)


def test_points_are_shared_by_heads_and_keep_their_days() -> None:
    tree = Tree()
    book, home = make_life_book(tree.cuiying, split="share"), family(tree)
    give(book, home, 20)
    give(book, home, 11, NEXT_YEAR_END)
    going = [members_of(home)[-1].pk]
    told = moving.preview_split(actor=SYSTEM, household=home.pk, people=going, on=TODAY)

    new = split_off(home)

    assert lots(book, new) == {YEAR_END: 6, NEXT_YEAR_END: 4}
    assert lots(book, home) == {YEAR_END: 14, NEXT_YEAR_END: 7}
    assert any("10" in sentence for sentence in told)
    all_agree()


def test_what_is_kept_aside_is_not_shared() -> None:
    tree = Tree()
    book, home = make_life_book(tree.cuiying, split="share"), family(tree, 2)
    give(book, home, 20)
    keep(book, home, 10)

    new = split_off(home)

    assert (balance(book, home), balance(book, new), live_holds(book)) == (15, 5, 1)
    all_agree()


def test_merged_households_bring_their_points_debts_and_days() -> None:
    tree = Tree()
    book = make_life_book(tree.cuiying)
    stays, one, two = (make_household(tree.cuiying) for _ in range(3))
    give(book, stays, 5)
    give(book, one, 7, NEXT_YEAR_END)
    give(book, two, 8)
    keep(book, two, 3)
    owe(book, two, 4)
    booklet = passbooks.issue_passbook(actor=SYSTEM, household=one.pk, at=AT)

    moving.merge_households(actor=SYSTEM, households=[one.pk, two.pk], into=stays.pk, on=TODAY, at=AT)

    assert lots(book, stays) == {YEAR_END: 13, NEXT_YEAR_END: 7}
    assert (balance(book, stays, "debt"), balance(book, two, "debt")) == (-4, 0)
    assert (account_of(book, one).state, live_holds(book)) == ("closed", 0)
    with scope.everything():
        assert Passbook.objects.get(pk=booklet.pk).state == "closed"
        assert Txn.objects.filter(kind="merge").count() == 1
    all_agree()


def test_points_follow_into_the_new_communitys_book() -> None:
    tree = Tree()
    old, new, home = make_life_book(tree.cuiying), make_life_book(tree.jintao), family(tree)
    give(old, home, 20)
    give(old, home, 11, NEXT_YEAR_END)
    owe(old, home, 6)
    keep(old, home, 5)

    moving.move_household(
        actor=SYSTEM, household=home.pk, community=tree.jintao.pk, address="金涛路2号", on=TODAY, at=AT
    )

    assert (balance(old, home), balance(new, home)) == (0, 31)
    assert lots(new, home) == {YEAR_END: 20, NEXT_YEAR_END: 11}
    assert (balance(old, home, "debt"), balance(new, home, "debt")) == (0, -6)
    with scope.everything():
        out, into = Txn.objects.get(kind="move_out"), Txn.objects.get(kind="move_in")
        assert (into.source_kind, into.source_id) == ("points.txn", out.pk)
    all_agree()


def test_points_come_back_with_a_household_that_comes_back() -> None:
    tree = Tree()
    old, new, home = make_life_book(tree.cuiying), make_life_book(tree.jintao), family(tree)
    give(old, home, 20)

    for there in (tree.jintao, tree.cuiying):
        moving.move_household(actor=SYSTEM, household=home.pk, community=there.pk, address="某路2号", on=TODAY, at=AT)

    assert (balance(old, home), balance(new, home)) == (20, 0)
    assert account_of(old, home).state == "open"
    all_agree()


def test_points_end_with_the_move_when_the_rules_say_so() -> None:
    tree = Tree()
    old, home = make_life_book(tree.cuiying, move="expire"), family(tree)
    make_life_book(tree.jintao)
    give(old, home, 20)
    told = moving.preview_move_household(actor=SYSTEM, household=home.pk, community=tree.jintao.pk, on=TODAY)

    moving.move_household(
        actor=SYSTEM, household=home.pk, community=tree.jintao.pk, address="金涛路2号", on=TODAY, at=AT
    )

    assert (balance(old, home), account_of(old, home).state) == (0, "closed")
    assert told
    all_agree()


def test_points_wait_until_the_new_community_keeps_passbooks() -> None:
    tree = Tree()
    old, home = make_life_book(tree.cuiying), family(tree)
    give(old, home, 20)
    moving.move_household(
        actor=SYSTEM, household=home.pk, community=tree.jintao.pk, address="金涛路2号", on=TODAY, at=AT
    )
    frozen = account_of(old, home)
    with pytest.raises(estates.NoBookThere):
        estates.carry_points_over(actor=SYSTEM, household=home.pk, at=AT)
    new = make_life_book(tree.jintao)

    estates.carry_points_over(actor=staff("community_staff", tree.jintao), household=home.pk, at=AT)

    assert frozen.state == "frozen"
    assert (balance(old, home), balance(new, home)) == (0, 20)
    with scope.everything():
        assert Duty.objects.get(kind="points.carry_over").closed_at is not None
    all_agree()


def test_points_of_the_dead_wait_are_handed_over_and_what_nobody_got_ends() -> None:
    tree = Tree()
    book = make_life_book(tree.cuiying, estate_days=60)
    home, other, heirs = (make_household(tree.cuiying) for _ in range(3))
    for one in (home, other):
        give(book, one, 20, NEXT_YEAR_END)
        keep(book, one, 5)
        leaving.record_death(actor=SYSTEM, person=members_of(one)[0].pk, on=TODAY, at=AT)

    handed = estates.hand_over_points(
        actor=SYSTEM, household=home.pk, to_household=heirs.pk, reason="女儿继承", at=AT + timedelta(days=3)
    )
    early = estates.end_estates(actor=SYSTEM, at=AT + timedelta(days=60))
    ended = estates.end_estates(actor=SYSTEM, at=AT + timedelta(days=61))

    assert (handed.kind, balance(book, heirs), lots(book, heirs)) == ("hand_over", 20, {NEXT_YEAR_END: 20})
    assert (early, ended, balance(book, other)) == (0, 1, 0)
    assert {account_of(book, one).state for one in (home, other)} == {"closed"}
    with scope.everything():
        assert not Duty.objects.filter(kind="points.hand_over", closed_at=None).exists()
    all_agree()


def test_points_are_handed_over_to_heirs_in_another_community() -> None:
    tree = Tree()
    book, there = make_life_book(tree.cuiying), make_life_book(tree.jintao)
    home, heirs = make_household(tree.cuiying), make_household(tree.jintao)
    give(book, home, 20)
    leaving.record_death(actor=SYSTEM, person=members_of(home)[0].pk, on=TODAY, at=AT)

    estates.hand_over_points(actor=SYSTEM, household=home.pk, to_household=heirs.pk, reason="儿子继承", at=AT)

    assert (balance(book, home), balance(there, heirs)) == (0, 20)
    all_agree()


def test_points_of_the_living_are_not_handed_over() -> None:
    tree = Tree()
    book, home, heirs = make_life_book(tree.cuiying), make_household(tree.cuiying), make_household(tree.cuiying)
    give(book, home, 20)

    with pytest.raises(estates.NothingToHandOver):
        estates.hand_over_points(actor=SYSTEM, household=home.pk, to_household=heirs.pk, reason="想送人", at=AT)
    with pytest.raises(Invalid):
        estates.hand_over_points(actor=SYSTEM, household=home.pk, to_household=heirs.pk, reason=" ", at=AT)


def test_points_stay_where_they_were_earned_and_wait_when_the_last_one_leaves() -> None:
    tree = Tree()
    book, home, other = make_life_book(tree.cuiying), family(tree, 2), make_household(tree.cuiying)
    give(book, home, 20)
    head, child = members_of(home)

    moving.move_person(actor=SYSTEM, person=child.pk, household=other.pk, relation="child", on=TODAY, at=AT)
    told = moving.preview_move_person(actor=SYSTEM, person=head.pk, household=other.pk, on=TODAY)
    before = (balance(book, home), account_of(book, home).state)
    moving.move_person(actor=SYSTEM, person=head.pk, household=other.pk, relation="other_kin", on=TODAY, at=AT)

    assert before == (20, "open")
    assert told
    assert (balance(book, home), account_of(book, home).state) == (20, "frozen")


def test_relatives_named_by_staff_are_known_in_the_new_household() -> None:
    tree = Tree()
    home, account = family(tree), make_account()
    actor = Actor(
        account=account.pk,
        role="community_staff",
        communities=frozenset({tree.cuiying.pk}),
        via="web",
        roles=frozenset({"community_staff"}),
    )
    relatives.declare_relative(actor=actor, account=account.pk, household=home.pk, at=AT)

    new = split_off(home)

    with scope.everything():
        assert DeclaredRelative.objects.filter(household=new, account=account, ended_on=None).exists()


def test_book_of_a_merged_community_goes_on_in_its_successor() -> None:
    tree = Tree()
    book, home = make_life_book(tree.cuiying), family(tree)
    give(book, home, 20)
    booklet = passbooks.issue_passbook(actor=SYSTEM, household=home.pk, at=AT)

    merge_divisions(actor=SYSTEM, divisions=[tree.cuiying.pk], into=tree.jintao.pk, on=TODAY, at=AT)

    with scope.everything():
        assert Book.objects.get(pk=book.pk).community_id == tree.jintao.pk
        assert set(Account.objects.values_list("community_id", flat=True)) == {tree.jintao.pk}
        assert Passbook.objects.get(pk=booklet.pk).community_id == tree.jintao.pk
    assert balance(book, home) == 20
    all_agree()


def test_two_books_become_one_when_their_communities_do() -> None:
    tree = Tree()
    ends, stays = make_life_book(tree.cuiying), make_life_book(tree.jintao)
    home, waiting, there = family(tree), make_household(tree.cuiying), make_household(tree.jintao)
    give(ends, home, 20)
    keep(ends, home, 6)
    owe(ends, home, 3)
    give(ends, waiting, 9, NEXT_YEAR_END)
    give(stays, there, 4)
    leaving.record_death(actor=SYSTEM, person=members_of(waiting)[0].pk, on=TODAY, at=AT)

    merge_divisions(actor=SYSTEM, divisions=[tree.cuiying.pk], into=tree.jintao.pk, on=TODAY, at=AT)

    assert (balance(ends, home), balance(stays, home), balance(stays, home, "debt")) == (0, 20, -3)
    assert (balance(stays, waiting), account_of(stays, waiting).state) == (9, "frozen")
    assert balance(stays, there) == 4
    with scope.everything():
        assert Book.objects.get(pk=ends.pk).state == "closed"
        assert Txn.objects.filter(kind__in=["move_out", "move_in"]).count() == 2
    all_agree()


def test_venues_move_before_the_books_of_communities_become_one() -> None:
    tree = Tree()
    ends, stays, home = make_life_book(tree.cuiying), make_life_book(tree.jintao), family(tree)
    for number in (1, 2):
        make_venue(tree.cuiying, name=f"{number}号服务点")
    give(ends, home, 20)
    keep(ends, home, 6)

    merge_divisions(actor=SYSTEM, divisions=[tree.cuiying.pk], into=tree.jintao.pk, on=TODAY, at=AT)

    assert (balance(ends, home), balance(stays, home)) == (0, 20)
    all_agree()


def test_day_of_a_move_may_lie_back() -> None:
    tree = Tree()
    old, new, home = make_life_book(tree.cuiying), make_life_book(tree.jintao), family(tree)
    give(old, home, 20)

    moving.move_household(
        actor=SYSTEM, household=home.pk, community=tree.jintao.pk, address="金涛路2号", on=date(2026, 11, 1), at=AT
    )

    assert balance(new, home) == 20


def test_points_of_two_former_books_follow_into_the_third() -> None:
    tree = Tree()
    first, home = make_life_book(tree.cuiying), family(tree)
    give(first, home, 20)
    moving.move_household(actor=SYSTEM, household=home.pk, community=tree.jintao.pk, address="某路2号", on=TODAY, at=AT)
    second = make_life_book(tree.jintao)
    give(second, home, 5)
    third = make_life_book(tree.daya)

    moving.move_household(actor=SYSTEM, household=home.pk, community=tree.daya.pk, address="某路3号", on=TODAY, at=AT)

    assert (balance(first, home), balance(second, home), balance(third, home)) == (0, 0, 25)
    all_agree()


def test_two_passbooks_of_a_household_that_ends_wait_both() -> None:
    tree = Tree()
    first, home = make_life_book(tree.cuiying), make_household(tree.cuiying)
    give(first, home, 20)
    moving.move_household(actor=SYSTEM, household=home.pk, community=tree.jintao.pk, address="某路2号", on=TODAY, at=AT)
    second = make_life_book(tree.jintao)
    give(second, home, 5)

    leaving.record_death(actor=SYSTEM, person=members_of(home)[0].pk, on=TODAY, at=AT)

    assert [account_of(book, home).state for book in (first, second)] == ["frozen", "frozen"]
    with scope.everything():
        assert Duty.objects.filter(kind="points.hand_over", closed_at=None).count() == 2
