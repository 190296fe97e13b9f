"""The sheet of a round on paper: names, addresses and what is owed, and room to write."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from lianxin.domain.needs.commands import visits as commands
from lianxin.domain.needs.models import Visit
from lianxin.domain.needs.queries import visit_packages, visits
from lianxin.faces.kit.dates import spoken
from lianxin.platform import scope
from lianxin.platform.clock import local_day

from ..acting import ActForm, day_field
from .desk import VisitsDesk, chosen_of, desk_of, uuid_of
from .gate import sending
from .planning import WHO


class SheetForm(ActForm):
    """Whose round, and how far ahead."""

    chosen = forms.CharField(widget=forms.HiddenInput, required=False)
    worker = forms.ChoiceField(label=WHO, required=False)
    until = day_field(pgettext_lazy("visits", "Visits due until"), required=False)

    def __init__(self, *args: Any, desk: VisitsDesk, ticked: list[UUID], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["worker"].choices = desk.workers()
        if ticked:
            del fields["worker"], fields["until"]


@sending
def sheet(request: HttpRequest) -> HttpResponse:
    """Ask which round, then give it on paper with names and addresses; who printed which is logged."""
    desk = desk_of(request)
    ticked = chosen_of(request)
    initial = {
        "chosen": ",".join(map(str, ticked)),
        "worker": str(desk.actor.account),
        "until": desk.on + visit_packages.AHEAD,
    }
    form = SheetForm(request.POST or None, desk=desk, ticked=ticked, initial=initial)
    if request.method == "POST" and form.is_valid():
        rows = commands.print_round(
            actor=desk.actor,
            visits=ticked,
            worker=uuid_of(form.cleaned_data.get("worker") or ""),
            until=form.cleaned_data.get("until"),
            at=desk.at,
        )
        if rows:
            return _paper(request, desk, rows)
        form.add_error(None, _("No planned visit is like this."))
    context = {
        "form": form,
        "title": _("Print a round"),
        "lead": _("The sheet has names, addresses and what was promised. Keep it safe, and destroy it afterwards."),
        "button": _("Make the sheet"),
        "cancel_url": reverse("staff:visits"),
        "crumbs": desk.crumbs((_("Print a round"), "")),
    }
    return render(request, "staff/form.html", context, status=422 if form.errors else 200)


def _paper(request: HttpRequest, desk: VisitsDesk, rows: list[Visit]) -> HttpResponse:
    homes = desk.homes((row.household_id for row in rows), masked=False)
    with scope.within(desk.actor.communities):
        last, owed = visit_packages.last_records(list(homes)), visit_packages.open_promises(list(homes))
    names = visits.name_workers(row.worker for row in rows)
    lines = [
        {
            "home": homes[row.household_id],
            "reason": visit_packages.reason_in_words(row),
            "due": spoken(row.due_on),
            "worker": names.get(row.worker, "") if row.worker else "",
            "last": last.get(row.household_id),
            "last_on": spoken(local_day(before.ended_at))
            if (before := last.get(row.household_id)) and before.ended_at
            else "",
            "promises": owed.get(row.household_id, []),
        }
        for row in rows
        if row.household_id in homes
    ]
    context = {
        "lines": lines,
        "sheet_title": pgettext("visits", "Round of visits"),
        "sheet_place": "、".join(sorted({row.community.short_name for row in rows})),
        "sheet_period": spoken(desk.on),
        "printed_at": desk.at,
        "back_url": reverse("staff:visits"),
    }
    return render(request, "staff/visits/round.html", context)
