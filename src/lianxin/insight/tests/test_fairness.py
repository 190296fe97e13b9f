"""How evenly something is spread: what the numbers must be where everybody can work them out."""

from uuid import UUID, uuid5

import pytest

from lianxin.insight.fairness import Share, middle_of, quarter_of, spread, tenths


def shares(*pairs: tuple[int, int]) -> list[Share]:
    return [Share(uuid5(UUID(int=0), str(n)), residents, quantity) for n, (residents, quantity) in enumerate(pairs)]


def test_equal_rates_are_even_whatever_the_size_of_the_communities() -> None:
    found = spread(shares((1000, 10), (5000, 50), (200, 2), (300, 3), (700, 7)))

    assert found.gini == pytest.approx(0)
    assert found.ratio == pytest.approx(1)
    assert found.rate == pytest.approx(10)


def test_one_community_that_has_all_makes_it_as_uneven_as_can_be() -> None:
    found = spread(shares(*[(100, 0)] * 9, (100, 50)))

    assert found.gini == pytest.approx(0.9)
    assert (found.top_rate, found.bottom_rate, found.ratio) == (250, 0, None)
    assert tenths(found.curve)[8:] == [(90, pytest.approx(0)), (100, pytest.approx(1))]


def test_the_top_fifth_is_set_beside_the_bottom_fifth_by_pooled_rates() -> None:
    found = spread(
        shares((100, 1), (300, 9), (100, 2), (100, 3), (100, 4), (100, 5), (100, 6), (100, 7), (100, 8), (400, 40))
    )

    # Lowest rates: 10 and 20 per 1,000; highest: 80 in 100 residents and 100 in 400.
    assert found.bottom_rate == pytest.approx(15)
    assert found.top_rate == pytest.approx(96)
    assert found.ratio == pytest.approx(6.4)


def test_too_few_communities_have_no_fifths_and_nothing_counted_has_no_gini() -> None:
    few, nothing, nobody = spread(shares((10, 1), (10, 2))), spread(shares((10, 0), (20, 0))), spread(shares((0, 5)))

    assert (few.top_rate, few.bottom_rate) == (None, None)
    assert few.gini == pytest.approx(1 / 6)
    assert (nothing.gini, nothing.curve) == (None, ())
    assert (nobody.communities, nobody.rate, nobody.gini) == (0, None, None)


def test_communities_stand_in_four_quarters_around_the_middle() -> None:
    pairs = [(1.0, 10.0), (3.0, 2.0), (2.0, 5.0), (None, 4.0)]
    middle = middle_of(pairs)

    assert middle == (2.0, 5.0)
    assert quarter_of(3.0, 2.0, middle=middle) == "asks_more_gets_less"
    assert quarter_of(1.0, 10.0, middle=middle) == "asks_less_gets_more"
    assert quarter_of(None, 4.0, middle=middle) == ""
