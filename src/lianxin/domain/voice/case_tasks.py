"""Tasks of cases."""

from lianxin.domain.voice.commands import closing
from lianxin.platform import clock
from lianxin.platform.tasks import Running, task


@task("voice.expire_silent")
def expire_silent(job: Running) -> None:
    """Close everywhere what was done and whose time to reply is over."""
    for community in closing.list_due_communities(at=clock.now()):
        while closing.expire_silent(actor=job.actor, community=community, at=clock.now()):
            job.beat()
