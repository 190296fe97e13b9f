"""As whom somebody books rooms: as a resident, for somebody who agreed to it, or for the organisation one works for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lianxin.domain.bookings.policy import GUESTS
from lianxin.faces.resident.community import actor_of
from lianxin.faces.resident.standing import residents_only, standing
from lianxin.platform.actors import Actor

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Booker:
    """The actor, and the resident for whom it is; None when it is for the actor's organisation."""

    actor: Actor
    person: UUID | None
    is_for_another: bool = False


def is_firm(actor: Actor) -> bool:
    """Tell whether somebody books for an organisation and not as a resident."""
    return actor.person is None and actor.holds(*GUESTS) and bool(actor.organisations)


def bookers_only(view: View) -> View:
    """Let in residents whose login is linked, and those who work for an organisation; "me" tells the others how."""

    @wraps(view)
    @residents_only
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        actor = actor_of(request)
        if actor.person is None and not is_firm(actor):
            return HttpResponseRedirect(reverse("resident:me"))
        return view(request, *args, **kwargs)

    return guarded


def booker_of(request: HttpRequest, *, at: datetime) -> Booker:
    """Give as whom rooms are booked on this page; raises Missing."""
    actor = actor_of(request)
    if is_firm(actor):
        return Booker(actor, None)
    who = standing(request, at=at)
    return Booker(who.actor, who.person, who.principal is not None)
