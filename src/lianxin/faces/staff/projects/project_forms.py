"""The form of a project, new or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs.models import Need
from lianxin.domain.places.queries.services import list_categories
from lianxin.domain.places.queries.venues import list_venues
from lianxin.domain.projects.commands import projects as commands
from lianxin.domain.projects.models import Project
from lianxin.domain.projects.queries import projects as reading_projects
from lianxin.domain.projects.queries.runs import open_needs, open_offers
from lianxin.domain.projects.rules.contents import Content
from lianxin.domain.resources.models import Offer
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.clock import now

from ..acting import VersionedForm, answer_form, day_field, long_text
from .desk import ProjectsDesk, desk_at, desk_of
from .gate import planning
from .projects import page_of


@dataclass(frozen=True)
class Linked:
    """A project with what it is tied to, as it is now; nothing for a new one."""

    row: Project | None = None
    needs: Sequence[Need] = ()
    offers: Sequence[Offer] = ()


class ProjectForm(VersionedForm):
    """What a project says of itself."""

    title = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    category = forms.ChoiceField(label=gettext_lazy("Category"))
    purpose = long_text(pgettext_lazy("project", "What it is for"), most=300)
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("Needs that it answers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    offers = forms.MultipleChoiceField(
        label=gettext_lazy("Offers that it uses"), required=False, widget=forms.CheckboxSelectMultiple
    )
    from_on = day_field(gettext_lazy("First day"))
    until_on = day_field(gettext_lazy("Last day"))
    occurrences_planned = forms.IntegerField(label=gettext_lazy("How many occurrences"), min_value=1, initial=1)
    people_planned = forms.IntegerField(
        label=gettext_lazy("For how many people, over all occurrences"), min_value=1, initial=20
    )
    venue = forms.ChoiceField(label=pgettext_lazy("projects", "Place"), required=False)
    budget = forms.DecimalField(
        label=gettext_lazy("Budget (yuan)"), required=False, min_value=0, max_value=10_000_000, decimal_places=2
    )
    money_from = forms.CharField(label=gettext_lazy("Where the money comes from"), required=False, max_length=80)
    responsible_name = forms.CharField(label=gettext_lazy("Who answers for it"), required=False, max_length=40)
    public_text = long_text(
        gettext_lazy("What residents read"),
        most=3_000,
        rows=5,
        help_text=gettext_lazy("For the group, the poster and the public page. No names of residents."),
    )

    def __init__(self, *args: Any, desk: ProjectsDesk, linked: Linked | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert desk.community is not None
        self.community = desk.community
        self.linked = linked or Linked()
        fields: dict[str, Any] = self.fields
        rows = list_categories()
        fields["category"].choices = [
            ("", _("Please choose")),
            *((str(one.pk), f"{one.code} {one.name}") for one in rows),
        ]
        venues = [one for one in list_venues(communities=[desk.community]) if one.state in ("open", "paused")]
        fields["venue"].choices = [("", _("elsewhere")), *((str(one.pk), one.name) for one in venues)]
        needs = open_needs(community=desk.community)
        needs += [one for one in self.linked.needs if one.pk not in {need.pk for need in needs}]
        fields["needs"].choices = [
            (str(one.pk), _("%(title)s (%(n)d households)") % {"title": one.title, "n": one.households})
            for one in needs
        ]
        listed = open_offers(community=desk.community)
        listed += [one for one in self.linked.offers if one.pk not in {offer.pk for offer in listed}]
        fields["offers"].choices = [
            (str(one.pk), f"{one.title} · {one.organisation.name}" if one.organisation else one.title) for one in listed
        ]

    def content(self, responsible: UUID | None) -> Content:
        """Give what was entered as the command takes it."""
        entered = self.cleaned_data
        budget = entered["budget"]
        row = self.linked.row
        return Content(
            community=self.community,
            category=UUID(entered["category"]),
            needs=tuple(UUID(one) for one in entered["needs"]),
            offers=tuple(UUID(one) for one in entered["offers"]),
            neighbours=reading_projects.neighbours_of(row.pk) if row else (),
            venue=UUID(entered["venue"]) if entered["venue"] else None,
            budget_fen=int(budget * 100) if budget is not None else 0,
            picture_id=row.picture_id if row else None,
            responsible=row.responsible if row else responsible,
            **self.values(
                *("title", "purpose", "from_on", "until_on", "occurrences_planned", "people_planned", "money_from"),
                *("responsible_name", "public_text"),
            ),
        )


@planning
def new(request: HttpRequest, community: UUID) -> HttpResponse:
    """Enter a project."""
    desk = desk_of(request, community)
    form = ProjectForm(request.POST or None, desk=desk, initial={"responsible_name": desk.actor.name})
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.save_project(
            actor=desk.actor, project=None, content=form.content(desk.actor.account), at=now(), key=wanted["key"]
        ),
        then=lambda row: page_of(row.pk),
        said=_("Entered as a draft. It is approved before it is published."),
        title=_("Enter a project"),
        button=_("Save the draft"),
        cancel_url=desk.context("projects", "", ("", ""))["crumbs"][0][1],
        crumbs=desk.context("projects", "", (_("New"), ""))["crumbs"],
    )


@planning
def edit(request: HttpRequest, project: UUID) -> HttpResponse:
    """Change a project; an approved one is approved again."""
    row = reading_projects.find_project(actor=actor_of(request), project=project)
    desk = desk_at(request, row.community)
    linked = _linked(row)
    form = ProjectForm(request.POST or None, desk=desk, linked=linked, initial=_now(linked))
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.save_project(
            actor=desk.actor,
            project=project,
            content=form.content(desk.actor.account),
            version=wanted["version"],
            at=now(),
            key=wanted["key"],
        ),
        then=lambda _row: page_of(project),
        said=_("Changed."),
        fresh=lambda: _now(_linked(reading_projects.find_project(actor=desk.actor, project=project))),
        title=_("Change the project"),
        button=_("Save"),
        cancel_url=page_of(project),
        crumbs=desk.context("projects", "", (row.title, page_of(project)), (_("Change"), ""))["crumbs"],
    )


def _linked(row: Project) -> Linked:
    needs = reading_projects.needs_of(row.pk)
    return Linked(row, needs, [one.offer for one in reading_projects.offers_of(row.pk)])


def _now(linked: Linked) -> dict[str, Any]:
    row = linked.row
    assert row is not None
    values = {
        name: getattr(row, name)
        for name in (
            *("title", "purpose", "from_on", "until_on", "occurrences_planned", "people_planned", "money_from"),
            *("responsible_name", "public_text", "version"),
        )
    }
    return values | {
        "category": str(row.category_id),
        "venue": str(row.venue_id or ""),
        "budget": row.budget_fen / 100 if row.budget_fen else None,
        "needs": [str(one.pk) for one in linked.needs],
        "offers": [str(one.pk) for one in linked.offers],
    }
