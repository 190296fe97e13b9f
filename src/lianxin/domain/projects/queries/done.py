"""What was carried out in a stretch of days, as everybody may read it: what was asked, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Sum

from lianxin.domain.projects.models import Project, ProjectNeed
from lianxin.domain.projects.queries.board import Carried
from lianxin.platform import scope

OVER = (Project.State.DONE, Project.State.EVALUATED)


def list_done(
    *, communities: Collection[UUID] | None, from_on: date, until_on: date, most: int, one_each: bool = False
) -> list[Carried]:
    """Give the public projects that ended on days [from_on, until_on), the latest first; `one_each` of a community."""
    with scope.everything():
        rows = Project.objects.filter(state__in=OVER, until_on__gte=from_on, until_on__lt=until_on)
        if communities is not None:
            rows = rows.filter(community__in=sorted(communities))
        ordered = rows.select_related("community").order_by("-until_on", "-number", "pk")
        found: list[Project] = []
        seen: set[UUID] = set()
        for row in ordered[: most * 20 if one_each else most]:
            if one_each and row.community_id in seen:
                continue
            seen.add(row.community_id)
            found.append(row)
        found = found[:most]
        asked: dict[Any, int] = dict(
            ProjectNeed.objects.filter(project__in=[row.pk for row in found])
            .order_by()
            .values_list("project")
            .annotate(voices=Sum("need__voices"))
        )
    return [Carried(row, asked.get(row.pk) or 0) for row in found]
