"""Opinion maps: counts and formulas beside an independent computation, groups that were planted, and repeatability."""

import random
from fractions import Fraction
from itertools import pairwise
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.engines.opinions import TooFew, Vote, find_groups, keep_latest, shared, speaking_for, weigh


def planted(*, voters, statements, camps, each, noise, seed):
    """Give votes of camps with opinions of their own, and the camp of each voter."""
    chance = random.Random(seed)
    opinions = [[chance.choice([1, -1]) for _ in range(statements)] for _ in range(camps)]
    camp_of = {f"v{number}": number % camps for number in range(voters)}
    votes = []
    for voter, camp in camp_of.items():
        for statement in chance.sample(range(statements), each):
            value = chance.choice([1, 0, -1]) if chance.random() < noise else opinions[camp][statement]
            votes.append(Vote(voter, f"s{statement}", value, 0))
    return votes, camp_of


def misplaced(groups, camp_of):
    """Count voters who stand outside the group in which most of their camp stand; camps must not share a group."""
    wrong, taken = 0, set()
    for camp in set(camp_of.values()):
        inside = [groups[voter] for voter, own in camp_of.items() if own == camp]
        main = max(sorted(set(inside)), key=inside.count)
        assert main not in taken, "two camps became one group"
        taken.add(main)
        wrong += len(inside) - inside.count(main)
    return wrong


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("xyz"), st.sampled_from([1, 0, -1])),
        min_size=1,
        max_size=60,
    ),
    st.fixed_dictionaries({voter: st.sampled_from(["1", "2", "3"]) for voter in "abcdefgh"}),
)
@settings(max_examples=150, deadline=None)
def test_consensus_and_representativeness_are_those_of_exact_fractions(cast, groups):
    sheet = keep_latest(Vote(voter, statement, value, at) for at, (voter, statement, value) in enumerate(cast))

    results = weigh(sheet, groups)

    last = {(voter, statement): value for voter, statement, value in cast}
    assert [one.statement for one in results] == sorted({statement for _voter, statement in last})
    names = sorted(set(groups.values()))
    for one in results:
        for value, consensus, said in (
            (1, one.consensus_agree, "agree"),
            (-1, one.consensus_disagree, "disagree"),
        ):
            product = Fraction(1)
            for name in names:
                inside = [v for (who, what), v in last.items() if what == one.statement and groups[who] == name]
                outside = [v for (who, what), v in last.items() if what == one.statement and groups[who] != name]
                p = Fraction(inside.count(value) + 1, len(inside) + 2)
                product *= p
                view = one.groups[name]
                assert (getattr(view, said), view.seen) == (inside.count(value), len(inside))
                exact = p / Fraction(outside.count(value) + 1, len(outside) + 2)
                assert isclose(getattr(view, f"repness_{said}"), float(exact), rel_tol=1e-12)
            assert isclose(consensus, float(product), rel_tol=1e-12)


@pytest.mark.parametrize(
    ("voters", "statements", "camps", "each", "noise", "may_err"),
    [(12, 10, 2, 10, 0.1, 0), (60, 20, 3, 20, 0.2, 1), (900, 60, 4, 20, 0.2, 9), (2000, 200, 3, 20, 0.2, 40)],
)
def test_planted_camps_come_back(voters, statements, camps, each, noise, may_err):
    votes, camp_of = planted(voters=voters, statements=statements, camps=camps, each=each, noise=noise, seed=5)

    found = find_groups(keep_latest(votes), groups=camps)

    assert set(found.groups) == set(camp_of)
    assert misplaced(found.groups, camp_of) <= may_err


@pytest.mark.parametrize("camps", [2, 3])
def test_number_of_groups_is_found_when_it_is_not_given(camps):
    votes, camp_of = planted(voters=90, statements=24, camps=camps, each=20, noise=0.1, seed=8)

    found = find_groups(keep_latest(votes))

    assert misplaced(found.groups, camp_of) <= 1
    assert len(set(found.groups.values())) == camps


def test_people_who_all_think_alike_are_one_group():
    votes = [Vote(f"v{voter}", f"s{statement}", 1, 0) for voter in range(20) for statement in range(8)]

    found = find_groups(keep_latest(votes))

    assert set(found.groups.values()) == {"1"}


def test_map_is_the_same_whatever_the_order_of_votes():
    votes, _camps = planted(voters=300, statements=40, camps=3, each=15, noise=0.3, seed=2)
    shuffled = random.Random(1).sample(votes, len(votes))

    first, second = find_groups(keep_latest(votes), groups=3), find_groups(keep_latest(shuffled), groups=3)

    assert first == second


def test_groups_are_named_by_size():
    votes, _camps = planted(voters=50, statements=12, camps=2, each=12, noise=0.0, seed=3)
    votes += [Vote("late", vote.statement, vote.value, 0) for vote in votes if vote.voter == "v1"]

    found = find_groups(keep_latest(votes), groups=2)

    sizes = [list(found.groups.values()).count(name) for name in ("1", "2")]
    assert sizes == [26, 25]
    assert found.groups["late"] == found.groups["v1"] == "1"


def test_latest_vote_counts_and_of_two_at_one_moment_the_later_one():
    cast = [Vote("a", "x", 1, 5), Vote("a", "x", -1, 3), Vote("b", "x", 1, 4), Vote("b", "x", 0, 4)]

    assert keep_latest(cast).votes == {("a", "x"): 1, ("b", "x"): 0}


def test_what_all_share_and_what_sets_a_group_apart_are_named_in_order():
    camps = {f"v{number}": "1" if number < 26 else "2" for number in range(50)}
    cast = []
    for number, (voter, camp) in enumerate(camps.items()):
        cast += [
            Vote(voter, "lift", 1, 0),
            Vote(voter, "parking", 1 if camp == "1" else -1, 0),
            Vote(voter, "dogs", 1 if number % 2 else -1, 0),
        ]

    results = weigh(keep_latest(cast), camps)

    assert [one.statement for one in shared(results, value=1)] == ["lift"]
    assert shared(results, value=-1) == []
    assert [(one.statement, value) for one, value in speaking_for(results, "1")] == [("parking", 1)]
    assert [(one.statement, value) for one, value in speaking_for(results, "2")] == [("parking", -1)]
    consensus = sorted(results, key=lambda one: -one.consensus_agree)
    assert consensus[0].statement == "lift"
    assert all(a.consensus_agree >= b.consensus_agree for a, b in pairwise(consensus))


def test_statements_taken_out_by_moderators_are_not_weighed():
    sheet = keep_latest([Vote("a", "x", 1, 0), Vote("a", "rude", 1, 0), Vote("b", "x", -1, 0)])

    assert sheet.without(["rude"]).statements == ("x",)


def test_fewer_voters_than_groups_and_strange_votes_are_refused():
    sheet = keep_latest([Vote("a", "x", 1, 0), Vote("b", "x", -1, 0)])

    with pytest.raises(TooFew):
        find_groups(sheet, groups=3)
    with pytest.raises(ValueError, match="1 to 12"):
        find_groups(sheet, groups=0)
    with pytest.raises(ValueError, match="no vote"):
        Vote("a", "x", 2, 0)
