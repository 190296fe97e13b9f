"""What everybody may know of a date's sign-up, and whom a resident may sign up for it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from lianxin.domain.activities.models import Occurrence, Question, SignUp
from lianxin.domain.activities.rules.eligibility import Window
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.proxies import list_principals
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day

_STANDING = """
SELECT o.version, o.changed_at, a.version, o.state, o.taken, o.waiting
FROM activities_occurrence o JOIN activities_activity a ON a.id = o.activity_id
WHERE o.id = %s AND o.state <> 'draft'
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a public date stands now: what its page is made of (`edition`), and how full it is."""

    edition: tuple
    taken: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody whom a resident may sign up: the own household, and those they act for."""

    person: UUID
    name: str
    relation: str
    is_self: bool
    is_family: bool
    state: str


def read_standing(*, occurrence: UUID) -> Standing | None:
    """Give how a public date stands, None where there is none; one cheap query, for everybody."""
    pk = Occurrence._meta.pk.get_db_prep_value(occurrence, connection)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [pk])
        row = cursor.fetchone()
    return None if row is None else Standing((row[0], str(row[1]), row[2], row[3]), row[4], row[5])


def window_of(place: Occurrence) -> Window:
    """Give when one can sign up for a date."""
    return Window(place.sign_up_from, place.sign_up_until, place.starts_at, place.ends_at, place.late_minutes)


def next_change(place: Occurrence, *, at: datetime) -> datetime | None:
    """Give the next moment at which the page of a date says something else, None when it stays."""
    moments = (
        place.sign_up_from,
        place.sign_up_until,
        place.first_until,
        place.starts_at,
        place.ends_at,
    )
    return min((moment for moment in moments if moment is not None and moment > at), default=None)


def list_questions(*, activity: UUID) -> list[Question]:
    """Give what an activity asks at sign-up, for everybody."""
    with scope.everything():
        return list(Question.objects.filter(activity=activity, removed_at__isnull=True))


def list_choices(*, actor: Actor, occurrence: UUID, at: datetime) -> list[Choice]:
    """List whom a resident may sign up for a date, themselves first, with how each stands there; three queries."""
    if actor.person is None:
        return []
    with scope.everything():
        living = Person.objects.filter(state=Person.State.LIVING)
        home = living.filter(pk=actor.person, household__isnull=False).values("household")
        family = list(living.filter(Q(pk=actor.person) | Q(household__in=home)).order_by("pk"))
        members = {person.pk for person in family}
        if actor.person not in members:
            return []
        links = [link for link in list_principals(actor=actor, on=local_day(at)) if link.may("sign_up")]
        wanted = {link.person for link in links} - members
        others = list(living.filter(pk__in=wanted).order_by("pk")) if wanted else []
        live = SignUp.objects.filter(
            occurrence=occurrence, person__in=[one.pk for one in (*family, *others)], state__in=SignUp.LIVE
        )
        states = dict(live.values_list("person", "state"))
    family.sort(key=lambda person: person.pk != actor.person)
    return [
        Choice(
            person=person.pk,
            name=person.name,
            relation=person.relation,
            is_self=person.pk == actor.person,
            is_family=person.pk in members,
            state=states.get(person.pk, ""),
        )
        for person in (*family, *others)
    ]
