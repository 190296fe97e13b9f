"""The pages of a city as its department sees them: charts are drawn, nothing spills on a phone, axe finds nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import DESK, MODE_COOKIE, PATIENCE_MS, PHONE
from tests.support import axe, clocked
from tests.support.entrance import log_in_staff
from tests.support.site import Site

FIGURES = ("visits/?period=2026", "residents/?period=2026", "categories/?period=2026", "pilot_volunteer_person_times/")
SPILLS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
Open = Callable[..., BrowserContext]


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Site]:
    """A running sample city of three districts with four communities each."""
    site = Site(folder=tmp_path / "city", settings={"LIANXIN_LEVEL": "city"})
    site.run("demo", "--districts", "3", "--communities", "4")
    site.start()
    yield site
    site.stop()


@pytest.fixture
def at_city(browser: Browser, city: Site) -> Iterator[Open]:
    """Give a function that opens a window of the city's department; the first one logs in, the others come along."""
    contexts: list[BrowserContext] = []

    def open_one(viewport: dict[str, int]) -> BrowserContext:
        context = browser.new_context(
            base_url=city.url,
            viewport={"width": viewport["width"], "height": viewport["height"]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            storage_state=contexts[0].storage_state() if contexts else None,
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(clocked.page_clock())
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()


def look_at(page: Page, address: str) -> None:
    """Open a page of the city and fail with what axe finds, with a chart that is not drawn, or with what spills."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok, address
    charts = page.locator("figure[data-chart]")
    for number in range(charts.count()):
        charts.nth(number).and_(page.locator("[data-drawn]")).wait_for(state="attached")
    axe.assert_accessible(page)
    assert not page.evaluate(SPILLS), address


def own_links(page: Page, within: str) -> list[str]:
    """Give the addresses of the city's own pages in a part of the page, each path once."""
    found: list[str] = page.eval_on_selector_all(
        f"{within} a[href^='/district/']", "all => all.map((one) => one.getAttribute('href'))"
    )
    return list({urlsplit(one).path: one for one in found}.values())


def test_pages_of_a_city_are_drawn_and_have_no_serious_finding(at_city: Open) -> None:
    desk = at_city(DESK).new_page()
    log_in_staff(desk, "city", now=partial(datetime.now, UTC))

    desk.goto("/district/")
    pages = [*own_links(desk, "nav"), *(f"/district/figures/{one}" for one in FIGURES)]
    assert len(pages) > len(FIGURES) + 4
    for address in pages:
        look_at(desk, address)
    district = parts_of(desk, "/district/figures/visits/")[0]
    office = parts_of(desk, district)[0]
    at_the_district = parts_of(desk, office)[0]
    assert at_the_district.startswith("https://")
    assert "/district/figures/visits/?period=" in at_the_district
    look_at(desk, office)

    phone = at_city(PHONE)
    page = phone.new_page()
    for address in ("/district/", "/district/figures/", office):
        look_at(page, address)
    phone.add_cookies([{"name": MODE_COOKIE, "value": "elder", "url": desk.url}])
    look_at(page, office)


def parts_of(page: Page, address: str) -> list[str]:
    """Give where the places lead to on a figure's page."""
    page.goto(address)
    table = page.locator("figure.chart-bar table", has=page.locator("thead", has_text="地方")).first
    links: list[str] = table.locator("tbody a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    return links
