"""Upgrades: all of them by state, and one with money, milestones, before and after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places import policy
from lianxin.domain.places.models import Upgrade, UpgradeFunding
from lianxin.domain.places.queries.upgrades import UpgradePage, find_upgrade, find_upgrade_page, list_upgrades
from lianxin.domain.places.rules.upgrades import RUNNING
from lianxin.faces.district.forms.filters import UpgradeFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.happenings import upgrade_happenings
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.money import yuan
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.kit.tables import Column
from lianxin.platform import audit
from lianxin.platform.clock import local_day, now
from lianxin.platform.models import kind_of

STATES = dict(Upgrade.State.choices)
TONES = {
    "planned": "info",
    "approved": "info",
    "under_way": "due",
    "opened": "done",
    "closed": "quiet",
    "cancelled": "quiet",
}


@dataclass(frozen=True)
class Row:
    """One upgrade of the list."""

    pk: UUID
    title: str
    venue: str
    community: str
    subdistrict: str
    state: str
    label: Any
    tone: str
    late: int
    milestones: str
    planned_on: Any
    opened_on: Any
    budget_fen: int
    spent_fen: int

    @property
    def budget(self) -> str:
        """Give the budget in words."""
        return yuan(self.budget_fen)

    @property
    def spent(self) -> str:
        """Give what is spent in words."""
        return yuan(self.spent_fen)


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List the upgrades, those with late milestones first."""
    at = now()
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    form = UpgradeFilter(request, choices)
    subdistrict, late = asked_subdistrict(request, choices), form.asked("late")
    found = [_row(one) for one in list_upgrades(on=local_day(at), subdistrict=subdistrict)]
    found = [row for row in found if not late or bool(row.late) == (late == "yes")]
    state = form.asked("state") if form.asked("state") in STATES else ""
    rows = [row for row in found if not state or row.state == state]
    listing = Listing(
        name="upgrades",
        title=_("Upgrades"),
        place=area_name(actor, communities),
        # Sorting is stable: within "late or not" the query's order stays, the soonest opening first.
        rows=sorted(rows, key=lambda row: -row.late),
        default_sort="",
        row_template="district/row_upgrade.html",
        cells=lambda row: (
            row.title,
            row.venue,
            row.community,
            row.subdistrict,
            row.label,
            row.late,
            row.milestones,
            row.planned_on,
            row.opened_on,
            row.budget_fen / 100,
            row.spent_fen / 100,
        ),
        columns=(
            Column(_("Upgrade"), sort="title"),
            Column(_("Venue"), sort="venue"),
            Column(_("Community"), sort="community"),
            Column(_("Subdistrict"), sort="subdistrict"),
            Column(_("State"), sort="state"),
            Column(_("Milestones late"), sort="late", numeric=True),
            Column(_("Milestones done"), numeric=True),
            Column(_("Planned opening"), sort="planned_on"),
            Column(_("Opened"), sort="opened_on"),
            Column(_("Budget in yuan"), sort="budget_fen", numeric=True),
            Column(_("Spent in yuan"), sort="spent_fen", numeric=True),
        ),
    )
    return answer(
        request,
        listing,
        shown=shown,
        template="district/upgrades.html",
        context={"form": form, "tabs": _tabs(request, found, state)},
        at=at,
    )


def _row(one: Any) -> Row:
    parent = one.community.parent
    return Row(
        pk=one.pk,
        title=one.title,
        venue=one.venue.name,
        community=one.community.short_name,
        subdistrict=parent.short_name if parent else "",
        state=one.state,
        label=STATES[one.state],
        tone=TONES[one.state],
        late=one.milestones_late if one.state in RUNNING else 0,
        milestones=f"{one.milestones_done}/{one.milestones_all}",
        planned_on=one.planned_opening_on,
        opened_on=one.opened_on,
        budget_fen=one.budget_fen,
        spent_fen=one.spent_total_fen,
    )


def _tabs(request: HttpRequest, rows: list[Row], state: str) -> list[tuple[Any, str, bool, int]]:
    """Give one tab per state, keeping the other filters."""
    query = request.GET.copy()
    counts = Counter(row.state for row in rows)
    tabs: list[tuple[Any, str, bool, int]] = []
    for value, label in [("", _("All")), *STATES.items()]:
        query.pop("page", None)
        query["state"] = value
        tabs.append((label, f"?{query.urlencode()}", value == state, counts[value] if value else len(rows)))
    return tabs


@shown_to_offices
def upgrade(request: HttpRequest, upgrade: UUID) -> HttpResponse:
    """Show one upgrade with everything known of it, and the decisions that the actor may take."""
    page = find_upgrade_page(upgrade=upgrade, on=local_day(now()), with_score=False)
    found = page.upgrade
    return render(
        request,
        "district/upgrade.html",
        {
            "page": page,
            "upgrade": found,
            "state_label": STATES[found.state],
            "state_tone": TONES[found.state],
            "money": _money(page),
            "payments": [
                (line.spent_on, line.what, line.payee, yuan(line.fen), bool(line.corrects_id))
                for line in page.spendings
            ],
            "stages": [(STATES[line.state], line.began_on, line.ended_on, line.note) for line in page.stages],
            "late": sum(1 for row in page.milestones if row.late_days and row.milestone.done_on is None),
            "decisions": _decisions(request, page),
            "facts": _facts(found),
            "tabs": tabs_of(found, "upgrade"),
            "crumbs": crumbs_of(found),
        },
    )


@shown_to_offices
def history(request: HttpRequest, upgrade: UUID) -> HttpResponse:
    """Show everything that was done to an upgrade, by whom and why."""
    found = find_upgrade(upgrade)
    entries = audit.entries_for(kind_of(found), found.pk, limit=200)
    return render(
        request,
        "district/upgrade_history.html",
        {
            "upgrade": found,
            "state_label": STATES[found.state],
            "state_tone": TONES[found.state],
            "entries": upgrade_happenings(entries),
            "tabs": tabs_of(found, "upgrade_history"),
            "crumbs": crumbs_of(found),
        },
    )


def crumbs_of(found: Upgrade) -> list[tuple[Any, str]]:
    """Give the way to an upgrade."""
    return [
        (_("Overview"), reverse("district:overview")),
        (_("Upgrades"), reverse("district:upgrades")),
        (found.title, ""),
    ]


def tabs_of(found: Upgrade, here: str) -> list[tuple[Any, str, bool, str]]:
    """Give the parts of an upgrade's page."""
    parts = (("upgrade", _("State of work")), ("upgrade_history", _("What happened")))
    return [(label, reverse(f"district:{name}", args=[found.pk]), name == here, "") for name, label in parts]


def _money(page: UpgradePage) -> dict[str, Any]:
    sources = dict(UpgradeFunding.Source.choices)
    return {
        "budget": yuan(page.money.budget_fen),
        "spent": yuan(page.money.spent_fen),
        "left": yuan(page.money.left_fen),
        "percent": page.money.spent_percent,
        "lines": [
            (sources[line.source], line.giver, line.document, yuan(line.fen), yuan(line.spent_fen))
            for line in page.fundings
        ],
    }


def _decisions(request: HttpRequest, page: UpgradePage) -> list[tuple[Any, str, str]]:
    """Give the buttons for what may follow, to whom policy allows it."""
    found = page.upgrade
    if not policy.may_decide_upgrade(request.actor, found.community_id):  # type: ignore[attr-defined]
        return []
    offered = (
        (Upgrade.State.APPROVED, "approve", _("Approve"), "primary"),
        (Upgrade.State.PLANNED, "send-back", _("Send back"), "quiet"),
        (Upgrade.State.CANCELLED, "cancel", _("Cancel the upgrade"), "danger"),
    )
    return [
        (label, reverse("district:upgrade_decide", args=[found.pk, decision]), kind)
        for state, decision, label, kind in offered
        if state in page.next_states
    ]


def _facts(found: Upgrade) -> list[tuple[Any, ...]]:
    parent = found.community.parent
    return [
        (_("Venue"), found.venue.name, reverse("district:venue", args=[found.venue_id])),
        (_("Community"), found.community.official_name, reverse("district:division", args=[found.community_id])),
        (_("Subdistrict"), parent.short_name if parent else None),
        (_("Score at the start"), found.score_at_start),
        (_("Score at the opening"), found.score_at_opening),
        (_("Standard"), str(found.standard) if found.standard else None),
    ]
