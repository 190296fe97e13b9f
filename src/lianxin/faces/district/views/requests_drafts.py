"""Drafts of requests and what they ask: while a field is typed the gate says what is known already."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.domain.reporting import requests_policy as policy
from lianxin.domain.reporting.commands import requests as commands
from lianxin.domain.reporting.commands import requests_fields
from lianxin.domain.reporting.models import RequestField, UpperRequest
from lianxin.domain.reporting.queries import requests as queries
from lianxin.domain.reporting.queries import requests_gate
from lianxin.faces.district.acting import answer_form
from lianxin.faces.district.forms.requests import EarlierForm, FigureForm, HandForm, RequestForm, initial_of
from lianxin.faces.district.gate import form_for, shown_to_offices
from lianxin.faces.district.places_in_scope import communities_of
from lianxin.faces.district.views.requests import crumbs_of
from lianxin.faces.kit.acting import actor_of, press
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing, NotAllowed

FIGURE, EARLIER, HAND = "figure", "earlier", "hand"
FORMS: dict[str, Any] = {FIGURE: FigureForm, EARLIER: EarlierForm, HAND: HandForm}


def url(name: str, row: UpperRequest) -> str:
    """Give an address about a request."""
    return reverse(f"district:{name}", args=[row.pk])


def opened(actor: Actor, request: UUID) -> UpperRequest:
    """Open a request that the actor's office may change; raises Missing or NotAllowed."""
    row = queries.find_request(actor=actor, request=request)
    if not queries.may_manage(actor=actor, request=row.pk):
        raise NotAllowed
    return row


@form_for(policy.may_ask)
def new(request: HttpRequest) -> HttpResponse:
    """Write a new request down."""
    actor = actor_of(request)
    form = RequestForm(
        request.POST or None, communities=communities_of(actor), offices=queries.list_offices(actor=actor)
    )
    return answer_form(
        request,
        form,
        do=lambda _values: commands.draft(actor=actor, at=now(), **form.entered()),
        then=lambda row: url("request_field_new", row),
        said=_("The draft is kept. Now say what is to be known."),
        title=_("New request"),
        text=_("Nobody is asked before the gate has let it through. What is known already is delivered at once."),
        button_text=_("Keep the draft"),
        cancel_url=reverse("district:requests"),
        crumbs=crumbs_of((_("New request"), "")),
        wide=True,
    )


@form_for(policy.may_ask)
def edit(request: HttpRequest, upper_request: UUID) -> HttpResponse:
    """Change a draft."""
    actor = actor_of(request)
    row = opened(actor, upper_request)
    places = queries.places_of(actor=actor, request=row.pk)
    form = RequestForm(
        request.POST or None,
        communities=communities_of(actor),
        offices=queries.list_offices(actor=actor),
        row=row,
        initial=initial_of(row, places),
    )
    return answer_form(
        request,
        form,
        do=lambda _values: commands.edit(actor=actor, request=row.pk, at=now(), **form.entered()),
        then=lambda _row: url("upper_request", row),
        said=_("The draft is changed."),
        title=_("Change “%(title)s”") % {"title": row.title},
        button_text=_("Keep the draft"),
        cancel_url=url("upper_request", row),
        crumbs=crumbs_of((row.title, url("upper_request", row)), (_("Edit"), "")),
        wide=True,
    )


@form_for(policy.may_ask)
def new_field(request: HttpRequest, upper_request: UUID) -> HttpResponse:
    """Add what is to be known: a known figure, answers given before, or by hand."""
    return _field(request, opened(actor_of(request), upper_request), None)


@form_for(policy.may_ask)
def field(request: HttpRequest, request_field: UUID) -> HttpResponse:
    """Change what is to be known."""
    actor = actor_of(request)
    row = queries.find_field(actor=actor, field=request_field)
    opened(actor, row.request_id)
    return _field(request, row.request, row)


def _field(request: HttpRequest, row: UpperRequest, old: RequestField | None) -> HttpResponse:
    actor, at = actor_of(request), now()
    how = request.GET.get("how") or (old.how if old else HAND)
    if how not in FORMS:
        raise Missing
    more: dict[str, Any] = {"today": local_day(at)} if how == FIGURE else {}
    names = [name for name in FORMS[how].base_fields if name != "key"]
    initial = {name: request.GET[name] for name in names if name in request.GET}
    if old is not None and old.how == how:
        kept = {name: getattr(old, name) for name in names}
        initial = kept | ({"source": old.source_id} if how == EARLIER else {}) | initial
    form = FORMS[how](request.POST or None, initial=initial, **more)
    do: Any = {
        FIGURE: requests_fields.ask_figure,
        EARLIER: requests_fields.ask_earlier,
        HAND: requests_fields.ask_by_hand,
    }[how]
    here = request.path
    title = _("What is to be known?")
    label = str(form["label"].value() or "")
    return answer_form(
        request,
        form,
        do=lambda values: do(actor=actor, request=row.pk, field=old.pk if old else None, at=now(), **values),
        then=lambda _made: url("upper_request", row),
        said=lambda made: (
            (_("“%(label)s” will be asked.") if made.how == HAND else _("“%(label)s” is delivered without asking."))
            % {"label": made.label}
        ),
        template="district/request_field.html",
        title=title,
        row=row,
        how=how,
        tabs=[
            (_("Look whether it is known"), f"{here}?how={HAND}", how == HAND, ""),
            (_("Choose a known figure"), f"{here}?how={FIGURE}", how == FIGURE, ""),
        ],
        here=here,
        gate_url=f"{url('request_gate', row)}?{urlencode({'back': str(old.pk) if old else ''})}",
        found=_found(label, row, here) if how == HAND and label else [],
        label=label,
        button_text=_("Take it from there") if how == EARLIER else _("Add it") if old is None else _("Save"),
        cancel_url=url("upper_request", row),
        crumbs=crumbs_of((row.title, url("upper_request", row)), (title, "")),
    )


@shown_to_offices
def gate(request: HttpRequest, upper_request: UUID) -> HttpResponse:
    """Say what a label that is being typed looks like: known figures, and what was asked within the year."""
    actor = actor_of(request)
    row = queries.find_request(actor=actor, request=upper_request)
    label = request.GET.get("label", "")[:120]
    back = request.GET.get("back", "")
    here = url("request_field_new", row)
    try:
        here = reverse("district:request_field", args=[UUID(back)]) if back else here
    except ValueError:
        raise Missing from None
    context = {"found": _found(label, row, here), "label": label.strip()}
    return render(request, "district/request_gate.html", context)


def _found(label: str, row: UpperRequest, here: str) -> list[tuple[requests_gate.Found, str]]:
    """Give what a label looks like, each with the address that takes it."""
    found = requests_gate.find_alike(label=label, at=now(), but=row.pk)
    return [(one, f"{here}?{urlencode(_taking(one, label))}") for one in found]


def _taking(one: requests_gate.Found, label: str) -> dict[str, Any]:
    if one.kind == requests_gate.FIGURE:
        return {"how": FIGURE, "measure": one.key, "label": label}
    return {"how": EARLIER, "source": one.key, "label": label}


@require_POST
@form_for(policy.may_ask)
def drop_field(request: HttpRequest, request_field: UUID) -> HttpResponse:
    """Take a field out of a draft."""
    actor = actor_of(request)
    found = queries.find_field(actor=actor, field=request_field)
    row = opened(actor, found.request_id)
    return press(
        request,
        do=lambda: requests_fields.drop(actor=actor, field=found.pk, at=now()),
        back=url("upper_request", row),
        said=_("“%(label)s” is not asked any more.") % {"label": found.label},
    )
