"""A lost password or second factor is given back by two people; neither is the one who lost it."""

import secrets
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.commands.accounts import AccountIsClosed, lock_account
from lianxin.domain.people.models import Account, Invitation, ResetRequest
from lianxin.domain.people.rules import login, roles
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused
from lianxin.platform.sensitive import digest

INVITATION_PURPOSE = "people.invitation"


class SecondPersonNeeded(Refused):
    """Who asked for a reset, or is the subject of it, may not approve it."""

    title = gettext_lazy("A different person must approve this: neither the one who asked nor the account's holder.")


class RequestOver(Refused):
    """The request was decided already or is too old."""

    title = gettext_lazy("This request was decided already or is older than a day. Please ask again.")


def new_link(
    *, account: Account, invited_by: UUID | None, at: datetime, purpose: str, password: bool, second_factor: bool
) -> str:
    """Make the one open link of an account inside a command; the token exists in this answer only."""
    Invitation.objects.filter(account=account, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    token = secrets.token_urlsafe(32)
    life = login.INVITATION_LIFE if purpose == Invitation.Purpose.JOIN else login.RESET_LINK_LIFE
    Invitation.objects.create(
        account=account,
        purpose=purpose,
        token_digest=digest(token, INVITATION_PURPOSE),
        resets_password=password,
        resets_second_factor=second_factor,
        invited_by_id=invited_by,
        made_at=at,
        expires_at=at + life,
    )
    return token


@command("people.request_reset")
def request_reset(
    *,
    actor: Actor,
    account: UUID,
    reason: str,
    at: datetime,
    password: bool = True,
    second_factor: bool = True,
    key: UUID | None = None,
) -> ResetRequest:
    """Ask that somebody's password or second factor be set anew, for a colleague who cannot come in."""
    if actor.account is None or not actor.holds(*roles.STAFF, "system_admin", "security_admin"):
        raise NotAllowed
    if actor.account == account:
        raise SecondPersonNeeded
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Please say why.")]})
    if not (password or second_factor):
        raise Invalid(fields={"password": [_("Choose what is to be set anew.")]})
    row = lock_account(account)
    if row.kind == Account.Kind.RESIDENT or row.state in (Account.State.DISABLED, Account.State.INVITED):
        raise AccountIsClosed(_("Only an account of staff that is in use can be reset."))
    asked = ResetRequest.objects.create(
        account=row,
        password=password,
        second_factor=second_factor,
        reason=reason.strip()[:200],
        requested_by_id=actor.account,
        requested_at=at,
        expires_at=at + login.RESET_REQUEST_LIFE,
    )
    act().note(reason=reason)
    act().target(row, "reset_requested", {"password": [None, password], "second_factor": [None, second_factor]})
    return asked


@command("people.approve_reset")
def approve_reset(*, actor: Actor, request: UUID, at: datetime, key: None = None) -> str:
    """Approve a reset as the second person and give the one-time link's token, to hand to the holder in person."""
    if actor.account is None or not actor.holds("security_admin", "system_admin"):
        raise NotAllowed
    asked = locks.lock_one(ResetRequest.objects.filter(pk=request))
    if asked is None:
        raise Missing
    if actor.account in (asked.requested_by_id, asked.account_id):
        raise SecondPersonNeeded
    if asked.approved_at is not None or at >= asked.expires_at:
        raise RequestOver
    asked.approved_by_id = actor.account
    asked.approved_at = at
    asked.save(update_fields=["approved_by", "approved_at"])
    row = lock_account(asked.account_id)
    if row.state == Account.State.DISABLED:
        raise AccountIsClosed
    act().note(reason=asked.reason)
    act().target(row, "reset_approved")
    return new_link(
        account=row,
        invited_by=actor.account,
        at=at,
        purpose=Invitation.Purpose.RESET,
        password=asked.password,
        second_factor=asked.second_factor,
    )
