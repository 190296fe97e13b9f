"""Reminders a day and two hours before, with the link to cancel; who has no phone is on the office's list to call."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import ngettext

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands.telling import phones_of, tell
from lianxin.domain.activities.models import Occurrence, SignUp
from lianxin.domain.activities.rules.telling import FIRST, is_quiet, reminder_due
from lianxin.platform import duties, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing

CALL_LIST_DUTY = "activities.call_list"


def list_soon(*, at: datetime, limit: int = 500) -> list[UUID]:
    """List the occurrences that begin within a day and take sign-ups; none at night, when people sleep."""
    if is_quiet(at):
        return []
    with scope.everything():
        rows = Occurrence.objects.filter(
            state=Occurrence.State.PUBLISHED, taken__gt=0, starts_at__gt=at, starts_at__lte=at + FIRST
        )
        return list(rows.order_by("starts_at", "pk").values_list("pk", flat=True)[:limit])


@command("activities.remind")
def remind(*, actor: Actor, occurrence: UUID, at: datetime) -> int:
    """Remind those who have a place at an occurrence and were not reminded yet; gives how many messages were sent.

    For those whom no message reaches, a duty to call them is opened.
    """
    policy.require(actor.is_system)
    place = locks.lock_one(Occurrence.objects.filter(pk=occurrence).select_related("activity"))
    if place is None:
        raise Missing
    if place.state != Occurrence.State.PUBLISHED or is_quiet(at):
        return 0
    rows = SignUp.objects.filter(occurrence=place.pk, state=SignUp.State.CONFIRMED).select_related("person")
    due = [
        row
        for row in rows.order_by("place_no")
        if reminder_due(starts_at=place.starts_at, accepted_at=row.accepted_at, reminded_at=row.reminded_at, at=at)
    ]
    if not due:
        return 0
    sent = tell(due, place, template="occurrence_reminder", at=at)
    phones = phones_of(due)
    to_call = [row for row in due if row.pk not in phones and row.reminded_at is None]
    SignUp.objects.filter(pk__in=[row.pk for row in due]).update(reminded_at=at)
    if to_call:
        title = place.title or place.activity.title
        duties.open(
            kind=CALL_LIST_DUTY,
            record=place,
            community_id=place.community_id,
            title=ngettext(
                "Call %(count)d person without a phone message about “%(title)s”",
                "Call %(count)d people without a phone message about “%(title)s”",
                len(to_call),
            )
            % {"count": len(to_call), "title": title},
            due_at=max(at + timedelta(minutes=30), place.starts_at - timedelta(hours=3)),
            assignee_role="community_staff",
            url_name="staff:sign_ups_to_call",
            url_args={"occurrence": str(place.pk)},
        )
    act().target(place, "reminded", {"messages": [None, sent], "to_call": [None, len(to_call)]})
    return sent


@command("activities.note_called")
def note_called(*, actor: Actor, occurrence: UUID, at: datetime) -> bool:
    """Note that those on the call list of an occurrence were called; False when nobody had to be."""
    place = Occurrence.objects.filter(pk=occurrence).first()
    if place is None:
        raise Missing
    policy.require(policy.may_run(actor, place.community_id, place.venue_id))
    closed = duties.close(kind=CALL_LIST_DUTY, record=place)
    if closed:
        act().target(place, "called those without a phone")
    return closed
