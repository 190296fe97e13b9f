"""What the askers say: of those who spoke, how many had their need met, by category, community and entry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from lianxin.domain.needs import policy
from lianxin.domain.needs.models import Need, NeedReport
from lianxin.platform.actors import Actor

MOST_KINDS = 3


@dataclass(frozen=True, slots=True)
class Said:
    """What askers said of their needs; the rate is that of those who spoke, and says of how many."""

    yes: int = 0
    partly: int = 0
    no: int = 0

    @property
    def spoke(self) -> int:
        """Give the denominator."""
        return self.yes + self.partly + self.no

    @property
    def share(self) -> float | None:
        """Give the rate of those who say that it is met, None while nobody spoke."""
        return self.yes / self.spoke if self.spoke else None

    def __add__(self, other: "Said") -> "Said":
        """Give what both said."""
        return Said(self.yes + other.yes, self.partly + other.partly, self.no + other.no)


@dataclass(frozen=True, slots=True)
class Unmet:
    """One reason for which needs are not met: how many, of how many people, of which categories most."""

    reason: str
    needs: int
    people: int
    categories: tuple[str, ...]


def said_by_category(*, from_on: date, until_on: date, communities: Iterable[UUID] | None = None) -> dict[str, Said]:
    """Give by category's code what the askers of entries first heard in [from_on, until_on) say."""
    return _said("need__category__code", _joined(from_on, until_on, communities))


def said_by_community(*, from_on: date, until_on: date, communities: Iterable[UUID] | None = None) -> dict[str, Said]:
    """Give by community's id what the askers of entries first heard in [from_on, until_on) say."""
    return _said("need__community_id", _joined(from_on, until_on, communities))


def list_by_need(
    *,
    actor: Actor,
    from_on: date,
    until_on: date,
    communities: Iterable[UUID] | None = None,
    category: str = "",
) -> QuerySet[Need]:
    """Give the entries first heard in [from_on, until_on), each with `yes`, `partly` and `no` as its askers say.

    Those of which most is said come first.
    """
    policy.require(policy.may_read_any(actor))
    rows = Need.objects.exclude(state=Need.State.WITHDRAWN).filter(
        first_heard_on__gte=from_on, first_heard_on__lt=until_on
    )
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    if category:
        rows = rows.filter(category__code=category)
    joined = Q(reports__state=NeedReport.State.JOINED)
    counts = {met: Count("reports", filter=joined & Q(reports__met=met)) for met in ("yes", "partly", "no")}
    spoke = Count("reports", filter=joined & ~Q(reports__met=""))
    return (
        rows.select_related("category", "community").annotate(**counts, spoke=spoke).order_by("-spoke", "-voices", "pk")
    )


def unmet_reasons(*, from_on: date, until_on: date, communities: Iterable[UUID] | None = None) -> list[Unmet]:
    """Give why entries first heard in [from_on, until_on) cannot be met, the most people first; one query."""
    rows = Need.objects.filter(state=Need.State.UNMET, first_heard_on__gte=from_on, first_heard_on__lt=until_on)
    if communities is not None:
        rows = rows.filter(community__in=list(communities))
    sums = rows.order_by().values("unmet_reason", "category__code").annotate(n=Count("pk"), of=Sum("people"))
    by_reason: dict[str, list[tuple[int, int, str]]] = {}
    for row in sums:
        line = (int(row["n"]), int(row["of"] or 0), str(row["category__code"]))
        by_reason.setdefault(str(row["unmet_reason"]), []).append(line)
    found = [
        Unmet(
            reason,
            needs=sum(n for n, _people, _code in lines),
            people=sum(people for _n, people, _code in lines),
            categories=tuple(
                code for _n, _people, code in sorted(lines, key=lambda one: (-one[1], one[2]))[:MOST_KINDS]
            ),
        )
        for reason, lines in by_reason.items()
    ]
    return sorted(found, key=lambda one: (-one.people, one.reason))


def together(said: Mapping[str, Said]) -> Said:
    """Give what all of them said."""
    return sum(said.values(), Said())


def _joined(from_on: date, until_on: date, communities: Iterable[UUID] | None) -> QuerySet[NeedReport]:
    rows = NeedReport.objects.filter(
        state=NeedReport.State.JOINED, need__first_heard_on__gte=from_on, need__first_heard_on__lt=until_on
    ).exclude(need__state=Need.State.WITHDRAWN)
    return rows if communities is None else rows.filter(community__in=list(communities))


def _said(key: str, rows: QuerySet[NeedReport]) -> dict[str, Said]:
    counts: dict[str, Any] = {f"n_{met}": Count("pk", filter=Q(met=met)) for met in ("yes", "partly", "no")}
    sums = rows.exclude(met="").order_by().values(key).annotate(**counts)
    return {str(row[key]): Said(row["n_yes"], row["n_partly"], row["n_no"]) for row in sums}
