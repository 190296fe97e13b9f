"""Volunteer teams: founding, who is in them and who leads, ending."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands.volunteers import ensure_volunteer
from lianxin.domain.activities.models import Team, TeamMember, Volunteer
from lianxin.domain.people.models import Organisation, Person
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused

State = Team.State
Role = TeamMember.Role


class TeamEnded(Refused):
    """The team is no longer at work."""

    title = gettext_lazy("This team has ended. Found a new one.")


class MemberAlready(Refused):
    """The person is in the team."""

    title = gettext_lazy("This person is in the team already.")


@command("activities.found_team")
def found_team(
    *,
    actor: Actor,
    community: UUID,
    name: str,
    purpose: str = "",
    organisation: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Team:
    """Found a team of a community, perhaps one that a partner sends."""
    policy.require(policy.may_keep_volunteers(actor, community))
    row = Team(community_id=community, founded_on=local_day(at))
    _fill(row, name=name, purpose=purpose, organisation=organisation)
    row.save(force_insert=True)
    act().target(row, "founded", {"name": [None, row.name]})
    return row


@command("activities.edit_team")
def edit_team(
    *,
    actor: Actor,
    team: UUID,
    name: str,
    purpose: str = "",
    organisation: UUID | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Team:
    """Change what a team is called and what it does."""
    row = _team(actor, team)
    if version is not None and row.version != version:
        raise EditedMeanwhile(current_version=row.version)
    old = row.name
    _fill(row, name=name, purpose=purpose, organisation=organisation)
    row.version += 1
    row.save()
    act().target(row, "changed", {"name": [old, row.name]})
    return row


@command("activities.end_team")
def end_team(*, actor: Actor, team: UUID, at: datetime, key: UUID | None = None) -> Team:
    """End a team; its members stay volunteers, and what they did stays."""
    row = _team(actor, team)
    on = local_day(at)
    for member in TeamMember.objects.filter(team=row, until_on=None):
        member.until_on = max(on, member.since_on)
        member.save(update_fields=["until_on"])
    row.state = State.ENDED
    row.version += 1
    row.save(update_fields=["state", "version"])
    act().target(row, "ended", {"state": [State.ACTIVE, State.ENDED]})
    return row


@command("activities.add_team_member")
def add_member(
    *,
    actor: Actor,
    team: UUID,
    person: UUID,
    role: str = Role.MEMBER,
    at: datetime,
    key: UUID | None = None,
) -> TeamMember:
    """Take a resident into a team; whoever was no volunteer becomes one."""
    who: Person | None = locks.lock_one(Person.objects.filter(pk=person))
    if who is None:
        raise Missing
    row = _team(actor, team)
    if who.state != Person.State.LIVING:
        raise Refused(_("This person no longer lives here, so nothing new is recorded."))
    _check_role(role)
    volunteer = ensure_volunteer(who, on=local_day(at))
    if TeamMember.objects.filter(team=row, volunteer=volunteer, until_on=None).exists():
        raise MemberAlready
    member = TeamMember.objects.create(
        community_id=row.community_id, team=row, volunteer=volunteer, role=role, since_on=local_day(at)
    )
    act().target(member, "joined", {"role": [None, role], "team": [None, row.name]})
    return member


@command("activities.set_team_role")
def set_role(*, actor: Actor, member: UUID, role: str, at: datetime, key: UUID | None = None) -> TeamMember:
    """Make a member a leader, or a leader a member."""
    row = _member(member)
    policy.require(policy.may_keep_volunteers(actor, row.community_id))
    _check_role(role)
    old, row.role = row.role, role
    row.save(update_fields=["role"])
    act().target(row, "changed", {"role": [old, role]})
    return row


@command("activities.leave_team")
def leave_team(*, actor: Actor, member: UUID, at: datetime, key: UUID | None = None) -> TeamMember:
    """Leave a team: the member, or the office."""
    row = _member(member)
    person = Volunteer.objects.filter(pk=row.volunteer_id).values_list("person_id", flat=True).first()
    policy.require(policy.may_keep_volunteers(actor, row.community_id) or policy.is_self(actor, person))
    row.until_on = max(local_day(at), row.since_on)
    row.save(update_fields=["until_on"])
    act().target(row, "left", {"until_on": [None, row.until_on]})
    return row


def _team(actor: Actor, pk: UUID) -> Team:
    row: Team | None = locks.lock_one(Team.objects.filter(pk=pk))
    if row is None:
        raise Missing
    policy.require(policy.may_keep_volunteers(actor, row.community_id))
    if row.state != State.ACTIVE:
        raise TeamEnded
    return row


def _member(pk: UUID) -> TeamMember:
    row: TeamMember | None = locks.lock_one(TeamMember.objects.filter(pk=pk, until_on=None))
    if row is None:
        raise Missing
    return row


def _check_role(role: str) -> None:
    if role not in Role.values:
        raise Invalid(fields={"role": [_("Choose leader or member.")]})


def _fill(row: Team, *, name: str, purpose: str, organisation: UUID | None) -> None:
    name, purpose = " ".join(name.split()), purpose.strip()
    problems: dict[str, list[str]] = {}
    if not 0 < len(name) <= 60:
        problems["name"] = [_("Enter a name of at most %(most)d characters.") % {"most": 60}]
    elif Team.objects.filter(community=row.community_id, name=name, state=State.ACTIVE).exclude(pk=row.pk).exists():
        problems["name"] = [_("This community has a team of this name already.")]
    if len(purpose) > 200:
        problems["purpose"] = [_("At most %(most)d characters.") % {"most": 200}]
    there = Organisation.objects.exclude(state__in=["merged", "closed"])
    if organisation is not None and not there.filter(pk=organisation).exists():
        problems["organisation"] = [_("This organisation is not on record, or has ended.")]
    if problems:
        raise Invalid(fields=problems)
    row.name, row.purpose, row.organisation_id = name, purpose, organisation
