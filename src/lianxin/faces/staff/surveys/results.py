"""What a survey came to, question by question, on the page, on paper and as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs.queries import survey_results as queries
from lianxin.domain.needs.queries import surveys
from lianxin.domain.needs.queries.survey_results import BY_AGE, BY_COMMUNITY, Question, Results
from lianxin.domain.needs.queries.survey_tables import tables
from lianxin.platform import clock
from lianxin.platform.workbooks import Page, write_pages

from ..sheets import XLSX
from .desk import crumbs, desk_of, survey_url
from .gate import reading


class ResultsFilter(forms.Form):
    """What is compared, and whose answers."""

    by = forms.ChoiceField(
        label=gettext_lazy("Compare"),
        required=False,
        choices=[
            ("", gettext_lazy("nothing")),
            (BY_AGE, gettext_lazy("ages")),
            (BY_COMMUNITY, pgettext_lazy("survey", "communities")),
        ],
    )
    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)

    def __init__(self, *args: Any, places: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if len(places) < 2:
            del fields["community"]
            fields["by"].choices = [one for one in fields["by"].choices if one[0] != BY_COMMUNITY]
        else:
            fields["community"].choices = [("", _("All")), *((str(pk), name) for pk, name in places)]


@dataclass(frozen=True)
class Bar:
    """One choice as a bar: its words, its count of how many, and the counts by column."""

    label: str
    count: int
    of: int
    by: list[tuple[int, int]]


@dataclass(frozen=True)
class Part:
    """One question as it is shown."""

    question: Question
    bars: list[Bar]
    told: str


@reading
def show(request: HttpRequest, survey: UUID) -> HttpResponse:
    """Show for each question how many answered what, of how many who answered it."""
    desk = desk_of(request)
    row = surveys.find_survey(actor=desk.actor, survey=survey)
    places = [one for one in surveys.asked_in(row) if desk.actor.covers(one[0])]
    form = ResultsFilter(request.GET, places=places)
    wanted: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    community = UUID(wanted["community"]) if wanted.get("community") else None
    found = queries.results(actor=desk.actor, survey=row, by=wanted.get("by", ""), community=community)
    printed = request.GET.get("as") == "print"
    context = {
        "title": _("Results of “%(survey)s”") % {"survey": row.title},
        "crumbs": crumbs(row, (_("Results"), "")),
        "form": form,
        "found": found,
        "parts": [_part(one, found) for one in found.questions],
        "columns": [name for _key, name in found.columns],
        "export_link": survey_url(row.pk, "survey_export"),
        "answers_link": survey_url(row.pk, "survey_answers"),
        "sheet_title": _("Results of “%(survey)s”") % {"survey": row.title},
        "sheet_place": dict(places).get(community, "") if community else row.community.short_name,
        "back_url": survey_url(row.pk, "survey_results"),
        "printed_at": desk.at,
    }
    return render(request, "staff/surveys/results_sheet.html" if printed else "staff/surveys/results.html", context)


@reading
def export(request: HttpRequest, survey: UUID) -> HttpResponse:
    """Give all answers as a workbook: a row for each form, and a sheet of its own for each repeat."""
    desk = desk_of(request)
    row = surveys.find_survey(actor=desk.actor, survey=survey)
    sheets = tables(actor=desk.actor, survey=row)
    body = write_pages([Page(one.name, one.headings, one.rows) for one in sheets])
    name = f"{row.title} {clock.local_day(desk.at)}.xlsx"
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return HttpResponse(body, content_type=XLSX, headers={"Content-Disposition": disposition})


def _part(one: Question, found: Results) -> Part:
    bars = [
        Bar(
            option.label,
            option.count,
            one.answered,
            [(option.by.get(key, 0), one.asked_by.get(key, 0)) for key, _name in found.columns],
        )
        for option in one.options
    ]
    told = _("%(answered)d of %(asked)d who were asked answered") % {"answered": one.answered, "asked": one.asked}
    if one.asked < found.counted:
        told = _("%(told)s; %(others)d were not asked") % {"told": told, "others": found.counted - one.asked}
    return Part(one, bars, told)
