"""Draws districts as big as Longhu for the matcher: same seed, same district; supply is thin at the edge.

A weekly district asks for single people (visits, repairs, haircuts at home), a monthly one for occurrences that people
come to. Positions spread around the hand-placed centres of the ten subdistricts; names and people are nobody's.
"""

import csv
import json
import math
import random
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "data"
PARTS = ("weekday_day", "weekday_evening", "saturday", "sunday")
WEEKS = 4
CENTRE = (116.735, 23.375)
METRES_PER_DEGREE = 111_195.0
RADII = ((None, 0.40), (2500.0, 0.45), (8000.0, 0.15))
ASKED_IN_A_MONTH = 12
# Who works comes in the evening or at the weekend, elders by day, the rest at any time.
PATTERNS = ((), ("weekday_day",), ("saturday", "weekday_day"), ("saturday", "sunday", "weekday_evening"), ("sunday",))
PATTERN_WEIGHTS = (3, 2, 2, 3, 1)


def weekly_district(seed: int, *, communities: int = 125, needs: int = 10_000, offers: int = 3_000) -> dict[str, Any]:
    """Draw a week: every need one person, every offer some appointments."""
    draw = random.Random(f"weekly {seed}")
    places = _communities(draw, communities)
    categories = _categories(draw)
    return _file("weekly", categories, places, _slots(weeks=1)) | {
        "needs": _needs(draw, places, categories, needs, people=(1,), asked=len(categories)),
        "offers": [
            _offer(draw, n, places, categories)
            | {
                "capacity": draw.choice((2, 3, 4, 5, 6, 7)),
                "occurrences": draw.choice((1, 1, 1, 1, 2)),
                "needs_venue": False,
            }
            for n in range(offers)
        ],
    }


def monthly_district(
    seed: int, *, communities: int = 125, needs: int = 10_000, offers: int = 3_000, weeks: int = WEEKS
) -> dict[str, Any]:
    """Draw a month: entries of the needs list with several people, rooms with free slots, occurrences of 8 to 40."""
    draw = random.Random(f"monthly {seed}")
    places = _communities(draw, communities)
    categories = _categories(draw)
    slots = _slots(weeks=weeks)
    size = {category["id"]: category["session_size"] for category in categories}
    listed = []
    for n in range(offers):
        offer = _offer(draw, n, places, categories)
        capacity = max(6, round(draw.uniform(0.7, 1.3) * size[next(iter(offer["categories"]))]))
        listed.append(
            offer
            | {
                "capacity": capacity,
                "minimum": max(2, math.ceil(capacity * 0.3)),
                "occurrences": draw.choices((1, 2, 4), (5, 3, 1))[0],
                "needs_venue": draw.random() < 0.95,
                "volunteer": f"v{draw.randrange(offers)}" if draw.random() < 0.3 else "",
            }
        )
    venues = []
    for place in places:
        for n in range(1 if draw.random() < 0.7 else 2):
            venues.append(
                {
                    "id": f"room-{place['id']}-{n}",
                    "community": place["id"],
                    "seats": draw.choice((20, 30, 40, 60)),
                    "free": {slot["id"]: 1 for slot in slots if draw.random() < 0.25},
                }
            )
    return _file("monthly", categories, places, slots) | {
        "venues": venues,
        "needs": _needs(draw, places, categories, needs, people=(1, 2, 3, 4, 6, 8, 12), asked=ASKED_IN_A_MONTH),
        "offers": listed,
    }


def _file(kind: str, categories: list, places: list, slots: list) -> dict[str, Any]:
    return {
        "format": "lianxin-matching",
        "version": 1,
        "kind": kind,
        "categories": categories,
        "communities": places,
        "slots": slots,
    }


def _slots(*, weeks: int) -> list[dict[str, Any]]:
    return [{"id": f"w{week}-{part}", "week": week, "part": part} for week in range(1, weeks + 1) for part in PARTS]


def _categories(draw: random.Random) -> list[dict[str, Any]]:
    with (DATA / "categories.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    return [{"id": code, "session_size": draw.choice((8, 12, 20, 30)), "minimum": 3} for code in codes]


def _communities(draw: random.Random, count: int) -> list[dict[str, Any]]:
    points = json.loads((DATA / "longhu_subdistrict_points.json").read_text(encoding="utf-8"))["points"]
    centres = {point["code"]: point for point in points}
    with (DATA / "longhu_divisions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] not in ("province", "city", "district")]
    rows = [row for row in rows if row["parent_code"] in centres][:count]
    found = []
    for row in rows:
        centre = centres[row["parent_code"]]
        far, angle = abs(draw.gauss(0, 900)), draw.uniform(0, 2 * math.pi)
        found.append(
            {
                "id": row["code"],
                "area": row["parent_code"],
                "lng": round(
                    centre["lng"] + far * math.cos(angle) / METRES_PER_DEGREE / math.cos(math.radians(23.4)), 6
                ),
                "lat": round(centre["lat"] + far * math.sin(angle) / METRES_PER_DEGREE, 6),
            }
        )
    return found


def _needs(
    draw: random.Random, places: list, categories: list, count: int, *, people: tuple[int, ...], asked: int
) -> list[dict[str, Any]]:
    size = [draw.lognormvariate(0, 0.45) for _ in places]
    wanted = [1 / (rank + 4) for rank in range(len(categories))]
    order = draw.sample(categories, len(categories))
    # A community asks for `asked` things, more often for what is asked everywhere.
    asks = {}
    for place in places:
        liked = sorted(range(len(order)), key=lambda n: -(draw.random() ** (1 / wanted[n])))[:asked]
        asks[place["id"]] = [order[n] for n in liked], [wanted[n] * draw.lognormvariate(0, 0.5) for n in liked]
    found = []
    for n in range(count):
        place = draw.choices(places, size)[0]["id"]
        times = draw.choices(PATTERNS, PATTERN_WEIGHTS)[0]
        found.append(
            {
                "id": f"n{n:05d}",
                "community": place,
                "category": draw.choices(*asks[place])[0]["id"],
                "people": draw.choice(people),
                "priority": draw.choices((1, 2, 3, 5), (4, 3, 2, 1))[0],
                "waiting_days": int(draw.expovariate(1 / 35)),
                **({"times": list(times)} if times else {}),
            }
        )
    return found


def _offer(draw: random.Random, number: int, places: list, categories: list) -> dict[str, Any]:
    weights = [math.exp(-_metres(place) / 2_000) + 0.025 for place in places]
    home = draw.choices(places, weights)[0]
    kinds = draw.sample(categories, draw.choice((1, 1, 2, 3)))
    promised = draw.randrange(12)
    offer: dict[str, Any] = {
        "id": f"o{number:04d}",
        "provider": f"p{draw.randrange(900)}",
        "categories": {kind["id"]: draw.choice((1, 2, 2, 3)) for kind in kinds},
        "lng": home["lng"],
        "lat": home["lat"],
        "times": sorted(draw.sample(PARTS, draw.choice((1, 1, 2, 2, 3)))),
        "promised": promised,
        "kept": promised - draw.randrange(min(3, promised + 1)),
    }
    radius = draw.choices([r for r, _ in RADII], [w for _, w in RADII])[0]
    if radius is None:
        offer["communities"] = [home["id"]]
    else:
        offer["radius_metres"] = radius
    return offer


def _metres(place: dict[str, Any]) -> float:
    east = (place["lng"] - CENTRE[0]) * METRES_PER_DEGREE * math.cos(math.radians(23.4))
    return math.hypot(east, (place["lat"] - CENTRE[1]) * METRES_PER_DEGREE)
