"""What the matcher reads: reach, times, days, promises."""

from datetime import date, time, timedelta

import pytest

from lianxin.domain.resources.commands import promises
from lianxin.domain.resources.queries.offers import for_matching
from lianxin.domain.resources.rules.reach import goes_to
from lianxin.domain.resources.tests.factories import AT, TODAY, make_ground
from lianxin.engines.geo import Point
from lianxin.platform.ids import new_id

DAY = timedelta(days=1)
HOME, OTHER, ABOVE = new_id(), new_id(), new_id()
HERE, THERE = Point(116.70, 23.37), Point(116.73, 23.37)  # 3.06 km apart


@pytest.mark.parametrize(
    ("expected", "values"),
    [
        (False, {"reach": "community"}),
        (True, {"reach": "district"}),
        (True, {"reach": "subdistrict"}),
        (False, {"reach": "subdistrict", "subdistrict": new_id()}),
        (False, {"reach": "radius", "metres": 3000}),
        (True, {"reach": "radius", "metres": 3100}),
        (False, {"reach": "radius", "metres": 3100, "point": None}),
        (False, {"reach": "district", "never": [OTHER]}),
        (True, {"reach": "community", "only": [OTHER]}),
        (False, {"reach": "district", "only": [HOME]}),
        (True, {"reach": "community", "community": HOME}),
    ],
)
def test_offer_goes_where_it_says(expected, values) -> None:
    usual = {
        "community": OTHER,
        "subdistrict": ABOVE,
        "point": THERE,
        "home": HOME,
        "home_subdistrict": ABOVE,
        "home_point": HERE,
        "metres": None,
    }

    assert goes_to(**usual | values) is expected


@pytest.mark.django_db
def test_candidate_says_all_that_a_plan_asks() -> None:
    ground = make_ground()
    made = ground.offer(
        reach="radius",
        reach_metres=2000,
        weekly=[(1, time(19), time(21))],
        exceptions=[(date(2026, 3, 10), date(2026, 3, 12), "出差"), (date(2026, 5, 1), date(2026, 5, 3), "")],
        never=[ground.other.pk],
        until_on=date(2026, 3, 20),
    )
    first = promises.promise(actor=ground.keeper, offer=made.pk, on=TODAY, at=AT)
    promises.keep(actor=ground.keeper, promise=first.pk, at=AT + DAY)
    called_off = promises.promise(actor=ground.keeper, offer=made.pk, on=TODAY + DAY, at=AT)
    promises.excuse(actor=ground.keeper, promise=called_off.pk, at=AT)

    [one] = for_matching(communities=[ground.community.pk], from_on=date(2026, 3, 1), until_on=date(2026, 4, 1))

    assert (one.lng, one.lat) == (ground.venue.lng, ground.venue.lat)
    assert (one.community, one.subdistrict) == (ground.community.pk, ground.subdistrict.pk)
    assert one.categories == (("C04", 3), ("C05", 1))
    assert one.weekly == ((1, time(19), time(21)),)
    assert one.exceptions == ((date(2026, 3, 10), date(2026, 3, 12)),)
    assert (one.never, one.only) == (frozenset({ground.other.pk}), frozenset())
    assert one.promised_on == (TODAY,)
    assert (one.first_on, one.last_on) == (TODAY, date(2026, 3, 20))
    assert one.kept_ratio == 1.0
    assert one.giver == "明亮律师事务所"


@pytest.mark.django_db
def test_offers_of_others_count_when_they_may_reach_and_cost_few_queries(django_assert_max_num_queries) -> None:
    ground = make_ground()
    here = ground.offer(title="只在本社区")
    wide = ground.offer(title="全区", reach="district")
    named = ground.offer(title="两个社区", only=[ground.community.pk, ground.other.pk])

    with django_assert_max_num_queries(10):
        found = for_matching(communities=[ground.other.pk], from_on=TODAY, until_on=TODAY + 30 * DAY)
    everywhere = for_matching(communities=None, from_on=TODAY, until_on=TODAY + 30 * DAY)

    assert {one.id for one in found} == {wide.pk, named.pk}
    assert {one.id for one in everywhere} == {here.pk, wide.pk, named.pk}
    assert [one.id for one in everywhere] == sorted(one.id for one in everywhere)
