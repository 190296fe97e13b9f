"""A case from beginning to end: an elder without a phone at the desk, all talk it over, a promise is kept, she is told.

The words are written down and read back, the tier is decided, a meeting is held and its promise verified; what was done
is handed over on paper, and her daughter says by phone that it is solved.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.support import axe, elder
from tests.support.entrance import log_in_staff

WORDS = "三栋二梯的楼道灯坏了半个月，晚上下楼看不见，我上礼拜摔了一跤"
PROMISE = "三天内装好声控灯"
RECEIPT = re.compile(r"6\d\d \d{3} \d{3}")
HALL: ViewportSize = {"width": 1920, "height": 1080}
PHONE: ViewportSize = {"width": 360, "height": 640}
Look = Callable[[Page, str], Path]


@pytest.fixture
def clerk(desk_page: Page) -> Page:
    """Staff of 翠英 at the desk."""
    log_in_staff(desk_page, "cuiying1", now=partial(datetime.now, UTC))
    return desk_page


def next_step(page: Page) -> Locator:
    """Give the one red button of a record."""
    button = page.locator(".record-head .button-primary")
    expect(button).to_have_count(1)
    return button


def send(page: Page, **entered: str) -> None:
    """Fill in a form and send it."""
    for name, value in entered.items():
        field = page.locator(f"main form [name={name}]:visible")
        if field.first.get_attribute("type") == "radio":
            page.locator(f"main form [name={name}][value={value}]").check()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("main form button.button-primary").click()


def hear_at_the_desk(page: Page, picture: Look) -> str:
    """Write down what she says, read it back, and print her slip; gives the case's page."""
    page.goto("/staff/cases/new/")
    page.locator("[name=words]").fill(WORDS)
    page.locator("[name=guest_name]").fill("林阿婆")
    page.locator("[name=helper_name]").fill("女儿阿玲")
    page.locator("[name=place_words]").fill("三栋二梯")
    page.locator("[name=subject]").select_option("road_light")
    page.locator("[name=channel]").select_option("paper")
    axe.assert_accessible(page)
    picture(page, "case/1-written-down")
    page.get_by_role("button", name="念给居民听").click()

    words = page.locator("blockquote")
    expect(words).to_have_text(WORDS)
    assert words.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 24
    axe.assert_accessible(page)
    picture(page, "case/2-read-back")
    page.get_by_role("button", name="念过了，居民同意").click()
    expect(page.locator(".banner-done", has_text=RECEIPT)).to_be_visible()
    case = page.url.partition("?")[0]

    page.get_by_role("link", name="打印回执给居民").click()
    expect(page.get_by_text(RECEIPT).first).to_be_visible()
    picture(page, "case/3-slip")
    return case


def decide_that_all_talk_it_over(page: Page, case: str) -> None:
    """Give it to herself, begin, and say that it needs everybody."""
    page.goto(case)
    next_step(page).click()
    send(page)
    next_step(page).click()
    page.get_by_role("link", name="换个办法办", exact=True).click()
    send(page, tier="full", words="楼道灯归业主和物业共同管，要坐下来商量。")
    expect(page.locator(".tier-panel")).to_contain_text("难事众议")
    page.get_by_role("link", name="请大家一起商量").click()
    send(page, title="三栋楼道灯怎么修", summary="灯坏半个月，有老人摔跤。")


def meet_and_promise(page: Page, picture: Look) -> None:
    """Call the meeting of the evening, hold it, and close it after its minutes were read back."""
    next_step(page).click()
    day = (datetime.now(UTC) + timedelta(hours=8)).date().isoformat()
    send(page, on=day, starts="19:30", place_words="三栋楼下", guests="林阿婆\n物业小吴")
    next_step(page).click()
    for _person in range(2):
        page.locator("form[action*='/came/'] button").first.click()
    promise = page.locator("form[action$='/promised/']")
    if not promise.is_visible():
        promise.locator("xpath=ancestor::details/summary").click()
    promise.locator("[name=words]").fill(PROMISE)
    promise.locator("[name=owner_name]").fill("物业小吴")
    promise.locator("[name=due_by]").fill((datetime.now(UTC) + timedelta(days=3)).date().isoformat())
    promise.locator("button[type=submit]").click()
    expect(page.get_by_role("link", name=re.compile(PROMISE)).first).to_be_visible()
    picture(page, "case/4-meeting")
    next_step(page).click()
    expect(page.locator("[name=words]")).to_have_value(re.compile(PROMISE))
    send(page)
    next_step(page).click()
    next_step(page).click()
    send(page)


def keep_the_promise(page: Page) -> None:
    """Say that it was done, and let her who asked for it verify it."""
    page.goto("/staff/commitments/")
    page.get_by_role("link", name=re.compile(PROMISE)).first.click()
    commitment = page.url
    page.goto(f"{commitment}done/")
    send(page, evidence="十一点装好，当场试亮。")
    page.goto(f"{commitment}verify/")
    send(page, kept="yes", verifier_name="林阿婆", words="亮了")
    expect(page.locator(".record-head .chip-done")).to_be_visible()


def finish_and_tell_on_paper(page: Page, case: str, picture: Look) -> None:
    """Say what was done, print the answer, and note that she has it."""
    page.goto(case)
    next_step(page).click()
    send(page, words="楼道装了声控灯，晚上走到就亮。")
    page.goto("/staff/cases/calls/")
    axe.assert_accessible(page)
    line = page.get_by_role("row").filter(has_text="声控灯")
    picture(page, "case/5-to-be-told")
    line.get_by_role("link", name="打印回执").click()
    expect(page.get_by_text("没解决，接着办")).to_be_visible()
    picture(page, "case/6-answer-slip")
    page.get_by_role("button", name="回执已交到本人手里").click()
    page.goto("/staff/cases/calls/")
    expect(page.get_by_role("row").filter(has_text="声控灯")).to_have_count(0)


def test_elder_without_a_phone_is_heard_and_says_that_it_is_solved(clerk: Page, picture: Look) -> None:
    case = hear_at_the_desk(clerk, picture)
    decide_that_all_talk_it_over(clerk, case)
    meet_and_promise(clerk, picture)
    keep_the_promise(clerk)
    finish_and_tell_on_paper(clerk, case, picture)

    clerk.goto(case)
    next_step(clerk).click()
    send(clerk, solved="yes", how="phone", words="亮了，妈妈敢下楼了")

    expect(clerk.locator(".record-head .chip-done")).to_be_visible()
    expect(clerk.locator(".record-head .button-primary")).to_have_count(0)
    said = clerk.locator(".voices")
    expect(said).to_contain_text("解决了")
    expect(said).to_contain_text("妈妈敢下楼了")
    expect(said).to_contain_text(re.compile("打电话 · [^·]+ · .+ 记录"))
    axe.assert_accessible(clerk)
    for size in (HALL, PHONE):
        clerk.set_viewport_size(size)
        clerk.reload()
        elder.assert_fits_the_width(clerk)
        picture(clerk, f"case/7-story-{size['width']}")
