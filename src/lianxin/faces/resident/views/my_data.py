"""My data: read all of it, take it along, ask to have it erased, close the login."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.domain.people.commands.accounts import disable_account
from lianxin.domain.people.commands.my_data import export_my_data
from lianxin.domain.people.commands.own_record import (
    ask_for_erasure,
    find_erasure_request,
    preview_own_erasure,
    take_back_erasure,
)
from lianxin.domain.people.queries.consents import list_purposes
from lianxin.faces.kit.dates import spoken
from lianxin.faces.resident.community import actor_of
from lianxin.faces.resident.labels import CHOICES, FIELDS, NO, NOTHING, PARTS, YES
from lianxin.faces.resident.standing import key_from, linked_only, own_standing, residents_only
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.platform.clock import local_day, now
from lianxin.platform.ids import new_id


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Say what is kept and why; asked for by its button, show all of it, which goes into the log."""
    at = now()
    who = own_standing(request)
    parts: list[tuple[str, list[Any]]] = []
    if request.method == "POST":
        exported = export_my_data(actor=who.actor, person=who.person, at=at)
        parts = [(str(PARTS.get(name, name)), readable(held)) for name, held in exported["data"].items() if held]
    asked = find_erasure_request(actor=who.actor, person=who.person)
    said = _("You asked to be erased. The community answers by %(day)s.")
    context = {
        "parts": parts,
        "purposes": [(purpose, kept_words(purpose.retention_days)) for purpose in list_purposes()],
        "request_open": asked,
        "request_said": said % {"day": spoken(local_day(asked.due_at))} if asked else "",
        "at": at,
        "crumbs": my_crumbs(_("My data")),
    }
    return render(request, "resident/me/data.html", context)


@linked_only
@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """Give everything as a file that programs read too."""
    at = now()
    who = own_standing(request)
    exported = export_my_data(actor=who.actor, person=who.person, at=at)
    text = json.dumps(exported, ensure_ascii=False, indent=2, default=str)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{local_day(at).isoformat()}.json"'
    return response


@linked_only
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Say what erasing would mean, and ask the community for it or take that back."""
    at = now()
    who = own_standing(request)
    if request.method == "POST":
        key = key_from(request)
        if request.POST.get("answer") == "take_back":
            take_back_erasure(actor=who.actor, person=who.person, at=at, key=key)
            messages.success(request, _("Your request is taken back."))
        else:
            duty = ask_for_erasure(actor=who.actor, person=who.person, at=at, key=key)
            due = spoken(local_day(duty.due_at))
            messages.success(request, _("Your request is with the community. It answers by %(day)s.") % {"day": due})
        return HttpResponseRedirect(reverse("resident:my_data"))
    reasons, consequences = preview_own_erasure(actor=who.actor, person=who.person)
    context = {
        "reasons": reasons,
        "consequences": consequences,
        "request_open": find_erasure_request(actor=who.actor, person=who.person),
        "key": new_id(),
        "crumbs": [
            (_("Me"), reverse("resident:me")),
            (_("My data"), reverse("resident:my_data")),
            (_("Ask to be erased"), ""),
        ],
    }
    return render(request, "resident/me/erase.html", context)


@residents_only
@require_http_methods(["GET", "HEAD", "POST"])
def close_account(request: HttpRequest) -> HttpResponse:
    """Close the login; the record in the register stays."""
    actor = actor_of(request)
    if actor.role != "resident" or actor.account is None:
        return HttpResponseRedirect(reverse("account"))
    if request.method == "POST":
        disable_account(actor=actor, account=actor.account, reason=_("Asked for by the holder."), at=now())
        auth.logout(request)
        messages.success(request, _("Your login is closed. The public pages stay open to you."))
        return HttpResponseRedirect(reverse("resident:home"))
    return render(request, "resident/me/close.html", {"crumbs": my_crumbs(_("Close my login"))})


def kept_words(days: int) -> str:
    """Say for how long data is kept, in years where it is whole years."""
    if days % 365 == 0:
        return ngettext("kept for %(n)d year", "kept for %(n)d years", days // 365) % {"n": days // 365}
    return ngettext("kept for %(n)d day", "kept for %(n)d days", days) % {"n": days}


def readable(held: Any) -> list[Any]:
    """Turn what a module exports into (label, text, rows) lines; a list becomes one block of lines per entry."""
    if isinstance(held, Mapping):
        return [_line(str(name), value) for name, value in held.items()]
    if isinstance(held, list):
        return [("", "", [readable(one) for one in held])]
    return [("", _text("", held), [])]


def _line(name: str, value: Any) -> tuple[str, str, list[Any]]:
    label = str(FIELDS.get(name, name))
    if isinstance(value, Mapping):
        return (label, "", [readable(value)])
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return (label, "", [readable(one) for one in value])
    return (label, _text(name, value), [])


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(YES if value else NO)
    if value in (None, "", []):
        return str(NOTHING)
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    if name.endswith(("_at", "_on")):
        return _moment(str(value))
    return str(CHOICES.get(name, {}).get(value, value))


def _moment(text: str) -> str:
    try:
        return spoken(datetime.fromisoformat(text)) if "T" in text else spoken(date.fromisoformat(text))
    except ValueError:
        return text
