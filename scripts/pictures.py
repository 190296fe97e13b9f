"""Takes the pictures of `docs/pictures/` from a running sample district (`make run`): `python scripts/pictures.py`.

Every picture is a real page of the sample, at the size at which it is used; names on it are the sample's.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
PASSWORD = "lychee-street-125"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars"]  # fmt: skip
WALL, DESK, PHONE = (1920, 1080), (1440, 900), (360, 640)
DISTRICT, CLERK, NOBODY = "district", "cuiying1", ""


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, at what, in which size; `is_elder` in the mode for elders."""

    name: str
    address: str
    size: tuple[int, int]
    who: str = NOBODY
    is_elder: bool = False
    is_whole: bool = False


SHOTS = (
    Shot("wall-1920", "/district/wall/", WALL, DISTRICT),
    Shot("today-1440", "/district/", DESK, DISTRICT),
    Shot("figures-1440", "/district/figures/?period=2024", DESK, DISTRICT),
    Shot("figure-1440", "/district/figures/person_times/?period=2024", DESK, DISTRICT),
    Shot("pillars-1440", "/district/pillars/?period=2024", DESK, DISTRICT),
    Shot("pilots-1440", "/district/pilots/?period=2024", DESK, DISTRICT),
    Shot("reach-1920", "/district/reach/", WALL, DISTRICT),
    Shot("fairness-1440", "/district/fairness/?period=2024", DESK, DISTRICT),
    Shot("briefings-1440", "/district/briefings/", DESK, DISTRICT),
    Shot("burden-1440", "/district/burden/", DESK, DISTRICT),
    Shot("self-check-1440", "/district/self-check/", DESK, DISTRICT),
    Shot("registers-1440", "/staff/record-books/", DESK, CLERK),
    Shot("staff-today-1440", "/staff/", DESK, CLERK),
    Shot("home-360", "/", PHONE),
    Shot("home-360-elder", "/", PHONE, is_elder=True),
    Shot("year-360", "/year/2024/", PHONE),
    Shot("year-360-elder", "/year/2024/", PHONE, is_elder=True),
    Shot("figures-360", "/district/figures/?period=2024", PHONE, DISTRICT),
)


def main() -> int:
    """Take all pictures, or those that are named; fail when a page does not answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=" ".join(shot.name for shot in SHOTS))
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    program = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if program is None:
        print("Chromium is missing: apt-get install chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    options.folder.mkdir(parents=True, exist_ok=True)
    wanted = [shot for shot in SHOTS if not options.names or shot.name in options.names]
    wrong = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for who in dict.fromkeys(shot.who for shot in wanted):
            cookies = _log_in(browser, options.address, who) if who else []
            wrong += [
                shot.name
                for shot in wanted
                if shot.who == who and not _take(browser, shot, options.address, cookies, options.folder)
            ]
        browser.close()
    if wrong:
        print("These pages did not answer: " + ", ".join(wrong), file=sys.stderr)
    return int(bool(wrong))


def _log_in(browser: Browser, address: str, who: str) -> list[dict[str, object]]:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/login/")
    page.fill("input[name=login_name]", who)
    page.fill("input[name=password]", PASSWORD)
    _send(page)
    code = subprocess.run(
        [sys.executable, "-m", "lianxin", "demo", "--code", who], capture_output=True, text=True, check=True
    ).stdout.split()[-1]
    page.fill("input[name=code]", code)
    _send(page)
    cookies = context.cookies()
    context.close()
    return cookies  # type: ignore[return-value]


def _send(page: Page) -> None:
    page.locator("button[type=submit]:visible").last.click()
    page.wait_for_load_state()


def _take(browser: Browser, shot: Shot, address: str, cookies: list[dict[str, object]], folder: Path) -> bool:
    width, height = shot.size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    context.add_cookies(cookies)  # type: ignore[arg-type]
    if shot.is_elder:
        context.add_cookies([{"name": "lianxin-mode", "value": "elder", "url": address}])
    page = context.new_page()
    answer = page.goto(address + shot.address, wait_until="networkidle")
    # Charts and maps are drawn after the page is there.
    page.wait_for_timeout(800)
    if answer is not None and answer.ok:
        page.screenshot(path=folder / f"{shot.name}.png", full_page=shot.is_whole)
    context.close()
    return answer is not None and answer.ok


if __name__ == "__main__":
    sys.exit(main())
