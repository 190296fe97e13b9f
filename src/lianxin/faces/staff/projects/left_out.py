"""What a run of the matcher left out: each need with its one reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs.models import Need
from lianxin.domain.projects.models import UnservedNeed
from lianxin.domain.projects.queries import runs
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column

from ..points.lists import Page, Row, answer_list, cells, leads
from .desk import ProjectsDesk, desk_of
from .gate import reading
from .matching import REASONS, run_page, title_of

AT_ONCE = 50
COLUMNS = (
    Column(gettext_lazy("Need")),
    Column(gettext_lazy("Category")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("People"), numeric=True),
    Column(gettext_lazy("Why")),
)


class LeftOutFilter(forms.Form):
    """Left out for which reason."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why"), required=False, choices=[("", gettext_lazy("All")), *Need.Reason.choices]
    )


@reading
def show_list(request: HttpRequest, match_run: UUID) -> HttpResponse:
    """List the needs that a run left out in scope, the most people first."""
    row = runs.find_run(actor=actor_of(request), run=match_run)
    desk = desk_of(request)
    form = LeftOutFilter(request.GET)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    found = runs.list_unserved(actor=desk.actor, run=match_run, reason=reason)

    def fetch(after: str) -> Page:
        start = int(after) if after.isdecimal() and len(after) < 8 else 0
        rows = list(found[start : start + AT_ONCE + 1])
        following = str(start + AT_ONCE) if len(rows) > AT_ONCE else ""
        return [_row(one, desk) for one in rows[:AT_ONCE]], following

    title = _("Left out, and why")
    context: dict[str, Any] = desk.context("matching", title, (title_of(row), run_page(match_run)), (title, ""))
    context |= {
        "form": form,
        "lead": _("Each need has one reason. Where nobody can do it, look for somebody who can."),
        "empty_title": _("Every need is served."),
        "empty_text": _("Needs that this matching could not serve stand here, each with its reason."),
        "empty_url": run_page(match_run),
        "empty_link": pgettext_lazy("matching", "Back to the proposals"),
    }
    return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=found.count())


def _row(one: UnservedNeed, desk: ProjectsDesk) -> Row:
    where = [one.community.short_name] if desk.has_many else []
    return Row(
        cells(
            leads(one.need.title, "need", entry=one.need_id),
            one.need.category.name,
            *where,
            one.people,
            REASONS.get(one.reason, one.reason),
        ),
        pk=one.pk,
    )
