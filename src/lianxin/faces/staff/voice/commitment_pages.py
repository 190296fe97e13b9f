"""Commitments: the list with what is late on top, and one of them with what shows that it was kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import Commitment
from lianxin.domain.voice.queries import commitments
from lianxin.domain.voice.rules import commitments as rules
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.stored import answer_file
from lianxin.faces.kit.tables import Column
from lianxin.platform import files, scope

from ..needs.desk import page_of
from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from ..points.told import Section
from .case_desk import COMMUNITY, CaseDesk, PlaceFilter, case_url, desk_of
from .matter_desk import COMMITMENT_TONES, LIGHTS, matter_url, meeting_url, meeting_words, story_of
from .matter_gate import keeper_reads, open_commitment, reading

KINDS = {
    "matter": pgettext_lazy("commitment", "a matter"),
    "case": pgettext_lazy("commitment", "a case"),
    "reception": pgettext_lazy("commitment", "a reception"),
    "clause": pgettext_lazy("commitment", "a mediation"),
}
COLUMNS = (
    Column(gettext_lazy("What was promised")),
    Column(gettext_lazy("Who promised")),
    Column(gettext_lazy("Where")),
    Column(COMMUNITY),
    Column(gettext_lazy("Due by")),
    Column(pgettext_lazy("commitment", "Moved"), numeric=True),
    Column(gettext_lazy("State")),
)


class CommitmentsFilter(PlaceFilter):
    """Which commitments to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("not closed")),
            ("late", pgettext_lazy("commitment", "late")),
            *Commitment.State.choices,
            ("all", gettext_lazy("All")),
        ],
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Where"), required=False, choices=[("", gettext_lazy("All")), *KINDS.items()]
    )
    words = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=40)


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List the commitments that the filter leaves, the first due on top."""
    desk = desk_of(request)
    form = CommitmentsFilter(request.GET, desk=desk)
    form.is_valid()
    wanted = form.cleaned_data
    with scope.within(desk.actor.communities):
        rows = commitments.list_commitments(
            actor=desk.actor,
            state=wanted.get("state") or "live",
            on=desk.on,
            source=wanted.get("source") or "",
            words=wanted.get("words") or "",
            communities=form.communities,
        )

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_row(row, desk) for row in part], following

        context = desk.context("commitments", pgettext("voice", "Promises"))
        context |= {
            "form": form,
            "lead": _(
                "What was promised in a matter, a case, at a reception or in a mediation returns until it is kept."
            ),
            "empty_title": _("No commitment is like this."),
            "empty_text": _("What is promised at meetings, on cases and at receptions stands here until it is kept."),
        }
        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=rows.count())


def _row(row: Commitment, desk: CaseDesk) -> Row:
    where = [row.community.short_name] if desk.has_many else []
    source = commitments.source_of(row)
    label, tone = _standing(row, desk)
    return Row(
        cells(
            leads(row.words, "commitment", commitment=row.pk),
            row.owner_name,
            Cell(source.title or KINDS[source.kind], url=_source_url(row)),
            *where,
            spoken(row.due_by),
            row.moved,
            Cell(label, tone=tone),
        ),
        pk=row.pk,
    )


def _standing(row: Commitment, desk: CaseDesk) -> tuple[Any, str]:
    """Say how a commitment stands: its light while it is open, else its state."""
    light = commitments.light_of(row, desk.on)
    if row.state == rules.SHOWN and light != "red":
        return row.get_state_display(), COMMITMENT_TONES[row.state]
    return LIGHTS.get(light) or (row.get_state_display(), COMMITMENT_TONES[row.state])


def _source_url(row: Commitment) -> str:
    if row.matter_id is not None:
        return matter_url(row.matter_id)
    if row.case_id is not None:
        return case_url(row.case_id)
    if row.reception is not None:
        return url_or_none("staff:reception", reception=row.reception.day_id) or ""
    return url_or_none("staff:mediation", mediation=row.clause.mediation_id) or "" if row.clause is not None else ""


@reading
def show(request: HttpRequest, commitment: UUID) -> HttpResponse:
    """Show one commitment."""
    desk = desk_of(request)
    row = open_commitment(desk.actor, commitment)
    keeps = policy.may_keep(desk.actor, row.community_id)
    source = commitments.source_of(row)
    with scope.within(desk.actor.communities):
        entries = story_of(desk.actor, "voice.commitment", commitment)
    label, tone = _standing(row, desk)
    title = _("Commitment no. %(number)d") % {"number": row.number}
    context = desk.context("commitments", title)
    sections = [Section(_("What was promised"), text=row.words)]
    if row.evidence:
        links = [(_url("commitment_file", row), _("Open the file"))] if keeps and row.evidence_file else []
        sections.append(Section(_("What shows that it was kept"), text=row.evidence, links=links))
    context |= {
        "tabs": [],
        "crumbs": [(pgettext("voice", "Promises"), reverse("staff:commitments")), (title, "")],
        "heading": False,
        "subtitle": f"{row.community.short_name} · {row.owner_name}",
        "state_label": label,
        "state_tone": tone,
        "banners": _banners(row, tone),
        "sections": sections,
        "facts": _facts(row, source),
        "acts": _acts(row) if keeps else [],
        "entries": entries,
        **_next(row, keeps),
    }
    return render(request, "staff/points/record.html", context)


def _url(name: str, row: Commitment) -> str:
    return reverse(f"staff:{name}", kwargs={"commitment": row.pk})


def _next(row: Commitment, keeps: bool) -> dict[str, Any]:
    if keeps and row.state == rules.OPEN:
        return {"next_url": _url("commitment_show", row), "next_text": _("Say that it was done")}
    if keeps and row.state == rules.SHOWN:
        return {"next_url": _url("commitment_verify", row), "next_text": _("Verify it")}
    return {}


def _banners(row: Commitment, tone: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    if tone == "stop" and row.state in rules.LIVE:
        found.append(("due", _("Its day is over. It returns to each meeting until it is kept, moved or released.")))
    if row.state_words:
        found.append(("info", row.state_words))
    return found


def _facts(row: Commitment, source: commitments.Source) -> list[tuple[Any, ...]]:
    facts: list[tuple[Any, ...]] = [
        (_("Who promised"), row.owner_name),
        (_("Where"), source.title or KINDS[source.kind], _source_url(row)),
    ]
    if row.meeting is not None:
        facts.append((_("Meeting"), meeting_words(row.meeting), meeting_url(row.meeting.pk)))
    facts += [(_("Promised on"), spoken(row.made_at)), (_("Due by"), spoken(row.due_by))]
    if row.moved:
        moved = _("%(n)d times, first by %(day)s") % {"n": row.moved, "day": spoken(row.first_due_by)}
        facts.append((pgettext("commitment", "Moved"), moved))
    if row.verifier_name:
        facts.append((_("Who looked"), row.verifier_name))
    if row.ended_at:
        facts.append((pgettext("commitment", "Closed"), spoken(row.ended_at)))
    facts.append((_("Residents read it"), _("yes") if row.is_public else _("no")))
    return facts


def _acts(row: Commitment) -> list[tuple[str, Any]]:
    names = {
        "show": ("commitment_show", _("Say that it was done")),
        "verify": ("commitment_verify", _("Verify it")),
        "move": ("commitment_move", _("Move its day")),
        "release": ("commitment_release", _("Release it")),
        "break": ("commitment_break", _("It was not kept")),
    }
    return [(_url(names[act][0], row), names[act][1]) for act in rules.acts_for(row.state)]


@keeper_reads
def evidence(request: HttpRequest, commitment: UUID) -> HttpResponse:
    """Give the file that shows that it was kept."""
    row = open_commitment(desk_of(request).actor, commitment)
    answer = answer_file(files.find_file(row.evidence_file))
    answer["Content-Disposition"] = "inline"
    return answer
