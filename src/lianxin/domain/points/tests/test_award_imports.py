"""Lists of awards from a workbook: read and checked whole, given chunk by chunk, taken back whole."""

from typing import Any

import pytest

from lianxin.domain.people.commands.cards import issue_card
from lianxin.domain.points.commands import award_imports, awards
from lianxin.domain.points.commands.books import prepare_book
from lianxin.domain.points.models import Claim
from lianxin.domain.points.rules.award_rows import AwardRow, unpack
from lianxin.domain.points.tests.rules_factories import AT, SYSTEM, TODAY, Town, item, make_town, staff_of
from lianxin.domain.points.tests.test_awards import all_agrees
from lianxin.platform import scope
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, NotAllowed
from lianxin.platform.models import Run, RunProblem

pytestmark = pytest.mark.django_db


def make_run(town: Town, **options: Any) -> Run:
    """A run of a list for the community."""
    return Run.objects.create(
        kind="points.awards",
        title="三月清洁日",
        options={"community": str(town.community.pk)} | options,
        actor=town.staff.to_json(),
        created_at=AT,
    )


def read(town: Town, *rows: list[str], run: Run | None = None) -> tuple[list[AwardRow | None], list[tuple[int, str]]]:
    """Read rows; gives what was read and where the sentences are."""
    with scope.within(town.staff.communities):
        reader = award_imports.reader(run=run or make_run(town), actor=town.staff, at=AT)
    clean = [reader.read(number, row) for number, row in enumerate(rows, start=2)]
    return clean, [(problem.row, problem.column) for problem in reader.problems]


@command("test.apply_chunk")
def apply_chunk(*, actor: Any, run: Run, rows: list[AwardRow], at: Any) -> list[Any]:
    """Apply as the machinery does: inside a command."""
    return award_imports.apply(run=run, rows=rows, actor=actor, at=at)


@command("test.undo_chunk")
def undo_chunk(*, actor: Any, run: Run, ids: list[Any], at: Any) -> None:
    """Undo as the machinery does: inside a command."""
    award_imports.undo(run=run, ids=ids, actor=actor, at=at)


def row(number: str = "1", card: str = "", name: str = "", **more: str) -> list[str]:
    """A row of a sheet, good unless said otherwise."""
    values = {"item": "邻里互助", "quantity": "2", "day": "2026年3月2日", "evidence": ""} | more
    return [number, card, name, values["item"], values["quantity"], values["day"], values["evidence"]]


def test_people_are_found_by_household_and_name_or_by_card() -> None:
    town = make_town()
    card = issue_card(actor=SYSTEM, person=town.heads[1].pk, at=AT)
    first, second = (home.number for home in town.households[:2])

    clean, problems = read(town, row(first, name=town.heads[0].name), row("", card.number), row(second, quantity=""))

    assert problems == []
    assert [(one.household, one.person, one.quantity) for one in clean if one] == [
        (town.households[0].pk, town.heads[0].pk, 2),
        (town.households[1].pk, town.heads[1].pk, 2),
        (town.households[1].pk, None, 1),
    ]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (row("999999"), "household_number"),
        (row("", name="陈一"), "household_number"),
        (row("", "12345"), "card_number"),
        (row("000001", name="没有此人"), "name"),
        (row("000001", item="唱歌"), "item"),
        (row("000001", item=""), "item"),
        (row("000001", quantity="1.5"), "quantity"),
        (row("000001", quantity="-1"), "quantity"),
        (row("000001", quantity="11"), "quantity"),
        (row("000001", day="昨天"), "done_on"),
        (row("000001", day="2026-03-21"), "done_on"),
        (row("000001", evidence="长" * 201), "evidence"),
    ],
)
def test_what_cannot_be_read_has_a_sentence_at_its_cell(cells: list[str], column: str) -> None:
    town = make_town()

    clean, problems = read(town, cells)

    assert clean == [None]
    assert problems == [(2, column)]


def test_a_row_that_comes_twice_is_warned_of() -> None:
    town = make_town()
    number = town.households[0].number

    clean, problems = read(town, row(number), row(number))

    assert None not in clean
    assert problems == [(3, "item")]


def test_a_chunk_is_given_once_and_taken_back_whole() -> None:
    town = make_town(second_person_above=12)
    run = make_run(town)
    numbers = [home.number for home in town.households]
    clean, _problems = read(town, row(numbers[0]), row(numbers[1]), row(numbers[2], quantity="3"), run=run)
    rows = [unpack([one.row, one.household.hex, None, *one[3:5], one.done_on.isoformat(), ""]) for one in clean if one]

    made = apply_chunk(actor=town.staff, run=run, rows=rows, at=AT)
    again = apply_chunk(actor=town.staff, run=run, rows=rows, at=AT)

    assert made == again
    assert [town.balance(n) for n in range(3)] == [10, 10, 0]
    undo_chunk(actor=town.staff, run=run, ids=made, at=AT)
    assert [town.balance(n) for n in range(3)] == [0, 0, 0]
    with scope.everything():
        assert sorted(Claim.objects.values_list("state", flat=True)) == ["refused", "reversed", "reversed"]
    assert all_agrees() == []


def test_a_row_that_can_no_longer_be_given_is_left_out_and_named() -> None:
    town = make_town()
    run = make_run(town)
    good = AwardRow(2, town.households[0].pk, None, "help", 1, TODAY, "")

    made = apply_chunk(actor=town.staff, run=run, rows=[good, good._replace(row=3, item="gone")], at=AT)

    assert len(made) == 1
    assert RunProblem.objects.get(run=run).row_number == 3


def test_a_list_is_for_a_community_in_scope_whose_points_are_on() -> None:
    town = make_town()

    with pytest.raises(Invalid):
        award_imports.reader(run=make_run(town, community=""), actor=town.staff, at=AT)
    with pytest.raises(Invalid):
        award_imports.reader(run=make_run(town), actor=staff_of(town.tree.jintao), at=AT)
    prepare_book(actor=SYSTEM, community=town.tree.jintao.pk, at=AT)
    with pytest.raises(Invalid):
        award_imports.reader(run=make_run(town, community=str(town.tree.jintao.pk)), actor=SYSTEM, at=AT)


def test_items_that_name_no_volunteers_are_refused_in_a_list_too() -> None:
    town = make_town(item(awarders=[]))
    volunteer = staff_of(town.community, "volunteer")

    with pytest.raises(NotAllowed):
        awards.award(actor=volunteer, person=town.heads[0].pk, item="help", done_on=TODAY, at=AT)
    with pytest.raises(Invalid) as caught:
        awards.award_list(actor=volunteer, awards=[awards.Award(None, town.heads[0].pk, "help", 1, TODAY)], at=AT)
    assert list(caught.value.fields) == ["1"]
