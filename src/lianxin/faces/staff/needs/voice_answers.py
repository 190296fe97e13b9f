"""What is said about one voice: closed with an answer, answered, whether it was met, taken out, taken back."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs.commands import answers, closing, joining
from lianxin.domain.needs.models import Answer, NeedReport
from lianxin.domain.voice.commands.from_needs import from_need
from lianxin.domain.voice.models import Subject

from ..acting import ActForm, answer_form, long_text
from .desk import voice_url
from .gate import keeping
from .voice_acts import crumbs_of, open_one


class CloseForm(ActForm):
    """What becomes of a voice that does not come on the list, and what the asker is told."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What becomes of it?"),
        choices=[
            ("not_a_need", gettext_lazy("Answered here, nothing to arrange")),
            ("referred", gettext_lazy("Handed to another office")),
        ],
        widget=forms.RadioSelect,
    )
    referred_to = forms.CharField(
        label=gettext_lazy("Which office?"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For example 12345, or the name of the office."),
    )
    words = long_text(gettext_lazy("What the asker is told"), most=300, required=True)


class AnswerForm(ActForm):
    """What one asker is told."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of answer is it?"),
        choices=[(kind, Answer.Kind(kind).label) for kind in ("heard", "planned", "done", "cannot")],
    )
    words = long_text(gettext_lazy("What the asker is told"), most=1000, required=True)


class ChannelForm(ActForm):
    """How an asker is told from now on."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How are they told?"),
        choices=[one for one in NeedReport.Channel.choices if one[0] != "wechat"],
    )


class MetForm(ActForm):
    """What an asker says of how it went."""

    met = forms.ChoiceField(label=gettext_lazy("Was it met?"), choices=NeedReport.Met.choices, widget=forms.RadioSelect)
    words = long_text(gettext_lazy("In their words"), most=300)


@keeping
def close(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Close a voice that does not come on the list, and tell the asker why."""
    desk, row = open_one(request, voice)
    return answer_form(
        request,
        CloseForm(request.POST or None),
        do=lambda entered: closing.close_as(
            actor=desk.actor,
            report=voice,
            outcome=entered["outcome"],
            words=entered["words"],
            referred_to=entered["referred_to"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: reverse("staff:needs_inbox"),
        said=_("Closed, and the answer is on its way."),
        title=_("Close it with an answer"),
        lead=f"“{row.words}”",
        button=_("Close and answer"),
        cancel_url=voice_url(voice),
        crumbs=crumbs_of(row, pgettext_lazy("needs", "Close")),
    )


class CaseForm(ActForm):
    """What a complaint is about."""

    subject = forms.ChoiceField(label=gettext_lazy("What is it about?"), choices=Subject.choices, initial=Subject.OTHER)
    is_danger = forms.BooleanField(label=gettext_lazy("Somebody is in danger, or soon will be"), required=False)


@keeping
def case(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Take a voice that is really a complaint over as a case; its asker gets the new receipt."""
    desk, row = open_one(request, voice)
    return answer_form(
        request,
        CaseForm(request.POST or None),
        do=lambda entered: from_need(
            actor=desk.actor,
            report=voice,
            subject=entered["subject"],
            is_danger=entered["is_danger"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda made: reverse("staff:case", kwargs={"case": made.case_id}) + f"?heard={made.pk}",
        said=_("It is a case now, with a receipt of its own. The voice is closed as handed on."),
        title=_("Make it a case"),
        lead=f"“{row.words}”",
        button=_("Make it a case"),
        cancel_url=voice_url(voice),
        crumbs=crumbs_of(row, _("Make it a case")),
    )


@keeping
def answer(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Answer one asker in person."""
    desk, row = open_one(request, voice)
    return answer_form(
        request,
        AnswerForm(request.POST or None),
        do=lambda entered: answers.answer_report(
            actor=desk.actor, report=voice, words=entered["words"], kind=entered["kind"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: voice_url(voice),
        said=_("The answer is on its way."),
        title=_("Answer in person"),
        lead=f"“{row.words}”",
        button=_("Answer"),
        cancel_url=voice_url(voice),
        crumbs=crumbs_of(row, _("Answer")),
    )


@keeping
def channel(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Change how an asker is told."""
    desk, row = open_one(request, voice)
    return answer_form(
        request,
        ChannelForm(request.POST or None, initial={"channel": row.channel}),
        do=lambda entered: answers.change_channel(
            actor=desk.actor, report=voice, channel=entered["channel"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: voice_url(voice),
        said=_("Saved."),
        title=_("Change how they are told"),
        lead=_("Answers that still wait to be told follow this."),
        button=_("Save"),
        cancel_url=voice_url(voice),
        crumbs=crumbs_of(row, pgettext_lazy("needs", "Told by")),
    )


@keeping
def met(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Note what an asker says of how it went, as heard on the phone or at the desk."""
    desk, row = open_one(request, voice)
    return answer_form(
        request,
        MetForm(request.POST or None, initial={"met": row.met, "words": row.met_words}),
        do=lambda entered: answers.say_met(
            actor=desk.actor, report=voice, met=entered["met"], words=entered["words"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: voice_url(voice),
        said=_("Saved."),
        title=_("Note whether it was met"),
        lead=f"“{row.words}”",
        button=_("Save"),
        cancel_url=voice_url(voice),
        crumbs=crumbs_of(row, _("Was it met?")),
    )


@keeping
def leave(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Take a voice out of its entry."""
    desk, row = open_one(request, voice)
    return answer_form(
        request,
        ActForm(request.POST or None),
        do=lambda entered: joining.take_out(actor=desk.actor, report=voice, at=desk.at, key=entered["key"]),
        then=lambda _row: voice_url(voice),
        said=_("It is among the new voices again."),
        title=_("Take it out of its entry?"),
        lead=_("The words, the receipt and what they were told stay. An entry without any voice leaves the list."),
        button=_("Take it out"),
        cancel_url=voice_url(voice),
        crumbs=crumbs_of(row, _("Take it out")),
    )


@keeping
def withdraw(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Take a voice back for whoever said it."""
    desk, row = open_one(request, voice)
    return answer_form(
        request,
        ActForm(request.POST or None),
        do=lambda entered: closing.withdraw(actor=desk.actor, report=voice, at=desk.at, key=entered["key"]),
        then=lambda _row: voice_url(voice),
        said=_("Taken back."),
        title=_("Do they take it back?"),
        lead=_("It leaves the list; the words stay on record."),
        button=_("Take it back"),
        cancel_url=voice_url(voice),
        crumbs=crumbs_of(row, _("Take it back")),
    )


@keeping
def reopen(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Put a closed voice among the new ones again."""
    desk, row = open_one(request, voice)
    return answer_form(
        request,
        ActForm(request.POST or None),
        do=lambda entered: closing.take_up_again(actor=desk.actor, report=voice, at=desk.at, key=entered["key"]),
        then=lambda _row: voice_url(voice),
        said=_("It is among the new voices again."),
        title=_("Take it up again?"),
        lead=_("What they were told stays on record."),
        button=_("Take it up again"),
        cancel_url=voice_url(voice),
        crumbs=crumbs_of(row, _("Take it up again")),
    )
