"""A survey on a phone without a script, in elder mode; with a script an answer brings its questions up at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE
from tests.support.axe import assert_accessible
from tests.support.elder import assert_fits_the_width, assert_targets_are_large, assert_text_is_large
from tests.support.site import Site


@pytest.fixture(scope="module")
def survey(site: Site) -> dict[str, Any]:
    return site.run_module("tests.support.survey_steps", "open")


def look(page: Page) -> None:
    assert_fits_the_width(page)
    assert_text_is_large(page)
    assert_targets_are_large(page, ignore=".skip")


def press(page: Page, name: str) -> None:
    """Press a button that leads to a page, and wait for that page: going back or closing too soon would cut it off."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def go_on(page: Page) -> None:
    press(page, "下一页")


def test_an_elder_fills_a_form_without_a_script_and_takes_the_receipt_home(
    site: Site, survey: dict[str, Any], open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(PHONE, elder=True, javascript=False).new_page()
    page.goto(f"/s/{survey['slug']}/")
    look(page)
    press(page, "开始")
    look(page)
    go_on(page)
    expect(page.locator("#form-errors")).to_contain_text("您今年多大年纪")
    expect(page.get_by_label("您一个人住吗")).to_have_count(0)
    page.get_by_label("您今年多大年纪").fill("300")
    go_on(page)
    expect(page.locator("#form-errors")).to_contain_text("年龄要在0到120之间")
    look(page)
    page.get_by_label("您今年多大年纪").fill("76")
    go_on(page)
    page.get_by_label("是", exact=True).check()
    go_on(page)
    page.get_by_label("邻居").check()
    go_on(page)

    page.get_by_label("孩子叫什么").fill("小红")
    page.get_by_label("几岁了").fill("7")
    press(page, "再加一个")
    look(page)
    page.get_by_label("孩子叫什么").nth(1).fill("小明")
    page.get_by_label("几岁了").nth(1).fill("9")
    # The phone dies; the same browser comes back later.
    go_on(page)
    page.close()
    page = page.context.new_page()
    page.goto(f"/s/{survey['slug']}/")
    page.get_by_role("link", name="接着填").click()

    page.get_by_label("西片").check()
    go_on(page)
    page.go_back()
    page.get_by_label("哪条路").select_option(label="珠池路")
    go_on(page)
    page.get_by_label("您有什么心愿").fill("想有人来教手机")
    go_on(page)
    expect(page.locator("main")).to_contain_text("珠池路")
    look(page)
    press(page, "交上去")

    expect(page.locator("h1")).to_have_text("谢谢您的回答")
    expect(page.locator("main")).to_contain_text("想有人来教手机")
    look(page)
    page.get_by_role("link", name="打开回执").click()
    expect(page.locator("main")).to_contain_text("想有人来教手机")
    there = site.run_module("tests.support.survey_steps", "came")
    assert there["how"] == ["page"]
    assert "<kid_name>小明</kid_name>" in there["answers"][0]
    assert "<street>pearl</street>" in there["answers"][0]
    assert there["needs"] == ["想有人来教手机"]


def test_with_a_script_an_answer_brings_its_questions_up_at_once(
    survey: dict[str, Any], open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(PHONE).new_page()
    page.goto(f"/s/{survey['slug']}/")
    press(page, "开始")
    page.locator("form[data-ready]").wait_for()
    alone = page.get_by_role("group", name="您一个人住吗")

    expect(alone).to_have_count(0)
    page.get_by_label("您今年多大年纪").fill("76")
    expect(alone).to_be_visible()
    page.get_by_label("是", exact=True).check()
    expect(page.get_by_role("group", name="平时谁来帮忙")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("您今年多大年纪").fill("30")
    expect(alone).to_have_count(0)
    go_on(page)
    go_on(page)
    page.locator("form[data-ready]").wait_for()
    page.get_by_label("东片").check()
    expect(page.get_by_label("哪条路").locator("option")).to_have_text(["请选择", "金凤路"])
