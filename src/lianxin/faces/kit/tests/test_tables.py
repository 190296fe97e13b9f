from types import SimpleNamespace

from django.test import RequestFactory

from lianxin.faces.kit.tables import Column, table

COLUMNS = (Column("Name", sort="name"), Column("Age", sort="age", numeric=True), Column("Note"))
ROWS = [SimpleNamespace(name=name, age=age) for name, age in (("c", 3), ("a", None), ("b", 1))]


def listed(query="", **options):
    return table(RequestFactory().get(f"/{query}"), rows=ROWS, columns=COLUMNS, **options)


def test_a_list_is_sorted_as_asked():
    found = listed("?sort=-name")

    assert [row.name for row in found.rows] == ["c", "b", "a"]
    assert found.headers[0].state == "descending"


def test_a_second_click_turns_the_order_round():
    assert listed("?sort=name").headers[0].sort == "-name"


def test_a_column_that_was_not_declared_cannot_sort():
    found = listed("?sort=note", default_sort="name")

    assert [row.name for row in found.rows] == ["a", "b", "c"]
    assert not found.headers[2].sortable


def test_missing_values_come_last():
    assert [row.name for row in listed("?sort=age").rows] == ["b", "c", "a"]


def test_a_page_that_does_not_exist_is_the_last_one():
    found = listed("?page=99", default_sort="name", per_page=2)

    assert (found.page.number, [row.name for row in found.rows]) == (2, ["c"])


def test_a_page_that_is_no_number_is_the_first_one():
    assert listed("?page=x", per_page=2).page.number == 1


def test_a_known_count_is_not_counted_again():
    assert listed(count=630_000).count == 630_000
