"""Lists of reception days and of the series behind them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice.models import ReceptionDay, ReceptionSeries
from lianxin.domain.voice.queries import receptions
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from .case_desk import COMMUNITY, CaseDesk, PlaceFilter, desk_of, page_of
from .reception_gate import reading
from .reception_words import DAY_TONES, day_of, hours, how_often, until

AHEAD, PAST = "ahead", "past"
COLUMNS = (
    Column(pgettext_lazy("reception", "Day")),
    Column(pgettext_lazy("reception", "Time")),
    Column(pgettext_lazy("reception", "What")),
    Column(COMMUNITY),
    Column(pgettext_lazy("reception", "Who receives")),
    Column(pgettext_lazy("reception", "Taken")),
    Column(pgettext_lazy("reception", "Wait in line"), numeric=True),
    Column(pgettext_lazy("reception", "Received"), numeric=True),
    Column(gettext_lazy("State")),
)
SERIES_COLUMNS = (
    Column(pgettext_lazy("reception", "What")),
    Column(COMMUNITY),
    Column(pgettext_lazy("reception", "Kind")),
    Column(gettext_lazy("How often?")),
    Column(pgettext_lazy("reception", "Who receives")),
    Column(pgettext_lazy("reception", "Runs")),
)


class DayFilter(PlaceFilter):
    """Which days."""

    which = forms.ChoiceField(
        label=gettext_lazy("Which days"),
        required=False,
        choices=[
            (AHEAD, gettext_lazy("Ahead and not closed")),
            (PAST, gettext_lazy("Over")),
            *ReceptionDay.State.choices,
        ],
    )


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List reception days: those ahead, those that are over, those that were missed."""
    desk = desk_of(request)
    form = DayFilter(request.GET, desk=desk)
    which = request.GET.get("which", "") or AHEAD
    asked: dict[str, Any] = {"communities": form.communities}
    if which == PAST:
        asked |= {"until_on": desk.on - timedelta(days=1), "newest_first": True}
    elif which in ReceptionDay.State.values:
        asked |= {"states": [which], "newest_first": which != ReceptionDay.State.PLANNED}
    else:
        asked |= {"from_on": desk.on - timedelta(days=3)}

    with scope.within(desk.actor.communities):
        rows = receptions.list_days(desk.actor, **asked)

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            named = receptions.holidays(row.held_on for row in part)
            return [_day_row(row, desk, named.get(row.held_on, "")) for row in part], following

        buttons = [(reverse("staff:reception_plans"), _("Recurring days"))]
        if desk.keeps:
            buttons.insert(0, (reverse("staff:reception_new"), _("Begin recurring days")))
        context = desk.context("receptions", pgettext("voice", "Reception days")) | {
            "form": form,
            "buttons": buttons,
            "lead": _("A day that was planned and not held stays in the list as missed."),
            "empty_title": _("No reception day here."),
            "empty_text": _("Begin recurring days: the secretary's day, the neighbours' hall, the evening talk."),
        }
        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context)


def _day_row(row: Any, desk: CaseDesk, holiday: str) -> Row:
    found = [
        leads(day_of(row, holiday=holiday), "reception", reception=row.pk),
        hours(row.starts_at, row.ends_at),
        row.series.title,
        *([row.community.short_name] if desk.has_many else []),
        row.leader_name,
        f"{row.taken} / {row.slots}",
        row.waits,
        row.received,
        Cell(row.get_state_display(), tone=DAY_TONES[row.state]),
    ]
    return Row(cells(*found), pk=row.pk)


@reading
def plans(request: HttpRequest) -> HttpResponse:
    """List the series: which days recur, how often, who receives."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        rows = receptions.list_series(desk.actor, ended=request.GET.get("ended") == "on")

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_series_row(row, desk) for row in part], following

        title = _("Recurring days")
        way = ((pgettext("voice", "Reception days"), reverse("staff:receptions")), (title, ""))
        context = desk.context("receptions", title, *way) | {
            "buttons": [(reverse("staff:reception_new"), _("Begin recurring days"))] if desk.keeps else [],
            "empty_title": _("No recurring days here."),
            "empty_text": "",
        }
        return answer_list(request, columns=desk.columns(SERIES_COLUMNS), fetch=fetch, context=context)


def _series_row(row: ReceptionSeries, desk: CaseDesk) -> Row:
    found = [
        leads(row.title, "reception_series", series=row.pk),
        *([row.community.short_name] if desk.has_many else []),
        row.get_kind_display(),
        how_often(row),
        f"{row.leader_title} {row.leader_name}".strip(),
        until(row),
    ]
    return Row(cells(*found), pk=row.pk)
