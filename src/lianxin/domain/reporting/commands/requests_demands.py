"""Demands that came round the gate: a community notes who asked what and how it came, so that it is counted too."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.reporting import requests_policy as policy
from lianxin.domain.reporting.commands.requests import checked
from lianxin.domain.reporting.models import Demand
from lianxin.domain.reporting.rules import requests as rules
from lianxin.engines.workdays import Calendar
from lianxin.platform import facts, locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing
from lianxin.platform.workcalendar import load_calendar

MOST_FIELDS = 2000
LONGEST_AGO = timedelta(days=366)
State = Demand.State
FACTS = ("demands_sent", "fields_asked", "demands_out_of_hours", "demands_short_notice")


@command("reporting.note_demand")
def note(
    *,
    actor: Actor,
    community: UUID,
    office_name: str,
    office_level: str,
    kind: str,
    title: str,
    came_by: str,
    field_count: int = 0,
    asked_at: datetime,
    due_at: datetime | None = None,
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> Demand:
    """Note what an office asked of a community another way than through the gate."""
    policy.require(policy.may_answer(actor, community))
    given = checked(office_name=office_name, office_level=office_level, kind=kind, title=title, came_by=came_by)
    wrong: dict[str, list[str]] = {}
    if not 0 <= field_count <= MOST_FIELDS:
        wrong["field_count"] = [_("Count what had to be filled in: between 0 and %(most)d.") % {"most": MOST_FIELDS}]
    if not at - LONGEST_AGO <= asked_at <= at:
        wrong["asked_at"] = [_("Say when it came: within the last year, and not later than now.")]
    if due_at is not None and due_at < asked_at:
        wrong["due_at"] = [_("It cannot have been due before it came.")]
    if wrong:
        raise Invalid(fields=wrong)
    calendar = load_calendar()
    row = Demand.objects.create(
        community_id=community,
        **given,
        field_count=field_count,
        asked_at=asked_at,
        due_at=due_at,
        **weighed(asked_at, due_at, calendar=calendar),
        made_at=at,
        is_sample=is_sample,
    )
    count(row)
    act().target(row, "noted", {"title": [None, row.title], "office_name": [None, row.office_name]})
    return row


@command("reporting.finish_demand")
def finish(*, actor: Actor, demand: UUID, at: datetime, key: UUID | None = None) -> Demand:
    """Say that a noted demand was done."""
    row = _lock(actor, demand)
    return _end(row, State.DONE, "", at)


@command("reporting.take_demand_back")
def take_back(*, actor: Actor, demand: UUID, words: str, at: datetime, key: UUID | None = None) -> Demand:
    """Say that a demand was noted by mistake: it counts no more."""
    said = " ".join(words.split())
    if not said or len(said) > 300:
        raise Invalid(fields={"words": [_("Say in at most %(most)d characters why.") % {"most": 300}]})
    row = _lock(actor, demand)
    if row.state == State.TAKEN_BACK:
        raise rules.NotNow(row.state, "take_back")
    for measure, quantity in counts_of(row).items():
        if quantity:
            facts.correct(measure=measure, record=row)
    act().note(reason=said)
    return _end(row, State.TAKEN_BACK, said, at)


def weighed(asked_at: datetime, due_at: datetime | None, *, calendar: Calendar) -> dict[str, bool]:
    """Give what the hour and the time that was left make of a demand, as columns."""
    return {
        "is_out_of_hours": rules.is_out_of_hours(asked_at, calendar=calendar),
        "is_short_notice": due_at is not None and rules.is_short_notice(asked_at, due_at, calendar=calendar),
    }


def count(row: Demand) -> None:
    """Note the facts that a noted demand proves, inside a command; what is nothing is not noted."""
    for measure, quantity in counts_of(row).items():
        if quantity:
            facts.record(
                measure=measure,
                record=row,
                quantity=quantity,
                community_id=row.community_id,
                on=local_day(row.asked_at),
                category=row.office_level,
            )


def counts_of(row: Demand) -> dict[str, int]:
    """Give what a noted demand counts as."""
    return dict(zip(FACTS, (1, row.field_count, int(row.is_out_of_hours), int(row.is_short_notice)), strict=True))


def _lock(actor: Actor, demand: UUID) -> Demand:
    row: Demand | None = locks.lock_one(Demand.objects.filter(pk=demand))
    if row is None:
        raise Missing
    policy.require(policy.may_answer(actor, row.community_id))
    return row


def _end(row: Demand, state: str, words: str, at: datetime) -> Demand:
    if state == State.DONE and row.state != State.OPEN:
        raise rules.NotNow(row.state, "finish")
    before = row.state
    row.state, row.ended_at, row.end_words = state, at, words
    row.save(update_fields=["state", "ended_at", "end_words"])
    act().target(row, state, {"state": [before, state]})
    return row
