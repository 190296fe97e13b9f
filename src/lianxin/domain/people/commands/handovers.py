"""Leaving and moving on: open duties and roles go to a named successor."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.domain.people.commands.accounts import AccountIsClosed, close_row
from lianxin.domain.people.commands.staff import (
    NotForOneself,
    end_grant,
    grant_role,
    held_from,
    may_arrange_for,
    refuse_clash,
)
from lianxin.domain.people.models import Account, Deputy, Handover, RoleGrant
from lianxin.domain.people.rules import roles
from lianxin.platform import duties, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused


@command("people.hand_over")
def hand_over(
    *,
    actor: Actor,
    from_account: UUID,
    to_account: UUID,
    reason: str,
    at: datetime,
    to_division: UUID | None = None,
    key: UUID | None = None,
) -> Handover:
    """Pass open duties and roles to a successor: on leaving the account closes, on transfer it goes to a new unit."""
    if from_account == to_account:
        raise Invalid(fields={"to_account": [_("The successor is somebody else.")]})
    if reason not in Handover.Reason.values:
        raise Invalid(fields={"reason": [_("Choose whether the person leaves or transfers.")]})
    found = {row.pk: row for row in locks.lock(Account.objects.filter(pk__in=[from_account, to_account]))}
    if len(found) != 2:
        raise Missing
    leaver, successor = found[from_account], found[to_account]
    today = local_day(at)
    if actor.account == from_account and reason == Handover.Reason.TRANSFER:
        raise NotForOneself
    if actor.account == to_account or not may_arrange_for(actor, from_account, today):
        raise NotAllowed
    if successor.state not in (Account.State.ACTIVE, Account.State.LOCKED) or successor.kind == Account.Kind.RESIDENT:
        raise Refused(_("%s has no staff account in use.") % successor.display_name)
    if leaver.state == Account.State.DISABLED:
        raise AccountIsClosed
    moved_roles = _move_roles(leaver, successor, today, actor, at)
    with scope.everything():
        moved_duties = duties.hand_over(from_account=from_account, to_account=to_account)
    Deputy.objects.filter(Q(account=leaver) | Q(deputy=leaver), from_on__gt=today).delete()
    Deputy.objects.filter(Q(account=leaver) | Q(deputy=leaver), until_on__gt=today).update(until_on=today)
    row = Handover.objects.create(
        from_account=leaver,
        to_account=successor,
        reason=reason,
        on=today,
        duties_moved=moved_duties,
        roles_moved=len(moved_roles),
        made_by_id=actor.account,
        made_at=at,
    )
    act().note(reason=reason)
    act().target(leaver, "handed_over", {"to": [None, to_account], "duties": [None, moved_duties]})
    act().target(successor, "took_over", {"from": [None, from_account], "roles": [None, moved_roles]})
    if reason == Handover.Reason.LEAVE:
        close_row(row=leaver, actor=actor, at=at)
    elif to_division is not None:
        for role in sorted({code for code in moved_roles if roles.ROLES[code].reach == roles.DIVISION}):
            grant_role(actor=actor, account=from_account, role=role, division=to_division, at=at)
    return row


def _move_roles(leaver: Account, successor: Account, today: date, actor: Actor, at: datetime) -> list[str]:
    """End the leaver's roles and give the successor those that are not held there yet."""
    open_grants = RoleGrant.objects.filter(account=leaver).filter(Q(until_on=None) | Q(until_on__gt=today))
    grants = list(open_grants.order_by("pk"))
    refuse_clash(held_from(successor.pk, today) | {grant.role for grant in grants})
    for grant in grants:
        end_grant(grant, today)
        place = {"division": grant.division_id, "venue": grant.venue_id, "organisation": grant.organisation_id}
        same = RoleGrant.objects.filter(account=successor, role=grant.role, **place)
        if not same.filter(Q(until_on=None) | Q(until_on__gt=today)).exists():
            RoleGrant.objects.create(
                account=successor,
                role=grant.role,
                division_id=grant.division_id,
                venue_id=grant.venue_id,
                organisation_id=grant.organisation_id,
                from_on=max(today, grant.from_on),
                granted_by_id=actor.account,
                granted_at=at,
            )
    return [grant.role for grant in grants]
