"""Tables of a document: the head repeats on each page, a row stays together, numbers stand to the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from lianxin.insight.word.marks import NOTE, plain
from lianxin.insight.word.marks import pieces as cut

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# 156 mm, the width of the text, in twentieths of a point.
WIDTH = 8844
_NARROW = 7
ENDS = 2


@dataclass(frozen=True)
class Table:
    """Headings and rows of text; `weights` say how wide the columns are to each other, `left` which hold words."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    weights: Sequence[int] = field(default_factory=tuple)
    left: int = 1
    """So many first columns hold words and stand to the left, the others numbers."""
    is_words: bool = False
    """All columns hold words."""


def table_xml(table: Table) -> str:
    """Give the table; signs of figures in its cells are still to be numbered."""
    count = len(table.headings)
    weights = list(table.weights) or [3 if at < table.left else 2 for at in range(count)]
    widths = [WIDTH * one // sum(weights) for one in weights]
    size = 18 if count > _NARROW or table.is_words else 21
    edge = "".join(
        f'<w:{side} w:val="single" w:sz="{thick}" w:space="0" w:color="{ink}"/>'
        for side, thick, ink in (
            ("top", 12, "000000"),
            ("bottom", 12, "000000"),
            ("insideH", 4, "808080"),
            ("insideV", 4, "BFBFBF"),
        )
    )
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    rows = [_row(table.headings, widths, size, table, is_head=True, keep=True)]
    last = len(table.rows) - 1
    for at, row in enumerate(table.rows):
        # At a page's end neither the first nor the last rows of a table stand alone.
        near_an_end = at < ENDS or last - ENDS < at
        rows.append(_row(row, widths, size, table, keep=near_an_end and at != last))
    return (
        f'<w:tbl xmlns:w="{NAMESPACE}"><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edge}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:val="0020" w:firstRow="1"/><w:tblCaption w:val="{_attribute(plain(table.title))}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _row(
    cells: Sequence[str], widths: Sequence[int], size: int, table: Table, *, is_head: bool = False, keep: bool = False
) -> str:
    head = "<w:tblHeader/>" if is_head else ""
    drawn = []
    for at, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        side = "center" if is_head else "left" if table.is_words or at < table.left else "right"
        fill = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>' if is_head else ""
        drawn.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}<w:vAlign w:val="center"/></w:tcPr>'
            f"{paragraph_xml(cell, size=size, side=side, bold=is_head, keep=keep)}</w:tc>"
        )
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(drawn)}</w:tr>"


def paragraph_xml(text: str, *, size: int, side: str, bold: bool = False, keep: bool = False, space: int = 30) -> str:
    """Give a paragraph that keeps off the line grid of the page, as tables and their titles do."""
    follow = "<w:keepNext/>" if keep else ""
    return (
        f'<w:p xmlns:w="{NAMESPACE}"><w:pPr>{follow}<w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="{space}" w:after="{space}" w:line="240" w:lineRule="auto"/>'
        f'<w:ind w:firstLine="0" w:firstLineChars="0"/><w:jc w:val="{side}"/></w:pPr>'
        f"{runs_xml(text, size=size, bold=bold)}</w:p>"
    )


def runs_xml(text: str, *, size: int, bold: bool = False) -> str:
    """Give the runs of a text; the signs of figures stay in them, raised."""
    from lianxin.insight.word.marks import mark

    face = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋_GB2312"/>'
    weight = "<w:b/>" if bold else ""
    found = []
    for kind, piece in cut(text):
        words = mark(kind, piece) if kind == NOTE else "" if kind else piece
        found.append(
            f'<w:r><w:rPr>{face}{weight}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
            f'<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'
        )
    return "".join(found)
