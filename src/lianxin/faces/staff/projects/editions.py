"""Editions of the three lists: drafted, read, approved by name, printed, sent."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.needs.rules import groups
from lianxin.domain.projects.models import Edition
from lianxin.domain.projects.queries import editions as reading_editions
from lianxin.domain.projects.queries.runs import timeline_of
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.faces.kit.timelines import happenings
from lianxin.platform.ids import new_id

from ..choices import community_choices, community_ids
from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .act_words import ACTS
from .desk import ProjectsDesk, desk_at, desk_of, own_community
from .gate import reading
from .words import EDITION_TONES, FIELDS, legible, spoken_days, yuan

State = Edition.State
AT_ONCE = 50
COLUMNS = (
    Column(pgettext_lazy("edition", "List")),
    Column(gettext_lazy("Community")),
    Column(pgettext_lazy("edition", "Period")),
    Column(gettext_lazy("Number")),
    Column(pgettext_lazy("edition", "Entries"), numeric=True),
    Column(gettext_lazy("Approved by")),
    Column(gettext_lazy("State")),
)
CONTENT_COLUMNS = {
    Edition.Of.NEEDS: (
        Column(gettext_lazy("Need")),
        Column(pgettext_lazy("needs", "For whom")),
        Column(gettext_lazy("Households"), numeric=True),
        Column(gettext_lazy("Heard first")),
    ),
    Edition.Of.RESOURCES: (
        Column(gettext_lazy("Offer")),
        Column(pgettext_lazy("offer", "Who gives")),
        Column(gettext_lazy("Places"), numeric=True),
        Column(gettext_lazy("Conditions")),
    ),
    Edition.Of.PROJECTS: (
        Column(gettext_lazy("Project")),
        Column(gettext_lazy("Days")),
        Column(gettext_lazy("Place")),
        Column(gettext_lazy("Who answers for it")),
        Column(gettext_lazy("Budget (yuan)"), numeric=True),
    ),
}


class EditionsFilter(forms.Form):
    """Which editions to see."""

    of = forms.ChoiceField(
        label=pgettext_lazy("edition", "List"), required=False, choices=[("", gettext_lazy("All")), *Edition.Of.choices]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("Drafts and issued")), *State.choices],
    )
    place = forms.ChoiceField(label=gettext_lazy("Community"), required=False)

    def __init__(self, *args: Any, desk: ProjectsDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        places = community_choices(desk.actor)
        if places:
            fields["place"].choices = [("", _("All")), *places]
        else:
            del fields["place"]


@reading
def show_list(request: HttpRequest) -> HttpResponse:
    """List the editions of the communities in scope."""
    desk = desk_of(request)
    form = EditionsFilter(request.GET, desk=desk)
    wanted: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    found = reading_editions.list_editions(actor=desk.actor, of=wanted.get("of", ""), state=wanted.get("state", ""))
    if wanted.get("place"):
        found = found.filter(community__in=community_ids(UUID(wanted["place"])))

    def fetch(after: str) -> Page:
        start = int(after) if after.isdecimal() else 0
        rows = list(found[start : start + AT_ONCE + 1])
        return [_row(row, desk) for row in rows[:AT_ONCE]], str(start + AT_ONCE) if len(rows) > AT_ONCE else ""

    mine = own_community(desk.actor)
    new_url = reverse("staff:edition_new", kwargs={"community": mine}) if mine else ""
    context = desk.context("editions", _("Editions"))
    context |= {
        "form": form,
        "buttons": [(new_url, _("Draft an edition"))] if new_url else [],
        "empty_title": _("No editions yet."),
        "empty_text": _(
            "Each month or quarter a community issues its three lists: drafted from the records, read, approved."
        ),
        "empty_url": new_url,
        "empty_link": _("Draft an edition") if new_url else "",
    }
    return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=found.count())


def _row(row: Edition, desk: ProjectsDesk) -> Row:
    return Row(
        cells(
            leads(row.get_of_display(), "edition", edition=row.pk),
            *([row.community.short_name] if desk.has_many else []),
            period_words(row),
            _("No. %(number)d") % {"number": row.number} if row.number else "",
            row.content.get("entries", 0),
            row.approved_name,
            Cell(State(row.state).label, tone=EDITION_TONES[State(row.state)]),
        ),
        pk=row.pk,
    )


def period_words(row: Edition) -> str:
    """Say which month or quarter an edition is for."""
    if row.every == Edition.Every.MONTH:
        return _("%(year)d, month %(month)d") % {"year": row.from_on.year, "month": row.from_on.month}
    quarter = (row.from_on.month - 1) // 3 + 1
    return _("%(year)d, quarter %(quarter)d") % {"year": row.from_on.year, "quarter": quarter}


def page_of(edition: UUID) -> str:
    """Give the address of an edition."""
    return reverse("staff:edition", kwargs={"edition": edition})


def content_rows(row: Edition) -> list[tuple[str, list[Row]]]:
    """Give the groups of an edition with their rows, as the page and the paper show them."""
    makers = {Edition.Of.NEEDS: _need, Edition.Of.RESOURCES: _offer, Edition.Of.PROJECTS: _project}
    make = makers[Edition.Of(row.of)]
    return [
        (f"{group['code']} {group['name']}".strip(), [Row(make(entry)) for entry in group["entries"]])
        for group in row.content.get("groups", [])
    ]


def _need(entry: dict[str, Any]) -> tuple[Cell, ...]:
    return cells(
        entry["title"], groups.label_of(entry["group"]), entry["households"], date.fromisoformat(entry["since"])
    )


def _offer(entry: dict[str, Any]) -> tuple[Cell, ...]:
    return cells(entry["title"], entry["giver"] or _("a volunteer"), entry["seats"], entry["conditions"])


def _project(entry: dict[str, Any]) -> tuple[Cell, ...]:
    days = spoken_days(date.fromisoformat(entry["from"]), date.fromisoformat(entry["until"]))
    return cells(entry["title"], days, entry["place"], entry["responsible"], yuan(entry["budget_fen"]))


def change_lines(row: Edition) -> list[str]:
    """Say what changed since the edition before."""
    words = {"new": _("New: %(title)s"), "done": _("Done: %(title)s"), "dropped": _("Dropped: %(title)s (%(why)s)")}
    return [
        text % {"title": one["title"], "why": one.get("why") or _("no reason was noted")}
        for kind, text in words.items()
        for one in row.changes.get(kind, [])
    ]


@reading
def show(request: HttpRequest, edition: UUID) -> HttpResponse:
    """Show one edition: its list, what changed, who approved it."""
    row = reading_editions.find_edition(actor=actor_of(request), edition=edition)
    desk = desk_at(request, row.community)
    state = State(row.state)
    columns = CONTENT_COLUMNS[Edition.Of(row.of)]
    grouped = [Row((Cell(name), *one.cells)) for name, rows in content_rows(row) for one in rows]
    sections = [Section(_("Nothing is on this list in this period."))]
    if grouped:
        whole = small_table((Column(_("Category")), *columns), grouped)
        sections = [Section(row.get_of_display(), table=whole)]
    if row.introduction:
        sections.insert(0, Section(_("Introduction"), text=row.introduction))
    if row.previous:
        changes = change_lines(row)
        title = _("Since edition %(n)d") % {"n": row.previous.number}
        sections.append(Section(title, lines=changes or [_("Nothing has changed.")]))
    title = f"{row.get_of_display()} · {period_words(row)}"
    context = desk.context("editions", title, (title, ""))
    issued = state == State.ISSUED
    acts: list[tuple[str, Any]] = []
    if issued:
        acts.append((reverse("staff:edition_print", kwargs={"edition": edition}), _("Print on A4")))
        acts.append((reverse("resident:edition", kwargs={"edition": edition}), _("Public page")))
    context |= {
        "state_label": state.label,
        "state_tone": EDITION_TONES[state],
        "banners": [],
        "sections": sections,
        "facts": [
            (_("Community"), desk.name),
            (_("Number"), row.number or "—"),
            (pgettext("edition", "Entries"), row.content.get("entries", 0)),
            (_("Drafted"), row.drafted_at),
            (_("Approved by"), row.approved_name or "—"),
            (_("Issued"), row.issued_at or "—"),
            (_("Sent"), row.sent_at or "—"),
            (_("Check code"), row.digest[:12] or "—"),
        ],
        "acts": acts,
        "entries": happenings(
            legible(timeline_of(actor=desk.actor, kind="projects.edition", record=edition), State),
            titles=ACTS,
            labels=FIELDS,
        ),
    }
    if desk.plans and state == State.DRAFT:
        named = {"edition": edition}
        context["next_url"], context["next_text"] = reverse("staff:edition_issue", kwargs=named), _("Approve and issue")
        acts.append((reverse("staff:edition_introduce", kwargs=named), _("Write an introduction")))
        context["presses"] = [
            Press(reverse("staff:edition_redraft", kwargs=named), _("Draw it anew")),
            Press(reverse("staff:edition_drop", kwargs=named), _("Throw it away"), "plain"),
        ]
    elif desk.plans and issued and not row.sent_at:
        context["next_url"] = reverse("staff:edition_sent", kwargs={"edition": edition})
        context |= {"next_text": _("Note that it was sent"), "next_post": True, "next_key": new_id()}
    return render(request, "staff/points/record.html", context)


@reading
def show_paper(request: HttpRequest, edition: UUID) -> HttpResponse:
    """Show an edition as it is printed on A4."""
    row = reading_editions.find_edition(actor=actor_of(request), edition=edition)
    desk = desk_at(request, row.community)
    return render(
        request,
        "staff/projects/edition_paper.html",
        {
            "row": row,
            "place": desk.name,
            "sheet_title": f"{desk.name} {row.get_of_display()}",
            "period": period_words(row),
            "headings": [column.label for column in CONTENT_COLUMNS[Edition.Of(row.of)]],
            "groups": [
                (name, [[cell.shown for cell in one.cells] for one in rows]) for name, rows in content_rows(row)
            ],
            "changes": change_lines(row),
            "back_url": page_of(edition),
        },
    )
