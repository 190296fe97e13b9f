"""Who is due, and what a phone's record must look like."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lianxin.domain.needs.rules import visit_records, visits
from lianxin.domain.needs.rules.visits import Due, Home
from lianxin.platform.errors import Invalid

ON = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)


def ago(days: int) -> date:
    return ON - timedelta(days=days)


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        (Home(LONG_AGO, []), None),
        (Home(LONG_AGO, [45, 50], ago(10), "done"), Due("round", ago(10) + timedelta(days=182))),
        (Home(LONG_AGO, [82], ago(10), "done"), Due("alone", ago(10) + timedelta(days=30))),
        (Home(LONG_AGO, [45], ago(10), "done"), Due("round", ago(10) + timedelta(days=182))),
        (Home(LONG_AGO, [None], ago(10), "done"), Due("round", ago(10) + timedelta(days=182))),
        (Home(ago(20), [30, 31]), Due("new", ON + timedelta(days=10))),
        (Home(ago(200), [30, 31]), Due("round", ago(18))),
        (Home(LONG_AGO, [82], ago(40), "done", promised_by=ago(1)), Due("alone", ago(10), ("promise",))),
        (Home(LONG_AGO, [45], ago(2), "absent", misses=1), Due("round", ON + timedelta(days=5))),
        (Home(LONG_AGO, [82], ago(2), "absent", misses=3), Due("alone", ago(2) + timedelta(days=30))),
        (Home(LONG_AGO, [82], ago(40), "refused"), Due("alone", ago(40) + timedelta(days=365))),
        (Home(LONG_AGO, [82], ago(40), "refused", promised_by=ON), Due("promise", ON)),
    ],
)
def test_most_pressing_reason_to_visit_a_household(home: Home, expected: Due | None) -> None:
    assert visits.due(home, on=ON) == expected


def plain(**more: Any) -> dict[str, Any]:
    return {
        "record": str(uuid4()),
        "visit": str(uuid4()),
        "version": 1,
        "outcome": "done",
        "started_at": "2026-11-20T11:00:00+08:00",
        "ended_at": "2026-11-20T03:20:00Z",
    } | more


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        "x",
        {},
        {"record": 5, "visit": str(uuid4())},
        plain(started_at="2026-11-20T11:00:00"),
        plain(started_at="gestern"),
        plain(ended_at=17),
        plain(note=["x"]),
        plain(made={"0": 1}),
        plain(made=[{"words": "x"}]),
        plain(wishes=[{"record": str(uuid4()), "words": "x", "people": True}]),
        plain(wishes=[{"record": str(uuid4()), "words": "x", "people": 10**20}]),
        plain(place={"lng": float("nan"), "lat": 1, "accuracy": 1}),
        plain(place={"lng": 116, "lat": 23, "accuracy": float("inf")}),
        plain(place={"lng": 116}),
        plain(submission={"version": "x", "xml": ""}),
        plain(version=-1),
    ],
)
def test_what_is_no_record_is_told_in_a_sentence(broken: Any) -> None:
    with pytest.raises(visit_records.Unreadable, match="cannot be read"):
        visit_records.read(broken)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"outcome": "eaten"}, "outcome"),
        ({"ended_at": "2026-11-20T02:00:00Z"}, "ended_at"),
        ({"ended_at": "2026-11-20T04:11:00Z"}, "ended_at"),
        ({"note": "x" * 2001}, "note"),
        ({"note": "\x00"}, "note"),
        ({"made": [{"record": str(uuid4()), "words": "  "}]}, "made"),
        ({"made": [{"record": str(uuid4()), "words": "x"}] * 2}, "made"),
        ({"ended": [{"promise": str(uuid4()), "state": "dropped", "result": ""}]}, "ended"),
        ({"ended": [{"promise": str(uuid4()), "state": "open"}]}, "ended"),
        ({"wishes": [{"record": str(uuid4()), "words": "x"} for _n in range(21)]}, "wishes"),
        ({"outcome": "absent", "submission": {"version": str(uuid4()), "xml": "<a/>"}}, "submission"),
    ],
)
def test_wrong_part_of_a_record_is_named(more: dict[str, Any], field: str) -> None:
    record = visit_records.read(plain(**more))

    with pytest.raises(Invalid) as told:
        visit_records.check(record, at=AT)

    assert list(told.value.fields) == [field]


def test_clock_that_is_a_little_ahead_is_set_right() -> None:
    record = visit_records.read(plain(ended_at="2026-11-20T04:08:00Z"))

    assert visit_records.check(record, at=AT).ended_at == AT


def test_same_record_has_the_same_digest_however_it_was_written() -> None:
    made = [{"record": str(uuid4()), "words": "带药", "due_on": "2026-11-25"}]
    first = plain(made=made, place={"lng": 116.7, "lat": 23.4, "accuracy": 12.4})
    again = json.loads(json.dumps(first))
    again |= {"started_at": "2026-11-20T03:00:00+00:00", "place": {"accuracy": 12, "lat": 23.4, "lng": 116.7}}

    record = visit_records.read(first)

    assert visit_records.digest(record) == visit_records.digest(visit_records.read(again))
    assert visit_records.read(visit_records.plain(record)) == record
    assert visit_records.digest(record) != visit_records.digest(visit_records.read(first | {"note": "x"}))
