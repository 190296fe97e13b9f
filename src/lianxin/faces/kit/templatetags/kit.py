"""Tags and filters of every page. Settings make them built in; no template needs to load them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.engines.lunar import lunar_words
from lianxin.engines.masking import mask_id as masked_id
from lianxin.engines.masking import mask_name as masked_name
from lianxin.engines.masking import mask_phone as masked_phone
from lianxin.faces.kit.dates import day_of, spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.platform.clock import LOCAL

register = template.Library()

TONES: Mapping[str, str] = {
    "done": "circle-check",
    "info": "info-circle",
    "due": "clock",
    "stop": "alert-triangle",
    "quiet": "circle-dashed",
}
MESSAGE_TONES: Mapping[str, str] = {
    "success": "done",
    "info": "info",
    "debug": "info",
    "warning": "due",
    "error": "stop",
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; without a label it is decoration and hidden from screen readers."""
    address = f"{static('kit/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', str(label), address
        )
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', address)


@register.simple_tag
def state_chip(label: Any, tone: str = "quiet") -> SafeString:
    """Show a state as a word with the icon of its tone (done, info, due, stop, quiet)."""
    return format_html('<span class="chip chip-{}">{}{}</span>', tone, icon(TONES[tone]), str(label))


@register.filter
def message_tone(level_tag: str) -> str:
    """Give the tone of a Django message."""
    return MESSAGE_TONES.get(level_tag, "info")


@register.filter
def tone_icon(tone: str) -> str:
    """Give the icon that goes with a tone."""
    return TONES.get(tone, "info-circle")


@register.filter
def tone_word(tone: str) -> str:
    """Give the word that goes with a tone, so that nothing is said by colour alone."""
    words = {
        "done": pgettext("message tone", "Done"),
        "info": pgettext("message tone", "Note"),
        "due": pgettext("message tone", "Attention"),
        "stop": pgettext("message tone", "Please check"),
    }
    return words.get(tone, words["info"])


@register.filter
def zh_date(value: date | datetime | time | None, part: str = "") -> str:
    """Say a date, moment or time of day in the language of the page; `"day"` or `"time"` gives one part of a moment."""
    if value is None or value == "":
        return ""
    if part == "day" and not isinstance(value, time):
        return spoken(day_of(value))
    if part == "time" and isinstance(value, datetime):
        return spoken(value.astimezone(LOCAL).time())
    return spoken(value)


@register.simple_tag
def when(value: date | datetime | None, part: str = "", lunar_too: bool = False) -> SafeString | str:
    """Say a moment inside a `<time>` element, if wanted with its lunar day in brackets."""
    if not value:
        return ""
    words = zh_date(value, part)
    if lunar_too:
        words = f"{words} ({lunar_words(day_of(value))})"
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.filter
def lunar(value: date | datetime | None) -> str:
    """Say the lunar day, e.g. 十月十四."""
    return lunar_words(day_of(value)) if value else ""


@register.filter
def mask_name(value: str | None) -> str:
    """Mask a name that others may see."""
    return masked_name(value) if value else ""


@register.filter
def mask_phone(value: str | None) -> str:
    """Mask a phone number."""
    return masked_phone(value) if value else ""


@register.filter
def mask_id(value: str | None) -> str:
    """Mask an identity number."""
    return masked_id(value) if value else ""


@register.filter
def signed(value: int | float | Decimal) -> str:
    """Write a change with its sign."""
    return f"+{value:,}" if value > 0 else f"{value:,}".replace("-", "−")


@register.filter
def thousands(value: int | float | Decimal | None) -> str:
    """Write a number with its thousands separated; a dash where nobody knows it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    return f"{value:,}"


@register.filter
def percent(done: float, total: float) -> int:
    """Give how much of a whole is done, as a whole number from 0 to 100."""
    return max(0, min(100, int(done * 100 / total))) if total else 0


@register.filter
def via_word(via: str) -> str:
    """Say by which way somebody came in."""
    words = {
        "web": pgettext("way in", "online"),
        "desk": pgettext("way in", "at the desk"),
        "phone": pgettext("way in", "by phone"),
        "paper": pgettext("way in", "on paper"),
        "api": pgettext("way in", "by another program"),
        "cli": pgettext("way in", "on the server"),
        "worker": pgettext("way in", "automatically"),
        "import": pgettext("way in", "by import"),
    }
    return words.get(via, via)


@register.simple_tag
def sparkline(values: Sequence[float], label: str = "") -> SafeString | str:
    """Draw a small line of at least two figures; without a label it is decoration beside its number."""
    figures = [float(value) for value in values]
    if len(figures) < 2:
        return ""
    low, high = min(figures), max(figures)
    step, spread = 100 / (len(figures) - 1), (high - low) or 1
    points = " ".join(f"{n * step:.1f},{26 - (value - low) / spread * 24:.1f}" for n, value in enumerate(figures))
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="sparkline" viewBox="0 0 100 28" preserveAspectRatio="none" {}><polyline points="{}"/></svg>',
        role,
        points,
    )


@register.inclusion_tag("kit/field.html")
def field(bound: BoundField, label: str = "", help_text: str = "", suffix: str = "") -> dict[str, Any]:
    """Draw a form field with label, help, error and required mark."""
    kind = getattr(bound.field.widget, "input_type", "") or type(bound.field.widget).__name__.lower()
    return {
        "field": bound,
        "label": label or bound.label,
        "help_text": help_text or bound.help_text,
        "suffix": suffix,
        # A group of tick boxes has input_type "checkbox" too.
        "kind": "" if bound.use_fieldset else kind,
        "grouped": bound.use_fieldset,
    }


@register.simple_tag
def link_to(name: str, *args: Any, **kwargs: Any) -> str:
    """Give the address of a page, or nothing when this deployment has no such page."""
    return url_or_none(name, *args, **kwargs) or ""


@register.simple_tag(takes_context=True)
def show_as(context: Context, **choices: Any) -> str:
    """Give the address that switches mode, size or language and comes back here."""
    base = url_or_none("kit:show_as") or ""
    page = context.get("kit")
    return f"{base}?{urlencode({**choices, 'next': page.here if page else '/'})}"


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """Draw a QR code as SVG, with its quiet zone, black on white in every mode."""
    import segno  # few pages draw codes

    drawing = segno.make(str(text), error="m").svg_inline(
        border=4, omitsize=True, light="#fff", dark="#000", svgclass="qr", lineclass=None
    )
    name = str(label) or _("QR code")
    opening = format_html('<svg role="img" aria-label="{}" ', name)
    return mark_safe(opening + drawing.removeprefix("<svg "))  # noqa: S308  the drawing holds no text of ours
