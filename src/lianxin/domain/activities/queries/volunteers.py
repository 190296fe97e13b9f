"""Volunteers and those who report in, on lists and pages; names are masked, and nobody is ranked."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import HoursEntry, ReportingIn, Skill, TeamMember, Volunteer
from lianxin.domain.activities.queries.hours import sum_by_person
from lianxin.engines.masking import mask_name
from lianxin.platform import audit, scope, search
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

PAGE = 50
MOST_SHOWN = 500
FOUND_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class VolunteerRow:
    """One volunteer on a list."""

    id: UUID
    person: UUID
    masked_name: str
    state: str
    skills: list[str]
    suits: list[str]
    insured_until: date | None
    insurance_note: str
    registered_on: date
    minutes_this_year: int


@dataclass(frozen=True, slots=True)
class VolunteersPage:
    """A page of volunteers; `after` fetches the next one."""

    rows: list[VolunteerRow]
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class TeamOf:
    """A team that somebody is in."""

    member: UUID
    team: UUID
    name: str
    role: str
    since_on: date


@dataclass(frozen=True, slots=True)
class VolunteerPage:
    """Everything that a volunteer's page shows."""

    row: VolunteerRow
    volunteer: Volunteer
    skills: list[UUID]
    teams: list[TeamOf]
    timeline: list[audit.TimelineEntry]


@dataclass(frozen=True, slots=True)
class ReportingRow:
    """Somebody who reported in."""

    id: UUID
    person: UUID
    masked_name: str
    unit_name: str
    organisation_name: str
    reported_on: date
    until_on: date | None
    offers: str
    minutes_this_year: int


def list_skills() -> list[Skill]:
    """List the skills that a shift may ask for; one query."""
    return list(Skill.objects.order_by("position", "code"))


def list_volunteers(
    *,
    actor: Actor,
    community: UUID,
    on: date,
    query: str = "",
    skill: UUID | None = None,
    team: UUID | None = None,
    state: str = "",
    after: str = "",
    limit: int = PAGE,
) -> VolunteersPage:
    """List the volunteers of a community in the order in which they came, to its office; three queries."""
    policy.require(policy.may_read_volunteers(actor, community))
    size = min(max(limit, 1), MOST_SHOWN)
    with scope.within(actor.communities):
        rows = Volunteer.objects.filter(community=community)
        rows = rows.filter(state=state) if state else rows.exclude(state=Volunteer.State.LEFT)
        if skill is not None:
            rows = rows.filter(skills=skill)
        if team is not None:
            rows = rows.filter(pk__in=TeamMember.objects.filter(team=team, until_on=None).values("volunteer"))
        if query.strip():
            hits = search.find(query, kinds=["person"], limit=FOUND_AT_MOST)
            rows = rows.filter(person__in=[hit.record_id for hit in hits])
        count = rows.count()
        if after:
            try:
                rows = rows.filter(pk__gt=UUID(after))
            except ValueError:
                raise Missing from None
        found = list(_with_hours(rows, on).order_by("pk")[: size + 1])
        shown = found[:size]
        return VolunteersPage(
            rows=[_row(row) for row in shown],
            after=str(shown[-1].pk) if len(found) > size else "",
            count=count,
        )


def find_volunteer(*, actor: Actor, volunteer: UUID, on: date) -> VolunteerPage:
    """Give what a volunteer's page shows, to the office; raises Missing."""
    with scope.within(actor.communities):
        row = _with_hours(Volunteer.objects.filter(pk=volunteer), on).first()
        if row is None or not policy.may_read_volunteers(actor, row.community_id):
            raise Missing
        members = TeamMember.objects.filter(volunteer=row, until_on=None).select_related("team").order_by("since_on")
        return VolunteerPage(
            row=_row(row),
            volunteer=row,
            skills=[skill.pk for skill in row.skills.all()],
            teams=[TeamOf(one.pk, one.team_id, one.team.name, one.role, one.since_on) for one in members],
            timeline=audit.entries_for("activities.volunteer", row.pk, limit=30),
        )


def find_own(*, person: UUID) -> Volunteer | None:
    """Give a person's own entry as a volunteer, wherever it stands, with its skills; None when there is none."""
    with scope.everything():
        return Volunteer.objects.filter(person=person).prefetch_related("skills").first()


def find_own_reporting(*, person: UUID) -> ReportingIn | None:
    """Give where a person is reported in now, or None."""
    with scope.everything():
        return ReportingIn.objects.filter(person=person, until_on=None).select_related("community").first()


def list_reporting(*, actor: Actor, community: UUID, on: date, ended_too: bool = False) -> list[ReportingRow]:
    """List who reported in at a community, to its office; two queries."""
    policy.require(policy.may_read_volunteers(actor, community))
    with scope.within(actor.communities):
        rows = ReportingIn.objects.filter(community=community).select_related("person", "organisation")
        rows = rows if ended_too else rows.filter(until_on=None)
        found = list(rows.order_by("-reported_on", "-pk")[:MOST_SHOWN])
        minutes = sum_by_person(
            communities=[community], people=[row.person_id for row in found], from_on=on.replace(month=1, day=1)
        )
    return [
        ReportingRow(
            id=row.pk,
            person=row.person_id,
            masked_name=mask_name(row.person.name),
            unit_name=row.unit_name,
            organisation_name=row.organisation.name if row.organisation else "",
            reported_on=row.reported_on,
            until_on=row.until_on,
            offers=row.offers,
            minutes_this_year=minutes.get(row.person_id, 0),
        )
        for row in found
    ]


def find_reporting(*, actor: Actor, reporting: UUID) -> ReportingIn:
    """Give one reporting in, to the office; raises Missing."""
    with scope.within(actor.communities):
        row = ReportingIn.objects.filter(pk=reporting).select_related("person").first()
    if row is None or not policy.may_read_volunteers(actor, row.community_id):
        raise Missing
    return row


def _with_hours(rows: QuerySet[Volunteer], on: date) -> Any:
    """Let volunteers come with their person, skills and minutes of the year; within an active scope."""
    mine = HoursEntry.objects.filter(person=OuterRef("person"), on__gte=on.replace(month=1, day=1)).order_by()
    minutes = mine.values("person").annotate(sum=Sum("minutes")).values("sum")
    counted = rows.annotate(minutes_this_year=Coalesce(Subquery(minutes), 0))
    return counted.select_related("person", "community").prefetch_related("skills")


def _row(row: Any) -> VolunteerRow:
    return VolunteerRow(
        id=row.pk,
        person=row.person_id,
        masked_name=mask_name(row.person.name),
        state=row.state,
        skills=[skill.name for skill in row.skills.all()],
        suits=list(row.suits),
        insured_until=row.insured_until,
        insurance_note=row.insurance_note,
        registered_on=row.registered_on,
        minutes_this_year=row.minutes_this_year,
    )
