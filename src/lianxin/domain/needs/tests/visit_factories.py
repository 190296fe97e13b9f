"""A community with workers who visit its households, for the tests of visits."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.needs.commands import recording, visits
from lianxin.domain.needs.models import Visit, VisitPromise
from lianxin.domain.needs.queries import visit_checks
from lianxin.domain.needs.rules.visit_records import Made, VisitRecord
from lianxin.domain.people.tests.account_factories import make_staff
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.ids import new_id

from .factories import AT, TODAY, Place

STARTED, ENDED = AT - timedelta(minutes=30), AT - timedelta(minutes=10)


def worker_of(place: Place) -> Actor:
    """Somebody with an account who works in the community."""
    return make_staff("community_staff", division=place.community)[1]


def planned(place: Place, *homes: int, worker: Actor | None = None, **more: Any) -> list[Visit]:
    """Visits planned to homes by their numbers, in this order."""
    entries: dict[str, Any] = {"reason": "round", "due_on": TODAY, "at": AT} | more
    chosen = [place.homes[number].pk for number in homes or (0,)]
    made = visits.plan(
        actor=place.keeper,
        community=place.community.pk,
        households=chosen,
        worker=worker.account if worker else None,
        **entries,
    )
    with scope.everything():
        rows = {row.household_id: row for row in Visit.objects.filter(pk__in=made)}
    return [rows[home] for home in chosen]


def sent(visit: Visit, **more: Any) -> dict[str, Any]:
    """What a phone sends of a visit."""
    return {
        "record": str(new_id()),
        "visit": str(visit.pk),
        "version": visit.version,
        "outcome": "done",
        "started_at": STARTED.isoformat(),
        "ended_at": ENDED.isoformat(),
        "note": "老人家身体不错",
        "place": None,
        "made": [],
        "ended": [],
        "wishes": [],
        "submission": None,
    } | more


def record_of(visit: Visit, **more: Any) -> VisitRecord:
    """A record as the desk makes it."""
    entries: dict[str, Any] = {"outcome": "done", "started_at": STARTED, "ended_at": ENDED} | more
    return VisitRecord(record=entries.pop("record", None) or new_id(), visit=visit.pk, **entries)


def recorded(place: Place, visit: Visit, **more: Any) -> Visit:
    """A visit that was recorded at the desk."""
    return recording.record_visit(actor=place.keeper, record=record_of(visit, **more), at=AT).visit


def promised(place: Place, visit: Visit, words: str = "带一份医保的表格来", due_on: date | None = None) -> VisitPromise:
    """A promise made at a visit that is recorded with it."""
    recorded(place, visit, made=(Made(new_id(), words, due_on),))
    with scope.everything():
        return VisitPromise.objects.get(visit=visit)


def promises_of(household: UUID) -> list[VisitPromise]:
    """What was promised to a household, oldest first."""
    with scope.everything():
        return list(VisitPromise.objects.filter(household=household).order_by("made_at", "pk"))


def differences() -> list[str]:
    """What `verify` finds wrong with visits."""
    return [
        *visit_checks.open_promises_are_duties(),
        *visit_checks.open_conflicts_are_duties(),
        *visit_checks.recorded_visits_are_whole(),
    ]
