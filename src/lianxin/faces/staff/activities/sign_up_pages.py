"""One sign-up with its party: what is known, cancelling it, and what was said to an offer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from lianxin.domain.activities.commands.sign_ups import cancel_sign_up
from lianxin.domain.activities.commands.waiting import accept_offer, decline_offer
from lianxin.domain.activities.models import SignUp
from lianxin.domain.activities.queries.sign_ups import (
    Place,
    SignUpRow,
    find_sign_up_row,
)
from lianxin.domain.activities.queries.timelines import timeline_of
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import REASON, ActForm, answer_form
from ..points.lists import Cell, Press, Row, cells, leads, small_table
from ..points.told import Section
from .gate import planner_presses, planning, reading
from .sign_ups import TONES
from .words import story

State = SignUp.State


class CancelForm(ActForm):
    """Who does not come, and why."""

    who = forms.ChoiceField(label=gettext_lazy("Who does not come?"), widget=forms.RadioSelect)
    reason = forms.CharField(label=REASON, max_length=200, required=False)

    def __init__(self, *args: Any, rows: list[SignUpRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("one", rows[0].masked_name),
            *([("all", _("The whole party of %(count)d") % {"count": len(rows)})] if len(rows) > 1 else []),
        ]
        self.fields["who"].initial = "one"


def _opened(request: HttpRequest, sign_up: UUID) -> tuple[Place, list[SignUpRow]]:
    return find_sign_up_row(actor=actor_of(request), sign_up=sign_up, at=now())


@reading
def show_one(request: HttpRequest, sign_up: UUID) -> HttpResponse:
    """Show one sign-up with its party and what can be done for it."""
    place, rows = _opened(request, sign_up)
    first = rows[0]
    state = State(first.state)
    back = reverse("staff:sign_ups", kwargs={"occurrence": place.id})
    own: dict[str, Any] = {"sign_up": sign_up}
    acts: list[tuple[str, Any]] = []
    presses: list[Press] = []
    if place.may_run and state in SignUp.LIVE:
        acts.append((reverse("staff:sign_up_cancel", kwargs=own), _("Cancel it")))
    if place.may_run and state == State.OFFERED:
        presses = [
            Press(reverse("staff:sign_up_accept", kwargs=own), _("They come"), "primary"),
            Press(reverse("staff:sign_up_decline", kwargs=own), _("They do not come")),
        ]
    if first.person:
        acts.append((reverse("staff:person", kwargs={"person": first.person}), _("To the resident's record")))
    context = {
        "title": first.masked_name,
        "heading": False,
        "subtitle": f"{place.title} · {place.where}",
        "state_label": state.label,
        "state_tone": TONES[state],
        "crumbs": [(_("Activities"), reverse("staff:activities")), (place.title, back), (first.masked_name, "")],
        "facts": _facts(first),
        "facts_title": _("Facts"),
        "acts": acts,
        "presses": presses,
        "sections": [_party(rows)] if len(rows) > 1 else [],
        "entries": story(timeline_of(actor=actor_of(request), kind="activities.signup", record=sign_up)),
    }
    return render(request, "staff/points/record.html", context)


def _facts(row: SignUpRow) -> list[tuple[Any, Any]]:
    facts: list[tuple[Any, Any]] = [
        (_("Number"), row.number),
        (_("How"), SignUp.How(row.how).label),
        (_("Since"), Cell(row.accepted_at).shown),
        (_("Code"), row.code),
    ]
    also = [
        (_("Waits as number"), row.position),
        (_("Kept until"), Cell(row.offered_until).shown if row.offered_until else ""),
        (pgettext("sign-up", "Kind of place"), row.limit),
        (_("Phone"), f"****{row.last4}" if row.last4 else _("no message reaches them")),
        (_("Note"), row.note),
    ]
    return facts + [(label, value) for label, value in also if value]


def _party(rows: list[SignUpRow]) -> Section:
    columns = (Column(_("Name")), Column(_("Age"), numeric=True), Column(_("State")))
    lines = [
        Row(
            cells(
                leads(row.masked_name, "sign_up", sign_up=row.id),
                row.age,
                Cell(State(row.state).label, tone=TONES[State(row.state)]),
            )
        )
        for row in rows
    ]
    title = ngettext("Signed up together: %(count)d person", "Signed up together: %(count)d people", len(rows))
    return Section(title % {"count": len(rows)}, table=small_table(columns, lines))


@planning
def cancel(request: HttpRequest, sign_up: UUID) -> HttpResponse:
    """Cancel for somebody who called or came by."""
    place, rows = _opened(request, sign_up)
    live = [row for row in rows if row.state in SignUp.LIVE] or rows
    back = reverse("staff:sign_up", kwargs={"sign_up": sign_up})
    return answer_form(
        request,
        CancelForm(request.POST or None, rows=[rows[0], *(row for row in live if row.id != rows[0].id)]),
        do=lambda data: cancel_sign_up(
            actor=actor_of(request),
            sign_up=sign_up,
            whole_party=data["who"] == "all",
            reason=data["reason"],
            at=now(),
            key=data["key"],
        ),
        then=lambda _rows: reverse("staff:sign_ups", kwargs={"occurrence": place.id}),
        said=_("Cancelled. Whoever waits is asked."),
        title=_("Cancel a sign-up"),
        lead=f"{place.title} · {rows[0].masked_name}",
        button=_("Cancel it"),
        cancel_url=back,
        crumbs=[(place.title, reverse("staff:sign_ups", kwargs={"occurrence": place.id})), (_("Cancel a sign-up"), "")],
    )


@planner_presses
def accept(request: HttpRequest, sign_up: UUID) -> HttpResponse:
    """Note that those who were called come."""
    return press(
        request,
        do=lambda: accept_offer(actor=actor_of(request), sign_up=sign_up, at=now(), key=key_of(request)),
        back=reverse("staff:sign_up", kwargs={"sign_up": sign_up}),
        said=_("The place is theirs."),
    )


@planner_presses
def decline(request: HttpRequest, sign_up: UUID) -> HttpResponse:
    """Note that those who were called do not come."""
    return press(
        request,
        do=lambda: decline_offer(actor=actor_of(request), sign_up=sign_up, at=now(), key=key_of(request)),
        back=reverse("staff:sign_up", kwargs={"sign_up": sign_up}),
        said=_("The next one who waits is asked."),
    )
