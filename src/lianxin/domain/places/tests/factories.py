"""One builder per thing for the tests of this module."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from lianxin.domain.places.commands.divisions import load_divisions
from lianxin.domain.places.commands.opening import set_opening_hours
from lianxin.domain.places.commands.reference_data import load_reference_data
from lianxin.domain.places.commands.venues import register_venue
from lianxin.domain.places.models import Division, Venue
from lianxin.domain.places.rules.history import DivisionRow
from lianxin.platform.actors import Actor
from lianxin.platform.ids import new_id

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a Friday, 10:00 in Shanghai
TODAY = date(2026, 11, 20)
SINCE = date(2019, 1, 1)
SYSTEM = Actor.system(via="cli")

SMALL_DISTRICT = (
    DivisionRow("440507000000", "龙湖区", ""),
    DivisionRow("440507004000", "新津街道", "440507000000"),
    DivisionRow("440507009000", "外砂街道", "440507000000"),
    DivisionRow("440507004020", "翠英居委会", "440507004000"),
    DivisionRow("440507004023", "华新社区居委会", "440507004000"),
    DivisionRow("440507009207", "金洲村委会", "440507009000"),
)
CATEGORIES = (
    {"code": "A01", "name_zh": "居家养老", "name_en": "Home elder care", "description": ""},
    {"code": "A04", "name_zh": "义诊", "name_en": "Free clinic", "description": ""},
    {"code": "D01", "name_zh": "义剪", "name_en": "Free haircut", "description": ""},
)


def make_district(rows: tuple[DivisionRow, ...] = SMALL_DISTRICT, *, on: date = SINCE) -> dict[str, Division]:
    """Load a few divisions and the tables of kinds; give the divisions by official name."""
    load_reference_data(actor=SYSTEM, categories=CATEGORIES, at=AT)
    return {d.official_name: d for d in load_divisions(actor=SYSTEM, rows=rows, on=on, at=AT)}


def make_staff(role: str, *communities: UUID, **more: Any) -> Actor:
    """Give somebody who works for some communities; district staff for all."""
    scope = None if role == "district_staff" else frozenset(communities)
    return Actor(
        account=more.pop("account", None) or new_id(),
        role=role,
        communities=scope,
        via="web",
        roles=frozenset({role}),
        **more,
    )


def make_venue(community: Division, **values: Any) -> Venue:
    """Register a centre at work, or whatever the values say."""
    entries = {"kind": "centre", "name": "党群服务中心", "opened_on": date(2024, 3, 1), **values}
    at = entries.pop("at", AT)
    return register_venue(actor=SYSTEM, community=community.pk, at=at, **entries)


def give_office_hours(venue: Venue, *, from_on: date = SINCE) -> None:
    """Declare 8:30 to 12:00 and 14:30 to 21:00, Monday to Friday."""
    spans = ((time(8, 30), time(12)), (time(14, 30), time(21)))
    hours = [(weekday, opens, closes) for weekday in range(5) for opens, closes in spans]
    set_opening_hours(actor=SYSTEM, venue=venue.pk, hours=hours, from_on=from_on, at=AT)
