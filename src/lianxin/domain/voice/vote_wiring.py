"""What votes and opinion maps register, for the module's wiring."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from lianxin.domain.people import events as people_events
from lianxin.domain.places.events import DivisionsMerged
from lianxin.domain.voice import opinion_tasks  # noqa: F401 - registers its tasks
from lianxin.domain.voice.commands import register_runs, vote_consequences, vote_personal_data
from lianxin.domain.voice.queries import vote_checks, vote_measures
from lianxin.platform import locks
from lianxin.platform.contributions import Check, Consequence, Measure, PersonalData, Retention, Schedule

quiet = vote_consequences.nothing_to_tell

MEASURES = (
    Measure(
        "votes_closed",
        _("Votes counted"),
        _("votes"),
        "flow",
        vote_measures.votes_closed,
        "voice.Vote",
        _("Votes that were closed and counted, carried or not, on the day of the count."),
    ),
    Measure(
        "opinions_given",
        _("Answers to statements"),
        _("answers"),
        "flow",
        vote_measures.opinions_given,
        "voice.Opinion",
        _("Answers to single statements of opinion maps, on a phone or a paper card; a changed answer counts again."),
    ),
)
CHECKS = (
    Check("results of votes are their counted ballots", vote_checks.results_are_counted_ballots),
    Check("votes count the ballots that they have", vote_checks.ballots_are_counted),
    Check("registers of owners are their flats", vote_checks.registers_are_their_flats),
    Check("opinion maps are their votes", vote_checks.maps_are_their_votes),
)
CONSEQUENCES = (
    Consequence(people_events.PersonMerged, vote_consequences.follow_person_merged, quiet),
    Consequence(people_events.HouseholdsMerged, vote_consequences.follow_households_merged, quiet, locks.HOUSEHOLD),
    Consequence(DivisionsMerged, vote_consequences.follow_divisions_merged, vote_consequences.preview_divisions_merged),
)
PERSONAL_DATA = (PersonalData("votes", vote_personal_data.export_rows, vote_personal_data.erase_rows),)
RETENTION = (
    Retention("names of owners and proxies in votes", vote_personal_data.NAME_DAYS, vote_personal_data.purge_names),
)
SCHEDULES = (Schedule("voice: work out opinion maps", task="voice.draw_maps", every=timedelta(minutes=10)),)
RUN_KINDS = (register_runs.RUN_KIND,)
