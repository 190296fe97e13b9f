"""Who holds which rights: how many, who is locked out, and roles that may not be held together."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.people.queries import staff, staff_accounts
from lianxin.domain.people.rules import roles
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import clock

from .gate import may_see_rights, reading
from .words import crumbs, role_name


@reading(may_see_rights)
def show(request: HttpRequest) -> HttpResponse:
    """Show the overview."""
    actor = actor_of(request)
    today = clock.local_day(clock.now())
    counted = staff_accounts.count_roles(on=today)
    may_open = actor.holds("security_admin")
    return render(
        request,
        "staff/settings/rights.html",
        {
            "roles": [
                (
                    role_name(role.code),
                    counted.get(role.code, 0),
                    f"{reverse('staff:roster')}?role={role.code}" if may_open else "",
                    [
                        role_name(giver)
                        for giver, given in roles.GRANTS.items()
                        if giver in roles.ROLES and role.code in given
                    ],
                )
                for role in roles.ROLES.values()
            ],
            "locked": staff_accounts.list_locked(actor=actor) if may_open else [],
            "shows_locked": may_open,
            "clashes": list(staff.list_role_clashes(on=today)),
            "crumbs": crumbs((_("Rights"), "")),
        },
    )
