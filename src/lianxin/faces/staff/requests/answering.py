"""One request on one page: why it is asked, what is delivered without anybody, and what only we can answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.reporting import requests_policy as policy
from lianxin.domain.reporting.commands import requests_answers as commands
from lianxin.domain.reporting.models import RequestAnswer, RequestField, RequestReach
from lianxin.domain.reporting.queries import requests as queries
from lianxin.domain.reporting.rules import requests_periods
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.stored import answer_file
from lianxin.platform import files
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing, NotAllowed

from ..acting import ActForm, DayInput, answer_form
from .desk import REACH_TONES, context_of, opening, reading


class AnswerForm(ActForm):
    """A field for each thing that is asked by hand, filled in with what was answered last."""

    def __init__(self, *args: Any, asked: list[RequestField], before: dict[UUID, RequestAnswer], **more: Any) -> None:
        super().__init__(*args, **more)
        self.asked = asked
        for one in asked:
            self.fields[str(one.pk)] = _field_of(one, before.get(one.pk))

    def values_by_field(self) -> dict[UUID, str]:
        """Give what was typed, by field."""
        typed = [one for one in self.asked if one.answer_type != "file"]
        return {one.pk: str(self.cleaned_data.get(str(one.pk)) or "") for one in typed}


def _field_of(one: RequestField, before: RequestAnswer | None) -> forms.Field:
    label = f"{one.label} ({one.unit})" if one.unit else one.label
    sentences = [one.why]
    if before is not None and one.answer_type == "file":
        sentences.append(_("Handed in: %(name)s") % {"name": before.value})
    elif before is not None:
        words = _("Filled in from %(day)s; change it if it is otherwise now.")
        sentences.append(words % {"day": spoken(before.answered_at)})
    help_text = " · ".join(sentences)
    # What is missing is told by the command, which names the field.
    more: dict[str, Any] = {"label": label, "required": False, "help_text": help_text}
    if one.answer_type == "file":
        return forms.FileField(**more)
    more["initial"] = before.value if before else ""
    if one.answer_type == "number":
        return forms.CharField(max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **more)
    if one.answer_type == "date":
        return forms.CharField(max_length=20, widget=DayInput, **more)
    return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), **more)


@opening
def show(request: HttpRequest, request_reach: UUID) -> HttpResponse:
    """Show a request with its answer page; who only looks on reads it."""
    actor = actor_of(request)
    reach = queries.find_reach(actor=actor, reach=request_reach)
    may = policy.may_answer(actor, reach.community_id)
    if request.method == "POST" and not may:
        raise NotAllowed
    fields = queries.fields_of(reach.request)
    hands = [one for one in fields if one.how == "hand"]
    before = queries.prefilled(reach=reach)
    own = {pk: one for pk, one in before.items() if one.reach_id == reach.pk}
    is_open = may and reach.request.state == "sent" and reach.state in ("asked", "answered")
    sent = request.POST if request.method == "POST" else None
    form = AnswerForm(sent, request.FILES or None, asked=hands, before=_fillable(before, reach))
    title = reach.request.title

    def do(entered: dict[str, Any]) -> RequestReach:
        for one in hands:
            handed = entered.get(str(one.pk))
            if one.answer_type == "file" and handed:
                commands.attach(
                    actor=actor, reach=reach.pk, field=one.pk, fileobj=handed, file_name=handed.name, at=now()
                )
        return commands.answer(actor=actor, reach=reach.pk, values=form.values_by_field(), at=now(), key=entered["key"])

    if request.method == "POST" and not is_open:
        form = AnswerForm(None, asked=[], before={})
    return answer_form(
        request,
        form,
        do=do,
        then=lambda _reach: reverse("staff:request_reach", kwargs={"request_reach": reach.pk}),
        said=_("Answered. Nobody will ask you for this again this year without a reason."),
        template="staff/requests/answer.html",
        reach=reach,
        asked=reach.request,
        is_open=is_open,
        given=[(one, own.get(one.pk)) for one in hands],
        delivered=[
            (one, requests_periods.words(one.period) if one.how == "figure" else "")
            for one in fields
            if one.how != "hand"
        ],
        state_label=reach.get_state_display(),
        state_tone=REACH_TONES[reach.state],
        facts=_facts(reach),
        button=_("Save the change") if reach.state == "answered" else _("Answer") if hands else _("It is done"),
        cancel_url=reverse("staff:requests"),
        is_multipart=any(one.answer_type == "file" for one in hands),
        **context_of(actor, "requests", title, (title, "")),
    )


def _fillable(before: dict[UUID, RequestAnswer], reach: RequestReach) -> dict[UUID, RequestAnswer]:
    """Leave out files of other requests: a file is handed in for the one that asks for it."""
    return {pk: one for pk, one in before.items() if one.file_id is None or one.reach_id == reach.pk}


def _facts(reach: RequestReach) -> list[tuple[Any, ...]]:
    row = reach.request
    found: list[tuple[Any, ...]] = [
        (_("Who asks"), f"{row.office_name} · {row.get_office_level_display()}"),
        (pgettext("request", "Kind"), row.get_kind_display()),
        (_("Community"), reach.community.short_name),
        (_("Due by"), spoken(reach.due_at)),
        (_("Purpose"), row.purpose or None),
        (pgettext("request", "Approved by"), " · ".join(filter(None, (row.approver, row.approval_number))) or None),
        (_("How often"), row.get_repeats_display()),
        (_("Asked until"), spoken(row.expires_on) if row.expires_on else None),
    ]
    if row.legal_basis:
        found.append((_("Legal basis"), row.legal_basis))
    if reach.answered_at:
        found.append((_("Answered"), spoken(reach.answered_at)))
    return found


@reading
def file(request: HttpRequest, request_answer: UUID) -> HttpResponse:
    """Give the file that was handed in."""
    found = queries.find_answer(actor=actor_of(request), answer=request_answer)
    if found.file_id is None:
        raise Missing
    answered = answer_file(files.find_file(found.file_id))
    answered["Content-Disposition"] = "inline"
    return answered
