"""What activities tell the project that they belong to: dates, whether they were held, who came."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from lianxin.domain.activities.models import Activity, Attendance, Occurrence
from lianxin.domain.projects.commands import outcomes
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day

RECORD_KIND = "projects.project"


def belongs(activity: Activity) -> bool:
    """Tell whether an activity carries out a project."""
    return activity.record_kind == RECORD_KIND and activity.record_id is not None


def report_dates(activity: Activity, dates: Iterable[Occurrence], *, at: datetime) -> None:
    """Tell the project of dates that are public now, or that moved; refuses while it is not published itself."""
    if not belongs(activity):
        return
    assert activity.record_id is not None
    outcomes.note_dates(
        actor=Actor.system(),
        project=activity.record_id,
        dates=[outcomes.Date(one.pk, one.starts_at, one.title or activity.title) for one in dates],
        at=at,
    )


def report_cancelled(row: Occurrence, activity: Activity, *, at: datetime) -> None:
    """Tell the project that a date was called off."""
    if belongs(activity):
        outcomes.note_date_cancelled(actor=Actor.system(), occurrence=row.pk, at=at)


def report_people(row: Occurrence, came: Sequence[Attendance], *, at: datetime) -> None:
    """Tell the project who came, in the transaction of the check-in."""
    if not belongs(row.activity) or not came:
        return
    assert row.activity.record_id is not None
    outcomes.note_people(
        actor=Actor.system(),
        project=row.activity.record_id,
        occurrence=row.pk,
        on=local_day(row.starts_at),
        came=[outcomes.Came(one.pk, one.person_id, one.household_id) for one in came],
        at=at,
    )


def report_undone(row: Occurrence, undone: Sequence[Attendance], *, at: datetime) -> None:
    """Tell the project that check-ins were taken back."""
    if belongs(row.activity) and undone:
        outcomes.take_people_back(actor=Actor.system(), attendances=[one.pk for one in undone], at=at)
