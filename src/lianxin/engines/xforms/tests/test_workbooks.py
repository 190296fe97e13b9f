"""A workbook is read into a form, or everything that is wrong with it is said at once, with sheet, row and column."""

import zipfile
from io import BytesIO

import pytest

from lianxin.engines.xforms import read_sheets, read_workbook
from lianxin.engines.xforms.tests.tables import FORMS, form_file, sheets_of

SURVEY = "type|name|label|relevant|calculation|constraint|choice_filter|appearance|required|default|repeat_count"
HEADERS = SURVEY.split("|")
SETTINGS = [["form_id"], ["x"]]
CHOICES = [["list_name", "name", "label"], ["yn", "y", "是"], ["yn", "n", "否"]]


def survey(*rows: dict[str, str], extra: str = "") -> dict[str, list[list[str]]]:
    """Sheets of a questionnaire with these rows."""
    headers = [*HEADERS, extra] if extra else HEADERS
    lines = [[row.get(header, "") for header in headers] for row in rows]
    return {"survey": [headers, *lines], "choices": CHOICES, "settings": SETTINGS}


def said(sheets: dict[str, list[list[str]]]) -> list[tuple[str, int | None, str, str]]:
    """What is refused: where, and the code."""
    reading = read_sheets(sheets)
    assert reading.form is None
    return [(one.sheet, one.row, one.column, one.reason.code) for one in reading.findings if one.refuses]


def workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    """Write sheets as an XLSX workbook."""
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return out.getvalue()


def test_workbook_says_what_its_sheets_say() -> None:
    sheets, _ = form_file(FORMS[0])

    from_bytes, from_rows = read_workbook(workbook(sheets)), read_sheets(sheets)

    assert from_bytes.form is not None
    assert from_rows.form is not None
    assert from_bytes.form.to_json() == from_rows.form.to_json()
    assert "<h:title>入户走访</h:title>" in from_bytes.xform


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ({"type": "audio"}, "type", "unsupported"),
        ({"type": "range"}, "type", "unsupported"),
        ({"type": "rank yn"}, "type", "unsupported"),
        ({"type": "time"}, "type", "unsupported"),
        ({"type": "geotrace"}, "type", "unsupported"),
        ({"type": "select_one_from_file a.csv"}, "type", "unsupported"),
        ({"type": "select_one ${other}"}, "type", "unsupported"),
        ({"type": "select_one nosuch"}, "type", "no_such_list"),
        ({"relevant": "pulldata('a', 'b', 'c', 'd') = 1"}, "relevant", "unknown_function"),
        ({"relevant": "selected(${other})"}, "relevant", "wrong_arguments"),
        ({"relevant": "${nobody} = 1"}, "relevant", "unknown_name"),
        ({"constraint": ". >"}, "constraint", "bad_expression"),
        ({"constraint": "regex(., '[a')"}, "constraint", "bad_pattern"),
        ({"calculation": "${last-saved#other}"}, "calculation", "unsupported"),
        ({"appearance": "search('a')"}, "appearance", "unsupported"),
        ({"appearance": "signature"}, "appearance", "unsupported"),
        ({"type": "select_one yn", "choice_filter": "town = 'x'"}, "choice_filter", "unknown_name"),
        ({"relevant": "/data/nobody = 1"}, "relevant", "unknown_name"),
        ({"type": "text", "name": "two words"}, "", "reader"),
    ],
)
def test_what_lies_outside_the_core_is_refused_with_its_row(row: dict[str, str], column: str, code: str) -> None:
    sheets = survey(
        {"type": "text", "name": "other", "label": "别的"}, {}, {"type": "text", "name": "q", "label": "问", **row}
    )

    assert said(sheets) == [("survey", 4, column, code)]


def test_everything_is_said_at_once() -> None:
    sheets = survey(
        {"type": "video", "name": "a", "label": "甲"},
        {"type": "text", "name": "b", "label": "乙", "relevant": "digest(${a}, 'MD5')", "trigger": "${a}"},
        {"type": "text", "name": "c", "label": "丙", "constraint": "((", "appearance": "ethiopian"},
        extra="trigger",
    )
    sheets["settings"] = [["form_id", "public_key"], ["x", "abc"]]
    sheets["entities"] = [["dataset"], ["people"]]

    assert sorted(said(sheets), key=str) == sorted(
        [
            ("entities", None, "", "unsupported"),
            ("survey", 2, "type", "unsupported"),
            ("survey", 3, "relevant", "unknown_function"),
            ("survey", 3, "trigger", "unsupported"),
            ("survey", 4, "constraint", "bad_expression"),
            ("survey", 4, "appearance", "unsupported"),
            ("settings", 2, "public_key", "unsupported"),
        ],
        key=str,
    )


def test_finding_reads_as_a_sentence() -> None:
    sheets = survey({"type": "audio", "name": "q", "label": "问"})

    (finding,) = read_sheets(sheets).findings

    assert str(finding) == "sheet survey, row 2, column type: “audio” is not supported."


def test_comments_and_empty_columns_are_left_alone() -> None:
    sheets = survey({"type": "text", "name": "q", "label": "问", "备注": "给自己看的"}, extra="备注")
    sheets["survey"][0].append("trigger")

    assert read_sheets(sheets).form is not None


def test_circle_is_refused_with_the_names_in_it() -> None:
    sheets = survey(
        {"type": "integer", "name": "a", "label": "甲", "relevant": "${c} > 1"},
        {"type": "integer", "name": "b", "label": "乙", "relevant": "${a} > 1"},
        {"type": "calculate", "name": "c", "calculation": "${b} + 1"},
        {"type": "integer", "name": "after", "label": "后", "relevant": "${c} > 1"},
    )

    (finding,) = read_sheets(sheets).findings

    assert finding.reason.code == "circle"
    names = str(finding.reason).removesuffix(".").rpartition(": ")[2].split(" → ")
    assert names[0] == names[-1]
    assert set(names) == {"a", "b", "c"}


@pytest.mark.parametrize(
    "rows",
    [
        [{"type": "calculate", "name": "a", "calculation": "${a} + 1"}],
        [{"type": "integer", "name": "a", "label": "甲", "relevant": "${a} > 1"}],
        [{"type": "integer", "name": "a", "label": "甲", "relevant": ". > 1"}],
        [
            {"type": "begin_group", "name": "g", "label": "组", "relevant": "${a} = 1"},
            {"type": "integer", "name": "a", "label": "甲"},
            {"type": "end_group"},
        ],
        [
            {"type": "begin_repeat", "name": "r", "label": "复", "repeat_count": "${n}"},
            {"type": "integer", "name": "n", "label": "数"},
            {"type": "end_repeat"},
        ],
    ],
)
def test_short_circles_are_refused_too(rows: list[dict[str, str]]) -> None:
    assert [one[3] for one in said(survey(*rows))] == ["circle"]


def test_pattern_that_odk_collect_reads_differently_is_noted_but_not_refused() -> None:
    sheets = survey({"type": "text", "name": "q", "label": "问", "constraint": "regex(., '[0-9]{11}')"})

    reading = read_sheets(sheets)

    assert reading.form is not None
    assert [(one.row, one.column, one.reason.code, one.refuses) for one in reading.findings] == [
        (2, "constraint", "loose_pattern", False)
    ]


def test_form_without_an_identifier_or_a_survey_is_refused() -> None:
    nameless = survey({"type": "text", "name": "q", "label": "问"})
    del nameless["settings"]

    assert said(nameless) == [("settings", None, "form_id", "no_form_id")]
    assert said({"choices": CHOICES}) == [("", None, "", "missing_sheet")]


def packed(**files: bytes) -> bytes:
    """A zip package."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name.replace("__", "/"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_workbook"),
        ("姓名,年龄".encode(), "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "locked"),
        (packed(readme=b"hello"), "not_a_workbook"),
        (packed(**{"xl__workbook.xml": b"<broken", "[Content_Types].xml": b"<Types/>"}), "not_a_workbook"),
        (packed(**{"xl__workbook.xml": b"<workbook/>", "xl__vbaProject.bin": b"x"}), "macros"),
        (packed(**{"xl__workbook.xml": b"<workbook/>", "xl__worksheets__sheet1.xml": b"\0" * (61 << 20)}), "too_large"),
        (b"PK\x03\x04" + b"\0" * 64, "not_a_workbook"),
    ],
    ids=["empty", "text", "locked", "other package", "broken", "macros", "bomb", "cut off"],
)
def test_what_is_no_workbook_is_refused(data: bytes, code: str) -> None:
    reading = read_workbook(data)

    assert reading.form is None
    assert [one.reason.code for one in reading.findings] == [code]


def test_sample_table_is_cut_at_its_bars() -> None:
    assert sheets_of("| survey |\n| | type | name |\n| | text | a |\n") == {"survey": [["type", "name"], ["text", "a"]]}
