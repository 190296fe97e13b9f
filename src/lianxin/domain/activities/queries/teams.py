"""Teams: which there are, who is in them, who leads."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Team, TeamMember
from lianxin.engines.masking import mask_name
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team on a list."""

    id: UUID
    community: UUID
    name: str
    purpose: str
    organisation_name: str
    state: str
    founded_on: date
    members: int


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody in a team."""

    id: UUID
    volunteer: UUID
    person: UUID
    masked_name: str
    role: str
    since_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class TeamPage:
    """Everything that a team's page shows."""

    team: Team
    members: list[MemberRow]
    timeline: list[audit.TimelineEntry]


def list_teams(*, actor: Actor, community: UUID, ended_too: bool = False) -> list[TeamRow]:
    """List the teams of a community with how many are in them; one query."""
    policy.require(policy.may_read_volunteers(actor, community))
    with scope.within(actor.communities):
        rows = Team.objects.filter(community=community).select_related("organisation")
        rows = rows if ended_too else rows.filter(state=Team.State.ACTIVE)
        counted = rows.annotate(count=Count("members", filter=Q(members__until_on=None)))
        return [
            TeamRow(
                id=row.pk,
                community=row.community_id,
                name=row.name,
                purpose=row.purpose,
                organisation_name=row.organisation.name if row.organisation else "",
                state=row.state,
                founded_on=row.founded_on,
                members=row.count,
            )
            for row in counted.order_by("state", "name", "pk")[:MOST_SHOWN]
        ]


def find_team(*, actor: Actor, team: UUID) -> TeamPage:
    """Give what a team's page shows, to the office and to those who lead it; raises Missing."""
    with scope.within(actor.communities):
        row = Team.objects.filter(pk=team).select_related("organisation").first()
        if row is None or not (policy.may_read_volunteers(actor, row.community_id) or leads(actor=actor, team=team)):
            raise Missing
        members = TeamMember.objects.filter(team=row).select_related("volunteer__person")
        return TeamPage(
            team=row,
            members=[_member(one) for one in members.order_by("until_on", "-role", "since_on", "pk")[:MOST_SHOWN]],
            timeline=audit.entries_for("activities.team", row.pk, limit=30),
        )


def find_member(*, actor: Actor, member: UUID) -> TeamMember:
    """Give one membership, to the office; raises Missing."""
    with scope.within(actor.communities):
        row = TeamMember.objects.filter(pk=member).select_related("team", "volunteer__person").first()
    if row is None or not policy.may_read_volunteers(actor, row.community_id):
        raise Missing
    return row


def leads(*, actor: Actor, team: UUID | None) -> bool:
    """Tell whether the actor leads a team; one query, none where nobody can."""
    if team is None or actor.person is None:
        return False
    with scope.everything():
        return TeamMember.objects.filter(
            team=team, role=TeamMember.Role.LEADER, until_on=None, volunteer__person=actor.person
        ).exists()


def teams_of(*, person: UUID) -> list[MemberRow]:
    """List where a person is a member now, in all communities; one query."""
    with scope.everything():
        rows = TeamMember.objects.filter(volunteer__person=person, until_on=None)
        return [_member(row) for row in rows.select_related("volunteer__person", "team").order_by("since_on", "pk")]


def _member(row: TeamMember) -> MemberRow:
    return MemberRow(
        id=row.pk,
        volunteer=row.volunteer_id,
        person=row.volunteer.person_id,
        masked_name=mask_name(row.volunteer.person.name),
        role=row.role,
        since_on=row.since_on,
        until_on=row.until_on,
    )
