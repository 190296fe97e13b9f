"""What the operations on figures take and give."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from ninja import Field, Schema

MOST_PAGES = 100_000


class TopicOut(Schema):
    """A chapter of the catalogue."""

    code: str
    label: str


class FigureOut(Schema):
    """A figure: what it counts, how (flow: acts over days, level: what stands, distinct: each once), and where from."""

    name: str
    label: str
    meaning: str
    unit: str
    kind: str
    source: str
    topic: str
    also: list[str]


class CatalogueOut(Schema):
    """Every figure with the chapters."""

    topics: list[TopicOut]
    items: list[FigureOut]


class Asked(Schema):
    """For which days and which place; today's year and the caller's own area unless given."""

    period: str = Field(
        "", max_length=40, description="2024, 2024-Q3, 2024-07, 2024-W30, 2024-07-15 or 2024-07-01..2024-07-15"
    )
    place: str = Field("", max_length=80, description="A name as people say it, a 12-digit code or an id")


class AskedValues(Asked):
    """Which figures; all of them unless named."""

    names: str = Field("", max_length=4_000, description="Names of figures, separated by commas")


class AskedRecords(Asked):
    """Which page of the records."""

    page: int = Field(1, ge=1, le=MOST_PAGES)


class WindowOut(Schema):
    """The days [from_on, until_on) and the place that figures are given for."""

    period: str
    label: str
    from_on: date
    until_on: date
    place: UUID | None
    place_name: str
    place_code: str


class ValuesOut(Schema):
    """Figures by name."""

    window: WindowOut
    values: dict[str, int]


class PointOut(Schema):
    """A figure over one part of the period."""

    period: str
    from_on: date
    until_on: date
    value: int


class SeriesOut(Schema):
    """A figure month by month, day by day or year by year."""

    figure: FigureOut
    window: WindowOut
    points: list[PointOut]


class AreaValueOut(Schema):
    """A figure in one of the divisions right below; `per_thousand` is of its residents, null where nobody is known."""

    id: UUID
    kind: str
    name: str
    code: str
    value: int
    per_thousand: float | None


class ByAreaOut(Schema):
    """A figure by the divisions right below a place, in the order of their codes: this is no ranking."""

    figure: FigureOut
    window: WindowOut
    items: list[AreaValueOut]


class RecordOut(Schema):
    """A record behind a figure, as far as the caller may see it: names are masked, titles may be empty."""

    kind: str
    id: UUID
    on: date
    quantity: int
    community: UUID | None
    title: str
    note: str


class RecordsOut(Schema):
    """A page of the records, newest first; `total` is the figure itself, `count` how many records can be paged through.

    Of very many records only the newest are given and `is_cut` is true: ask for fewer days or a smaller place.
    """

    figure: FigureOut
    window: WindowOut
    total: int
    count: int
    page: int
    pages: int
    is_cut: bool
    items: list[RecordOut]
