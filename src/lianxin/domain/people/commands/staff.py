"""Roles of accounts: given, taken and deputised, by those whose own reach covers the place."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.commands.accounts import AccountIsClosed, lock_account
from lianxin.domain.people.models import Account, Deputy, Organisation, RoleGrant
from lianxin.domain.people.rules import roles
from lianxin.domain.places.models import Division, Level, Venue
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused

NOWHERE = UUID(int=0)
LEVELS = {
    "volunteer": Level.COMMUNITY,
    "community_staff": Level.COMMUNITY,
    "subdistrict_staff": Level.SUBDISTRICT,
}


class RolesClash(Refused):
    """One account may not hold these two roles together."""

    title = gettext_lazy("These roles may not be held by one person.")


class RoleHeldAlready(Refused):
    """The account has this role here already."""

    title = gettext_lazy("This role is held here already.")


class NotForOneself(NotAllowed):
    """Nobody gives a role to themselves or takes one from themselves."""

    title = gettext_lazy("Nobody changes their own roles. Please ask a colleague.")


def refuse_clash(held: set[str]) -> None:
    """Raise RolesClash when one account may not hold all of these."""
    pair = roles.clash(held)
    if pair:
        raise RolesClash(
            _("%(one)s and %(other)s may not be held by one person: the three administrators watch each other.")
            % {"one": roles.ROLES[pair[0]].label, "other": roles.ROLES[pair[1]].label}
        )


def held_from(account: UUID, on: date) -> set[str]:
    """The roles an account holds or stands in for on a day or later."""
    own = RoleGrant.objects.filter(account=account).filter(Q(until_on=None) | Q(until_on__gt=on))
    held = set(own.values_list("role", flat=True))
    for deputy in Deputy.objects.filter(deputy=account, until_on__gt=on):
        theirs = RoleGrant.objects.filter(account=deputy.account_id).filter(Q(until_on=None) | Q(until_on__gt=on))
        held |= {role for role in theirs.values_list("role", flat=True) if not deputy.roles or role in deputy.roles}
    return held


def _unlimited(actor: Actor) -> bool:
    return actor.communities is None or actor.holds("security_admin", "system")


def _check_place(actor: Actor, role: str, division: UUID | None, venue: UUID | None, organisation: UUID | None) -> None:
    """Refuse a place that does not fit the role, and hide one that the actor does not reach."""
    reach = roles.ROLES[role].reach
    given = {roles.DIVISION: division, roles.VENUE: venue, roles.ORGANISATION: organisation}
    wrong = [name for name, value in given.items() if (value is not None) != (name == reach)]
    if wrong:
        raise Invalid(fields={wrong[0]: [_("This does not fit the role “%s”.") % roles.ROLES[role].label]})
    with scope.everything():
        if reach == roles.VENUE:
            communities = set(Venue.objects.filter(pk=venue or NOWHERE).values_list("community", flat=True))
        elif reach == roles.DIVISION:
            place = Division.objects.filter(pk=division or NOWHERE, ended_on=None).first()
            if place is None:
                raise Missing
            if place.level != LEVELS[role]:
                raise Invalid(fields={"division": [_("This role belongs to a division of another level.")]})
            communities = set(
                Division.objects.filter(Q(pk=place.pk) | Q(parent=place), level=Level.COMMUNITY).values_list(
                    "pk", flat=True
                )
            )
        elif reach == roles.ORGANISATION:
            if not Organisation.objects.filter(pk=organisation or NOWHERE).exists():
                raise Missing
            return
        else:
            return
    if not communities or not (_unlimited(actor) or communities <= (actor.communities or frozenset())):
        raise Missing


@command("people.grant_role")
def grant_role(
    *,
    actor: Actor,
    account: UUID,
    role: str,
    at: datetime,
    division: UUID | None = None,
    venue: UUID | None = None,
    organisation: UUID | None = None,
    from_on: date | None = None,
    key: UUID | None = None,
) -> RoleGrant:
    """Give an account a role at the place that the role belongs to."""
    if role not in roles.ROLES:
        raise Invalid(fields={"role": [_("There is no such role.")]})
    if not roles.may_grant({*actor.roles, actor.role}, role):
        raise NotAllowed
    if actor.account == account:
        raise NotForOneself
    _check_place(actor, role, division, venue, organisation)
    row = lock_account(account)
    if row.state == Account.State.DISABLED:
        raise AccountIsClosed
    if row.kind == Account.Kind.RESIDENT and roles.needs_second_factor([role]):
        raise Refused(_("A resident's account logs in by phone only. Please invite this person to a staff account."))
    begins = from_on or local_day(at)
    refuse_clash(held_from(account, begins) | {role})
    for deputy in Deputy.objects.filter(account=account, until_on__gt=begins):
        if not deputy.roles or role in deputy.roles:
            refuse_clash(held_from(deputy.deputy_id, begins) | {role})
    place = {"division_id": division, "venue_id": venue, "organisation_id": organisation}
    running = RoleGrant.objects.filter(account=row, role=role, **place)
    if running.filter(Q(until_on=None) | Q(until_on__gt=begins)).exists():
        raise RoleHeldAlready
    grant = RoleGrant.objects.create(
        account=row, role=role, from_on=begins, granted_by_id=actor.account, granted_at=at, **place
    )
    act().target(row, "role_given", {"role": [None, role], **{name: [None, v] for name, v in place.items() if v}})
    return grant


def end_grant(grant: RoleGrant, on: date) -> None:
    """End a role inside a command; it no longer counts on this day."""
    grant.until_on = max(on, grant.from_on)
    grant.save(update_fields=["until_on"])


@command("people.revoke_role")
def revoke_role(*, actor: Actor, grant: UUID, at: datetime, reason: str = "", key: UUID | None = None) -> RoleGrant:
    """Take a role away from today on."""
    row = locks.lock_one(RoleGrant.objects.filter(pk=grant))
    if row is None:
        raise Missing
    if actor.account == row.account_id:
        raise NotForOneself
    if not roles.may_grant({*actor.roles, actor.role}, row.role):
        raise NotAllowed
    _check_place(actor, row.role, row.division_id, row.venue_id, row.organisation_id)
    today = local_day(at)
    if row.until_on is not None and row.until_on <= today:
        raise Refused(_("This role has ended already."))
    end_grant(row, today)
    act().note(reason=reason)
    act().target(lock_account(row.account_id), "role_taken", {"role": [row.role, None]})
    return row


def may_arrange_for(actor: Actor, account: UUID, on: date) -> bool:
    """Own holidays, the security administrator, and offices above all the roles concerned."""
    if actor.account == account or actor.holds("security_admin", "system"):
        return True
    held = held_from(account, on)
    if not held or not all(roles.may_grant({*actor.roles, actor.role}, role) for role in held):
        return False
    grants = RoleGrant.objects.filter(account=account).filter(Q(until_on=None) | Q(until_on__gt=on))
    for grant in grants:
        try:
            _check_place(actor, grant.role, grant.division_id, grant.venue_id, grant.organisation_id)
        except Missing:
            return False
    return True


@command("people.appoint_deputy")
def appoint_deputy(
    *,
    actor: Actor,
    account: UUID,
    deputy: UUID,
    from_on: date,
    until_on: date,
    at: datetime,
    role_codes: tuple[str, ...] = (),
    key: UUID | None = None,
) -> Deputy:
    """Let a colleague act in somebody's roles (all when none is named) from a day until, not including, another."""
    if account == deputy:
        raise Invalid(fields={"deputy": [_("A deputy is somebody else.")]})
    if until_on <= from_on or until_on <= local_day(at):
        raise Invalid(fields={"until_on": [_("The last day must not lie before the first, nor in the past.")]})
    absent, stand_in = sorted(
        locks.lock(Account.objects.filter(pk__in=[account, deputy])), key=lambda a: a.pk != account
    )
    if not may_arrange_for(actor, account, from_on):
        raise NotAllowed
    if stand_in.state != Account.State.ACTIVE or stand_in.kind == Account.Kind.RESIDENT:
        raise Refused(_("%s has no staff account in use.") % stand_in.display_name)
    own = set(
        RoleGrant.objects.filter(account=account)
        .filter(Q(until_on=None) | Q(until_on__gt=from_on))
        .values_list("role", flat=True)
    )
    if not own or not set(role_codes) <= own:
        raise Invalid(fields={"roles": [_("%s does not hold this role.") % absent.display_name]})
    refuse_clash(held_from(deputy, from_on) | (set(role_codes) or own))
    row = Deputy.objects.create(
        account=absent,
        deputy=stand_in,
        roles=sorted(role_codes),
        from_on=from_on,
        until_on=until_on,
        made_by_id=actor.account,
        made_at=at,
    )
    act().target(absent, "deputy_appointed", {"deputy": [None, deputy], "until_on": [None, until_on]})
    return row


@command("people.dismiss_deputy")
def dismiss_deputy(*, actor: Actor, deputy: UUID, at: datetime, key: UUID | None = None) -> Deputy:
    """End a deputy's time from today on, when somebody is back early."""
    row = locks.lock_one(Deputy.objects.filter(pk=deputy))
    if row is None:
        raise Missing
    if not may_arrange_for(actor, row.account_id, local_day(at)):
        raise NotAllowed
    row.until_on = min(row.until_on, max(local_day(at), row.from_on))
    row.save(update_fields=["until_on"])
    act().target(row, "ended")
    return row
