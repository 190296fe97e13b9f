"""Counting the deadlines of open cases anew, because the list of working days changed or a year's list came."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import deciding, found, reminding
from lianxin.domain.voice.models import Case, CasePause, TierDecision
from lianxin.domain.voice.rules import states
from lianxin.engines.workdays import Calendar, Pause
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.workcalendar import load_calendar

AT_ONCE = 500


@command("voice.recount_deadlines")
def recount(*, actor: Actor, community: UUID, at: datetime, key: UUID | None = None) -> int:
    """Count anew what is due in a community where the calendar of working days says otherwise; gives how many moved."""
    policy.require(policy.may_keep(actor, community))
    found.community(community)
    calendar = load_calendar()
    moved = 0
    for row in locks.lock(Case.objects.filter(pk__in=list_wrong(calendar=calendar, communities=[community]))):
        before = row.due_at
        if deciding.recount_due(row, at=at, calendar=calendar):
            moved += 1
            act().target(row, "deadline counted anew", {"due_at": [before, row.due_at]})
            reminding.look_at_case(row, at=at)
    act().note(community_id=community)
    return moved


def list_wrong_communities() -> list[UUID]:
    """Give the communities with an open case whose deadline is not what the calendar says today."""
    with scope.everything():
        wrong = list_wrong(calendar=load_calendar())
        rows = Case.objects.filter(pk__in=wrong).order_by().values_list("community", flat=True)
        return sorted(set(rows))


def list_wrong(*, calendar: Calendar, communities: Iterable[UUID] | None = None) -> list[UUID]:
    """Give the open cases whose deadline, or whether it is assumed, is not what the calendar says."""
    rows = Case.objects.filter(ended_at=None, state__in=states.LIVE)
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    wrong = []
    live = list(rows.order_by("pk").values_list("pk", "due_at", "is_due_assumed"))
    for start in range(0, len(live), AT_ONCE):
        part = live[start : start + AT_ONCE]
        ids = [pk for pk, _due, _assumed in part]
        decisions = {one.case_id: one for one in TierDecision.objects.filter(case__in=ids).order_by("position")}
        pauses = _pauses(ids)
        for pk, due_at, is_assumed in part:
            decision = decisions.get(pk)
            if decision is not None:
                term = deciding.term_of_decision(decision)
                spans = pauses.get(pk, [])
                due = calendar.due(term, since=decision.runs_from, pauses=spans)
                assumed = calendar.due_is_assumed(term, since=decision.runs_from, pauses=spans)
                if (due, assumed) != (due_at, is_assumed):
                    wrong.append(pk)
    return wrong


def _pauses(cases: list[UUID]) -> dict[UUID, list[Pause]]:
    found_spans: dict[UUID, list[Pause]] = {}
    rows = CasePause.objects.filter(case__in=cases).order_by("paused_at")
    for case, since, until in rows.values_list("case_id", "paused_at", "resumed_at"):
        found_spans.setdefault(case, []).append(Pause(since, until))
    return found_spans
