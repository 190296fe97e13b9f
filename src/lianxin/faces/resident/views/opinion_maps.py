"""An opinion map on a phone: one statement at a time, one of one's own, and what came of it."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.voice.commands import opinion_voters, opinions, statements
from lianxin.domain.voice.models import OpinionMap, OpinionVoter
from lianxin.domain.voice.queries import opinion_maps as reading_maps
from lianxin.domain.voice.queries import opinion_votes
from lianxin.domain.voice.queries.opinion_told import told_of
from lianxin.domain.voice.rules import opinion_results
from lianxin.faces.entrance.session import network_of
from lianxin.faces.kit.acting import carry_out
from lianxin.faces.kit.preferences import YEAR
from lianxin.faces.resident.community import actor_of
from lianxin.faces.resident.opinion_forms import StatementForm
from lianxin.faces.resident.views.public import page
from lianxin.platform import scope
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing, Problem

# A word that this phone keeps, so that nobody answers twice; it says nothing of who holds it.
COOKIE = "lianxin-opinions"
State = OpinionMap.State
VALUES = {"agree": 1, "disagree": -1, "pass": 0}
SAID = {
    1: pgettext_lazy("opinion", "Agree"),
    -1: pgettext_lazy("opinion", "Disagree"),
    0: pgettext_lazy("opinion", "Pass"),
}


@never_cache
@require_safe
def cover(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002 - the address names it so
    """Say what is asked and how it goes, then let somebody begin or go on."""
    row = reading_maps.find_public(opinion_map=map)
    with scope.within([row.community_id]):
        voter = _voter(request, row)
        turn = reading_maps.next_turn(row, voter, word="")
        result = reading_maps.result_of(row.pk) if row.state == State.CLOSED else None
        sent_in = reading_maps.own_statements(voter)
        has_result = reading_maps.shown_of(row, result) is not None
    context = {
        "map": row,
        "turn": turn,
        "is_open": _is_open(row),
        "has_begun": voter is not None and turn.done > 0,
        "has_result": has_result,
        "sent_in": sent_in,
        "is_signed_in": actor_of(request).person is not None,
        "crumbs": _crumbs(row, ""),
    }
    return page(request, "resident/votes/cover.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002
    """Show one statement with three big buttons, or take what was pressed and show the next one."""
    row = reading_maps.find_public(opinion_map=map)
    here = reverse("resident:opinions_say", args=[map])
    word = _word(request)
    if request.method == "POST":
        return _remembered(_take(request, row, word, here), request, word)
    with scope.within([row.community_id]):
        voter = _voter(request, row, word)
        again = request.GET.get("again", "")
        turn = _turn(row, voter, word, again)
        answered = reading_maps.own_answers(row.pk, voter) if turn.statement is None else []
    if not _is_open(row):
        return HttpResponseRedirect(reverse("resident:opinions", args=[map]))
    context = {
        "map": row,
        "turn": turn,
        "number": min(turn.done + 1, turn.total),
        "buttons": [(name, SAID[value], turn.said == value) for name, value in VALUES.items()],
        "answered": [(one, SAID[value]) for one, value in answered],
        # Short, so that all three buttons are seen at once on a small phone with large letters.
        "crumbs": [(row.question, reverse("resident:opinions", args=[map])), (_("Say what you think"), "")],
    }
    response = render(request, "resident/votes/say.html", context)
    return _remembered(response, request, word)


def _take(request: HttpRequest, row: OpinionMap, word: str, here: str) -> HttpResponse:
    try:
        statement = UUID(request.POST.get("statement", ""))
        value = VALUES[request.POST.get("say", "")]
    except (ValueError, KeyError):
        messages.error(request, _("Press agree, disagree or pass."))
        return HttpResponseRedirect(here)
    try:
        opinions.answer(
            actor=actor_of(request),
            opinion_map=row.pk,
            statement=statement,
            value=value,
            voter=_key(request, row, word),
            address="" if actor_of(request).person is not None else network_of(request),
            at=now(),
        )
    except Problem as problem:
        messages.error(request, str(problem.detail))
    return HttpResponseRedirect(here)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002
    """Take a statement of somebody's own; others see it after somebody has looked at it."""
    row = reading_maps.find_public(opinion_map=map)
    word = _word(request)
    form = StatementForm(request.POST or None)
    back = reverse("resident:opinions_say", args=[map])
    done = carry_out(
        request,
        form,
        do=lambda entered: statements.suggest(
            actor=actor_of(request),
            opinion_map=row.pk,
            words=entered["words"],
            voter=_key(request, row, word),
            address="" if actor_of(request).person is not None else network_of(request),
            at=now(),
            key=entered["key"],
        ),
        then=lambda _row: back,
        said=_("We have it. Others see it after somebody has looked at it."),
    )
    if done is not None:
        return _remembered(done, request, word)
    context = {
        "map": row,
        "form": form,
        "may_add": row.may_add and _is_open(row),
        "crumbs": _crumbs(row, _("Add a statement of my own")),
    }
    status = 422 if request.method == "POST" else 200
    return _remembered(render(request, "resident/votes/add.html", context, status=status), request, word)


@require_safe
def result(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002
    """Show what came of a map that has ended: what all share first, then where people differ."""
    row = reading_maps.find_public(opinion_map=map)
    with scope.within([row.community_id]):
        found = reading_maps.result_of(row.pk) if row.state == State.CLOSED else None
        told = told_of(row, found, reading_maps.words_of(row.pk))
    context = {
        "map": row,
        "result": found,
        "is_over": row.state == State.CLOSED,
        "crumbs": _crumbs(row, _("What came of it")),
        **told,
    }
    return page(request, "resident/votes/result.html", context)


@require_safe
def votes_file(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002
    """Give the votes of a map that has ended, by numbers only, so that anybody can work it out again."""
    row, _result = _published(map)
    with scope.within([row.community_id]):
        body = opinion_results.votes_as_csv(opinion_votes.latest_of(row.pk))
    disposition = f'attachment; filename="opinion-map-{row.number}.csv"'
    return HttpResponse(body, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


@require_safe
def result_file(request: HttpRequest, map: UUID) -> HttpResponse:  # noqa: A002
    """Give the published result for programs: groups that are too small are not in it."""
    row, found = _published(map)
    body = opinion_results.as_json(found.content, min_group=row.min_group)
    return JsonResponse({"question": row.question, "votes_sha256": found.votes_digest, **(body or {})},
                        json_dumps_params={"ensure_ascii": False, "indent": 1})  # fmt: skip


def _published(opinion_map: UUID) -> tuple[OpinionMap, Any]:
    row = reading_maps.find_public(opinion_map=opinion_map)
    with scope.within([row.community_id]):
        found = reading_maps.result_of(row.pk) if row.state == State.CLOSED else None
    if found is None or reading_maps.shown_of(row, found) is None:
        raise Missing(_("There is no result of this yet."))
    return row, found


def _turn(row: OpinionMap, voter: OpinionVoter | None, word: str, again: str) -> reading_maps.Turn:
    """Give the next statement, or one that was answered and is looked at again."""
    turn = reading_maps.next_turn(row, voter, word=word)
    if not again:
        return turn
    try:
        statement = reading_maps.find_own(opinion_map=row.pk, statement=UUID(again))
    except ValueError:
        return turn
    said = {one.pk: value for one, value in reading_maps.own_answers(row.pk, voter)}
    return reading_maps.Turn(statement, turn.done, turn.total, said.get(statement.pk))


def _is_open(row: OpinionMap) -> bool:
    return row.state == State.OPEN and (row.closes_at is None or row.closes_at >= now())


def _word(request: HttpRequest) -> str:
    kept = request.COOKIES.get(COOKIE, "")
    return kept if 20 <= len(kept) <= 64 else token_urlsafe(24)


def _key(request: HttpRequest, row: OpinionMap, word: str) -> str:
    """Give what somebody is known by: a resident who came in, else this phone."""
    return opinion_voters.key_of(row.pk, person=actor_of(request).person, word=word)


def _voter(request: HttpRequest, row: OpinionMap, word: str = "") -> OpinionVoter | None:
    word = word or request.COOKIES.get(COOKIE, "")
    if not word and actor_of(request).person is None:
        return None
    return opinion_voters.find(row.pk, _key(request, row, word))


def _remembered(response: HttpResponse, request: HttpRequest, word: str) -> HttpResponse:
    if request.COOKIES.get(COOKIE) != word and actor_of(request).person is None:
        kept: dict[str, Any] = {"max_age": YEAR, "samesite": "Lax", "secure": request.is_secure(), "httponly": True}
        response.set_cookie(COOKIE, word, **kept)
    return response


def _crumbs(row: OpinionMap, last: Any) -> list[tuple[Any, str]]:
    way: list[tuple[Any, str]] = [
        (row.community.short_name, reverse("resident:community", args=[row.community_id])),
        (_("Votes and opinions"), reverse("resident:votes", args=[row.community_id])),
    ]
    if not last:
        return [*way, (row.question, "")]
    return [*way, (row.question, reverse("resident:opinions", args=[row.pk])), (last, "")]
