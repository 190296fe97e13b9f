"""What reached a community round the gate: noted in a minute, so that groups and telephones are measured as well."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.places.models import Division
from lianxin.domain.reporting import requests_policy as policy
from lianxin.domain.reporting.commands import requests_demands as commands
from lianxin.domain.reporting.models import Demand
from lianxin.domain.reporting.models.requests import AskedKind, CameBy, OfficeLevel
from lianxin.domain.reporting.queries import requests as queries
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL, now

from ..acting import ActForm, answer_form
from ..choices import community_choices
from ..needs.desk import page_of
from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads
from .desk import COMMUNITY, DEMAND_TONES, context_of, has_many, pressing, reading, writing

COLUMNS = (
    Column(gettext_lazy("What was asked")),
    Column(gettext_lazy("Who asks")),
    Column(pgettext_lazy("request", "How it came")),
    Column(COMMUNITY),
    Column(pgettext_lazy("demand", "Came")),
    Column(gettext_lazy("Due by")),
    Column(pgettext_lazy("demand", "Entries"), numeric=True),
    Column(gettext_lazy("State")),
)


class MomentInput(forms.DateTimeInput):
    """A day with its time, entered with the browser's calendar or as 2026-11-22T18:00."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class DemandForm(ActForm):
    """Who asked what, how it came, how much there was to fill in."""

    community = forms.ChoiceField(label=COMMUNITY)
    office_name = forms.CharField(label=gettext_lazy("Which office asked?"), max_length=80)
    office_level = forms.ChoiceField(label=gettext_lazy("Where does it stand?"), choices=OfficeLevel.choices)
    title = forms.CharField(label=gettext_lazy("What did it ask for?"), max_length=120)
    kind = forms.ChoiceField(label=pgettext_lazy("request", "Kind"), choices=AskedKind.choices)
    came_by = forms.ChoiceField(label=gettext_lazy("How did it come?"), choices=CameBy.choices, initial="wechat")
    field_count = forms.IntegerField(
        label=gettext_lazy("How many entries were there to fill in?"),
        min_value=0,
        max_value=commands.MOST_FIELDS,
        initial=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    asked_at = forms.DateTimeField(label=gettext_lazy("When did it come?"), widget=MomentInput)
    due_at = forms.DateTimeField(label=gettext_lazy("When was it due?"), required=False, widget=MomentInput)

    def __init__(self, *args: Any, actor: Actor, at: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        choices = community_choices(actor, subdistricts=False, alone=True)
        fields["community"].choices = choices
        only = [pk for _name, group in choices for pk, _label in group]
        if len(only) == 1:
            fields["community"].initial = only[0]
            fields["community"].widget = forms.HiddenInput()
        self.initial.setdefault("asked_at", at.astimezone(LOCAL))


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List what communities noted, the newest first."""
    actor = actor_of(request)
    office = request.GET.get("office", "")[:80]
    rows = queries.list_demands(actor=actor, office=office)
    many = has_many(actor)

    def fetch(after: str) -> Page:
        part, following = page_of(rows, after)
        return [_row(one, many=many) for one in part], following

    new = [(reverse("staff:demand_new"), _("Note a demand"))] if policy.may_answer_any(actor) else []
    lead = _(
        "Note what comes by WeChat groups, telephone or paper. It is counted for the office that asks, not for you."
    )
    context = context_of(actor, "demands", _("What came another way")) | {
        "lead": office or lead,
        "buttons": new,
        "empty_title": _("Nothing was noted yet."),
        "empty_text": _("One line is enough: who asked, what, and how it came."),
    }
    columns = [one for one in COLUMNS if many or one.label != COMMUNITY]
    return answer_list(request, columns=columns, fetch=fetch, context=context, count=rows.count())


def _row(one: Demand, *, many: bool) -> Row:
    return Row(
        cells(
            leads(one.title, "demand", demand=one.pk),
            one.office_name,
            one.get_came_by_display(),
            *([one.community.short_name] if many else []),
            one.asked_at,
            one.due_at,
            one.field_count,
            Cell(one.get_state_display(), tone=DEMAND_TONES[one.state]),
        ),
        pk=one.pk,
    )


@writing
def new(request: HttpRequest) -> HttpResponse:
    """Note a demand."""
    actor, at = actor_of(request), now()
    form = DemandForm(request.POST or None, actor=actor, at=at)

    def do(entered: dict[str, Any]) -> Demand:
        given = dict(entered) | {"community": UUID(entered["community"])}
        return commands.note(actor=actor, at=now(), **given)

    title = _("Note a demand")
    return answer_form(
        request,
        form,
        do=do,
        then=lambda _row: reverse("staff:demands"),
        said=_("Noted. It is counted for the office that asked."),
        title=title,
        lead=_("Only what an office above demanded of you. Nothing of this is counted about you or your community."),
        button=_("Note it"),
        cancel_url=reverse("staff:demands"),
        crumbs=context_of(actor, "demands", title, (_("Came another way"), reverse("staff:demands")), (title, ""))[
            "crumbs"
        ],
    )


@reading
def show(request: HttpRequest, demand: UUID) -> HttpResponse:
    """Show a noted demand."""
    actor = actor_of(request)
    row = queries.find_demand(actor=actor, demand=demand)
    may = policy.may_answer(actor, row.community_id)
    context = context_of(
        actor, "demands", row.title, (_("Came another way"), reverse("staff:demands")), (row.title, "")
    )
    context |= {
        "subtitle": f"{row.office_name} · {row.get_office_level_display()}",
        "state_label": row.get_state_display(),
        "state_tone": DEMAND_TONES[row.state],
        "banners": _banners(row),
        "presses": [Press(_url("demand_done", row), _("It is done"), "primary")] if may and row.state == "open" else [],
        "acts": [(_url("demand_take_back", row), _("Noted by mistake"))] if may and row.state != "taken_back" else [],
        "facts": _facts(row.community, row),
    }
    return render(request, "staff/points/record.html", context)


def _banners(row: Demand) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    if row.state == "taken_back":
        return [("info", row.end_words)]
    if row.is_out_of_hours:
        found.append(("due", _("It came out of working hours.")))
    if row.is_short_notice:
        found.append(("due", _("It left less than one working day.")))
    return found


def _facts(community: Division, row: Demand) -> list[tuple[Any, ...]]:
    return [
        (_("Community"), community.short_name),
        (pgettext("request", "How it came"), row.get_came_by_display()),
        (_("What was asked"), row.get_kind_display()),
        (pgettext("demand", "Entries"), row.field_count),
        (pgettext("demand", "Came"), spoken(row.asked_at)),
        (_("Due by"), spoken(row.due_at) if row.due_at else None),
    ]


def _url(name: str, row: Demand) -> str:
    return reverse(f"staff:{name}", kwargs={"demand": row.pk})


@pressing
def done(request: HttpRequest, demand: UUID) -> HttpResponse:
    """Say that a demand was done."""
    actor = actor_of(request)
    return press(
        request,
        do=lambda: commands.finish(actor=actor, demand=demand, at=now(), key=key_of(request)),
        back=reverse("staff:demand", kwargs={"demand": demand}),
        said=_("Noted as done."),
    )


class MistakeForm(ActForm):
    """Why it does not count."""

    words = forms.CharField(label=gettext_lazy("Why?"), max_length=300)


@writing
def take_back(request: HttpRequest, demand: UUID) -> HttpResponse:
    """Say that a demand was noted by mistake."""
    actor = actor_of(request)
    row = queries.find_demand(actor=actor, demand=demand)
    title = _("Noted by mistake")
    return answer_form(
        request,
        MistakeForm(request.POST or None),
        do=lambda entered: commands.take_back(actor=actor, demand=row.pk, at=now(), **entered),
        then=lambda _row: reverse("staff:demands"),
        said=_("It is not counted any more."),
        title=title,
        lead=row.title,
        button=_("Take it back"),
        cancel_url=_url("demand", row),
        crumbs=context_of(actor, "demands", title, (row.title, _url("demand", row)), (title, ""))["crumbs"],
    )
