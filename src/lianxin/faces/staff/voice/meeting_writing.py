"""What is written down in the hall: points, what was said, what shall be decided, what was promised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.voice.commands import agendas, attendance, commitments, resolutions
from lianxin.domain.voice.models import Meeting
from lianxin.domain.voice.queries import meetings
from lianxin.platform import scope

from ..acting import ActForm, answer_form
from .case_desk import CaseDesk, desk_of
from .matter_desk import (
    commitment_url,
    matter_url,
    meeting_url,
    offered,
    side_choices,
    uuid_or_none,
    way_to,
    worker_choices,
)
from .matter_gate import keeping, open_matter, open_meeting, open_part
from .meeting_forms import DealForm, ItemForm, PromiseForm, ProposeForm, SayForm, WalkInForm, fill


def _answer(
    request: HttpRequest,
    desk: CaseDesk,
    row: Meeting,
    form: ActForm,
    *,
    do: Callable[[dict[str, Any]], Any],
    title: Any,
    part: str = "",
) -> HttpResponse:
    with scope.within(desk.actor.communities):
        sitting = meetings.sitting_of(row, at=desk.at)
        sides = side_choices(row.matter_id)
    fill(form, sitting, party=sides, owner_account=worker_choices(desk, row.community_id))
    return answer_form(
        request,
        form,
        do=do,
        then=lambda _made: f"{meeting_url(row.pk)}{part}",
        said=_("Written down."),
        title=title,
        lead=row.matter.title,
        button=_("Write it down"),
        cancel_url=meeting_url(row.pk),
        crumbs=way_to(meeting=row, here=title),
    )


@keeping
def item_new(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Put a point onto the agenda."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    form = ItemForm(request.POST or None)
    return _answer(
        request,
        desk,
        row,
        form,
        do=lambda entered: agendas.add(
            actor=desk.actor, meeting=meeting, title=entered["title"], at=desk.at, key=entered["key"]
        ),
        title=_("Add a point"),
        part="#agenda",
    )


@keeping
def item_deal(request: HttpRequest, meeting: UUID, agenda_item: UUID) -> HttpResponse:
    """Say what came of a point."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    open_part(desk.actor, "agenda_item", agenda_item, meeting)
    form = DealForm(request.POST or None)
    return _answer(
        request,
        desk,
        row,
        form,
        do=lambda entered: agendas.deal(
            actor=desk.actor, item=agenda_item, outcome=entered["outcome"], at=desk.at, key=entered["key"]
        ),
        title=_("Dealt with"),
        part="#agenda",
    )


@keeping
def say(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Write down what somebody said."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    form = SayForm(request.POST or None)
    return _answer(
        request,
        desk,
        row,
        form,
        do=lambda entered: resolutions.say(
            actor=desk.actor,
            meeting=meeting,
            invitation=UUID(entered["invitation"]),
            words=entered["words"],
            item=uuid_or_none(entered["item"]),
            at=desk.at,
            key=entered["key"],
        ),
        title=_("Somebody speaks"),
        part="#agenda",
    )


@keeping
def propose(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Write down what shall be decided."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    form = ProposeForm(request.POST or None)
    return _answer(
        request,
        desk,
        row,
        form,
        do=lambda entered: resolutions.propose(
            actor=desk.actor,
            meeting=meeting,
            words=entered["words"],
            item=uuid_or_none(entered["item"]),
            at=desk.at,
            key=entered["key"],
        ),
        title=_("Propose a decision"),
        part="#decided",
    )


@keeping
def walk_in(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Note somebody who came unasked."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    form = WalkInForm(request.POST or None)
    return _answer(
        request,
        desk,
        row,
        form,
        do=lambda entered: attendance.come_by(
            actor=desk.actor,
            meeting=meeting,
            guest=attendance.Guest(entered["name"], uuid_or_none(entered["party"]), role=entered["role"]),
            at=desk.at,
            key=entered["key"],
        ),
        title=_("Somebody came unasked"),
        part="#people",
    )


def _promise(form: PromiseForm) -> dict[str, Any]:
    entered = form.cleaned_data
    return {
        **form.values("words", "owner_name", "due_by", "is_public", "key"),
        "party": uuid_or_none(entered["party"]),
        "owner_account": uuid_or_none(entered["owner_account"]),
    }


@keeping
def promise(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Write down what was promised at a meeting."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    form = PromiseForm(request.POST or None)
    return _answer(
        request,
        desk,
        row,
        form,
        do=lambda entered: commitments.promise(actor=desk.actor, meeting=meeting, **_promise(form), at=desk.at),
        title=pgettext("meeting", "Promised"),
        part="#promised",
    )


@keeping
def promise_in_matter(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Write down what was promised in a matter outside its meetings."""
    desk = desk_of(request)
    row = open_matter(desk.actor, matter)
    form = PromiseForm(request.POST or None)
    with scope.within(desk.actor.communities):
        sides = side_choices(matter)
    offered(form, party=sides, owner_account=worker_choices(desk, row.community_id))
    return answer_form(
        request,
        form,
        do=lambda entered: commitments.promise(actor=desk.actor, matter=matter, **_promise(form), at=desk.at),
        then=lambda made: commitment_url(made.pk),
        said=gettext_lazy("Written down. It returns until it is kept."),
        title=pgettext("meeting", "Promised"),
        lead=row.title,
        button=_("Write it down"),
        cancel_url=matter_url(matter),
        crumbs=way_to(matter=row, here=pgettext("meeting", "Promised")),
    )
