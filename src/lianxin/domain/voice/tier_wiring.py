"""What tiers, pauses and hand-overs register; `wiring.py` puts it together with the rest of voice."""

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from lianxin.domain.places.events import DivisionsMerged
from lianxin.domain.voice import tier_tasks  # noqa: F401 - registers its tasks
from lianxin.domain.voice.commands import tier_consequences as follows
from lianxin.domain.voice.queries import rates, tier_checks
from lianxin.platform.contributions import Check, Consequence, Measure, Schedule

CONSEQUENCES = (Consequence(DivisionsMerged, follows.follow_divisions_merged, follows.preview_divisions_merged),)
MEASURES = (
    Measure(
        "cases_in_time",
        _("Cases ended in time"),
        _("cases"),
        "flow",
        rates.cases_in_time,
        "voice.CaseStep",
        _(
            "Ended cases with which the office had finished by their deadline, pauses left out;"
            " lifted ones are none of them."
        ),
    ),
    Measure("cases_silent", _("Cases ended without a reply"), _("cases"), "flow", rates.cases_silent, "voice.CaseStep"),
    Measure(
        "cases_declined",
        _("Cases that could not be done"),
        _("cases"),
        "flow",
        rates.cases_declined,
        "voice.CaseStep",
    ),
    Measure(
        "cases_not_solved",
        _("Times a reporter said: not solved"),
        _("times"),
        "flow",
        rates.cases_not_solved,
        "voice.CaseStep",
        _("Cases that the office called done and a reporter did not; each goes on."),
    ),
    Measure(
        "cases_by_staff",
        _("Confirmations that staff wrote down"),
        _("cases"),
        "flow",
        rates.cases_by_staff,
        "voice.CaseStep",
        _("Cases confirmed as solved of which no reporter said so themselves: staff heard it and wrote it down."),
    ),
    Measure("cases_reopened", _("Cases opened again"), _("times"), "flow", rates.cases_reopened, "voice.CaseStep"),
    Measure(
        "cases_lifted",
        _("Cases lifted to a harder tier"),
        _("times"),
        "flow",
        rates.cases_lifted,
        "voice.TierDecision",
        _("Late cases, and those that an office above lifted by hand."),
    ),
    Measure(
        "cases_appealed",
        _("Wishes for another tier"),
        _("times"),
        "flow",
        rates.cases_appealed,
        "voice.TierDecision",
        _("Reporters who asked the office above to treat their case as harder or more urgent."),
    ),
)
CHECKS = (
    Check("deadlines of cases are as counted", tier_checks.deadlines_are_as_counted),
    Check("tiers of cases are those of their decisions", tier_checks.tiers_are_those_of_decisions),
    Check("waiting cases have a pause and are looked at again", tier_checks.waiting_cases_have_a_pause),
    Check("cases that are handed over stay somebody's duty", tier_checks.handed_cases_are_duties),
    Check("appeals about tiers are somebody's duty", tier_checks.appeals_are_duties),
    Check("facts of cases are those of the tables", tier_checks.facts_are_those_of_cases, of_facts=True),
)
SCHEDULES = (
    Schedule("voice: lift late cases", task="voice.lift_late", every=timedelta(hours=1)),
    Schedule("voice: chase those outside", task="voice.chase_outside", daily_at=time(8, 40)),
    Schedule("voice: recount deadlines", task="voice.recount_deadlines", daily_at=time(1, 50)),
)
