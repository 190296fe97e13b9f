"""What visits hold about one person's household: given out, erased, and forgotten when its time is over."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.domain.needs.models import Visit, VisitConflict, VisitDevice, VisitPromise
from lianxin.domain.needs.rules import titles
from lianxin.domain.people.models import HouseholdMembership, Person
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.sensitive import Unreadable, seal

NOTE_DAYS, CONFLICT_DAYS, DEVICE_DAYS = 730, 180, 365
NOTE = "needs.visit.note"
AT_ONCE = 500


def export_rows(person: UUID) -> list[dict[str, Any]]:
    """Give the visits to a person's household while they lived there, with what was noted and promised."""
    with scope.everything():
        stays = list(HouseholdMembership.objects.filter(person=person))
        if not stays:
            return []
        during = Q()
        for stay in stays:
            span = Q(household=stay.household_id, due_on__gte=stay.from_on)
            during |= span & Q(due_on__lte=stay.until_on) if stay.until_on else span
        rows = Visit.objects.filter(during).prefetch_related("promises").order_by("due_on", "pk")
        return [
            {
                "due_on": row.due_on.isoformat(),
                "reason": row.reason,
                "state": row.state,
                "started_at": row.started_at.isoformat() if row.started_at else "",
                "ended_at": row.ended_at.isoformat() if row.ended_at else "",
                "place": [row.lng, row.lat] if row.lng is not None else [],
                "note": _revealed(row),
                "promises": [
                    {"words": one.words, "state": one.state, "result": one.result} for one in row.promises.all()
                ],
            }
            for row in rows
        ]


def erase_rows(person: UUID, actor: Actor, at: datetime) -> list[str]:
    """Take a person out of what visits noted; where they lived alone, the notes go altogether."""
    with scope.everything():
        names = list(Person.objects.filter(pk=person).values_list("name", flat=True))
        homes = set(HouseholdMembership.objects.filter(person=person).values_list("household", flat=True))
        rows = list(Visit.objects.filter(household__in=homes))
        shared = set(
            HouseholdMembership.objects.filter(household__in=homes)
            .exclude(person=person)
            .values_list("household", flat=True)
        )
        for row in rows:
            text = titles.hide(_revealed(row), names=names) if row.household_id in shared else ""
            row.note = seal(text, NOTE) if text else None
            if row.household_id not in shared:
                row.lng = row.lat = row.accuracy_metres = None
        Visit.objects.bulk_update(rows, ["note", "lng", "lat", "accuracy_metres"], batch_size=100)
        for promise in VisitPromise.objects.filter(household__in=homes):
            promise.words = titles.hide(promise.words, names=names)
            promise.result = titles.hide(promise.result, names=names)
            promise.save(update_fields=["words", "result"])
        # What was decided needs no second copy; what is open is somebody's duty and stays until it is decided.
        decided = VisitConflict.objects.filter(visit__household__in=homes)
        decided.exclude(state=VisitConflict.State.OPEN).delete()
    return [_("That the household was visited, on which day.")] if rows else []


def purge_notes(at: datetime) -> int:
    """Forget notes and places of visits so long ago; gives how many."""
    with scope.everything():
        old = Visit.objects.filter(ended_at__lt=at - timedelta(days=NOTE_DAYS))
        kept = old.filter(Q(note__isnull=False) | Q(lng__isnull=False))
        return Visit.objects.filter(pk__in=list(kept.values_list("pk", flat=True)[:AT_ONCE])).update(
            note=None, lng=None, lat=None, accuracy_metres=None
        )


def purge_conflicts(at: datetime) -> int:
    """Forget records that were compared so long ago; gives how many."""
    with scope.everything():
        old = VisitConflict.objects.filter(decided_at__lt=at - timedelta(days=CONFLICT_DAYS))
        return VisitConflict.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()[0]


def purge_devices(at: datetime) -> int:
    """Forget phones that carry nothing any more; gives how many."""
    with scope.everything():
        old = VisitDevice.objects.filter(expires_at__lt=at - timedelta(days=DEVICE_DAYS))
        return VisitDevice.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()[0]


def _revealed(row: Visit) -> str:
    try:
        return row.note.reveal() if row.note is not None else ""
    except Unreadable:
        return ""
