"""The door of a date, run from a phone: scan, type, press a name, write somebody down, take back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities.commands.arriving import Guest
from lianxin.domain.activities.commands.attendance import check_in, check_out, undo_attendance
from lianxin.domain.activities.commands.offline import check_in_shown
from lianxin.domain.activities.models import Attendance
from lianxin.domain.activities.queries.attendance import (
    ABSENT,
    CAME,
    HELPS,
    WAITING,
    DoorRow,
    find_attendance,
    find_door,
    narrowed,
)
from lianxin.domain.activities.queries.doors import (
    door_code,
)
from lianxin.engines.masking import mask_name
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken, time_words
from lianxin.platform.clock import LOCAL, now
from lianxin.platform.errors import Missing
from lianxin.platform.ids import new_id

from ..acting import REASON, ActForm, answer_form
from .desk import OccurrenceDesk, occurrence_desk
from .door_gate import runner_presses, running
from .door_words import HOW, KIND_TONES, KINDS
from .gate import reading

SHOWN_MOST = 150
ORDER = (ABSENT, HELPS, WAITING, CAME)


@reading
def show(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Show the door: the camera and a field first, then everybody who may come, and what else can be done."""
    desk = occurrence_desk(request, occurrence)
    if not desk.runs:
        return redirect("staff:attendance", occurrence=occurrence)
    view = find_door(actor=desk.actor, occurrence=occurrence, known=desk.row)
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:60]
    kind = kind if kind in KINDS else ""
    found = narrowed(view.rows, kind=kind, text=text)
    found.sort(key=lambda row: ORDER.index(row.kind))
    per_kind = {name: sum(row.kind == name for row in view.rows) for name in ORDER}
    here = desk.url("check_in")
    context = desk.context("check_in", (_("Check-in"), "")) | {
        "counts": view.counts,
        "rows": [_line(row) for row in found[:SHOWN_MOST]],
        "left_out": len(found) - SHOWN_MOST,
        "kinds": [(_("All"), here, not kind, len(view.rows))]
        + [(KINDS[name], f"{here}?{urlencode({'kind': name})}", kind == name, per_kind[name]) for name in ORDER],
        "text": text,
        "kind": kind,
        "key": new_id(),
        "has_check_out": view.occurrence.has_check_out,
        "why_closed": view.door.why_closed(desk.at),
        "is_finished": view.is_finished,
        "walk_in": WalkInForm(),
    }
    return render(request, "staff/activities/door.html", context)


def _line(row: DoorRow) -> dict[str, Any]:
    return {
        "row": row,
        "name": mask_name(row.name),
        "label": KINDS[row.kind],
        "tone": KIND_TONES[row.kind],
        "how": HOW.get(row.how, ""),
        "came": time_words(row.came_at.astimezone(LOCAL).time()) if row.came_at else "",
        "left": time_words(row.left_at.astimezone(LOCAL).time()) if row.left_at else "",
        "key": new_id(),
    }


def _back(request: HttpRequest, desk: OccurrenceDesk) -> str:
    """Return to the same view of the list."""
    asked = {name: request.POST.get(name, "") for name in ("kind", "q") if request.POST.get(name)}
    return f"{desk.url('check_in')}?{urlencode(asked)}" if asked else desk.url("check_in")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Missing from None


@runner_presses
def take(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Check in who was scanned, typed, or pressed on the list."""
    desk = occurrence_desk(request, occurrence)
    said: list[str] = []

    def do() -> None:
        key = key_of(request)
        if "shown" in request.POST:
            row = check_in_shown(actor=desk.actor, occurrence=occurrence, text=request.POST["shown"], at=now(), key=key)
        else:
            place = _uuid(request.POST.get("shift_place", ""))
            row = check_in(
                actor=desk.actor,
                occurrence=occurrence,
                sign_up=_uuid(request.POST.get("sign_up", "")),
                shift_place=place,
                how=Attendance.How.SHIFT if place else Attendance.How.NAME,
                at=now(),
                key=key,
            )
        said.append(_told(desk, row))

    return press(request, do=do, back=_back(request, desk), said=_Said(said))


class _Said:
    """A sentence that is known only after the act."""

    def __init__(self, said: list[str]) -> None:
        self._said = said

    def __str__(self) -> str:
        return self._said[0] if self._said else ""


def _told(desk: OccurrenceDesk, row: Attendance) -> str:
    found = find_attendance(actor=desk.actor, attendance=row.pk)
    name = mask_name(found.person.name if found.person else found.guest_name)
    if found.noted_at < desk.at:
        return _("%(name)s was checked in before, at %(when)s.") % {"name": name, "when": spoken(found.came_at)}
    return _("%(name)s is checked in.") % {"name": name}


@runner_presses
def leave(request: HttpRequest, attendance: UUID) -> HttpResponse:
    """Note that somebody leaves."""
    row = find_attendance(actor=actor_of(request), attendance=attendance)
    desk = occurrence_desk(request, row.occurrence_id)
    return press(
        request,
        do=lambda: check_out(actor=desk.actor, attendance=attendance, at=now(), key=key_of(request)),
        back=_back(request, desk),
        said=_("Checked out."),
    )


class UndoForm(ActForm):
    """Why a check-in is taken back."""

    reason = forms.CharField(
        label=REASON, max_length=200, initial=gettext_lazy("Pressed by mistake"), help_text=gettext_lazy("For the log.")
    )


@running
def undo(request: HttpRequest, attendance: UUID) -> HttpResponse:
    """Take a check-in back with what followed from it."""
    row = find_attendance(actor=actor_of(request), attendance=attendance)
    desk = occurrence_desk(request, row.occurrence_id)
    name = mask_name(row.person.name if row.person else row.guest_name)
    return answer_form(
        request,
        UndoForm(request.POST or None),
        do=lambda wanted: undo_attendance(
            actor=desk.actor, attendance=attendance, reason=wanted["reason"], at=now(), key=wanted["key"]
        ),
        then=lambda _row: desk.url("check_in"),
        said=_("Taken back, with points and hours if there were any."),
        title=_("Take back the check-in of %(name)s") % {"name": name},
        lead=_("Attendance, figures, points and hours of this check-in are taken back together."),
        button=_("Take back"),
        cancel_url=desk.url("check_in"),
        crumbs=desk.crumbs((_("Check-in"), desk.url("check_in")), (_("Take back"), "")),
    )


class WalkInForm(ActForm):
    """Somebody who came without signing up."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("With it a resident is found on the register. It may be left out."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


@running
def walk_in(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Write down somebody who came without signing up."""
    desk = occurrence_desk(request, occurrence)
    return answer_form(
        request,
        WalkInForm(request.POST or None),
        do=lambda wanted: check_in(
            actor=desk.actor,
            occurrence=occurrence,
            guest=Guest(wanted["name"], wanted["phone"]),
            how=Attendance.How.WALK_IN,
            at=now(),
            key=wanted["key"],
        ),
        then=lambda _row: desk.url("check_in"),
        said=lambda row: _told(desk, row),
        title=_("Came without signing up"),
        button=_("Check in"),
        cancel_url=desk.url("check_in"),
        crumbs=desk.crumbs((_("Check-in"), desk.url("check_in")), (_("Without signing up"), "")),
    )


@reading
def code(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Give the sheet with the code for the door: residents scan it and check themselves in."""
    desk = occurrence_desk(request, occurrence)
    if not desk.runs:
        raise Missing
    path = reverse("resident:check_in", kwargs={"code": door_code(desk.row)})
    context = {
        "sheet_title": desk.title,
        "sheet_place": desk.where,
        "sheet_period": desk.when,
        "address": request.build_absolute_uri(path),
        "back_url": desk.url("check_in"),
    }
    return render(request, "staff/activities/door_code.html", context)
