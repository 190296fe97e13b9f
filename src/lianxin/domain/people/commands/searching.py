"""Keeping people, and organisations, findable."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from lianxin.domain.people.models import Organisation, Person
from lianxin.platform import search
from lianxin.platform.commands import act

PERSON = "person"
ORGANISATION = "organisation"
_COLUMNS = (
    "pk", "community_id", "name", "name_latin", "id_digest", "phone_digest", "household__number",
)  # fmt: skip


def index_people(ids: list[UUID]) -> None:
    """Make these people findable by what they are called now, inside the running command."""
    for start in range(0, len(ids), 500):
        people = Person.objects.filter(pk__in=ids[start : start + 500])
        search.put(_entries(people.values_list(*_COLUMNS)), at=act().at)


def people_entries() -> Iterator[search.Entry]:
    """Give the search entries of everybody in scope who lives here or moved out or died."""
    people = Person.objects.exclude(state=Person.State.ERASED)
    yield from _entries(people.order_by("pk").values_list(*_COLUMNS).iterator(chunk_size=2000))


def _entries(rows: Iterable[tuple]) -> Iterator[search.Entry]:
    for pk, community_id, name, name_latin, id_digest, phone_digest, number in rows:
        yield person_entry(pk, community_id, name, name_latin, (id_digest, phone_digest), number)


def person_entry(
    pk: UUID,
    community_id: UUID,
    name: str,
    name_latin: str,
    digests: tuple[str | None, str | None],
    number: str,
) -> search.Entry:
    """Give the search entry of one person: found by name and by digests of a typed ID or phone number."""
    # In the order of its members: an import makes a hundred thousand, and names would cost as much as the making.
    return search.Entry(
        PERSON,
        pk,
        name,
        community_id,
        number,
        (name_latin,) if name_latin else (),
        False,
        "staff:person",
        [digest for digest in digests if digest],
        0,
        True,
    )


def index_organisation(row: Organisation) -> None:
    """Make an organisation findable by its name and aliases, inside the running command."""
    if row.state == Organisation.State.MERGED:
        search.drop(ORGANISATION, [row.pk])
    else:
        search.put([organisation_entry(row)], at=act().at)


def organisation_entry(row: Organisation) -> search.Entry:
    """Give the search entry of one organisation; organisations belong to no community."""
    return search.Entry(
        kind=ORGANISATION,
        record_id=row.pk,
        title=row.name,
        words=[alias.name for alias in row.aliases.all()] + ([row.uscc] if row.uscc else []),
        url_name="staff:organisation",
    )


def organisation_entries() -> Iterator[search.Entry]:
    """Give the search entries of all organisations."""
    rows = Organisation.objects.exclude(state=Organisation.State.MERGED).prefetch_related("aliases").order_by("pk")
    yield from map(organisation_entry, rows.iterator(chunk_size=500))
