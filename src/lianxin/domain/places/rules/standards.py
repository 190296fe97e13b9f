"""How a venue is held against the standard: observed values in; met, not met or not known out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

AT_LEAST = ">="
AT_MOST = "<="
REMOTE, SMALL, WEAK = "remote", "small", "weak"
GROUPS = (REMOTE, SMALL, WEAK)
CENTRE, STATION = "centre", "station"
URBAN, VILLAGE = "urban", "village"


@dataclass(frozen=True)
class MeasureInfo:
    """What a measure of a venue is called and in which unit people read it (`divide`: hours from minutes)."""

    label: Any
    unit: Any
    divide: int = 1
    places: int = 0


MEASURES: dict[str, MeasureInfo] = {
    "households_beyond_reach_share": MeasureInfo(_("households beyond reach"), "%"),
    "farthest_settlement_metres": MeasureInfo(_("distance to the farthest settlement"), _("metres")),
    "area_per_100_households": MeasureInfo(_("floor area per 100 households"), "m²", places=1),
    "resident_area_share": MeasureInfo(_("share of the area for residents"), "%"),
    "floor_area": MeasureInfo(_("floor area"), "m²"),
    "rooms_standard": MeasureInfo(_("rooms of the required kinds"), _("rooms")),
    "rooms": MeasureInfo(_("rooms"), _("rooms")),
    "services_offered": MeasureInfo(_("service categories offered"), _("categories")),
    "weekly_open_minutes": MeasureInfo(_("declared opening time a week"), _("hours"), divide=60, places=1),
    "observed_weekly_minutes": MeasureInfo(_("observed opening time a week"), _("hours"), divide=60, places=1),
    "evening_minutes": MeasureInfo(_("opening time after 18:00 a week"), _("hours"), divide=60, places=1),
    "weekend_minutes": MeasureInfo(_("opening time at weekends"), _("hours"), divide=60, places=1),
    "observed_open_share": MeasureInfo(_("promised days on which it was open"), "%"),
    "visits_per_100_m2": MeasureInfo(_("visits a week per 100 m²"), _("visits"), places=1),
    "self_service_items": MeasureInfo(_("self-service devices"), _("devices")),
    "step_free_access": MeasureInfo(_("step-free access"), ""),
    "toilet": MeasureInfo(_("toilet"), ""),
}
YES_OR_NO = frozenset({"step_free_access", "toilet"})
# Which amenity of a venue answers which measure.
AMENITY_OF = {"self_service_items": "self_service", "step_free_access": "step_free", "toilet": "toilet"}


@dataclass(frozen=True)
class Observed:
    """What is known of one venue on a day; None means that nobody knows yet.

    `observed_days` and `counted_days` are the days over which openings and visits were watched.
    """

    area_m2: Decimal | int | None = None
    resident_area_m2: Decimal | int | None = None
    community_area_m2: Decimal | int | None = None
    households: int | None = None
    households_beyond_reach: int | None = None
    farthest_settlement_metres: int | None = None
    room_kinds: tuple[str, ...] | None = None
    services: int | None = None
    weekly_minutes: int | None = None
    evening_minutes: int | None = None
    weekend_minutes: int | None = None
    promised_days: int | None = None
    opened_days: int | None = None
    observed_minutes: int | None = None
    observed_days: int = 0
    visits: int | None = None
    counted_days: int = 0
    amenities: Mapping[str, int] | None = None


class Verdict(StrEnum):
    """The outcome for one item."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Item:
    """One line of a standard as the rule needs it."""

    code: str
    group: str
    label: str
    measure: str
    comparison: str
    threshold: Decimal
    weight: int = 1
    kind: str = "must"
    applies_to: str = CENTRE
    source: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """One item with the number found and, when it is not met, a sentence that says what is missing."""

    item: Item
    verdict: Verdict
    number: Decimal | None
    gap: Decimal | None = None
    sentence: str = ""

    @property
    def group(self) -> str:
        """Give the group that a miss belongs to: remote, small or weak."""
        return self.item.group


@dataclass(frozen=True)
class Score:
    """A venue's result: `total` is None when nothing that counts is known."""

    total: int | None
    outcomes: tuple[Outcome, ...] = ()
    known_weight: int = 0
    all_weight: int = 0

    @property
    def shortfalls(self) -> tuple[Outcome, ...]:
        """Give the items that are not met, heaviest first."""
        missed = [o for o in self.outcomes if o.verdict is Verdict.NOT_MET]
        return tuple(sorted(missed, key=lambda o: (-o.item.weight, o.item.code)))

    @property
    def unknown(self) -> tuple[Outcome, ...]:
        """Give the items for which nobody knows the number."""
        return tuple(o for o in self.outcomes if o.verdict is Verdict.UNKNOWN)

    @property
    def named(self) -> tuple[str, ...]:
        """Give which of remote, small and weak apply, in this order."""
        found = {o.group for o in self.shortfalls}
        return tuple(group for group in GROUPS if group in found)

    @property
    def musts_missed(self) -> int:
        """Count the unmet items that the standard says must be met."""
        return sum(1 for o in self.shortfalls if o.item.kind == "must")


def applies(item: Item, *, venue_kind: str, community_kind: str) -> bool:
    """Tell whether an item is for this kind of venue in a community of this kind (URBAN or VILLAGE)."""
    if item.applies_to in (URBAN, VILLAGE):
        return venue_kind == CENTRE and community_kind == item.applies_to
    return item.applies_to in ("all", venue_kind)


def _per(part: Decimal | int | None, whole: Decimal | int | None, scale: int) -> Decimal | None:
    return None if part is None or not whole else Decimal(part) * scale / whole


def _required_rooms(kinds: Iterable[str], parameters: Mapping[str, Any]) -> int:
    """Count the rooms that fill a required place; without a list of places every room counts."""
    kinds = list(kinds)
    required = parameters.get("required")
    if not required:
        return len(kinds)
    filled = 0
    for place, wanted in required.items():
        of_kind = set(parameters.get(f"{place}_kinds", [place]))
        filled += min(int(wanted), sum(1 for kind in kinds if kind in of_kind))
    return filled


def number_for(measure: str, seen: Observed, parameters: Mapping[str, Any] | None = None) -> Decimal | None:
    """Give the number of one measure, or None where it cannot be said; raises KeyError for an unknown measure."""
    if measure in AMENITY_OF:
        return None if seen.amenities is None else Decimal(seen.amenities.get(AMENITY_OF[measure], 0))
    match measure:
        case "households_beyond_reach_share":
            return _per(seen.households_beyond_reach, seen.households, 100)
        case "area_per_100_households":
            return _per(seen.community_area_m2, seen.households, 100)
        case "resident_area_share":
            return _per(seen.resident_area_m2, seen.area_m2, 100)
        case "observed_open_share":
            return _per(seen.opened_days, seen.promised_days, 100)
        case "observed_weekly_minutes":
            return _per(seen.observed_minutes, seen.observed_days, 7)
        case "visits_per_100_m2":
            return _per(seen.visits, (seen.area_m2 or 0) * seen.counted_days, 700)
        case "rooms_standard" | "rooms":
            if seen.room_kinds is None:
                return None
            wanted = parameters or {} if measure == "rooms_standard" else {}
            return Decimal(_required_rooms(seen.room_kinds, wanted))
    plain = {
        "farthest_settlement_metres": seen.farthest_settlement_metres,
        "floor_area": seen.area_m2,
        "services_offered": seen.services,
        "weekly_open_minutes": seen.weekly_minutes,
        "evening_minutes": seen.evening_minutes,
        "weekend_minutes": seen.weekend_minutes,
    }[measure]
    return None if plain is None else Decimal(plain)


def shown(measure: str, number: Decimal, rounding: str = ROUND_HALF_UP) -> str:
    """Write a number of this measure for people, without its unit (minutes become hours)."""
    info = MEASURES[measure]
    value = (number / info.divide).quantize(Decimal(1).scaleb(-info.places), rounding)
    whole = value.to_integral_value()
    return f"{whole if value == whole else value:,}"


def _sentence(item: Item, number: Decimal, gap: Decimal, seen: Observed) -> str:
    info = MEASURES[item.measure]
    least = Decimal(1).scaleb(-info.places) * info.divide
    words = {
        "label": item.label,
        # Rounded away from the threshold: 89.7 % of 90 % must not read as 90 of 90.
        "number": shown(item.measure, number, ROUND_FLOOR if item.comparison == AT_LEAST else ROUND_CEILING),
        "threshold": shown(item.measure, item.threshold),
        "gap": shown(item.measure, max(gap, least), ROUND_CEILING),
        "unit": str(info.unit),
        "households": f"{seen.households or 0:,}",
    }

    def square_metres(whole: Decimal | int | None) -> str:
        return f"{(gap * (whole or 0) / 100).quantize(Decimal(1), ROUND_CEILING):,}"

    if item.measure in YES_OR_NO:
        return gettext("has no: %(label)s") % words
    if item.measure == "area_per_100_households":
        words["more"] = square_metres(seen.households)
        return gettext("needs %(more)s m² more for %(households)s households") % words
    if item.measure == "resident_area_share":
        words["more"] = square_metres(seen.area_m2)
        return (
            gettext("only %(number)s%% of the area is for residents; %(more)s m² more should be given to them") % words
        )
    if item.measure == "households_beyond_reach_share":
        words["beyond"] = f"{seen.households_beyond_reach or 0:,}"
        return (
            gettext("%(beyond)s of %(households)s households are beyond reach: %(number)s%%, at most %(threshold)s%%")
            % words
        )
    if item.comparison == AT_MOST:
        return gettext("%(label)s: %(number)s %(unit)s, that is %(gap)s %(unit)s too many") % words
    return gettext("%(label)s: %(number)s of %(threshold)s %(unit)s, %(gap)s %(unit)s more needed") % words


def judge_item(item: Item, seen: Observed) -> Outcome:
    """Hold one item against what is known; a number nobody knows gives UNKNOWN, never NOT_MET."""
    number = number_for(item.measure, seen, item.parameters)
    if number is None:
        return Outcome(item=item, verdict=Verdict.UNKNOWN, number=None)
    gap = item.threshold - number if item.comparison == AT_LEAST else number - item.threshold
    if gap <= 0:
        return Outcome(item=item, verdict=Verdict.MET, number=number)
    return Outcome(item, Verdict.NOT_MET, number, gap, _sentence(item, number, gap, seen))


def score(items: Iterable[Item], seen: Observed, *, venue_kind: str, community_kind: str) -> Score:
    """Score a venue 0 to 100: the weight met over the weight known, rounded down so that 100 means all met."""
    outcomes = tuple(
        judge_item(item, seen) for item in items if applies(item, venue_kind=venue_kind, community_kind=community_kind)
    )
    known = sum(o.item.weight for o in outcomes if o.verdict is not Verdict.UNKNOWN)
    met = sum(o.item.weight for o in outcomes if o.verdict is Verdict.MET)
    return Score(
        total=100 * met // known if known else None,
        outcomes=outcomes,
        known_weight=known,
        all_weight=sum(o.item.weight for o in outcomes),
    )
