"""The steps of a venue's life, each told before it is taken; and giving it to another community."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places import policy
from lianxin.domain.places.commands import venue_moves, venues
from lianxin.domain.places.queries import division_previews, office
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import clock
from lianxin.platform.errors import Missing

from ..access import form_page
from ..acting import confirm_first
from .venue_access import venue_for, venue_to_manage
from .venue_edit import venue_url
from .venue_forms import MoveForm, StepForm
from .venue_page import STEP_WORDS
from .words import venue_crumbs

STEPS: dict[str, Callable[..., Any]] = {
    "open": venues.open_planned_venue,
    "pause": venues.pause_venue,
    "close": venues.close_venue,
    "reopen": venues.reopen_venue,
}
DONE = {
    "open": gettext_lazy("It works from that day."),
    "pause": gettext_lazy("It is paused."),
    "close": gettext_lazy("It is closed."),
    "reopen": gettext_lazy("It works again."),
}


@form_page
def step(request: HttpRequest, venue: UUID, step: str) -> HttpResponse:
    """Open, pause, close or reopen a venue after telling what follows."""
    if step not in STEPS:
        raise Missing
    found = venue_to_manage(request, venue)
    at = clock.now()
    form = StepForm(request.POST or None, step=step, initial={"on": clock.local_day(at)})

    def do(entered: dict[str, Any]) -> Any:
        values = form.values("on", "reason")
        return STEPS[step](actor=actor_of(request), venue=venue, at=at, key=entered["key"], **values)

    return confirm_first(
        request,
        form,
        do=do,
        preview=lambda entered: office.preview_step(venue=venue, step=step, on=entered["on"]),
        then=lambda _outcome: venue_url(venue),
        said=DONE[step],
        question=_("%(what)s: %(more)s") % {"what": found.name, "more": STEP_WORDS[step]},
        button=STEP_WORDS[step],
        danger=step == "close",
        cancel_url=venue_url(venue),
        crumbs=venue_crumbs(found, (STEP_WORDS[step], "")),
    )


@form_page
def move(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Give a venue to another community after telling what goes along."""
    actor, at = actor_of(request), clock.now()
    found = venue_for(request, venue)
    policy.require(policy.may_change_divisions(actor))
    form = MoveForm(request.POST or None, actor=actor, initial={"on": clock.local_day(at)})

    def do(entered: dict[str, Any]) -> Any:
        return venue_moves.move_venues(
            actor=actor,
            venues=[venue],
            community=UUID(entered["community"]),
            on=entered["on"],
            at=at,
            key=entered["key"],
        )

    return confirm_first(
        request,
        form,
        do=do,
        preview=lambda entered: division_previews.preview_venue_move(
            venue=venue, community=UUID(entered["community"]), on=entered["on"]
        ),
        then=lambda _outcome: venue_url(venue),
        said=_("Given to the other community."),
        question=_("Give %(name)s to another community") % {"name": found.name},
        button=_("Give it away"),
        cancel_url=venue_url(venue),
        crumbs=venue_crumbs(found, (_("Another community"), "")),
    )
