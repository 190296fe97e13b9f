"""The score: what is known decides, what is not known never counts against anybody."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.places.rules import standard_items
from lianxin.domain.places.rules import standards as rules
from lianxin.domain.places.rules.standards import Item, Observed, Verdict

WHOLE = st.none() | st.integers(0, 20_000)
AREA = st.integers(1, 5_000)
OBSERVED = st.builds(
    Observed,
    area_m2=st.none() | AREA,
    resident_area_m2=WHOLE,
    community_area_m2=WHOLE,
    households=WHOLE,
    households_beyond_reach=WHOLE,
    farthest_settlement_metres=WHOLE,
    room_kinds=st.none() | st.lists(st.sampled_from(["hall", "meeting", "office"]), max_size=8).map(tuple),
    services=WHOLE,
    weekly_minutes=WHOLE,
    evening_minutes=WHOLE,
    weekend_minutes=WHOLE,
    promised_days=WHOLE,
    opened_days=WHOLE,
    observed_minutes=WHOLE,
    observed_days=st.integers(0, 90),
    visits=WHOLE,
    counted_days=st.integers(0, 90),
    amenities=st.none() | st.dictionaries(st.sampled_from(["toilet", "step_free"]), st.integers(1, 3)),
)
ITEMS = st.lists(
    st.builds(
        Item,
        code=st.text("abc", min_size=1, max_size=3),
        group=st.sampled_from(rules.GROUPS),
        label=st.just("面积"),
        measure=st.sampled_from(sorted(rules.MEASURES)),
        comparison=st.sampled_from([rules.AT_LEAST, rules.AT_MOST]),
        threshold=st.decimals(0, 10_000, places=2),
        weight=st.integers(1, 100),
        applies_to=st.sampled_from(["all", "centre", "station", "urban", "village"]),
    ),
    max_size=12,
)


def score(items, seen, venue_kind="centre", community_kind="urban"):
    return rules.score(items, seen, venue_kind=venue_kind, community_kind=community_kind)


def item(measure, threshold, comparison=rules.AT_LEAST, **more):
    return replace(Item(measure, "small", measure, measure, comparison, Decimal(threshold)), **more)


@given(ITEMS, OBSERVED)
def test_total_lies_between_0_and_100_and_every_miss_has_a_sentence(items, seen):
    result = score(items, seen)

    assert result.total is None or 0 <= result.total <= 100
    assert all(outcome.sentence for outcome in result.shortfalls)
    assert (result.total == 100) == (result.known_weight > 0 and not result.shortfalls)


@given(ITEMS, OBSERVED)
def test_what_is_not_known_never_counts_as_failed(items, seen):
    known = score(items, seen)
    kept = [o.item for o in known.outcomes if o.verdict is not Verdict.UNKNOWN]

    only_known = score(kept, seen)

    assert only_known.total == known.total
    assert score(items, Observed()).shortfalls == ()
    assert score(items, Observed()).total is None


@given(OBSERVED, AREA, st.integers(0, 5_000), st.sampled_from(["floor_area", "area_per_100_households"]))
def test_more_area_never_lowers_a_met_item_of_size(seen, area, more, measure):
    lines = [item(measure, 300)]
    before = score(lines, replace(seen, area_m2=area, community_area_m2=area)).outcomes[0].verdict

    after = score(lines, replace(seen, area_m2=area + more, community_area_m2=area + more)).outcomes[0].verdict

    assert not (before is Verdict.MET and after is not Verdict.MET)


@given(ITEMS, OBSERVED)
def test_the_same_observations_give_the_same_score_in_any_order(items, seen):
    assert score(items, seen).total == score(list(reversed(items)), seen).total


def test_a_small_centre_is_told_how_many_square_metres_it_lacks_for_how_many_households():
    seen = Observed(area_m2=430, community_area_m2=430, households=1900)

    result = score([item("area_per_100_households", 30)], seen)

    assert result.named == ("small",)
    assert "140" in result.shortfalls[0].sentence
    assert "1,900" in result.shortfalls[0].sentence


def test_a_missing_area_is_rounded_up_so_that_building_it_is_enough():
    seen = Observed(area_m2=400, community_area_m2=400, households=1337)

    sentence = score([item("area_per_100_households", 30)], seen).shortfalls[0].sentence

    assert "2 m²" in sentence
    assert score([item("area_per_100_households", 30)], replace(seen, community_area_m2=402)).total == 100


def test_one_hall_and_five_rooms_need_a_hall_and_five_other_rooms():
    parameters = {"required": {"hall": 1, "room": 5}, "hall_kinds": ["hall"], "room_kinds": ["meeting", "reading"]}
    standard = [item("rooms_standard", 6, parameters=parameters)]

    two_halls = score(standard, Observed(room_kinds=("hall", "hall", "meeting", "meeting", "reading", "reading")))
    complete = score(standard, Observed(room_kinds=("hall", "meeting", "meeting", "reading", "reading", "reading")))

    assert two_halls.outcomes[0].number == 5
    assert complete.total == 100


def test_rooms_beyond_what_is_required_do_not_replace_a_missing_hall():
    parameters = {"required": {"hall": 1, "room": 5}, "hall_kinds": ["hall"], "room_kinds": ["meeting"]}

    result = score([item("rooms_standard", 6, parameters=parameters)], Observed(room_kinds=("meeting",) * 9))

    assert result.outcomes[0].verdict is Verdict.NOT_MET


def test_households_out_of_reach_make_a_centre_remote():
    line = item("households_beyond_reach_share", 20, rules.AT_MOST, group="remote")

    result = score([line], Observed(households=1000, households_beyond_reach=301))

    assert result.named == ("remote",)
    assert "301" in result.shortfalls[0].sentence


def test_observed_days_count_and_not_declared_ones():
    line = item("observed_open_share", 90, group="weak")

    shut = score([line], Observed(weekly_minutes=4000, promised_days=64, opened_days=20))
    never_watched = score([line], Observed(weekly_minutes=4000))

    assert shut.named == ("weak",)
    assert never_watched.unknown


def test_minutes_are_told_in_hours():
    sentence = score([item("weekly_open_minutes", 2640)], Observed(weekly_minutes=2400)).shortfalls[0].sentence

    assert "40" in sentence
    assert "44" in sentence
    assert "2,640" not in sentence


def test_a_number_just_short_of_the_threshold_is_not_rounded_up_to_it():
    sentence = score([item("observed_open_share", 90)], Observed(promised_days=1000, opened_days=897)).shortfalls[0]

    assert "89" in sentence.sentence


def test_an_item_for_villages_is_not_asked_of_a_residents_committee():
    line = item("floor_area", 500, applies_to="village")

    assert score([line], Observed(area_m2=10), community_kind="urban").outcomes == ()
    assert score([line], Observed(area_m2=10), community_kind="village").musts_missed == 1
    assert score([line], Observed(area_m2=10), "station", "village").outcomes == ()


def test_the_heaviest_shortfall_comes_first():
    light, heavy = item("floor_area", 500, weight=1), item("services_offered", 10, weight=3)

    result = score([light, heavy], Observed(area_m2=1, services=1))

    assert [o.item.weight for o in result.shortfalls] == [3, 1]


def test_a_reference_file_with_an_unknown_measure_is_refused_by_name():
    data = {"measures": [{"code": "plaques", "group": "weak", "comparison": ">=", "number": 1, "weight": 1}]}

    with pytest.raises(standard_items.UnreadableStandard, match="plaques"):
        standard_items.items_from_data(data)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"measure": "plaques"}, "measure"),
        ({"group": "ugly"}, "group"),
        ({"comparison": "=="}, "comparison"),
        ({"threshold": Decimal(-1)}, "threshold"),
        ({"threshold": Decimal("NaN")}, "threshold"),
        ({"weight": 0}, "weight"),
        ({"label": " "}, "label"),
    ],
)
def test_each_fault_of_an_item_names_its_field(change, field):
    assert list(standard_items.faults_of(replace(item("floor_area", 500), **change))) == [field]
