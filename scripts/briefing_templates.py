"""Builds `data/briefing_templates/`: the Word templates that briefings are made from until somebody edits one.

The layout follows GB/T 9704-2012: A4, margins 37 mm at the top and 28 mm at the left, a text block of 156 × 225 mm with
22 lines of 28 letters, the number of the page between dashes at the outer side. Afterwards put the SHA-256 that
`scripts/data_digests.py` names into `data/manifest.json`.
"""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

FOLDER = Path(__file__).resolve().parents[1] / "data" / "briefing_templates"
SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
# What an office program takes where a font is not installed.
INSTEAD = {SONG: "宋体", FANG: "仿宋", KAI: "楷体", HEI: "SimHei"}
LINE = Pt(28.95)
RED = RGBColor(0xC0, 0x00, 0x00)
_STAMP = (2020, 1, 1, 0, 0, 0)

Part = tuple[str, str]
TOPICS: dict[str, tuple[str, list[str]]] = {
    "activities": (
        "服务活动",
        [
            "occurrences_held_by_month",
            "person_times_by_month",
            "person_times_by_place",
            "occurrences_held_by_category",
        ],
    ),
    "volunteering": (
        "志愿服务",
        ["volunteer_occurrences_by_month", "volunteer_person_times_by_month", "volunteer_occurrences_by_place"],
    ),
    "voice": ("民声办理与协商议事", ["cases_heard_and_cases_ended_by_month", "cases_confirmed_by_place"]),
    "lists": ("需求、资源和项目", ["needs_heard_and_answers_given_by_month", "needs_heard_by_place"]),
    "points": ("积分和服务超市", ["points_awarded_and_points_redeemed_by_month", "goods_redeemed_by_month"]),
    "places": ("服务阵地", ["visits_by_month", "openings_by_place"]),
    "people": ("服务对象", []),
}
NUMERALS = "一二三四五六七八九十"
APPENDED = ("activities", "volunteering", "voice", "lists", "points")


def month() -> list[Part]:
    """Give the parts of a monthly briefing: what is most asked for, on a few pages."""
    parts: list[Part] = [("heading", "一、总体情况"), ("text", "{{ text.summary }}"), ("block", "{{ table.headline }}")]
    parts += [("heading", "二、变化较大的方面"), ("text", "{{ text.changes }}")]
    parts += [("heading", "三、服务活动"), ("text", "{{ text.activities }}")]
    parts += [("block", "{{ chart.person_times_by_day }}"), ("block", "{{ chart.person_times_by_month }}")]
    parts += [("heading", "四、民声办理"), ("text", "{{ text.voice }}")]
    parts += [("block", "{{ chart.cases_heard_and_cases_ended_by_month }}")]
    parts += [("heading", "五、需求和志愿服务"), ("text", "{{ text.lists }}"), ("text", "{{ text.volunteering }}")]
    parts += [("block", "{%p if has_places %}"), ("heading", "六、各地情况"), ("text", "{{ text.places_apart }}")]
    parts += [("block", "{{ table.places_headline }}"), ("block", "{%p endif %}")]
    return parts


def quarter() -> list[Part]:
    """Give the parts of a quarterly briefing: each topic with its table and a chart."""
    parts: list[Part] = [("heading", "一、总体情况"), ("text", "{{ text.summary }}"), ("block", "{{ table.headline }}")]
    parts += [("text", "{{ text.changes }}"), ("text", "{{ text.season }}")]
    for number, (code, (name, charts)) in enumerate(list(TOPICS.items())[:5], 1):
        parts += [("heading", f"{NUMERALS[number]}、{name}"), ("text", f"{{{{ text.{code} }}}}")]
        parts += [("block", f"{{{{ table.{code} }}}}")]
        parts += [("block", f"{{{{ chart.{chart} }}}}") for chart in charts[:1]]
    parts += [("block", "{%p if has_places %}"), ("heading", "七、各地情况"), ("text", "{{ text.places_apart }}")]
    parts += [("block", f"{{{{ table.places_{code} }}}}") for code in ("activities", "voice", "lists")]
    return [*parts, ("block", "{%p endif %}")]


def year() -> list[Part]:
    """Give the parts of a yearly briefing: a chapter for each topic, then the tables of all places."""
    parts: list[Part] = [("heading", "一、总体情况"), ("text", "{{ text.summary }}"), ("block", "{{ table.headline }}")]
    parts += [("sub", "（一）变化较大的方面"), ("text", "{{ text.changes }}")]
    parts += [("sub", "（二）时节与节庆"), ("text", "{{ text.season }}"), ("text", "{{ text.festivals }}")]
    parts += [("block", "{{ table.months_headline }}")]
    for number, (code, (name, charts)) in enumerate(TOPICS.items(), 1):
        parts += [
            ("heading", f"{NUMERALS[number]}、{name}"),
            ("sub", "（一）基本情况"),
            ("text", f"{{{{ text.{code} }}}}"),
        ]
        parts += [("block", f"{{{{ table.{code} }}}}")]
        if charts:
            parts += [("sub", "（二）走势和分布")]
            parts += [("block", f"{{{{ chart.{chart} }}}}") for chart in charts]
        if code == "activities":
            parts += [("block", "{{ table.categories }}")]
        parts += [
            ("block", "{%p if has_places %}"),
            ("block", f"{{{{ table.places_{code} }}}}"),
            ("block", "{%p endif %}"),
        ]
    parts += [("heading", "九、各地情况"), ("text", "{{ text.places_apart }}")]
    parts += [("block", "{%p if has_communities %}"), ("page", "附表：各社区情况")]
    parts += [("block", f"{{{{ table.communities_{code} }}}}") for code in APPENDED]
    return [*parts, ("block", "{%p endif %}")]


KINDS = {"month": ("月度", month), "quarter": ("季度", quarter), "year": ("年度", year)}


def build(kind: str) -> bytes:
    """Give one template."""
    word, parts = KINDS[kind]
    document = Document()
    _styles(document)
    _page(document)
    _head(document)
    for style, words in parts():
        looks = {"text": "Normal", "block": "Block", "sub": "Heading 2"}
        paragraph = document.add_paragraph(words, style=looks.get(style, "Heading 1"))
        paragraph.paragraph_format.page_break_before = style == "page" or None
    _foot(document)
    _chinese(document)
    _fonts(document)
    about = document.core_properties
    about.title, about.author, about.comments = f"社区服务{word}简报（模板）", "Lianxin", ""
    about.created = about.modified = datetime(2020, 1, 1, tzinfo=UTC)
    return _fixed(document)


def _face(style: Any, face: str, size: float, *, latin: str = "Times New Roman") -> None:
    style.font.name, style.font.size = latin, Pt(size)
    look = style.element.get_or_add_rPr()
    fonts = look.find(qn("w:rFonts"))
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:eastAsia"), face)
    style.font.bold = style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)


def _lines(style: Any, *, first: int = 0, before: float = 0) -> None:
    shape = style.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    shape.space_before, shape.space_after = Pt(before), Pt(0)
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLine"), str(first * 320))
    indent.set(qn("w:firstLineChars"), str(first * 100))


def _styles(document: Any) -> None:
    normal = document.styles["Normal"]
    _face(normal, FANG, 16)
    _lines(normal, first=2)
    normal.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    # Letters of 16 pt stand a quarter of a point closer: 28 of them fill 156 mm. A grid of letters is drawn by each
    # office program in its own way, this by all of them alike.
    closer = OxmlElement("w:spacing")
    closer.set(qn("w:val"), "-5")
    normal.element.get_or_add_rPr().append(closer)
    for name, face in (("Heading 1", HEI), ("Heading 2", KAI)):
        style = document.styles[name]
        _face(style, face, 16)
        _lines(style, first=2)
        style.paragraph_format.keep_with_next = True
    title = document.styles["Title"]
    _face(title, SONG, 22)
    _lines(title)
    title.paragraph_format.line_spacing = Pt(34)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for border in title.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    block = document.styles.add_style("Block", WD_STYLE_TYPE.PARAGRAPH)
    block.base_style = normal
    _lines(block)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    # 22 lines of 28.95 pt.
    for name, value in (("type", "lines"), ("linePitch", "579")):
        grid.set(qn(f"w:{name}"), value)
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _number(footer: Any, side: Any) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    shape = paragraph.paragraph_format
    shape.first_line_indent = Pt(0)
    shape.left_indent = shape.right_indent = Pt(14)
    for kind, words in (
        ("", "— "),
        ("begin", ""),
        ("instr", " PAGE "),
        ("separate", ""),
        ("", "1"),
        ("end", ""),
        ("", " —"),
    ):
        run = paragraph.add_run(words if not kind else "")
        run.font.size, run.font.name = Pt(14), "宋体"
        run._r.get_or_add_rPr().find(qn("w:rFonts")).set(qn("w:eastAsia"), "宋体")
        if kind == "instr":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = words
            run._r.append(code)
        elif kind:
            sign = OxmlElement("w:fldChar")
            sign.set(qn("w:fldCharType"), kind)
            run._r.append(sign)


def _plain(document: Any, words: str, face: str, size: float, side: Any, color: Any = None) -> Any:
    paragraph = document.add_paragraph(style="Block")
    paragraph.alignment = side
    run = paragraph.add_run(words)
    run.font.size, run.font.name = Pt(size), "Times New Roman"
    run._r.get_or_add_rPr().find(qn("w:rFonts")).set(qn("w:eastAsia"), face)
    if color is not None:
        run.font.color.rgb = color
    return paragraph


def _head(document: Any) -> None:
    """Write the red head: what it is, its number, a line; then the title."""
    mark = _plain(document, "社区服务简报", SONG, 48, WD_ALIGN_PARAGRAPH.CENTER, RED)
    mark.paragraph_format.line_spacing, mark.paragraph_format.space_before = Pt(64), Pt(24)
    number = _plain(document, "社区服务简报{{ number }}", FANG, 16, WD_ALIGN_PARAGRAPH.CENTER)
    number.paragraph_format.space_before = Pt(18)
    made = _plain(document, "{{ office }}\t{{ dated_on }}", FANG, 16, WD_ALIGN_PARAGRAPH.LEFT)
    made.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    edge = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="18" w:space="4" w:color="C00000"/></w:pBdr>'
    )
    shape = made._p.get_or_add_pPr()
    shape.insert_element_before(edge, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")
    document.add_paragraph("", style="Block")
    document.add_paragraph("{{ area }}{{ period }}社区服务情况", style="Title")
    document.add_paragraph("", style="Block")


def _foot(document: Any) -> None:
    """Write who issues it and when, and on pages of their own where each number comes from."""
    document.add_paragraph("", style="Block")
    for words in ("{{ office }}", "{{ dated_on }}"):
        signed = document.add_paragraph(words, style="Block")
        signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        signed.paragraph_format.right_indent = Pt(64)
        signed.paragraph_format.keep_with_next = True
    end = _plain(document, "印发：{{ office }}\t{{ dated_on }}", FANG, 14, WD_ALIGN_PARAGRAPH.LEFT)
    end.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    edge = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="8" w:space="4" w:color="000000"/>'
        '<w:bottom w:val="single" w:sz="8" w:space="4" w:color="000000"/></w:pBdr>'
    )
    end._p.get_or_add_pPr().insert_element_before(
        edge, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
    end.paragraph_format.space_before = Pt(24)
    document.add_paragraph("附件：数字来源", style="Heading 1").paragraph_format.page_break_before = True
    document.add_paragraph("{{ text.sources }}")
    document.add_paragraph("{{ code }}", style="Block").alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("{{ table.sources }}", style="Block")


def _chinese(document: Any) -> None:
    """Say that the text is Chinese of the mainland: where a full stop stands in its square depends on it."""
    look = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = look.find(qn("w:lang"))
    language.set(qn("w:eastAsia"), "zh-CN")


def _fonts(document: Any) -> None:
    """Name fonts that may stand in, for machines without the usual ones."""
    for part in document.part.package.parts:
        if str(part.partname) == "/word/fontTable.xml":
            fonts = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
                for name, other in INSTEAD.items()
            )
            part._blob = part.blob.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")


def _fixed(document: Any) -> bytes:
    """Give the same bytes whenever it is built."""
    kept, out = io.BytesIO(), io.BytesIO()
    # The picture of python-docx's own empty document.
    for key in [key for key, one in document.part.package.rels.items() if one.reltype.endswith("/thumbnail")]:
        del document.part.package.rels[key]
    document.save(kept)
    with zipfile.ZipFile(kept) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in sorted(made.infolist(), key=lambda one: (one.filename != "[Content_Types].xml", one.filename)):
            archive.writestr(zipfile.ZipInfo(info.filename, _STAMP), made.read(info.filename), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main() -> int:
    """Write the templates; with `--check` only tell which differ from what would be written."""
    FOLDER.mkdir(exist_ok=True)
    different = [kind for kind in KINDS if _kept(kind) != build(kind)]
    if "--check" in sys.argv:
        print(f"not as built: {', '.join(different)}" if different else "the templates are as built")
        return int(bool(different))
    for kind in different:
        (FOLDER / f"{kind}.docx").write_bytes(build(kind))
    return 0


def _kept(kind: str) -> bytes:
    path = FOLDER / f"{kind}.docx"
    return path.read_bytes() if path.exists() else b""


if __name__ == "__main__":
    sys.exit(main())
