"""A briefing from asking to issuing: its document, its numbers, and what becomes of them when records change."""

import hashlib
import shutil
import subprocess
from datetime import date, timedelta

import pytest
from django.utils import translation
from docx import Document

from lianxin.domain.places.queries.divisions import find_district
from lianxin.domain.reporting.commands import briefings as commands
from lianxin.domain.reporting.models import Briefing
from lianxin.domain.reporting.queries import briefings as queries
from lianxin.insight import briefing_word, figures
from lianxin.insight.areas import whole
from lianxin.insight.briefing_compare import differences, kept_values
from lianxin.insight.briefing_names import read_chart, wrong_names
from lianxin.insight.briefing_tasks import make_briefing
from lianxin.insight.periods import read_period
from lianxin.insight.tests.word_package import Package, run_here
from lianxin.platform import files, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db


class Told:
    """Stands in for the job's handle: keeps how far it was told to be."""

    def __init__(self):
        self.id, self.actor, self.steps = new_id(), Actor.system(), []

    def progress(self, done, total, note=""):
        self.steps.append((done, total, note))


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.setattr(briefing_word, "_run", run_here)


def ask(actor, area, kind="year", year=2025, part=1):
    first, until = {
        "year": (date(year, 1, 1), date(year + 1, 1, 1)),
        "month": (date(year, part, 1), (date(year, part, 1) + timedelta(days=32)).replace(day=1)),
    }[kind]
    return commands.ask_briefing(
        actor=actor, kind=kind, from_on=first, until_on=until, area=area, office="区社区服务办公室", at=now()
    )


def make(row):
    job = Told()
    make_briefing(job, briefing=str(row.pk))
    row.refresh_from_db()
    return job


def document_of(row):
    with files.open_file(file=queries.file_of(row)) as kept:
        return kept.read()


def test_a_briefing_of_the_district_is_made_whole(small_district):
    row = ask(small_district.actor("district"), find_district().pk, "month", 2026, 10)

    job = make(row)

    assert row.state == Briefing.State.DRAFT, row.failure
    data = document_of(row)
    made = Package(data)
    assert made.prove() == []
    assert row.digest == hashlib.sha256(data).hexdigest()
    assert f"〔{row.number_year}〕{row.number}号" in made.text()
    assert "2026年10月" in made.text()
    assert "数字来源" in made.text()
    assert [done for done, _total, _note in job.steps] == sorted(done for done, _total, _note in job.steps)
    assert job.steps[-1][:2] == (100, 100)


def test_each_number_in_it_is_what_the_figures_say(small_district):
    actor = small_district.actor("district")
    row = ask(actor, find_district().pk, "month", 2026, 10)
    make(row)
    period = read_period("2026-10", today=date(2026, 11, 23))

    days = ("2026-10-01", "2026-11-01", "")
    kept = {name: value for name, *which, value in kept_values(row.figures) if tuple(which) == days}

    assert {"person_times", "visits", "centres"} <= set(kept)
    with scope.everything():
        assert figures.values(kept, period=period, area=whole(actor, on=period.last_on)) == kept
    assert differences(row.figures, communities=None, whole="龙湖区") == []


def test_a_number_that_the_records_give_differently_is_listed_and_the_document_stays(small_district):
    actor = small_district.actor("cuiying1")
    row = ask(actor, small_district.cuiying.pk, "month", 2026, 10)
    make(row)
    commands.issue(actor=actor, briefing=row.pk, approved_name="林主任", at=now())
    row.refresh_from_db()
    values = [list(one) for one in row.figures["values"]]
    values[0][4] += 7

    (found,) = differences(
        {"values": values}, communities=frozenset({small_district.cuiying.pk}), whole=small_district.cuiying.short_name
    )

    assert (found.figure, found.issued - found.now) == (values[0][0], 7)
    assert list(queries.check_issued()) == []


def test_a_community_s_briefing_holds_only_its_own(small_district):
    actor = small_district.actor("cuiying1")
    row = ask(actor, small_district.cuiying.pk, "month", 2026, 10)
    make(row)

    assert row.state == Briefing.State.DRAFT, row.failure
    text = Package(document_of(row)).text()
    assert "翠英" in text
    assert "金洲" not in text
    assert {place for _name, _first, _until, place, _value in kept_values(row.figures)} == {""}


def test_what_cannot_be_made_says_why_and_can_be_tried_again(small_district, monkeypatch):
    actor = small_district.actor("cuiying1")
    row = ask(actor, small_district.cuiying.pk, "month", 2026, 10)
    monkeypatch.setattr(briefing_word, "_run", lambda *words, **more: '{"unfit": "layout"}')
    make(row)
    assert row.state == Briefing.State.FAILED
    assert "试填没有成功" in row.failure

    monkeypatch.setattr(briefing_word, "_run", run_here)
    commands.make_again(actor=actor, briefing=row.pk, at=now())
    make(row)

    assert row.state == Briefing.State.DRAFT
    assert row.failure == ""


def test_one_that_was_thrown_away_meanwhile_is_not_brought_back(small_district, monkeypatch):
    actor = small_district.actor("cuiying1")
    row = ask(actor, small_district.cuiying.pk, "month", 2026, 10)

    def thrown_away(*words, **more):
        if words[0] == "fill":
            commands.drop(actor=actor, briefing=row.pk, at=now())
        return run_here(*words, **more)

    monkeypatch.setattr(briefing_word, "_run", thrown_away)
    make(row)

    assert row.state == Briefing.State.DROPPED
    assert row.file_id is None


def test_a_template_may_name_rows_figures_and_charts_and_nothing_else(small_district):
    good = [
        "figure.person_times",
        "change.person_times",
        "per_thousand.visits",
        "table.places_voice",
        "chart.visits_by_day",
    ]

    assert (
        wrong_names([*good, "chart.needs_heard_and_answers_given_stacked_by_month"], ["places.visits", "months.name"])
        == []
    )
    assert len(wrong_names(["figure.staff_scores", "chart.centres_by_day", "table.people_x"], ["places.centres"])) == 4
    assert read_chart("occurrences_held_by_category").by == "by_category"


def test_a_yearly_briefing_opens_in_an_office_program_where_there_is_one(small_district, tmp_path):
    """LibreOffice renders it page by page; on a machine without it the package is proved all the same."""
    row = ask(small_district.actor("district"), find_district().pk)
    make(row)
    path = tmp_path / "briefing.docx"
    path.write_bytes(document_of(row))
    office, painter = shutil.which("soffice"), shutil.which("pdftoppm")

    if office and painter:
        home = f"-env:UserInstallation=file://{tmp_path / 'office'}"
        words = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
        subprocess.run(words, check=True, capture_output=True, timeout=180)
        paint = [painter, "-r", "20", "-png", str(tmp_path / "briefing.pdf"), str(tmp_path / "page")]
        subprocess.run(paint, check=True, timeout=60)
        pages = sorted(tmp_path.glob("page-*.png"))
        assert len(pages) >= 5
        assert all(page.read_bytes().startswith(b"\x89PNG") for page in pages)

    made = Package(path.read_bytes())
    assert made.prove() == []
    assert "九、各地情况" in made.text()
    assert len(Document(str(path)).tables) >= 3
