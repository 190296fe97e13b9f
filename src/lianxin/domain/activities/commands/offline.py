"""Checking in without a network: scans are kept on the phone and sent later, each counted exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import found
from lianxin.domain.activities.commands.arriving import Came, Guest, Outcome
from lianxin.domain.activities.commands.attendance import note
from lianxin.domain.activities.commands.shown import Shown, try_to_recognise
from lianxin.domain.activities.models import Attendance
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, Missing, Problem
from lianxin.platform.ids import new_id

How = Attendance.How
MOST_SCANS = 500
NEW, KNOWN, REFUSED = "new", "known", "refused"


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan as the phone kept it: its own id (UUIDv7), the moment, and what was scanned, chosen or typed."""

    id: UUID
    came_at: datetime
    text: str = ""
    sign_up: UUID | None = None
    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one scan: new, known from before, or refused with a sentence."""

    id: UUID
    state: str
    said: str = ""
    attendance: UUID | None = None
    came_before: bool = False


@command("activities.check_in_scan")
def check_in_shown(
    *,
    actor: Actor,
    occurrence: UUID,
    text: str,
    came_at: datetime | None = None,
    at: datetime,
    id: UUID | None = None,  # noqa: A002 - the device named it so
    key: UUID | None = None,
) -> Attendance:
    """Check in whoever's code or card is shown to somebody at the door; raises a sentence."""
    [outcome] = take_scans(
        actor=actor, occurrence=occurrence, scans=[Scan(id or new_id(), came_at or at, text)], at=at, is_offline=False
    )
    if outcome.refusal is not None:
        raise outcome.refusal
    assert outcome.attendance is not None
    return outcome.attendance


@command("activities.sync_scans")
def sync_scans(*, actor: Actor, occurrence: UUID, scans: Sequence[Scan], at: datetime) -> list[Answer]:
    """Take what a phone scanned without a network; the same scan again answers the same and changes nothing."""
    outcomes = take_scans(actor=actor, occurrence=occurrence, scans=scans, at=at, is_offline=True)
    return [_answer(scan, outcome) for scan, outcome in zip(scans, outcomes, strict=True)]


def take_scans(
    *, actor: Actor, occurrence: UUID, scans: Sequence[Scan], at: datetime, is_offline: bool
) -> list[Outcome]:
    """Recognise and check in, inside a running command, in the order in which the scans stand."""
    if len(scans) > MOST_SCANS:
        raise Invalid(_("At most %(most)d scans at once.") % {"most": MOST_SCANS})
    if len({scan.id for scan in scans}) != len(scans):
        raise Invalid(_("Two scans have the same number."))
    with scope.everything():
        row = found.occurrence(occurrence)
        if not policy.may_run(actor, row.community_id, row.venue_id):
            raise Missing
        known = set(Attendance.objects.filter(pk__in=[scan.id for scan in scans]).values_list("pk", flat=True))
        read: list[Came | Problem] = []
        for scan in scans:
            came = _came(scan, is_offline=is_offline)
            if scan.id not in known and not scan.sign_up and scan.text:
                shown = try_to_recognise(actor=actor, row=row, text=scan.text, at=at)
                read.append(_with(came, shown) if isinstance(shown, Shown) else shown)
            else:
                read.append(came)
        outcomes = iter(
            note(actor=actor, occurrence=occurrence, came=[one for one in read if isinstance(one, Came)], at=at)
        )
    return [
        next(outcomes) if isinstance(one, Came) else Outcome(_came(scan, is_offline=is_offline), refusal=one)
        for scan, one in zip(scans, read, strict=True)
    ]


def _came(scan: Scan, *, is_offline: bool) -> Came:
    guest = Guest(scan.name, scan.phone) if scan.name and not scan.sign_up else None
    how = How.WALK_IN if guest else How.NAME
    return Came(how=how, came_at=scan.came_at, id=scan.id, sign_up=scan.sign_up, guest=guest, is_offline=is_offline)


def _with(came: Came, shown: Shown) -> Came:
    return replace(came, how=shown.how, sign_up=shown.sign_up, person=shown.person, guest=None)


def _answer(scan: Scan, outcome: Outcome) -> Answer:
    if outcome.refusal is not None:
        sentences = [str(one) for field in outcome.refusal.fields.values() for one in field]
        return Answer(scan.id, REFUSED, " ".join(sentences) or str(outcome.refusal.detail))
    assert outcome.attendance is not None
    there = outcome.attendance
    return Answer(
        scan.id,
        NEW if outcome.is_new else KNOWN,
        attendance=there.pk,
        came_before=there.pk != scan.id,
    )
