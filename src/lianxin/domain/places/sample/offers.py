"""What the sample's venues offer, one pattern for each of the 33 categories."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from random import Random
from typing import Any

from ..commands.services import Time

SHIPPED = Path(__file__).resolve().parents[1] / "data" / "sample_services.json"


@dataclass(frozen=True)
class Pattern:
    """A standing service as most centres offer it."""

    category: str
    name: str
    description: str
    provider: str
    how_to_get: str
    documents: str
    cost: str
    days: tuple[int, ...]
    span: tuple[time, time]
    week: int | None


def read_patterns() -> tuple[Pattern, ...]:
    """Read the patterns that the program ships."""
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))["services"]
    return tuple(
        Pattern(
            category=row["category"],
            name=row["name"],
            description=row["description"],
            provider=row["provider"],
            how_to_get=row["how_to_get"],
            documents=row["documents"],
            cost=row["cost"],
            days=tuple(row["days"]),
            span=(time.fromisoformat(row["from"]), time.fromisoformat(row["until"])),
            week=row["week"],
        )
        for row in rows
    )


PATTERNS = read_patterns()
BY_CATEGORY = {pattern.category: pattern for pattern in PATTERNS}
# What nearly every centre does, so that the first sheet on the wall looks alike everywhere.
USUAL = ("C01", "C02", "B03", "A03", "F01", "E05", "C05")
OF_STATIONS = ("F01", "A03", "B03", "D04", "E02", "C03", "D01", "F03")


def times_of(pattern: Pattern) -> list[Time]:
    """Give the weekly times of a pattern."""
    return [(weekday, *pattern.span, pattern.week) for weekday in pattern.days]


def as_entry(pattern: Pattern) -> dict[str, Any]:
    """Give what the command takes."""
    return {
        "category": pattern.category,
        "name": pattern.name,
        "description": pattern.description,
        "provider_name": pattern.provider,
        "how_to_get": pattern.how_to_get,
        "documents_needed": pattern.documents,
        "cost": pattern.cost,
        "times": times_of(pattern),
    }


def choose(dice: Random, count: int, *, village: bool, usual: tuple[str, ...], must: str) -> list[Pattern]:
    """Choose what a venue offers: some usual ones, one that must be somewhere, and others by chance."""
    others = [code for code in BY_CATEGORY if code not in usual and code != must]
    if not village:
        others = [code for code in others if code not in ("E04", "F04")]
    dice.shuffle(others)
    codes = [must, *(code for code in usual if code != must), *others][:count]
    return [BY_CATEGORY[code] for code in sorted(codes)]
