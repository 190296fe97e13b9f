"""The page of a partner: what is needed in its communities, and whom it sends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.activities.commands.shift_places import MOST_SENT, send_people
from lianxin.domain.activities.queries.shifts import ShiftRow, find_open, list_open, sent_by
from lianxin.domain.people.queries.organisations import list_organisations
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing

from ..acting import ActForm, answer_form
from ..points.lists import Row, cells, leads, small_table
from ..points.told import Section
from .gate import reads_all, senders_reading, sending
from .words import span_words

AHEAD = timedelta(days=60)
COLUMNS = (
    Column(gettext_lazy("When")),
    Column(gettext_lazy("Task")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("Where")),
    Column(pgettext_lazy("volunteering", "Still wanted"), numeric=True),
)
SENT_COLUMNS = (
    Column(gettext_lazy("When")),
    Column(gettext_lazy("Task")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("People sent")),
)


@senders_reading
def show(request: HttpRequest) -> HttpResponse:
    """Show what is needed in the communities that this partner works with, and whom it sent."""
    actor, at = actor_of(request), now()
    wanted = list_open(at=at, until_at=at + AHEAD, communities=actor.communities)
    sent = sent_by(organisations=actor.organisations, from_at=at) if actor.organisations else []
    sections = [
        Section(
            _("Helpers are wanted"),
            table=small_table(COLUMNS, [_row(row) for row in wanted]),
            empty=_("Nothing is needed just now. Thank you for looking."),
        ),
        Section(
            _("People you send"),
            table=small_table(
                SENT_COLUMNS,
                [
                    Row(
                        cells(
                            span_words(row.starts_at, row.ends_at),
                            leads(row.role, "sending_shift", shift=row.id),
                            row.community_name,
                            "、".join(place.name for place in places if place.state != "cancelled"),
                        )
                    )
                    for row, places in sent
                ],
            ),
            empty=_("Nobody so far."),
        ),
    ]
    context = {"title": _("Sending volunteers"), "sections": sections}
    return render(request, "staff/volunteers/sending.html", context)


def _row(row: ShiftRow) -> Row:
    return Row(
        cells(
            span_words(row.starts_at, row.ends_at),
            leads(row.role, "sending_shift", shift=row.id),
            row.community_name,
            row.where,
            row.free,
        )
    )


class SendForm(ActForm):
    """Who is sent, one name a line."""

    organisation = forms.ChoiceField(label=gettext_lazy("Organisation that sends them"))
    names = forms.CharField(
        label=gettext_lazy("Names, one a line"),
        max_length=41 * MOST_SENT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Nothing but the names is kept. They check in at the door by name."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        firms = list_organisations(actor=actor, limit=200).rows
        mine = [(str(row.id), row.name) for row in firms if reads_all(actor) or row.id in actor.organisations]
        field: Any = self.fields["organisation"]
        field.choices = mine if len(mine) == 1 else [("", _("Please choose")), *mine]


@sending
def send(request: HttpRequest, shift: UUID) -> HttpResponse:
    """Send people of an organisation to a shift, by name."""
    actor = actor_of(request)
    row = find_open(shift=shift)
    if not actor.covers(row.community):
        raise Missing
    back = reverse("staff:shift", kwargs={"shift": shift}) if reads_all(actor) else reverse("staff:sending")
    return answer_form(
        request,
        SendForm(request.POST or None, actor=actor),
        do=lambda wanted: send_people(
            actor=actor,
            shift=shift,
            organisation=UUID(wanted["organisation"]),
            names=wanted["names"].splitlines(),
            at=now(),
            key=wanted["key"],
        ),
        then=lambda _rows: back,
        said=lambda rows: _("%(n)d people are put down. Thank you.") % {"n": len(rows)},
        title=_("Send people to: %(role)s") % {"role": row.role},
        lead=_("%(when)s, %(where)s. %(free)d more are wanted.")
        % {"when": span_words(row.starts_at, row.ends_at), "where": row.where or "—", "free": row.free},
        lines=[line for line in (row.what, "、".join(row.skills)) if line],
        button=_("Send them"),
        cancel_url=back,
        crumbs=[(_("Sending volunteers"), reverse("staff:sending")), (row.role, "")],
    )
