"""People on lists and pages; names and numbers are masked, the reader asks for more by `reveal_field`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lianxin.domain.people import policy
from lianxin.domain.people.models import Account, Card, Erasure, Person, ProxyLink
from lianxin.domain.people.rules import contacts
from lianxin.domain.people.rules.households import address_line
from lianxin.domain.people.rules.persons import BANDS, age_on, born_between
from lianxin.domain.places.models import Division
from lianxin.engines import identity
from lianxin.engines.masking import STAR, mask_address, mask_id, mask_name, mask_phone
from lianxin.platform import audit, scope, search
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Gone, Missing
from lianxin.platform.sensitive import Sealed, Unreadable

PAGE = 50
MOST_SHOWN = 200
COUNT_UP_TO = 10_000
FOUND_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of a list."""

    id: UUID
    community: UUID
    household: UUID
    household_number: str
    masked_name: str
    sex: str
    age: int | None
    masked_phone: str
    masked_address: str
    relation: str
    residence: str
    state: str
    prefers_teochew: bool
    no_phone: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of a list: `after` fetches the next one; `total` is exact up to COUNT_UP_TO and then `is_more`."""

    rows: list[PersonRow]
    after: str
    total: int
    is_more: bool


@dataclass(frozen=True, slots=True)
class ProxyLine:
    """A link as it is shown: who acts for whom, in what, until when."""

    id: UUID
    principal: UUID
    principal_name: str
    agent_person: UUID | None
    agent_name: str
    kind: str
    acts: list[str]
    until_on: date | None


@dataclass(frozen=True, slots=True)
class PersonBundle:
    """Everything that a person's page shows; sensitive numbers only masked, vulnerability facts not at all."""

    person: PersonRow
    name: str
    name_latin: str
    birth_on: date | None
    has_id_number: bool
    masked_id: str
    prefers_large_print: bool
    registered_on: date
    died_on: date | None
    moved_on: date | None
    version: int
    card: UUID | None
    card_number: str
    card_issued_at: datetime | None
    proxies: list[ProxyLine]
    acts_for: list[ProxyLine]
    timeline: list[audit.TimelineEntry]


def list_people(
    *,
    actor: Actor,
    on: date,
    query: str = "",
    band: str = "",
    household: UUID | None = None,
    household_number: str = "",
    community: UUID | None = None,
    residence: str = "",
    state: str = Person.State.LIVING,
    after: str = "",
    limit: int = PAGE,
) -> PeoplePage:
    """List people in scope, at most four queries at any size; with an age band the oldest come first."""
    with scope.within(actor.communities):
        rows = policy.visible_to(actor, Person.objects.all())
        rows = rows.filter(state=state) if state else rows.exclude(state=Person.State.ERASED)
        if community is not None:
            rows = rows.filter(community=community)
        if household is not None:
            rows = rows.filter(household=household)
        if household_number.strip():
            rows = rows.filter(household__number__startswith=household_number.strip())
        if residence:
            rows = rows.filter(residence=residence)
        if query.strip():
            rows = rows.filter(_found(query))
        if band:
            oldest, newest = born_between(BANDS[band], on)
            rows = by_community(rows).filter(birth_on__lte=newest)
            if oldest is not None:
                rows = rows.filter(birth_on__gt=oldest)
        total = rows.order_by()[: COUNT_UP_TO + 1].count()
        ordered = _after(rows, after, by_birth=bool(band))
        size = min(max(limit, 1), MOST_SHOWN)
        # Not joined: SQLite merges the communities' indexes, and stops early, only while it reads one table.
        people = list(ordered.prefetch_related("household")[: size + 1])
    more = len(people) > size
    last = people[size - 1] if more else None
    return PeoplePage(
        rows=[row_of(person, on) for person in people[:size]],
        after="" if last is None else f"{last.birth_on.isoformat() if band and last.birth_on else ''}~{last.pk}",
        total=min(total, COUNT_UP_TO),
        is_more=total > COUNT_UP_TO,
    )


def find_person(*, actor: Actor, person: UUID, on: date) -> PersonBundle:
    """Give what a person's page shows; raises Missing outside the actor's view and Gone after erasure."""
    with scope.within(actor.communities):
        row = policy.visible_to(actor, Person.objects.filter(pk=person)).select_related("household").first()
        if row is None:
            raise Missing
        if row.state == Person.State.ERASED:
            raise Gone
        valid = ProxyLink.objects.filter(revoked_at__isnull=True).filter(Q(principal=row) | Q(agent_person=row))
        valid = valid.exclude(until_on__lt=on).select_related("principal", "agent_person").order_by("pk")
        links = list(valid)
        accounts = _account_names(link.agent_account_id for link in links)
        lines = [(link.principal_id == row.pk, _line(link, accounts)) for link in links]
        card = Card.objects.filter(person=row, revoked_at__isnull=True).first()
        timeline = audit.entries_for("people.person", row.pk, limit=30) if policy.may_see_people(actor) else []
    return PersonBundle(
        person=row_of(row, on),
        name=row.name if actor.person == row.pk else mask_name(row.name),
        name_latin=row.name_latin if actor.person == row.pk else "",
        birth_on=row.birth_on,
        has_id_number=row.id_number is not None,
        masked_id="" if row.id_number is None else mask_id(_read(row.id_number, STAR * 18)),
        prefers_large_print=row.prefers_large_print,
        registered_on=row.registered_on,
        died_on=row.died_on,
        moved_on=row.moved_on,
        version=row.version,
        card=card.pk if card else None,
        card_number=card.number if card else "",
        card_issued_at=card.issued_at if card else None,
        proxies=[line for is_principal, line in lines if is_principal],
        acts_for=[line for is_principal, line in lines if not is_principal],
        timeline=timeline,
    )


def find_for_editing(*, actor: Actor, person: UUID) -> Person:
    """Give a person's row for a form of somebody who may change it; raises Missing."""
    with scope.within(actor.communities):
        row = Person.objects.filter(pk=person).exclude(state=Person.State.ERASED).select_related("household").first()
    if row is None:
        raise Missing
    policy.require(policy.may_write_people(actor))
    return row


def list_every_person(*, actor: Actor, on: date, limit: int, **filters: Any) -> list[PersonRow]:
    """List the people that `list_people` finds with the same filters, all pages at once, up to a limit."""
    rows: list[PersonRow] = []
    after = ""
    while len(rows) < limit:
        page = list_people(actor=actor, on=on, after=after, limit=MOST_SHOWN, **filters)
        rows += page.rows
        after = page.after
        if not after:
            break
    return rows[:limit]


def list_chosen(*, actor: Actor, on: date, people: Iterable[UUID]) -> list[PersonRow]:
    """List people by id, those that the actor may open; the others are left out."""
    with scope.within(actor.communities):
        rows = policy.visible_to(actor, Person.objects.filter(pk__in=set(people)).exclude(state=Person.State.ERASED))
        return [row_of(person, on) for person in rows.select_related("household").order_by("pk")]


def count_with_cards(*, actor: Actor, people: Iterable[UUID]) -> int:
    """Count how many of these people have a valid card."""
    with scope.within(actor.communities):
        return Card.objects.filter(person__in=set(people), revoked_at__isnull=True).count()


def find_by_number(*, actor: Actor, on: date, id_number: str = "", phone: str = "") -> list[PersonRow]:
    """Find people in scope by a typed ID or phone number, exactly."""
    with scope.within(actor.communities):
        rows = policy.visible_to(actor, Person.objects.exclude(state=Person.State.ERASED))
        if id_number.strip():
            rows = rows.filter(id_digest__in=contacts.id_candidates(id_number))
        elif phone.strip():
            rows = by_community(rows).filter(phone_digest__in=contacts.phone_candidates(phone))
        else:
            return []
        return [row_of(person, on) for person in rows.select_related("household").order_by("pk")[:PAGE]]


def find_erasure(*, actor: Actor, person: UUID) -> Erasure | None:
    """Give the tombstone of an erased record, or None."""
    with scope.within(actor.communities):
        return Erasure.objects.filter(person_id=person).first() if policy.may_see_people(actor) else None


def list_likely_duplicates(
    *, actor: Actor, on: date, name: str, birth_on: date | None, id_number: str = ""
) -> list[PersonRow]:
    """List people in scope with the same name and birthday, or the same ID number, before somebody is registered."""
    alike = Q(pk__in=[])
    if id_number.strip():
        alike |= Q(id_digest__in=contacts.id_candidates(id_number))
        read = contacts.check_id(id_number, on)
        birth_on = birth_on if isinstance(read, str) else read.birth_on
    if birth_on is not None and name.strip():
        alike |= Q(birth_on=birth_on, name=name.strip(), community__in=Division.objects.values("pk"))
    with scope.within(actor.communities):
        rows = policy.visible_to(actor, Person.objects.filter(alike).exclude(state=Person.State.ERASED))
        return [row_of(person, on) for person in rows.select_related("household").order_by("pk")[:PAGE]]


def by_community(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Name every community where the scope names none: indexes that begin with the community serve the district too."""
    return rows.filter(community__in=Division.objects.values("pk")) if scope.ids() is None else rows


def row_of(person: Person, on: date) -> PersonRow:
    """Write a person as a masked line; the household has been fetched with it."""
    home = person.household
    address = address_line(address=home.address, building=home.building, unit=home.unit, room=home.room)
    return PersonRow(
        id=person.pk,
        community=person.community_id,
        household=person.household_id,
        household_number=home.number,
        masked_name=mask_name(person.name),
        sex=person.sex,
        age=age_on(person.birth_on, person.died_on or on),
        masked_phone="" if person.phone is None else _masked_phone(person.phone, person.phone_last4),
        masked_address=mask_address(address),
        relation=person.relation,
        residence=person.residence,
        state=person.state,
        prefers_teochew=person.prefers_teochew,
        no_phone=person.no_phone,
    )


def _masked_phone(sealed: Sealed, last4: str) -> str:
    number = _read(sealed, "")
    return mask_phone(number) if number else f"{STAR * 7}{last4}"


def _read(sealed: Sealed, otherwise: str) -> str:
    """Open a number to mask it; one whose key is lost must not take the whole list with it."""
    try:
        return sealed.reveal()
    except Unreadable:
        return otherwise


def _found(query: str) -> Q:
    exact: list[str] = []
    if sum(c.isdigit() for c in query) >= 7:
        exact = [*contacts.id_candidates(query), *contacts.phone_candidates(query)]
    hits = search.find(query, kinds=["person"], limit=FOUND_AT_MOST, exact=exact)
    found = Q(pk__in=[hit.record_id for hit in hits])
    plain = identity.compact(query)
    if len(plain) == 4 and plain.isdigit():
        found |= Q(phone_last4=plain)
    return found


def _after(rows: QuerySet[Person], after: str, *, by_birth: bool) -> QuerySet[Person]:
    order = ("birth_on", "pk") if by_birth else ("pk",)
    if after:
        birth, _sep, pk = after.partition("~")
        try:
            last = UUID(pk)
            born = date.fromisoformat(birth) if by_birth else None
        except ValueError:
            raise Missing from None
        rows = (
            rows.filter(Q(birth_on__gt=born) | Q(birth_on=born, pk__gt=last)) if by_birth else rows.filter(pk__gt=last)
        )
    return rows.order_by(*order)


def _account_names(accounts: Iterable[UUID | None]) -> dict[UUID | None, str]:
    wanted = {account for account in accounts if account}
    if not wanted:
        return {}
    return dict(Account.objects.filter(pk__in=wanted).values_list("pk", "display_name"))


def _line(link: ProxyLink, accounts: dict[UUID | None, str]) -> ProxyLine:
    agent = link.agent_person
    return ProxyLine(
        id=link.pk,
        principal=link.principal_id,
        principal_name=mask_name(link.principal.name),
        agent_person=link.agent_person_id,
        agent_name=mask_name(agent.name) if agent else accounts.get(link.agent_account_id, ""),
        kind=link.kind,
        acts=list(link.acts),
        until_on=link.until_on,
    )
