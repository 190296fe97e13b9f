"""Cases that may be the same one: by the words that both have and by where they are; shown, never joined by itself."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Generic, TypeVar
from uuid import UUID

from lianxin.engines.words import spelling
from lianxin.engines.words.similar import Nearby

Id = TypeVar("Id", bound=Hashable)
# Two lamps on one square are two cases; within this distance they may be one.
NEAR_METRES = 120.0
EARTH_METRES = 6_371_000.0
LEAST_WORDS = 0.12
SAME_PLACE = 0.35


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is: a venue, a position (WGS 84), or words of a place."""

    venue: UUID | None = None
    lng: float | None = None
    lat: float | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Told(Generic[Id]):
    """Something that was brought forward, with where it is."""

    id: Id
    words: str
    spot: Spot = Spot()


@dataclass(frozen=True, slots=True)
class Near(Generic[Id]):
    """Another one, how alike it is (0 to 1), the words that both have, and whether it is at the same place."""

    id: Id
    score: float
    shared: tuple[str, ...]
    is_same_place: bool


def digest(words: str) -> str:
    """Give what exact repeats have in common: width, script, marks and blanks make no difference."""
    return spelling.digest(words)


def nearest(words: str, spot: Spot, others: Iterable[Told[Id]], *, most: int = 5) -> list[Near[Id]]:
    """Find what looks most like this, nearest first: alike in words, or at the same place with a word in common."""
    rows = list(others)
    if not rows:
        return []
    found: dict[int, tuple[float, tuple[str, ...]]] = {}
    if words.strip():
        crowd = Nearby(row.words for row in rows)
        found = {one.number: (one.score, one.shared) for one in crowd.to_text(words, most=len(rows))}
    near = []
    for number, row in enumerate(rows):
        score, shared = found.get(number, (0.0, ()))
        same = is_same_place(spot, row.spot)
        if (score >= LEAST_WORDS and shared) or (same and (shared or not words.strip())):
            near.append(Near(row.id, round(min(1.0, score + (SAME_PLACE if same else 0)), 4), shared, same))
    near.sort(key=lambda one: -one.score)
    return near[:most]


def is_same_place(one: Spot, other: Spot) -> bool:
    """Tell whether two spots are the same venue, near each other, or said in the same words."""
    if one.venue is not None and one.venue == other.venue:
        return True
    if one.lng is not None and one.lat is not None and other.lng is not None and other.lat is not None:
        return metres(one.lng, one.lat, other.lng, other.lat) <= NEAR_METRES
    return bool(one.words.strip()) and digest(one.words) == digest(other.words)


def metres(lng: float, lat: float, other_lng: float, other_lat: float) -> float:
    """Give the distance of two positions on the ground."""
    rise, run = radians(other_lat - lat), radians(other_lng - lng)
    half = sin(rise / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(run / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, half)))
