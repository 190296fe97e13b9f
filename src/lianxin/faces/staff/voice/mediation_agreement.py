"""The agreement of a mediation: clauses, signatures, its effect, visits, the court, and opening what is sealed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from lianxin.domain.voice.commands import mediation_clauses, mediation_opening, mediation_visits
from lianxin.domain.voice.models import MediationTalk
from lianxin.domain.voice.queries import mediations as queries
from lianxin.faces.kit.acting import key_of, press
from lianxin.faces.kit.dates import spoken

from .case_desk import CaseDesk, desk_of
from .matter_desk import uuid_or_none
from .mediation_acts import act_form, named, sides_of
from .mediation_forms import AgreeForm, ClauseForm, PlanVisitForm, VisitForm
from .mediation_gate import open_clause, open_own, open_party, pressing, sending
from .mediation_list import mediation_url

Bundle = queries.MediationBundle


@sending
def clause(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Write a clause."""
    desk = desk_of(request)
    return _clause(request, desk, open_own(desk.actor, mediation), None, {})


@sending
def clause_edit(request: HttpRequest, clause: UUID) -> HttpResponse:
    """Word a clause anew; its words are opened for it, which is logged."""
    desk = desk_of(request)
    row = open_clause(desk.actor, clause)
    bundle = open_own(desk.actor, row.mediation_id)
    initial: dict[str, Any] = {"party": str(row.party_id or ""), "due_by": row.due_by}
    if request.method != "POST":
        reason = _("to word clause %(number)d anew") % {"number": row.number}
        opened = mediation_opening.open_words(reason=reason, **named(desk, bundle))
        initial["words"] = opened.clauses.get(clause, "")
    return _clause(request, desk, bundle, clause, initial)


def _clause(
    request: HttpRequest, desk: CaseDesk, bundle: Bundle, clause: UUID | None, initial: dict[str, Any]
) -> HttpResponse:
    answer = act_form(
        request,
        bundle,
        desk,
        ClauseForm(request.POST or None, sides=sides_of(bundle), initial=initial),
        lambda entered: mediation_clauses.write(
            words=entered["words"],
            clause=clause,
            party=uuid_or_none(entered["party"]),
            due_by=entered["due_by"],
            **named(desk, bundle, entered),
        ),
        title=_("Word it anew") if clause else _("Write a clause"),
        lead=_("All sides agree to each clause by itself. Another wording is agreed to anew."),
        button=_("Seal and keep"),
        said=_("Kept. Let all sides agree to it."),
    )
    return _private(answer)


@pressing
def clause_agree(request: HttpRequest, clause: UUID) -> HttpResponse:
    """Note that all sides agree to a clause, or no longer do."""
    desk = desk_of(request)
    row = open_clause(desk.actor, clause)
    open_own(desk.actor, row.mediation_id)
    agreed = row.agreed_at is None
    return press(
        request,
        do=lambda: mediation_clauses.agree_clause(
            actor=desk.actor, clause=clause, agreed=agreed, at=desk.at, key=key_of(request)
        ),
        back=mediation_url(row.mediation_id),
        said=_("Agreed by all sides.") if agreed else _("Open again."),
    )


@pressing
def clause_remove(request: HttpRequest, clause: UUID) -> HttpResponse:
    """Take a clause out."""
    desk = desk_of(request)
    row = open_clause(desk.actor, clause)
    open_own(desk.actor, row.mediation_id)
    return press(
        request,
        do=lambda: mediation_clauses.remove(actor=desk.actor, clause=clause, at=desk.at, key=key_of(request)),
        back=mediation_url(row.mediation_id),
        said=_("Taken out."),
    )


@pressing
def sign(request: HttpRequest, mediation_party: UUID) -> HttpResponse:
    """Note that a side signed."""
    desk = desk_of(request)
    row = open_party(desk.actor, mediation_party)
    open_own(desk.actor, row.mediation_id)
    return press(
        request,
        do=lambda: mediation_clauses.sign(actor=desk.actor, party=mediation_party, at=desk.at, key=key_of(request)),
        back=mediation_url(row.mediation_id),
        said=_("Noted: they signed."),
    )


@sending
def agree(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Put the agreement into effect."""
    desk = desk_of(request)
    bundle = open_own(desk.actor, mediation)
    return act_form(
        request,
        bundle,
        desk,
        AgreeForm(request.POST or None, initial={"version": bundle.row.version}),
        lambda entered: mediation_clauses.agree(
            is_oral=entered["is_oral"], agreed_on=entered["agreed_on"], **named(desk, bundle, entered)
        ),
        title=_("Put the agreement into effect"),
        lead=_("Visits are planned, and the sides have thirty days to ask the court together."),
        button=_("It is agreed"),
        said=_("Agreed. Visits are planned, and you are reminded of the court's last day."),
    )


@sending
def visit_plan(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Set the day of another visit."""
    desk = desk_of(request)
    bundle = open_own(desk.actor, mediation)
    return act_form(
        request,
        bundle,
        desk,
        PlanVisitForm(request.POST or None),
        lambda entered: mediation_visits.plan(planned_on=entered["planned_on"], **named(desk, bundle, entered)),
        title=_("Plan a visit"),
        button=_("Save"),
        said=_("Planned. You are reminded."),
    )


@sending
def visit(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Write down a visit: the earliest planned one, or one that was not planned."""
    desk = desk_of(request)
    bundle = open_own(desk.actor, mediation)
    planned = [one for one in bundle.talks if one.kind == MediationTalk.Kind.VISIT and one.held_at is None]
    due = [one for one in planned if one.planned_on is not None and one.planned_on <= desk.on]
    return visit_form(request, desk, bundle, min(due, key=lambda one: str(one.planned_on)) if due else None)


def visit_form(request: HttpRequest, desk: CaseDesk, bundle: Bundle, row: MediationTalk | None) -> HttpResponse:
    """Show and answer the form of a visit."""
    planned = row.planned_on if row is not None else None
    return act_form(
        request,
        bundle,
        desk,
        VisitForm(request.POST or None),
        lambda entered: mediation_visits.record(
            is_kept=entered["is_kept"],
            words=entered["words"],
            talk=row.pk if row is not None else None,
            held_on=entered["held_on"],
            again_on=entered["again_on"],
            **named(desk, bundle, entered),
        ),
        title=_("Write down a visit"),
        lead=_("Planned for %(day)s") % {"day": spoken(planned)} if planned else "",
        button=_("Seal and keep"),
        said=_("Kept. Only you can open what was said."),
    )


def _private(answer: HttpResponse) -> HttpResponse:
    patch_cache_control(answer, private=True, no_store=True)
    return answer
