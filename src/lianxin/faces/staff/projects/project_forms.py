"""The form of a project, new or changed."""

from __future__ import annotations

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
from lianxin.domain.projects.queries.runs import neighbours_to_choose, open_needs, open_offers
from lianxin.domain.projects.rules.contents import Content
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.clock import now

from ..acting import VersionedForm, answer_form, day_field, long_text
from .desk import ProjectsDesk, desk_at, desk_of
from .gate import planning
from .project_page import page_of

TEMPLATE = "staff/wide_form.html"


class ProjectForm(VersionedForm):
    """What a project says of itself."""

    title = forms.CharField(label=pgettext_lazy("projects", "Name"), max_length=80)
    category = forms.ChoiceField(label=gettext_lazy("Category"))
    purpose = long_text(pgettext_lazy("project", "What it is for"), most=300)
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
    neighbours = forms.MultipleChoiceField(
        label=gettext_lazy("Neighbouring communities that take part"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Save it, and their needs and offers stand here to be chosen too."),
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("Needs that it answers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Whoever asked for these is told."),
    )
    offers = forms.MultipleChoiceField(
        label=gettext_lazy("Offers that it uses"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, desk: ProjectsDesk, row: Project | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert desk.community is not None
        self.community, self.row = desk.community, row
        project = row.pk if row else None
        fields: dict[str, Any] = self.fields
        rows = list_categories()
        fields["category"].choices = [
            ("", _("Please choose")),
            *((str(one.pk), f"{one.code} {one.name}") for one in rows),
        ]
        venues = [one for one in list_venues(communities=[desk.community]) if one.state in ("open", "paused")]
        fields["venue"].choices = [("", _("elsewhere")), *((str(one.pk), one.name) for one in venues)]
        near = neighbours_to_choose(community=desk.community, project=project)
        together = [one.pk for one in near if one.tied]  # type: ignore[attr-defined]
        fields["neighbours"].choices = [(str(one.pk), one.short_name) for one in near]
        if not near:
            del fields["neighbours"]
        around = [desk.community, *together]
        needs = open_needs(communities=around, project=project)
        fields["needs"].choices = [(str(one.pk), self._need_words(one)) for one in needs]
        offers = open_offers(communities=around, project=project)
        fields["offers"].choices = [
            (str(one.pk), f"{one.title} · {one.organisation.name}" if one.organisation else one.title) for one in offers
        ]
        if row is not None:
            self.initial = {
                **self.initial,
                **_now(row),
                "neighbours": [str(pk) for pk in together],
                "needs": [str(one.pk) for one in needs if one.tied],  # type: ignore[attr-defined]
                "offers": [str(one.pk) for one in offers if one.tied],  # type: ignore[attr-defined]
            }

    def _need_words(self, need: Need) -> str:
        words = _("%(title)s (%(n)d households)") % {"title": need.title, "n": need.households}
        return words if need.community_id == self.community else f"{words} · {need.community.short_name}"

    def content(self, responsible: UUID | None) -> Content:
        """Give what was entered as the command takes it."""
        entered = self.cleaned_data
        budget, row = entered["budget"], self.row
        return Content(
            community=self.community,
            category=UUID(entered["category"]),
            needs=tuple(UUID(one) for one in entered["needs"]),
            offers=tuple(UUID(one) for one in entered["offers"]),
            neighbours=tuple(UUID(one) for one in entered.get("neighbours", ())),
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
        template=TEMPLATE,
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
    form = ProjectForm(request.POST or None, desk=desk, row=row)
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
        fresh=lambda: (
            ProjectForm(desk=desk, row=reading_projects.find_project(actor=desk.actor, project=project)).initial
        ),
        template=TEMPLATE,
        title=_("Change the project"),
        button=_("Save"),
        cancel_url=page_of(project),
        crumbs=desk.context("projects", "", (row.title, page_of(project)), (_("Change"), ""))["crumbs"],
    )


def _now(row: Project) -> dict[str, Any]:
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
    }
