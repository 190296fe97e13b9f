"""Figures of a plan: rates of communities, before and after, and the digest of what went in."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict

from lianxin.engines.matching.fairness import gini, percentile
from lianxin.engines.matching.model.plan import Metrics, Proposal
from lianxin.engines.matching.model.problem import Problem


def measure(problem: Problem, proposals: tuple[Proposal, ...], *, value: float, reach: dict[str, float]) -> Metrics:
    """Reckon rates by community; communities that ask for nothing have none."""
    home = {need.id: need.community for need in problem.needs}
    asked: Counter[str] = Counter()
    for need in problem.needs:
        asked[need.community] += need.people
    served: Counter[str] = Counter()
    for proposal in proposals:
        for name, count in proposal.served:
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
    content = asdict(problem)
    for name, listed in content.items():
        if isinstance(listed, tuple):
            content[name] = sorted(listed, key=lambda item: json.dumps(item, sort_keys=True))
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
