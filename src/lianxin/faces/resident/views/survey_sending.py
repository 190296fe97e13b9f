"""The end of a survey on a phone: a last look at the answers, sending them in, and the thanks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.needs.commands import submissions, survey_posting
from lianxin.domain.needs.queries.survey_devices import heard_from
from lianxin.domain.needs.queries.surveys import OpenSurvey
from lianxin.engines.xforms import Instance, problems, to_xml
from lianxin.faces.entrance.session import network_of
from lianxin.faces.resident import survey_drafts as drafts
from lianxin.faces.resident.community import actor_of
from lianxin.faces.resident.standing import Standing, standing
from lianxin.faces.resident.survey_answers import pictures_of
from lianxin.faces.resident.survey_drafts import Draft
from lianxin.faces.resident.survey_pages import items_of, page_with, pages_of, questions_on, ref_of
from lianxin.faces.resident.survey_review import answers_in_words
from lianxin.faces.resident.survey_words import sentence_of
from lianxin.faces.resident.views.surveys import draw, find_open, find_started, page_beside
from lianxin.platform import files
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing, Problem


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all the answers once more, and take them in when they are sent."""
    at = now()
    found, draft = find_started(request, slug, at)
    if draft is None:
        done = drafts.done(request, slug) is not None
        return HttpResponseRedirect(reverse("resident:survey_thanks" if done else "resident:survey", args=[slug]))
    filled = draft.instance(found.form, at=at)
    if not draft.is_finished:
        # Noted once: sending the same page twice says the same.
        filled.finish(at=at)
        draft.take(filled)
        draft.is_finished = True
        drafts.save(request, slug, draft)
    if request.method != "POST" or problems(filled):
        return _check(request, slug, found, draft, filled, status=422 if request.method == "POST" else 200)
    try:
        told = _send_in(request, found, draft, filled, at)
    except Missing:
        raise
    except Problem as problem:
        return _check(request, slug, found, draft, filled, status=problem.status, problem=problem)
    drafts.keep_done(request, slug, told)
    drafts.drop(request, slug)
    return HttpResponseRedirect(reverse("resident:survey_thanks", args=[slug]))


@never_cache
@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """Thank whoever sent their answers, with the receipts of what was heard from them."""
    told = drafts.done(request, slug)
    if told is None:
        return HttpResponseRedirect(reverse("resident:survey", args=[slug]))
    found = find_open(slug, now())
    may_again = found.state == "open" and not found.one_per_person
    context = {"survey": found, "slug": slug, "told": told, "may_again": may_again, "crumbs": [(found.title, "")]}
    return draw(request, "thanks.html", context)


def _check(
    request: HttpRequest,
    slug: str,
    found: OpenSurvey,
    draft: Draft,
    filled: Instance,
    *,
    status: int,
    problem: Problem | None = None,
) -> HttpResponse:
    pages = pages_of(found.form)
    labels = {one.path: one.label for page in pages for one in questions_on(items_of(filled, page, judged=False))}
    wrong = [
        (labels.get(one.path, ""), sentence_of(one), page_with(pages, found.form, one.path), ref_of(one.path))
        for one in problems(filled)
    ]
    sentences = [str(text) for texts in problem.fields.values() for text in texts] if problem else []
    context = {
        "survey": found,
        "slug": slug,
        "answers": answers_in_words(filled, pages),
        "wrong": wrong,
        "problem": problem,
        "sentences": sentences,
        "may_hide": actor_of(request).person is not None and not found.one_per_person,
        "last": page_beside(filled, found.form, len(pages) + 1, -1),
        "crumbs": [(found.title, reverse("resident:survey", args=[slug])), (pgettext("survey", "A last look"), "")],
    }
    return draw(request, "check.html", context, status=status)


def _send_in(request: HttpRequest, found: OpenSurvey, draft: Draft, filled: Instance, at: datetime) -> dict[str, Any]:
    """Send a filled form with its pictures; gives what the last page says."""
    community = UUID(draft.community)
    who: Standing | None = standing(request, at=at) if actor_of(request).person is not None else None
    hides = request.POST.get("is_anonymous") == "on" and not found.one_per_person
    actor = (who.actor if who is not None else actor_of(request)).visiting(community)
    received = survey_posting.post(
        actor=actor,
        address=network_of(request),
        version=UUID(draft.version),
        xml=to_xml(filled),
        community=community,
        person=who.person if who is not None and not hides else None,
        at=at,
    )
    lost = []
    for name, file in pictures_of(filled, draft):
        try:
            with files.open_file(file=files.find_file(file)) as kept:
                data = kept.read()
            submissions.put_file(actor=actor, submission=received.submission.pk, name=name, data=data, at=at)
        except Problem as problem:
            lost.append(str(problem.detail))
    heard = heard_from(submission=received.submission.pk)
    needs = [{"words": one.words, "number": one.number, "word": one.word, "path": one.path} for one in heard]
    return {"thanks": str(received.thanks), "counts": received.counts, "needs": needs, "lost": lost}
