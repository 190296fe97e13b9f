"""A quarrel from the desk to its settlement, and a resident's time on a reception day.

A case becomes a mediation, the sides agree, the mediator has no tie to them, one side is heard alone, what is agreed is
written clause by clause, takes effect, is visited and found kept. Nothing of it shows on lists or the board.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_resident import come_in, login_state  # noqa: F401 - fixtures
from tests.support import axe, elder
from tests.support.entrance import log_in_staff

WORDS = "楼上半夜拉琴，说了几回都不听，我家老人睡不着"
SUBJECT, ASKING, OTHER = "半夜拉琴的纠纷", "周阿大", "吴老二"
TALK, CLAUSE = "他私下说愿意九点后不拉", "吴家晚上九点后不拉琴"
SECRET = (SUBJECT, ASKING, OTHER, TALK, CLAUSE)
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
        field = page.locator(f"main form [name={name}]")
        kind = field.first.get_attribute("type")
        if kind == "radio":
            page.locator(f"main form [name={name}][value={value}]").check()
        elif kind == "checkbox":
            field.first.check()
        elif field.first.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("main form button.button-primary").click()


def days_ahead(days: int) -> str:
    """Give a day here, as a form takes it."""
    return (datetime.now(UTC) + timedelta(hours=8, days=days)).date().isoformat()


def is_sealed(page: Page) -> bool:
    """Whether a page shows nothing of the quarrel."""
    text = page.locator("main").inner_text()
    return not any(words in text for words in SECRET)


def bring_the_quarrel(page: Page) -> str:
    """Write a case down, look after it, and ask for a mediation of it; gives the mediation's page."""
    page.goto("/staff/cases/new/")
    send(page, words=WORDS, guest_name=ASKING, channel="none")
    page.get_by_role("button", name="念过了，居民同意").click()
    page.goto(page.url.partition("?")[0])
    next_step(page).click()
    send(page)
    page.get_by_role("link", name=re.compile("调解")).last.click()
    names = page.locator("main form input[type=text]")
    page.locator("main form textarea").first.fill(SUBJECT)
    for number, name in enumerate((ASKING, OTHER)):
        names.nth(number).fill(name)
    page.locator("main form button.button-primary").click()
    expect(page.get_by_role("heading", name=re.compile(r"调解第 \d+ 号"))).to_be_visible()
    return page.url


def begin(page: Page, mediation: str, picture: Look) -> None:
    """Appoint the mediator, look for ties, ask both sides, accept."""
    next_step(page).click()
    send(page)
    next_step(page).click()
    axe.assert_accessible(page)
    send(page, ties="kin", sure="on")
    expect(page.get_by_text("您说和一方有关系")).to_be_visible()
    page.goto(mediation)
    next_step(page).click()
    send(page, sure="on")
    for _side in range(2):
        page.get_by_role("link", name="问过并记下").first.click()
        send(page, agrees="yes", words="愿意坐下来谈")
    next_step(page).click()
    send(page)
    expect(page.locator(".record-head")).to_contain_text("已受理")
    axe.assert_accessible(page)
    picture(page, "mediation/1-accepted")


def talk_and_agree(page: Page, mediation: str, picture: Look) -> None:
    """Hear one side alone, write the clause, let all agree and sign, and put it into effect."""
    next_step(page).click()
    page.locator("[name=kind]").select_option("private")
    page.locator("[name=party]").select_option(index=2)
    send(page, words=TALK)
    assert is_sealed(page)
    next_step(page).click()
    page.locator("[name=party]").select_option(index=2)
    send(page, words=CLAUSE, due_by=days_ahead(5))
    page.get_by_role("button", name="各方同意").click()
    picture(page, "mediation/2-clause")
    for _side in range(2):
        page.get_by_role("button", name="他们签了字").first.click()
    next_step(page).click()
    send(page)
    expect(page.locator(".record-head")).to_contain_text("履行中")
    expect(page.get_by_text("司法确认").first).to_be_visible()
    axe.assert_accessible(page)
    picture(page, "mediation/3-agreed")


def open_what_is_sealed(page: Page, mediation: str, picture: Look) -> None:
    """Open the words for a reason, read them, and find that the record keeps none of them but that it was done."""
    page.goto(mediation)
    page.get_by_role("link", name="打开封存的内容").click()
    assert is_sealed(page)
    send(page, reason="visit")
    text = page.locator("main").inner_text()
    assert all(words in text for words in SECRET)
    axe.assert_accessible(page)
    picture(page, "mediation/4-opened")
    page.goto(mediation)
    page.get_by_role("link", name="打印协议书").click()
    send(page, reason="agreement")
    expect(page.get_by_text(CLAUSE)).to_be_visible()
    expect(page.get_by_text(TALK)).to_have_count(0)
    picture(page, "mediation/5-agreement")
    page.goto(mediation)
    expect(page.get_by_text("打开了调解的封存内容").first).to_be_visible()


def visit_and_close(page: Page, picture: Look) -> None:
    """Write down the visit that found it kept, and close."""
    next_step(page).click()
    send(page, is_kept="yes", words="这几天晚上都安静")
    next_step(page).click()
    send(page)
    expect(page.locator(".record-head")).to_contain_text("履行完了")
    assert is_sealed(page)
    axe.assert_accessible(page)
    picture(page, "mediation/6-performed")


def test_quarrel_is_mediated_agreed_visited_and_performed(clerk: Page, picture: Look) -> None:
    mediation = bring_the_quarrel(clerk)
    begin(clerk, mediation, picture)
    talk_and_agree(clerk, mediation, picture)
    open_what_is_sealed(clerk, mediation, picture)
    visit_and_close(clerk, picture)

    clerk.goto("/staff/mediations/?state=all")
    assert is_sealed(clerk)
    expect(clerk.locator("main table").get_by_text("履行完了").first).to_be_visible()
    axe.assert_accessible(clerk)
    picture(clerk, "mediation/7-list")
    clerk.goto("/staff/search/?q=" + OTHER)
    expect(clerk.locator("main").get_by_text(re.compile(r"调解第 \d+ 号"))).to_have_count(0)


def test_resident_books_a_time_on_a_reception_day_and_gives_it_back(
    clerk: Page,
    elder_page: Page,
    come_in: Callable[[Page], Page],  # noqa: F811
    picture: Look,
) -> None:
    clerk.goto("/staff/receptions/series/new/")
    axe.assert_accessible(clerk)
    title = "书记连心日（试）"
    send(
        clerk, kind="secretary", title=title, unit="week", weekdays="on", starts_time="15:00", minutes="60",
        slot_minutes="20", leader_name="林书记", place_words="中心一楼",
    )  # fmt: skip
    expect(clerk.get_by_text("每周周一").first).to_be_visible()
    picture(clerk, "receptions/1-series")

    resident = come_in(elder_page)
    clerk.goto("/staff/receptions/")
    clerk.get_by_role("row", name=re.compile(re.escape(title))).first.get_by_role("link").first.click()
    day = clerk.url.rstrip("/").rpartition("/")[2]
    resident.goto(f"/receptions/{day}/")
    axe.assert_accessible(resident)
    elder.assert_text_is_large(resident)
    elder.assert_targets_are_large(resident, ignore=".skip")
    elder.assert_fits_the_width(resident)
    picture(resident, "receptions/2-day-elder")
    send(resident, about="想说说停车")
    expect(resident.get_by_role("heading", name="我约的接待")).to_be_visible()
    elder.assert_fits_the_width(resident)
    picture(resident, "receptions/3-mine-elder")
    resident.get_by_role("link", name=re.compile("退掉")).first.click()
    resident.locator("main form button").first.click()
    expect(resident.get_by_text("退掉了").first).to_be_visible()
