"""Reads an XForm, as pyxform writes it, into a form."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from xml.etree.ElementTree import Element

from lianxin.engines.reasons import Reason
from lianxin.engines.xforms import dependencies, findings
from lianxin.engines.xforms.definitions import Definition, Form, Item, Parts, Texts
from lianxin.engines.xforms.grammar import Ast, BadExpression, parse

XF = "{http://www.w3.org/2002/xforms}"
H = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
TYPES = {"string", "int", "decimal", "date", "dateTime", "geopoint", "binary"}
CONTROLS: dict[str, str] = {
    "input": "input",
    "select1": "select1",
    "select": "select",
    "trigger": "trigger",
    "upload": "upload",
}
PRELOADS = {
    ("timestamp", "start"): "start",
    ("timestamp", "end"): "end",
    ("date", "today"): "today",
    ("property", "deviceid"): "deviceid",
    ("uid", ""): "uid",
}
ITEXT = re.compile(r"\s*jr:itext\('(.*)'\)\s*", re.DOTALL)
NO_TRANSLATION = "-"
EXPRESSIONS = ("relevant", "required", "readonly", "constraint", "calculate")


class BadForm(ValueError):
    """The text is no XForm."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something in an XForm that is refused, or worth a note: at which path, in which part of it."""

    path: str
    part: str
    reason: Reason
    refuses: bool = True


@dataclass
class Reader:
    """Reads one XForm; gathers everything that is wrong with it."""

    wrong: list[Wrong] = field(default_factory=list)
    texts: dict[str, dict[str, Element]] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)

    def read(self, xml: str | bytes) -> Form | None:
        """Give the form; None if something is refused."""
        head, body = parts_of(xml)
        model = child(head, "model")
        self.read_texts(model)
        instances = model.findall(f"{XF}instance")
        root = next(iter(instances[0]), None) if instances else None
        if root is None:
            raise BadForm("the XForm has no instance")
        default = next((str(one.get("lang")) for one in model.iter(f"{XF}translation") if one.get("default")), "")
        form = Form(
            id=root.get("id", ""),
            version=root.get("version", ""),
            title="".join(head.findtext(f"{H}title") or ""),
            languages=self.languages,
            default_language=default or next(iter(self.languages), ""),
            nodes=[],
            lists={str(one.get("id")): self.items(one) for one in instances[1:]},
            order=[],
            feeds={},
        )
        self.tree(form, root, -1)
        by_path = {form.path(number): node for number, node in enumerate(form.nodes)}
        for bind in model.findall(f"{XF}bind"):
            self.bind(by_path, bind)
        for action in [*model.iter(f"{XF}setvalue"), *body.iter(f"{XF}setvalue")]:
            path = action.get("ref", "")
            if "xforms-value-changed" in action.get("event", ""):
                self.wrong.append(Wrong(path, "trigger", findings.unsupported("trigger")))
            elif path in by_path:
                by_path[path].first_value = self.expression(path, "default", action.get("value"))
        self.body(by_path, body)
        self.check(form)
        return None if any(wrong.refuses for wrong in self.wrong) else form

    # --- words

    def read_texts(self, model: Element) -> None:
        for translation in model.iter(f"{XF}translation"):
            language = translation.get("lang", "")
            self.languages.append(language)
            for text in translation.findall(f"{XF}text"):
                self.texts.setdefault(text.get("id", ""), {})[language] = text
        if self.languages == ["default"]:
            self.languages = [""]

    def words(self, path: str, part: str, element: Element | None) -> tuple[Texts, dict[str, str]]:
        """Give the sentences of a label or hint, and its pictures, by language."""
        if element is None:
            return {}, {}
        reference = element.get("ref")
        if reference is None:
            parts = self.sentence(path, part, element)
            return ({"": parts} if parts else {}), {}
        found = ITEXT.fullmatch(reference)
        return self.itext(path, part, found[1]) if found else ({}, {})

    def itext(self, path: str, part: str, name: str) -> tuple[Texts, dict[str, str]]:
        """Give the sentences and pictures behind a name."""
        texts: Texts = {}
        images: dict[str, str] = {}
        for language, element in self.texts.get(name, {}).items():
            language = "" if self.languages == [""] else language
            for value in element.findall(f"{XF}value"):
                kind = value.get("form")
                if kind in ("image", "big-image"):
                    images[language] = "".join(value.itertext()).removeprefix("jr://images/")
                elif kind is None and (parts := self.sentence(path, part, value)) not in ([], [NO_TRANSLATION]):
                    texts[language] = parts
        return texts, images

    def sentence(self, path: str, part: str, element: Element) -> Parts:
        """Give the pieces of a sentence."""
        parts: Parts = [element.text] if element.text else []
        for output in element:
            ast = self.expression(path, part, output.get("value"))
            parts += [ast] if ast is not None else []
            parts += [output.tail] if output.tail else []
        for end, strip in ((0, str.lstrip), (-1, str.rstrip)):
            if parts and isinstance(parts[end], str):
                parts[end] = strip(parts[end])
        return [piece for piece in parts if piece != ""]

    def items(self, instance: Element) -> list[Item]:
        """Read a choice list."""
        found = []
        for element in instance.iter(f"{XF}item"):
            cells = {cell.tag.removeprefix(XF): cell.text or "" for cell in element}
            label, image = self.itext("", "choices", cells.pop("itextId")) if "itextId" in cells else ({}, {})
            if any(not isinstance(piece, str) for parts in label.values() for piece in parts):
                self.wrong.append(Wrong("", "choices", findings.unsupported("${…} in the label of a choice")))
            if "label" in cells:
                label = {"": [cells["label"]]}
            found.append(Item(cells, label, image))
        return found

    # --- the tree of questions

    def tree(self, form: Form, element: Element, parent: int) -> None:
        """Add an element of the instance and everything below it."""
        kind: Literal["leaf", "group"] = "group" if len(element) else "leaf"
        node = Definition(bare(element.tag), parent, kind, default="" if len(element) else (element.text or ""))
        form.nodes.append(node)
        number = len(form.nodes) - 1
        if element.get(f"{JR}template") is not None:
            node.kind = "repeat"
        templates = {one.tag for one in element if one.get(f"{JR}template") is not None}
        seen: set[str] = set()
        for below in element:
            if below.tag in seen and (below.tag in templates or node.kind == "repeat"):
                continue
            seen.add(below.tag)
            self.tree(form, below, number)

    def bind(self, by_path: Mapping[str, Definition], bind: Element) -> None:
        """Read what holds for a question."""
        path = bind.get("nodeset", "")
        node = by_path.get(path)
        if node is None:
            return
        node.type = bind.get("type", "string").removeprefix("xsd:")
        if node.type not in TYPES and node.kind == "leaf":
            self.wrong.append(Wrong(path, "type", findings.unsupported(node.type)))
        for part in EXPRESSIONS:
            ast = self.expression(path, part, bind.get(part))
            fixed = ast == ["f", "false", []] if part in ("required", "readonly") else ast == ["f", "true", []]
            setattr(node, part, None if fixed and part != "calculate" else ast)
        for part, name in (("required_message", "requiredMsg"), ("constraint_message", "constraintMsg")):
            setattr(node, part, self.message(path, part, bind.get(f"{JR}{name}")))
        if (preload := bind.get(f"{JR}preload")) is not None:
            node.preload = PRELOADS.get((preload, bind.get(f"{JR}preloadParams", "")), "")
            if not node.preload:
                self.wrong.append(
                    Wrong(path, "type", findings.unsupported(f"{preload} {bind.get(f'{JR}preloadParams')}"))
                )

    def message(self, path: str, part: str, text: str | None) -> Texts:
        """Read a message that is given in a bind."""
        if text is None:
            return {}
        found = ITEXT.fullmatch(text)
        return self.itext(path, part, found[1])[0] if found else {"": [text]}

    def expression(self, path: str, part: str, text: str | None) -> Ast | None:
        """Read an expression; a literal path in jr:choice-name becomes a path."""
        if text is None or not text.strip():
            return None
        try:
            return with_choice_paths(parse(text))
        except BadExpression as error:
            self.wrong.append(Wrong(path, part, findings.bad_expression(str(error))))
            return None

    # --- what is shown

    def body(self, by_path: Mapping[str, Definition], body: Element) -> None:
        """Read the controls."""
        for element in shown(body):
            tag = bare(element.tag)
            path = element.get("ref") or element.get("nodeset") or ""
            node = by_path.get(path)
            if node is None:
                continue
            label = child(element, "label") if tag != "repeat" else None
            if label is not None:
                node.label, node.image = self.words(path, "label", label)
            node.appearance = element.get("appearance") or node.appearance
            if tag == "repeat":
                node.kind = "repeat"
                node.count = self.expression(path, "repeat_count", element.get(f"{JR}count"))
                node.control = "group"
                continue
            if tag == "group":
                node.control = "group"
                continue
            if tag not in CONTROLS or (tag == "upload" and not (element.get("mediatype") or "").startswith("image/")):
                self.wrong.append(Wrong(path, "type", findings.unsupported(element.get("mediatype") or tag)))
                continue
            node.control = CONTROLS[tag]
            node.hint = self.words(path, "hint", child(element, "hint"))[0]
            if (
                tag == "input"
                and node.type == "string"
                and node.readonly == ["f", "true", []]
                and node.calculate is None
            ):
                node.control = "note" if not node.default and node.first_value is None else "input"
            if (itemset := child(element, "itemset")) is not None:
                self.itemset(path, node, itemset)
            elif tag in ("select1", "select"):
                self.wrong.append(Wrong(path, "type", findings.unsupported("choices without a list")))

    def itemset(self, path: str, node: Definition, itemset: Element) -> None:
        """Read where a question's choices come from."""
        node.items = self.expression(path, "choice_filter", itemset.get("nodeset"))
        start = node.items[1] if node.items and node.items[0] == "p" else None
        value = child(itemset, "value")
        if start is None or start[:2] != ["f", "instance"] or value is None or value.get("ref") != "name":
            self.wrong.append(Wrong(path, "type", findings.unsupported(itemset.get("nodeset", "").split("(")[0])))
            node.items = None
        else:
            node.list_name = start[2][0][1]

    def check(self, form: Form) -> None:
        """Look at every expression; set the order of calculation; find circles."""
        for number, node in enumerate(form.nodes):
            path = form.path(number)
            for part, ast in expressions_of(node):
                needs = dependencies.needs_of(form, number, ast)
                said: set[str] = set()
                for reason in [*needs.wrong, *needs.notes]:
                    if str(reason) not in said:
                        said.add(str(reason))
                        self.wrong.append(Wrong(path, part, reason, refuses=reason in needs.wrong))
        if not self.wrong or not any(wrong.refuses for wrong in self.wrong):
            for ring in dependencies.arrange(form):
                names = [form.nodes[number].name for number in ring]
                self.wrong.append(Wrong(form.path(ring[0]), "", findings.circle([*names, names[0]])))


def expressions_of(node: Definition) -> Iterator[tuple[str, Ast]]:
    """Give all the expressions of a question with the part that each stands in."""
    for part in (*EXPRESSIONS, "count", "first_value", "items"):
        ast = getattr(node, part)
        if ast is not None:
            yield {"count": "repeat_count", "first_value": "default", "items": "choice_filter"}.get(part, part), ast
    for part in ("label", "hint", "required_message", "constraint_message"):
        for pieces in getattr(node, part).values():
            yield from ((part, piece) for piece in pieces if not isinstance(piece, str))


def with_choice_paths(ast: Any) -> Any:
    """Read the path that jr:choice-name takes as text."""
    if not isinstance(ast, list):
        return ast
    if ast[:2] == ["f", "jr:choice-name"] and len(ast[2]) == 2 and ast[2][1][0] == "s":
        return ["f", ast[1], [with_choice_paths(ast[2][0]), parse(ast[2][1][1])]]
    return [with_choice_paths(part) for part in ast]


def shown(element: Element) -> Iterator[Element]:
    """Give the controls of the body in order, those of groups and repeats too."""
    for below in element:
        if bare(below.tag) in (*CONTROLS, "group", "repeat", "range", "rank", "secret"):
            yield below
            if bare(below.tag) in ("group", "repeat"):
                yield from shown(below)


def parts_of(xml: str | bytes) -> tuple[Element, Element]:
    """Give the head and the body of an XForm."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        document: Any = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BadForm(f"the XForm cannot be read: {error}") from error
    head, body = document.find(f"{H}head"), document.find(f"{H}body")
    if head is None or body is None or head.find(f"{XF}model") is None:
        raise BadForm("the document is no XForm")
    return head, body


def child(element: Element, name: str) -> Any:
    """Give the child of a name."""
    return element.find(f"{XF}{name}")


def bare(tag: str) -> str:
    """Give a tag without its namespace."""
    return tag.rpartition("}")[2]


def read_xform(xml: str | bytes) -> tuple[Form | None, list[Wrong]]:
    """Read an XForm; give the form, unless something in it is refused, and all that is wrong."""
    reader = Reader()
    form = reader.read(xml)
    return form, reader.wrong
