"""What deliberation registers; `wiring.py` takes it over."""

from django.utils.translation import gettext_lazy as _

from lianxin.domain.people import events as people_events
from lianxin.domain.places import events as places_events
from lianxin.domain.voice.commands import matter_consequences as consequences
from lianxin.domain.voice.commands import matter_personal_data as personal_data
from lianxin.domain.voice.queries import matter_checks as checks
from lianxin.domain.voice.queries import matter_measures as measures
from lianxin.platform.contributions import Check, Consequence, Measure, PersonalData, Retention


def _quiet(event: object) -> list[str]:
    return []


CONSEQUENCES = (
    Consequence(people_events.PersonMerged, consequences.follow_person_merged, _quiet),
    Consequence(people_events.OrganisationsMerged, consequences.follow_organisations_merged, _quiet),
    Consequence(people_events.AccountClosed, consequences.follow_account_closed, consequences.preview_account_closed),
    Consequence(places_events.VenueClosed, consequences.follow_venue_closed, consequences.preview_venue_closed),
    Consequence(
        places_events.DivisionsMerged, consequences.follow_divisions_merged, consequences.preview_divisions_merged
    ),
)
PERSONAL_DATA = (PersonalData("deliberation", personal_data.export_rows, personal_data.erase_rows),)
MEASURES = (
    Measure(
        "meetings_held",
        _("Meetings held"),
        _("meetings"),
        "flow",
        measures.meetings_held,
        "voice.Meeting",
        _("Meetings of deliberation that were closed with minutes, by the day on which they began."),
    ),
    Measure(
        "commitments_kept",
        _("Commitments kept"),
        _("commitments"),
        "flow",
        measures.commitments_kept,
        "voice.Commitment",
        _("Promises that somebody else than who promised saw kept."),
    ),
    Measure(
        "commitments_open",
        _("Open commitments"),
        _("commitments"),
        "level",
        measures.commitments_open,
        "voice.Commitment",
        _("Promises of meetings, cases and reception days that are not yet kept."),
        rows=measures.open_commitments,
        is_now=True,
    ),
    Measure(
        "meetings_of_one_matter",
        _("Most meetings that one matter took"),
        _("meetings"),
        "distinct",
        measures.meetings_of_one_matter,
        "voice.Meeting",
        _("Meetings held on the matter that took most of them."),
        rows=measures.rows_of_one_matter,
    ),
    Measure(
        "matters_agreed",
        _("Matters agreed by all"),
        _("matters"),
        "level",
        measures.matters_agreed,
        "voice.Matter",
        _("Matters on which all sides agreed, be they carried out already or not."),
        rows=measures.agreed_matters,
        is_now=True,
    ),
)
CHECKS = (
    Check("open commitments stand on the next agenda", checks.open_commitments_return),
    Check("open commitments are somebody's duty", checks.open_commitments_are_duties),
    Check("held meetings have minutes or a duty to write them", checks.held_meetings_are_duties),
    Check("signed minutes stay as they were signed", checks.signed_minutes_stay),
    Check("meetings decided with enough people", checks.decisions_had_their_quorum),
    Check("ended matters have nothing open", checks.ended_matters_are_settled),
)
RETENTION = (
    Retention("phone numbers of those who spoke for a side", personal_data.PHONE_DAYS, personal_data.purge_phones),
)
