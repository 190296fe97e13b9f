"""Visits as the office reads them: the board, one visit, promises, records to compare, phones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands.survey_rows import communities_of as asked_in
from lianxin.domain.needs.models import NeedReport, Survey, Visit, VisitConflict, VisitDevice, VisitPromise
from lianxin.domain.people.models import Account, Household
from lianxin.domain.people.queries.staff import list_roster
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

State = Visit.State
RECORDED = (State.DONE, State.ABSENT, State.REFUSED)
NOBODY = "-"


@dataclass(frozen=True, slots=True)
class Filter:
    """What the board is narrowed to; `state` is "open", "late", "recorded", "all" or a state of its own."""

    state: str = "open"
    reason: str = ""
    worker: str = ""
    communities: Sequence[UUID] | None = None
    number: str = ""
    from_on: date | None = None
    until_on: date | None = None


def list_visits(*, actor: Actor, wanted: Filter, on: date) -> QuerySet[Visit]:
    """Give the visits in scope that the filter leaves: planned ones soonest first, else the newest."""
    policy.require(policy.may_keep_any(actor))
    rows = Visit.objects.select_related("community")
    planned = wanted.state in ("open", "late", State.PLANNED)
    if wanted.state in ("open", State.PLANNED):
        rows = rows.filter(state=State.PLANNED)
    elif wanted.state == "late":
        rows = rows.filter(state=State.PLANNED, due_on__lt=on)
    elif wanted.state == "recorded":
        rows = rows.filter(state__in=RECORDED)
    elif wanted.state in State.values:
        rows = rows.filter(state=wanted.state)
    if wanted.reason in Visit.Reason.values:
        rows = rows.filter(reason=wanted.reason)
    if wanted.worker == NOBODY:
        rows = rows.filter(worker=None)
    elif worker := _uuid(wanted.worker):
        rows = rows.filter(worker=worker)
    if wanted.communities is not None:
        rows = rows.filter(community__in=wanted.communities)
    if wanted.number:
        homes = Household.objects.filter(number__contains=wanted.number)
        rows = rows.filter(household__in=homes.values("pk"))
    if wanted.from_on:
        rows = rows.filter(due_on__gte=wanted.from_on)
    if wanted.until_on:
        rows = rows.filter(due_on__lte=wanted.until_on)
    return rows.order_by("due_on", "pk") if planned else rows.order_by("-due_on", "-pk")


def count_late(*, actor: Actor, on: date) -> int:
    """Count the planned visits in scope whose day is over."""
    return list_visits(actor=actor, wanted=Filter(state="late"), on=on).count()


def find_visit(*, actor: Actor, visit: UUID) -> Visit:
    """Give a visit in scope; raises Missing."""
    rows = Visit.objects.select_related("community")
    row = rows.filter(pk=visit).first()
    if row is None or not policy.may_visit(actor, row.community_id):
        raise Missing
    return row


def is_there(*, visit: UUID) -> bool:
    """Tell whether a visit is in scope."""
    return Visit.objects.filter(pk=visit).exists()


def list_heard(*, visit: UUID) -> list[NeedReport]:
    """Give what was said at a visit."""
    return list(NeedReport.objects.filter(visit=visit).select_related("category").order_by("heard_at", "pk"))


def list_of_household(*, household: UUID, but: UUID | None = None, limit: int = 10) -> list[Visit]:
    """Give the newest recorded visits to a household."""
    rows = Visit.objects.filter(household=household, state__in=RECORDED)
    return list((rows.exclude(pk=but) if but else rows).order_by("-ended_at", "-pk")[:limit])


def list_promises(
    *, actor: Actor, state: str = "open", communities: Sequence[UUID] | None = None, household: UUID | None = None
) -> QuerySet[VisitPromise]:
    """Give promises in scope, those due first on top; "all" gives the closed ones too."""
    policy.require(policy.may_keep_any(actor))
    rows = VisitPromise.objects.select_related("community")
    if state in VisitPromise.State.values:
        rows = rows.filter(state=state)
    if communities is not None:
        rows = rows.filter(community__in=communities)
    if household is not None:
        rows = rows.filter(household=household)
    return rows.order_by("due_on", "made_at", "pk")


def find_promise(*, actor: Actor, promise: UUID) -> VisitPromise:
    """Give a promise in scope; raises Missing."""
    row = VisitPromise.objects.select_related("community").filter(pk=promise).first()
    if row is None or not policy.may_visit(actor, row.community_id):
        raise Missing
    return row


def list_conflicts(*, actor: Actor, state: str = VisitConflict.State.OPEN) -> QuerySet[VisitConflict]:
    """Give the records that wait to be compared in scope, the longest waiting first."""
    policy.require(policy.may_keep_any(actor))
    rows = VisitConflict.objects.select_related("community", "visit")
    if state in VisitConflict.State.values:
        rows = rows.filter(state=state)
    return rows.order_by("received_at", "pk")


def find_conflict(*, actor: Actor, conflict: UUID) -> VisitConflict:
    """Give a record to be compared, with its visit; raises Missing."""
    row = VisitConflict.objects.select_related("community", "visit").filter(pk=conflict).first()
    if row is None or not policy.may_visit(actor, row.community_id):
        raise Missing
    return row


def list_devices(*, actor: Actor) -> QuerySet[VisitDevice]:
    """Give the phones that took households along, the newest first."""
    policy.require(policy.may_keep_any(actor))
    return VisitDevice.objects.select_related("community").order_by("-taken_at", "-pk")


def find_device(*, actor: Actor, device: UUID) -> VisitDevice:
    """Give a phone in scope; raises Missing."""
    row = VisitDevice.objects.select_related("community").filter(pk=device).first()
    if row is None or not policy.may_visit(actor, row.community_id):
        raise Missing
    return row


def list_workers(*, actor: Actor, on: date) -> list[tuple[UUID, str]]:
    """Give the accounts that may visit households in the actor's communities, with their names."""
    found: dict[UUID, str] = {}
    for line in list_roster(on=on, communities=actor.communities):
        if line.role in policy.KEEPERS and line.state == Account.State.ACTIVE:
            found.setdefault(line.account, line.display_name or line.login_name)
    return sorted(found.items(), key=lambda one: one[1])


def name_workers(workers: Iterable[UUID | None]) -> dict[UUID, str]:
    """Give the names of accounts."""
    wanted = {one for one in workers if one is not None}
    rows = Account.objects.filter(pk__in=wanted).values_list("pk", "display_name", "login_name")
    return {pk: shown or login or "" for pk, shown, login in rows}


def list_asked_on_visits(*, actor: Actor, community: UUID | None = None) -> list[Survey]:
    """Give the open questionnaires that staff ask on visits, in the actor's communities or in one of them."""
    with scope.everything():
        rows = Survey.objects.filter(state=Survey.State.OPEN, asked_by=Survey.AskedBy.VISIT).order_by("title", "pk")
        return [row for row in rows if any(actor.covers(one) and community in (None, one) for one in asked_in(row))]


def name_surveys(surveys: Iterable[UUID | None]) -> dict[UUID, str]:
    """Give the titles of questionnaires, whoever asks them."""
    with scope.everything():
        return dict(Survey.objects.filter(pk__in={one for one in surveys if one}).values_list("pk", "title"))


def communities_of(households: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """Give (household, community) of active households in scope."""
    rows = Household.objects.filter(pk__in=set(households), state=Household.State.ACTIVE)
    return list(rows.order_by("pk").values_list("pk", "community_id"))


def timeline_of(*, actor: Actor, visit: UUID) -> list[audit.TimelineEntry]:
    """Give the newest entries of the log about a visit in scope."""
    policy.require(policy.may_keep_any(actor))
    with scope.within(actor.communities):
        return audit.entries_for("needs.visit", visit, limit=50)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
