"""The engine of Word templates: what is refused and why, what is filled, and that data stays data."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from docx import Document

from lianxin.insight import briefing_word
from lianxin.insight.briefing_word import TemplateUnfit, fill_template, read_template
from lianxin.insight.tests.word_package import MAIN, Package, run_here
from lianxin.insight.word import marks
from lianxin.insight.word.filling import fill

OUTSIDE = (
    '<Relationship Id="rId99" TargetMode="External" Target="http://example.org/x.png" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/></Relationships>'
)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def template(*lines, rows=(), header=""):
    """Give a template with some lines, and a table of one column."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    if rows:
        table = document.add_table(rows=0, cols=1)
        for row in rows:
            table.add_row().cells[0].text = row
    if header:
        document.sections[0].header.paragraphs[0].text = header
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def with_part(data, name, body=b"", change=None):
    """Give a package with one part more, or one part changed."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w") as new:
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if change and one == name else old.read(one))
        if change is None:
            new.writestr(name, body)
    return kept.getvalue()


def content(**more):
    """Give content of one figure, one chart and one table."""
    chart = {
        "kind": "column",
        "title": "Visits",
        "alt": "Visits by month",
        "categories": ["=1+1", "+2", "-3", "@x"],
        "series": [("=SUM(A1)", [1, 2, 3, 4])],
    }
    table = {"title": "Places", "headings": ["Place", marks.noted("Visits", "visits")], "rows": [["A & <B>", "7"]]}
    whole = {
        "texts": {"area": "翠英 <社区> & 𠮷"},
        "groups": {
            "figure": {"visits": marks.noted("1,234", "visits"), "activities": marks.noted("5", "activities")},
            "chart": {"visits_by_month": marks.mark(marks.CHART, "visits_by_month")},
            "table": {"places": marks.mark(marks.TABLE, "places"), "sources": marks.mark(marks.TABLE, "sources")},
        },
        "rows": {"places": [{"name": "甲"}, {"name": "乙"}]},
        "charts": {"visits_by_month": {"chart": chart, "caption": marks.noted("Visits", "visits")}},
        "tables": {"places": table},
        "sources": {
            "title": "Sources",
            "headings": ["No.", "Code"],
            "rows": {"visits": ["visits"], "activities": ["activities"]},
            "weights": [1, 4],
        },
        "words": {"chart": "Chart", "table": "Table", "nothing": "nothing"},
        "dated": "2024-12-31T00:00:00",
        "title": "t",
        "author": "a",
    }
    return whole | more


WHOLE = template(
    "{{ area }}",
    "Visits {{ figure.visits }} and activities {{ figure.activities }}",
    "{{ chart.visits_by_month }}",
    "{{ table.places }}",
    "{{ table.sources }}",
    rows=["{%tr for one in places %}", "{{ one.name }}", "{%tr endfor %}"],
    header="{{ area }} {{ figure.visits }}",
)


def test_what_is_filled_opens_and_leaves_nothing_unfilled():
    made = Package(fill(WHOLE, content()))

    assert made.prove() == []
    assert "翠英 <社区> & 𠮷" in made.text()
    assert "Visits 1,234[1] and activities 5[2]" in made.text()
    assert "A & <B>" in made.text()
    assert {"甲", "乙"} <= set(made.text().split("\n"))
    assert len(made.charts()) == 1
    assert made.text().index("[2]\nactivities") > made.text().index("[1]\nvisits")


def test_the_number_of_a_figure_is_raised_and_keeps_the_look_of_its_line():
    made = Package(fill(WHOLE, content()))

    raised = [run for run in made.document.iter(f"{MAIN}r") if run.find(f"{MAIN}rPr/{MAIN}vertAlign") is not None]
    assert {"".join(text.text or "" for text in run.iter(f"{MAIN}t")) for run in raised} == {"[1]", "[2]"}


def test_heads_of_tables_repeat_and_rows_stay_together():
    made = Package(fill(WHOLE, content()))

    tables = [one for one in made.document.iter(f"{MAIN}tbl") if one.find(f".//{MAIN}tblHeader") is not None]
    assert len(tables) == 2
    assert all(row.find(f"{MAIN}trPr/{MAIN}cantSplit") is not None for one in tables for row in one.iter(f"{MAIN}tr"))


def test_texts_that_begin_like_formulas_stay_texts_in_the_workbook_of_a_chart():
    made = Package(fill(WHOLE, content()))

    (chart,) = made.charts()
    assert [row[0] for row in made.book_of(chart)[1:]] == ["=1+1", "+2", "-3", "@x"]
    (book,) = [body for name, body in made.parts.items() if name.endswith(".xlsx")]
    with zipfile.ZipFile(io.BytesIO(book)) as inner:
        assert b"<f>" not in inner.read("xl/worksheets/sheet1.xml")


def test_the_same_content_gives_the_same_bytes():
    assert fill(WHOLE, content()) == fill(WHOLE, content())


def test_what_has_no_numbers_says_so_instead_of_an_empty_picture():
    empty = content()
    empty["charts"]["visits_by_month"]["chart"]["series"] = [("Visits", [0, 0, 0, 0])]
    empty["tables"]["places"]["rows"] = []

    made = Package(fill(WHOLE, empty))

    assert made.prove() == []
    assert made.charts() == []
    assert "Visits：nothing" in made.text()
    assert "Places：nothing" in made.text()


def test_a_placeholder_that_word_cut_into_runs_is_found(tmp_path):
    document = Document()
    paragraph = document.add_paragraph("{{ per")
    paragraph.add_run("iod ").bold = True
    paragraph.add_run("}}")
    path = tmp_path / "cut.docx"
    document.save(str(path))

    assert read_template(path).names == ("period",)


REFUSED = {
    "figure with a slip": (
        template("{{ figure.person_tims }}"),
        "{{ figure.person_tims }} is not known; did you mean fig",
    ),
    "plain name": (template("{{ person_tims }}"), "{{ person_tims }} is not known; did you mean"),
    "chart": (template("{{ chart.person_time_by_month }}"), "did you mean chart.person_times_by_month"),
    "column": (
        template(rows=["{%tr for a in places %}", "{{ a.nam }}", "{%tr endfor %}"]),
        "places.nam }} is not known",
    ),
    "in the header": (template(header="{{ perod }}"), "{{ perod }} is not known; did you mean period"),
    "not closed": (template("{{ period"), "not closed or is written wrong"),
    "wide": (template("｛｛ period ｝｝"), "of the narrow kind"),
    "loop": (template(rows=["{%tr for a in people %}", "x", "{%tr endfor %}"]), "for … in people %} is not known"),
    "nested": (
        template("{%p for a in places %}", "{%p for b in months %}", "x", "{%p endfor %}", "{%p endfor %}"),
        "stands inside another one",
    ),
    "call": (template("{{ period.upper() }}"), "Call is not taken"),
    "filter": (template("{{ period|upper }}"), "Filter is not taken"),
    "reach for the engine": (template("{{ period.__class__.__mro__ }}"), "period.__class__.__mro__ is not taken"),
    "endless": (template("{% for a in range(9999999) %}x{% endfor %}"), "rows are repeated over one of"),
    "macros": (with_part(WHOLE, "word/vbaProject.bin"), "macros or embedded objects"),
    "from elsewhere": (
        with_part(
            WHOLE,
            "word/_rels/document.xml.rels",
            change=lambda body: body.replace(b"</Relationships>", OUTSIDE.encode()),
        ),
        "fetches pictures or other parts from elsewhere",
    ),
    "field": (
        with_part(
            WHOLE,
            "word/document.xml",
            change=lambda body: body.replace(
                b"<w:body>", b"<w:body><w:p><w:r><w:instrText> DDEAUTO x </w:instrText></w:r></w:p>"
            ),
        ),
        "the field DDEAUTO",
    ),
    "entities": (
        with_part(WHOLE, "word/document.xml", change=lambda body: b'<!DOCTYPE x [<!ENTITY a "b">]>' + body),
        "damaged or locked",
    ),
    "cut short": (WHOLE[:-200], "damaged or locked"),
    "no archive": (b"{{ period }}" * 20, "damaged or locked"),
    "a workbook": (
        with_part(WHOLE, "[Content_Types].xml", change=lambda body: body.replace(b"document.main", b"x")),
        "Save the",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_template_that_cannot_be_taken_is_refused_with_a_sentence(case, tmp_path, monkeypatch):
    data, sentence = REFUSED[case]
    monkeypatch.setattr(briefing_word, "_run", run_here)
    path = tmp_path / "template.docx"
    path.write_bytes(data)

    with pytest.raises(TemplateUnfit) as refused:
        read_template(path)

    assert sentence in str(refused.value.detail)


def test_a_condition_across_rows_is_found_in_the_trial(tmp_path):
    path = tmp_path / "template.docx"
    path.write_bytes(template("{%p if has_places %}", "x", rows=["{%p endif %}"]))

    with pytest.raises(TemplateUnfit) as refused:
        read_template(path)

    assert "begins and ends in different places" in str(refused.value.detail)


def test_the_templates_that_come_with_the_program_are_as_built_and_ask_only_for_what_there_is(monkeypatch):
    monkeypatch.setattr(briefing_word, "_run", run_here)
    script = Path(settings.DATA_DIR).resolve().parent / "scripts" / "briefing_templates.py"

    checked = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr
    for kind in ("month", "quarter", "year"):
        assert "table.sources" in read_template(Path(settings.DATA_DIR) / "briefing_templates" / f"{kind}.docx").names


def test_the_filling_process_tells_how_far_it_is(tmp_path):
    path, told = tmp_path / "template.docx", []
    path.write_bytes(WHOLE)

    made = fill_template(path, content(), told=lambda done, total: told.append((done, total)))

    assert made == fill(WHOLE, content())
    assert told[-1][0] == told[-1][1] > 1
