"""Households: registering in one form, the folder, families that part and become one."""

from datetime import date

import pytest
import time_machine
from django.test import Client

from lianxin.domain.people.models import Household, Person
from lianxin.domain.people.tests import factories as make
from lianxin.domain.people.tests.account_factories import Tree
from lianxin.faces.staff.tests.people_pages import AT, PHONE, enter, family, page, send, text_of
from lianxin.platform import scope
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db
BORN = date(1961, 2, 3)


@pytest.fixture
def tree() -> Tree:
    return Tree()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def office(client: Client, tree: Tree) -> Client:
    return enter(client, "community_staff", tree.cuiying)


def typed(tree: Tree, **more: str) -> dict[str, str]:
    """A filled-in form: a head with an ID number, a spouse with a birthday."""
    return {
        "community": str(tree.cuiying.pk),
        "address": "翠英路8号",
        "room": "502",
        "key": str(new_id()),
        "members": "2",
        "m0-id": str(new_id()),
        "m0-name": "黄秋生",
        "m0-relation": "head",
        "m0-id_number": make.id_number(BORN, sex="m"),
        "m0-phone": "139 0013 9000",
        "m0-residence": "registered",
        "m1-id": str(new_id()),
        "m1-name": "郑美玉",
        "m1-relation": "spouse",
        "m1-birth_on": "1963-05-06",
        "m1-residence": "registered",
    } | more


def people() -> list[Person]:
    with scope.everything():
        return list(Person.objects.order_by("pk"))


def test_a_household_is_registered_with_its_members_and_only_once(office: Client, tree: Tree) -> None:
    form = typed(tree)

    first = send(office, "household_new", data=form)
    again = send(office, "household_new", data=form)

    assert first.status_code == again.status_code == 302
    assert first.url == again.url
    assert [(p.name, p.birth_on) for p in people()] == [("黄秋生", BORN), ("郑美玉", date(1963, 5, 6))]


def test_one_more_member_keeps_what_was_typed(office: Client, tree: Tree) -> None:
    answer = send(office, "household_new", data=typed(tree, add="member"))

    assert answer.status_code == 200
    assert "黄秋生" in text_of(answer)
    assert "m2-name" in text_of(answer)
    assert people() == []


@pytest.mark.parametrize(
    ("field", "value"), [("m1-phone", "1390013"), ("m0-id_number", "440507196102030000"), ("m1-birth_on", "1800-01-01")]
)
def test_wrong_numbers_come_back_at_their_member_with_everything_typed(
    office: Client, tree: Tree, field: str, value: str
) -> None:
    answer = send(office, "household_new", data=typed(tree, **{field: value}))

    place, name = int(field[1]), field.partition("-")[2]
    assert answer.status_code == 422
    assert answer.context["members"][place].errors[name]
    assert value in text_of(answer)
    assert "翠英路8号" in text_of(answer)
    assert people() == []


def test_somebody_alike_is_shown_before_anything_is_saved(office: Client, tree: Tree) -> None:
    make.make_household(tree.cuiying, make.new_person("郑美玉", birth_on=date(1963, 5, 6)))

    asked = send(office, "household_new", data=typed(tree))
    before = len(people())
    sure = send(office, "household_new", data=typed(tree, sure="yes"))

    assert asked.status_code == 422
    assert "郑*玉" in text_of(asked)
    assert before == 1
    assert sure.status_code == 302
    assert len(people()) == 3


def test_an_id_number_that_is_known_is_refused_whatever_is_confirmed(office: Client, tree: Tree) -> None:
    form = typed(tree)
    known = make.new_person("黄秋生", id_number=form["m0-id_number"])
    make.make_household(tree.jintao, known)

    answer = send(office, "household_new", data=form | {"sure": "yes"})

    assert answer.status_code == 422
    assert len(people()) == 1


def test_somebody_joins_a_household_from_its_page(office: Client, tree: Tree) -> None:
    home = family(tree.cuiying)
    opened = page(office, "person_new", query=f"?household={home.pk}")
    data = {
        "community": str(tree.cuiying.pk),
        "number": home.number,
        "name": "陈小宝",
        "relation": "grandchild",
        "birth_on": "2026-11-01",
        "residence": "registered",
        "id": str(new_id()),
    }

    answer = send(office, "person_new", data=data)

    assert home.number in text_of(opened)
    assert answer.status_code == 302
    assert [p.name for p in make.members_of(home)] == ["陈小明", "陈大伟", "陈小宝"]


def test_a_folder_hides_address_and_numbers_on_screen_and_on_paper(office: Client, tree: Tree) -> None:
    home = family(tree.cuiying)

    for name in ("household", "household_print"):
        text = text_of(page(office, name, home.pk))
        assert "陈*明" in text
        assert "长平路****" in text
        assert PHONE not in text
        assert "陈小明" not in text
        assert "12号" not in text


def test_folders_of_a_foreign_community_do_not_exist(client: Client, tree: Tree) -> None:
    home = family(tree.cuiying)
    enter(client, "community_staff", tree.jintao)

    for name in ("household", "household_print", "household_edit", "household_split", "household_merge"):
        assert page(client, name, home.pk).status_code == 404


def test_a_new_number_keeps_the_address_that_was_left_empty(office: Client, tree: Tree) -> None:
    home = family(tree.cuiying)

    answer = send(office, "household_edit", home.pk, data={"number": "A7", "version": home.version})

    row = make.fresh_household(home)
    assert answer.status_code == 302
    assert (row.number, row.address, row.room) == ("A7", "长平路12号", "301")


def test_a_split_is_told_first_and_then_done(office: Client, tree: Tree) -> None:
    home = family(tree.cuiying)
    child = make.members_of(home)[1]
    data = {"people": [str(child.pk)], "head": str(child.pk), "on": "2026-11-19", "key": str(new_id())}

    told = send(office, "household_split", home.pk, data=data)
    before = make.fresh(child).household_id
    done = send(office, "household_split", home.pk, data=data | {"confirmed": "yes"})

    assert "陈*伟" in text_of(told)
    assert before == home.pk
    assert done.status_code == 302
    assert make.fresh(child).household_id != home.pk


def test_a_merge_names_who_joins_before_it_is_done(office: Client, tree: Tree) -> None:
    home, other = family(tree.cuiying), make.make_household(tree.cuiying, make.new_person("林阿妹"))
    data = {"number": other.number, "on": "2026-11-19", "key": str(new_id())}

    told = send(office, "household_merge", home.pk, data=data)
    done = send(office, "household_merge", home.pk, data=data | {"confirmed": "yes"})

    assert "林*妹" in text_of(told)
    assert done.status_code == 302
    assert make.fresh_household(other).state == Household.State.MERGED


def test_a_subdistrict_moves_a_household_between_its_communities(client: Client, tree: Tree) -> None:
    home = family(tree.cuiying)
    enter(client, "subdistrict_staff", tree.jinxia)
    data = {"community": str(tree.jintao.pk), "address": "金涛庄2号", "on": "2026-11-19", "confirmed": "yes"}

    answer = send(client, "household_move", home.pk, data=data)

    assert answer.status_code == 302
    assert make.fresh_household(home).community_id == tree.jintao.pk


def test_another_member_becomes_head(office: Client, tree: Tree) -> None:
    home = family(tree.cuiying)
    father, child = make.members_of(home)

    answer = send(office, "household_head", home.pk, data={"head": str(child.pk), "former_head_is": "parent"})

    assert answer.status_code == 302
    assert (make.fresh(child).relation, make.fresh(father).relation) == ("head", "parent")
