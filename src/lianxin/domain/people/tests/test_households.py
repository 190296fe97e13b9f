from datetime import date, timedelta

import pytest

from lianxin.domain.people.commands import households, leaving, moving
from lianxin.domain.people.models import Household, HouseholdMembership, Person
from lianxin.domain.people.queries import checks, counts
from lianxin.domain.people.queries.households import find_household, list_households
from lianxin.domain.people.tests import factories as make
from lianxin.domain.people.tests.account_factories import Tree
from lianxin.domain.people.tests.factories import AT, SYSTEM, TODAY
from lianxin.domain.places.events import DivisionsMerged
from lianxin.platform import scope
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, Missing, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> Tree:
    return Tree()


def no_differences() -> None:
    for check in (checks.households_have_members, checks.communities_agree, checks.memberships_agree):
        assert list(check()) == []
    assert list(checks.digests_match()) == []


def test_households_get_running_numbers_and_their_members_have_one_open_membership(tree: Tree) -> None:
    first = make.make_household(tree.cuiying, make.new_person(), make.new_person("林阿妹", "spouse"))
    second = make.make_household(tree.cuiying)
    other = make.make_household(tree.jintao)

    assert (first.number, second.number, other.number) == ("000001", "000002", "000001")
    with scope.everything():
        assert HouseholdMembership.objects.filter(household=first, until_on=None).count() == 2
    no_differences()


def test_a_number_typed_by_hand_is_jumped_over(tree: Tree) -> None:
    make.make_household(tree.cuiying, number="000001")

    assert make.make_household(tree.cuiying).number == "000002"


def test_a_number_that_is_taken_is_refused_with_a_sentence(tree: Tree) -> None:
    make.make_household(tree.cuiying, number="甲-7")

    with pytest.raises(households.NumberTaken):
        make.make_household(tree.cuiying, number="甲-7")


def test_an_id_number_on_record_anywhere_in_the_district_is_refused(tree: Tree) -> None:
    number = make.id_number(date(1950, 5, 1))
    make.make_household(tree.daya, make.new_person(id_number=number))

    with pytest.raises(households.AlreadyRegistered):
        households.register_household(
            actor=make.staff("community_staff", tree.cuiying),
            community=tree.cuiying.pk,
            members=[make.new_person("林某", id_number=number.lower())],
            at=AT,
        )


def test_two_heads_and_no_member_are_refused(tree: Tree) -> None:
    with pytest.raises(Invalid):
        make.make_household(tree.cuiying, make.new_person(), make.new_person("林阿妹", "head"))
    with pytest.raises(Invalid):
        households.register_household(actor=SYSTEM, community=tree.cuiying.pk, members=[], at=AT)


def test_what_is_wrong_is_told_by_field(tree: Tree) -> None:
    with pytest.raises(Invalid) as problem:
        make.make_household(tree.cuiying, make.new_person("陈3", phone="12", id_number="440507195005010000"))

    assert {"name", "phone", "id_number"} <= set(problem.value.fields)


def test_staff_of_another_community_cannot_register_here_and_a_volunteer_not_at_all(tree: Tree) -> None:
    with pytest.raises(Missing):
        households.register_household(
            actor=make.staff("community_staff", tree.jintao),
            community=tree.cuiying.pk,
            members=[make.new_person()],
            at=AT,
        )
    with pytest.raises(NotAllowed):
        households.register_household(
            actor=make.staff("volunteer", tree.cuiying), community=tree.cuiying.pk, members=[make.new_person()], at=AT
        )


def test_the_last_death_closes_the_household_and_yesterdays_count_stays(tree: Tree) -> None:
    home = make.make_household(tree.cuiying)
    (person,) = make.members_of(home)

    leaving.record_death(actor=SYSTEM, person=person.pk, on=TODAY, at=AT)

    assert make.fresh_household(home).state == Household.State.CLOSED
    with scope.everything():
        assert counts.count_residents(on=TODAY - timedelta(days=1)) == 1
        assert counts.count_residents(on=TODAY) == 0
        assert counts.count_households(on=TODAY) == 0
    no_differences()


def test_the_spouse_becomes_head_when_the_head_dies(tree: Tree) -> None:
    home = make.make_household(
        tree.cuiying, make.new_person(), make.new_person("陈大", "child"), make.new_person("林阿妹", "spouse")
    )
    head = make.members_of(home)[0]
    told = leaving.preview_death(actor=SYSTEM, person=head.pk, on=TODAY)

    leaving.record_death(actor=SYSTEM, person=head.pk, on=TODAY, at=AT)

    heads = [p.name for p in make.members_of(home) if p.relation == "head" and p.state == "living"]
    assert heads == ["林阿妹"]
    assert any("林*妹" in sentence for sentence in told)


def test_a_death_in_the_future_or_before_birth_is_refused(tree: Tree) -> None:
    (person,) = make.members_of(make.make_household(tree.cuiying))

    for day in (TODAY + timedelta(days=1), date(1949, 1, 1)):
        with pytest.raises(Invalid):
            leaving.record_death(actor=SYSTEM, person=person.pk, on=day, at=AT)


def test_somebody_who_moved_out_can_come_back(tree: Tree) -> None:
    home = make.make_household(tree.cuiying, make.new_person(), make.new_person("林阿妹", "spouse"))
    _head, spouse = make.members_of(home)
    leaving.record_move_out(actor=SYSTEM, person=spouse.pk, on=date(2025, 3, 1), at=AT)

    leaving.return_person(
        actor=SYSTEM, person=spouse.pk, household=home.pk, relation="spouse", on=date(2026, 1, 1), at=AT
    )

    assert make.fresh(spouse).state == Person.State.LIVING
    with scope.everything():
        assert counts.count_residents(on=date(2025, 6, 1)) == 1
        assert counts.count_residents(on=TODAY) == 2
    no_differences()


def test_moving_a_household_takes_everybody_along_and_keeps_the_old_figure(tree: Tree) -> None:
    home = make.make_household(tree.cuiying, make.new_person(), make.new_person("林阿妹", "spouse"))

    moving.move_household(
        actor=make.staff("subdistrict_staff", tree.cuiying, tree.jintao),
        household=home.pk,
        community=tree.jintao.pk,
        address="金涛庄2号",
        on=date(2026, 5, 1),
        at=AT,
    )

    assert {p.community_id for p in make.members_of(home)} == {tree.jintao.pk}
    with scope.everything():
        there = frozenset({tree.jintao.pk})
        assert counts.count_residents(on=date(2026, 4, 30), communities=there) == 0
        assert counts.count_residents(on=date(2026, 5, 1), communities=there) == 2
    no_differences()


def test_a_household_cannot_be_moved_to_a_community_out_of_reach(tree: Tree) -> None:
    home = make.make_household(tree.cuiying)

    with pytest.raises(Missing):
        moving.move_household(
            actor=make.staff("community_staff", tree.cuiying),
            household=home.pk,
            community=tree.daya.pk,
            address="",
            on=TODAY,
            at=AT,
        )


def test_a_split_makes_a_new_household_and_a_merge_ends_the_other(tree: Tree) -> None:
    home = make.make_household(
        tree.cuiying, make.new_person(), make.new_person("陈大", "child"), make.new_person("黄丽", "child_in_law")
    )
    _head, son, wife = make.members_of(home)

    new = moving.split_household(
        actor=SYSTEM, household=home.pk, people=[son.pk, wife.pk], head=son.pk, on=date(2025, 1, 1), at=AT
    )
    assert [p.relation for p in make.members_of(new)] == ["head", "other_kin"]
    no_differences()

    moving.merge_households(actor=SYSTEM, households=[new.pk], into=home.pk, on=date(2026, 1, 1), at=AT)
    ended = make.fresh_household(new)
    assert (ended.state, ended.successor_id) == (Household.State.MERGED, home.pk)
    assert [p.relation for p in make.members_of(home)].count("head") == 1
    no_differences()


def test_when_communities_merge_people_go_along_and_a_taken_number_is_replaced(tree: Tree) -> None:
    from lianxin.domain.people.commands.divisions import follow_merge, preview_merge

    kept = make.make_household(tree.jintao)
    moved = make.make_household(tree.cuiying)
    event = DivisionsMerged((tree.cuiying.pk,), tree.jintao.pk, date(2026, 6, 1))

    @command("tests.merge")
    def merge(*, actor, at) -> None:
        follow_merge(event, actor=actor, at=at)

    assert preview_merge(event)
    merge(actor=SYSTEM, at=AT)

    numbers = {make.fresh_household(kept).number, make.fresh_household(moved).number}
    assert numbers == {"000001", "000002"}
    with scope.everything():
        gone = frozenset({tree.cuiying.pk})
        assert counts.count_residents(on=date(2026, 5, 31), communities=gone) == 1
        assert counts.count_residents(on=date(2026, 6, 1), communities=gone) == 0
    no_differences()


def test_lists_turn_pages_by_number_and_a_page_names_nobody_in_full(tree: Tree) -> None:
    for _time in range(5):
        make.make_household(tree.cuiying)
    actor = make.staff("community_staff", tree.cuiying)

    first = list_households(actor=actor, limit=3)
    second = list_households(actor=actor, limit=3, after=first.after)

    assert [row.number for row in [*first.rows, *second.rows]] == [f"{n:06d}" for n in range(1, 6)]
    bundle = find_household(actor=actor, household=first.rows[0].id, on=TODAY)
    assert bundle.members[0].masked_name == "陈*明"
    assert bundle.address == ""


def test_a_household_of_another_community_is_missing(tree: Tree) -> None:
    home = make.make_household(tree.daya)

    with pytest.raises(Missing):
        find_household(actor=make.staff("community_staff", tree.cuiying), household=home.pk, on=TODAY)
