"""A district's tree as the district itself keeps it, taken over by the city or province that its figures go to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.platform import rows, search
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, NotAllowed
from lianxin.platform.ids import deterministic_id, new_id

from ..models import Committee, Division, DivisionCode, DivisionName, DivisionParent, NameKind
from ..queries.search_entries import division_entries
from ..rules import divisions as rules

# What a city or province is itself: it stands for all days of which any district has figures.
SINCE_ALWAYS = date(1949, 10, 1)
_NAMESPACE = UUID("6d2a1c0e-4b0f-5f0e-9a39-0c5f6c1f9d11")


@dataclass(frozen=True)
class ForeignDivision:
    """One division with everything dated about it; `names` are (kind, name, from, until), and so on."""

    id: UUID
    level: str
    committee: str
    created_on: date
    ended_on: date | None
    names: tuple[tuple[str, str, date, date | None], ...]
    codes: tuple[tuple[str, date, date | None], ...]
    parents: tuple[tuple[UUID, date, date | None], ...]


@command("places.found_upper_division")
def found_upper_division(
    *, actor: Actor, code: str, name: str, at: datetime, parent: UUID | None = None, key: UUID | None = None
) -> Division:
    """Enter a city or a province, or give the one that has this code already; its id follows from the code."""
    if not actor.is_system:
        raise NotAllowed
    known = Division.objects.filter(code=code, ended_on=None).first()
    if known is not None:
        return known
    official = rules.clean_name(name)
    if not rules.is_code(code) or rules.level_of(code) not in (rules.PROVINCE, rules.CITY) or not official:
        raise Invalid(_("%(code)s %(name)s is neither a province nor a city.") % {"code": code, "name": name})
    made = ForeignDivision(
        id=deterministic_id(_NAMESPACE, code),
        level=rules.level_of(code),
        committee=Committee.NONE,
        created_on=SINCE_ALWAYS,
        ended_on=None,
        names=tuple(
            (str(kind), text, SINCE_ALWAYS, None)
            for kind, text in (
                (NameKind.OFFICIAL, official),
                (NameKind.SPOKEN, official),
                (NameKind.SHORT, rules.short_name(official, rules.level_of(code))),
            )
        ),
        codes=((code, SINCE_ALWAYS, None),),
        parents=((parent, SINCE_ALWAYS, None),) if parent else (),
    )
    load_foreign_tree(actor=actor, divisions=[made], at=at)
    return Division.objects.get(pk=made.id)


@command("places.load_foreign_tree")
def load_foreign_tree(
    *, actor: Actor, divisions: Sequence[ForeignDivision], at: datetime, key: UUID | None = None
) -> int:
    """Make divisions here what they are at their district, dated rows and all; gives how many differed."""
    if not actor.is_system:
        raise NotAllowed
    held = _held([one.id for one in divisions])
    changed = [one for one in divisions if held.get(one.id) != _told(one)]
    if not changed:
        return 0
    ids = frozenset(one.id for one in changed)
    for model in (DivisionName, DivisionCode, DivisionParent):
        model.objects.filter(division__in=ids).delete()
    for one in changed:
        if one.id in held:  # codes may have been swapped: they step aside first
            Division.objects.filter(pk=one.id).update(code=f"~{one.id.hex[-11:]}")
    write_divisions(changed)
    first = Division.objects.get(pk=changed[0].id)
    act().target(first, "taken over", {"divisions": [None, len(changed)]})
    search.put(list(division_entries(ids)), at=at)
    gone = [one.id for one in changed if one.ended_on is not None]
    search.drop("division", gone)
    return len(changed)


def _told(one: ForeignDivision) -> tuple[Any, ...]:
    return (
        one.level,
        one.committee,
        one.created_on,
        one.ended_on,
        frozenset(one.names),
        frozenset(one.codes),
        frozenset(one.parents),
    )


def _held(ids: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """Give what is kept of these divisions in the form in which a district tells it; four queries."""
    wanted = frozenset(ids)
    dated: dict[UUID, tuple[set[Any], set[Any], set[Any]]] = {}
    for place, (model, fields) in enumerate(
        (
            (DivisionName, ("kind", "name")),
            (DivisionCode, ("code",)),
            (DivisionParent, ("parent",)),
        )
    ):
        found = model.objects.filter(division__in=wanted).order_by()  # type: ignore[attr-defined]
        for pk, *values in found.values_list("division", *fields, "valid_from", "valid_until"):
            dated.setdefault(pk, (set(), set(), set()))[place].add(tuple(values))
    nothing: tuple[set[Any], set[Any], set[Any]] = (set(), set(), set())
    return {
        pk: (level, committee, created, ended, *(frozenset(part) for part in dated.get(pk, nothing)))
        for pk, level, committee, created, ended in Division.objects.filter(pk__among=wanted)
        .order_by()
        .values_list("pk", "level", "committee", "created_on", "ended_on")
    }


def write_divisions(divisions: Sequence[ForeignDivision]) -> None:
    """Write the divisions and their dated rows in as few statements as may be."""
    rows.insert(
        Division,
        (
            "id",
            "level",
            "committee",
            "created_on",
            "ended_on",
            "official_name",
            "short_name",
            "code",
            "parent",
            "version",
        ),
        [(one.id, one.level, one.committee, one.created_on, one.ended_on, *_current(one), 1) for one in divisions],
        on_conflict=(
            " ON CONFLICT (id) DO UPDATE SET level = excluded.level, committee = excluded.committee,"
            " created_on = excluded.created_on, ended_on = excluded.ended_on, official_name = excluded.official_name,"
            " short_name = excluded.short_name, code = excluded.code, parent_id = excluded.parent_id,"
            " version = places_division.version + 1"
        ),
    )
    dated: Mapping[Any, tuple[tuple[str, ...], list[tuple[Any, ...]]]] = {
        DivisionName: (("kind", "name"), [(one.id, *row) for one in divisions for row in one.names]),
        DivisionCode: (("code",), [(one.id, *row) for one in divisions for row in one.codes]),
        DivisionParent: (("parent",), [(one.id, *row) for one in divisions for row in one.parents]),
    }
    for model, (fields, found) in dated.items():
        names = ("id", "division", *fields, "valid_from", "valid_until")
        rows.insert(model, names, [(new_id(), *row) for row in found])


def _current(one: ForeignDivision) -> tuple[str, str, str, UUID | None]:
    """Give the columns that say what holds now, or held last: official name, spoken name, code, parent."""

    def last(found: Sequence[tuple[Any, ...]]) -> Any:
        open_rows = [row for row in found if row[-1] is None] or sorted(found, key=lambda row: row[-2])[-1:]
        return open_rows[0][-3] if open_rows else None

    names = {
        kind: last([row for row in one.names if row[0] == kind]) or "" for kind in (NameKind.OFFICIAL, NameKind.SPOKEN)
    }
    official = names[NameKind.OFFICIAL]
    return official, names[NameKind.SPOKEN] or official, last(one.codes) or "", last(one.parents)
