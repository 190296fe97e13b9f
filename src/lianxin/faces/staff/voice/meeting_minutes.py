"""After a meeting: minutes drafted from what was entered, signed, corrected below; the meeting is closed."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice.commands import meetings as commands
from lianxin.domain.voice.commands import minutes
from lianxin.domain.voice.queries import meetings
from lianxin.platform import scope
from lianxin.platform.clock import LOCAL

from ..acting import ActForm, ClockInput, answer_form, day_field
from .case_desk import desk_of
from .matter_desk import meeting_url, moment_of, offered, way_to
from .matter_gate import keeping, open_meeting
from .meeting_forms import AppendForm, CloseForm, MinutesForm, SignForm


@keeping
def write(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Write or change the minutes; the first draft is composed of what was entered."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    words = row.minutes
    anew = request.GET.get("anew") == "1"
    if not words or anew:
        with scope.within(desk.actor.communities):
            words = meetings.draft_of(row, meetings.sitting_of(row, at=desk.at))
    form = MinutesForm(request.POST or None, initial={"words": words, "version": row.version})
    return answer_form(
        request,
        form,
        do=lambda entered: minutes.draft(
            actor=desk.actor, meeting=meeting, **form.values("words", "version", "key"), at=desk.at
        ),
        then=lambda _row: meeting_url(meeting),
        said=_("Saved. Read the minutes to those who are there."),
        fresh=lambda: {"words": (now := open_meeting(desk.actor, meeting)).minutes, "version": now.version},
        title=_("Write the minutes"),
        lead=_("This was put together from what was entered. Read it through and change what is missing."),
        button=_("Save the minutes"),
        cancel_url=meeting_url(meeting),
        template="staff/voice/matters/form.html",
        also=[("?anew=1", _("Put it together anew"), "plain")] if row.minutes and not anew else [],
        crumbs=way_to(meeting=row, here=_("Write the minutes")),
    )


@keeping
def sign(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Note who signed the minutes."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    form = SignForm(request.POST or None, initial={"version": row.version})
    with scope.within(desk.actor.communities):
        people = meetings.sitting_of(row, at=desk.at).people
    offered(form, signed_by=[(str(one.pk), one.name) for one in people if one.came_at is not None])
    return answer_form(
        request,
        form,
        do=lambda entered: minutes.sign(
            actor=desk.actor,
            meeting=meeting,
            signed_by=[UUID(one) for one in entered["signed_by"]],
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: meeting_url(meeting),
        said=_("Signed. The minutes stay as they are from now on."),
        title=_("Note who signed"),
        lead=_("After this the minutes do not change any more; a correction stands below them."),
        button=_("They signed"),
        cancel_url=meeting_url(meeting),
        crumbs=way_to(meeting=row, here=_("Note who signed")),
    )


@keeping
def append(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Add a correction below minutes that stand."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    return answer_form(
        request,
        form := AppendForm(request.POST or None),
        do=lambda entered: minutes.append(actor=desk.actor, meeting=meeting, **form.values("words", "key"), at=desk.at),
        then=lambda _row: meeting_url(meeting),
        said=_("Saved."),
        title=_("Add a correction"),
        button=_("Add it"),
        cancel_url=meeting_url(meeting),
        crumbs=way_to(meeting=row, here=_("Add a correction")),
    )


@keeping
def close(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Close a meeting whose minutes were read back."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    form = CloseForm(request.POST or None, initial={"version": row.version, "public_words": row.public_words})
    return answer_form(
        request,
        form,
        do=lambda entered: commands.close(
            actor=desk.actor, meeting=meeting, **form.values("public_words", "version", "key"), at=desk.at
        ),
        then=lambda _row: meeting_url(meeting),
        said=_("Closed. What was not dealt with and what is open goes to the next meeting."),
        title=_("Close the meeting"),
        button=_("Close it"),
        cancel_url=meeting_url(meeting),
        crumbs=way_to(meeting=row, here=_("Close the meeting")),
    )


class EndForm(ActForm):
    """When it ended."""

    on = day_field(gettext_lazy("Day"))
    clock = forms.TimeField(label=gettext_lazy("Ended"), widget=ClockInput)


@keeping
def end(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Note when a meeting ended."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    local = desk.at.astimezone(LOCAL)
    form = EndForm(request.POST or None, initial={"on": local.date(), "clock": local.time()})
    return answer_form(
        request,
        form,
        do=lambda entered: commands.end(
            actor=desk.actor,
            meeting=meeting,
            ended_at=moment_of(entered["on"], entered["clock"]),
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: meeting_url(meeting),
        said=_("Noted."),
        title=_("Note when it ended"),
        button=_("Save"),
        cancel_url=meeting_url(meeting),
        crumbs=way_to(meeting=row, here=_("Note when it ended")),
    )
