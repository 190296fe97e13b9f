"""Staff come in: two factors, one count of failures, one lock."""

from datetime import timedelta

import pytest

from lianxin.domain.people.commands import login as commands
from lianxin.domain.people.commands.accounts import disable_account, give_recovery_codes, unlock_account
from lianxin.domain.people.models import Account
from lianxin.domain.people.rules import login
from lianxin.domain.people.tests.account_factories import AT, PASSWORD, make_account, make_staff, system, totp
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import NotAllowed
from lianxin.platform.models import AuditEntry

pytestmark = pytest.mark.django_db
NOBODY = Actor.anonymous()


@command("tests.give_codes")
def _give_codes(*, actor, account, at, key=None):
    return give_recovery_codes(account=account, at=at)


def _first(account: Account, password: str = PASSWORD, at=AT) -> commands.LoginStep:
    return commands.check_password(login_name=account.login_name, password=password, at=at)


def _second(account: Account, code: str, at=AT) -> commands.LoginStep:
    return commands.check_second_factor(actor=NOBODY, account=account.pk, code=code, at=at)


def test_password_then_code_opens_and_is_written_down() -> None:
    account = make_account("chen.xm")

    assert commands.check_password(login_name=" Chen.XM ", password=PASSWORD, at=AT).outcome == commands.SECOND_FACTOR
    assert _second(account, totp(AT)).outcome == commands.DONE

    account.refresh_from_db()
    assert account.last_login_at == AT
    with scope.everything():
        noted = [entry.verb for entry in audit.entries_for("people.account", account.pk)]
        assert noted == ["logged_in", "password_accepted"]


def test_a_code_opens_once() -> None:
    account = make_account()

    assert _second(account, totp(AT)).outcome == commands.DONE
    assert _second(account, totp(AT)).outcome == commands.REFUSED
    assert _second(account, totp(AT + timedelta(seconds=30)), AT + timedelta(seconds=30)).outcome == commands.DONE


def test_five_failures_over_password_totp_and_recovery_codes_lock_the_account() -> None:
    account = make_account()

    _first(account, "wrong")
    _first(account)
    _second(account, "000000")
    _second(account, "ABCDE-23456")
    _first(account, "wrong again")
    last = _second(account, "111111")

    assert last.outcome == commands.LOCKED
    assert last.locked_until == AT + timedelta(minutes=15)
    account.refresh_from_db()
    assert account.state == Account.State.LOCKED
    assert _first(account).outcome == commands.REFUSED
    assert _second(account, totp(AT)).outcome == commands.LOCKED


def test_a_right_password_does_not_wipe_out_wrong_codes() -> None:
    account = make_account()

    for _try in range(4):
        _first(account)
        _second(account, "000000")
    _first(account)

    assert _second(account, "000000").outcome == commands.LOCKED


def test_a_finished_login_begins_the_count_anew() -> None:
    account = make_account()

    for _try in range(4):
        _first(account, "wrong")
    _first(account)
    _second(account, totp(AT))

    account.refresh_from_db()
    assert account.failures == 0


def test_a_lock_opens_by_itself_and_comes_back_longer() -> None:
    account = make_account()
    for _try in range(5):
        _first(account, "wrong")

    later = AT + timedelta(minutes=15)
    assert _first(account, at=later).outcome == commands.SECOND_FACTOR
    for _try in range(5):
        _first(account, "wrong", at=later)

    account.refresh_from_db()
    assert account.locked_until == later + timedelta(hours=1)


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(monkeypatch) -> None:
    account = make_account()
    hashed = []
    real = commands.make_password
    monkeypatch.setattr(commands, "make_password", lambda text: hashed.append(text) or real(text))

    unknown = commands.check_password(login_name="nobody", password="x", at=AT)
    wrong = _first(account, "x")

    assert unknown == wrong == commands.LoginStep(commands.REFUSED)
    assert hashed == ["x"]
    with scope.everything():
        assert AuditEntry.objects.filter(action="people.refuse_login").count() == 1


def test_a_name_typed_in_the_wrong_field_is_not_kept_in_the_log() -> None:
    commands.check_password(login_name="my secret sentence", password="x", at=AT)

    with scope.everything():
        assert "secret" not in AuditEntry.objects.get(action="people.refuse_login").reason


def test_a_password_that_changed_during_the_check_is_refused_and_not_counted() -> None:
    account = make_account()

    step = commands.settle_password(actor=NOBODY, account=account.pk, was="an older hash", matched=True, at=AT)

    account.refresh_from_db()
    assert step.outcome == commands.REFUSED
    assert account.failures == 0


def test_a_recovery_code_opens_once() -> None:
    account = make_account()
    code = _give_codes(actor=NOBODY, account=account, at=AT)[0]

    assert _second(account, login.print_recovery_code(code).lower()).outcome == commands.DONE
    assert _second(account, code).outcome == commands.REFUSED


def test_new_recovery_codes_make_the_old_ones_worthless() -> None:
    account = make_account()
    old = _give_codes(actor=NOBODY, account=account, at=AT)

    new = _give_codes(actor=NOBODY, account=account, at=AT)

    assert len(set(new)) == login.RECOVERY_CODES
    assert _second(account, old[0]).outcome == commands.REFUSED


def test_the_recovery_code_of_a_colleague_does_not_open() -> None:
    account, colleague = make_account(), make_account()
    code = _give_codes(actor=NOBODY, account=colleague, at=AT)[0]

    assert _second(account, code).outcome == commands.REFUSED


def test_staff_without_a_second_factor_must_set_one_up() -> None:
    account = make_account(totp=False)

    assert _first(account).outcome == commands.ENROL


def test_the_security_administrator_unlocks_and_the_holder_cannot() -> None:
    account = make_account()
    _admin, security = make_staff("security_admin")
    for _try in range(5):
        _first(account, "wrong")

    with pytest.raises(NotAllowed):
        unlock_account(actor=Actor(account.pk, "community_staff", frozenset(), "web"), account=account.pk, at=AT)
    unlock_account(actor=security, account=account.pk, reason="called from the office", at=AT)

    assert _first(account).outcome == commands.SECOND_FACTOR


def test_a_closed_account_stays_shut_with_password_code_and_recovery_code() -> None:
    account = make_account()
    code = _give_codes(actor=NOBODY, account=account, at=AT)[0]

    disable_account(actor=system(), account=account.pk, reason="left the office", at=AT)

    assert _first(account).outcome == commands.REFUSED
    assert _second(account, totp(AT)).outcome == commands.REFUSED
    assert _second(account, code).outcome == commands.REFUSED
