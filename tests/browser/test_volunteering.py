"""Volunteering from the desk to the phone: a shift is opened, taken without a script, given back in elder mode."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.test_resident import come_in, login_state  # noqa: F401 - fixtures
from tests.support import axe, elder
from tests.support.entrance import log_in_staff

TASK = "引导老人"


def open_shift(page: Page) -> str:
    """Open a shift of the day after tomorrow, and give the address of its page."""
    page.goto("/staff/volunteers/")
    page.get_by_role("link", name="开一个班次").first.click()
    day = (datetime.now(UTC) + timedelta(days=2, hours=8)).date().isoformat()
    for name, value in {"role": TASK, "on": day, "from_time": "09:00", "until_time": "11:00", "most": "3"}.items():
        page.locator(f"[name={name}]").fill(value)
    axe.assert_accessible(page)
    page.get_by_role("button", name="开放").click()
    expect(page.get_by_role("heading", name=re.compile(TASK))).to_be_visible()
    axe.assert_accessible(page)
    return page.url


def look_at_lists(page: Page, picture: Callable[[Page, str], Path]) -> None:
    """Open each list of the office."""
    page.goto("/staff/volunteers/")
    tabs = page.get_by_role("navigation", name="志愿服务各页").get_by_role("link")
    addresses = [tabs.nth(number).get_attribute("href") or "" for number in range(tabs.count())]
    assert len(addresses) == 6
    for number, address in enumerate(addresses):
        page.goto(address)
        axe.assert_accessible(page)
        picture(page, f"volunteering/list-{number}")


def test_shift_is_opened_at_the_desk_and_taken_on_a_phone_without_a_script(
    desk_page: Page,
    plain_page: Page,
    elder_page: Page,
    come_in: Callable[[Page], Page],  # noqa: F811
    picture: Callable[[Page, str], Path],
) -> None:
    log_in_staff(desk_page, "cuiying1", now=partial(datetime.now, UTC))
    shift = open_shift(desk_page)
    picture(desk_page, "volunteering/shift")
    look_at_lists(desk_page, picture)

    resident = come_in(plain_page)
    resident.goto("/volunteering/")
    picture(resident, "volunteering/needed")
    resident.get_by_role("link", name=re.compile(TASK)).first.click()
    resident.get_by_role("button", name="接这个班次").click()
    expect(resident.get_by_role("heading", name="我的志愿服务")).to_be_visible()
    picture(resident, "volunteering/mine")

    desk_page.goto(shift)
    expect(desk_page.get_by_text("1 / 3")).to_be_visible()

    old = come_in(elder_page)
    for path in (
        "/volunteering/",
        "/me/volunteering/",
        "/me/volunteering/profile/",
        "/me/volunteering/certificates/",
        "/me/volunteering/hours/",
        "/me/volunteering/reporting/",
        "/check/certificate/",
    ):
        old.goto(path)
        axe.assert_accessible(old)
        elder.assert_text_is_large(old)
        elder.assert_targets_are_large(old, ignore=".skip")
        elder.assert_fits_the_width(old)
    old.goto("/me/volunteering/")
    picture(old, "volunteering/mine-elder")
    old.get_by_role("link", name=re.compile("退掉")).first.click()
    old.get_by_role("button", name="退掉").click()
    expect(old.get_by_text("您手上没有班次")).to_be_visible()
