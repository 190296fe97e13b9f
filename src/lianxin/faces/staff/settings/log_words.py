"""The words of the audit log: kinds of records and what was done to them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..people.labels import HAPPENED as PEOPLE
from ..places.words import HAPPENED as PLACES
from .words import HAPPENED as ACCOUNTS

RECORDS: dict[str, Any] = {
    "people.account": pgettext_lazy("record", "account"),
    "people.card": pgettext_lazy("record", "card"),
    "people.consentreceipt": pgettext_lazy("record", "consent"),
    "people.consenttext": pgettext_lazy("record", "text of a consent"),
    "people.deputy": pgettext_lazy("record", "deputy"),
    "people.erasure": pgettext_lazy("record", "request to erase"),
    "people.household": pgettext_lazy("record", "household"),
    "people.invitation": pgettext_lazy("record", "one-time link"),
    "people.organisation": pgettext_lazy("record", "organisation"),
    "people.person": pgettext_lazy("record", "resident"),
    "people.proxylink": pgettext_lazy("record", "acting on behalf"),
    "people.purpose": pgettext_lazy("record", "purpose"),
    "people.resetrequest": pgettext_lazy("record", "reset"),
    "people.rolegrant": pgettext_lazy("record", "role"),
    "people.vulnerabilityfact": pgettext_lazy("record", "care note"),
    "places.amenitykind": pgettext_lazy("record", "kind of amenity"),
    "places.batchmember": pgettext_lazy("record", "community of a batch"),
    "places.division": pgettext_lazy("record", "division"),
    "places.divisionprofile": pgettext_lazy("record", "size of a community"),
    "places.milestone": pgettext_lazy("record", "milestone"),
    "places.produce": pgettext_lazy("record", "produce"),
    "places.programme": pgettext_lazy("record", "programme"),
    "places.programmebatch": pgettext_lazy("record", "batch"),
    "places.room": pgettext_lazy("record", "room"),
    "places.roomkind": pgettext_lazy("record", "kind of room"),
    "places.servicecategory": pgettext_lazy("record", "category of service"),
    "places.standard": pgettext_lazy("record", "standard"),
    "places.standingservice": pgettext_lazy("record", "standing service"),
    "places.upgrade": pgettext_lazy("record", "upgrade"),
    "places.venue": pgettext_lazy("record", "venue"),
    "channels.messagetemplate": pgettext_lazy("record", "text of a message"),
    "platform.calendarday": pgettext_lazy("record", "day of the calendar"),
    "platform.deployment": pgettext_lazy("record", "this installation"),
    "platform.job": pgettext_lazy("record", "background job"),
    "platform.run": pgettext_lazy("record", "import"),
}
MORE: dict[str, Any] = {
    "accepted": _("Accepted"),
    "added a batch": _("Batch added"),
    "added an item": _("Item added"),
    "alias added": _("Other name added"),
    "alias ended": _("Other name ended"),
    "asked for": _("Asked for"),
    "changed an item": _("Item changed"),
    "changed too": _("Changed along with it"),
    "chunk applied": _("Rows entered"),
    "chunk undone": _("Rows taken back"),
    "closed by schedule": _("Closed by the schedule"),
    "created": _("Set up"),
    "discarded": _("Draft thrown away"),
    "done": pgettext_lazy("log", "Done"),
    "drafted": _("Draft made"),
    "ended with the venue": _("Ended with the venue"),
    "erased": _("Erased"),
    "identified": _("Looked whose card it is"),
    "inherited": _("Taken over"),
    "joined": _("Joined"),
    "login_refused": _("Login refused"),
    "password_accepted": _("Password was right"),
    "published": _("Published"),
    "recoded": _("Code changed"),
    "recorded": _("Entered in the register"),
    "refused": _("Refused"),
    "removed": _("Removed"),
    "removed an item": _("Item removed"),
    "renamed": _("Name changed"),
    "reopened": _("Opened again"),
    "resumed": _("Went on"),
    "sent": _("Sent"),
    "sent again": _("Sent again"),
    "started": _("Started"),
    "undo asked for": _("Asked to take it back"),
}


def record_word(kind: str) -> Any:
    """Name a kind of record."""
    return RECORDS.get(kind, kind)


def verb_word(kind: str, verb: str) -> Any:
    """Say what was done to a record."""
    own = ACCOUNTS if kind == "people.account" else PEOPLE if kind.startswith("people.") else PLACES
    return own.get(verb) or MORE.get(verb) or PEOPLE.get(verb) or PLACES.get(verb) or ACCOUNTS.get(verb) or verb
