"""What is done with a commitment: shown, verified by somebody else, moved, released, noted as broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.voice.commands import commitments as commands
from lianxin.domain.voice.models import Commitment

from ..acting import VersionedForm, answer_form, day_field, long_text
from .case_desk import desk_of
from .matter_desk import commitment_url
from .matter_gate import keeping, open_commitment
from .meeting_forms import WordsForm


class ShowForm(VersionedForm):
    """What was done."""

    evidence = long_text(gettext_lazy("What was done, and how it can be seen"), most=500, required=True)
    file = forms.FileField(
        label=gettext_lazy("Photo or paper"),
        required=False,
        help_text=gettext_lazy("JPG, PNG or PDF, at most 5 MB. Not needed."),
    )


class VerifyForm(VersionedForm):
    """Whether it was kept, says who looked."""

    kept = forms.ChoiceField(
        label=gettext_lazy("Was it kept?"),
        widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("Yes, it is kept")), ("no", gettext_lazy("No, something is missing"))],
    )
    verifier_name = forms.CharField(
        label=gettext_lazy("Who looked"), max_length=40, help_text=gettext_lazy("Somebody else than who promised.")
    )
    words = long_text(gettext_lazy("What they saw, or what is missing"), most=500)


class MoveForm(VersionedForm):
    """Another day, and why."""

    due_by = day_field(gettext_lazy("Due by"))
    words = long_text(gettext_lazy("Why"), most=300, required=True)


def _answer(
    request: HttpRequest,
    row: Commitment,
    form: VersionedForm,
    do: Callable[[dict[str, Any]], Any],
    title: Any,
    said: Any = "",
) -> HttpResponse:
    return answer_form(
        request,
        form,
        do=do,
        then=lambda _row: commitment_url(row.pk),
        said=said or gettext_lazy("Saved."),
        title=title,
        lead=f"{row.owner_name}：{row.words}",
        button=title,
        cancel_url=commitment_url(row.pk),
        crumbs=[
            (pgettext("voice", "Promises"), reverse("staff:commitments")),
            (_("Commitment no. %(number)d") % {"number": row.number}, commitment_url(row.pk)),
            (title, ""),
        ],
    )


@keeping
def say_done(request: HttpRequest, commitment: UUID) -> HttpResponse:
    """Say that a promise was kept and how it can be seen."""
    desk = desk_of(request)
    row = open_commitment(desk.actor, commitment)
    initial = {"evidence": row.evidence, "version": row.version}
    form = ShowForm(request.POST or None, request.FILES or None, initial=initial)

    def do(entered: dict[str, Any]) -> Commitment:
        sent = entered["file"]
        return commands.show(
            actor=desk.actor,
            commitment=commitment,
            evidence=entered["evidence"],
            fileobj=sent,
            file_name=sent.name if sent else "",
            version=entered["version"],
            at=desk.at,
            key=entered["key"] if not sent else None,
        )

    return _answer(request, row, form, do, _("Say that it was done"), _("Saved. Now somebody else verifies it."))


@keeping
def verify(request: HttpRequest, commitment: UUID) -> HttpResponse:
    """Say whether somebody saw it kept."""
    desk = desk_of(request)
    row = open_commitment(desk.actor, commitment)
    form = VerifyForm(request.POST or None, initial={"version": row.version})
    return _answer(
        request,
        row,
        form,
        lambda entered: commands.verify(
            actor=desk.actor,
            commitment=commitment,
            kept=entered["kept"] == "yes",
            **form.values("verifier_name", "words", "version", "key"),
            at=desk.at,
        ),
        _("Verify it"),
    )


@keeping
def move(request: HttpRequest, commitment: UUID) -> HttpResponse:
    """Let it be kept by another day."""
    desk = desk_of(request)
    row = open_commitment(desk.actor, commitment)
    form = MoveForm(request.POST or None, initial={"due_by": row.due_by, "version": row.version})
    return _answer(
        request,
        row,
        form,
        lambda entered: commands.move_due(
            actor=desk.actor, commitment=commitment, **form.values("due_by", "words", "version", "key"), at=desk.at
        ),
        _("Move its day"),
    )


def _with_words(do: Callable[..., Any], title: Any) -> Any:
    @keeping
    def answer(request: HttpRequest, commitment: UUID) -> HttpResponse:
        desk = desk_of(request)
        row = open_commitment(desk.actor, commitment)
        form = WordsForm(request.POST or None, initial={"version": row.version})
        return _answer(
            request,
            row,
            form,
            lambda entered: do(
                actor=desk.actor, commitment=commitment, **form.values("words", "version", "key"), at=desk.at
            ),
            title,
        )

    return answer


release = _with_words(commands.release, gettext_lazy("Release it"))
break_ = _with_words(commands.break_, gettext_lazy("It was not kept"))
