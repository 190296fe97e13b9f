"""The door without a network: a page that goes on by itself, what it takes along, and the scans that it sends."""

from __future__ import annotations

import json
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lianxin.domain.activities.commands.offline import Scan, sync_scans
from lianxin.domain.activities.queries.rosters import roster
from lianxin.faces.kit.problems import busy_for_phone
from lianxin.platform import keys
from lianxin.platform.clock import now
from lianxin.platform.errors import Invalid, Missing, Problem

from ..access import View
from .desk import occurrence_desk
from .door_gate import runner_presses
from .gate import reading

MOST_BYTES = 500_000
LONGEST_TEXT, LONGEST_NAME, LONGEST_PHONE = 400, 80, 30


@reading
def app(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Show the page that works without a network; it holds no data of its own."""
    desk = occurrence_desk(request, occurrence)
    if not desk.runs:
        raise Missing
    context = {
        "occurrence": desk.row,
        "title": desk.title,
        "when": desk.when,
        "door_url": desk.url("check_in"),
        "words": _words(),
        "public_keys": {str(key_id): key for key_id, key in keys.ring().public_keys().items()},
        "scope": reverse("staff:occurrence", kwargs={"occurrence": occurrence}),
    }
    return render(request, "staff/activities/door_offline.html", context)


@never_cache
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Give the worker that keeps the page for when there is no network; it is the same for everybody."""
    return render(request, "staff/activities/door_worker.js", content_type="text/javascript")


def _answering(view: View) -> View:
    @wraps(view)
    def answering(request: HttpRequest, occurrence: UUID) -> HttpResponse:
        try:
            return view(request, occurrence)
        except Problem as problem:
            return JsonResponse({"error": str(problem.detail)}, status=problem.status)
        except DatabaseError as error:
            return busy_for_phone(request, error)

    return answering


@reading
@_answering
def give_roster(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Give the phone what it takes along: masked names and digests, signed."""
    desk = occurrence_desk(request, occurrence)
    return JsonResponse(roster(actor=desk.actor, occurrence=occurrence, at=desk.at))


@runner_presses
@_answering
def take_scans(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Take scans and answer to each; the same scan again answers the same and changes nothing."""
    desk = occurrence_desk(request, occurrence)
    answers = sync_scans(actor=desk.actor, occurrence=occurrence, scans=_scans(request), at=now())
    return JsonResponse(
        {
            "answers": [
                {"id": str(one.id), "state": one.state, "said": one.said, "came_before": one.came_before}
                for one in answers
            ]
        }
    )


def _scans(request: HttpRequest) -> list[Scan]:
    if len(request.body) > MOST_BYTES:
        raise Invalid(_("That is more than one phone sends at once."))
    try:
        return [_scan(one) for one in json.loads(request.body)["scans"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Invalid(_("What the phone sent cannot be read.")) from None


def _scan(one: dict[str, Any]) -> Scan:
    came_at = datetime.fromisoformat(one["came_at"])
    if came_at.tzinfo is None:
        raise ValueError
    return Scan(
        id=UUID(one["id"]),
        came_at=came_at,
        text=str(one.get("text", ""))[:LONGEST_TEXT],
        sign_up=UUID(one["sign_up"]) if one.get("sign_up") else None,
        name=str(one.get("name", ""))[:LONGEST_NAME],
        phone=str(one.get("phone", ""))[:LONGEST_PHONE],
    )


def _words() -> dict[str, str]:
    """Give what the script says, in the language of the page."""
    return {
        "online": _("There is a network"),
        "offline": _("No network: go on working"),
        "fetched": _("{n} people are on the list that this phone took along."),
        "no_roster": _("This phone has not taken the list along yet. Scans are kept all the same."),
        "forged": _("The list was changed on the way. Fetch it again where there is a network."),
        "here": _("{name} is here"),
        "again": _("{name} was here before"),
        "kept": _("Kept. Who it is shows when there is a network."),
        "written": _("{name} is written down"),
        "nobody": _("Nobody on the list fits. Look again, or write the name down."),
        "several": _("Several people fit. Choose one."),
        "full": _("This phone can keep nothing more. Send what it has first."),
        "waiting": _("{n} not sent yet"),
        "all_sent": _("All is sent."),
        "new": _("counted"),
        "known": _("was counted before"),
        "refused": _("not counted: {why}"),
        "unsent": _("not sent yet"),
        "log_in": _("Please log in again in another window, then press “Send”. Nothing is lost."),
        "count": _("{n} here by this phone"),
        "undo": _("Take out"),
    }
