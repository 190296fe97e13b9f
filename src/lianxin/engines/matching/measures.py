"""Figures of a plan: rates of communities, before and after, and the digest of what went in."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from lianxin.engines.matching.fairness import gini, percentile
from lianxin.engines.matching.model.plan import Metrics, Proposal
from lianxin.engines.matching.model.problem import Problem


def people_served(proposals: Sequence[Proposal]) -> Counter[str]:
    """Count the people of each need that a plan serves."""
    found: Counter[str] = Counter()
    for proposal in proposals:
        for name, count in proposal.served:
            found[name] += count
    return found


def measure(problem: Problem, people: Mapping[str, int], *, value: float, reach: dict[str, float]) -> Metrics:
    """Reckon rates by community when so many people of each need are served; who asks for nothing has no rate."""
    home = {need.id: need.community for need in problem.needs}
    asked: Counter[str] = Counter()
    for need in problem.needs:
        asked[need.community] += need.people
    served: Counter[str] = Counter()
    for name, count in people.items():
        served[home[name]] += count
    rates = {name: served[name] / asked[name] for name in sorted(asked)}
    within = [rates[name] / reach[name] for name in rates if reach.get(name, 0) > 0]
    return Metrics(
        asked=sum(asked.values()),
        served=sum(served.values()),
        value=value,
        rates=rates,
        lowest=min(rates.values(), default=0.0),
        tenth=percentile(list(rates.values()), share=0.1),
        gini=gini(list(rates.values())),
        gini_of_reachable=gini(within),
    )


def digest(problem: Problem) -> str:
    """Give the SHA-256 of a problem, whatever the order of its lists."""
    found = hashlib.sha256()
    for field in sorted(fields(problem), key=lambda field: field.name):
        value = getattr(problem, field.name)
        texts = sorted(_text(item) for item in value) if isinstance(value, tuple) else [_text(value)]
        found.update(f"{field.name}:{len(texts)}\n".encode())
        found.update("\n".join([*texts, ""]).encode())
    return found.hexdigest()


def _text(value: Any) -> str:
    """Give one entry as a line of JSON; its fields are plain values and tuples of them."""
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    return _encode(value)


_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
