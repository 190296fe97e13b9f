"""Counting what is joined to an entry: voices, households, people, days, times and priority, always from the voices."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.needs.rules import priority, times
from lianxin.domain.needs.rules.groups import SOONER
from lianxin.domain.people.rules.persons import age_on
from lianxin.platform import scope
from lianxin.platform.clock import local_day

CONFIRM_AFTER = timedelta(days=90)
COUNTED = (
    "voices",
    "households",
    "people",
    "times_mask",
    "priority",
    "priority_reasons",
    "first_heard_on",
    "last_heard_on",
    "confirm_by",
)
AT_ONCE = 500
Voice = tuple[UUID | None, int, int, bool, datetime, str, date | None]


def recount(needs: Iterable[Need], *, at: datetime) -> list[Need]:
    """Count locked entries anew from their voices and save those that changed; gives the changed ones."""
    rows = list(needs)
    heard: dict[UUID, list[Voice]] = {row.pk: [] for row in rows}
    keys = list(heard)
    with scope.everything():
        for start in range(0, len(keys), AT_ONCE):
            joined = NeedReport.objects.filter(need__in=keys[start : start + AT_ONCE], state=NeedReport.State.JOINED)
            for need, *voice in joined.order_by().values_list(
                "need_id",
                "household_id",
                "people",
                "times_mask",
                "is_urgent",
                "heard_at",
                "met",
                "person__birth_on",
            ):
                heard[need].append(tuple(voice))  # type: ignore[index,arg-type]
    changed = [row for row in rows if count(row, heard[row.pk], on=local_day(at))]
    Need.objects.bulk_update(changed, COUNTED, batch_size=200)
    return changed


def count(row: Need, voices: Sequence[Voice], *, on: date) -> bool:
    """Give an entry the counts, days, times and priority of these voices; tells whether anything changed."""
    before = [getattr(row, name) for name in COUNTED]
    row.voices = len(voices)
    row.households = len({voice[0] for voice in voices if voice[0]})
    row.people = sum(voice[1] for voice in voices)
    row.times_mask = times.joint([voice[2] for voice in voices])
    if voices:
        days = [local_day(voice[4]) for voice in voices]
        row.first_heard_on, row.last_heard_on = min(days), max(days)
        confirmed = max(row.last_heard_on, row.confirmed_on or row.last_heard_on)
        row.confirm_by = confirmed + CONFIRM_AFTER
    case = priority.Case(
        urgent=sum(voice[3] for voice in voices),
        households=row.households,
        voices=row.voices,
        waiting_days=max(0, (on - row.first_heard_on).days),
        very_old=sum(1 for voice in voices if (age_on(voice[6], on) or 0) >= priority.OLD),
        is_group_first=row.target_group in SOONER,
        not_met=sum(1 for voice in voices if voice[5] == NeedReport.Met.NO),
    )
    computed, reasons = priority.weigh(case)
    if row.priority_by is None:
        row.priority = computed
    row.priority_reasons = [list(reason) for reason in reasons]
    return before != [getattr(row, name) for name in COUNTED]
