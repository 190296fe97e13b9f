"""The page of one upgrade: next step, milestones, money, rooms, pictures, before and after."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.places import policy
from lianxin.domain.places.models import Upgrade
from lianxin.domain.places.queries import upgrades
from lianxin.domain.places.queries.upgrades import UpgradePage
from lianxin.domain.places.rules import upgrades as rules
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.stored import answer_file
from lianxin.platform import clock

from ..access import office_reading
from ..choices import kind_name
from .words import UPGRADE_TONES, late_words, timeline, yuan

STEP_WORDS = {
    "edit": gettext_lazy("Edit the plan"),
    "approve": gettext_lazy("Approve"),
    "send_back": gettext_lazy("Send back"),
    "start": gettext_lazy("Begin the work"),
    "open": gettext_lazy("Register the opening day"),
    "close": gettext_lazy("Close the books"),
    "cancel": gettext_lazy("Give it up"),
}
NEXT = {
    Upgrade.State.PLANNED: "approve",
    Upgrade.State.APPROVED: "start",
    Upgrade.State.UNDER_WAY: "open",
    Upgrade.State.OPENED: "close",
}
ALSO = {
    Upgrade.State.PLANNED: ("cancel",),
    Upgrade.State.APPROVED: ("send_back", "cancel"),
    Upgrade.State.UNDER_WAY: ("cancel",),
}
DECISIONS = frozenset({"approve", "send_back", "cancel"})


def upgrade_url(upgrade: UUID) -> str:
    """Give the page of an upgrade."""
    return reverse("staff:upgrade", kwargs={"upgrade": upgrade})


def act_url(upgrade: UUID, act: str, line: UUID | None = None) -> str:
    """Give the form of one act on an upgrade or on one of its lines."""
    if line is None:
        return reverse("staff:upgrade_act", kwargs={"upgrade": upgrade, "act": act})
    return reverse("staff:upgrade_line", kwargs={"upgrade": upgrade, "act": act, "line": line})


def upgrade_crumbs(upgrade: Upgrade, *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Give the way from the list to a page of an upgrade."""
    own = upgrade_url(upgrade.pk) if more else ""
    lists = [(_("Places"), reverse("staff:places")), (_("Upgrades"), reverse("staff:upgrades"))]
    return [*lists, (upgrade.title, own), *more]


def find_page(request: HttpRequest, upgrade: UUID) -> UpgradePage:
    """Give an upgrade that the actor's office answers for; raises Missing or NotAllowed."""
    page = upgrades.find_upgrade_page(upgrade=upgrade, on=clock.local_day(clock.now()))
    policy.require(policy.may_run_upgrade(actor_of(request), page.upgrade.community_id))
    return page


def may_take(request: HttpRequest, upgrade: Upgrade, step: str) -> bool:
    """Tell whether the actor may take a step; nobody approves their own office's plan."""
    if step in DECISIONS:
        return policy.may_decide_upgrade(actor_of(request), upgrade.community_id)
    return policy.may_run_upgrade(actor_of(request), upgrade.community_id)


def _facts(page: UpgradePage) -> list[tuple[Any, Any, str]]:
    upgrade = page.upgrade
    score = upgrade.score_at_start
    venue = reverse("staff:venue", kwargs={"venue": upgrade.venue_id})
    opening = upgrade.opened_on or upgrade.planned_opening_on
    rows: list[tuple[Any, Any, str]] = [
        (_("Venue"), upgrade.venue.name, venue),
        (_("Community"), upgrade.community.short_name, ""),
        (_("Opening day") if upgrade.opened_on else _("Planned opening"), spoken(opening) if opening else None, ""),
        (_("Score at the start"), score, ""),
        (_("Score now"), page.score_now.score.total if page.score_now else None, ""),
        (_("Money"), yuan(page.money.budget_fen), ""),
        (_("Spent"), f"{yuan(page.money.spent_fen)} ({page.money.spent_percent}%)", ""),
        (pgettext("places", "Left"), yuan(page.money.left_fen), ""),
    ]
    if upgrade.temporary_venue:
        rows.append((_("Venue meanwhile"), upgrade.temporary_venue.name, ""))
    return rows


@office_reading
def show(request: HttpRequest, upgrade: UUID) -> HttpResponse:
    """Show one upgrade."""
    page = find_page(request, upgrade)
    found = page.upgrade
    state = Upgrade.State(found.state)
    step = NEXT.get(state, "")
    may_next = bool(step) and may_take(request, found, step)
    head = {"next_url": act_url(upgrade, step), "next_text": STEP_WORDS[step]} if may_next else {}
    steps = [one for one in ALSO.get(state, ()) if may_take(request, found, one)]
    running, open_books = state in rules.RUNNING, state not in rules.ENDED
    return render(
        request,
        "staff/places/upgrade.html",
        {
            "upgrade": found,
            "tone": UPGRADE_TONES[state],
            "crumbs": upgrade_crumbs(found),
            "facts": _facts(page),
            "waits": _("Waiting for the subdistrict or the district to approve it.") if step and not may_next else "",
            "steps": [(act_url(upgrade, one), STEP_WORDS[one]) for one in (["edit"] if open_books else []) + steps],
            "running": running,
            "open_books": open_books,
            "spendable": state in rules.SPENDABLE,
            "removable": state == Upgrade.State.PLANNED,
            "milestones": [
                (row.milestone, late_words(row.late_days) if row.late_days else "") for row in page.milestones
            ],
            "shortfalls": found.shortfalls_at_start,
            "fundings": [
                (row, yuan(row.fen), yuan(row.spent_fen), yuan(row.fen - row.spent_fen)) for row in page.fundings
            ],
            "spendings": _spendings(page),
            "rooms": [(row, kind_name(row.kind)) for row in page.planned_rooms],
            "comparison": page.comparison,
            "pictures": [(_("Before"), page.pictures_before), (_("After"), page.pictures_after)],
            "entries": timeline("places.upgrade", upgrade),
            **head,
        },
    )


def _spendings(page: UpgradePage) -> list[tuple[Any, str, bool]]:
    """Give each payment with its amount, and whether it can still be taken back."""
    corrected = {row.corrects_id for row in page.spendings}
    return [(row, yuan(row.fen), row.corrects_id is None and row.pk not in corrected) for row in page.spendings]


@office_reading
def picture(request: HttpRequest, upgrade: UUID, picture: UUID) -> HttpResponse:
    """Give one picture of an upgrade."""
    find_page(request, upgrade)
    stored = upgrades.find_upgrade_picture(upgrade=upgrade, picture=picture)
    return answer_file(stored)
