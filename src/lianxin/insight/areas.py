"""The parts of the tree of divisions that figures are given for, as they were on a day, within a reader's rights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places.models import Division, DivisionName, DivisionParent, Level, NameKind
from lianxin.domain.places.queries.divisions import find_by_code_ever, list_by_name, valid_on
from lianxin.domain.reporting.queries.feeds import find_top, is_upper
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Missing

MINE = "mine"


class UnknownPlace(Missing):
    """No division is called so."""

    title = gettext_lazy("No such place is known here.")


class AmbiguousPlace(Invalid):
    """Several divisions are called so."""

    title = gettext_lazy("Several places are called so.")


@dataclass(frozen=True)
class Above:
    """A division in which an area lies."""

    kind: str
    id: UUID
    name: str


@dataclass(frozen=True)
class Area:
    """A part of the tree; `communities` None stands for all that this instance holds.

    `above` is in what an area that was asked for lies today, from the top downwards; its parts do not name that again.
    """

    kind: str
    id: UUID | None
    name: str
    code: str
    communities: frozenset[UUID] | None
    parent: UUID | None = None
    above: tuple[Above, ...] = ()

    @property
    def is_community(self) -> bool:
        """Tell whether it is a single community."""
        return self.kind == Level.COMMUNITY

    @property
    def address(self) -> str:
        """Give how the area is written in an address; nothing for the whole of what a reader sees."""
        return str(self.id) if self.id else ""


def whole(actor: Actor, *, on: date) -> Area:
    """Give everything that an actor answers for: the district, a subdistrict, a community, or some communities."""
    if actor.communities is None:
        top = find_top()
        return _area(top, _names(top, on), None)
    if not actor.communities:
        raise Missing
    rows = list(Division.objects.filter(pk__in=actor.communities).select_related("parent").order_by("code"))
    if len(rows) == 1:
        return _area(rows[0], names_on([rows[0].pk], on), frozenset({rows[0].pk}))
    above = {row.parent.pk: row.parent for row in rows if row.ended_on is None and row.parent is not None}
    if len(above) == 1:
        (parent,) = above.values()
        return _area(parent, names_on([parent.pk], on), actor.communities)
    names = names_on([row.pk for row in rows], on)
    return Area(MINE, None, _(", ").join(names.get(row.pk, row.short_name) for row in rows[:3]), "", actor.communities)


def find_area(text: str | UUID, *, actor: Actor, on: date) -> Area:
    """Give the division of an id, code or name as it was on a day; raises UnknownPlace or AmbiguousPlace.

    A division outside the actor's rights is not known.
    """
    row = _row(text, actor, on)
    return replace(_area_of(row, text, actor, on), above=_above(row))


def _area_of(row: Division, text: str | UUID, actor: Actor, on: date) -> Area:
    names = _names(row, on)
    if row.level == Level.COMMUNITY:
        if not actor.covers(row.pk):
            raise _unknown(text)
        return _area(row, names, frozenset({row.pk}))
    if is_upper() and row.level in _ABOVE_OFFICES:
        if actor.communities is not None:
            raise _unknown(text)
        return _area(row, names, _districts_of(row, on))
    if row.level == Level.DISTRICT and actor.communities is None:
        return _area(row, names, None)
    below = communities_below([row.pk], on=on)
    mine = below if actor.communities is None else below & actor.communities
    if not mine or (row.level != Level.SUBDISTRICT and actor.communities is not None):
        raise _unknown(text)
    return _area(row, names, mine)


def children(area: Area, *, on: date) -> list[Area]:
    """Give the divisions right below an area on a day that hold any of its communities, by their codes; two queries."""
    if area.is_community:
        return []
    if area.id is None:
        rows = list(Division.objects.filter(pk__in=area.communities or ()).order_by("code"))
        names = names_on([row.pk for row in rows], on)
        return [_area(row, names, frozenset({row.pk})) for row in rows]
    links = DivisionParent.objects.filter(valid_on(on))
    upper = links.filter(parent=area.id).exclude(division__level__in=(Level.COMMUNITY, Level.DISTRICT))
    found_links = links.filter(Q(parent=area.id) | Q(parent__in=upper.values("division"))).select_related("division")
    held: dict[UUID, set[UUID]] = {}
    rows = []
    for link in found_links:
        if link.parent_id == area.id:
            rows.append(link.division)
        else:
            held.setdefault(link.parent_id, set()).add(link.division_id)
    rows.sort(key=lambda row: (row.code, row.pk))
    names = names_on([row.pk for row in rows], on)
    found = []
    for row in rows:
        is_summed_itself = row.level in (Level.COMMUNITY, Level.DISTRICT)
        communities = frozenset({row.pk}) if is_summed_itself else frozenset(held.get(row.pk, ()))
        if area.communities is not None and not is_upper():
            communities &= area.communities
        if communities:
            found.append(_area(row, names, communities, parent=area.id))
    return found


# A community lies in a subdistrict, and that in a district: further up nobody asks.
_STEPS_UP = 2
# At a city or province a district is summed as one, by the roll-ups of its own: its id stands among the communities.
_ABOVE_DISTRICTS = (Level.PROVINCE, Level.CITY)
_ABOVE_OFFICES = (*_ABOVE_DISTRICTS, Level.DISTRICT)


def _districts_of(row: Division, on: date) -> frozenset[UUID] | None:
    """Give what a city or province sums for one of its upper divisions; None for all that it holds."""
    if row.level == Level.DISTRICT:
        return frozenset({row.pk})
    if row.pk == find_top().pk:
        return None
    return frozenset(below.pk for below, _parent in _below([row.pk], on))


def communities_below(ids: Iterable[UUID], *, on: date) -> frozenset[UUID]:
    """Give the communities below some divisions as they were on a day; one query for each level."""
    found: set[UUID] = set()
    layer = list(ids)
    while layer:
        pairs = _below(layer, on)
        found |= {row.pk for row, _parent in pairs if row.level == Level.COMMUNITY}
        layer = [row.pk for row, _parent in pairs if row.level != Level.COMMUNITY]
    return frozenset(found)


def names_on(ids: Iterable[UUID], on: date) -> dict[UUID, str]:
    """Give what some divisions were called in speech on a day, or are called now; at most two queries."""
    wanted = set(ids)
    rows = DivisionName.objects.filter(valid_on(on), kind=NameKind.SPOKEN, division__in=wanted)
    names = dict(rows.values_list("division", "name"))
    missing = wanted - set(names)
    if missing:
        rows = DivisionName.objects.filter(valid_until=None, kind=NameKind.SPOKEN, division__in=missing)
        names |= dict(rows.values_list("division", "name"))
    return names


def _names(row: Division, on: date) -> dict[UUID, str]:
    """Give what a division was called on a day; cities and provinces have one name, which needs no looking up."""
    return {row.pk: row.official_name} if row.level in _ABOVE_DISTRICTS else names_on([row.pk], on)


def _below(ids: Iterable[UUID], on: date) -> list[tuple[Division, UUID]]:
    rows = DivisionParent.objects.filter(valid_on(on), parent__in=list(ids)).select_related("division")
    return [(row.division, row.parent_id) for row in rows]


def _row(text: str | UUID, actor: Actor, on: date) -> Division:
    given = str(text).strip()
    try:
        asked = UUID(given)
    except ValueError:
        asked = None
    if asked is not None:
        found = Division.objects.filter(pk=asked).select_related("parent__parent").first()
        if found is None:
            raise _unknown(given)
        return found
    by_code = find_by_code_ever(given) if given.isdigit() else None
    if by_code is not None:
        return by_code
    named = [row for row in list_by_name(given) if _is_reachable(row, actor)]
    if len(named) > 1:
        raise AmbiguousPlace(
            _("“%(text)s” is the name of several places: %(places)s. Give the code of the one that is meant.")
            % {"text": given, "places": _(", ").join(f"{row.official_name} {row.code}" for row in named)}
        )
    if not named:
        raise _unknown(given)
    return named[0]


def _is_reachable(row: Division, actor: Actor) -> bool:
    return actor.communities is None or row.level != Level.COMMUNITY or row.pk in actor.communities


def _above(row: Division) -> tuple[Above, ...]:
    found: list[Above] = []
    near = row.parent
    while near is not None and len(found) < _STEPS_UP:
        found.insert(0, Above(near.level, near.pk, near.official_name))
        near = near.parent if len(found) < _STEPS_UP else None
    return tuple(found)


def _unknown(text: object) -> UnknownPlace:
    return UnknownPlace(
        _("No place “%(text)s” is known here. Give its name as people say it, or its 12-digit code.")
        % {"text": str(text)[:40]}
    )


def _area(
    row: Division, names: dict[UUID, str], communities: frozenset[UUID] | None, *, parent: UUID | None = None
) -> Area:
    return Area(
        kind=row.level,
        id=row.pk,
        name=names.get(row.pk, row.short_name),
        code=row.code,
        communities=communities,
        parent=parent or row.parent_id,
    )
