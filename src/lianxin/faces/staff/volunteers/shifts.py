"""One shift: who takes it, who came, what happened to it, and its list on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.activities.commands import hours, shift_places
from lianxin.domain.activities.models import Shift, ShiftPlace
from lianxin.domain.activities.queries.shifts import PlaceRow, ShiftPage, find_place, find_shift
from lianxin.domain.activities.rules.hours import moments_of
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.sheets import paper
from lianxin.platform.clock import LOCAL, now

from ..acting import ActForm, answer_form
from ..points.lists import Cell, Press, Row, cells, leads, small_table
from ..points.told import Section
from .desk import VolunteerDesk, desk_of
from .finding import ask_who, chosen
from .gate import keeping, reading_shifts, runner_presses, running
from .shift_forms import page_of
from .words import PLACE_TONES, SHIFT_TONES, clock_field, hours_words, span_words, story

State = Shift.State
PLACE_COLUMNS = (
    Column(gettext_lazy("Name")),
    Column(gettext_lazy("Sent by")),
    Column(gettext_lazy("State")),
    Column(pgettext_lazy("volunteering", "Hours")),
)
SHEET = (
    "",
    gettext_lazy("Name"),
    gettext_lazy("Sent by"),
    gettext_lazy("Came"),
    pgettext_lazy("volunteering", "Left"),
    pgettext_lazy("paper", "Signature"),
)


@reading_shifts
def show(request: HttpRequest, shift: UUID) -> HttpResponse:
    """Show one shift with who takes it and what can be done."""
    found = find_shift(actor=actor_of(request), shift=shift)
    desk = desk_of(request, found.shift.community_id)
    row = found.row
    if request.GET.get("as") == "print":
        return _sheet(request, desk, found)
    state = State(row.state)
    live = [place for place in found.places if place.state != ShiftPlace.State.CANCELLED]
    ended = [place for place in found.places if place.state == ShiftPlace.State.CANCELLED]
    runs = desk.opens_shifts
    columns = (*PLACE_COLUMNS, Column("")) if runs else PLACE_COLUMNS
    sections = [
        Section(
            _("Who takes it"),
            text=row.what,
            table=small_table(columns, [_place(place, found, runs=runs) for place in live]),
            empty=_("Nobody has taken it yet. Residents nearby see it.")
            if state == State.OPEN
            else _("Nobody took it."),
        )
    ]
    if ended:
        back = [Row(cells(place.name, place.organisation_name, place.ended_reason or "—")) for place in ended]
        names = (PLACE_COLUMNS[0], PLACE_COLUMNS[1], Column(_("Reason")))
        sections.append(Section(_("Given back"), table=small_table(names, back)))
    context = desk.context("shifts", row.role, (row.role, ""))
    context |= {
        "subtitle": " · ".join(filter(None, (row.title, span_words(row.starts_at, row.ends_at)))),
        "state_label": state.label,
        "state_tone": SHIFT_TONES[state],
        "banners": _banners(found),
        "sections": sections,
        "facts": _facts(found),
        "acts": _acts(desk, found),
        "presses": _presses(desk, found),
        "entries": story(found.timeline),
    }
    return render(request, "staff/points/record.html", context)


def _banners(found: ShiftPage) -> list[tuple[str, str]]:
    row = found.row
    if row.state == State.CANCELLED:
        return [("stop", _("Called off: %(reason)s") % {"reason": row.close_reason})]
    if row.state == State.OPEN and row.missing:
        return [("due", _("%(n)d more are needed for it to take place.") % {"n": row.missing})]
    return []


def _facts(found: ShiftPage) -> list[tuple[Any, ...]]:
    row = found.row
    facts: list[tuple[Any, ...]] = [
        (_("When"), span_words(row.starts_at, row.ends_at)),
        (_("Where"), row.where or "—"),
        (_("Have taken it"), f"{row.taken} / {row.most}"),
        (_("At least so many people"), row.least),
    ]
    if row.skills:
        facts.append((_("Skills that are needed"), "、".join(row.skills)))
    if row.team:
        facts.append((_("Team"), row.team_name, reverse("staff:team", kwargs={"team": row.team})))
    return facts


def _acts(desk: VolunteerDesk, found: ShiftPage) -> list[tuple[str, Any]]:
    row, named = found.row, {"shift": found.row.id}
    acts: list[tuple[str, Any]] = []
    if row.state == State.OPEN and desk.keeps and row.free > 0 and row.ends_at > desk.at:
        acts.append((reverse("staff:shift_put_down", kwargs=named), _("Put somebody down")))
        acts.append((reverse("staff:sending_shift", kwargs=named), _("People of a partner")))
    if row.state in (State.OPEN, State.DRAFT) and desk.opens_shifts:
        acts.append((reverse("staff:shift_edit", kwargs=named), _("Change it")))
        acts.append((reverse("staff:shift_cancel", kwargs=named), _("Call it off")))
    acts.append((f"{page_of(row.id)}?as=print", _("Print the list")))
    return acts


def _presses(desk: VolunteerDesk, found: ShiftPage) -> list[Press]:
    row = found.row
    if row.state != State.OPEN or row.ends_at > desk.at or row.occurrence is not None or not desk.opens_shifts:
        return []
    return [
        Press(reverse("staff:shift_close", kwargs={"shift": row.id}), _("Close it: all who came are noted"), "primary")
    ]


def _place(place: PlaceRow, found: ShiftPage, *, runs: bool) -> Row:
    state = ShiftPlace.State(place.state)
    presses = []
    began = found.row.starts_at <= now()
    if runs and state == ShiftPlace.State.TAKEN and found.row.state == State.OPEN:
        named = {"shift_place": place.id}
        if began:
            presses.append(Press(reverse("staff:shift_place_missed", kwargs=named), _("Did not come"), "plain"))
        presses.append(Press(reverse("staff:shift_place_back", kwargs=named), _("Give back"), "plain"))
    noted = runs and began and state != ShiftPlace.State.CANCELLED
    name = leads(place.name, "shift_place", shift_place=place.id) if noted else place.name
    sent = place.organisation_name or (_("reports in") if place.is_reporting_in else "")
    return Row(
        cells(
            name, sent, Cell(state.label, tone=PLACE_TONES[state]), hours_words(place.minutes) if place.minutes else ""
        ),
        pk=place.id,
        presses=presses,
    )


def _sheet(request: HttpRequest, desk: VolunteerDesk, found: ShiftPage) -> HttpResponse:
    rows = [
        (number, place.name, place.organisation_name, "", "", "")
        for number, place in enumerate((p for p in found.places if p.state != ShiftPlace.State.CANCELLED), start=1)
    ]
    blank = [(number, "", "", "", "", "") for number in range(len(rows) + 1, max(found.row.most, len(rows)) + 1)]
    return paper(
        request,
        title=found.row.role,
        headings=(
            "",
            _("Name"),
            _("Sent by"),
            _("Came"),
            pgettext("volunteering", "Left"),
            pgettext("paper", "Signature"),
        ),
        rows=[*rows, *blank],
        back_url=page_of(found.row.id),
        place=" · ".join(
            filter(None, (desk.name, found.row.where, span_words(found.row.starts_at, found.row.ends_at)))
        ),
    )


@keeping
def put_down(request: HttpRequest, shift: UUID) -> HttpResponse:
    """Put a resident down for a shift, as when they called."""
    found = find_shift(actor=actor_of(request), shift=shift)
    desk = desk_of(request, found.shift.community_id)
    crumbs = desk.crumbs((found.row.role, page_of(shift)), (_("Put somebody down"), ""))
    who = chosen(request, desk)
    if who is None:
        lead = span_words(found.row.starts_at, found.row.ends_at)
        return ask_who(request, desk, title=_("Who takes this shift?"), lead=lead, crumbs=crumbs)
    return answer_form(
        request,
        ActForm(request.POST or None),
        do=lambda wanted: shift_places.take_shift(
            actor=desk.actor, shift=shift, person=who.id, at=now(), key=wanted["key"]
        ),
        then=lambda _row: page_of(shift),
        said=_("Put down. Whoever has a phone gets a message."),
        title=_("Put %(name)s down for this shift") % {"name": who.masked_name},
        lead=f"{found.row.role} · {span_words(found.row.starts_at, found.row.ends_at)}",
        button=_("Put down"),
        cancel_url=page_of(shift),
        crumbs=crumbs,
    )


class CameForm(ActForm):
    """When somebody came and left."""

    came = clock_field(gettext_lazy("Came at"))
    left = clock_field(gettext_lazy("Left at"))


@running
def note_place(request: HttpRequest, shift_place: UUID) -> HttpResponse:
    """Note when somebody came to a shift and left; the hours follow from it."""
    row, place = find_place(actor=actor_of(request), place=shift_place)
    desk = desk_of(request, row.community)
    came = (place.came_at or row.starts_at).astimezone(LOCAL)
    left = (place.left_at or row.ends_at).astimezone(LOCAL)
    form = CameForm(request.POST or None, initial={"came": came.time(), "left": left.time()})

    def do(wanted: dict[str, Any]) -> Any:
        came_at, left_at = moments_of(
            came=wanted["came"], left=wanted["left"], starts_at=row.starts_at, ends_at=row.ends_at
        )
        return hours.note_hours(
            actor=desk.actor,
            place=shift_place,
            came_at=came_at,
            left_at=left_at,
            at=now(),
            key=wanted["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _entry: page_of(row.id),
        said=_("Noted. The hours stand in the ledger."),
        title=_("When %(name)s came and left") % {"name": place.name},
        lead=_("Planned: %(span)s. Half an hour before and an hour after count too.")
        % {"span": span_words(row.starts_at, row.ends_at)},
        button=_("Note it"),
        cancel_url=page_of(row.id),
        crumbs=desk.crumbs((row.role, page_of(row.id)), (place.name, "")),
    )


@runner_presses
def missed(request: HttpRequest, shift_place: UUID) -> HttpResponse:
    """Note that somebody did not come; nothing follows from it."""
    row, _place_row = find_place(actor=actor_of(request), place=shift_place)
    return press(
        request,
        do=lambda: shift_places.mark_missed(actor=actor_of(request), place=shift_place, at=now(), key=key_of(request)),
        back=page_of(row.id),
        said=_("Noted."),
    )


@runner_presses
def give_back(request: HttpRequest, shift_place: UUID) -> HttpResponse:
    """Give a place back for somebody who called; they are told."""
    row, _place_row = find_place(actor=actor_of(request), place=shift_place)
    return press(
        request,
        do=lambda: shift_places.give_back(actor=actor_of(request), place=shift_place, at=now(), key=key_of(request)),
        back=page_of(row.id),
        said=_("Given back. Somebody else can take it."),
    )


@runner_presses
def close(request: HttpRequest, shift: UUID) -> HttpResponse:
    """Close a shift that is over."""
    found = find_shift(actor=actor_of(request), shift=shift)
    return press(
        request,
        do=lambda: shift_places.close_shift(actor=actor_of(request), shift=shift, at=now(), key=key_of(request)),
        back=page_of(found.row.id),
        said=_("Closed."),
    )
