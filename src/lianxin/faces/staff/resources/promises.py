"""Promises: what is due, a new one, and what became of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.resources import policy
from lianxin.domain.resources.commands import promises as commands
from lianxin.domain.resources.models import Promise
from lianxin.domain.resources.queries.offers import find_offer
from lianxin.domain.resources.queries.promises import PromiseRow, find_promise, list_promises
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form, day_field
from ..choices import ANY, community_choices
from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads
from ..points.told import Section
from .desk import ResourcesDesk, asked_communities, desk_of
from .gate import keeper_presses, keeping, reading, shared_reading, sharing
from .words import PROMISE_TONES, how_much

State = Promise.State
COLUMNS = (
    Column(gettext_lazy("Day")),
    Column(gettext_lazy("What is offered")),
    Column(pgettext_lazy("offer", "Who gives it")),
    Column(gettext_lazy("Community")),
    Column(pgettext_lazy("offer", "Amount")),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Reason")),
)


def page_of(promise: UUID) -> str:
    """Give the address of a promise."""
    return reverse("staff:promise", kwargs={"promise": promise})


class PromisesFilter(forms.Form):
    """Which promises to see."""

    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", ANY), ("due", gettext_lazy("To be noted")), *State.choices],
    )

    def __init__(self, *args: Any, desk: ResourcesDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communities = community_choices(desk.actor)
        fields: dict[str, Any] = self.fields
        if communities:
            fields["community"].choices = [("", ANY), *communities]
        else:
            del fields["community"]


@reading
def show_list(request: HttpRequest) -> HttpResponse:
    """List promises: what is due to be noted first."""
    desk = desk_of(request)
    form = PromisesFilter(request.GET, desk=desk)
    form.is_valid()
    wanted: dict[str, Any] = form.cleaned_data
    state = wanted.get("state", "")
    found = list_promises(
        actor=desk.actor,
        communities=asked_communities(desk, wanted.get("community", "")),
        state="" if state == "due" else state,
        due_on=desk.on if state == "due" else None,
    )

    def fetch(_after: str) -> Page:
        return [row_of(row, desk) for row in found], ""

    context = desk.context("promises", _("Promises"))
    context |= {
        "form": form,
        "lead": _(
            "What was promised for a day. Note afterwards whether it was kept; the record stands beside the offer."
        ),
        "empty_title": _("Nothing was promised yet."),
        "empty_text": _("Promises come from planned projects, or are noted at an offer."),
    }
    return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=len(found))


def row_of(row: PromiseRow, desk: ResourcesDesk) -> Row:
    """Write a promise as a line."""
    state = State(row.state)
    return Row(
        cells(
            leads(row.on, "promise", promise=row.id),
            leads(row.offer_title, "offer", offer=row.offer),
            row.giver or "—",
            *([row.community_name] if desk.has_many else []),
            _amount(row),
            Cell(state.label, tone=PROMISE_TONES[state]),
            row.reason,
        ),
        pk=row.id,
    )


def _amount(row: PromiseRow) -> str:
    whole = how_much(row.quantity, row.unit)
    return whole if row.kept_quantity in (None, row.quantity) else f"{row.kept_quantity} / {whole}"


@shared_reading
def show(request: HttpRequest, promise: UUID) -> HttpResponse:
    """Show one promise, and take what became of it."""
    desk = desk_of(request)
    row = find_promise(actor=desk.actor, promise=promise)
    state = State(row.state)
    keeps = policy.may_keep(desk.actor, row.community)
    is_open, is_due = state == State.OPEN, row.on <= desk.on
    named = {"promise": promise}
    acts = []
    if is_open and keeps and is_due:
        acts.append((reverse("staff:promise_note", kwargs=named), _("Note what came")))
    if is_open and (keeps or not is_due):
        acts.append((reverse("staff:promise_excuse", kwargs=named), _("Call it off")))
    presses = []
    if keeps and is_open and is_due:
        presses.append(Press(reverse("staff:promise_keep", kwargs=named), _("It was kept"), "primary"))
    if keeps and not is_open:
        presses.append(Press(reverse("staff:promise_reopen", kwargs=named), _("Take the note back")))
    context = desk.context("promises", row.offer_title, (row.offer_title, ""))
    context |= {
        "subtitle": f"{spoken(row.on)} · {row.community_name}",
        "state_label": state.label,
        "state_tone": PROMISE_TONES[state],
        "banners": [],
        "presses": presses,
        "sections": [Section(_("Reason"), text=row.reason)] if row.reason else [],
        "facts": [
            (_("Day"), row.on),
            (_("What is offered"), row.offer_title, reverse("staff:offer", kwargs={"offer": row.offer})),
            *_of_project(row, desk),
            (_("Community"), row.community_name),
            (pgettext("offer", "Who gives it"), row.giver or "—"),
            (pgettext("offer", "Amount"), _amount(row)),
        ],
        "acts": acts,
        "entries": None,
    }
    return render(request, "staff/points/record.html", context)


def _of_project(row: PromiseRow, desk: ResourcesDesk) -> list[tuple[Any, ...]]:
    """Give the way to the project for which something was promised."""
    if row.record_kind != "projects.project" or row.record_id is None or not desk.reads:
        return []
    return [(_("Project"), _("Open it"), reverse("staff:project", kwargs={"project": row.record_id}))]


class NewForm(ActForm):
    """For which day, and how much."""

    on = day_field(gettext_lazy("Day"))
    quantity = forms.IntegerField(label=pgettext_lazy("offer", "Amount"), initial=1)


@keeping
def new(request: HttpRequest, offer: UUID) -> HttpResponse:
    """Note what is promised out of an offer."""
    desk = desk_of(request)
    found = find_offer(actor=desk.actor, offer=offer)
    page = reverse("staff:offer", kwargs={"offer": offer})
    return answer_form(
        request,
        NewForm(request.POST or None, initial={"on": desk.on}),
        do=lambda wanted: commands.promise(
            actor=desk.actor,
            offer=offer,
            on=wanted["on"],
            quantity=wanted["quantity"],
            at=now(),
            key=wanted["key"],
        ),
        then=lambda _row: page,
        said=_("Noted. The day after, you are asked whether it was kept."),
        title=_("Note a promise"),
        lead=found.row.title,
        button=_("Note it"),
        cancel_url=page,
        crumbs=desk.crumbs((found.row.title, page), (_("Note a promise"), "")),
    )


@keeper_presses
def keep(request: HttpRequest, promise: UUID) -> HttpResponse:
    """Note that all that was promised came."""
    find_promise(actor=actor_of(request), promise=promise)
    return press(
        request,
        do=lambda: commands.keep(actor=actor_of(request), promise=promise, at=now(), key=key_of(request)),
        back=page_of(promise),
        said=_("Noted: kept."),
    )


@keeper_presses
def reopen(request: HttpRequest, promise: UUID) -> HttpResponse:
    """Take back what was noted."""
    find_promise(actor=actor_of(request), promise=promise)
    return press(
        request,
        do=lambda: commands.reopen(actor=actor_of(request), promise=promise, at=now(), key=key_of(request)),
        back=page_of(promise),
        said=_("Taken back."),
    )


class NoteForm(ActForm):
    """How much came, and why not all."""

    quantity = forms.IntegerField(
        label=gettext_lazy("How much came"), min_value=0, help_text=gettext_lazy("0: nothing came")
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


@keeping
def note(request: HttpRequest, promise: UUID) -> HttpResponse:
    """Note how much of what was promised came; nothing at all means that it was not kept."""
    desk = desk_of(request)
    row = find_promise(actor=desk.actor, promise=promise)

    def do(wanted: dict[str, Any]) -> Any:
        more = {"reason": wanted["reason"], "at": now(), "key": wanted["key"]}
        if wanted["quantity"] == 0:
            return commands.break_(actor=desk.actor, promise=promise, **more)
        return commands.keep(actor=desk.actor, promise=promise, quantity=wanted["quantity"], **more)

    return answer_form(
        request,
        NoteForm(request.POST or None, initial={"quantity": row.quantity}),
        do=do,
        then=lambda _row: page_of(promise),
        said=_("Noted."),
        title=_("Note what came"),
        lead=f"{row.offer_title} · {row.on.isoformat()} · {how_much(row.quantity, row.unit)}",
        button=_("Note it"),
        cancel_url=page_of(promise),
        crumbs=desk.crumbs((row.offer_title, page_of(promise)), (_("Note what came"), "")),
    )


class ExcuseForm(ActForm):
    """Why it is called off."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


@sharing
def excuse(request: HttpRequest, promise: UUID) -> HttpResponse:
    """Call a promise off in time."""
    desk = desk_of(request)
    row = find_promise(actor=desk.actor, promise=promise)
    return answer_form(
        request,
        ExcuseForm(request.POST or None),
        do=lambda wanted: commands.excuse(
            actor=desk.actor, promise=promise, reason=wanted["reason"], at=now(), key=wanted["key"]
        ),
        then=lambda _row: page_of(promise),
        said=_("Called off. Thank you for telling in time."),
        title=_("Call it off"),
        lead=f"{row.offer_title} · {spoken(row.on)} · {row.community_name}",
        button=_("Call it off"),
        cancel_url=page_of(promise),
        crumbs=desk.crumbs((row.offer_title, page_of(promise)), (_("Call it off"), "")),
    )
