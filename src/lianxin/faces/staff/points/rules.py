"""Rules: the versions that were published, one of them, and ending one."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from lianxin.domain.points.commands.rules_versions import withdraw_rules
from lianxin.domain.points.models import RuleItem, RulesVersion
from lianxin.domain.points.queries.rules import find_draft, find_version, list_versions
from lianxin.domain.points.rules.claim_words import cap_words, rate_words
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form, day_field
from .desk import Desk, desk_of
from .gate import keeping, reading
from .lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from .told import Section, story_of
from .words import AWARDERS, EXPIRY, MOVE, SPLIT

COLUMNS = (
    Column(gettext_lazy("Version"), numeric=True),
    Column(gettext_lazy("Title")),
    Column(gettext_lazy("Adopted")),
    Column(gettext_lazy("Public notice until")),
    Column(gettext_lazy("Holds from")),
    Column(gettext_lazy("Items of the rules"), numeric=True),
    Column(gettext_lazy("State")),
)
ITEM_COLUMNS = (
    Column(gettext_lazy("What is done")),
    Column(gettext_lazy("Points")),
    Column(gettext_lazy("Evidence")),
    Column(gettext_lazy("Limits")),
    Column(gettext_lazy("Who may give them")),
)


def _state(version: RulesVersion, newest: RulesVersion | None, on: date) -> tuple[Any, str]:
    end = getattr(version, "end", None)
    if end is not None and end.ended_on <= version.effective_from:
        return _("withdrawn"), "stop"
    if end is not None and end.ended_on <= on:
        return _("ended"), "quiet"
    if version.effective_from > on:
        return (_("on public notice") if on <= version.notice_until else _("begins soon")), "info"
    return (_("in force"), "done") if newest is None or newest.pk == version.pk else (_("newer rules hold"), "quiet")


def _newest(versions: list[RulesVersion], on: date) -> RulesVersion | None:
    """Give the newest version that has begun and never was withdrawn before."""
    for version in versions:
        end = getattr(version, "end", None)
        if version.effective_from <= on and (end is None or end.ended_on > version.effective_from):
            return version
    return None


@reading
def show_list(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the versions of a community's rules, newest first."""
    desk = desk_of(request, community)
    versions = list_versions(actor=desk.actor, book=desk.book.pk) if desk.book else []
    newest = _newest(versions, desk.on)

    def fetch(_after: str) -> Page:
        return [_row(version, newest, desk.on) for version in versions], ""

    context = desk.context("points_rules", pgettext("points", "Rules"))
    context |= {
        "lead": _(
            "What earns how many points, as the residents' assembly adopted it. A published version never changes."
        ),
        "empty_title": _("No rules were published yet."),
        "empty_text": _("Begin with a draft: it has items that many communities have, and you change the amounts."),
    }
    if desk.keeps and desk.book is not None:
        draft = find_draft(actor=desk.actor, book=desk.book.pk)
        if draft is not None:
            context["buttons"] = [(desk.url("points_draft"), _("Go on with the draft"))]
        else:
            context["presses"] = [
                Press(desk.url("points_draft_begin"), _("Begin a draft of the next rules"), "primary")
            ]
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, place=desk.name)


def _row(version: RulesVersion, newest: RulesVersion | None, on: date) -> Row:
    state, tone = _state(version, newest, on)
    return Row(
        cells(
            version.number,
            leads(version.title, "points_rules_version", rules=version.pk),
            version.minutes_on,
            version.notice_until,
            version.effective_from,
            len(version.items.all()),
            Cell(state, tone=tone),
        )
    )


@reading
def show(request: HttpRequest, rules: UUID) -> HttpResponse:
    """Show one version of the rules: items and limits, what the assembly decided, and the other terms."""
    version = find_version(actor=actor_of(request), rules=rules)
    desk = desk_of(request, version.book.community_id)
    newest = _newest(list_versions(actor=desk.actor, book=version.book_id), desk.on)
    state, tone = _state(version, newest, desk.on)
    end = getattr(version, "end", None)
    items = sorted(version.items.all(), key=lambda item: item.position)
    context = desk.context("points_rules", version.title)
    context |= {
        "crumbs": _crumbs(desk, version),
        "subtitle": _("Version %(number)d") % {"number": version.number},
        "state_label": state,
        "state_tone": tone,
        "banners": [("stop", _("Ended on %(day)s: %(why)s") % {"day": spoken(end.ended_on), "why": end.reason})]
        if end
        else [],
        "sections": [
            Section(_("What earns points"), table=small_table(ITEM_COLUMNS, [_item_row(item) for item in items])),
            Section(_("Minutes of the assembly"), text=f"{version.minutes_title}\n\n{version.minutes_text}"),
        ],
        "facts": terms_facts(version),
        "acts": [(reverse("staff:points_rules_withdraw", kwargs={"rules": rules}), _("End these rules"))]
        if desk.keeps and end is None
        else [],
        "entries": story_of(desk.actor, "points.rulesversion", rules),
    }
    return render(request, "staff/points/record.html", context)


def _item_row(item: RuleItem) -> Row:
    caps = [cap_words(subject=cap.subject, every=cap.every, points=cap.points) for cap in item.caps.all()]
    return Row(
        cells(
            f"{item.title} — {item.meaning}" if item.meaning else item.title,
            rate_words(points=item.points, unit=item.unit, per=item.per),
            item.evidence,
            "; ".join(caps),
            ", ".join(str(AWARDERS.get(role, role)) for role in item.awarders),
        )
    )


def terms_facts(version: RulesVersion) -> list[tuple[Any, ...]]:
    """Give what a version says beside its items."""
    expiry = str(EXPIRY[version.expiry])
    if version.expiry != "never":
        expiry += " · " + ngettext("%(n)d month", "%(n)d months", version.expiry_months) % {"n": version.expiry_months}
    days = [
        (_("Points of households that ended wait for"), version.estate_days),
        (_("Goods are kept for"), version.reserve_days),
        (_("Public notices hang out for"), version.objection_days),
    ]
    return [
        (_("Adopted"), spoken(version.minutes_on)),
        (_("Votes in favour"), f"{version.in_favour} / {version.attended}"),
        (_("Public notice"), f"{spoken(version.notice_from)} – {spoken(version.notice_until)}"),
        (_("Holds from"), spoken(version.effective_from)),
        (_("Points end"), expiry),
        (_("A second person above"), version.second_person_above),
        (_("A second check of identity above"), version.identity_check_above),
        (_("When a household splits"), SPLIT[version.split]),
        (_("When a household moves"), MOVE[version.move]),
        *((label, ngettext("%(n)d day", "%(n)d days", n) % {"n": n}) for label, n in days),
        (_("A till without network may spend"), version.offline_points),
    ]


def _crumbs(desk: Desk, version: RulesVersion, *more: str) -> list[tuple[Any, str]]:
    name = _("Version %(number)d") % {"number": version.number}
    way = (pgettext("points", "Rules"), desk.url("points_rules"))
    if not more:
        return desk.crumbs(way, (name, ""))
    return desk.crumbs(way, (name, reverse("staff:points_rules_version", args=[version.pk])), (more[0], ""))


class EndForm(ActForm):
    """From when rules no longer hold, and why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    on = day_field(gettext_lazy("They hold no more from"))


@keeping
def withdraw(request: HttpRequest, rules: UUID) -> HttpResponse:
    """End a version of the rules."""
    version = find_version(actor=actor_of(request), rules=rules)
    desk = desk_of(request, version.book.community_id)
    here = reverse("staff:points_rules_version", kwargs={"rules": rules})
    return answer_form(
        request,
        EndForm(request.POST or None, initial={"on": desk.on}),
        do=lambda wanted: withdraw_rules(actor=desk.actor, version=rules, at=now(), **wanted),
        then=lambda _row: here,
        said=_("The rules end."),
        title=_("End version %(number)d of the rules") % {"number": version.number},
        lines=[
            _("Ended in their public notice, they never begin and those before them go on."),
            _("Ended later, nothing is given until new rules begin. What was given stays."),
        ],
        button=_("End the rules"),
        cancel_url=here,
        crumbs=_crumbs(desk, version, _("End")),
    )
