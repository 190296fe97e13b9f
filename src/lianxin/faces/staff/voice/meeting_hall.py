"""The buttons of the hall: who comes and leaves, the order of points, what becomes of proposals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lianxin.domain.voice.commands import agendas, attendance, minutes, resolutions
from lianxin.domain.voice.commands import meetings as commands
from lianxin.faces.kit.acting import key_of, press
from lianxin.platform.errors import Missing

from .case_desk import desk_of
from .matter_desk import meeting_url
from .matter_gate import keeper_presses, open_meeting, open_part


@keeper_presses
def act(request: HttpRequest, meeting: UUID, act: str) -> HttpResponse:
    """Begin or end a meeting, or note that its minutes were read back."""
    desk = desk_of(request)
    open_meeting(desk.actor, meeting)
    acts: dict[str, tuple[Callable[..., Any], Any]] = {
        "start": (commands.start, _("The meeting has begun.")),
        "read-back": (minutes.read_back, _("Noted. Now the meeting can be closed.")),
    }
    if act not in acts:
        raise Missing
    do, said = acts[act]
    return press(
        request,
        do=lambda: do(actor=desk.actor, meeting=meeting, at=desk.at, key=key_of(request)),
        back=meeting_url(meeting),
        said=said,
    )


@keeper_presses
def invited(request: HttpRequest, meeting: UUID, invited: UUID, act: str) -> HttpResponse:
    """Note that somebody came, left, will come, or that this was entered wrongly."""
    desk = desk_of(request)
    open_part(desk.actor, "invited", invited, meeting)
    who: dict[str, Any] = {"actor": desk.actor, "invitation": invited, "at": desk.at, "key": key_of(request)}
    acts: dict[str, Callable[[], Any]] = {
        "came": lambda: attendance.arrive(**who),
        "left": lambda: attendance.leave(**who),
        "back": lambda: attendance.take_back(**who),
        "coming": lambda: attendance.reply(answer="coming", **who),
        "not-coming": lambda: attendance.reply(answer="not_coming", **who),
    }
    if act not in acts:
        raise Missing
    return press(request, do=acts[act], back=f"{meeting_url(meeting)}#people", said=_("Noted."))


@keeper_presses
def item_act(request: HttpRequest, meeting: UUID, agenda_item: UUID, act: str) -> HttpResponse:
    """Bring a point up or down, or take it off."""
    desk = desk_of(request)
    open_part(desk.actor, "agenda_item", agenda_item, meeting)
    who: dict[str, Any] = {"actor": desk.actor, "item": agenda_item, "at": desk.at, "key": key_of(request)}
    acts: dict[str, Callable[[], Any]] = {
        "up": lambda: agendas.move(up=True, **who),
        "down": lambda: agendas.move(up=False, **who),
        "remove": lambda: agendas.remove(**who),
    }
    if act not in acts:
        raise Missing
    return press(request, do=acts[act], back=f"{meeting_url(meeting)}#agenda", said=_("Saved."))


@keeper_presses
def resolution(request: HttpRequest, meeting: UUID, resolution: UUID, act: str) -> HttpResponse:
    """Say what became of a proposal."""
    desk = desk_of(request)
    open_part(desk.actor, "resolution", resolution, meeting)
    return press(
        request,
        do=lambda: resolutions.decide(
            actor=desk.actor, resolution=resolution, state=act, at=desk.at, key=key_of(request)
        ),
        back=f"{meeting_url(meeting)}#decided",
        said=_("Written down."),
    )


@keeper_presses
def drop_speech(request: HttpRequest, meeting: UUID, speech: UUID) -> HttpResponse:
    """Take out what was noted wrongly."""
    desk = desk_of(request)
    open_part(desk.actor, "speech", speech, meeting)
    return press(
        request,
        do=lambda: resolutions.unsay(actor=desk.actor, speech=speech, at=desk.at, key=key_of(request)),
        back=meeting_url(meeting),
        said=_("Taken out."),
    )
