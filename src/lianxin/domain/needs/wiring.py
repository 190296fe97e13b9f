"""What the needs module registers."""

from collections.abc import Iterator
from datetime import time

from django.utils.translation import gettext_lazy as _

from lianxin.domain.needs.commands import confirming, consequences, imports, personal_data, searching
from lianxin.domain.needs.queries import checks, measures
from lianxin.domain.people import events as people_events
from lianxin.domain.places.events import DivisionsMerged
from lianxin.platform import clock, locks, scope
from lianxin.platform.contributions import (
    Check,
    Consequence,
    Contribution,
    Measure,
    PersonalData,
    Reference,
    Retention,
    SamplePart,
    Schedule,
)
from lianxin.platform.search import Entry
from lianxin.platform.tasks import Running, task

quiet = consequences.nothing_to_tell


@task("needs.ask_again")
def ask_again(job: Running) -> None:
    """Ask in every community where needs get old whether they still hold."""
    for community in confirming.list_due_communities(at=clock.now()):
        confirming.ask_again(actor=job.actor, community=community, at=clock.now())
        job.beat()


@task("needs.weigh_again")
def weigh_again(job: Running) -> None:
    """Weigh live entries anew, some hundred at a time."""
    live = confirming.list_live()
    for start in range(0, len(live), confirming.RECOUNT_AT_MOST):
        part = live[start : start + confirming.RECOUNT_AT_MOST]
        confirming.weigh_again(actor=job.actor, needs=part, at=clock.now())
        job.beat()


def _searchables() -> Iterator[Entry]:
    with scope.everything():
        yield from searching.entries()


CONTRIBUTION = Contribution(
    module="needs",
    consequences=(
        Consequence(people_events.PersonDied, consequences.follow_person_gone, consequences.preview_person_gone),
        Consequence(people_events.PersonMovedOut, consequences.follow_person_gone, consequences.preview_person_gone),
        Consequence(people_events.PersonErased, consequences.follow_person_gone, consequences.preview_person_gone),
        *(
            Consequence(event, follow, quiet, locks.HOUSEHOLD)
            for event, follow in (
                (people_events.PersonMerged, consequences.follow_person_merged),
                (people_events.PersonMovedHousehold, consequences.follow_person_moved_household),
                (people_events.HouseholdSplit, consequences.follow_household_split),
                (people_events.HouseholdsMerged, consequences.follow_households_merged),
            )
        ),
        Consequence(
            people_events.ConsentWithdrawn,
            consequences.follow_consent_withdrawn,
            consequences.preview_consent_withdrawn,
        ),
        Consequence(DivisionsMerged, consequences.follow_divisions_merged, consequences.preview_divisions_merged),
    ),
    personal_data=(PersonalData("needs", personal_data.export_rows, personal_data.erase_rows),),
    measures=(
        Measure(
            "needs_heard",
            _("Needs heard"),
            _("voices"),
            "flow",
            measures.needs_heard,
            "needs.NeedReport",
            _("What people said they need, each voice once, on the day on which it was said."),
        ),
        Measure(
            "answers_given",
            _("Answers to askers"),
            _("answers"),
            "flow",
            measures.answers_given,
            "needs.Answer",
            _("Times somebody who asked was told what became of it."),
        ),
        Measure("needs_open", _("Needs on the list"), _("needs"), "level", measures.needs_open, "needs.Need"),
        Measure("needs_met", _("Needs that are met"), _("needs"), "level", measures.needs_met, "needs.Need"),
        Measure("needs_unmet", _("Needs that cannot be met"), _("needs"), "level", measures.needs_unmet, "needs.Need"),
    ),
    checks=(
        Check("counts of needs are those of their voices", checks.counts_are_those_of_voices),
        Check("voices are of the community of their entry", checks.voices_are_at_home),
        Check("answers that wait are somebody's duty", checks.waiting_answers_are_duties),
        Check("answers are of the community of their voice", checks.closed_entries_are_answerable),
    ),
    searchables=(_searchables,),
    retention=(
        Retention("phone numbers of guests who asked", personal_data.CONTACT_DAYS, personal_data.purge_contacts),
        Retention("names of those who asked", personal_data.NAME_DAYS, personal_data.purge_names),
    ),
    schedules=(
        Schedule("needs: ask again", task="needs.ask_again", daily_at=time(9, 0)),
        Schedule("needs: weigh again", task="needs.weigh_again", daily_at=time(1, 20)),
    ),
    references=(
        Reference("needs.NeedReport", "person", "person"),
        Reference("needs.NeedReport", "household", "household"),
        Reference("needs.Submission", "person", "person"),
        Reference("needs.Submission", "household", "household"),
        Reference("needs.Visit", "household", "household"),
        Reference("needs.VisitPromise", "household", "household"),
    ),
    sample=(SamplePart("needs", "lianxin.domain.needs.sample.parts:build_needs", order=140, background=True),),
    run_kinds=(imports.RUN_KIND,),
)
