"""One publish: rooms, volunteers' shifts and sign-up together after one check, and taken back together."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import changing, found, project_reports, shifts
from lianxin.domain.activities.commands.searching import index_activity
from lianxin.domain.activities.events import ActivityPublished
from lianxin.domain.activities.models import Activity, Attendance, Occurrence, Shift, SignUp, Skill
from lianxin.domain.activities.queries.publish_checks import Finding, PublishCheck, check_publish
from lianxin.domain.activities.rules import draws, plans
from lianxin.domain.bookings.commands import bookings
from lianxin.platform import contributions, duties
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Refused

State = Occurrence.State
NAMED_AT_MOST = 6


class NotPublishable(Refused):
    """Something stands in the way; `problems` names each."""

    title = gettext_lazy("This cannot be published yet.")

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        said = [one.sentence for one in self.findings]
        more = (
            [_("And %(count)d more points.") % {"count": len(said) - NAMED_AT_MOST}]
            if len(said) > NAMED_AT_MOST
            else []
        )
        super().__init__(
            " ".join([str(self.title), *said[:NAMED_AT_MOST], *more]),
            problems=[
                {"occurrence": str(one.occurrence) if one.occurrence else None, "sentence": one.sentence}
                for one in self.findings
            ],
        )


class Doubtful(NotPublishable):
    """Nothing stops it, but somebody should look first."""

    title = gettext_lazy("Please look at this first, then publish again.")


class HasPlaces(Refused):
    """Somebody counts on it already."""

    title = gettext_lazy("People have signed up. Call it off instead, so that everybody is told.")


@command("activities.publish")
def publish(
    *,
    actor: Actor,
    activity: UUID,
    despite_doubts: bool = False,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Activity:
    """Make all drafted dates of an activity public: book their rooms, open their shifts and their sign-up, or nothing.

    Raises NotPublishable with every conflict of rooms, people and times, and Doubtful until `despite_doubts`.
    """
    row = found.living_activity(activity, version)
    policy.require(policy.may_plan(actor, row.community_id))
    check = check_publish(row=row, at=at)
    if check.problems:
        raise NotPublishable(check.problems)
    if check.doubts and not despite_doubts:
        raise Doubtful(check.doubts)
    for one in sorted(check.dates, key=lambda one: (str(one.room_id), one.starts_at)):
        changing.book_room(actor, row, one, at)
    first_hours = plans.read(row.plan).first_hours
    for one in sorted(check.dates, key=lambda one: one.pk):
        _open(one, first_hours, at)
    for one in sorted(check.dates, key=lambda one: one.pk):
        _open_shifts(actor, row, one, at)
    if row.state == Activity.State.DRAFT:
        act().target(row, "published", {"state": [row.state, Activity.State.PUBLISHED]})
        row.state, row.published_at = Activity.State.PUBLISHED, at
    else:
        act().target(row, "dates published", {"dates": [None, len(check.dates)]})
    row.version += 1
    row.save(update_fields=["state", "published_at", "version"])
    duties.close(kind="activities.publish", record=row)
    index_activity(row.pk)
    project_reports.report_dates(row, check.dates, at=at)
    _follow(actor, row, check, at)
    return row


def _open(one: Occurrence, first_hours: int, at: datetime) -> None:
    one.state, one.published_at, one.changed_at = State.PUBLISHED, at, at
    one.version += 1
    if one.first_for and one.sign_up_from is None:
        # Sign-up opens now, so the first hours are reckoned from now.
        one.first_until = min(at + timedelta(hours=first_hours), one.starts_at)
    if one.is_drawn and not one.seed_digest:
        # The digest is public from now on, the seed only after the draw.
        one.seed, one.seed_digest = draws.new_seed()
    one.save(
        update_fields=[
            *("state", "published_at", "changed_at", "version", "first_until", "seed", "seed_digest", "booking_time")
        ]
    )
    act().target(one, "published", {"state": [State.DRAFT, State.PUBLISHED]})


def _open_shifts(actor: Actor, row: Activity, one: Occurrence, at: datetime) -> None:
    """Open the shifts that were drafted for a date, or else those of the activity's plan."""
    if shifts.open_shifts_of(actor=actor, occurrence=one.pk, at=at):
        return
    for shift in plans.read(row.plan).shifts:
        starts_at, ends_at = changing.shift_times(one, shift)
        shifts.open_shift(
            actor=actor,
            community=row.community_id,
            occurrence=one.pk,
            role=shift.role,
            what=shift.what,
            starts_at=starts_at,
            ends_at=ends_at,
            least=shift.least,
            most=shift.most,
            skills=list(Skill.objects.filter(code__in=shift.skills).values_list("pk", flat=True)),
            team=shift.team,
            venue=one.venue_id,
            place=one.place,
            at=at,
        )


def _follow(actor: Actor, row: Activity, check: PublishCheck, at: datetime) -> None:
    contributions.follow(
        ActivityPublished(
            row.pk, row.community_id, tuple(one.pk for one in check.dates), row.record_kind, row.record_id
        ),
        actor=actor,
        at=at,
    )


@command("activities.take_back")
def take_back(*, actor: Actor, activity: UUID, at: datetime, key: UUID | None = None) -> Activity:
    """Undo a publication while nobody holds a place: rooms are free again, shifts and dates are drafts again."""
    row = found.living_activity(activity)
    policy.require(policy.may_plan(actor, row.community_id))
    dates = list(Occurrence.objects.filter(activity=row, state=State.PUBLISHED, ends_at__gt=at).order_by("pk"))
    if not dates:
        raise Refused(_("No date of it is public and still to come."))
    if Occurrence.objects.filter(activity=row, state__in=[State.HELD, State.NOT_HELD]).exists():
        raise Refused(_("Some dates took place already. Call off the others instead."))
    for one in sorted(dates, key=lambda one: (str(one.room_id), one.starts_at)):
        if one.booking_time_id:
            bookings.cancel_times(
                actor=actor,
                record_kind=changing.RECORD_KIND,
                record_id=one.pk,
                reason=_("The activity was taken back."),
                at=at,
            )
    for one in dates:
        locked = found.occurrence(one.pk)
        if _is_counted_on(locked):
            raise HasPlaces
        locked.state, locked.changed_at, locked.booking_time_id = State.DRAFT, at, None
        locked.sequence, locked.version = locked.sequence + 1, locked.version + 1
        locked.save(update_fields=["state", "changed_at", "booking_time", "sequence", "version"])
        act().target(locked, "taken back", {"state": [State.PUBLISHED, State.DRAFT]})
    for one in dates:
        shifts.take_back_of(actor=actor, occurrence=one.pk, at=at)
    act().target(row, "taken back", {"state": [row.state, Activity.State.DRAFT]})
    row.state = Activity.State.DRAFT
    row.version += 1
    row.save(update_fields=["state", "version"])
    index_activity(row.pk)
    return row


def _is_counted_on(row: Occurrence) -> bool:
    return (
        SignUp.objects.filter(occurrence=row, state__in=SignUp.LIVE).exists()
        or Attendance.objects.filter(occurrence=row, undone_at__isnull=True).exists()
        or Shift.objects.filter(occurrence=row, state=Shift.State.OPEN, taken__gt=0).exists()
    )
