"""Working out opinion maps: only the worker loads what that needs."""

from uuid import UUID

from lianxin.domain.voice.commands import opinion_maps
from lianxin.domain.voice.queries import opinion_due
from lianxin.platform import clock, scope
from lianxin.platform.actors import Actor
from lianxin.platform.tasks import LONG, Running, task


@task("voice.draw_map", lane=LONG)
def draw_map(job: Running, opinion_map: str) -> None:
    """Work one map out from the votes that are there now."""
    with scope.everything():
        opinion_maps.draw(actor=Actor.system(via="worker"), opinion_map=UUID(opinion_map), at=clock.now())


@task("voice.draw_maps", lane=LONG)
def draw_maps(job: Running) -> None:
    """Work out every open map that was answered since its last result, and end those whose time is over."""
    with scope.everything():
        actor = Actor.system(via="worker")
        for row in opinion_due.list_over(at=clock.now()):
            opinion_maps.close(actor=actor, opinion_map=row, at=clock.now())
            job.beat()
        for row in opinion_due.list_answered():
            opinion_maps.draw(actor=actor, opinion_map=row, at=clock.now())
            job.beat()
