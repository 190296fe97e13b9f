"""Reading projects: the office's list, one project with everything around it, what the public sees."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.projects import policy
from lianxin.domain.projects.models import (
    OutcomeOccurrence,
    OutcomePerson,
    Project,
    ProjectCommunity,
    ProjectNeed,
    ProjectOffer,
)
from lianxin.domain.projects.rules import states
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

PUBLIC_AT_MOST = 200


@dataclass(frozen=True)
class Outcome:
    """What came of a project: counted from check-ins, and from what its askers say."""

    occurrences_held: int
    person_times: int
    people: int
    households: int
    askers: int
    asked: int
    met: int
    partly: int
    not_met: int

    @property
    def answered(self) -> int:
        """Count the askers who said whether their need was met."""
        return self.met + self.partly + self.not_met


def list_projects(
    *, actor: Actor, state: str = "", category: UUID | None = None, community: UUID | None = None, words: str = ""
) -> QuerySet[Project]:
    """Give the projects of the communities in scope, the latest first."""
    rows = Project.objects.select_related("category", "venue").order_by("-from_on", "-number", "pk")
    if not policy.may_read_any(actor):
        return rows.none()
    if community is not None:
        rows = rows.filter(community=community)
    if state == "open":
        rows = rows.filter(state__in=states.OPEN)
    elif state:
        rows = rows.filter(state=state)
    if category is not None:
        rows = rows.filter(category=category)
    if words:
        rows = rows.filter(title__contains=words)
    return rows


def find_project(*, actor: Actor, project: UUID) -> Project:
    """Give one project that the actor may read; raises Missing."""
    row = Project.objects.select_related("category", "venue", "community").filter(pk=project).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def needs_of(project: UUID) -> list[Need]:
    """Give the needs that a project answers, the most urgent first."""
    with scope.everything():
        return list(
            Need.objects.filter(pk__in=ProjectNeed.objects.filter(project=project).values("need"))
            .select_related("category")
            .order_by("-priority", "number")
        )


def offers_of(project: UUID) -> list[ProjectOffer]:
    """Give the offers that a project uses, with who gives."""
    with scope.everything():
        rows = ProjectOffer.objects.filter(project=project).select_related("offer__organisation", "offer__person")
        return list(rows.order_by("offer__title", "pk"))


def neighbours_of(project: UUID) -> tuple[UUID, ...]:
    """Give the neighbouring communities that take part."""
    with scope.everything():
        rows = ProjectCommunity.objects.filter(project=project).order_by("pk")
        return tuple(rows.values_list("community", flat=True))


def dates_of(project: UUID) -> list[OutcomeOccurrence]:
    """Give a project's dates with how many came (`came`)."""
    with scope.everything():
        rows = OutcomeOccurrence.objects.filter(project=project).annotate(
            came=Count("people", filter=Q(people__undone_at__isnull=True))
        )
        return list(rows.order_by("starts_at", "pk"))


def count_dates_to_come(*, project: UUID, at: datetime) -> int:
    """Count the dates of a project that are still to come."""
    with scope.everything():
        return OutcomeOccurrence.objects.filter(project=project, is_cancelled=False, starts_at__gt=at).count()


def outcome_of(row: Project) -> Outcome:
    """Count what came of a project."""
    with scope.everything():
        came = {"people": 0, "households": 0}
        if row.person_times:
            there = OutcomePerson.objects.filter(project=row.pk, undone_at__isnull=True)
            came = there.aggregate(people=Count("person", distinct=True), households=Count("household", distinct=True))
        said = NeedReport.objects.filter(
            state=NeedReport.State.JOINED, need__in=ProjectNeed.objects.filter(project=row.pk).values("need")
        ).aggregate(
            askers=Count("pk"),
            asked=Count("pk", filter=Q(asked_at__isnull=False)),
            said_yes=Count("pk", filter=Q(met="yes")),
            said_partly=Count("pk", filter=Q(met="partly")),
            said_no=Count("pk", filter=Q(met="no")),
        )
    return Outcome(
        occurrences_held=row.occurrences_held,
        person_times=row.person_times,
        **came,
        askers=said["askers"],
        asked=said["asked"],
        met=said["said_yes"],
        partly=said["said_partly"],
        not_met=said["said_no"],
    )


def list_public(*, community: UUID, on: date) -> list[Project]:
    """Give what a community's public list shows: what is arranged or under way, then what was done lately."""
    with scope.everything():
        rows = Project.objects.filter(community=community, state__in=states.PUBLIC).select_related("category", "venue")
        return list(rows.order_by("-until_on", "-number")[:PUBLIC_AT_MOST])


def find_public(*, project: UUID) -> Project:
    """Give one project that is or was published, for anybody: who has its address reads why it was cancelled."""
    was_public = Q(state=Project.State.CANCELLED, published_at__isnull=False)
    with scope.everything():
        row = (
            Project.objects.filter(Q(state__in=states.PUBLIC) | was_public, pk=project)
            .select_related("category", "venue", "community")
            .first()
        )
    if row is None:
        raise Missing
    return row


def count_states(*, actor: Actor) -> dict[str, int]:
    """Count the projects in scope by state."""
    rows: Any = Project.objects.order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows) if policy.may_read_any(actor) else {}
