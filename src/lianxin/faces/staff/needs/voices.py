"""Voices: the new ones to be read, and all of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs.models import NeedReport
from lianxin.domain.needs.queries import reports
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from ..rooms.desk import optional_day
from .desk import NeedsDesk, PlaceFilter, desk_of, page_of
from .gate import reading
from .words import VOICE_TONES, category_of, who

State = NeedReport.State
SHOWN_WORDS = 60
COLUMNS = (
    Column(pgettext_lazy("needs", "What they said")),
    Column(gettext_lazy("Category")),
    Column(pgettext_lazy("needs", "Said by")),
    Column(gettext_lazy("Community")),
    Column(pgettext_lazy("needs", "Said on")),
    Column(pgettext_lazy("needs", "How")),
    Column(gettext_lazy("State")),
)


class VoicesFilter(PlaceFilter):
    """Which voices to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("all", gettext_lazy("All")), *State.choices]
    )
    how = forms.ChoiceField(
        label=pgettext_lazy("needs", "How"),
        required=False,
        choices=[("", gettext_lazy("All")), *NeedReport.How.choices],
    )
    since = optional_day(gettext_lazy("From"))
    until = optional_day(pgettext_lazy("rooms", "To"))
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=60)


class InboxFilter(PlaceFilter):
    """Which new voices to see."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=60)

    def __init__(self, *args: Any, desk: NeedsDesk, **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        field: Any = self.fields["category"]
        field.choices = [("", _("All")), ("-", _("Not clear yet")), *self.kinds]


@reading
def inbox(request: HttpRequest) -> HttpResponse:
    """List the voices that nobody has read yet: urgent ones first, then those who wait longest."""
    desk = desk_of(request)
    form = InboxFilter(request.GET, desk=desk)
    context = desk.context("inbox", _("New voices"))
    context |= {
        "form": form,
        "lead": _("Open one, join it to what looks like it, or begin a new entry. Nothing is joined by itself."),
        "buttons": [(reverse("staff:voice_new"), _("Write down a need"))] if desk.keeps else [],
        "empty_title": _("Everything is read."),
        "empty_text": _("What residents say on their pages, at the desk, by phone and on visits stands here first."),
    }
    return _listed(request, desk, form, context, state=State.NEW)


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List all voices, newest first."""
    desk = desk_of(request)
    data = request.GET.copy()
    data.setdefault("state", "all")
    form = VoicesFilter(data, desk=desk)
    state = data["state"] if data["state"] in State.values else "all"
    context = desk.context("voices", _("All voices"))
    context |= {
        "form": form,
        "buttons": [(reverse("staff:voice_new"), _("Write down a need"))] if desk.keeps else [],
        "empty_title": _("There is no such voice."),
        "empty_text": _("Choose fewer filters, or write down what somebody needs."),
    }
    return _listed(request, desk, form, context, state=state)


def _listed(
    request: HttpRequest, desk: NeedsDesk, form: PlaceFilter, context: dict[str, Any], *, state: str
) -> HttpResponse:
    wanted = reports.Filter(
        state=state,
        category=request.GET.get("category", "")[:3],
        how=request.GET.get("how", "")[:6],
        communities=form.communities,
        from_on=_day(request, "since"),
        until_on=_next_day(_day(request, "until")),
        words=request.GET.get("q", "").strip()[:60],
    )
    with scope.within(desk.actor.communities):
        rows = reports.list_reports(actor=desk.actor, wanted=wanted)
        names = dict(form.kinds)

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_row(one, names, desk) for one in part], following

        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=rows.count())


def _row(one: NeedReport, names: dict[str, str], desk: NeedsDesk) -> Row:
    words = one.words if len(one.words) <= SHOWN_WORDS else one.words[:SHOWN_WORDS] + "…"
    guess = names.get(str(one.suggestions[0][0]), "") if one.suggestions else ""
    category = category_of(one) or (_("perhaps %(category)s") % {"category": guess} if guess else "")
    state: Cell = Cell(one.get_state_display(), tone=VOICE_TONES[State(one.state)])
    if one.is_urgent and one.state == State.NEW:
        state = Cell(_("urgent"), tone="stop")
    return Row(
        cells(
            leads(words, "voice", voice=one.pk),
            category,
            who(one),
            *([one.community.short_name] if desk.has_many else []),
            spoken(one.heard_at),
            one.get_how_display(),
            state,
        ),
        pk=one.pk,
    )


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def _next_day(day: date | None) -> date | None:
    return date.fromordinal(day.toordinal() + 1) if day is not None and day < date.max else None
