"""What happens by itself about tiers: late cases are lifted, hand-overs chased, deadlines counted anew."""

from lianxin.domain.voice.commands import handovers, lifting, recounting
from lianxin.platform import clock
from lianxin.platform.tasks import Running, task


@task("voice.lift_late")
def lift_late(job: Running) -> None:
    """Lift late cases in every community that has some; with very many, some hundred at a time."""
    for community in lifting.list_late_communities(at=clock.now()):
        while lifting.lift_late(actor=job.actor, community=community, at=clock.now()) == lifting.AT_ONCE:
            job.beat()
        job.beat()


@task("voice.chase_outside")
def chase_outside(job: Running) -> None:
    """Tell the office above where those outside let their day pass."""
    for community in handovers.list_late_communities(at=clock.now()):
        handovers.chase(actor=job.actor, community=community, at=clock.now())
        job.beat()


@task("voice.recount_deadlines")
def recount_deadlines(job: Running) -> None:
    """Count deadlines anew in every community where the calendar of working days says otherwise."""
    for community in recounting.list_wrong_communities():
        recounting.recount(actor=job.actor, community=community, at=clock.now())
        job.beat()
