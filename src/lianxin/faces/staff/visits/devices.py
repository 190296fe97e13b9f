"""Phones that carry households along: who took them, until when, what they last sent; and ending one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.needs.commands import devices as commands
from lianxin.domain.needs.models import VisitDevice
from lianxin.domain.needs.queries import visits
from lianxin.faces.kit.acting import key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..needs.desk import page_of
from ..points.lists import Cell, Page, Press, Row, answer_list, cells
from .desk import COMMUNITY, VisitsDesk, desk_of, phone_url
from .gate import open_device, pressing, reading

COLUMNS = (
    Column(pgettext_lazy("visits", "Phone")),
    Column(pgettext_lazy("visits", "Whose")),
    Column(COMMUNITY),
    Column(pgettext_lazy("visits", "Households"), numeric=True),
    Column(pgettext_lazy("visits", "Taken along on")),
    Column(pgettext_lazy("visits", "Kept until")),
    Column(pgettext_lazy("visits", "Last sent")),
    Column(gettext_lazy("State")),
    Column(""),
)


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List the phones that took households along, the newest first."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        rows = visits.list_devices(actor=desk.actor)

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            names = visits.name_workers(row.worker for row in part)
            return [_row(row, names, desk) for row in part], following

        context = desk.context("devices", pgettext_lazy("visits", "Phones"))
        context |= {
            "lead": _(
                "A phone keeps households sealed by the worker's own code, and forgets them after a week. "
                "End one that was lost: it can send no more by itself."
            ),
            "buttons": [(phone_url(), _("Take along on the phone"))] if phone_url() else [],
            "empty_title": _("No phone took households along."),
            "empty_text": _("Plan visits first, then open the phone page on the phone."),
        }
        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=rows.count())


def _row(row: VisitDevice, names: dict[UUID, str], desk: VisitsDesk) -> Row:
    carries = row.ended_at is None and row.expires_at > desk.at
    state = (
        Cell(pgettext("visit phone", "ended"), tone="stop")
        if row.ended_at
        else Cell(pgettext("visit phone", "in use"), tone="done")
        if carries
        else Cell(pgettext("visit phone", "run out"), tone="quiet")
    )
    url = reverse("staff:visit_device_end", kwargs={"visit_device": row.pk})
    return Row(
        cells(
            row.name or "—",
            names.get(row.worker, ""),
            *desk.place(row.community.short_name),
            row.households,
            spoken(row.taken_at),
            spoken(row.expires_at),
            spoken(row.last_sent_at) if row.last_sent_at else "",
            state,
        ),
        pk=row.pk,
        presses=[Press(url, pgettext("visit phone", "End"))] if row.ended_at is None else [],
    )


@pressing
def end(request: HttpRequest, visit_device: UUID) -> HttpResponse:
    """Let a phone send no more by itself."""
    desk = desk_of(request)
    open_device(desk.actor, visit_device)
    return press(
        request,
        do=lambda: commands.end_device(actor=desk.actor, device=visit_device, at=desk.at, key=key_of(request)),
        back=reverse("staff:visit_devices"),
        said=_("This phone sends no more by itself. Whoever has it must log in."),
    )
