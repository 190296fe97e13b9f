"""Roll-ups: a sum over any stretch, read from years, months and days, is the sum of its facts; a wrong one is named."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.platform import facts, scope, tallies
from lianxin.platform.ids import new_id
from lianxin.platform.models import EVERYTHING, NO_VENUE, Rollup, Tally

HERE, THERE = new_id(), new_id()
FIRST, LAST = date(2023, 11, 1), date(2026, 2, 28)
days = st.dates(FIRST, LAST)
acts = st.tuples(days, st.sampled_from((HERE, THERE)), st.sampled_from(("", "lecture", "haircut")), st.integers(-3, 9))


def add_up(given_acts):
    sums: dict[tallies.Key, int] = {}
    for day, community, category, quantity in given_acts:
        key = ("test_visits", community, day, NO_VENUE, category)
        sums[key] = sums.get(key, 0) + quantity
    tallies.add(sums)


@given(from_on=days, until_on=days, by=st.sampled_from(((), ("month",), ("year",), ("day",))))
def test_pieces_of_a_stretch_cover_each_of_its_days_once(from_on, until_on, by):
    years, months, single = tallies.pieces(from_on, until_on, by)

    covered = [first + timedelta(n) for first, until in (*years, *months, *single) for n in range((until - first).days)]
    assert sorted(covered) == [from_on + timedelta(n) for n in range((until_on - from_on).days)]
    assert all(first.day == until.day == 1 for first, until in (*years, *months))


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    given_acts=st.lists(acts, max_size=14),
    from_on=days,
    until_on=days,
    areas=st.sampled_from((None, frozenset({HERE}), frozenset({HERE, THERE}))),
    by=st.sampled_from(
        ((), ("community",), ("category",), ("month", "category"), ("year",), ("day",), ("day", "community"))
    ),
)
def test_a_sum_over_any_stretch_is_the_sum_of_its_acts(given_acts, from_on, until_on, areas, by):
    with scope.everything():
        Tally.objects.all().delete()
        Rollup.objects.all().delete()
        add_up(given_acts)

        found = tallies.read(
            tallies.Sums(measures=("test_visits",), from_on=from_on, until_on=until_on, areas=areas), by=by
        )

    expected: dict = {}
    for day, community, category, quantity in given_acts:
        if from_on <= day < until_on and (areas is None or community in areas):
            known = {
                "community": community,
                "category": category,
                "day": day,
                "month": tallies.month_of(day),
                "year": tallies.year_of(day),
            }
            key = ("test_visits", *(known[name] for name in by))
            expected[key] = expected.get(key, 0) + quantity
    assert {key: n for key, n in found.items() if n} == {key: n for key, n in expected.items() if n}


@pytest.mark.django_db
def test_a_scope_sees_the_sums_of_its_own_communities_only():
    with scope.everything():
        add_up([(date(2024, 5, 1), HERE, "", 5), (date(2024, 6, 1), THERE, "", 7)])

    with scope.within({HERE}):
        seen = facts.figure("test_visits", from_on=date(2024, 1, 1), until_on=date(2025, 1, 1))

    assert seen == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("span", "area", "said"),
    [("M", HERE, "of the month of 2024-05-01 in community"), ("Y", EVERYTHING, "of the year of 2024-01-01 everywhere")],
)
def test_a_planted_wrong_rollup_is_found_and_named(span, area, said):
    with scope.everything():
        add_up([(date(2024, 5, 1), HERE, "", 5), (date(2024, 5, 2), HERE, "lecture", 7)])
        assert list(tallies.check_rollups()) == []

        Rollup.objects.filter(span=span, area_id=area, category="*").update(quantity=11)
        sentences = list(tallies.check_rollups())

    assert len(sentences) == 1
    assert said in sentences[0]
    assert sentences[0].endswith("tallies say 12, the roll-up says 11")
