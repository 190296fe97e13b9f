"""What the activities module registers."""

from collections.abc import Iterator
from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from lianxin.domain.activities import events
from lianxin.domain.activities.commands import (
    consequences,
    finishing,
    from_projects,
    imports,
    no_shows,
    personal_data,
    searching,
    shift_tasks,  # noqa: F401 - registers its tasks
    sign_up_tasks,  # noqa: F401 - registers its tasks
)
from lianxin.domain.activities.queries import checks, hours, measures, shifts, sign_ups
from lianxin.domain.people import events as people_events
from lianxin.domain.places import events as places_events
from lianxin.domain.places.queries.programmes import pilots_on
from lianxin.domain.projects import events as projects_events
from lianxin.platform import clock, scope
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


@task("activities.finish")
def finish(job: Running) -> None:
    """Finish the dates that are over, each in a transaction of its own."""
    at = clock.now()
    while due := finishing.list_due(at=at):
        for pk in due:
            finishing.finish_occurrence(actor=job.actor, occurrence=pk, at=at)
            job.beat()


@task("activities.ask_for_sheets")
def ask_for_sheets(job: Running) -> None:
    """Ask for the sheets of dates on which nobody is on record."""
    finishing.ask_for_sheets(actor=job.actor, at=clock.now())


@task("activities.forgive_no_shows")
def forgive_no_shows(job: Running) -> None:
    """Forgive what is half a year old."""
    no_shows.forgive_old(actor=job.actor, at=clock.now())


def _searchables() -> Iterator[Entry]:
    with scope.everything():
        yield from searching.entries()


CONTRIBUTION = Contribution(
    module="activities",
    consequences=(
        Consequence(people_events.PersonDied, consequences.follow_person_gone, consequences.preview_person_gone),
        Consequence(people_events.PersonMovedOut, consequences.follow_person_gone, consequences.preview_person_gone),
        Consequence(people_events.PersonErased, consequences.follow_person_gone, consequences.preview_person_gone),
        Consequence(people_events.PersonMovedHousehold, consequences.follow_person_moved_household, quiet),
        Consequence(people_events.HouseholdSplit, consequences.follow_household_split, quiet),
        Consequence(people_events.HouseholdsMerged, consequences.follow_households_merged, quiet),
        Consequence(people_events.HouseholdMoved, consequences.follow_household_moved, quiet),
        Consequence(people_events.PersonMerged, consequences.follow_person_merged, consequences.preview_person_merged),
        Consequence(people_events.OrganisationsMerged, consequences.follow_organisations_merged, quiet),
        Consequence(
            people_events.ConsentWithdrawn,
            consequences.follow_consent_withdrawn,
            consequences.preview_consent_withdrawn,
        ),
        Consequence(places_events.VenueClosed, consequences.follow_venue_closed, consequences.preview_venue_closed),
        Consequence(places_events.VenuePaused, consequences.follow_venue_closed, consequences.preview_venue_closed),
        Consequence(places_events.VenueMoved, consequences.follow_venue_closed, consequences.preview_venue_closed),
        Consequence(
            places_events.DivisionsMerged, consequences.follow_divisions_merged, consequences.preview_divisions_merged
        ),
        Consequence(
            projects_events.ProjectCancelled,
            from_projects.follow_project_cancelled,
            from_projects.preview_project_cancelled,
        ),
        # What this module itself reports: its commands need not know of the search.
        *(
            Consequence(event, consequences.keep_findable, quiet)
            for event in (events.ActivityPublished, events.OccurrenceChanged, events.OccurrenceCancelled)
        ),
    ),
    personal_data=(PersonalData("activities", personal_data.export_rows, personal_data.erase_rows),),
    measures=(
        Measure(
            "occurrences_held",
            _("Occurrences held"),
            _("times"),
            "flow",
            measures.occurrences_held,
            "activities.Occurrence",
            _("Dates of activities on which somebody is on record as having come."),
            also=("occurrences",),
        ),
        Measure(
            "activities",
            _("Activities and series held"),
            _("activities"),
            "distinct",
            measures.activities,
            "activities.Activity",
            _("Activities of which at least one date was held; a series counts once."),
            rows=measures.held_rows,
            per="activity",
        ),
        Measure(
            "categories",
            _("Categories of service held"),
            _("categories"),
            "distinct",
            measures.categories,
            "activities.Activity",
            _("Categories of service in which at least one date was held."),
            rows=measures.held_rows,
            per="activity__category",
        ),
        Measure(
            "person_times",
            _("Person-times"),
            _("person-times"),
            "flow",
            measures.person_times,
            "activities.Attendance",
            _("Check-ins of people known by name, on the day of the activity; crowds without names are apart."),
        ),
        Measure(
            "volunteer_occurrences",
            _("Volunteer occurrences"),
            _("times"),
            "flow",
            measures.volunteer_occurrences,
            "activities.Occurrence",
            _("Dates held of activities that are done by volunteers."),
        ),
        Measure(
            "volunteer_person_times",
            _("Volunteer person-times"),
            _("person-times"),
            "flow",
            measures.volunteer_person_times,
            "activities.Attendance",
            _("Check-ins at what volunteers do, and of those on a shift at any activity."),
        ),
        Measure(
            "pilot_volunteer_occurrences",
            _("Volunteer occurrences in the pilots"),
            _("times"),
            "flow",
            measures.pilot_volunteer_occurrences,
            "activities.Occurrence",
            _("Volunteer occurrences in the communities that are pilots on the last day."),
            of="volunteer_occurrences",
            within=pilots_on,
        ),
        Measure(
            "pilot_volunteer_person_times",
            _("Volunteer person-times in the pilots"),
            _("person-times"),
            "flow",
            measures.pilot_volunteer_person_times,
            "activities.Attendance",
            _("Volunteer person-times in the communities that are pilots on the last day."),
            of="volunteer_person_times",
            within=pilots_on,
        ),
        Measure(
            "volunteer_minutes",
            _("Minutes of voluntary work"),
            _("minutes"),
            "flow",
            hours.volunteer_minutes,
            "activities.HoursEntry",
            _("Minutes in the ledger of voluntary hours, by the day of the work."),
        ),
        Measure(
            "crowd_counted",
            _("Counted without names"),
            _("people"),
            "flow",
            measures.crowd_counted,
            "activities.CrowdLog",
            _("Crowds in the open air, counted by eye; shown apart and added to nothing."),
        ),
    ),
    checks=(
        Check("places of activities are those of their sign-ups", sign_ups.counters_equal_rows),
        Check("numbers of sign-ups are given once", sign_ups.numbers_are_below_the_next),
        Check("those of a party stand alike", sign_ups.parties_agree),
        Check("attendances belong to their dates", checks.attendances_belong),
        Check("held dates have somebody", checks.held_dates_have_somebody),
        Check("facts of activities are those of records", checks.facts_are_attendances, of_facts=True),
        Check("no-shows did not come", checks.no_shows_are_absent),
        Check("feedback is of those who came", checks.feedback_is_of_those_who_came),
        Check("hours of shifts are those of their places", hours.hours_equal_places),
        Check("taken places of shifts are those of their people", shifts.counts_equal_places),
    ),
    searchables=(_searchables,),
    retention=(
        Retention("guests of activities", personal_data.GUEST_DAYS, personal_data.forget_guests),
        Retention("pasted lists of activities", personal_data.CHAIN_DAYS, personal_data.forget_chains),
    ),
    schedules=(
        Schedule("activities: waiting lists", task="activities.move_waiting_lists", every=timedelta(minutes=5)),
        Schedule("activities: reminders", task="activities.remind", every=timedelta(minutes=15)),
        Schedule("activities: shifts", task="activities.watch_shifts", every=timedelta(hours=1)),
        Schedule("activities: reminders of shifts", task="activities.remind_of_shifts", every=timedelta(minutes=30)),
        Schedule("activities: recount", task="activities.recount", daily_at=time(2, 10)),
        Schedule("activities: finish", task="activities.finish", every=timedelta(minutes=30)),
        Schedule("activities: ask for sheets", task="activities.ask_for_sheets", daily_at=time(8, 0)),
        Schedule("activities: forgive no-shows", task="activities.forgive_no_shows", daily_at=time(0, 40)),
    ),
    references=(
        Reference("activities.SignUp", "person", "person"),
        Reference("activities.SignUp", "household", "household"),
        Reference("activities.Attendance", "person", "person"),
        Reference("activities.Attendance", "household", "household"),
        Reference("activities.NoShow", "person", "person"),
        Reference("activities.Volunteer", "person", "person"),
        Reference("activities.ShiftPlace", "person", "person"),
        Reference("activities.HoursEntry", "person", "person"),
        Reference("activities.Certificate", "person", "person"),
        Reference("activities.ReportingIn", "person", "person"),
        Reference("activities.FeedLink", "person", "person"),
        Reference("activities.Occurrence", "venue", "venue"),
        Reference("activities.Shift", "venue", "venue"),
        Reference("activities.ActivityOrganiser", "organisation", "organisation"),
        Reference("activities.Team", "organisation", "organisation"),
        Reference("activities.ShiftPlace", "organisation", "organisation"),
        Reference("activities.ReportingIn", "organisation", "organisation"),
    ),
    sample=(
        SamplePart(
            "volunteering", "lianxin.domain.activities.sample.parts:plan_volunteering", order=106, background=True
        ),
        SamplePart("activities", "lianxin.domain.activities.sample.parts:build_year", order=120, background=True),
        SamplePart(
            "projects of the closed year",
            "lianxin.domain.activities.sample.closed_year:build_closed_year",
            order=149,
            background=True,
        ),
        SamplePart(
            "coming activities", "lianxin.domain.activities.sample.parts:build_coming", order=125, background=True
        ),
        # Between the two parts of the projects: what they published is carried out before they close it.
        SamplePart(
            "projects carried out", "lianxin.domain.activities.sample.parts:build_projects", order=152, background=True
        ),
    ),
    run_kinds=(imports.RUN_KIND,),
)
