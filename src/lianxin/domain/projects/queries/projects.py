"""Reading projects: the office's list, one project with everything around it, what the public sees."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce

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


@dataclass(frozen=True, slots=True)
class Tied:
    """What a project is tied to: an entry of the needs list, an offer, or a neighbouring community."""

    id: UUID
    title: str
    beside: str = ""
    state: str = ""
    households: int = 0
    voices: int = 0
    community: UUID | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """All that a project is tied to."""

    needs: list[Tied]
    offers: list[Tied]
    neighbours: list[Tied]


def around(project: UUID) -> Around:
    """Give what a project is tied to: needs, the most urgent first, offers with who gives, neighbours; one query."""
    names = ("what", "to", "community", "title", "beside", "state", "weight", "households", "voices")

    def part(rows: QuerySet[Any], **columns: Any) -> QuerySet[Any]:
        return (
            rows.order_by()
            .annotate(**{f"_{name}": columns[name] for name in names})
            .values_list(*(f"_{name}" for name in names))
        )

    def text(words: str) -> Any:
        return Value(words, output_field=TextField())

    def said(path: str) -> Any:
        return Cast(F(path), TextField())

    none = Value(0, output_field=IntegerField())
    nobody = {"weight": none, "households": none, "voices": none, "state": text("")}
    with scope.everything():
        needs = part(
            ProjectNeed.objects.filter(project=project),
            what=text("need"),
            to=F("need_id"),
            community=F("need__community_id"),
            title=said("need__title"),
            beside=said("need__community__short_name"),
            state=said("need__state"),
            weight=Cast(F("need__priority") * 100_000 - F("need__number"), IntegerField()),
            households=Cast(F("need__households"), IntegerField()),
            voices=Cast(F("need__voices"), IntegerField()),
        )
        offers = part(
            ProjectOffer.objects.filter(project=project),
            what=text("offer"),
            to=F("offer_id"),
            community=F("offer__community_id"),
            title=said("offer__title"),
            beside=Coalesce(said("offer__organisation__name"), text("")),
            **nobody,
        )
        neighbours = part(
            ProjectCommunity.objects.filter(project=project),
            what=text("community"),
            to=F("community_id"),
            title=said("community__short_name"),
            beside=text(""),
            **nobody | {"community": F("community_id")},
        )
        rows = list(needs.union(offers, neighbours, all=True))
    rows.sort(key=lambda row: (-row[6], row[3], str(row[1])))
    found: dict[str, list[Tied]] = {"need": [], "offer": [], "community": []}
    for what, to, community, title, beside, state, _weight, households, voices in rows:
        found[what].append(Tied(to, title, beside, state, households, voices, community))
    return Around(found["need"], found["offer"], found["community"])


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
    """Count what came of a project; one query."""

    def counted(rows: QuerySet[Any], by: str, what: Any) -> Subquery:
        return Subquery(rows.order_by().values(by).annotate(n=what).values("n"), output_field=IntegerField())

    with scope.everything():
        came = OutcomePerson.objects.filter(project=OuterRef("pk"), undone_at__isnull=True)
        mine = ProjectNeed.objects.filter(project=OuterRef(OuterRef("pk")), need=OuterRef("need"))
        # Voices have no column in common but their state, for all of them are joined.
        said = NeedReport.objects.filter(Exists(mine), state=NeedReport.State.JOINED)
        found = (
            Project.objects.filter(pk=row.pk)
            .values(
                n_people=counted(came, "project", Count("person", distinct=True)),
                n_homes=counted(came, "project", Count("household", distinct=True)),
                n_askers=counted(said, "state", Count("pk")),
                n_asked=counted(said, "state", Count("pk", filter=Q(asked_at__isnull=False))),
                n_met_yes=counted(said, "state", Count("pk", filter=Q(met="yes"))),
                n_met_partly=counted(said, "state", Count("pk", filter=Q(met="partly"))),
                n_met_no=counted(said, "state", Count("pk", filter=Q(met="no"))),
            )
            .get()
        )
    return Outcome(
        occurrences_held=row.occurrences_held,
        person_times=row.person_times,
        people=found["n_people"] or 0,
        households=found["n_homes"] or 0,
        askers=found["n_askers"] or 0,
        asked=found["n_asked"] or 0,
        met=found["n_met_yes"] or 0,
        partly=found["n_met_partly"] or 0,
        not_met=found["n_met_no"] or 0,
    )


def projects_for(*, need: UUID) -> list[Project]:
    """Give the projects that answer an entry of the needs list, the latest first, cancelled ones too."""
    with scope.everything():
        rows = Project.objects.filter(needs__need=need).select_related("community")
        return list(rows.order_by("-from_on", "-number")[:20])


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
