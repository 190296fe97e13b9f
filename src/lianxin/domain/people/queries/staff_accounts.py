"""One account as those see it who look after it, and what would move when its holder leaves."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lianxin.domain.people.commands.staff import may_arrange_for
from lianxin.domain.people.models import (
    Account,
    Deputy,
    Handover,
    Invitation,
    OrganisationCommunity,
    ResetRequest,
    RoleGrant,
)
from lianxin.domain.people.queries.accounts import count_recovery_codes
from lianxin.domain.people.rules import roles
from lianxin.domain.places.models import Division, Venue
from lianxin.platform import duties, scope
from lianxin.platform.actors import SYSTEM, Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing

KEEPERS = ("system_admin", "security_admin", SYSTEM)


@dataclass(frozen=True)
class GrantLine:
    """One role of an account, where it reaches, since when, and whether this actor may end it."""

    id: UUID
    role: str
    unit: str
    from_on: date
    until_on: date | None
    may_end: bool


@dataclass(frozen=True)
class StaffAccount:
    """An account with its roles, deputies, open link and open reset; and what this actor may do with it."""

    account: Account
    grants: list[GrantLine]
    deputies: list[Deputy]
    stands_in: list[Deputy]
    handovers: list[Handover]
    invitation: Invitation | None
    reset: ResetRequest | None
    recovery_codes: int
    is_own: bool
    may_arrange: bool
    may_grant: tuple[str, ...]
    may_unlock: bool
    may_disable: bool
    may_ask_reset: bool
    may_renew_link: bool


@dataclass(frozen=True)
class HandoverPreview:
    """What goes to a successor."""

    roles: list[tuple[str, str]]
    duties: int
    deputies: int


@dataclass(frozen=True)
class LockedAccount:
    """An account that is locked, since when and until when."""

    id: UUID
    display_name: str
    login_name: str
    locked_at: datetime
    locked_until: datetime | None
    failures: int


def _in_reach(actor: Actor) -> QuerySet[Account]:
    """Staff and partner accounts an actor may look at: administrators all, offices those who work in their reach."""
    accounts = Account.objects.exclude(kind=Account.Kind.RESIDENT)
    if actor.holds(*KEEPERS) or (actor.holds("district_staff") and actor.communities is None):
        return accounts
    own = Q(pk=actor.account)
    if not actor.holds(*roles.STAFF):
        return accounts.filter(own)
    reach = actor.communities or frozenset()
    with scope.everything():
        venues = list(Venue.objects.filter(community__in=reach).values_list("pk", flat=True))
    above = Division.objects.filter(pk__in=reach).exclude(parent=None).values("parent")
    grants = RoleGrant.objects.filter(
        Q(division__in=reach) | Q(division__in=above, role="subdistrict_staff") | Q(venue__in=venues)
    )
    linked = Q(grants__organisation__in=_organisations(reach))
    return accounts.filter(own | Q(pk__in=grants.values("account")) | linked).distinct()


def _organisations(reach: frozenset[UUID]) -> list[UUID]:
    with scope.everything():
        rows = OrganisationCommunity.objects.filter(community__in=reach, until_on=None)
        return list(rows.values_list("organisation_id", flat=True))


def find_staff_account(*, actor: Actor, account: UUID, at: datetime) -> StaffAccount:
    """Give an account with all that belongs to it; raises Missing outside the actor's reach."""
    row = _in_reach(actor).filter(pk=account).first()
    if row is None:
        raise Missing
    today = local_day(at)
    held = {*actor.roles, actor.role}
    is_own = actor.account == account
    is_in_use = row.state not in (Account.State.DISABLED, Account.State.INVITED)
    grants = list_grants(account=account, held=held, on=today, is_own=is_own)
    open_deputies = Deputy.objects.filter(until_on__gt=today).select_related("account", "deputy").order_by("from_on")
    mine = list(open_deputies.filter(Q(account=row) | Q(deputy=row)))
    may_arrange = row.state != Account.State.DISABLED and may_arrange_for(actor, account, today)
    return StaffAccount(
        account=row,
        grants=grants,
        deputies=[deputy for deputy in mine if deputy.account_id == row.pk],
        stands_in=[deputy for deputy in mine if deputy.deputy_id == row.pk],
        handovers=list(
            Handover.objects.filter(Q(from_account=row) | Q(to_account=row))
            .select_related("from_account", "to_account")
            .order_by("-made_at")[:10]
        ),
        invitation=Invitation.objects.filter(account=row, used_at=None, withdrawn_at=None, expires_at__gt=at).first(),
        reset=ResetRequest.objects.filter(account=row, approved_at=None, expires_at__gt=at)
        .select_related("requested_by")
        .first(),
        recovery_codes=count_recovery_codes(account=row.pk),
        is_own=is_own,
        may_arrange=may_arrange and is_in_use,
        may_grant=()
        if is_own or row.state == Account.State.DISABLED
        else tuple(code for code in roles.ROLES if roles.may_grant(held, code)),
        may_unlock=not is_own and actor.holds("security_admin", SYSTEM) and bool(row.locked_at or row.failures),
        may_disable=row.state != Account.State.DISABLED and actor.holds(*KEEPERS) and not is_own,
        may_ask_reset=not is_own and is_in_use and actor.holds(*roles.STAFF, *KEEPERS),
        may_renew_link=row.state == Account.State.INVITED
        and bool(grants)
        and all(roles.may_grant(held, line.role) for line in grants if line.until_on is None),
    )


def list_grants(*, account: UUID, held: set[str], on: date, is_own: bool) -> list[GrantLine]:
    """Give all roles an account has or had, open ones first."""
    rows = list(
        RoleGrant.objects.filter(account=account).select_related("division", "organisation").order_by("-from_on", "pk")
    )
    with scope.everything():
        wanted = [row.venue_id for row in rows if row.venue_id]
        venues = dict(Venue.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    lines = []
    for row in rows:
        unit = row.division.short_name if row.division else venues.get(row.venue_id, "") if row.venue_id else ""
        is_open = row.until_on is None or row.until_on > on
        lines.append(
            GrantLine(
                id=row.pk,
                role=row.role,
                unit=row.organisation.name if row.organisation else unit,
                from_on=row.from_on,
                until_on=row.until_on,
                may_end=is_open and not is_own and roles.may_grant(held, row.role),
            )
        )
    return sorted(lines, key=lambda line: line.until_on is not None and line.until_on <= on)


def list_colleagues(*, actor: Actor, but: UUID | None = None) -> list[Account]:
    """Give the accounts in use that an actor may name as deputy or successor."""
    rows = _in_reach(actor).filter(state=Account.State.ACTIVE)
    return list((rows.exclude(pk=but) if but else rows).order_by("display_name", "pk"))


def preview_handover(*, account: UUID, on: date) -> HandoverPreview:
    """Tell which roles, how many open duties and how many arrangements for holidays would move or end."""
    grants = RoleGrant.objects.filter(account=account).filter(Q(until_on=None) | Q(until_on__gt=on))
    lines = list_grants(account=account, held=set(), on=on, is_own=True)
    open_ids = set(grants.values_list("pk", flat=True))
    return HandoverPreview(
        roles=[(line.role, line.unit) for line in lines if line.id in open_ids],
        duties=duties.count_assigned(account=account),
        deputies=Deputy.objects.filter(Q(account=account) | Q(deputy=account), until_on__gt=on).count(),
    )


def list_locked(*, actor: Actor) -> list[LockedAccount]:
    """Give the accounts in reach that are locked now, newest lock first."""
    names = ("pk", "display_name", "login_name", "locked_at", "locked_until", "failures")
    rows = _in_reach(actor).filter(state=Account.State.LOCKED).order_by("-locked_at").values_list(*names)
    return [
        LockedAccount(pk, shown, login or "", at, until, failures) for pk, shown, login, at, until, failures in rows
    ]


def count_roles(*, on: date) -> dict[str, int]:
    """Count the accounts that hold each role on a day."""
    grants = RoleGrant.objects.filter(from_on__lte=on).filter(Q(until_on=None) | Q(until_on__gt=on))
    counted = grants.exclude(account__state=Account.State.DISABLED).values("role")
    return dict(counted.annotate(n=Count("account", distinct=True)).values_list("role", "n").order_by())


def list_unassigned(*, actor: Actor, on: date) -> list[Account]:
    """Give staff accounts in use that hold no role today; only the keepers of accounts see them."""
    if not actor.holds(*KEEPERS):
        return []
    held = RoleGrant.objects.filter(from_on__lte=on).filter(Q(until_on=None) | Q(until_on__gt=on)).values("account")
    rows = Account.objects.exclude(kind=Account.Kind.RESIDENT).exclude(state=Account.State.DISABLED)
    return list(rows.exclude(pk__in=held).order_by("display_name", "pk"))
