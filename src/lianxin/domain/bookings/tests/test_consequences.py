"""What follows for bookings when people go, records become one, and venues close or move."""

from datetime import timedelta

import pytest

from lianxin.domain.bookings.commands import bookings, consequences, personal_data, seats, waits
from lianxin.domain.bookings.models import Booking, BookingTime, RoomTerms, SeatStay, SlotWait
from lianxin.domain.bookings.queries import checks
from lianxin.domain.bookings.tests.factories import (
    AT,
    MONDAY,
    Centre,
    book,
    fresh,
    make_centre,
    slot,
    states_of,
)
from lianxin.domain.people.commands import leaving
from lianxin.domain.people.events import PersonDied, PersonMerged
from lianxin.domain.places.commands import venue_moves, venues
from lianxin.domain.places.events import VenueClosed
from lianxin.domain.places.models import Venue
from lianxin.platform import contributions, duties, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
STARTS, ENDS = slot()


@command("test.report")
def report(*, actor, event, at) -> None:  # type: ignore[no-untyped-def]
    """Let what follows from an event happen, as a lower module would."""
    contributions.follow(event, actor=actor, at=at)


@pytest.fixture
def centre() -> Centre:
    """A centre with a hall that residents may book."""
    return make_centre(homes=3)


def nothing_differs() -> bool:
    """Whether the module agrees with itself."""
    found = [*checks.no_two_at_once(), *checks.states_agree(), *checks.offers_hold_a_slot()]
    return not [*found, *checks.seats_equal_stays()]


def wait(centre: Centre, number: int) -> SlotWait:
    """Let somebody wait for the slot on Monday at nine."""
    return waits.wait_for_slot(
        actor=centre.resident(number), room=centre.room.pk, starts_at=STARTS, ends_at=ENDS, title="太极", at=AT
    )


def test_bookings_of_who_died_end_and_go_to_who_waits(centre: Centre) -> None:
    person = centre.member(0)
    booking = book(centre, centre.resident(0))
    row = wait(centre, 1)
    event = PersonDied(person.pk, person.household_id, person.community_id, AT.date())

    assert len(consequences.preview_person_gone(event)) == 1
    report(actor=SYSTEM, event=event, at=AT)

    assert (states_of(booking), fresh(row).state) == (["cancelled"], "offered")
    assert nothing_differs()


def test_offer_to_who_died_goes_to_the_next(centre: Centre) -> None:
    booking = book(centre)
    first, second = wait(centre, 0), wait(centre, 1)
    bookings.cancel_booking(actor=centre.keeper, booking=booking.pk, at=AT)
    person = centre.member(0)

    report(actor=SYSTEM, event=PersonDied(person.pk, person.household_id, person.community_id, AT.date()), at=AT)

    assert (fresh(first).state, fresh(second).state) == ("left", "offered")
    assert nothing_differs()


def test_merged_record_brings_its_bookings_and_waits_only_once(centre: Centre) -> None:
    merged, into = centre.member(0), centre.member(1)
    booking = book(centre, None, person=merged.pk)
    wait(centre, 0)
    wait(centre, 1)
    seats.set_study_seats(actor=centre.keeper, room=centre.small.pk, seats=5, at=AT)
    for number in (0, 1):
        seats.sit_down(actor=centre.resident(number), room=centre.small.pk, at=AT)

    report(actor=SYSTEM, event=PersonMerged(merged.pk, into.pk, merged.community_id), at=AT)

    assert (fresh(booking).person_id, fresh(booking).household_id) == (into.pk, into.household_id)
    with scope.everything():
        assert sorted(SlotWait.objects.values_list("person", "state")) == sorted(
            [(into.pk, "left"), (into.pk, "waiting")]
        )
        assert SeatStay.objects.filter(person=into, left_at=None).count() == 1
    assert nothing_differs()


def test_closed_venue_cancels_what_is_ahead_and_ends_waits(centre: Centre) -> None:
    booking = book(centre, centre.resident(0))
    row = wait(centre, 1)
    assert len(consequences.preview_venue_closed(VenueClosed(centre.venue.pk, AT.date()))) == 1

    venues.close_venue(actor=centre.keeper, venue=centre.venue.pk, on=AT.date(), reason="搬迁", at=AT)

    assert (fresh(booking).state, fresh(row).state) == ("cancelled", "over")
    assert nothing_differs()


def test_paused_venue_is_a_duty_until_it_works_again(centre: Centre) -> None:
    booking = book(centre)

    venues.pause_venue(actor=centre.keeper, venue=centre.venue.pk, on=AT.date(), reason="装修", at=AT)
    with scope.within(centre.keeper.communities):
        assert [duty.kind for duty in duties.list_open(actor=centre.keeper)] == [consequences.LOOK_DUTY]
    assert fresh(booking).state == "confirmed"
    venues.reopen_venue(actor=centre.keeper, venue=centre.venue.pk, on=AT.date(), at=AT)

    with scope.within(centre.keeper.communities):
        assert not duties.list_open(actor=centre.keeper).exists()


def test_venue_that_moves_takes_terms_and_what_is_ahead_along(centre: Centre) -> None:
    booking = book(centre, None, slot(), slot(MONDAY + timedelta(days=7)))
    row = wait(centre, 0)
    later = ENDS + timedelta(hours=1)

    venue_moves.move_venues(actor=SYSTEM, venues=[centre.venue.pk], community=centre.elsewhere.pk, on=MONDAY, at=later)

    with scope.everything():
        where = list(BookingTime.objects.order_by("starts_at").values_list("community", flat=True))
        assert where == [centre.community.pk, centre.elsewhere.pk]
        assert Booking.objects.get(pk=booking.pk).community_id == centre.elsewhere.pk
        assert RoomTerms.objects.get(room=centre.room).community_id == centre.elsewhere.pk
        assert Venue.objects.get(pk=centre.venue.pk).community_id == centre.elsewhere.pk
    assert fresh(row).community_id == centre.elsewhere.pk
    assert nothing_differs()


def test_who_moves_out_gives_up_bookings(centre: Centre) -> None:
    booking = book(centre, centre.resident(0))

    leaving.record_move_out(actor=centre.keeper, person=centre.member(0).pk, on=AT.date(), at=AT)

    assert fresh(booking).state == "cancelled"


def test_person_gets_and_erases_what_is_held(centre: Centre) -> None:
    person = centre.member(0)
    booking = book(centre, centre.resident(0), contact_name="陈小明", contact_phone="13800138000", note="带孩子")

    given = personal_data.export_rows(person.pk)
    kept = report_erasure(person.pk)

    assert given[0]["contact_phone"] == "13800138000"
    assert len(kept) == 1
    row = fresh(booking)
    assert (row.person_id, row.household_id, row.contact_name, row.contact_phone, row.note) == (
        None,
        None,
        "",
        None,
        "",
    )
    assert row.title != "合唱排练"


def report_erasure(person) -> list[str]:  # type: ignore[no-untyped-def]
    """Erase as the people module does."""
    return personal_data.erase_rows(person, SYSTEM, AT)


def test_contacts_names_and_stays_are_forgotten_when_their_time_is_over(centre: Centre) -> None:
    booking = book(centre, centre.resident(0), contact_name="陈小明")
    seats.set_study_seats(actor=centre.keeper, room=centre.small.pk, seats=5, at=AT)
    seats.sit_down(actor=centre.resident(0), room=centre.small.pk, at=AT)
    seats.get_up(actor=centre.resident(0), at=AT)

    assert personal_data.purge_contacts(ENDS + timedelta(days=89)) == 0
    assert personal_data.purge_contacts(ENDS + timedelta(days=91)) == 1
    assert (fresh(booking).contact_name, fresh(booking).person_id) == ("", centre.member(0).pk)
    assert personal_data.purge_names(ENDS + timedelta(days=731)) == 1
    assert personal_data.purge_stays(AT + timedelta(days=31)) == 1

    assert fresh(booking).person_id is None
