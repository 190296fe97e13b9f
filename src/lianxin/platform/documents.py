"""Papers that people take along and change: DOCX (ECMA-376) with headings, lines, tables and page numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The same file for the same words, whenever it is written.
_STAMP = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3."""

    text: Any
    level: int = 1


@dataclass(frozen=True)
class Lines:
    """Some lines of text, each a paragraph."""

    text: Any
    is_quiet: bool = False


@dataclass(frozen=True)
class Grid:
    """A table with its headings on each page."""

    headings: Sequence[Any]
    rows: Sequence[Sequence[Any]] = field(default_factory=tuple)


Part = Heading | Lines | Grid


def write_document(*, title: Any, parts: Iterable[Part]) -> bytes:
    """Give a DOCX file with a title and its parts, on A4 with page numbers."""
    body = [_paragraph(str(title), "Title")]
    for part in parts:
        if isinstance(part, Heading):
            body.append(_paragraph(str(part.text), f"Heading{min(max(part.level, 1), 3)}"))
        elif isinstance(part, Lines):
            style = "Quiet" if part.is_quiet else ""
            body += [_paragraph(line, style) for line in str(part.text).split("\n")]
        else:
            body.append(_table(part))
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" '
        'w:gutter="0"/></w:sectPr>'
    )
    document = _part("document", f"<w:body>{''.join(body)}{section}</w:body>")
    files = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relations([("officeDocument", "word/document.xml")]),
        "word/_rels/document.xml.rels": _relations([("styles", "styles.xml"), ("footer", "footer1.xml")]),
        "word/document.xml": document,
        "word/styles.xml": _STYLES,
        "word/footer1.xml": _FOOTER,
    }
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), text, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def _plain(text: str) -> str:
    """The text without what XML cannot hold."""
    return escape(
        "".join(
            one
            for one in text
            if one == "\t" or " " <= one <= "\ud7ff" or "\ue000" <= one <= "\ufffd" or one >= "\U00010000"
        )
    )


def _paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{_plain(text)}</w:t></w:r></w:p>'


def _table(part: Grid) -> str:
    border = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    width = 9638 // max(len(part.headings), 1)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for _one in part.headings)
    rows = [_row([str(one) for one in part.headings], width, is_head=True)]
    rows += [_row([str("" if cell is None else cell) for cell in row], width) for row in part.rows]
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{border}</w:tblBorders></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>{_paragraph('')}"
    )


def _row(cells: Sequence[str], width: int, *, is_head: bool = False) -> str:
    head = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if is_head else "<w:trPr><w:cantSplit/></w:trPr>"
    drawn = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"{''.join(_paragraph(line, 'Cell') for line in cell.split(chr(10)))}</w:tc>"
        for cell in cells
    )
    return f"<w:tr>{head}{drawn}</w:tr>"


def _part(name: str, inner: str) -> str:
    return f'{_HEAD}<w:{name} xmlns:w="{_MAIN}" xmlns:r="{_RELATED}">{inner}</w:{name}>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATED}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _style(name: str, shown: str, *, size: int, bold: bool = False, before: int = 0, level: int | None = None) -> str:
    outline = f'<w:outlineLvl w:val="{level}"/>' if level is not None else ""
    keep = "<w:keepNext/>" if level is not None else ""
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/><w:basedOn w:val="Normal"/>'
        f'<w:pPr>{keep}<w:spacing w:before="{before}" w:after="60"/>{outline}</w:pPr>'
        f'<w:rPr>{weight}<w:sz w:val="{size}"/></w:rPr></w:style>'
    )


_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_OFFICE}.styles+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_OFFICE}.footer+xml"/></Types>'
)
_STYLES = _part(
    "styles",
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" '
    'w:eastAsia="SimSun"/><w:sz w:val="24"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
    '<w:pPr><w:spacing w:after="60" w:line="360" w:lineRule="auto"/></w:pPr></w:style>'
    + _style("Title", "Title", size=36, bold=True)
    + _style("Heading1", "heading 1", size=30, bold=True, before=240, level=0)
    + _style("Heading2", "heading 2", size=26, bold=True, before=180, level=1)
    + _style("Heading3", "heading 3", size=24, bold=True, before=120, level=2)
    + _style("Quiet", "Quiet", size=20)
    + _style("Cell", "Cell", size=21),
)
_FOOTER = _part(
    "ftr",
    '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
)
