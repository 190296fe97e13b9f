"""When it suits people: halves of weekdays and evenings as bits of one number; 0 says any time."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MORNING, AFTERNOON, EVENING = "morning", "afternoon", "evening"
PARTS = (MORNING, AFTERNOON, EVENING)
ANY = 0
ALL = (1 << 21) - 1
DAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
WORKING, WEEKEND = range(5), range(5, 7)


def bit(day: int, part: str) -> int:
    """Give the bit of one part of a weekday (Monday is 0)."""
    if part == EVENING:
        return 1 << (14 + day)
    return 1 << (2 * day + (part == AFTERNOON))


def pack(parts: Iterable[tuple[int, str]]) -> int:
    """Give the mask of these parts of weekdays."""
    mask = 0
    for day, part in parts:
        mask |= bit(day, part)
    return mask


def unpack(mask: int) -> list[tuple[int, str]]:
    """Give the parts of weekdays that a mask names, in the order of the week."""
    return [(day, part) for day in range(7) for part in PARTS if mask & bit(day, part)]


# What people say when they are asked: six answers instead of twenty-one boxes.
SPOKEN = {
    "working_mornings": (gettext_lazy("weekday mornings"), pack((day, MORNING) for day in WORKING)),
    "working_afternoons": (gettext_lazy("weekday afternoons"), pack((day, AFTERNOON) for day in WORKING)),
    "working_evenings": (gettext_lazy("weekday evenings"), pack((day, EVENING) for day in WORKING)),
    "weekend_mornings": (gettext_lazy("weekend mornings"), pack((day, MORNING) for day in WEEKEND)),
    "weekend_afternoons": (gettext_lazy("weekend afternoons"), pack((day, AFTERNOON) for day in WEEKEND)),
    "weekend_evenings": (gettext_lazy("weekend evenings"), pack((day, EVENING) for day in WEEKEND)),
}


def mask_of(names: Iterable[str]) -> int:
    """Give the mask of the spoken answers; an unknown name says nothing."""
    mask = 0
    for name in names:
        if name in SPOKEN:
            mask |= SPOKEN[name][1]
    return mask


def joint(masks: Sequence[int]) -> int:
    """Give when it suits at least half of those who ask together; where nothing does, when it suits anybody."""
    named = [mask for mask in masks if mask]
    if not named:
        return ANY
    free = len(masks) - len(named)
    half = sum(1 << place for place in range(21) if 2 * (free + sum(mask >> place & 1 for mask in named)) >= len(masks))
    if half and half != ALL:
        return half
    if half == ALL:
        return ANY
    either = 0
    for mask in named:
        either |= mask
    return either


def describe(mask: int) -> str:
    """Say when it suits, in as few words as possible."""
    if mask in (ANY, ALL):
        return _("any time")
    said, left = [], mask
    for label, whole in SPOKEN.values():
        if left & whole == whole:
            said.append(str(label))
            left &= ~whole
    parts = {MORNING: _("%(day)s morning"), AFTERNOON: _("%(day)s afternoon"), EVENING: _("%(day)s evening")}
    said += [parts[part] % {"day": DAYS[day]} for day, part in unpack(left)]
    return _(", ").join(said)
