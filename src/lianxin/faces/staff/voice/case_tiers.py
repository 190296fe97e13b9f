"""How a case is treated: its tier by hand, appeals, pauses of its clock, and who outside has it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.voice.commands import handovers, pausing, tiers
from lianxin.domain.voice.models import Case
from lianxin.faces.kit.acting import key_of, press
from lianxin.platform.errors import Invalid

from .case_acts import case_form, opened
from .case_desk import CaseDesk, case_url, desk_of
from .case_forms import (
    AnswerOfOthersForm,
    AppealAnswerForm,
    HandOverForm,
    PauseForm,
    ProlongForm,
    TierForm,
    WhyForm,
)
from .case_gate import keeper_presses, keeping, open_case, open_decision, open_handover, supervising, working


@working
def decide(request: HttpRequest, case: UUID) -> HttpResponse:
    """Treat a case otherwise than the rules say, with the reason."""
    desk, row = opened(request, case)
    return case_form(
        request,
        desk,
        row,
        TierForm(request.POST or None, initial={"tier": row.tier}),
        do=lambda entered: tiers.decide(
            actor=desk.actor, case=case, tier=entered["tier"], words=entered["words"], at=desk.at, key=entered["key"]
        ),
        said=_("Saved. Its clock runs anew."),
        title=_("Treat it otherwise"),
        button=_("Save"),
        lead=_("The rules decided from what was said. Who brought it reads your reason."),
    )


@supervising
def answer_appeal(request: HttpRequest, decision: UUID) -> HttpResponse:
    """Answer those who want a case treated otherwise."""
    desk = desk_of(request)
    asked = open_decision(desk.actor, decision)
    row = open_case(desk.actor, asked.case_id)
    return case_form(
        request,
        desk,
        row,
        AppealAnswerForm(request.POST or None),
        do=lambda entered: tiers.answer_appeal(
            actor=desk.actor,
            decision=decision,
            tier=entered["tier"] or None,
            words=entered["words"],
            at=desk.at,
            key=entered["key"],
        ),
        said=_("The answer is on its way."),
        title=_("Answer their wish"),
        button=_("Answer"),
        lead=f"“{asked.appeal_words}”",
    )


@keeping
def pause(request: HttpRequest, case: UUID) -> HttpResponse:
    """Let a case's clock stand still, with a reason that everybody who brought it may read."""
    desk, row = opened(request, case)
    return case_form(
        request,
        desk,
        row,
        PauseForm(request.POST or None),
        do=lambda entered: pausing.pause(actor=desk.actor, case=case, **_but(entered), at=desk.at, key=entered["key"]),
        said=_("It waits. You are reminded to look at it again."),
        title=_("It has to wait"),
        button=_("Let it wait"),
    )


@keeper_presses
def resume(request: HttpRequest, case: UUID) -> HttpResponse:
    """Let a case go on with one press."""
    desk, _row = opened(request, case)
    return press(
        request,
        do=lambda: pausing.resume(actor=desk.actor, case=case, at=desk.at, key=key_of(request)),
        back=case_url(case),
        said=_("It goes on, and its clock runs again."),
    )


@keeping
def prolong(request: HttpRequest, case: UUID) -> HttpResponse:
    """Let a case that waits wait on, until another day."""
    desk, row = opened(request, case)
    return case_form(
        request,
        desk,
        row,
        ProlongForm(request.POST or None),
        do=lambda entered: pausing.prolong(
            actor=desk.actor, case=case, **_but(entered), at=desk.at, key=entered["key"]
        ),
        said=_("It waits on. You are reminded to look at it again."),
        title=_("It still has to wait"),
        button=_("Let it wait"),
    )


@working
def hand_over(request: HttpRequest, case: UUID) -> HttpResponse:
    """Give a case to somebody outside; the centre stays who answers."""
    desk, row = opened(request, case)
    return case_form(
        request,
        desk,
        row,
        HandOverForm(request.POST or None, desk=desk),
        do=lambda entered: handovers.hand_over(
            actor=desk.actor, case=case, **_but(entered), at=desk.at, key=entered["key"]
        ),
        said=_("Handed over. You are reminded when they should have answered."),
        title=_("Hand it over"),
        button=_("Hand it over"),
        lead=_("You stay who tells the residents. When those outside do not answer in time, you are reminded."),
    )


@keeping
def outside_answered(request: HttpRequest, handover: UUID) -> HttpResponse:
    """Write down what those outside answered: the case is with the office again, or stays with them."""
    desk, row = _handed(request, handover)

    def do(entered: dict[str, Any]) -> Any:
        goes_on = entered["goes_on"] == "stays"
        if goes_on and entered["answer_by"] is None:
            raise Invalid(fields={"answer_by": [_("Say until when they answer.")]})
        return handovers.note_answer(
            actor=desk.actor,
            handover=handover,
            words=entered["words"],
            answer_by=entered["answer_by"] if goes_on else None,
            their_number=entered["their_number"],
            at=desk.at,
            key=entered["key"],
        )

    return case_form(
        request,
        desk,
        row,
        AnswerOfOthersForm(request.POST or None),
        do=do,
        said=_("Saved, and everybody who brought it is told."),
        title=_("They answered"),
        button=_("Save"),
    )


@working
def take_back(request: HttpRequest, handover: UUID) -> HttpResponse:
    """Take a case back from those outside."""
    desk, row = _handed(request, handover)
    return case_form(
        request,
        desk,
        row,
        WhyForm(request.POST or None),
        do=lambda entered: handovers.take_back(
            actor=desk.actor, handover=handover, words=entered["words"], at=desk.at, key=entered["key"]
        ),
        said=_("It is with you again."),
        title=_("Take it back?"),
        button=pgettext("handover", "Take it back"),
    )


@keeper_presses
def remind(request: HttpRequest, handover: UUID) -> HttpResponse:
    """Note with one press that those outside were reminded."""
    desk, row = _handed(request, handover)
    return press(
        request,
        do=lambda: handovers.remind(actor=desk.actor, handover=handover, at=desk.at, key=key_of(request)),
        back=case_url(row.pk),
        said=_("Noted that you reminded them."),
    )


def _handed(request: HttpRequest, handover: UUID) -> tuple[CaseDesk, Case]:
    desk = desk_of(request)
    return desk, open_case(desk.actor, open_handover(desk.actor, handover).case_id)


def _but(entered: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entered.items() if name not in ("key", "version")}
