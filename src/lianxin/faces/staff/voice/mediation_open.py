"""Opening what is sealed: on a page or as the agreement on paper, for the mediator only, kept by no browser."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.voice.commands import mediation_opening
from lianxin.domain.voice.queries import mediations as queries
from lianxin.faces.kit.dates import spoken

from .case_desk import CaseDesk, desk_of
from .mediation_acts import act_form, named
from .mediation_forms import OpenForm
from .mediation_gate import open_own, sending
from .mediation_list import crumbs, mediation_url
from .mediation_words import name_of, side_names

Bundle = queries.MediationBundle


@sending
def open_sealed(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Open the sealed words to the mediator, after asking what for; it is logged and kept by no browser."""
    return _opened(
        request,
        mediation,
        "staff/voice/mediation/opened.html",
        _("Open the sealed words"),
        pgettext("mediation", "Open"),
    )


@sending
def paper(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Give the agreement on paper, for the sides to sign."""
    return _opened(request, mediation, "staff/voice/mediation/agreement.html", _("Print the agreement"), _("Show it"))


def _opened(request: HttpRequest, mediation: UUID, template: str, title: Any, button: Any) -> HttpResponse:
    desk = desk_of(request)
    bundle = open_own(desk.actor, mediation)
    form = OpenForm(request.POST or None)
    if template.endswith("agreement.html"):
        form.fields["reason"].initial = "agreement"
    if request.method == "POST" and form.is_valid():
        field: Any = form.fields["reason"]
        reason = str(dict(field.choices)[form.cleaned_data["reason"]])
        opened = mediation_opening.open_words(reason=reason, **named(desk, bundle))
        return _private(render(request, template, _context(desk, bundle, opened, title)))
    return act_form(
        request,
        bundle,
        desk,
        form,
        lambda entered: None,
        title=title,
        lead=_("Only you can open it. That you did, and what for, stands in the log."),
        button=button,
        said="",
    )


def _context(desk: CaseDesk, bundle: Bundle, opened: mediation_opening.Opened, title: Any) -> dict[str, Any]:
    names, row = side_names(bundle.parties), bundle.row
    sides = [(names[one.pk], opened.names[one.pk], opened.phones[one.pk], one) for one in bundle.parties]
    by_name = {one.pk: opened.names[one.pk] for one in bundle.parties}
    return {
        "title": title,
        "row": row,
        "opened": opened,
        "sides": sides,
        "talks": [
            (one, by_name.get(one.party_id, "") if one.party_id else "", opened.talks[one.pk])
            for one in bundle.talks
            if one.held_at is not None
        ],
        "clauses": [
            (one, by_name.get(one.party_id, "") if one.party_id else "", opened.clauses[one.pk])
            for one in bundle.clauses
        ],
        "crumbs": crumbs((name_of(row), mediation_url(row.pk)), (title, "")),
        "back_url": mediation_url(row.pk),
        "sheet_title": _("Mediation agreement"),
        "sheet_place": f"{row.community.short_name} · {name_of(row)}",
        "sheet_period": spoken(row.agreed_on) if row.agreed_on else "",
        "printed_at": desk.at,
        "court": bundle.court,
    }


def _private(answer: HttpResponse) -> HttpResponse:
    patch_cache_control(answer, private=True, no_store=True)
    return answer
