"""The three parts of the work in figures: services found from needs, a place to be heard, residents as masters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianxin.insight import figures, periods
from lianxin.insight.areas import Area
from lianxin.insight.catalogue import find_measure
from lianxin.insight.periods import Period
from lianxin.platform.contributions import Measure

# A change of fewer is not told as one that stands out: chance makes it.
FEWEST = 20
SHOWN_OUT = 3


@dataclass(frozen=True, slots=True)
class Pillar:
    """One part of the work: its flows in order, and a level or distinct that is told as it stands."""

    code: str
    label: Any
    meaning: Any
    flows: tuple[str, ...]
    standing: str
    # Two flows of one unit that are drawn together.
    drawn: tuple[str, str]
    # (part, whole, words with %(share)s): a share that tells how well it goes.
    shares: tuple[tuple[str, str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a period beside the same days of the year before, with its line; None where it is not compared."""

    measure: Measure
    value: int
    before: int | None
    line: tuple[int, ...]

    @property
    def change(self) -> int | None:
        """Give what it is more than a year before."""
        return None if self.before is None else self.value - self.before

    @property
    def change_share(self) -> float | None:
        """Give the change as a share of a year before, where there was enough then or now to say so."""
        if not self.before or max(self.before, self.value) < FEWEST:
            return None
        return (self.value - self.before) / self.before


@dataclass(frozen=True, slots=True)
class Told:
    """A pillar with its figures, what stands out among them, and the shares."""

    pillar: Pillar
    figures: tuple[Figure, ...]
    standing_out: tuple[Figure, ...]
    shares: tuple[tuple[Any, float, int], ...]


PILLARS: tuple[Pillar, ...] = (
    Pillar(
        "services",
        _("Finding what residents need most"),
        _("Needs are heard, resources are found, and services are opened for them."),
        (
            "needs_heard",
            "answers_given",
            "offers_made",
            "promises_kept",
            "projects_published",
            "occurrences_held",
            "person_times",
        ),
        "categories",
        ("needs_heard", "answers_given"),
        (("answers_given", "needs_heard", _("Answers for each voice")),),
    ),
    Pillar(
        "voice",
        _("Making room to be heard"),
        _("Residents bring matters, leaders receive them, and neighbours settle them together."),
        (
            "cases_heard",
            "cases_ended",
            "cases_in_time",
            "cases_confirmed",
            "reception_days_held",
            "meetings_held",
            "mediations_agreed",
        ),
        "cases_open",
        ("cases_heard", "cases_ended"),
        (
            ("cases_in_time", "cases_ended", _("Ended in time")),
            ("cases_confirmed", "cases_ended", _("Confirmed as solved")),
        ),
    ),
    Pillar(
        "masters",
        _("Residents as masters of their community"),
        _("Residents volunteer, earn points for their household and redeem them at the service supermarket."),
        (
            "volunteer_occurrences",
            "volunteer_person_times",
            "points_awarded",
            "points_redeemed",
            "goods_redeemed",
            "goods_donated",
        ),
        "passbooks",
        ("points_awarded", "points_redeemed"),
        (("points_redeemed", "points_awarded", _("Redeemed of what was given")),),
    ),
)


def until_today(period: Period, *, today: date) -> Period:
    """Cut a period that is still running after today, so that it can be set beside the same days of another year."""
    until = today + periods.ONE_DAY
    if period.from_on >= until or period.until_on <= until:
        return period
    return periods.days(period.from_on, until)


def flows() -> list[str]:
    """Give the flows of all pillars."""
    return [name for pillar in PILLARS for name in pillar.flows]


def read_pillars(*, period: Period, area: Area, is_compared: bool = True) -> list[Told]:
    """Give the three pillars of a period: three queries for all flows, and one for each standing figure.

    Not compared where the year before is not known.
    """
    names = flows()
    now = figures.values(names, period=period, area=area)
    before = figures.values(names, period=period.year_before(), area=area) if is_compared else {}
    parts = period.parts()
    lines = figures.series(names, periods=parts, area=area) if len(parts) > 1 else {}
    standing = figures.values([pillar.standing for pillar in PILLARS], period=period, area=area)
    return [_told(pillar, now, before, lines, standing) for pillar in PILLARS]


def _told(
    pillar: Pillar,
    now: Mapping[str, int],
    before: Mapping[str, int],
    lines: Mapping[str, Sequence[int]],
    standing: Mapping[str, int],
) -> Told:
    found = [
        Figure(find_measure(name), now[name], before.get(name), tuple(lines.get(name, ()))) for name in pillar.flows
    ]
    moved = [one for one in found if one.change_share is not None]
    moved.sort(key=lambda one: -abs(one.change_share or 0))
    shares = [(label, now[part] / now[whole], now[whole]) for part, whole, label in pillar.shares if now[whole]]
    found.append(Figure(find_measure(pillar.standing), standing[pillar.standing], None, ()))
    return Told(pillar, tuple(found), tuple(moved[:SHOWN_OUT]), tuple(shares))
