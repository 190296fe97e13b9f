"""One survey: its link and poster, how many answers are wanted and there, its versions, and what to do next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.needs.models import Survey, SurveyVersion
from lianxin.domain.needs.queries import surveys as queries
from lianxin.domain.needs.queries.survey_results import band_words, form_questions
from lianxin.domain.needs.rules import surveys as rules
from lianxin.engines.xforms import Form
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import files, scope
from lianxin.platform.errors import Missing

from ..points.lists import Cell, Press, Row, cells, small_table
from ..points.told import Section
from .desk import NeedsDesk, crumbs, desk_of, keeps, public_url, state_of, story, survey_url
from .forms import ROLE_LABELS
from .gate import reading

VERSION_COLUMNS = (
    Column(pgettext_lazy("survey", "Version"), numeric=True),
    Column(pgettext_lazy("survey", "Named in the workbook")),
    Column(pgettext_lazy("survey", "Questions"), numeric=True),
    Column(pgettext_lazy("survey", "Read on")),
    Column(gettext_lazy("State")),
    Column(pgettext_lazy("survey", "Workbook")),
)


@reading
def show(request: HttpRequest, survey: UUID) -> HttpResponse:
    """Show one survey."""
    desk = desk_of(request)
    row = queries.find_survey(actor=desk.actor, survey=survey)
    versions = queries.list_versions(row.pk)
    keeper = keeps(row, desk)
    state, tone = state_of(row, desk)
    with scope.everything():
        count = queries.list_submissions(actor=desk.actor, survey=row.pk).filter(state="received").count()
    quotas = queries.list_quotas(actor=desk.actor, survey=row.pk)
    is_public = row.asked_by == Survey.AskedBy.LINK and row.state != Survey.State.DRAFT
    context = desk.context("surveys", row.title, (row.title, ""))
    context |= {
        "crumbs": crumbs(row),
        "subtitle": row.purpose,
        "state_label": state,
        "state_tone": tone,
        "banners": _banners(row, versions, desk),
        "presses": _presses(row, versions, desk) if keeper else [],
        "link": public_url(request, row) if is_public else "",
        "poster_url": survey_url(row.pk, "survey_poster"),
        "quotas": [
            (one.community.short_name, band_words(one.min_age, one.max_age), one.taken, one.wanted) for one in quotas
        ],
        "sections": [
            Section(
                _("Answers"),
                lines=[_("%(count)d answers count or are kept.") % {"count": count}],
                links=[
                    (survey_url(row.pk, "survey_results"), _("See the results")),
                    (survey_url(row.pk, "survey_answers"), _("Read the answers")),
                    (survey_url(row.pk, "survey_export"), _("Take all answers along")),
                ],
            ),
            Section(_("Which answers are needs"), lines=_mapping(versions[0]), empty=_("None.")),
            Section(_("Workbooks"), table=small_table(VERSION_COLUMNS, [_version(one) for one in versions])),
        ],
        "facts": _facts(row),
        "acts": _acts(row, keeper=keeper),
        "entries": story(queries.timeline_of(actor=desk.actor, kind="needs.survey", record=row.pk)),
    }
    return render(request, "staff/surveys/record.html", context)


@reading
def poster(request: HttpRequest, survey: UUID) -> HttpResponse:
    """Give a poster with the code of a survey's page."""
    desk = desk_of(request)
    row = queries.find_survey(actor=desk.actor, survey=survey)
    if row.state == Survey.State.DRAFT or row.asked_by != Survey.AskedBy.LINK:
        raise Missing
    context = {
        "row": row,
        "link": public_url(request, row),
        "until": spoken(row.closes_at) if row.closes_at else "",
        "back_url": survey_url(row.pk),
    }
    return render(request, "staff/surveys/poster.html", context)


@reading
def workbook(request: HttpRequest, survey: UUID, number: int) -> Any:
    """Give the workbook of a version as it was brought."""
    row = queries.find_survey(actor=desk_of(request).actor, survey=survey)
    version = next((one for one in queries.list_versions(row.pk) if one.number == number), None)
    if version is None:
        raise Missing
    kept = files.find_file(version.workbook_id)
    return FileResponse(
        files.open_file(file=kept), content_type=kept.content_type, as_attachment=True, filename=kept.name
    )


def _banners(row: Survey, versions: list[SurveyVersion], desk: NeedsDesk) -> list[tuple[str, Any]]:
    told: list[tuple[str, Any]] = []
    if row.state == Survey.State.DRAFT:
        told.append(("info", _("Nobody sees it yet. Try it, then open it.")))
    elif versions[0].published_at is None:
        told.append(("due", _("A newer workbook waits to be put in place.")))
    if row.state != Survey.State.CLOSED and not rules.paths_of(versions[0].mapping, rules.NEED):
        told.append(("info", _("No answer becomes a need. Choose the question in which people say what they need.")))
    return told


def _presses(row: Survey, versions: list[SurveyVersion], desk: NeedsDesk) -> list[Press]:
    standing = rules.standing(row.state, row.opens_at, row.closes_at, desk.at)
    found = []
    if row.state == Survey.State.DRAFT:
        found.append(Press(survey_url(row.pk, "survey_publish"), _("Open the survey"), "primary"))
    elif versions[0].published_at is None:
        found.append(Press(survey_url(row.pk, "survey_publish"), _("Put the new workbook in place"), "primary"))
    elif standing == "closed":
        found.append(Press(survey_url(row.pk, "survey_reopen"), _("Open it again")))
    if standing in ("open", "not_yet"):
        found.append(Press(survey_url(row.pk, "survey_close"), pgettext("survey", "End it now")))
    return found


def _facts(row: Survey) -> list[tuple[Any, Any]]:
    where = queries.asked_in(row)
    names = "、".join(name for _pk, name in where[:6])
    facts: list[tuple[Any, Any]] = [
        (pgettext("survey", "Asked by"), row.community.short_name),
        (_("Who answers"), row.get_asked_by_display()),
        (pgettext("survey", "Where"), names + (f" … ({len(where)})" if len(where) > 6 else "")),
        (pgettext("survey", "Open from"), spoken(row.opens_at) if row.opens_at else "—"),
        (pgettext("survey", "Open until"), spoken(row.closes_at) if row.closes_at else "—"),
        ("form_id", row.form_id),
    ]
    if row.one_per_person:
        facts.append((_("Each person answers once"), _("yes")))
    return facts


def _acts(row: Survey, *, keeper: bool) -> list[tuple[str, Any]]:
    acts: list[tuple[str, Any]] = [(survey_url(row.pk, "survey_try"), _("Try it"))]
    if keeper:
        acts += [
            (survey_url(row.pk, "survey_edit"), _("Change the survey")),
            (survey_url(row.pk, "survey_quotas"), _("How many answers are wanted")),
            (survey_url(row.pk, "survey_mapping"), _("Which answers are needs")),
            (survey_url(row.pk, "survey_replace"), _("Another workbook")),
            (survey_url(row.pk, "survey_pictures"), _("Pictures of the questions")),
        ]
    return acts


def _mapping(version: SurveyVersion) -> list[str]:
    labels = {one.path: one.label for one in form_questions(Form.from_json(version.form))}
    return [
        _("%(role)s: %(questions)s")
        % {"role": ROLE_LABELS[role], "questions": "、".join(labels.get(path, path) for path in paths)}
        for role in rules.ROLES
        if (paths := rules.paths_of(version.mapping, role))
    ]


def _version(one: SurveyVersion) -> Row:
    if one.published_at is None:
        state = Cell(pgettext("survey", "not open yet"), tone="due")
    elif one.retired_at is None:
        state = Cell(pgettext("survey", "in use"), tone="done")
    else:
        state = Cell(pgettext("survey", "replaced"), tone="quiet")
    url = reverse("staff:survey_workbook", kwargs={"survey": one.survey_id, "number": one.number})
    questions = [question for question in form_questions(Form.from_json(one.form)) if question.kind != "note"]
    return Row(
        cells(
            one.number,
            one.form_version,
            len(questions),
            spoken(one.made_at),
            state,
            Cell(pgettext("survey", "Download"), url=url),
        )
    )
