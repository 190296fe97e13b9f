"""What would stop this deployment from working well, told as sentences."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from lianxin.platform import audit, backup, keys, row_security, scope
from lianxin.platform.clock import local_day
from lianxin.platform.models import AuditEntry, AuditPending, CalendarDay, DueTime, Job, Message

Level = Literal["OK", "warning", "fault"]
OK: Level = "OK"
WARNING: Level = "warning"
FAULT: Level = "fault"

LEAST_PYTHON = (3, 11)
LEAST_SQLITE = (3, 35, 0)
LEAST_POSTGRESQL = 15
ROOM_FAULT, ROOM_WARNING = 500_000_000, 5_000_000_000
CLOCK_SLACK = timedelta(seconds=30)
WORKER_SLACK = timedelta(minutes=5)
BACKUP_AGE = timedelta(hours=36)
NOTICE_MONTH_AND_DAY = (11, 15)  # the State Council names next year's days off in the first half of November


@dataclass(frozen=True)
class Finding:
    """One sentence about the deployment, and whether it is fine."""

    level: Level
    sentence: str


def examine(*, at: datetime) -> Iterator[Finding]:
    """Give a finding for everything that was looked at; what needs the database comes after it was reached."""
    for first in (_programs, _key_ring, _room, _web_settings):
        yield from first(at)
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield Finding(FAULT, f"The database cannot be reached: {str(error).strip().splitlines()[0]}")
        return
    reached = [*_server(at), *_migrations(at)]
    yield from reached
    if any(finding.level == FAULT for finding in reached):
        return
    looks: tuple[Callable[[datetime], Iterator[Finding]], ...] = (
        _clocks, _worker, _jobs, _messages, _seals, _calendar, _backups,
    )  # fmt: skip
    with scope.everything():
        for look in looks:
            yield from look(at)


def _programs(at: datetime) -> Iterator[Finding]:
    level = OK if sys.version_info >= LEAST_PYTHON else FAULT
    yield Finding(level, f"Python is of version {platform.python_version()}.")


def _key_ring(at: datetime) -> Iterator[Finding]:
    path = Path(settings.KEY_FILE)
    try:
        ring = keys.load_ring(path)
    except keys.KeyFileProblem as problem:
        yield Finding(FAULT, str(problem))
        return
    yield Finding(OK, f"The key ring {path} holds {len(ring.keys)} keys and only its owner may read it.")


def _room(at: datetime) -> Iterator[Finding]:
    places = {Path(settings.VAR_DIR), Path(settings.FILES_ROOT)}
    if connection.vendor == "sqlite":
        places.add(Path(connection.settings_dict["NAME"]).absolute().parent)
    seen = set()
    for place in sorted(places):
        there = next(folder for folder in (place, *place.absolute().parents) if folder.exists())
        device = there.stat().st_dev
        if device in seen:
            continue
        seen.add(device)
        free = shutil.disk_usage(there).free
        level = FAULT if free < ROOM_FAULT else WARNING if free < ROOM_WARNING else OK
        yield Finding(level, f"{free / 1e9:.1f} GB are free for {place}.")


def _web_settings(at: datetime) -> Iterator[Finding]:
    if settings.TESTING:
        yield Finding(FAULT, "LIANXIN_TESTING is on: passwords are kept weakly and the signing secret is public.")
    if settings.DEBUG:
        yield Finding(FAULT, "LIANXIN_DEBUG is on: error pages show the program's inside. It is for developers only.")
    if len(settings.SECRET_KEY) < 40:
        yield Finding(FAULT, "LIANXIN_SECRET_KEY is shorter than 40 characters. Leave it out and one is made.")
    else:
        yield Finding(OK, "The signing secret is long enough.")
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding(FAULT, "LIANXIN_HOSTS lets any host name in. Name the hosts that people use.")
    local = {"127.0.0.1", "localhost", "[::1]", "testserver"}
    outside = sorted(set(settings.ALLOWED_HOSTS) - local - {"*"})
    if not outside:
        yield Finding(WARNING, "Only this machine can open the pages: LIANXIN_HOSTS names no other host.")
    elif not settings.SESSION_COOKIE_SECURE:
        yield Finding(FAULT, f"Pages for {', '.join(outside)} travel unencrypted: set LIANXIN_HTTPS=true behind TLS.")
    else:
        yield Finding(OK, f"Pages for {', '.join(outside)} are served over HTTPS only.")
    if outside and not settings.BASE_URL:
        yield Finding(WARNING, "LIANXIN_BASE_URL is missing: links in messages and on printed cards need it.")
    if settings.SESSION_COOKIE_SECURE and not getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        yield Finding(
            WARNING, "LIANXIN_HTTPS is on without LIANXIN_TRUSTED_PROXY: behind a proxy every page redirects for ever."
        )


def _server(at: datetime) -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        version = sqlite3.sqlite_version_info
        yield Finding(OK if version >= LEAST_SQLITE else FAULT, f"SQLite is of version {sqlite3.sqlite_version}.")
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            (told,) = cursor.fetchone()
            cursor.execute("PRAGMA journal_mode")
            (mode,) = cursor.fetchone()
        if told != "ok":
            yield Finding(FAULT, f"The database file is damaged: {told}. Restore the last backup.")
        if mode != "wal":
            yield Finding(
                WARNING, f"The database works in journal mode {mode} and not in WAL: readers wait for writers."
            )
        return
    version_number = connection.pg_version // 10000  # type: ignore[attr-defined]
    level = OK if version_number >= LEAST_POSTGRESQL else FAULT
    yield Finding(level, f"PostgreSQL is of version {version_number}.")
    weak = row_security.check()
    for sentence in weak:
        yield Finding(FAULT, sentence)
    if not weak:
        yield Finding(OK, "The database role is bound by row-level security.")


def _migrations(at: datetime) -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield Finding(FAULT, f"The database lacks {len(plan)} migrations. Start `lianxin up`, which brings them.")
    else:
        yield Finding(OK, "The database is reached and has this version's tables.")


def _clocks(at: datetime) -> Iterator[Finding]:
    skew = timedelta(0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (theirs,) = cursor.fetchone()
        skew = abs(theirs - datetime.now(theirs.tzinfo))
    latest = AuditEntry.objects.order_by("-pk").values_list("at", flat=True).first()
    if skew > CLOCK_SLACK:
        yield Finding(
            FAULT, f"The clocks of this machine and the database differ by {skew.total_seconds():.0f} seconds."
        )
    elif latest is not None and latest > at + CLOCK_SLACK:
        yield Finding(
            FAULT, f"The newest audit entry is of {latest:%Y-%m-%d %H:%M} UTC, which is later than now: mend the clock."
        )
    else:
        yield Finding(OK, "The clocks agree.")


def _worker(at: datetime) -> Iterator[Finding]:
    late = list(DueTime.objects.filter(due_at__lt=at - WORKER_SLACK).order_by("due_at")[:1])
    waiting = Job.objects.filter(state=Job.State.WAITING, due_at__lt=at - WORKER_SLACK).order_by("due_at").first()
    if not DueTime.objects.exists():
        yield Finding(WARNING, "The worker has never run here. `lianxin up` starts one.")
    elif late:
        yield Finding(
            FAULT, f"The worker does not run: “{late[0].name}” has been due since {late[0].due_at:%Y-%m-%d %H:%M} UTC."
        )
    else:
        yield Finding(OK, "The worker keeps its times.")
    if waiting is not None:
        minutes = int((at - waiting.due_at).total_seconds() // 60)
        yield Finding(WARNING, f"A job ({waiting.task}) has been waiting for {minutes} minutes.")


def _jobs(at: datetime) -> Iterator[Finding]:
    parked = list(Job.objects.filter(state=Job.State.PARKED).order_by("-finished_at")[:5])
    for job in parked:
        reason = job.failure.splitlines()[0][:160] if job.failure else "no reason is known"
        yield Finding(WARNING, f"The job {job.pk} ({job.task}) is parked after {job.attempts} attempts: {reason}")
    if not parked:
        yield Finding(OK, "No job is parked.")


def _messages(at: datetime) -> Iterator[Finding]:
    failed = Message.objects.filter(state=Message.State.FAILED).count()
    stuck = Message.objects.filter(state=Message.State.WAITING, created_at__lt=at - timedelta(hours=1)).count()
    if failed:
        yield Finding(WARNING, f"{failed} messages could not be delivered.")
    if stuck:
        yield Finding(WARNING, f"{stuck} messages have been waiting for more than an hour.")
    if not failed and not stuck:
        yield Finding(OK, "Messages leave.")


def _seals(at: datetime) -> Iterator[Finding]:
    unsealed = AuditEntry.objects.filter(
        pk__in=AuditPending.objects.values("entry_id"), at__lt=at - audit.UNSEALED_LIMIT
    ).count()
    if unsealed:
        yield Finding(FAULT, f"{unsealed} audit entries have been unsealed for more than 10 minutes.")
    else:
        yield Finding(OK, "Audit entries are sealed in time.")
    seals = Path(settings.SEAL_COPY_DIR).absolute()
    if seals.is_relative_to(Path(settings.VAR_DIR).absolute()):
        yield Finding(
            WARNING,
            "Copies of the seals lie beside the data: let LIANXIN_SEAL_COPY_DIR name a folder elsewhere.",
        )


def _calendar(at: datetime) -> Iterator[Finding]:
    today = local_day(at)
    years = [today.year]
    if (today.month, today.day) >= NOTICE_MONTH_AND_DAY:
        years.append(today.year + 1)
    for year in years:
        if CalendarDay.objects.filter(day_on__year=year).exists():
            yield Finding(OK, f"The calendar has the holidays and make-up workdays of {year}.")
        else:
            yield Finding(
                WARNING,
                f"The calendar lacks the holidays and make-up workdays of {year}: enter the State Council's notice.",
            )


def _backups(at: datetime) -> Iterator[Finding]:
    last = backup.last_backup()
    if last is None:
        yield Finding(WARNING, "No backup was made from this machine. See `lianxin backup`.")
        return
    age = at - last.made_at
    level = OK if age <= BACKUP_AGE else WARNING
    yield Finding(level, f"The last backup is {age.total_seconds() / 3600:.0f} hours old ({last.file}).")
