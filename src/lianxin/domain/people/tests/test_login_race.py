"""Guesses that arrive together are counted one by one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from lianxin.domain.people.commands import login as commands
from lianxin.domain.people.models import Account
from lianxin.domain.people.tests.account_factories import AT, make_account, totp
from lianxin.platform.actors import Actor

GUESSERS = 8


@pytest.mark.django_db(transaction=True)
def test_eight_guesses_at_once_are_five_failures_and_a_lock() -> None:
    account = make_account()
    together = Barrier(GUESSERS)

    def guess(number: int) -> str:
        together.wait()
        try:
            return commands.check_second_factor(
                actor=Actor.anonymous(), account=account.pk, code=f"{number:06d}", at=AT
            ).outcome
        finally:
            connection.close()

    with ThreadPoolExecutor(GUESSERS) as pool:
        outcomes = list(pool.map(guess, range(GUESSERS)))

    account.refresh_from_db()
    assert (account.failures, account.lockouts, account.state) == (5, 1, Account.State.LOCKED)
    assert sorted(outcomes) == [commands.LOCKED] * 4 + [commands.REFUSED] * 4


@pytest.mark.django_db(transaction=True)
def test_one_code_sent_by_two_browsers_opens_one_of_them() -> None:
    account = make_account()
    together = Barrier(2)

    def enter(_number: int) -> str:
        together.wait()
        try:
            return commands.check_second_factor(
                actor=Actor.anonymous(), account=account.pk, code=totp(AT), at=AT
            ).outcome
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(enter, range(2)))

    assert sorted(outcomes) == [commands.DONE, commands.REFUSED]
