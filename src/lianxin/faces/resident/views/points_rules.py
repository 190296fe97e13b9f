"""What earns points in a community: the rules in force, those that come, and who adopted them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxin.domain.places.queries.divisions import find_division
from lianxin.domain.points.models import RulesVersion
from lianxin.domain.points.queries.public_rules import find_public_version, items_in_order, rules_for_everybody
from lianxin.domain.points.rules.claim_words import cap_words, rate_words
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import local_day, now


@require_safe
def in_force(request: HttpRequest, community: UUID) -> HttpResponse:
    """Show what earns points now, in plain words."""
    on = local_day(now())
    division = find_division(community)
    found = rules_for_everybody(community=community, on=on)
    context = {
        "community": division,
        "found": found,
        "has_book": bool(found.book),
        "starts_on": found.switched_on if found.switched_on and found.switched_on > on else None,
        "rules": found.in_force,
        "items": item_lines(found.in_force) if found.in_force else [],
        "terms": terms_lines(found.in_force) if found.in_force else [],
        "crumbs": [
            (division.short_name, reverse("resident:community", args=[community])),
            (_("How to earn points"), ""),
        ],
    }
    return page(request, "resident/points/rules.html", context)


@require_safe
def version(request: HttpRequest, community: UUID, rules: UUID) -> HttpResponse:
    """Show one version of the rules, also one that is on show and begins later."""
    on = local_day(now())
    division = find_division(community)
    found = find_public_version(community=community, rules=rules, on=on)
    context = {
        "community": division,
        "rules": found,
        "ended_on": found.end.ended_on if hasattr(found, "end") else None,
        "is_coming": found.effective_from > on,
        "items": item_lines(found),
        "terms": terms_lines(found),
        "crumbs": [
            (division.short_name, reverse("resident:community", args=[community])),
            (_("How to earn points"), reverse("resident:points_rules", args=[community])),
            (_("Version %(number)d") % {"number": found.number}, ""),
        ],
    }
    return page(request, "resident/points/rules_version.html", context)


def item_lines(rules: RulesVersion) -> list[dict[str, Any]]:
    """Say for each item what it gives, its limits, and what proves it."""
    return [
        {
            "title": item.title,
            "rate": rate_words(points=item.points, unit=item.unit, per=item.per),
            "meaning": item.meaning,
            "evidence": item.evidence,
            "caps": [cap_words(subject=cap.subject, every=cap.every, points=cap.points) for cap in item.caps.all()],
        }
        for item in items_in_order(rules)
    ]


def terms_lines(rules: RulesVersion) -> list[str]:
    """Say what the rules hold beside their items."""
    said = [_expiry(rules)]
    said.append(_("Awards are on public notice for %(days)d days. Until then anybody may object.") % _days(rules))
    said.append(
        _("What you reserve in the shop is kept for you for %(days)d days.") % {"days": rules.reserve_days}
        if rules.reserve_days
        else _("What you reserve in the shop is kept for you until the evening.")
    )
    if rules.split == RulesVersion.Split.SHARE:
        said.append(_("When a household splits, its points are shared by heads."))
    else:
        said.append(_("When a household splits, its points stay with the household."))
    if rules.move == RulesVersion.Move.FOLLOW:
        said.append(_("When a household moves to another community with points, its points go along."))
    else:
        said.append(_("When a household moves to another community, its points end."))
    return said


def _days(rules: RulesVersion) -> dict[str, int]:
    return {"days": rules.objection_days}


def _expiry(rules: RulesVersion) -> str:
    if rules.expiry == RulesVersion.Expiry.NEVER:
        return _("Points do not expire.")
    if rules.expiry == RulesVersion.Expiry.ROLLING:
        return _("Points are valid until the end of the month %(months)d months after the act.") % {
            "months": rules.expiry_months
        }
    years = rules.expiry_months // 12
    if not years:
        return _("Points are valid until the end of the year in which they were earned.")
    if years == 1:
        return _("Points are valid until the end of the following year.")
    return _("Points are valid until the end of the year, %(years)d years later.") % {"years": years}
