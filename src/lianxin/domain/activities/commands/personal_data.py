"""What activities hold about one person: given out, erased, and forgotten when its time is over."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.domain.activities.models import (
    Answer,
    Attendance,
    Certificate,
    ChainPaste,
    Feedback,
    FeedLink,
    HoursEntry,
    NoShow,
    ReportingIn,
    ShiftPlace,
    SignUp,
    TeamMember,
    Volunteer,
)
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.sensitive import Sealed, Unreadable

GUEST_DAYS = 90
CHAIN_DAYS = 90
NO_NAME = "—"
AT_ONCE = 500


def export_rows(person: UUID) -> dict[str, Any]:
    """Give what activities hold about a person."""
    with scope.everything():
        return {
            "sign_ups": [
                {
                    "what": row.occurrence.title or row.occurrence.activity.title,
                    "starts_at": row.occurrence.starts_at.isoformat(),
                    "state": row.state,
                    "how": row.how,
                    "note": row.note,
                    "answers": [{one.question.text: _read(one.text)} for one in row.answers.all()],
                }
                for row in SignUp.objects.filter(person=person)
                .select_related("occurrence__activity")
                .prefetch_related("answers__question")
                .order_by("pk")
            ],
            "attendances": [
                {
                    "what": row.occurrence.title or row.occurrence.activity.title,
                    "came_at": row.came_at.isoformat(),
                    "left_at": row.left_at.isoformat() if row.left_at else None,
                    "how": row.how,
                    "minutes": row.minutes,
                    "undone": row.undone_at is not None,
                }
                for row in Attendance.objects.filter(person=person)
                .select_related("occurrence__activity")
                .order_by("pk")
            ],
            "feedback": list(
                Feedback.objects.filter(attendance__person=person).order_by("pk").values("face", "words", "met_need")
            ),
            "did_not_come": list(NoShow.objects.filter(person=person).order_by("pk").values("on", "forgiven_at")),
            "volunteer": list(
                Volunteer.objects.filter(person=person).values(
                    "state", "suits", "insurance_note", "insured_until", "registered_on"
                )
            ),
            "teams": list(
                TeamMember.objects.filter(volunteer__person=person)
                .order_by("pk")
                .values("team__name", "role", "since_on", "until_on")
            ),
            "shifts": list(
                ShiftPlace.objects.filter(person=person)
                .order_by("pk")
                .values("shift__role", "starts_at", "ends_at", "state", "minutes")
            ),
            "hours": list(HoursEntry.objects.filter(person=person).order_by("pk").values("on", "minutes", "kind")),
            "certificates": list(
                Certificate.objects.filter(person=person)
                .order_by("pk")
                .values("number", "from_on", "until_on", "minutes")
            ),
            "reporting_in": list(
                ReportingIn.objects.filter(person=person)
                .order_by("pk")
                .values("unit_name", "reported_on", "until_on", "offers")
            ),
        }


def erase_rows(person: UUID, actor: Actor, at: datetime) -> list[str]:
    """Forget what somebody said and wished; that somebody was there stays, without a name, since figures rest on it."""
    with scope.everything():
        mine = SignUp.objects.filter(person=person)
        came = Attendance.objects.filter(person=person)
        worked = HoursEntry.objects.filter(person=person)
        kept = mine.exists() or came.exists() or worked.exists()
        Answer.objects.filter(sign_up__person=person).delete()
        mine.update(note="")
        Feedback.objects.filter(attendance__person=person).update(words="")
        NoShow.objects.filter(person=person).delete()
        Certificate.objects.filter(person=person).update(name="")
        FeedLink.objects.filter(person=person).delete()
        ReportingIn.objects.filter(person=person).update(unit_name=NO_NAME, offers="")
        Volunteer.objects.filter(person=person).update(
            state=Volunteer.State.LEFT, suits=[], insurance_note="", insured_until=None
        )
        for volunteer in Volunteer.objects.filter(person=person):
            volunteer.skills.clear()
    if not kept:
        return []
    return [
        _("Days of coming to activities and hours of voluntary work, without a name, because figures rest on them.")
    ]


def forget_guests(at: datetime) -> int:
    """Forget names and phone numbers of guests ninety days after the occurrence; gives how many rows."""
    before = at - timedelta(days=GUEST_DAYS)
    over = Q(occurrence__ends_at__lt=before)
    forgotten = 0
    with scope.everything():
        for model in (SignUp, Attendance):
            rows = model.objects.filter(over).exclude(guest_name="").exclude(guest_name=NO_NAME, guest_digest="")
            while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
                forgotten += model.objects.filter(pk__in=ids).update(
                    guest_name=NO_NAME, guest_phone=None, guest_digest=""
                )
        Answer.objects.filter(sign_up__occurrence__ends_at__lt=before, sign_up__person=None).delete()
        SignUp.objects.filter(over, person=None).exclude(note="").update(note="")
        sent = ShiftPlace.objects.filter(ends_at__lt=before).exclude(guest_name="").exclude(guest_name=NO_NAME)
        forgotten += sent.update(guest_name=NO_NAME)
    return forgotten


def forget_chains(at: datetime) -> int:
    """Delete pasted lists ninety days after the occurrence; who was taken in from them is on record by then."""
    with scope.everything():
        old = ChainPaste.objects.filter(occurrence__ends_at__lt=at - timedelta(days=CHAIN_DAYS))
        return old.delete()[0]


def _read(sealed: Sealed) -> str:
    try:
        return sealed.reveal()
    except Unreadable:
        return ""
