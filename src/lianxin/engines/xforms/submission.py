"""A filled form as an XML document, written and read, and what it says independent of how it is written."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from lianxin.engines.xforms import answers
from lianxin.engines.xforms.calculation import MOST_REPETITIONS
from lianxin.engines.xforms.definitions import Form
from lianxin.engines.xforms.functions import World
from lianxin.engines.xforms.instance import Instance, moment_ms
from lianxin.engines.xforms.nodes import Node
from lianxin.engines.xforms.xform import bare

NAMESPACES = 'xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"'
LONGEST = 5 * 1024 * 1024
DEEPEST = 40


class BadSubmission(ValueError):
    """The document cannot be read."""


class OtherForm(ValueError):
    """The document belongs to another form, or to another version of it."""

    def __init__(self, form_id: str, version: str) -> None:
        super().__init__(f"{form_id} {version}".strip())
        self.form_id = form_id
        self.version = version


def to_xml(instance: Instance, *, instance_id: str = "", deprecated_id: str = "") -> str:
    """Write what is asked and answered; an `instance_id` replaces the one that the form began with."""
    form = instance.form
    root = instance.document.children[0]
    head = f"<{root.name} {NAMESPACES} id={quoteattr(form.id)}"
    if form.version:
        head += f" version={quoteattr(form.version)}"
    replaced = {"/instanceID": instance_id, "/deprecatedID": deprecated_id}
    body = "".join(element(instance, node, replaced) for node in root.children)
    if deprecated_id and "<deprecatedID>" not in body:
        body = body.replace("</meta>", f"<deprecatedID>{escape(deprecated_id)}</deprecatedID></meta>")
    return f"<?xml version='1.0' encoding='UTF-8'?>{head}>{body}</{root.name}>"


def element(instance: Instance, node: Node, replaced: dict[str, str]) -> str:
    """Write a node; nothing for what is not asked."""
    if not node.relevant:
        return ""
    if instance.form.nodes[node.definition].kind != "leaf":
        return f"<{node.name}>{''.join(element(instance, below, replaced) for below in node.children)}</{node.name}>"
    value = node.value
    if node.parent is not None and node.parent.name == "meta":
        value = replaced.get(f"/{node.name}") or value
    text = escape(value, {"\r": "&#13;"})
    return f"<{node.name}>{text}</{node.name}>" if text else f"<{node.name}/>"


def parse_submission(xml: bytes | str) -> Element:
    """Parse a received document; no entities, no document type, not too large, not too deep."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    if len(xml) > LONGEST:
        raise BadSubmission("the document is too large")
    try:
        root: Any = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BadSubmission(str(error)) from error
    if too_deep(root):
        raise BadSubmission("the document is nested too deeply")
    return root  # type: ignore[no-any-return]


def too_deep(root: Element) -> bool:
    """Say whether elements are nested more than any form does."""
    level = [root]
    for _ in range(DEEPEST):
        level = [below for above in level for below in above]
        if not level:
            return False
    return True


def form_of(xml: bytes | str) -> tuple[str, str]:
    """Give the form's id and version that a received document names."""
    root = parse_submission(xml)
    return root.get("id", ""), root.get("version", "")


def instance_id_of(xml: bytes | str) -> tuple[str, str]:
    """Give the identifier of a received document, and of the one that it replaces."""
    found = {"instanceID": "", "deprecatedID": ""}
    for meta in parse_submission(xml):
        if bare(meta.tag) == "meta":
            found |= {bare(one.tag): (one.text or "").strip() for one in meta if bare(one.tag) in found}
    return found["instanceID"], found["deprecatedID"]


def read_xml(
    form: Form,
    xml: bytes | str,
    *,
    at: datetime,
    uuid: Callable[[], str],
    language: str | None = None,
    offset: int = 480,
) -> Instance:
    """Read a received document: its values are kept as they came; what is asked and offered is worked out anew."""
    root = parse_submission(xml)
    if root.get("id", "") != form.id or (form.version and root.get("version", "") != form.version):
        raise OtherForm(root.get("id", ""), root.get("version", ""))
    world = World(moment_ms(at), uuid, Random(0).random, offset)  # noqa: S311 (keeps no secret)
    instance = Instance(form, world, language=language)
    fill(instance, 0, root, instance.document)
    instance.received()
    return instance


def fill(instance: Instance, number: int, source: Element | None, parent: Node) -> None:
    """Take an element of a received document, or the lack of one, as a node."""
    form = instance.form
    definition = form.nodes[number]
    node = parent.add(Node(definition.name, definition=number))
    instance.nodes[number].append(node)
    elements: dict[str, list[Element]] = {}
    for below in source if source is not None else ():
        elements.setdefault(bare(below.tag), []).append(below)
    if definition.kind == "leaf":
        text = (source.text or "") if source is not None else ""
        node.stored = answers.cut(definition, text)
        if text.strip() and not node.stored:
            node.refused = (text, answers.take(definition, text)[1] or "not_understood")
        return
    for child in form.children[number]:
        there = elements.pop(form.nodes[child].name, [])
        if form.nodes[child].kind != "repeat":
            fill(instance, child, there[0] if there else None, node)
            instance.unknown += [f"{form.path(child)} ({len(there)})"] if len(there) > 1 else []
            continue
        for one in there[:MOST_REPETITIONS]:
            fill(instance, child, one, node)
        if len(there) > MOST_REPETITIONS:
            instance.unknown.append(f"{form.path(child)} ({len(there)})")
    known_meta = {"instanceID", "deprecatedID", "instanceName", "timeStart", "timeEnd", "userID", "deviceID"}
    instance.unknown += [
        f"{form.path(number)}/{name}" for name in elements if not (definition.name == "meta" and name in known_meta)
    ]


def answered(instance: Instance) -> Iterator[tuple[str, str]]:
    """Give every answer that counts, by its path."""
    for node in instance.document.walk():
        if node.definition >= 0 and instance.form.nodes[node.definition].kind == "leaf" and node.value:
            yield instance.path(node), node.value


def content_digest(instance: Instance) -> str:
    """Digest what the answers say: the same for every way of writing the document, without its identifiers."""
    said = [[path, value] for path, value in answered(instance) if "/meta/" not in path]
    text = json.dumps([instance.form.id, instance.form.version, said], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
