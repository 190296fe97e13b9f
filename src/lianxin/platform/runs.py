"""The run of a bulk act: read and checked whole, applied in chunks that each happen once, undone if need be."""

import gc
import json
import logging
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.platform import clock, contributions, files, locks, sheets, tasks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command, plain
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused
from lianxin.platform.models import Run, RunChunk, RunProblem, StoredFile
from lianxin.platform.sensitive import Sealed, seal

log = logging.getLogger(__name__)

CHUNK = 500
TELL_EVERY = 4
KEEP_TOGETHER = 4
KEEP_PROBLEMS = 5_000
YIELD_SECONDS = 0.03
PURPOSE = "platform.run.payload"


class RunBusy(Refused):
    """The run is not in a state in which this may be done."""

    title = gettext_lazy("This import is at another step by now. Reload the page to see where it stands.")


class SomethingDepends(Refused):
    """A run cannot be undone any more."""

    title = gettext_lazy("This import cannot be undone any more, because later work depends on what it brought.")


class Reader(Protocol):
    """Reads the rows of one file in order; `problems` holds (row, column, sentence, is_warning)."""

    problems: list[Any]

    def read(self, row: int, cells: Sequence[Any]) -> Any: ...


@dataclass(frozen=True)
class RunKind:
    """One kind of bulk act. Clean rows are tuples of plain values; `unpack` makes them again from JSON.

    Of a `whole` kind all rows are taken together, or none: one wrong row refuses the file, with every wrong row named.
    """

    name: str
    label: Any
    columns: tuple[sheets.Column, ...]
    may: Callable[[Actor], bool]
    reader: Callable[..., Reader]
    unpack: Callable[[list[Any]], Any]
    apply: Callable[..., list[UUID]]
    undo: Callable[..., None]
    whole: bool = False


def kind_named(name: str) -> RunKind:
    """Give a registered kind of run; raises Missing."""
    for kind in contributions.every("run_kinds"):
        if kind.name == name:
            return kind
    raise Missing


def find_run(*, actor: Actor, run: UUID) -> Run:
    """Give a run that this actor started; the system sees all. Raises Missing."""
    found = Run.objects.filter(pk=run).first()
    if found is None or not (actor.is_system or (actor.account and found.asked_by == actor.account)):
        raise Missing
    return found


def list_runs(*, actor: Actor, limit: int = 50) -> list[Run]:
    """Give the runs that this actor started, newest first."""
    if actor.account is None:
        return []
    return list(Run.objects.filter(asked_by=actor.account).order_by("-created_at")[:limit])


@command("runs.start")
def start_run(
    *,
    actor: Actor,
    kind: str,
    file_id: UUID,
    title: str,
    options: dict[str, Any] | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Run:
    """Take a stored file as a run of this kind and let the worker read and check it (nothing is applied yet)."""
    if not kind_named(kind).may(actor):
        raise NotAllowed
    run = Run.objects.create(
        kind=kind,
        title=title[:200],
        file_id=file_id,
        options=plain(options or {}),
        asked_by=actor.account,
        actor=actor.to_json(),
        created_at=at,
    )
    act().target(run, "started")
    tasks.enqueue("runs.stage", args={"run": run.pk}, key=f"stage-{run.pk}")
    return run


@command("runs.apply")
def apply_run(*, actor: Actor, run: UUID, at: datetime, key: UUID | None = None) -> Run:
    """Let the worker apply the clean rows of a checked run."""
    found = _locked(run, actor)
    if found.state == Run.State.APPLYING:
        return found
    if found.state != Run.State.STAGED:
        raise RunBusy
    if not found.rows_good:
        raise Invalid(_("There is no row that could be taken. Mend the file and send it again."))
    found.state = Run.State.APPLYING
    found.save(update_fields=["state"])
    act().target(found, "approved")
    tasks.enqueue("runs.apply", args={"run": found.pk}, key=f"apply-{found.pk}")
    return found


@command("runs.undo")
def undo_run(*, actor: Actor, run: UUID, reason: str, at: datetime, key: UUID | None = None) -> Run:
    """Let the worker take back everything a finished run brought, last chunk first."""
    found = _locked(run, actor)
    if found.state != Run.State.DONE:
        raise RunBusy
    found.state = Run.State.UNDOING
    found.save(update_fields=["state"])
    act().target(found, "undo asked for")
    act().note(reason=reason)
    tasks.enqueue("runs.undo", args={"run": found.pk, "reason": reason})
    return found


def source_of(run: Run) -> tuple[Path, str]:
    """Give where the run's file lies and what it is called; raises Missing when it is no longer kept."""
    file = StoredFile.objects.filter(pk=run.file_id).first() if run.file_id else None
    if file is None:
        raise Missing(_("The file is no longer kept. Send it again."))
    return files.path_of(file=file), file.name


def _locked(run: UUID, actor: Actor) -> Run:
    find_run(actor=actor, run=run)
    return locks.lock_one(Run.objects.filter(pk=run))


@tasks.task("runs.stage", lane=tasks.LONG)
def stage(job: tasks.Running, run: str) -> None:
    """Read and check the whole file; a restart begins the reading anew."""
    found = Run.objects.get(pk=run)
    if found.state != Run.State.STAGING:
        return
    try:
        _stage(job, found)
    except Invalid as problem:
        Run.objects.filter(pk=run).update(state=Run.State.REFUSED, refusal=str(problem.detail), finished_at=clock.now())


def _stage(job: tasks.Running, run: Run) -> None:
    RunChunk.objects.filter(run=run).delete()
    RunProblem.objects.filter(run=run).delete()
    kind = kind_named(run.kind)
    path, name = source_of(run)
    reader = kind.reader(run=run, actor=job.actor, at=clock.now())
    totals = {"rows_read": 0, "rows_good": 0, "rows_wrong": 0, "warnings": 0}
    kept = 0
    clean: list[Any] = []
    chunk = 0
    packed: list[RunChunk] = []
    for row_number, row in _checked_rows(kind, reader, path, name, totals):
        if row is not None:
            clean.append(row)
        if len(clean) == CHUNK:
            packed.append(_packed(run, chunk, clean))
            chunk, clean = chunk + 1, []
            if len(packed) == KEEP_TOGETHER:
                _keep_chunks(packed)
                packed = []
        if len(reader.problems) >= CHUNK:
            kept += _keep_problems(run, reader, kept)
        if row_number % (CHUNK * TELL_EVERY) == 0:
            job.progress(row_number, 0, _("Checked %(rows)d rows") % {"rows": row_number})
            time.sleep(YIELD_SECONDS)
    if clean:
        packed.append(_packed(run, chunk, clean))
    _keep_chunks(packed)
    _keep_problems(run, reader, kept)
    if not totals["rows_read"]:
        raise Invalid(_("The table has headings but no rows."))
    if kind.whole and totals["rows_wrong"]:
        Run.objects.filter(pk=run.pk).update(**totals)
        words = _(
            "This table is taken whole or not at all, and rows that are wrong: %(n)d. Mend them and send it again."
        )
        raise Invalid(words % {"n": totals["rows_wrong"]})
    Run.objects.filter(pk=run.pk).update(state=Run.State.STAGED, staged_at=clock.now(), **totals)


def _checked_rows(
    kind: RunKind, reader: Reader, path: Any, name: str, totals: dict[str, int]
) -> Iterator[tuple[int, Any]]:
    """Give (row number, clean row or None) for every row that is not empty, and count on the way."""
    source = sheets.read_rows(path, name)
    with closing(source):  # type: ignore[type-var]
        header = sheets.find_header(source, kind.columns)
        positions = [header.positions.get(column.name, -1) for column in kind.columns]
        seen = 0
        for number, cells in enumerate(source, start=header.line + 1):
            if not any(cells):
                continue
            if number - header.line > sheets.MAX_ROWS:
                raise Invalid(_("More than %(most)d rows. Split the file.") % {"most": sheets.MAX_ROWS})
            width = len(cells)
            values = [cells[p] if -1 < p < width else "" for p in positions]
            lost = [kind.columns[i].name for i, value in enumerate(values) if value and sheets.lost_digits(value)]
            for column in lost:
                reader.problems.append(
                    (
                        number,
                        column,
                        _("The number was stored as a figure and lost its last digits. Format the column as text."),
                        False,
                    )
                )
            clean = None if lost else reader.read(number, values)
            totals["rows_read"] += 1
            totals["rows_good" if clean is not None else "rows_wrong"] += 1
            if len(reader.problems) > seen:
                totals["warnings"] += sum(1 for p in reader.problems[seen:] if p[3] and clean is not None)
            yield number, clean
            seen = len(reader.problems)


def _packed(run: Run, number: int, clean: list[Any]) -> RunChunk:
    packed = zlib.compress(_to_json(clean).encode(), 1)
    sealed = seal(b64encode(packed).decode(), PURPOSE)
    return RunChunk(run=run, number=number, rows=len(clean), payload=sealed.ciphertext)


def _keep_chunks(packed: list[RunChunk]) -> None:
    RunChunk.objects.bulk_create(packed)


def _cell(value: Any) -> Any:
    kind = type(value)
    return value.hex if kind is UUID else value.isoformat() if kind is date else plain(value)


# Rows hold themselves nowhere: to look for that costs as much as the writing.
_to_json = json.JSONEncoder(default=_cell, ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def _keep_problems(run: Run, reader: Reader, kept: int) -> int:
    room = max(0, KEEP_PROBLEMS - kept)
    found = [
        RunProblem(run=run, row_number=p[0], column=p[1][:60], sentence=str(p[2])[:300], is_warning=bool(p[3]))
        for p in reader.problems[:room]
    ]
    RunProblem.objects.bulk_create(found, batch_size=500)
    reader.problems.clear()
    return len(found)


def _rows_of(chunk: RunChunk, kind: RunKind) -> list[Any]:
    packed = b64decode(Sealed(bytes(chunk.payload), PURPOSE).reveal())
    return [*map(kind.unpack, json.loads(zlib.decompress(packed)))]


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the collector of cycles from looking through a chunk's rows: they have none and go by themselves."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@tasks.task("runs.apply", lane=tasks.LONG)
def apply(job: tasks.Running, run: str) -> None:
    """Apply the chunks that are not applied yet, each in one transaction; a restart goes on at the next one."""
    found = Run.objects.get(pk=run)
    if found.state != Run.State.APPLYING:
        return
    numbers = list(
        RunChunk.objects.filter(run=found, applied_at=None).order_by("number").values_list("number", flat=True)
    )
    total = RunChunk.objects.filter(run=found).count()
    if kind_named(found.kind).whole:
        _apply_together(job, found, numbers)
        return
    for done, number in enumerate(numbers, start=total - len(numbers) + 1):
        apply_chunk(actor=job.actor, run=found.pk, number=number, at=clock.now())
        if done % TELL_EVERY == 0 or done == total:
            job.progress(done, total, _("Entering rows"))
        time.sleep(YIELD_SECONDS)
    with transaction.atomic():
        Run.objects.filter(pk=run, state=Run.State.APPLYING).update(state=Run.State.DONE, finished_at=clock.now())


def _apply_together(job: tasks.Running, run: Run, numbers: list[int]) -> None:
    """Apply all chunks in one transaction; refused, nothing of the file is entered."""
    try:
        with transaction.atomic():
            for number in numbers:
                apply_chunk(actor=job.actor, run=run.pk, number=number, at=clock.now())
            Run.objects.filter(pk=run.pk, state=Run.State.APPLYING).update(
                state=Run.State.DONE, finished_at=clock.now()
            )
    except (Refused, Invalid) as problem:
        Run.objects.filter(pk=run.pk).update(
            state=Run.State.REFUSED, refusal=str(problem.detail), finished_at=clock.now()
        )


@command("runs.apply_chunk")
def apply_chunk(*, actor: Actor, run: UUID, number: int, at: datetime) -> None:
    """Apply one chunk; done already, it does nothing."""
    chunk = locks.lock_one(RunChunk.objects.filter(run_id=run, number=number))
    if chunk.applied_at is not None:
        return
    found = Run.objects.get(pk=run)
    kind = kind_named(found.kind)
    with _without_collecting():
        made = kind.apply(run=found, rows=_rows_of(chunk, kind), actor=actor, at=at)
    RunChunk.objects.filter(pk=chunk.pk).update(applied_at=at, made_ids=b"".join([item.bytes for item in made]))
    Run.objects.filter(pk=run).update(rows_applied=F("rows_applied") + chunk.rows)
    act().target(found, "chunk applied", {"chunk": [None, number], "rows": [None, chunk.rows]})


@tasks.task("runs.undo", lane=tasks.LONG)
def undo(job: tasks.Running, run: str, reason: str) -> None:
    """Take the chunks back, last first; refused whole when something depends on the first one looked at."""
    found = Run.objects.get(pk=run)
    if found.state != Run.State.UNDOING:
        return
    chunks = RunChunk.objects.filter(run=found, applied_at__isnull=False, undone_at=None)
    numbers = list(chunks.order_by("-number").values_list("number", flat=True))
    for done, number in enumerate(numbers, start=1):
        try:
            undo_chunk(actor=job.actor, run=found.pk, number=number, reason=reason, at=clock.now())
        except SomethingDepends as refusal:
            Run.objects.filter(pk=run).update(state=Run.State.DONE, refusal=str(refusal.detail))
            return
        job.progress(done, len(numbers), _("Taking rows back"))
        time.sleep(YIELD_SECONDS)
    Run.objects.filter(pk=run).update(state=Run.State.UNDONE, finished_at=clock.now())


@command("runs.undo_chunk")
def undo_chunk(*, actor: Actor, run: UUID, number: int, reason: str, at: datetime) -> None:
    """Take one applied chunk back; raises SomethingDepends."""
    chunk = locks.lock_one(RunChunk.objects.filter(run_id=run, number=number))
    if chunk.applied_at is None or chunk.undone_at is not None:
        return
    found = Run.objects.get(pk=run)
    kind = kind_named(found.kind)
    raw = bytes(chunk.made_ids)
    made = [UUID(bytes=raw[i : i + 16]) for i in range(0, len(raw), 16)]
    kind.undo(run=found, ids=made, actor=actor, at=at)
    chunk.undone_at = at
    chunk.save(update_fields=["undone_at"])
    act().note(reason=reason)
    act().target(found, "chunk undone", {"chunk": [number, None]})


def purge_payloads(at: datetime, days: int = 90) -> int:
    """Forget the staged rows of finished runs; what they made stays."""
    old = RunChunk.objects.filter(run__finished_at__lt=at - timedelta(days=days)).exclude(payload=b"")
    return old.update(payload=b"")
