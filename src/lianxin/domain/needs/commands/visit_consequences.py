"""What follows for visits and promises when homes end, merge or move, communities merge, and workers leave."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.needs.commands import promises, visit_duties
from lianxin.domain.needs.models import Visit, VisitConflict, VisitDevice, VisitPromise
from lianxin.domain.people.events import AccountClosed, HouseholdClosed, HouseholdMoved, HouseholdsMerged
from lianxin.domain.places.events import DivisionsMerged
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act

Ending = HouseholdClosed | HouseholdMoved
PLANNED, OPEN = Visit.State.PLANNED, VisitPromise.State.OPEN


def follow_household_closed(event: HouseholdClosed, *, actor: Actor, at: datetime) -> None:
    """Call planned visits off where nobody lives any more; what was promised there cannot be kept."""
    with scope.everything():
        _call_off([event.household], _("Nobody lives there any more."))
        for row in _locked(VisitPromise.objects.filter(household=event.household, state=OPEN)):
            promises.close(
                row, state=VisitPromise.State.DROPPED, result=_("Nobody lives there any more."), by=None, at=at
            )


def follow_household_moved(event: HouseholdMoved, *, actor: Actor, at: datetime) -> None:
    """Call off what the old community planned; what it promised is owed by the new one."""
    with scope.everything():
        _call_off([event.household], _("The household moved to another community."))
        for row in _locked(VisitPromise.objects.filter(household=event.household, state=OPEN)):
            row.community_id = event.to_community
            row.save(update_fields=["community"])
            visit_duties.open_promise(row, worker=None)


def preview_household_ends(event: Ending) -> list[str]:
    """Tell how many planned visits are called off."""
    with scope.everything():
        count = Visit.objects.filter(household=event.household, state=PLANNED).count()
    if not count:
        return []
    words = ngettext("%(n)d planned visit is called off.", "%(n)d planned visits are called off.", count)
    return [words % {"n": count}]


def follow_households_merged(event: HouseholdsMerged, *, actor: Actor, at: datetime) -> None:
    """Let visits and promises of merged households stand under the one that stays, which is visited once."""
    with scope.everything():
        Visit.objects.filter(household__in=event.merged).update(household=event.into)
        VisitPromise.objects.filter(household__in=event.merged).update(household=event.into)
        first = Visit.objects.filter(household=event.into, state=PLANNED).order_by("due_on", "pk").first()
        if first is not None:
            _call_off([event.into], _("The household became part of another one, which is visited."), but=first.pk)


def follow_divisions_merged(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Bring visits, promises, records to compare and phones of the ended communities to their successor."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        for model in (Visit, VisitPromise, VisitConflict, VisitDevice):
            model.objects.filter(community__in=ended).update(community=event.into)  # type: ignore[attr-defined]
        for row in VisitPromise.objects.filter(community=event.into, state=OPEN).select_related("visit"):
            visit_duties.open_promise(row, worker=row.visit.worker)
        planned = Visit.objects.filter(community=event.into, state=PLANNED).order_by()
        visit_duties.look_at_rounds(set(planned.values_list("worker", flat=True)))
        visit_duties.look_at_conflicts([*ended, event.into])


def preview_divisions_merged(event: DivisionsMerged) -> list[str]:
    """Tell how many planned visits go to the successor."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        count = Visit.objects.filter(community__in=ended, state=PLANNED).count()
    if not count:
        return []
    words = ngettext(
        "%(n)d planned visit goes to the new community.", "%(n)d planned visits go to the new community.", count
    )
    return [words % {"n": count}]


def follow_account_closed(event: AccountClosed, *, actor: Actor, at: datetime) -> None:
    """Let somebody else do the visits of a worker who left; their phones send no more."""
    with scope.everything():
        Visit.objects.filter(worker=event.account, state=PLANNED).update(worker=None)
        VisitDevice.objects.filter(worker=event.account, ended_at=None).update(ended_at=at)
        visit_duties.look_at_rounds([event.account])


def preview_account_closed(event: AccountClosed) -> list[str]:
    """Tell how many planned visits wait for somebody else."""
    with scope.everything():
        count = Visit.objects.filter(worker=event.account, state=PLANNED).count()
    if not count:
        return []
    words = ngettext(
        "%(n)d planned visit waits for somebody else.", "%(n)d planned visits wait for somebody else.", count
    )
    return [words % {"n": count}]


def _call_off(households: Iterable[UUID], why: str, *, but: UUID | None = None) -> None:
    rows = [
        row for row in _locked(Visit.objects.filter(household__in=list(households), state=PLANNED)) if row.pk != but
    ]
    for row in rows:
        row.state, row.state_reason = Visit.State.VOID, why
        row.version += 1
        row.save(update_fields=["state", "state_reason", "version"])
        act().target(row, "called off", {"state": [PLANNED, Visit.State.VOID]})
    visit_duties.look_at_rounds([row.worker for row in rows])


def _locked(rows: QuerySet[Any]) -> list[Any]:
    # Asked for after homes, so of their rank: no command locks a visit and a household the other way round.
    return locks.lock(rows, rank=locks.HOUSEHOLD)
