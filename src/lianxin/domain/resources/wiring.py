"""What the resources module registers."""

from collections.abc import Iterator
from datetime import time

from django.utils.translation import gettext_lazy as _

from lianxin.domain.people import events as people_events
from lianxin.domain.places import events as places_events
from lianxin.domain.resources.commands import (
    consequences,
    imports,
    personal_data,
    searching,
    watching,
)
from lianxin.domain.resources.queries import checks, measures
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


@task("resources.watch")
def watch_offers(job: Running) -> None:
    """Look through the offers until nothing is left to do."""
    at = clock.now()
    while watching.watch(actor=job.actor, at=at):
        job.beat()


def _searchables() -> Iterator[Entry]:
    with scope.everything():
        yield from searching.entries()


CONTRIBUTION = Contribution(
    module="resources",
    consequences=(
        Consequence(people_events.PersonDied, consequences.follow_person_gone, consequences.preview_person_gone),
        Consequence(people_events.PersonMovedOut, consequences.follow_person_gone, consequences.preview_person_gone),
        Consequence(people_events.PersonErased, consequences.follow_person_gone, consequences.preview_person_gone),
        Consequence(people_events.PersonMerged, consequences.follow_person_merged, consequences.preview_person_merged),
        Consequence(
            people_events.OrganisationsMerged,
            consequences.follow_organisations_merged,
            consequences.preview_organisations_merged,
        ),
        Consequence(places_events.VenueClosed, consequences.follow_venue_closed, consequences.preview_venue_closed),
        Consequence(
            places_events.DivisionsMerged, consequences.follow_divisions_merged, consequences.preview_divisions_merged
        ),
    ),
    personal_data=(PersonalData("resources", personal_data.export_rows, personal_data.erase_rows),),
    measures=(
        Measure(
            "offers_made",
            _("Offers entered"),
            _("offers"),
            "flow",
            measures.offers_made,
            "resources.Offer",
            _("Offers of partners and residents, by the day on which they were entered."),
        ),
        Measure(
            "promises_kept",
            _("Promises kept"),
            _("promises"),
            "flow",
            measures.promises_kept,
            "resources.Promise",
            _("Promises out of offers that were kept, wholly or partly, by the day for which they were made."),
        ),
    ),
    checks=(
        Check("offers serve a category", checks.offers_have_categories),
        Check("agreements are as they were signed", checks.agreements_are_as_signed),
        Check("agreements are numbered whole", checks.agreements_are_numbered_whole),
        Check("offers lie with their agreements", checks.offers_lie_with_their_agreements),
        Check("facts of resources are those of records", checks.facts_are_promises, of_facts=True),
    ),
    searchables=(_searchables,),
    schedules=(Schedule("resources: look after offers", task="resources.watch", daily_at=time(6, 30)),),
    references=(
        Reference("resources.Offer", "person", "person"),
        Reference("resources.Offer", "organisation", "organisation"),
        Reference("resources.Offer", "venue", "venue"),
        Reference("resources.Partnership", "organisation", "organisation"),
        Reference("resources.Agreement", "organisation", "organisation"),
    ),
    sample=(
        SamplePart("resources", "lianxin.domain.resources.sample.parts:build_resources", order=112, background=True),
        SamplePart(
            "offers of the closed year",
            "lianxin.domain.resources.sample.closed_year:build_closed_year",
            order=113,
            background=True,
        ),
    ),
    run_kinds=(imports.RUN_KIND,),
)
