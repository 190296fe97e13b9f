"""Choosing a role and the place that it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.queries import organisations
from lianxin.domain.people.rules import roles
from lianxin.domain.places.models import Level
from lianxin.domain.places.queries import divisions, office
from lianxin.platform import scope
from lianxin.platform.actors import Actor

from ..acting import ActForm, day_field
from ..choices import CHOOSE

PLACES = (roles.DIVISION, roles.VENUE, roles.ORGANISATION)


def _reach(actor: Actor) -> Actor | None:
    """The security administrator gives rights everywhere, though no community's records are in reach."""
    return None if actor.communities is None or actor.holds("security_admin") else actor


def _divisions(actor: Actor) -> list[tuple[str, str]]:
    within = _reach(actor)
    found = []
    for row in divisions.list_divisions(level=Level.SUBDISTRICT):
        if within is None or actor.holds("subdistrict_staff"):
            found.append((str(row.pk), row.short_name))
    for row in divisions.list_divisions(level=Level.COMMUNITY):
        if within is None or actor.covers(row.pk):
            above = f"{row.parent.short_name} · " if row.parent else ""
            found.append((str(row.pk), f"{above}{row.short_name}"))
    return found


def _venues(actor: Actor) -> list[tuple[str, str]]:
    reach = None if _reach(actor) is None else actor.communities
    with scope.within(reach):
        rows = list(office.list_office_venues(actor=Actor.system(via="web") if reach is None else actor))
    return [(str(venue.pk), f"{venue.community.short_name} · {venue.name}") for venue in rows]


def _organisations(actor: Actor) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in organisations.list_names(actor=actor)]


class RoleForm(ActForm):
    """A role, the one place that goes with it, and from when."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    division = forms.ChoiceField(label=gettext_lazy("Community or subdistrict"), required=False)
    venue = forms.ChoiceField(label=gettext_lazy("Venue"), required=False)
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"), required=False)
    from_on = day_field(gettext_lazy("From"), required=False, help_text=gettext_lazy("From today when left empty."))

    def __init__(self, *args: Any, actor: Actor, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        codes = list(codes)
        fields["role"].choices = [("", CHOOSE), *((code, roles.ROLES[code].label) for code in codes)]
        choices = {roles.DIVISION: _divisions, roles.VENUE: _venues, roles.ORGANISATION: _organisations}
        for place in PLACES:
            fitting = [code for code in codes if roles.ROLES[code].reach == place]
            if not fitting:
                del fields[place]
                continue
            fields[place].choices = [("", CHOOSE), *choices[place](actor)]
            fields[place].help_text = _("For: %(roles)s") % {
                "roles": ", ".join(str(roles.ROLES[code].label) for code in fitting)
            }

    def clean(self) -> dict[str, Any]:
        """Ask for the one place that belongs to the role, and forget places that do not."""
        wanted = dict(super().clean() or self.cleaned_data)
        code = wanted.get("role")
        if code not in roles.ROLES:
            return wanted
        for place in PLACES:
            if roles.ROLES[code].reach == place:
                if place in self.fields and not wanted.get(place):
                    self.add_error(place, _("Please choose where this role is held."))
            else:
                wanted[place] = ""
        return wanted


def place_of(wanted: dict[str, Any]) -> dict[str, UUID | None]:
    """Give the place that was chosen, as the commands take it."""
    return {place: UUID(wanted[place]) if wanted.get(place) else None for place in PLACES}
