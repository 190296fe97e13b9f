"""Who has a place, who came, and who came of one's own: for the door, the lists after it, and the residents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Attendance, CrowdLog, NoShow, Occurrence, ShiftPlace, SignUp
from lianxin.domain.activities.rules.sheets import row_code, spaced
from lianxin.domain.activities.rules.windows import Door
from lianxin.domain.people.models import Person
from lianxin.engines.masking import mask_name
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing
from lianxin.platform.sensitive import Sealed, Unreadable

ABSENT, CAME, WAITING, HELPS = "absent", "came", "waiting", "helps"
MOST = 2_000
ACTS_FOR = "sign_up"


@dataclass(frozen=True, slots=True)
class DoorRow:
    """One line at the door: somebody with a place, on the waiting list, on a shift, or who came without."""

    kind: str
    name: str
    last4: str
    place_no: int | None
    sign_up: UUID | None
    shift_place: UUID | None
    attendance: UUID | None
    came_at: datetime | None
    left_at: datetime | None
    how: str
    minutes: int
    is_resident: bool
    role: str = ""

    @property
    def is_there(self) -> bool:
        """Tell whether the person came."""
        return self.attendance is not None


@dataclass(frozen=True, slots=True)
class DoorCounts:
    """How many have places, came, wait; a crowd without names stands apart."""

    places: int
    came: int
    without_place: int
    waiting: int
    on_shifts: int
    crowd: int


@dataclass(frozen=True, slots=True)
class DoorView:
    """A date as those at the door see it."""

    occurrence: Occurrence
    door: Door
    rows: list[DoorRow]
    counts: DoorCounts
    crowd: CrowdLog | None

    @property
    def is_finished(self) -> bool:
        """Tell whether it was finished."""
        return self.occurrence.state in (Occurrence.State.HELD, Occurrence.State.NOT_HELD)


def find_door(*, actor: Actor, occurrence: UUID, known: Occurrence | None = None) -> DoorView:
    """Give a date with everybody who may come or came, for who runs it or reads the community; five queries.

    `known` is the date where it was read a moment ago. Raises Missing. The page masks the names.
    """
    with scope.everything():
        row = _runs(actor, occurrence, may_read=True, known=known)
        here = list(
            Attendance.objects.filter(occurrence=row, undone_at=None).select_related("person").order_by("came_at", "pk")
        )
        states = [SignUp.State.CONFIRMED, SignUp.State.OFFERED, SignUp.State.WAITING, SignUp.State.IN_DRAW]
        signed = SignUp.objects.filter(
            Q(state__in=states) | Q(pk__in=[one.sign_up_id for one in here if one.sign_up_id])
        )
        places = list(signed.filter(occurrence=row).select_related("person").order_by("place_no")[:MOST])
        shifts = list(
            ShiftPlace.objects.filter(shift__occurrence=row)
            .exclude(state=ShiftPlace.State.CANCELLED)
            .select_related("person", "shift")
            .order_by("starts_at", "pk")
        )
        crowd = None if row.room_id else CrowdLog.objects.filter(occurrence=row, undone_at=None).first()
    rows = _rows(here, places, shifts)
    counts = DoorCounts(
        places=sum(one.state in (SignUp.State.CONFIRMED, SignUp.State.OFFERED) for one in places),
        came=len(here),
        without_place=sum(one.sign_up_id is None and one.shift_place_id is None for one in here),
        waiting=sum(one.state in (SignUp.State.WAITING, SignUp.State.IN_DRAW) for one in places),
        on_shifts=sum(one.shift_place_id is not None for one in here),
        crowd=crowd.count if crowd else 0,
    )
    return DoorView(row, Door(row.starts_at, row.ends_at, row.early_minutes, row.late_minutes), rows, counts, crowd)


def narrowed(rows: Sequence[DoorRow], *, kind: str = "", text: str = "") -> list[DoorRow]:
    """Keep the lines of one kind, and those found by a name and the last four digits of a number."""
    words = re.findall(r"\d+|[^\d\s]+", text)
    digits = [word for word in words if word.isdecimal()]
    names = [word for word in words if not word.isdecimal()]
    kept = []
    for one in rows:
        if kind and one.kind != kind:
            continue
        if any(not (one.last4 and one.last4.endswith(word[-4:])) and str(one.place_no) != word for word in digits):
            continue
        if any(word not in one.name for word in names):
            continue
        kept.append(one)
    return kept


def masked(row: DoorRow) -> str:
    """Give the name as others at the door may see it."""
    return mask_name(row.name)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of the sheet on paper."""

    code: str
    masked_name: str
    last4: str


def sheet_rows(*, actor: Actor, occurrence: UUID) -> tuple[Occurrence, list[SheetRow]]:
    """Give the lines of the sign-in sheet of those who have a place, by number; raises Missing."""
    with scope.everything():
        row = _runs(actor, occurrence)
        held = SignUp.objects.filter(occurrence=row, state__in=[SignUp.State.CONFIRMED, SignUp.State.OFFERED])
        rows = list(held.select_related("person").order_by("place_no"))
    return row, [
        SheetRow(
            code=spaced(row_code(row.pk, one.place_no)),
            masked_name=mask_name(one.person.name if one.person else one.guest_name),
            last4=one.person.phone_last4 if one.person else _last4(one.guest_phone),
        )
        for one in rows
    ]


@dataclass(frozen=True, slots=True)
class AbsentRow:
    """Somebody who had a place and did not come; the office alone sees it."""

    id: UUID
    masked_name: str
    times: int
    forgiven_at: datetime | None
    forgiven_why: str


def list_no_shows(*, actor: Actor, row: Occurrence) -> list[AbsentRow]:
    """List who had a place at a date and did not come, with how often in this series; for who plans; one query."""
    if not policy.may_plan(actor, row.community_id):
        return []
    with scope.everything():
        counted = NoShow.objects.filter(activity=OuterRef("activity"), person=OuterRef("person"), forgiven_at=None)
        times = counted.order_by().values("person").annotate(n=Count("pk")).values("n")
        mine = NoShow.objects.filter(sign_up__occurrence=row).annotate(times=Coalesce(Subquery(times), 0))
        return [
            AbsentRow(one.pk, mask_name(one.person.name), one.times, one.forgiven_at, one.forgiven_why)
            for one in mine.select_related("person").order_by("sign_up__place_no")
        ]


def find_no_show(*, actor: Actor, no_show: UUID) -> NoShow:
    """Give a no-show that the actor may forgive; raises Missing."""
    with scope.everything():
        row = NoShow.objects.filter(pk=no_show).select_related("sign_up", "person").first()
    if row is None or not policy.may_plan(actor, row.community_id):
        raise Missing
    return row


def find_attendance(*, actor: Actor, attendance: UUID) -> Attendance:
    """Give an attendance of a date that the actor runs; raises Missing."""
    with scope.everything():
        row = (
            Attendance.objects.filter(pk=attendance)
            .select_related("occurrence__activity", "occurrence__venue", "person")
            .first()
        )
    if row is None or not policy.may_run(actor, row.community_id, row.occurrence.venue_id):
        raise Missing
    return row


def find_crowd(*, actor: Actor, log: UUID) -> CrowdLog:
    """Give a count of a date that the actor runs; raises Missing."""
    with scope.everything():
        row = CrowdLog.objects.filter(pk=log).select_related("occurrence").first()
    if row is None or not policy.may_run(actor, row.community_id, row.occurrence.venue_id):
        raise Missing
    return row


def _runs(actor: Actor, occurrence: UUID, *, may_read: bool = False, known: Occurrence | None = None) -> Occurrence:
    row = known or Occurrence.objects.filter(pk=occurrence).select_related("activity", "venue", "room").first()
    if row is None:
        raise Missing
    reads = may_read and policy.may_read(actor, row.community_id)
    if not (reads or policy.may_run(actor, row.community_id, row.venue_id)):
        raise Missing
    return row


def _rows(here: Sequence[Attendance], places: Sequence[SignUp], shifts: Sequence[ShiftPlace]) -> list[DoorRow]:
    by_sign_up = {one.sign_up_id: one for one in here if one.sign_up_id}
    by_person = {one.person_id: one for one in here if one.person_id}
    by_shift = {one.shift_place_id: one for one in here if one.shift_place_id}
    rows, shown = [], set()
    for place in places:
        came = by_sign_up.get(place.pk) or (by_person.get(place.person_id) if place.person_id else None)
        held = place.state in (SignUp.State.CONFIRMED, SignUp.State.OFFERED)
        kind = CAME if came else ABSENT if held else WAITING
        if came:
            shown.add(came.pk)
        rows.append(
            _row(
                kind, place.person, place.guest_name, place.guest_phone, came, sign_up=place.pk, place_no=place.place_no
            )
        )
    for held_shift in shifts:
        came = by_shift.get(held_shift.pk)
        if came is None or came.pk not in shown:
            if came:
                shown.add(came.pk)
            rows.append(
                _row(
                    CAME if came else HELPS,
                    held_shift.person,
                    held_shift.guest_name,
                    None,
                    came,
                    shift_place=held_shift.pk,
                    role=held_shift.shift.role,
                )
            )
    rows += [_row(CAME, one.person, one.guest_name, one.guest_phone, one) for one in here if one.pk not in shown]
    return rows


def _row(
    kind: str,
    person: Person | None,
    guest_name: str,
    guest_phone: Sealed | None,
    came: Attendance | None,
    *,
    sign_up: UUID | None = None,
    shift_place: UUID | None = None,
    place_no: int | None = None,
    role: str = "",
) -> DoorRow:
    return DoorRow(
        kind=kind,
        name=person.name if person else guest_name,
        last4=person.phone_last4 if person else _last4(guest_phone),
        place_no=place_no,
        sign_up=sign_up,
        shift_place=shift_place,
        attendance=came.pk if came else None,
        came_at=came.came_at if came else None,
        left_at=came.left_at if came else None,
        how=came.how if came else "",
        minutes=came.minutes if came else 0,
        is_resident=person is not None,
        role=role,
    )


def _last4(sealed: Sealed | None) -> str:
    if sealed is None:
        return ""
    try:
        return sealed.reveal()[-4:]
    except Unreadable:
        return ""
