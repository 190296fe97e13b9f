"""The residents' import as a kind of run: read and check, apply chunk by chunk, undo while nothing depends on it."""

from array import array
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import policy
from lianxin.domain.people.commands import bulk, searching
from lianxin.domain.people.models import Account, Household, HouseholdMembership, Person
from lianxin.domain.people.rules import contacts
from lianxin.domain.people.rules.import_columns import COLUMNS
from lianxin.domain.people.rules.import_residents import ResidentReader
from lianxin.domain.people.rules.import_rows import KnownDigests, ResidentRow
from lianxin.domain.people.rules.new_people import NewHousehold
from lianxin.domain.places.models import Division, DivisionCode, DivisionName, Level
from lianxin.platform import runs, scope, search
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act
from lianxin.platform.ids import new_ids
from lianxin.platform.models import Run, RunProblem


def reader(*, run: Run, actor: Actor, at: datetime) -> ResidentReader:
    """Give the reader of one file, knowing the communities in scope and who is on record already."""
    with scope.everything():
        beginnings = array(
            "Q",
            sorted(
                KnownDigests.beginning(str(digest))
                for digest in Person.objects.exclude(id_digest=None)
                .values_list("id_digest", flat=True)
                .iterator(chunk_size=5000)
            ),
        )
    default = run.options.get("community")
    return ResidentReader(
        run=run.pk,
        communities=community_names(actor),
        on=local_day(at),
        default_community=UUID(default) if default and actor.covers(UUID(default)) else None,
        known_ids=KnownDigests(beginnings),
        is_known_person=_KnownPeople(actor.communities),
    )


class _KnownPeople:
    """Tells whether a name, sex and birthday are on record; reads the register at the first question."""

    def __init__(self, communities: frozenset[UUID] | None) -> None:
        self._communities = communities
        self._known: set[int] | None = None

    def __call__(self, name: str, sex: str, birth_on: date) -> bool:
        if self._known is None:
            with scope.within(self._communities):
                people = Person.objects.filter(state=Person.State.LIVING).values_list("name", "sex", "birth_on")
                self._known = {hash(row) for row in people.iterator(chunk_size=5000)}
        return hash((name, sex, birth_on)) in self._known


def community_names(actor: Actor) -> Mapping[str, UUID | None]:
    """Give every name, alias and valid code of the communities in an actor's scope; None for an ambiguous name."""
    ids = Division.objects.filter(level=Level.COMMUNITY, ended_on__isnull=True).values_list("pk", flat=True)
    mine = {pk for pk in ids if actor.covers(pk)}
    found: dict[str, UUID | None] = {}
    names = DivisionName.objects.filter(division__in=ids).values_list("name", "division_id")
    codes = DivisionCode.objects.filter(division__in=ids, valid_until__isnull=True).values_list("code", "division_id")
    cached = Division.objects.filter(pk__in=ids).values_list("official_name", "short_name", "pk")
    pairs = [*names, *codes, *((n, pk) for official, short, pk in cached for n in (official, short))]
    for name, division in pairs:
        if division in mine:
            found[name] = division if found.get(name, division) == division else None
    return found


# Neighbouring rows are of one family and one community.
_uuid = lru_cache(maxsize=256)(UUID)


def unpack(row: list[Any]) -> ResidentRow:
    """Make a clean row again from its JSON."""
    row[1], row[2] = _uuid(row[1]), _uuid(row[2])
    row[12] = None if row[12] is None else date.fromisoformat(row[12])
    return ResidentRow._make(row)


def apply(*, run: Run, rows: list[ResidentRow], actor: Actor, at: datetime) -> list[UUID]:
    """Enter one chunk of clean rows; a row whose ID number came onto record since the check is left out and named."""
    policy.require(policy.may_write_people(actor))
    on = local_day(at)
    covered = {community for community in {row.community for row in rows} if scope.covers(community)}
    rows = [row for row in rows if row.community in covered]
    households = _households_of(rows, run.pk, on)
    numbers = contacts.sealed_ids([row.id_number for row in rows])
    phones = contacts.sealed_phones([row.phone for row in rows])
    people = [
        bulk.SealedPerson(pk, row.community, households[row.household].id, row, number, phone)
        for pk, row, number, phone in zip(new_ids(len(rows)), rows, numbers, phones, strict=True)
    ]
    left_out = bulk.insert_sealed(people, on=on, source_run=run.pk, unless_known=True)
    entered = [(person, row) for person, row in zip(people, rows, strict=True) if person.id not in left_out]
    if left_out:
        _tell_left_out(run, [row for person, row in zip(people, rows, strict=True) if person.id in left_out])
    entry = searching.person_entry
    search.put(
        [
            entry(
                pk, community, row.name, row.name_latin, (number.digest, phone.digest), households[row.household].number
            )
            for (pk, community, _home, _fields, number, phone), row in entered
        ],
        at=at,
    )
    return [person.id for person, _row in entered]


def _tell_left_out(run: Run, rows: list[ResidentRow]) -> None:
    sentence = _("Somebody with this ID number came onto record since the check, so this row was left out.")
    RunProblem.objects.bulk_create(
        RunProblem(run=run, row_number=row.row, column="id_number", sentence=sentence) for row in rows
    )


def _households_of(rows: list[ResidentRow], run: UUID, on: date) -> dict[UUID, NewHousehold]:
    """Find or make the households of a chunk: by printed number, else by the id that the reader gave the family."""
    wanted: dict[UUID, NewHousehold] = {}
    for row in rows:
        if row.household not in wanted:
            wanted[row.household] = NewHousehold(
                row.community, [], row.household_number, row.address, row.building, row.unit, row.room, row.household
            )
    numbers = {household.number for household in wanted.values() if household.number}
    by_number = bulk.numbered_households(list(numbers), list({household.community for household in wanted.values()}))
    earlier = bulk.household_numbers(list(wanted))
    new: list[NewHousehold] = []
    for household in wanted.values():
        known = by_number.get((household.community, household.number))
        if household.id in earlier:
            household.number = earlier[household.id]
        elif known is not None and known[1] == Household.State.ACTIVE:
            household.id = known[0]
        else:
            household.number = "" if known is not None else household.number
            new.append(household)
    bulk.number_households(new)
    bulk.insert_households(new, on=on, source_run=run)
    return wanted


def undo(*, run: Run, ids: list[UUID], actor: Actor, at: datetime) -> None:
    """Take back the people of one chunk and the households that are empty then; raises SomethingDepends."""
    policy.require(policy.may_write_people(actor))
    people = Person.objects.filter(pk__in=ids)
    changed = people.exclude(version=1).count() + people.exclude(state=Person.State.LIVING).count()
    if changed or Account.objects.filter(person__in=ids).exists():
        raise runs.SomethingDepends(
            _("%(count)d of the people were changed or given an account since. Nothing was taken back.")
            % {"count": max(changed, 1)}
        )
    homes = set(people.values_list("household_id", flat=True))
    try:
        HouseholdMembership.objects.filter(person__in=ids).delete()
        people.delete()
        Household.objects.filter(pk__in=homes, source_run=run.pk, people__isnull=True).delete()
    except ProtectedError as error:
        raise runs.SomethingDepends from error
    search.drop(searching.PERSON, ids)
    act().note(community_id=None)


RUN_KIND = runs.RunKind(
    name="people.residents",
    label=gettext_lazy("Residents"),
    columns=COLUMNS,
    may=policy.may_write_people,
    reader=reader,
    unpack=unpack,
    apply=apply,
    undo=undo,
)
