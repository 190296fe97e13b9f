"""The states of an entry, and what each of them needs to hold."""

from datetime import datetime

from lianxin.domain.needs.commands import counting
from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.needs.rules import outcomes
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act

CLOSED = frozenset({Need.State.MET, Need.State.UNMET, Need.State.WITHDRAWN})
LIVE = (Need.State.OPEN, Need.State.PLANNED, Need.State.PARTLY)


def judge_by_says(entry: Need, *, at: datetime) -> None:
    """Bring a locked entry to the state that its askers' says give it, and weigh it anew."""
    says = NeedReport.objects.filter(need=entry, state=NeedReport.State.JOINED).exclude(met="")
    state = outcomes.judge(says.values_list("met", flat=True), now=entry.state)
    if state != entry.state:
        act().target(entry, "said by its askers", {"state": [entry.state, state]})
        move(entry, state, at=at)
    counting.recount([entry], at=at)


def move(entry: Need, state: str, *, at: datetime, reason: str = "", words: str = "") -> None:
    """Bring a locked entry to a state, with what that state needs to hold."""
    if state not in CLOSED:
        entry.closed_at = None
    elif entry.state != state:
        entry.closed_at = at
    entry.unmet_reason, entry.unmet_words = (reason, words) if state == Need.State.UNMET else ("", "")
    if state in (Need.State.OPEN, Need.State.PARTLY):
        entry.planned_at = None
    if state == Need.State.MET and entry.first_served_on is None:
        entry.first_served_on = local_day(at)
    entry.state = state
    entry.version += 1
    entry.save(
        update_fields=[
            "state",
            "closed_at",
            "unmet_reason",
            "unmet_words",
            "planned_at",
            "first_served_on",
            "version",
        ]
    )
