"""A community with a centre, residents and a weekly reception day, for the tests of reception days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from lianxin.domain.bookings.tests.factories import Centre, make_centre
from lianxin.domain.voice.commands import reception_places, reception_series
from lianxin.domain.voice.models import ReceptionDay, ReceptionPlace, ReceptionSeries
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.models import Duty, Message

# A Friday, 10:00 in Shanghai; the days are Wednesday evenings.
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
FIRST = date(2026, 11, 25)
DAY = timedelta(days=1)
SYSTEM = Actor.system(via="worker")


@dataclass(frozen=True)
class Hall:
    """A running series with its community, its centre and those who live there."""

    centre: Centre
    series: ReceptionSeries

    @property
    def keeper(self) -> Actor:
        """Who keeps the community."""
        return self.centre.keeper

    def days(self) -> list[ReceptionDay]:
        """All days of the series in order."""
        with scope.everything():
            return list(ReceptionDay.objects.filter(series=self.series).order_by("held_on"))

    def first(self) -> ReceptionDay:
        """The first day as it is now."""
        return self.days()[0]

    def book(self, number: int = 0, day: ReceptionDay | None = None, **more: Any) -> ReceptionPlace:
        """Let a resident take a place, by default on the first day."""
        entries: dict[str, Any] = {"channel": "sms", "at": AT} | more
        return reception_places.book(
            actor=self.centre.resident(number),
            person=self.centre.member(number).pk,
            day=(day or self.first()).pk,
            **entries,
        )

    def guest(self, name: str = "路过的老人", **more: Any) -> ReceptionPlace:
        """Let the office put a guest down for the first day."""
        entries: dict[str, Any] = {"day": self.first().pk, "at": AT} | more
        return reception_places.book(actor=self.keeper, guest_name=name, **entries)


def save_series(centre: Centre, **more: Any) -> reception_series.Saved:
    """Save a series: every Wednesday evening, one hour in three slots, unless the values say otherwise."""
    values: dict[str, Any] = {
        "kind": "evening",
        "title": "党群夜话",
        "recurrence": "FREQ=WEEKLY;BYDAY=WE",
        "from_on": TODAY,
        "starts_time": time(19, 30),
        "minutes": 60,
        "slot_minutes": 20,
        "leader_name": "林书记",
        "place_words": "翠英大榕树下",
        "at": AT,
    } | more
    return reception_series.save(actor=centre.keeper, community=centre.community.pk, **values)


def make_hall(*, homes: int = 4, **more: Any) -> Hall:
    """A hall with a running series."""
    centre = make_centre(homes=homes)
    return Hall(centre, save_series(centre, **more).series)


def fresh(row: Any) -> Any:
    """The row as it is now."""
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def told(template: str) -> int:
    """How many messages of one kind were sent."""
    return Message.objects.filter(template=template).count()


def open_duties(kind: str) -> list[Duty]:
    """The open duties of one kind."""
    with scope.everything():
        return list(Duty.objects.filter(kind=f"voice.reception_{kind}", closed_at=None).order_by("due_at"))
