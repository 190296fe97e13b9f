"""Writes a result as the file format says (docs/matching-format.md): the same bytes but for the seconds it took."""

import json
from dataclasses import asdict
from typing import Any

from lianxin.engines.matching.model.plan import UNSERVED_REASONS, Metrics, Result
from lianxin.engines.matching.reading import FORMAT, VERSION

DIGITS = 6


def result_content(result: Result) -> dict[str, Any]:
    """Give a result as plain values."""
    left = dict.fromkeys(UNSERVED_REASONS, 0)
    for item in result.unserved:
        left[item.reason] += item.people
    return {
        "format": f"{FORMAT}-result",
        "version": VERSION,
        "kind": result.kind,
        "inputs_sha256": result.digest,
        "value": round(result.plan.value, DIGITS),
        "objective": round(result.objective, DIGITS),
        "bound": _known(result.bound),
        "bound_without_fairness": _known(result.bound_without_fairness),
        "gap": None if result.bound < 0 else round(result.gap, DIGITS),
        "solver": result.solver,
        "cpu_seconds": round(result.cpu_seconds, 3),
        "steps": [{"name": name, "cpu_seconds": round(seconds, 3)} for name, seconds in result.steps],
        "metrics": {
            "before": _metrics(result.before),
            "after": _metrics(result.after),
            "reach": {name: round(share, DIGITS) for name, share in sorted(result.reach.items())},
            "price_of_fairness": None if result.bound_without_fairness < 0 else round(result.price_of_fairness, DIGITS),
            "unserved_people": left,
        },
        "proposals": [
            {
                "offer": proposal.offer,
                "category": proposal.category,
                "community": proposal.community,
                "slot": proposal.slot,
                **({"venue": proposal.venue} if proposal.venue else {}),
                "locked": proposal.locked,
                "served": dict(proposal.served),
                "why": _plain(asdict(why)),
            }
            for proposal, why in zip(result.plan.proposals, result.explanations, strict=True)
        ],
        "unserved": [asdict(item) for item in result.unserved],
        "recruitment": [_plain(asdict(line)) for line in result.recruitment],
        **({"notes": dict(result.notes)} if result.notes else {}),
    }


def write_result(result: Result) -> str:
    """Give a result as text."""
    return json.dumps(result_content(result), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _known(bound: float) -> float | None:
    return None if bound < 0 else round(bound, DIGITS)


def _metrics(metrics: Metrics) -> dict[str, Any]:
    return _plain(asdict(metrics))


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
