"""The board: which households are visited when and by whom; which were; what is late."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs.models import Visit
from lianxin.domain.needs.queries import visits
from lianxin.domain.needs.queries.visit_packages import reason_in_words
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..needs.desk import page_of
from ..points.lists import Page, Row, answer_list, cells, leads
from ..rooms.desk import optional_day
from .desk import COMMUNITY, PlaceForm, VisitsDesk, desk_of, phone_url
from .gate import reading
from .words import household_words, members_words, state_cell, worker_words

COLUMNS = (
    Column(pgettext_lazy("visits", "Household")),
    Column(pgettext_lazy("visits", "Who lives there")),
    Column(pgettext_lazy("visits", "Due by")),
    Column(pgettext_lazy("visits", "Why")),
    Column(pgettext_lazy("visits", "Who goes")),
    Column(COMMUNITY),
    Column(pgettext_lazy("visits", "Made on")),
    Column(gettext_lazy("State")),
)
STATES = [
    ("open", pgettext_lazy("visits", "planned")),
    ("late", pgettext_lazy("visits", "late")),
    ("recorded", pgettext_lazy("visits", "made or tried")),
    *[one for one in Visit.State.choices if one[0] != Visit.State.PLANNED],
    ("all", gettext_lazy("All")),
]


class BoardFilter(PlaceForm):
    """Which visits to see."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=STATES)
    worker = forms.ChoiceField(label=pgettext_lazy("visits", "Who goes"), required=False)
    reason = forms.ChoiceField(
        label=pgettext_lazy("visits", "Why"),
        required=False,
        choices=[("", gettext_lazy("All")), *Visit.Reason.choices],
    )
    since = optional_day(gettext_lazy("From"))
    until = optional_day(pgettext_lazy("rooms", "To"))
    number = forms.CharField(label=gettext_lazy("Household number"), required=False, max_length=32)

    def __init__(self, *args: Any, desk: VisitsDesk, **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        field: Any = self.fields["worker"]
        field.choices = [("", _("All")), (visits.NOBODY, _("nobody yet")), *desk.workers()]

    def wanted(self) -> visits.Filter:
        """Give the filter; what makes no sense is left out."""
        self.is_valid()
        entered = self.cleaned_data
        return visits.Filter(
            state=entered.get("state") or "open",
            reason=entered.get("reason") or "",
            worker=entered.get("worker") or "",
            communities=self.communities,
            number=(entered.get("number") or "").strip(),
            from_on=entered.get("since"),
            until_on=entered.get("until"),
        )


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List the visits that the filter leaves; ticked ones are given to somebody or printed for a round."""
    desk = desk_of(request)
    form = BoardFilter(request.GET, desk=desk)
    wanted = form.wanted()
    planned = wanted.state in ("open", "late")
    with scope.within(desk.actor.communities):
        rows = visits.list_visits(actor=desk.actor, wanted=wanted, on=desk.on)

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return _rows(part, desk), following

        buttons = [(reverse("staff:visits_due"), _("Plan visits"))]
        if phone_url():
            buttons.append((phone_url(), _("Take along on the phone")))
        buttons.append((reverse("staff:visits_sheet"), _("Print a round")))
        context = desk.context("visits", pgettext_lazy("visits", "Visits"))
        context |= {
            "form": form,
            "lead": _(
                "Planned visits stand here, the first due on top. What was found and promised is on their pages."
            ),
            "buttons": buttons,
            "bulk_url": reverse("staff:visits_chosen") if planned else "",
            "bulk_actions": [("assign", _("Give to somebody")), ("sheet", _("Print a round"))],
            "empty_title": _("No visit is like this."),
            "empty_text": _("Look at who is due, and plan visits."),
        }
        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=rows.count())


def _rows(part: list[Visit], desk: VisitsDesk) -> list[Row]:
    homes = desk.homes(row.household_id for row in part)
    names = visits.name_workers(row.worker for row in part)
    return [
        Row(
            cells(
                leads(household_words(homes.get(row.household_id)), "visit", visit=row.pk),
                members_words(homes.get(row.household_id)),
                spoken(row.due_on),
                reason_in_words(row),
                worker_words(row, names),
                *desk.place(row.community.short_name),
                spoken(row.ended_at) if row.ended_at else "",
                state_cell(row, desk.on),
            ),
            pk=row.pk,
        )
        for row in part
    ]


@reading
def chosen(request: HttpRequest) -> HttpResponse:
    """Go on with the ticked visits: to giving them to somebody, or to the sheet of a round."""
    name = "staff:visits_sheet" if request.GET.get("act") == "sheet" else "staff:visits_assign"
    query = request.GET.copy()
    query.pop("act", None)
    return redirect(f"{reverse(name)}?{query.urlencode()}")
