"""The insert kernel for households and people: imports and the sample district go through it, ten thousand a second.

A listed kernel: it writes SQL itself and takes community ids from callers that checked them against the scope.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.db import connection, models

from lianxin.domain.people.models import Household, HouseholdCounter, HouseholdMembership, Person
from lianxin.domain.people.rules.contacts import SealedNumber, sealed_ids, sealed_phones
from lianxin.domain.people.rules.households import number_of
from lianxin.domain.people.rules.new_people import NewHousehold, NewPerson

HOUSEHOLD_COLUMNS = (
    "id", "community", "number", "address", "building", "unit", "room", "state", "created_on", "source_run", "version",
)  # fmt: skip
PERSON_COLUMNS = (
    "id", "community", "household", "name", "name_latin", "sex", "birth_on", "id_number", "id_digest", "phone",
    "phone_digest", "phone_last4", "relation", "residence", "state", "prefers_teochew", "prefers_large_print",
    "no_phone", "registered_on", "source_run", "version",
)  # fmt: skip
MEMBERSHIP_COLUMNS = ("id", "community", "person", "household", "from_on")
PARAMETERS_AT_MOST = 30_000


class PersonFields(Protocol):
    """What a new person and a row of a file have alike."""

    @property
    def name(self) -> str: ...
    @property
    def name_latin(self) -> str: ...
    @property
    def sex(self) -> str: ...
    @property
    def birth_on(self) -> date | None: ...
    @property
    def relation(self) -> str: ...
    @property
    def residence(self) -> str: ...
    @property
    def prefers_teochew(self) -> bool: ...
    @property
    def prefers_large_print(self) -> bool: ...
    @property
    def no_phone(self) -> bool: ...


class SealedPerson(NamedTuple):
    """A person whose numbers are sealed already."""

    id: UUID
    community: UUID
    household: UUID
    fields: PersonFields
    id_number: SealedNumber
    phone: SealedNumber


def key_writer() -> Callable[[UUID], Any]:
    """Give the function that turns an id into what this database's driver takes."""
    if connection.features.has_native_uuid_field:
        return lambda value: value
    return lambda value: value.hex


def day_writer() -> Callable[[date | None], Any]:
    """Give the function that turns a day into what this database's driver takes."""
    if connection.vendor == "sqlite":
        return lambda value: None if value is None else value.isoformat()
    return lambda value: value


def flag_writer() -> Callable[[bool], Any]:
    """Give the function that turns a truth into what this database's driver takes at once."""
    return int if connection.vendor == "sqlite" else bool


def insert(
    model: type[models.Model], names: Sequence[str], rows: list[tuple[Any, ...]], *, unless_there: str = ""
) -> int:
    """Insert rows in the driver's form, but none whose `unless_there` (a column) is there; give how many were new."""
    if not rows:
        return 0
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(model._meta.get_field(name).column)) for name in names)  # type: ignore[union-attr]
    head = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES "
    group = f"({', '.join(['%s'] * len(names))})"
    tail = f" ON CONFLICT ({quote(unless_there)}) DO NOTHING" if unless_there else ""
    made = 0
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f"{head}{group}{tail}", rows)
            return cursor.rowcount
        step = PARAMETERS_AT_MOST // len(names)
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            cursor.execute(f"{head}{', '.join([group] * len(part))}{tail}", [cell for row in part for cell in row])
            made += cursor.rowcount
    return made


def select(sql: str, values: Sequence[Any], *more: Any) -> list[tuple[Any, ...]]:
    """Read rows whose key is among so many values; the statement has {marks} where they go, and `more` after them."""
    found: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(values), PARAMETERS_AT_MOST):
            part = values[start : start + PARAMETERS_AT_MOST]
            cursor.execute(sql.format(marks=", ".join(["%s"] * len(part))), [*part, *more])
            found += cursor.fetchall()
    return found


def _entered(ids: Sequence[UUID]) -> set[UUID]:
    """Give those of these people who are on record."""
    key = key_writer()
    by_key = {key(pk): pk for pk in ids}
    return {by_key[row[0]] for row in select("SELECT id FROM people_person WHERE id IN ({marks})", list(by_key))}


def household_numbers(ids: Sequence[UUID]) -> dict[UUID, str]:
    """Give the printed numbers of those of these households that are there."""
    key = key_writer()
    by_key = {key(pk): pk for pk in ids}
    rows = select("SELECT id, number FROM people_household WHERE id IN ({marks})", list(by_key))
    return {by_key[pk]: number for pk, number in rows}


def numbered_households(
    numbers: Sequence[str], communities: Sequence[UUID]
) -> dict[tuple[UUID, str], tuple[UUID, str]]:
    """Give (id, state) of the households with these printed numbers, by community and number."""
    key = key_writer()
    by_key = {key(community): community for community in communities}
    marks = ", ".join(["%s"] * len(by_key))
    rows = select(
        "SELECT community_id, number, id, state FROM people_household"
        f" WHERE number IN ({{marks}}) AND community_id IN ({marks})",
        numbers,
        *by_key,
    )
    return {
        (by_key[community], number): (pk if isinstance(pk, UUID) else UUID(pk), state)
        for community, number, pk, state in rows
    }


def take_numbers(community: UUID, count: int) -> Iterable[str]:
    """Take the next household numbers of a community; the counter row is the lock."""
    quote = connection.ops.quote_name
    table = quote(HouseholdCounter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (community_id, last) VALUES (%s, %s)"
            f" ON CONFLICT (community_id) DO UPDATE SET last = {table}.last + excluded.last RETURNING last",
            [key_writer()(community), count],
        )
        last = cursor.fetchone()[0]
    return [number_of(value) for value in range(last - count + 1, last + 1)]


def number_households(households: Iterable[NewHousehold]) -> None:
    """Give every household without a number the next free one of its community, past numbers typed by hand."""
    waiting: dict[UUID, list[NewHousehold]] = {}
    for household in households:
        if not household.number:
            waiting.setdefault(household.community, []).append(household)
    for community in sorted(waiting):
        todo = waiting[community]
        while todo:
            numbers = list(take_numbers(community, len(todo)))
            taken = set(
                Household.objects.filter(community=community, number__in=numbers).values_list("number", flat=True)
            )
            free = [number for number in numbers if number not in taken]
            for household, number in zip(todo, free, strict=False):
                household.number = number
            todo = todo[len(free) :]


def insert_households(households: Iterable[NewHousehold], *, on: date, source_run: UUID | None = None) -> int:
    """Insert households that are not there yet (by id); give how many were new."""
    key, day = key_writer(), day_writer()(on)
    run = None if source_run is None else key(source_run)
    rows = [
        (key(h.id), key(h.community), h.number, h.address, h.building, h.unit, h.room, "active", day, run, 1)
        for h in households
    ]
    return insert(Household, HOUSEHOLD_COLUMNS, rows, unless_there="id")


def insert_people(
    people: Iterable[tuple[UUID, UUID, NewPerson]], *, on: date, source_run: UUID | None = None
) -> list[UUID]:
    """Insert people given as (community, household, person) with their memberships; give their ids in order."""
    people = list(people)
    numbers = sealed_ids([person.id_number for _c, _h, person in people])
    phones = sealed_phones([person.phone for _c, _h, person in people])
    sealed = [
        SealedPerson(person.id, community, household, person, number, phone)
        for (community, household, person), number, phone in zip(people, numbers, phones, strict=True)
    ]
    insert_sealed(sealed, on=on, source_run=source_run)
    return [person.id for person in sealed]


def insert_sealed(
    people: Sequence[SealedPerson], *, on: date, source_run: UUID | None = None, unless_known: bool = False
) -> set[UUID]:
    """Insert people whose numbers are sealed already, with their memberships; give the ids of those left out.

    With `unless_known` that is everybody whose ID number is on record: to let the index tell costs nothing, while to
    ask for all of them beforehand looks each up twice.
    """
    key, write_day, flag = key_writer(), day_writer(), flag_writer()
    day = write_day(on)
    run = None if source_run is None else key(source_run)
    person_rows: list[tuple[Any, ...]] = []
    membership_rows: list[tuple[Any, ...]] = []
    last_community = last_household = community = household = None
    for pk, community_id, household_id, p, number, phone in people:
        # Neighbours are of one family and one community.
        if household_id is not last_household:
            last_household, household = household_id, key(household_id)
        if community_id is not last_community:
            last_community, community = community_id, key(community_id)
        person = key(pk)
        # Who was born later belongs to the household since then.
        since = day if p.birth_on is None or p.birth_on <= on else write_day(p.birth_on)
        person_rows.append(
            (
                person, community, household, p.name, p.name_latin, p.sex, write_day(p.birth_on),
                number.sealed and number.sealed.ciphertext, number.digest, phone.sealed and phone.sealed.ciphertext,
                phone.digest, phone.last4, p.relation, p.residence, "living", flag(p.prefers_teochew),
                flag(p.prefers_large_print), flag(p.no_phone), since, run, 1,
            )
        )  # fmt: skip
        # The first membership bears its person's id: one random id less to make and write.
        membership_rows.append((person, community, person, household, since))
    left_out: set[UUID] = set()
    made = insert(Person, PERSON_COLUMNS, person_rows, unless_there="id_digest" if unless_known else "")
    if made < len(person_rows):
        wanted = [person.id for person in people]
        left_out = {*wanted} - _entered(wanted)
        gone = {key(pk) for pk in left_out}
        membership_rows = [row for row in membership_rows if row[0] not in gone]
    insert(HouseholdMembership, MEMBERSHIP_COLUMNS, membership_rows)
    return left_out
