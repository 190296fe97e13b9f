"""Who works where, and whose roles break the separation of duties."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.domain.people.models import Account, Deputy, RoleGrant
from lianxin.domain.people.rules import roles
from lianxin.domain.places.models import Division, Venue
from lianxin.platform import scope


@dataclass(frozen=True)
class RosterLine:
    """One role of one member of staff, with the unit's name and who stands in today."""

    grant: UUID
    account: UUID
    display_name: str
    login_name: str
    state: str
    role: str
    unit: str
    deputy: str
    has_second_factor: bool


def list_roster(*, on: date, communities: frozenset[UUID] | None) -> list[RosterLine]:
    """Give the staff of these communities and the subdistricts above them (None: everybody), by unit and name."""
    grants = (
        RoleGrant.objects.filter(from_on__lte=on)
        .filter(Q(until_on=None) | Q(until_on__gt=on))
        .exclude(account__state=Account.State.DISABLED)
        .select_related("account", "division", "organisation")
    )
    with scope.everything():
        if communities is not None:
            above = Division.objects.filter(pk__in=communities).exclude(parent=None).values("parent")
            grants = grants.filter(
                Q(division__in=communities)
                | Q(division__in=above, role="subdistrict_staff")
                | Q(venue__in=Venue.objects.filter(community__in=communities).values("pk"))
            )
        rows = list(grants)
        venue_names = dict(
            Venue.objects.filter(pk__in=[row.venue_id for row in rows if row.venue_id]).values_list("pk", "name")
        )
    stand_ins: dict[UUID, list[str]] = {}
    for deputy in Deputy.objects.filter(from_on__lte=on, until_on__gt=on).select_related("deputy"):
        stand_ins.setdefault(deputy.account_id, []).append(deputy.deputy.display_name)
    lines = [
        RosterLine(
            grant=row.pk,
            account=row.account_id,
            display_name=row.account.display_name,
            login_name=row.account.login_name or "",
            state=row.account.state,
            role=row.role,
            unit=_unit(row, venue_names),
            deputy="、".join(stand_ins.get(row.account_id, ())),
            has_second_factor=row.account.totp_secret is not None,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.unit, -roles.ROLES[line.role].rank, line.display_name))


def _unit(row: RoleGrant, venue_names: dict[UUID, str]) -> str:
    if row.division is not None:
        return row.division.short_name
    if row.venue_id is not None:
        return venue_names.get(row.venue_id, "")
    return row.organisation.name if row.organisation is not None else ""


def list_role_clashes(*, on: date) -> Iterator[str]:
    """Name each account that holds roles which exclude one another, for `verify`; no constraint can span the rows."""
    held: dict[UUID, set[str]] = {}
    by_account: dict[UUID, set[str]] = {}
    grants = RoleGrant.objects.filter(from_on__lte=on).filter(Q(until_on=None) | Q(until_on__gt=on))
    for account, role in grants.values_list("account", "role"):
        by_account.setdefault(account, set()).add(role)
    held = {account: set(codes) for account, codes in by_account.items()}
    for deputy in Deputy.objects.filter(from_on__lte=on, until_on__gt=on):
        theirs = by_account.get(deputy.account_id, set())
        held.setdefault(deputy.deputy_id, set()).update(theirs & set(deputy.roles) if deputy.roles else theirs)
    for account in sorted(held):
        pair = roles.clash(held[account])
        if pair:
            yield _("Account %(account)s holds %(one)s and %(other)s together.") % {
                "account": account,
                "one": pair[0],
                "other": pair[1],
            }
