"""One filled form: its answers in the order of the questions, what was heard from it, and whether it counts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import submissions as commands
from lianxin.domain.needs.models import NeedReport, Submission, SubmissionFile
from lianxin.domain.needs.queries import surveys as queries
from lianxin.domain.needs.queries.survey_results import Line, lines_of
from lianxin.domain.needs.rules import receipts
from lianxin.engines.masking import mask_name
from lianxin.engines.xforms import BadSubmission, OtherForm
from lianxin.faces.kit.acting import key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.platform import files, scope
from lianxin.platform.errors import Missing
from lianxin.platform.sensitive import Unreadable

from ..acting import ActForm, answer_form, long_text
from ..points.lists import Press
from .desk import SUBMISSION_TONES, crumbs, desk_of, story, survey_url, yes_no
from .gate import keeping, presses, reading


class AsideForm(ActForm):
    """Why a form does not count."""

    reason = long_text(gettext_lazy("Reason"), most=200, rows=2, required=True)


@reading
def show(request: HttpRequest, submission: UUID) -> HttpResponse:
    """Show one filled form."""
    desk = desk_of(request)
    row = queries.find_submission(actor=desk.actor, submission=submission)
    survey = row.survey_version.survey
    may_see = policy.may_see_askers(desk.actor, row.community_id)
    with scope.everything():
        kept = {one.name: one for one in SubmissionFile.objects.filter(submission=row)}
        voices = list(NeedReport.objects.filter(submission=row).order_by("pk"))
        lines = [_line(row, one, kept) for one in _lines(row, names=may_see)]
    way = [(_("Answers"), survey_url(survey.pk, "survey_answers")), (spoken(row.received_at), "")]
    context = {
        "title": _("Answers of %(moment)s") % {"moment": spoken(row.received_at)},
        "crumbs": crumbs(survey, *way),
        "subtitle": survey.title,
        "state_label": row.get_state_display(),
        "state_tone": SUBMISSION_TONES[Submission.State(row.state)],
        "banners": [("info", row.state_reason)] if row.state_reason else [],
        "presses": _presses(row) if policy.may_survey(desk.actor, [row.community_id]) else [],
        "lines": lines,
        "voices": [(reverse("staff:voice", kwargs={"voice": one.pk}), one.words) for one in voices],
        "facts": _facts(row, voices, may_see=may_see),
        "acts": _acts(row) if policy.may_survey(desk.actor, [row.community_id]) else [],
        "entries": story(queries.timeline_of(actor=desk.actor, kind="needs.submission", record=row.pk)),
    }
    return render(request, "staff/surveys/answers.html", context)


@reading
def picture(request: HttpRequest, submission: UUID, submission_file: UUID) -> Any:
    """Give a picture that belongs to a filled form."""
    row = queries.find_submission(actor=desk_of(request).actor, submission=submission)
    policy.require(policy.may_see_askers(desk_of(request).actor, row.community_id))
    with scope.everything():
        kept = SubmissionFile.objects.filter(submission=row, pk=submission_file).first()
    if kept is None:
        raise Missing
    stored = files.find_file(kept.file_id)
    return FileResponse(files.open_file(file=stored), content_type=stored.content_type)


@keeping
def set_aside(request: HttpRequest, submission: UUID) -> HttpResponse:
    """Count a filled form no longer."""
    desk = desk_of(request)
    row = queries.find_submission(actor=desk.actor, submission=submission)
    back = reverse("staff:submission", kwargs={"submission": row.pk})

    def do(entered: dict[str, Any]) -> Submission:
        reason = entered["reason"]
        return commands.set_aside(actor=desk.actor, submission=row.pk, reason=reason, at=desk.at, key=entered["key"])

    return answer_form(
        request,
        AsideForm(request.POST or None),
        do=do,
        then=lambda _done: back,
        said=_("These answers are set aside."),
        title=_("Set these answers aside"),
        lead=_("They stay on record and count no more. Needs that were heard from them stay heard."),
        button=_("Set aside"),
        cancel_url=back,
        crumbs=crumbs(row.survey_version.survey, (_("Set aside"), "")),
    )


@presses
def take_back(request: HttpRequest, submission: UUID) -> HttpResponse:
    """Count a filled form again."""
    desk = desk_of(request)
    row = queries.find_submission(actor=desk.actor, submission=submission)

    def do() -> None:
        commands.take_back_aside(actor=desk.actor, submission=row.pk, at=desk.at, key=key_of(request))

    back = reverse("staff:submission", kwargs={"submission": row.pk})
    return press(request, do=do, back=back, said=_("These answers are taken back."))


def _lines(row: Submission, *, names: bool) -> list[Line]:
    try:
        return lines_of(row, names=names)
    except (Unreadable, BadSubmission, OtherForm):
        return [Line(_("The answers cannot be read any more."), "", 0)]


def _line(row: Submission, line: Line, kept: dict[str, SubmissionFile]) -> tuple[Line, str]:
    """Give a line with the address of its picture, if there is one."""
    one = kept.get(line.file_name)
    if one is None or one.file_id is None:
        return line, ""
    return line, reverse("staff:submission_picture", kwargs={"submission": row.pk, "submission_file": one.pk})


def _facts(row: Submission, voices: list[NeedReport], *, may_see: bool) -> list[tuple[Any, Any]]:
    facts: list[tuple[Any, Any]] = [
        (_("Community"), row.community.short_name),
        (pgettext("survey", "How"), row.get_how_display()),
        (pgettext("survey", "Received"), spoken(row.received_at)),
        (pgettext("survey", "Version"), row.survey_version.number),
        (pgettext("survey", "Counts"), yes_no(row.counts)),
    ]
    if row.person is not None and may_see:
        facts.append((pgettext("survey", "Filled in by"), mask_name(row.person.name)))
    if row.device:
        facts.append((pgettext("survey", "From a phone"), row.device))
    if voices:
        facts.append((_("Receipts"), "、".join(receipts.spaced(one.receipt) for one in voices)))
    return facts


def _presses(row: Submission) -> list[Press]:
    if row.state != Submission.State.REJECTED:
        return []
    return [Press(reverse("staff:submission_back", kwargs={"submission": row.pk}), _("Count it again"))]


def _acts(row: Submission) -> list[tuple[str, Any]]:
    if row.state != Submission.State.RECEIVED:
        return []
    return [(reverse("staff:submission_aside", kwargs={"submission": row.pk}), _("Set these answers aside"))]
