"""Activities as their offices see them: the list, one of them with its timeline, and templates to start from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Min, Q

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Activity, ActivityOrganiser, Occurrence
from lianxin.domain.activities.rules import recurrence
from lianxin.domain.activities.rules.contents import Content
from lianxin.domain.places.models import Division
from lianxin.engines.lunar import festivals
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

PAGE = 50
MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity on a list, with what its dates add up to."""

    id: UUID
    community: UUID
    community_name: str
    title: str
    category_name: str
    state: str
    is_series: bool
    dates: int
    held: int
    next_at: datetime | None
    last_at: datetime | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ActivitiesPage:
    """One page of a list, the newest first; `after` fetches the next one."""

    rows: list[ActivityLine]
    after: str


@dataclass(frozen=True, slots=True)
class Template:
    """A festival's usual activity to start from, with its next day."""

    code: str
    festival: str
    category: str
    title: str
    summary: str
    poster_text: str
    bring_note: str
    minutes: int
    size: int | None
    on: date | None
    is_volunteering: bool = False


def list_activities(
    *,
    actor: Actor,
    community: UUID | None = None,
    state: str = "",
    category: str = "",
    text: str = "",
    at: datetime,
    after: str = "",
    limit: int = PAGE,
) -> ActivitiesPage:
    """List activities that the actor works with, the newest first; two queries however long the list is."""
    with scope.within(actor.communities):
        rows = Activity.objects.filter(policy.visible_activities(actor))
        for name, value in (("community", community), ("state", state), ("category__code", category)):
            if value:
                rows = rows.filter(**{name: value})
        for word in text.split()[:MOST_WORDS]:
            rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word))
        if after:
            rows = rows.filter(pk__lt=_read_after(after))
        found = list(rows.select_related("category", "community").order_by("-pk")[: limit + 1])
        dates = _dates([row.pk for row in found], at)
    shown = [_line(row, dates.get(row.pk, {})) for row in found[:limit]]
    return ActivitiesPage(shown, str(shown[-1].id) if len(found) > limit else "")


def _read_after(after: str) -> UUID:
    try:
        return UUID(after)
    except ValueError:
        raise Missing from None


def _dates(activities: Sequence[UUID], at: datetime) -> dict[UUID, dict[str, Any]]:
    gone = Q(state=Occurrence.State.CANCELLED)
    rows = (
        Occurrence.objects.filter(activity__in=activities)
        .order_by()
        .values("activity")
        .annotate(
            dates=Count("pk", filter=~gone),
            held=Count("pk", filter=Q(state=Occurrence.State.HELD)),
            next_at=Min("starts_at", filter=~gone & Q(starts_at__gte=at)),
            last_at=Max("starts_at", filter=~gone),
        )
    )
    return {row["activity"]: dict(row) for row in rows}


def _line(row: Activity, dates: dict[str, Any]) -> ActivityLine:
    return ActivityLine(
        id=row.pk,
        community=row.community_id,
        community_name=row.community.short_name,
        title=row.title,
        category_name=row.category.name,
        state=row.state,
        is_series=bool(row.recurrence),
        dates=dates.get("dates", 0),
        held=dates.get("held", 0),
        next_at=dates.get("next_at"),
        last_at=dates.get("last_at"),
        made_at=row.made_at,
    )


def find_activity(*, actor: Actor, activity: UUID) -> Activity:
    """Give an activity that the actor works with; raises Missing."""
    with scope.within(actor.communities):
        row = (
            Activity.objects.filter(policy.visible_activities(actor), pk=activity)
            .select_related("category", "community")
            .first()
        )
    if row is None:
        raise Missing
    return row


def list_organisers(*, activity: UUID) -> list[tuple[str, str]]:
    """Give the organisations of an activity with their roles, those that hold it first, for everybody."""
    with scope.everything():
        rows = ActivityOrganiser.objects.filter(activity=activity).order_by("-role", "organisation__name")
        return list(rows.values_list("organisation__name", "role"))


def list_partners(*, activity: UUID) -> list[tuple[UUID, str]]:
    """Give the other communities that hold an activity too, for everybody."""
    with scope.everything():
        rows = Division.objects.filter(
            pk__in=Activity.objects.filter(pk=activity).values("partners__community")
        ).order_by("short_name")
        return list(rows.values_list("pk", "short_name"))


@lru_cache(maxsize=1)
def _shipped() -> tuple[dict[str, Any], ...]:
    path = Path(settings.DATA_DIR) / "festivals.json"
    return tuple(json.loads(path.read_text(encoding="utf-8"))["templates"])


def list_templates(*, on: date) -> list[Template]:
    """Give the templates of festivals, the next festival first; those without a day come last."""
    made = [_template(row, on) for row in _shipped()]
    return sorted(made, key=lambda one: (one.on or date.max, one.code))


def find_template(*, code: str, on: date) -> Template:
    """Give one template; raises Missing."""
    for row in _shipped():
        if row["code"] == code:
            return _template(row, on)
    raise Missing


def _template(row: dict[str, Any], on: date) -> Template:
    days = [day.on for year in (on.year, on.year + 1) for day in festivals(year) if day.code == row["festival"]]
    return Template(
        code=row["code"],
        festival=recurrence.festival_name(row["festival"]) if row["festival"] else "",
        category=row["category"],
        title=row["title"],
        summary=row["summary"],
        poster_text=row["poster_text"],
        bring_note=row.get("bring_note", ""),
        minutes=row.get("minutes", 90),
        size=row.get("size"),
        on=next((day for day in days if day >= on), None),
        is_volunteering=row.get("is_volunteering", False),
    )


def content_from(template: Template, *, community: UUID, category: UUID) -> Content:
    """Give what the form of a new activity starts with, from a template."""
    return Content(
        community=community,
        category=category,
        title=template.title,
        summary=template.summary,
        poster_text=template.poster_text,
        bring_note=template.bring_note,
        festival=template.code,
        is_volunteering=template.is_volunteering,
    )
