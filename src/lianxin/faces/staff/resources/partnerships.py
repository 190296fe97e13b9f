"""Partnerships: which organisations are tied to our communities, and how."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.resources import policy
from lianxin.domain.resources.commands import partnerships as commands
from lianxin.domain.resources.models import Partnership
from lianxin.domain.resources.queries.partnerships import find_partnership, list_partnerships
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form, day_field
from ..choices import ANY, CHOOSE, community_choices
from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from .desk import ResourcesDesk, asked_communities, desk_of
from .gate import keeping, reading

Kind = Partnership.Kind
COLUMNS = (
    Column(gettext_lazy("Partner")),
    Column(gettext_lazy("What kind of partner")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("Since")),
    Column(gettext_lazy("Until day")),
    Column(pgettext_lazy("offer", "Offers"), numeric=True),
    Column(gettext_lazy("Note")),
    Column(""),
)


class PartnershipsFilter(forms.Form):
    """Which ties to see."""

    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of partner"), required=False, choices=[("", ANY), *Kind.choices]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("At present")), ("all", gettext_lazy("All"))],
    )

    def __init__(self, *args: Any, desk: ResourcesDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communities = community_choices(desk.actor)
        fields: dict[str, Any] = self.fields
        if communities:
            fields["community"].choices = [("", ANY), *communities]
        else:
            del fields["community"]


@reading
def show_list(request: HttpRequest) -> HttpResponse:
    """List the ties of the communities in scope."""
    desk = desk_of(request)
    form = PartnershipsFilter(request.GET, desk=desk)
    form.is_valid()
    wanted: dict[str, Any] = form.cleaned_data
    found = list_partnerships(
        actor=desk.actor,
        communities=asked_communities(desk, wanted.get("community", "")),
        kind=wanted.get("kind", ""),
        ended_too=wanted.get("state") == "all",
    )

    def fetch(_after: str) -> Page:
        rows = []
        for row in found:
            ends = row.until_on is None and policy.may_keep(desk.actor, row.community)
            rows.append(
                Row(
                    cells(
                        leads(row.organisation_name, "organisation", organisation=row.organisation),
                        Kind(row.kind).label,
                        *([row.community_name] if desk.has_many else []),
                        row.since_on,
                        row.until_on,
                        row.offers,
                        row.note,
                        leads(pgettext("resources", "End it"), "partnership_end", partnership=row.id)
                        if ends
                        else Cell(""),
                    ),
                    pk=row.id,
                )
            )
        return rows, ""

    new_url = reverse("staff:partnership_new")
    context = desk.context("partnerships", _("Partnerships"))
    context |= {
        "form": form,
        "buttons": [(new_url, _("Tie a partner"))] if desk.keeps else [],
        "empty_title": _("No partner is tied yet."),
        "empty_text": _("Paired and assisting units, joint Party building, firms and social organisations stand here."),
        "empty_url": new_url if desk.keeps else "",
        "empty_link": _("Tie a partner"),
    }
    return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=len(found))


class TieForm(ActForm):
    """Who is tied to which community, and how."""

    community = forms.ChoiceField(label=gettext_lazy("Community"))
    organisation = forms.ChoiceField(
        label=gettext_lazy("Organisation"), help_text=gettext_lazy("Not on the list? Register it first.")
    )
    kind = forms.ChoiceField(label=gettext_lazy("What kind of partner"), choices=[("", CHOOSE), *Kind.choices])
    since_on = day_field(gettext_lazy("Since"))
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, desk: ResourcesDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        named = [(str(pk), name) for pk, name in desk.communities()]
        fields["community"].choices = named if len(named) == 1 else [("", CHOOSE), *named]
        fields["organisation"].choices = desk.firms()


@keeping
def new(request: HttpRequest) -> HttpResponse:
    """Tie a partner to a community."""
    desk = desk_of(request)
    back = reverse("staff:partnerships")
    return answer_form(
        request,
        TieForm(request.POST or None, desk=desk, initial={"since_on": desk.on}),
        do=lambda wanted: commands.tie(
            actor=desk.actor,
            community=UUID(wanted["community"]),
            organisation=UUID(wanted["organisation"]),
            kind=wanted["kind"],
            since_on=wanted["since_on"],
            note=wanted["note"],
            at=now(),
            key=wanted["key"],
        ),
        then=lambda _row: back,
        said=_("The partner is tied. Enter what it offers."),
        title=_("Tie a partner"),
        button=_("Tie it"),
        cancel_url=back,
        crumbs=desk.crumbs((_("Partnerships"), back), (_("New"), "")),
    )


class UntieForm(ActForm):
    """When it ended."""

    until_on = day_field(gettext_lazy("Last day"))


@keeping
def end(request: HttpRequest, partnership: UUID) -> HttpResponse:
    """End a partnership."""
    desk = desk_of(request)
    row = find_partnership(actor=desk.actor, partnership=partnership)
    back = reverse("staff:partnerships")
    return answer_form(
        request,
        UntieForm(request.POST or None, initial={"until_on": desk.on}),
        do=lambda wanted: commands.untie(
            actor=desk.actor, partnership=partnership, until_on=wanted["until_on"], at=now(), key=wanted["key"]
        ),
        then=lambda _row: back,
        said=_("The partnership has ended. Its offers stay on the list until you end them."),
        title=_("End the partnership with %(name)s") % {"name": row.organisation_name},
        lead=f"{Kind(row.kind).label} · {row.community_name}",
        button=pgettext("resources", "End it"),
        cancel_url=back,
        crumbs=desk.crumbs((_("Partnerships"), back), (row.organisation_name, "")),
    )
