"""The centres held against the standard, and one venue with every item of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places.models import StandardItem, Venue, VenueKind, VenueState
from lianxin.domain.places.queries.standards import VenueScore, find_centre_board, score_by_versions
from lianxin.domain.places.queries.upgrades import list_upgrades
from lianxin.domain.places.queries.venues import find_venue
from lianxin.domain.places.rules import standards as rules
from lianxin.domain.places.rules.upgrades import RUNNING
from lianxin.faces.district.forms.filters import CentreFilter, DayFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import local_day, now

GROUP_LABELS = dict(StandardItem.Group.choices)


@dataclass(frozen=True)
class Row:
    """One centre with its score."""

    pk: UUID
    name: str
    community: str
    subdistrict: str
    score: int | None
    groups: tuple[Any, ...]
    short: int
    unknown: int
    sentences: tuple[str, ...]
    households: int | None
    area: Any
    upgrade: Any


@dataclass(frozen=True)
class ItemRow:
    """One item of the standard as this venue does by it."""

    outcome: rules.Outcome
    label: Any
    number: str
    threshold: str
    unit: Any
    verdict: str
    tone: str


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List the centres, those that fall shortest first."""
    at = now()
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    form = CentreFilter(request, choices)
    board = find_centre_board(
        on=local_day(at),
        subdistrict=asked_subdistrict(request, choices),
        shortfall=form.asked("shortfall"),
        standing=form.asked("standing"),
        state=form.asked("state"),
    )
    running = {one.venue_id: one for one in list_upgrades(on=local_day(at)) if one.state in RUNNING}
    listing = Listing(
        name="centres",
        title=_("Centres by score"),
        place=area_name(actor, communities),
        rows=[_row(one, running) for one in board.rows],
        default_sort="score",
        row_template="district/row_centre.html",
        cells=lambda row: (
            row.score,
            row.name,
            row.community,
            row.subdistrict,
            _(", ").join(str(group) for group in row.groups),
            row.short,
            row.unknown,
            row.households,
            None if row.area is None else float(row.area),
            str(row.upgrade.get_state_display()) if row.upgrade else None,
            _("; ").join(row.sentences),
        ),
        columns=(
            Column(_("Score"), sort="score", numeric=True),
            Column(_("Centre"), sort="name"),
            Column(_("Community"), sort="community"),
            Column(_("Subdistrict"), sort="subdistrict"),
            Column(_("Shortfall"), sort="groups"),
            Column(_("Not met"), sort="short", numeric=True),
            Column(_("Unknown"), sort="unknown", numeric=True),
            Column(_("Households"), sort="households", numeric=True),
            Column(_("Area in m²"), sort="area", numeric=True),
            Column(_("Upgrade")),
            Column(_("What is missing")),
        ),
    )
    context = {"form": form, "board": board, "shortfalls": _shortfalls(board)}
    return answer(request, listing, shown=shown, template="district/centres.html", context=context, at=at)


def _shortfalls(board: Any) -> list[tuple[Any, int, str]]:
    page = reverse("district:centres")
    return [(GROUP_LABELS[group], board.short[group], f"{page}?shortfall={group}") for group in rules.GROUPS]


def _row(one: VenueScore, running: dict[UUID, Any]) -> Row:
    seen = one.seen
    return Row(
        pk=seen.venue,
        name=seen.name,
        community=seen.community_name,
        subdistrict=seen.subdistrict_name,
        score=one.score.total,
        groups=tuple(GROUP_LABELS[group] for group in one.score.named),
        short=len(one.score.shortfalls),
        unknown=len(one.score.unknown),
        sentences=tuple(outcome.sentence for outcome in one.score.shortfalls),
        households=seen.observed.households,
        area=seen.observed.area_m2,
        upgrade=running.get(seen.venue),
    )


@shown_to_offices
def venue(request: HttpRequest, venue: UUID) -> HttpResponse:
    """Show one venue with each item met, not met or not known, on any day up to today."""
    today = local_day(now())
    form = DayFilter(request.GET or None)
    asked = form.cleaned_data.get("on") if form.is_bound and form.is_valid() else None
    on = min(asked, today) if asked else today
    found = find_venue(venue)
    versions = score_by_versions(venue=venue, on=on)
    holding = next((pair for pair in versions if _holds(pair[0], on)), None)
    rows = _item_rows(holding[1]) if holding else []
    observed = versions[0][1].seen.observed if versions else None
    return render(
        request,
        "district/venue.html",
        {
            "venue": found,
            "is_centre": found.kind == VenueKind.CENTRE,
            "state_label": VenueState(found.state).label,
            "state_tone": {"open": "done", "planned": "info", "paused": "due"}.get(found.state, "quiet"),
            "on": on,
            "is_today": on == today,
            "form": form if form.is_bound else DayFilter(initial={"on": on}),
            "standard": holding[0] if holding else None,
            "score": holding[1].score if holding else None,
            "groups": [
                (label, [row for row in rows if row.outcome.group == group]) for group, label in GROUP_LABELS.items()
            ],
            "named": [GROUP_LABELS[group] for group in holding[1].score.named] if holding else [],
            "versions": [(version, scored.score, _last_day(version, today)) for version, scored in versions],
            "opening": _opening(observed) if observed else [],
            "facts": _facts(found, versions[0][1].seen if versions else None),
            "upgrades": list_upgrades(on=today, venue=venue),
            "crumbs": [
                (_("Overview"), reverse("district:overview")),
                (_("Centres"), reverse("district:centres"))
                if found.kind == VenueKind.CENTRE
                else (_("Map"), f"{reverse('district:map')}?kind=station"),
                (found.name, ""),
            ],
        },
    )


def _holds(version: Any, on: date) -> bool:
    return version.valid_from <= on and (version.valid_until is None or on < version.valid_until)


def _last_day(version: Any, today: date) -> date | None:
    """Give the last day on which an ended version held, to look at the venue as it was then."""
    if version.valid_until is None or version.valid_until > today:
        return None
    return date.fromordinal(version.valid_until.toordinal() - 1)


def _item_rows(scored: VenueScore) -> list[ItemRow]:
    words = {
        rules.Verdict.MET: (_("Met"), "done"),
        rules.Verdict.NOT_MET: (_("Not met"), "due"),
        rules.Verdict.UNKNOWN: (_("Unknown"), "quiet"),
    }
    return [
        ItemRow(
            outcome=outcome,
            label=outcome.item.label,
            number="" if outcome.number is None else rules.shown(outcome.item.measure, outcome.number),
            threshold=rules.shown(outcome.item.measure, outcome.item.threshold),
            unit=rules.MEASURES[outcome.item.measure].unit,
            verdict=words[outcome.verdict][0],
            tone=words[outcome.verdict][1],
        )
        for outcome in scored.score.outcomes
    ]


def _opening(seen: rules.Observed) -> list[tuple[str, str, str]]:
    """Give declared beside observed opening, in words."""

    def hours(minutes: float | None) -> str:
        return "" if minutes is None else _("%(hours)s hours") % {"hours": f"{minutes / 60:.1f}"}

    weekly = seen.observed_minutes * 7 / seen.observed_days if seen.observed_minutes and seen.observed_days else None
    visits = seen.visits * 7 / seen.counted_days if seen.visits is not None and seen.counted_days else None
    return [
        (_("Open a week"), hours(seen.weekly_minutes), hours(weekly)),
        (
            _("Days open"),
            "" if seen.promised_days is None else f"{seen.promised_days:,}",
            "" if seen.opened_days is None else f"{seen.opened_days:,}",
        ),
        (_("Visitors a week"), "—", "" if visits is None else f"{visits:,.1f}"),
    ]


def _facts(found: Venue, seen: Any) -> list[tuple[Any, ...]]:
    community = reverse("district:division", args=[found.community_id])
    source = {"counted": _("counted from the register"), "declared": _("declared by the community")}
    rows: list[tuple[Any, ...]] = [
        (_("Community"), found.community.official_name, community),
        (_("Street address"), found.address or None),
        (_("Area in m²"), None if found.area_m2 is None else f"{found.area_m2.normalize():,f}"),
        (
            _("For residents in m²"),
            None if found.resident_area_m2 is None else f"{found.resident_area_m2.normalize():,f}",
        ),
    ]
    if seen is not None and seen.observed.households is not None:
        rows.append((_("Households"), f"{seen.observed.households:,} ({source.get(seen.profile_source, '')})"))
    office = url_or_none("staff:venue", found.pk)
    if office:
        rows.append((_("Rooms, hours and services"), _("Open in the office console"), office))
    return rows
