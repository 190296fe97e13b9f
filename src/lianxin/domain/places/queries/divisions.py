"""The tree of divisions on any day, and divisions found by code or by what people call them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from lianxin.platform.errors import Missing

from ..models import Division, DivisionCode, DivisionLineage, DivisionName, DivisionParent, Level, LineageKind, NameKind
from ..rules import divisions as rules


@dataclass(frozen=True)
class DivisionNode:
    """A division as it was on one day, with those below it."""

    id: UUID
    level: str
    committee: str
    name: str
    official_name: str
    code: str
    parent_id: UUID | None
    children: list[DivisionNode] = field(default_factory=list)

    def walk(self) -> Iterator[DivisionNode]:
        """Give this division and all below it, from the top down."""
        yield self
        for child in self.children:
            yield from child.walk()


def valid_on(on: date) -> Q:
    """Give the filter for dated rows that hold on a day."""
    return Q(valid_from__lte=on) & (Q(valid_until__isnull=True) | Q(valid_until__gt=on))


def list_tree(*, on: date) -> list[DivisionNode]:
    """Give the roots of the tree as it was on a day, children by code; four queries whatever the size."""
    living = Division.objects.filter(created_on__lte=on).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))
    names: dict[UUID, dict[str, str]] = {}
    wanted = DivisionName.objects.filter(valid_on(on), kind__in=[NameKind.OFFICIAL, NameKind.SPOKEN])
    for pk, kind, name in wanted.values_list("division", "kind", "name"):
        names.setdefault(pk, {})[kind] = name
    codes = dict(DivisionCode.objects.filter(valid_on(on)).values_list("division", "code"))
    parents = dict(DivisionParent.objects.filter(valid_on(on)).values_list("division", "parent"))
    nodes = {
        pk: DivisionNode(
            id=pk,
            level=level,
            committee=committee,
            name=names.get(pk, {}).get(NameKind.SPOKEN, ""),
            official_name=names.get(pk, {}).get(NameKind.OFFICIAL, ""),
            code=codes.get(pk, ""),
            parent_id=parents.get(pk),
        )
        for pk, level, committee in living.order_by().values_list("pk", "level", "committee")
    }
    roots: list[DivisionNode] = []
    for node in sorted(nodes.values(), key=lambda node: (node.code, str(node.id))):
        (nodes[node.parent_id].children if node.parent_id in nodes else roots).append(node)
    return roots


def find_division(division: UUID) -> Division:
    """Give a division with the one above it; raises Missing."""
    found = Division.objects.select_related("parent").filter(pk=division).first()
    if found is None:
        raise Missing
    return found


def find_district() -> Division:
    """Give the district that this deployment serves; raises Missing before its divisions are loaded."""
    found = Division.objects.filter(level=Level.DISTRICT, ended_on__isnull=True).first()
    if found is None:
        raise Missing
    return found


def has_divisions() -> bool:
    """Tell whether any division was ever loaded."""
    return Division.objects.exists()


def list_divisions(*, level: str, parent: UUID | None = None) -> QuerySet[Division]:
    """Give today's divisions of a level in order of their codes, with the one above each."""
    rows = Division.objects.filter(level=level, ended_on__isnull=True).select_related("parent")
    return rows.filter(parent=parent) if parent else rows


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Give the short names of some divisions, ended ones too; one query."""
    return dict(Division.objects.filter(pk__in=set(ids)).values_list("pk", "short_name"))


def find_by_code(code: str, *, on: date | None = None) -> Division | None:
    """Give the division that had a code on a day, or has it now; None when none did."""
    rows = DivisionCode.objects.filter(code=rules.clean_code(code)).select_related("division__parent")
    row = (rows.filter(valid_until__isnull=True) if on is None else rows.filter(valid_on(on))).first()
    return row.division if row else None


def find_by_code_ever(code: str) -> Division | None:
    """Give the division that has a code, or else the last one that had it: for files made before a reform."""
    rows = DivisionCode.objects.filter(code=rules.clean_code(code)).select_related("division__parent")
    row = rows.order_by("-valid_from").first()
    return row.division if row else None


def list_by_name(text: str, *, on: date | None = None, level: str | None = None) -> list[Division]:
    """Give every division called so, now or on a day: 金珠居委会 and 金珠社区 are one, 金洲 are two."""
    name = rules.clean_name(unicodedata.normalize("NFKC", text))
    if not name:
        return []
    bare, committee = rules.split_name(name)
    rows = DivisionName.objects.filter(Q(name=name) | Q(name=bare, kind=NameKind.SHORT))
    if on is not None:
        rows = rows.filter(valid_on(on))
    else:
        rows = rows.filter(division__ended_on__isnull=True)
    if level:
        rows = rows.filter(division__level=level)
    found = Division.objects.filter(pk__in=rows.values("division")).select_related("parent")
    if committee != rules.NO_COMMITTEE:
        # The ending says which committee is meant, unless the whole text is itself a name that somebody recorded.
        exact = rows.filter(name=name).values("division")
        found = found.filter(Q(committee=committee) | Q(pk__in=exact))
    return list(found)


def list_communities_below(division: UUID, *, on: date | None = None) -> list[UUID]:
    """Give the ids of the communities of a division on a day, or today; a community gives itself."""
    if on is not None:
        for root in list_tree(on=on):
            for node in root.walk():
                if node.id == division:
                    return [below.id for below in node.walk() if below.level == Level.COMMUNITY]
        return []
    below, layer = [], [division]
    while layer:
        rows = list(Division.objects.filter(Q(pk__in=layer)).values_list("pk", "level"))
        below += [pk for pk, level in rows if level == Level.COMMUNITY]
        upper = [pk for pk, level in rows if level != Level.COMMUNITY]
        layer = list(Division.objects.filter(parent__in=upper, ended_on__isnull=True).values_list("pk", flat=True))
    return below


def list_scope_below(division: UUID) -> frozenset[UUID]:
    """Give the communities whose rows an office of a division may see: today's, and those merged into them."""
    communities = set(list_communities_below(division))
    layer = communities
    while layer:
        merged = DivisionLineage.objects.filter(kind=LineageKind.MERGE, to_division__in=layer)
        layer = set(merged.values_list("from_division", flat=True)) - communities
        communities |= layer
    return frozenset(communities)


def path_of(division: UUID, *, on: date) -> list[DivisionNode]:
    """Give the divisions from the top down to one, as they were on a day."""

    def search(nodes: Iterable[DivisionNode]) -> list[DivisionNode]:
        for node in nodes:
            if node.id == division:
                return [node]
            if below := search(node.children):
                return [node, *below]
        return []

    return search(list_tree(on=on))


def list_history(division: UUID) -> QuerySet[DivisionLineage]:
    """Give the recorded steps in a division's history, oldest first."""
    return (
        DivisionLineage.objects.filter(Q(from_division=division) | Q(to_division=division))
        .select_related("from_division", "to_division")
        .order_by("on", "id")
    )


def list_names(division: UUID) -> QuerySet[DivisionName]:
    """Give every name a division has or had."""
    return DivisionName.objects.filter(division=division)
