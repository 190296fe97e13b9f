"""Ways through the entrance for journeys: staff with their second factor, residents with the code that was sent."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from playwright.sync_api import Page

from lianxin.domain.people.rules.login import TOTP_DRIFT, TOTP_STEP, totp_at
from lianxin.domain.people.sample.logins import PASSWORD, totp_secret
from tests.support.site import Site

# The worker may be building the rest of the sample meanwhile.
SENT_WITHIN_SECONDS = 60
# One code a minute is sent to a number.
ASKED_AGAIN_SECONDS = 90

CODE = re.compile(r"登录验证码是 (\d{6})")

# The half minute of the last code that was typed, by site and login name.
_used: dict[tuple[str, str], int] = {}


def log_in_staff(page: Page, login_name: str, *, now: Callable[[], datetime]) -> None:
    """Come in with password and second factor by the site's clock; who has come in already goes on."""
    page.goto("/login/")
    if "/login" not in page.url:
        return
    page.locator("input[name=login_name]").fill(login_name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/login/code/")
    page.locator("input[name=code]").fill(_unused_code(page, login_name, now))
    page.locator("main button[type=submit]").click()
    page.wait_for_url(lambda url: "/login" not in url)


def _unused_code(page: Page, login_name: str, now: Callable[[], datetime]) -> str:
    """Give a code that no page has typed: each counts once, and the next half minute's is good already."""
    key = urlsplit(page.url).netloc, login_name
    step = max(int(now().timestamp()) // TOTP_STEP, _used.get(key, 0) + 1)
    while step > int(now().timestamp()) // TOTP_STEP + TOTP_DRIFT:
        time.sleep(0.5)
    _used[key] = step
    return totp_at(totp_secret(login_name), step)


def log_in_resident(page: Page, site: Site, phone: str) -> None:
    """Come in by phone number and the code sent to it; who asked a moment ago waits until one is sent again."""
    until = time.monotonic() + ASKED_AGAIN_SECONDS
    while True:
        # Other messages may go to the same number meanwhile, so that only those with a code are counted.
        before = len(codes_to(site, phone))
        page.goto("/me/")
        page.locator("input[name=phone]").fill(phone)
        with page.expect_navigation():
            page.locator("main button[type=submit]").click()
        if page.locator("input[name=code]").count():
            break
        assert time.monotonic() < until, f"no code was sent: {page.locator('main').inner_text()}"
        time.sleep(2)
    until = time.monotonic() + SENT_WITHIN_SECONDS
    while len(codes_to(site, phone)) <= before:
        assert time.monotonic() < until, f"no code was written within {SENT_WITHIN_SECONDS} seconds"
        time.sleep(0.1)
    page.locator("input[name=code]").fill(codes_to(site, phone)[-1])
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()
    assert page.url.endswith("/me/"), f"{page.url}: {page.locator('main').inner_text()}"


def codes_to(site: Site, phone: str) -> list[str]:
    """Give the codes that were sent to a phone, in their order."""
    found = (CODE.search(text) for text in messages_to(site, phone))
    return [match[1] for match in found if match]


def messages_to(site: Site, phone: str) -> list[str]:
    """Give the texts that the file back end wrote for a phone."""
    lines = [
        json.loads(line)
        for path in sorted((site.folder / "var" / "outbox").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [line["text"] for line in lines if line["to"] == phone]


def message_to(site: Site, phone: str, *, after: int) -> str:
    """Wait until the worker has written one more message than `after`, and give it."""
    until = time.monotonic() + SENT_WITHIN_SECONDS
    while time.monotonic() < until:
        texts = messages_to(site, phone)
        if len(texts) > after:
            return texts[after]
        time.sleep(0.1)
    raise AssertionError(f"no message was written within {SENT_WITHIN_SECONDS} seconds")
