"""Proof for verify that a published standard still is what was published."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lianxin.platform.commands import digest_of

from ..models import Standard

ITEM_FIELDS = (
    "code",
    "position",
    "group",
    "label",
    "label_en",
    "measure",
    "comparison",
    "threshold",
    "weight",
    "kind",
    "applies_to",
    "source",
    "note",
    "parameters",
)


def digest_items(standard: Standard) -> str:
    """Give the SHA-256 of a version's items, by which a later change of a published one is found."""
    items = standard.items.order_by("code").values_list(*ITEM_FIELDS)
    return digest_of([[str(v.normalize()) if isinstance(v, Decimal) else v for v in row] for row in items])


def check_published() -> Iterator[str]:
    """Prove that the items of every published version have the digest they were published with."""
    for standard in Standard.objects.exclude(state=Standard.State.DRAFT).order_by("name", "version"):
        if digest_items(standard) != standard.digest:
            yield f"{standard}: its items were changed after it was published"
