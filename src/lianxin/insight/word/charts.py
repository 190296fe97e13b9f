"""Charts of DrawingML: Word draws them, and whoever edits the document finds the numbers in the workbook inside.

Series differ by colour (Okabe and Ito's, safe for the colour-blind) and by pattern or marker, so that a grey print
tells them apart too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lianxin.insight.word.chart_book import column_name

COLOURS = ("0072B2", "D55E00", "009E73", "CC79A7", "E69F00", "56B4E9")
PATTERNS = ("", "wdUpDiag", "smCheck", "dkHorz", "pct25", "dkDnDiag")
MARKERS = ("circle", "square", "triangle", "diamond", "x", "plus")
DASHES = ("solid", "dash", "sysDot", "lgDashDot", "sysDash", "lgDash")
BAR, COLUMN, LINE, STACKED = "bar", "column", "line", "stacked"
MOST_LABELLED = 16
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_INK, _GRID = "333333", "D9D9D9"
_FONT = '<a:latin typeface="Times New Roman"/><a:ea typeface="宋体"/><a:cs typeface="Times New Roman"/>'
EMU_PER_MM = 36_000


@dataclass(frozen=True)
class Chart:
    """What a chart shows: categories along, one or more series of whole numbers; `alt` says it in words."""

    kind: str
    title: str
    alt: str
    categories: Sequence[str]
    series: Sequence[tuple[str, Sequence[int]]]

    @property
    def size_mm(self) -> tuple[int, int]:
        """Give width and height on paper."""
        if self.kind == BAR:
            return 154, min(205, 20 + 6 * max(len(self.categories), 2) * max(1, (len(self.series) + 1) // 2))
        return 154, 74


def chart_xml(chart: Chart) -> bytes:
    """Give the chart's part; its workbook is the part's first relationship."""
    draw = _lines if chart.kind == LINE else _bars
    legend = (
        f'<c:legend><c:legendPos val="t"/><c:overlay val="0"/>{_text(1000)}</c:legend>' if len(chart.series) > 1 else ""
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_DRAWING}" xmlns:r="{_RELATED}">'
        '<c:date1904 val="0"/><c:lang val="zh-CN"/><c:roundedCorners val="0"/>'
        f'<c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>{draw(chart)}{_axes(chart)}</c:plotArea>{legend}'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f'<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>{_text(900)}'
        '<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    ).encode()


def _text(size: int) -> str:
    fill = f'<a:solidFill><a:srgbClr val="{_INK}"/></a:solidFill>'
    return (
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{size}" b="0">{fill}{_FONT}</a:defRPr></a:pPr>'
        '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )


def _labelled(chart: Chart) -> bool:
    return len(chart.series) == 1 and len(chart.categories) <= MOST_LABELLED


def _labels(chart: Chart, place: str) -> str:
    shown = int(_labelled(chart))
    where = f'<c:dLblPos val="{place}"/>' if shown else ""
    return (
        f'<c:dLbls><c:numFmt formatCode="#,##0" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f'{_text(900)}{where}<c:showLegendKey val="0"/><c:showVal val="{shown}"/><c:showCatName val="0"/>'
        '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )


def _data(chart: Chart, number: int) -> str:
    name, values = chart.series[number]
    letter, last = column_name(number + 1), len(chart.categories) + 1
    names = "".join(
        f'<c:pt idx="{at}"><c:v>{escape(one)}</c:v></c:pt>' for at, one in enumerate(map(str, chart.categories))
    )
    points = "".join(f'<c:pt idx="{at}"><c:v>{int(one)}</c:v></c:pt>' for at, one in enumerate(values))
    count = f'<c:ptCount val="{len(chart.categories)}"/>'
    return (
        f'<c:tx><c:strRef><c:f>Sheet1!${letter}$1</c:f><c:strCache><c:ptCount val="1"/>'
        f'<c:pt idx="0"><c:v>{escape(name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>|'
        f"<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache>{count}{names}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>Sheet1!${letter}$2:${letter}${last}</c:f><c:numCache>"
        f"<c:formatCode>#,##0</c:formatCode>{count}{points}</c:numCache></c:numRef></c:val>"
    )


def _bars(chart: Chart) -> str:
    series = []
    for number in range(len(chart.series)):
        name, data = _data(chart, number).split("|", 1)
        colour, pattern = COLOURS[number % len(COLOURS)], PATTERNS[number % len(PATTERNS)]
        ink = f'<a:srgbClr val="{colour}"/>'
        fill = (
            f'<a:pattFill prst="{pattern}"><a:fgClr>{ink}</a:fgClr><a:bgClr><a:srgbClr val="FFFFFF"/></a:bgClr>'
            "</a:pattFill>"
            if pattern
            else f"<a:solidFill>{ink}</a:solidFill>"
        )
        edge = f'<a:ln w="9525"><a:solidFill>{ink}</a:solidFill></a:ln>'
        series.append(
            f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/>{name}<c:spPr>{fill}{edge}</c:spPr>'
            f'<c:invertIfNegative val="0"/>{_labels(chart, "ctr" if chart.kind == STACKED else "outEnd")}{data}</c:ser>'
        )
    stacked = chart.kind == STACKED
    overlap = '<c:overlap val="100"/>' if stacked else ""
    return (
        f'<c:barChart><c:barDir val="{"bar" if chart.kind == BAR else "col"}"/>'
        f'<c:grouping val="{"stacked" if stacked else "clustered"}"/><c:varyColors val="0"/>{"".join(series)}'
        f'<c:gapWidth val="55"/>{overlap}<c:axId val="111"/><c:axId val="222"/></c:barChart>'
    )


def _lines(chart: Chart) -> str:
    series = []
    for number in range(len(chart.series)):
        name, data = _data(chart, number).split("|", 1)
        ink = f'<a:solidFill><a:srgbClr val="{COLOURS[number % len(COLOURS)]}"/></a:solidFill>'
        dash, sign = DASHES[number % len(DASHES)], MARKERS[number % len(MARKERS)]
        size = 6 if len(chart.categories) <= 16 else 3
        series.append(
            f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/>{name}'
            f'<c:spPr><a:ln w="22225" cap="rnd">{ink}<a:prstDash val="{dash}"/><a:round/></a:ln></c:spPr>'
            f'<c:marker><c:symbol val="{sign}"/><c:size val="{size}"/><c:spPr>{ink}<a:ln w="9525">{ink}</a:ln></c:spPr>'
            f'</c:marker>{_labels(chart, "t")}{data}<c:smooth val="0"/></c:ser>'
        )
    return (
        f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{"".join(series)}'
        '<c:marker val="1"/><c:axId val="111"/><c:axId val="222"/></c:lineChart>'
    )


def _axes(chart: Chart) -> str:
    lying = chart.kind == BAR
    line = f'<c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="{_INK}"/></a:solidFill></a:ln></c:spPr>'
    bare = _labelled(chart)
    grid = (
        ""
        if bare
        else f'<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="{_GRID}"/></a:solidFill></a:ln>'
        "</c:spPr></c:majorGridlines>"
    )
    return (
        f'<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="{"maxMin" if lying else "minMax"}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{"l" if lying else "b"}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'{line}{_text(900)}<c:crossAx val="222"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        '<c:valAx><c:axId val="222"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        f'<c:delete val="{int(bare)}"/><c:axPos val="{"b" if lying else "l"}"/>{grid}'
        '<c:numFmt formatCode="#,##0" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{_text(900)}<c:crossAx val="111"/>'
        f'<c:crosses val="{"max" if lying else "autoZero"}"/><c:crossBetween val="between"/></c:valAx>'
    )
