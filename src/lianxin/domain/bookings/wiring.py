"""What the bookings module registers."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from lianxin.domain.bookings.commands import arrivals, consequences, personal_data, seats, waits
from lianxin.domain.bookings.queries import checks, measures
from lianxin.domain.people.events import (
    HouseholdsMerged,
    HouseholdSplit,
    OrganisationsMerged,
    PersonDied,
    PersonErased,
    PersonMerged,
    PersonMovedHousehold,
    PersonMovedOut,
)
from lianxin.domain.places.events import VenueClosed, VenueMoved, VenuePaused, VenueReopened
from lianxin.platform import clock
from lianxin.platform.contributions import (
    Check,
    Consequence,
    Contribution,
    Measure,
    PersonalData,
    Reference,
    Retention,
    SamplePart,
    Schedule,
)
from lianxin.platform.tasks import Running, task

quiet = consequences.nothing_to_tell


@task("bookings.release_unused")
def release_unused(job: Running) -> None:
    """Give back slots to which nobody came."""
    at = clock.now()
    while arrivals.release_unused(actor=job.actor, at=at) == arrivals.RELEASE_AT_MOST:
        job.beat()


@task("bookings.end_uses")
def end_uses(job: Running) -> None:
    """Count the uses of rooms whose time is over."""
    at = clock.now()
    while arrivals.end_uses(actor=job.actor, at=at) == arrivals.END_AT_MOST:
        job.beat()


@task("bookings.lapse_offers")
def lapse_offers(job: Running) -> None:
    """End offers that nobody answered, so that the next one who waits gets them."""
    at = clock.now()
    while waits.lapse_offers(actor=job.actor, at=at) == waits.LAPSE_AT_MOST:
        job.beat()


@task("bookings.end_forgotten_stays")
def end_forgotten_stays(job: Running) -> None:
    """Free study seats that nobody gave back."""
    at = clock.now()
    while seats.end_forgotten_stays(actor=job.actor, at=at) == seats.END_AT_MOST:
        job.beat()


CONTRIBUTION = Contribution(
    module="bookings",
    consequences=(
        Consequence(PersonDied, consequences.follow_person_gone, consequences.preview_person_gone),
        Consequence(PersonMovedOut, consequences.follow_person_gone, consequences.preview_person_gone),
        Consequence(PersonErased, consequences.follow_person_gone, consequences.preview_person_gone),
        Consequence(PersonMerged, consequences.follow_person_merged, quiet),
        Consequence(PersonMovedHousehold, consequences.follow_person_moved_household, quiet),
        Consequence(HouseholdSplit, consequences.follow_household_split, quiet),
        Consequence(HouseholdsMerged, consequences.follow_households_merged, quiet),
        Consequence(OrganisationsMerged, consequences.follow_organisations_merged, quiet),
        Consequence(VenueClosed, consequences.follow_venue_closed, consequences.preview_venue_closed),
        Consequence(VenuePaused, consequences.follow_venue_paused, consequences.preview_venue_paused),
        Consequence(VenueReopened, consequences.follow_venue_reopened, quiet),
        Consequence(VenueMoved, consequences.follow_venue_moved, quiet),
    ),
    personal_data=(PersonalData("bookings", personal_data.export_rows, personal_data.erase_rows),),
    measures=(
        Measure(
            "room_uses",
            _("Uses of booked rooms"),
            _("times"),
            "flow",
            measures.room_uses,
            "bookings.BookingTime",
            _("Booked times to which somebody came, each once, when it is over."),
        ),
        Measure(
            "study_stays",
            _("Stays on study seats"),
            _("times"),
            "flow",
            measures.study_stays,
            "bookings.SeatStay",
            _("Times somebody took a study seat, named or not."),
        ),
        Measure(
            "rooms_lent",
            _("Rooms that can be booked"),
            _("rooms"),
            "level",
            measures.rooms_lent,
            "bookings.RoomTerms",
            _("Rooms that residents or partners may book now."),
            rows=measures.terms_of_rooms,
            is_now=True,
        ),
    ),
    checks=(
        Check("no two in one room", checks.no_two_at_once),
        Check("bookings and their dates agree", checks.states_agree),
        Check("offers hold a slot", checks.offers_hold_a_slot),
        Check("seats equal stays", checks.seats_equal_stays),
    ),
    retention=(
        Retention("contacts of room bookings", personal_data.CONTACT_DAYS, personal_data.purge_contacts),
        Retention("names in room bookings", personal_data.NAME_DAYS, personal_data.purge_names),
        Retention("waits for rooms", personal_data.WAIT_DAYS, personal_data.purge_waits),
        Retention("names on study seats", personal_data.STAY_DAYS, personal_data.purge_stays),
    ),
    schedules=(
        Schedule("release unused rooms", task="bookings.release_unused", every=timedelta(minutes=1)),
        Schedule("count uses of rooms", task="bookings.end_uses", every=timedelta(minutes=5)),
        Schedule("lapse offered slots", task="bookings.lapse_offers", every=timedelta(minutes=1)),
        Schedule("end forgotten stays", task="bookings.end_forgotten_stays", every=timedelta(minutes=5)),
    ),
    references=(
        Reference("bookings.Booking", "person", "person"),
        Reference("bookings.Booking", "household", "household"),
        Reference("bookings.Booking", "organisation", "organisation"),
        Reference("bookings.Booking", "venue", "venue"),
        Reference("bookings.SlotWait", "person", "person"),
        Reference("bookings.SlotWait", "organisation", "organisation"),
        Reference("bookings.SeatStay", "person", "person"),
    ),
    sample=(SamplePart("rooms", "lianxin.domain.bookings.sample.parts:build_rooms", order=130, background=True),),
)
