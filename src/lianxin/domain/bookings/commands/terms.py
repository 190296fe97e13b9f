"""On which terms and at which hours a room is lent."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.bookings import policy
from lianxin.domain.bookings.commands import found
from lianxin.domain.bookings.models import RoomHours, RoomTerms
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid

NUMBERS = {
    "buffer_before": (0, 240),
    "buffer_after": (0, 240),
    "shortest_minutes": (5, 1440),
    "longest_minutes": (5, 10_080),
    "days_ahead": (1, 366),
    "offer_minutes": (10, 2880),
}
PERHAPS = {"most_a_week": (1, 50), "release_after": (5, 240)}
FLAGS = ("needs_approval", "is_confidential")
FIELDS = ("open_to", *FLAGS, *NUMBERS, *PERHAPS, "set_ups", "house_rules")
MOST_SET_UPS, LONGEST_SET_UP, LONGEST_RULES = 12, 60, 500


@command("bookings.set_terms")
def set_terms(
    *,
    actor: Actor,
    room: UUID,
    values: Mapping[str, Any],
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> RoomTerms:
    """Say on which terms a room is lent; what is booked already keeps its times. Raises Invalid, EditedMeanwhile."""
    place = found.room(room)
    policy.require(policy.may_keep_room(actor, place.community_id, place.venue_id))
    row = RoomTerms.objects.filter(room=place).first()
    if version is not None and version != (row.version if row else 0):
        raise EditedMeanwhile(current_version=row.version if row else 0)
    fresh = row is None
    row = row or RoomTerms(room=place, community_id=place.community_id, is_confidential=place.confidential)
    wanted = {name: value for name, value in values.items() if name in FIELDS}
    if "set_ups" in wanted:
        wanted["set_ups"] = list(dict.fromkeys(text.strip() for text in wanted["set_ups"] if text.strip()))
    before = {name: getattr(row, name) for name in wanted}
    for name, value in wanted.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    _check(row)
    change = {name: [before[name], getattr(row, name)] for name in wanted if before[name] != getattr(row, name)}
    if change or fresh:
        row.version += 0 if fresh else 1
        row.save()
        act().target(row, "terms set" if fresh else "changed", change)
    return row


@command("bookings.set_lending_hours")
def set_lending_hours(
    *, actor: Actor, room: UUID, hours: Sequence[tuple[int, time, time]], at: datetime, key: UUID | None = None
) -> list[RoomHours]:
    """Say at which hours (weekday, opens, closes) a room is lent; none: whenever its venue is open."""
    place = found.room(room)
    policy.require(policy.may_keep_room(actor, place.community_id, place.venue_id))
    wanted = sorted(set(hours))
    problems = []
    for weekday, opens, closes in wanted:
        if not 0 <= weekday <= 6 or closes <= opens:
            problems.append(_("Hours begin before they end, on the same day."))
    for (day, _opens, closes), (next_day, opens, _closes) in pairwise(wanted):
        if day == next_day and opens < closes:
            problems.append(_("Two stretches of one day overlap."))
    if problems:
        raise Invalid(fields={"hours": list(dict.fromkeys(problems))})
    old = list(RoomHours.objects.filter(room=place).order_by("weekday", "opens"))
    before = [(row.weekday, row.opens, row.closes) for row in old]
    if before == wanted:
        return old
    RoomHours.objects.filter(room=place).delete()
    rows = RoomHours.objects.bulk_create(
        RoomHours(community_id=place.community_id, room=place, weekday=weekday, opens=opens, closes=closes)
        for weekday, opens, closes in wanted
    )
    act().target(place, "lending hours set", {"hours": [_said(before), _said(wanted)]})
    return rows


def _said(hours: Sequence[tuple[int, time, time]]) -> list[str]:
    return [f"{weekday} {opens:%H:%M}-{closes:%H:%M}" for weekday, opens, closes in hours]


def _check(row: RoomTerms) -> None:
    problems: dict[str, list[str]] = {}
    if row.open_to not in RoomTerms.OpenTo.values:
        problems["open_to"] = [_("Choose who may book the room.")]
    for name, (least, most) in (NUMBERS | PERHAPS).items():
        value = getattr(row, name)
        if value is None and name in PERHAPS:
            continue
        if not isinstance(value, int) or not least <= value <= most:
            problems[name] = [_("Enter a number from %(least)d to %(most)d.") % {"least": least, "most": most}]
    if not problems and row.longest_minutes < row.shortest_minutes:
        problems["longest_minutes"] = [_("The longest time is shorter than the shortest.")]
    if len(row.set_ups) > MOST_SET_UPS or any(len(text) > LONGEST_SET_UP for text in row.set_ups):
        problems["set_ups"] = [_("At most 12 ways of arranging the room, each of at most 60 characters.")]
    if len(row.house_rules) > LONGEST_RULES:
        problems["house_rules"] = [_("Use at most %(count)d characters.") % {"count": LONGEST_RULES}]
    if problems:
        raise Invalid(fields=problems)
