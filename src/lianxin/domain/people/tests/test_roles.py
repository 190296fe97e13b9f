"""The table of roles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.people.rules import roles


@given(st.sets(st.sampled_from(sorted(roles.ROLES))))
def test_an_administrator_holds_nothing_else(held: set[str]) -> None:
    clash = roles.clash(held)

    assert (clash is not None) == (bool(held & roles.ADMINISTRATORS) and len(held) > 1)


def test_every_pair_of_administrators_clashes() -> None:
    for one in roles.ADMINISTRATORS:
        for other in roles.ADMINISTRATORS - {one}:
            assert roles.clash({one, other}) == tuple(sorted((one, other)))


@pytest.mark.parametrize(
    ("held", "role", "may"),
    [
        ("security_admin", "audit_admin", True),
        ("system_admin", "community_staff", False),
        ("audit_admin", "volunteer", False),
        ("district_staff", "subdistrict_staff", True),
        ("district_staff", "district_staff", False),
        ("subdistrict_staff", "community_staff", True),
        ("community_staff", "volunteer", True),
        ("community_staff", "community_staff", False),
        ("volunteer", "volunteer", False),
    ],
)
def test_who_may_give_which_role(held: str, role: str, may: bool) -> None:
    assert roles.may_grant({held}, role) is may


def test_an_actor_acts_in_the_widest_role_held() -> None:
    assert roles.main_role({"volunteer", "community_staff"}) == "community_staff"
    assert roles.main_role(set()) == roles.RESIDENT


def test_volunteers_need_no_second_factor_and_everybody_else_does() -> None:
    assert not roles.needs_second_factor({"volunteer"})
    assert roles.needs_second_factor({"volunteer", "host"})
    assert roles.needs_second_factor(set())
