"""Rules of tiers: what holds where, the versions of one place, and one version with how it differs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice.models import Tier, TierRules
from lianxin.domain.voice.queries import tier_rules as versions
from lianxin.domain.voice.rules import starter_rules
from lianxin.domain.voice.rules.tiers import condition_words
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column

from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .case_desk import CaseDesk, desk_of
from .rule_gate import open_place, open_rules, reading

State = TierRules.State
COLUMNS = (
    Column(pgettext_lazy("rules", "Place")),
    Column(gettext_lazy("Whose rules hold")),
    Column(gettext_lazy("Hold from")),
    Column(gettext_lazy("To come")),
    Column(gettext_lazy("Draft")),
)
VERSION_COLUMNS = (
    Column(gettext_lazy("Version"), numeric=True),
    Column(gettext_lazy("Name")),
    Column(gettext_lazy("Adopted")),
    Column(gettext_lazy("Holds from")),
    Column(gettext_lazy("State")),
)
CRITERIA_COLUMNS = (
    Column(gettext_lazy("If all of this holds")),
    Column(gettext_lazy("Then the case is")),
)


@reading
def show_list(request: HttpRequest) -> HttpResponse:
    """List the places an office answers for with the rules that hold there."""
    desk = desk_of(request)

    def fetch(_after: str) -> Page:
        return [_place_row(row) for row in versions.list_rows(actor=desk.actor, on=desk.on)], ""

    context = desk.context("tier_rules_list", _("Rules of simple, fast and by all"))
    context |= {
        "lead": _(
            "They say which cases are done simply, which fast, and which are talked over by all, and how long each may "
            "take. A community's own rules hold first, then its subdistrict's, then the district's."
        ),
        "empty_title": _("No place here."),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context)


def _place_row(row: versions.PlaceRow) -> Row:
    holding = row.holding
    whose = _("Starter rules") if holding is None else _("its own") if row.is_own else holding.division.short_name
    place = leads(row.division.short_name, "tier_rules_place", division=row.division.pk)
    rules = leads(whose, "tier_rules", tier_rules=holding.pk) if holding else Cell(whose)
    draft = leads(_("Go on"), "tier_rules", tier_rules=row.draft.pk) if row.draft else Cell("")
    since = holding.valid_from if holding else starter_rules.VALID_FROM
    return Row(cells(place, rules, since, row.coming.valid_from if row.coming else None, draft))


@reading
def show_place(request: HttpRequest, division: UUID) -> HttpResponse:
    """Show the rules that hold in one place, its versions, and begin a draft."""
    desk = desk_of(request)
    place = open_place(desk.actor, division)
    holding = place.holding
    own = versions.list_versions(division=division)
    title = _("Rules of %(name)s") % {"name": place.division.short_name}
    context = desk.context("tier_rules_list", title, rules_crumb(), (place.division.short_name, ""))
    context |= {
        "subtitle": _holding_words(place),
        "presses": [
            Press(reverse("staff:tier_rules_begin", kwargs={"division": division}), _("Begin a draft"), "primary")
        ]
        if place.may_write and place.draft is None
        else [],
        "next_url": reverse("staff:tier_rules", kwargs={"tier_rules": place.draft.pk}) if place.draft else "",
        "next_text": _("Go on with the draft"),
        "sections": [
            *sections_of(
                holding.criteria if holding else starter_rules.CRITERIA,
                holding.terms if holding else starter_rules.TERMS,
                holding.limits if holding else starter_rules.LIMITS,
            ),
            Section(
                _("Versions adopted here"),
                table=small_table(VERSION_COLUMNS, [_version_row(row, holding, desk) for row in own]),
                empty=_("Nothing was adopted here; what holds comes from above."),
            ),
        ],
        "facts": _facts(holding) if holding else [(_("Holds from"), spoken(starter_rules.VALID_FROM))],
    }
    return render(request, "staff/points/record.html", context)


def _holding_words(place: versions.Place) -> str:
    if place.holding is None:
        return _("Nobody has adopted rules yet, so those that the program brings hold.")
    if place.holding.division_id == place.division.pk:
        return _("These are its own, version %(n)d.") % {"n": place.holding.version}
    return _("These are those of the office above, version %(n)d.") % {"n": place.holding.version}


def _version_row(row: TierRules, holding: TierRules | None, desk: CaseDesk) -> Row:
    label, tone = state_of(row, holding, desk)
    return Row(
        cells(
            row.version,
            leads(row.name, "tier_rules", tier_rules=row.pk),
            row.adopted_words,
            row.valid_from,
            Cell(label, tone=tone),
        )
    )


def state_of(row: TierRules, holding: TierRules | None, desk: CaseDesk) -> tuple[Any, str]:
    """Say how a version stands today, with its tone."""
    if row.state == State.DRAFT:
        return pgettext("rules", "draft"), "due"
    if row.valid_from is not None and row.valid_from > desk.on:
        return _("begins later"), "info"
    if holding is not None and holding.pk == row.pk:
        return _("in force"), "done"
    return _("newer rules hold"), "quiet"


@reading
def show(request: HttpRequest, tier_rules: UUID) -> HttpResponse:
    """Show one version: what it says, where it was adopted, how it differs; a draft with the ways to change it."""
    desk = desk_of(request)
    row = open_rules(desk.actor, tier_rules)
    place = open_place(desk.actor, row.division_id)
    is_draft = row.state == State.DRAFT
    label, tone = state_of(row, place.holding, desk)
    context = desk.context("tier_rules_list", row.name, *place_crumbs(place), (_version_word(row), ""))
    context |= {
        "subtitle": f"{place.division.short_name} · {_version_word(row)}",
        "state_label": label,
        "state_tone": tone,
        "sections": [
            *sections_of(row.criteria, row.terms, row.limits, draft=row.pk if is_draft else None),
            *_differences(row),
        ],
        "facts": _facts(row),
        "acts": _acts(row) if is_draft and place.may_write else [],
    }
    if is_draft and place.may_write:
        context |= {"next_url": _url("publish", row), "next_text": _("Publish")}
    return render(request, "staff/points/record.html", context)


def _facts(row: TierRules) -> list[tuple[Any, ...]]:
    if row.state == State.DRAFT:
        return [(_("Begun"), spoken(row.made_at))]
    found: list[tuple[Any, ...]] = [(_("Adopted"), row.adopted_words)]
    if row.valid_from is not None:
        found.append((_("Holds from"), spoken(row.valid_from)))
    if row.published_at is not None:
        found.append((_("Published"), spoken(row.published_at)))
    return found


def _acts(row: TierRules) -> list[tuple[str, Any]]:
    return [
        (_url("criterion", row), _("Add a criterion")),
        (_url("terms", row), _("Change terms and limits")),
        (_url("discard", row), _("Discard the draft")),
    ]


def _url(name: str, row: TierRules) -> str:
    return reverse(f"staff:tier_rules_{name}", kwargs={"tier_rules": row.pk})


def _differences(row: TierRules) -> list[Section]:
    older = versions.version_before(row)
    added, gone = versions.differences(row, older)
    if older is None:
        return []
    found = []
    if added:
        found.append(Section(_("New against the version before"), lines=added))
    if gone:
        found.append(Section(_("No longer said"), lines=gone))
    return found or [Section(_("Against the version before"), lines=[_("Nothing differs.")])]


def sections_of(
    criteria: list[dict[str, Any]], terms: dict[str, Any], limits: dict[str, Any], *, draft: UUID | None = None
) -> list[Section]:
    """Give the parts of a page that say what rules say; of a draft each criterion leads to its form."""
    rows = []
    for place, one in enumerate(criteria):
        words = f"{place + 1}. " + _(", and ").join(condition_words(one["when"]))
        url = f"{reverse('staff:tier_rules_criterion', kwargs={'tier_rules': draft})}?place={place}" if draft else ""
        rows.append(Row(cells(Cell(words, url=url), Tier(one["tier"]).label)))
    return [
        Section(
            _("Which tier a case has"),
            lines=[_("Read from the top: the first that holds decides. Where none holds, a case is simple.")],
            table=small_table(CRITERIA_COLUMNS, rows),
            empty=_("No criterion: every case is simple."),
        ),
        Section(_("How long it may take"), lines=versions.terms_in_words(terms)),
        Section(_("Other limits"), lines=versions.limits_in_words(limits)),
    ]


def rules_crumb() -> tuple[Any, str]:
    """Give the step of the way to the list of places."""
    return (pgettext("voice", "Rules"), reverse("staff:tier_rules_list"))


def place_crumbs(place: versions.Place) -> list[tuple[Any, str]]:
    """Give the way to the rules of one place."""
    page = reverse("staff:tier_rules_place", kwargs={"division": place.division.pk})
    return [rules_crumb(), (place.division.short_name, page)]


def _version_word(row: TierRules) -> str:
    return _("Version %(number)d") % {"number": row.version}
