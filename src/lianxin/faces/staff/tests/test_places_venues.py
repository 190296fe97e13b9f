"""The office's pages of venues: who sees which, what forms keep, what lists give out."""

import io
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.domain.places.models import Venue, VenueState
from lianxin.platform import scope

pytestmark = pytest.mark.django_db

VENUE_PAGES = (
    "venue",
    "venue_edit",
    "venue_host",
    "venue_hours",
    "venue_exception_new",
    "venue_amenities",
    "venue_rooms",
    "room_new",
    "equipment_new",
    "venue_services",
    "service_new",
    "door",
    "door_paper",
    "door_export",
    "venue_poster",
    "venue_poster_sheet",
)
LIST_PAGES = ("places", "places_map", "places_print", "upgrades", "upgrades_print", "produce", "divisions")
DETAILS = {"name": "翠英党群服务中心", "address": "练江路1号", "area_m2": "755"}


def of(name: str, venue: UUID, **more: str) -> str:
    return reverse(f"staff:{name}", kwargs={"venue": venue, **more})


def rows_of(response: object) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))  # type: ignore[attr-defined]
    return book.get_sheet_by_index(0).to_python()


def test_every_page_of_an_own_venue_opens(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")

    answers = {name: client.get(of(name, small_district.centre.pk)).status_code for name in VENUE_PAGES}

    assert set(answers.values()) == {200}, answers


def test_no_page_of_another_communitys_venue_exists(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")

    answers = {name: client.get(of(name, small_district.foreign_centre.pk)).status_code for name in VENUE_PAGES}

    assert set(answers.values()) == {404}, answers


@pytest.mark.parametrize("name", ["door_open", "door_lock", "visits_count"])
def test_no_button_works_on_another_communitys_venue(small_district, client: Client, name: str) -> None:
    small_district.log_in(client, "cuiying1")

    answer = client.post(of(name, small_district.foreign_centre.pk), {"pressed": "5", "purpose": "rest"})

    assert answer.status_code == 404


def test_nobody_in_particular_is_led_to_the_login(small_district, client: Client) -> None:
    answers = [client.get(of(name, small_district.centre.pk)) for name in VENUE_PAGES]

    assert all(answer.status_code == 302 and reverse("login") in answer.url for answer in answers)


def test_a_resident_has_no_office_pages(small_district, client: Client) -> None:
    small_district.log_in_resident(client)

    assert client.get(reverse("staff:places")).status_code == 404


def test_a_host_comes_to_the_door_and_sees_no_other_venue_of_the_same_community(small_district, client) -> None:
    small_district.log_in(client, "host")

    first = client.get(reverse("staff:places"))
    own = client.get(of("door", small_district.station.pk))
    other = {name: client.get(of(name, small_district.centre.pk)).status_code for name in VENUE_PAGES}

    assert first.url == of("door", small_district.station.pk)
    assert own.status_code == 200
    assert set(other.values()) == {404}, other


def test_a_host_edits_the_venue_but_does_not_close_it(small_district, client: Client) -> None:
    small_district.log_in(client, "host")
    station = small_district.station

    edit = client.get(of("venue_edit", station.pk))
    close = client.get(of("venue_step", station.pk, step="close"))

    assert edit.status_code == 200
    assert close.status_code == 403


def test_a_host_does_not_reach_a_service_of_another_venue(small_district, client: Client) -> None:
    small_district.log_in(client, "host")
    service = small_district.first("places.StandingService", venue=small_district.centre)

    answer = client.get(reverse("staff:service", kwargs={"service": service.pk}))

    assert answer.status_code == 404


def test_the_list_shows_only_what_the_filters_ask_for(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")

    everything = client.get(reverse("staff:places")).content.decode()
    stations = client.get(reverse("staff:places"), {"kind": "station"}).content.decode()
    nothing = client.get(reverse("staff:places"), {"text": "没有这个地方"}).content.decode()

    assert small_district.centre.name in everything
    assert small_district.station.name in stations
    assert small_district.centre.name not in stations
    assert "没有符合条件的阵地" in nothing


def test_an_impossible_filter_is_left_out(small_district, client: Client) -> None:
    small_district.log_in(client, "district")

    answer = client.get(reverse("staff:places"), {"community": "nowhere", "kind": "castle", "sort": "password"})

    assert small_district.centre.name in answer.content.decode()


def test_the_district_narrows_the_list_to_a_subdistrict(small_district, client: Client) -> None:
    small_district.log_in(client, "district")

    page = client.get(reverse("staff:places"), {"community": str(small_district.cuiying.parent_id)}).content.decode()

    assert small_district.centre.name in page
    assert small_district.foreign_centre.name not in page


def test_the_export_holds_the_rows_that_are_seen(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")

    rows = rows_of(client.get(reverse("staff:places_export"), {"kind": "centre"}))

    assert rows[1][0] == "名称"
    assert [row[0] for row in rows[2:]] == [small_district.centre.name]


@pytest.mark.parametrize("name", ["upgrades_export", "produce_export", "places_export"])
def test_every_export_can_be_opened_again(small_district, client: Client, name: str) -> None:
    small_district.log_in(client, "district")

    rows = rows_of(client.get(reverse(f"staff:{name}")))

    assert len(rows) >= 3


def more_venues(district, count: int) -> None:
    """Give 翠英 this many more stations like its own."""
    with scope.everything():
        like = Venue.objects.get(pk=district.station.pk)
        for number in range(count):
            like.pk = UUID(int=like.pk.int + number + 1)
            like.name, like._state.adding = f"站点{number}", True
            like.save(force_insert=True)


@pytest.mark.parametrize("name", LIST_PAGES)
@pytest.mark.parametrize("more", [1, 28])
def test_a_list_costs_at_most_twelve_queries_at_any_size(
    small_district, client: Client, django_assert_max_num_queries, name: str, more: int
) -> None:
    more_venues(small_district, more)
    small_district.log_in(client, "cuiying1")

    with django_assert_max_num_queries(12):
        answer = client.get(reverse(f"staff:{name}"))

    assert answer.status_code == 200


def test_a_negative_area_is_told_in_a_sentence_and_nothing_typed_is_lost(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")

    answer = client.post(
        of("venue_edit", small_district.centre.pk), {**DETAILS, "area_m2": "-5", "address": "新地址99号"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "面积" in page
    assert 'value="新地址99号"' in page
    assert 'value="-5"' in page


def test_an_edit_is_saved_once_however_often_it_is_sent(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")
    centre = small_district.centre
    form = {**DETAILS, "version": str(centre.version), "key": "0190f5a0-0000-7000-8000-000000000001"}

    first = client.post(of("venue_edit", centre.pk), form)
    second = client.post(of("venue_edit", centre.pk), form)

    with scope.everything():
        now = Venue.objects.get(pk=centre.pk)
    assert first.status_code == second.status_code == 302
    assert now.address == "练江路1号"
    assert now.version == centre.version + 1


def test_who_saves_an_old_version_sees_both_and_may_save_again(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")
    centre = small_district.centre
    old = {**DETAILS, "version": str(centre.version)}
    client.post(of("venue_edit", centre.pk), {**old, "address": "别人填的地址"})

    refused = client.post(of("venue_edit", centre.pk), {**old, "address": "我填的地址"})
    again = client.post(
        of("venue_edit", centre.pk), {**old, "address": "我填的地址", "version": str(centre.version + 1)}
    )

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "别人填的地址" in page
    assert 'value="我填的地址"' in page
    assert f'name="version" value="{centre.version + 1}"' in page
    assert again.status_code == 302


def test_pausing_tells_what_follows_before_it_is_done(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")
    url = of("venue_step", small_district.centre.pk, step="pause")
    entered = {"on": str(small_district.today), "reason": "屋顶漏水，请到金洲站"}

    told = client.post(url, entered)
    with scope.everything():
        still = Venue.objects.get(pk=small_district.centre.pk).state
    done = client.post(url, {**entered, "confirmed": "yes"})

    with scope.everything():
        after = Venue.objects.get(pk=small_district.centre.pk)
    assert "居民会看到暂停和您写的原因" in told.content.decode()
    assert still == VenueState.OPEN
    assert done.status_code == 302
    assert (after.state, after.state_note) == (VenueState.PAUSED, "屋顶漏水，请到金洲站")


def test_pausing_without_a_reason_asks_for_it(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")

    answer = client.post(
        of("venue_step", small_district.centre.pk, step="pause"), {"on": str(small_district.today), "reason": ""}
    )

    assert answer.status_code == 422


def test_a_step_that_does_not_exist_is_not_found(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")

    assert client.get(of("venue_step", small_district.centre.pk, step="explode")).status_code == 404


def test_only_the_district_gives_a_venue_to_another_community(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")
    refused = client.get(of("venue_move", small_district.station.pk))
    small_district.log_in(client, "district")
    url = of("venue_move", small_district.station.pk)
    entered = {"community": str(small_district.jinzhou_village.pk), "on": str(small_district.today)}

    told = client.post(url, entered).content.decode()
    done = client.post(url, {**entered, "confirmed": "yes"})

    with scope.everything():
        now = Venue.objects.get(pk=small_district.station.pk)
    assert refused.status_code == 403
    assert small_district.jinzhou_village.official_name in told
    assert done.status_code == 302
    assert now.community_id == small_district.jinzhou_village.pk


def test_a_station_is_registered_with_its_type(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")
    entered = {"community": str(small_district.cuiying.pk), "kind": "station", "name": "菜场驿站"}

    refused = client.post(reverse("staff:venue_new"), entered)
    done = client.post(reverse("staff:venue_new"), {**entered, "station_type": "market"})

    with scope.everything():
        made = Venue.objects.get(name="菜场驿站")
    assert refused.status_code == 422
    assert 'value="菜场驿站"' in refused.content.decode()
    assert done.url == of("venue", made.pk)


def test_a_foreign_community_cannot_be_chosen_for_a_new_venue(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")

    answer = client.post(
        reverse("staff:venue_new"),
        {"community": str(small_district.jinzhou_village.pk), "kind": "centre", "name": "别人的中心"},
    )

    with scope.everything():
        assert not Venue.objects.filter(name="别人的中心").exists()
    assert answer.status_code == 422


def test_the_poster_leads_to_the_residents_page(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")

    sheet = client.get(of("venue_poster_sheet", small_district.centre.pk)).content.decode()
    words = client.get(of("venue_poster", small_district.centre.pk)).content.decode()

    assert f"<h1>{small_district.centre.name}</h1>" in sheet
    assert 'class="qr"' in sheet
    assert f"【{small_district.centre.name}】" in words


def test_a_division_page_is_read_by_its_office(small_district, client: Client) -> None:
    small_district.log_in(client, "cuiying1")

    page = client.get(reverse("staff:division", kwargs={"division": small_district.cuiying.pk})).content.decode()

    assert small_district.cuiying.code in page
    assert small_district.centre.name in page
