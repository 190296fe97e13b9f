"""Planning visits: who goes to which household, why and by when; moving them, handing them over, calling them off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import found, visit_duties
from lianxin.domain.needs.commands.recording import found_visit
from lianxin.domain.needs.commands.survey_rows import communities_of
from lianxin.domain.needs.models import Survey, Visit
from lianxin.domain.people.models import Account, Household
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused

State, Reason = Visit.State, Visit.Reason
MOST_AT_ONCE = 500
FARTHEST = timedelta(days=366)
LONGEST_WORDS, LONGEST_WHY = 120, 200


class NotPlanned(Refused):
    """The visit was made or called off."""

    title = gettext_lazy("This visit was recorded or called off meanwhile. It stays as it is.")


@command("needs.plan_visits")
def plan(
    *,
    actor: Actor,
    community: UUID,
    households: Sequence[UUID],
    reason: str,
    due_on: date,
    worker: UUID | None = None,
    reason_words: str = "",
    survey: UUID | None = None,
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> list[UUID]:
    """Plan a visit to each of these households, but to those that have one planned; gives the new visits' ids.

    Raises Invalid, Missing or NotAllowed.
    """
    found.community(community)
    policy.require(policy.may_visit(actor, community))
    wanted = set(households)
    if not wanted:
        raise Invalid(fields={"households": [_("Choose at least one household.")]})
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid(fields={"households": [_("At most %(most)d households at once.") % {"most": MOST_AT_ONCE}]})
    words = " ".join(reason_words.split())
    _check(reason=reason, words=words, due_on=due_on, at=at)
    _check_worker(worker, [community], at=at)
    _check_survey(survey, reason, community)
    # Two who plan for one community at once wait for each other here, so that no household is planned twice.
    locks.advisory(f"needs.plan_visits.{community}")
    homes = Household.objects.filter(pk__in=wanted, community=community, state=Household.State.ACTIVE)
    there = set(homes.values_list("pk", flat=True))
    if there != wanted:
        raise Missing(_("One of the households is no longer there. Open the list again."))
    planned = Visit.objects.filter(household__in=wanted, state=State.PLANNED)
    free = sorted(wanted - set(planned.values_list("household", flat=True)))
    rows = Visit.objects.bulk_create(
        Visit(
            community_id=community,
            household_id=home,
            worker=worker,
            reason=reason,
            reason_words=words,
            due_on=due_on,
            survey_id=survey,
            planned_by=actor.account,
            planned_at=at,
            is_sample=is_sample,
        )
        for home in free
    )
    for row in rows:
        act().target(row, "planned", {"due_on": [None, due_on]})
    act().note(community_id=community)
    visit_duties.look_at_rounds([worker])
    return [row.pk for row in rows]


@command("needs.assign_visits")
def assign(
    *,
    actor: Actor,
    visits: Sequence[UUID],
    worker: UUID | None,
    due_on: date | None = None,
    at: datetime,
    key: UUID | None = None,
) -> int:
    """Give planned visits to a worker, or to nobody, and move them where a day is given; gives how many."""
    rows: list[Visit] = locks.lock(Visit.objects.filter(pk__in=set(visits)))
    if len(rows) != len(set(visits)) or not rows:
        raise Missing
    for row in rows:
        policy.require(policy.may_visit(actor, row.community_id))
    _check_worker(worker, {row.community_id for row in rows}, at=at)
    if due_on is not None:
        _check_day(due_on, at=at)
    touched = [row for row in rows if row.state == State.PLANNED]
    workers = {row.worker for row in touched} | {worker}
    for row in touched:
        row.worker, row.due_on = worker, due_on or row.due_on
        row.version += 1
        row.save(update_fields=["worker", "due_on", "version"])
        act().target(row, "assigned", {"due_on": [None, row.due_on]})
    visit_duties.look_at_rounds(workers)
    return len(touched)


@command("needs.change_visit")
def change(
    *,
    actor: Actor,
    visit: UUID,
    due_on: date,
    worker: UUID | None,
    reason: str,
    reason_words: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Visit:
    """Change a planned visit; raises Invalid, NotPlanned, EditedMeanwhile or Missing."""
    row = _planned(actor, visit)
    if version is not None and row.version != version:
        raise EditedMeanwhile(current_version=row.version)
    words = " ".join(reason_words.split())
    _check(reason=reason, words=words, due_on=due_on, at=at, was=row.due_on)
    _check_worker(worker, [row.community_id], at=at)
    change = {"due_on": [row.due_on, due_on], "reason": [row.reason, reason]}
    workers = {row.worker, worker}
    row.due_on, row.worker, row.reason, row.reason_words = due_on, worker, reason, words
    row.version += 1
    row.save(update_fields=["due_on", "worker", "reason", "reason_words", "version"])
    act().target(row, "changed", change)
    visit_duties.look_at_rounds(workers)
    return row


@command("needs.call_off_visit")
def call_off(*, actor: Actor, visit: UUID, why: str, at: datetime, key: UUID | None = None) -> Visit:
    """Call a planned visit off, with the reason; raises Invalid, NotPlanned or Missing."""
    row = _planned(actor, visit)
    words = " ".join(why.split())
    if not words:
        raise Invalid(fields={"why": [_("Say why it is called off.")]})
    if len(words) > LONGEST_WHY:
        raise Invalid(fields={"why": [_("At most %(most)d characters.") % {"most": LONGEST_WHY}]})
    row.state, row.state_reason = State.VOID, words
    row.version += 1
    row.save(update_fields=["state", "state_reason", "version"])
    act().target(row, "called off", {"state": [State.PLANNED, State.VOID]})
    visit_duties.look_at_rounds([row.worker])
    return row


@command("needs.print_round")
def print_round(
    *, actor: Actor, visits: Sequence[UUID], worker: UUID | None = None, until: date | None = None, at: datetime
) -> list[Visit]:
    """Give planned visits for a sheet with names and addresses: these, or a worker's until a day; who did is logged."""
    policy.require(policy.may_keep_any(actor))
    rows = Visit.objects.filter(state=State.PLANNED).select_related("community").order_by("due_on", "pk")
    if visits:
        rows = rows.filter(pk__in=set(visits))
    else:
        rows = rows.filter(worker=worker or actor.account)
        if until is not None:
            rows = rows.filter(due_on__lte=until)
    found = list(rows[:MOST_AT_ONCE])
    for row in found:
        act().target(row, "printed", {})
    return found


def _planned(actor: Actor, visit: UUID) -> Visit:
    row = found_visit(visit)
    policy.require(policy.may_visit(actor, row.community_id))
    if row.state != State.PLANNED:
        raise NotPlanned
    return row


def _check(*, reason: str, words: str, due_on: date, at: datetime, was: date | None = None) -> None:
    if reason not in Reason.values:
        raise Invalid(fields={"reason": [_("Choose why.")]})
    if len(words) > LONGEST_WORDS:
        raise Invalid(fields={"reason_words": [_("At most %(most)d characters.") % {"most": LONGEST_WORDS}]})
    if due_on != was:
        _check_day(due_on, at=at)


def _check_day(due_on: date, *, at: datetime) -> None:
    today = local_day(at)
    if due_on < today:
        raise Invalid(fields={"due_on": [_("The day lies in the past.")]})
    if due_on > today + FARTHEST:
        raise Invalid(fields={"due_on": [_("The day lies too far ahead.")]})


def _check_worker(worker: UUID | None, communities: Iterable[UUID], *, at: datetime) -> None:
    if worker is None:
        return
    account = Account.objects.filter(pk=worker, state=Account.State.ACTIVE).first()
    who = actor_for(account=account, at=at) if account else None
    if who is None or not all(policy.may_visit(who, one) for one in communities):
        raise Invalid(fields={"worker": [_("Choose somebody who works in this community.")]})


def _check_survey(survey: UUID | None, reason: str, community: UUID) -> None:
    if survey is None:
        if reason == Reason.SURVEY:
            raise Invalid(fields={"survey": [_("Choose the questionnaire.")]})
        return
    with scope.everything():
        row = Survey.objects.filter(pk=survey, state=Survey.State.OPEN, asked_by=Survey.AskedBy.VISIT).first()
        if row is None or community not in communities_of(row):
            raise Invalid(fields={"survey": [_("This questionnaire is not asked here now.")]})
