"""What requests and the burden register; `wiring.py` puts it together with the rest of reporting."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from lianxin.domain.places.events import DivisionsMerged
from lianxin.domain.reporting import requests_tasks  # noqa: F401 - registers its task
from lianxin.domain.reporting.commands import requests_consequences as follows
from lianxin.domain.reporting.queries import requests_checks
from lianxin.domain.reporting.queries import requests_measures as measures
from lianxin.platform.contributions import Check, Consequence, Measure, Retention, SamplePart, Schedule

CONSEQUENCES = (Consequence(DivisionsMerged, follows.follow_divisions_merged, follows.preview_divisions_merged),)
MEASURES = (
    Measure(
        "demands_sent",
        _("Demands of upper offices"),
        _("demands"),
        "flow",
        measures.demands_sent,
        "reporting.RequestReach",
        _("What offices above asked communities to do, once for each community, through the gate or noted there."),
    ),
    Measure(
        "fields_asked",
        _("Entries demanded by hand"),
        _("entries"),
        "flow",
        measures.fields_asked,
        "reporting.RequestReach",
        _("What offices above asked communities to fill in, each entry once for each community."),
    ),
    Measure(
        "fields_asked_again",
        _("Entries demanded again"),
        _("entries"),
        "flow",
        measures.fields_asked_again,
        "reporting.RequestReach",
        _("What was demanded by hand although it is known or was asked within a year."),
    ),
    Measure(
        "fields_answered_by_figures",
        _("Entries delivered without asking"),
        _("entries"),
        "flow",
        measures.fields_answered_by_figures,
        "reporting.RequestReach",
        _("What offices above wanted to know and got at once from what is known, so that nobody was asked."),
    ),
    Measure(
        "demands_out_of_hours",
        _("Demands out of hours"),
        _("demands"),
        "flow",
        measures.demands_out_of_hours,
        "reporting.RequestReach",
        _("Demands that reached communities at night, on a weekend or on a holiday."),
    ),
    Measure(
        "demands_short_notice",
        _("Demands at short notice"),
        _("demands"),
        "flow",
        measures.demands_short_notice,
        "reporting.RequestReach",
        _("Demands that left communities less than one working day."),
    ),
)
CHECKS = (
    Check("the burden is counted", requests_checks.burden_is_counted, of_facts=True),
    Check("open questions of upper offices are duties", requests_checks.open_questions_are_duties),
    Check("nobody is asked for what is known", requests_checks.nobody_is_asked_for_what_is_known),
)
RETENTION = (Retention("answers to requests of upper offices", follows.ANSWER_DAYS, follows.purge_answers),)
SCHEDULES = (Schedule("reporting: rounds and last days of requests", task="reporting.keep_requests", daily_at=time(9)),)
SAMPLE = (
    SamplePart("requests", "lianxin.domain.reporting.sample.requests:build_requests", order=176, background=True),
)
