"""Fills a template: texts by their names, then charts, tables and numbers of figures where their signs stand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from lianxin.insight.word import marks
from lianxin.insight.word.chart_book import chart_book
from lianxin.insight.word.charts import EMU_PER_MM, Chart, chart_xml
from lianxin.insight.word.tables import NAMESPACE, Table, paragraph_xml, table_xml
from lianxin.insight.word.templates import Unfit, environment, open_template

W = f"{{{NAMESPACE}}}"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_STAMP = (2020, 1, 1, 0, 0, 0)
SOURCES = "sources"
"""The table that is made last: which number in the document is which figure."""
Told = Callable[[int, int], None]


class Filling:
    """One document while it is filled."""

    def __init__(self, template: bytes, content: dict[str, Any], told: Told) -> None:
        self.template, self.content, self.told = open_template(template), content, told
        self.numbers: dict[str, int] = {}
        self.charts = self.tables = self.done = 0
        self.parts = 0

    def fill(self) -> bytes:
        """Give the filled document."""
        from jinja2 import TemplateError

        context = {**self.content["texts"], **self.content["groups"], **self.content["rows"]}
        try:
            self.template.render(context, jinja_env=environment(), autoescape=True)
        except TemplateError as error:
            raise Unfit("syntax", near=str(error)[:60]) from None
        self.document = self.template.docx
        body = self.document.element.body
        wanted = [one for one in body.iter(f"{W}p") if marks.MARK.search(_text_of(one))]
        self.total = 1 + sum(
            kind in (marks.CHART, marks.TABLE) and name != SOURCES
            for one in wanted
            for kind, name in marks.pieces(_text_of(one))
        )
        for paragraph in wanted:
            self._place(paragraph)
        self._number(body)
        self._place_sources(body)
        for cell in body.iter(f"{W}tc"):
            # A cell ends with a paragraph, or no office program opens the document.
            if cell[-1].tag != f"{W}p":
                cell.append(cell.makeelement(f"{W}p"))
        self._tidy()
        self._tell()
        return self._saved()

    def _tell(self) -> None:
        self.done += 1
        self.told(self.done, self.total)

    def _place(self, paragraph: Any) -> None:
        """Put charts, tables and codes where their signs stand; what is not a sign stays in the paragraph."""
        for run in list(paragraph.iter(f"{W}r")):
            for text in list(run.iter(f"{W}t")):
                kinds = {kind for kind, _name in marks.pieces(text.text or "")}
                if kinds & {marks.CHART, marks.TABLE, marks.QR}:
                    self._place_run(paragraph, run, text)
        if not _text_of(paragraph).strip() and paragraph.find(f".//{W}drawing") is None:
            _drop(paragraph)

    def _place_run(self, paragraph: Any, run: Any, text: Any) -> None:
        words, last = "", paragraph
        for kind, name in marks.pieces(text.text or ""):
            if kind == marks.CHART:
                for made in self._chart(self.content["charts"][name]):
                    last = _after(last, made)
                self._tell()
            elif kind == marks.TABLE and name == SOURCES:
                words += marks.mark(kind, name)
            elif kind == marks.TABLE:
                for made in self._table(Table(**self.content["tables"][name])):
                    last = _after(last, made)
                self._tell()
            elif kind == marks.QR:
                _after(run, self._code(name))
            else:
                words += marks.mark(kind, name) if kind else name
        text.text = words

    def _chart(self, told: dict[str, Any]) -> list[Any]:
        chart = Chart(**told["chart"])
        self.charts += 1
        caption = f"{self.content['words']['chart']} {self.charts}  {told['caption']}"
        if not any(any(values) for _name, values in chart.series):
            empty = f"{marks.plain(told['caption'])}：{self.content['words']['nothing']}"
            return [_parsed(paragraph_xml(empty, size=21, side="center"))]
        return [
            _parsed(_drawing_paragraph(chart, self._chart_part(chart), 5_000 + self.charts)),
            _parsed(paragraph_xml(caption, size=21, side="center", space=60)),
        ]

    def _chart_part(self, chart: Chart) -> str:
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        package, document = self.document.part.package, self.document.part
        self.parts += 1
        part = Part(PackURI(f"/word/charts/chartL{self.parts}.xml"), _CHART_TYPE, chart_xml(chart), package)
        book = Part(
            PackURI(f"/word/embeddings/chartL{self.parts}.xlsx"),
            _BOOK_TYPE,
            chart_book(chart.categories, chart.series),
            package,
        )
        part.relate_to(book, f"{_RELATED}/package")
        return str(document.relate_to(part, f"{_RELATED}/chart"))

    def _table(self, table: Table) -> list[Any]:
        if not table.rows:
            empty = f"{marks.plain(table.title)}：{self.content['words']['nothing']}"
            return [_parsed(paragraph_xml(empty, size=21, side="center"))]
        self.tables += 1
        title = f"{self.content['words']['table']} {self.tables}  {table.title}"
        return [
            _parsed(paragraph_xml(title, size=21, side="center", bold=True, keep=True, space=90)),
            _parsed(table_xml(table)),
            _parsed(paragraph_xml("", size=12, side="left", space=0)),
        ]

    def _code(self, address: str) -> Any:
        import segno

        kept = io.BytesIO()
        segno.make(address, error="m", micro=False).save(kept, kind="png", scale=8, border=2)
        kept.seek(0)
        from docx.shared import Mm

        inline = self.document.part.new_pic_inline(kept, width=Mm(28))
        inline.docPr.set("descr", address)
        made = _parsed(f'<w:r xmlns:w="{NAMESPACE}"><w:drawing/></w:r>')
        made[0].append(inline)
        return made

    def _number(self, body: Any) -> None:
        """Put a small raised number where a figure's sign stands, counted in the order of the document."""
        for text in list(body.iter(f"{W}t")):
            if not marks.MARK.search(text.text or ""):
                continue
            run = text.getparent()
            if run.tag != f"{W}r":
                continue
            made = [self._numbered(run, kind, name) for kind, name in marks.pieces(text.text)]
            at = run
            for one in made:
                at.addnext(one)
                at = one
            run.remove(text)
            if not any(child.tag != f"{W}rPr" for child in run):
                run.getparent().remove(run)

    def _numbered(self, run: Any, kind: str, name: str) -> Any:
        made = _parsed(f'<w:r xmlns:w="{NAMESPACE}"><w:t xml:space="preserve"/></w:r>')
        look = run.find(f"{W}rPr")
        if look is not None:
            made.insert(0, deepcopy(look))
        words = marks.mark(kind, name) if kind and kind != marks.NOTE else name
        if kind == marks.NOTE:
            words = f"[{self.numbers.setdefault(name, len(self.numbers) + 1)}]"
            if look is None:
                made.insert(0, _parsed(f'<w:rPr xmlns:w="{NAMESPACE}"/>'))
            raised = made[0].find(f"{W}vertAlign")
            if raised is None:
                raised = made[0].makeelement(f"{W}vertAlign")
                made[0].append(raised)
            raised.set(f"{W}val", "superscript")
        made.find(f"{W}t").text = words
        return made

    def _place_sources(self, body: Any) -> None:
        for paragraph in [one for one in body.iter(f"{W}p") if marks.MARK.search(_text_of(one))]:
            told = self.content["sources"]
            rows = [[f"[{number}]", *told["rows"][name]] for name, number in self.numbers.items()]
            table = Table(told["title"], told["headings"], rows, weights=told["weights"], is_words=True)
            last = paragraph
            for made in self._table(table):
                last = _after(last, made)
            for text in paragraph.iter(f"{W}t"):
                text.text = marks.plain(text.text or "")
            if not _text_of(paragraph).strip():
                _drop(paragraph)

    def _tidy(self) -> None:
        """Take leftover signs out of headers and footers, and the address of the author's own template with it."""
        for part in self.document.part.package.parts:
            root = getattr(part, "element", None)
            if root is None:
                continue
            for text in root.iter(f"{W}t"):
                if text.text and marks.MARK.search(text.text):
                    text.text = marks.plain(text.text)
        settings = self.document.settings.element
        for one in settings.findall(f"{W}attachedTemplate"):
            settings.remove(one)
        for part in self.document.part.package.parts:
            for key in [key for key, one in part.rels.items() if one.reltype.endswith("/attachedTemplate")]:
                del part.rels[key]
        about = self.document.core_properties
        moment = datetime.fromisoformat(self.content["dated"])
        about.created = about.modified = moment
        about.title, about.author = self.content["title"], self.content["author"]
        about.last_modified_by, about.revision = self.content["author"], 1

    def _saved(self) -> bytes:
        kept, out = io.BytesIO(), io.BytesIO()
        self.document.save(kept)
        with zipfile.ZipFile(kept) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for info in made.infolist():
                archive.writestr(zipfile.ZipInfo(info.filename, _STAMP), made.read(info.filename), zipfile.ZIP_DEFLATED)
        return out.getvalue()


def fill(template: bytes, content: dict[str, Any], *, told: Told = lambda done, total: None) -> bytes:
    """Give a template filled with content, always the same bytes for the same; raises Unfit."""
    return Filling(template, content, told).fill()


def _parsed(xml: str) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(xml)


def _text_of(paragraph: Any) -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{W}t"))


def _after(last: Any, made: Any) -> Any:
    last.addnext(made)
    return made


def _drop(paragraph: Any) -> None:
    """Remove a paragraph that held only a sign, unless its cell or section needs it."""
    parent = paragraph.getparent()
    if paragraph.find(f"{W}pPr/{W}sectPr") is not None:
        return
    if parent.tag == f"{W}tc" and parent[-1] is paragraph:
        return
    parent.remove(paragraph)


def _drawing_paragraph(chart: Chart, relation: str, number: int) -> str:
    width, height = (side * EMU_PER_MM for side in chart.size_mm)
    quoted = {'"': "&quot;", "\n": " "}
    return (
        f'<w:p xmlns:w="{NAMESPACE}" xmlns:r="{_RELATED}" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        '<w:pPr><w:keepNext/><w:snapToGrid w:val="0"/>'
        '<w:spacing w:before="120" w:after="0" w:line="240" w:lineRule="auto"/>'
        '<w:ind w:firstLine="0" w:firstLineChars="0"/><w:jc w:val="center"/></w:pPr><w:r><w:drawing>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{number}" name="chart {number}" title="{escape(chart.title, quoted)}" '
        f'descr="{escape(chart.alt, quoted)}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
    )
