"""Reads the file format (docs/matching-format.md) into a problem, or says in sentences what is wrong."""

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any, NoReturn, TypeVar

from lianxin.engines.matching.fields import BadFile, Faults, Fields
from lianxin.engines.matching.integrity import check_references
from lianxin.engines.matching.model.problem import (
    Category,
    Community,
    Earlier,
    Forbidden,
    Kind,
    Lock,
    Need,
    Offer,
    Parameters,
    Problem,
    Slot,
    Venue,
)

FORMAT = "lianxin-matching"
VERSION = 1
LISTS = ("categories", "communities", "slots", "needs", "offers", "venues", "locks", "forbidden", "previous")
OTHERS = ("format", "version", "kind", "neighbours", "parameters", "note")
POSITIVE = (
    "fairness_tiers",
    "month_fairness_tiers",
    "volunteer_per_week",
    "offers_per_cell",
    "candidate_rounds",
    "waiting_full_days",
)
REQUIRED = ("categories", "communities", "slots", "needs", "offers")

Made = TypeVar("Made")


def read_problem(text: str | bytes, *, kind: str = "") -> Problem:
    """Read a whole file; `kind` goes before what the file says."""
    return problem_from(parse(text), kind=kind)


def parse(text: str | bytes) -> dict[str, Any]:
    """Read JSON that is an object and holds neither NaN nor a name twice."""
    try:
        content = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise BadFile(["This is not a JSON file: its bytes are not UTF-8."]) from error
    except json.JSONDecodeError as error:
        raise BadFile([f"This is not a JSON file: line {error.lineno}, column {error.colno}: {error.msg}."]) from error
    except RecursionError as error:
        raise BadFile(["This is not a matching file: it is nested too deeply."]) from error
    if not isinstance(content, dict):
        raise BadFile(["This is not a matching file: its outermost value must be an object."])
    return content


def problem_from(content: dict[str, Any], *, kind: str = "") -> Problem:
    """Build a problem of a parsed file; every fault becomes a sentence, all of them together."""
    faults = Faults()
    if content.get("format") != FORMAT:
        raise BadFile([f'This is not a matching file: it must say "format": "{FORMAT}".'])
    if content.get("version") != VERSION:
        raise BadFile(
            [f"This program reads version {VERSION} of the format; the file says {content.get('version')!r}."]
        )
    chosen = kind or content.get("kind", "")
    if chosen not in ("weekly", "monthly"):
        faults.add(f"kind must be weekly or monthly, not {chosen!r}.")
        chosen = "weekly"
    for name in sorted(set(content) - set(LISTS) - set(OTHERS)):
        faults.add(f"{name!r} is not a part of this format.")
    for name in REQUIRED:
        if name not in content:
            faults.add(f"The list {name} is missing.")
    problem = Problem(
        kind=_kind(chosen),
        categories=_items(content, "categories", _category, faults),
        communities=_items(content, "communities", _community, faults),
        slots=_items(content, "slots", _slot, faults),
        needs=_items(content, "needs", _need, faults),
        offers=_items(content, "offers", _offer, faults),
        venues=_items(content, "venues", _venue, faults),
        locks=_items(content, "locks", _lock, faults),
        forbidden=_items(content, "forbidden", _forbidden, faults),
        previous=_items(content, "previous", _earlier, faults),
        neighbours=_neighbours(content.get("neighbours", []), faults),
        parameters=_parameters(content.get("parameters", {}), faults),
    )
    check_references(problem, faults=faults)
    faults.stop()
    return problem


def _kind(chosen: str) -> Kind:
    return "monthly" if chosen == "monthly" else "weekly"


def _refuse_constant(name: str) -> NoReturn:
    raise BadFile([f"The file holds {name}, which is no number."])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadFile([f"The name {twice!r} stands twice in one object."])
    return made


def _items(content: dict[str, Any], name: str, make: Callable[[Fields], Made], faults: Faults) -> tuple[Made, ...]:
    listed = content.get(name, [])
    if not isinstance(listed, list):
        faults.add(f"{name} must be a list.")
        return ()
    made = []
    for number, item in enumerate(listed):
        if not isinstance(item, dict):
            faults.add(f"{name}[{number}] must be an object.")
            continue
        shown = item.get("id")
        where = f"{name}[{number}] ({shown})" if isinstance(shown, str) and shown else f"{name}[{number}]"
        taken = Fields(item, where=where, faults=faults)
        made.append(make(taken))
        taken.end()
    return tuple(made)


def _category(taken: Fields) -> Category:
    return Category(
        id=taken.text("id"),
        session_size=taken.whole("session_size", default=20, least=1),
        minimum=taken.whole("minimum", default=1),
    )


def _community(taken: Fields) -> Community:
    return Community(id=taken.text("id"), area=taken.text("area", default=""), **_position(taken))


def _position(taken: Fields) -> dict[str, float]:
    return {
        "lng": taken.number("lng", least=-180.0, most=180.0),
        "lat": taken.number("lat", least=-90.0, most=90.0),
    }


def _slot(taken: Fields) -> Slot:
    name = taken.text("id")
    return Slot(id=name, week=taken.whole("week", default=1), part=taken.text("part", default=name))


def _need(taken: Fields) -> Need:
    return Need(
        id=taken.text("id"),
        community=taken.text("community"),
        category=taken.text("category"),
        people=taken.whole("people", default=1, least=1),
        priority=taken.number("priority", default=1.0, least=1.0, most=1000.0),
        waiting_days=taken.whole("waiting_days", default=0),
        times=taken.texts("times"),
        max_metres=taken.maybe_number("max_metres"),
    )


def _offer(taken: Fields) -> Offer:
    return Offer(
        id=taken.text("id"),
        provider=taken.text("provider", default=""),
        categories=taken.counts("categories", least=1, most=3),
        capacity=taken.whole("capacity"),
        occurrences=taken.whole("occurrences", default=1),
        times=taken.texts("times"),
        radius_metres=taken.maybe_number("radius_metres"),
        communities=taken.texts("communities"),
        volunteer=taken.text("volunteer", default=""),
        needs_venue=taken.truth("needs_venue", default=True),
        minimum=taken.maybe_whole("minimum"),
        setup_cost=taken.number("setup_cost", default=0.0),
        kept=taken.whole("kept", default=0),
        promised=taken.whole("promised", default=0),
        **_position(taken),
    )


def _venue(taken: Fields) -> Venue:
    return Venue(
        id=taken.text("id"),
        community=taken.text("community"),
        seats=taken.whole("seats", least=1),
        free=taken.counts("free"),
    )


def _lock(taken: Fields) -> Lock:
    names = ("category", "community", "slot", "venue", "need")
    found = {name: taken.text(name, default="") for name in names}
    return Lock(offer=taken.text("offer"), people=taken.whole("people", default=1, least=1), **found)


def _forbidden(taken: Fields) -> Forbidden:
    names = ("offer", "category", "community", "slot", "need")
    return Forbidden(**{name: taken.text(name, default="") for name in names})


def _earlier(taken: Fields) -> Earlier:
    return Earlier(**{name: taken.text(name) for name in ("offer", "category", "community", "slot")})


def _neighbours(listed: Any, faults: Faults) -> tuple[tuple[str, str], ...]:
    if not isinstance(listed, list):
        faults.add("neighbours must be a list of pairs.")
        return ()
    pairs = set()
    for number, pair in enumerate(listed):
        if (
            isinstance(pair, list)
            and len(pair) == 2
            and all(isinstance(end, str) for end in pair)
            and pair[0] != pair[1]
        ):
            pairs.add((min(pair), max(pair)))
        else:
            faults.add(f"neighbours[{number}] must be a pair of two different communities.")
    return tuple(sorted(pairs))


def _parameters(given: Any, faults: Faults) -> Parameters:
    if not isinstance(given, dict):
        faults.add("parameters must be an object.")
        return Parameters()
    taken = Fields(given, where="parameters", faults=faults)
    default = Parameters()
    values: dict[str, Any] = {}
    for name in (field.name for field in fields(Parameters)):
        standard = getattr(default, name)
        if isinstance(standard, tuple):
            values[name] = _level_fit(given.get(name), standard, faults)
            taken.asked.add(name)
        elif isinstance(standard, int):
            least = 1 if name in POSITIVE else 0
            values[name] = taken.whole(name, default=standard, least=least)
        else:
            shares = name in ("distance_weight", "record_weight")
            values[name] = taken.number(
                name, default=standard, least=1.0 if name == "far_metres" else 0.0, most=0.9 if shares else 1e6
            )
    taken.end()
    return Parameters(**values)


def _level_fit(given: Any, standard: tuple[float, ...], faults: Faults) -> tuple[float, ...]:
    if given is None:
        return standard
    if (
        isinstance(given, list)
        and len(given) == 3
        and all(isinstance(v, int | float) and not isinstance(v, bool) and 0 < v <= 1 for v in given)
    ):
        return tuple(float(v) for v in given)
    faults.add("parameters: level_fit must be three numbers above 0, at most 1.")
    return standard
