"""Open311 GeoReport v2 (frozen specification): service types, windows of time, statuses."""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice.models import Case, Subject
from lianxin.platform.errors import Invalid

SPAN = timedelta(days=90)
MOST = 1000
LONGEST_DESCRIPTION = 4000
OPEN, CLOSED = "open", "closed"
State = Case.State
ENDED = frozenset({State.CONFIRMED, State.SILENT, State.DECLINED, State.WITHDRAWN, State.JOINED})
# W3C's note on dates and times: a date and a time with its zone.
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,6})?)?(Z|[+ -]\d\d:\d\d)", re.IGNORECASE | re.ASCII
)
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of request that other programs may bring."""

    code: str
    name: Any
    description: Any
    group: Any
    keywords: tuple[Any, ...]


_HOME, _STREET, _PEOPLE = (
    gettext_lazy("Homes and estates"),
    gettext_lazy("Streets and lanes"),
    gettext_lazy("Safety and services"),
)
# Quarrels and hardship are told to a person, never to another program.
SERVICES = (
    Service(
        Subject.PROPERTY,
        Subject.PROPERTY.label,
        gettext_lazy("Care of an estate: doors, cleaning, green, fees, guards."),
        _HOME,
        (gettext_lazy("estate"), gettext_lazy("fees")),
    ),
    Service(
        Subject.LIFT,
        Subject.LIFT.label,
        gettext_lazy("Lifts that stand still, shake, or are missing."),
        _HOME,
        (gettext_lazy("lift"), gettext_lazy("stuck")),
    ),
    Service(
        Subject.WATER_POWER,
        Subject.WATER_POWER.label,
        gettext_lazy("No water, no power, a leak, low pressure, gas."),
        _HOME,
        (gettext_lazy("leak"), gettext_lazy("power cut")),
    ),
    Service(
        Subject.BUILDING,
        Subject.BUILDING.label,
        gettext_lazy("Walls, roofs, railings, what was built without leave."),
        _HOME,
        (gettext_lazy("wall"), gettext_lazy("roof")),
    ),
    Service(
        Subject.ROAD_LIGHT,
        Subject.ROAD_LIGHT.label,
        gettext_lazy("Holes, covers, steps, lamps that do not burn."),
        _STREET,
        (gettext_lazy("street lamp"), gettext_lazy("hole")),
    ),
    Service(
        Subject.SANITATION,
        Subject.SANITATION.label,
        gettext_lazy("Refuse, blocked drains, smells, vermin."),
        _STREET,
        (gettext_lazy("refuse"), gettext_lazy("drain")),
    ),
    Service(
        Subject.TRAFFIC,
        Subject.TRAFFIC.label,
        gettext_lazy("Parking, blocked ways, electric bicycles."),
        _STREET,
        (gettext_lazy("parking"), gettext_lazy("electric bicycle")),
    ),
    Service(
        Subject.NOISE,
        Subject.NOISE.label,
        gettext_lazy("Building sites, square dancing, machines, music at night."),
        _STREET,
        (gettext_lazy("noise at night"), gettext_lazy("building site")),
    ),
    Service(
        Subject.SAFETY,
        Subject.SAFETY.label,
        gettext_lazy("Blocked escape routes, wires, charging indoors. In danger call 110, 119 or 120 first."),
        _PEOPLE,
        (gettext_lazy("fire"), gettext_lazy("escape route")),
    ),
    Service(
        Subject.SERVICE,
        Subject.SERVICE.label,
        gettext_lazy("Opening hours, staff and rooms of centres and stations."),
        _PEOPLE,
        (gettext_lazy("centre"), gettext_lazy("opening hours")),
    ),
    Service(
        Subject.OTHER,
        Subject.OTHER.label,
        gettext_lazy("Anything else that a community can see to."),
        _PEOPLE,
        (gettext_lazy("other matters"),),
    ),
)
BY_CODE = {one.code: one for one in SERVICES}


def status_of(state: str) -> str:
    """Give open or closed; what the office calls done is open until the resident has had their say."""
    return CLOSED if state in ENDED else OPEN


def read_moment(text: str, *, name: str) -> datetime:
    """Read a moment with its zone; raises Invalid. A plus sign that became a blank in an address is put back."""
    found = _MOMENT.fullmatch(text.strip())
    if found:
        year, month, day, hour, minute, second, zone = found.groups()
        zone = "+00:00" if zone in "Zz" else zone.replace(" ", "+")
        try:
            moment = datetime.fromisoformat(f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{zone}")
        except ValueError:
            moment = None
        if moment is not None and _EARLIEST < moment < _LATEST:
            return moment.astimezone(UTC)
    raise Invalid(
        fields={
            name: [_("Write the moment with its zone, like 2026-11-23T08:00:00+08:00, in %(name)s.") % {"name": name}]
        }
    )


def window(start: str, end: str, *, at: datetime) -> tuple[datetime, datetime]:
    """Give the window that was asked for: at most 90 days, the latest ones where nothing was said."""
    until = read_moment(end, name="end_date") if end else None
    if not start:
        until = until or at
        return until - SPAN, until
    since = read_moment(start, name="start_date")
    if until is None:
        return since, since + SPAN
    if until < since:
        raise Invalid(fields={"end_date": [_("end_date lies before start_date.")]})
    if until - since > SPAN:
        raise Invalid(fields={"end_date": [_("Ask for at most %(days)d days at once.") % {"days": SPAN.days}]})
    return since, until


def listed(texts: Sequence[str]) -> list[str]:
    """Give the values of a parameter that may come several times or with commas; empty ones count as absent."""
    return [part for text in texts for part in (piece.strip() for piece in text.split(",")) if part]


def statuses(texts: Sequence[str]) -> frozenset[str]:
    """Give the wanted statuses; none means both; raises Invalid."""
    wanted = {text.lower() for text in listed(texts)}
    if wanted - {OPEN, CLOSED}:
        raise Invalid(fields={"status": [_("status is open or closed.")]})
    return frozenset(wanted or {OPEN, CLOSED})


def known_codes(texts: Sequence[str], *, known: Collection[str] = BY_CODE) -> list[str]:
    """Give the wanted service codes as asked for; one that nobody knows finds nothing."""
    return [code for code in listed(texts) if code in known]


def digest_of(secret: str) -> str:
    """Digest a program's key; it is random, so that no salt is needed."""
    return hashlib.sha256(secret.strip().lower().encode()).hexdigest()
