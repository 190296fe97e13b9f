"""What was settled in a stretch of days, as everybody may read it: cases whose reporters say so, ended matters."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from lianxin.domain.voice.models import Case, Matter
from lianxin.domain.voice.queries.board import Line, line_of
from lianxin.platform import scope
from lianxin.platform.clock import local_moment


def list_solved(*, communities: Collection[UUID], from_on: date, until_on: date, most: int) -> list[Line]:
    """Give public cases that somebody said were solved on days [from_on, until_on), those of most voices first."""
    ends = local_moment(until_on)
    with scope.everything():
        rows = Case.objects.filter(
            community__in=sorted(communities),
            is_public=True,
            state=Case.State.CONFIRMED,
            ended_at__gte=local_moment(from_on),
            ended_at__lt=ends,
        ).select_related("community", "venue")
        return [line_of(row, at=ends) for row in rows.order_by("-voices", "-ended_at", "pk")[:most]]


def list_ended_matters(*, communities: Collection[UUID], from_on: date, until_on: date, most: int) -> list[Matter]:
    """Give public matters that were brought to their end on days [from_on, until_on), the latest first."""
    with scope.everything():
        rows = Matter.objects.filter(
            community__in=sorted(communities),
            is_public=True,
            state=Matter.State.DONE,
            ended_at__gte=local_moment(from_on),
            ended_at__lt=local_moment(until_on),
        ).select_related("community")
        return list(rows.order_by("-ended_at", "-pk")[:most])
