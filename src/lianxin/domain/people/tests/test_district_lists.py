"""Lists over the whole district, which read the indexes of all its communities together."""

from datetime import date

import pytest
from django.db import connection

from lianxin.domain.people.models import Household, Person
from lianxin.domain.people.queries.households import list_households
from lianxin.domain.people.queries.people import by_community, find_by_number, list_likely_duplicates, list_people
from lianxin.domain.people.tests import factories as make
from lianxin.domain.people.tests.account_factories import Tree
from lianxin.domain.people.tests.factories import SYSTEM, TODAY
from lianxin.platform import scope


@pytest.fixture
def tree(db: None) -> Tree:
    return Tree()


def test_the_oldest_of_all_communities_come_first_on_every_page(tree: Tree) -> None:
    for year in (1944, 1941, 1947):
        make.make_household(tree.cuiying, make.new_person(birth_on=date(year, 1, 1)))
        make.make_household(tree.jintao, make.new_person(birth_on=date(year + 1, 1, 1)))

    ages: list[int | None] = []
    after = "start"
    while after:
        page = list_people(actor=SYSTEM, on=TODAY, band="60_up", after="" if after == "start" else after, limit=2)
        ages += [row.age for row in page.rows]
        after = page.after

    assert ages == [85, 84, 82, 81, 79, 78]


def test_households_of_all_communities_come_by_number(tree: Tree) -> None:
    for number in ("000003", "000001"):
        make.make_household(tree.cuiying, number=number)
        make.make_household(tree.jintao, number=number)

    first = list_households(actor=SYSTEM, limit=3)
    second = list_households(actor=SYSTEM, after=first.after, limit=3)

    assert [row.number for row in (*first.rows, *second.rows)] == ["000001", "000001", "000003", "000003"]
    assert len({row.id for row in (*first.rows, *second.rows)}) == 4


def test_a_phone_and_a_likely_duplicate_are_found_wherever_they_live(tree: Tree) -> None:
    home = make.make_household(tree.jintao, make.new_person("林阿妹", phone="13800138000"))
    (person,) = make.members_of(home)

    by_phone = find_by_number(actor=SYSTEM, on=TODAY, phone="138 0013 8000")
    alike = list_likely_duplicates(actor=SYSTEM, on=TODAY, name="林阿妹", birth_on=date(1950, 5, 1))

    assert [row.id for row in by_phone] == [row.id for row in alike] == [person.pk]


def test_no_list_over_the_district_reads_a_whole_table(tree: Tree) -> None:
    with scope.everything():
        people, homes = by_community(Person.objects.all()), by_community(Household.objects.all())
        for rows in (
            people.filter(birth_on__lte=TODAY).order_by("birth_on", "pk")[:50],
            people.filter(phone_digest__in=["a", "b"]),
            homes.order_by("number", "pk")[:50],
        ):
            sql = rows.query.sql_with_params()
            plan = _plan(*sql)

            assert not any("SCAN people_" in line for line in plan), plan


def _plan(sql: str, parameters: tuple[object, ...]) -> list[str]:
    if connection.vendor == "postgresql":
        # An empty table is always read whole there; what counts is that an index could be used.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", parameters)
            return [line.replace("Seq Scan on people_", "SCAN people_") for (line,) in cursor.fetchall()]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        return [row[3] for row in cursor.fetchall()]
