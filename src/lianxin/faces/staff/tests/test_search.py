"""One search over everything an office works with."""

import pytest
from django.urls import reverse


def kinds(answer):
    return {group.kind for group in answer.context["groups"]}


def titles(answer, kind):
    return [hit.title for group in answer.context["groups"] if group.kind == kind for hit in group.hits]


@pytest.mark.parametrize("asked", ["翠英", "cy", "cuiying", "CuiYing"])
def test_a_community_is_found_by_name_pinyin_and_initials(small_district, client, asked):
    small_district.log_in(client, "cuiying1")

    assert "翠英社区" in titles(client.get(reverse("staff:search"), {"q": asked}), "division")


def test_two_communities_of_one_name_are_both_found(small_district, client):
    small_district.log_in(client, "district")

    assert set(titles(client.get(reverse("staff:search"), {"q": "金洲"}), "division")) == {"金洲社区", "金洲村"}


def test_a_resident_is_found_by_name_and_phone_and_shown_masked(small_district, client):
    small_district.log_in(client, "cuiying1")
    person = small_district.first("people.Person", community=small_district.cuiying, phone__isnull=False)

    by_name = client.get(reverse("staff:search"), {"q": person.name})
    by_phone = client.get(reverse("staff:search"), {"q": person.phone.reveal()})

    assert "person" in kinds(by_name)
    assert "person" in kinds(by_phone)
    hits = [hit for group in by_phone.context["groups"] if group.kind == "person" for hit in group.hits]
    assert reverse("staff:person", kwargs={"person": person.pk}) in {hit.url for hit in hits}
    assert f">{person.name}<" not in by_phone.content.decode()


@pytest.mark.parametrize("who", ["jinzhou1", "host", "merchant", "system"])
def test_nobody_finds_residents_outside_their_reach(small_district, client, who):
    small_district.log_in(client, who)
    person = small_district.first("people.Person", community=small_district.cuiying, phone__isnull=False)

    found = client.get(reverse("staff:search"), {"q": person.phone.reveal()})

    assert "person" not in kinds(found)


def test_every_hit_of_an_office_leads_to_a_page_that_opens(small_district, client):
    small_district.log_in(client, "cuiying1")
    answer = client.get(reverse("staff:search"), {"q": "cy"})

    first = [group.hits[0].url for group in answer.context["groups"]]

    assert first
    assert all(first)
    assert {client.get(url).status_code for url in first} == {200}


def test_results_alone_are_given_while_somebody_types(small_district, client):
    small_district.log_in(client, "cuiying1")

    part = client.get(reverse("staff:search"), {"q": "cy"}, headers={"HX-Request": "true"})

    assert "<html" not in part.content.decode()
    assert 'id="results"' in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]


@pytest.mark.parametrize("asked", ["", "   ", "'; DROP TABLE", "%", '"', "x" * 500, "*", "\x00"])
def test_whatever_is_typed_gets_a_page(small_district, client, asked):
    small_district.log_in(client, "cuiying1")

    assert client.get(reverse("staff:search"), {"q": asked}).status_code == 200


@pytest.mark.parametrize("who", ["cuiying1", "district"])
def test_search_costs_few_queries(small_district, client, django_assert_max_num_queries, who):
    small_district.log_in(client, who)
    client.get(reverse("staff:search"))

    with django_assert_max_num_queries(12):
        client.get(reverse("staff:search"), {"q": "c"})
