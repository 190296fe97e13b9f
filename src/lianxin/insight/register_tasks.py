"""Registers that take a while: asked for with a press, written by the worker, kept for some days for who asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from lianxin.platform import clock, files, pictures, scope, tasks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Missing, NotAllowed
from lianxin.platform.models import Job, StoredFile

TASK = "insight.write_registers"
PURPOSE = "insight.registers"
KEPT_DAYS = 7
MOST_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class RegisterSet:
    """A workbook that somebody asked for: of which registers, days and place, and how far it is."""

    job: Job
    codes: tuple[str, ...]
    period: str
    place: str
    is_done: bool
    has_stopped: bool
    file: StoredFile | None

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will happen."""
        return self.is_done or self.has_stopped


@command("insight.ask_for_registers")
def ask_for_registers(
    *,
    actor: Actor,
    codes: Sequence[str] = (),
    period: str,
    place: str = "",
    language: str = "zh-hans",
    at: datetime,
    key: UUID | None = None,
) -> Job:
    """Let the worker write registers (all that the actor reads, unless named) of a period and place as one workbook."""
    from lianxin.insight.registers import catalogue
    from lianxin.insight.registers.workbook import check_size

    if not catalogue.may_read_any(actor):
        raise NotAllowed
    named = [catalogue.find_register(code, actor=actor) for code in codes]
    wanted = named or catalogue.list_registers(actor=actor)
    sheets = sheets_of(actor=actor, codes=[one.code for one in wanted], period=period, place=place, at=at)
    for sheet in sheets:
        check_size(sheet)
    args = {"codes": [one.code for one in wanted], "period": period, "place": place, "language": language}
    job = tasks.enqueue(TASK, args=args)
    act().target(job, "asked for")
    return job


def sheets_of(*, actor: Actor, codes: Sequence[str], period: str, place: str, at: datetime) -> list[Any]:
    """Give the sheets of some registers; raises what is wrong with the period or place."""
    from lianxin.insight.areas import find_area, whole
    from lianxin.insight.periods import read_period
    from lianxin.insight.registers import catalogue
    from lianxin.insight.registers.workbook import Sheet

    today = clock.local_day(at)
    asked = read_period(period, today=today)
    on = min(asked.last_on, today)
    area = find_area(place, actor=actor, on=on) if place else whole(actor, on=on)
    window = Window(asked.from_on, asked.until_on, area.communities)
    return [
        Sheet(
            register=catalogue.find_register(code, actor=actor),
            window=window,
            place=area.name,
            period=days_in_words(asked.from_on, asked.last_on),
            is_one_community=area.is_community,
        )
        for code in codes
    ]


def days_in_words(first: date, last: date) -> str:
    """Say on paper of which days a register is."""
    if first == last:
        return _("Day: %(day)s") % {"day": first.isoformat()}
    return _("Days: %(first)s to %(last)s") % {"first": first.isoformat(), "last": last.isoformat()}


def find_set(*, actor: Actor, register_set: UUID) -> RegisterSet:
    """Give a workbook that this actor asked for; raises Missing, also when its place is no longer the actor's."""
    from lianxin.insight.registers import catalogue

    job = Job.objects.filter(pk=register_set, task=TASK).first()
    if job is None or actor.account is None or job.asked_by != actor.account or not catalogue.may_read_any(actor):
        raise Missing
    asked = Actor.from_json(job.actor).communities
    if actor.communities is not None and (asked is None or not asked <= actor.communities):
        raise Missing
    return _set_of(job)


def list_sets(*, actor: Actor, limit: int = 5) -> list[RegisterSet]:
    """Give the workbooks that this actor asked for, newest first."""
    if actor.account is None:
        return []
    rows = Job.objects.filter(task=TASK, asked_by=actor.account).order_by("-created_at", "-pk")
    return [_set_of(job) for job in rows[:limit]]


def _set_of(job: Job) -> RegisterSet:
    kept = job.args.get("file")
    return RegisterSet(
        job=job,
        codes=tuple(job.args.get("codes", ())),
        period=job.args.get("period", ""),
        place=job.args.get("place", ""),
        is_done=job.state == Job.State.DONE,
        has_stopped=job.state == Job.State.PARKED,
        file=StoredFile.objects.filter(pk=kept, purpose=PURPOSE).first() if kept else None,
    )


@tasks.task(TASK, lane=tasks.LONG)
def write_registers(
    job: tasks.Running, codes: list[str], period: str, place: str, language: str, file: str | None = None
) -> None:
    """Write the workbook and keep it; begun anew it is written anew, and the last one counts."""
    from lianxin.insight.registers.workbook import Sheet, write_book

    at = clock.now()
    with translation.override(language), scope.within(job.actor.communities), TemporaryDirectory() as folder:
        sheets = sheets_of(actor=job.actor, codes=codes, period=period, place=place, at=at)
        counts = [sheet.register.count(sheet.window) for sheet in sheets]
        total = sum(counts) or 1

        def tell(number: int, sheet: Sheet, row: int) -> None:
            job.progress(min(sum(counts[: number - 1]) + row, total), total, str(sheet.register.title))

        path = Path(folder) / "registers.xlsx"
        write_book(path, sheets, at=at, tell=tell)
        with path.open("rb") as written:
            stored = files.store(
                fileobj=written,
                name=f"{file_title(sheets)}.xlsx",
                purpose=PURPOSE,
                limit_bytes=MOST_BYTES,
                at=at,
                accept=(pictures.XLSX,),
                expires_on=clock.local_day(at) + timedelta(days=KEPT_DAYS),
            )
    args = {"codes": codes, "period": period, "place": place, "language": language, "file": str(stored.pk)}
    Job.objects.filter(pk=job.id).update(args=args)
    job.progress(total, total)


def file_title(sheets: Sequence[Any]) -> str:
    """Give what a workbook of these sheets is called."""
    first = sheets[0]
    title = str(first.register.title) if len(sheets) == 1 else _("Registers")
    days = f"{first.window.from_on} {first.window.until_on - timedelta(days=1)}"
    return f"{first.place} {title} {days}"
