"""What the needs module registers."""

from collections.abc import Iterator
from datetime import time

from django.utils.translation import gettext_lazy as _

from lianxin.domain.needs.commands import confirming, consequences, imports, personal_data, posting, searching
from lianxin.domain.needs.commands import survey_consequences as filled
from lianxin.domain.needs.commands import survey_devices as phones
from lianxin.domain.needs.commands import survey_personal_data as filled_data
from lianxin.domain.needs.commands import visit_consequences as visits
from lianxin.domain.needs.commands import visit_personal_data as visit_data
from lianxin.domain.needs.queries import checks, measures, survey_checks, visit_checks
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
        Consequence(
            people_events.HouseholdClosed,
            visits.follow_household_closed,
            visits.preview_household_ends,
            locks.HOUSEHOLD,
        ),
        Consequence(
            people_events.HouseholdMoved,
            visits.follow_household_moved,
            visits.preview_household_ends,
            locks.HOUSEHOLD,
        ),
        Consequence(people_events.HouseholdsMerged, visits.follow_households_merged, quiet, locks.HOUSEHOLD),
        Consequence(people_events.AccountClosed, visits.follow_account_closed, visits.preview_account_closed),
        Consequence(DivisionsMerged, visits.follow_divisions_merged, visits.preview_divisions_merged),
        Consequence(DivisionsMerged, phones.follow_divisions_merged, quiet),
        Consequence(people_events.PersonMerged, filled.follow_person_merged, quiet, locks.HOUSEHOLD),
        Consequence(people_events.HouseholdsMerged, filled.follow_households_merged, quiet, locks.HOUSEHOLD),
        Consequence(DivisionsMerged, filled.follow_divisions_merged, quiet),
    ),
    personal_data=(
        PersonalData("needs", personal_data.export_rows, personal_data.erase_rows),
        PersonalData("surveys", filled_data.export_rows, filled_data.erase_rows),
        PersonalData("visits", visit_data.export_rows, visit_data.erase_rows),
    ),
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
        Measure(
            "visits_done",
            _("Household visits"),
            _("visits"),
            "flow",
            visit_checks.visits_done,
            "needs.Visit",
            _("Visits to households at which somebody was met."),
        ),
        Measure(
            "needs_open",
            _("Needs on the list"),
            _("needs"),
            "level",
            measures.needs_open,
            "needs.Need",
            _("Entries of the needs list that were not closed by the last day."),
            rows=measures.entries_open,
        ),
        Measure(
            "needs_met",
            _("Needs that are met"),
            _("needs"),
            "level",
            measures.needs_met,
            "needs.Need",
            _("Entries of the needs list that were closed as met by the last day."),
            rows=measures.entries_met,
        ),
        Measure(
            "needs_unmet",
            _("Needs that cannot be met"),
            _("needs"),
            "level",
            measures.needs_unmet,
            "needs.Need",
            _("Entries that were closed by the last day because they cannot be met."),
            rows=measures.entries_unmet,
        ),
    ),
    checks=(
        Check("counts of needs are those of their voices", checks.counts_are_those_of_voices),
        Check("voices are of the community of their entry", checks.voices_are_at_home),
        Check("answers that wait are somebody's duty", checks.waiting_answers_are_duties),
        Check("answers are of the community of their voice", checks.closed_entries_are_answerable),
        Check("quotas of surveys are their counted answers", survey_checks.quotas_are_counted_answers),
        Check("answers come from where their survey is asked", survey_checks.answers_are_where_surveys_are),
        Check("open promises are somebody's duty", visit_checks.open_promises_are_duties),
        Check("records of visits that met are somebody's duty", visit_checks.open_conflicts_are_duties),
        Check("recorded visits are whole", visit_checks.recorded_visits_are_whole),
    ),
    searchables=(_searchables,),
    retention=(
        Retention("anonymous posts that limits looked at", posting.KEEP_POSTS.days, posting.forget_posts),
        Retention("phone numbers of guests who asked", personal_data.CONTACT_DAYS, personal_data.purge_contacts),
        Retention("names of those who asked", personal_data.NAME_DAYS, personal_data.purge_names),
        Retention("notes and places of visits", visit_data.NOTE_DAYS, visit_data.purge_notes),
        Retention("records of visits that were compared", visit_data.CONFLICT_DAYS, visit_data.purge_conflicts),
        Retention("phones that took households along", visit_data.DEVICE_DAYS, visit_data.purge_devices),
        Retention("names of those who filled surveys in", filled_data.NAME_DAYS, filled_data.purge_names),
        Retention("phones of other programs", phones.DEVICE_DAYS, phones.purge_devices),
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
    sample=(
        SamplePart(
            "needs of the closed year",
            "lianxin.domain.needs.sample.closed_year:build_closed_year",
            order=139,
            background=True,
        ),
        SamplePart("needs", "lianxin.domain.needs.sample.parts:build_needs", order=140, background=True),
        SamplePart("surveys", "lianxin.domain.needs.sample.surveys:build_surveys", order=143, background=True),
        SamplePart("visits", "lianxin.domain.needs.sample.visits:build_visits", order=145, background=True),
    ),
    run_kinds=(imports.RUN_KIND,),
)
