"""What the voice module registers for reception days and mediations."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from lianxin.domain.people import events as people_events
from lianxin.domain.places.events import DivisionsMerged, VenueClosed, VenuePaused
from lianxin.domain.voice import reception_tasks  # noqa: F401 - registers its tasks
from lianxin.domain.voice.commands import mediation_personal_data as mediated
from lianxin.domain.voice.commands import reception_consequences as follow
from lianxin.domain.voice.commands import reception_personal_data as received
from lianxin.domain.voice.queries import mediation_checks, reception_checks
from lianxin.platform.contributions import Check, Consequence, Measure, PersonalData, Retention, Schedule

MEASURES = (
    Measure(
        "reception_days_held",
        _("Reception days held"),
        _("days"),
        "flow",
        reception_checks.days_held,
        "voice.ReceptionDay",
        _("Days on which leaders heard residents, closed by whoever was there."),
    ),
    Measure(
        "reception_days_missed",
        _("Reception days missed"),
        _("days"),
        "flow",
        reception_checks.days_missed,
        "voice.ReceptionDay",
        _("Planned days that were not held, or that nobody closed within two days."),
    ),
    Measure(
        "people_received",
        _("People received"),
        _("people"),
        "flow",
        reception_checks.people_received,
        "voice.ReceptionPlace",
        _("Everybody who was heard on a reception day, with a place or without."),
    ),
    Measure(
        "mediations_agreed",
        _("Mediations agreed"),
        _("mediations"),
        "flow",
        mediation_checks.agreed,
        "voice.Mediation",
        _("Quarrels in which all sides agreed, by the day of the agreement."),
    ),
    Measure(
        "mediations_ended",
        _("Mediations ended"),
        _("mediations"),
        "flow",
        mediation_checks.ended,
        "voice.Mediation",
        _("Performed, without an agreement, not kept or withdrawn; nothing else of them is counted."),
    ),
)
CHECKS = (
    Check("taken slots of reception days are held", reception_checks.counters_are_those_of_places),
    Check("nobody waits beside a free slot of a reception day", reception_checks.nobody_waits_beside_a_free_slot),
    Check("closed reception days are nobody's duty", reception_checks.closed_days_are_nobodys_duty),
    Check("places are of the community of their reception day", reception_checks.places_are_at_home),
    Check("agreements of mediations are whole", mediation_checks.agreements_are_whole),
    Check("visits of mediations are duties", mediation_checks.visits_are_duties),
    Check("court days of mediations are duties", mediation_checks.court_days_are_duties),
    Check("mediated cases are hidden", mediation_checks.mediated_cases_are_hidden),
)
SCHEDULES = (
    Schedule("voice: keep reception days", task="voice.keep_receptions", daily_at=time(0, 40)),
    Schedule("voice: lapse court days", task="voice.lapse_court_days", daily_at=time(0, 50)),
)
CONSEQUENCES = (
    *(
        Consequence(event, follow.follow_person_gone, follow.preview_person_gone)
        for event in (people_events.PersonDied, people_events.PersonMovedOut, people_events.PersonErased)
    ),
    Consequence(people_events.PersonMerged, follow.follow_person_merged, follow.nothing_to_tell),
    Consequence(people_events.ConsentWithdrawn, follow.follow_consent_withdrawn, follow.nothing_to_tell),
    Consequence(people_events.AccountClosed, follow.follow_account_closed, follow.preview_account_closed),
    Consequence(VenueClosed, follow.follow_venue_ends, follow.preview_venue_ends),
    Consequence(VenuePaused, follow.follow_venue_ends, follow.preview_venue_ends),
    Consequence(DivisionsMerged, follow.follow_divisions_merged, follow.preview_divisions_merged),
)
PERSONAL_DATA = (
    PersonalData("receptions", received.export_rows, received.erase_rows),
    PersonalData("mediations", mediated.export_rows, mediated.erase_rows),
)
RETENTION = (
    Retention("phone numbers of guests on reception days", received.CONTACT_DAYS, received.purge_contacts),
    Retention("who was received and what was said", received.TALK_DAYS, received.purge_talks),
    Retention("sealed words of ended mediations", mediated.SEALED_DAYS, mediated.purge_sealed),
)
