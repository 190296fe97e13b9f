"""Writing the next rules of tiers: begun from those that hold, changed part by part, published or discarded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.voice.commands import tier_rules as commands
from lianxin.domain.voice.models import TierRules
from lianxin.domain.voice.queries.tier_rules import differences, version_before
from lianxin.faces.kit.acting import carry_out, key_of, press
from lianxin.platform.errors import Missing

from ..acting import ActForm, Crumbs, answer_form
from .case_desk import CaseDesk, desk_of, home_crumb
from .rule_forms import CriterionForm, PublishForm, TermsForm, criterion_fields, terms_fields
from .rule_gate import open_place, open_rules, pressing, writing
from .rule_pages import place_crumbs


def _page(row: TierRules) -> str:
    return reverse("staff:tier_rules", kwargs={"tier_rules": row.pk})


def _opened(request: HttpRequest, tier_rules: UUID, last: Any) -> tuple[CaseDesk, TierRules, Crumbs]:
    """Open a draft that somebody may see; one that was published is looked at, not written."""
    desk = desk_of(request)
    row = open_rules(desk.actor, tier_rules)
    if row.state != TierRules.State.DRAFT:
        raise commands.RulesPublished
    place = open_place(desk.actor, row.division_id)
    return desk, row, [home_crumb(), *place_crumbs(place), (row.name, _page(row)), (last, "")]


@pressing
def begin(request: HttpRequest, division: UUID) -> HttpResponse:
    """Begin a draft of a place's next rules, from those that hold there."""
    desk = desk_of(request)
    open_place(desk.actor, division)
    return press(
        request,
        do=lambda: commands.begin_draft(actor=desk.actor, division=division, at=desk.at, key=key_of(request)),
        back=reverse("staff:tier_rules_place", kwargs={"division": division}),
        said=_("Here is the draft. Nothing holds before it is published."),
    )


@writing
def terms(request: HttpRequest, tier_rules: UUID) -> HttpResponse:
    """Change the name, the terms and the limits of a draft."""
    desk, row, crumbs = _opened(request, tier_rules, _("Terms and limits"))
    form = TermsForm(request.POST or None, initial=terms_fields(row.name, row.terms, row.limits))
    return answer_form(
        request,
        form,
        do=lambda entered: commands.edit_draft(
            actor=desk.actor,
            rules=tier_rules,
            name=entered["name"],
            terms=form.terms(),
            limits=form.limits(),
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: _page(row),
        said=_("The draft is saved."),
        title=_("Terms and limits"),
        lead=_("Working days follow the calendar of the State Council; hours run through nights and holidays."),
        button=_("Save the draft"),
        cancel_url=_page(row),
        crumbs=crumbs,
    )


@writing
def criterion(request: HttpRequest, tier_rules: UUID) -> HttpResponse:
    """Change a criterion of the draft, take it out, move it up, or add one at the end."""
    desk, row, crumbs = _opened(request, tier_rules, _("Criterion"))
    criteria: list[dict[str, Any]] = list(row.criteria)
    place = _place(request, criteria)
    known = criteria[place] if place is not None else {}
    form = CriterionForm(request.POST or None, initial=criterion_fields(known))

    def do(entered: dict[str, Any]) -> TierRules:
        changed = list(criteria)
        act = request.POST.get("act")
        if place is not None and act == "remove":
            del changed[place]
        elif place is not None and act == "up" and place:
            changed.insert(place - 1, changed.pop(place))
        else:
            code = known.get("code") or _free_code({one.get("code") for one in criteria})
            made = {"code": code, "when": form.when(), "tier": entered["tier"]}
            changed = [*criteria[:place], made, *criteria[place + 1 :]] if place is not None else [*criteria, made]
        return commands.edit_draft(actor=desk.actor, rules=tier_rules, criteria=changed, at=desk.at, key=entered["key"])

    done = carry_out(request, form, do=do, then=lambda _row: _page(row), said=_("The draft is saved."))
    if done is not None:
        return done
    context = {
        "title": _("Criterion") if place is not None else _("New criterion"),
        "lead": _("All that is filled in has to hold. The first criterion that holds decides."),
        "form": form,
        "place": place,
        "cancel_url": _page(row),
        "crumbs": crumbs,
    }
    return render(request, "staff/voice/rules/criterion.html", context, status=422 if form.errors else 200)


@writing
def publish(request: HttpRequest, tier_rules: UUID) -> HttpResponse:
    """Publish a draft with where it was adopted; what it changes is said before."""
    desk, row, crumbs = _opened(request, tier_rules, _("Publish"))
    added, gone = differences(row, version_before(row))
    lines = [
        _("Cases opened from that day on go by these rules. Cases that run keep their terms."),
        _("Published rules never change; the next ones begin with a draft."),
        *(_("New: %(line)s") % {"line": line} for line in added),
        *(_("No longer: %(line)s") % {"line": line} for line in gone),
    ]
    return answer_form(
        request,
        PublishForm(request.POST or None, initial={"valid_from": desk.on}),
        do=lambda entered: commands.publish(
            actor=desk.actor,
            rules=tier_rules,
            adopted_words=entered["adopted_words"],
            valid_from=entered["valid_from"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: _page(row),
        said=_("The rules are published."),
        title=_("Publish the rules"),
        lines=lines,
        button=_("Publish"),
        cancel_url=_page(row),
        crumbs=crumbs,
    )


@writing
def discard(request: HttpRequest, tier_rules: UUID) -> HttpResponse:
    """Put a draft aside for good."""
    desk, row, crumbs = _opened(request, tier_rules, _("Discard"))
    back = reverse("staff:tier_rules_place", kwargs={"division": row.division_id})
    return answer_form(
        request,
        ActForm(request.POST or None),
        do=lambda entered: commands.discard_draft(actor=desk.actor, rules=tier_rules, at=desk.at, key=entered["key"]),
        then=lambda _row: back,
        said=_("The draft is discarded."),
        title=_("Discard the draft"),
        lead=_("What was written in it is gone. Published rules stay as they are."),
        button=_("Discard"),
        cancel_url=_page(row),
        crumbs=crumbs,
    )


def _place(request: HttpRequest, criteria: list[Any]) -> int | None:
    text = request.GET.get("place", "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > 3 or int(text) >= len(criteria):
        raise Missing
    return int(text)


def _free_code(taken: set[Any]) -> str:
    return next(f"criterion_{number}" for number in range(1, 1000) if f"criterion_{number}" not in taken)
