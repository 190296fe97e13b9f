"""Roles: given, taken, deputised and handed over."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from lianxin.domain.people.commands import staff as commands
from lianxin.domain.people.commands.handovers import hand_over
from lianxin.domain.people.models import Account, Deputy, RoleGrant
from lianxin.domain.people.queries import staff as queries
from lianxin.domain.people.queries.accounts import actor_for, idle_after
from lianxin.domain.people.tests.account_factories import (
    AT,
    DAY,
    Tree,
    give_role,
    ids,
    make_account,
    make_staff,
    system,
)
from lianxin.domain.places.models import Venue
from lianxin.platform import duties, scope
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused
from lianxin.platform.models import Duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> Tree:
    return Tree()


@command("tests.open_duty")
def _open_duty(*, actor, record, community, assignee, at, key=None):
    return duties.open(
        kind="tests.call_back",
        record=record,
        community_id=community.pk,
        title="Call back",
        due_at=at + timedelta(days=1),
        assignee_account=assignee,
    )


def test_scopes_follow_the_tree(tree: Tree, django_assert_max_num_queries) -> None:
    expected = {
        ("community_staff", tree.cuiying): ids(tree.cuiying),
        ("subdistrict_staff", tree.jinxia): ids(tree.cuiying, tree.jintao),
        ("district_staff", None): None,
        ("system_admin", None): frozenset(),
        ("security_admin", None): frozenset(),
        ("audit_admin", None): frozenset(),
    }

    for (role, division), communities in expected.items():
        account = make_account()
        give_role(account, role, division=division)
        with django_assert_max_num_queries(3):
            actor = actor_for(account=account, at=AT)
        assert (actor.role, actor.communities) == (role, communities)


def test_a_host_reaches_the_venue_and_its_community(tree: Tree) -> None:
    with scope.everything():
        venue = Venue.objects.create(community=tree.daya, kind="station", station_type="mall", name="商场驿站")
    account = make_account()
    give_role(account, "host", venue=venue)

    actor = actor_for(account=account, at=AT)

    assert (actor.venues, actor.communities) == (frozenset({venue.pk}), ids(tree.daya))


def test_without_a_role_nothing_is_reached(tree: Tree) -> None:
    account = make_account()
    give_role(account, "community_staff", division=tree.cuiying, until_on=DAY)

    actor = actor_for(account=account, at=AT)

    assert (actor.role, actor.communities, actor.roles) == ("unassigned", frozenset(), frozenset())


def test_staff_sessions_sleep_and_residents_sessions_do_not(tree: Tree) -> None:
    resident = Account.objects.create(kind="resident", state="active", phone_digest="d" * 64, created_at=AT)
    give_role(resident, "volunteer", division=tree.cuiying)

    for account in (make_account(), make_staff("community_staff", division=tree.cuiying)[0]):
        assert idle_after(actor=actor_for(account=account, at=AT), minutes=30) == timedelta(minutes=30)
    assert idle_after(actor=actor_for(account=resident, at=AT), minutes=30) is None


def test_a_role_begins_and_ends_by_the_day_in_shanghai(tree: Tree) -> None:
    account = make_account()
    give_role(account, "community_staff", division=tree.cuiying, from_on=date(2026, 3, 3))
    eve = AT.replace(hour=15, minute=59)

    assert actor_for(account=account, at=eve).communities == frozenset()
    assert actor_for(account=account, at=eve + timedelta(minutes=1)).communities == ids(tree.cuiying)


def test_an_office_gives_roles_below_it_and_nowhere_else(tree: Tree) -> None:
    _account, jinxia = make_staff("subdistrict_staff", division=tree.jinxia)
    newcomer = make_account()

    commands.grant_role(actor=jinxia, account=newcomer.pk, role="community_staff", division=tree.cuiying.pk, at=AT)

    with pytest.raises(Missing):
        commands.grant_role(actor=jinxia, account=newcomer.pk, role="community_staff", division=tree.daya.pk, at=AT)
    with pytest.raises(NotAllowed):
        commands.grant_role(actor=jinxia, account=newcomer.pk, role="subdistrict_staff", division=tree.jinxia.pk, at=AT)


def test_nobody_gives_a_role_to_themselves() -> None:
    account, security = make_staff("security_admin")

    with pytest.raises(commands.NotForOneself):
        commands.grant_role(actor=security, account=account.pk, role="audit_admin", at=AT)


@pytest.mark.parametrize("other", ["security_admin", "audit_admin", "district_staff"])
def test_an_administrator_gets_no_second_role(other: str) -> None:
    account, _actor = make_staff("system_admin")
    _admin, security = make_staff("security_admin")

    with pytest.raises(commands.RolesClash):
        commands.grant_role(actor=security, account=account.pk, role=other, at=AT)


def test_the_database_refuses_two_administrator_roles() -> None:
    account, _actor = make_staff("system_admin")

    with pytest.raises(IntegrityError), transaction.atomic():
        give_role(account, "audit_admin")


def test_the_database_refuses_a_role_without_its_place() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        give_role(make_account(), "community_staff")


def test_a_role_belongs_to_its_level(tree: Tree) -> None:
    account = make_account()

    for role, division in (("community_staff", tree.jinxia), ("subdistrict_staff", tree.cuiying)):
        with pytest.raises(Invalid):
            commands.grant_role(actor=system(), account=account.pk, role=role, division=division.pk, at=AT)


def test_a_role_is_held_once_at_a_place(tree: Tree) -> None:
    account = make_account()
    commands.grant_role(actor=system(), account=account.pk, role="community_staff", division=tree.cuiying.pk, at=AT)

    with pytest.raises(commands.RoleHeldAlready):
        commands.grant_role(actor=system(), account=account.pk, role="community_staff", division=tree.cuiying.pk, at=AT)


def test_a_resident_becomes_a_volunteer_but_not_staff(tree: Tree) -> None:
    resident = Account.objects.create(kind="resident", state="active", phone_digest="d" * 64, created_at=AT)
    _account, staff = make_staff("community_staff", division=tree.cuiying)

    commands.grant_role(actor=staff, account=resident.pk, role="volunteer", division=tree.cuiying.pk, at=AT)

    with pytest.raises(Refused):
        commands.grant_role(
            actor=system(), account=resident.pk, role="community_staff", division=tree.cuiying.pk, at=AT
        )
    assert actor_for(account=resident, at=AT).roles == {"resident", "volunteer"}


def test_a_role_taken_away_ends_today(tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)
    grant = RoleGrant.objects.get(account=account)
    _upper, upper = make_staff("subdistrict_staff", division=tree.jinxia)

    commands.revoke_role(actor=upper, grant=grant.pk, at=AT, reason="moved to another post")

    assert actor_for(account=account, at=AT).communities == frozenset()
    with pytest.raises(Refused):
        commands.revoke_role(actor=upper, grant=grant.pk, at=AT)


def test_a_foreign_office_cannot_see_the_role_it_would_take(tree: Tree) -> None:
    account, _actor = make_staff("community_staff", division=tree.cuiying)
    _upper, foreign = make_staff("subdistrict_staff", division=tree.waisha)

    with pytest.raises(Missing):
        commands.revoke_role(actor=foreign, grant=RoleGrant.objects.get(account=account).pk, at=AT)


def test_a_deputy_acts_in_the_roles_on_those_days_only(tree: Tree) -> None:
    absent, actor = make_staff("community_staff", division=tree.cuiying)
    deputy, _own = make_staff("community_staff", division=tree.jintao)

    commands.appoint_deputy(
        actor=actor, account=absent.pk, deputy=deputy.pk, from_on=DAY, until_on=DAY + timedelta(days=7), at=AT
    )

    assert actor_for(account=deputy, at=AT - timedelta(days=1)).communities == ids(tree.jintao)
    assert actor_for(account=deputy, at=AT).communities == ids(tree.jintao, tree.cuiying)
    assert actor_for(account=deputy, at=AT + timedelta(days=7)).communities == ids(tree.jintao)


def test_a_deputy_of_a_deputy_gets_nothing(tree: Tree) -> None:
    first, first_actor = make_staff("community_staff", division=tree.cuiying)
    second, second_actor = make_staff("community_staff", division=tree.jintao)
    third, _actor = make_staff("community_staff", division=tree.daya)
    week = {"from_on": DAY, "until_on": DAY + timedelta(days=7), "at": AT}
    commands.appoint_deputy(actor=first_actor, account=first.pk, deputy=second.pk, **week)

    commands.appoint_deputy(actor=second_actor, account=second.pk, deputy=third.pk, **week)

    assert actor_for(account=third, at=AT).communities == ids(tree.daya, tree.jintao)


def test_a_deputy_for_one_role_gets_that_role_only(tree: Tree) -> None:
    absent, actor = make_staff("community_staff", division=tree.cuiying)
    give_role(absent, "subdistrict_staff", division=tree.waisha)
    deputy = make_account()

    commands.appoint_deputy(
        actor=actor,
        account=absent.pk,
        deputy=deputy.pk,
        from_on=DAY,
        until_on=DAY + timedelta(days=7),
        role_codes=("community_staff",),
        at=AT,
    )

    assert actor_for(account=deputy, at=AT).roles == {"community_staff"}


def test_staff_cannot_stand_in_for_an_administrator(tree: Tree) -> None:
    absent, actor = make_staff("security_admin")
    deputy, _own = make_staff("community_staff", division=tree.jintao)

    with pytest.raises(commands.RolesClash):
        commands.appoint_deputy(
            actor=actor, account=absent.pk, deputy=deputy.pk, from_on=DAY, until_on=DAY + timedelta(days=7), at=AT
        )


def test_an_administrator_role_cannot_slip_in_past_a_deputy(tree: Tree) -> None:
    absent, actor = make_staff("community_staff", division=tree.cuiying)
    deputy = make_account()
    commands.appoint_deputy(
        actor=actor, account=absent.pk, deputy=deputy.pk, from_on=DAY, until_on=DAY + timedelta(days=7), at=AT
    )

    with pytest.raises(commands.RolesClash):
        commands.grant_role(actor=system(), account=deputy.pk, role="audit_admin", at=AT)


@pytest.mark.parametrize(("begin", "end"), [(0, 0), (3, 2), (-7, -1)])
def test_the_days_of_a_deputy_must_make_sense(tree: Tree, begin: int, end: int) -> None:
    absent, actor = make_staff("community_staff", division=tree.cuiying)
    deputy = make_account()

    with pytest.raises(Invalid):
        commands.appoint_deputy(
            actor=actor,
            account=absent.pk,
            deputy=deputy.pk,
            from_on=DAY + timedelta(days=begin),
            until_on=DAY + timedelta(days=end),
            at=AT,
        )


def test_a_colleague_cannot_name_ones_deputy(tree: Tree) -> None:
    absent, _actor = make_staff("community_staff", division=tree.cuiying)
    colleague, colleague_actor = make_staff("community_staff", division=tree.cuiying)

    with pytest.raises(NotAllowed):
        commands.appoint_deputy(
            actor=colleague_actor,
            account=absent.pk,
            deputy=colleague.pk,
            from_on=DAY,
            until_on=DAY + timedelta(days=7),
            at=AT,
        )


def test_who_is_back_early_ends_the_deputy(tree: Tree) -> None:
    absent, actor = make_staff("community_staff", division=tree.cuiying)
    deputy = make_account()
    row = commands.appoint_deputy(
        actor=actor, account=absent.pk, deputy=deputy.pk, from_on=DAY, until_on=DAY + timedelta(days=7), at=AT
    )

    later = AT + timedelta(days=2)
    commands.dismiss_deputy(actor=actor, deputy=row.pk, at=later)

    assert actor_for(account=deputy, at=later).communities == frozenset()


def test_leaving_hands_duties_and_roles_to_the_successor_and_closes_the_account(tree: Tree) -> None:
    leaver, _actor = make_staff("community_staff", division=tree.cuiying)
    successor = make_account()
    _upper, upper = make_staff("subdistrict_staff", division=tree.jinxia)
    _open_duty(actor=upper, record=tree.cuiying, community=tree.cuiying, assignee=leaver.pk, at=AT)

    done = hand_over(actor=upper, from_account=leaver.pk, to_account=successor.pk, reason="leave", at=AT)

    leaver.refresh_from_db()
    with scope.everything():
        assert Duty.objects.get().assignee_account == successor.pk
    assert (done.duties_moved, done.roles_moved) == (1, 1)
    assert leaver.state == Account.State.DISABLED
    assert actor_for(account=successor, at=AT).communities == ids(tree.cuiying)
    assert actor_for(account=leaver, at=AT).communities == frozenset()


def test_a_transfer_keeps_the_account_and_gives_the_new_unit(tree: Tree) -> None:
    mover, _actor = make_staff("community_staff", division=tree.cuiying)
    successor, _own = make_staff("community_staff", division=tree.jintao)
    _admin, security = make_staff("security_admin")

    hand_over(
        actor=security,
        from_account=mover.pk,
        to_account=successor.pk,
        reason="transfer",
        to_division=tree.daya.pk,
        at=AT,
    )

    assert actor_for(account=mover, at=AT).communities == ids(tree.daya)
    assert actor_for(account=successor, at=AT).communities == ids(tree.jintao, tree.cuiying)


def test_deputies_of_and_for_the_leaver_end(tree: Tree) -> None:
    leaver, actor = make_staff("community_staff", division=tree.cuiying)
    successor, deputy = make_account(), make_account()
    week = {"until_on": DAY + timedelta(days=7), "at": AT}
    commands.appoint_deputy(actor=actor, account=leaver.pk, deputy=deputy.pk, from_on=DAY, **week)
    commands.appoint_deputy(actor=actor, account=leaver.pk, deputy=deputy.pk, from_on=DAY + timedelta(days=3), **week)

    hand_over(actor=system(), from_account=leaver.pk, to_account=successor.pk, reason="leave", at=AT)

    assert Deputy.objects.get().until_on == DAY
    assert actor_for(account=deputy, at=AT).communities == frozenset()


def test_the_office_next_door_cannot_hand_over_our_staff(tree: Tree) -> None:
    leaver, _actor = make_staff("community_staff", division=tree.cuiying)
    successor = make_account()
    _upper, foreign = make_staff("subdistrict_staff", division=tree.waisha)

    with pytest.raises(NotAllowed):
        hand_over(actor=foreign, from_account=leaver.pk, to_account=successor.pk, reason="leave", at=AT)


def test_a_successor_needs_an_account_in_use(tree: Tree) -> None:
    leaver, _actor = make_staff("community_staff", division=tree.cuiying)
    gone = make_account(state="disabled")

    with pytest.raises(Refused):
        hand_over(actor=system(), from_account=leaver.pk, to_account=gone.pk, reason="leave", at=AT)


def test_the_roster_of_a_community_names_its_staff_and_the_office_above(tree: Tree) -> None:
    make_staff("community_staff", division=tree.cuiying, login_name="own")
    make_staff("subdistrict_staff", division=tree.jinxia, login_name="above")
    make_staff("community_staff", division=tree.daya, login_name="far")
    make_staff("system_admin", login_name="admin")

    ours = queries.list_roster(on=DAY, communities=ids(tree.cuiying))
    whole = queries.list_roster(on=DAY, communities=None)

    assert {line.login_name for line in ours} == {"own", "above"}
    assert {line.login_name for line in whole} == {"own", "above", "far", "admin"}


def test_verify_names_an_account_whose_roles_clash(tree: Tree) -> None:
    account, _actor = make_staff("system_admin")
    assert list(queries.list_role_clashes(on=DAY)) == []

    give_role(account, "community_staff", division=tree.cuiying)

    assert [str(account.pk) in line for line in queries.list_role_clashes(on=DAY)] == [True]
