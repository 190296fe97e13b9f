"""A town whose residents earn points by coming, with an activity that is on today, for the tests of attendance."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lianxin.domain.activities.commands import shift_places, shifts
from lianxin.domain.activities.commands.sign_ups import Somebody, sign_up
from lianxin.domain.activities.models import Activity, Attendance, Occurrence, ShiftPlace, SignUp
from lianxin.domain.activities.queries import checks, hours
from lianxin.domain.activities.queries import sign_ups as sign_up_queries
from lianxin.domain.people.models import Person
from lianxin.domain.people.tests.factories import make_household, members_of, new_person, resident, staff
from lianxin.domain.places.models import ServiceCategory, Venue
from lianxin.domain.points.models import Claim
from lianxin.domain.points.tests.rules_factories import Town, item, make_town
from lianxin.platform import facts, scope
from lianxin.platform.actors import Actor
from lianxin.platform.contributions import Window

SIGNED = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)
STARTS = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)  # a Friday, 10:00 in Shanghai
ENDS = STARTS + timedelta(hours=2)
DOOR = STARTS - timedelta(minutes=10)
TODAY = date(2026, 3, 20)
NEXT_DAY = ENDS + timedelta(hours=25)
MEASURES = (
    "occurrences_held",
    "person_times",
    "volunteer_occurrences",
    "volunteer_person_times",
    "volunteer_minutes",
    "crowd_counted",
)


@dataclass(frozen=True)
class Hall:
    """A town, its venue, and what is on there today."""

    town: Town
    venue: Venue
    activity: Activity
    occurrence: Occurrence
    keeper: Actor

    def fresh(self) -> Occurrence:
        """The occurrence as it is now."""
        with scope.everything():
            return Occurrence.objects.get(pk=self.occurrence.pk)

    def host(self) -> Actor:
        """Who keeps the venue."""
        return staff("host", self.town.community, venues=frozenset({self.venue.pk}))

    def change(self, **values: Any) -> None:
        """Set fields of the occurrence behind the program's back."""
        with scope.everything():
            Occurrence.objects.filter(pk=self.occurrence.pk).update(**values)

    def figure(self, measure: str) -> int:
        """What the facts say of today."""
        with scope.everything():
            return facts.figure(measure, from_on=TODAY, until_on=TODAY + timedelta(days=1))


def make_hall(*, activity: dict[str, Any] | None = None, households: int = 3, **values: Any) -> Hall:
    """A published activity today at ten for two hours; `values` are fields of the occurrence."""
    town = make_town(
        item("attend-activity", points=5),
        item("volunteer-hours", points=3, unit="minutes", per=30, most_quantity=480),
        households=households,
    )
    with scope.everything():
        venue = Venue.objects.create(
            community=town.community, kind="centre", name="翠英党群服务中心", state="open", opened_on=date(2024, 3, 1)
        )
        category, _made = ServiceCategory.objects.get_or_create(
            code="L01", defaults={"position": 1, "name": "讲座", "name_en": "Lectures"}
        )
        offered = Activity.objects.create(
            **{
                "community": town.community,
                "category": category,
                "title": "健康讲座",
                "state": "published",
                "published_at": SIGNED,
                "made_at": SIGNED,
                "act_kind": "attend-activity",
            }
            | (activity or {})
        )
        date_of = Occurrence.objects.create(
            **{
                "community": town.community,
                "activity": offered,
                "state": "published",
                "published_at": SIGNED,
                "changed_at": SIGNED,
                "starts_at": STARTS,
                "ends_at": ENDS,
                "venue": venue,
                "size": 10,
            }
            | values
        )
    return Hall(town, venue, offered, date_of, town.staff)


def signed(hall: Hall, *people: Person, at: datetime = SIGNED) -> list[SignUp]:
    """Sign up residents, each by themselves."""
    made = []
    for person in people:
        actor = resident(person).visiting(hall.town.community.pk)
        made += sign_up(
            actor=actor, occurrence=hall.occurrence.pk, people=[Somebody(person=person.pk)], how="self", at=at
        )
    return made


def signed_guest(hall: Hall, name: str = "来客", phone: str = "13800138000", *, at: datetime = SIGNED) -> SignUp:
    """Sign up somebody by name and phone."""
    [row] = sign_up(
        actor=Actor.anonymous().visiting(hall.town.community.pk),
        occurrence=hall.occurrence.pk,
        people=[Somebody(name=name, phone=phone)],
        how="guest",
        at=at,
    )
    return row


def on_shift(hall: Hall, person: Person) -> ShiftPlace:
    """Let somebody take a shift of two hours at today's occurrence."""
    shift = shifts.open_shift(
        actor=hall.keeper,
        community=hall.town.community.pk,
        role="引导",
        starts_at=STARTS,
        ends_at=ENDS,
        most=5,
        occurrence=hall.occurrence.pk,
        venue=hall.venue.pk,
        at=SIGNED,
    )
    return shift_places.take_shift(actor=resident(person), shift=shift.pk, at=SIGNED)


def make_resident(hall: Hall, name: str, *, born: int = 1990, **values: Any) -> Person:
    """A resident in a household of their own."""
    home = make_household(hall.town.community, new_person(name, birth_on=date(born, 5, 1), **values))
    return members_of(home)[0]


def live(hall: Hall) -> list[Attendance]:
    """Who is on record as having come."""
    with scope.everything():
        return list(Attendance.objects.filter(occurrence=hall.occurrence, undone_at=None).order_by("pk"))


def claims_of(attendance: Attendance) -> list[tuple[str, str, int]]:
    """(kind, state, points) of what an attendance earned."""
    with scope.everything():
        rows = Claim.objects.filter(source_id=attendance.pk).order_by("pk")
        return list(rows.values_list("act_kind", "state", "points"))


def differences() -> list[str]:
    """What the proofs of attendance, hours and counters find."""
    with scope.everything():
        return [
            *checks.attendances_belong(),
            *checks.held_dates_have_somebody(),
            *checks.facts_are_attendances(),
            *checks.no_shows_are_absent(),
            *checks.feedback_is_of_those_who_came(),
            *hours.hours_equal_places(),
            *sign_up_queries.counters_equal_rows(),
        ]


def defined(measure: str) -> int:
    """What the query that defines a measure counts today."""
    from lianxin.platform import contributions

    with scope.everything():
        return contributions.measure(measure).query(Window(TODAY, TODAY + timedelta(days=1)))
