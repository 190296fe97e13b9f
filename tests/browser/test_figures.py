"""A figure opens: the department's head goes from the year's number down to the record of one evening."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.support import axe
from tests.support.entrance import log_in_staff

DESK = {"width": 1440, "height": 900}
WALL = {"width": 1920, "height": 1080}
PHONE = {"width": 360, "height": 640}
YEAR = "2024"
READ_TABLE = """figure => [...figure.querySelectorAll("tbody tr")].map(row =>
    [...row.cells].slice(1).map(cell => cell.textContent)
        .map(text => text === "—" ? null : Number(text.replace(/,/g, ""))))"""
READ_CHART = "figure => window.lianxinCharts.drawn(figure)"


def number(text: str | None) -> int:
    found = re.search(r"[\d,]+", text or "")
    assert found, text
    return int(found.group().replace(",", ""))


def value_of(page: Page) -> int:
    return number(page.locator("#figure-value").text_content())


def drawn_values(figure: Locator) -> list[Any]:
    """Give the drawn values row by row, out of what each series was drawn with."""
    columns = figure.evaluate(READ_CHART)
    if figure.get_attribute("data-chart") in ("calendar", "scatter"):
        return [[one["value"][2]] for one in columns[0]]
    return [list(row) for row in zip(*columns, strict=True)]


def assert_charts_say_their_tables(page: Page, least: int) -> None:
    figures = page.locator("figure[data-chart]")
    expect(page.locator("figure[data-drawn]")).to_have_count(figures.count())
    assert figures.count() >= least
    for figure in figures.all():
        assert drawn_values(figure) == figure.evaluate(READ_TABLE)
        expect(figure.locator("canvas")).to_be_visible()


def largest(page: Page, title: str) -> tuple[str, int]:
    """Give the name and the value of the largest row under a heading."""
    card = page.locator(".figure-charts > section").filter(has=page.get_by_role("heading", name=title, exact=True))
    details = card.locator("details")
    if not details.evaluate("one => one.open"):
        details.locator("summary").click()
    rows = [
        (str(row.locator("th").text_content()), number(row.locator("td").first.text_content()))
        for row in card.locator("tbody tr").all()
    ]
    name, value = max(rows, key=lambda row: row[1])
    card.locator("tbody").get_by_role("link", name=name, exact=True).click()
    return name, value


def test_the_years_number_opens_down_to_the_record_of_one_evening(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context(DESK).new_page()
    log_in_staff(page, "district", now=partial(datetime.now, UTC))
    page.goto("/district/figures/?topic=activities")
    page.get_by_label("时间", exact=True).fill(YEAR)
    page.get_by_role("button", name="查看").click()
    axe.assert_accessible(page)

    page.get_by_role("link", name=re.compile("查看 人次")).click()
    whole = value_of(page)
    assert_charts_say_their_tables(page, 3)
    axe.assert_accessible(page)
    assert whole > 0

    name, value = largest(page, "按地方看")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    assert value_of(page) == value <= whole

    name, value = largest(page, "按地方看")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    assert value_of(page) == value

    _day, value = largest(page, "逐日看")
    expect(page.locator(".breadcrumb")).to_contain_text(YEAR)
    assert value_of(page) == value > 0
    axe.assert_accessible(page)

    page.get_by_role("link", name="查看记录").click()
    expect(page.locator("main table tbody tr")).to_have_count(min(value, 50))
    axe.assert_accessible(page)
    page.locator("main tbody th a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "/activities/dates/" in page.url


def test_a_chart_follows_its_window_and_is_a_table_without_a_script(
    open_context: Callable[..., BrowserContext],
) -> None:
    address = f"/district/figures/person_times/?period={YEAR}"
    context = open_context(WALL)
    page = context.new_page()
    log_in_staff(page, "district", now=partial(datetime.now, UTC))
    page.goto(address)
    canvas = page.locator("figure[data-drawn] canvas").first
    expect(canvas).to_be_visible()
    wide = canvas.evaluate("one => one.clientWidth")

    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_function("wide => document.querySelector('figure[data-drawn] canvas').clientWidth !== wide", arg=wide)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("img.chart-picture").first.get_attribute("alt") == page.locator(
        ".chart-canvas"
    ).first.get_attribute("aria-label")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("img.chart-picture")).to_have_count(0)

    plain = open_context(PHONE, javascript=False)
    plain.add_cookies(context.cookies())
    bare = plain.new_page()
    bare.goto(address)
    expect(bare.locator("figure canvas")).to_have_count(0)
    expect(bare.locator("figure tbody tr").first).to_be_visible()
    assert bare.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
