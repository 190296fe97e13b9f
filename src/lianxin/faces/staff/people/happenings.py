"""A record's timeline in words: codes, ids of households and communities, and nothing sensitive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.people import policy
from lianxin.domain.people.queries.households import name_households
from lianxin.domain.people.queries.people import list_chosen
from lianxin.domain.places.models import Level
from lianxin.domain.places.queries.divisions import list_divisions
from lianxin.faces.kit.timelines import Happening, happenings
from lianxin.faces.staff.people.labels import CODES, FIELDS, HAPPENED, REVEALED
from lianxin.platform.actors import Actor
from lianxin.platform.audit import TimelineEntry
from lianxin.platform.clock import local_day, now

LEADS_TO = frozenset({"household", "into"})


def community_names() -> dict[UUID, str]:
    """Give what each community is called today; one query."""
    return {row.pk: row.short_name for row in list_divisions(level=Level.COMMUNITY)}


def timeline(
    entries: Iterable[TimelineEntry], *, actor: Actor, communities: dict[UUID, str], names: dict[UUID, str]
) -> list[Happening]:
    """Word a record's entries; care notes are left out for those who may not open them."""
    sees_care = policy.may_see_vulnerabilities(actor)
    shown = [entry for entry in entries if sees_care or not _is_care(entry)]
    homes = _numbers(shown, actor)
    known = names | _names(shown, names, actor)
    words = [replace(entry, action=entry.verb, change=_change(entry, communities, homes)) for entry in shown]
    return happenings(
        list[Any](words), titles=HAPPENED, labels=FIELDS | {"field": pgettext("looked at", "What")}, names=known
    )


def _is_care(entry: TimelineEntry) -> bool:
    return entry.verb.startswith("vulnerability") or entry.change.get("field") == "vulnerabilities"


def _ids(values: Iterable[Any]) -> set[UUID]:
    found = set()
    for value in values:
        try:
            found.add(UUID(str(value)))
        except ValueError:
            continue
    return found


def _numbers(entries: list[TimelineEntry], actor: Actor) -> dict[UUID, str]:
    wanted = _ids(
        value
        for entry in entries
        for field, pair in entry.change.items()
        if field in LEADS_TO and isinstance(pair, list)
        for value in pair
        if value
    )
    return name_households(actor=actor, households=wanted) if wanted else {}


def _names(entries: list[TimelineEntry], known: dict[UUID, str], actor: Actor) -> dict[UUID, str]:
    wanted = {entry.on_behalf_of for entry in entries if entry.on_behalf_of} - set(known)
    if not wanted:
        return {}
    return {row.id: row.masked_name for row in list_chosen(actor=actor, on=local_day(now()), people=wanted)}


def _change(entry: TimelineEntry, communities: dict[UUID, str], homes: dict[UUID, str]) -> dict[str, Any]:
    change: dict[str, Any] = {}
    for field, pair in entry.change.items():
        if field == "field":
            change[field] = ["", REVEALED.get(str(pair), pair)]
        elif isinstance(pair, list) and len(pair) == 2:
            if field == "from" or (field == "into" and not _ids(pair) & set(homes)):
                continue
            old, new = (_word(field, value, communities, homes) for value in pair)
            change[field] = ["", _("changed, not shown here")] if old == new == "" else [old, new]
    return change


def _word(field: str, value: Any, communities: dict[UUID, str], homes: dict[UUID, str]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(_word(field, one, communities, homes) for one in value)
    if field in CODES:
        return str(CODES[field].get(value, value))
    for pk in _ids([value]):
        return communities.get(pk) or homes.get(pk) or _("elsewhere")
    return str(value)
