"""Reading the lines of a standard from the reference file or a form, and saying what is wrong with them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from .standards import AT_LEAST, AT_MOST, CENTRE, GROUPS, MEASURES, STATION, URBAN, VILLAGE, Item


class UnreadableStandard(ValueError):
    """The file or form of a standard says something that cannot be; the text says what."""


# How the reference file names the kinds of committee.
_APPLIES = {"community": URBAN, "village": VILLAGE, "centre": CENTRE, "station": STATION, "all": "all"}


def items_from_data(data: Mapping[str, Any]) -> tuple[tuple[Item, str], ...]:
    """Read the scored measures of a reference file into (item, English label) pairs; raises UnreadableStandard."""
    rows = []
    for number, measure in enumerate(data.get("measures", ()), start=1):
        if not measure.get("scored", True):
            continue
        code = str(measure.get("code", ""))
        if code not in MEASURES:
            raise UnreadableStandard(f"measure {number}: {code!r} is not a measure that can be observed")
        required = measure.get("required") or {}
        comparison = AT_LEAST if measure["comparison"] == "covers" else measure["comparison"]
        threshold = sum(required.values()) if measure["comparison"] == "covers" else measure["number"]
        wanted = [_APPLIES[name] for name in measure.get("applies_to", ["centre"])]
        parameters = {key: value for key, value in measure.items() if key in PARAMETERS or key.endswith("_kinds")}
        if measure.get("source_zh") and measure.get("source"):
            parameters["source_en"] = measure["source"]
        rows.append(
            (
                Item(
                    code=code,
                    group=measure["group"],
                    label=measure.get("label_zh") or measure["label"],
                    measure=code,
                    comparison=comparison,
                    threshold=Decimal(str(threshold)),
                    weight=int(measure["weight"]),
                    kind="must" if measure.get("basis") == "national" else "should",
                    applies_to=wanted[0] if len(wanted) == 1 else CENTRE,
                    source=measure.get("source_zh") or measure.get("source", ""),
                    parameters={**parameters, "note": measure.get("note_zh") or measure.get("note", "")},
                ),
                measure.get("label", ""),
            )
        )
    return tuple(rows)


PARAMETERS = frozenset({"required", "reach_metres", "reach_minutes", "window_days", "choices", "basis"})


def faults_of(item: Item) -> dict[str, str]:
    """Say field by field what is wrong with an item; empty when nothing is."""
    faults = {}
    if item.measure not in MEASURES:
        faults["measure"] = gettext("This measure is not known; choose one from the list.")
    if item.group not in GROUPS:
        faults["group"] = gettext("A miss has to be named as remote, small or weak.")
    if item.comparison not in (AT_LEAST, AT_MOST):
        faults["comparison"] = gettext("The comparison is either “at least” or “at most”.")
    if not item.threshold.is_finite() or item.threshold < 0:
        faults["threshold"] = gettext("The threshold is a number that is not negative.")
    elif item.threshold >= 10**9:
        faults["threshold"] = gettext("The threshold is too large.")
    if not 1 <= item.weight <= 100:
        faults["weight"] = gettext("The weight is a whole number from 1 to 100.")
    if not item.label.strip():
        faults["label"] = gettext("Please give the item a name.")
    return faults
