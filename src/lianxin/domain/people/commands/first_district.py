"""Setting up a first real district: its divisions, tables, purposes and three administrators, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.commands.consents import load_purposes
from lianxin.domain.people.commands.invitations import invite_staff, renew_invitation
from lianxin.domain.people.models import Account
from lianxin.domain.people.purposes import shipped_register
from lianxin.domain.people.rules.invitations import StaffRow
from lianxin.domain.people.rules.login import normalise_login_name
from lianxin.domain.places.commands.division_history import load_division_history
from lianxin.domain.places.commands.divisions import load_divisions
from lianxin.domain.places.models import Division, Level
from lianxin.domain.places.rules.history import DivisionRow, History
from lianxin.domain.places.sample.reference import load_tables
from lianxin.platform import deployment, locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, NotAllowed, Refused


class DatabaseInUse(Refused):
    """A district is set up in an empty database only."""

    title = gettext_lazy("This database is in use already. A district is set up in an empty one.")


@dataclass(frozen=True)
class Administrator:
    """One of the three who look after accounts, rights and the log."""

    role: str
    login_name: str
    display_name: str


@dataclass(frozen=True)
class FirstLink:
    """A one-time link by which an administrator comes in for the first time."""

    login_name: str
    token: str


@command("people.set_up_district")
def set_up_district(
    *,
    actor: Actor,
    code: str,
    rows: Sequence[DivisionRow],
    on: date,
    administrators: Sequence[Administrator],
    at: datetime,
    history: History | None = None,
) -> list[FirstLink]:
    """Load a district from a list as of a day, or with its history, and invite its three administrators."""
    if not actor.is_system:
        raise NotAllowed
    locks.advisory("platform.deployment")
    if deployment.find_deployment() is not None or Division.objects.exists() or Account.objects.exists():
        raise DatabaseInUse
    _check_administrators(administrators)
    wanted = _of_district(history.final_rows if history else rows, code)
    if history is not None:
        load_division_history(actor=actor, history=history, at=at)
    else:
        load_divisions(actor=actor, rows=wanted, on=on, at=at)
    load_tables(actor=actor, data_dir=Path(settings.DATA_DIR), at=at)
    load_purposes(actor=actor, register=shipped_register(), at=at)
    district = Division.objects.get(level=Level.DISTRICT, ended_on=None)
    deployment.found_deployment(actor=actor, at=at, is_sample=False, district=district.pk)
    deployment.finish_deployment(actor=actor, at=at)
    invited = invite_staff(
        actor=actor,
        rows=[StaffRow(one.display_name, one.login_name, one.role, None) for one in administrators],
        at=at,
    )
    return [FirstLink(one.account.login_name or "", one.token) for one in invited]


@command("people.renew_first_links")
def renew_first_links(*, actor: Actor, administrators: Sequence[Administrator], at: datetime) -> list[FirstLink]:
    """Give fresh links to administrators who have not come in yet; raises DatabaseInUse for anybody else."""
    if not actor.is_system:
        raise NotAllowed
    links = []
    for one in administrators:
        name = normalise_login_name(one.login_name)
        account = Account.objects.filter(
            login_name=name, state=Account.State.INVITED, grants__role=one.role, grants__until_on=None
        ).first()
        if account is None:
            raise DatabaseInUse
        links.append(FirstLink(name, renew_invitation(actor=actor, account=account.pk, at=at)))
    return links


def _check_administrators(administrators: Sequence[Administrator]) -> None:
    names = {normalise_login_name(one.login_name) for one in administrators}
    if len(names) != len(administrators):
        raise Invalid(_("The three administrators are three people: give each a login name of their own."))


def _of_district(rows: Sequence[DivisionRow], code: str) -> list[DivisionRow]:
    """Keep one district's tree and what lies above it; raises Invalid when the list has no such district."""
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        raise Invalid(_("A district's code has six digits, such as 440507."))
    above = {code[:2] + "0" * 10, code[:4] + "0" * 8}
    wanted = [row for row in rows if row.code in above or row.code.startswith(code)]
    found = {row.code for row in wanted}
    if code + "000000" not in found:
        raise Invalid(_("The list has no district %(code)s.") % {"code": code})
    if not any(row.code.startswith(code) and not row.code.endswith("000") for row in wanted):
        raise Invalid(_("The list has no communities of the district %(code)s.") % {"code": code})
    roots = above | {code + "000000"}
    return [
        DivisionRow(row.code, row.name, "") if row.code in roots and row.parent_code not in found else row
        for row in wanted
    ]
