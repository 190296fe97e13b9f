"""Words of the pages of figures: kinds, how a number is worked out, what its records and categories are called."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.places.commands.reference_data import read_categories
from lianxin.domain.places.queries.services import list_categories
from lianxin.domain.reporting.queries.feeds import is_upper
from lianxin.domain.voice.models import Subject, Tier
from lianxin.faces.kit.dates import in_english
from lianxin.insight.catalogue import DISTINCT, FLOW, LEVEL
from lianxin.platform.contributions import Measure

KINDS = {
    FLOW: gettext_lazy("Adds up over days and places"),
    LEVEL: gettext_lazy("What stands on the last day"),
    DISTINCT: gettext_lazy("What occurs at all, each once"),
}
RECORDS: dict[str, Any] = {
    "activities.activity": gettext_lazy("Activity"),
    "activities.attendance": gettext_lazy("Check-in"),
    "activities.crowdlog": gettext_lazy("Count of a crowd"),
    "activities.hoursentry": gettext_lazy("Voluntary hours"),
    "activities.occurrence": gettext_lazy("Date of an activity"),
    "bookings.bookingtime": gettext_lazy("Booked time"),
    "bookings.roomterms": gettext_lazy("Room that can be booked"),
    "bookings.seatstay": gettext_lazy("Stay on a study seat"),
    "needs.answer": gettext_lazy("Answer to who asked"),
    "needs.need": gettext_lazy("Need on the list"),
    "needs.needreport": gettext_lazy("Need that was voiced"),
    "needs.visit": gettext_lazy("Household visit"),
    "needs.visitconflict": gettext_lazy("Household visit"),
    "people.household": gettext_lazy("Household"),
    "people.householdmembership": gettext_lazy("Resident of a household"),
    "people.person": gettext_lazy("Resident"),
    "places.batchmember": gettext_lazy("Community of a programme"),
    "places.division": gettext_lazy("Community"),
    "places.openinglog": gettext_lazy("Opening of a door"),
    "places.programme": gettext_lazy("Programme"),
    "places.programmebatch": gettext_lazy("Batch of a programme"),
    "places.room": gettext_lazy("Room"),
    "places.servicecategory": gettext_lazy("Service category"),
    "places.standingservice": gettext_lazy("Standing service"),
    "places.upgrade": gettext_lazy("Upgrade of a centre"),
    "places.upgradestage": gettext_lazy("Stage of an upgrade"),
    "places.venue": gettext_lazy("Venue"),
    "places.venueperiod": gettext_lazy("Venue"),
    "places.visitcount": gettext_lazy("Count of visitors"),
    "points.account": gettext_lazy("Account of points"),
    "points.passbook": gettext_lazy("Passbook"),
    "points.txn": gettext_lazy("Line of a passbook"),
    "projects.edition": gettext_lazy("Edition of a list"),
    "projects.project": pgettext_lazy("record", "Project"),
    "reporting.requestreach": gettext_lazy("Request of an office above"),
    "resources.offer": pgettext_lazy("record", "Offer"),
    "resources.promise": gettext_lazy("Promise out of an offer"),
    "shop.donation": gettext_lazy("Donation"),
    "shop.goodsreturn": gettext_lazy("Goods brought back"),
    "shop.item": gettext_lazy("Article of the supermarket"),
    "shop.redemption": gettext_lazy("Order for points"),
    "voice.case": pgettext_lazy("record", "Case"),
    "voice.caseanswer": gettext_lazy("Answer to who told us"),
    "voice.casereport": gettext_lazy("Voice about a case"),
    "voice.casestep": gettext_lazy("Step of a case"),
    "voice.commitment": pgettext_lazy("record", "Promise"),
    "voice.matter": gettext_lazy("Matter deliberated"),
    "voice.mediation": gettext_lazy("Mediation"),
    "voice.meeting": gettext_lazy("Meeting"),
    "voice.opinion": gettext_lazy("Opinion without name"),
    "voice.receptionday": gettext_lazy("Reception day"),
    "voice.receptionplace": gettext_lazy("Somebody who was heard"),
    "voice.tierdecision": gettext_lazy("Decision on the way of a case"),
    "voice.vote": pgettext_lazy("record", "Vote"),
}


def record_label(kind: str) -> Any:
    """Give what records of a kind are called: "activities.Attendance" and "activities.attendance" alike."""
    return RECORDS.get(kind.lower(), _("The record"))


def how_it_is_made(measure: Measure) -> str:
    """Tell in a sentence or two how a figure is worked out."""
    return _how_it_is_handed_up(measure) if is_upper() else _how_it_is_counted(measure)


def _how_it_is_handed_up(measure: Measure) -> str:
    if measure.is_now:
        return _("As each district last read it off its records; what stood earlier is not kept.")
    if measure.kind == LEVEL:
        return _("As each district read it off its records, the last time in the period or before it.")
    if measure.kind == DISTINCT:
        return _("Each district reads it off its records for whole months, quarters and years.")
    if measure.of:
        return _("The same sums as “%(name)s”, of some communities only.") % {"name": measure.of}
    return _(
        "The sums that the districts hand up day by day, added up. Each district proves its own against its records."
    )


def _how_it_is_counted(measure: Measure) -> str:
    if measure.is_now:
        return _("Counted from the records as they stand at this moment; what stood earlier is not kept.")
    if measure.kind == LEVEL:
        return _("Counted from the records as they stood on the last day of the period.")
    if measure.kind == DISTINCT:
        return _("Counted from the records of the period, each once, so that parts do not add up to the whole.")
    if measure.of:
        return _("The same records as “%(name)s”, of some communities only.") % {"name": measure.of}
    return _(
        "Each record counts on the day on which it happened; what is taken back counts no more. The sums are proved "
        "against the records every night."
    )


def category_names(codes: Iterable[str]) -> dict[str, str]:
    """Give the names of categories: of services by their code, of cases by tier and subject; at most one query."""
    wanted = list(codes)
    tiers, subjects = dict(Tier.choices), dict(Subject.choices)
    services: dict[str, str] = {}
    if any(code and ":" not in code for code in wanted):
        services = _shipped_names(in_english=in_english()) if is_upper() else _names_kept()
    named: dict[str, str] = {}
    for code in wanted:
        tier, _colon, subject = code.partition(":")
        if not code:
            named[code] = _("Without category")
        elif subject:
            named[code] = f"{subjects.get(subject, subject)} · {tiers.get(tier, tier)}"
        else:
            named[code] = services.get(code, code)
    return named


def _names_kept() -> dict[str, str]:
    return dict(list_categories().values_list("code", "name"))


@lru_cache(maxsize=2)
def _shipped_names(*, in_english: bool) -> dict[str, str]:
    """Give the categories that the program ships, as every district has them: a city has no table of them."""
    listed = read_categories(Path(settings.DATA_DIR))
    return {row["code"]: row["name_en" if in_english else "name_zh"] for row in listed}
