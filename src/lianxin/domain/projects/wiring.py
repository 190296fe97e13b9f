"""What the projects module registers."""

from collections.abc import Iterator
from datetime import time

from django.utils.translation import gettext_lazy as _

from lianxin.domain.people import events as people_events
from lianxin.domain.places import events as places_events
from lianxin.domain.places.models import Division, Level
from lianxin.domain.projects.commands import (
    consequences,
    editions,
    match_tasks,  # noqa: F401 - registers its tasks
    personal_data,
    searching,
)
from lianxin.domain.projects.queries import checks, measures
from lianxin.platform import clock, scope
from lianxin.platform.contributions import (
    Check,
    Consequence,
    Contribution,
    Measure,
    PersonalData,
    Reference,
    SamplePart,
    Schedule,
)
from lianxin.platform.search import Entry
from lianxin.platform.tasks import Running, task

quiet = consequences.nothing_to_tell


@task("projects.draft_editions")
def draft_editions(job: Running) -> None:
    """Draft what each community that issues lists must issue this month, each in a transaction of its own."""
    at = clock.now()
    on = clock.local_day(at)
    with scope.everything():
        communities = list(
            Division.objects.filter(level=Level.COMMUNITY, ended_on__isnull=True)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
    for community in communities:
        editions.draft_due_editions(actor=job.actor, community=community, on=on, at=at)
        job.beat()


def _searchables() -> Iterator[Entry]:
    with scope.everything():
        yield from searching.entries()


CONTRIBUTION = Contribution(
    module="projects",
    consequences=(
        Consequence(people_events.PersonErased, consequences.follow_person_erased, quiet),
        Consequence(people_events.PersonMerged, consequences.follow_person_merged, quiet),
        Consequence(people_events.HouseholdsMerged, consequences.follow_households_merged, quiet),
        Consequence(places_events.VenueClosed, consequences.follow_venue_closed, consequences.preview_venue_closed),
        Consequence(
            places_events.DivisionsMerged, consequences.follow_divisions_merged, consequences.preview_divisions_merged
        ),
    ),
    personal_data=(PersonalData("projects", personal_data.export_rows, personal_data.erase_rows),),
    measures=(
        Measure(
            "projects_published",
            _("Projects published"),
            _("projects"),
            "flow",
            measures.projects_published,
            "projects.Project",
            _("Projects put on the public list, by the day of it."),
        ),
        Measure(
            "projects_done",
            _("Projects carried out"),
            _("projects"),
            "flow",
            measures.projects_done,
            "projects.Project",
            _("Projects that took place and were closed, by the day of closing."),
        ),
        Measure(
            "editions_issued",
            _("Editions of lists issued"),
            _("editions"),
            "flow",
            measures.editions_issued,
            "projects.Edition",
            _("Needs, resources and projects lists that were approved and issued."),
        ),
    ),
    checks=(
        Check("outcomes of projects are their rows", checks.outcomes_are_rows),
        Check("held dates of projects have people", checks.held_dates_have_people),
        Check("public projects were approved by name", checks.published_by_name),
        Check("issued editions stay as they were", checks.editions_are_frozen),
        Check("runs account for every need", checks.runs_account_for_needs),
    ),
    searchables=(_searchables,),
    sample=(
        SamplePart("projects", "lianxin.domain.projects.sample.parts:build_matching", order=150, background=True),
        # Activities hold what was published in between.
        SamplePart("outcomes", "lianxin.domain.projects.sample.parts:build_outcomes", order=154, background=True),
    ),
    schedules=(Schedule("projects: editions", task="projects.draft_editions", daily_at=time(6, 20)),),
    references=(
        Reference("projects.OutcomePerson", "person", "person"),
        Reference("projects.OutcomePerson", "household", "household"),
        Reference("projects.Project", "venue", "venue"),
        Reference("projects.Proposal", "venue", "venue"),
    ),
)
