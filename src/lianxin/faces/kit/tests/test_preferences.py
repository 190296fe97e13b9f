import pytest
from django.test import RequestFactory

from lianxin.faces.kit.preferences import ELDER, LARGEST, MODE_COOKIE, NORMAL, SIZE_COOKIE, SMALLEST, preferences
from lianxin.faces.kit.views import show_as


def request_with(**cookies):
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    return request


def test_without_cookies_a_page_is_normal_at_its_own_size():
    shown = preferences(request_with())

    assert (shown.mode, shown.size, shown.is_elder) == (NORMAL, 0, False)


def test_a_forged_cookie_counts_as_none():
    shown = preferences(request_with(**{MODE_COOKIE: '"><script>', SIZE_COOKIE: "huge"}))

    assert (shown.mode, shown.size) == (NORMAL, 0)


def test_text_grows_to_the_last_step_and_no_further():
    shown = preferences(request_with(**{SIZE_COOKIE: "99"}))

    assert (shown.size, shown.larger, shown.smaller) == (LARGEST, None, LARGEST - 1)


def test_text_shrinks_to_the_first_step_and_no_further():
    shown = preferences(request_with(**{SIZE_COOKIE: "-99"}))

    assert (shown.size, shown.smaller, shown.larger) == (SMALLEST, None, 0)


def test_a_link_turns_elder_mode_on_and_comes_back():
    response = show_as(RequestFactory().get("/kit/show-as/", {"mode": "elder", "next": "/places/?page=2"}))

    assert response["Location"] == "/places/?page=2"
    assert response.cookies[MODE_COOKIE].value == ELDER
    assert SIZE_COOKIE not in response.cookies


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_a_link_never_leads_to_another_site(target):
    response = show_as(RequestFactory().get("/kit/show-as/", {"mode": "elder", "next": target}))

    assert response["Location"] == "/"


def test_an_unknown_choice_sets_nothing():
    response = show_as(RequestFactory().get("/kit/show-as/", {"mode": "disco", "language": "xx"}))

    assert not response.cookies


def test_preferences_are_not_set_by_a_post():
    assert show_as(RequestFactory().post("/kit/show-as/", {"mode": "elder"})).status_code == 405
