"""Deadlines against a table that was counted by hand on the State Council's lists, and laws that hold for every one."""

import csv
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.engines.workdays import SHANGHAI, Calendar, CalendarRow, Pause, Term

ROOT = Path(__file__).parents[4]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TABLE = read(Path(__file__).with_name("deadlines.csv"))
ROWS = [CalendarRow(date.fromisoformat(r["date"]), r["kind"], r["name"]) for r in read(ROOT / "data" / "workdays.csv")]
CALENDAR = Calendar(ROWS)
LISTED = [date(2024, 1, 1) + timedelta(days=n) for n in range(3 * 365 + 1)]
FREE_WEEKENDS = [day for day in LISTED if day.weekday() > 4 and CALENDAR.row(day) is None]


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def pauses_of(text: str) -> list[Pause]:
    spans = [one.split("/") for one in text.split(";") if one]
    return [Pause(shanghai(begun), shanghai(ended) if ended else None) for begun, ended in spans]


def answer(case: dict[str, str]) -> tuple[str, str]:
    """What the engine says of a row: due by the local clock, and whether that is assumed."""
    term, since = Term.of(case["term"]), shanghai(case["received_at"])
    if case["tier_change"]:
        changed_at, new = case["tier_change"].split(">")
        term = Term.of(new)
        since = {"from_start": since, "from_change": shanghai(changed_at)}[case["reading"]]
    pauses = pauses_of(case["pauses"])
    due = CALENDAR.due(term, since=since, pauses=pauses)
    local = "" if due is None else due.astimezone(SHANGHAI).replace(tzinfo=None).isoformat()
    return local, "yes" if CALENDAR.due_is_assumed(term, since=since, pauses=pauses) else "no"


# -- The table


def test_every_deadline_is_the_one_counted_by_hand() -> None:
    found = [(case, answer(case)) for case in TABLE]

    wrong = [
        f"case {case['number']}: {case['due']} {case['assumed']} by hand, {said} by the engine ({case['reason']})"
        for case, said in found
        if said != (case["due"], case["assumed"])
    ]
    assert wrong == []
    assert [case["number"] for case in TABLE] == [str(n) for n in range(1, 122)]


def test_the_shipped_calendar_has_the_make_up_days_of_the_three_notices() -> None:
    published = {
        2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
        2025: "01-26 02-08 04-27 09-28 10-11",
        2026: "01-04 02-14 02-28 05-09 09-20 10-10",
    }

    makeup = [day.isoformat() for day in LISTED if CALENDAR.is_workday(day) and day.weekday() > 4]

    assert makeup == [f"{year}-{day}" for year, days in published.items() for day in days.split()]


def test_the_shipped_calendar_has_the_holidays_of_the_three_notices() -> None:
    published = [
        ("2024-01-01", "2024-01-01"),
        ("2024-02-10", "2024-02-17"),
        ("2024-04-04", "2024-04-06"),
        ("2024-05-01", "2024-05-05"),
        ("2024-06-10", "2024-06-10"),
        ("2024-09-15", "2024-09-17"),
        ("2024-10-01", "2024-10-07"),
        ("2025-01-01", "2025-01-01"),
        ("2025-01-28", "2025-02-04"),
        ("2025-04-04", "2025-04-06"),
        ("2025-05-01", "2025-05-05"),
        ("2025-05-31", "2025-06-02"),
        ("2025-10-01", "2025-10-08"),
        ("2026-01-01", "2026-01-03"),
        ("2026-02-15", "2026-02-23"),
        ("2026-04-04", "2026-04-06"),
        ("2026-05-01", "2026-05-05"),
        ("2026-06-19", "2026-06-21"),
        ("2026-09-25", "2026-09-27"),
        ("2026-10-01", "2026-10-07"),
    ]

    free = [day for day in LISTED if CALENDAR.is_holiday(day)]

    spans = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in published]
    assert free == [day for day in LISTED if any(first <= day <= last for first, last in spans)]


def test_the_examples_of_the_guide_are_rows_of_the_table() -> None:
    guide = (ROOT / "docs" / "deadlines.md").read_text(encoding="utf-8")
    cases = {case["number"]: case["due"] for case in TABLE}

    numbers = re.findall(r"^### .*\(case (\d+)\)$", guide, re.MULTILINE)
    told = re.findall(r"^Due: \*\*(.*)\*\*$", guide, re.MULTILINE)

    assert len(numbers) == 5
    assert [cases[number].replace("T", " ") for number in numbers] == told


# -- What is assumed


def test_a_year_is_assumed_until_its_list_is_entered() -> None:
    assert not CALENDAR.is_assumed(date(2026, 12, 31))
    assert CALENDAR.is_assumed(date(2027, 1, 1))


def test_one_day_that_an_office_typed_in_is_no_list() -> None:
    typed = Calendar([*ROWS, CalendarRow(date(2027, 1, 1), "holiday")])

    assert not typed.is_workday(date(2027, 1, 1))
    assert typed.is_assumed(date(2027, 1, 1))
    assert typed.uncovered(date(2026, 12, 1), until=date(2027, 2, 1)) == [2027]


def test_with_the_list_of_2027_nothing_is_assumed() -> None:
    days = [date(2027, 1, 1), date(2027, 5, 1), *(date(2027, 10, n) for n in range(1, 8))]
    known = Calendar([*ROWS, *(CalendarRow(day, "holiday") for day in days)])
    since = shanghai("2027-09-30T10:00:00")

    assert known.due(Term(working_days=1), since=since) == shanghai("2027-10-08T23:59:59")
    assert not known.due_is_assumed(Term(working_days=1), since=since)


# -- Terms and bad input


@pytest.mark.parametrize("text", ["2h", "24h", "1wd", "15wd"])
def test_a_term_is_written_as_it_is_read(text: str) -> None:
    assert str(Term.of(text)) == text


@pytest.mark.parametrize("text", ["", "7", "7d", "-1h", "0wd", "1h2wd", "٣h", "7 wd", "99999h"])
def test_a_term_that_says_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="term"):
        Term.of(text)


@pytest.mark.parametrize(("hours", "days"), [(0, 0), (2, 1), (-2, 0), (0, -1), (-1, 1)])
def test_a_term_is_hours_or_working_days(hours: int, days: int) -> None:
    with pytest.raises(ValueError, match="either"):
        Term(hours=hours, working_days=days)


@pytest.mark.parametrize("term", [Term(hours=2), Term(working_days=1)], ids=str)
def test_a_pause_that_ends_before_it_begins_is_refused(term: Term) -> None:
    noon = datetime(2026, 9, 21, 4, tzinfo=UTC)

    with pytest.raises(ValueError, match="before it begins"):
        CALENDAR.due(term, since=noon, pauses=[(noon, noon - timedelta(hours=1))])


def test_hours_want_a_time_zone_too() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.due(Term(hours=2), since=datetime(2026, 9, 21, 12))  # noqa: DTZ001 (the fault under test)


def test_a_pause_after_the_office_closed_comes_too_late() -> None:
    since, evening = shanghai("2026-09-21T10:00:00"), shanghai("2026-09-22T20:00:00")

    due = CALENDAR.due(Term(working_days=1), since=since, pauses=[Pause(evening)], closes=time(17, 30))

    assert due == shanghai("2026-09-22T17:30:00")


# -- Laws

moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 3, 1), timezones=st.just(SHANGHAI))  # noqa: DTZ001
terms = st.one_of(
    st.integers(1, 400).map(lambda n: Term(hours=n)), st.integers(1, 40).map(lambda n: Term(working_days=n))
)
working_days = st.integers(1, 40)
law = settings(deadline=None, derandomize=True)  # a busy machine is no fault of the calendar


@st.composite
def some_pauses(draw: st.DrawFn, since: datetime) -> list[Pause]:
    hours = st.tuples(st.integers(-48, 900), st.integers(0, 900))
    return [
        Pause(since + timedelta(hours=begun), since + timedelta(hours=begun + lasted))
        for begun, lasted in draw(st.lists(hours, max_size=4))
    ]


def due(term: Term, since: datetime, pauses: Sequence[Pause] = (), calendar: Calendar = CALENDAR) -> datetime:
    found = calendar.due(term, since=since, pauses=pauses)
    assert found is not None
    return found


@law
@given(data=st.data(), since=moments, term=terms, more=st.integers(1, 20))
def test_a_longer_term_is_never_due_earlier(data: st.DataObject, since: datetime, term: Term, more: int) -> None:
    pauses = data.draw(some_pauses(since))
    longer = Term(hours=term.hours + more) if term.hours else Term(working_days=term.working_days + more)

    assert due(longer, since, pauses) > due(term, since, pauses)


@law
@given(data=st.data(), since=moments, term=terms)
def test_one_more_pause_never_makes_it_earlier(data: st.DataObject, since: datetime, term: Term) -> None:
    pauses, more = data.draw(some_pauses(since)), data.draw(some_pauses(since))

    assert due(term, since, pauses + more) >= due(term, since, pauses)
    assert due(term, since, more + pauses) == due(term, since, pauses + more)


@law
@given(since=moments, term=terms, late=st.integers(0, 5000))
def test_what_came_later_is_never_due_earlier(since: datetime, term: Term, late: int) -> None:
    assert due(term, since + timedelta(minutes=late)) >= due(term, since)


@law
@given(data=st.data(), since=moments, days=working_days)
def test_working_days_end_with_a_working_day_on_which_the_clock_ran(
    data: st.DataObject, since: datetime, days: int
) -> None:
    pauses = data.draw(some_pauses(since))

    last = due(Term(working_days=days), since, pauses).astimezone(SHANGHAI)

    midnight = last + timedelta(seconds=1)
    assert CALENDAR.is_workday(last.date())
    assert last.time() == time(23, 59, 59)
    assert last.date() > since.date()
    assert not any(pause.from_at < midnight <= (pause.until_at or midnight) for pause in pauses)


@law
@given(since=moments, days=working_days, added=st.sampled_from(FREE_WEEKENDS))
def test_one_more_make_up_day_never_makes_it_later(since: datetime, days: int, added: date) -> None:
    term = Term(working_days=days)
    busier = Calendar([*ROWS, CalendarRow(added, "makeup")])

    assert due(term, since, calendar=busier) <= due(term, since)


@law
@given(since=moments, term=terms, begun=st.integers(-48, 2000))
def test_an_open_pause_gives_no_deadline_or_the_one_without_it(since: datetime, term: Term, begun: int) -> None:
    pause = Pause(since + timedelta(hours=begun))
    without = due(term, since)

    found = CALENDAR.due(term, since=since, pauses=[pause])

    assert found == (None if pause.from_at < without else without)


@law
@given(data=st.data(), since=moments, hours=st.integers(1, 400))
def test_hours_are_the_time_outside_the_pauses(data: st.DataObject, since: datetime, hours: int) -> None:
    pauses = data.draw(some_pauses(since))

    last = due(Term(hours=hours), since, pauses)

    # Pauses lie on whole hours after the receipt, so each hour is wholly inside or outside of them.
    steps = [since + timedelta(hours=n) for n in range(int((last - since) / timedelta(hours=1)))]
    ran = [at for at in steps if not any(p.from_at <= at < (p.until_at or at) for p in pauses)]
    assert len(ran) == hours
