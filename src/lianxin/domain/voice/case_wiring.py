"""What cases register; `wiring.py` puts it together with the rest of voice."""

from collections.abc import Iterator
from datetime import time

from django.utils.translation import gettext_lazy as _

from lianxin.domain.people import events as people_events
from lianxin.domain.places.events import DivisionsMerged, VenueClosed
from lianxin.domain.voice import case_tasks  # noqa: F401 - registers its tasks
from lianxin.domain.voice.commands import case_consequences as follows
from lianxin.domain.voice.commands import case_personal_data, searching, searching_matters
from lianxin.domain.voice.queries import case_checks, case_measures
from lianxin.platform import locks, scope
from lianxin.platform.contributions import Check, Consequence, Measure, PersonalData, Retention, Schedule
from lianxin.platform.search import Entry

GONE = (people_events.PersonDied, people_events.PersonMovedOut, people_events.PersonErased)
MOVED = (
    (people_events.PersonMerged, follows.follow_person_merged),
    (people_events.PersonMovedHousehold, follows.follow_person_moved_household),
    (people_events.HouseholdSplit, follows.follow_household_split),
    (people_events.HouseholdsMerged, follows.follow_households_merged),
)


def list_searchables() -> Iterator[Entry]:
    """Give the search entries of all cases, matters, votes and opinion maps."""
    with scope.everything():
        yield from searching.entries()
        yield from searching_matters.entries()


CONSEQUENCES = (
    *(Consequence(event, follows.follow_person_gone, follows.preview_person_gone) for event in GONE),
    *(Consequence(event, follow, follows.nothing_to_tell, locks.HOUSEHOLD) for event, follow in MOVED),
    Consequence(people_events.ConsentWithdrawn, follows.follow_consent_withdrawn, follows.preview_consent_withdrawn),
    Consequence(people_events.AccountClosed, follows.follow_account_closed, follows.preview_account_closed),
    Consequence(VenueClosed, follows.follow_venue_closed, follows.nothing_to_tell),
    Consequence(DivisionsMerged, follows.follow_divisions_merged, follows.preview_divisions_merged),
)
PERSONAL_DATA = (PersonalData("cases", case_personal_data.export_rows, case_personal_data.erase_rows),)
MEASURES = (
    Measure(
        "cases_heard",
        _("Voices heard"),
        _("voices"),
        "flow",
        case_measures.cases_heard,
        "voice.CaseReport",
        _("What residents brought forward, each voice once, on the day on which it was said."),
    ),
    Measure(
        "cases_ended",
        _("Cases ended"),
        _("cases"),
        "flow",
        case_measures.cases_ended,
        "voice.CaseStep",
        _("Cases that were confirmed, closed without a reply or could not be done; one opened again counts no more."),
    ),
    Measure(
        "cases_confirmed",
        _("Cases confirmed as solved"),
        _("cases"),
        "flow",
        case_measures.cases_confirmed,
        "voice.CaseStep",
        _("Cases of which those who told them say that they are solved."),
        also=("cases_solved",),
    ),
    Measure(
        "case_answers",
        _("Answers to those who told us"),
        _("answers"),
        "flow",
        case_measures.case_answers,
        "voice.CaseAnswer",
        _("Times somebody who brought a case forward was told how it stands."),
    ),
    Measure(
        "cases_open",
        _("Cases that are open"),
        _("cases"),
        "level",
        case_measures.cases_open,
        "voice.Case",
        _("Cases that were opened and had not ended by the last day."),
        rows=case_measures.open_cases,
    ),
)
CHECKS = (
    Check("voices of cases are counted", case_checks.voices_are_counted),
    Check("voices are of the community of their case", case_checks.voices_are_at_home),
    Check("open cases have somebody responsible", case_checks.open_cases_have_somebody),
    Check("steps of cases lead to their state", case_checks.steps_lead_to_state),
    Check("joined cases name the one they were joined into", case_checks.joined_cases_name_theirs),
    Check("answers to those who told us are told or a duty", case_checks.waiting_answers_are_duties),
    Check("nothing sealed of a case is shown", case_checks.nothing_sealed_is_shown),
)
SEARCHABLES = (list_searchables,)
RETENTION = (
    Retention(
        "phone numbers of guests who told us something",
        case_personal_data.CONTACT_DAYS,
        case_personal_data.purge_contacts,
    ),
    Retention("recordings and photos of ended cases", case_personal_data.NOTE_DAYS, case_personal_data.purge_notes),
    Retention("names of those who told us something", case_personal_data.NAME_DAYS, case_personal_data.purge_names),
)
SCHEDULES = (
    Schedule("voice: close without a reply", task="voice.expire_silent", daily_at=time(0, 40)),
    Schedule("voice: keep matters findable", task="voice.keep_findable", daily_at=time(3, 35)),
)
