"""The shop's rules without a database: codes, windows, checks, allowances, what a till may book."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.people.rules.cards import is_number
from lianxin.domain.shop.rules import codes, identity
from lianxin.domain.shop.rules.allowances import share
from lianxin.domain.shop.rules.months import month_span
from lianxin.domain.shop.rules.opening_stock import _fen
from lianxin.domain.shop.rules.till_sales import Means, Sale, plan
from lianxin.domain.shop.rules.windows import window_of

HOMES = [UUID(int=n) for n in range(1, 4)]
ITEMS = [UUID(int=n) for n in range(11, 13)]
TILLS = [UUID(int=n) for n in range(21, 24)]
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@given(body=st.sampled_from(codes.PICK_UP_BODIES), place=st.integers(0, 6), digit=st.integers(1, 9))
def test_one_wrong_digit_of_a_pick_up_code_is_found(body: int, place: int, digit: int) -> None:
    code = codes.pick_up_code(body)
    wrong = code[:place] + str((int(code[place]) + digit) % 10) + code[place + 1 :]

    assert codes.is_pick_up_code(code)
    assert not codes.is_pick_up_code(wrong)
    assert not is_number(code)


@given(body=st.sampled_from(codes.VOUCHER_BODIES), place=st.integers(0, 8))
def test_two_swapped_digits_of_a_voucher_code_are_found(body: int, place: int) -> None:
    code = codes.voucher_code(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert codes.is_voucher_code(code)
    assert swapped == code or not codes.is_voucher_code(swapped)


@pytest.mark.parametrize("typed", ["", "１２３４５６７", "abc", "12 34", "0" * 40])
def test_what_is_no_code_is_told_without_an_error(typed: str) -> None:
    assert not codes.is_pick_up_code(codes.plain(typed))
    assert not codes.is_voucher_code(codes.plain(typed))


@pytest.mark.parametrize(
    ("every", "on", "window"),
    [
        ("day", date(2026, 1, 1), "2026-01-01"),
        ("week", date(2027, 1, 1), "2026-W53"),
        ("month", date(2026, 12, 31), "2026-12"),
        ("year", date(2026, 12, 31), "2026"),
    ],
)
def test_windows_are_named_by_the_calendar(every: str, on: date, window: str) -> None:
    assert window_of(every, on) == window


def test_month_ends_where_the_next_begins() -> None:
    assert month_span(date(2026, 12, 15))[1] == month_span(date(2027, 1, 1))[0]
    assert month_span(date(2024, 2, 29))[1] == month_span(date(2024, 3, 1))[0]


@pytest.mark.parametrize(
    ("checks", "points", "enough"),
    [
        ((), 1, False),
        (("looks honest",), 1, False),
        (("card_only",), 50, True),
        (("card_only",), 51, False),
        (("card_only", "asked_birthday"), 51, False),
        (("known_in_person",), 51, False),
        (("code", "known_in_person"), 51, True),
        (("card_only", "photo_on_document"), 51, True),
    ],
)
def test_above_the_limit_two_ways_are_needed(checks: tuple[str, ...], points: int, enough: bool) -> None:
    assert (identity.why_not_enough(checks=checks, points=points, above=50) == "") is enough


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("360", 36_000),
        ("360.5", 36_050),
        ("¥1,360.05", 136_005),
        ("", None),
        ("-1", None),
        ("1.234", None),
        ("١", None),
    ],
)
def test_yuan_become_fen_without_a_fraction_on_the_way(text: str, fen: int | None) -> None:
    assert _fen(text) == fen


@given(
    free=st.dictionaries(st.sampled_from(HOMES), st.integers(-5, 200)),
    most=st.integers(0, 90),
    groups=st.lists(st.one_of(st.none(), st.frozensets(st.sampled_from(HOMES))), min_size=1, max_size=3),
)
def test_parts_of_a_household_never_exceed_what_is_free_or_allowed(
    free: dict[UUID, int], most: int, groups: list[frozenset[UUID] | None]
) -> None:
    tills = list(zip(TILLS, groups, strict=False))

    shares = share(free=free, most=most, tills=tills)

    for home, points in free.items():
        mine = [part for (_till, whose), part in shares.items() if whose == home]
        comes = any(homes is None or home in homes for _till, homes in tills)
        assert sum(mine) == (max(min(points, most), 0) if comes else 0)
        assert not mine or max(mine) - min(mine) <= 1
    assert all(part > 0 for part in shares.values())


@given(
    sales=st.lists(
        st.tuples(st.sampled_from(HOMES), st.sampled_from(ITEMS), st.integers(1, 5), st.integers(0, 30)), max_size=20
    ),
    allowance=st.dictionaries(st.sampled_from(HOMES), st.integers(1, 40)),
    free=st.dictionaries(st.sampled_from(HOMES), st.integers(0, 40)),
    lent=st.dictionaries(st.sampled_from(ITEMS), st.integers(0, 12)),
    room=st.integers(0, 6),
)
def test_what_a_till_books_never_exceeds_points_pieces_or_limits(
    sales: list[tuple[UUID, UUID, int, int]],
    allowance: dict[UUID, int],
    free: dict[UUID, int],
    lent: dict[UUID, int],
    room: int,
) -> None:
    prices = {ITEMS[0]: 3, ITEMS[1]: 7}
    sold = [
        Sale(UUID(int=100 + n), home, item, pieces, prices[item] * pieces, NOON + timedelta(minutes=minute))
        for n, (home, item, pieces, minute) in enumerate(sales)
    ]
    limit = {(home, ITEMS[0]): room for home in HOMES}
    means = Means(dict(allowance), dict(free), dict(lent), prices, dict(limit))

    verdicts = plan(sold, means)

    booked = [verdict for verdict in verdicts if verdict.paid_by]
    assert len(verdicts) == len(sold)
    assert all(bool(verdict.reason) != bool(verdict.paid_by) for verdict in verdicts)
    for home in HOMES:
        for way, pot in (("allowance", allowance), ("free", free)):
            spent = sum(v.sale.points for v in booked if v.sale.household == home and v.paid_by == way)
            assert spent <= pot.get(home, 0)
        taken = sum(v.sale.quantity for v in booked if v.sale.household == home and v.sale.item == ITEMS[0])
        assert taken <= room
    for item in ITEMS:
        assert sum(v.sale.quantity for v in booked if v.sale.item == item) <= lent.get(item, 0)
