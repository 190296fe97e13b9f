"""Resets that wait for a second person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from lianxin.domain.people import policy
from lianxin.domain.people.commands import resets
from lianxin.domain.people.queries import accounts
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import clock
from lianxin.platform.errors import Missing, Problem

from .gate import button, reading
from .invite import slips
from .words import crumbs


@reading(policy.may_decide_resets)
def show(request: HttpRequest) -> HttpResponse:
    """Show the requests; one's own and those about oneself are for somebody else."""
    actor = actor_of(request)
    rows = [
        (asked, actor.account not in (asked.requested_by_id, asked.account_id))
        for asked in accounts.list_open_resets(at=clock.now())
    ]
    return render(request, "staff/settings/resets.html", {"rows": rows, "crumbs": crumbs((_("Resets"), ""))})


@button(policy.may_decide_resets)
def approve(request: HttpRequest, reset: UUID) -> HttpResponse:
    """Approve as the second person, and show the link to hand over."""
    at = clock.now()
    asked = next((row for row in accounts.list_open_resets(at=at) if row.pk == reset), None)
    try:
        token = resets.approve_reset(actor=actor_of(request), request=reset, at=at)
    except Missing:
        raise
    except Problem as problem:
        messages.error(request, str(problem.detail))
        return redirect("staff:resets")
    row = asked.account if asked else None
    return slips(request, [(row.display_name if row else "", (row.login_name or "") if row else "", "", token)])
