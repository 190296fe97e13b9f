"""How a mediation ends: performed, without an agreement, not kept, or not wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lianxin.domain.voice.commands import mediation_visits, mediations

from ..acting import ActForm
from .case_desk import desk_of
from .mediation_acts import act_form, named
from .mediation_forms import EndForm, WhyEndForm
from .mediation_gate import open_mediation, open_own, sending


def _ending(
    request: HttpRequest,
    mediation: UUID,
    make: type[ActForm],
    do: Callable[..., Any],
    *,
    own: bool,
    title: Any,
    lead: Any,
    said: Any,
) -> HttpResponse:
    desk = desk_of(request)
    bundle = (open_own if own else open_mediation)(desk.actor, mediation)
    return act_form(
        request,
        bundle,
        desk,
        make(request.POST or None, initial={"version": bundle.row.version}),
        lambda entered: do(words=entered["words"], **named(desk, bundle, entered)),
        title=title,
        lead=lead,
        button=title,
        said=said,
    )


@sending
def withdraw(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """End a mediation that a side does not want."""
    return _ending(
        request,
        mediation,
        EndForm,
        mediations.withdraw,
        own=False,
        title=_("A side does not want it"),
        lead=_("Nobody is mediated who does not want it. It ends, and other ways stay open."),
        said=_("The mediation has ended."),
    )


@sending
def fail(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """End a mediation without an agreement."""
    return _ending(
        request,
        mediation,
        WhyEndForm,
        mediation_visits.fail,
        own=True,
        title=_("End it without an agreement"),
        lead=_("Tell the sides which other ways there are: arbitration, the office in charge, the court."),
        said=_("The mediation has ended."),
    )


@sending
def perform(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Close a mediation that was performed."""
    return _ending(
        request,
        mediation,
        EndForm,
        mediation_visits.perform,
        own=True,
        title=_("It was performed"),
        lead=_("The last visit found it kept. Its promises are closed as kept."),
        said=_("Closed: what was agreed was done."),
    )


@sending
def broken(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Say that the agreement was not kept."""
    return _ending(
        request,
        mediation,
        WhyEndForm,
        mediation_visits.break_,
        own=True,
        title=_("It was not kept"),
        lead=_("The sides can turn to the court. The days for the court's confirmation go on running."),
        said=_("Closed: the agreement was not kept."),
    )
