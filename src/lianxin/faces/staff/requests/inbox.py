"""What offices above ask of the communities of an office, through the gate."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.reporting.models import RequestReach
from lianxin.domain.reporting.queries import requests as queries
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..needs.desk import page_of
from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from .desk import COMMUNITY, REACH_TONES, context_of, has_many, reading

COLUMNS = (
    Column(pgettext_lazy("request", "Request")),
    Column(gettext_lazy("Who asks")),
    Column(COMMUNITY),
    Column(gettext_lazy("Due by")),
    Column(gettext_lazy("State")),
)


class ReachFilter(forms.Form):
    """Which of them to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", pgettext_lazy("reach", "to be answered")), ("all", gettext_lazy("All"))],
    )


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List what was asked: what waits for an answer first."""
    actor, at = actor_of(request), now()
    form = ReachFilter(request.GET)
    rows = queries.list_reaches(actor=actor, open_only=request.GET.get("state") != "all")
    many = has_many(actor)

    def fetch(after: str) -> Page:
        part, following = page_of(rows, after)
        return [_row(one, late=one.state == "asked" and one.due_at < at, many=many) for one in part], following

    context = context_of(actor, "requests", _("What upper offices ask of us")) | {
        "form": form,
        "lead": _("Figures that are known are delivered without you. Here is only what nobody else can answer."),
        "empty_title": _("Nothing waits for an answer."),
        "empty_text": _("What comes by a WeChat group or telephone is noted under “Came another way”."),
    }
    columns = [one for one in COLUMNS if many or one.label != COMMUNITY]
    return answer_list(request, columns=columns, fetch=fetch, context=context, count=rows.count())


def _row(one: RequestReach, *, late: bool, many: bool) -> Row:
    state = Cell(one.get_state_display(), tone="stop" if late else REACH_TONES[one.state])
    return Row(
        cells(
            leads(one.request.title, "request_reach", request_reach=one.pk),
            one.request.office_name,
            *([one.community.short_name] if many else []),
            one.due_at,
            state,
        ),
        pk=one.pk,
    )
