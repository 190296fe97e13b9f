"""Reading services of HSDS 3.0 and 3.1 as rows of a workbook of offers; what no column holds is written in words."""

import re
from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from lianxin.domain.resources.models import Offer
from lianxin.domain.resources.rules.hsds_out import CATEGORY, DAYS, OWN
from lianxin.domain.resources.rules.offer_cells import (
    EVERY_WORDS,
    KIND_WORDS,
    categories_words,
    reach_words,
    weekly_words,
)

SOURCE = "HSDS"
_CLOCK = re.compile(r"^(\d{2}):(\d{2})")
_LEVELS = ("1", "2", "3")


def row_of(service: Mapping[str, Any]) -> dict[str, str]:
    """Give the cells of one service by column name; it has been checked against the schema."""
    own = _own(service)
    capacity: Mapping[str, Any] = next(iter(service.get("capacities", [])), {})
    seats = capacity.get("maximum", capacity.get("available"))
    weekly, words = _weekly(_all_schedules(service))
    price: Mapping[str, Any] = next(iter(service.get("cost_options", [])), {})
    description = "\n".join(filter(None, (service.get("description", ""), *words)))
    return {
        "community": own.get("community", ""),
        "title": service["name"],
        "kind": KIND_WORDS[Offer.Kind(own["kind"])][0] if own.get("kind") in Offer.Kind.values else "",
        "organisation": _giver(service.get("organization", {})),
        "categories": categories_words(_categories(service)),
        "seats": "" if seats is None else str(int(seats)),
        "least_people": own.get("least_people", ""),
        "minutes": own.get("minutes", ""),
        "times": own.get("times", ""),
        "every": EVERY_WORDS[Offer.Every(own["every"])][0] if own.get("every") in Offer.Every.values else "",
        "quantity": own.get("quantity", ""),
        "unit": own.get("unit", ""),
        "cost": f"{price['amount']:.2f}" if price.get("amount") else "",
        "reach": _reach(own),
        "weekly": weekly_words(weekly),
        "from_on": own.get("from_on", "") or _day(service, "valid_from"),
        "until_on": own.get("until_on", "") or _day(service, "valid_to"),
        "place": _place(service),
        "needs_venue": {"True": "是", "False": "否"}.get(own.get("needs_venue", ""), ""),
        "conditions": service.get("eligibility_description", "")[:300],
        "description": description[:500],
        "contact_name": next((one["name"] for one in service.get("contacts", []) if one.get("name")), "")[:40],
        "assured_on": service.get("assured_date", "") if service["status"] == "active" else "",
        "source": SOURCE,
        "source_id": service["id"],
    }


def is_over(service: Mapping[str, Any]) -> bool:
    """Tell whether a service is given no more, so that there is nothing to take in."""
    return bool(service["status"] == "defunct")


def _own(service: Mapping[str, Any]) -> dict[str, str]:
    """Give the values of our own attributes by field."""
    start = f"{OWN}:"
    return {
        one["link_type"].removeprefix(start): one.get("value", "")
        for one in service.get("attributes", [])
        if one.get("link_type", "").startswith(start)
    }


def _categories(service: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Give the terms that a service is filed under: by code where there is one, else by name."""
    found = []
    for one in service.get("attributes", []):
        term = one.get("taxonomy_term")
        if term is None:
            continue
        level = one.get("value", "") if one.get("link_type") == CATEGORY else ""
        found.append((term.get("code") or term["name"], int(level) if level in _LEVELS else 2))
    return found


def _giver(organisation: Mapping[str, Any]) -> str:
    name: str = organisation.get("name", "")
    codes = [one["identifier"] for one in organisation.get("organization_identifiers", [])]
    return name or next(iter(codes), "")


def _reach(own: Mapping[str, str]) -> str:
    reach, metres = own.get("reach", ""), own.get("reach_metres", "")
    if reach == Offer.Reach.RADIUS and metres.isdigit():
        return metres
    return reach_words(reach, None) if reach in Offer.Reach.values and reach != Offer.Reach.RADIUS else ""


def _all_schedules(service: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    yield from service.get("schedules", [])
    for place in service.get("service_at_locations", []):
        yield from place.get("schedules", [])


def _weekly(schedules: Iterable[Mapping[str, Any]]) -> tuple[list[tuple[int, time, time]], list[str]]:
    """Give the weekly times, and in words what repeats otherwise."""
    found: list[tuple[int, time, time]] = []
    words = []
    for one in schedules:
        days = [day.strip() for day in one.get("byday", "").split(",") if day.strip()]
        opens, closes = _clock(one.get("opens_at", "")), _clock(one.get("closes_at", ""))
        plain = one.get("freq") == "WEEKLY" and one.get("interval", 1) == 1 and set(days) <= set(DAYS)
        if plain and days and opens and closes and opens < closes:
            found += [(DAYS.index(day), opens, closes) for day in days]
        elif one.get("description") or one.get("freq"):
            parts = [one.get("description"), one.get("freq"), one.get("byday") or one.get("bymonthday")]
            parts += [one.get("opens_at"), one.get("closes_at")]
            words.append(" ".join(str(part) for part in parts if part))
    return sorted(dict.fromkeys(found)), words


def _clock(text: str) -> time | None:
    found = _CLOCK.match(text)
    try:
        return time(int(found.group(1)), int(found.group(2))) if found else None
    except ValueError:
        return None


def _day(service: Mapping[str, Any], name: str) -> str:
    days = sorted(one[name] for one in service.get("schedules", []) if one.get(name))
    return "" if not days else days[0] if name == "valid_from" else days[-1]


def _place(service: Mapping[str, Any]) -> str:
    for one in service.get("service_at_locations", []):
        where = one.get("location", {})
        if where.get("name") or one.get("description"):
            return str(where.get("name") or one["description"])[:120]
    return ""
