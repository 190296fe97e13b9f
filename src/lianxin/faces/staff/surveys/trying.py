"""Trying a survey before anybody else does: the real questions, the real rules, and nothing is kept."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from lianxin.domain.needs.queries import surveys as queries
from lianxin.domain.needs.rules import answered
from lianxin.engines.xforms import Form, Instance, NoSuchQuestion, NotSettable, begin, view
from lianxin.platform.errors import Missing
from lianxin.platform.ids import new_id

from .desk import crumbs, desk_of, survey_url
from .gate import trying

ANSWER, MANY, COUNT = "a:", "m:", "n:"
MOST_FIELDS = 2_000


@trying
def show(request: HttpRequest, survey: UUID) -> HttpResponse:
    """Show all questions of the newest workbook; each press works out anew what is asked and what is wrong."""
    desk = desk_of(request)
    row = queries.find_survey(actor=desk.actor, survey=survey)
    versions = queries.list_versions(row.pk)
    if not versions:
        raise Missing
    form = Form.from_json(versions[0].form)
    language = request.POST.get("language", "") or form.default_language
    filled = begin(form, at=desk.at, uuid=lambda: str(new_id()), language=language)
    asked = request.POST.get("go", "")
    if request.method == "POST":
        _fill(filled, request.POST)
        _repeat(filled, asked)
    is_checked = asked == "check"
    wrong = answered.wrong_in(filled) if is_checked else {}
    said = answered.needs_in(filled, versions[0].mapping) if is_checked and not wrong else []
    context = {
        "title": _("Try “%(survey)s”") % {"survey": row.title},
        "crumbs": crumbs(row, (_("Try it"), "")),
        "items": view(filled),
        "is_checked": is_checked,
        "wrong": [sentence for sentences in wrong.values() for sentence in sentences],
        "said": said,
        "languages": form.languages if len(form.languages) > 1 else [],
        "language": filled.language,
        "back_url": survey_url(row.pk),
    }
    return render(request, "staff/surveys/try.html", context)


def _fill(filled: Instance, sent: QueryDict) -> None:
    """Answer the questions with what was typed; what is not asked any more is left out."""
    names = list(sent)[:MOST_FIELDS]
    for name in names:
        if name.startswith(COUNT):
            _grow(filled, name.removeprefix(COUNT), str(sent[name]))
    for name in names:
        if name.startswith((ANSWER, MANY)):
            value = " ".join(map(str, sent.getlist(name))) if name.startswith(MANY) else str(sent[name])
            try:
                filled.set(name[2:], value.strip())
            except (NoSuchQuestion, NotSettable):
                continue


def _grow(filled: Instance, path: str, wanted: str) -> None:
    """Bring a repeat to the number of repetitions that the page showed."""
    count = min(int(wanted), 20) if wanted.isdecimal() else 0
    parent, _slash, name = path.rpartition("/")
    try:
        there = len(filled.find(parent).by_name.get(name, []))
        for _turn in range(there, count):
            filled.add_repetition(path)
        for number in range(there, count, -1):
            filled.remove_repetition(f"{path}[{number}]")
    except (NoSuchQuestion, NotSettable):
        return


def _repeat(filled: Instance, asked: str) -> None:
    what, _colon, path = asked.partition(":")
    try:
        if what == "add":
            filled.add_repetition(path)
        elif what == "remove":
            filled.remove_repetition(path)
    except (NoSuchQuestion, NotSettable):
        return
