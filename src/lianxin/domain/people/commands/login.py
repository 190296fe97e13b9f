"""Coming in: each attempt is counted and written down, also the one that is refused, so refusals are results."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import is_password_usable, make_password, verify_password

from lianxin.domain.people.commands.accounts import RECOVERY_PURPOSE, lock_account
from lianxin.domain.people.models import Account, RecoveryCode, RoleGrant
from lianxin.domain.people.rules import login, roles
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.sensitive import digest, digest_candidates

DONE = "done"
SECOND_FACTOR = "second_factor"
ENROL = "enrol"
REFUSED = "refused"
LOCKED = "locked"


@dataclass(frozen=True)
class LoginStep:
    """Where a login stands after an attempt."""

    outcome: str
    account: UUID | None = None
    locked_until: datetime | None = None


def check_password(*, login_name: str, password: str, at: datetime) -> LoginStep:
    """Check the first factor of staff; an unknown name costs the same time and gets the same answer.

    The slow hash runs before the command opens its transaction, so that no writer waits for it.
    """
    actor = Actor.anonymous()
    row = (
        Account.objects.filter(login_name=login.normalise_login_name(login_name))
        .exclude(kind=Account.Kind.RESIDENT)
        .first()
    )
    if row is None or not is_password_usable(row.password):
        make_password(password[:128])
        return refuse_unknown_name(actor=actor, name_digest=digest(login_name[:128], "people.login_name"), at=at)
    matched, outdated = verify_password(password[:129], row.password)
    renewed = make_password(password) if matched and outdated else ""
    return settle_password(actor=actor, account=row.pk, was=row.password, matched=matched, renewed=renewed, at=at)


@command("people.refuse_login")
def refuse_unknown_name(*, actor: Actor, name_digest: str, at: datetime, key: None = None) -> LoginStep:
    """Write down that somebody tried a name that has no account; only a digest, people type passwords there."""
    act().note(reason=f"unknown login name {name_digest[:16]}")
    return LoginStep(REFUSED)


@command("people.check_password")
def settle_password(
    *, actor: Actor, account: UUID, was: str, matched: bool, at: datetime, renewed: str = "", key: None = None
) -> LoginStep:
    """Count the outcome of a password check; the failures stay counted until the whole login is through."""
    row = lock_account(account)
    _let_lock_expire(row, at)
    if row.state != Account.State.ACTIVE or row.password != was:
        act().target(row, "login_refused")
        return LoginStep(REFUSED)
    if not matched:
        _count_failure(row, at, "password")
        return LoginStep(REFUSED)
    if renewed:
        row.password = renewed
        row.save(update_fields=["password"])
    if row.totp_secret is not None:
        act().target(row, "password_accepted")
        return LoginStep(SECOND_FACTOR, account=row.pk)
    held = RoleGrant.objects.filter(account=row).exclude(until_on__lte=local_day(at)).values_list("role", flat=True)
    come_in(row, at, "password")
    return LoginStep(ENROL if roles.needs_second_factor(held) else DONE, account=row.pk)


@command("people.check_second_factor")
def check_second_factor(*, actor: Actor, account: UUID, code: str, at: datetime, key: None = None) -> LoginStep:
    """Finish a login by a one-time password or a recovery code; call it only after `check_password` said so."""
    row = lock_account(account)
    _let_lock_expire(row, at)
    if row.state == Account.State.LOCKED:
        act().target(row, "login_refused")
        return LoginStep(LOCKED, locked_until=row.locked_until)
    if row.state != Account.State.ACTIVE or row.totp_secret is None:
        act().target(row, "login_refused")
        return LoginStep(REFUSED)
    if _accept_totp(row, code, at):
        come_in(row, at, "totp")
        return LoginStep(DONE, account=row.pk)
    if _use_recovery_code(row, code, at):
        come_in(row, at, "recovery_code")
        return LoginStep(DONE, account=row.pk)
    _count_failure(row, at, "second_factor")
    if row.state == Account.State.LOCKED:
        return LoginStep(LOCKED, locked_until=row.locked_until)
    return LoginStep(REFUSED, account=row.pk)


def check_own_password(*, account: Account, password: str, at: datetime) -> bool:
    """Whether somebody who is logged in still knows the password; a wrong one counts towards the same lock."""
    matched, _outdated = verify_password(password[:129], account.password)
    if matched and account.state == Account.State.ACTIVE:
        return True
    actor = Actor.anonymous()
    settle_password(actor=actor, account=account.pk, was=account.password, matched=False, at=at)
    return False


def come_in(row: Account, at: datetime, by: str) -> None:
    """Note a finished login inside a command: the count of failures starts again."""
    row.failures = row.lockouts = 0
    row.last_login_at = at
    row.save(update_fields=["failures", "lockouts", "last_login_at", "totp_last_step"])
    act().target(row, "logged_in", {"by": [None, by]})


def _let_lock_expire(row: Account, at: datetime) -> None:
    if row.state != Account.State.LOCKED:
        return
    if login.lock_holds(locked_at=row.locked_at, locked_until=row.locked_until, at=at):
        return
    row.state = Account.State.ACTIVE
    row.failures = 0
    row.locked_at = row.locked_until = None
    row.save(update_fields=["state", "failures", "locked_at", "locked_until"])


def _count_failure(row: Account, at: datetime, factor: str) -> None:
    lock = login.after_failure(failures=row.failures, lockouts=row.lockouts, at=at)
    row.failures, row.lockouts = lock.failures, lock.lockouts
    if lock.locked:
        row.state = Account.State.LOCKED
        row.locked_at, row.locked_until = at, lock.until
    row.save(update_fields=["failures", "lockouts", "state", "locked_at", "locked_until"])
    act().target(row, "locked" if lock.locked else "login_failed", {"factor": [None, factor]})


def _accept_totp(row: Account, code: str, at: datetime) -> bool:
    digits = login.normalise_code(code)
    if row.totp_secret is None or len(digits) != login.TOTP_DIGITS:
        return False
    step = login.matching_step(secret=row.totp_secret.reveal(), code=digits, at=at, last_step=row.totp_last_step)
    if step is None:
        return False
    row.totp_last_step = step
    return True


def _use_recovery_code(row: Account, code: str, at: datetime) -> bool:
    typed = login.normalise_recovery_code(code)
    if len(typed) != login.RECOVERY_LENGTH:
        return False
    spent = RecoveryCode.objects.filter(
        account=row, code_digest__in=digest_candidates(f"{row.pk}:{typed}", RECOVERY_PURPOSE), used_at=None
    ).update(used_at=at)
    return spent == 1
