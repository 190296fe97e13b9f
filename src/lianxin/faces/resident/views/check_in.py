"""Checking in with one's own phone: the code at the door, one page, one button."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.domain.activities.commands.attendance import check_out
from lianxin.domain.activities.commands.doors import require_code, scan_door
from lianxin.domain.activities.queries.doors import (
    OpenDoor,
    OwnRow,
    find_sign_up_by,
    list_open_doors,
    list_own,
)
from lianxin.faces.kit.acting import key_of
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.resident.activity_words import span_words
from lianxin.faces.resident.community import actor_of
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing, NotAllowed, Problem
from lianxin.platform.ids import new_id


class OwnForm(forms.Form):
    """Who of the household is here."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    people = forms.MultipleChoiceField(label=gettext_lazy("Who is here?"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, rows: list[OwnRow], me: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coming = [row for row in rows if row.attendance is None and row.person is not None]
        field: Any = self.fields["people"]
        field.choices = [(str(row.person), row.name) for row in coming]
        # Who has no place and is not oneself must be ticked by hand: they may be at home.
        field.initial = [str(row.person) for row in coming if row.has_place] or [
            str(row.person) for row in coming if row.person == me
        ]
        field.error_messages["required"] = _("Say who is here.")


class TicketForm(forms.Form):
    """The ticket of somebody who has no login."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
    ticket = forms.CharField(
        label=gettext_lazy("The six digits of your ticket"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the code leads to, and check in who is ticked."""
    at = now()
    doors = list_open_doors(code=code, at=at)
    wanted = request.GET.get("date", "")
    chosen = next((door for door in doors if str(door.id) == wanted), doors[0] if len(doors) == 1 else None)
    if chosen is None:
        return render(request, "resident/activities/doors.html", {"doors": [_told(door, code) for door in doors]})
    actor = actor_of(request)
    rows = list_own(actor=actor, occurrence=chosen.id, at=at)
    by_ticket = request.method == "POST" and "ticket" in request.POST
    ticket = TicketForm(request.POST if by_ticket else None)
    own = OwnForm(request.POST if request.method == "POST" and not by_ticket else None, rows=rows, me=actor.person)
    if request.method == "POST":
        done = _take_ticket(request, code, chosen, ticket) if by_ticket else _take_own(request, code, chosen, own)
        if done is not None:
            return done
    context = {
        "door": chosen,
        "span": span_words(chosen.starts_at, chosen.ends_at),
        "own": own if rows and any(row.attendance is None for row in rows) else None,
        "here": [row for row in rows if row.attendance is not None],
        "ticket": ticket,
        "is_known": actor.person is not None,
        "log_in": f"{reverse('login_phone')}?{urlencode({'next': request.get_full_path()})}",
        "code": code,
        "key": new_id(),
        "crumbs": [(_("Activities"), reverse("resident:activities")), (_("Check in"), "")],
    }
    return render(
        request, "resident/activities/check_in.html", context, status=422 if request.method == "POST" else 200
    )


@never_cache
@require_POST
def leave(request: HttpRequest, code: str, attendance: UUID) -> HttpResponse:
    """Note that one leaves, where hours count; the code at the door is needed for this too."""
    at = now()
    actor = actor_of(request)
    found: OpenDoor | None = None
    for door in list_open_doors(code=code, at=at):
        if any(row.attendance == attendance for row in list_own(actor=actor, occurrence=door.id, at=at)):
            found = door
    if found is None:
        raise Missing
    try:
        require_code(code, occurrence=found.id, at=at)
        check_out(actor=actor, attendance=attendance, at=at, key=key_of(request))
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        messages.error(request, str(problem.detail))
    else:
        messages.success(request, _("Checked out. Thank you."))
    return HttpResponseRedirect(_page(code, found))


def _page(code: str, door: OpenDoor) -> str:
    return f"{reverse('resident:check_in', kwargs={'code': code})}?{urlencode({'date': str(door.id)})}"


def _told(door: OpenDoor, code: str) -> dict[str, Any]:
    return {"door": door, "span": span_words(door.starts_at, door.ends_at), "url": _page(code, door)}


def _take_own(request: HttpRequest, code: str, door: OpenDoor, form: OwnForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    people = [UUID(pk) for pk in form.cleaned_data["people"]]
    return _take(request, code, door, form, key=form.cleaned_data["key"], people=people)


def _take_ticket(request: HttpRequest, code: str, door: OpenDoor, form: TicketForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    told = form.cleaned_data["ticket"]
    place = find_sign_up_by(occurrence=door.id, told=told)
    if place is None:
        form.add_error(
            "ticket", _("Nobody has this code here. Please look at the six digits again, or ask at the door.")
        )
        return None
    return _take(request, code, door, form, key=form.cleaned_data["key"], sign_up=place, token=told)


def _take(
    request: HttpRequest, code: str, door: OpenDoor, form: forms.Form, *, key: UUID | None, **who: Any
) -> HttpResponse | None:
    actor = actor_of(request).visiting(door.community)
    try:
        rows = scan_door(actor=actor, code=code, occurrence=door.id, at=now(), key=key, **who)
    except Problem as problem:
        if problem.fields:
            add_problem(form, problem)
        else:
            form.add_error(None, str(problem.detail))
        return None
    messages.success(
        request,
        _("Checked in. Have a good time.") if len(rows) == 1 else _("All of you are checked in. Have a good time."),
    )
    return HttpResponseRedirect(_page(code, door))
