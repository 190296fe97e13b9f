"""The surveys of a community, and the answers that came to one of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs import policy
from lianxin.domain.needs.models import Submission, Survey
from lianxin.domain.needs.queries import surveys as queries
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..needs.desk import page_of
from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from .desk import SUBMISSION_TONES, NeedsDesk, crumbs, desk_of, state_of, yes_no
from .gate import reading

COLUMNS = (
    Column(pgettext_lazy("survey", "Survey")),
    Column(pgettext_lazy("survey", "Asked by")),
    Column(pgettext_lazy("survey", "Answered through")),
    Column(pgettext_lazy("survey", "Open from")),
    Column(pgettext_lazy("survey", "Open until")),
    Column(pgettext_lazy("survey", "Answers"), numeric=True),
    Column(gettext_lazy("State")),
)
ANSWER_COLUMNS = (
    Column(pgettext_lazy("survey", "Received")),
    Column(gettext_lazy("Community")),
    Column(pgettext_lazy("survey", "How")),
    Column(pgettext_lazy("survey", "Version"), numeric=True),
    Column(pgettext_lazy("survey", "Counts")),
    Column(pgettext_lazy("survey", "From a phone")),
    Column(gettext_lazy("State")),
)


class SurveysFilter(forms.Form):
    """Which surveys to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *Survey.State.choices]
    )
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=60)


class AnswersFilter(forms.Form):
    """Which answers to see."""

    how = forms.ChoiceField(
        label=pgettext_lazy("survey", "How"),
        required=False,
        choices=[("", gettext_lazy("All")), *Submission.How.choices],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *Submission.State.choices]
    )


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List the surveys that are asked here, newest first."""
    desk = desk_of(request)
    form = SurveysFilter(request.GET)
    form.is_valid()
    wanted: dict[str, Any] = form.cleaned_data
    with scope.everything():
        rows = queries.list_surveys(actor=desk.actor)
        if wanted.get("state"):
            rows = rows.filter(state=wanted["state"])
        if wanted.get("q"):
            rows = rows.filter(title__icontains=wanted["q"])

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_row(one, desk) for one in part], following

        context = desk.context("surveys", _("Surveys"))
        new = reverse("staff:survey_new")
        may = policy.may_survey_any(desk.actor)
        context |= {
            "form": form,
            "lead": _("Ask by link, by poster or on visits. What people wish for comes to the new voices by itself."),
            "buttons": [
                (new, _("Begin a survey")),
                (reverse("staff:survey_starter"), _("Take our questionnaire")),
                (reverse("staff:survey_devices"), _("Phones with ODK Collect")),
            ]
            if may
            else [],
            "empty_title": _("No survey yet."),
            "empty_text": _("Begin with our questionnaire, or bring your own workbook."),
            "empty_url": new if may else "",
            "empty_link": _("Begin a survey"),
        }
        return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=rows.count())


def _row(one: Survey, desk: NeedsDesk) -> Row:
    words, tone = state_of(one, desk)
    return Row(
        cells(
            leads(one.title, "survey", survey=one.pk),
            one.community.short_name,
            one.get_asked_by_display(),
            spoken(one.opens_at) if one.opens_at else "",
            spoken(one.closes_at) if one.closes_at else "",
            one.answers,  # type: ignore[attr-defined]
            Cell(words, tone=tone),
        ),
        pk=one.pk,
    )


@reading
def answers(request: HttpRequest, survey: UUID) -> HttpResponse:
    """List the answers that came to a survey, newest first."""
    desk = desk_of(request)
    row = queries.find_survey(actor=desk.actor, survey=survey)
    form = AnswersFilter(request.GET)
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    with scope.everything():
        rows = queries.list_submissions(actor=desk.actor, survey=row.pk).filter(**chosen)

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_answer(one) for one in part], following

        context = {
            "title": _("Answers to “%(survey)s”") % {"survey": row.title},
            "crumbs": crumbs(row, (_("Answers"), "")),
            "form": form,
            "buttons": [
                (reverse("staff:survey_results", kwargs={"survey": row.pk}), _("See the results")),
                (reverse("staff:survey_export", kwargs={"survey": row.pk}), _("Take all answers along")),
            ],
            "empty_title": _("No answers yet."),
            "empty_text": _("Share the link, or hang up the poster."),
        }
        return answer_list(request, columns=ANSWER_COLUMNS, fetch=fetch, context=context, count=rows.count())


def _answer(one: Submission) -> Row:
    return Row(
        cells(
            leads(spoken(one.received_at), "submission", submission=one.pk),
            one.community.short_name,
            one.get_how_display(),
            one.survey_version.number,
            yes_no(one.counts),
            one.device,
            Cell(one.get_state_display(), tone=SUBMISSION_TONES[one.state]),  # type: ignore[index]
        ),
        pk=one.pk,
    )
