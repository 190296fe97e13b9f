"""Acts on a reception day: putting somebody down, closing, moving, calling off, and its list on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.voice.commands import receiving, reception_days, reception_places
from lianxin.domain.voice.models import ReceptionPlace
from lianxin.domain.voice.queries import receptions
from lianxin.faces.kit.acting import key_of, press
from lianxin.faces.staff.sheets import paper
from lianxin.platform.clock import LOCAL

from ..acting import ActForm, answer_form
from ..rooms.residents import add_resident_fields, resident_of
from .case_desk import CaseDesk, desk_of
from .reception_day import day_crumbs, day_url, place_url
from .reception_forms import CloseForm, LeaderForm, MoveForm, PlaceForm, WalkInForm, WhyForm
from .reception_gate import keeper_presses, keeper_reads, keeping, open_day
from .reception_words import day_of, hours, who

Place = ReceptionPlace.State


def _form(
    request: HttpRequest,
    reception: UUID,
    make: Callable[..., ActForm],
    do: Callable[[CaseDesk, ActForm, dict[str, Any]], Any],
    *,
    title: Any,
    button: Any,
    said: Any,
    lead: Any = "",
    then: Callable[[Any], str] | None = None,
    fill: Callable[[receptions.DayBundle], dict[str, Any]] = lambda bundle: {},
    more: Callable[[receptions.DayBundle], dict[str, Any]] = lambda bundle: {},
) -> HttpResponse:
    """Show and answer one form about a day."""
    desk = desk_of(request)
    bundle = open_day(desk.actor, reception)
    form = make(request.POST or None, initial={"version": bundle.day.version} | fill(bundle), **more(bundle))
    if isinstance(form, PlaceForm | WalkInForm):
        add_resident_fields(form, desk.actor)
    return answer_form(
        request,
        form,
        do=lambda entered: do(desk, form, entered),
        then=then or (lambda _done: day_url(reception)),
        said=said,
        fresh=lambda: {"version": open_day(desk.actor, reception).day.version},
        title=title,
        lead=lead or f"{bundle.day.series.title} · {day_of(bundle.day)}",
        button=button,
        cancel_url=day_url(reception),
        crumbs=day_crumbs(bundle.day, title),
    )


@keeping
def book(request: HttpRequest, reception: UUID) -> HttpResponse:
    """Put somebody down for a day, or in its waiting line."""

    def do(desk: CaseDesk, form: ActForm, entered: dict[str, Any]) -> ReceptionPlace:
        community = open_day(desk.actor, reception).day.community_id
        return reception_places.book(
            actor=desk.actor,
            day=reception,
            person=resident_of(desk, community, entered),  # type: ignore[arg-type]
            slot=entered.get("slot"),
            wait=True,
            at=desk.at,
            key=entered["key"],
            **form.values("about", "guest_name", "guest_phone", "channel", "helper_name"),
        )

    return _form(
        request,
        reception,
        PlaceForm,
        do,
        title=_("Put somebody down"),
        button=_("Put down"),
        said=lambda row: (
            _("Put down.") if row.state == Place.BOOKED else _("All times are taken: they stand in the waiting line.")
        ),
        then=lambda row: place_url(row.pk),
        more=lambda bundle: {
            "slots": [
                (str(one.number), f"{one.starts_at.astimezone(LOCAL):%H:%M}")
                for one in bundle.slots
                if one.place is None
            ]
        },
    )


@keeping
def walk_in(request: HttpRequest, reception: UUID) -> HttpResponse:
    """Write down somebody who came by without a place."""

    def do(desk: CaseDesk, form: ActForm, entered: dict[str, Any]) -> ReceptionPlace:
        community = open_day(desk.actor, reception).day.community_id
        return receiving.receive_walk_in(
            actor=desk.actor,
            day=reception,
            person=resident_of(desk, community, entered),  # type: ignore[arg-type]
            at=desk.at,
            key=entered["key"],
            **form.values("guest_name", "guest_phone", "channel", "helper_name", "said", "answered"),
        )

    return _form(
        request,
        reception,
        WalkInForm,
        do,
        title=_("Somebody came by"),
        button=_("Write down"),
        said=_("Written down."),
        then=lambda row: place_url(row.pk),
    )


@keeping
def close(request: HttpRequest, reception: UUID) -> HttpResponse:
    """Close a day: whether the leader came, and what came of it."""
    return _form(
        request,
        reception,
        CloseForm,
        lambda desk, form, entered: reception_days.close(
            actor=desk.actor,
            day=reception,
            at=desk.at,
            key=entered["key"],
            **form.values("leader_came", "words", "summary", "version"),
        ),
        title=_("Close the day"),
        lead=_("Who has a place and was not received stands as not having come."),
        button=_("Close the day"),
        said=_("Closed."),
    )


@keeping
def move(request: HttpRequest, reception: UUID) -> HttpResponse:
    """Hold a day on another day or at another hour."""
    return _form(
        request,
        reception,
        MoveForm,
        lambda desk, form, entered: reception_days.move(
            actor=desk.actor,
            day=reception,
            at=desk.at,
            key=entered["key"],
            **form.values("to_day", "starts_time", "words", "version"),
        ),
        title=_("Move it to another day"),
        button=_("Move"),
        said=_("Moved. Who has a place is told."),
        then=lambda row: day_url(row.pk),
        fill=lambda bundle: {
            "to_day": bundle.day.held_on,
            "starts_time": bundle.day.starts_at.astimezone(LOCAL).time(),
        },
    )


@keeping
def leader(request: HttpRequest, reception: UUID) -> HttpResponse:
    """Let somebody else receive."""
    return _form(
        request,
        reception,
        LeaderForm,
        lambda desk, form, entered: reception_days.set_leader(
            actor=desk.actor,
            day=reception,
            at=desk.at,
            key=entered["key"],
            **form.values("leader_name", "version"),
        ),
        title=_("Somebody else receives"),
        button=_("Save"),
        said=_("Saved."),
        fill=lambda bundle: {"leader_name": bundle.day.leader_name},
    )


@keeping
def cancel(request: HttpRequest, reception: UUID) -> HttpResponse:
    """Call a day off."""
    return _form(
        request,
        reception,
        WhyForm,
        lambda desk, form, entered: reception_days.cancel(
            actor=desk.actor, day=reception, at=desk.at, key=entered["key"], **form.values("words", "version")
        ),
        title=_("Call it off"),
        button=_("Call it off"),
        said=_("Called off. Who has a place is told."),
    )


@keeping
def missed(request: HttpRequest, reception: UUID) -> HttpResponse:
    """Write down that a day was not held."""
    return _form(
        request,
        reception,
        WhyForm,
        lambda desk, form, entered: reception_days.miss(
            actor=desk.actor, day=reception, at=desk.at, key=entered["key"], **form.values("words", "version")
        ),
        title=_("It was not held"),
        button=_("Write down"),
        said=_("Written down. It stays in the calendar as missed."),
    )


@keeper_presses
def room(request: HttpRequest, reception: UUID) -> HttpResponse:
    """Try to book the room again."""
    desk = desk_of(request)
    open_day(desk.actor, reception)
    return press(
        request,
        do=lambda: reception_days.take_room(actor=desk.actor, day=reception, at=desk.at, key=key_of(request)),
        back=day_url(reception),
        said=_("Looked again. Where the room is free it is booked."),
    )


@keeper_reads
def sheet(request: HttpRequest, reception: UUID) -> HttpResponse:
    """Give the day's list on paper, with room to write."""
    desk = desk_of(request)
    bundle = open_day(desk.actor, reception)
    row = bundle.day
    lines = [
        [
            hours(one.starts_at, one.ends_at),
            who(one.place) if one.place else "",
            one.place.about if one.place else "",
            "",
        ]
        for one in bundle.slots
    ]
    lines += [[_("waits"), who(one), one.about, ""] for one in bundle.waiting]
    return paper(
        request,
        title=f"{row.series.title} · {day_of(row)}",
        headings=[
            pgettext("reception", "Time"),
            pgettext("reception", "Who"),
            pgettext("reception", "About"),
            _("What they said, what they were answered"),
        ],
        rows=lines,
        back_url=day_url(reception),
        place=f"{row.community.short_name} · {bundle.where} · {row.leader_name}",
    )
