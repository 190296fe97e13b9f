"""Tickets: what somebody who signed up is shown, by login or by the private link."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from lianxin.domain.activities.models import Occurrence, SignUp
from lianxin.domain.activities.queries.line import position_of
from lianxin.domain.activities.rules import tokens
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.proxies import list_principals
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing

State = SignUp.State
SHOWN_MOST = 60


@dataclass(frozen=True, slots=True)
class Ticket:
    """One person's place, or wish for one, as it is shown to them; `position` only for who waits."""

    id: UUID
    party: UUID
    occurrence: UUID
    community: UUID
    activity: UUID
    state: str
    name: str
    is_guest: bool
    number: int
    code: str
    token: str
    limit: str
    note: str
    how: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    room: str
    venue: UUID | None
    occurrence_state: str
    accepted_at: datetime
    position: int | None = None
    offered_until: datetime | None = None
    ended_reason: str = ""
    draw_until: datetime | None = None

    @property
    def is_live(self) -> bool:
        """Tell whether there is something to give back."""
        return self.state in SignUp.LIVE


def may_see_ticket(actor: Actor, row: SignUp, *, at: datetime) -> bool:
    """Tell whether a resident may see and cancel a sign-up: their own, their family's, and what they signed up."""
    if actor.person is None:
        return False
    if actor.person in (row.person_id, row.signed_by_person):
        return True
    if row.person_id is None:
        return False
    if row.household_id is not None:
        with scope.everything():
            own = Person.objects.filter(pk=actor.person, state=Person.State.LIVING, household=row.household_id)
            if own.exists():
                return True
    return any(
        link.person == row.person_id and link.may("sign_up") for link in list_principals(actor=actor, on=local_day(at))
    )


def find_ticket(*, token: str) -> list[Ticket]:
    """Give the tickets of the party that a private word belongs to, its own first; raises Missing."""
    plain = tokens.read_token(token)
    if not plain:
        raise Missing
    with scope.everything():
        row = SignUp.objects.filter(token_digest=tokens.token_digest(plain)).values_list("pk", "party").first()
        if row is None:
            raise Missing
        found = _tickets(Q(party=row[1]))
    return sorted(found, key=lambda ticket: (ticket.id != row[0], ticket.number))


def tickets_of(
    rows: Iterable[SignUp], *, place: Occurrence, names: Mapping[UUID, str], limits: Mapping[UUID, str]
) -> list[Ticket]:
    """Give the tickets of sign-ups that were just made; the date, people's names and kinds of places are known."""
    found = []
    with scope.within([place.community_id]):
        for row in rows:
            name = names.get(row.person_id, "") if row.person_id else row.guest_name
            limit = limits.get(row.limit_id, "") if row.limit_id else ""
            found.append(_told(row, place, name=name, limit=limit))
    return found


def read_tickets(rows: Iterable[SignUp]) -> list[Ticket]:
    """Give the tickets of sign-ups as they are now, by their numbers; one query."""
    with scope.everything():
        return _tickets(Q(pk__in=[row.pk for row in rows]))


def list_my_tickets(*, actor: Actor, at: datetime, earlier: bool = False) -> list[Ticket]:
    """List the tickets of a resident, the household, those they act for, and whoever they signed up; coming or past."""
    if actor.person is None:
        return []
    with scope.everything():
        own = Person.objects.filter(pk=actor.person).values_list("household", flat=True).first()
        may = [link.person for link in list_principals(actor=actor, on=local_day(at)) if link.may("sign_up")]
        if earlier:
            when = Q(ends_at__lte=at, ends_at__gt=at - A_YEAR, starts_at__gt=at - A_YEAR - LONGEST)
            rows = _tickets(
                _mine([actor.person, *may], own, actor.person, when), order=("-occurrence__starts_at", "place_no")
            )
        else:
            when = Q(ends_at__gt=at, starts_at__gt=at - LONGEST)
            live = Q(state__in=SignUp.LIVE) | Q(ended_at__gt=at - RECENT)
            rows = _tickets(
                _mine([actor.person, *may], own, actor.person, when) & live, order=("occurrence__starts_at", "place_no")
            )
    return rows


def _mine(people: Sequence[UUID], household: UUID | None, by: UUID, when: Q) -> Q:
    """Give the filter for the sign-ups of people, of a household, and of whomever one signed up, for some dates.

    Each kind is found by its own index and none by reading all there are, however many years there are.
    """
    dates = Occurrence.objects.filter(when).order_by().values("pk")
    found = SignUp.objects.filter(occurrence__in=dates, signed_by_person=by).order_by().values("pk")
    ways = [SignUp.objects.filter(person__in=people).order_by().values("pk")]
    if household is not None:
        ways.append(SignUp.objects.filter(household=household).order_by().values("pk"))
    return Q(pk__in=found.union(*ways, all=True), occurrence__in=dates)


RECENT, A_YEAR = timedelta(days=3), timedelta(days=365)
# A date lasts three days at most: whoever looks for what is not over looks from here on, by the index of starts.
LONGEST = timedelta(days=4)


def _tickets(which: Q, *, order: tuple[str, ...] = ("place_no",)) -> list[Ticket]:
    rows = SignUp.objects.filter(which).select_related(
        "occurrence__activity", "occurrence__venue", "occurrence__room", "person", "limit"
    )
    # A large part of the words of an activity is not for a ticket.
    rows = rows.defer("occurrence__activity__poster_text", "occurrence__activity__plan", "guest_phone")
    return [_ticket(row) for row in rows.order_by(*order)[:SHOWN_MOST]]


def _ticket(row: SignUp) -> Ticket:
    name = row.person.name if row.person else row.guest_name
    return _told(row, row.occurrence, name=name, limit=row.limit.name if row.limit else "")


def _told(row: SignUp, place: Occurrence, *, name: str, limit: str) -> Ticket:
    return Ticket(
        id=row.pk,
        party=row.party,
        occurrence=place.pk,
        community=row.community_id,
        activity=place.activity_id,
        state=row.state,
        name=name,
        is_guest=row.person_id is None,
        number=row.place_no,
        code=row.code,
        token=_token(row),
        limit=limit,
        note=row.note,
        how=row.how,
        title=place.title or place.activity.title,
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        place=place_words(place),
        room=place.room.name if place.room and not place.room.confidential else "",
        venue=place.venue_id,
        occurrence_state=place.state,
        accepted_at=row.accepted_at,
        position=position_of(place, row),
        offered_until=row.offered_until,
        ended_reason=row.ended_reason,
        draw_until=place.sign_up_until if row.state == State.IN_DRAW else None,
    )


def place_words(place: Occurrence) -> str:
    """Say where an occurrence is; its venue and what was written beside it."""
    parts = [place.venue.name if place.venue else "", place.place]
    return " ".join(part for part in parts if part)


def _token(row: SignUp) -> str:
    fitting = [token for token in tokens.tokens_for(row.pk) if tokens.token_digest(token) == row.token_digest]
    return fitting[0] if fitting else ""
