"""What the platform itself contributes: proofs, retention and rounds."""

from collections.abc import Iterator
from datetime import time

from lianxin.platform import audit, clock, facts, search, tasks
from lianxin.platform.contributions import Check, Contribution, Retention, Schedule, every
from lianxin.platform.tasks import Running, task


@task("platform.keep_house", lane=tasks.LONG)
def keep_house(job: Running) -> None:
    """Remove what its retention period no longer allows to keep."""
    parts = every("retention")
    for done, part in enumerate(parts):
        part.purge(clock.now())
        job.progress(done + 1, len(parts), part.name)


def _chain_now() -> Iterator[str]:
    return audit.check_chain(clock.now())


CONTRIBUTION = Contribution(
    module="platform",
    checks=(
        Check("audit chain", _chain_now),
        Check("tallies equal facts", facts.check_tallies),
        Check("search index", search.check),
    ),
    retention=(
        Retention("audit entries", audit.KEEP_DAYS, audit.drop_old),
        Retention("finished jobs", 30, tasks.forget_done),
    ),
    schedules=(Schedule("keep house", task="platform.keep_house", daily_at=time(3, 30)),),
)
