"""The votes of the communities in scope."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.voice.models import Vote
from lianxin.domain.voice.queries import votes as reading_votes
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from .vote_desk import COMMUNITY, VoteDesk, WordFilter, desk_of, page_of
from .vote_gate import reading
from .vote_words import VOTE_TONES

State = Vote.State
COLUMNS = (
    Column(pgettext_lazy("voice", "No."), numeric=True),
    Column(gettext_lazy("What is voted on")),
    Column(gettext_lazy("How it is held")),
    Column(COMMUNITY),
    Column(gettext_lazy("Ends")),
    Column(gettext_lazy("Ballots"), numeric=True),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Result")),
)


class VoteFilter(WordFilter):
    """Which votes to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *State.choices]
    )
    method = forms.ChoiceField(
        label=gettext_lazy("How it is held"), required=False, choices=[("", gettext_lazy("All")), *Vote.Method.choices]
    )
    field_order = ("community", "state", "method", "q")


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List the votes that the filter leaves, newest first."""
    desk = desk_of(request)
    form = VoteFilter(request.GET, desk=desk)
    with scope.within(desk.actor.communities):
        rows = reading_votes.list_votes(
            actor=desk.actor,
            state=_known(request.GET.get("state", ""), State.values),
            method=_known(request.GET.get("method", ""), Vote.Method.values),
            communities=form.communities,
            words=form.words,
        )

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_row(one, desk) for one in part], following

        context = desk.context("votes", pgettext_lazy("voice", "Votes"))
        context |= {
            "form": form,
            "buttons": [(reverse("staff:vote_new"), _("New vote"))] if desk.keeps else [],
            "empty_title": _("No vote was held yet."),
            "empty_text": _("A vote belongs to a matter, a meeting or a building. Begin with “New vote”."),
        }
        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=rows.count())


def _row(one: Vote, desk: VoteDesk) -> Row:
    return Row(
        cells(
            one.number,
            leads(one.question, "vote", vote=one.pk),
            one.get_method_display(),
            *([one.community.short_name] if desk.has_many else []),
            spoken(one.closes_at) if one.closes_at else "",
            one.ballots_count,
            Cell(one.get_state_display(), tone=VOTE_TONES[State(one.state)]),
            result_word(one),
        ),
        pk=one.pk,
    )


def result_word(one: Vote) -> str:
    """Say in a word how a closed vote ended."""
    if one.state != State.CLOSED or not one.result:
        return ""
    return _("carried") if one.result["carried"] else _("not carried")


def _known(text: str, values: list[str]) -> str:
    return text if text in values else ""
