"""A community with an activity and its date, and people who want to come, for the tests of signing up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.activities.commands.sign_ups import Somebody, sign_up
from lianxin.domain.activities.models import Activity, NoShow, Occurrence, OccurrenceLimit, Question, SignUp
from lianxin.domain.activities.queries import sign_ups as queries
from lianxin.domain.people.models import Household, Person
from lianxin.domain.people.tests.factories import make_household, members_of, new_person, resident, staff
from lianxin.domain.places.models import Division, ServiceCategory
from lianxin.platform import scope
from lianxin.platform.actors import Actor

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
STARTS = datetime(2026, 11, 28, 1, 30, tzinfo=UTC)
MOBILE = 13800000000


@dataclass(frozen=True)
class Scene:
    """A community, what it offers, and who works there."""

    community: Division
    neighbour: Division
    activity: Activity
    occurrence: Occurrence
    keeper: Actor

    def fresh(self) -> Occurrence:
        """The occurrence as it is now."""
        with scope.everything():
            return Occurrence.objects.get(pk=self.occurrence.pk)

    @property
    def counters(self) -> tuple[int, int]:
        """(taken, waiting) of the occurrence as they are now."""
        row = self.fresh()
        return row.taken, row.waiting

    def guest(self) -> Actor:
        """Somebody who has not logged in and visits the community."""
        return Actor.anonymous().visiting(self.community.pk)

    def as_resident(self, person: Person) -> Actor:
        """A resident who visits the community."""
        return resident(person).visiting(self.community.pk)

    def change(self, **values: Any) -> None:
        """Set fields of the occurrence behind the program's back."""
        with scope.everything():
            Occurrence.objects.filter(pk=self.occurrence.pk).update(**values)


def _division(name: str, code: str, parent: Division | None) -> Division:
    return Division.objects.create(
        level="community",
        official_name=f"{name}居委会",
        short_name=name,
        code=code,
        parent=parent,
        created_on=date(2019, 1, 1),
    )


def make_scene(*, activity: dict[str, Any] | None = None, **values: Any) -> Scene:
    """A community with a published activity on one date; `values` are fields of the occurrence."""
    with scope.everything():
        street = Division.objects.create(
            level="subdistrict",
            official_name="金霞街道办事处",
            short_name="金霞街道",
            code="440507004000",
            created_on=date(2019, 1, 1),
        )
        other_street = Division.objects.create(
            level="subdistrict",
            official_name="珠池街道办事处",
            short_name="珠池街道",
            code="440507005000",
            created_on=date(2019, 1, 1),
        )
        community = _division("翠英社区", "440507004020", street)
        neighbour = _division("金涛社区", "440507005001", other_street)
        category, _made = ServiceCategory.objects.get_or_create(
            code="990", defaults={"position": 1, "name": "讲座", "name_en": "Lectures"}
        )
        offered = Activity.objects.create(
            **{
                "community": community,
                "category": category,
                "title": "健康讲座",
                "state": "published",
                "published_at": AT,
                "made_at": AT,
            }
            | (activity or {})
        )
        place = Occurrence.objects.create(
            **{
                "community": community,
                "activity": offered,
                "state": "published",
                "published_at": AT,
                "changed_at": AT,
                "starts_at": STARTS,
                "ends_at": STARTS + timedelta(hours=2),
                "size": 10,
            }
            | values
        )
    return Scene(community, neighbour, offered, place, staff("community_staff", community))


def make_limit(scene: Scene, name: str, size: int, **values: Any) -> OccurrenceLimit:
    """A limit beside the seats."""
    with scope.everything():
        return OccurrenceLimit.objects.create(
            **{"occurrence": scene.occurrence, "position": 0, "name": name, "size": size} | values
        )


def make_question(scene: Scene, text: str, **values: Any) -> Question:
    """A question of the activity."""
    with scope.everything():
        return Question.objects.create(**{"activity": scene.activity, "position": 0, "text": text} | values)


def make_home(community: Division, *names: str, born: int = 1990, **values: Any) -> list[Person]:
    """The members of a new household."""
    people = [
        new_person(name, "head" if number == 0 else "child", birth_on=date(born, 5, 1), **values)
        for number, name in enumerate(names or ("陈小明",))
    ]
    home: Household = make_household(community, *people)
    return members_of(home)


def guest(number: int, name: str = "") -> Somebody:
    """Somebody known by name and phone."""
    return Somebody(name=name or f"来客{number}", phone=str(MOBILE + number))


def sign_up_guest(scene: Scene, number: int, *, at: datetime = AT, **more: Any) -> SignUp:
    """Sign up one guest."""
    [made] = sign_up(actor=scene.guest(), occurrence=scene.occurrence.pk, people=[guest(number)], at=at, **more)
    return made


def sign_up_guests(scene: Scene, numbers: Iterable[int], *, at: datetime = AT) -> list[SignUp]:
    """Sign up guests one after the other."""
    return [sign_up_guest(scene, number, at=at) for number in numbers]


def sign_up_residents(scene: Scene, actor: Actor, *people: Person, at: datetime = AT, **more: Any) -> list[SignUp]:
    """Sign up residents as one party."""
    return sign_up(
        actor=actor,
        occurrence=scene.occurrence.pk,
        people=[Somebody(person=person.pk) for person in people],
        at=at,
        **more,
    )


def note_no_show(scene: Scene, person: Person, *, on: date) -> NoShow:
    """Somebody had a place at an earlier date of the series and did not come."""
    with scope.everything():
        number = Occurrence.objects.filter(activity=scene.activity).count() + 1
        earlier = Occurrence.objects.create(
            community=scene.community,
            activity=scene.activity,
            number=number,
            state="held",
            published_at=AT,
            changed_at=AT,
            starts_at=AT - timedelta(days=30),
            ends_at=AT - timedelta(days=30) + timedelta(hours=1),
            next_no=2,
            taken=1,
        )
        row = SignUp.objects.create(
            community=scene.community,
            occurrence=earlier,
            state="confirmed",
            place_no=1,
            party=person.pk,
            person=person,
            household_id=person.household_id,
            how="self",
            code="000000",
            token_digest="0" * 64,
            accepted_at=AT,
        )
        return NoShow.objects.create(
            community=scene.community, activity=scene.activity, sign_up=row, person=person, on=on
        )


def now_of(row: SignUp | UUID) -> SignUp:
    """The sign-up as it is now."""
    with scope.everything():
        return SignUp.objects.select_related("occurrence").get(pk=getattr(row, "pk", row))


def states(rows: Iterable[SignUp]) -> list[str]:
    """The states of sign-ups as they are now."""
    return [now_of(row).state for row in rows]


def differences() -> list[str]:
    """What the recount finds."""
    return [
        *queries.counters_equal_rows(),
        *queries.numbers_are_below_the_next(),
        *queries.parties_agree(),
    ]
