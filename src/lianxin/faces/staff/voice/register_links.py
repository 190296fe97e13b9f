"""Which household a flat of a register belongs to, so that its owners may vote on a page; fixed registers take it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice.commands import register_links

from ..acting import ActForm, answer_form
from .vote_desk import HOMES, desk_of, register_url
from .vote_gate import keeping, open_flat
from .vote_words import metres


class LinkForm(ActForm):
    """The number of a household."""

    household = forms.CharField(
        label=gettext_lazy("Household number"),
        max_length=32,
        required=False,
        help_text=gettext_lazy(
            "Whoever of this household is among the owners may vote on a page. Empty: nobody; they vote on paper."
        ),
    )


@keeping
def link(request: HttpRequest, flat: UUID) -> HttpResponse:
    """Link a flat to the household of its owners, or to none."""
    desk = desk_of(request)
    one = open_flat(desk.actor, flat)
    row = one.register
    back = reverse("staff:register_flats", kwargs={"register": row.pk})
    return answer_form(
        request,
        LinkForm(request.POST or None, initial={"household": one.household.number if one.household else ""}),
        do=lambda entered: register_links.link_flat(
            actor=desk.actor, flat_row=flat, household=entered["household"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: back,
        said=_("Saved."),
        title=_("Link %(flat)s to a household") % {"flat": one.flat},
        lead=metres(one.area_dm2),
        button=_("Save"),
        cancel_url=back,
        crumbs=[(HOMES["registers"], reverse("staff:registers")), (row.name, register_url(row.pk)), (one.flat, "")],
    )
