"""Publishing: the check over times, rooms and people on one page, the press, and taking it back; calling off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.activities.commands.occurrences import cancel_activity
from lianxin.domain.activities.commands.publishing import publish, take_back
from lianxin.domain.activities.models import Occurrence
from lianxin.domain.activities.queries.occurrences import Filter, list_occurrences
from lianxin.domain.activities.queries.publish_checks import PublishCheck, check_for
from lianxin.faces.kit.acting import key_of, press
from lianxin.platform.clock import now
from lianxin.platform.ids import new_id

from ..acting import confirm_first
from .desk import ActivityDesk, activity_desk
from .forms import ReasonForm
from .gate import planner_presses, planning
from .words import when_words


@planning
def check(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Show what publishing would do and what stands in the way; publish when it is pressed."""
    desk = activity_desk(request, activity)
    if request.method == "POST":
        done: list[Any] = []
        answer = press(
            request,
            do=lambda: done.append(
                publish(
                    actor=desk.actor,
                    activity=activity,
                    despite_doubts=request.POST.get("despite") == "yes",
                    at=now(),
                    key=key_of(request),
                )
            ),
            back=desk.url("activity_publish"),
            said=_("It is public: rooms are booked, volunteers and residents can sign up."),
        )
        return redirect(desk.url("activity")) if done else answer
    found = check_for(actor=desk.actor, activity=activity, at=now())
    return render(
        request,
        "staff/activities/publish.html",
        {
            "title": _("Check and publish “%(title)s”") % {"title": desk.row.title},
            "desk": desk,
            "check": found,
            "does": _does(found),
            "dates": [(one, when_words(one.starts_at, one.ends_at)) for one in found.dates],
            "key": new_id(),
            "may_publish": desk.plans,
            "crumbs": desk.crumbs((desk.row.title, desk.url("activity")), (_("Publish"), "")),
        },
    )


def _does(found: PublishCheck) -> list[str]:
    """Say what publishing will do."""
    does = [
        ngettext(
            "%(count)d date becomes public, and its sign-up opens.",
            "%(count)d dates become public, and their sign-up opens.",
            len(found.dates),
        )
        % {"count": len(found.dates)}
    ]
    if found.rooms:
        words = ngettext("A room is booked %(count)d time.", "A room is booked %(count)d times.", found.rooms)
        does.append(words % {"count": found.rooms})
    if found.shifts:
        words = ngettext("%(count)d shift opens for volunteers.", "%(count)d shifts open for volunteers.", found.shifts)
        does.append(words % {"count": found.shifts})
    return does


@planner_presses
def undo(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Take a publication back while nobody holds a place."""
    desk = activity_desk(request, activity)
    return press(
        request,
        do=lambda: take_back(actor=desk.actor, activity=activity, at=now(), key=key_of(request)),
        back=desk.url("activity"),
        said=_("It is a draft again: rooms are free, shifts and sign-up are closed."),
    )


@planning
def cancel(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Call an activity off with all its dates still to come."""
    desk = activity_desk(request, activity)

    def do(data: dict[str, Any]) -> Any:
        return cancel_activity(actor=desk.actor, activity=activity, reason=data["reason"], at=now(), key=data["key"])

    return confirm_first(
        request,
        ReasonForm(request.POST or None),
        do=do,
        preview=lambda _data: _consequences(desk),
        then=lambda _row: desk.url("activity"),
        said=_("It is called off. Everybody with a phone number gets a message."),
        question=_("Call “%(title)s” off?") % {"title": desk.row.title},
        button=_("Call it off"),
        cancel_url=desk.url("activity"),
        crumbs=desk.crumbs((desk.row.title, desk.url("activity")), (_("Call it off"), "")),
        danger=True,
    )


def _consequences(desk: ActivityDesk) -> list[str]:
    page = list_occurrences(
        actor=desk.actor,
        which=Filter(activity=desk.row.pk, states=(Occurrence.State.PUBLISHED,)),
        limit=200,
    )
    ahead = [line for line in page.rows if line.ends_at > desk.at]
    people = sum(line.taken + line.waiting for line in ahead)
    said = [
        ngettext("%(count)d date is called off.", "%(count)d dates are called off.", len(ahead)) % {"count": len(ahead)}
    ]
    if people:
        words = ngettext(
            "%(count)d sign-up ends; whoever has a phone gets a message with the reason.",
            "%(count)d sign-ups end; whoever has a phone gets a message with the reason.",
            people,
        )
        said.append(words % {"count": people})
    said.append(_("Rooms and volunteers are free again."))
    return said
