"""The needs list, and one of its entries with every voice behind it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.needs.models import Need
from lianxin.domain.needs.queries import lists
from lianxin.domain.needs.queries.reports import timeline_of
from lianxin.domain.needs.rules import groups, times
from lianxin.domain.projects.policy import may_read
from lianxin.domain.projects.queries.projects import projects_for
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from ..projects.words import PROJECT_TONES, spoken_days
from .desk import NeedsDesk, PlaceFilter, desk_of, page_of
from .gate import reading
from .words import NEED_TONES, category_of, reasons_of, story, who

State = Need.State
STATE_CHOICES = [
    ("live", gettext_lazy("On the list now")),
    ("all", gettext_lazy("All")),
    *State.choices,
]
ORDER_CHOICES = [
    ("priority", gettext_lazy("most pressing first")),
    ("waiting", gettext_lazy("longest waiting first")),
    ("voices", gettext_lazy("most asked first")),
    ("newest", gettext_lazy("newest first")),
]
COLUMNS = (
    Column(pgettext_lazy("needs", "No."), numeric=True),
    Column(pgettext_lazy("needs", "What is needed")),
    Column(gettext_lazy("Category")),
    Column(pgettext_lazy("needs", "For whom")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("Voices"), numeric=True),
    Column(pgettext_lazy("needs", "Households"), numeric=True),
    Column(pgettext_lazy("needs", "People"), numeric=True),
    Column(gettext_lazy("Days waiting"), numeric=True),
    Column(gettext_lazy("Priority"), numeric=True),
    Column(gettext_lazy("Why")),
    Column(gettext_lazy("State")),
)
PROJECT_COLUMNS = (
    Column(gettext_lazy("Project")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("Days")),
    Column(gettext_lazy("State")),
)
VOICE_COLUMNS = (
    Column(pgettext_lazy("needs", "What they said")),
    Column(pgettext_lazy("needs", "Said by")),
    Column(pgettext_lazy("needs", "Said on")),
    Column(pgettext_lazy("needs", "Told by")),
    Column(gettext_lazy("Was it met?")),
)


class NeedsFilter(PlaceFilter):
    """Which entries to see, in which order."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=STATE_CHOICES)
    group = forms.ChoiceField(
        label=pgettext_lazy("needs", "For whom"),
        required=False,
        choices=[("", gettext_lazy("All")), *groups.GROUPS.items()],
    )
    order = forms.ChoiceField(label=gettext_lazy("Order"), required=False, choices=ORDER_CHOICES)
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=60)


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List the entries that the filter leaves, the most pressing first."""
    desk = desk_of(request)
    form = NeedsFilter(request.GET, desk=desk)
    wanted = lists.Filter(
        state=request.GET.get("state", "") or "live",
        category=request.GET.get("category", "")[:3],
        group=request.GET.get("group", "")[:60],
        communities=form.communities,
        words=request.GET.get("q", "").strip()[:60],
        order=request.GET.get("order", ""),
    )
    with scope.within(desk.actor.communities):
        rows = lists.list_needs(actor=desk.actor, wanted=wanted)

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_row(one, desk) for one in part], following

        context = desk.context("needs", _("Needs list"))
        context |= {
            "form": form,
            "lead": _("Entries name nobody. Behind each of them stand the voices that ask for it."),
            "empty_title": _("Nothing is on the list."),
            "empty_text": _("Read the new voices and put what they need on the list."),
        }
        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=rows.count())


def _row(one: Need, desk: NeedsDesk) -> Row:
    waits = (desk.on - one.first_heard_on).days if one.state in lists.LIVE else ""
    return Row(
        cells(
            one.number,
            leads(one.title, "need", entry=one.pk),
            category_of(one),
            groups.label_of(one.target_group),
            *([one.community.short_name] if desk.has_many else []),
            one.voices,
            one.households,
            one.people,
            waits,
            one.priority,
            "、".join(reasons_of(one)[:2]),
            Cell(one.get_state_display(), tone=NEED_TONES[State(one.state)]),
        ),
        pk=one.pk,
    )


@reading
def show(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Show one entry: why it is pressing, every voice behind it, what happened."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        row = lists.find_need(actor=desk.actor, need=entry)
        voices = list(lists.list_voices(need=entry))
        context = desk.context("needs", row.title, (row.title, ""))
        table = small_table(
            VOICE_COLUMNS,
            [
                Row(
                    cells(
                        leads(one.words, "voice", voice=one.pk),
                        who(one),
                        spoken(one.heard_at),
                        one.get_channel_display(),
                        Cell(one.get_met_display(), tone=MET_TONES[one.met]) if one.met else "",
                    ),
                    pk=one.pk,
                )
                for one in voices
            ],
        )
        sections = [Section(_("Why this priority"), lines=reasons_of(row) or [_("Nothing presses it.")])]
        if row.state == State.UNMET:
            because = f"{row.get_unmet_reason_display()}: {row.unmet_words}"
            sections.insert(0, Section(_("Why it cannot be met"), text=because))
        sections.append(Section(_("Voices"), table=table, empty=_("Nobody asks for it any more.")))
        sections += _projects(row, desk)
        context |= {
            "heading": False,
            "subtitle": " · ".join([row.community.short_name, _("No. %(number)d") % {"number": row.number}]),
            "state_label": row.get_state_display(),
            "state_tone": NEED_TONES[State(row.state)],
            "banners": _banners(row, desk),
            "presses": _presses(row, desk),
            "facts": _facts(row, desk),
            "acts": _acts(row) if desk.keeps else [],
            "sections": sections,
            "entries": story(timeline_of(actor=desk.actor, kind="needs.need", record=row.pk)),
        }
    return render(request, "staff/points/record.html", context)


def _projects(row: Need, desk: NeedsDesk) -> list[Section]:
    """Give what is done about an entry; projects of other communities are named, not opened."""
    found = projects_for(need=row.pk)
    if not found:
        return []
    lines = [
        Row(
            cells(
                leads(one.title, "project", project=one.pk) if may_read(desk.actor, one.community_id) else one.title,
                one.community.short_name,
                spoken_days(one.from_on, one.until_on),
                Cell(one.get_state_display(), tone=PROJECT_TONES[one.state]),  # type: ignore[index]
            )
        )
        for one in found
    ]
    return [Section(_("Projects that answer it"), table=small_table(PROJECT_COLUMNS, lines))]


MET_TONES = {"yes": "done", "partly": "info", "no": "stop"}


def is_stale(row: Need, desk: NeedsDesk) -> bool:
    """Tell whether an entry has left the plan until somebody says that it still holds."""
    return row.state in (State.OPEN, State.PARTLY) and row.confirm_by < desk.on


def _banners(row: Need, desk: NeedsDesk) -> list[tuple[str, str]]:
    if is_stale(row, desk):
        return [("due", _("Nobody said for a long time that it still holds. Until then it is not planned for."))]
    return []


def _presses(row: Need, desk: NeedsDesk) -> list[Press]:
    if not desk.keeps or row.state not in (State.OPEN, State.PARTLY):
        return []
    kind = "primary" if is_stale(row, desk) else "quiet"
    return [Press(reverse("staff:need_confirm", kwargs={"entry": row.pk}), _("It still holds"), kind)]


def _facts(row: Need, desk: NeedsDesk) -> list[tuple[Any, ...]]:
    facts: list[tuple[Any, ...]] = [
        (_("Category"), category_of(row)),
        (pgettext("needs", "For whom"), groups.label_of(row.target_group)),
        (_("Voices"), row.voices),
        (pgettext("needs", "Households"), row.households),
        (pgettext("needs", "People"), row.people),
        (_("Priority"), row.priority),
        (_("When it suits"), times.describe(row.times_mask)),
        (_("First said on"), spoken(row.first_heard_on)),
        (_("Last said on"), spoken(row.last_heard_on)),
        (_("Ask again by"), spoken(row.confirm_by)),
    ]
    if row.reach_metres:
        facts.append((_("They would go"), _("%(metres)d m") % {"metres": row.reach_metres}))
    if row.first_served_on:
        facts.append((_("First served on"), spoken(row.first_served_on)))
    return facts


def _acts(row: Need) -> list[tuple[str, Any]]:
    named = {"entry": row.pk}
    acts: list[tuple[str, Any]] = [
        (reverse("staff:need_edit", kwargs=named), _("Change the entry")),
        (reverse("staff:need_priority", kwargs=named), _("Set the priority")),
        (reverse("staff:need_tell", kwargs=named), _("Tell those who asked")),
    ]
    if row.state in lists.LIVE:
        acts.append((reverse("staff:need_unmet", kwargs=named), _("It cannot be met")))
    else:
        acts.append((reverse("staff:need_reopen", kwargs=named), _("Put it back on the list")))
    return acts
