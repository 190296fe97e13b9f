"""A survey on a phone, page by page, without a script: its cover and its questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.needs.queries.survey_devices import find_picture
from lianxin.domain.needs.queries.surveys import OpenSurvey, open_survey
from lianxin.engines.xforms import Form, Instance
from lianxin.faces.resident import survey_drafts as drafts
from lianxin.faces.resident.community import actor_of, chosen_community
from lianxin.faces.resident.survey_answers import change_repetition, take_answers
from lianxin.faces.resident.survey_drafts import Draft
from lianxin.faces.resident.survey_pages import Judged, is_empty, items_of, pages_of, questions_on, ref_of
from lianxin.faces.resident.survey_words import language_name
from lianxin.platform import files
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing

FOLDER = "resident/surveys/"
WIDE = "max-age=86400"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cover(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what is asked and by whom, and begin, or go on where somebody was."""
    at = now()
    found = find_open(slug, at)
    if found.state != "open" or (found.one_per_person and actor_of(request).person is None):
        return _cover(request, slug, found, status=200)
    if request.method != "POST":
        return _cover(request, slug, found, status=200)
    if request.POST.get("go") == "anew":
        drafts.drop(request, slug)
        return HttpResponseRedirect(reverse("resident:survey", args=[slug]))
    community = _community(request, found)
    if community is None:
        return _cover(request, slug, found, status=422, wrong=_("Please choose where you live."))
    language = request.POST.get("language", "") or _language(found.form)
    draft = drafts.begin_draft(found.form, version=found.version, community=community, language=language, at=at)
    drafts.save(request, slug, draft)
    return _to(slug, page_beside(draft.instance(found.form, at=at), found.form, 0, 1))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_page(request: HttpRequest, slug: str, page: int) -> HttpResponse:
    """Show a page of questions with what was answered, or take its answers and go on."""
    at = now()
    found, draft = find_started(request, slug, at)
    if draft is None:
        return HttpResponseRedirect(reverse("resident:survey", args=[slug]))
    pages = pages_of(found.form)
    if not 1 <= page <= len(pages):
        return _to(slug, 0)
    filled = draft.instance(found.form, at=at)
    draft.page = page
    if request.method != "POST":
        drafts.save(request, slug, draft)
        return _page(request, slug, found, draft, filled, page, judged=request.GET.get("check") == "on")
    wrong = take_answers(request, filled, draft, at=at)
    draft.is_finished = False
    go, _colon, what = request.POST.get("go", "next").partition(":")
    anchor = ""
    if go in ("add", "remove"):
        anchor = change_repetition(filled, draft, **{go: what})
    elif go == "language":
        filled.speak(what)
    draft.take(filled)
    if not drafts.save(request, slug, draft):
        wrong[""] = _("This is more than we can keep. Please say it shorter.")
    here = reverse("resident:survey_page", args=[slug, page])
    seen = frozenset(request.POST.getlist("asked"))
    if wrong or (go == "next" and _has_problem(filled, pages[page - 1], seen)):
        return _page(request, slug, found, draft, filled, page, judged=seen, wrong=wrong)
    if go == "back":
        return _to(slug, page_beside(filled, found.form, page, -1))
    if go != "next":
        return HttpResponseRedirect(here + (f"#{ref_of(anchor)}" if anchor else ""))
    if any(one.path not in seen for one in questions_on(items_of(filled, pages[page - 1], judged=False))):
        return HttpResponseRedirect(here + "?more=on")
    return _to(slug, page_beside(filled, found.form, page, 1))


@require_safe
def form_of(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the questions to the page's script, which shows at once what an answer brings up."""
    found = find_open(slug, now())
    response = JsonResponse(found.form.to_json())
    response.headers["Cache-Control"] = f"private, {WIDE}" if request.GET.get("v") else "no-store"
    return response


@require_safe
def picture(request: HttpRequest, slug: str, name: str) -> Any:
    """Give a picture that the questions show."""
    found = find_open(slug, now())
    stored = find_picture(version=found.version, name=name)
    response = FileResponse(files.open_file(file=stored), content_type=stored.content_type)
    response.headers["Cache-Control"] = f"private, {WIDE}"
    return response


def find_open(slug: str, at: datetime) -> OpenSurvey:
    """Give the survey of a link; raises Missing."""
    found = open_survey(slug, at)
    if found is None:
        raise Missing(_("There is no such survey. Please look at the link or the poster again."))
    return found


def find_started(request: HttpRequest, slug: str, at: datetime) -> tuple[OpenSurvey, Draft | None]:
    """Give the survey and what was filled of it on this phone; one that may not be filled has nothing."""
    found = find_open(slug, at)
    if found.one_per_person and actor_of(request).person is None:
        return found, None
    draft = drafts.load(request, slug, version=found.version)
    if found.state != "open" and draft is None:
        return found, None
    return found, draft


def _to(slug: str, page: int) -> HttpResponse:
    """Go to a page; 0 is the last look."""
    if page:
        return HttpResponseRedirect(reverse("resident:survey_page", args=[slug, page]))
    return HttpResponseRedirect(reverse("resident:survey_send", args=[slug]))


def page_beside(filled: Instance, form: Form, page: int, step: int) -> int:
    """Give the next page on which something is asked, or the one before; 0 after the last."""
    pages = pages_of(form)
    at = page + step
    while 1 <= at <= len(pages):
        if not is_empty(filled, pages[at - 1]):
            return at
        at += step
    return 0 if step > 0 else max(page, 1)


def _has_problem(filled: Instance, page: list[int], seen: frozenset[str]) -> bool:
    return any(one.sentence for one in questions_on(items_of(filled, page, judged=seen)))


def _language(form: Form) -> str:
    """Give the form's language that the page is read in, if it has it."""
    code = (get_language() or "zh").partition("-")[0]
    return next((name for name in form.languages if f"({code}" in name), form.default_language)


def _community(request: HttpRequest, found: OpenSurvey) -> UUID | None:
    """Give the community that was chosen, or the only one."""
    known = {str(pk): pk for pk, _name in found.communities}
    if len(known) == 1:
        return next(iter(known.values()))
    return known.get(request.POST.get("community", ""))


def _cover(request: HttpRequest, slug: str, found: OpenSurvey, *, status: int, wrong: str = "") -> HttpResponse:
    draft = drafts.load(request, slug, version=found.version) if found.state == "open" else None
    own = chosen_community(request)
    context = {
        "survey": found,
        "slug": slug,
        "draft": draft,
        "wrong": wrong,
        "own": own if own in {pk for pk, _name in found.communities} else None,
        "needs_login": found.one_per_person and actor_of(request).is_anonymous,
        "needs_link": found.one_per_person and not actor_of(request).is_anonymous and actor_of(request).person is None,
        "languages": [(name, language_name(name)) for name in found.form.languages if len(found.form.languages) > 1],
        "language": _language(found.form),
        "pages": len(pages_of(found.form)),
        "crumbs": [(found.title, "")],
    }
    return draw(request, "cover.html", context, status=status)


def _page(
    request: HttpRequest,
    slug: str,
    found: OpenSurvey,
    draft: Draft,
    filled: Instance,
    page: int,
    *,
    judged: Judged,
    wrong: dict[str, str] | None = None,
) -> HttpResponse:
    pages = pages_of(found.form)
    items = items_of(filled, pages[page - 1], judged=judged)
    wrong = wrong or {}
    open_pages = [at for at, one in enumerate(pages, 1) if at == page or not is_empty(filled, one)]
    asked = questions_on(items)
    summary = [(one.ref, one.label, one.sentence) for one in asked if one.sentence]
    summary += [(ref_of(path), _("Picture"), sentence) for path, sentence in wrong.items() if path]
    context = {
        "survey": found,
        "slug": slug,
        "items": items,
        "here": reverse("resident:survey_page", args=[slug, page]),
        "number": open_pages.index(page) + 1,
        "total": len(open_pages),
        "is_first": open_pages[0] == page,
        "summary": summary,
        "too_long": wrong.get("", ""),
        "picture_wrong": wrong,
        "more": request.GET.get("more") == "on",
        "changed": draft.changed,
        "languages": [(name, language_name(name)) for name in found.form.languages if name != filled.language],
        "state": {"body": draft.body, "language": filled.language},
        "crumbs": [(found.title, reverse("resident:survey", args=[slug])), (_("Questions"), "")],
    }
    return draw(request, "page.html", context, status=422 if request.method == "POST" else 200)


def draw(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Draw a page of a survey."""
    response = render(request, FOLDER + name, context, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
