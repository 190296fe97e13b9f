"""One Chromium per worker, a real server behind it, pages of the three sizes that people have."""

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.support import chromium, clocked
from tests.support.site import Site

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "var" / "screenshots"
MODE_COOKIE = "lianxin-mode"
PHONE = {"width": 360, "height": 640}
DESK = {"width": 1440, "height": 900}
WALL = {"width": 1920, "height": 1080}
# The small sample district that the journeys walk through.
SAMPLE = ("demo", "--seed", "1", "--communities", "3", "--residents", "300")

# A busy machine is slow, and only what never comes is a failure.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

failed_key = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as a journey."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """Remember a failure for the fixture that takes the picture."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[failed_key] = True
    return report


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Site:
    """The sample district, built once for all workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    site = Site(folder=shared / "built-site")
    with (shared / "built-site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = shared / "built-site.done"
        if not done.exists():
            site.run(*SAMPLE)
            # A worker that still built parts of it beside a journey would hold up who saves meanwhile, each copy anew.
            site.run_module("tests.support.drained", timeout=600)
            done.touch()
    return site


@pytest.fixture(scope="session")
def site(built_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running server and worker of this worker's own."""
    own = built_site.copy_to(tmp_path_factory.mktemp("site") / "copy")
    own.start()
    yield own
    own.stop()


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What drives the browsers of this worker."""
    # Playwright keeps an event loop on this thread, at which Django would refuse its own tests' queries.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        yield driver
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    """The system's Chromium, the quicker one where there are two."""
    yield from launched(driver, chromium.find())


@pytest.fixture(scope="session")
def whole_browser(driver: Playwright) -> Iterator[Browser]:
    """The Chromium with windows: the other one tells a page otherwise that the network is gone."""
    yield from launched(driver, chromium.find(*chromium.WHOLE))


def launched(driver: Playwright, path: str | None) -> Iterator[Browser]:
    """Start a browser until the generator is closed."""
    if path is None:
        pytest.fail(
            "Chromium is not installed: on Debian run `apt-get install chromium fonts-noto-cjk`.", pytrace=False
        )
    browser = driver.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def open_context(
    browser: Browser, site: Site, request: pytest.FixtureRequest
) -> Iterator[Callable[..., BrowserContext]]:
    """Give a function that opens a fresh visitor: `open_context(viewport, elder=True, javascript=False)`."""
    contexts: list[BrowserContext] = []

    def open_one(viewport: dict[str, int], *, elder: bool = False, javascript: bool = True) -> BrowserContext:
        phone = viewport["width"] < 600
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": viewport["width"], "height": viewport["height"]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=javascript,
            has_touch=phone,
            is_mobile=phone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(clocked.page_clock())
        if elder:
            context.add_cookies([{"name": MODE_COOKIE, "value": "elder", "url": site.url}])
        contexts.append(context)
        return context

    yield open_one
    for number, context in enumerate(contexts):
        if request.node.stash.get(failed_key, False):
            for page in context.pages:
                take_picture(page, f"failed/{request.node.name}-{number}")
        context.close()


@pytest.fixture
def phone_page(open_context: Callable[..., BrowserContext]) -> Page:
    """A resident's phone, 360 x 640."""
    return open_context(PHONE).new_page()


@pytest.fixture
def elder_page(open_context: Callable[..., BrowserContext]) -> Page:
    """The same phone in elder mode."""
    return open_context(PHONE, elder=True).new_page()


@pytest.fixture
def plain_page(open_context: Callable[..., BrowserContext]) -> Page:
    """The same phone without JavaScript."""
    return open_context(PHONE, javascript=False).new_page()


@pytest.fixture
def desk_page(open_context: Callable[..., BrowserContext]) -> Page:
    """An office's screen, 1440 x 900."""
    return open_context(DESK).new_page()


@pytest.fixture
def wall_page(open_context: Callable[..., BrowserContext]) -> Page:
    """The district's wall screen, 1920 x 1080."""
    return open_context(WALL).new_page()


@pytest.fixture
def picture() -> Callable[[Page, str], Path]:
    """Give a function that keeps a picture of a page under `var/screenshots/`."""
    return take_picture


def take_picture(page: Page, name: str) -> Path:
    """Save a page as `var/screenshots/<name>.png`."""
    path = SCREENSHOTS / (re.sub(r"[^\w./-]+", "-", name) + ".png")
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
    return path
