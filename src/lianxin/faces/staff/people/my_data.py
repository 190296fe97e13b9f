"""What the office holds about a resident: handed over on request, and erased when nothing has to stay."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.commands.erasure import erase_person, preview_erasure
from lianxin.domain.people.commands.my_data import export_my_data
from lianxin.domain.people.queries.people import find_person
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.staff.acting import ActForm, confirm_first
from lianxin.faces.staff.people.choices import chosen
from lianxin.faces.staff.people.gate import writing
from lianxin.faces.staff.people.labels import CHECK_CHOICES
from lianxin.faces.staff.people.tabs import person_crumbs, person_tabs
from lianxin.faces.staff.people.whole_record import as_sections
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Problem


class HandOverForm(forms.Form):
    """How the data is handed over, and how the office knows that the right person asks."""

    form = forms.ChoiceField(
        label=gettext_lazy("How does the person want it?"),
        choices=[("paper", gettext_lazy("on paper")), ("file", gettext_lazy("as a file"))],
        widget=forms.RadioSelect,
        initial="paper",
    )
    identity_check = chosen(gettext_lazy("How was the identity checked?"), CHECK_CHOICES)


@writing
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """Hand over everything on record about a resident who asks for it, on paper or as a file; it is logged."""
    actor = actor_of(request)
    bundle = find_person(actor=actor, person=person, on=local_day(now()))
    form = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acting = actor.acting_for(person, form.cleaned_data["identity_check"], via="desk")
            data = export_my_data(actor=acting, person=person, at=now())
        except Problem as problem:
            add_problem(form, problem)
        else:
            return _file(data) if form.cleaned_data["form"] == "file" else _paper(request, person, data)
    context = {
        "form": form,
        "person": person,
        "name": bundle.person.masked_name,
        "erase_url": reverse("staff:person_erase", args=[person]),
        "tabs": person_tabs("person_data", person, actor),
        "crumbs": person_crumbs(person, bundle.person.masked_name, _("Data and erasure")),
    }
    return render(request, "staff/people/my_data.html", context, status=422 if form.errors else 200)


def _file(data: dict[str, Any]) -> HttpResponse:
    title = _("My data")
    name = quote(f"{title} {local_day(now())}.json")
    body = json.dumps(data, ensure_ascii=False, indent=2)
    disposition = f"attachment; filename*=UTF-8''{name}"
    return HttpResponse(body, content_type="application/json", headers={"Content-Disposition": disposition})


def _paper(request: HttpRequest, person: UUID, data: dict[str, Any]) -> HttpResponse:
    context = {
        "sections": as_sections(data["data"]),
        "sheet_title": _("What is on record about me"),
        "printed_at": now(),
        "back_url": reverse("staff:person_data", args=[person]),
    }
    return render(request, "staff/people/my_data_print.html", context)


class EraseForm(ActForm):
    """On what ground a record is erased."""

    ground = forms.CharField(
        label=gettext_lazy("Why is it erased?"),
        max_length=200,
        help_text=gettext_lazy("For example: asked for by the person on paper."),
    )


@writing
def erase(request: HttpRequest, person: UUID) -> HttpResponse:
    """Erase a record down to a tombstone; what stands against it, or follows from it, is told first."""
    actor = actor_of(request)
    name = find_person(actor=actor, person=person, on=local_day(now())).person.masked_name
    why_not, follows = preview_erasure(actor=actor, person=person)
    back = reverse("staff:person_data", args=[person])
    crumbs = person_crumbs(person, name, _("Erasure"))
    if why_not:
        context = {"why_not": why_not, "name": name, "back_url": back, "crumbs": crumbs}
        return render(request, "staff/people/erase_refused.html", context, status=409 if request.POST else 200)
    told = [
        _("Name, numbers, birthday, care notes, consents, links and cards are deleted for good."),
        _("The days in the household stay, without a name, because earlier counts rest on them."),
    ]
    return confirm_first(
        request,
        EraseForm(request.POST or None),
        do=lambda values: erase_person(actor=actor, person=person, at=now(), **values),
        preview=lambda _values: [*told, *follows],
        then=lambda _done: reverse("staff:people"),
        said=_("The record was erased."),
        question=_("Erase the record of %(name)s?") % {"name": name},
        text=_("This cannot be undone."),
        button=_("Erase for good"),
        cancel_url=back,
        crumbs=crumbs,
        danger=True,
    )
