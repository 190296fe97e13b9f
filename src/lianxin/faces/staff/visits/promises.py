"""Promises made at doors: all that are owed, one of them, and closing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.needs.commands import promises as commands
from lianxin.domain.needs.models import VisitPromise
from lianxin.domain.needs.queries import visits
from lianxin.domain.needs.rules.visits import keep_by
from lianxin.faces.kit.acting import key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.clock import local_day

from ..acting import ActForm, answer_form, day_field
from ..needs.desk import page_of
from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads
from .desk import COMMUNITY, PlaceForm, VisitsDesk, desk_of, visit_url
from .gate import open_promise, open_visit, pressing, reading, sending
from .words import PROMISE_TONES, household_words, members_words

State = VisitPromise.State
COLUMNS = (
    Column(pgettext_lazy("visits", "What was promised")),
    Column(pgettext_lazy("visits", "Household")),
    Column(pgettext_lazy("visits", "Who lives there")),
    Column(pgettext_lazy("visits", "Promised on")),
    Column(pgettext_lazy("visits", "Due by")),
    Column(COMMUNITY),
    Column(gettext_lazy("State")),
    Column(pgettext_lazy("visits", "How it went")),
)


class PromisesFilter(PlaceForm):
    """Which promises to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[*State.choices, ("all", gettext_lazy("All"))],
    )


def _url(promise: UUID) -> str:
    return reverse("staff:visit_promise", kwargs={"visit_promise": promise})


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List what was promised and is still owed, the first due on top."""
    desk = desk_of(request)
    form = PromisesFilter(request.GET, desk=desk)
    with scope.within(desk.actor.communities):
        rows = visits.list_promises(
            actor=desk.actor, state=request.GET.get("state", "") or State.OPEN, communities=form.communities
        )

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return _rows(part, desk), following

        context = desk.context("promises", _("Promises"))
        context |= {
            "form": form,
            "lead": _("What was promised at a door is owed until it is kept, or somebody says why it cannot be."),
            "empty_title": _("Nothing is owed."),
            "empty_text": _("What is promised on visits stands here until it is kept."),
        }
        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=rows.count())


def _rows(part: list[VisitPromise], desk: VisitsDesk) -> list[Row]:
    homes = desk.homes(row.household_id for row in part)
    return [
        Row(
            cells(
                leads(row.words, "visit_promise", visit_promise=row.pk),
                household_words(homes.get(row.household_id)),
                members_words(homes.get(row.household_id), most=1),
                spoken(local_day(row.made_at)),
                _by(row, desk),
                *desk.place(row.community.short_name),
                Cell(row.get_state_display(), tone=PROMISE_TONES[State(row.state)]),
                row.result,
            ),
            pk=row.pk,
        )
        for row in part
    ]


def _by(row: VisitPromise, desk: VisitsDesk) -> Cell:
    day = keep_by(row.due_on, made_on=local_day(row.made_at))
    late = row.state == State.OPEN and day < desk.on
    return Cell(spoken(day), tone="due") if late else Cell(spoken(day))


@reading
def show(request: HttpRequest, visit_promise: UUID) -> HttpResponse:
    """Show one promise."""
    desk = desk_of(request)
    row = open_promise(desk.actor, visit_promise)
    home = desk.homes([row.household_id]).get(row.household_id)
    at_home = reverse("staff:household", kwargs={"household": home.id}) if home else ""
    facts: list[tuple[Any, ...]] = [
        (pgettext("visits", "Household"), household_words(home), at_home),
        (pgettext("visits", "Who lives there"), members_words(home)),
        (pgettext("visits", "Promised on"), spoken(local_day(row.made_at))),
        (pgettext("visits", "Due by"), spoken(keep_by(row.due_on, made_on=local_day(row.made_at)))),
    ]
    with scope.within(desk.actor.communities):
        # The household may have brought its promise along from another community, whose visits stay there.
        if visits.is_there(visit=row.visit_id):
            facts.append((pgettext("visits", "Visit"), pgettext("visits", "Look at it"), visit_url(row.visit_id)))
    if row.ended_at:
        facts.append((pgettext("visits", "Closed on"), spoken(local_day(row.ended_at))))
        facts.append((pgettext("visits", "How it went"), row.result or "—"))
    is_open = row.state == State.OPEN
    named = {"visit_promise": row.pk}
    context = desk.context("promises", row.words, (_("Promises"), reverse("staff:visit_promises")), (row.words, ""))
    context |= {
        "heading": False,
        "subtitle": row.community.short_name,
        "state_label": row.get_state_display(),
        "state_tone": PROMISE_TONES[State(row.state)],
        "next_url": reverse("staff:visit_promise_end", kwargs=named) if is_open else "",
        "next_text": _("Say how it went"),
        "presses": [] if is_open else [Press(reverse("staff:visit_promise_reopen", kwargs=named), _("Open it again"))],
        "facts": facts,
        "sections": [],
        "entries": None,
    }
    return render(request, "staff/points/record.html", context)


class EndForm(ActForm):
    """Whether a promise was kept."""

    state = forms.ChoiceField(
        label=gettext_lazy("Was it kept?"),
        widget=forms.RadioSelect,
        choices=[(State.KEPT, gettext_lazy("Yes, it is done")), (State.DROPPED, gettext_lazy("It cannot be kept"))],
    )
    result = forms.CharField(
        label=gettext_lazy("How it went, or why it cannot be kept"), max_length=200, required=False
    )


@sending
def end(request: HttpRequest, visit_promise: UUID) -> HttpResponse:
    """Close a promise."""
    desk = desk_of(request)
    row = open_promise(desk.actor, visit_promise)
    return answer_form(
        request,
        EndForm(request.POST or None),
        do=lambda entered: commands.end_promise(
            actor=desk.actor,
            promise=visit_promise,
            state=entered["state"],
            result=entered["result"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: reverse("staff:visit_promises"),
        said=_("Saved."),
        title=_("Say how it went"),
        lead=row.words,
        button=_("Save"),
        cancel_url=_url(visit_promise),
        crumbs=desk.crumbs((_("Promises"), reverse("staff:visit_promises")), (row.words, _url(visit_promise))),
    )


@pressing
def reopen(request: HttpRequest, visit_promise: UUID) -> HttpResponse:
    """Open a promise again that was closed by mistake."""
    desk = desk_of(request)
    open_promise(desk.actor, visit_promise)
    return press(
        request,
        do=lambda: commands.reopen_promise(actor=desk.actor, promise=visit_promise, at=desk.at, key=key_of(request)),
        back=_url(visit_promise),
        said=_("It is owed again."),
    )


class PromiseForm(ActForm):
    """What was promised, and by when."""

    words = forms.CharField(label=gettext_lazy("What did you promise?"), max_length=200)
    due_on = day_field(gettext_lazy("By when?"), required=False, help_text=gettext_lazy("Empty: within two weeks."))


@sending
def new(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Add a promise that was not written down at the door."""
    desk = desk_of(request)
    open_visit(desk.actor, visit)
    return answer_form(
        request,
        PromiseForm(request.POST or None),
        do=lambda entered: commands.add_promise(
            actor=desk.actor,
            visit=visit,
            words=entered["words"],
            due_on=entered["due_on"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: visit_url(visit),
        said=_("Saved."),
        title=_("Add a promise"),
        button=_("Save"),
        cancel_url=visit_url(visit),
        crumbs=desk.crumbs((pgettext("visits", "Visit"), visit_url(visit)), (_("Add a promise"), "")),
    )
