"""Volunteering by program: shifts that want people, taking one, my hours, whether a certificate is true."""

from datetime import timedelta
from uuid import UUID

from ninja import Query, Router

from lianxin.domain.activities.commands import shift_places
from lianxin.domain.activities.queries.certificates import check_certificate
from lianxin.domain.activities.queries.hours import my_hours
from lianxin.domain.activities.queries.shifts import (
    MyShift,
    ShiftRow,
    community_of,
    find_open,
    list_open,
    my_shifts,
    origin_of,
)
from lianxin.faces.api.activities_schemas import (
    CheckedOut,
    GiveBackIn,
    HoursOut,
    HoursPageOut,
    KeyIn,
    MyShiftOut,
    ShiftOut,
    ShiftsFilter,
)
from lianxin.faces.api.answers import answers
from lianxin.faces.api.security import logged_in
from lianxin.platform import clock
from lianxin.platform.errors import Missing

router = Router()


@router.get("/shifts", response=answers(list[ShiftOut]), summary="Shifts that want people")
def list_open_shifts(request, asked: Query[ShiftsFilter]):  # type: ignore[no-untyped-def]
    """Give shifts of the district that still want people, one's community first; open to everybody."""
    at = clock.now()
    rows = list_open(
        at=at,
        until_at=at + timedelta(days=asked.days),
        community=asked.community,
        communities=[asked.community] if asked.only_here and asked.community else None,
        near=origin_of(community=asked.community) if asked.community else None,
    )
    return [_shift(row) for row in rows]


@router.get("/shifts/{uuid:shift}", response=answers(ShiftOut), summary="One shift")
def show_shift(request, shift: UUID):  # type: ignore[no-untyped-def]
    """Give one shift; open to everybody."""
    return _shift(find_open(shift=shift))


@router.post("/shifts/{uuid:shift}/take", response=answers(MyShiftOut), auth=logged_in, summary="Take a shift")
def take_shift(request, shift: UUID, body: KeyIn):  # type: ignore[no-untyped-def]
    """Take a shift for oneself; nothing changes when it is refused."""
    actor = request.actor
    if actor.person is None:
        raise Missing
    made = shift_places.take_shift(
        actor=actor.visiting(community_of(shift=shift)), shift=shift, at=clock.now(), key=body.key
    )
    return _mine(actor.person, made.pk)


@router.get("/mine", response=answers(list[MyShiftOut]), auth=logged_in, summary="My shifts ahead")
def list_my_shifts(request):  # type: ignore[no-untyped-def]
    """Give the shifts that I hold, in all communities."""
    if request.actor.person is None:
        raise Missing
    return [_my_shift(one) for one in my_shifts(person=request.actor.person, from_at=clock.now())]


@router.post(
    "/places/{uuid:shift_place}/give-back", response=answers(MyShiftOut), auth=logged_in, summary="Give a shift back"
)
def give_shift_back(request, shift_place: UUID, body: GiveBackIn):  # type: ignore[no-untyped-def]
    """Give a shift of one's own back before it begins."""
    actor = request.actor
    if actor.person is None:
        raise Missing
    before = _mine(actor.person, shift_place)
    ended = shift_places.give_back(
        actor=actor.visiting(before.shift.community),
        place=shift_place,
        reason=body.reason,
        at=clock.now(),
        key=body.key,
    )
    return MyShiftOut(
        place=ended.pk, state=ended.state, minutes=ended.minutes, shift=_shift(find_open(shift=ended.shift_id))
    )


@router.get("/hours", response=answers(HoursPageOut), auth=logged_in, summary="My hours")
def list_my_hours(request, after: str = "", limit: int = 50):  # type: ignore[no-untyped-def]
    """Give the lines of my hours, the newest first."""
    if request.actor.person is None:
        raise Missing
    page = my_hours(actor=request.actor, person=request.actor.person, after=after[:60], limit=limit)
    return HoursPageOut(
        items=[HoursOut.from_orm(row) for row in page.rows], after=page.after, count=page.count, minutes=page.minutes
    )


@router.get("/certificates/check", response=answers(CheckedOut), summary="Check a certificate")
def check(request, code: str):  # type: ignore[no-untyped-def]
    """Tell anybody whether the code of a certificate is true; the name is masked."""
    found = check_certificate(code[:40])
    if found is None:
        raise Missing
    return CheckedOut(
        number=found.number,
        masked_name=found.masked_name,
        community_name=found.community_name,
        from_on=found.from_on,
        until_on=found.until_on,
        minutes=found.minutes,
        minutes_now=found.minutes_now,
        times=found.times,
        occurrence_title=found.occurrence_title,
        issued_at=found.issued_on,
        revoked_at=found.revoked_at,
        is_valid=found.is_valid,
    )


def _shift(row: ShiftRow) -> ShiftOut:
    return ShiftOut.from_orm(row)


def _my_shift(one: MyShift) -> MyShiftOut:
    return MyShiftOut(place=one.place, state=one.state, minutes=one.minutes, shift=_shift(one.row))


def _mine(person: UUID, place: UUID) -> MyShiftOut:
    for one in my_shifts(person=person):
        if one.place == place:
            return _my_shift(one)
    raise Missing
