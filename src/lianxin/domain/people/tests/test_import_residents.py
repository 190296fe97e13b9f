import json
from datetime import date

import pytest

from lianxin.domain.people.commands import imports, persons
from lianxin.domain.people.models import Household, Person
from lianxin.domain.people.queries import checks
from lianxin.domain.people.rules.import_columns import COLUMNS
from lianxin.domain.people.rules.import_residents import ResidentReader, read_date
from lianxin.domain.people.rules.import_rows import KnownDigests
from lianxin.domain.people.tests import factories as make
from lianxin.domain.people.tests.account_factories import Tree
from lianxin.domain.people.tests.factories import AT, SYSTEM, TODAY
from lianxin.platform import runs, scope
from lianxin.platform.commands import command, plain
from lianxin.platform.ids import new_id
from lianxin.platform.models import Run, RunProblem

CUIYING, JINTAO = new_id(), new_id()
NAMES = {"翠英社区": CUIYING, "金洲": None, "440507001002": JINTAO}


def reader(**values) -> ResidentReader:
    return ResidentReader(**{"run": new_id(), "communities": NAMES, "on": TODAY} | values)


def cells(**values: str) -> list[str]:
    row = {
        "community": "翠英社区",
        "address": "长平路1号",
        "name": "陈小明",
        "relation": "户主",
        "birth_on": "1950-05-01",
    }
    return [str((row | values).get(column.name, "")) for column in COLUMNS]


def columns_of(it: ResidentReader) -> list[str]:
    return [problem.column for problem in it.problems if not problem.is_warning]


def test_a_good_row_is_read_with_full_width_signs() -> None:
    it = reader()
    number = make.id_number(date(1950, 5, 1)).translate({c: c + 0xFEE0 for c in range(0x30, 0x3A)})

    row = it.read(2, cells(id_number=number, phone="１３８００１３８０００", sex="女", birth_on=""))

    assert row is not None
    assert (row.community, row.birth_on, row.sex, row.phone) == (CUIYING, date(1950, 5, 1), "f", "13800138000")
    assert it.problems == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("community", "没有村"),
        ("community", "金洲"),
        ("name", ""),
        ("name", "陈3"),
        ("name", "陈" * 50),
        ("relation", ""),
        ("relation", "老板"),
        ("sex", "雌"),
        ("birth_on", "1950年"),
        ("birth_on", "1950-02-30"),
        ("birth_on", "1850-01-01"),
        ("birth_on", "2030-01-01"),
        ("id_number", "44050719500501001"),
        ("phone", "1380013800"),
        ("residence", "火星"),
        ("prefers_teochew", "大概"),
        ("address", "长" * 300),
    ],
)
def test_each_wrong_cell_is_named_with_its_row_and_column(column: str, value: str) -> None:
    it = reader()

    assert it.read(7, cells(**{column: value})) is None
    assert column in columns_of(it)
    assert {problem.row for problem in it.problems} == {7}
    assert all(problem.sentence for problem in it.problems)


def test_repeats_inside_the_file_and_on_record_are_found() -> None:
    from lianxin.domain.people.rules.contacts import id_digest

    number, known = make.id_number(date(1950, 5, 1)), make.id_number(date(1960, 5, 1))
    it = reader(known_ids=KnownDigests([id_digest(known)]))

    assert it.read(2, cells(id_number=number)) is not None
    assert it.read(3, cells(id_number=number.lower())) is None
    assert it.read(4, cells(id_number=known)) is None
    assert it.read(5, cells(name="林阿妹")) is not None
    assert it.read(6, cells(name="林阿妹")) is None
    assert columns_of(it) == ["id_number", "id_number", "name"]


def test_sex_or_birthday_against_the_id_number_is_a_warning_and_the_number_wins() -> None:
    it = reader()

    row = it.read(2, cells(id_number=make.id_number(date(1950, 5, 1), sex="f"), sex="男", birth_on="1951-05-01"))

    assert row is not None
    assert (row.sex, row.birth_on) == ("f", date(1950, 5, 1))
    assert [(p.column, p.is_warning) for p in it.problems] == [("sex", True), ("birth_on", True)]


def test_two_heads_at_one_address_are_two_households_and_a_number_keeps_a_family_together() -> None:
    it = reader()

    rows = [
        it.read(2, cells(name="甲一")),
        it.read(3, cells(name="甲二", relation="配偶")),
        it.read(4, cells(name="乙一")),
        it.read(5, cells(name="乙二", relation="子")),
        it.read(6, cells(name="丙一", household_number="9")),
        it.read(7, cells(name="丙二", household_number="9", address="别处", relation="子")),
    ]

    homes = [row.household for row in rows if row]
    assert homes[0] == homes[1] != homes[2] == homes[3]
    assert homes[4] == homes[5]
    assert all(home.version == 7 for home in homes)


def test_days_are_read_as_people_write_them() -> None:
    assert {read_date(t) for t in ("1960-01-02", "1960/1/2", "1960.1.2", "19600102", "1960年1月2日", "21917")} == {
        date(1960, 1, 2)
    }


@command("tests.apply")
def apply(*, run, rows, actor, at):
    return imports.apply(run=run, rows=rows, actor=actor, at=at)


@command("tests.undo")
def undo(*, run, ids, actor, at):
    imports.undo(run=run, ids=ids, actor=actor, at=at)


@pytest.fixture
def tree(db: None) -> Tree:
    return Tree()


def staged(actor, *rows: list[str]) -> tuple[Run, list]:
    run = Run.objects.create(kind="people.residents", title="t", created_at=AT)
    it = imports.reader(run=run, actor=actor, at=AT)
    clean = [row for n, row in enumerate((it.read(n, r) for n, r in enumerate(rows, 2)), 2) if row]
    assert it.problems == []
    return run, [imports.unpack(json.loads(json.dumps(plain(list(row))))) for row in clean]


def test_applied_rows_are_people_in_households_and_can_be_taken_back(tree: Tree) -> None:
    number = make.id_number(date(1950, 5, 1))
    run, rows = staged(
        SYSTEM,
        cells(id_number=number, phone="13800138000"),
        cells(name="林阿妹", relation="配偶"),
        cells(name="黄丽", household_number="甲-1"),
    )

    made = apply(run=run, rows=rows, actor=SYSTEM, at=AT)

    with scope.everything():
        assert Household.objects.count() == 2
        people = list(Person.objects.filter(pk__in=made).order_by("pk"))
    assert people[0].id_number.reveal() == number
    for check in (checks.households_have_members, checks.memberships_agree, checks.digests_match):
        assert list(check()) == []

    undo(run=run, ids=made, actor=SYSTEM, at=AT)
    with scope.everything():
        assert not Person.objects.exists()
        assert not Household.objects.exists()


def test_a_second_chunk_finds_the_household_of_the_first(tree: Tree) -> None:
    run, rows = staged(SYSTEM, cells(), cells(name="林阿妹", relation="配偶"))

    apply(run=run, rows=rows[:1], actor=SYSTEM, at=AT)
    apply(run=run, rows=rows[1:], actor=SYSTEM, at=AT)

    with scope.everything():
        assert Household.objects.get().people.count() == 2


def test_rows_join_a_household_that_has_the_number_already(tree: Tree) -> None:
    home = make.make_household(tree.cuiying, number="甲-1")
    run, rows = staged(SYSTEM, cells(name="林阿妹", relation="配偶", household_number="甲-1"))

    apply(run=run, rows=rows, actor=SYSTEM, at=AT)

    assert [p.name for p in make.members_of(home)] == ["陈小明", "林阿妹"]


def test_somebody_registered_between_check_and_apply_is_left_out_and_named(tree: Tree) -> None:
    number = make.id_number(date(1950, 5, 1))
    run, rows = staged(SYSTEM, cells(id_number=number), cells(name="林阿妹"))
    make.make_household(tree.jintao, make.new_person(id_number=number))

    made = apply(run=run, rows=rows, actor=SYSTEM, at=AT)

    assert len(made) == 1
    assert RunProblem.objects.get(run=run).row_number == 2


def test_a_run_is_not_undone_when_somebody_was_changed_since(tree: Tree) -> None:
    run, rows = staged(SYSTEM, cells())
    made = apply(run=run, rows=rows, actor=SYSTEM, at=AT)
    persons.change_phone(actor=SYSTEM, person=made[0], phone="13800138000", at=AT)

    with pytest.raises(runs.SomethingDepends):
        undo(run=run, ids=made, actor=SYSTEM, at=AT)
    assert make.fresh(made[0]).name == "陈小明"


def test_staff_may_name_only_their_own_communities(tree: Tree) -> None:
    names = imports.community_names(make.staff("community_staff", tree.cuiying))

    assert names.get("翠英社区") == tree.cuiying.pk
    assert "金涛社区" not in names
