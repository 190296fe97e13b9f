"""Upgrades state by state: money, milestones, openings to come, and what an opening changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places.queries.upgrades import list_upgrades
from lianxin.domain.places.rules.upgrades import RUNNING
from lianxin.faces.district.forms.filters import SubdistrictFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.money import yuan
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.district.views.upgrades import STATES, TONES
from lianxin.faces.kit.charts import BAR, Chart, Point, Series
from lianxin.insight import upgrade_effects
from lianxin.platform.clock import local_day, now

FEN_IN_UNIT = 100_000


@dataclass(frozen=True, slots=True)
class StateLine:
    """The upgrades of one state together."""

    code: str
    label: Any
    tone: str
    count: int
    late: int
    budget_fen: int
    spent_fen: int
    url: str

    @property
    def budget(self) -> str:
        """Give the budget in words."""
        return yuan(self.budget_fen)

    @property
    def spent(self) -> str:
        """Give what is spent in words."""
        return yuan(self.spent_fen)

    @property
    def share(self) -> float | None:
        """Give which part of the budget is spent."""
        return self.spent_fen / self.budget_fen if self.budget_fen else None


@dataclass(frozen=True, slots=True)
class Opening:
    """An upgrade that has not opened yet."""

    pk: UUID
    title: str
    community: str
    subdistrict: str
    label: Any
    tone: str
    planned_on: date | None
    days_over: int
    milestones: str
    late: int
    share: float | None


@shown_to_offices
def show(request: HttpRequest) -> HttpResponse:
    """Show how far the upgrades of the actor's part of the district are."""
    today = local_day(now())
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    found = list(list_upgrades(on=today, subdistrict=subdistrict))
    states = _states(found, subdistrict)
    opened = [one for one in found if one.opened_on is not None]
    return render(
        request,
        "district/upgrade_progress.html",
        {
            "area": area_name(actor, communities),
            "form": SubdistrictFilter(request, choices),
            "states": states,
            "chart": _chart(states) if found else None,
            "openings": [_opening(one, today) for one in found if one.state in RUNNING],
            "effects": upgrade_effects.find_effects(one.pk for one in opened),
            "scores": upgrade_effects.mean_scores((one.score_at_start, one.score_at_opening) for one in opened),
            "use": upgrade_effects.find_use(
                ((one.venue_id, one.opened_on) for one in found if one.opened_on is not None), on=today
            ),
            "days": upgrade_effects.DAYS,
            "crumbs": [
                (_("Overview"), reverse("district:overview")),
                (_("Upgrades"), reverse("district:upgrades")),
                (_("How far they are"), ""),
            ],
        },
    )


def _states(found: Sequence[Any], subdistrict: UUID | None) -> list[StateLine]:
    page = reverse("district:upgrades")
    more = f"&subdistrict={subdistrict}" if subdistrict else ""
    lines = []
    for code, label in STATES.items():
        rows = [one for one in found if one.state == code]
        lines.append(
            StateLine(
                code=code,
                label=label,
                tone=TONES[code],
                count=len(rows),
                late=sum(one.milestones_late for one in rows) if code in RUNNING else 0,
                budget_fen=sum(one.budget_fen for one in rows),
                spent_fen=sum(one.spent_total_fen for one in rows),
                url=f"{page}?state={code}{more}",
            )
        )
    return lines


def _chart(states: Sequence[StateLine]) -> Chart:
    known = [line for line in states if line.count]
    return Chart(
        kind=BAR,
        title=_("Money planned and spent"),
        heading=_("State"),
        points=[Point(line.label, line.url) for line in known],
        series=[
            Series(_("Budget"), [line.budget_fen / FEN_IN_UNIT for line in known]),
            Series(_("Spent"), [line.spent_fen / FEN_IN_UNIT for line in known]),
        ],
        unit=_("thousand yuan"),
        decimals=1,
    )


def _opening(one: Any, today: date) -> Opening:
    parent = one.community.parent
    return Opening(
        pk=one.pk,
        title=one.title,
        community=one.community.short_name,
        subdistrict=parent.short_name if parent else "",
        label=STATES[one.state],
        tone=TONES[one.state],
        planned_on=one.planned_opening_on,
        days_over=max(0, (today - one.planned_opening_on).days) if one.planned_opening_on else 0,
        milestones=f"{one.milestones_done}/{one.milestones_all}",
        late=one.milestones_late,
        share=one.spent_total_fen / one.budget_fen if one.budget_fen else None,
    )
