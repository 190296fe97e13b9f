"""Telling those who signed up that a date moved: by message where there is a phone, else by a duty to call."""

from datetime import datetime, timedelta

from django.utils.translation import ngettext

from lianxin.domain.activities.commands.telling import phones_of, tell
from lianxin.domain.activities.models import Activity, Occurrence, SignUp
from lianxin.domain.places.models import Venue
from lianxin.platform import duties, scope

CHANGED = "activity_changed"
CALL = "activities.call_about_change"


def where(row: Occurrence) -> str:
    """Give the place of a date in words; empty when none is known yet."""
    name = ""
    if row.venue_id:
        with scope.everything():
            name = Venue.objects.filter(pk=row.venue_id).values_list("name", flat=True).first() or ""
    return " ".join(filter(None, (name, row.place)))


def tell_of_change(row: Occurrence, activity: Activity, *, at: datetime) -> int:
    """Write to everybody with a live sign-up who has a phone; to call the others is a duty. Gives how many."""
    live = list(SignUp.objects.filter(occurrence=row, state__in=SignUp.LIVE).order_by("place_no"))
    if not live:
        return 0
    sent = tell(live, row, template=CHANGED, at=at, reason=where(row))
    without = len(live) - len(phones_of(live))
    if without:
        duties.open(
            kind=CALL,
            record=row,
            community_id=row.community_id,
            title=ngettext(
                "“%(title)s” moved: call %(count)d person on the list who has no phone number here",
                "“%(title)s” moved: call %(count)d people on the list who have no phone number here",
                without,
            )
            % {"title": row.title or activity.title, "count": without},
            due_at=max(at + timedelta(hours=1), min(at + timedelta(days=1), row.starts_at)),
            assignee_role="community_staff",
            url_name="staff:occurrence",
            url_args={"occurrence": str(row.pk)},
        )
    return sent
