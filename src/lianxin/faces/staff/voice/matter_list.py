"""The list of matters, and taking a new one up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice.commands import matters as commands
from lianxin.domain.voice.models import Matter, Subject
from lianxin.domain.voice.queries import matters
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..acting import VersionedForm, answer_form, long_text
from ..choices import community_choices
from ..needs.desk import page_of
from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from .case_desk import COMMUNITY, CaseDesk, PlaceFilter, desk_of
from .matter_desk import MATTER_TONES, matter_url, offered, way_to
from .matter_gate import keeping, reading

COLUMNS = (
    Column(pgettext_lazy("matter", "What it is about")),
    Column(gettext_lazy("Subject")),
    Column(COMMUNITY),
    Column(gettext_lazy("Meetings held"), numeric=True),
    Column(gettext_lazy("Open commitments"), numeric=True),
    Column(gettext_lazy("Next meeting")),
    Column(gettext_lazy("Taken up")),
    Column(gettext_lazy("State")),
)


class MattersFilter(PlaceFilter):
    """Which matters to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("going on")), *Matter.State.choices, ("all", gettext_lazy("All"))],
    )
    subject = forms.ChoiceField(
        label=gettext_lazy("Subject"), required=False, choices=[("", gettext_lazy("All")), *Subject.choices]
    )
    words = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=40)


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List the matters that the filter leaves."""
    desk = desk_of(request)
    form = MattersFilter(request.GET, desk=desk)
    form.is_valid()
    wanted = form.cleaned_data
    with scope.within(desk.actor.communities):
        rows = matters.list_matters(
            actor=desk.actor,
            state=wanted.get("state") or "going_on",
            subject=wanted.get("subject") or "",
            words=wanted.get("words") or "",
            communities=form.communities,
        )

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_row(row, desk) for row in part], following

        title = pgettext("voice", "Deliberation")
        context = desk.context("matters", title)
        context |= {
            "form": form,
            "lead": _("What many have to agree on: its sides, its meetings, and what was promised until it is kept."),
            "buttons": [(reverse("staff:matter_new"), _("Take a matter up"))] if desk.keeps else [],
            "empty_title": _("No matter is like this."),
            "empty_text": _("A matter begins here, or on the page of a case that many have to agree on."),
        }
        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=rows.count())


def _row(row: Any, desk: CaseDesk) -> Row:
    where = [row.community.short_name] if desk.has_many else []
    return Row(
        cells(
            leads(row.title, "matter", matter=row.pk),
            row.get_subject_display(),
            *where,
            row.closed_meetings,
            row.open_promises,
            spoken(row.next_at) if row.next_at else "",
            spoken(row.opened_at.date()),
            Cell(row.get_state_display(), tone=MATTER_TONES[row.state]),
        ),
        pk=row.pk,
    )


class MatterForm(VersionedForm):
    """What a matter says of itself."""

    title = forms.CharField(label=pgettext_lazy("matter", "What it is about"), max_length=80)
    subject = forms.ChoiceField(label=gettext_lazy("Subject"), choices=Subject.choices)
    summary = long_text(
        gettext_lazy("How it began"),
        most=3000,
        rows=5,
        help_text=gettext_lazy("In plain words, without anybody's name: residents may read it."),
    )
    is_public = forms.BooleanField(label=gettext_lazy("Residents may read its story"), required=False)


class NewMatterForm(MatterForm):
    """A new matter is of a community."""

    community = forms.ChoiceField(label=COMMUNITY)

    field_order = ("community",)


@keeping
def new(request: HttpRequest) -> HttpResponse:
    """Take a matter up."""
    desk = desk_of(request)
    form = NewMatterForm(request.POST or None)
    choices = community_choices(desk.actor, subdistricts=False, alone=True)
    offered(form, community=choices)
    own = [value for _name, group in choices for value, _label in group]
    if len(own) == 1:
        form.fields["community"].initial = own[0]
        form.fields["community"].widget = forms.HiddenInput()
    return answer_form(
        request,
        form,
        do=lambda entered: commands.open_matter(
            actor=desk.actor,
            community=UUID(entered["community"]),
            **form.values("title", "subject", "summary", "is_public"),
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda row: matter_url(row.pk),
        said=_("Taken up. Enter its sides, then call the first meeting."),
        title=_("Take a matter up"),
        button=_("Take it up"),
        cancel_url=reverse("staff:matters"),
        crumbs=way_to(here=_("New")),
    )
