"""Who is reached: households with any act in a year, within the reader's communities, and the classes of the map."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.apps import apps

from lianxin.domain.needs.models import NeedReport, Visit
from lianxin.insight import reach
from lianxin.platform import scope
from lianxin.platform.clock import local_moment
from lianxin.platform.ids import new_id

KEYS = [uuid5(UUID(int=0), str(n)) for n in range(20)]


def test_classes_are_of_about_the_same_size_and_equal_shares_stay_together() -> None:
    classes, number_of = reach.classify({key: n / 20 for n, key in enumerate(KEYS)})
    same, one = reach.classify(dict.fromkeys(KEYS, 0.5))

    assert [(row.number, row.count) for row in classes] == [(1, 4), (2, 4), (3, 4), (4, 4), (5, 4)]
    assert number_of[KEYS[0]] == 1
    assert number_of[KEYS[19]] == 5
    assert [(row.number, row.count, row.least, row.most) for row in same] == [(1, 20, 0.5, 0.5)]
    assert set(one.values()) == {1}
    assert reach.classify({}) == ([], {})


def test_a_share_of_few_is_not_told() -> None:
    few, enough = reach.Reached(9, 8, 3, 3), reach.Reached(10, 8, 10, 5)

    assert (few.share, few.elders_share) == (None, None)
    assert (enough.share, enough.elders_share) == (0.8, 0.5)
    assert reach.together([few, enough]) == reach.Reached(19, 16, 13, 8)


def voice(household: Any, *, on: Any, **more: Any) -> NeedReport:
    at = local_moment(on) + timedelta(hours=4)
    return NeedReport.objects.create(
        community_id=household.community_id,
        household=household,
        receipt=str(new_id().int)[-8:],
        words="想有人教用手机",
        words_digest="x",
        how="desk",
        heard_at=at,
        recorded_at=at,
        **more,
    )


@pytest.mark.django_db
def test_any_act_within_a_year_reaches_a_household_once_and_older_ones_do_not(small_district: Any) -> None:
    homes = apps.get_model("people.Household").objects
    today, place = small_district.today, small_district.cuiying.pk
    with scope.everything():
        before = reach.count_reached(on=today)[place]
        reached = {row["household"] for row in reach.reached_households(since=today - reach.YEAR, until=today).all()}
        free = [
            one
            for one in homes.filter(community=place, memberships__until_on=None).distinct().order_by("pk")
            if one.pk not in reached and one.memberships.filter(from_on__lte=today, until_on=None).exists()
        ][:3]
        voice(free[0], on=today - timedelta(days=3))
        voice(free[0], on=today - timedelta(days=2))
        voice(free[1], on=today - reach.YEAR - timedelta(days=2))
        at = local_moment(today) - timedelta(hours=9)
        Visit.objects.create(
            community_id=place, household=free[2], due_on=today, planned_at=at, state="done", started_at=at,
            ended_at=at, recorded_at=at,
        )  # fmt: skip
        after = reach.count_reached(on=today)[place]

    assert after.households == before.households
    assert after.households_reached == before.households_reached + 2


@pytest.mark.django_db
def test_an_office_reads_its_own_communities_only(small_district: Any) -> None:
    place = small_district.cuiying.pk
    with scope.everything():
        everybody = reach.count_reached(on=small_district.today)
    with scope.within([place]):
        own = reach.count_reached(on=small_district.today)

    assert own == {place: everybody[place]}
    assert len(everybody) == 3


@pytest.mark.django_db
def test_the_last_voice_of_a_community_is_the_newest_within_a_year(small_district: Any) -> None:
    home = small_district.first("people.Household", community=small_district.cuiying)
    today = small_district.today
    with scope.everything():
        voice(home, on=today - timedelta(days=1))
        last = reach.find_last_acts(at=local_moment(today) + timedelta(hours=12))

    assert last[reach.VOICE][small_district.cuiying.pk] >= today - timedelta(days=1)
    assert reach.silent_since(today - timedelta(days=40), on=today) == 40
    assert [reach.is_silent(days, 60) for days in (None, 60, 59)] == [True, True, False]
