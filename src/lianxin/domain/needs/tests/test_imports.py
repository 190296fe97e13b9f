"""A sheet of needs: read whole with a sentence for every wrong cell, kept once, taken back while it is untouched."""

from collections.abc import Sequence
from datetime import date

import pytest

from lianxin.domain.needs.commands import hearing, imports, joining
from lianxin.domain.needs.models import NeedReport
from lianxin.domain.needs.rules.import_rows import COLUMNS, NeedReader, NeedRow, unpack
from lianxin.domain.people.rules.contacts import phone_candidates
from lianxin.platform import facts, runs, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.ids import new_id
from lianxin.platform.models import Run

from .factories import AT, DAY, HAIR, TODAY, Place, make_place

NAMES = [column.name for column in COLUMNS]


def cells(**given: str) -> Sequence[str]:
    return [given.get(name, "") for name in NAMES]


def reader() -> NeedReader:
    known = {phone_candidates("13800138000")[0]: [(new_id(), "陈小明")]}
    return NeedReader(today=date(2026, 11, 20), categories={"D01": "D01", "义剪": "D01"}, by_phone=known)


def test_row_is_a_voice_in_its_own_words() -> None:
    found = reader()

    row = found.read(
        2,
        cells(
            words="想剪头毛 ，唔知有无",
            category="义剪",
            heard_on="2026年11月3日",
            name="陈小明",
            phone="１３８ 0013 8000",
            people="3人",
            urgent="是",
            tell_by="电话",
        ),
    )

    assert row is not None
    assert (row.words, row.category, row.people, row.urgent, row.channel) == (
        "想剪头毛 ，唔知有无",
        "D01",
        3,
        True,
        "phone",
    )
    assert row.heard_at.startswith("2026-11-03")
    assert (row.name, row.phone) == ("", "")
    assert row.person is not None
    assert (
        unpack([value.hex if hasattr(value, "hex") and not isinstance(value, int) else value for value in row]) == row
    )


@pytest.mark.parametrize(
    ("column", "given"),
    [
        ("words", {"words": " "}),
        ("category", {"category": "飞天"}),
        ("heard_on", {"heard_on": "上周"}),
        ("heard_on", {"heard_on": "2026-11-21"}),
        ("heard_on", {"heard_on": "2001-01-01"}),
        ("phone", {"phone": "12"}),
        ("phone", {"tell_by": "短信"}),
        ("people", {"people": "许多"}),
        ("urgent", {"urgent": "也许"}),
        ("tell_by", {"tell_by": "飞鸽"}),
    ],
)
def test_wrong_cell_is_named_with_a_sentence(column: str, given: dict[str, str]) -> None:
    found = reader()

    assert found.read(7, cells(**{"words": "想要长椅", **given})) is None
    assert [(row, name) for row, name, _sentence, _warning in found.problems] == [(7, column)]


def test_same_one_who_says_the_same_twice_in_a_sheet_is_told() -> None:
    found = reader()

    assert found.read(2, cells(words="想要长椅", name="林一")) is not None
    assert found.read(3, cells(words="想要长椅。", name="林一")) is None
    assert found.read(4, cells(words="想要长椅", name="黄二")) is not None


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def start(place: Place) -> Run:
    return Run.objects.create(
        kind=imports.RUN_KIND_NAME,
        title="x",
        options={"community": str(place.community.pk)},
        asked_by=place.keeper.account,
        actor=place.keeper.to_json(),
        created_at=AT,
    )


@command("tests.apply")
def apply(*, actor: Actor, run: Run, rows: list[NeedRow], at) -> list:  # type: ignore[no-untyped-def,type-arg]
    return imports.apply(run=run, rows=rows, actor=actor, at=at)


@command("tests.undo")
def undo(*, actor: Actor, run: Run, made: list, at) -> None:  # type: ignore[no-untyped-def,type-arg]
    imports.undo(run=run, ids=made, actor=actor, at=at)


def test_sheet_is_kept_and_taken_back_whole_until_somebody_worked_on_it(place: Place) -> None:
    run = start(place)
    found = imports.reader(run=run, actor=place.keeper, at=AT)
    read = [
        found.read(
            2, cells(words="想要义剪", category="D01", heard_on="2026-11-02", name="林秀英", phone="13800138001")
        ),
        found.read(3, cells(words="想学唱潮剧")),
    ]
    rows = [row for row in read if row]

    made = apply(actor=place.keeper, run=run, rows=rows, at=AT)

    with scope.everything():
        first, second = NeedReport.objects.order_by("heard_at")
        assert facts.figure("needs_heard", from_on=TODAY - 60 * DAY, until_on=TODAY + DAY) == 2
    assert (first.person_id, first.household_id) == (place.person(1).pk, place.homes[1].pk)
    assert (first.how, second.guest_name, first.channel, second.channel) == ("import", "", "phone", "none")
    joining.join(actor=place.keeper, report=second.pk, title="潮剧", category=HAIR, at=AT)
    with pytest.raises(runs.SomethingDepends):
        undo(actor=place.keeper, run=run, made=made, at=AT)
    joining.take_out(actor=place.keeper, report=second.pk, at=AT)
    undo(actor=place.keeper, run=run, made=made, at=AT)

    with scope.everything():
        assert not NeedReport.objects.exists()
        assert facts.figure("needs_heard", from_on=TODAY - 60 * DAY, until_on=TODAY + DAY) == 0


def test_words_that_are_on_record_already_are_one_more_voice_with_a_warning(place: Place) -> None:
    hearing.hear(actor=place.keeper, community=place.community.pk, words="想要长椅", how="desk", channel="none", at=AT)
    found = imports.reader(run=start(place), actor=place.keeper, at=AT)

    assert found.read(2, cells(words="想要长椅！")) is not None
    assert [problem[3] for problem in found.problems] == [True]
