"""Briefings: the list, one with its numbers, how far its making is, its document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.reporting import briefing_policy as policy
from lianxin.domain.reporting.models import Briefing, BriefingKind
from lianxin.domain.reporting.queries import briefings as queries
from lianxin.domain.reporting.rules.briefings import last_on, last_whole
from lianxin.faces.district import briefing_desk as desk
from lianxin.faces.district.figure_links import figure_url, span_words
from lianxin.faces.district.forms.briefings import BriefingsFilter
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.briefing_acts import ACTS
from lianxin.faces.kit.tables import Column
from lianxin.faces.kit.timelines import happenings
from lianxin.insight.briefing_compare import Difference, differences, kept_values, period_of
from lianxin.insight.briefing_names import measures
from lianxin.platform.clock import local_day, now
from lianxin.platform.ids import new_id

State = Briefing.State
STANDS = (State.DRAFT, State.ISSUED, State.WITHDRAWN)
MOST_SHOWN = 200
LABELS = {"number": gettext_lazy("Number"), "figures": gettext_lazy("Numbers in it")}


@dataclass(frozen=True)
class Row:
    """A briefing in the list."""

    url: str
    title: str
    kind: str
    number: str
    state: str
    tone: str
    approved_name: str
    from_on: Any
    issued_at: Any


@dataclass(frozen=True)
class Number:
    """One figure in a briefing, of its whole period and place."""

    label: str
    name: str
    value: int
    unit: str
    url: str


@desk.reading
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List the briefings of the places that an office answers for."""
    actor, at = actor_of(request), now()
    states = [(value, label) for value, label in State.choices if value != State.DROPPED]
    form = BriefingsFilter(request.GET, states=states)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = queries.list_briefings(actor=actor, kind=wanted.get("kind", ""), state=wanted.get("state", ""))
    listing = Listing(
        name="briefings",
        title=pgettext("briefing", "Briefings"),
        rows=[_row(row) for row in rows],
        columns=(
            Column(pgettext("briefing", "Briefing"), sort="title"),
            Column(pgettext("briefing", "Kind"), sort="kind"),
            Column(_("Number")),
            Column(_("State"), sort="state"),
            Column(_("Approved by")),
            Column(pgettext("briefing", "Issued on"), sort="issued_at"),
        ),
        default_sort="",
        row_template="district/briefings/row.html",
        cells=lambda row: (
            *(row.title, row.kind, row.number, row.state, row.approved_name),
            local_day(row.issued_at) if row.issued_at else None,
        ),
    )
    context = desk.framed(
        request,
        (listing.title, ""),
        form=form,
        new_url=reverse("district:briefing_new"),
        due=_due(local_day(at)),
        templates_url=reverse("district:briefing_templates"),
    )
    return answer(request, listing, shown=shown, template="district/briefings/list.html", context=context, at=at)


def _due(today: Any) -> list[tuple[str, str]]:
    """Give the last month, quarter and year that are over, each with the form that asks for it."""
    texts = {"month": "{}-{:02d}", "quarter": "{}-Q{}", "year": "{}"}
    page = reverse("district:briefing_new")
    found = []
    for kind, label in BriefingKind.choices:
        text = texts[kind].format(*last_whole(kind, today))
        found.append((f"{page}?period={text}", f"{label} {text}"))
    return found


def _row(row: Briefing) -> Row:
    return Row(
        url=desk.page_of(row),
        title=desk.title_of(row),
        kind=str(BriefingKind(row.kind).label),
        number=desk.number_of(row),
        state=str(State(row.state).label),
        tone=desk.TONES[State(row.state)],
        approved_name=row.approved_name,
        from_on=row.from_on,
        issued_at=row.issued_at,
    )


@desk.reading
def briefing(request: HttpRequest, briefing: UUID) -> HttpResponse:
    """Show a briefing: its document, its numbers with what opens them, and what changed since."""
    actor = actor_of(request)
    row = queries.find_briefing(actor=actor, briefing=briefing)
    stands = row.state in STANDS
    numbers = _numbers(row) if stands else []
    context = desk.framed(
        request,
        desk.list_crumb(),
        (desk.title_of(row), ""),
        row=row,
        title=desk.title_of(row),
        subtitle=_("%(kind)s briefing %(number)s")
        % {"kind": BriefingKind(row.kind).label, "number": desk.number_of(row)},
        state_label=State(row.state).label,
        state_tone=desk.TONES[State(row.state)],
        is_making=row.state == State.MAKING,
        failure=row.failure,
        withdrawn=row.withdrawn_reason,
        download_url=reverse("district:briefing_file", args=[row.pk]) if stands else "",
        compared_url=reverse("district:briefing_compared", args=[row.pk]) if stands else "",
        buttons=_buttons(row) if policy.may_make(actor, row.area) else [],
        numbers=numbers,
        more=len(row.figures.get("values", ())) - len(numbers) if stands else 0,
        facts=_facts(row),
        entries=happenings(queries.timeline_of(actor=actor, row=row), titles=ACTS, labels=LABELS),
        **(_progress(row) if row.state == State.MAKING else {}),
    )
    return render(request, "district/briefings/briefing.html", context)


def _buttons(row: Briefing) -> list[tuple[str, Any, str]]:
    def to(name: str) -> str:
        return reverse(f"district:briefing_{name}", args=[row.pk])

    found: list[tuple[str, Any, str]] = []
    if row.state == State.DRAFT:
        found.append((to("issue"), _("Issue it"), "primary"))
    if row.state in (State.DRAFT, State.FAILED):
        found.append((to("again"), _("Make it again"), "quiet"))
    if row.state in (State.DRAFT, State.FAILED, State.MAKING):
        found.append((to("drop"), _("Throw it away"), "quiet"))
    if row.state == State.ISSUED:
        found.append((to("withdraw"), _("Withdraw it"), "quiet"))
    return found


def _facts(row: Briefing) -> list[tuple[Any, Any, str]]:
    template = (
        (_("Version %(n)d") % {"n": row.template.number}) if row.template else _("the one that comes with Lianxin")
    )
    url = desk.template_page(row.template) if row.template else reverse("district:briefing_templates")
    found = [
        (_("Number"), desk.number_of(row), ""),
        (_("Period"), period_of(row.from_on, row.until_on).label, ""),
        (pgettext("briefing", "Place"), row.area.official_name, ""),
        (_("Issuing office"), row.office, ""),
        (_("Day on the paper"), row.dated_on.isoformat(), ""),
        (_("Template"), template, url),
        (_("Asked for by"), row.asked_name or "—", ""),
    ]
    if row.approved_name:
        found.append((_("Approved by"), row.approved_name, ""))
    if row.issued_at:
        found.append((pgettext("briefing", "Issued on"), local_day(row.issued_at).isoformat(), ""))
    if row.digest:
        found.append((_("SHA-256 of the document"), row.digest, ""))
    return found


def _numbers(row: Briefing) -> list[Number]:
    found = []
    days, span = (row.from_on.isoformat(), row.until_on.isoformat()), span_words(row.from_on, row.until_on)
    own, known = str(row.area_id), measures()
    for name, from_on, until_on, place, value in kept_values(row.figures):
        if (from_on, until_on) == days and place in ("", own):
            measure = known.get(name)
            if measure is None:  # counted then, and no more
                found.append(Number(name, name, value, "", ""))
                continue
            url = figure_url(name, period=period_of(row.from_on, row.until_on).text or span, place=row.area_id)
            found.append(Number(str(measure.label), name, value, str(measure.unit), url))
    return found


def _progress(row: Briefing) -> dict[str, Any]:
    making = queries.making_of(row)
    over = row.state != State.MAKING
    return {
        "progress_id": "making",
        "progress_title": _("The briefing is being made"),
        "poll_url": reverse("district:briefing_progress", args=[row.pk]),
        "done": making.done,
        "total": making.total,
        "note": making.note,
        "finished": over or making.is_parked,
        "failed": row.state == State.FAILED or making.is_parked,
        "made_url": desk.page_of(row),
        "made_text": pgettext("briefing", "Open the briefing"),
    }


@desk.reading
def progress(request: HttpRequest, briefing: UUID) -> HttpResponse:
    """Tell how far the making is, for the page that asks again and again."""
    row = queries.find_briefing(actor=actor_of(request), briefing=briefing)
    told = _progress(row)
    words = {"title": told["progress_title"], "next_url": told["made_url"], "next_text": told["made_text"]}
    return render(request, "kit/progress.html", told | words)


@desk.reading
def download(request: HttpRequest, briefing: UUID) -> HttpResponse:
    """Hand the document out."""
    row = queries.find_briefing(actor=actor_of(request), briefing=briefing)
    name = f"{desk.title_of(row)} {desk.number_of(row)}.docx"
    return desk.answer_document(queries.file_of(row), name)


@desk.reading
def compared(request: HttpRequest, briefing: UUID) -> HttpResponse:
    """List the numbers that the records of today would give differently."""
    actor = actor_of(request)
    row = queries.find_briefing(actor=actor, briefing=briefing)
    found = differences(row.figures, communities=queries.communities_of(row.area), whole=row.area.short_name)
    context = desk.framed(
        request,
        desk.list_crumb(),
        (desk.title_of(row), desk.page_of(row)),
        (_("Beside the records of today"), ""),
        row=row,
        title=_("Beside the records of today"),
        count=len(row.figures.get("values", ())),
        differences=_changed(found[:MOST_SHOWN], row),
        more=max(0, len(found) - MOST_SHOWN),
        checked_at=now(),
        back_url=desk.page_of(row),
        key=new_id(),
    )
    return render(request, "district/briefings/compared.html", context)


def _changed(found: Sequence[Difference], row: Briefing) -> list[tuple[Difference, str, str]]:
    """Give each changed number with the days it is of and what opens it."""
    return [
        (
            one,
            one.period.label,
            figure_url(
                one.figure,
                period=one.period.text or span_words(one.period.from_on, last_on(one.period.until_on)),
                place=UUID(one.place_id) if one.place_id else row.area_id,
            ),
        )
        for one in found
    ]
