"""What the choices of these pages offer: communities by subdistrict, kinds in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext, gettext_lazy

from lianxin.domain.places.models import Level
from lianxin.domain.places.queries import divisions
from lianxin.platform.actors import Actor

ANY = gettext_lazy("All")
CHOOSE = gettext_lazy("Please choose")
Choices = list[tuple[Any, Any]]


def community_choices(actor: Actor, *, subdistricts: bool = True, alone: bool = False) -> Choices:
    """Give the communities of an actor under their subdistricts; nothing to choose where there is only one."""
    if not alone and actor.communities is not None and len(actor.communities) < 2:
        return []
    found = [row for row in divisions.list_divisions(level=Level.COMMUNITY) if actor.covers(row.pk)]
    if len(found) < 2 and not alone:
        return []
    groups: dict[str, Choices] = {}
    for row in found:
        above = row.parent
        name = above.short_name if above else ""
        group = groups.setdefault(name, [])
        if subdistricts and above and not group:
            group.append((str(above.pk), gettext("All of %(name)s") % {"name": name}))
        group.append((str(row.pk), row.short_name))
    return list(groups.items())


def community_ids(place: UUID) -> list[UUID]:
    """Give the communities that a choice stands for."""
    return divisions.list_communities_below(place)


def kinds_in_words(kinds: Iterable[Any]) -> Choices:
    """Give kinds (of rooms, amenities, services) by code in the language of the page."""
    english = (get_language() or "").startswith("en")
    return [(kind.code, kind.name_en if english and kind.name_en else kind.name) for kind in kinds]


def kind_name(kind: Any) -> str:
    """Give the name of one kind in the language of the page."""
    return str(kinds_in_words([kind])[0][1])
