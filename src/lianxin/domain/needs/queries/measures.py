"""What the module's measures count, and the rates that figures show with their denominators."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from lianxin.domain.needs.models import Answer, Need, NeedReport
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window

State = Need.State
OPEN = (State.OPEN, State.PLANNED, State.PARTLY)


def needs_heard(window: Window) -> int:
    """Count voices by the day on which they were said, whatever became of them."""
    rows = NeedReport.objects.filter(
        heard_at__gte=local_moment(window.from_on), heard_at__lt=local_moment(window.until_on)
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()


def answers_given(window: Window) -> int:
    """Count answers to askers by the day on which they were written."""
    rows = Answer.objects.filter(made_at__gte=local_moment(window.from_on), made_at__lt=local_moment(window.until_on))
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()


def needs_open(window: Window) -> int:
    """Count entries that were on the list at the end of a window: open, planned or partly met."""
    return entries_open(window).count()


def needs_met(window: Window) -> int:
    """Count entries that were met by the end of a window."""
    return entries_met(window).count()


def needs_unmet(window: Window) -> int:
    """Count entries that could not be met by the end of a window."""
    return entries_unmet(window).count()


def entries_open(window: Window) -> QuerySet[Need]:
    """Give the entries first heard before a window's end that were not closed by then."""
    heard = Need.objects.filter(first_heard_on__lt=window.until_on)
    return _entries(window, heard.filter(Q(closed_at=None) | Q(closed_at__gte=local_moment(window.until_on))))


def entries_met(window: Window) -> QuerySet[Need]:
    """Give the entries that were closed as met before a window's end."""
    return _closed(window, State.MET)


def entries_unmet(window: Window) -> QuerySet[Need]:
    """Give the entries that were closed before a window's end because they cannot be met."""
    return _closed(window, State.UNMET)


def _closed(window: Window, state: str) -> QuerySet[Need]:
    return _entries(window, Need.objects.filter(state=state, closed_at__lt=local_moment(window.until_on)))


def _entries(window: Window, rows: QuerySet[Need]) -> QuerySet[Need]:
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    if window.category is not None:
        rows = rows.filter(category__code=window.category)
    return rows


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of what was asked are met: `met` of `asked`, which are those met, not to be met, and still open."""

    key: str
    label: str
    met: int
    unmet: int
    open: int
    voices: int
    people: int
    # Median days from the first voice to the first time something was served; None where nothing was yet.
    days_to_served: float | None = None

    @property
    def asked(self) -> int:
        """Give the denominator."""
        return self.met + self.unmet + self.open

    @property
    def share(self) -> float | None:
        """Give the rate of what is met, None where nothing was asked."""
        return self.met / self.asked if self.asked else None


def rates_and_all(
    *, by: str, from_on: date, until_on: date, communities: Iterable[UUID] | None = None
) -> tuple[list[Rate], Rate]:
    """Give the rates by "category" or "community", and of all together, with the queries that the rates cost."""
    rows = _heard(from_on, until_on, communities)
    key, label = BY[by]
    served = _days_served(rows, key)
    rates = _rates(key, label, rows, served)
    days = [day for some in served.values() for day in some]
    whole = Rate(
        key="",
        label="",
        **{name: sum(getattr(one, name) for one in rates) for name in ("met", "unmet", "open", "voices", "people")},
        days_to_served=float(median(days)) if days else None,
    )
    return rates, whole


def rate_of_all(*, from_on: date, until_on: date, communities: Iterable[UUID] | None = None) -> Rate:
    """Give the rate of all entries first heard in [from_on, until_on)."""
    rows = _heard(from_on, until_on, communities)
    sums = rows.aggregate(**COUNTS)
    days = [day for some in _days_served(rows, "category_id").values() for day in some]
    return _rate("", "", sums, days)


def ages_of_open(*, on: date, communities: Iterable[UUID] | None = None) -> dict[str, int]:
    """Count the open entries by how long they wait, and those that must be asked again ("stale")."""
    rows = Need.objects.filter(state__in=OPEN)
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    steps = (("under_30", 0, 30), ("under_90", 30, 90), ("under_180", 90, 180), ("older", 180, 100_000))
    counts = {
        name: Count(
            "pk", filter=Q(first_heard_on__lte=on - timedelta(days=least), first_heard_on__gt=on - timedelta(days=most))
        )
        for name, least, most in steps
    }
    found = rows.aggregate(**counts, stale=Count("pk", filter=Q(confirm_by__lt=on)))
    return {name: int(number) for name, number in found.items()}


def _heard(from_on: date, until_on: date, communities: Iterable[UUID] | None) -> QuerySet[Need]:
    rows = Need.objects.exclude(state=State.WITHDRAWN).filter(first_heard_on__gte=from_on, first_heard_on__lt=until_on)
    return rows if communities is None else rows.filter(community__in=list(communities))


BY = {"category": ("category__code", "category__name"), "community": ("community_id", "community__short_name")}
COUNTS: dict[str, Any] = {
    "n_met": Count("pk", filter=Q(state=State.MET)),
    "n_unmet": Count("pk", filter=Q(state=State.UNMET)),
    "n_open": Count("pk", filter=Q(state__in=OPEN)),
    "n_voices": Sum("voices"),
    "n_people": Sum("people"),
}


def _rates(key: str, label: str, rows: QuerySet[Need], served: Mapping[Any, Sequence[int]]) -> list[Rate]:
    sums = rows.order_by().values(key, label).annotate(**COUNTS)
    found = [_rate(str(row[key]), str(row[label]), row, served.get(row[key], [])) for row in sums]
    return sorted(found, key=lambda one: one.key)


def _rate(key: str, label: str, sums: Mapping[str, Any], days: Sequence[int]) -> Rate:
    return Rate(
        key=key,
        label=label,
        met=sums["n_met"],
        unmet=sums["n_unmet"],
        open=sums["n_open"],
        voices=sums["n_voices"] or 0,
        people=sums["n_people"] or 0,
        days_to_served=float(median(days)) if days else None,
    )


def _days_served(rows: QuerySet[Need], key: str) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = {}
    served = rows.filter(first_served_on__isnull=False).order_by()
    for of, first, on in served.values_list(key, "first_heard_on", "first_served_on"):
        found.setdefault(of, []).append(max(0, (on - first).days))
    return found
