"""A round of visits on a phone: no network, a browser killed, an answer that was lost; each record counts once."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from playwright.sync_api import Error as PlaywrightError

from lianxin.domain.people.sample.logins import PASSWORD
from tests.browser.conftest import PHONE
from tests.support import axe, chromium, clocked
from tests.support.entrance import log_in_staff
from tests.support.site import Site

WORKER = "cuiying1"
DIGITS, NEW_DIGITS = "250817", "719264"
# The site's worker may still be building the rest of the sample; milliseconds.
PATIENCE = 90_000
PAGE = "/staff/visits/phone/"
# What stands open in the browser's storage: everything that is not sealed.
IN_THE_CLEAR = """
async () => {
  const database = await new Promise((resolve) => {
    const request = indexedDB.open("lianxin-visits");
    request.onsuccess = () => resolve(request.result);
  });
  const rows = await Promise.all([...database.objectStoreNames].map((name) => new Promise((resolve) => {
    const request = database.transaction(name).objectStore(name).getAll();
    request.onsuccess = () => resolve(request.result.map((row) => [name, row]));
  })));
  const bytes = (value) => (value instanceof ArrayBuffer ? value : ArrayBuffer.isView(value) ? value.buffer : null);
  return rows.flat().map(([name, row]) => [name, JSON.stringify(row),
    ...Object.values(row).map(bytes).filter(Boolean).map((one) => new TextDecoder().decode(one))].join(" "));
}
"""
CHANGE_LOCK = """
() => new Promise((resolve) => {
  const request = indexedDB.open("lianxin-visits");
  request.onsuccess = () => {
    const locks = request.result.transaction("lock", "readwrite").objectStore("lock");
    locks.get("lock").onsuccess = (event) => {
      const lock = event.target.result;
      lock.%s;
      locks.put(lock).onsuccess = resolve;
    };
  };
})
"""

# As it was before a phone had a random key of its own: everything under the digits.
FILL_AS_BEFORE = """
async ([digits, record]) => {
  const safe = window.lianxinVisits.crypto;
  const lock = { id: "lock", ...safe.newLock(), wrong: 0, wait_until: 0, expires_at: "2999-01-01T00:00:00Z" };
  const pin = await safe.keyOf(digits, lock);
  lock.check = await safe.seal(pin, "open", "lock");
  const row = { id: record.id, open: true, ...(await safe.seal(pin, record, `records/${record.id}`)) };
  const database = await new Promise((resolve) => {
    const request = indexedDB.open("lianxin-visits");
    request.onsuccess = () => resolve(request.result);
  });
  const change = database.transaction(["lock", "records"], "readwrite");
  change.objectStore("lock").put(lock);
  change.objectStore("records").put(row);
  await new Promise((resolve) => (change.oncomplete = resolve));
  database.close();
}
"""


@dataclass
class Phone:
    """A phone whose browser keeps its profile when it is killed."""

    browser: Browser
    profile: Path
    url: str
    context: BrowserContext | None = field(default=None, init=False)

    def start(self, *, elder: bool = False) -> Page:
        """Open the browser, as somebody does who taps its icon."""
        self.context = self.browser.browser_type.launch_persistent_context(
            self.profile,
            executable_path=chromium.find(),
            args=list(chromium.FLAGS),
            base_url=self.url,
            viewport={"width": PHONE["width"], "height": PHONE["height"]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=True,
            is_mobile=True,
            reduced_motion="reduce",
            permissions=["geolocation"],
            geolocation={"latitude": 23.4, "longitude": 116.7, "accuracy": 12},
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(clocked.page_clock())
        if elder:
            self.context.add_cookies([{"name": "lianxin-mode", "value": "elder", "url": self.url}])
        return self.context.pages[0]

    def kill(self) -> None:
        """End the browser in the middle of whatever it does."""
        pid = self._pid()
        os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + 10
        while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
            assert time.monotonic() < until, "the browser did not end"
            time.sleep(0.05)
        self.close()

    def close(self) -> None:
        """Close the browser; harmless when it is dead."""
        if self.context is not None:
            with contextlib.suppress(PlaywrightError):
                self.context.close()
            self.context = None

    def _pid(self) -> int:
        wanted = f"--user-data-dir={self.profile}".encode()
        for process in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                given = (process / "cmdline").read_bytes().split(b"\0") if process.name.isdigit() else []
                if wanted in given and not any(one.startswith(b"--type=") for one in given):
                    return int(process.name)
        raise AssertionError("the browser does not run")


@pytest.fixture(scope="module")
def round_site(built_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of this file's own, because it goes away in the middle."""
    own = built_site.copy_to(tmp_path_factory.mktemp("visits") / "copy")
    program(own, "quiet")
    own.start()
    yield own
    own.stop()


@pytest.fixture
def phone(browser: Browser, round_site: Site, tmp_path: Path) -> Iterator[Phone]:
    """A phone that carries nothing yet, and an office that answers."""
    if not round_site.answers():
        round_site.start()
    one = Phone(browser, tmp_path / "profile", round_site.url)
    yield one
    one.close()


def program(site: Site, *arguments: str) -> dict[str, Any]:
    """Run the program of the round beside the site."""
    return site.run_module("tests.support.visits_round", *arguments)


def take_along(page: Page) -> None:
    """Log in and take the planned households along under new digits."""
    log_in_staff(page, WORKER, now=partial(datetime.now, UTC))
    page.goto(PAGE)
    page.locator("#phone-name").fill("小陈的手机")
    page.locator("#new-pin").fill(DIGITS)
    page.locator("#again-pin").fill(DIGITS)
    page.get_by_role("button", name="带上").click()
    expect(page.get_by_role("heading", name="我的走访")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-kept", "yes")


def try_digits(page: Page, digits: str) -> None:
    """Try to open the lock."""
    page.locator("#pin").fill(digits)
    page.get_by_role("button", name="打开").click()


def change_lock(page: Page, how: str) -> None:
    """Change what stands in the clear about the lock, as if time had gone by."""
    page.evaluate(CHANGE_LOCK % how)


def unlock(page: Page) -> None:
    """Open the page from what the phone kept, and open the lock."""
    page.goto(PAGE)
    try_digits(page, DIGITS)
    expect(page.get_by_role("heading", name="我的走访")).to_be_visible()


def open_home(page: Page, label: str) -> None:
    """Open the visit to a household by its number."""
    page.locator(".visits-home", has_text=label).click()
    expect(page.locator("[data-finish]")).to_be_visible()


def answer(page: Page, name: str) -> None:
    """Say that somebody was met, and answer what must be answered."""
    page.get_by_label("见到人了").check()
    page.get_by_label("您贵姓").fill(name)


def finish(page: Page) -> None:
    """Put a visit into the outbox."""
    page.locator("[data-finish]").click()
    expect(page.get_by_role("heading", name="我的走访")).to_be_visible()


def open_outbox(page: Page) -> None:
    """Look at what waits."""
    page.locator("[data-to-outbox]").click()
    expect(page.get_by_role("heading", name="发件箱")).to_be_visible()


def test_three_visits_without_network_survive_a_killed_browser_and_a_lost_answer(
    phone: Phone, round_site: Site, picture: Callable[..., Path], tmp_path: Path
) -> None:
    homes = program(round_site, "plan", WORKER)["homes"]
    visits = [home["visit"] for home in homes]
    page = phone.start()
    take_along(page)
    snapshot = tmp_path / "rail.png"
    page.screenshot(path=snapshot)
    round_site.stop()
    assert phone.context is not None
    phone.context.set_offline(True)

    # The first visit with all that a visit may bring, from a page that was opened without network.
    unlock(page)
    expect(page.locator("[data-network]")).to_contain_text("没有网络")
    open_home(page, homes[0]["label"])
    expect(page.locator("[data-last-note]")).to_have_text("问过了，都好")
    page.locator("[data-finish]").click()
    expect(page.locator("[data-problem]")).to_contain_text("有没有见到人")
    page.get_by_label("见到人了").check()
    expect(page.locator(".visits-note img")).to_be_visible()
    page.locator("[data-finish]").click()
    expect(page.locator("[data-problem]")).to_contain_text("1 处")
    expect(page.get_by_label("您贵姓")).to_be_focused()
    page.get_by_label("您贵姓").fill("林")
    page.get_by_label("多大年纪").fill("830")
    expect(page.get_by_text("一个人住吗")).to_be_visible()
    page.get_by_label("送餐").check()
    expect(page.get_by_text("年龄要小于 120")).to_be_visible()
    page.get_by_label("多大年纪").fill("83")
    page.locator("[data-questions]").get_by_label("是", exact=True).check()
    page.get_by_label("名字").fill("小明")
    page.get_by_role("button", name="再加一个").click()
    page.get_by_label("名字").last.fill("小红")
    page.locator("[data-questions] input[type=file]").set_input_files(snapshot)
    expect(page.locator(".visits-place .visits-photo")).to_be_visible()
    page.locator("[data-promise-list]").get_by_label("兑现了").check()
    page.get_by_role("button", name="加一条需要").click()
    page.get_by_label("需要什么").fill("想有人教用手机")
    page.get_by_role("button", name="加一件答应的事").click()
    page.get_by_label("答应了什么").fill("带一本手册来")
    page.get_by_role("button", name="记下这里的位置").click()
    expect(page.locator("[data-place]")).to_contain_text("12 米")
    page.get_by_label("备注").fill("耳朵背，多按几下门铃")
    picture(page, "visits-filled")
    axe.assert_accessible(page)
    finish(page)
    open_home(page, homes[1]["label"])
    answer(page, "陈")
    finish(page)
    open_home(page, homes[2]["label"])
    answer(page, "黄")
    page.get_by_label("备注").fill("写到一半")
    expect(page.locator("[data-saved]")).to_contain_text("已存在手机里")
    clear = " ".join(page.evaluate(IN_THE_CLEAR))
    assert "expires_at" in clear
    assert not any(word in clear for word in (homes[0]["label"], "林", "手册", "小明", DIGITS))

    phone.kill()
    page = phone.start()
    # No server, no network: the page comes from the phone, and so does what was begun.
    unlock(page)
    open_home(page, homes[2]["label"])
    expect(page.get_by_label("备注")).to_have_value("写到一半")
    expect(page.get_by_label("您贵姓")).to_have_value("黄")
    finish(page)
    open_outbox(page)
    expect(page.locator("[data-records] li")).to_have_count(3)
    expect(page.locator("[data-waits]")).to_contain_text("3 条")
    page.get_by_role("button", name="现在送出").click()
    expect(page.locator("[data-said]")).to_contain_text("都还在手机里")

    # The network is back. The office takes all three in, and the browser dies before it hears of it.
    arrived: list[int] = []

    def take_and_die(route: Route) -> None:
        try:
            arrived.append(route.fetch().status)
        except PlaywrightError:
            # The page tried by itself before the office was back.
            route.abort()
        else:
            phone.kill()

    assert phone.context is not None
    phone.context.route("**/phone/send/", take_and_die)
    round_site.start()
    with contextlib.suppress(PlaywrightError):
        page.get_by_role("button", name="现在送出").click()
        for _moment in range(PATIENCE // 100):
            page.wait_for_timeout(100)
    assert arrived == [200]
    page = phone.start()
    unlock(page)

    expect(page.locator("[data-said]")).to_contain_text("送出了 3 条", timeout=PATIENCE)
    open_outbox(page)
    expect(page.locator("[data-waits]")).to_have_text("都传上去了。")
    expect(page.locator("[data-records]").get_by_text("已送出")).to_have_count(3)
    told = program(round_site, "tell", *visits)
    assert told == {
        "states": ["done"] * 3,
        "notes": ["耳朵背，多按几下门铃", "", "写到一半"],
        "submissions": 3,
        "linked": 3,
        "files": 1,
        "wishes": ["想有人教用手机"],
        "promises": [["带一本手册来", "open"], ["换楼道灯", "kept"]],
        "conflicts": 0,
    }


def test_a_visit_that_was_recorded_otherwise_is_shown_and_nothing_is_written_over(
    phone: Phone, round_site: Site, picture: Callable[..., Path]
) -> None:
    home = program(round_site, "plan", WORKER)["homes"][1]
    page = phone.start(elder=True)
    take_along(page)
    assert phone.context is not None
    phone.context.set_offline(True)
    open_home(page, home["label"])
    page.get_by_label("没人在家").check()
    page.get_by_label("备注").fill("门口没有灯")
    finish(page)
    program(round_site, "record", WORKER, home["visit"])

    phone.context.set_offline(False)

    expect(page.locator("[data-said]")).to_contain_text("要看一看", timeout=PATIENCE)
    open_outbox(page)
    expect(page.locator("[data-records]").get_by_text("两份记录不一样")).to_be_visible()
    expect(page.locator("[data-records]")).to_contain_text("由社区看过两份再定")
    picture(page, "visits-conflict")
    axe.assert_accessible(page)
    told = program(round_site, "tell", home["visit"])
    assert told["notes"] == ["问过了，都好"]
    assert told["conflicts"] == 1
    page.get_by_role("button", name="看过了").click()
    expect(page.locator("[data-records] li")).to_have_count(0)

    change_lock(page, "expires_at = '2020-01-01T00:00:00Z'")
    page.goto(PAGE)
    expect(page.locator("[data-said]")).to_contain_text("期限到了")
    expect(page.get_by_role("heading", name="带上要走访的住户")).to_be_visible()
    assert page.evaluate(IN_THE_CLEAR) == []


def test_wrong_digits_take_the_households_away_but_never_an_unsent_visit(phone: Phone, round_site: Site) -> None:
    home = program(round_site, "plan", WORKER)["homes"][0]
    page = phone.start()
    take_along(page)
    assert phone.context is not None
    phone.context.set_offline(True)
    open_home(page, home["label"])
    page.get_by_label("备注").fill("话说到一半")
    expect(page.locator("[data-saved]")).to_contain_text("已存在手机里")

    page.goto(PAGE)
    said = page.locator("[data-said]")
    for tries in range(1, 11):
        change_lock(page, "wait_until = 0")
        try_digits(page, "111222")
        expect(said).to_contain_text("数字不对" if tries < 10 else "错了十次")
        if tries == 9:
            expect(said).to_contain_text("再错 1 次")
            try_digits(page, DIGITS)
            expect(said).to_have_text("请过60 分钟再试。")
    change_lock(page, "wait_until = 0")
    try_digits(page, DIGITS)

    expect(page.locator("[data-until]")).to_contain_text("住户已经不在这台手机上")
    open_home(page, home["label"])
    expect(page.get_by_label("备注")).to_have_value("话说到一半")
    expect(page.locator("[data-members] li")).to_have_count(0)


def test_forgotten_digits_lose_no_visit_once_the_worker_has_logged_in_again(
    phone: Phone, round_site: Site, picture: Callable[..., Path], tmp_path: Path
) -> None:
    homes = program(round_site, "plan", WORKER)["homes"]
    page = phone.start(elder=True)
    take_along(page)
    snapshot = tmp_path / "rail.png"
    page.screenshot(path=snapshot)
    assert phone.context is not None
    phone.context.set_offline(True)
    open_home(page, homes[0]["label"])
    answer(page, "林")
    page.locator("[data-questions] input[type=file]").set_input_files(snapshot)
    expect(page.locator(".visits-place .visits-photo")).to_be_visible()
    page.get_by_label("备注").fill("门铃坏了")
    finish(page)
    open_home(page, homes[1]["label"])
    page.get_by_label("备注").fill("写到一半")
    expect(page.locator("[data-saved]")).to_contain_text("已存在手机里")
    phone.context.clear_cookies(name="sessionid")
    phone.context.set_offline(False)
    page.goto(PAGE)
    clear = " ".join(page.evaluate(IN_THE_CLEAR))
    assert not any(word in clear for word in (homes[0]["label"], "林", "门铃", "写到一半", DIGITS))

    def take_new_digits(password: str) -> None:
        page.locator("#office-password").fill(password)
        page.locator("#fresh-pin").fill(NEW_DIGITS)
        page.locator("#fresh-again").fill(NEW_DIGITS)
        page.get_by_role("button", name="用新数字打开").click()

    page.get_by_text("忘了开锁数字").click()
    take_new_digits(PASSWORD)
    expect(page.locator("[data-to-login] a")).to_be_visible()
    expect(page.locator("[data-said]")).to_contain_text("先登录")
    log_in_staff(page, WORKER, now=partial(datetime.now, UTC))
    page.goto(PAGE)
    page.get_by_text("忘了开锁数字").click()
    take_new_digits("not mine")
    expect(page.locator("[data-said]")).to_contain_text("密码不对")
    picture(page, "visits-forgotten")
    axe.assert_accessible(page)
    take_new_digits(PASSWORD)

    expect(page.locator("[data-said]")).to_contain_text("送出了 1 条", timeout=PATIENCE)
    expect(page.locator("[data-until]")).not_to_contain_text("住户已经不在这台手机上")
    open_home(page, homes[1]["label"])
    expect(page.get_by_label("备注")).to_have_value("写到一半")
    answer(page, "陈")
    finish(page)
    expect(page.locator("[data-said]")).to_contain_text("送出了 1 条", timeout=PATIENCE)
    told = program(round_site, "tell", homes[0]["visit"], homes[1]["visit"])
    assert (told["states"], told["notes"], told["conflicts"]) == (["done"] * 2, ["门铃坏了", "写到一半"], 0)
    assert (told["submissions"], told["linked"], told["files"]) == (2, 2, 1)

    page.goto(PAGE)
    try_digits(page, DIGITS)
    expect(page.locator("[data-said]")).to_contain_text("数字不对")
    try_digits(page, NEW_DIGITS)
    expect(page.get_by_role("heading", name="我的走访")).to_be_visible()


def test_phone_that_was_locked_before_it_had_a_key_of_its_own_still_opens(phone: Phone) -> None:
    page = phone.start()
    page.goto(PAGE)
    expect(page.get_by_role("heading", name="带上要走访的住户")).to_be_visible()
    visit = {"id": "v", "label": "000777", "address": "长平路1号"}
    page.evaluate(FILL_AS_BEFORE, [DIGITS, {"id": "r", "state": "draft", "visit": visit, "note": "旧的"}])

    page.goto(PAGE)
    try_digits(page, NEW_DIGITS)
    expect(page.locator("[data-said]")).to_contain_text("数字不对")
    for _time in range(2):
        try_digits(page, DIGITS)
        expect(page.locator(".visits-home", has_text="000777")).to_be_visible()
        page.goto(PAGE)

    expect(page.locator("[data-locked-count]")).to_contain_text("1 条")
    # No key lies with the office yet, so there is nothing to ask it for.
    page.get_by_text("忘了开锁数字").click()
    expect(page.get_by_text("没有数字，谁也打不开")).to_be_visible()
    expect(page.locator("#fresh-pin")).to_be_hidden()
