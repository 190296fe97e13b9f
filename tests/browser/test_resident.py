"""Journeys of residents: find what is open, log in by phone, see the own things, in normal and elder mode."""

import html
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support import addresses, axe, elder
from tests.support.entrance import log_in_resident
from tests.support.site import Site

# Beside the pages that are registered: what a list looks like when something was asked for.
ASKED = ("/communities/?q=jz", "/services/?when=week", "/search/?q=cy")
PHONE = {"width": 360, "height": 640}
FIRST_LOAD, NEXT_PAGE = 60 * 1024, 15 * 1024


def choose_cuiying(page: Page) -> None:
    """Choose 翠英社区 by typing its initials."""
    page.goto("/communities/?q=cy")
    page.get_by_role("button", name=re.compile("翠英社区")).first.click()
    expect(page.get_by_text("翠英社区党群服务中心").first).to_be_visible()


def a_place(page: Page) -> str:
    """Give the address of the first place on the list."""
    page.goto("/places/")
    return page.locator("a[href^='/places/0']").first.get_attribute("href") or ""


def a_service(page: Page, category: str = "A03") -> str:
    """Give the address of the first service of a category."""
    page.goto(f"/services/category/{category}/?where=all")
    return page.locator("a[href^='/services/0']").first.get_attribute("href") or ""


def every_page(page: Page) -> list[str]:
    """Give every page that is registered, and of those about an object the first that another page links to."""
    waiting = addresses.paths_without_object("resident")
    found: dict[str, str] = {}
    tried: set[str] = set()
    while waiting:
        name, path = waiting.popitem()
        tried.add(name)
        answer = page.request.get(path, max_redirects=0)
        assert answer.status < 500, f"{path}: {answer.status}"
        if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
            continue
        found[name] = path
        for link in re.findall(r'href="(/[^"#]*)"', answer.text()):
            other = addresses.name_of(link)
            if other.startswith("resident:") and other not in tried:
                waiting.setdefault(other, html.unescape(link))
    return [*found.values(), *ASKED]


def is_sheet(page: Page) -> bool:
    """Tell whether a page is a sheet of paper, whose measures are those of print."""
    return page.locator("body.sheet-body").count() > 0


def sample_phone(site: Site) -> str:
    """A number that the program names for trying out; it does so a moment after it begins to answer."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = re.search(r"^\s+(1\d{10})\s", site.log.read_text(encoding="utf-8"), re.M)
        if found:
            return found.group(1)
        time.sleep(0.1)
    raise AssertionError("the program named no resident's number")


@pytest.fixture(scope="module")
def login_state(site: Site, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of a resident who has come in by phone and code, without a script."""
    context = browser.new_context(base_url=site.url, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    log_in_resident(page, site, sample_phone(site))
    path = tmp_path_factory.mktemp("resident") / "state.json"
    context.storage_state(path=path)
    context.close()
    return path


@pytest.fixture
def come_in(login_state: Path) -> Callable[[Page], Page]:
    """Give a function that lets a page go on as that resident."""

    def let_in(page: Page) -> Page:
        page.context.add_cookies(json.loads(login_state.read_text())["cookies"])
        return page

    return let_in


def test_who_lives_here_finds_the_centre_by_initials(phone_page: Page) -> None:
    choose_cuiying(phone_page)

    expect(phone_page.get_by_role("link", name=re.compile("打电话给中心"))).to_have_attribute(
        "href", re.compile(r"^tel:\d+")
    )


def test_places_open_now_say_until_when_without_a_script(plain_page: Page) -> None:
    plain_page.goto("/places/?open=on")

    shown = plain_page.locator(".entries > li")
    for number in range(shown.count()):
        expect(shown.nth(number)).to_contain_text("正在开放")
    plain_page.get_by_role("link", name="关门的也看").click()
    expect(plain_page.locator(".entries > li")).to_have_count(5)
    plain_page.locator(".entries a").first.click()
    expect(plain_page.get_by_role("heading", level=1)).to_be_visible()


def test_position_is_asked_for_only_by_the_button(phone_page: Page) -> None:
    phone_page.context.grant_permissions(["geolocation"])
    phone_page.context.set_geolocation({"latitude": 23.37, "longitude": 116.72})
    phone_page.goto("/places/")
    assert "lat=" not in phone_page.url

    phone_page.get_by_role("button", name="按我的位置排").click()

    phone_page.wait_for_url(re.compile(r"lat=23\.370&lng=116\.720"))
    expect(phone_page.get_by_text("离您近的在前")).to_be_visible()


def test_refused_position_is_said_and_the_list_stays(phone_page: Page) -> None:
    phone_page.goto("/places/")

    phone_page.get_by_role("button", name="按我的位置排").click()

    expect(phone_page.locator("[data-near-said]")).to_contain_text("手机没有给出位置")
    expect(phone_page.locator(".entries > li").first).to_be_visible()


def test_text_for_a_group_is_copied(phone_page: Page) -> None:
    phone_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone_page.goto(f"{a_place(phone_page)}share/")

    phone_page.get_by_role("button", name="复制这段话").click()

    expect(phone_page.locator("[data-copy-said]")).to_contain_text("已复制")


def test_resident_sees_the_household_and_takes_a_consent_back(
    plain_page: Page, come_in: Callable[[Page], Page]
) -> None:
    page = come_in(plain_page)
    page.goto("/me/household/")
    expect(page.get_by_text("户号")).to_be_visible()

    page.goto("/me/consents/publish_name/")
    page.get_by_role("button", name="我同意").click()
    expect(page.get_by_text("已记下您的同意")).to_be_visible()
    page.goto("/me/consents/publish_name/")
    page.get_by_role("button", name="收回同意").click()
    expect(page.get_by_text("已收回")).to_be_visible()


def test_resident_takes_all_data_along(phone_page: Page, come_in: Callable[[Page], Page]) -> None:
    page = come_in(phone_page)
    page.goto("/me/data/")
    page.get_by_role("button", name="看我的全部信息").click()
    expect(page.get_by_text("关于您的全部信息")).to_be_visible()

    with page.expect_download() as waiting:
        page.get_by_role("button", name="存成文件").click()

    assert "data" in json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))


def test_owner_votes_in_elder_mode_without_a_script_and_takes_the_receipt(
    open_context: Callable[..., BrowserContext], come_in: Callable[[Page], Page], site: Site
) -> None:
    asked = site.run_module("tests.support.voice_asked", sample_phone(site))
    page = come_in(open_context(PHONE, elder=True, javascript=False).new_page())
    page.goto("/me/votes/")

    page.get_by_role("link", name=re.compile(asked["question"])).click()
    page.get_by_role("radio", name="我同意").check()
    page.get_by_role("button", name="下一步").click()
    # One of the two flats has another owner, who has to agree.
    expect(page.locator(".form-errors")).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("其他业主同意")).check()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("您投的是：我同意")).to_be_visible()
    page.get_by_role("button", name="确认投出").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("您的票收到了")
    expect(page.get_by_text(re.compile(r"回执号 9\d\d \d{3} \d{3}"))).to_have_count(2)
    page.goto(f"/votes/{asked['vote']}/mine/")
    expect(page.get_by_role("link", name="改我的票")).to_be_visible()


@pytest.mark.parametrize("mode", ["normal", "elder"])
def test_every_page_keeps_what_its_mode_promises(
    open_context: Callable[..., BrowserContext],
    come_in: Callable[[Page], Page],
    picture: Callable[[Page, str], Path],
    mode: str,
) -> None:
    page = come_in(open_context(PHONE, elder=mode == "elder").new_page())
    choose_cuiying(page)
    paths = every_page(page)

    for path in paths:
        page.goto(path)
        axe.assert_accessible(page)
        if is_sheet(page):
            continue
        elder.assert_fits_the_width(page)
        elder.assert_targets_are_large(
            page, smallest=elder.ELDER_TARGET if mode == "elder" else elder.NORMAL_TARGET, ignore=".skip"
        )
        if mode == "elder":
            elder.assert_text_is_large(page)
        picture(page, f"resident/{mode}{path.split('?')[0].replace('/', '-')}")
        elder.set_wechat_care_size(page)
        elder.assert_fits_the_width(page)
    assert len(paths) > 25, paths


def test_elder_mode_at_its_largest_still_fits(
    open_context: Callable[..., BrowserContext], come_in: Callable[[Page], Page]
) -> None:
    context = open_context(PHONE, elder=True)
    page = come_in(context.new_page())
    choose_cuiying(page)
    context.add_cookies([{"name": "lianxin-size", "value": "4", "url": page.url}])

    for path in every_page(page):
        page.goto(path)
        if is_sheet(page):
            continue
        elder.assert_fits_the_width(page)
        elder.assert_text_is_large(page, smallest=18)


def test_first_load_and_next_page_are_light_on_the_line(phone_page: Page) -> None:
    sizes: dict[str, int] = {}
    session = phone_page.context.new_cdp_session(phone_page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
    phone_page.goto("/communities/?q=cy", wait_until="networkidle")
    first = sum(sizes.values())
    sizes.clear()
    phone_page.get_by_role("button", name=re.compile("翠英社区")).first.click()
    phone_page.wait_for_load_state("networkidle")
    second = sum(sizes.values())

    assert first <= FIRST_LOAD, f"the first load takes {first} bytes"
    assert second <= NEXT_PAGE, f"the next page takes {second} bytes"
