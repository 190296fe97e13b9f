"""Rules of coming in, without a database."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.people.rules import login

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "password"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_passwords_are_those_of_rfc_6238(seconds: int, password: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)

    assert login.totp_at(SECRET, seconds // 30) == password
    assert login.matching_step(secret=SECRET, code=password, at=at, last_step=None) == seconds // 30


@pytest.mark.parametrize(("steps_away", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(steps_away: int, taken: bool) -> None:
    step = int(AT.timestamp()) // 30
    code = login.totp_at(SECRET, step + steps_away)

    found = login.matching_step(secret=SECRET, code=code, at=AT, last_step=None)

    assert (found == step + steps_away) is taken


def test_a_password_that_was_used_is_refused_and_so_is_an_older_one() -> None:
    step = int(AT.timestamp()) // 30

    for earlier in (step, step - 1):
        code = login.totp_at(SECRET, earlier)
        assert login.matching_step(secret=SECRET, code=code, at=AT, last_step=step) is None


def test_a_code_with_foreign_signs_is_wrong_and_breaks_nothing() -> None:
    assert login.matching_step(secret=SECRET, code="壹贰叁肆伍陆", at=AT, last_step=None) is None


def test_full_width_digits_and_spaces_are_read() -> None:
    assert login.normalise_code(" ２８７ 082 ") == "287082"


def test_four_failures_leave_the_door_open_and_the_fifth_locks_for_a_quarter_of_an_hour() -> None:
    failures, lockouts = 0, 0

    locks = []
    for _try in range(5):
        lock = login.after_failure(failures=failures, lockouts=lockouts, at=AT)
        failures, lockouts = lock.failures, lock.lockouts
        locks.append(lock.locked)

    assert locks == [False, False, False, False, True]
    assert lock.until == AT + timedelta(minutes=15)


def test_the_third_lock_waits_for_an_administrator() -> None:
    second = login.after_failure(failures=4, lockouts=1, at=AT)
    third = login.after_failure(failures=4, lockouts=2, at=AT)

    assert second.until == AT + timedelta(hours=1)
    assert third.locked
    assert third.until is None
    assert login.lock_holds(locked_at=AT, locked_until=None, at=AT + timedelta(days=400))


def test_a_lock_ends_on_the_minute() -> None:
    until = AT + timedelta(minutes=15)

    assert login.lock_holds(locked_at=AT, locked_until=until, at=until - timedelta(seconds=1))
    assert not login.lock_holds(locked_at=AT, locked_until=until, at=until)


@pytest.mark.parametrize("typed", ["13800138000", "+86 138-0013-8000", "１３８００１３８０００", "0086 13800138000"])
def test_a_mobile_number_is_read_as_people_write_it(typed: str) -> None:
    assert login.read_mobile(typed) == "13800138000"


@pytest.mark.parametrize("typed", ["", "0754-88888888", "1380013800", "12800138000", "138001380001", "电话"])
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    assert login.read_mobile(typed) is None


@pytest.mark.parametrize(
    ("typed", "good"), [("陈小明", True), ("Chen.XM", True), ("a", False), ("a b", False), ("_x", False)]
)
def test_login_names(typed: str, good: bool) -> None:
    assert login.is_login_name(login.normalise_login_name(typed)) is good


@given(st.lists(st.integers(0, 86400), max_size=20), st.integers(0, 86400))
def test_after_the_wait_that_was_told_a_code_may_be_sent(seconds_ago: list[int], offset: int) -> None:
    at = AT + timedelta(seconds=offset)
    sent = [at - timedelta(seconds=ago) for ago in seconds_ago]

    wait = login.wait_before_sending(sent=sent, limits=login.PHONE_LIMITS, at=at)

    if wait is not None:
        assert wait > timedelta(0)
        assert login.wait_before_sending(sent=sent, limits=login.PHONE_LIMITS, at=at + wait) is None


def test_five_wrong_codes_over_two_messages_make_the_phone_wait() -> None:
    tries = [(AT - timedelta(minutes=4), 3), (AT - timedelta(minutes=2), 2)]

    assert login.phone_locked_until(tries=tries, at=AT) == AT + timedelta(minutes=13)
    assert login.phone_locked_until(tries=tries[:1], at=AT) is None
    assert login.phone_locked_until(tries=tries, at=AT + timedelta(minutes=13)) is None


def test_recovery_codes_are_read_with_dashes_and_small_letters() -> None:
    assert login.normalise_recovery_code(login.print_recovery_code("ABCDE23456").lower()) == "ABCDE23456"


def test_a_session_sleeps_after_thirty_minutes() -> None:
    half_an_hour = timedelta(minutes=30)

    assert login.is_idle(seen_at=AT, at=AT + half_an_hour, after=half_an_hour)
    assert not login.is_idle(seen_at=AT, at=AT + half_an_hour - timedelta(seconds=1), after=half_an_hour)
    assert not login.is_idle(seen_at=None, at=AT, after=half_an_hour)
