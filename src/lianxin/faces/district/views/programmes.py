"""Programmes that reach communities batch by batch, and the pilots beside the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places import policy
from lianxin.domain.places.commands.programmes import edit_programme, end_programme, start_programme
from lianxin.domain.places.models import Programme
from lianxin.domain.places.queries import programmes as queries
from lianxin.domain.places.queries.standards import VenueScore, score_venues
from lianxin.faces.district.acting import answer_form, answer_question
from lianxin.faces.district.forms.programmes import EndProgrammeForm, ProgrammeEditForm, ProgrammeForm
from lianxin.faces.district.gate import form_for, shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import local_day, now

TONES = {"preparing": "info", "running": "due", "ended": "quiet"}
STATES = dict(Programme.State.choices)


@dataclass(frozen=True)
class Row:
    """One programme of the list."""

    pk: UUID
    name: str
    state: str
    label: Any
    tone: str
    batches: int
    communities: int
    began_on: Any
    ended_on: Any


@dataclass(frozen=True)
class Measured:
    """One measure of the pilots beside that of the others; None where nobody knows."""

    label: str
    unit: str
    pilots: str
    others: str


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List the programmes, the newest first."""
    at = now()
    counts = queries.count_members(on=local_day(at))
    rows = []
    for one in queries.list_programmes():
        batches = list(one.batches.all())
        rows.append(
            Row(
                pk=one.pk,
                name=one.name,
                state=one.state,
                label=STATES[one.state],
                tone=TONES[one.state],
                batches=len(batches),
                communities=counts.get(one.pk, 0),
                began_on=min((batch.starts_on for batch in batches), default=None),
                ended_on=one.ended_on,
            )
        )
    listing = Listing(
        name="programmes",
        title=_("Programmes"),
        rows=rows,
        default_sort="",
        row_template="district/row_programme.html",
        cells=lambda row: (row.name, row.label, row.batches, row.communities, row.began_on, row.ended_on),
        columns=(
            Column(_("Programme"), sort="name"),
            Column(_("State"), sort="state"),
            Column(_("Batches"), sort="batches", numeric=True),
            Column(_("Communities today"), sort="communities", numeric=True),
            Column(_("Began"), sort="began_on"),
            Column(_("Ended"), sort="ended_on"),
        ),
    )
    context = {"may_edit": policy.may_edit_programmes(request.actor)}  # type: ignore[attr-defined]
    return answer(request, listing, shown=shown, template="district/programmes.html", context=context, at=at)


@shown_to_offices
def programme(request: HttpRequest, programme: UUID) -> HttpResponse:
    """Show a programme with its batches and who belongs to each."""
    page = queries.find_programme_page(programme=programme, on=local_day(now()))
    return render(
        request,
        "district/programme.html",
        {
            "page": page,
            "programme": page.programme,
            "state_label": STATES[page.programme.state],
            "state_tone": TONES[page.programme.state],
            "may_edit": policy.may_edit_programmes(request.actor)  # type: ignore[attr-defined]
            and page.programme.state != Programme.State.ENDED,
            "tabs": _tabs(page.programme, "programme"),
            "crumbs": crumbs_of(page.programme),
        },
    )


@shown_to_offices
def comparison(request: HttpRequest, programme: UUID) -> HttpResponse:
    """Show what is known of the pilots' centres beside those of the communities that are not in the programme."""
    today = local_day(now())
    found = queries.find_programme(programme)
    groups = queries.find_comparison_groups(programme=programme, on=today)
    scored = score_venues(on=today)
    pilots = [one for one in scored if one.seen.community in groups.pilots]
    others = [one for one in scored if one.seen.community in groups.others]
    return render(
        request,
        "district/comparison.html",
        {
            "programme": found,
            "state_label": STATES[found.state],
            "state_tone": TONES[found.state],
            "pilots": len(pilots),
            "others": len(others),
            "measures": _compare(pilots, others),
            "is_part": request.actor.communities is not None,  # type: ignore[attr-defined]
            "tabs": _tabs(found, "programme_comparison"),
            "crumbs": crumbs_of(found),
        },
    )


def _compare(pilots: Sequence[VenueScore], others: Sequence[VenueScore]) -> list[Measured]:
    """Give means over the centres of which the number is known."""

    def weekly(part: Any, days: int) -> Decimal | None:
        return None if part is None or not days else Decimal(part) * 7 / days

    numbers: list[tuple[str, str, Any]] = [
        (_("Score"), "", lambda one: one.score.total),
        (_("Floor area"), "m²", lambda one: one.seen.observed.area_m2),
        (_("Service categories offered"), "", lambda one: one.seen.observed.services),
        (
            _("Declared opening time a week"),
            _("hours"),
            lambda one: _divided(one.seen.observed.weekly_minutes, 60),
        ),
        (
            _("Promised days on which it was open"),
            "%",
            lambda one: _divided(100 * (one.seen.observed.opened_days or 0), one.seen.observed.promised_days),
        ),
        (
            _("Visitors a week"),
            _("person-times"),
            lambda one: weekly(one.seen.observed.visits, one.seen.observed.counted_days),
        ),
    ]
    rows = [
        Measured(label, unit, _mean(map(number, pilots)), _mean(map(number, others))) for label, unit, number in numbers
    ]
    return [row for row in rows if row.pilots or row.others]


def _divided(part: Any, whole: Any) -> Decimal | None:
    return None if part is None or not whole else Decimal(part) / Decimal(whole)


def _mean(numbers: Iterable[Any]) -> str:
    known = [Decimal(number) for number in numbers if number is not None]
    return f"{sum(known) / len(known):,.1f}" if known else ""


def crumbs_of(found: Programme) -> list[tuple[Any, str]]:
    """Give the way to a programme."""
    return [
        (_("Overview"), reverse("district:overview")),
        (_("Programmes"), reverse("district:programmes")),
        (found.name, ""),
    ]


def _tabs(found: Programme, here: str) -> list[tuple[Any, str, bool, str]]:
    parts = (("programme", _("Batches")), ("programme_comparison", _("Pilots beside the others")))
    return [(label, reverse(f"district:{name}", args=[found.pk]), name == here, "") for name, label in parts]


@form_for(policy.may_edit_programmes)
def new(request: HttpRequest) -> HttpResponse:
    """Set a programme up."""
    actor = actor_of(request)
    form = ProgrammeForm(request.POST or None)
    return answer_form(
        request,
        form,
        do=lambda values: start_programme(actor=actor, at=now(), **values),
        then=lambda made: reverse("district:programme", args=[made.pk]),
        said=_("The programme is set up. Add its first batch now."),
        cancel_url=reverse("district:programmes"),
        title=_("New programme"),
        button_text=_("Set up"),
        crumbs=[
            (_("Overview"), reverse("district:overview")),
            (_("Programmes"), reverse("district:programmes")),
            (_("New programme"), ""),
        ],
    )


@form_for(policy.may_edit_programmes)
def edit(request: HttpRequest, programme: UUID) -> HttpResponse:
    """Change name and purpose."""
    actor = actor_of(request)
    found = queries.find_programme(programme)
    initial = {"name": found.name, "purpose": found.purpose, "version": found.version}
    form = ProgrammeEditForm(request.POST or None, initial=initial)
    page = reverse("district:programme", args=[found.pk])
    return answer_form(
        request,
        form,
        do=lambda values: edit_programme(actor=actor, at=now(), programme=found.pk, **values),
        then=lambda _done: page,
        said=_("Saved."),
        cancel_url=page,
        title=_("Edit the programme"),
        button_text=_("Save"),
        crumbs=[*crumbs_of(found)[:-1], (found.name, page), (_("Edit"), "")],
    )


@form_for(policy.may_edit_programmes)
def end(request: HttpRequest, programme: UUID) -> HttpResponse:
    """End a programme on a day."""
    actor = actor_of(request)
    found = queries.find_programme(programme)
    today = local_day(now())
    form = EndProgrammeForm(request.POST or None, initial={"on": today, "version": found.version})
    page = reverse("district:programme", args=[found.pk])
    return answer_question(
        request,
        form,
        do=lambda values: end_programme(actor=actor, at=now(), programme=found.pk, **values),
        back=page,
        said=_("The programme has ended."),
        question=_("End “%(name)s”?") % {"name": found.name},
        consequences=[
            _("Its communities belong to it up to, and not including, that day."),
            _("Batches, memberships and figures stay as they were."),
        ],
        button_text=_("End the programme"),
        danger=True,
        crumbs=[*crumbs_of(found)[:-1], (found.name, page), (_("End"), "")],
    )
