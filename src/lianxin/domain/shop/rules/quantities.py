"""Whole numbers of pieces."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lianxin.platform.errors import Invalid

MOST_PIECES = 100_000
MOST_LINES = 30
MOST_IN_BASKET = 1_000


def check_pieces(quantity: object, *, most: int = MOST_PIECES, field: str = "quantity") -> int:
    """Give a number of pieces; raises Invalid unless it is whole and more than zero."""
    if not isinstance(quantity, int) or isinstance(quantity, bool) or quantity <= 0:
        raise Invalid(fields={field: [_("Give a whole number of pieces, at least 1.")]})
    if quantity > most:
        raise Invalid(fields={field: [_("That is more than %(most)d pieces at once.") % {"most": most}]})
    return quantity


def check_basket(wanted: Mapping[Any, object]) -> None:
    """Raise Invalid unless a basket names some items with whole numbers of pieces."""
    if not wanted:
        raise Invalid(fields={"items": [_("Choose at least one thing.")]})
    if len(wanted) > MOST_LINES:
        raise Invalid(fields={"items": [_("At most %(most)d different things at once.") % {"most": MOST_LINES}]})
    for quantity in wanted.values():
        check_pieces(quantity, most=MOST_IN_BASKET)
