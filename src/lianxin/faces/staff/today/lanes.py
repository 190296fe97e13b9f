"""How duties, services and doors are drawn: a line with a state, who it is for and where it leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.people.rules import roles
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL, local_day
from lianxin.platform.models import Duty, Run

SHOWN = 20
WAITING_RUNS = (Run.State.STAGED, Run.State.REFUSED)


@dataclass(frozen=True)
class Line:
    """One row of a lane."""

    title: str
    url: str
    meta: str
    state: Any = ""
    tone: str = "quiet"


def duty_line(duty: Duty, *, actor: Actor, names: Mapping[UUID, str], at: datetime) -> Line:
    """Say what is to be done, for whom and until when."""
    day = local_day(duty.due_at)
    if duty.due_at < at:
        tone, state = "stop", _("late since %(day)s") % {"day": spoken(day)}
    elif day == local_day(at):
        tone, state = "due", _("by %(time)s today") % {"time": f"{duty.due_at.astimezone(LOCAL):%H:%M}"}
    else:
        tone, state = "info", _("by %(day)s") % {"day": spoken(day)}
    if duty.assignee_account == actor.account:
        who = pgettext("whose duty", "for me")
    elif duty.assignee_role in roles.ROLES:
        who = str(roles.ROLES[duty.assignee_role].label)
    else:
        who = pgettext("whose duty", "for everybody")
    place = names.get(duty.community_id, "") if duty.community_id else ""
    url = url_or_none(duty.url_name, **duty.url_args) if duty.url_name else None
    return Line(duty.title, url or "", " · ".join(filter(None, (place, who))), state, tone)


def is_pressing(duty: Duty, *, today: date) -> bool:
    """Tell whether a duty belongs to the first lane: late, or due by the end of today."""
    return local_day(duty.due_at) <= today


def run_lines(runs: Iterable[Run]) -> list[Line]:
    """Give the imports that wait for a decision."""
    words = {
        Run.State.STAGED: (_("checked, waits for you"), "info"),
        Run.State.REFUSED: (_("could not be read"), "stop"),
    }
    return [
        Line(
            run.title,
            reverse("staff:import", kwargs={"run": run.pk}),
            spoken(local_day(run.created_at)),
            *words[Run.State(run.state)],
        )
        for run in runs
        if run.state in WAITING_RUNS
    ]


def service_lines(rows: Iterable[tuple[Any, Any]], *, at: datetime) -> list[Line]:
    """Give the standing services of today that are not over yet, in order of time."""
    now = at.astimezone(LOCAL).time()
    lines = []
    for service, hours in rows:
        if hours.ends <= now:
            continue
        is_on = hours.starts <= now
        lines.append(
            Line(
                service.name,
                url_or_none("staff:venue", venue=service.venue_id) or "",
                " · ".join(filter(None, (service.venue.name, getattr(service, "provider_name", "")))),
                _("now, until %(time)s") % {"time": f"{hours.ends:%H:%M}"}
                if is_on
                else f"{hours.starts:%H:%M}–{hours.ends:%H:%M}",
                "done" if is_on else "info",
            )
        )
    return lines
