"""What residents ask about their own record, and for whom they act."""

from datetime import date, timedelta

import pytest

from lianxin.domain.people.commands.erasure import erase_person
from lianxin.domain.people.commands.own_record import (
    NotYourHousehold,
    ask_for_erasure,
    find_erasure_request,
    let_family_act,
    preview_own_withdrawal,
    take_back_erasure,
)
from lianxin.domain.people.commands.proxies import revoke_proxy
from lianxin.domain.people.models import ProxyLink
from lianxin.domain.people.queries.consents import has_consent
from lianxin.domain.people.queries.proxies import acting_for, find_principal, list_principals
from lianxin.domain.people.tests.account_factories import Tree
from lianxin.domain.people.tests.factories import (
    AT,
    TODAY,
    load_register,
    make_household,
    members_of,
    new_person,
    resident,
    staff,
)
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, Missing, NotAllowed

pytestmark = pytest.mark.django_db
A_YEAR = timedelta(days=365)


@pytest.fixture
def tree() -> Tree:
    load_register()
    return Tree()


@pytest.fixture
def couple(tree: Tree):
    """A head and a spouse of one household."""
    home = make_household(tree.cuiying, new_person("林秀英"), new_person("陈建国", "spouse"), on=date(2024, 1, 1))
    return members_of(home)


def test_consent_and_link_are_one_act(couple) -> None:
    head, spouse = couple

    link = let_family_act(actor=resident(head), agent=spouse.pk, acts=["meals"], until_on=TODAY + A_YEAR, at=AT)

    with scope.everything():
        assert has_consent(person=head.pk, purpose="proxy")
    assert (link.principal_id, link.agent_person_id, link.acts) == (head.pk, spouse.pk, ["meals"])


def test_refused_link_leaves_no_consent(couple) -> None:
    head, spouse = couple

    with pytest.raises(Invalid):
        let_family_act(actor=resident(head), agent=spouse.pk, acts=["meals"], until_on=TODAY - timedelta(days=1), at=AT)

    with scope.everything():
        assert not has_consent(person=head.pk, purpose="proxy")


def test_somebody_of_another_household_is_refused(tree: Tree, couple) -> None:
    stranger = members_of(make_household(tree.cuiying, new_person("黄锡藩")))[0]

    with pytest.raises(NotYourHousehold):
        let_family_act(actor=resident(couple[0]), agent=stranger.pk, acts=["all"], until_on=TODAY + A_YEAR, at=AT)


def test_agent_of_another_community_finds_the_principal_and_reaches_it(tree: Tree, couple) -> None:
    head, spouse = couple
    let_family_act(actor=resident(head), agent=spouse.pk, acts=["consent"], until_on=TODAY + A_YEAR, at=AT)
    moved = resident(spouse).__class__(**{**resident(spouse).__dict__, "communities": frozenset({tree.daya.pk})})

    principal = find_principal(actor=moved, person=head.pk, on=TODAY)
    actor = acting_for(moved, principal)

    assert principal.may("consent")
    assert not principal.may("meals")
    assert actor.on_behalf_of == head.pk
    assert actor.communities == {tree.daya.pk, tree.cuiying.pk}


def test_ended_and_expired_links_give_nobody(couple) -> None:
    head, spouse = couple
    link = let_family_act(actor=resident(head), agent=spouse.pk, acts=["all"], until_on=TODAY + A_YEAR, at=AT)

    assert list_principals(actor=resident(spouse), on=TODAY + A_YEAR + timedelta(days=1)) == []
    revoke_proxy(actor=resident(head), link=link.pk, at=AT)
    assert list_principals(actor=resident(spouse), on=TODAY) == []
    with pytest.raises(Missing):
        find_principal(actor=resident(spouse), person=head.pk, on=TODAY)


def test_taking_back_the_consent_tells_that_the_link_ends(couple) -> None:
    head, spouse = couple
    let_family_act(actor=resident(head), agent=spouse.pk, acts=["all"], until_on=TODAY + A_YEAR, at=AT)

    told = preview_own_withdrawal(actor=resident(head), person=head.pk, purpose="proxy")

    assert told
    with scope.everything():
        assert ProxyLink.objects.filter(revoked_at=None).count() == 1


def test_request_to_be_erased_is_one_duty_until_it_is_taken_back(couple) -> None:
    _head, spouse = couple
    actor = resident(spouse)

    first = ask_for_erasure(actor=actor, person=spouse.pk, at=AT)
    again = ask_for_erasure(actor=actor, person=spouse.pk, at=AT + timedelta(days=1))

    assert first == again
    assert first.due_at == AT + timedelta(days=15)
    take_back_erasure(actor=actor, person=spouse.pk, at=AT)
    assert find_erasure_request(actor=actor, person=spouse.pk) is None


def test_erasing_closes_the_request(tree: Tree) -> None:
    home = make_household(tree.cuiying, new_person("林秀英"), new_person("陈建国", "not_kin", residence="floating"))
    lodger = members_of(home)[1]
    duty = ask_for_erasure(actor=resident(lodger), person=lodger.pk, at=AT)

    erase_person(actor=staff("community_staff", tree.cuiying), person=lodger.pk, ground="本人申请", at=AT)

    with scope.everything():
        duty.refresh_from_db()
    assert duty.closed_at is not None


def test_nobody_asks_for_another(couple) -> None:
    head, spouse = couple

    with pytest.raises((NotAllowed, Missing)):
        ask_for_erasure(actor=resident(spouse), person=head.pk, at=AT)
