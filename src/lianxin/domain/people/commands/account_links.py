"""What becomes of login accounts when a person's record changes, and what of their traces is thrown away in time."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.people.commands.accounts import close_row
from lianxin.domain.people.commands.staff import end_grant
from lianxin.domain.people.models import Account, Invitation, OneTimeCode, RoleGrant
from lianxin.domain.places.events import DivisionsMerged, VenueClosed
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act

KEEP_CODES = timedelta(days=2)
KEEP_LINKS = timedelta(days=365)


def _open_accounts(person: UUID) -> list[Account]:
    return locks.lock(Account.objects.filter(person=person).exclude(state=Account.State.DISABLED))


def close_accounts_of(*, person: UUID, actor: Actor, at: datetime, forget: bool = False) -> int:
    """Close a person's resident accounts inside a command (death, erasure); staff accounts only lose the link.

    With `forget` what is left names nobody: no phone digest, no link to the person.
    """
    rows = _open_accounts(person)
    for row in rows:
        if row.kind == Account.Kind.RESIDENT:
            close_row(row=row, actor=actor, at=at)
    if forget:
        known = Account.objects.filter(person=person, kind=Account.Kind.RESIDENT)
        OneTimeCode.objects.filter(phone_digest__in=known.exclude(phone_digest="").values("phone_digest")).delete()
        known.update(phone_digest="", display_name="", login_name=None)
        Account.objects.filter(person=person).update(person=None)
    return len(rows)


def move_accounts(*, merged: UUID, into: UUID, actor: Actor, at: datetime) -> None:
    """Let the accounts of a merged record belong to the one that stays, inside a command; a second one is closed."""
    taken = any(row.kind == Account.Kind.RESIDENT for row in _open_accounts(into))
    for row in _open_accounts(merged):
        if row.kind == Account.Kind.RESIDENT and taken:
            close_row(row=row, actor=actor, at=at)
        row.person_id = into
        row.save(update_fields=["person"])
        act().target(row, "linked")
    Account.objects.filter(person=merged).update(person=into)


def follow_venue_closed(event: VenueClosed, *, actor: Actor, at: datetime) -> None:
    """End the roles that were held at a venue which has closed for good."""
    for grant in locks.lock(RoleGrant.objects.filter(venue=event.venue, until_on__isnull=True)):
        end_grant(grant, max(event.on, grant.from_on))
        act().target(grant, "ended with the venue", {"role": [grant.role, None]})


def preview_venue_closed(event: VenueClosed) -> list[str]:
    """Tell how many roles end with a venue."""
    count = RoleGrant.objects.filter(venue=event.venue, until_on__isnull=True).count()
    if not count:
        return []
    return [
        ngettext("%(count)d role at this venue ends.", "%(count)d roles at this venue end.", count) % {"count": count}
    ]


def export_accounts(person: UUID) -> list[dict[str, Any]]:
    """Give what a person's accounts hold, for their own export; no digest and no secret is among it."""
    return [
        {
            "kind": row.kind,
            "state": row.state,
            "login_name": row.login_name,
            "created_at": row.created_at.isoformat(),
            "last_login_at": row.last_login_at.isoformat() if row.last_login_at else None,
            "language": row.language,
            "roles": [
                {"role": grant.role, "from_on": grant.from_on.isoformat(), "until_on": str(grant.until_on or "")}
                for grant in row.grants.order_by("from_on", "pk")
            ],
        }
        for row in Account.objects.filter(person=person).order_by("created_at", "pk")
    ]


def purge_codes(at: datetime) -> int:
    """Throw away one-time codes that limits no longer look at."""
    return OneTimeCode.objects.filter(sent_at__lt=at - KEEP_CODES).delete()[0]


def purge_links(at: datetime) -> int:
    """Throw away one-time links that are long over."""
    return Invitation.objects.filter(expires_at__lt=at - KEEP_LINKS).delete()[0]


def erase_accounts(person: UUID, actor: Actor, at: datetime) -> None:
    """Close and empty the accounts of a person who is being erased."""
    close_accounts_of(person=person, actor=actor, at=at, forget=True)


def follow_merge(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Let roles in divisions that ended go on in the one they became part of."""
    ended = [division for division in event.divisions if division != event.into]
    running = RoleGrant.objects.filter(division__in=ended, until_on=None)
    for grant in locks.lock(running):
        end_grant(grant, event.on)
        here = {"account": grant.account_id, "role": grant.role, "division": event.into}
        if not RoleGrant.objects.filter(**here, until_on=None).exists():
            RoleGrant.objects.create(
                account_id=grant.account_id,
                role=grant.role,
                division_id=event.into,
                from_on=max(event.on, grant.from_on),
                granted_by_id=grant.granted_by_id,
                granted_at=at,
            )


def preview_merge(event: DivisionsMerged) -> list[str]:
    """Say how many roles would go on in the merged division."""
    count = RoleGrant.objects.filter(
        division__in=[division for division in event.divisions if division != event.into], until_on=None
    ).count()
    return [_("moves %s roles of staff and volunteers") % count] if count else []
