"""What was done to an upgrade, in the words of a timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianxin.domain.places.models import Upgrade, UpgradeFunding
from lianxin.faces.district.money import yuan
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.timelines import Entry, Happening, happenings

UPGRADE_TITLES = {
    "places.plan_upgrade": _("The upgrade was planned"),
    "places.edit_upgrade": _("The plan was edited"),
    "places.approve_upgrade": _("The upgrade was approved"),
    "places.send_back_upgrade": _("The upgrade was sent back"),
    "places.start_upgrade": _("Work began"),
    "places.cancel_upgrade": _("The upgrade was cancelled"),
    "places.close_upgrade": _("The books were closed"),
    "places.open_upgrade": _("The venue opened"),
    "places.add_milestone": _("A milestone was added"),
    "places.move_milestone": _("A milestone got another day"),
    "places.finish_milestone": _("A milestone was reached"),
    "places.reopen_milestone": _("A milestone was opened again"),
    "places.remove_milestone": _("A milestone was taken out"),
    "places.add_funding": _("Money was promised"),
    "places.change_funding": _("The budget changed"),
    "places.remove_funding": _("A source of money was taken out"),
    "places.record_spending": _("A payment was entered"),
    "places.correct_spending": _("A payment was corrected"),
    "places.plan_rooms": _("Rooms were planned"),
    "places.put_planned_room": _("A planned room was entered"),
    "places.remove_planned_room": _("A planned room was taken out"),
    "places.add_upgrade_picture": _("A picture was added"),
    "places.remove_upgrade_picture": _("A picture was taken out"),
}
UPGRADE_LABELS = {
    "state": _("State"),
    "title": _("Title"),
    "score": _("Score"),
    "planned_opening_on": _("Planned opening"),
    "temporary_arrangement": _("Arrangement while closed"),
    "venue": _("Venue"),
}


MONEY = frozenset(
    {
        "places.add_funding",
        "places.change_funding",
        "places.remove_funding",
        "places.record_spending",
        "places.correct_spending",
    }
)


def upgrade_happenings(entries: Iterable[Entry]) -> list[Happening]:
    """Word what was done to an upgrade: states and sources of money by name, fen as yuan, days as people say them."""
    known = list(entries)
    worded = happenings(known, titles=UPGRADE_TITLES, labels=UPGRADE_LABELS | dict(UpgradeFunding.Source.choices))
    return [
        replace(
            one,
            changes=tuple(
                (name, _in_words(old, entry.action in MONEY), _in_words(new, entry.action in MONEY))
                for name, old, new in one.changes
            ),
        )
        for entry, one in zip(known, worded, strict=True)
    ]


def _in_words(value: Any, is_money: bool) -> Any:
    """Say a state, an amount or a day; whatever else it is stays as it is."""
    if isinstance(value, int):
        return yuan(value) if is_money else value
    if not isinstance(value, str):
        return value
    try:
        return spoken(date.fromisoformat(value))
    except ValueError:
        return dict(Upgrade.State.choices).get(value, value)
