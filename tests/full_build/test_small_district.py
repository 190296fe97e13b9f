"""The small district that other tests use is a whole district, proved like a real one."""

from datetime import date, timedelta

import pytest
from django.test import Client

from lianxin.domain.people.queries.counts import count_residents
from lianxin.domain.places.models import Venue
from lianxin.domain.places.queries.divisions import list_by_name, list_divisions
from lianxin.platform import deployment, scope, search, verification
from lianxin.platform.models import AuditEntry, Fact
from tests.support import district


def differences() -> list[str]:
    """Give what `lianxin verify` would print."""
    return [f"{result.name}: {sentence}" for result in verification.run_all() for sentence in result.differences]


def test_small_district_holds_everything_that_verify_proves(small_district: district.SmallDistrict) -> None:
    assert differences() == []


def test_small_district_has_its_communities_venues_and_residents(small_district: district.SmallDistrict) -> None:
    with scope.everything():
        kinds = list(Venue.objects.order_by("kind").values_list("kind", flat=True))
        residents = count_residents(on=small_district.today)

    assert [division.official_name for division in list_divisions(level="community")] == [
        "翠英居委会",
        "金洲居委会",
        "金洲村委会",
    ]
    assert kinds == ["centre"] * 3 + ["station"] * 2
    assert residents == district.RESIDENTS


def test_two_communities_share_a_name_and_are_found_apart(small_district: district.SmallDistrict) -> None:
    found = list_by_name("金洲")

    assert {division.parent.official_name for division in found} == {"鸥汀街道", "外砂街道"}


def test_communities_were_there_under_their_old_code_in_2019(small_district: district.SmallDistrict) -> None:
    then = list_by_name("金洲村委会", on=date(2019, 6, 1))

    assert [division.pk for division in then] == [small_district.jinzhou_village.pk]


def test_people_and_places_are_found_by_search(small_district: district.SmallDistrict) -> None:
    with scope.everything():
        hits = search.find("cuiying", kinds=["division"])

    assert small_district.cuiying.pk in {hit.record_id for hit in hits}


@pytest.mark.parametrize("login_name", ["system", "district", "xinjin", "cuiying1", "host", "merchant", "partner"])
def test_sample_staff_come_in(small_district: district.SmallDistrict, client: Client, login_name: str) -> None:
    small_district.log_in(client, login_name)

    assert client.get("/account/").status_code == 200


def test_staff_of_one_community_reach_that_community_only(small_district: district.SmallDistrict) -> None:
    actor = small_district.actor("cuiying1")

    assert actor.communities == frozenset({small_district.cuiying.pk})


def test_pages_say_that_the_data_is_a_sample(small_district: district.SmallDistrict, client: Client) -> None:
    page = client.get("/login/")

    assert deployment.is_sample()
    assert "样例" in page.content.decode() or "sample" in page.content.decode()


def test_nothing_in_the_sample_lies_in_the_future(small_district: district.SmallDistrict) -> None:
    tomorrow = small_district.today + timedelta(days=1)

    with scope.everything():
        assert Fact.objects.exists()
        assert not Fact.objects.filter(occurred_on__gte=tomorrow).exists()
        assert not AuditEntry.objects.filter(at__date__gte=tomorrow).exists()
