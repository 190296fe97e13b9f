"""The register of what offices above asked of communities, through the gate or another way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import pgettext_lazy as _

from lianxin.domain.reporting.models import Demand, RequestField, RequestReach
from lianxin.platform.contributions import Window

from .form import COMMUNITY, Column, Line, Register, Tie
from .reading import AT_ONCE, day, during, hour, number_of


def _through_the_gate(window: Window) -> QuerySet[RequestReach]:
    rows = RequestReach.objects.exclude(state=RequestReach.State.DELIVERED).select_related("community", "request")
    by_hand = RequestField.objects.filter(how=RequestField.How.HAND)
    return during(rows, window, "opened_at").annotate(asked=number_of(by_hand, "request", to="request"))


def _noted(window: Window) -> QuerySet[Demand]:
    rows = Demand.objects.exclude(state=Demand.State.TAKEN_BACK).select_related("community")
    return during(rows, window, "asked_at")


def _lines(window: Window) -> Iterator[Line]:
    gate, noted = _through_the_gate(window), _noted(window)
    keys = [(at, 0, pk) for at, pk in gate.order_by().values_list("opened_at", "pk")]
    keys += [(at, 1, pk) for at, pk in noted.order_by().values_list("asked_at", "pk")]
    keys.sort()
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        pks = [pk for _at, _is_noted, pk in part]
        found: dict[Any, Any] = {row.pk: row for rows in (gate, noted) for row in rows.filter(pk__in=pks).order_by()}
        for at, is_noted, pk in part:
            if pk in found:
                yield _line(at, found[pk], is_noted=bool(is_noted))


def _line(at: Any, row: Any, *, is_noted: bool) -> Line:
    told = row if is_noted else row.request
    return (
        day(at),
        hour(at),
        row.community.short_name,
        told.office_name,
        told.get_office_level_display(),
        told.get_kind_display(),
        told.title,
        told.get_came_by_display() if is_noted else gettext("Through the request gate"),
        row.field_count if is_noted else row.asked,
        day(row.due_at),
        1 if row.is_out_of_hours else 0,
        1 if row.is_short_notice else 0,
        row.get_state_display(),
    )


DEMANDS = Register(
    code="demands",
    title=_("register", "Demands of upper offices"),
    job="reporting",
    about=_("register", "One line for each time an office above asked a community for something."),
    columns=(
        Column("on", _("register", "Date"), "day"),
        Column("at", _("register", "Time"), "time"),
        Column(COMMUNITY, _("register", "Community")),
        Column("office", _("register", "Office")),
        Column("level", _("register", "Level")),
        Column("kind", _("register", "Kind")),
        Column("title", _("register", "What was asked")),
        Column("way", _("register", "Way")),
        Column("fields", _("register", "Entries by hand"), "number", is_summed=True),
        Column("due", _("register", "Due by"), "day"),
        Column("late_hour", _("register", "Out of hours"), "number", is_summed=True),
        Column("short", _("register", "At short notice"), "number", is_summed=True),
        Column("state", _("register", "State")),
    ),
    rows=_lines,
    count=lambda window: _through_the_gate(window).count() + _noted(window).count(),
    ties=(
        Tie("demands_sent"),
        Tie("fields_asked", "fields"),
        Tie("demands_out_of_hours", "late_hour"),
        Tie("demands_short_notice", "short"),
    ),
    footnote=_("register", "What was answered at once from known figures asked nobody and is not here."),
)

REGISTERS = (DEMANDS,)
