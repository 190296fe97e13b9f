"""Who came: the list, the sheet on paper typed back, finishing, crowds in the open air, who did not come."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from lianxin.domain.activities.commands.crowds import log_crowd, undo_crowd
from lianxin.domain.activities.commands.finishing import finish_occurrence
from lianxin.domain.activities.commands.imports import RUN_KIND_NAME
from lianxin.domain.activities.commands.no_shows import forgive_no_show
from lianxin.domain.activities.commands.paper import SheetEntered, enter_sheet
from lianxin.domain.activities.models import CrowdLog, Occurrence
from lianxin.domain.activities.queries.attendance import (
    DoorRow,
    DoorView,
    find_crowd,
    find_door,
    find_no_show,
    list_no_shows,
    narrowed,
    sheet_rows,
)
from lianxin.domain.activities.rules.no_shows import FORGIVEN_MONTHS
from lianxin.domain.activities.rules.sheets import BLANK_ROWS
from lianxin.engines.masking import mask_name
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import REASON, ActForm, answer_form
from ..points.lists import Cell, Page, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .desk import OccurrenceDesk, occurrence_desk
from .door_gate import running
from .door_words import HOW, KIND_TONES, KINDS
from .gate import reading

COLUMNS = (
    Column(gettext_lazy("Name")),
    Column(pgettext_lazy("activity", "Number"), numeric=True),
    Column(gettext_lazy("State")),
    Column(pgettext_lazy("door", "Known by")),
    Column(pgettext_lazy("door", "Came")),
    Column(pgettext_lazy("door", "Left")),
    Column(gettext_lazy("Minutes"), numeric=True),
)
ABSENT_COLUMNS = (
    Column(gettext_lazy("Name")),
    Column(pgettext_lazy("activity", "Times in this series"), numeric=True),
    Column(gettext_lazy("State")),
)


class FilterForm(forms.Form):
    """Who is shown."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Who"), choices=[("", gettext_lazy("All")), *KINDS.items()], required=False
    )
    q = forms.CharField(label=gettext_lazy("Name"), max_length=60, required=False)


@reading
def show(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Show who came to a date, and who had a place; as a workbook and on paper too."""
    desk = occurrence_desk(request, occurrence)
    view = find_door(actor=desk.actor, occurrence=occurrence, known=desk.row)
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = narrowed(view.rows, kind=wanted.get("kind", ""), text=wanted.get("q", ""))

    def fetch(after: str) -> Page:
        return [_row(desk, row) for row in found], ""

    context = desk.context("attendance", (pgettext("activity", "Who came"), "")) | {
        "form": form,
        "lead": _counted(view),
        "buttons": _buttons(desk, view),
        "facts": _facts(desk, view),
        "empty_title": _("Nobody is on record yet."),
        "empty_text": _("Check people in at the door, or type in the sheet that they signed."),
        "sections": _sections(desk, view),
    }
    return answer_list(
        request,
        columns=COLUMNS,
        fetch=fetch,
        context=context,
        template="staff/activities/attendance.html",
        count=len(found),
        place=desk.when,
    )


def _counted(view: DoorView) -> str:
    counts = view.counts
    words = [
        ngettext("%(n)d person-time.", "%(n)d person-times.", counts.came) % {"n": counts.came},
        _("%(n)d had a place.") % {"n": counts.places},
    ]
    if counts.without_place:
        words.append(_("%(n)d came without one.") % {"n": counts.without_place})
    if counts.on_shifts:
        words.append(_("%(n)d helped.") % {"n": counts.on_shifts})
    return " ".join(words)


def _row(desk: OccurrenceDesk, row: DoorRow) -> Row:
    name: Any = mask_name(row.name)
    if desk.runs and row.attendance is not None:
        name = leads(name, "attendance_undo", attendance=row.attendance)
    return Row(
        cells(
            name,
            row.place_no,
            Cell(KINDS[row.kind], tone=KIND_TONES[row.kind]),
            HOW.get(row.how, ""),
            row.came_at,
            row.left_at,
            row.minutes or None,
        ),
        pk=row.attendance or row.sign_up or row.shift_place,
    )


def _buttons(desk: OccurrenceDesk, view: DoorView) -> list[tuple[str, Any]]:
    if not desk.runs or desk.row.state in (Occurrence.State.DRAFT, Occurrence.State.CANCELLED):
        return []
    over = desk.at >= desk.row.starts_at
    buttons = []
    if over:
        buttons.append((desk.url("attendance_type"), _("Type in the sheet")))
        new = f"{reverse('staff:import_new')}?kind={RUN_KIND_NAME}&occurrence={desk.row.pk}"
        buttons.append((new, _("Send in a table")))
    if desk.at >= desk.row.ends_at and not view.is_finished:
        buttons.append((desk.url("attendance_finish"), _("Finish")))
    if over and desk.row.room_id is None:
        buttons.append((desk.url("attendance_crowd"), _("Count a crowd in the open air")))
    buttons.append((desk.url("attendance_sheet"), _("Sheet to sign")))
    return buttons


def _facts(desk: OccurrenceDesk, view: DoorView) -> list[tuple[Any, Any]]:
    counts = view.counts
    facts: list[tuple[Any, Any]] = [
        (_("Came"), counts.came),
        (_("With a place"), counts.places),
        (_("On the waiting list"), counts.waiting),
        (_("Volunteers"), counts.on_shifts),
    ]
    if counts.crowd:
        facts.append((_("Counted without names, apart from all others"), counts.crowd))
    return facts


def _sections(desk: OccurrenceDesk, view: DoorView) -> list[Section]:
    sections = [_crowd_section(view.crowd)] if desk.runs and view.crowd is not None else []
    absent = list_no_shows(actor=desk.actor, row=desk.row) if view.is_finished else []
    if absent:
        rows = [
            Row(
                cells(
                    one.masked_name if one.forgiven_at else leads(one.masked_name, "no_show_forgive", no_show=one.id),
                    one.times,
                    Cell(_("forgiven: %(why)s") % {"why": one.forgiven_why}, tone="quiet")
                    if one.forgiven_at
                    else Cell(pgettext("activity", "did not come"), tone="due"),
                ),
                pk=one.id,
            )
            for one in absent
        ]
        told = _(
            "Only the office sees this. After two times in a series somebody waits until others have had their turn; "
            "after %(months)d months it is forgotten. Elders are never on it."
        ) % {"months": FORGIVEN_MONTHS}
        sections.append(
            Section(_("Had a place and did not come"), lines=[told], table=small_table(ABSENT_COLUMNS, rows))
        )
    return sections


def _crowd_section(log: CrowdLog) -> Section:
    undo = reverse("staff:crowd_undo", kwargs={"crowd": log.pk})
    lines = [
        _("%(count)d people, counted: %(how)s.") % {"count": log.count, "how": log.counted_how},
        _("It is shown apart and added to no figure of people."),
    ]
    return Section(_("Crowd in the open air"), lines=lines, links=[(undo, _("Take this count back"))])


@reading
def sheet(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Give the sheet to sign, with a code for each row and blank rows for those who did not sign up."""
    actor = actor_of(request)
    desk = occurrence_desk(request, occurrence)
    _date, rows = sheet_rows(actor=actor, occurrence=occurrence)
    context = {
        "sheet_title": _("Sign-in: %(title)s") % {"title": desk.title},
        "sheet_place": desk.where,
        "sheet_period": desk.when,
        "sheet_url": request.build_absolute_uri(desk.url("attendance")),
        "printed_at": desk.at,
        "back_url": desk.url("attendance"),
        "rows": rows,
        "blanks": range(1, BLANK_ROWS + 1),
    }
    return render(request, "staff/activities/sheet.html", context)


class SheetForm(ActForm):
    """What stands on the sheet."""

    text = forms.CharField(
        label=gettext_lazy("Codes of the signed rows, and names"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Codes one after the other, with spaces between them. Whoever wrote themselves down: one on each line, "
            "name and phone number."
        ),
    )


@running
def type_in(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Take in a sheet; lines that cannot be taken come back, the others are entered."""
    desk = occurrence_desk(request, occurrence)
    form = SheetForm(request.POST or None)
    left_over: list[tuple[str, str]] = []

    def do(wanted: dict[str, Any]) -> SheetEntered:
        done = enter_sheet(actor=desk.actor, occurrence=occurrence, text=wanted["text"], at=now())
        left_over.extend(done.problems)
        return done

    answer = answer_form(
        request,
        form,
        do=do,
        then=lambda _done: desk.url("attendance"),
        said=_entered,
        title=_("Type in the sheet"),
        lead=_("What is right is entered at once. Typed twice, nobody is counted twice."),
        button=_("Enter"),
        cancel_url=desk.url("attendance"),
        crumbs=desk.crumbs((pgettext("activity", "Who came"), desk.url("attendance")), (_("Sheet"), "")),
    )
    if not left_over:
        return answer
    again = SheetForm(initial={"text": "\n".join(text for text, _why in left_over)})
    context = {
        "form": again,
        "title": _("Type in the sheet"),
        "lead": _("These lines could not be taken. All others are entered."),
        "lines": [f"{text}: {why}" for text, why in left_over],
        "button": _("Enter these lines"),
        "cancel_url": desk.url("attendance"),
        "crumbs": desk.crumbs((pgettext("activity", "Who came"), desk.url("attendance")), (_("Sheet"), "")),
    }
    return render(request, "staff/form.html", context, status=422)


def _entered(done: SheetEntered) -> str:
    words = ngettext("%(n)d person is entered.", "%(n)d people are entered.", done.new) % {"n": done.new}
    if done.known:
        words += " " + _("%(n)d were on record before.") % {"n": done.known}
    return words


class FinishForm(ActForm):
    """Whether it was held."""

    was_held = forms.ChoiceField(
        label=gettext_lazy("Was it held?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No, nobody came"))],
        widget=forms.RadioSelect,
    )


@running
def finish(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Finish a date: from then on it counts."""
    desk = occurrence_desk(request, occurrence)
    view = find_door(actor=desk.actor, occurrence=occurrence, known=desk.row)
    somebody = bool(view.counts.came or view.counts.crowd)
    form = FinishForm(request.POST or None, initial={"was_held": "yes" if somebody else "no"})
    return answer_form(
        request,
        form,
        do=lambda wanted: finish_occurrence(
            actor=desk.actor, occurrence=occurrence, was_held=wanted["was_held"] == "yes", at=now(), key=wanted["key"]
        ),
        then=lambda _row: desk.url("attendance"),
        said=_("Finished. A sheet that turns up later can still be entered."),
        title=_("Finish: %(title)s") % {"title": desk.title},
        lead=_counted(view),
        lines=[
            _("Who still waits for a place is told that there was none."),
            _("Hours of those who forgot to check out run until the planned end."),
        ],
        button=_("Finish"),
        cancel_url=desk.url("attendance"),
        crumbs=desk.crumbs((pgettext("activity", "Who came"), desk.url("attendance")), (_("Finish"), "")),
    )


class CrowdForm(ActForm):
    """How many, and how they were counted."""

    count = forms.IntegerField(label=gettext_lazy("How many people"), min_value=1, max_value=100_000)
    counted_how = forms.CharField(
        label=gettext_lazy("Who counted, and how"),
        max_length=100,
        help_text=gettext_lazy("For example: Xiaolin with a hand counter, at eight o'clock."),
    )


@running
def crowd(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Write down a crowd in the open air, counted without names."""
    desk = occurrence_desk(request, occurrence)
    return answer_form(
        request,
        CrowdForm(request.POST or None),
        do=lambda wanted: log_crowd(
            actor=desk.actor,
            occurrence=occurrence,
            count=wanted["count"],
            counted_how=wanted["counted_how"],
            at=now(),
            key=wanted["key"],
        ),
        then=lambda _log: desk.url("attendance"),
        said=_("Written down, apart from the figures of people."),
        title=_("Count a crowd in the open air"),
        lead=_("Such a count is shown apart and added to no figure. A new count replaces the former one."),
        button=_("Write down"),
        cancel_url=desk.url("attendance"),
        crumbs=desk.crumbs((pgettext("activity", "Who came"), desk.url("attendance")), (_("Crowd"), "")),
    )


class ReasonForm(ActForm):
    """Why."""

    reason = forms.CharField(label=REASON, max_length=100)


@running
def crowd_undo(request: HttpRequest, crowd: UUID) -> HttpResponse:
    """Take a count back."""
    log = find_crowd(actor=actor_of(request), log=crowd)
    desk = occurrence_desk(request, log.occurrence_id)
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        do=lambda wanted: undo_crowd(actor=desk.actor, log=crowd, reason=wanted["reason"], at=now(), key=wanted["key"]),
        then=lambda _log: desk.url("attendance"),
        said=_("The count is taken back."),
        title=_("Take this count back"),
        button=_("Take back"),
        cancel_url=desk.url("attendance"),
        crumbs=desk.crumbs((pgettext("activity", "Who came"), desk.url("attendance")), (_("Take back"), "")),
    )


@running
def forgive(request: HttpRequest, no_show: UUID) -> HttpResponse:
    """Forgive that somebody did not come."""
    row = find_no_show(actor=actor_of(request), no_show=no_show)
    desk = occurrence_desk(request, row.sign_up.occurrence_id)
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        do=lambda wanted: forgive_no_show(
            actor=desk.actor, no_show=no_show, why=wanted["reason"], at=now(), key=wanted["key"]
        ),
        then=lambda _row: desk.url("attendance"),
        said=_("Forgiven."),
        title=_("%(name)s had a reason not to come") % {"name": mask_name(row.person.name)},
        button=_("Forgive"),
        cancel_url=desk.url("attendance"),
        crumbs=desk.crumbs((pgettext("activity", "Who came"), desk.url("attendance")), (_("Forgive"), "")),
    )
