"""Hits in groups, with the page each leads to, and without the full name of any resident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.engines.masking import mask_name
from lianxin.faces.kit.navigation import url_or_none
from lianxin.platform.actors import Actor
from lianxin.platform.search import Hit


@dataclass(frozen=True)
class Kind:
    """A kind of record: the word for its group, its icon, and where hits lead in and outside of one's reach."""

    label: Any
    icon: str
    here: tuple[tuple[str, str], ...]
    elsewhere: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Found:
    """One hit as a line."""

    title: str
    detail: str
    place: str
    url: str


@dataclass(frozen=True)
class Group:
    """The hits of one kind."""

    kind: str
    label: Any
    icon: str
    hits: list[Found]


KINDS: dict[str, Kind] = {
    "person": Kind(_("Residents"), "user", (("staff:person", "person"),)),
    "division": Kind(
        _("Communities and subdistricts"),
        "map-pin",
        (("staff:division", "division"), ("resident:community", "community")),
        (("resident:community", "community"),),
    ),
    "venue": Kind(
        _("Places"),
        "building-community",
        (("staff:venue", "venue"), ("resident:place", "venue")),
        (("resident:place", "venue"),),
    ),
    "service": Kind(
        _("Services"),
        "heart-handshake",
        (("staff:service", "service"), ("resident:service", "service")),
        (("resident:service", "service"),),
    ),
    "occurrence": Kind(
        _("Activities by date"),
        "calendar-event",
        (("staff:occurrence", "occurrence"), ("resident:activity", "occurrence")),
        (("resident:activity", "occurrence"),),
    ),
    "need": Kind(_("Needs"), "message", (("staff:need", "entry"),)),
    "case": Kind(pgettext_lazy("voice", "Cases"), "flag", (("staff:case", "case"),)),
    "matter": Kind(
        pgettext_lazy("voice", "Matters"), "users", (("staff:matter", "matter"),), (("resident:matter", "matter"),)
    ),
    "vote": Kind(pgettext_lazy("voice", "Votes"), "check", (("staff:vote", "vote"),), (("resident:vote", "vote"),)),
    "opinion_map": Kind(
        pgettext_lazy("voice", "Opinion maps"), "messages", (("staff:map", "map"),), (("resident:opinions", "map"),)
    ),
    "offer": Kind(pgettext_lazy("offer", "Offers"), "bulb", (("staff:offer", "offer"),)),
    "activity": Kind(_("Series of activities"), "calendar-event", (("staff:activity", "activity"),)),
    "organisation": Kind(_("Organisations"), "building", (("staff:organisation", "organisation"),)),
    "upgrade": Kind(_("Upgrades"), "tool", (("staff:upgrade", "upgrade"), ("district:upgrade", "upgrade"))),
    "passbook": Kind(_("Passbooks"), "book", (("staff:passbook", "passbook"),)),
    "programme": Kind(_("Programmes"), "flag", (("district:programme", "programme"),)),
    "produce": Kind(
        _("Produce"),
        "star",
        (("staff:produce", "produce"), ("resident:produce", "produce")),
        (("resident:produce", "produce"),),
    ),
}
# What these kinds keep as detail does not say in which community they are.
WITHOUT_PLACE = frozenset({"person", "upgrade", "produce", "case", "matter", "vote", "opinion_map"})
# Pages whose address names the community too.
BELOW_COMMUNITY = frozenset({"resident:matter"})
OTHER = Kind(_("Other"), "file-text", ())


def group(hits: Iterable[Hit], *, actor: Actor, names: Mapping[UUID, str]) -> list[Group]:
    """Sort hits into kinds in a fixed order; the best hits come first within a kind."""
    by_kind: dict[str, list[Found]] = {}
    for hit in hits:
        by_kind.setdefault(hit.kind, []).append(_found(hit, actor=actor, names=names))
    order = [*KINDS, *(kind for kind in by_kind if kind not in KINDS)]
    return [
        Group(kind, KINDS.get(kind, OTHER).label, KINDS.get(kind, OTHER).icon, by_kind[kind])
        for kind in order
        if kind in by_kind
    ]


def _found(hit: Hit, *, actor: Actor, names: Mapping[UUID, str]) -> Found:
    kind = KINDS.get(hit.kind, OTHER)
    is_mine = hit.community_id is None or actor.covers(hit.community_id)
    url = ""
    for name, argument in kind.here if is_mine else kind.elsewhere:
        more = {"community": hit.community_id} if name in BELOW_COMMUNITY else {}
        url = url_or_none(name, **{argument: hit.record_id}, **more) or ""
        if url:
            break
    if not url and hit.url_name:
        url = url_or_none(hit.url_name, hit.record_id) or ""
    return Found(
        title=mask_name(hit.title) if hit.kind == "person" else hit.title,
        detail=hit.detail,
        place=names.get(hit.community_id, "") if hit.community_id and hit.kind in WITHOUT_PLACE else "",
        url=url,
    )
