"""A register of owners from a workbook: read exactly, taken whole or not at all, undone until it is fixed."""

import io

import pytest
import xlsxwriter

from lianxin.domain.voice.commands import register_runs, registers
from lianxin.domain.voice.models import AssentRegister, RegisterFlat
from lianxin.platform import files, runs, scope, worker
from lianxin.platform.models import Run, RunProblem

from .vote_factories import AT, Place, make_place, make_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place(homes=1)


def workbook(rows: list[tuple[object, ...]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([("房号", "建筑面积（㎡）", "业主姓名"), *rows]):
            for column, value in enumerate(row):
                sheet.write(line, column, value)
    return out.getvalue()


def sent(place: Place, register: AssentRegister, body: bytes, name: str = "业主.xlsx") -> Run:
    with scope.everything():
        stored = files.store(
            fileobj=io.BytesIO(body), name=name, purpose="tests", limit_bytes=10_000_000, accept=files.TABLES, at=AT
        )
        run = runs.start_run(
            actor=place.keeper, kind=register_runs.RUN_KIND.name, file_id=stored.pk, title=name,
            options={"register": str(register.pk)}, at=AT,
        )  # fmt: skip
    worker.drain()
    return fresh(run)


def fresh(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


def counted(register: AssentRegister) -> tuple[int, int, int]:
    with scope.everything():
        row = AssentRegister.objects.get(pk=register.pk)
        return row.flats, row.area_dm2, RegisterFlat.objects.filter(register=row).count()


def test_thousand_rows_with_wrong_areas_are_refused_whole_and_every_wrong_row_is_named(place: Place) -> None:
    register = make_register(place, (), is_fixed=False)
    wrong = {7, 400, 401, 777, 1001}
    rows = [(f"1-{n}", "八十" if n in wrong else 80.35, f"业主{n}") for n in range(2, 1002)]

    run = sent(place, register, workbook(rows))

    assert (run.state, run.rows_read, run.rows_wrong) == (Run.State.REFUSED, 1000, 5)
    assert "5" in run.refusal
    named = RunProblem.objects.filter(run=run).order_by("row_number").values_list("row_number", "column")
    assert list(named) == [(n, "area") for n in sorted(wrong)]
    assert counted(register) == (0, 0, 0)


def test_good_workbook_is_taken_exactly_and_taken_back_until_the_register_is_fixed(place: Place) -> None:
    register = make_register(place, (("101", "1.00", "甲"),), is_fixed=False)
    rows: list[tuple[object, ...]] = [(f"2-{n}", 80 + n / 100, "陈大明、林小英") for n in range(1, 700)]
    run = sent(place, register, workbook(rows))
    assert (run.state, run.rows_good) == (Run.State.STAGED, 699)

    runs.apply_run(actor=place.keeper, run=run.pk, at=AT)
    worker.drain()

    whole = 100 + sum(8000 + n for n in range(1, 700))
    assert fresh(run).state == Run.State.DONE
    assert counted(register) == (700, whole, 700)
    registers.fix(actor=place.keeper, register=register.pk, at=AT)
    runs.undo_run(actor=place.keeper, run=run.pk, reason="x", at=AT)
    worker.drain()
    assert (fresh(run).state, counted(register)[0]) == (Run.State.DONE, 700)
    assert fresh(run).refusal
    registers.release(actor=place.keeper, register=register.pk, at=AT)
    runs.undo_run(actor=place.keeper, run=run.pk, reason="x", at=AT)
    worker.drain()
    assert (fresh(run).state, counted(register)) == (Run.State.UNDONE, (1, 100, 1))


def test_flat_entered_by_hand_since_the_check_refuses_the_whole_file(place: Place) -> None:
    register = make_register(place, (), is_fixed=False)
    text = "房号,面积,业主\n" + "".join(f"3-{n},50.00,业主{n}\n" for n in range(1, 601))
    run = sent(place, register, text.encode("gb18030"), "业主.csv")
    registers.add_flat(actor=place.keeper, register=register.pk, flat="3-600", area="1", owners="甲", at=AT)

    runs.apply_run(actor=place.keeper, run=run.pk, at=AT)
    worker.drain()

    assert fresh(run).state == Run.State.REFUSED
    assert counted(register) == (1, 100, 1)


def test_file_for_a_fixed_register_or_for_none_is_refused_with_a_sentence(place: Place) -> None:
    register = make_register(place)
    fixed = sent(place, register, workbook([("9-1", 1, "甲")]))
    Run.objects.filter(pk=fixed.pk).update(state=Run.State.STAGING, options={})
    runs.stage(worker_job(place), str(fixed.pk))

    assert fresh(fixed).state == Run.State.REFUSED
    assert "register" in fresh(fixed).refusal


class worker_job:  # noqa: N801 - stands for the worker's hold on a job
    def __init__(self, place: Place) -> None:
        self.actor = place.keeper

    def progress(self, *_said: object) -> None: ...
