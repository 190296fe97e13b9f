"""The working-day calendar of the State Council as an editable table."""

import csv
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from lianxin.engines.workdays import Calendar, CalendarRow
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import NotAllowed
from lianxin.platform.models import CalendarDay

MAY_EDIT = ("system", "system_admin", "district_staff")


@command("platform.set_calendar_days")
def set_calendar_days(*, actor: Actor, days: Iterable[tuple[date, bool, str]], source: str, at: datetime) -> int:
    """Enter or change days of the calendar (day, is a workday, name); give how many."""
    if not actor.holds(*MAY_EDIT):
        raise NotAllowed
    rows = [CalendarDay(day_on=d, is_workday=work, name=name[:40], source=source[:120]) for d, work, name in days]
    CalendarDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["day_on"], update_fields=["is_workday", "name", "source"]
    )
    act().note(reason=source)
    return len(rows)


@command("platform.remove_calendar_day")
def remove_calendar_day(*, actor: Actor, on: date, at: datetime) -> None:
    """Let a day be again what its weekday says."""
    if not actor.holds(*MAY_EDIT):
        raise NotAllowed
    CalendarDay.objects.filter(day_on=on).delete()


def load_published_days(*, actor: Actor, data_dir: Path, at: datetime) -> int:
    """Enter the days that the State Council has published, from `workdays.csv` of the reference data."""
    with (data_dir / "workdays.csv").open(encoding="utf-8", newline="") as file:
        days = [(date.fromisoformat(r["date"]), r["kind"] == "makeup", r["name"]) for r in csv.DictReader(file)]
    return set_calendar_days(actor=actor, days=days, source="国务院办公厅", at=at)


def list_calendar_days(*, year: int) -> list[CalendarDay]:
    """Give the entered days of one year in order."""
    return list(CalendarDay.objects.filter(day_on__year=year).order_by("day_on"))


def load_calendar() -> Calendar:
    """Give the calendar as it is now, for reckoning with working days."""
    return _calendar(tuple(CalendarDay.objects.order_by("day_on").values_list("day_on", "is_workday", "name")))


@lru_cache(maxsize=2)
def _calendar(days: tuple[tuple[date, bool, str], ...]) -> Calendar:
    """Give the calendar of these days: read from the table each time, put together only where it changed."""
    return Calendar(CalendarRow(on, "makeup" if is_workday else "holiday", name) for on, is_workday, name in days)
