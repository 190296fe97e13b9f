"""A till at a table: it sells without a network, opens again from what it kept, and nothing is spent twice."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support import axe
from tests.support.site import Site

TABLET = {"width": 800, "height": 1000}
KEPT = "lianxin-till"


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    """Go without network in the browser that says so to the page."""
    return whole_browser


def program(site: Site, *arguments: str) -> dict[str, Any]:
    """Run the program of the shop day beside the site."""
    return site.run_module("tests.support.shop_day", *arguments)


@pytest.fixture(scope="module")
def shop_day(site: Site) -> dict[str, Any]:
    """A till that may go, and the numbers of two households."""
    return program(site, "open")


def open_till(page: Page, token: str) -> None:
    """Open the till with its code, and wait until the page is kept for later."""
    page.goto(f"/staff/shop/till/#{token}")
    expect(page.get_by_role("heading", name="1号台")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-kept", "yes")


def choose(page: Page, number: str) -> None:
    """Type a household's number."""
    page.locator("#shown").fill(number)
    page.get_by_role("button", name="查找").click()


def sell(page: Page, number: str, pieces: int) -> None:
    """Give pieces of the one thing out to a household."""
    choose(page, number)
    for _piece in range(pieces):
        page.get_by_role("button", name="洗洁精加一件").click()
    page.locator("[data-give]").click()


def kept(page: Page) -> dict[str, Any]:
    """Read what the device keeps."""
    return dict(page.evaluate(f"JSON.parse(localStorage.getItem('{KEPT}'))"))


def test_a_till_goes_on_without_network_and_books_every_sale_once(
    open_context: Callable[..., BrowserContext], site: Site, shop_day: dict[str, Any], picture: Callable[..., Path]
) -> None:
    context = open_context(TABLET)
    page = context.new_page()
    first, second = shop_day["homes"]
    open_till(page, shop_day["token"])
    assert shop_day["token"] not in page.url

    context.set_offline(True)
    sell(page, first, 2)
    expect(page.locator("[data-said]")).to_contain_text("20 积分")
    page.reload()
    expect(page.get_by_role("heading", name="1号台")).to_be_visible()
    expect(page.locator("[data-state]")).to_contain_text("没有网络")
    sell(page, second, 2)

    # One piece of five is left, though the household may still take two.
    choose(page, second)
    page.get_by_role("button", name="洗洁精加一件").click()
    expect(page.get_by_role("button", name="洗洁精加一件")).to_be_disabled()
    page.locator("[data-give]").click()
    page.wait_for_function(f"JSON.parse(localStorage.getItem('{KEPT}')).sales.length === 3")
    picture(page, "till-offline")
    ids = [sale["id"] for sale in kept(page)["sales"]]
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", pk) for pk in ids)
    assert program(site, "tell", shop_day["till"])["sales"] == []

    page.locator("[data-finish]").click()
    page.locator("[data-send]").click()
    expect(page.locator("[data-said]")).to_contain_text("正在等网络")
    context.set_offline(False)

    expect(page.locator("[data-done]")).to_contain_text("3 笔", timeout=30_000)
    told = program(site, "tell", shop_day["till"])
    assert told == {
        "state": "closed",
        "on_hand": 3,
        "reserved": 0,
        "balances": [80, 70],
        "held": [0, 0],
        "sales": ["booked"] * 3,
        "wrong": [],
    }
    assert kept(page)["package"]["households"] == []

    page.locator("[data-again]").click()
    expect(page.locator("[data-done]")).to_contain_text("3 笔")
    assert program(site, "tell", shop_day["till"]) == told
    axe.assert_accessible(page)


def test_a_till_without_its_code_says_what_to_do(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context(TABLET).new_page()

    page.goto("/staff/shop/till/")

    expect(page.get_by_text("请扫这个台的码")).to_be_visible()
    axe.assert_accessible(page)


def test_a_wrong_code_gets_a_sentence(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context(TABLET).new_page()

    page.goto("/staff/shop/till/#nobody-knows-this")

    expect(page.locator("[data-said]")).not_to_be_empty()
    expect(page.locator("[data-part=sell]")).to_be_hidden()
