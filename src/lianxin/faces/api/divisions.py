"""Divisions: the tree on any day, and counts of centres and stations from records."""

from datetime import date
from uuid import UUID

from ninja import Query, Router, Schema

from lianxin.domain.places.queries import divisions as queries
from lianxin.domain.places.queries import venues
from lianxin.faces.api.answers import answers
from lianxin.platform import clock

router = Router()


class DivisionOut(Schema):
    """A division as it was or is."""

    id: UUID
    level: str
    committee: str
    name: str
    official_name: str
    code: str
    parent: UUID | None


class DivisionFilter(Schema):
    """Which divisions, on which day (today unless given)."""

    level: str | None = None
    parent: UUID | None = None
    on: date | None = None
    name: str | None = None


class CountOut(Schema):
    """Working centres and stations of a division on a day."""

    division: UUID
    name: str
    code: str
    centres: int
    stations: int


@router.get("/", response=answers(list[DivisionOut]), summary="Divisions on a day")
def list_divisions(request, filters: Query[DivisionFilter]):  # type: ignore[no-untyped-def]
    """Give the divisions that lived on a day, flat, in the order of their codes."""
    on = filters.on or clock.local_day(clock.now())
    named = (
        {division.pk for division in queries.list_by_name(filters.name, on=on)} if filters.name is not None else None
    )
    nodes = (node for root in queries.list_tree(on=on) for node in root.walk())
    return [
        DivisionOut(
            id=node.id,
            level=node.level,
            committee=node.committee,
            name=node.name,
            official_name=node.official_name,
            code=node.code,
            parent=node.parent_id,
        )
        for node in nodes
        if (not filters.level or node.level == filters.level)
        and (not filters.parent or node.parent_id == filters.parent)
        and (named is None or node.id in named)
    ]


@router.get("/counts", response=answers(list[CountOut]), summary="Centres and stations by division")
def count_venues(request, on: date | None = None):  # type: ignore[no-untyped-def]
    """Count the working centres and stations of every division, from the records of that day."""
    day = on or clock.local_day(clock.now())
    return [
        CountOut(
            division=row.division.id,
            name=row.division.name,
            code=row.division.code,
            centres=row.centres,
            stations=row.stations,
        )
        for row in venues.count_public_by_division(on=day)
    ]
