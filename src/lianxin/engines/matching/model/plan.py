"""What a run gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

UnservedReason = Literal["no_resource", "too_far", "no_time", "full", "too_few", "no_venue", "held_back"]
UNSERVED_REASONS: tuple[UnservedReason, ...] = (
    "no_resource",
    "too_far",
    "no_time",
    "full",
    "too_few",
    "no_venue",
    "held_back",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One occurrence: who offers what, where and when, and how many people of which needs it serves."""

    offer: str
    category: str
    community: str
    slot: str
    venue: str = ""
    served: tuple[tuple[str, int], ...] = ()
    locked: bool = False

    @property
    def people(self) -> int:
        """Count the people served."""
        return sum(count for _, count in self.served)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All occurrences of one run, in a fixed order, and what they are worth together."""

    proposals: tuple[Proposal, ...]
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a proposal is as it is, in figures that a face puts into words."""

    needs: int
    people: int
    oldest_waiting_days: int
    quotes: tuple[str, ...]
    level: int
    metres: int
    kept: int
    promised: int
    could_come_then: int
    score: Mapping[str, float]
    next_best_offer: str
    loss_without: float
    community_rate: float
    community_rate_without: float
    lowest_rate: float
    lowest_rate_without: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """People of a need who are not served, and the one reason."""

    need: str
    people: int
    reason: UnservedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Recruit:
    """One more occurrence that would serve so many who are left now."""

    category: str
    slot: str
    community: str
    area: str
    serves: int
    from_communities: tuple[str, ...]
    needs: tuple[str, ...]
    gain: float
    needs_venue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """How a plan stands: served people and rates between communities, as shares of 1."""

    asked: int
    served: int
    value: float
    rates: Mapping[str, float]
    lowest: float
    tenth: float
    gini: float
    gini_of_reachable: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A whole run: plan, proof and reasons."""

    kind: str
    digest: str
    plan: Plan
    objective: float
    bound: float
    bound_without_fairness: float
    gap: float
    cpu_seconds: float
    solver: str
    steps: tuple[tuple[str, float], ...]
    before: Metrics
    after: Metrics
    reach: Mapping[str, float]
    price_of_fairness: float
    explanations: tuple[Explanation, ...] = ()
    unserved: tuple[Unserved, ...] = ()
    recruitment: tuple[Recruit, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)
