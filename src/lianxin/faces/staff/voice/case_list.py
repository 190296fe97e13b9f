"""The queue of cases: what is late first, with a light in colour, icon and words."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice.models import Case, Subject, Tier
from lianxin.domain.voice.queries import cases
from lianxin.domain.voice.rules import states
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.clock import local_day

from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from .case_desk import CaseDesk, PlaceFilter, desk_of, page_of
from .case_gate import reading
from .case_words import LIGHTS, NOBODY, STATE_TONES, light_chip

State = Case.State
OPEN_STATES = (State.NEW, State.ASSIGNED, State.WORKING, State.WAITING, State.HANDED, State.DONE)
COLUMNS = (
    Column(pgettext_lazy("voice", "Case")),
    Column(pgettext_lazy("voice", "Light")),
    Column(gettext_lazy("State")),
    Column(pgettext_lazy("voice", "Treated")),
    Column(pgettext_lazy("voice", "About")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("Who looks after it")),
    Column(pgettext_lazy("voice", "Voices"), numeric=True),
    Column(pgettext_lazy("voice", "Since")),
)


class CasesFilter(PlaceFilter):
    """Which cases to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("Everything open")),
            *State.choices,
            ("ended", gettext_lazy("Everything ended")),
            ("all", gettext_lazy("All")),
        ],
    )
    light = forms.ChoiceField(
        label=pgettext_lazy("voice", "Light"),
        required=False,
        choices=[("", gettext_lazy("All")), *((code, word) for code, (_tone, word) in LIGHTS.items())],
    )
    tier = forms.ChoiceField(
        label=pgettext_lazy("voice", "Treated"), required=False, choices=[("", gettext_lazy("All")), *Tier.choices]
    )
    subject = forms.ChoiceField(
        label=pgettext_lazy("voice", "About"), required=False, choices=[("", gettext_lazy("All")), *Subject.choices]
    )
    whose = forms.ChoiceField(
        label=gettext_lazy("Whose"),
        required=False,
        choices=[("", gettext_lazy("All")), ("mine", gettext_lazy("Mine")), ("nobody", gettext_lazy("Nobody's yet"))],
    )
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=60)

    field_order = ("q", "state", "light", "whose", "tier", "subject", "community")


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List the cases in scope, what is late first."""
    desk = desk_of(request)
    form = CasesFilter(request.GET, desk=desk)
    with scope.within(desk.actor.communities):
        rows = cases.list_queue(desk.actor, **_wanted(request, desk, form), at=desk.at)

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_row(one, desk) for one in part], following

        context = desk.context("cases", pgettext("voice", "Cases"))
        context |= {
            "form": form,
            "ways": _ways(request, desk, form),
            "buttons": [(reverse("staff:case_new"), _("New case"))] if desk.keeps else [],
            "empty_title": _("There is no such case."),
            "empty_text": _("Choose fewer filters, or write down what somebody brings forward."),
        }
        return answer_list(
            request,
            columns=desk.columns(COLUMNS),
            fetch=fetch,
            context=context,
            count=rows.count(),
            template="staff/voice/cases/list.html",
        )


def _wanted(request: HttpRequest, desk: CaseDesk, form: CasesFilter) -> dict[str, Any]:
    """Give what the list is narrowed to; what is no choice of the form narrows nothing."""

    def chosen(name: str) -> str:
        value = request.GET.get(name, "")
        field: Any = form.fields[name]
        return value if field.valid_value(value) else ""

    return {
        "state": chosen("state") or "open",
        "light": chosen("light"),
        "tier": chosen("tier"),
        "subject": chosen("subject"),
        "responsible": desk.actor.account if chosen("whose") == "mine" else None,
        "unassigned": chosen("whose") == "nobody",
        "words": request.GET.get("q", "").strip()[:60],
        "communities": form.communities,
    }


def _ways(request: HttpRequest, desk: CaseDesk, form: CasesFilter) -> list[dict[str, Any]]:
    """Give the counts of what is open, each leading to its list."""
    counts = cases.counts_by_state(desk.actor, communities=form.communities)
    late = cases.count_late(desk.actor, at=desk.at, communities=form.communities)
    place = {"community": request.GET["community"]} if request.GET.get("community") else {}
    shown = {name: value for name, value in request.GET.items() if value and name not in ("community", "after")}
    wanted: list[tuple[dict[str, str], Any, int, str]] = [
        ({"light": "red"}, pgettext("light", "late"), late, "alert-triangle" if late else ""),
        *(({"state": str(state)}, State(state).label, counts.get(state, 0), "") for state in OPEN_STATES),
    ]
    return [
        {
            "url": f"?{urlencode({**query, **place})}",
            "label": label,
            "count": count,
            "icon": icon,
            "current": shown == query,
        }
        for query, label, count, icon in wanted
    ]


def _row(one: Case, desk: CaseDesk) -> Row:
    tone, words = light_chip(cases.light_of(one, at=desk.at), _due(one))
    return Row(
        cells(
            leads(cases.title_of(desk.actor, one), "case", case=one.pk),
            Cell(words, tone=tone),
            Cell(one.get_state_display(), tone=STATE_TONES[State(one.state)]),
            one.get_tier_display(),
            one.get_subject_display(),
            *([one.community.short_name] if desk.has_many else []),
            one.responsible_name or NOBODY,
            one.voices,
            spoken(local_day(one.opened_at)),
        ),
        pk=one.pk,
    )


def _due(one: Case) -> str:
    """Give the day a case is due, and the hour of what is due within hours."""
    if one.due_at is None or one.state not in states.LIVE:
        return ""
    return spoken(one.due_at) if one.tier == Tier.FAST else spoken(local_day(one.due_at))
