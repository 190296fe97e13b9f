"""Runs: staged whole, applied chunk by chunk, each once, resumable and undoable."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from lianxin.platform import clock, contributions, files, run_reading, runs, sheets, tasks, worker
from lianxin.platform.contributions import Contribution
from lianxin.platform.errors import Missing, Problem
from lianxin.platform.ids import deterministic_id, new_id
from lianxin.platform.models import CalendarDay, Run, RunChunk, RunProblem

COLUMNS = (
    sheets.Column("day", "日期", ("date",), required=True),
    sheets.Column("name", "名称", required=True),
    sheets.Column("number", "编号"),
)
NAMESPACE = new_id()
held: list[date] = []


class DayReader:
    def __init__(self):
        self.problems = []
        self.seen = set()

    def read(self, row, cells):
        try:
            day = date.fromisoformat(cells[0])
        except ValueError:
            self.problems.append((row, "day", "not a day", False))
            return None
        if day in self.seen:
            self.problems.append((row, "day", "twice", False))
            return None
        self.seen.add(day)
        if not cells[1]:
            self.problems.append((row, "name", "no name", True))
        return (day, cells[1])


def apply(*, run, rows, actor, at):
    for day, name in rows:
        CalendarDay.objects.create(day_on=day, is_workday=True, name=name)
    return [deterministic_id(NAMESPACE, day.isoformat()) for day, _ in rows]


def undo(*, run, ids, actor, at):
    if held:
        raise runs.SomethingDepends
    days = [d for d in CalendarDay.objects.all() if deterministic_id(NAMESPACE, d.day_on.isoformat()) in set(ids)]
    for day in days:
        day.delete()


KIND = runs.RunKind(
    name="days",
    label="days",
    columns=COLUMNS,
    may=lambda actor: True,
    reader=lambda run, actor, at: DayReader(),
    unpack=lambda row: (date.fromisoformat(row[0]), row[1]),
    apply=apply,
    undo=undo,
)


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    held.clear()
    monkeypatch.setattr(runs, "YIELD_SECONDS", 0)
    monkeypatch.setitem(contributions._house, "tests", Contribution(module="tests", run_kinds=(KIND,)))


@pytest.fixture
def staff(system):
    return replace(system, account=new_id(), role="clerk", roles=frozenset({"clerk"}))


def workbook(rows, headings=("日期", "名称", "编号")):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet()
    page.write_row(0, 0, headings)
    for line, row in enumerate(rows, start=1):
        page.write_row(line, 0, row)
    book.close()
    return buffer.getvalue()


def days(count):
    return [((date(2030, 1, 1) + timedelta(n)).isoformat(), f"day {n}", "") for n in range(count)]


def start(staff, at, content, name="days.xlsx"):
    file = files.store(
        fileobj=io.BytesIO(content), name=name, purpose="tests", at=at, limit_bytes=10**8, accept=files.TABLES
    )
    run = runs.start_run(actor=staff, kind="days", file_id=file.pk, title=name, at=at)
    worker.drain()
    run.refresh_from_db()
    return run


@pytest.mark.django_db
def test_a_clean_file_is_staged_then_applied_in_chunks(staff, at):
    run = start(staff, at, workbook(days(1201)))
    assert (run.state, run.rows_good, run.rows_wrong) == ("STAGED", 1201, 0)
    assert not CalendarDay.objects.exists()

    runs.apply_run(actor=staff, run=run.pk, at=at)
    worker.drain()

    run.refresh_from_db()
    assert (run.state, run.rows_applied) == ("DONE", 1201)
    assert CalendarDay.objects.count() == 1201
    assert list(RunChunk.objects.order_by("number").values_list("rows", flat=True)) == [500, 500, 201]


@pytest.mark.django_db
def test_wrong_rows_are_named_by_row_and_column_and_come_back_marked(staff, at, tmp_path):
    rows = [*days(3), ("gestern", "x", ""), ("2030-01-01", "again", ""), ("2031-01-01", "", "")]
    run = start(staff, at, workbook(rows))

    assert (run.rows_good, run.rows_wrong, run.warnings) == (4, 2, 1)
    assert run_reading.problems_by_row(run) == {5: [("day", "not a day")], 6: [("day", "twice")]}
    path, name = runs.source_of(run)
    sheets.write_marked(
        path=path,
        name=name,
        problems=run_reading.problems_by_row(run),
        columns=COLUMNS,
        target=tmp_path / "marked.xlsx",
    )
    returned = CalamineWorkbook.from_path(str(tmp_path / "marked.xlsx")).get_sheet_by_index(0).to_python()
    assert [row[0] for row in returned[1:]] == ["gestern", "2030-01-01"]
    assert returned[1][-1] == 5


@pytest.mark.django_db
def test_long_numbers_stored_as_figures_are_told(staff, at):
    run = start(staff, at, workbook([("2030-01-01", "x", 440507195001010011)]))

    assert run.rows_good == 0
    assert "lost its last digits" in RunProblem.objects.get().sentence or RunProblem.objects.get().column == "number"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04 this is not a workbook", "a.xlsx"),
        (b"hello", "a.xlsx"),
        (b"a,b\n1,2\n", "a.csv"),
        ("日期,名称\n".encode(), "a.csv"),
    ],
)
def test_files_that_are_no_table_are_refused_with_a_sentence(staff, at, content, name):
    run = start(staff, at, content, name)

    assert run.state == "REFUSED"
    assert len(run.refusal) > 10
    assert not RunChunk.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00old", b"\x00\x01\x02", b""])
def test_what_is_no_table_at_all_is_refused_at_the_door(staff, at, content):
    with pytest.raises(Problem) as refusal:
        start(staff, at, content)

    assert str(refusal.value.detail)
    assert not Run.objects.exists()


@pytest.mark.django_db
def test_a_gb18030_table_with_a_title_line_is_read(staff, at):
    text = "工作日一览\n日期,名称\n2030-01-01,元旦\n"

    run = start(staff, at, text.encode("gb18030"), "表.csv")

    assert (run.state, run.rows_good) == ("STAGED", 1)


@pytest.mark.django_db
def test_a_restarted_run_goes_on_at_the_next_chunk(staff, at):
    run = start(staff, at, workbook(days(1100)))
    runs.apply_run(actor=staff, run=run.pk, at=at)
    tasks.claim(worker="killed", lane="long", at=clock.now())
    runs.apply_chunk(actor=staff, run=run.pk, number=0, at=at)

    runs.apply_chunk(actor=staff, run=run.pk, number=0, at=at)
    assert tasks.run_one(worker="next", lane="long", at=clock.now() + timedelta(minutes=1))

    run.refresh_from_db()
    assert (run.state, CalendarDay.objects.count()) == ("DONE", 1100)


@pytest.mark.django_db
def test_a_chunk_that_fails_leaves_nothing_of_itself(staff, at):
    run = start(staff, at, workbook(days(3)))
    CalendarDay.objects.create(day_on=date(2030, 1, 3), is_workday=True, name="in the way")
    runs.apply_run(actor=staff, run=run.pk, at=at)

    tasks.run_one(worker="w", lane="long", at=clock.now())

    assert CalendarDay.objects.count() == 1
    run.refresh_from_db()
    assert run.state == "APPLYING"


@pytest.mark.django_db
def test_a_run_is_undone_unless_something_depends_on_it(staff, at):
    run = start(staff, at, workbook(days(600)))
    runs.apply_run(actor=staff, run=run.pk, at=at)
    worker.drain()
    held.append(1)
    runs.undo_run(actor=staff, run=run.pk, reason="wrong file", at=at)
    worker.drain()
    run.refresh_from_db()
    assert (run.state, CalendarDay.objects.count()) == ("DONE", 600)
    held.clear()

    runs.undo_run(actor=staff, run=run.pk, reason="wrong file", at=at)
    worker.drain()

    run.refresh_from_db()
    assert (run.state, CalendarDay.objects.count()) == ("UNDONE", 0)


@pytest.mark.django_db
def test_only_who_started_a_run_sees_it(staff, at):
    run = start(staff, at, workbook(days(1)))

    with pytest.raises(Missing):
        runs.find_run(actor=replace(staff, account=new_id()), run=run.pk)
    assert runs.list_runs(actor=staff) == [run]


@pytest.mark.django_db
def test_staged_rows_are_not_readable_in_the_table(staff, at):
    start(staff, at, workbook([("2030-01-01", "陈示例", "")]))

    assert "陈示例".encode() not in bytes(RunChunk.objects.get().payload)


@pytest.mark.django_db
def test_apply_asked_twice_runs_once(staff, at):
    run = start(staff, at, workbook(days(2)))

    runs.apply_run(actor=staff, run=run.pk, at=at)
    runs.apply_run(actor=staff, run=run.pk, at=at)
    worker.drain()

    assert Run.objects.get().state == "DONE"
    assert CalendarDay.objects.count() == 2
