"""axe on every page of the offices: the lists come from the registered addresses, so a new page is looked at by itself.

Of the pages about an object one of each kind is opened: the first that another page links to.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

from tests.support import addresses, axe
from tests.support.entrance import log_in_staff

DESK = {"width": 1440, "height": 900}
OFFICES = ("staff", "district")


def opens(page: Page, path: str) -> bool:
    """Open a path, and tell whether it is a page to read: no download, no button's address, nothing hidden."""
    try:
        answer = page.goto(path, wait_until="domcontentloaded")
    except PlaywrightError:
        file = page.request.get(path)
        assert file.ok, f"{path}: {file.status}"
        assert "attachment" in file.headers.get("content-disposition", ""), path
        return False
    assert answer is not None
    assert answer.status < 500, f"{path}: {answer.status}"
    return answer.status == 200 and answer.headers["content-type"].startswith("text/html")


def linked(page: Page) -> list[str]:
    """Give where a page leads to on this site."""
    links: list[str] = page.eval_on_selector_all("a[href^='/']", "all => all.map(one => one.getAttribute('href'))")
    return links


def look_at_all(page: Page, namespaces: tuple[str, ...], *, seen: dict[str, str], wrong: list[str]) -> None:
    """Run axe over every kind of page that is not in `seen` yet: those without an object, then what they lead to."""
    waiting = addresses.paths_without_object(*namespaces)
    tried: set[str] = set()
    while waiting:
        name, path = waiting.popitem()
        tried.add(name)
        if name in seen or not opens(page, path):
            continue
        seen[name] = path
        for link in linked(page):
            found = addresses.name_of(link)
            if found not in tried and found.partition(":")[0] in namespaces:
                waiting.setdefault(found, link)
        try:
            axe.assert_accessible(page)
        except AssertionError as finding:
            wrong.append(str(finding))


def test_no_office_page_has_a_serious_finding(open_context: Callable[..., BrowserContext]) -> None:
    seen: dict[str, str] = {}
    wrong: list[str] = []

    for who in ("cuiying1", "district"):
        page = open_context(DESK).new_page()
        log_in_staff(page, who, now=partial(datetime.now, UTC))
        look_at_all(page, OFFICES, seen=seen, wrong=wrong)

    assert not wrong, "\n\n".join(wrong)
    assert len(seen) > 80, sorted(seen)
