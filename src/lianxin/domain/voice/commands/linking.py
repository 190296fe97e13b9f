"""What becomes of a case besides its own way: a need on the list, a room booking, the draft of an activity."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.activities.commands.activities import save_activity
from lianxin.domain.activities.models import Activity
from lianxin.domain.activities.rules.contents import Content
from lianxin.domain.activities.rules.plans import Plan
from lianxin.domain.bookings.commands.bookings import book_times
from lianxin.domain.bookings.models import Booking
from lianxin.domain.needs.commands import hearing as needs_hearing
from lianxin.domain.needs.models import NeedReport
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, moving
from lianxin.domain.voice.models import Case, CaseLink, CaseReport, Confidentiality
from lianxin.domain.voice.rules import states
from lianxin.domain.voice.rules.states import NotPossible
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import Refused

RECORD_KIND = "voice.case"


def link(case: Case, kind: str, record_id: UUID, *, at: datetime) -> CaseLink:
    """Note what a locked case led to, inside a command; noted once."""
    from lianxin.platform.commands import act

    row, _created = CaseLink.objects.get_or_create(
        case=case,
        kind=kind,
        record_id=record_id,
        defaults={"community_id": case.community_id, "made_at": at, "made_by": act().actor.account},
    )
    return row


@command("voice.to_need")
def to_need(*, actor: Actor, case: UUID, words: str = "", at: datetime, key: UUID | None = None) -> NeedReport:
    """Put what a case asks for on the needs list as a voice of its own, for the one who told it first."""
    row = _workable(actor, case)
    if row.links.filter(kind=CaseLink.Kind.NEED).exists():  # type: ignore[attr-defined]
        raise Refused(_("This is on the needs list already."))
    first = _first(row)
    is_named = first.confidentiality == Confidentiality.OPEN and row.confidentiality == Confidentiality.OPEN
    text = words.strip() or (first.words if is_named else row.title)
    report = needs_hearing.hear(
        actor=actor,
        community=row.community_id,
        words=text[:1000] or row.title,
        how="desk",
        person=first.person_id if is_named else None,
        is_anonymous=not is_named,
        heard_at=min(first.heard_at, at),
        at=at,
    )
    _note(row, CaseLink.Kind.NEED, report.pk, at=at)
    return report


@command("voice.to_booking")
def to_booking(
    *,
    actor: Actor,
    case: UUID,
    room: UUID,
    times: Sequence[tuple[datetime, datetime]],
    title: str = "",
    people_expected: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Booking:
    """Book a room for a case: for a talk, or because a room was what was asked for."""
    row = _workable(actor, case)
    # The board of the house shows what a room is booked for: what is sealed is not told there.
    plain = row.title if row.confidentiality == Confidentiality.OPEN and not row.is_mediated else ""
    booking = book_times(
        actor=actor,
        room=room,
        times=times,
        title=title.strip() or plain or _("Talk at the centre"),
        record_kind=RECORD_KIND,
        record_id=row.pk,
        people_expected=people_expected,
        at=at,
    )
    _note(row, CaseLink.Kind.BOOKING, booking.pk, at=at)
    return booking


@command("voice.to_activity")
def to_activity(
    *, actor: Actor, case: UUID, category: UUID, title: str = "", at: datetime, key: UUID | None = None
) -> Activity:
    """Draft an activity out of a case: its title and place are taken over, nothing of who told it."""
    row = _workable(actor, case)
    is_open = row.confidentiality == Confidentiality.OPEN and not row.is_mediated
    name = title.strip() or row.public_title or (row.title if is_open else "") or row.get_subject_display()
    activity = save_activity(
        actor=actor,
        activity=None,
        content=Content(
            community=row.community_id, category=category, title=name, record_kind=RECORD_KIND, record_id=row.pk
        ),
        plan=Plan(venue=row.venue_id),
        at=at,
    )
    _note(row, CaseLink.Kind.ACTIVITY, activity.pk, at=at)
    return activity


def _workable(actor: Actor, case: UUID) -> Case:
    row = found.case(case)
    policy.require(policy.may_keep(actor, row.community_id))
    if row.state not in states.LIVE:
        raise NotPossible(states.why_not(row.state, "progress"))
    return row


def _first(row: Case) -> CaseReport:
    report = CaseReport.objects.filter(case=row, withdrawn_at=None).order_by("heard_at", "pk").first()
    if report is None:
        raise Refused(_("Nobody speaks for this case any more."))
    return report


def _note(row: Case, kind: str, record_id: UUID, *, at: datetime) -> None:
    link(row, kind, record_id, at=at)
    row.version, row.changed_at = row.version + 1, at
    row.save(update_fields=["version", "changed_at"])
    moving.append_step(row, "link", before=row.state, words=str(CaseLink.Kind(kind).label), is_public=True, at=at)
