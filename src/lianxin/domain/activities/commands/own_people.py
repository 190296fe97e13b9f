"""What somebody may do who does not run the occurrence: check in themselves and their own, with the door's code."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.activities.models import Activity, Attendance, Occurrence, SignUp
from lianxin.domain.activities.rules import tokens
from lianxin.domain.activities.rules.eligibility import fits_age
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.proxies import list_principals
from lianxin.engines import identity
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import NotAllowed, Refused

ACTS_FOR = "sign_up"
"""What a proxy link names who may also check the principal in, and say how it was."""


class OwnPeople:
    """Whom one actor may check in to one occurrence: the household, those they act for, a guest's ticket."""

    def __init__(self, actor: Actor, row: Occurrence, at: datetime) -> None:
        self._actor = actor
        self._row = row
        self._on = local_day(at)
        self._mine: set[UUID] | None = None

    def require(self, *, how: str, token: str, person: Person | None, sign_up: SignUp | None) -> None:
        """Raise Missing or NotAllowed unless this is the actor's own to check in."""
        if how != Attendance.How.VENUE_CODE:
            raise NotAllowed
        if sign_up is not None and token:
            word = tokens.read_token(token)
            if word and tokens.token_digest(word) == sign_up.token_digest:
                return
            if identity.compact(token) == sign_up.code:
                return
        if person is None or person.pk not in self._own_people():
            raise NotAllowed(_("With the code at the door you check in yourself and your household."))

    def require_open_to(self, person: Person | None) -> None:
        """Raise unless somebody who has no place may come by themselves; at the door they can be asked."""
        activity: Activity = self._row.activity
        if person is None:
            raise Refused(_("Please speak to those at the door: without a place, a guest is written down there."))
        on = local_day(self._row.starts_at)
        near = {activity.community_id, *activity.partners.values_list("community_id", flat=True)}
        if activity.open_to != Activity.OpenTo.EVERYBODY and person.community_id not in near:
            raise Refused(_("This is for residents of the community. Please speak to those at the door."))
        if not fits_age(person.birth_on, on, least=activity.min_age, most=activity.max_age):
            raise Refused(_("This is for another age. Please speak to those at the door."))

    def _own_people(self) -> set[UUID]:
        if self._mine is None:
            actor, mine = self._actor, set()
            if actor.person is not None:
                mine = {actor.person}
                home = Person.objects.filter(pk=actor.person, state=Person.State.LIVING).values("household")
                mine |= set(
                    Person.objects.filter(household__in=home, state=Person.State.LIVING).values_list("pk", flat=True)
                )
                mine |= {one.person for one in list_principals(actor=actor, on=self._on) if one.may(ACTS_FOR)}
            self._mine = mine
        return self._mine
