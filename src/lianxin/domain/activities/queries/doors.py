"""The code at the door: what it leads to, and whom a resident can check in with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext as _

from lianxin.domain.activities.models import Attendance, Occurrence, SignUp
from lianxin.domain.activities.rules import door_codes, tokens
from lianxin.domain.activities.rules.door_codes import DoorCode
from lianxin.domain.activities.rules.windows import Door
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.proxies import list_principals
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Gone, Missing, Refused

ACTS_FOR = "sign_up"
CODE_DIGITS = 6


class DoorCodeOver(Refused):
    """The code at the door is of another day."""


def door_code(row: Occurrence) -> str:
    """Give what the code at the door of a date says."""
    return door_codes.write(door_codes.OCCURRENCE, row.pk, local_day(row.starts_at))


def venue_code(venue: UUID, at: datetime) -> str:
    """Give what the code at the door of a venue says today: it leads to whatever is on."""
    return door_codes.write(door_codes.VENUE, venue, local_day(at))


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """A date into which one can check in now."""

    id: UUID
    community: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    where: str
    has_check_out: bool
    is_open: bool
    why_closed: str


def list_open_doors(*, code: str, at: datetime) -> list[OpenDoor]:
    """Give what a scanned code leads to: its date, or all that is on at its venue today; everybody may see this.

    Raises Missing for a code that was not made here and DoorCodeOver for one of another day.
    """
    read = door_codes.read(code)
    if read is None:
        raise Missing(_("This code was not made here. Please scan the one at the door."))
    today = local_day(at)
    with scope.everything():
        dates = Occurrence.objects.filter(state__in=[Occurrence.State.PUBLISHED, Occurrence.State.HELD])
        dates = dates.select_related("activity", "venue", "room")
        if read.kind == door_codes.OCCURRENCE:
            rows = list(dates.filter(pk=read.record))
            fits = [row for row in rows if local_day(row.starts_at) == read.on]
            if rows and (not fits or read.on < today - timedelta(days=1)):
                raise DoorCodeOver(_other_day(read))
            rows = fits
        else:
            if read.on != today:
                raise DoorCodeOver(_other_day(read))
            span = Q(starts_at__lt=at + timedelta(hours=12), ends_at__gt=at - timedelta(hours=12))
            near = dates.filter(span, venue=read.record).order_by("starts_at", "pk")
            rows = [row for row in near if _door(row).is_open(at)]
    if not rows and read.kind == door_codes.OCCURRENCE:
        raise Gone(_called_off())
    return [_open_door(row, at) for row in rows]


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One of those whom a resident can check in: themselves, the household, those they act for, the ticket's holder."""

    person: UUID | None
    sign_up: UUID | None
    name: str
    has_place: bool
    waits: bool
    attendance: UUID | None
    left: bool


def list_own(*, actor: Actor, occurrence: UUID, token: str = "", at: datetime) -> list[OwnRow]:
    """List whom the actor can check in to a date, those with a place first; raises Missing for no such date."""
    with scope.everything():
        row = Occurrence.objects.filter(pk=occurrence).exclude(state=Occurrence.State.DRAFT).first()
        if row is None:
            raise Missing
        own = Q(pk__in=[])
        if actor.person is not None:
            home = Person.objects.filter(pk=actor.person, state=Person.State.LIVING).values("household")
            acts_for = [one.person for one in list_principals(actor=actor, on=local_day(at)) if one.may(ACTS_FOR)]
            own = Q(pk=actor.person) | Q(household__in=home) | Q(pk__in=acts_for)
        people = {one.pk: one for one in Person.objects.filter(own, state=Person.State.LIVING).order_by("pk")}
        word = tokens.read_token(token) if token else ""
        mine = Q(person__in=people)
        if word:
            mine |= Q(token_digest=tokens.token_digest(word))
        places = list(
            SignUp.objects.filter(mine, occurrence=row, ended_at=None).select_related("person").order_by("place_no")
        )
        there = {
            key: one
            for one in Attendance.objects.filter(
                Q(person__in=people) | Q(sign_up__in=places), occurrence=row, undone_at=None
            )
            for key in (one.person_id, one.sign_up_id)
            if key is not None
        }
    rows = []
    for place in places:
        came = there.get(place.pk) or (there.get(place.person_id) if place.person_id else None)
        name = place.person.name if place.person else place.guest_name
        held = place.state in (SignUp.State.CONFIRMED, SignUp.State.OFFERED)
        rows.append(
            OwnRow(
                place.person_id,
                place.pk,
                name,
                has_place=held,
                waits=not held,
                attendance=came.pk if came else None,
                left=bool(came and came.left_at),
            )
        )
    named = {place.person_id for place in places}
    for person in people.values():
        if person.pk not in named:
            came = there.get(person.pk)
            rows.append(
                OwnRow(
                    person.pk,
                    None,
                    person.name,
                    has_place=False,
                    waits=False,
                    attendance=came.pk if came else None,
                    left=bool(came and came.left_at),
                )
            )
    return rows


def find_sign_up_by(*, occurrence: UUID, told: str) -> UUID | None:
    """Give the sign-up of a date that a ticket's private word or its six digits name; None when there is none."""
    word = tokens.read_token(told)
    digits = "".join(told.split()).replace("-", "")
    with scope.everything():
        rows = SignUp.objects.filter(occurrence=occurrence)
        if word:
            rows = rows.filter(token_digest=tokens.token_digest(word))
        elif digits.isdecimal() and len(digits) == CODE_DIGITS:
            rows = rows.filter(code=digits)
        else:
            return None
        return rows.values_list("pk", flat=True).first()


def _door(row: Occurrence) -> Door:
    return Door(row.starts_at, row.ends_at, row.early_minutes, row.late_minutes)


def _open_door(row: Occurrence, at: datetime) -> OpenDoor:
    door = _door(row)
    named = (row.venue.name if row.venue else "", row.room.name if row.room else "", row.place)
    return OpenDoor(
        id=row.pk,
        community=row.community_id,
        title=row.title or row.activity.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        where=" ".join(filter(None, named)),
        has_check_out=row.has_check_out,
        is_open=door.is_open(at),
        why_closed=door.why_closed(at),
    )


def _other_day(read: DoorCode) -> str:
    return _("This code was for %(day)s. Please scan the one that hangs at the door today.") % {
        "day": formats.date_format(read.on, "MONTH_DAY_FORMAT")
    }


def _called_off() -> str:
    return _("This date was called off, or its code is not in use any more.")
