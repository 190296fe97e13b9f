"""What a run is given: needs, offers, places and times, and what staff decided before."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["weekly", "monthly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A kind of service: how many people one occurrence takes and how few are too few."""

    id: str
    session_size: int = 20
    minimum: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A community with its position; `area` is what it belongs to (its subdistrict)."""

    id: str
    lng: float
    lat: float
    area: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time in the period; slots of one `part` are alike to whoever asks (every Saturday morning)."""

    id: str
    week: int = 1
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """A room or hall; `free` says how many occurrences it can take in each slot."""

    id: str
    community: str
    seats: int
    free: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One entry of the needs list; `times` are slot parts, none of them means any time."""

    id: str
    community: str
    category: str
    people: int = 1
    priority: float = 1.0
    waiting_days: int = 0
    times: tuple[str, ...] = ()
    max_metres: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One entry of the resources list; `times` are slot parts or slot ids, none of them means all slots."""

    id: str
    provider: str
    categories: tuple[tuple[str, int], ...]
    lng: float
    lat: float
    capacity: int
    occurrences: int = 1
    times: tuple[str, ...] = ()
    radius_metres: float | None = None
    communities: tuple[str, ...] = ()
    volunteer: str = ""
    needs_venue: bool = True
    minimum: int | None = None
    setup_cost: float = 0.0
    kept: int = 0
    promised: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What staff fixed: in a month an occurrence (offer, category, community, slot), in a week a pair (offer, need)."""

    offer: str
    category: str = ""
    community: str = ""
    slot: str = ""
    venue: str = ""
    need: str = ""
    people: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """What staff ruled out: everything that agrees with all the fields that are given; a need alone is held back."""

    offer: str = ""
    category: str = ""
    community: str = ""
    slot: str = ""
    need: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An occurrence of the plan before this one, which people may count on already."""

    offer: str
    category: str
    community: str
    slot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What weighs how much; one point is what serving one person of priority 1 next door is worth."""

    fairness_bonus: float = 6.0
    fairness_tiers: int = 40
    distance_weight: float = 0.5
    far_metres: float = 10_000.0
    level_fit: tuple[float, float, float] = (0.8, 0.9, 1.0)
    record_weight: float = 0.2
    waiting_weight: float = 0.2
    waiting_full_days: int = 90
    setup_cost: float = 1.0
    travel_cost_per_km: float = 0.1
    churn_cost: float = 0.5
    walking_metres: float = 1_500.0
    volunteer_per_week: int = 2
    month_fairness_bonus: float = 2.0
    month_fairness_tiers: int = 5
    offers_per_cell: int = 4
    candidate_rounds: int = 4
    neighbours_per_venue: int = 2
    recruitment_lines: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One district and one period."""

    categories: tuple[Category, ...]
    communities: tuple[Community, ...]
    slots: tuple[Slot, ...]
    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    venues: tuple[Venue, ...] = ()
    neighbours: tuple[tuple[str, str], ...] = ()
    locks: tuple[Lock, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    previous: tuple[Earlier, ...] = ()
    parameters: Parameters = field(default_factory=Parameters)
    kind: Kind = "weekly"
