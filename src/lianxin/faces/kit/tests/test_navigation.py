from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from lianxin.faces.kit import navigation

ITEMS = (
    navigation.Item("home", "home", "Home"),
    navigation.Item("people", "users", "People", not_for=navigation.ADMINISTRATORS),
    navigation.Item("figures", "chart-bar", "Figures", only_for=frozenset({"district_staff"})),
    navigation.Item("nowhere", "map", "Nowhere"),
)
ADDRESSES = {"home": "/", "people": "/people/", "figures": "/figures/"}


@pytest.fixture(autouse=True)
def _addresses(monkeypatch):
    monkeypatch.setattr(navigation, "url_or_none", ADDRESSES.get)


def shown(path, *roles):
    request = RequestFactory().get(path)
    if roles:
        request.actor = SimpleNamespace(role=roles[0], roles=frozenset(roles))
    return {link.label: link.current for link in navigation.links(request, ITEMS)}


def test_a_page_that_does_not_exist_is_not_linked():
    assert "Nowhere" not in shown("/")


def test_the_page_one_is_on_is_marked_also_from_below():
    assert shown("/people/17/") == {"Home": False, "People": True}


def test_the_front_page_is_marked_only_on_itself():
    assert shown("/") == {"Home": True, "People": False}
    assert shown("/elsewhere/") == {"Home": False, "People": False}


def test_an_administrator_is_not_offered_residents():
    assert "People" not in shown("/", "audit_admin")


def test_an_administrator_who_is_also_staff_is():
    assert "People" in shown("/", "audit_admin", "community_staff")


def test_a_role_that_comes_with_being_a_resident_changes_nothing():
    assert "People" not in shown("/", "audit_admin", "resident")


def test_what_is_for_one_role_is_shown_to_that_role_only():
    assert "Figures" in shown("/", "district_staff")
    assert "Figures" not in shown("/", "community_staff")
    assert "Figures" not in shown("/")


def labels_for(*roles):
    return {item.url_name for item in navigation.STAFF_NEW if not set(roles) <= item.not_for}


def test_the_department_is_not_offered_to_register_residents():
    registering = {"staff:household_new", "staff:person_new"}

    assert not registering & labels_for("district_staff")
    assert registering <= labels_for("district_staff", "community_staff")


def test_an_item_offers_the_pages_below_it_and_is_marked_on_each_of_them(monkeypatch):
    addresses = ADDRESSES | {"map": "/map/", "upgrades": "/upgrades/", "progress": "/upgrades/progress/"}
    monkeypatch.setattr(navigation, "url_or_none", addresses.get)
    below = tuple(navigation.Item(name, "map", name) for name in ("map", "upgrades", "progress", "nowhere"))
    items = (navigation.Item("home", "home", "Home"), navigation.Item("map", "map", "Places", below=below))

    home, places = navigation.links(RequestFactory().get("/upgrades/progress/7/"), items)

    assert (home.current, places.current) == (False, True)
    assert [(link.label, link.current) for link in places.below] == [
        ("map", False),
        ("upgrades", False),
        ("progress", True),
    ]
