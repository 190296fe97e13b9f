"""Ways from a case and from a community's board to the needs list, matters, reception days and votes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.faces.kit.navigation import url_or_none

Links = list[tuple[str, Any, str]]
# By the kind of what became of a case; of a mediation nothing is told, and a booking is nobody else's.
RECORDS: dict[str, tuple[str, Any, str]] = {"matter": ("users", _("Talked over by residents"), "resident:matter")}
BESIDE: tuple[tuple[str, Any, str], ...] = (
    ("calendar", _("Reception days"), "resident:receptions"),
    ("users", _("Talked over by residents"), "resident:matters"),
    ("check", _("Votes and results"), "resident:votes"),
)


def links_of(links: Iterable[tuple[str, UUID]], *, community: UUID) -> Links:
    """Give the pages on which a case went on, by the kind and the record of each link; those there are."""
    found: Links = []
    for kind, record in links:
        if kind == "need":
            board = url_or_none("resident:needs_board", community)
            found += [("bulb", _("On the needs list"), board)] if board else []
        elif kind in RECORDS:
            icon, label, name = RECORDS[kind]
            url = url_or_none(name, community, record)
            found += [(icon, label, url)] if url else []
    return found


def beside(community: UUID) -> Links:
    """Give the other public pages of a community's voice that this deployment has."""
    return [(icon, label, url) for icon, label, name in BESIDE if (url := url_or_none(name, community))]
