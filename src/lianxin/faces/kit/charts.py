"""Charts as tables: what is drawn is read from the table that stands in the page, and said in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

LINE, BAR, STACKED, SPARK, SCATTER, CALENDAR = "line", "bar", "stacked", "spark", "scatter", "calendar"
KINDS = (LINE, BAR, STACKED, SPARK, SCATTER, CALENDAR)
# Rows a reader takes in at a glance; a longer table is folded away under its chart.
SHOWN_OPEN = 12
NOT_KNOWN = "—"


@dataclass(frozen=True)
class Series:
    """One column of values: what it is called, and a value for each row; None where it is not known."""

    name: Any
    values: Sequence[float | None]


@dataclass(frozen=True)
class Point:
    """One row: its name, the page that it opens, and its day where rows are days."""

    label: Any
    url: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Cell:
    """A value as it is shown."""

    text: str


@dataclass(frozen=True)
class Line:
    """A row of the table."""

    point: Point
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Chart:
    """A chart and its table: `heading` is the title of the column of names, `unit` stands behind a value."""

    kind: str
    title: Any
    heading: Any
    points: Sequence[Point]
    series: Sequence[Series]
    unit: Any = ""
    decimals: int = 0
    note: Any = ""
    # Rows that follow one another in time go from left to right, however many; names go from top to bottom.
    is_time: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn: an unknown kind, or a column of another length than the rows."""
        if self.kind not in KINDS:
            raise ValueError(f"a chart cannot be {self.kind!r}; it is one of {', '.join(KINDS)}")
        for one in self.series:
            if len(one.values) != len(self.points):
                raise ValueError(f"{one.name} has {len(one.values)} values for {len(self.points)} rows")
        if self.kind == CALENDAR and any(point.on is None for point in self.points):
            raise ValueError("every row of a calendar is a day")
        if self.kind == SCATTER and len(self.series) != 2:
            raise ValueError("points lie between two columns")

    @property
    def lines(self) -> list[Line]:
        """Give the rows of the table, each with its values as words."""
        columns = [one.values for one in self.series]
        return [
            Line(point, tuple(Cell(self.written(values[n])) for values in columns))
            for n, point in enumerate(self.points)
        ]

    @property
    def is_long(self) -> bool:
        """Tell whether the table is folded away once its chart is drawn."""
        return len(self.points) > SHOWN_OPEN

    @property
    def alt(self) -> str:
        """Say in a sentence what the chart shows: how many rows, the highest, the lowest, and how it goes."""
        n = len(self.points)
        words = ngettext("%(title)s, %(n)d entry by %(heading)s:", "%(title)s, %(n)d entries by %(heading)s:", n)
        first = words % {"title": str(self.title), "n": n, "heading": str(self.heading)}
        return " ".join((first, *(part for part in self._said if part)))

    @property
    def _said(self) -> list[str]:
        if self.kind == SCATTER:
            return [self._span(one) for one in self.series]
        return [self._said_of(one) for one in self.series]

    def _said_of(self, one: Series) -> str:
        known = [(value, point) for value, point in zip(one.values, self.points, strict=True) if value is not None]
        named = one.name + _(": ") if len(self.series) > 1 else ""
        if not known:
            return named + _("nothing is known yet.")
        highest, lowest = max(known, key=lambda pair: pair[0]), min(known, key=lambda pair: pair[0])
        if highest[0] == lowest[0]:
            return named + pgettext("chart", "always %(value)s.") % {"value": self._with_unit(highest[0])}
        words = _("highest at %(top)s with %(most)s, lowest at %(bottom)s with %(least)s.")
        return named + words % {
            "top": str(highest[1].label),
            "most": self._with_unit(highest[0]),
            "bottom": str(lowest[1].label),
            "least": self._with_unit(lowest[0]),
        }

    def _span(self, one: Series) -> str:
        known = [value for value in one.values if value is not None]
        if not known:
            return ""
        words = _("%(name)s from %(least)s to %(most)s.")
        return words % {"name": str(one.name), "least": self.written(min(known)), "most": self.written(max(known))}

    def _with_unit(self, value: float) -> str:
        return f"{self.written(value)}{f' {self.unit}' if self.unit else ''}"

    def written(self, value: float | None) -> str:
        """Give a value as it stands in the table."""
        return NOT_KNOWN if value is None else f"{value:,.{self.decimals}f}"
