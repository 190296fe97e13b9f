"""The measures that journeys lean on do fail on a page that is wrong."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support import axe, elder

GOOD = """
<!doctype html><html lang="zh-Hans"><head><title>好</title><style>
html { font-size: 20px } body { line-height: 1.5; color: #111; background: #fff; margin: 0 }
a, label { display: inline-flex; min-width: 60px; min-height: 60px } .tick { position: absolute; opacity: 0 }
</style></head><body><main><h1>你好</h1><a href="/">回家</a>
<label>同意<input class="tick" type="checkbox"></label></main>
</body></html>
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone's page with no server behind it."""
    page = browser.new_page(viewport={"width": 360, "height": 640})
    yield page
    page.close()


def test_good_page_passes_every_measure(page: Page) -> None:
    page.set_content(GOOD)

    elder.assert_text_is_large(page)
    elder.assert_targets_are_large(page)
    elder.assert_fits_the_width(page)
    axe.assert_accessible(page)


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ("p { font-size: 17px }", "17.0 px"),
        ("p { line-height: 1.2 }", "line height 1.2"),
        ("p { line-height: normal }", "normal"),
    ],
)
def test_small_or_tight_text_is_named(page: Page, style: str, words: str) -> None:
    page.set_content(GOOD.replace("</style>", f"{style}</style>").replace("</main>", "<p>小字</p></main>"))

    with pytest.raises(AssertionError, match=f"小字.*{words}"):
        elder.assert_text_is_large(page)


def test_small_button_is_named(page: Page) -> None:
    page.set_content(GOOD.replace("</main>", "<button>小</button></main>"))

    with pytest.raises(AssertionError, match="<button> '小'"):
        elder.assert_targets_are_large(page)


def test_page_wider_than_the_phone_is_named(page: Page) -> None:
    page.set_content(GOOD.replace("</main>", '<div style="width: 500px">宽</div></main>'))

    with pytest.raises(AssertionError, match="500 px wide on a screen of 360 px"):
        elder.assert_fits_the_width(page)


def test_faint_text_is_named_with_its_place(page: Page) -> None:
    page.set_content(GOOD.replace("</main>", '<p id="faint" style="color: #bbb">看不清</p></main>'))

    with pytest.raises(AssertionError, match=r"(?s)serious color-contrast.*#faint"):
        axe.assert_accessible(page)


def test_care_size_grows_text_in_rem(page: Page) -> None:
    page.set_content(GOOD)

    elder.set_wechat_care_size(page)

    assert page.evaluate("getComputedStyle(document.querySelector('a')).fontSize") == "23.8px"
