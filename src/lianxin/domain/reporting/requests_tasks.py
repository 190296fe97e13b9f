"""What the worker does for requests: asks the next round of what repeats, and ends what is over."""

from __future__ import annotations

from lianxin.domain.reporting.commands import requests_sending
from lianxin.domain.reporting.rules.requests import NotNow
from lianxin.platform import clock, scope
from lianxin.platform.errors import Missing
from lianxin.platform.tasks import Running, task


@task("reporting.keep_requests")
def keep_requests(job: Running) -> None:
    """End requests whose last day is over, and ask the rounds that are due; never out of working hours."""
    at = clock.now()
    with scope.everything():
        over, rounds = requests_sending.list_due(at=at)
    for command, found in ((requests_sending.expire, over), (requests_sending.open_round, rounds)):
        for request in found:
            try:
                command(actor=job.actor, request=request, at=at)
            except (NotNow, Missing):
                # Somebody ended it or threw it away since it was listed.
                continue
            job.beat()
