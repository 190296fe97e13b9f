"""The part of XLSForm that is carried out, and the search of a workbook's cells for what lies outside it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lianxin.engines.reasons import N_, Reason
from lianxin.engines.xforms import findings
from lianxin.engines.xforms.evaluation import known_functions
from lianxin.engines.xforms.findings import Finding
from lianxin.engines.xforms.grammar import BadExpression, parse

Rows = Sequence[Sequence[str]]

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
OTHER_SHEETS = ("external_choices", "osm", "entities")
MOST_QUESTIONS, MOST_CHOICES, MOST_LETTERS = 2_000, 20_000, 20_000

TYPES = {
    *(
        "text",
        "string",
        "integer",
        "int",
        "decimal",
        "date",
        "note",
        "calculate",
        "image",
        "photo",
        "geopoint",
        "location",
    ),
    *("acknowledge", "trigger", "start", "end", "today", "deviceid"),
}
BEGIN = re.compile(r"begin[ _](group|repeat)")
END = re.compile(r"end[ _](group|repeat)")
SELECT = re.compile(r"(?:select[ _]one|select1|select[ _]multiple)(?: from)? (\S+)(?: (or_other|or other))?")
EXPRESSION_COLUMNS = {"relevant", "constraint", "calculation", "choice_filter", "repeat_count", "required", "readonly"}
SENTENCE_COLUMNS = {"label", "hint", "constraint_message", "required_message"}
COLUMNS = {*EXPRESSION_COLUMNS, *SENTENCE_COLUMNS, "type", "name", "default", "appearance", "image", "parameters"}
ALIASES = {
    "relevance": "relevant",
    "calculate": "calculation",
    "read_only": "readonly",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "caption": "label",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "command": "type",
    "tag": "name",
    "value": "name",
    "list name": "list_name",
    "bind::relevant": "relevant",
    "bind::constraint": "constraint",
    "bind::calculate": "calculation",
    "bind::required": "required",
    "body::appearance": "appearance",
    "control::appearance": "appearance",
}
COMMENTS = {"comment", "comments", "notes", "remark", "remarks", "备注", "说明"}
APPEARANCES = {
    *("minimal", "multiline", "numbers", "quick", "autocomplete", "horizontal", "horizontal-compact", "quickcompact"),
    *("compact", "columns", "columns-pack", "no-buttons", "field-list", "thousands-sep", "new", "likert", "maps"),
    *("placement-map", "label", "list-nolabel", "list"),
}
NUMBERED_APPEARANCE = re.compile(r"(?:columns|compact|w)-?\d+")
SETTINGS_COLUMNS = {
    *("form_title", "form_id", "version", "default_language", "title", "id_string", "set_form_title", "set_form_id"),
    *("style", "instance_name"),
}
REFERENCE = re.compile(r"\$\{\s*([^}]*?)\s*\}")
YES_NO = {"yes", "no", "true", "false", "true()", "false()"}
ARITY = known_functions()
NEEDS_FORM_ID = Reason("no_form_id", N_("The sheet “settings” needs a form_id."))


def column_name(header: str) -> str:
    """Give the name by which the program knows a column: without its language, in the usual spelling."""
    plain = re.sub(r"\s*::?\s*", "::", header.strip()) if "::" in header else header.strip()
    lowered = plain.lower()
    if lowered in ALIASES:
        return ALIASES[lowered]
    if lowered.startswith("media::"):
        lowered = lowered.removeprefix("media::")
    first = lowered.partition("::")[0].replace(" ", "_")
    return ALIASES.get(first, first)


@dataclass
class Search:
    """Looks at every cell of a workbook; knows afterwards where each question stands."""

    sheets: Mapping[str, Rows]
    found: list[Finding] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    """The row of each path."""
    headers: dict[str, str] = field(default_factory=dict)
    """The header of each column of the survey, by the column's name."""

    def refuse(self, sheet: str, row: int | None, column: str, reason: Reason) -> None:
        self.found.append(Finding(sheet, row, column, reason))

    def run(self) -> list[Finding]:
        """Look at all the sheets."""
        if not self.sheets.get(SURVEY):
            self.refuse("", None, "", findings.missing_sheet(SURVEY))
            return self.found
        for name in OTHER_SHEETS:
            if len(self.sheets.get(name, ())) > 1:
                self.refuse(name, None, "", findings.unsupported(name))
        lists = self.choices()
        self.survey(lists)
        self.settings()
        return self.found

    def cells(self, sheet: str) -> Iterator[tuple[int, dict[str, tuple[str, str]]]]:
        """Give each row's number and its filled cells: by the column's name, the header and the text."""
        rows = self.sheets.get(sheet, ())
        headers = [header.strip() for header in rows[0]] if rows else []
        for number, row in enumerate(rows[1:], 2):
            filled: dict[str, tuple[str, str]] = {}
            for header, text in zip(headers, row, strict=False):
                if header and text.strip():
                    name = column_name(header)
                    filled[name if name not in filled else header] = (header, text.strip())
            if filled:
                yield number, filled

    def choices(self) -> set[str]:
        """Look at the choices; give the names of the lists."""
        lists: set[str] = set()
        count = 0
        seen: set[str] = set()
        for number, cells in self.cells(CHOICES):
            count += 1
            lists.add(cells.get("list_name", ("", ""))[1])
            for name, (header, text) in cells.items():
                if column_name(header) in ("audio", "video", "big-image") and header not in seen:
                    seen.add(header)
                    self.refuse(CHOICES, number, header, findings.unsupported(header))
                if len(text) > MOST_LETTERS:
                    self.refuse(CHOICES, number, name, findings.TOO_LARGE)
        if count > MOST_CHOICES:
            self.refuse(CHOICES, None, "", findings.too_many(CHOICES, MOST_CHOICES))
        return lists

    def settings(self) -> None:
        """Look at the settings."""
        row, cells = next(self.cells(SETTINGS), (None, {}))
        for header, _ in cells.values():
            if column_name(header) not in SETTINGS_COLUMNS:
                self.refuse(SETTINGS, row, header, findings.unsupported(header))
        if not {"form_id", "id_string", "set_form_id"} & set(cells):
            self.refuse(SETTINGS, row, "form_id", NEEDS_FORM_ID)

    def survey(self, lists: set[str]) -> None:
        """Look at the questions."""
        questions = list(self.cells(SURVEY))
        if len(questions) > MOST_QUESTIONS:
            self.refuse(SURVEY, None, "", findings.too_many(SURVEY, MOST_QUESTIONS))
            return
        names = {cells["name"][1] for _, cells in questions if "name" in cells}
        path = ["", "data"]
        columns_refused: set[str] = set()
        for number, cells in questions:
            kind = re.sub(r"\s+", " ", cells.get("type", ("", ""))[1].lower())
            name = cells.get("name", ("", ""))[1]
            if END.fullmatch(kind):
                path = path[: max(2, len(path) - 1)]
                continue
            self.rows["/".join([*path, name])] = number
            if BEGIN.fullmatch(kind):
                path = [*path, name]
            elif kind not in TYPES and kind:
                self.type(number, cells["type"], lists)
            for header, text in cells.values():
                column = column_name(header)
                self.headers.setdefault(column, header)
                if column not in COLUMNS and header.lower() not in COMMENTS and header not in columns_refused:
                    columns_refused.add(header)
                    self.refuse(SURVEY, number, header, findings.unsupported(header))
                self.cell(number, header, column, text, names)
            self.parameters(number, kind, cells)

    def type(self, number: int, cell: tuple[str, str], lists: set[str]) -> None:
        """Look at a type that is not simple."""
        header, text = cell
        found = SELECT.fullmatch(re.sub(r"\s+", " ", text))
        if found is None or found[1].startswith("${"):
            self.refuse(SURVEY, number, header, findings.unsupported(text))
        elif found[1] not in lists:
            self.refuse(SURVEY, number, header, findings.no_such_list(found[1]))

    def parameters(self, number: int, kind: str, cells: Mapping[str, tuple[str, str]]) -> None:
        """Look at parameters: only the size of a picture is known."""
        header, text = cells.get("parameters", ("", ""))
        for parameter in re.split(r"[\s;,]+", text):
            if parameter and not (kind in ("image", "photo") and parameter.startswith("max-pixels=")):
                self.refuse(SURVEY, number, header, findings.unsupported(parameter))

    def cell(self, number: int, header: str, column: str, text: str, names: set[str]) -> None:
        """Look at one cell of the survey."""
        if len(text) > MOST_LETTERS:
            self.refuse(SURVEY, number, header, findings.TOO_LARGE)
            return
        if column == "appearance":
            for word in text.split():
                if word not in APPEARANCES and not NUMBERED_APPEARANCE.fullmatch(word):
                    self.refuse(SURVEY, number, header, findings.unsupported(word))
        if column in EXPRESSION_COLUMNS | SENTENCE_COLUMNS | {"default"}:
            for name in REFERENCE.findall(text):
                if name.startswith("last-saved#"):
                    self.refuse(SURVEY, number, header, findings.unsupported("last-saved"))
                elif name not in names:
                    self.refuse(SURVEY, number, header, findings.unknown_name(name))
        if column in EXPRESSION_COLUMNS and text.lower() not in YES_NO:
            for reason in wrong_in(text):
                self.refuse(SURVEY, number, header, reason)


def wrong_in(text: str) -> list[Reason]:
    """Say what is wrong with an expression, whatever it refers to."""
    try:
        ast = parse(REFERENCE.sub("/q", text))
    except BadExpression as error:
        return [findings.bad_expression(error.what)]
    return list({str(reason): reason for reason in wrong_calls(ast)}.values())


def wrong_calls(ast: Any) -> Iterator[Reason]:
    """Find calls of functions that are not known, or with a wrong number of arguments."""
    if not isinstance(ast, list):
        return
    if ast[:1] == ["f"]:
        least, most = ARITY.get(ast[1], (-1, -1))
        if least < 0:
            yield findings.unknown_function(ast[1])
        elif not least <= len(ast[2]) <= most:
            yield findings.wrong_arguments(ast[1], len(ast[2]))
    for part in ast:
        yield from wrong_calls(part)
