"""Reading accounts: who an account is today, and which communities it reaches."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.domain.people.models import (
    Account,
    Deputy,
    OrganisationCommunity,
    Person,
    RecoveryCode,
    ResetRequest,
    RoleGrant,
)
from lianxin.domain.people.rules import login, roles
from lianxin.domain.places.models import Division, Level, Venue
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing

UNASSIGNED = "unassigned"


@dataclass(frozen=True)
class HeldRole:
    """A role that counts today, held or stood in for, and where it reaches."""

    role: str
    division: UUID | None = None
    venue: UUID | None = None
    organisation: UUID | None = None
    stands_in_for: UUID | None = None


def find_account(account: UUID) -> Account | None:
    """Give an account, or None."""
    return Account.objects.filter(pk=account).first()


def find_account_by_login_name(login_name: str) -> Account:
    """Give the account of a login name in any case and width; raises Missing with a sentence."""
    found = Account.objects.filter(login_name=login.normalise_login_name(login_name)).first()
    if found is None:
        raise Missing(_("There is no account with the login name %s.") % login_name)
    return found


def count_recovery_codes(*, account: UUID) -> int:
    """Count the recovery codes an account has left."""
    return RecoveryCode.objects.filter(account=account, used_at=None).count()


def list_roles_today(*, account: UUID, on: date) -> list[HeldRole]:
    """Give the roles that count for an account on a day, also those it stands in for (1 query, 2 for a deputy)."""
    deputies = Deputy.objects.filter(deputy=account, from_on__lte=on, until_on__gt=on)
    grants = RoleGrant.objects.filter(from_on__lte=on).filter(Q(until_on=None) | Q(until_on__gt=on))
    names = ("granted_at", "id", "account", "role", "division", "venue", "organisation")
    own = grants.filter(account=account).values_list(*names)
    others = grants.filter(account__in=deputies.values("account")).values_list(*names)
    # A union reads both by index; an "or" of a value and a subquery would read the whole table on PostgreSQL.
    rows = list(own.union(others, all=True).order_by("granted_at", "id"))
    absent: dict[UUID, list[str]] = {}
    if any(owner != account for _at, _pk, owner, *_rest in rows):
        absent = dict(deputies.values_list("account", "roles"))
    held = []
    for _at, _pk, owner, role, division, venue, organisation in rows:
        if owner == account:
            held.append(HeldRole(role, division, venue, organisation))
        elif owner in absent and (not absent[owner] or role in absent[owner]):
            held.append(HeldRole(role, division, venue, organisation, stands_in_for=owner))
    return held


def actor_for(*, account: Account, at: datetime, via: str = "web") -> Actor:
    """Give the actor an account is at this moment, its communities those below its divisions (≤ 3 queries)."""
    held = list_roles_today(account=account.pk, on=local_day(at))
    codes = {role.role for role in held}
    is_resident = account.kind == Account.Kind.RESIDENT
    name, home = account.display_name, None
    if is_resident:
        codes.add(roles.RESIDENT)
    if account.person_id is not None:
        name, home = _person(account.person_id, name)
    return Actor(
        account=account.pk,
        role=roles.main_role(codes) if codes & set(roles.ROLES) or is_resident else UNASSIGNED,
        communities=_communities(held, {home} - {None} if is_resident else set()),
        via=via,
        person=account.person_id,
        roles=frozenset(codes),
        venues=frozenset(role.venue for role in held if role.venue),
        organisations=frozenset(role.organisation for role in held if role.organisation),
        name=name,
    )


def _person(person: UUID, name: str) -> tuple[str, UUID | None]:
    with scope.everything():
        row = Person.objects.filter(pk=person).values_list("name", "community").first()
    return (name or row[0], row[1]) if row else (name, None)


def _communities(held: Iterable[HeldRole], home: set[Any]) -> frozenset[UUID] | None:
    """The communities below the divisions, venues and organisations of these roles; None for the whole district.

    Administrators look after accounts, rights and the log; they reach no community's rows.
    """
    reach = [role for role in held if role.role not in roles.ADMINISTRATORS]
    if any(roles.ROLES[role.role].reach == roles.DISTRICT for role in reach):
        return None
    divisions = [role.division for role in reach if role.division]
    venues = [role.venue for role in reach if role.venue]
    organisations = [role.organisation for role in reach if role.organisation]
    below = Q(pk__in=[])
    with scope.everything():
        if divisions:
            below |= Q(pk__in=divisions) | Q(parent__in=divisions)
        if venues:
            below |= Q(pk__in=Venue.objects.filter(pk__in=venues).values("community"))
        if organisations:
            linked = OrganisationCommunity.objects.filter(organisation__in=organisations, until_on=None)
            below |= Q(pk__in=linked.values("community"))
        if not (divisions or venues or organisations):
            return frozenset(home)
        found = Division.objects.filter(below, level=Level.COMMUNITY).values_list("pk", flat=True)
        return frozenset(found) | frozenset(home)


def idle_after(*, actor: Actor, minutes: int) -> timedelta | None:
    """After how long without a click a session ends; None for somebody who acts as a resident only."""
    return None if actor.role in (roles.RESIDENT, "volunteer") else timedelta(minutes=minutes)


def list_open_resets(*, at: datetime) -> list[ResetRequest]:
    """Give the reset requests that wait for a second person, oldest first."""
    return list(
        ResetRequest.objects.filter(approved_at=None, expires_at__gt=at)
        .select_related("account", "requested_by")
        .order_by("requested_at", "pk")
    )
