"""Tasks of cases and of what is found."""

from lianxin.domain.voice.commands import closing, searching_matters
from lianxin.platform import clock, scope, search
from lianxin.platform.tasks import Running, task


@task("voice.expire_silent")
def expire_silent(job: Running) -> None:
    """Close everywhere what was done and whose time to reply is over."""
    for community in closing.list_due_communities(at=clock.now()):
        while closing.expire_silent(actor=job.actor, community=community, at=clock.now()):
            job.beat()


@task("voice.keep_findable")
def keep_findable(job: Running) -> None:
    """Make every matter, vote and opinion map findable, those too that were begun before they were searched."""
    with scope.everything():
        search.put(searching_matters.entries(), at=clock.now())
