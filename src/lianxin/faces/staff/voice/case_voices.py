"""What is done about one voice of a case: what they said is written down, they are told otherwise, a photo is added."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.voice.commands import closing, pictures, telling, tiers, urging
from lianxin.domain.voice.models import Case, CaseAnswer, CaseReport
from lianxin.domain.voice.rules import receipts
from lianxin.faces.kit.acting import key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.stored import answer_file
from lianxin.platform import files

from ..acting import ActForm
from ..points.lists import Press
from .case_acts import case_form
from .case_desk import CaseDesk, case_url, desk_of
from .case_forms import AskedForm, ChannelForm, PhotoForm, SaidForm, UrgeForm, WordsForm
from .case_gate import (
    keeper_presses,
    keeping,
    open_case,
    open_picture,
    open_report,
    open_written_down,
    reading,
    taking_reads,
    working,
)


def opened(request: HttpRequest, report: UUID) -> tuple[CaseDesk, CaseReport, Case]:
    """Open a voice and its case for a form about it; raises Missing."""
    desk = desk_of(request)
    voice = open_report(desk.actor, report)
    return desk, voice, open_case(desk.actor, voice.case_id)


def _form(request: HttpRequest, report: UUID, form: ActForm, *, do: Any, **more: Any) -> HttpResponse:
    desk, voice, row = opened(request, report)
    return case_form(request, desk, row, form, do=lambda entered: do(desk, entered), lead=f"“{voice.words}”", **more)


@keeping
def say(request: HttpRequest, report: UUID) -> HttpResponse:
    """Write down what somebody says of how it went, heard on the phone, on paper, on a visit or at the desk."""
    return _form(
        request,
        report,
        SaidForm(request.POST or None),
        do=lambda desk, entered: closing.say(
            actor=desk.actor,
            report=report,
            solved=entered["solved"] == "yes",
            words=entered["words"],
            how=entered["how"],
            at=desk.at,
            key=entered["key"],
        ),
        said=_("Written down, with your name beside it."),
        title=_("What do they say?"),
        button=_("Write down"),
    )


@keeping
def appeal(request: HttpRequest, report: UUID) -> HttpResponse:
    """Write down that somebody wants it treated otherwise; the office above answers."""
    return _form(
        request,
        report,
        WordsForm(request.POST or None),
        do=lambda desk, entered: tiers.appeal(
            actor=desk.actor, report=report, words=entered["words"], at=desk.at, key=entered["key"]
        ),
        said=_("The office above is asked, and answers them."),
        title=_("They want it treated otherwise"),
        button=_("Ask the office above"),
    )


@keeping
def urge(request: HttpRequest, report: UUID) -> HttpResponse:
    """Write down that somebody asked again."""
    return _form(
        request,
        report,
        UrgeForm(request.POST or None),
        do=lambda desk, entered: urging.urge(
            actor=desk.actor, report=report, how=entered["how"], at=desk.at, key=entered["key"]
        ),
        said=_("Noted. Who looks after it sees that they asked again."),
        title=_("They ask again"),
        button=_("Note it"),
    )


@working
def reopen(request: HttpRequest, report: UUID) -> HttpResponse:
    """Take an ended case up again, as somebody who brought it wishes."""
    return _form(
        request,
        report,
        AskedForm(request.POST or None),
        do=lambda desk, entered: closing.reopen(
            actor=desk.actor,
            report=report,
            words=entered["words"],
            how=entered["how"],
            at=desk.at,
            key=entered["key"],
        ),
        said=_("It goes on. Everything said so far stays on record."),
        title=_("Take it up again?"),
        button=_("Take it up again"),
    )


@keeping
def withdraw(request: HttpRequest, report: UUID) -> HttpResponse:
    """Take a voice back for whoever said it."""
    return _form(
        request,
        report,
        ActForm(request.POST or None),
        do=lambda desk, entered: closing.withdraw(actor=desk.actor, report=report, at=desk.at, key=entered["key"]),
        said=_("Taken back. The words stay on record."),
        title=_("Do they take it back?"),
        button=pgettext("voice", "Take it back"),
    )


@keeping
def channel(request: HttpRequest, report: UUID) -> HttpResponse:
    """Change how somebody is told."""
    _desk, voice, _row = opened(request, report)
    return _form(
        request,
        report,
        ChannelForm(request.POST or None, initial={"channel": voice.channel}),
        do=lambda desk, entered: telling.change_channel(
            actor=desk.actor,
            report=report,
            channel=entered["channel"],
            phone=entered["phone"],
            at=desk.at,
            key=entered["key"],
        ),
        said=_("Saved. Answers that still wait to be told follow this."),
        title=_("Change how they are told"),
        button=_("Save"),
    )


@keeping
def photo(request: HttpRequest, report: UUID) -> HttpResponse:
    """Add a photo; none is ever needed."""
    return _form(
        request,
        report,
        PhotoForm(request.POST or None, request.FILES or None),
        do=lambda desk, entered: pictures.add_picture(
            actor=desk.actor, report=report, upload=entered["photo"], caption=entered["caption"], at=desk.at
        ),
        said=_("The photo is kept. Only colleagues see it."),
        title=_("Add a photo"),
        button=pgettext("button", "Add"),
    )


@reading
def picture(request: HttpRequest, case_picture: UUID) -> HttpResponse:
    """Give a picture itself."""
    return answer_file(files.find_file(open_picture(desk_of(request).actor, case_picture).file_id))


@keeper_presses
def picture_turn(request: HttpRequest, case_picture: UUID) -> HttpResponse:
    """Show a picture on the board, after looking that nobody can be recognised, or take it from there."""
    desk = desk_of(request)
    row = open_picture(desk.actor, case_picture)
    turn = pictures.hide if row.is_public else pictures.show
    return press(
        request,
        do=lambda: turn(actor=desk.actor, picture=case_picture, at=desk.at, key=key_of(request)),
        back=case_url(row.report.case_id),
        said=_("Only colleagues see it now.") if row.is_public else _("It is shown with the case on the board."),
    )


@reading
def audio(request: HttpRequest, report: UUID) -> HttpResponse:
    """Give a voice note itself."""
    _desk, voice, _row = opened(request, report)
    return answer_file(files.find_file(voice.voice_file))


@taking_reads
def slip(request: HttpRequest, report: UUID) -> HttpResponse:
    """Give a voice's receipt as a slip of paper, with what they were told so far and a part to bring back."""
    desk = desk_of(request)
    voice = open_written_down(desk.actor, report)
    row = voice.case
    answers = list(voice.answers.order_by("made_at", "pk"))  # type: ignore[attr-defined]
    to_hand = [one for one in answers if one.state == CaseAnswer.State.TO_HAND]
    asks = row.state == Case.State.DONE and not voice.said
    has_phone = voice.guest_phone is not None or bool(voice.person and voice.person.phone_last4)
    named = {"report": report}
    return render(
        request,
        "staff/voice/cases/slip.html",
        {
            "row": voice,
            "number": receipts.spaced(voice.receipt),
            "word": "" if has_phone else receipts.word_for(voice.pk),
            "answers": answers,
            "due": spoken(row.due_at) if row.due_at is not None and not answers else "",
            "asks": asks,
            "confirm_by": spoken(row.confirm_by) if row.confirm_by else "",
            "confirms": Press(reverse("staff:case_handed_over", kwargs=named), _("They have this slip"))
            if to_hand and desk.keeps
            else None,
            "link": telling.link_of(voice),
            "sheet_title": pgettext("voice", "Receipt"),
            "sheet_place": voice.community.short_name,
            "sheet_period": spoken(voice.heard_at),
            "sheet_url": telling.link_of(voice),
            "printed_at": desk.at,
            "back_url": case_url(row.pk) if desk.reads else reverse("staff:case_new"),
        },
    )


@keeper_presses
def handed_over(request: HttpRequest, report: UUID) -> HttpResponse:
    """Note that somebody has the slip with what they were to be told on paper."""
    desk, voice, row = opened(request, report)
    waiting = voice.answers.filter(state=CaseAnswer.State.TO_HAND)  # type: ignore[attr-defined]
    answers = list(waiting.values_list("pk", flat=True))
    return press(
        request,
        do=lambda: telling.note_told(actor=desk.actor, answers=answers, at=desk.at, key=key_of(request)),
        back=case_url(row.pk),
        said=_("Noted that they have it."),
    )
