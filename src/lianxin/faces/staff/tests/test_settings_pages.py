"""Every page of the settings opens for those it is for, and does not exist for others."""

import pytest
from django.urls import reverse

PAGES = {
    "staff:settings": {"system", "security", "audit", "district", "xinjin", "cuiying1"},
    "staff:roster": {"system", "security", "district", "xinjin", "cuiying1"},
    "staff:roster_export": {"system", "security", "district", "xinjin", "cuiying1"},
    "staff:roster_print": {"system", "security", "district", "xinjin", "cuiying1"},
    "staff:invite": {"security", "district", "xinjin", "cuiying1"},
    "staff:invite_sheet": {"security", "district", "xinjin", "cuiying1"},
    "staff:invite_template": {"security", "district", "xinjin", "cuiying1"},
    "staff:resets": {"system", "security"},
    "staff:rights": {"security", "audit"},
    "staff:calendar": {"system", "security", "audit", "district", "xinjin", "cuiying1"},
    "staff:calendar_export": {"system", "security", "audit", "district", "xinjin", "cuiying1"},
    "staff:calendar_print": {"system", "security", "audit", "district", "xinjin", "cuiying1"},
    "staff:calendar_new": {"system", "district"},
    "staff:purposes": {"system", "security", "audit", "district", "xinjin", "cuiying1"},
    "staff:purposes_export": {"system", "security", "audit", "district", "xinjin", "cuiying1"},
    "staff:purposes_print": {"system", "security", "audit", "district", "xinjin", "cuiying1"},
    "staff:purpose_new": {"district"},
    "staff:kinds": {"system", "district"},
    "staff:amenity_kind_new": {"system", "district"},
    "staff:room_kind_new": {"system", "district"},
    "staff:texts": {"system", "security", "audit", "district", "xinjin", "cuiying1"},
    "staff:delivered": {"system", "security", "audit", "district", "xinjin", "cuiying1"},
    "staff:jobs": {"system"},
    "staff:jobs_export": {"system"},
    "staff:failed_messages": {"system"},
    "staff:schedules": {"system"},
    "staff:audit": {"audit"},
    "staff:audit_export": {"audit"},
    "staff:audit_print": {"audit"},
}
WHO = ("system", "security", "audit", "district", "xinjin", "cuiying1", "host", "merchant")


@pytest.mark.parametrize("who", WHO)
def test_settings_exist_for_the_roles_they_are_for_and_for_nobody_else(small_district, client, who):
    small_district.log_in(client, who)

    answers = {name: client.get(reverse(name)).status_code for name in PAGES}

    assert answers == {name: 200 if who in roles else 404 for name, roles in PAGES.items()}


def test_nobody_reads_settings_without_coming_in(small_district, client):
    answers = {client.get(reverse(name)).status_code for name in PAGES}

    assert answers == {302}


@pytest.mark.parametrize("name", ["staff:purpose", "staff:purpose_edit", "staff:purpose_text"])
def test_district_opens_the_pages_of_a_purpose(small_district, client, name):
    small_district.log_in(client, "district")
    purpose = small_district.first("people.Purpose", basis="consent")

    answer = client.get(reverse(name, kwargs={"code": purpose.code}))

    assert answer.status_code == 200


def test_a_purpose_that_is_not_in_the_register_does_not_exist(small_district, client):
    small_district.log_in(client, "district")

    answer = client.get(reverse("staff:purpose", kwargs={"code": "nothing"}))

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("name", "who", "size"),
    [("staff:roster", "security", 12), ("staff:audit", "audit", 12), ("staff:jobs", "system", 12)],
)
def test_long_lists_cost_few_queries(small_district, client, django_assert_max_num_queries, name, who, size):
    small_district.log_in(client, who)
    client.get(reverse(name))

    with django_assert_max_num_queries(size):
        client.get(reverse(name))
