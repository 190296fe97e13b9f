"""Proves of a filled document, without any office program, that one would open it: parts, relations, charts."""

from __future__ import annotations

import io
import json
import posixpath
import re
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree as ET

from defusedxml.ElementTree import fromstring
from python_calamine import CalamineWorkbook

from lianxin.insight.word.__main__ import answer

MAIN = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
RELATED = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


class Package:
    """A DOCX, taken apart."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.document = self.xml("word/document.xml")

    def xml(self, name: str) -> ET.Element:
        """Give a part as a tree."""
        root: ET.Element = fromstring(self.parts[name])
        return root

    def text(self) -> str:
        """Give the words of the body."""
        return "\n".join(
            "".join(text.text or "" for text in paragraph.iter(f"{MAIN}t"))
            for paragraph in self.document.iter(f"{MAIN}p")
        )

    def charts(self) -> list[str]:
        """Give the names of the charts' parts."""
        return sorted(name for name in self.parts if name.startswith("word/charts/") and name.endswith(".xml"))

    def book_of(self, chart: str) -> list[list[object]]:
        """Give the rows of the workbook inside a chart."""
        (target,) = self._targets(f"word/charts/_rels/{chart.rpartition('/')[2]}.rels")
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(self.parts[target])).get_sheet_by_index(0)
        return [list(row) for row in sheet.to_python()]

    def prove(self) -> list[str]:
        """Name whatever would keep an office program from opening it, or a reader from reading it."""
        return [*self._loose_ends(), *self._untyped(), *self._rests(), *self._charts()]

    def _targets(self, rels: str) -> list[str]:
        folder = posixpath.dirname(posixpath.dirname(rels))
        return [
            posixpath.normpath(posixpath.join(folder, one.get("Target", "")))
            if not one.get("Target", "").startswith("/")
            else one.get("Target", "")[1:]
            for one in self.xml(rels).iter(f"{RELATED}Relationship")
            if one.get("TargetMode") != "External"
        ]

    def _loose_ends(self) -> list[str]:
        wrong = []
        for name in self.parts:
            if name.endswith(".rels"):
                wrong += [f"{name}: {target}" for target in self._targets(name) if target not in self.parts]
            if name.endswith((".xml", ".rels")):
                self.xml(name)
        ids = {one.get("Id") for one in self.xml("word/_rels/document.xml.rels")}
        used = set(re.findall(rb'r:(?:id|embed)="(\w+)"', self.parts["word/document.xml"]))
        return wrong + [f"no relation {one.decode()}" for one in used if one.decode() not in ids]

    def _untyped(self) -> list[str]:
        types = self.xml("[Content_Types].xml")
        endings = {one.get("Extension") for one in types.iter(f"{TYPES}Default")}
        named = {one.get("PartName") for one in types.iter(f"{TYPES}Override")}
        others = (name for name in self.parts if name != "[Content_Types].xml")
        return [
            f"{name} has no type"
            for name in others
            if f"/{name}" not in named and name.rpartition(".")[2] not in endings
        ]

    def _rests(self) -> list[str]:
        wrong = []
        for name, body in self.parts.items():
            if name.startswith("word/") and name.endswith(".xml"):
                words = body.decode()
                wrong += [f"{name}: {rest}" for rest in ("{{", "{%", "\uf8f0", "\uf8f1") if rest in words]
        numbers = [one.get("id") for one in self.document.iter(f"{DRAWN}docPr")]
        if len(numbers) != len(set(numbers)):
            wrong.append("two drawings have one number")
        wrong += ["a drawing without words" for one in self.document.iter(f"{DRAWN}docPr") if not one.get("descr")]
        return wrong

    def _charts(self) -> list[str]:
        wrong = []
        for name in self.charts():
            root, rows = self.xml(name), self.book_of(name)
            for number, series in enumerate(root.iter(f"{CHART}ser"), 1):
                labels = [one.text for one in series.findall(f".//{CHART}cat//{CHART}v")]
                values = [int(one.text or "") for one in series.findall(f".//{CHART}val//{CHART}v")]
                if labels != [row[0] for row in rows[1:]] or values != [
                    int(str(row[number]).split(".")[0]) for row in rows[1:]
                ]:
                    wrong.append(f"{name}: the chart and its workbook differ")
                if {one.get("val") for one in series.iter(f"{CHART}ptCount")} != {"1", str(len(labels))}:
                    wrong.append(f"{name}: points are miscounted")
        return wrong


def run_here(*words: str, seconds: int, told: Callable[[int, int], None] = lambda done, total: None) -> str:
    """Stand in for the process that reads and fills, within the test's own."""
    return json.dumps(answer(words, told))
