"""Calling a meeting, moving it, calling it off, asking people."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lianxin.domain.voice.commands import attendance
from lianxin.domain.voice.commands import meetings as commands
from lianxin.domain.voice.commands.attendance import Guest
from lianxin.platform import scope
from lianxin.platform.clock import LOCAL

from ..acting import answer_form
from .case_desk import CaseDesk, desk_of
from .matter_desk import (
    matter_url,
    meeting_url,
    meeting_words,
    moment_of,
    offered,
    room_choices,
    side_choices,
    uuid_or_none,
    way_to,
)
from .matter_gate import keeping, open_matter, open_meeting
from .meeting_forms import CallForm, InviteForm, MeetingForm, WordsForm


def _times(entered: dict[str, Any]) -> dict[str, Any]:
    starts = moment_of(entered["on"], entered["starts"])
    return {"starts_at": starts, "ends_at": moment_of(entered["on"], entered["ends"]) if entered["ends"] else None}


def _head(form: MeetingForm) -> dict[str, Any]:
    return {
        **form.values("title", "place_words", "chair_name", "clerk_name", "quorum", "key"),
        **_times(form.cleaned_data),
        "room": uuid_or_none(form.cleaned_data["room"]),
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@keeping
def new(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Call a meeting of a matter."""
    desk = desk_of(request)
    row = open_matter(desk.actor, matter)
    first = {
        "on": desk.on + timedelta(days=7),
        "starts": time(19, 30),
        "chair_name": row.responsible_name,
    }
    form = CallForm(request.POST or None, initial=first)
    with scope.within(desk.actor.communities):
        offered(form, room=room_choices(row.community_id))
    return answer_form(
        request,
        form,
        do=lambda entered: commands.call(
            actor=desk.actor,
            matter=matter,
            items=_lines(entered["items"]),
            guests=[Guest(name) for name in _lines(entered["guests"])],
            **_head(form),
            at=desk.at,
        ),
        then=lambda made: meeting_url(made.pk),
        said=_("Called. Open commitments are on its agenda already."),
        title=_("Call a meeting"),
        lead=row.title,
        button=_("Call it"),
        cancel_url=matter_url(matter),
        template="staff/voice/matters/form.html",
        crumbs=way_to(matter=row, here=_("Call a meeting")),
    )


@keeping
def change(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Move a called meeting, or change what it says."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    local = row.starts_at.astimezone(LOCAL)
    first = {name: getattr(row, name) for name in ("title", "place_words", "chair_name", "clerk_name", "quorum")}
    first |= {"on": local.date(), "starts": local.time(), "room": str(row.room_id or ""), "version": row.version}
    form = MeetingForm(request.POST or None, initial=first)
    with scope.within(desk.actor.communities):
        offered(form, room=room_choices(row.community_id))
    return answer_form(
        request,
        form,
        do=lambda entered: commands.change(
            actor=desk.actor, meeting=meeting, version=entered["version"], **_head(form), at=desk.at
        ),
        then=lambda _row: meeting_url(meeting),
        said=_("Saved."),
        title=_("Change the meeting"),
        lead=meeting_words(row),
        button=_("Save"),
        cancel_url=meeting_url(meeting),
        crumbs=way_to(meeting=row, here=_("Change")),
    )


@keeping
def cancel(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Call a meeting off."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    form = WordsForm(request.POST or None, initial={"version": row.version})
    return answer_form(
        request,
        form,
        do=lambda entered: commands.cancel(
            actor=desk.actor, meeting=meeting, **form.values("words", "version", "key"), at=desk.at
        ),
        then=lambda _row: matter_url(row.matter_id),
        said=_("Called off. Its points and open commitments go to the next meeting."),
        title=_("Call the meeting off"),
        lead=meeting_words(row),
        button=_("Call it off"),
        cancel_url=meeting_url(meeting),
        crumbs=way_to(meeting=row, here=_("Call off")),
    )


@keeping
def invite(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Ask people to a meeting."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    form = InviteForm(request.POST or None)
    _offer_sides(form, desk, row.matter_id)
    return answer_form(
        request,
        form,
        do=lambda entered: attendance.invite(
            actor=desk.actor,
            meeting=meeting,
            guests=[
                Guest(name, uuid_or_none(entered["party"]), role=entered["role"]) for name in _lines(entered["guests"])
            ],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _made: meeting_url(meeting),
        said=_("They are on the list."),
        title=_("Ask people"),
        lead=meeting_words(row),
        button=_("Put on the list"),
        cancel_url=meeting_url(meeting),
        crumbs=way_to(meeting=row, here=_("Ask people")),
    )


def _offer_sides(form: InviteForm, desk: CaseDesk, matter: UUID) -> None:
    with scope.within(desk.actor.communities):
        offered(form, party=side_choices(matter))
