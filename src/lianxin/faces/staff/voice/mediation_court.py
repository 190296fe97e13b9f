"""The court's confirmation of an agreement, as the office writes it down."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lianxin.domain.voice.commands import court
from lianxin.faces.kit.dates import spoken

from ..acting import ActForm
from .case_desk import desk_of
from .mediation_acts import act_form, named
from .mediation_forms import CourtForm, DecisionForm
from .mediation_gate import open_mediation, sending


@sending
def court_ask(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Note that the sides asked the court."""
    desk = desk_of(request)
    bundle = open_mediation(desk.actor, mediation)
    last = bundle.court.due_by if bundle.court is not None else None
    return act_form(
        request,
        bundle,
        desk,
        CourtForm(request.POST or None, initial={"applied_on": desk.on}),
        lambda entered: court.apply(
            court=entered["court"],
            applied_on=entered["applied_on"],
            their_number=entered["their_number"],
            **named(desk, bundle, entered),
        ),
        title=_("The court was asked"),
        lead=_("Last day: %(day)s. The sides ask together.") % {"day": spoken(last)} if last else "",
        button=_("Write down"),
        said=_("Written down."),
    )


@sending
def court_decided(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Note what the court decided."""
    desk = desk_of(request)
    bundle = open_mediation(desk.actor, mediation)
    return act_form(
        request,
        bundle,
        desk,
        DecisionForm(request.POST or None, initial={"decided_on": desk.on}),
        lambda entered: court.decide(
            confirmed=entered["confirmed"],
            decided_on=entered["decided_on"],
            their_number=entered["their_number"],
            **named(desk, bundle, entered),
        ),
        title=_("The court has decided"),
        button=_("Write down"),
        said=_("Written down."),
    )


@sending
def court_waive(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Note that the sides do without the court."""
    desk = desk_of(request)
    bundle = open_mediation(desk.actor, mediation)
    return act_form(
        request,
        bundle,
        desk,
        ActForm(request.POST or None),
        lambda entered: court.waive(**named(desk, bundle, entered)),
        title=_("The sides do without"),
        lead=_("Without the court's confirmation nobody can have the agreement enforced."),
        button=_("Write down"),
        said=_("Written down."),
    )
