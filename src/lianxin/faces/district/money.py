"""Money in the words of a page: fen as yuan with thousands separated."""

from __future__ import annotations

from django.utils.translation import gettext as _


def yuan(fen: int) -> str:
    """Write fen as yuan; cents only where there are any."""
    whole, cents = divmod(abs(fen), 100)
    number = f"{whole:,}" + (f".{cents:02d}" if cents else "")
    sign = "−" if fen < 0 else ""
    return _("¥%(number)s") % {"number": f"{sign}{number}"}
