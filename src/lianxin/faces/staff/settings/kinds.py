"""Kinds of amenities and rooms, those the program ships and the district's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.places.commands.reference_data import add_amenity_kind, add_room_kind
from lianxin.domain.places.policy import may_change_reference_data
from lianxin.domain.places.queries import venues
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import clock

from ..acting import ActForm, answer_form
from .gate import form_page, reading
from .words import crumbs


class KindForm(ActForm):
    """A kind's code and names."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=30,
        help_text=gettext_lazy("Small letters, digits and underscores, for programs; it never changes"),
    )
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=50)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)


class RoomKindForm(KindForm):
    """A kind of room."""

    is_for_residents = forms.BooleanField(
        label=gettext_lazy("Its area counts as area for residents"), required=False, initial=True
    )
    is_confidential = forms.BooleanField(label=gettext_lazy("Talks here are confidential"), required=False)


@reading(may_change_reference_data)
def show(request: HttpRequest) -> HttpResponse:
    """Show both tables."""
    return render(
        request,
        "staff/settings/kinds.html",
        {
            "amenities": list(venues.list_amenity_kinds()),
            "rooms": list(venues.list_room_kinds()),
            "crumbs": crumbs((_("Kinds of rooms and amenities"), "")),
        },
    )


def _new(request: HttpRequest, form: KindForm, add: Any, title: Any) -> HttpResponse:
    back = reverse("staff:kinds")
    return answer_form(
        request,
        form,
        do=lambda wanted: add(actor=actor_of(request), at=clock.now(), **wanted),
        then=lambda _row: back,
        said=_("The kind can be chosen from now on."),
        title=title,
        button=_("Add"),
        cancel_url=back,
        crumbs=crumbs((_("Kinds of rooms and amenities"), back), (title, "")),
    )


@form_page(may_change_reference_data)
def new_amenity(request: HttpRequest) -> HttpResponse:
    """Add a kind of amenity."""
    return _new(request, KindForm(request.POST or None), add_amenity_kind, _("New kind of amenity"))


@form_page(may_change_reference_data)
def new_room(request: HttpRequest) -> HttpResponse:
    """Add a kind of room."""
    return _new(request, RoomKindForm(request.POST or None), add_room_kind, _("New kind of room"))
