"""Figures: the catalogue for everybody; values, series, areas and records for offices, each within its own area."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Query, Router

from lianxin.domain.people.rules.roles import STAFF
from lianxin.faces.api.answers import answers
from lianxin.faces.api.figures_schemas import (
    AreaValueOut,
    Asked,
    AskedRecords,
    AskedValues,
    ByAreaOut,
    CatalogueOut,
    FigureOut,
    PointOut,
    RecordOut,
    RecordsOut,
    SeriesOut,
    TopicOut,
    ValuesOut,
    WindowOut,
)
from lianxin.faces.api.security import logged_in
from lianxin.insight import areas, catalogue, figures, opening
from lianxin.insight.areas import Area
from lianxin.insight.periods import Period, read_period
from lianxin.platform import clock
from lianxin.platform.actors import Actor
from lianxin.platform.contributions import Measure
from lianxin.platform.errors import Missing

router = Router()
RESIDENTS = "residents"


def _today() -> date:
    return clock.local_day(clock.now())


def _figure(measure: Measure, topic: str = "") -> FigureOut:
    return FigureOut(
        name=measure.name,
        label=str(measure.label),
        meaning=str(measure.meaning),
        unit=str(measure.unit),
        kind=measure.kind,
        source=measure.source,
        topic=topic or _topic_of(measure),
        also=list(measure.also),
    )


def _topic_of(measure: Measure) -> str:
    held = (topic.code for topic in catalogue.topics() if measure.name in {one.name for one in topic.measures})
    return next(held, "")


def _asked(actor: Actor, asked: Asked) -> tuple[Period, Area]:
    """Give the period and the area; somebody who works in no office has no figures."""
    if not actor.holds(*STAFF):
        raise Missing
    today = _today()
    period = read_period(asked.period or str(today.year), today=today)
    on = min(period.last_on, today)
    place = "".join(letter for letter in asked.place if letter.isprintable()).strip()
    return period, areas.find_area(place, actor=actor, on=on) if place else areas.whole(actor, on=on)


def _window(period: Period, area: Area) -> WindowOut:
    return WindowOut(
        period=period.text,
        label=period.label,
        from_on=period.from_on,
        until_on=period.until_on,
        place=area.id,
        place_name=area.name,
        place_code=area.code,
    )


@router.get("/", response=answers(CatalogueOut), summary="Every figure there is")
def list_figures(request):  # type: ignore[no-untyped-def]
    """Give the catalogue: what each figure counts, in which unit, and where it comes from."""
    topics = catalogue.topics()
    return CatalogueOut(
        topics=[TopicOut(code=topic.code, label=str(topic.label)) for topic in topics],
        items=[_figure(measure, topic.code) for topic in topics for measure in topic.measures],
    )


@router.get("/values/", response=answers(ValuesOut), auth=logged_in, summary="Figures of a period and a place")
def figure_values(request, asked: Query[AskedValues]):  # type: ignore[no-untyped-def]
    """Give figures by the names they were asked for, as one flat object."""
    period, area = _asked(request.actor, asked)
    names = [name.strip() for name in asked.names.split(",") if name.strip()]
    wanted = {name: catalogue.find_measure(name).name for name in names} or {
        one.name: one.name for one in catalogue.list_measures()
    }
    found = figures.values(sorted(set(wanted.values())), period=period, area=area)
    return ValuesOut(window=_window(period, area), values={asked: found[name] for asked, name in wanted.items()})


@router.get("/{figure}/series/", response=answers(SeriesOut), auth=logged_in, summary="A figure part by part")
def figure_series(request, figure: str, asked: Query[Asked]):  # type: ignore[no-untyped-def]
    """Give a figure over the parts of a period: months of a year, days of a month, years of a longer time."""
    period, area = _asked(request.actor, asked)
    measure = catalogue.find_measure(figure)
    parts = period.parts()
    found: list[Any] = figures.series([measure.name], periods=parts, area=area)[measure.name]
    return SeriesOut(
        figure=_figure(measure),
        window=_window(period, area),
        points=[
            PointOut(period=one.text, from_on=one.from_on, until_on=one.until_on, value=value)
            for one, value in zip(parts, found, strict=True)
        ],
    )


@router.get("/{figure}/by-area/", response=answers(ByAreaOut), auth=logged_in, summary="A figure by division")
def figure_by_area(request, figure: str, asked: Query[Asked]):  # type: ignore[no-untyped-def]
    """Give a figure for each division right below a place, in the order of their codes."""
    period, area = _asked(request.actor, asked)
    measure = catalogue.find_measure(figure)
    below = areas.children(area, on=min(period.last_on, _today()))
    found = figures.by_area([measure.name, RESIDENTS], period=period, areas=below)
    values, residents = found[measure.name], found[RESIDENTS]
    return ByAreaOut(
        figure=_figure(measure),
        window=_window(period, area),
        items=[
            AreaValueOut(
                id=one.id,
                kind=one.kind,
                name=one.name,
                code=one.code,
                value=values.get(one.id, 0),
                per_thousand=_rounded(figures.per_thousand(values.get(one.id, 0), residents.get(one.id, 0))),
            )
            for one in below
            if one.id is not None
        ],
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


@router.get("/{figure}/records/", response=answers(RecordsOut), auth=logged_in, summary="The records behind a figure")
def figure_records(request, figure: str, asked: Query[AskedRecords]):  # type: ignore[no-untyped-def]
    """Give the records that a figure is made of, newest first, masked by what the caller may see."""
    period, area = _asked(request.actor, asked)
    measure = catalogue.find_measure(figure)
    opened = opening.open_figure(measure.name, period=period, area=area, actor=request.actor, page=asked.page)
    return RecordsOut(
        figure=_figure(measure),
        window=_window(period, area),
        total=opened.total,
        count=opened.count,
        page=opened.page,
        pages=opened.pages,
        is_cut=opened.is_cut,
        items=[
            RecordOut(
                kind=row.record_kind,
                id=row.record_id,
                on=row.on,
                quantity=row.quantity,
                community=row.community_id,
                title=row.title,
                note=row.note,
            )
            for row in opened.rows
        ],
    )
