"""Who signed up, as those see it who run an occurrence: masked on lists, whole only by an act that leaves a trace."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Answer, ChainPaste, Occurrence, OccurrenceLimit, Question, SignUp
from lianxin.domain.activities.queries.line import positions
from lianxin.domain.activities.queries.tickets import place_words
from lianxin.domain.people.models import Person
from lianxin.domain.people.rules.persons import age_on
from lianxin.engines.masking import mask_address, mask_name
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Missing
from lianxin.platform.sensitive import Sealed, Unreadable

State = SignUp.State
PAGE = 50
AT_MOST = 20


@dataclass(frozen=True, slots=True)
class SignUpRow:
    """One line of the list: who, how, since when, with what."""

    id: UUID
    party: UUID
    number: int
    state: str
    masked_name: str
    last4: str
    age: int | None
    is_resident: bool
    person: UUID | None
    limit: str
    how: str
    code: str
    note: str
    accepted_at: datetime
    offered_until: datetime | None
    position: int | None
    has_phone: bool
    party_size: int


@dataclass(frozen=True, slots=True)
class SignUpsPage:
    """One page of the list, how many there are, and how many in each state."""

    rows: list[SignUpRow]
    count: int
    by_state: dict[str, int]
    pages: int
    page: int


@dataclass(frozen=True, slots=True)
class Place:
    """An occurrence as the pages of sign-ups need it."""

    id: UUID
    activity: UUID
    community: UUID
    venue: UUID | None
    title: str
    where: str
    starts_at: datetime
    ends_at: datetime
    state: str
    size: int | None
    taken: int
    waiting: int
    is_drawn: bool
    drawn_at: datetime | None
    seed: str
    seed_digest: str
    sign_up_until: datetime | None
    takes_sign_ups: bool
    may_run: bool

    @property
    def free(self) -> int | None:
        """Give how many places are free, None without a limit."""
        return None if self.size is None else max(self.size - self.taken, 0)


def find_place(*, actor: Actor, occurrence: UUID) -> Place:
    """Give an occurrence to those who run it or read its lists; raises Missing."""
    with scope.within(actor.communities):
        row = Occurrence.objects.filter(pk=occurrence).select_related("activity", "venue").first()
    if row is None:
        raise Missing
    _require_may_read(actor, row)
    return Place(
        id=row.pk,
        activity=row.activity_id,
        community=row.community_id,
        venue=row.venue_id,
        title=row.title or row.activity.title,
        where=place_words(row),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=row.state,
        size=row.size,
        taken=row.taken,
        waiting=row.waiting,
        is_drawn=row.is_drawn,
        drawn_at=row.drawn_at,
        seed=row.seed if row.drawn_at else "",
        seed_digest=row.seed_digest,
        sign_up_until=row.sign_up_until,
        takes_sign_ups=row.takes_sign_ups,
        may_run=policy.may_run(actor, row.community_id, row.venue_id),
    )


def _require_may_read(actor: Actor, row: Occurrence) -> None:
    if not (policy.may_read(actor, row.community_id) or policy.may_run(actor, row.community_id, row.venue_id)):
        raise Missing


def list_sign_ups(
    *, actor: Actor, place: Occurrence, at: datetime, state: str = "", query: str = "", page: int = 1, per: int = PAGE
) -> SignUpsPage:
    """List the sign-ups of a date in their order, for those who may read it; at most five queries. Raises Missing."""
    _require_may_read(actor, place)
    with scope.within(actor.communities):
        everybody = SignUp.objects.filter(occurrence=place)
        by_state = dict(everybody.order_by().values_list("state").annotate(n=Count("pk")))
        states = {"": SignUp.LIVE, "all": SignUp.State.values}.get(state, [state])
        rows = everybody.filter(state__in=states)
        count = sum(by_state.get(one, 0) for one in states)
        if words := query.strip():
            found = Q(person__name__contains=words) | Q(guest_name__contains=words) | Q(code=words)
            rows = rows.filter(found | Q(person__phone_last4=words[-4:]) if words.isdigit() else found)
            count = rows.count()
        pages = max(1, -(-count // per))
        page = min(max(1, page), pages)
        start = (page - 1) * per
        listed = list(rows.select_related("person", "limit").order_by("place_no")[start : start + per])
        sizes = dict(
            everybody.filter(party__in={row.party for row in listed})
            .order_by()
            .values_list("party")
            .annotate(n=Count("pk"))
        )
        waits = positions(place) if any(row.state == State.WAITING for row in listed) else {}
    on = local_day(at)
    return SignUpsPage([_row(row, waits, sizes, on) for row in listed], count, by_state, pages, page)


def _row(row: SignUp, waits: dict[UUID, int], sizes: dict[UUID, int], on: Any) -> SignUpRow:
    person = row.person
    return SignUpRow(
        id=row.pk,
        party=row.party,
        number=row.place_no,
        state=row.state,
        masked_name=mask_name(person.name if person else row.guest_name),
        last4=person.phone_last4 if person else _last4(row.guest_phone),
        age=age_on(person.birth_on, on) if person else None,
        is_resident=person is not None,
        person=row.person_id,
        limit=row.limit.name if row.limit else "",
        how=row.how,
        code=row.code,
        note=row.note,
        accepted_at=row.accepted_at,
        offered_until=row.offered_until,
        position=waits.get(row.pk),
        has_phone=bool(person.phone_digest and not person.no_phone) if person else bool(row.guest_digest),
        party_size=sizes.get(row.party, 1),
    )


def _last4(sealed: Sealed | None) -> str:
    return _open(sealed)[-4:]


def _open(sealed: Sealed | None) -> str:
    if sealed is None:
        return ""
    try:
        return sealed.reveal()
    except Unreadable:
        return ""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line with everything on it, for those who hold the sheet in their hands."""

    number: int
    state: str
    name: str
    phone: str
    age: int | None
    limit: str
    how: str
    code: str
    note: str
    answers: tuple[str, ...]
    accepted_at: datetime


def roster_rows(*, occurrence: UUID, at: datetime, to_call: bool = False) -> tuple[list[str], list[RosterRow]]:
    """Give the questions and every live sign-up with names and numbers, inside the command that notes who asked.

    With `to_call`, only those with a place whom no message reaches.
    """
    rows = SignUp.objects.filter(occurrence=occurrence, state__in=SignUp.LIVE).select_related("person", "limit")
    if to_call:
        rows = rows.filter(state__in=[State.CONFIRMED, State.OFFERED]).filter(
            Q(person=None, guest_digest="")
            | Q(person__phone_digest__isnull=True, person__isnull=False)
            | Q(person__no_phone=True)
        )
    listed = list(rows.order_by("place_no"))
    activity = Occurrence.objects.values_list("activity", flat=True).get(pk=occurrence)
    questions = list(Question.objects.filter(activity=activity).order_by("position", "pk"))
    said: dict[UUID, dict[UUID, str]] = {}
    for answer in Answer.objects.filter(sign_up__in=[row.pk for row in listed]):
        said.setdefault(answer.sign_up_id, {})[answer.question_id] = _open(answer.text)
    on = local_day(at)
    return [question.text for question in questions], [
        RosterRow(
            number=row.place_no,
            state=row.state,
            name=row.person.name if row.person else row.guest_name,
            phone=_open(row.person.phone if row.person else row.guest_phone),
            age=age_on(row.person.birth_on, on) if row.person else None,
            limit=row.limit.name if row.limit else "",
            how=row.how,
            code=row.code,
            note=row.note,
            answers=tuple(said.get(row.pk, {}).get(question.pk, "") for question in questions),
            accepted_at=row.accepted_at,
        )
        for row in listed
    ]


def find_sign_up_row(*, actor: Actor, sign_up: UUID, at: datetime) -> tuple[Place, list[SignUpRow]]:
    """Give a sign-up with its party, its own line first, for those who may read it; raises Missing."""
    with scope.within(actor.communities):
        row = SignUp.objects.filter(pk=sign_up).first()
        if row is None:
            raise Missing
        place = find_place(actor=actor, occurrence=row.occurrence_id)
        party = list(
            SignUp.objects.filter(occurrence=row.occurrence_id, party=row.party)
            .select_related("person", "limit")
            .order_by("place_no")
        )
        waits = positions(Occurrence.objects.get(pk=row.occurrence_id)) if row.state == State.WAITING else {}
    on = local_day(at)
    lines = [_row(one, waits, {row.party: len(party)}, on) for one in party]
    return place, sorted(lines, key=lambda line: (line.id != sign_up, line.number))


@dataclass(frozen=True, slots=True)
class ChainView:
    """A pasted chain as it was read and what became of it."""

    id: UUID
    occurrence: UUID
    state: str
    pasted_at: datetime
    heading: str
    lines: list[dict[str, Any]]
    names: dict[str, str]


def find_chain(*, actor: Actor, chain: UUID) -> ChainView:
    """Give a pasted chain with hints to whom its lines may name; raises Missing."""
    with scope.within(actor.communities):
        row = ChainPaste.objects.filter(pk=chain).select_related("occurrence").first()
        if row is None or not policy.may_run(actor, row.community_id, row.occurrence.venue_id):
            raise Missing
        kept = json.loads(row.lines.reveal())
        people = {pk for line in kept["lines"] for pk in [line["person"], *line["near"]] if pk}
        hints = {
            str(pk): f"{mask_name(name)} · {number} · {mask_address(address)}"
            for pk, name, number, address in Person.objects.filter(pk__in=people).values_list(
                "pk", "name", "household__number", "household__address"
            )
        }
    return ChainView(row.pk, row.occurrence_id, row.state, row.pasted_at, kept["heading"], kept["lines"], hints)


def chain_names(*, actor: Actor, occurrence: UUID, written: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Give who has a place or waits, with the state, in their order, as a group may read it.

    A name that stood in the group's own chain (`written`) stands there again, all others are masked.
    """
    find_place(actor=actor, occurrence=occurrence)
    shown = set(written)
    with scope.within(actor.communities):
        rows = SignUp.objects.filter(
            occurrence=occurrence, state__in=[State.CONFIRMED, State.OFFERED, State.WAITING, State.IN_DRAW]
        )
        listed = rows.order_by("place_no").values_list("state", "person__name", "guest_name")
        return [
            (name if (name := person or guest) in shown else mask_name(name), state) for state, person, guest in listed
        ]


def list_draw(*, occurrence: UUID) -> tuple[str, str, list[tuple[UUID, int, str]]]:
    """Give what anybody needs to check a draw: digest, seed (after it), and (first sign-up, size, outcome) of parties.

    It names nobody and is open to everybody.
    """
    with scope.everything():
        place = Occurrence.objects.filter(pk=occurrence, is_drawn=True).first()
        if place is None:
            raise Missing
        if place.drawn_at is None:
            return place.seed_digest, "", []
        rows = SignUp.objects.filter(occurrence=occurrence, accepted_at__lte=place.drawn_at)
        parties: dict[UUID, list[str]] = {}
        for party, state in rows.order_by("place_no").values_list("party", "state"):
            parties.setdefault(party, []).append(state)
    return place.seed_digest, place.seed, [(pk, len(states), states[0]) for pk, states in parties.items()]


def _miscounted() -> Any:
    held = Q(sign_ups__state__in=[State.CONFIRMED, State.OFFERED])
    rows = Occurrence.objects.annotate(
        n_held=Count("sign_ups", filter=held), n_waiting=Count("sign_ups", filter=Q(sign_ups__state=State.WAITING))
    )
    return rows.exclude(taken=F("n_held"), waiting=F("n_waiting"))


def list_miscounted() -> list[UUID]:
    """List the occurrences whose counters, or whose limits' counters, are not their sign-ups."""
    with scope.everything():
        wrong = set(_miscounted().values_list("pk", flat=True)[:AT_MOST])
        limits = OccurrenceLimit.objects.filter(pk__in=[pk for pk, _taken, _held in _miscounted_limits()])
        return sorted(wrong | set(limits.values_list("occurrence", flat=True)))


def counters_equal_rows() -> Iterator[str]:
    """An occurrence's and a limit's counters are the sign-ups that hold or want a place; none is given too much."""
    with scope.everything():
        fields = ("pk", "taken", "waiting", "n_held", "n_waiting")
        for pk, taken, waiting, n_held, n_waiting in _miscounted().values_list(*fields)[:AT_MOST]:
            yield f"occurrence {pk} counts {taken} taken and {waiting} waiting, but has {n_held} and {n_waiting}"
        for pk, taken, held in _miscounted_limits():
            yield f"limit {pk} counts {taken} taken, its sign-ups are {held}"


def _miscounted_limits() -> list[tuple[UUID, int, int]]:
    by_limit = dict(
        SignUp.objects.filter(limit__isnull=False, state__in=[State.CONFIRMED, State.OFFERED])
        .order_by()
        .values_list("limit")
        .annotate(n=Count("pk"))
    )
    counted = OccurrenceLimit.objects.values_list("pk", "taken").iterator()
    wrong = ((pk, taken, by_limit.get(pk, 0)) for pk, taken in counted)
    return list(islice((row for row in wrong if row[1] != row[2]), AT_MOST))


def numbers_are_below_the_next() -> Iterator[str]:
    """No sign-up has a number that its occurrence has still to give."""
    with scope.everything():
        rows = SignUp.objects.filter(place_no__gte=F("occurrence__next_no"))
        for pk, number in rows.values_list("pk", "place_no")[:AT_MOST]:
            yield f"sign-up {pk} has number {number}, which its occurrence has not given yet"


def parties_agree() -> Iterator[str]:
    """Those of a party who wait or are offered a place stand alike."""
    with scope.everything():
        rows = (
            SignUp.objects.filter(state__in=[State.WAITING, State.OFFERED, State.IN_DRAW])
            .order_by()
            .values("occurrence", "party")
            .annotate(kinds=Count("state", distinct=True))
            .filter(kinds__gt=1)
        )
        for row in rows[:AT_MOST]:
            yield f"party {row['party']} of occurrence {row['occurrence']} stands in different states"
