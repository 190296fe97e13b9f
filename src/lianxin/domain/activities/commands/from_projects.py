"""Activities that carry out a project: drafted from it, called off with it."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import ngettext

from lianxin.domain.activities.commands.activities import delete_draft, save_activity
from lianxin.domain.activities.commands.occurrences import cancel_activity
from lianxin.domain.activities.commands.project_reports import RECORD_KIND
from lianxin.domain.activities.models import Activity, ActivityOrganiser
from lianxin.domain.activities.rules.contents import Content
from lianxin.domain.activities.rules.plans import Plan
from lianxin.domain.projects.events import ProjectCancelled
from lianxin.domain.projects.models import Project, ProjectCommunity, ProjectOffer
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import Missing

GOING_ON = (Activity.State.DRAFT, Activity.State.PUBLISHED)


@command("activities.draft_from_project")
def draft_from_project(*, actor: Actor, project: UUID, at: datetime, key: UUID | None = None) -> Activity:
    """Draft an activity that carries a project out: its words, place, numbers and givers are taken over."""
    row = Project.objects.filter(pk=project).first()
    if row is None:
        raise Missing
    with scope.everything():
        givers = ProjectOffer.objects.filter(project=row, offer__organisation__state="active").order_by("pk")
        organisations = dict.fromkeys(givers.values_list("offer__organisation", flat=True))
        neighbours = tuple(
            ProjectCommunity.objects.filter(project=row).order_by("pk").values_list("community", flat=True)
        )
    each = max(1, row.people_planned // row.occurrences_planned)
    return save_activity(
        actor=actor,
        activity=None,
        content=Content(
            community=row.community_id,
            category=row.category_id,
            title=row.title,
            summary=row.purpose[:200],
            poster_text=row.public_text,
            picture_id=row.picture_id,
            contact_name=row.responsible_name,
            record_kind=RECORD_KIND,
            record_id=row.pk,
            partners=neighbours,
            organisers=tuple((pk, ActivityOrganiser.Role.HELPS.value) for pk in organisations),
        ),
        plan=Plan(venue=row.venue_id, size=each),
        at=at,
    )


def follow_project_cancelled(event: ProjectCancelled, *, actor: Actor, at: datetime) -> None:
    """Call off what was to carry a cancelled project out; who signed up is told why, drafts go."""
    with scope.everything():
        for row in list(_activities_of(event.project)):
            if row.state == Activity.State.DRAFT:
                delete_draft(actor=actor, activity=row.pk, at=at)
            else:
                cancel_activity(actor=actor, activity=row.pk, reason=event.reason[:200], at=at)


def preview_project_cancelled(event: ProjectCancelled) -> list[str]:
    """Tell how many activities are called off."""
    with scope.everything():
        count = _activities_of(event.project).filter(state=Activity.State.PUBLISHED).count()
    words = ngettext("%(count)d activity is called off.", "%(count)d activities are called off.", count)
    return [words % {"count": count}] * (count > 0)


def _activities_of(project: UUID) -> QuerySet[Activity]:
    rows = Activity.objects.filter(record_kind=RECORD_KIND, record_id=project, state__in=GOING_ON)
    return rows.order_by("pk")
