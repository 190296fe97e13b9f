"""What deliberation holds about one person: given out, erased, and numbers forgotten when their time is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs.rules import titles
from lianxin.domain.people.models import Person
from lianxin.domain.voice.models import Invitation, Matter, Meeting, Party, Speech
from lianxin.platform import scope
from lianxin.platform.actors import Actor

PHONE_DAYS = 365
AT_ONCE = 500


def export_rows(person: UUID) -> dict[str, Any]:
    """Give the sides a person spoke for and the meetings they were asked to, with what they said there."""
    with scope.everything():
        sides = Party.objects.filter(person=person).select_related("matter").order_by("joined_on", "pk")
        asked = Invitation.objects.filter(person=person).select_related("meeting__matter").order_by("invited_at", "pk")
        said: dict[UUID, list[str]] = {}
        for speech in Speech.objects.filter(invitation__person=person).order_by("meeting", "position"):
            said.setdefault(speech.invitation_id, []).append(speech.words)
        return {
            "sides": [
                {
                    "matter": row.matter.title,
                    "side": row.name,
                    "from": row.joined_on.isoformat(),
                    "until": row.left_on.isoformat() if row.left_on else "",
                }
                for row in sides
            ],
            "meetings": [
                {
                    "matter": row.meeting.matter.title,
                    "number": row.meeting.number,
                    "starts_at": row.meeting.starts_at.isoformat(),
                    "name": row.name,
                    "role": row.role,
                    "came_at": row.came_at.isoformat() if row.came_at else "",
                    "left_at": row.left_at.isoformat() if row.left_at else "",
                    "said": said.get(row.pk, []),
                }
                for row in asked
            ],
        }


def erase_rows(person: UUID, actor: Actor, at: datetime) -> list[str]:
    """Forget who it was; that somebody came and what was decided stays, and signed minutes stay as they were signed."""
    with scope.everything():
        names = list(Person.objects.filter(pk=person).values_list("name", flat=True))
        asked = list(Invitation.objects.filter(person=person).select_related("meeting"))
        for row in asked:
            names.append(row.name)
            row.name = f"{titles.hide(row.name, names=[row.name])[:20]} {str(row.pk)[-8:]}"
            row.person_id = None
            row.save(update_fields=["name", "person"])
        meetings = {row.meeting_id for row in asked}
        signed = 0
        for meeting in Meeting.objects.filter(pk__in=meetings).order_by("pk"):
            if meeting.minutes_state == Meeting.Minutes.SIGNED:
                signed += 1
                continue
            meeting.minutes = _hidden(meeting.minutes, names)
            meeting.chair_name, meeting.clerk_name = (
                _hidden(one, names) for one in (meeting.chair_name, meeting.clerk_name)
            )
            meeting.save(update_fields=["minutes", "chair_name", "clerk_name"])
        for speech in Speech.objects.filter(meeting__in=meetings):
            speech.words = _hidden(speech.words, names)
            speech.save(update_fields=["words"])
        for side in Party.objects.filter(person=person):
            own = [*names, side.speaker_name]
            if side.name in own:
                side.name = f"{side.get_kind_display()} {str(side.pk)[-8:]}"
            side.person_id, side.speaker_name, side.speaker_phone = None, "", None
            side.save(update_fields=["name", "person", "speaker_name", "speaker_phone"])
    return [_("The name in minutes that were signed, which stay as they were signed.")] if signed else []


def purge_phones(at: datetime) -> int:
    """Forget the numbers of those who spoke for a side of a matter that ended so long ago; gives how many."""
    with scope.everything():
        over = Matter.objects.filter(ended_at__lt=at - timedelta(days=PHONE_DAYS)).values("pk")
        rows = Party.objects.filter(matter__in=over, speaker_phone__isnull=False)
        return Party.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:AT_ONCE])).update(speaker_phone=None)


def _hidden(words: str, names: list[str]) -> str:
    for name in names:
        if len(name.strip()) > 1:
            words = words.replace(name.strip(), "*" * len(name.strip()))
    return words
