"""Whom a form is about: found by name, phone or number before the form opens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.queries.people import PersonRow, list_chosen, list_people
from lianxin.faces.kit.tables import Column

from ..points.lists import Cell, Page, Row, answer_list, cells
from .desk import VolunteerDesk

FOUND = 30
COLUMNS = (
    Column(gettext_lazy("Name")),
    Column(gettext_lazy("Age"), numeric=True),
    Column(gettext_lazy("Phone")),
    Column(gettext_lazy("Address")),
)


class FindForm(forms.Form):
    """What is known of somebody."""

    q = forms.CharField(label=gettext_lazy("Name, phone or ID number"), max_length=80, required=False)


def chosen(request: HttpRequest, desk: VolunteerDesk) -> PersonRow | None:
    """Give the person whom the address names, or None when nobody was chosen yet."""
    try:
        person = UUID(request.GET.get("person", ""))
    except ValueError:
        return None
    rows = list_chosen(actor=desk.actor, on=desk.on, people=[person])
    return rows[0] if rows else None


def ask_who(
    request: HttpRequest, desk: VolunteerDesk, *, title: Any, lead: Any, crumbs: list[tuple[Any, str]]
) -> HttpResponse:
    """Let somebody be found; each line leads back to the same address with the person."""
    form = FindForm(request.GET)
    typed = request.GET.get("q", "").strip()
    kept = request.GET.copy()
    kept.pop("q", None)

    def fetch(_after: str) -> Page:
        if not typed:
            return [], ""
        people = list_people(actor=desk.actor, on=desk.on, query=typed, community=desk.community, limit=FOUND)
        return [_row(request, kept, person) for person in people.rows], ""

    context = {
        "title": title,
        "lead": lead,
        "form": form,
        "crumbs": crumbs,
        "empty_title": _("Nobody was found.") if typed else _("Who is it?"),
        "empty_text": _("Try the phone number, or register the resident first.")
        if typed
        else _("Type a name, a phone number or an ID number above."),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, template="staff/volunteers/find.html")


def _row(request: HttpRequest, kept: Any, person: PersonRow) -> Row:
    query = kept.copy()
    query["person"] = str(person.id)
    url = f"{request.path}?{query.urlencode()}"
    return Row(cells(Cell(person.masked_name, url=url), person.age, person.masked_phone, person.masked_address))
