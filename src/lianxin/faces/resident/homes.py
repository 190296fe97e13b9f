"""Whose points a page is about: the own household's, or those of somebody for whom a resident acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from lianxin.domain.points.queries.own_homes import OwnHome, find_own_home
from lianxin.faces.resident.community import actor_of
from lianxin.faces.resident.standing import Standing, standing
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing, NotAllowed


@dataclass(frozen=True)
class AtHome:
    """As whom a resident looks after points, and whose household's."""

    who: Standing
    home: OwnHome


def at_home(request: HttpRequest, *, at: datetime) -> AtHome:
    """Give whose points this page is about; raises Missing or NotAllowed."""
    who = standing(request, at=at)
    return AtHome(who, find_own_home(actor=who.actor, person=who.person, on=local_day(at)))


def maybe_at_home(request: HttpRequest, *, at: datetime) -> AtHome | None:
    """Give whose points a public page may speak of, or None for visitors."""
    if actor_of(request).person is None:
        return None
    try:
        return at_home(request, at=at)
    except (Missing, NotAllowed):
        return None
