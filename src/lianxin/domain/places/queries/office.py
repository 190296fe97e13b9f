"""Venues as the office works with them: which ones an actor has, and what a step in a venue's life would mean."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.platform import contributions, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

from .. import policy
from ..events import VenueClosed, VenueOpened, VenuePaused, VenueReopened
from ..models import ServiceState, StandingService, Upgrade, Venue
from ..rules import upgrades as upgrade_rules
from .opening import find_open_log
from .venues import list_venues

EVENTS = {"open": VenueOpened, "pause": VenuePaused, "close": VenueClosed, "reopen": VenueReopened}


def list_office_venues(*, actor: Actor, **narrowed: Any) -> QuerySet[Venue]:
    """Give the venues that an actor works with, narrowed as `list_venues` does."""
    return list_venues(**narrowed).filter(policy.works_with(actor))


def find_office_venue(*, actor: Actor, venue: UUID) -> Venue:
    """Give one venue that an actor works with; raises Missing for any other."""
    found = list_office_venues(actor=actor).filter(pk=venue).first()
    if found is None:
        raise Missing
    return found


def preview_step(*, venue: UUID, step: str, on: date) -> list[str]:
    """Tell what follows when a venue opens, pauses, closes or reopens."""
    told = []
    if step in ("pause", "close"):
        if find_open_log(venue) is not None:
            told.append(_("The door counts as locked from now on."))
        services = StandingService.objects.filter(venue=venue, state=ServiceState.OFFERED).count()
        if services:
            told.append(
                ngettext(
                    "Residents no longer find its %(count)d standing service.",
                    "Residents no longer find its %(count)d standing services.",
                    services,
                )
                % {"count": services}
            )
        told.append(
            _("Residents see that it is paused, with your reason.")
            if step == "pause"
            else _("Residents no longer find it; its records stay.")
        )
        if Upgrade.objects.filter(venue=venue, state__in=upgrade_rules.RUNNING).exists():
            told.append(_("Its upgrade goes on."))
    else:
        told.append(_("Residents find it with its hours and services."))
    with scope.everything():
        return told + contributions.preview(EVENTS[step](venue, on))
