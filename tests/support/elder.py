"""The numbers that elder mode promises, measured on a page as the browser laid it out."""

from typing import Any

from playwright.sync_api import Page

SMALLEST_TEXT = 18
SMALLEST_LINE = 1.3
ELDER_TARGET = 60
NORMAL_TARGET = 44
# Layout rounds to device pixels.
ROUNDING = 0.5

# Gives each element that shows text of its own, with the size it is shown at.
TEXTS = """
() => {
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    if (element.closest('svg, script, style, template')) continue;
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const line = style.lineHeight === 'normal' ? null : parseFloat(style.lineHeight) / size;
    found.push({tag: element.tagName.toLowerCase(), text: element.textContent.trim().slice(0, 30), size, line});
  }
  return found;
}
"""

# Gives each thing that can be touched with the box that takes the touch: for a tick box that is its label.
TARGETS = """
(ignore) => {
  const touchable = 'a[href], button, summary, select, textarea, input:not([type=hidden]), [role=button], [role=tab],'
    + ' [role=switch], [role=link], [tabindex]:not([tabindex="-1"])';
  const found = [];
  for (const element of document.querySelectorAll(touchable)) {
    if (ignore && element.closest(ignore)) continue;
    if (element.disabled || !element.checkVisibility({visibilityProperty: true})) continue;
    let box = element.getBoundingClientRect();
    const label = ['checkbox', 'radio', 'file'].includes(element.type) && element.labels && element.labels[0];
    if (label) {
      const around = label.getBoundingClientRect();
      if (around.height >= box.height) box = around;
    }
    if (box.width <= 1 || box.height <= 1) continue;
    const name = element.getAttribute('aria-label') || element.textContent.trim() || element.name || element.id;
    found.push({tag: element.tagName.toLowerCase(), name: name.slice(0, 30), width: box.width, height: box.height});
  }
  return found;
}
"""


def assert_text_is_large(page: Page, *, smallest: float = SMALLEST_TEXT, line: float = SMALLEST_LINE) -> None:
    """Fail with each text that is smaller than promised, or set in tighter lines."""
    texts: list[dict[str, Any]] = page.evaluate(TEXTS)
    assert texts, "the page shows no text"
    wrong = [
        f"<{t['tag']}> {t['text']!r}: {t['size']:.1f} px, line height {t['line'] or 'normal'}"
        for t in texts
        if t["size"] < smallest or t["line"] is None or t["line"] < line - 0.005
    ]
    assert not wrong, f"text under {smallest} px or line height under {line} on {page.url}:\n" + "\n".join(wrong)


def assert_targets_are_large(page: Page, *, smallest: float = ELDER_TARGET, ignore: str = "") -> None:
    """Fail with each link, button or field that is smaller than a finger; `ignore` is a CSS selector."""
    targets: list[dict[str, Any]] = page.evaluate(TARGETS, ignore)
    assert targets, "the page has nothing to touch"
    wrong = [
        f"<{t['tag']}> {t['name']!r}: {t['width']:.0f} x {t['height']:.0f} px"
        for t in targets
        if min(t["width"], t["height"]) < smallest - ROUNDING
    ]
    assert not wrong, f"targets under {smallest} x {smallest} px on {page.url}:\n" + "\n".join(wrong)


def assert_fits_the_width(page: Page) -> None:
    """Fail when the page can be scrolled sideways."""
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= shown, f"{page.url} is {wide} px wide on a screen of {shown} px"


def set_wechat_care_size(page: Page, *, pixels: float = 23.8) -> None:
    """Grow the text as WeChat's care mode does, which sets the size of the root element."""
    page.add_style_tag(content=f"html {{ font-size: {pixels}px !important; }}")
