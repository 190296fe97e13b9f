"""The gate's rules without a database: what is refused and with which words, and when something weighs on people."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.reporting.rules import requests as rules
from lianxin.domain.reporting.rules import requests_periods as periods
from lianxin.domain.reporting.rules.requests import FieldSeen, RequestSeen
from lianxin.engines.workdays import SHANGHAI, Calendar, CalendarRow

AT = datetime(2026, 4, 8, 4, 0, tzinfo=UTC)
CALENDAR = Calendar([CalendarRow(date(2026, 4, 6), "holiday"), CalendarRow(date(2026, 5, 9), "makeup")])
HAND = FieldSeen("库存沙袋", "hand", why="补缺口")
WHOLE = RequestSeen("form", "安排预算", "区委办", AT + timedelta(days=5), date(2026, 6, 1), "once", [HAND], 3)
MOMENTS = st.integers(0, 330 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def where(asked: RequestSeen) -> list[str]:
    return [one.where for one in rules.lacks(asked, at=AT)]


def test_request_that_says_all_lacks_nothing() -> None:
    assert rules.lacks(WHOLE, at=AT) == []


@given(
    st.sets(st.sampled_from(["purpose", "approver", "expires_on", "why", "places"])),
    st.sampled_from(["form", "material", "meeting", "inspection", "other"]),
)
def test_gate_names_exactly_what_is_missing(missing: set[str], kind: str) -> None:
    fields = [replace(HAND, why="")] if "why" in missing else [HAND]
    blank = {"purpose": "", "approver": "", "expires_on": None, "places": 0}
    asked = replace(WHOLE, kind=kind, fields=fields, **{name: blank[name] for name in missing if name in blank})

    found = where(asked)

    assert set(found) == {"fields" if name == "why" else name for name in missing}
    assert len(found) == len(missing)


@given(st.sampled_from(["figure", "earlier"]), st.integers(1, 5))
def test_what_is_known_needs_neither_purpose_nor_approver_nor_last_day(how: str, count: int) -> None:
    fields = [FieldSeen(f"来访{n}", how) for n in range(count)]

    assert where(replace(WHOLE, fields=fields, purpose="", approver="", expires_on=None)) == []
    assert rules.is_known_only(fields)
    assert not rules.is_known_only([*fields, HAND])
    assert not rules.is_known_only([])


@given(st.integers(-30, 800), st.sampled_from(["once", "monthly", "quarterly", "yearly"]))
def test_nothing_is_asked_for_longer_than_a_year_without_a_new_approval(days: int, repeats: str) -> None:
    asked = replace(WHOLE, expires_on=date(2026, 4, 8) + timedelta(days=days), repeats=repeats)

    assert (where(asked) == []) == (5 <= days <= 365)


def test_sentences_name_the_field_that_lacks_something() -> None:
    fields = [replace(HAND, why=""), FieldSeen("老人数", "hand", why="x", alike="60 周岁及以上居民")]
    twin = FieldSeen("沙袋库存", "hand", why="x", twin="库存沙袋")

    words = [one.words for one in rules.lacks(replace(WHOLE, fields=[*fields, twin]), at=AT)]

    assert [label in said for label, said in zip(("库存沙袋", "老人数", "沙袋库存"), words, strict=True)] == [True] * 3
    assert "60 周岁及以上居民" in words[1]
    assert where(replace(WHOLE, fields=[replace(fields[1], again_words="户籍口径")])) == []


def test_form_that_asks_for_nothing_is_stopped_and_a_meeting_is_not() -> None:
    assert where(replace(WHOLE, fields=[])) == ["fields"]
    assert where(replace(WHOLE, fields=[], kind="meeting")) == []


@pytest.mark.parametrize(
    ("state", "what"),
    [(state, what) for state in ("closed", "expired", "withdrawn") for what in ("send", "close", "withdraw", "renew")]
    + [("draft", "close"), ("draft", "renew"), ("sent", "send")],
)
def test_state_table_refuses_every_other_step(state: str, what: str) -> None:
    with pytest.raises(rules.NotNow):
        rules.after(state, what)


@pytest.mark.parametrize(
    ("local", "out"),
    [
        ("2026-04-08 08:29", True),
        ("2026-04-08 08:30", False),
        ("2026-04-08 17:29", False),
        ("2026-04-08 17:30", True),
        ("2026-04-06 10:00", True),
        ("2026-04-11 10:00", True),
        ("2026-05-09 10:00", False),
    ],
)
def test_out_of_hours_is_nights_weekends_and_holidays(local: str, out: bool) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=SHANGHAI)

    assert rules.is_out_of_hours(at, calendar=CALENDAR) is out


@pytest.mark.parametrize(
    ("sent", "due", "short"),
    [
        ("2026-04-08 10:00", "2026-04-09 10:00", False),
        ("2026-04-08 10:00", "2026-04-09 09:59", True),
        ("2026-04-10 16:00", "2026-04-13 09:00", True),
        ("2026-04-10 16:00", "2026-04-13 16:00", False),
        ("2026-04-10 20:00", "2026-04-13 17:30", True),
        ("2026-04-10 20:00", "2026-04-14 08:30", False),
        ("2026-04-03 16:00", "2026-04-07 15:00", True),
        ("2026-04-08 06:00", "2026-04-09 08:30", False),
    ],
)
def test_short_notice_is_less_than_one_working_day(sent: str, due: str, short: bool) -> None:
    at, until = (datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) for text in (sent, due))

    assert rules.is_short_notice(at, until, calendar=CALENDAR) is short


@given(MOMENTS, st.integers(0, 200))
def test_more_time_never_makes_notice_shorter(sent: datetime, hours: int) -> None:
    due = sent + timedelta(hours=hours)

    if not rules.is_short_notice(sent, due, calendar=CALENDAR):
        assert not rules.is_short_notice(sent, due + timedelta(hours=5), calendar=CALENDAR)
        assert due - sent >= timedelta(days=1) - timedelta(hours=15)


@given(MOMENTS, st.sampled_from(["monthly", "quarterly", "yearly"]), st.integers(2, 12))
def test_rounds_follow_one_another_and_are_due_when_offices_work(due: datetime, repeats: str, number: int) -> None:
    later = rules.round_due(due, repeats, number, calendar=CALENDAR)

    assert CALENDAR.is_workday(later.astimezone(SHANGHAI).date())
    assert later > rules.round_due(due, repeats, number - 1, calendar=CALENDAR)
    first = due.astimezone(SHANGHAI).date()
    before = rules.round_on(first, repeats, number - 1)
    after = rules.round_on(first, repeats, number)
    assert before is not None
    assert after is not None
    assert after > before
    assert rules.round_on(first, "once", 2) is None


@pytest.mark.parametrize(
    ("code", "on", "fixed"),
    [
        ("last_month", date(2026, 1, 31), "2025-12"),
        ("last_quarter", date(2026, 2, 1), "2025-Q4"),
        ("last_quarter", date(2026, 4, 8), "2026-Q1"),
        ("last_year", date(2026, 4, 8), "2025"),
        ("this_year", date(2026, 4, 8), "2026"),
        ("2024-Q3", date(2026, 4, 8), "2024-Q3"),
    ],
)
def test_period_that_moves_is_fixed_by_the_day_on_which_it_is_asked(code: str, on: date, fixed: str) -> None:
    assert periods.resolve(code, on=on) == fixed
    assert periods.problem_with(code, on=on) == ""


@pytest.mark.parametrize("text", ["", "2026-13", "2024-Q5", "gestern", "2026-05", "2031", "1999", "2024-07-15"])
def test_period_that_is_none_or_lies_ahead_is_named_in_a_sentence(text: str) -> None:
    assert (text or "“”") in periods.problem_with(text, on=date(2026, 4, 8))


def test_every_period_offered_can_be_chosen() -> None:
    on = date(2026, 4, 8)

    assert [text for text, _label in periods.choices(on=on) if periods.problem_with(text, on=on)] == []
