"""What the clock does with sign-ups: waiting lists move on, draws are made, people are reminded, counts are proved."""

import logging
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import draws, reminders, waiting
from lianxin.domain.activities.models import Occurrence
from lianxin.domain.activities.queries.sign_ups import list_miscounted
from lianxin.platform import clock, duties
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.tasks import Running, task

log = logging.getLogger(__name__)
RECOUNT_DUTY = "activities.recount"


@task("activities.move_waiting_lists")
def move_waiting_lists(job: Running) -> None:
    """Let offers lapse, give free places to those who wait, and make the draws that are due."""
    at = clock.now()
    for pk in draws.list_to_draw(at=at):
        draws.draw(actor=job.actor, occurrence=pk, at=at)
        job.beat()
    for pk in waiting.list_moving(at=at):
        waiting.promote(actor=job.actor, occurrence=pk, at=at)
        job.beat()


@task("activities.remind")
def remind(job: Running) -> None:
    """Remind those who have a place at what begins soon."""
    at = clock.now()
    for pk in reminders.list_soon(at=at):
        reminders.remind(actor=job.actor, occurrence=pk, at=at)
        job.beat()


@task("activities.recount")
def recount(job: Running) -> None:
    """Prove each night that the counters are the sign-ups."""
    recount_places(actor=job.actor, at=clock.now())


@command("activities.recount")
def recount_places(*, actor: Actor, at: datetime) -> list[UUID]:
    """Compare counters with sign-ups; where they differ, somebody has to look, and nothing is changed by itself."""
    policy.require(actor.is_system)
    wrong = list_miscounted()
    for place in Occurrence.objects.filter(pk__in=wrong).select_related("activity").order_by("pk"):
        log.error("the counters of occurrence %s are not its sign-ups", place.pk)
        duties.open(
            kind=RECOUNT_DUTY,
            record=place,
            community_id=place.community_id,
            title=_("The places of “%(title)s” do not add up: tell whoever runs the system")
            % {"title": place.title or place.activity.title},
            due_at=at,
            assignee_role="community_staff",
            url_name="staff:sign_ups",
            url_args={"occurrence": str(place.pk)},
        )
        act().target(place, "recounted", {"taken": [place.taken, None], "waiting": [place.waiting, None]})
    return wrong
