"""Divisions through the pages: the tree on any day, and changes with what follows from them told first."""

import pytest
from django.urls import reverse

from lianxin.domain.places.models import Division, DivisionName, Venue
from lianxin.platform import scope
from lianxin.platform.ids import new_id


def send(client, division, change, confirmed=False, **values):
    values = {"note": "", "key": str(new_id()), **values}
    if confirmed:
        values["confirmed"] = "yes"
    return client.post(reverse("district:division_change", args=[division.pk, change]), values)


def name_of(division):
    return Division.objects.get(pk=division.pk).official_name


def test_nothing_changes_before_it_is_confirmed(department, small_district):
    values = {"official_name": "翠英新居委会", "on": small_district.today.isoformat()}

    asked = send(department, small_district.cuiying, "rename", **values)
    assert asked.status_code == 200
    assert "翠英新居委会" in asked.content.decode()
    assert name_of(small_district.cuiying) == "翠英居委会"

    done = department.post(
        reverse("district:division_change", args=[small_district.cuiying.pk, "rename"]),
        {**dict(asked.context["hidden"]), "confirmed": "yes"},
    )
    assert done.url == reverse("district:division", args=[small_district.cuiying.pk])
    assert name_of(small_district.cuiying) == "翠英新居委会"
    assert "翠英居委会" in department.get(done.url).content.decode()


def test_going_back_from_the_question_keeps_what_was_typed(department, small_district):
    values = {"official_name": "翠英新居委会", "on": small_district.today.isoformat(), "back": "yes"}

    answer = send(department, small_district.cuiying, "rename", **values)

    assert 'value="翠英新居委会"' in answer.content.decode()
    assert name_of(small_district.cuiying) == "翠英居委会"


@pytest.mark.parametrize("code", ["12345", "440507009000", "440507009207"])
def test_a_code_that_cannot_be_is_refused_and_stays_in_the_form(code, department, small_district):
    answer = send(
        department, small_district.cuiying, "recode", confirmed=True, code=code, on=small_district.today.isoformat()
    )

    assert answer.status_code == 422
    assert f'value="{code}"' in answer.content.decode()
    assert Division.objects.get(pk=small_district.cuiying.pk).code == "440507004020"


def test_a_day_to_come_is_refused(department, small_district):
    answer = send(
        department, small_district.cuiying, "rename", confirmed=True, official_name="明日居委会", on="2199-01-01"
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["on"]


def test_a_community_moves_to_another_subdistrict(department, small_district):
    parent = small_district.jinzhou_village.parent

    send(
        department,
        small_district.cuiying,
        "move",
        confirmed=True,
        parent=str(parent.pk),
        on=small_district.today.isoformat(),
    )

    assert Division.objects.get(pk=small_district.cuiying.pk).parent_id == parent.pk


def test_a_part_is_split_off_with_the_station_that_goes_along(department, small_district):
    values = {
        "name": "翠英东居委会",
        "code": "440507004099",
        "venues": [str(small_district.station.pk)],
        "on": small_district.today.isoformat(),
    }
    asked = send(department, small_district.cuiying, "split", **values)
    send(department, small_district.cuiying, "split", confirmed=True, **values)

    assert asked.context["consequences"]
    new = Division.objects.get(code="440507004099")
    with scope.everything():
        assert Venue.objects.get(pk=small_district.station.pk).community_id == new.pk
        assert Venue.objects.get(pk=small_district.centre.pk).community_id == small_district.cuiying.pk


def test_a_merged_community_ends_and_its_page_says_so(department, small_district):
    send(
        department,
        small_district.jinzhou_town,
        "merge",
        confirmed=True,
        into=str(small_district.cuiying.pk),
        on=small_district.today.isoformat(),
    )

    page = department.get(reverse("district:division", args=[small_district.jinzhou_town.pk]))
    assert page.context["division"].ended_on == small_district.today
    assert page.context["may_change"] is False
    assert department.get(reverse("district:divisions")).context["communities"] == 2


def test_the_tree_is_shown_as_it_was_on_a_day(department, small_district):
    address = reverse("district:divisions")

    assert department.get(address, {"on": "2019-06-01"}).context["communities"] == 3
    assert department.get(address, {"on": "1980-01-01"}).context["communities"] == 0
    assert department.get(address, {"on": "someday"}).status_code == 200


def test_another_name_is_added_and_ended(department, small_district):
    division = small_district.cuiying
    department.post(
        reverse("district:alias_new", args=[division.pk]),
        {"name": "翠英新村", "on": "2024-01-01", "key": new_id()},
    )
    alias = DivisionName.objects.get(name="翠英新村")

    department.post(
        reverse("district:alias_end", args=[division.pk, alias.pk]),
        {"on": small_district.today.isoformat(), "key": new_id()},
    )

    alias.refresh_from_db()
    assert alias.valid_until == small_district.today
