"""What follows for projects when people go, households or communities become one, venues close."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.people.events import HouseholdsMerged, PersonErased, PersonMerged
from lianxin.domain.places.events import DivisionsMerged, VenueClosed
from lianxin.domain.projects.commands import found
from lianxin.domain.projects.models import (
    Edition,
    ForbiddenPair,
    OutcomeOccurrence,
    OutcomePerson,
    Project,
    ProjectCommunity,
    Proposal,
)
from lianxin.domain.projects.rules import states
from lianxin.platform import duties, locks, scope
from lianxin.platform.actors import Actor

PLACE_DUTY = "projects.find_another_place"
PLACE_WITHIN = timedelta(days=7)


def follow_person_erased(event: PersonErased, *, actor: Actor, at: datetime) -> None:
    """Keep that somebody came, and forget who."""
    with scope.everything():
        OutcomePerson.objects.filter(person=event.person).update(person=None, household=None)


def follow_person_merged(event: PersonMerged, *, actor: Actor, at: datetime) -> None:
    """Let what one record did be done by the other one."""
    with scope.everything():
        OutcomePerson.objects.filter(person=event.merged).update(person=event.into)


def follow_households_merged(event: HouseholdsMerged, *, actor: Actor, at: datetime) -> None:
    """Let what the households took part in be the joint one's."""
    with scope.everything():
        OutcomePerson.objects.filter(household__in=event.merged).update(household=event.into)


def follow_venue_closed(event: VenueClosed, *, actor: Actor, at: datetime) -> None:
    """Ask for another place for each project that goes on at a closed venue; its proposals lose their place."""
    with scope.everything():
        for row in locks.lock(_projects_at(event.venue)):
            duties.open(
                kind=PLACE_DUTY,
                record=row,
                community_id=row.community_id,
                title=_("Find another place for the project: %(title)s") % {"title": row.title},
                due_at=at + PLACE_WITHIN,
                assignee_role="community_staff",
                url_name="staff:project",
                url_args={"project": str(row.pk)},
            )
        Proposal.objects.filter(venue=event.venue, state=Proposal.State.PROPOSED).update(
            venue=None, room=None, version=F("version") + 1
        )


def preview_venue_closed(event: VenueClosed) -> list[str]:
    """Tell how many projects need another place."""
    with scope.everything():
        count = _projects_at(event.venue).count()
    words = ngettext("%(count)d project needs another place.", "%(count)d projects need another place.", count)
    return [words % {"count": count}] * (count > 0)


def follow_divisions_merged(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Bring what goes on in the ended communities to their successor; what is over keeps its community."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        going_on = locks.lock(Project.objects.filter(community__in=ended, state__in=states.OPEN))
        for row in going_on:
            row.community_id, row.number = event.into, found.next_number(Project, event.into)
            row.version += 1
            row.save(update_fields=["community", "number", "version"])
        pks = [row.pk for row in going_on]
        OutcomeOccurrence.objects.filter(project__in=pks).update(community=event.into)
        OutcomePerson.objects.filter(project__in=pks).update(community=event.into)
        ProjectCommunity.objects.filter(project__in=pks, community=event.into).delete()
        _join_neighbours(ended, event.into)
        ForbiddenPair.objects.filter(community__in=ended, ended_at__isnull=True).update(ended_at=at)
        # A draft tells of a list that no longer exists by itself.
        drafts = list(Edition.objects.filter(community__in=ended, state=Edition.State.DRAFT))
        for draft in drafts:
            duties.close(kind="projects.edition", record=draft)
        Edition.objects.filter(pk__in=[draft.pk for draft in drafts]).update(
            state=Edition.State.DROPPED, version=F("version") + 1
        )
        Proposal.objects.filter(community__in=ended, state=Proposal.State.PROPOSED).update(
            state=Proposal.State.REPLACED, version=F("version") + 1
        )


def preview_divisions_merged(event: DivisionsMerged) -> list[str]:
    """Tell how many projects go to the successor."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        count = Project.objects.filter(community__in=ended, state__in=states.OPEN).count()
    words = ngettext(
        "%(count)d project goes on in the new community.", "%(count)d projects go on in the new community.", count
    )
    return [words % {"count": count}] * (count > 0)


def nothing_to_tell(event: object) -> list[str]:
    """Tell nothing: what follows changes nothing that anybody would miss."""
    return []


def _projects_at(venue: UUID) -> QuerySet[Project]:
    return Project.objects.filter(venue=venue, state__in=states.OPEN)


def _join_neighbours(ended: list[UUID], into: UUID) -> None:
    there = set(ProjectCommunity.objects.filter(community=into).values_list("project", flat=True))
    for row in ProjectCommunity.objects.filter(community__in=ended).select_related("project").order_by("pk"):
        if row.project_id in there or row.project.community_id == into:
            row.delete()
        else:
            there.add(row.project_id)
            row.community_id = into
            row.save(update_fields=["community"])
