"""Making, changing, opening and closing accounts."""

import base64
import secrets
from datetime import datetime
from uuid import UUID

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.events import AccountClosed
from lianxin.domain.people.models import Account, Invitation, OneTimeCode, RecoveryCode
from lianxin.domain.people.rules import login
from lianxin.platform import contributions, locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused
from lianxin.platform.sensitive import digest, seal

TOTP_PURPOSE = "people.account.totp_secret"
RECOVERY_PURPOSE = "people.recovery_code"


class LoginNameTaken(Invalid):
    """Another account has this login name."""

    title = gettext_lazy("This login name is already in use.")


class AccountIsClosed(Refused):
    """Nothing can be done with a closed account."""

    title = gettext_lazy("This account is closed.")


class PasswordChangedMeanwhile(Refused):
    """The password was changed by somebody else while this form was open."""

    title = gettext_lazy("The password was changed in the meantime. Please log in again.")


def new_totp_secret() -> str:
    """Make a fresh 160-bit secret in base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def new_password(*, password: str, account: Account | None = None) -> str:
    """Check a password against the rules and give its hash; slow on purpose, so never call it inside a command."""
    if len(password) > 128:
        raise Invalid(fields={"password": [_("A password has at most 128 characters.")]})
    try:
        password_validation.validate_password(password, account)
    except ValidationError as error:
        raise Invalid(fields={"password": error.messages}) from error
    return make_password(password)


def lock_account(account: UUID) -> Account:
    """Give the account under its row lock; raises Missing when there is none."""
    found = locks.lock_one(Account.objects.filter(pk=account))
    if found is None:
        raise Missing
    return found


def read_login_name(text: str) -> str:
    """Give a typed login name as it is stored; raises Invalid."""
    name = login.normalise_login_name(text)
    if not login.is_login_name(name):
        raise Invalid(fields={"login_name": [_("A login name has 2 to 64 letters, digits or the signs . _ - @")]})
    return name


@command("people.create_account")
def create_account(
    *,
    actor: Actor,
    login_name: str,
    display_name: str,
    encoded_password: str,
    at: datetime,
    kind: str = Account.Kind.STAFF,
    totp_secret: str = "",
    must_change_password: bool = True,
    person: UUID | None = None,
    language: str = "zh-hans",
    key: UUID | None = None,
) -> Account:
    """Make an active account without roles; `encoded_password` comes from `new_password`."""
    if not actor.holds("system_admin", "system"):
        raise NotAllowed
    name = read_login_name(login_name)
    if Account.objects.filter(login_name=name).exists():
        raise LoginNameTaken(fields={"login_name": [LoginNameTaken.title]})
    if not display_name.strip():
        raise Invalid(fields={"display_name": [_("Please enter a name.")]})
    account = Account.objects.create(
        kind=kind,
        state=Account.State.ACTIVE,
        login_name=name,
        display_name=display_name.strip(),
        password=encoded_password,
        must_change_password=must_change_password,
        totp_secret=seal(totp_secret, TOTP_PURPOSE) if totp_secret else None,
        person_id=person,
        language=language,
        created_at=at,
    )
    act().target(account, "created", {"kind": [None, kind]})
    return account


@command("people.set_password")
def set_password(
    *, actor: Actor, account: UUID, was: str, encoded: str, at: datetime, key: UUID | None = None
) -> Account:
    """Give the actor's own account a new password; `was` is the hash that the old password was checked against."""
    if actor.account != account:
        raise NotAllowed
    row = lock_account(account)
    if row.password != was:
        raise PasswordChangedMeanwhile
    row.password = encoded
    row.must_change_password = False
    row.save(update_fields=["password", "must_change_password"])
    act().target(row, "password_changed")
    return row


def give_recovery_codes(*, account: Account, at: datetime) -> list[str]:
    """Replace an account's recovery codes inside a command; the plain codes exist in this answer only."""
    RecoveryCode.objects.filter(account=account).delete()
    codes: set[str] = set()
    while len(codes) < login.RECOVERY_CODES:
        codes.add("".join(secrets.choice(login.RECOVERY_ALPHABET) for _sign in range(login.RECOVERY_LENGTH)))
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account=account, code_digest=digest(f"{account.pk}:{code}", RECOVERY_PURPOSE), made_at=at)
        for code in sorted(codes)
    )
    act().target(account, "recovery_codes_made")
    return sorted(codes)


def read_first_code(*, secret: str, code: str, at: datetime) -> int:
    """Give the step of the first one-time password of a new secret; raises Invalid when it does not match."""
    digits = login.normalise_code(code)
    step = login.matching_step(secret=secret, code=digits, at=at, last_step=None) if len(digits) == 6 else None
    if step is None:
        raise Invalid(
            fields={
                "code": [_("This code does not match. Check that the phone's clock is right and enter the next one.")]
            }
        )
    return step


@command("people.enrol_second_factor")
def enrol_second_factor(
    *, actor: Actor, account: UUID, secret: str, code: str, at: datetime, key: None = None
) -> list[str]:
    """Set the actor's own authenticator and give ten fresh recovery codes."""
    if actor.account != account:
        raise NotAllowed
    step = read_first_code(secret=secret, code=code, at=at)
    row = lock_account(account)
    row.totp_secret = seal(secret, TOTP_PURPOSE)
    row.totp_last_step = step
    row.save(update_fields=["totp_secret", "totp_last_step"])
    act().target(row, "second_factor_enrolled")
    return give_recovery_codes(account=row, at=at)


@command("people.renew_recovery_codes")
def renew_recovery_codes(*, actor: Actor, account: UUID, at: datetime, key: None = None) -> list[str]:
    """Give the actor ten fresh recovery codes; the old ones stop working."""
    if actor.account != account:
        raise NotAllowed
    return give_recovery_codes(account=lock_account(account), at=at)


@command("people.set_language")
def set_language(*, actor: Actor, account: UUID, language: str, at: datetime, key: UUID | None = None) -> Account:
    """Remember in which language this account's pages are."""
    if actor.account != account:
        raise NotAllowed
    row = lock_account(account)
    was, row.language = row.language, language
    row.save(update_fields=["language"])
    act().target(row, "changed", {"language": [was, language]})
    return row


def open_lock(row: Account) -> None:
    """Take the lock and the count of failures off an account inside a command."""
    if row.state == Account.State.LOCKED:
        row.state = Account.State.ACTIVE
    row.failures = row.lockouts = 0
    row.locked_at = row.locked_until = None
    row.save(update_fields=["state", "failures", "lockouts", "locked_at", "locked_until"])


@command("people.unlock_account")
def unlock_account(*, actor: Actor, account: UUID, at: datetime, reason: str = "", key: UUID | None = None) -> Account:
    """Open a locked account; by the security administrator or the command line, never by its holder."""
    if not actor.holds("security_admin", "system") or actor.account == account:
        raise NotAllowed
    row = lock_account(account)
    if row.state == Account.State.DISABLED:
        raise AccountIsClosed
    act().note(reason=reason)
    act().target(row, "unlocked", {"failures": [row.failures, 0]})
    open_lock(row)
    if row.kind == Account.Kind.RESIDENT:
        OneTimeCode.objects.filter(phone_digest=row.phone_digest).update(tries=0)
    return row


def close_row(*, row: Account, actor: Actor, at: datetime) -> None:
    """Close an account inside a command: no password, no second factor, no open link, and higher modules are told."""
    row.state = Account.State.DISABLED
    row.disabled_at = at
    row.set_unusable_password()
    row.totp_secret = None
    row.failures = row.lockouts = 0
    row.locked_at = row.locked_until = None
    row.save()
    RecoveryCode.objects.filter(account=row).delete()
    Invitation.objects.filter(account=row, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    act().target(row, "disabled")
    contributions.follow(AccountClosed(account=row.pk, person=row.person_id), actor=actor, at=at)


@command("people.disable_account")
def disable_account(*, actor: Actor, account: UUID, reason: str, at: datetime, key: UUID | None = None) -> Account:
    """Close an account for good; its sessions end with the next request."""
    own = actor.account == account
    if not (actor.holds("system_admin", "security_admin", "system") or own):
        raise NotAllowed
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Please say why.")]})
    row = lock_account(account)
    if row.state == Account.State.DISABLED:
        raise AccountIsClosed
    act().note(reason=reason)
    close_row(row=row, actor=actor, at=at)
    return row
