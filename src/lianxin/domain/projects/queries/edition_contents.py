"""What an edition says: the list of a community as it stands, grouped by category, without names of residents."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from lianxin.domain.needs.models import Need
from lianxin.domain.projects.models import Edition, Project
from lianxin.domain.projects.rules import states
from lianxin.domain.resources.models import Offer

Entry = dict[str, Any]


def content_of(of: str, *, community: UUID, from_on: date, until_on: date) -> dict[str, Any]:
    """Give the groups of one list for a period: {"groups": [{"code", "name", "entries": […]}], "entries": n}."""
    makers = {"needs": _needs, "resources": _offers, "projects": _projects}
    entries = list(makers[of](community, from_on, until_on))
    groups: dict[str, dict[str, Any]] = {}
    for code, name, entry in sorted(entries, key=lambda one: (one[0], one[2]["order"], one[2]["id"])):
        del entry["order"]
        groups.setdefault(code, {"code": code, "name": name, "entries": []})["entries"].append(entry)
    return {"groups": list(groups.values()), "entries": len(entries)}


def entries_of(content: Mapping[str, Any]) -> list[Entry]:
    """Give all entries of an edition's content, whatever their group."""
    return [entry for group in content.get("groups", []) for entry in group["entries"]]


def fates_of(of: str, gone: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Say of entries that are no longer on a list what became of them, from their records."""
    wanted = list(gone)
    if of == Edition.Of.NEEDS:
        return {str(row.pk): _fate_of_need(row) for row in Need.objects.filter(pk__in=wanted)}
    if of == Edition.Of.PROJECTS:
        return {str(row.pk): _fate_of_project(row) for row in Project.objects.filter(pk__in=wanted)}
    return {
        str(row.pk): {"done": False, "why": row.state_reason or str(row.get_state_display())}
        for row in Offer.objects.filter(pk__in=wanted)
    }


def _needs(community: UUID, from_on: date, until_on: date) -> Iterable[tuple[str, str, Entry]]:
    rows = Need.objects.filter(
        community=community, state__in=["open", "planned", "partly"], first_heard_on__lte=until_on
    )
    for row in rows.select_related("category"):
        yield (
            row.category.code,
            row.category.name,
            {
                "id": str(row.pk),
                "number": row.number,
                "title": row.title,
                "group": row.target_group,
                "households": row.households,
                "voices": row.voices,
                "since": row.first_heard_on.isoformat(),
                "state": row.state,
                "order": (-row.priority, -row.households, row.number),
            },
        )


def _offers(community: UUID, from_on: date, until_on: date) -> Iterable[tuple[str, str, Entry]]:
    rows = (
        Offer.objects.filter(community=community, state="active", from_on__lte=until_on)
        .exclude(until_on__lt=from_on)
        .select_related("organisation")
        .prefetch_related("categories__category")
    )
    for row in rows:
        best = max(row.categories.all(), key=lambda one: (one.level, one.category.code), default=None)
        yield (
            best.category.code if best else "",
            best.category.name if best else "",
            {
                "id": str(row.pk),
                "title": row.title,
                # Somebody who gives as a person is not named on a published list.
                "giver": row.organisation.name if row.organisation else "",
                "kind": row.kind,
                "seats": row.seats,
                "times": row.times,
                "every": row.every,
                "conditions": row.conditions,
                "order": (row.title,),
            },
        )


def _projects(community: UUID, from_on: date, until_on: date) -> Iterable[tuple[str, str, Entry]]:
    rows = Project.objects.filter(
        community=community, state__in=states.PUBLIC, from_on__lte=until_on, until_on__gte=from_on
    ).select_related("category", "venue")
    for row in rows:
        yield (
            row.category.code,
            row.category.name,
            {
                "id": str(row.pk),
                "number": row.number,
                "title": row.title,
                "from": row.from_on.isoformat(),
                "until": row.until_on.isoformat(),
                "place": row.venue.name if row.venue else "",
                "responsible": row.responsible_name,
                "budget_fen": row.budget_fen,
                "planned": row.occurrences_planned,
                "held": row.occurrences_held,
                "person_times": row.person_times,
                "state": row.state,
                "order": (row.from_on.isoformat(), row.number),
            },
        )


def _fate_of_need(row: Need) -> dict[str, Any]:
    if row.state == Need.State.MET:
        return {"done": True, "why": ""}
    return {"done": False, "why": row.unmet_words or str(row.get_state_display())}


def _fate_of_project(row: Project) -> dict[str, Any]:
    if row.state in (Project.State.DONE, Project.State.EVALUATED) or row.occurrences_held:
        return {"done": True, "why": ""}
    return {"done": False, "why": row.state_reason or str(row.get_state_display())}
