"""A DOCX file holds what was written, in its order, whatever characters came in."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

from lianxin.platform.documents import Grid, Heading, Lines, write_document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def opened(body: bytes) -> ET.Element:
    """Open each part of a file and give the document."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        parts = {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}
    return parts["word/document.xml"]


def texts(root: ET.Element) -> list[str]:
    return ["".join(one.text or "" for one in line.iter(f"{W}t")) for line in root.iter(f"{W}p")]


def test_document_holds_headings_lines_and_tables_in_their_order() -> None:
    body = write_document(
        title="西区加装电梯",
        parts=[Heading("经过"), Lines("第一行\n第二行"), Grid(["谁", "何时"], [["物业", None], ["街道", "3月"]])],
    )

    root = opened(body)

    assert texts(root)[:8] == ["西区加装电梯", "经过", "第一行", "第二行", "谁", "何时", "物业", ""]
    assert len(list(root.iter(f"{W}tr"))) == 3
    assert body == write_document(
        title="西区加装电梯",
        parts=[Heading("经过"), Lines("第一行\n第二行"), Grid(["谁", "何时"], [["物业", None], ["街道", "3月"]])],
    )


def test_marks_and_control_characters_do_not_break_the_file() -> None:
    root = opened(write_document(title="<a & b>", parts=[Lines("甲\x00\x08乙\ufffe丙\U0001f600 ]]>")]))

    assert texts(root)[:2] == ["<a & b>", "甲乙丙\U0001f600 ]]>"]
