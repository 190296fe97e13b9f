import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.translation import get_language, gettext

from lianxin.faces.kit.language import LanguageMiddleware, chosen


def request_for(path="/", cookie="", accept="en-US,en;q=0.9"):
    request = RequestFactory(headers={"Accept-Language": accept}).get(path)
    if cookie:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie
    return request


def test_a_browser_installed_in_english_still_gets_chinese_pages():
    assert chosen(request_for()) == "zh-hans"


@pytest.mark.parametrize(("cookie", "language"), [("en", "en"), ("zh-hans", "zh-hans"), ("xx", "zh-hans")])
def test_the_visitors_choice_holds(cookie, language):
    assert chosen(request_for(cookie=cookie)) == language


def test_a_program_asks_by_header():
    assert chosen(request_for("/api/v1/venues")) == "en"


def test_the_language_holds_for_the_request_only_and_is_declared():
    before = get_language()
    seen = []

    response = LanguageMiddleware(lambda request: seen.append(get_language()) or HttpResponse())(
        request_for(cookie="en")
    )

    assert (seen, get_language()) == (["en"], before)
    assert response["Content-Language"] == "en"
    assert "Cookie" in response["Vary"]


def test_a_required_field_is_asked_for_in_plain_words():
    from django.utils.translation import override

    with override("zh-hans"):
        assert gettext("This field is required.") == "请填写这一项。"
