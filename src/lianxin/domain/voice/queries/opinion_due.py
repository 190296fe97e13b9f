"""Which opinion maps the worker has to look at."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, Max, OuterRef, Q, Subquery

from lianxin.domain.voice.models import MapResult, Opinion, OpinionMap, Statement

State = OpinionMap.State


def list_over(*, at: datetime) -> list[UUID]:
    """Give the open maps whose time is over."""
    rows = OpinionMap.objects.filter(state=State.OPEN, closes_at__lt=at)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def list_answered() -> list[UUID]:
    """Give the maps that were answered, or had a statement taken out, since their last result."""
    drawn = MapResult.objects.filter(map=OuterRef("pk")).order_by("-made_at").values("made_at")[:1]
    said = Opinion.objects.filter(statement__map=OuterRef("pk")).order_by().values("statement__map")
    decided = Statement.objects.filter(map=OuterRef("pk")).order_by().values("map")
    rows = OpinionMap.objects.exclude(state=State.DRAFT).annotate(
        drawn_at=Subquery(drawn),
        said_at=Subquery(said.annotate(last=Max("said_at")).values("last")),
        decided_at=Subquery(decided.annotate(last=Max("decided_at")).values("last")),
    )
    fresh = Q(drawn_at=None, said_at__isnull=False) | Q(said_at__gte=F("drawn_at")) | Q(decided_at__gt=F("drawn_at"))
    return list(rows.filter(fresh).order_by("pk").values_list("pk", flat=True))
