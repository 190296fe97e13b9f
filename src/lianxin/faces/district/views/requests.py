"""What offices above ask of communities: the list, and one request with what is known and what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.places.models import Division
from lianxin.domain.reporting import requests_policy as policy
from lianxin.domain.reporting.models import RequestField, UpperRequest
from lianxin.domain.reporting.queries import requests as queries
from lianxin.faces.district.figure_links import figure_url
from lianxin.faces.district.forms.requests import RequestsFilter, kept_words
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer, workbook
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.stored import answer_file
from lianxin.faces.kit.tables import Column
from lianxin.insight import figures, periods
from lianxin.insight.areas import Area
from lianxin.platform import files, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

State = UpperRequest.State
TONES = {"draft": "quiet", "sent": "due", "closed": "done", "expired": "quiet", "withdrawn": "quiet"}
REACH_TONES = {"asked": "due", "answered": "done", "delivered": "done", "lapsed": "quiet"}


@dataclass(frozen=True)
class Row:
    """One request of the list."""

    one: UpperRequest
    progress: queries.Progress
    tone: str

    @property
    def answered(self) -> str:
        """Say how many of those who were asked have answered."""
        whole = self.progress.asked + self.progress.answered
        return f"{self.progress.answered}/{whole}" if whole else "—"


@dataclass(frozen=True)
class Cell:
    """What stands in one field of one community."""

    shown: Any
    url: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Line:
    """One community's line of what is known and answered."""

    community: Division
    cells: Sequence[Cell]
    state: Any = ""
    tone: str = ""


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List what offices ask, the newest first."""
    actor, at = actor_of(request), now()
    form = RequestsFilter(request.GET)
    office = form.asked("office")
    found = list(
        queries.list_requests(actor=actor, state=form.asked("state"), level=form.asked("level"), office=office)[:2000]
    )
    progress = queries.progress_of(actor=actor, requests=[one.pk for one in found], at=at)
    rows = [Row(one, progress.get(one.pk, queries.Progress()), TONES[one.state]) for one in found]
    listing = Listing(
        name="requests",
        title=_("Requests of upper offices"),
        place=office,
        rows=rows,
        default_sort="",
        row_template="district/row_request.html",
        cells=lambda row: (
            *(row.one.title, row.one.office_name, row.one.get_office_level_display(), row.one.get_kind_display()),
            *(local_day(row.one.sent_at) if row.one.sent_at else None, local_day(row.one.due_at)),
            *(row.one.hands, row.one.known, row.answered, row.one.get_state_display()),
        ),
        columns=(
            Column(pgettext("request", "Request")),
            Column(_("Who asks"), sort="one__office_name"),
            Column(pgettext("office", "Level")),
            Column(pgettext("request", "Kind")),
            Column(pgettext("request", "Sent"), sort="one__sent_at"),
            Column(_("Due by"), sort="one__due_at"),
            Column(_("By hand"), sort="one__hands", numeric=True),
            Column(_("Known"), sort="one__known", numeric=True),
            Column(pgettext("request", "Answered"), numeric=True),
            Column(_("State"), sort="one__state"),
        ),
    )
    context = {
        "form": form,
        "may_ask": policy.may_ask(actor),
        "office": office,
        "empty_title": _("Nobody asked anything yet."),
        "empty_text": _("What offices above want to know goes through the gate here."),
    }
    return answer(request, listing, shown=shown, template="district/requests.html", context=context, at=at)


@shown_to_offices
def upper_request(request: HttpRequest, upper_request: UUID) -> HttpResponse:
    """Show a request: what it still lacks, what is known of it now, what was answered."""
    actor, at = actor_of(request), now()
    row = queries.find_request(actor=actor, request=upper_request)
    fields = queries.fields_of(row)
    places = queries.places_of(actor=actor, request=row.pk)
    number = _asked_round(request, row)
    manages = queries.may_manage(actor=actor, request=row.pk)
    standing = queries.standing_of(request=row, at=at) if row.state == State.DRAFT else None
    with scope.within(actor.communities):
        lines, total = lines_of(actor, row, fields, places, number, at)
    progress = queries.progress_of(actor=actor, requests=[row.pk], at=at).get(row.pk, queries.Progress())
    context = {
        "row": row,
        "fields": [(one, kept_words(one)) for one in fields],
        "lines": lines if row.state != State.DRAFT or any(one.how != "hand" for one in fields) else [],
        "total": total,
        "rounds": [(n, n == number) for n in range(1, row.rounds + 1)] if row.rounds > 1 else [],
        "standing": standing,
        "progress": progress,
        "manages": manages,
        "acts": acts_of(row) if manages else [],
        "may_write": manages and row.state == State.DRAFT,
        "state_label": row.get_state_display(),
        "state_tone": TONES[row.state],
        "facts": facts_of(row, len(places)),
        "crumbs": crumbs_of((row.title, "")),
    }
    return render(request, "district/request.html", context)


@shown_to_offices
def export(request: HttpRequest, upper_request: UUID) -> HttpResponse:
    """Give what is known and what was answered as a workbook."""
    actor, at = actor_of(request), now()
    row = queries.find_request(actor=actor, request=upper_request)
    fields = queries.fields_of(row)
    places = queries.places_of(actor=actor, request=row.pk)
    with scope.within(actor.communities):
        lines, total = lines_of(actor, row, fields, places, _asked_round(request, row), at)
    table = [[line.community.short_name, *(cell.shown for cell in line.cells), line.state] for line in lines]
    if total:
        table.append([_("Together"), *(cell.shown for cell in total), ""])
    headings = [_("Community"), *(f"{one.label} ({one.unit})" if one.unit else one.label for one in fields), _("State")]
    return workbook(title=f"{row.office_name} {row.title}", headings=headings, rows=table, at=at)


@shown_to_offices
def file(request: HttpRequest, request_answer: UUID) -> HttpResponse:
    """Give the file that a community handed in."""
    found = queries.find_answer(actor=actor_of(request), answer=request_answer)
    if found.file_id is None:
        raise Missing
    answered = answer_file(files.find_file(found.file_id))
    answered["Content-Disposition"] = "inline"
    return answered


def lines_of(
    actor: Actor,
    row: UpperRequest,
    fields: Sequence[RequestField],
    places: Sequence[Division],
    number: int,
    at: datetime,
) -> tuple[list[Line], list[Cell]]:
    """Give a line for each community and one for all: figures as they are now, answers as they were given."""
    known, together = _known(row, fields, places, number, actor, at)
    told = {one.community.pk: one for one in queries.answers_of(actor=actor, request=row, round=number or 1)}
    lines = []
    sums: dict[UUID, Decimal] = {}
    for place in places:
        cells = []
        one = told.get(place.pk)
        for position, field in enumerate(fields):
            if field.pk in known:
                value, period = known[field.pk].get(place.pk, (0, ""))
                cells.append(Cell(value, figure_url(field.measure, period=period, place=place.pk), True))
                continue
            said = one.values[position] if one else ""
            answer_of = one.files[position] if one else None
            if said and field.answer_type == "number":
                sums[field.pk] = sums.get(field.pk, Decimal()) + Decimal(said)
            address = reverse("district:request_answer", args=[answer_of]) if answer_of else ""
            cells.append(Cell(said or "—", address, field.answer_type == "number"))
        state = one.reach.get_state_display() if one else ""
        lines.append(Line(place, cells, state, REACH_TONES[one.reach.state] if one else ""))
    total = [together.get(field.pk) or Cell(sums.get(field.pk, "") if sums else "", "", True) for field in fields]
    return lines, total if together or sums else []


def _known(
    row: UpperRequest,
    fields: Sequence[RequestField],
    places: Sequence[Division],
    number: int,
    actor: Actor,
    at: datetime,
) -> tuple[dict[UUID, dict[UUID, tuple[int, str]]], dict[UUID, Cell]]:
    """Give the known figures of a request by field and community, and each for all communities together."""
    on = queries.asked_on(actor=actor, request=row, round=number, at=at)
    by_period: dict[str, list[RequestField]] = {}
    for field in fields:
        if field.how == "figure":
            by_period.setdefault(queries.period_of(field, on=on), []).append(field)
    areas = [Area("community", one.pk, one.short_name, one.code, frozenset({one.pk})) for one in places]
    whole = Area("mine", None, "", "", frozenset(one.pk for one in places))
    known: dict[UUID, dict[UUID, tuple[int, str]]] = {}
    together: dict[UUID, Cell] = {}
    for text, asked in by_period.items():
        period = periods.read_period(text, today=local_day(at))
        names = list(dict.fromkeys(one.measure for one in asked))
        found = figures.by_area(names, period=period, areas=areas)
        whole_values = figures.values(names, period=period, area=whole)
        for field in asked:
            known[field.pk] = {one.pk: (found[field.measure].get(one.pk, 0), text) for one in places}
            together[field.pk] = Cell(whole_values[field.measure], figure_url(field.measure, period=text), True)
    return known, together


def _asked_round(request: HttpRequest, row: UpperRequest) -> int:
    text = request.GET.get("round", "")
    return int(text) if text.isdecimal() and 0 < int(text[:6]) <= row.rounds else row.rounds


def acts_of(row: UpperRequest) -> list[tuple[str, Any, str]]:
    """Give what its office can do with a request now: address, words, kind of button."""
    names: dict[str, list[tuple[str, Any, str]]] = {
        State.DRAFT: [
            ("request_send", _("Send it"), "primary"),
            ("request_edit", _("Edit"), "quiet"),
            ("request_discard", _("Discard the draft"), "danger"),
        ],
        State.SENT: [
            ("request_close", pgettext("request", "Close it"), "quiet"),
            *([("request_renew", _("New approval"), "quiet")] if row.repeats != "once" else []),
            ("request_withdraw", pgettext("request", "Withdraw it"), "danger"),
        ],
    }
    return [(reverse(f"district:{name}", args=[row.pk]), text, kind) for name, text, kind in names.get(row.state, [])]


def facts_of(row: UpperRequest, places: int) -> list[tuple[Any, ...]]:
    """Give what stands beside a request."""
    found: list[tuple[Any, ...]] = [
        (_("Who asks"), f"{row.office_name} · {row.get_office_level_display()}"),
        (pgettext("request", "Kind"), row.get_kind_display()),
        (pgettext("request", "How it came"), row.get_came_by_display()),
        (_("Communities that are asked"), places),
        (_("Due by"), spoken(row.due_at)),
        (_("How often"), row.get_repeats_display()),
        (_("Asked until"), spoken(row.expires_on) if row.expires_on else None),
        (_("Purpose"), row.purpose or None),
        (pgettext("request", "Approved by"), " · ".join(filter(None, (row.approver, row.approval_number))) or None),
    ]
    if row.legal_basis:
        found.append((_("Legal basis"), row.legal_basis))
    if row.sent_at:
        found.append((pgettext("request", "Sent"), spoken(row.sent_at)))
    if row.next_on:
        found.append((_("Asked again on"), spoken(row.next_on)))
    return found


def crumbs_of(*way: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Give the way to a page about requests."""
    return [
        (_("Overview"), reverse("district:overview")),
        (_("Requests of upper offices"), reverse("district:requests")),
        *way,
    ]
