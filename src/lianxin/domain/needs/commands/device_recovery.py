"""Whoever forgot their phone's digits gets its key back from the office; nobody else does."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands.devices import SENDS_FOR
from lianxin.domain.needs.models import VisitDevice
from lianxin.platform import recovery
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Gone, Missing, Refused
from lianxin.platform.sensitive import Unreadable


def about(device: UUID) -> str:
    """Say which phone a key was wrapped for, as the phone says it."""
    return f"visits/{device}"


@command("needs.recover_visit_device")
def recover(*, actor: Actor, device: UUID, wrapped: recovery.Wrapped, at: datetime) -> bytes:
    """Give the key under which a phone keeps what was written at the doors, to the worker who took it along.

    Also to whom the phone was ended meanwhile. It opens no household that was taken along. The face has made sure that
    it is really they (their password). Raises Missing, Refused or Gone; every time is logged.
    """
    policy.require(policy.may_keep_any(actor) and actor.account is not None)
    row = VisitDevice.objects.filter(pk=device).first()
    # Whose it is, is not told to anybody else.
    if row is None or row.worker != actor.account:
        raise Missing(_("Only whoever took the households along can open this phone. Log in as that person."))
    if at > row.expires_at + SENDS_FOR:
        raise Gone(_("This was too long ago. Show the phone to your office."))
    try:
        key = recovery.unwrap(wrapped, about=about(device))
    except Unreadable:
        raise Refused(_("The office cannot open this phone any more. Show it to your office.")) from None
    act().target(row, "recovered", {})
    return key
