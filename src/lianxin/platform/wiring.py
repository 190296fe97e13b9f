"""What the platform itself contributes: proofs, retention and rounds."""

from collections.abc import Iterator
from datetime import datetime, time

from django.utils.translation import gettext as _

from lianxin.platform import (
    append_only,
    audit,
    audit_log,
    clock,
    commands,
    files,
    outbox,
    row_security,
    runs,
    sample,  # noqa: F401 - registers its task
    search,
    tallies,
    tasks,
)
from lianxin.platform.contributions import Check, Contribution, Retention, Schedule, every
from lianxin.platform.tasks import Running, task


@task("platform.keep_house", lane=tasks.LONG)
def keep_house(job: Running) -> None:
    """Remove what its retention period no longer allows to keep."""
    parts = every("retention")
    for done, part in enumerate(parts):
        part.purge(clock.now())
        job.progress(done + 1, len(parts), part.name)


@task(audit_log.PROOF, lane=tasks.LONG)
def prove_audit(job: Running) -> None:
    """Prove positions, chain, roots and signatures; note the first difference, or that there is none."""
    difference = next(iter(audit.check_chain(clock.now())), "")
    job.progress(1, 1, difference or _("Every entry is as it was sealed."))


def _chain_now() -> Iterator[str]:
    return audit.check_chain(clock.now())


def _forget_expired_files(at: datetime) -> int:
    return files.forget_expired(on=clock.local_day(at))


def _sweep_files(at: datetime) -> int:
    # A backup copies the database first and the files after it: none may go in between.
    from lianxin.platform import backup

    return 0 if backup.is_running(at=at) else files.sweep(at=at)


CONTRIBUTION = Contribution(
    module="platform",
    checks=(
        Check("audit chain", _chain_now),
        Check("tallies equal facts", tallies.check_tallies, of_facts=True),
        Check("roll-ups equal tallies", tallies.check_rollups),
        Check("search index", search.check),
        Check("append-only guards", append_only.check),
        Check("row-level security", row_security.check),
        Check("stored files", files.check),
    ),
    retention=(
        Retention("audit entries", audit.KEEP_DAYS, audit.drop_old),
        Retention("finished jobs", 30, tasks.forget_done),
        Retention("staged rows of finished imports", 90, runs.purge_payloads),
        Retention("remembered keys of repeated forms", commands.REMEMBER_DAYS, commands.forget_remembered),
        Retention("messages that left", outbox.KEEP_DAYS, outbox.forget_sent),
        Retention("files whose last day has passed", 0, _forget_expired_files),
        Retention("bytes that no record refers to", files.ORPHAN_AGE.days, _sweep_files),
    ),
    schedules=(Schedule("keep house", task="platform.keep_house", daily_at=time(3, 30)),),
)
