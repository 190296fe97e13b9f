"""Setting up a city or a province: its own division and three administrators; districts come with their files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lianxin.domain.people.commands.first_district import Administrator, DatabaseInUse, FirstLink
from lianxin.domain.people.commands.invitations import invite_staff
from lianxin.domain.people.rules.invitations import StaffRow
from lianxin.domain.people.rules.login import normalise_login_name
from lianxin.domain.places.commands.foreign_trees import found_upper_division
from lianxin.domain.places.models import Division
from lianxin.domain.places.queries.divisions import has_divisions
from lianxin.domain.places.rules import divisions as rules
from lianxin.domain.reporting.commands.feeds import require_upper_level
from lianxin.platform import deployment, locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid
from lianxin.platform.workcalendar import load_published_days


@command("reporting.set_up_upper")
def set_up_upper(
    *, actor: Actor, code: str, name: str, administrators: Sequence[Administrator], at: datetime
) -> list[FirstLink]:
    """Enter the city or province that this instance serves and invite its three administrators."""
    if len({normalise_login_name(one.login_name) for one in administrators}) != len(administrators):
        raise Invalid(_("The three administrators are three people: give each a login name of their own."))
    top = found_top(actor=actor, code=code, name=name, at=at)
    deployment.found_deployment(actor=actor, at=at, is_sample=False, district=top.pk)
    deployment.finish_deployment(actor=actor, at=at)
    invited = invite_staff(
        actor=actor,
        rows=[StaffRow(one.display_name, one.login_name, one.role, None) for one in administrators],
        at=at,
    )
    return [FirstLink(one.account.login_name or "", one.token) for one in invited]


@command("reporting.found_top")
def found_top(*, actor: Actor, code: str, name: str, at: datetime) -> Division:
    """Enter the division that an empty instance serves, with the calendar of working days."""
    require_upper_level(actor)
    locks.advisory("platform.deployment")
    if deployment.find_deployment() is not None or has_divisions():
        raise DatabaseInUse
    whole = code.ljust(12, "0") if code.isdigit() and len(code) <= 12 else code
    if not rules.is_code(whole) or rules.level_of(whole) != settings.LEVEL:
        such = "440500 汕头市" if settings.LEVEL == rules.CITY else "440000 广东省"
        raise Invalid(
            _("“%(code)s” is not the code of a %(level)s; write one like %(such)s.")
            % {"code": code, "level": settings.LEVEL, "such": such}
        )
    if not rules.clean_name(name):
        raise Invalid(_("Say what the city or province is called: --name."))
    load_published_days(actor=actor, data_dir=Path(settings.DATA_DIR), at=at)
    return found_upper_division(actor=actor, code=whole, name=name, at=at)
