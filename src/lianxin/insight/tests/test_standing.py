"""Many levels in one query say what each says by itself; what lies below an area costs two queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.insight import areas, standing
from lianxin.platform import contributions, scope
from lianxin.platform.contributions import Window


@pytest.mark.django_db
def test_counts_of_many_figures_are_what_each_figure_says(small_district):
    first = small_district.today - timedelta(days=200)
    community = frozenset({small_district.cuiying.pk})
    windows = [
        Window(first, small_district.today + timedelta(days=1)),
        Window(first, small_district.today + timedelta(days=1), community),
        Window(first, first + timedelta(days=1), frozenset()),
    ]
    measures = [one for one in contributions.every("measures") if one.kind != "flow"]
    asked = [(one, window) for one in measures for window in windows]

    with scope.everything():
        assert standing.counts(asked) == [one.query(window) for one, window in asked]
    assert len(asked) > 40


@pytest.mark.django_db
def test_what_lies_below_an_area_holds_its_communities_and_costs_two_queries(small_district):
    on = small_district.today
    for name in ("district", "xinjin", "cuiying1"):
        actor = small_district.actor(name)
        with scope.within(actor.communities):
            whole = areas.whole(actor, on=on)
            with CaptureQueriesContext(connection) as asked:
                found = areas.children(whole, on=on)
            held = frozenset().union(*(one.communities for one in found))
            wanted = frozenset() if whole.is_community else areas.communities_below([whole.id], on=on)
            assert held == (wanted if actor.communities is None else wanted & actor.communities)
            assert bool(found) != whole.is_community
            assert len(asked) <= 2
