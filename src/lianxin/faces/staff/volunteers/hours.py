"""The ledger of hours on the office's desk: the list, a correction, hours taken over from paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.activities.commands import hours as commands
from lianxin.domain.activities.models import HoursEntry
from lianxin.domain.activities.queries.hours import HoursLine, counted_now, find_entry, list_hours
from lianxin.engines.masking import mask_name
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import ActForm, DayInput, answer_form
from ..points.lists import Page, Row, answer_list, cells, leads
from .desk import desk_of
from .finding import ask_who, chosen
from .gate import keeping, reading
from .words import KIND_WORDS, hours_words

Kind = HoursEntry.Kind
COLUMNS = (
    Column(gettext_lazy("Day")),
    Column(gettext_lazy("Name")),
    Column(pgettext_lazy("volunteering", "Hours")),
    Column(gettext_lazy("Minutes"), numeric=True),
    Column(gettext_lazy("How")),
    Column(pgettext_lazy("volunteering", "What")),
    Column(gettext_lazy("Reason")),
    Column(gettext_lazy("Entered by")),
)


class HoursFilter(forms.Form):
    """Which days, and how they came."""

    from_on = forms.DateField(label=gettext_lazy("From"), required=False, widget=DayInput)
    until_on = forms.DateField(label=gettext_lazy("Until"), required=False, widget=DayInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("How"), required=False, choices=[("", gettext_lazy("All")), *Kind.choices]
    )


@reading
def show_list(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the hours of a community, newest first, with their sum."""
    desk = desk_of(request, community)
    form = HoursFilter(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    first: date = asked.get("from_on") or desk.on.replace(month=1, day=1)
    last: date = asked.get("until_on") or desk.on
    span: dict[str, Any] = {"from_on": first, "until_on": last + timedelta(days=1), "kind": asked.get("kind") or ""}
    whole = list_hours(actor=desk.actor, community=community, after=request.GET.get("after", ""), **span)

    def fetch(after: str) -> Page:
        page = (
            whole
            if after == request.GET.get("after", "")
            else list_hours(actor=desk.actor, community=community, after=after, **span)
        )
        return [_row(row, keeps=desk.keeps) for row in page.rows], page.after

    context = desk.context("hours", _("Hours of volunteers"))
    context |= {
        "form": HoursFilter(request.GET if request.GET else None, initial={"from_on": first, "until_on": last}),
        "lead": _("In these days: %(hours)s.") % {"hours": hours_words(whole.minutes)},
        "buttons": [(desk.url("hours_new"), _("Take hours over from paper"))] if desk.keeps else [],
        "empty_title": _("No hours in these days."),
        "empty_text": _("Hours come from shifts: whoever checks in at one, or is noted as having come."),
        "empty_url": "",
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=whole.count, place=desk.name)


def _row(row: HoursLine, *, keeps: bool) -> Row:
    can = keeps and row.kind != Kind.CORRECTION
    return Row(
        cells(
            leads(row.on, "hours_entry", hours_entry=row.id) if can else row.on,
            row.masked_name,
            hours_words(row.minutes),
            row.minutes,
            KIND_WORDS[Kind(row.kind)],
            row.what,
            row.reason,
            row.by_name,
        ),
        pk=row.id,
    )


class HoursForm(ActForm):
    """How long, and why."""

    hours = forms.IntegerField(label=pgettext_lazy("volunteering", "Hours"), min_value=0, max_value=10_000)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=0, max_value=59, initial=0)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def total(self) -> int:
        """Give all of it in minutes."""
        return self.cleaned_data["hours"] * 60 + self.cleaned_data["minutes"]


@keeping
def correct(request: HttpRequest, hours_entry: UUID) -> HttpResponse:
    """Say how long it really was; the difference becomes a row of its own."""
    row = find_entry(actor=actor_of(request), entry=hours_entry)
    desk = desk_of(request, row.community_id)
    counted = counted_now(actor=desk.actor, entry=hours_entry)
    form = HoursForm(request.POST or None, initial={"hours": counted // 60, "minutes": counted % 60})
    name = mask_name(row.person.name)
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.correct_hours(
            actor=desk.actor,
            entry=hours_entry,
            minutes=form.total(),
            reason=wanted["reason"],
            at=now(),
            key=wanted["key"],
        ),
        then=lambda _row: desk.url("hours"),
        said=_("Corrected."),
        title=_("Correct the hours of %(name)s") % {"name": name},
        lead=_("%(day)s: %(hours)s count now. The entry stays; the difference is written below it.")
        % {"day": row.on, "hours": hours_words(counted)},
        button=_("Correct"),
        cancel_url=desk.url("hours"),
        crumbs=desk.crumbs((pgettext("volunteering", "Hours"), desk.url("hours")), (_("Correct"), "")),
    )


class TakeOverForm(HoursForm):
    """The same with the day."""

    on = forms.DateField(
        label=gettext_lazy("Day"), widget=DayInput, help_text=gettext_lazy("Of a whole book: its last day.")
    )

    field_order = ("on", "hours", "minutes", "reason")


@keeping
def take_over(request: HttpRequest, community: UUID) -> HttpResponse:
    """Take hours over from a paper book."""
    desk = desk_of(request, community)
    crumbs = desk.crumbs((pgettext("volunteering", "Hours"), desk.url("hours")), (_("Take hours over from paper"), ""))
    who = chosen(request, desk)
    if who is None:
        return ask_who(request, desk, title=_("Whose hours are they?"), lead="", crumbs=crumbs)
    form = TakeOverForm(request.POST or None)
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.take_over(
            actor=desk.actor,
            person=who.id,
            on=wanted["on"],
            minutes=form.total(),
            reason=wanted["reason"],
            at=now(),
            key=wanted["key"],
        ),
        then=lambda _row: desk.url("hours"),
        said=_("Taken over."),
        title=_("Hours of %(name)s from paper") % {"name": who.masked_name},
        lead=_("Say under “Reason” where they stand: which book, which page."),
        button=_("Take over"),
        cancel_url=desk.url("hours"),
        crumbs=crumbs,
    )
