"""What a template asks for, and whether it can be taken: it comes from people, so nothing in it is run or fetched."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docxtpl import DocxTemplate
    from jinja2 import Environment, nodes

MAIN = "word/document.xml"
MOST_FILES, MOST_BYTES = 1_000, 60 * 1024 * 1024
LOOPS = ("places", "communities", "months")
"""What a table's row may be repeated over."""
_MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACROS = re.compile(r"(?i)vbaproject|vbadata|/activex/|oleobject")
_FETCHED = ("hyperlink", "attachedTemplate")
_OUTSIDE = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")
_KIND = re.compile(rb"\bType\s*=\s*[\"'][^\"']*/(\w+)[\"']")
_FIELDS = re.compile(
    rb"(?:instrText[^>]*>|w:instr=[\"'])\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT)\b", re.I
)
_WIDE = re.compile("｛｛|｛%|｛％|{％")
_TAGS = re.compile(r"<[^>]+>")


class Unfit(ValueError):
    """A template that cannot be taken; `code` says why, for whoever puts it into words."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass
class Asked:
    """What a template asks for: names such as "figure.person_times", and columns of loops such as "places.name"."""

    names: set[str] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)


def check_package(data: bytes) -> None:
    """Look at the bytes before any of them is read as a document; raises Unfit."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_FILES or sum(one.file_size for one in infos) > MOST_BYTES:
                raise Unfit("too_large")
            names = {one.filename for one in infos}
            if MAIN not in names or "[Content_Types].xml" not in names:
                raise Unfit("not_word")
            if any(_MACROS.search(name) for name in names):
                raise Unfit("macros")
            if _MAIN_TYPE not in archive.read("[Content_Types].xml"):
                raise Unfit("not_docx")
            for name in names:
                if name.endswith((".xml", ".rels")):
                    _check_part(name, archive.read(name))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise Unfit("damaged") from None


def _check_part(name: str, body: bytes) -> None:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Unfit("damaged")
    if name.endswith(".rels"):
        for found in _OUTSIDE.findall(body):
            kind = _KIND.search(found)
            if kind is None or kind.group(1).decode() not in _FETCHED:
                raise Unfit("outside")
    if field_found := _FIELDS.search(body):
        raise Unfit("field", name=field_found.group(1).decode().upper())


def open_template(data: bytes) -> DocxTemplate:
    """Open a template; raises Unfit."""
    from docxtpl import DocxTemplate
    from lxml import etree

    class Strict(DocxTemplate):  # type: ignore[misc]
        """docxtpl mends broken markup as well as it can; here a condition that cuts through a table is told of."""

        def fix_tables(self, xml: str) -> Any:
            try:
                etree.fromstring(xml, parser=etree.XMLParser(resolve_entities=False, no_network=True))
            except etree.XMLSyntaxError:
                raise Unfit("layout") from None
            return super().fix_tables(xml)

    check_package(data)
    try:
        template = Strict(io.BytesIO(data))
        template.init_docx()
    except Exception:  # noqa: BLE001 - whatever python-docx and lxml say of a broken package, it cannot be taken
        raise Unfit("damaged") from None
    return template


def environment() -> Environment:
    """Give the fenced engine: what a template names and was not given is an error, and text is never markup."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    made.globals.clear()
    made.filters.clear()
    made.tests.clear()
    return made


def read_asked(template: DocxTemplate) -> Asked:
    """Give what a template asks for; raises Unfit for what is written wrong or is not taken here."""
    from jinja2 import TemplateError

    asked = Asked()
    engine = environment()
    for source in _sources(template):
        if wide := _WIDE.search(_TAGS.sub("", source)):
            raise Unfit("wide", near=_near(_TAGS.sub("", source), wide.start()))
        try:
            tree = engine.parse(source)
        except TemplateError as error:
            lines = source.splitlines()
            number = (getattr(error, "lineno", None) or len(lines)) - 1
            words = _TAGS.sub("", lines[min(number, len(lines) - 1)]) if lines else ""
            raise Unfit("syntax", near=words.strip()[:60]) from None
        _walk(tree, {}, asked)
    return asked


def _near(text: str, at: int) -> str:
    return text[at : at + 30].strip()


def _sources(template: DocxTemplate) -> Iterator[str]:
    """Give the texts that are filled: body, headers and footers, foot notes, and the title in the properties."""
    document = template.docx
    assert document is not None
    breaks = re.compile("<w:p([ >])")
    for xml in (template.get_xml(), *_side_parts(template)):
        yield breaks.sub(r"\n<w:p\1", template.patch_xml(xml))
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        yield getattr(document.core_properties, name) or ""


def _side_parts(template: DocxTemplate) -> Iterator[str]:
    document = template.docx
    assert document is not None
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _key, part in template.get_headers_footers(uri):
            yield template.get_part_xml(part)
    for part in document.part.package.parts:
        if part.content_type.endswith("wordprocessingml.footnotes+xml"):
            yield part.blob.decode("utf-8")


def _walk(node: nodes.Node, loops: dict[str, str], asked: Asked) -> None:
    from jinja2 import nodes

    taken = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Not, nodes.And, nodes.Or)
    if isinstance(node, nodes.For):
        source, target = node.iter, node.target
        if not isinstance(source, nodes.Name) or source.name not in LOOPS or not isinstance(target, nodes.Name):
            raise Unfit("loop", name=_chain(source) or "…", loops=", ".join(LOOPS))
        if node.test is not None or node.recursive or loops:
            raise Unfit("nested")
        asked.names.add(source.name)
        for child in (*node.body, *node.else_):
            _walk(child, loops | {target.name: source.name}, asked)
        return
    if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
        name = _chain(node)
        if not name or "._" in name or name.startswith("_"):
            raise Unfit("not_taken", name=name or type(node).__name__)
        root, _dot, rest = name.partition(".")
        if root == "loop" and loops and rest == "index":
            return
        if root in loops:
            asked.rows.add(f"{loops[root]}.{rest}")
        else:
            asked.names.add(name)
        return
    if not isinstance(node, taken):
        raise Unfit("not_taken", name=type(node).__name__)
    for child in node.iter_child_nodes():
        _walk(child, loops, asked)


def _chain(node: Any) -> str:
    """Give "figure.person_times" of what reads so; "" for anything else."""
    from jinja2 import nodes

    if isinstance(node, nodes.Name):
        return str(node.name)
    if isinstance(node, nodes.Getattr):
        before = _chain(node.node)
        return f"{before}.{node.attr}" if before else ""
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        before = _chain(node.node)
        return f"{before}.{node.arg.value}" if before else ""
    return ""
