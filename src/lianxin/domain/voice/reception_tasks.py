"""What the worker does for reception days and mediations: days ahead, missed days, the court's thirty days."""

from __future__ import annotations

from lianxin.domain.voice.commands import court, reception_days, reception_series
from lianxin.platform import clock
from lianxin.platform.tasks import Running, task


@task("voice.keep_receptions")
def keep_receptions(job: Running) -> None:
    """Make reception days sixty days ahead, and mark those that nobody closed as missed."""
    at = clock.now()
    running = reception_series.list_running()
    for start in range(0, len(running), reception_series.MAKE_AT_MOST):
        part = running[start : start + reception_series.MAKE_AT_MOST]
        reception_series.make_ahead(actor=job.actor, series=part, at=at)
        job.beat()
    while reception_days.miss_overdue(actor=job.actor, at=at) == reception_days.MISS_AT_MOST:
        job.beat()


@task("voice.lapse_court_days")
def lapse_court_days(job: Running) -> None:
    """Let the thirty days end in which the court could have been asked."""
    at = clock.now()
    while court.lapse(actor=job.actor, at=at) == court.LAPSE_AT_MOST:
        job.beat()
