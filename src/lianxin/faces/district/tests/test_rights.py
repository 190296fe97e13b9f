"""Who sees the department's pages, and what of the district."""

import pytest
from django.test import Client
from django.urls import reverse

PAGES = (
    "overview",
    "standing",
    "help",
    "pillars",
    "pilots",
    "reach",
    "fairness",
    "upgrade_progress",
    "wall",
    "walls",
    "communities",
    "services",
    "use",
    "map",
    "centres",
    "upgrades",
    "programmes",
    "standards",
    "divisions",
)


@pytest.mark.parametrize("page", PAGES)
def test_the_department_and_a_subdistrict_office_open_every_page(page, department, xinjin):
    address = reverse(f"district:{page}")

    assert department.get(address).status_code == 200
    assert xinjin.get(address).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_for_a_community_office_no_page_exists(page, community_office):
    assert community_office.get(reverse(f"district:{page}")).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_not_logged_in_is_sent_to_the_door(page, small_district):
    answer = Client().get(reverse(f"district:{page}"))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("login"))


def test_a_subdistrict_office_counts_its_own_communities_only(xinjin, department, small_district):
    own = xinjin.get(reverse("district:communities")).context["table"].count
    all_of_them = department.get(reverse("district:communities")).context["table"].count

    assert (own, all_of_them) == (1, 3)


def test_a_centre_of_another_subdistrict_does_not_exist(xinjin, department, small_district):
    address = reverse("district:venue", args=[small_district.foreign_centre.pk])

    assert xinjin.get(address).status_code == 404
    assert department.get(address).status_code == 200


def test_an_upgrade_of_another_subdistrict_does_not_exist(xinjin, department, small_district):
    upgrade = small_district.first("places.Upgrade", community=small_district.jinzhou_village)
    pages = [reverse(f"district:{name}", args=[upgrade.pk]) for name in ("upgrade", "upgrade_history")]
    pages.append(reverse("district:upgrade_decide", args=[upgrade.pk, "cancel"]))

    assert [xinjin.get(page).status_code for page in pages] == [404, 404, 404]
    assert [department.get(page).status_code for page in pages] == [200, 200, 200]


def test_a_foreign_subdistrict_or_community_does_not_exist_for_an_office(xinjin, small_district):
    foreign, own = small_district.jinzhou_village, small_district.cuiying

    def status(division):
        return xinjin.get(reverse("district:division", args=[division])).status_code

    assert (status(foreign.pk), status(foreign.parent_id)) == (404, 404)
    assert (status(own.pk), status(own.parent_id)) == (200, 200)


def test_filtering_by_a_foreign_subdistrict_gives_404(xinjin, small_district):
    foreign = small_district.jinzhou_village.parent_id

    for page in ("communities", "use", "map", "centres", "upgrades"):
        assert xinjin.get(reverse(f"district:{page}"), {"subdistrict": foreign}).status_code == 404


def test_a_subdistrict_office_neither_edits_the_standard_nor_changes_divisions(xinjin, small_district):
    standard = small_district.first("places.Standard")
    forms = [
        reverse("district:programme_new"),
        reverse("district:standard_new"),
        reverse("district:division_change", args=[small_district.cuiying.pk, "rename"]),
    ]

    assert [xinjin.get(form).status_code for form in forms] == [404, 404, 404]
    assert xinjin.post(reverse("district:standard", args=[standard.pk])).status_code == 403


def test_addresses_that_name_nothing_give_404(department, small_district):
    nothing = "0190a000-0000-7000-8000-000000000000"
    for name in ("venue", "upgrade", "programme", "standard", "division"):
        assert department.get(reverse(f"district:{name}", args=[nothing])).status_code == 404
    division = small_district.cuiying.pk
    assert department.get(reverse("district:division_change", args=[division, "explode"])).status_code == 404
