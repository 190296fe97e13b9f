"""The wall screen: readable from afar, it goes on by itself, and says since when it stands still."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import WALL
from tests.support import axe
from tests.support.entrance import log_in_staff

READABLE_PX = 96
# What is wider or higher than its frame on the screen.
SPILLS = """() => [document.documentElement, ...document.querySelectorAll(".wall-number, .wall-map")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
  .map((one) => one.className || one.tagName)"""
SIZES = ({"width": 1280, "height": 720}, WALL, {"width": 3840, "height": 2160})


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    """Go without network in the browser that says so to the page."""
    return whole_browser


@pytest.fixture
def hung(open_context: Callable[..., BrowserContext]) -> tuple[Page, str]:
    """A screen that hangs: the department makes its address, and a browser that never logged in opens it."""
    office = open_context(WALL).new_page()
    log_in_staff(office, "district", now=partial(datetime.now, UTC))
    office.goto("/district/walls/new/")
    office.locator("input[name=name]").fill("一楼大厅")
    office.locator("main button[type=submit]").click()
    office.wait_for_url("**/district/walls/*/")
    address = office.locator(".wall-address code").inner_text()
    return open_context(WALL).new_page(), address


def test_a_hung_screen_is_readable_goes_on_by_itself_and_says_when_it_stands_still(hung: tuple[Page, str]) -> None:
    page, address = hung
    page.clock.install()
    page.goto(address)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/part/" in request.url else None)

    for size in SIZES:
        page.set_viewport_size(size)
        numbers = page.locator(".wall-number p")
        assert numbers.count() == 8
        pixels = numbers.first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
        assert pixels >= READABLE_PX * size["height"] / WALL["height"], size
        assert page.evaluate(SPILLS) == [], size
    axe.assert_accessible(page)

    with page.expect_response("**/part/"):
        page.clock.fast_forward(31_000)
    stale = page.locator("#wall-stale")
    expect(stale).to_be_empty()

    page.context.set_offline(True)
    page.clock.fast_forward(31_000)
    expect(stale).not_to_be_empty()
    expect(page.locator(".wall-number")).to_have_count(8)

    page.context.set_offline(False)
    with page.expect_response("**/part/"):
        page.clock.fast_forward(31_000)
    expect(stale).to_be_empty()
    assert asked
