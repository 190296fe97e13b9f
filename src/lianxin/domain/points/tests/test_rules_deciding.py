"""Deciding, windows and expiry: pure rules, for any input."""

from calendar import monthrange
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.points.rules import windows
from lianxin.domain.points.rules.deciding import Cap, Item, Offered, Terms, asked_points, decide, terms_on
from lianxin.domain.points.rules.expiry import NEVER, end_of_month, expiry_day

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))
SUBJECTS = st.sampled_from(["household", "person", "book"])
EVERY = st.sampled_from(windows.EVERY)
CAPS = st.lists(
    st.builds(Cap, SUBJECTS, EVERY, st.integers(1, 200)), unique_by=lambda cap: (cap.subject, cap.every), max_size=6
)
USED = st.dictionaries(st.tuples(SUBJECTS, EVERY), st.integers(0, 250), max_size=12)


@st.composite
def items(draw: st.DrawFn) -> Item:
    """Any item that rules can have."""
    per = draw(st.integers(1, 90))
    return Item(
        code="one",
        act_kind="act",
        title="一",
        points=draw(st.integers(1, 60)),
        unit=draw(st.sampled_from(["times", "minutes"])),
        per=per,
        most_quantity=draw(st.integers(per, 600)),
        caps=tuple(draw(CAPS)),
    )


ACTS = st.builds(
    Offered, st.just("act"), st.integers(1, 1000), st.integers(0, 1000), st.just(""), has_person=st.booleans()
)


@given(items(), ACTS, USED, st.integers(-5, 500))
def test_nothing_is_given_above_what_is_asked_the_caps_or_the_budget(
    item: Item, act: Offered, used: dict[tuple[str, str], int], budget: int
) -> None:
    decision = decide(act, [item], used, budget)

    assert 0 <= decision.points <= decision.asked
    assert decision.points <= max(budget, 0)
    for cap in item.caps:
        if cap.subject != "person" or act.has_person:
            assert decision.points == 0 or decision.points + used.get((cap.subject, cap.every), 0) <= cap.points


@given(items(), ACTS, USED, st.integers(0, 500))
def test_less_than_asked_has_a_reason_and_all_of_it_has_none(
    item: Item, act: Offered, used: dict[tuple[str, str], int], budget: int
) -> None:
    decision = decide(act, [item], used, budget)

    if decision.asked == 0:
        assert decision.reason == "too_little"
    else:
        assert (decision.reason == "") == (decision.points == decision.asked)


@given(items(), ACTS, USED, st.integers(0, 500), st.integers(1, 50))
def test_more_budget_never_gives_less(
    item: Item, act: Offered, used: dict[tuple[str, str], int], budget: int, more: int
) -> None:
    assert decide(act, [item], used, budget + more).points >= decide(act, [item], used, budget).points


@given(items(), st.integers(1, 999))
def test_doing_more_never_earns_less(item: Item, quantity: int) -> None:
    less, more = (Offered("act", n, n) for n in (quantity, quantity + 1))

    assert asked_points(more, item) >= asked_points(less, item)


def test_an_act_of_another_kind_finds_no_item() -> None:
    item = Item("one", "act", "一", 5, "times", 1, 1)

    assert decide(Offered("other"), [item], {}, 100).reason == "no_item"
    assert decide(Offered("other", item="one"), [item], {}, 100).points == 5


@given(DAYS, EVERY)
def test_a_day_lies_in_its_window_and_all_days_of_it_share_the_key(on: date, every: str) -> None:
    first, last = windows.days_of(every, on)

    assert first <= on <= last
    assert windows.window(every, first) == windows.window(every, last) == windows.window(every, on)
    assert windows.window(every, first - timedelta(1)) != windows.window(every, on)
    assert windows.window(every, last + timedelta(1)) != windows.window(every, on)


@pytest.mark.parametrize(
    ("on", "keys"),
    [
        (date(2026, 3, 2), ["2026-03-02", "2026-W10", "2026-03", "2026"]),
        (date(2027, 1, 3), ["2027-01-03", "2026-W53", "2027-01", "2027"]),
        (date(2024, 12, 30), ["2024-12-30", "2025-W01", "2024-12", "2024"]),
    ],
)
def test_weeks_are_those_of_the_iso_calendar(on: date, keys: list[str]) -> None:
    assert list(windows.windows_of(on).values()) == keys


@given(DAYS, st.integers(0, 120))
def test_rolling_points_end_with_a_month(on: date, months: int) -> None:
    until = expiry_day(expiry="rolling", months=months, done_on=on)

    assert until >= on
    assert until.day == monthrange(until.year, until.month)[1]
    assert (until.year - on.year) * 12 + until.month - on.month == months


@given(DAYS, st.integers(0, 10))
def test_yearly_points_end_with_a_year(on: date, years: int) -> None:
    assert expiry_day(expiry="yearly", months=years * 12, done_on=on) == date(on.year + years, 12, 31)


@given(DAYS, st.integers(1, 60), st.sampled_from(["yearly", "rolling", "never"]))
def test_an_items_own_months_win(on: date, months: int, expiry: str) -> None:
    until = expiry_day(expiry=expiry, months=24, done_on=on, valid_months=months)

    assert until == end_of_month(on, months)


def test_points_that_never_end_have_the_last_day_there_is() -> None:
    assert expiry_day(expiry="never", months=0, done_on=date(2026, 1, 1)) == NEVER == date(9999, 12, 31)
    assert end_of_month(date(9999, 6, 1), 12) == NEVER
    with pytest.raises(ValueError, match="sometimes"):
        expiry_day(expiry="sometimes", months=0, done_on=date(2026, 1, 1))


def terms(number: int, begins: date, ended_on: date | None = None) -> Terms:
    """A version of the rules."""
    return Terms(UUID(int=number), UUID(int=0), number, begins, ended_on, 30, "yearly", 12)


def test_the_newest_version_that_began_is_in_force() -> None:
    versions = [terms(1, date(2026, 1, 1)), terms(2, date(2026, 3, 1))]

    numbers = [getattr(terms_on(versions, on), "number", None) for on in (date(2025, 12, 31), date(2026, 2, 28))]

    assert numbers == [None, 1]
    assert getattr(terms_on(versions, date(2026, 3, 1)), "number", None) == 2


def test_a_version_withdrawn_in_its_notice_leaves_the_one_before_in_force() -> None:
    versions = [terms(1, date(2026, 1, 1)), terms(2, date(2026, 3, 1), date(2026, 2, 20))]

    assert getattr(terms_on(versions, date(2026, 6, 1)), "number", None) == 1


def test_a_version_that_ended_does_not_bring_back_the_one_before() -> None:
    versions = [terms(1, date(2026, 1, 1)), terms(2, date(2026, 3, 1), date(2026, 5, 1))]

    assert getattr(terms_on(versions, date(2026, 4, 30)), "number", None) == 2
    assert terms_on(versions, date(2026, 5, 1)) is None
