"""Sheets with names from a workbook, feedback, pictures: what is taken in, and what gets a sentence."""

import io
from pathlib import Path
from typing import Any

import pytest

from lianxin.domain.activities.commands import imports
from lianxin.domain.activities.commands.attendance import check_in, undo_attendance
from lianxin.domain.activities.commands.feedback import TooLate, give_feedback
from lianxin.domain.activities.commands.pictures import add_picture, remove_picture
from lianxin.domain.activities.models import Feedback, OccurrencePicture
from lianxin.domain.activities.queries.feedback import find_feedback, list_pictures, opinion_of_series
from lianxin.domain.activities.rules.attendance_rows import AttendanceRow
from lianxin.domain.activities.tests.attendance_factories import (
    DOOR,
    ENDS,
    NEXT_DAY,
    SIGNED,
    Hall,
    differences,
    live,
    make_hall,
    make_resident,
    signed,
)
from lianxin.domain.people.commands.cards import issue_card
from lianxin.domain.people.tests.factories import resident
from lianxin.platform import files, scope
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, Missing
from lianxin.platform.models import Run, StoredFile
from lianxin.platform.tests.test_files import jpeg, segment

pytestmark = pytest.mark.django_db


def run_of(hall: Hall, **options: Any) -> Run:
    wanted = {"occurrence": str(hall.occurrence.pk)} | options
    return Run.objects.create(
        kind=imports.RUN_KIND_NAME,
        title="签到表.xlsx",
        options=wanted,
        asked_by=hall.keeper.account,
        actor=hall.keeper.to_json(),
        created_at=NEXT_DAY,
    )


@command("tests.apply_sheet")
def apply(*, actor: Any, run: Run, rows: list[AttendanceRow], at: Any) -> Any:
    return imports.apply(run=run, rows=rows, actor=actor, at=at)


@command("tests.undo_sheet")
def undo(*, actor: Any, run: Run, ids: list[Any], at: Any) -> None:
    imports.undo(run=run, ids=ids, actor=actor, at=at)


def read(hall: Hall, run: Run, *lines: tuple[str, str, str, str]) -> tuple[list[AttendanceRow], list[Any]]:
    reader = imports.reader(run=run, actor=hall.keeper, at=NEXT_DAY)
    rows = [reader.read(number, line) for number, line in enumerate(lines, start=2)]
    return [row for row in rows if row is not None], reader.problems


def test_sheet_with_names_is_read_entered_once_and_taken_back_whole() -> None:
    hall = make_hall()
    known = make_resident(hall, "林大明", phone="13800138009")
    signed(hall, hall.town.heads[0])
    card = issue_card(actor=hall.keeper, person=hall.town.heads[1].pk, at=SIGNED)
    run = run_of(hall)

    rows, problems = read(
        hall,
        run,
        ("林大明", "138 0013 8009", "", "9:55"),
        (hall.town.heads[0].name, "", "", ""),
        (hall.town.heads[1].name, "", card.number, "2026-03-20 10:05:00"),
        ("过路客", "", "", ""),
    )
    made = apply(actor=hall.keeper, run=run, rows=rows, at=NEXT_DAY)
    again = apply(actor=hall.keeper, run=run, rows=rows, at=NEXT_DAY)

    assert problems == []
    assert [row.person for row in rows] == [known.pk, hall.town.heads[0].pk, hall.town.heads[1].pk, None]
    assert (len(made), again) == (4, [])
    assert {(one.how, one.source_run) for one in live(hall)} == {("import", run.pk)}
    assert hall.town.balance(0) == 5
    undo(actor=hall.keeper, run=run, ids=made, at=NEXT_DAY)

    assert live(hall) == []
    assert (hall.town.balance(0), hall.figure("person_times")) == (0, 0)
    assert differences() == []


def test_wrong_cells_get_a_sentence_each() -> None:
    hall = make_hall()

    rows, problems = read(
        hall,
        run_of(hall),
        ("", "", "", ""),
        ("陈" * 41, "", "", ""),
        ("林大明", "138", "", ""),
        ("林大明", "", "99999999", ""),
        ("林大明", "", "", "25:70"),
        ("黄小姐", "13800138001", "", ""),
        ("黄小姐", "13800138001", "", ""),
    )

    assert [row.name for row in rows] == ["黄小姐"]
    assert [problem[0] for problem in problems] == [2, 3, 4, 5, 6, 8]
    assert all(problem[2] for problem in problems)


def test_sheet_of_no_date_and_of_another_community_is_refused() -> None:
    hall = make_hall()

    with pytest.raises(Invalid):
        imports.reader(run=run_of(hall, occurrence=""), actor=hall.keeper, at=NEXT_DAY)
    with pytest.raises(Invalid):
        imports.reader(run=run_of(hall), actor=hall.keeper, at=SIGNED)


def test_feedback_is_one_per_visit_and_ends_after_a_month() -> None:
    hall = make_hall()
    head, other = hall.town.heads[:2]
    came = check_in(actor=hall.keeper, occurrence=hall.occurrence.pk, person=head.pk, how="name", at=DOOR)
    mine = {"actor": resident(head), "attendance": came.pk}

    give_feedback(**mine, face=3, words="很好", at=NEXT_DAY)
    give_feedback(**mine, face=1, met_need=False, at=NEXT_DAY)
    with pytest.raises(Missing):
        give_feedback(actor=resident(other), attendance=came.pk, face=3, at=NEXT_DAY)
    with pytest.raises(TooLate):
        give_feedback(**mine, face=3, at=ENDS.replace(month=5))
    for wrong in ({"face": 4}, {"face": 3, "words": "好" * 501}, {"face": 3, "how": "guess"}):
        with pytest.raises(Invalid):
            give_feedback(**mine, **wrong, at=NEXT_DAY)

    with scope.everything():
        given = Feedback.objects.get()
    assert (given.face, given.words, given.version) == (1, "很好", 2)
    told = find_feedback(actor=hall.keeper, occurrence=hall.occurrence.pk)
    assert (told.opinion.sad, told.opinion.not_met, len(told.lines)) == (1, 1, 1)
    assert opinion_of_series(actor=hall.keeper, activity=hall.activity.pk).given == 1


def test_taken_back_visit_has_no_say() -> None:
    hall = make_hall()
    head = hall.town.heads[0]
    came = check_in(actor=hall.keeper, occurrence=hall.occurrence.pk, person=head.pk, how="name", at=DOOR)
    give_feedback(actor=resident(head), attendance=came.pk, face=3, at=NEXT_DAY)

    undo_attendance(actor=hall.keeper, attendance=came.pk, reason="认错人", at=NEXT_DAY)

    assert find_feedback(actor=hall.keeper, occurrence=hall.occurrence.pk).opinion.given == 0


def test_picture_loses_what_it_tells_of_the_phone(tmp_path: Path, settings: Any) -> None:
    settings.FILES_ROOT = tmp_path
    hall = make_hall()
    file = io.BytesIO(jpeg(segment(0xFE, b"taken at home")))
    row = add_picture(
        actor=hall.keeper, occurrence=hall.occurrence.pk, fileobj=file, name="a.jpg", consent_note="都同意", at=DOOR
    )

    with scope.everything():
        stored = StoredFile.objects.get(pk=row.file_id)
    assert b"taken at home" not in files.open_file(file=stored).read()
    assert list_pictures(occurrence=hall.occurrence.pk) == []
    assert [one.id for one in list_pictures(occurrence=hall.occurrence.pk, public_only=False)] == [row.pk]
    remove_picture(actor=hall.keeper, picture=row.pk, reason="有人不愿意", at=NEXT_DAY)

    with scope.everything():
        assert OccurrencePicture.objects.get().removed_at == NEXT_DAY
    assert list_pictures(occurrence=hall.occurrence.pk, public_only=False) == []
