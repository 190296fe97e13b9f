"""The words and colours of these pages: states, what happened, hours; and the tabs above them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from lianxin.domain.places import policy
from lianxin.domain.places.models import (
    Produce,
    ServiceState,
    StationType,
    Upgrade,
    UpgradeFunding,
    Venue,
    VenueKind,
    VenueState,
)
from lianxin.domain.places.queries.venues import list_amenity_kinds
from lianxin.engines.opening import Interval
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.timelines import Happening, happenings
from lianxin.platform import audit
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day

from ..choices import kinds_in_words

Tabs = list[tuple[Any, str, bool, Any]]

VENUE_TONES: dict[str, str] = {
    VenueState.PLANNED: "info",
    VenueState.OPEN: "done",
    VenueState.PAUSED: "due",
    VenueState.CLOSED: "quiet",
}
SERVICE_TONES: dict[str, str] = {ServiceState.OFFERED: "done", ServiceState.PAUSED: "due", ServiceState.ENDED: "quiet"}
UPGRADE_TONES: dict[str, str] = {
    Upgrade.State.PLANNED: "quiet",
    Upgrade.State.APPROVED: "info",
    Upgrade.State.UNDER_WAY: "due",
    Upgrade.State.OPENED: "done",
    Upgrade.State.CLOSED: "done",
    Upgrade.State.CANCELLED: "quiet",
}
PRODUCE_TONES: dict[str, str] = {Produce.State.SHOWN: "done", Produce.State.HIDDEN: "quiet"}
WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)

HAPPENED = {
    "registered": gettext_lazy("Registered"),
    "changed": gettext_lazy("Details changed"),
    "host changed": gettext_lazy("Host changed"),
    "open": gettext_lazy("Began to work"),
    "pause": gettext_lazy("Paused"),
    "close": gettext_lazy("Closed for good"),
    "reopen": gettext_lazy("Works again"),
    "moved": gettext_lazy("Went to another community"),
    "hours changed": gettext_lazy("Hours changed"),
    "exception added": gettext_lazy("Other hours entered for some days"),
    "exception removed": gettext_lazy("Other hours taken back"),
    "opened": gettext_lazy("Door opened"),
    "locked": gettext_lazy("Door locked"),
    "opening undone": gettext_lazy("Opening taken back"),
    "opening entered": gettext_lazy("Opening entered from paper"),
    "visitors counted": gettext_lazy("Visitors counted"),
    "count undone": gettext_lazy("Count taken back"),
    "rooms added": gettext_lazy("Rooms added"),
    "equipment added": gettext_lazy("Equipment added"),
    "amenities changed": gettext_lazy("Amenities changed"),
    "planned": pgettext_lazy("places", "Planned"),
    "approved": gettext_lazy("Approved"),
    "under_way": gettext_lazy("Work began"),
    "closed": gettext_lazy("Books closed"),
    "cancelled": gettext_lazy("Given up"),
    "compared": gettext_lazy("Score compared"),
    "edited": gettext_lazy("Details changed"),
    "added a milestone": gettext_lazy("Milestone added"),
    "moved a milestone": gettext_lazy("Milestone put off"),
    "reached a milestone": gettext_lazy("Milestone reached"),
    "removed a milestone": gettext_lazy("Milestone removed"),
    "added money": gettext_lazy("Money added"),
    "changed money": gettext_lazy("Amount changed"),
    "removed money": gettext_lazy("Source removed"),
    "spent": gettext_lazy("Paid"),
    "took a payment back": gettext_lazy("Payment taken back"),
    "planned rooms": gettext_lazy("Rooms planned"),
    "planned a room": gettext_lazy("Room planned"),
    "removed a planned room": gettext_lazy("Planned room removed"),
    "added a picture": gettext_lazy("Picture added"),
    "removed a picture": gettext_lazy("Picture removed"),
    "added": gettext_lazy("Added"),
    "shown": gettext_lazy("Shown to residents"),
    "hidden": gettext_lazy("Hidden"),
    "consent withdrawn": gettext_lazy("Consent taken back"),
    "times changed": gettext_lazy("Times changed"),
    "paused": gettext_lazy("Paused"),
    "offered": gettext_lazy("Offered again"),
    "ended": gettext_lazy("Ended"),
    "revealed": gettext_lazy("A masked entry was looked at"),
}
UPGRADE_OPENED = gettext_lazy("Opened to residents")
FIELDS = {
    "name": pgettext_lazy("places", "Name"),
    "kind": gettext_lazy("Kind"),
    "station_type": gettext_lazy("Type of station"),
    "address": pgettext_lazy("places", "Address"),
    "lng": gettext_lazy("Longitude"),
    "lat": gettext_lazy("Latitude"),
    "position_is_approximate": gettext_lazy("The position is only roughly known"),
    "area_m2": gettext_lazy("Area, m²"),
    "resident_area_m2": gettext_lazy("For residents, m²"),
    "phone": pgettext_lazy("places", "Phone"),
    "description": gettext_lazy("Description"),
    "closed_on_holidays": gettext_lazy("Closed on public holidays"),
    "host_name": gettext_lazy("Host"),
    "state": gettext_lazy("State"),
    "on": gettext_lazy("Day"),
    "hours": gettext_lazy("Hours"),
    "from_on": gettext_lazy("From"),
    "days": gettext_lazy("Days"),
    "reason": gettext_lazy("Reason"),
    "opened_at": pgettext_lazy("door", "Opened"),
    "closed_at": pgettext_lazy("places", "Locked"),
    "count": pgettext_lazy("places", "Number"),
    "rooms": gettext_lazy("Rooms"),
    "equipment": gettext_lazy("Equipment"),
    "amenities": gettext_lazy("Amenities"),
    "score": gettext_lazy("Score"),
    "venue": gettext_lazy("Venue"),
    "title": gettext_lazy("Title"),
    "planned_opening_on": gettext_lazy("Planned opening day"),
    "temporary_arrangement": gettext_lazy("Where people go meanwhile"),
    "temporary_venue": gettext_lazy("Venue meanwhile"),
    "price_note": gettext_lazy("Price, in words"),
    "season_months": gettext_lazy("Months in season"),
    "consent_reference": gettext_lazy("Consent"),
}
# What the log keeps for programs only: ids, and long texts that the page itself shows.
NOT_DRAWN = frozenset(
    {"community", "host_organisation_id", "provider_organisation_id", "description", "template", "category"}
)
STATES = {**dict(VenueState.choices), **dict(Upgrade.State.choices)}
CODES: dict[str, dict[Any, Any]] = {
    "state": STATES,
    "kind": dict(VenueKind.choices),
    "station_type": dict(StationType.choices),
}
COUNTED = "visitors counted"
MONEY_VERBS = frozenset({"added money", "changed money", "removed money", "spent", "took a payment back"})


def timeline(record_kind: str, record: UUID, *, limit: int = 40) -> list[Happening]:
    """Give what happened to a record, in the words of the page."""
    entries = _folded(audit.entries_for(record_kind, record, 3 * limit))[:limit]
    for entry in entries:
        money = entry.verb in MONEY_VERBS
        entry.change.update(
            {name: [_worded(name, value, money) for value in pair] for name, pair in _pairs(entry.change)}
        )
        for name in NOT_DRAWN & entry.change.keys():
            del entry.change[name]
    titles = {f"{entry.action}/{entry.verb}": HAPPENED.get(entry.verb, entry.verb) for entry in entries}
    titles |= {"places.open_upgrade/opened": UPGRADE_OPENED}
    labels = FIELDS | dict(UpgradeFunding.Source.choices)
    return happenings(list[Any](entries), titles=titles, labels=labels)


def _folded(entries: list[audit.TimelineEntry]) -> list[audit.TimelineEntry]:
    """Let the counts that one person entered on one day be one line with their sum: there are dozens a day."""
    kept: list[audit.TimelineEntry] = []
    sums: dict[tuple[date, str], audit.TimelineEntry] = {}
    for entry in entries:
        known = sums.get((local_day(entry.at), entry.actor_name)) if entry.verb == COUNTED else None
        if known is not None:
            known.change["count"] = [None, known.change["count"][1] + entry.change["count"][1]]
            continue
        if entry.verb == COUNTED:
            sums[local_day(entry.at), entry.actor_name] = entry
        kept.append(entry)
    return kept


def _pairs(change: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, pair) for name, pair in change.items() if isinstance(pair, list) and len(pair) == 2]


def _worded(name: str, value: Any, money: bool) -> Any:
    """Say one old or new value of the log."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value == "":
        return ""
    if name in CODES and isinstance(value, str):
        return CODES[name].get(value, value)
    if name == "amenities" and isinstance(value, list):
        names = dict(kinds_in_words(list_amenity_kinds()))
        return _(", ").join(str(names.get(code, code)) for code in value)
    if name == "hours" and isinstance(value, list):
        return _("; ").join(_weekday_line(line) for line in value) or _("closed")
    if isinstance(value, list):
        return _(", ").join(str(_worded("", part, False)) for part in value)
    if money and isinstance(value, int):
        return yuan(value)
    if isinstance(value, str) and value[:4].isdigit() and value[4:5] == "-":
        return _moment(value)
    return value


def _weekday_line(line: str) -> str:
    number, _space, hours = line.partition(" ")
    return f"{WEEKDAYS[int(number)]} {hours}" if number.isdigit() and int(number) < 7 else line


def _moment(text: str) -> str:
    try:
        return spoken(date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text))
    except ValueError:
        return text


def yuan(fen: int) -> str:
    """Write an amount of fen in yuan."""
    whole, rest = divmod(abs(fen), 100)
    sign, cents = "−" if fen < 0 else "", f".{rest:02}" if rest else ""
    return _("%(amount)s yuan") % {"amount": f"{sign}{whole:,}{cents}"}


def span_words(spans: Sequence[Interval]) -> str:
    """Say the hours of one day."""
    return pgettext("hours", ", ").join(str(span).replace("-", "–") for span in spans) if spans else _("closed")


def week_lines(week: Sequence[Sequence[Interval]]) -> list[tuple[str, str]]:
    """Say a week, equal days that follow each other in one line."""
    lines: list[tuple[int, int, str]] = []
    for day, spans in enumerate(week):
        words = span_words(spans)
        if lines and lines[-1][2] == words:
            lines[-1] = (lines[-1][0], day, words)
        else:
            lines.append((day, day, words))
    return [(days_words(first, last), words) for first, last, words in lines]


def days_words(first: int, last: int) -> str:
    """Say a stretch of weekdays."""
    if first == last:
        return str(WEEKDAYS[first])
    return _("%(first)s to %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}


def minutes_words(minutes: int) -> str:
    """Say a length of time in hours."""
    hours = minutes / 60
    return _("%(hours)s h") % {"hours": f"{hours:.1f}".removesuffix(".0")}


def places_tabs(here: str, actor: Actor) -> Tabs:
    """Give the tabs above the lists; who is no office has only the venues."""
    tabs: Tabs = [(pgettext_lazy("tab", "Venues"), reverse("staff:places"), here == "venues", "")]
    if actor.holds(*policy.STAFF):
        tabs += [
            (pgettext_lazy("tab", "Upgrades"), reverse("staff:upgrades"), here == "upgrades", ""),
            (pgettext_lazy("tab", "Produce"), reverse("staff:produce"), here == "produce", ""),
            (pgettext_lazy("tab", "Divisions"), reverse("staff:divisions"), here == "divisions", ""),
        ]
    return tabs


VENUE_TABS = (
    ("venue", pgettext_lazy("tab", "Overview")),
    ("door", pgettext_lazy("tab", "Door and visits")),
    ("venue_hours", pgettext_lazy("tab", "Hours")),
    ("venue_amenities", pgettext_lazy("tab", "Amenities")),
    ("venue_rooms", pgettext_lazy("tab", "Rooms")),
    ("venue_services", pgettext_lazy("tab", "Services")),
    ("venue_poster", pgettext_lazy("tab", "Poster")),
)
FOR_KEEPERS = frozenset({"door", "venue_amenities"})


def venue_tabs(here: str, venue: Venue, *, may_edit: bool) -> Tabs:
    """Give the tabs of one venue."""
    return [
        (label, reverse(f"staff:{name}", kwargs={"venue": venue.pk}), name == here, "")
        for name, label in VENUE_TABS
        if may_edit or name not in FOR_KEEPERS
    ]


def venue_crumbs(venue: Venue, *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Give the way from the list to a page of a venue."""
    own = reverse("staff:venue", kwargs={"venue": venue.pk}) if more else ""
    return [(_("Places"), reverse("staff:places")), (venue.name, own), *more]


def late_words(days: int) -> str:
    """Say by how many days something is late."""
    return ngettext("%(count)d day late", "%(count)d days late", days) % {"count": days}


def days_from(first: date, count: int) -> Iterable[date]:
    """Give some days in a row."""
    return [first + timedelta(days=offset) for offset in range(count)]
