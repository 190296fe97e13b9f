"""Bringing staff in: a list of a unit becomes accounts with one-time links, and each link opens one account once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.commands.accounts import (
    TOTP_PURPOSE,
    AccountIsClosed,
    LoginNameTaken,
    give_recovery_codes,
    lock_account,
    new_password,
    open_lock,
    read_first_code,
    read_login_name,
)
from lianxin.domain.people.commands.resets import INVITATION_PURPOSE, new_link
from lianxin.domain.people.commands.staff import grant_role
from lianxin.domain.people.models import Account, Invitation
from lianxin.domain.people.rules import invitations, roles
from lianxin.domain.places.models import Division, Level
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Gone, Invalid, NotAllowed, Refused
from lianxin.platform.sensitive import digest_candidates, seal


class LinkIsOver(Gone):
    """A one-time link was used, withdrawn or is too old."""

    title = gettext_lazy("This link was used already or is too old. Please ask whoever sent it for a new one.")


@dataclass(frozen=True)
class Invited:
    """An account that waits for its holder, and the token of the link that opens it."""

    account: Account
    token: str


def read_staff_sheet(
    *, actor: Actor, sheet: Iterable[Sequence[Any]]
) -> tuple[list[invitations.StaffRow], list[invitations.CellProblem]]:
    """Give the people of a unit's list and what is wrong in it, as the dry run of `invite_staff`."""
    divisions: dict[str, list[UUID]] = {}
    units = Division.objects.filter(level__in=[Level.COMMUNITY, Level.SUBDISTRICT], ended_on=None)
    for pk, official, short, code in units.values_list("pk", "official_name", "short_name", "code"):
        for name in {official, short, code}:
            divisions.setdefault(name, []).append(pk)
    names = {code: code for code in roles.ROLES}
    names |= {str(roles.label_of(code, level=settings.LEVEL)).lower(): code for code in roles.ROLES}
    taken = frozenset(name for name in Account.objects.values_list("login_name", flat=True) if name)
    rows, problems = invitations.read_staff_rows(sheet, divisions=divisions, role_names=names, taken=taken)
    return rows, problems


@command("people.invite_staff")
def invite_staff(
    *, actor: Actor, rows: Sequence[invitations.StaffRow], at: datetime, key: None = None
) -> list[Invited]:
    """Make an account with its role for each row and give the one-time links; all or none."""
    if not rows:
        raise Invalid(_("The list is empty: there is nobody below the headings."))
    invited = []
    for row in rows:
        name = read_login_name(row.login_name)
        if Account.objects.filter(login_name=name).exists():
            raise LoginNameTaken(_("The login name %s is already in use.") % name)
        account = Account(
            kind=Account.Kind.STAFF,
            state=Account.State.INVITED,
            login_name=name,
            display_name=row.display_name.strip(),
            created_at=at,
        )
        account.set_unusable_password()
        account.save(force_insert=True)
        act().target(account, "invited")
        grant_role(
            actor=actor,
            account=account.pk,
            role=row.role,
            division=row.division,
            venue=row.venue,
            organisation=row.organisation,
            at=at,
        )
        token = _join_link(account, actor, at)
        invited.append(Invited(account, token))
    return invited


def _join_link(account: Account, actor: Actor, at: datetime) -> str:
    return new_link(
        account=account,
        invited_by=actor.account,
        at=at,
        purpose=Invitation.Purpose.JOIN,
        password=True,
        second_factor=True,
    )


@command("people.renew_invitation")
def renew_invitation(*, actor: Actor, account: UUID, at: datetime, key: None = None) -> str:
    """Give a fresh link for an account whose holder has not come in yet; the former link stops working."""
    row = lock_account(account)
    if row.state != Account.State.INVITED:
        raise Refused(_("This person has come in already."))
    held = row.grants.filter(until_on=None).values_list("role", flat=True)
    if not all(roles.may_grant({*actor.roles, actor.role}, role) for role in held):
        raise NotAllowed
    act().target(row, "invited")
    return _join_link(row, actor, at)


def find_open_link(*, token: str, at: datetime) -> Invitation:
    """Give the link of a token while it is open; raises LinkIsOver, also for a token that never was."""
    link = (
        Invitation.objects.select_related("account")
        .filter(token_digest__in=digest_candidates(token, INVITATION_PURPOSE))
        .first()
    )
    if link is None or link.used_at or link.withdrawn_at or at >= link.expires_at:
        raise LinkIsOver
    return link


def accept_invitation(*, token: str, password: str, secret: str, code: str, at: datetime) -> list[str]:
    """Set password and second factor by a one-time link and give the recovery codes, or none for a password only."""
    link = find_open_link(token=token, at=at)
    encoded = new_password(password=password, account=link.account) if link.resets_password else ""
    return use_link(actor=Actor.anonymous(), link=link.pk, encoded=encoded, secret=secret, code=code, at=at)


@command("people.accept_invitation")
def use_link(
    *, actor: Actor, link: UUID, encoded: str, secret: str, code: str, at: datetime, key: None = None
) -> list[str]:
    """Spend a one-time link; `encoded` is the checked password's hash."""
    found = locks.lock_one(Invitation.objects.filter(pk=link))
    if found is None or found.used_at or found.withdrawn_at or at >= found.expires_at:
        raise LinkIsOver
    step = read_first_code(secret=secret, code=code, at=at) if found.resets_second_factor else None
    row = lock_account(found.account_id)
    if row.state == Account.State.DISABLED:
        raise AccountIsClosed
    found.used_at = at
    found.save(update_fields=["used_at"])
    if found.resets_password:
        row.password = encoded
        row.must_change_password = False
    if step is not None:
        row.totp_secret = seal(secret, TOTP_PURPOSE)
        row.totp_last_step = step
    if row.state == Account.State.INVITED:
        row.state = Account.State.ACTIVE
    row.save()
    open_lock(row)
    act().target(row, "link_used", {"purpose": [None, found.purpose]})
    return give_recovery_codes(account=row, at=at) if step is not None else []
