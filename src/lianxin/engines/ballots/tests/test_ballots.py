"""Ways of voting: owners' assent at its edges, Schulze's published case, scores, consent and hands."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.engines.ballots import assent, consent, hands, schulze, scores
from lianxin.engines.ballots.assent import Choice, Flat, count_assent

AGREE, AGAINST, ABSTAIN = Choice.AGREE, Choice.AGAINST, Choice.ABSTAIN


def flat(name, *, area=100_00, owners=None, says=None, proxy=""):
    return Flat(name, area, frozenset(owners or [f"owner of {name}"]), says, proxy)


def block(*votes, area=100_00):
    """Give one flat of one owner each for the votes; None did not vote."""
    return [flat(f"{number}", area=area, says=said) for number, said in enumerate(votes, 1)]


def test_exactly_two_thirds_take_part():
    assert count_assent(block(AGREE, AGREE, None)).enough_took_part
    assert not count_assent(block(AGREE, AGREE, None, None)).enough_took_part


def test_one_hundredth_of_a_square_metre_decides_over_participation():
    enough = [flat("1", area=66_67, says=AGREE), flat("2", area=66_67, says=AGREE), flat("3", area=66_67)]
    short = [flat("1", area=66_67, says=AGREE), flat("2", area=66_66, says=AGREE), flat("3", area=66_67)]

    assert count_assent(enough).enough_took_part
    assert not count_assent(short).enough_took_part


def test_half_is_not_more_than_half_and_three_quarters_are_enough_for_a_major_matter():
    half = count_assent(block(AGREE, AGREE, AGAINST, AGAINST))
    three_quarters = count_assent(block(AGREE, AGREE, AGREE, AGAINST))

    assert not half.carries_ordinary
    assert three_quarters.carries_ordinary
    assert three_quarters.carries_major
    assert not count_assent(block(AGREE, AGREE, AGAINST)).carries_major


def test_heads_do_not_carry_what_area_does_not():
    flats = [flat("hall", area=1000_00, says=AGAINST), *block(AGREE, AGREE, AGREE, AGREE)]

    result = count_assent(flats)

    assert result.agree.of(result.took_part) == (Fraction(400, 1400), Fraction(4, 5))
    assert not result.carries_ordinary


def test_joint_owners_are_one_head_and_owners_of_many_flats_too():
    flats = [
        flat("101", owners=["陈阿明", "林秀"], says=AGREE),
        flat("102", owners=["林秀", "陈阿明"], says=AGREE),
        flat("103", owners=["开发公司"], says=AGAINST),
        flat("104", owners=["开发公司"]),
        flat("105", owners=["林秀"], says=AGREE),
    ]

    result = count_assent(flats)

    assert result.whole == assent.Share(500_00, 3)
    assert result.took_part == assent.Share(400_00, 3)
    assert result.agree == assent.Share(300_00, 2)


def test_owners_whose_flats_differ_take_part_and_stand_on_no_side_by_head():
    flats = [flat("1", owners=["a"], says=AGREE), flat("2", owners=["a"], says=AGAINST), flat("3", says=AGREE)]

    result = count_assent(flats)

    assert (result.split_heads, result.took_part.heads) == (1, 2)
    assert (result.agree.heads, result.against.heads) == (1, 0)
    assert (result.agree.area, result.against.area) == (200_00, 100_00)


def test_votes_of_a_proxy_beyond_the_limit_do_not_count_and_are_named():
    flats = [flat(f"{number}", says=AGREE, proxy="老王") for number in range(1, 5)] + [flat("9", says=AGREE)]

    result = count_assent(flats, proxy_limit=3)

    assert [one.flat for one in result.uncounted] == ["4"]
    assert "老王" in result.uncounted[0].reason
    assert result.took_part.heads == 4
    assert count_assent(flats).took_part.heads == 5


def test_flat_that_stands_twice_is_refused():
    with pytest.raises(assent.FlatTwice):
        count_assent([flat("1"), flat("1")])


def test_flat_without_area_or_owner_is_refused():
    with pytest.raises(ValueError, match="no area"):
        flat("1", area=0)
    with pytest.raises(ValueError, match="no owner"):
        Flat("1", 100, frozenset())


@given(
    st.lists(
        st.tuples(st.integers(1, 200_00), st.sampled_from("abcdef"), st.sampled_from([None, AGREE, AGAINST, ABSTAIN])),
        min_size=1,
        max_size=30,
    )
)
def test_shares_never_exceed_their_whole_and_what_is_missing_is_just_enough(rows):
    flats = [flat(str(n), area=area, owners=[who], says=said) for n, (area, who, said) in enumerate(rows)]

    result = count_assent(flats)

    sides = (result.agree, result.against, result.abstain)
    assert sum(side.area for side in sides) == result.took_part.area <= result.whole.area
    assert sum(side.heads for side in sides) + result.split_heads == result.took_part.heads <= result.whole.heads
    assert result.carries_ordinary >= result.carries_major
    missing = result.missing(assent.MAJOR)
    more = assent.Share(result.agree.area + missing.area, result.agree.heads + missing.heads)
    assert not result.took_part.heads or more.at_least(assent.MAJOR, of=result.took_part)


def test_schulze_orders_the_published_case():
    ballots = [
        ("ACBED", 5),
        ("ADECB", 5),
        ("BEDAC", 8),
        ("CABED", 3),
        ("CAEBD", 7),
        ("CBADE", 2),
        ("DCEBA", 7),
        ("EBADC", 8),
    ]

    found = schulze.rank("ABCDE", [({name: at for at, name in enumerate(order)}, number) for order, number in ballots])

    assert found.order == (("E",), ("A",), ("C",), ("B",), ("D",))
    assert [found.strongest[pair] for pair in (("A", "B"), ("B", "D"), ("E", "A"), ("E", "D"))] == [28, 33, 25, 31]


def test_schulze_shows_a_tie_as_a_tie_and_puts_what_nobody_named_last():
    found = schulze.rank(["a", "b", "c"], [({"a": 1, "b": 1}, 3)])

    assert found.order == (("a", "b"), ("c",))
    with pytest.raises(ValueError, match="no choice"):
        schulze.rank(["a"], [({"x": 1}, 1)])


@given(st.lists(st.permutations("abcd"), min_size=1, max_size=15))
def test_schulze_gives_first_place_to_whoever_beats_everybody(orders):
    found = schulze.rank("abcd", [({name: at for at, name in enumerate(order)}, 1) for order in orders])

    def beats(a, b):
        return sum(order.index(a) < order.index(b) for order in orders) * 2 > len(orders)

    for a in "abcd":
        if all(beats(a, b) for b in "abcd" if b != a):
            assert found.winners == (a,)
    assert sorted(name for tier in found.order for name in tier) == list("abcd")


def test_scores_are_ordered_by_median_then_mean():
    found = scores.score(["灯", "路", "树"], [{"灯": 5, "路": 3}, {"灯": 0, "路": 3}, {"灯": 5, "路": 4}], most=5)

    assert [(one.choice, one.median, one.given) for one in found] == [("灯", 5, 3), ("路", 3, 3), ("树", 0, 0)]
    with pytest.raises(ValueError, match="0 to 5"):
        scores.score(["灯"], [{"灯": 6}], most=5)


def test_objection_stands_against_a_proposal_until_it_is_answered():
    said = [
        consent.Voice("a", consent.Position.CONSENT),
        consent.Voice("b", consent.Position.OBJECT, "夜里太吵"),
        consent.Voice("c", consent.Position.CONCERN, "钱从哪里来"),
    ]

    before = consent.hear(said, quorum=3)
    after = consent.hear(
        [said[0], consent.Voice("b", consent.Position.OBJECT, "夜里太吵", answered=True), said[2]], quorum=3
    )

    assert (before.stands, [one.voter for one in before.objections]) == (False, ["b"])
    assert (after.stands, [one.voter for one in after.concerns]) == (True, ["c"])
    assert not consent.hear(said[:1], quorum=2).stands
    with pytest.raises(ValueError, match="no reason"):
        consent.hear([consent.Voice("a", consent.Position.OBJECT)], quorum=1)
    with pytest.raises(ValueError, match="twice"):
        consent.hear([said[0], said[0]], quorum=1)


@pytest.mark.parametrize(
    ("present", "agree", "against", "carried"), [(30, 11, 10, True), (30, 10, 10, False), (19, 19, 0, False)]
)
def test_hands_need_a_quorum_and_a_majority_of_those_raised(present, agree, against, carried):
    assert hands.count_hands(present=present, quorum=20, agree=agree, against=against).carried is carried


def test_more_hands_than_people_are_counted_again():
    with pytest.raises(ValueError, match="count again"):
        hands.count_hands(present=5, quorum=1, agree=4, against=2)
