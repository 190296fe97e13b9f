"""What a village grows: the list, one entry, and the consent by which it is shown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places.commands import produce as commands
from lianxin.domain.places.models import Produce
from lianxin.domain.places.queries import produce as queries
from lianxin.faces.kit import tables
from lianxin.faces.kit.acting import actor_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.platform import clock

from .. import sheets
from ..access import office_form, office_pressing, office_reading, pick
from ..acting import answer_form
from ..choices import ANY, community_choices
from .produce_forms import TEXTS, HideForm, NewProduceForm, ProduceForm, ShowForm, produce_values, season_words
from .words import PRODUCE_TONES, places_tabs, timeline

EXPIRING_WITHIN = timedelta(days=30)
COLUMNS = (
    tables.Column(gettext_lazy("What"), "name"),
    tables.Column(gettext_lazy("Community"), "community__code"),
    tables.Column(gettext_lazy("Grower")),
    tables.Column(gettext_lazy("In season")),
    tables.Column(gettext_lazy("State"), "state"),
    tables.Column(gettext_lazy("Consent until"), "consent_until"),
)
HEADINGS = (
    gettext_lazy("What"),
    gettext_lazy("Community"),
    gettext_lazy("Grower"),
    gettext_lazy("Price, in words"),
    gettext_lazy("In season"),
    gettext_lazy("State"),
    gettext_lazy("Consent"),
    gettext_lazy("Consent until"),
)


class ProduceFilter(forms.Form):
    """Which entries of the list are wanted."""

    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[("", ANY), *Produce.State.choices])
    expiring = forms.BooleanField(label=gettext_lazy("Only consents that end soon"), required=False)

    def __init__(self, *args: Any, communities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if communities:
            field: Any = self.fields["community"]
            field.choices = [("", ANY), *communities]
        else:
            del self.fields["community"]


def _filtered(request: HttpRequest, on: date) -> tuple[ProduceFilter, QuerySet[Produce]]:
    form = ProduceFilter(request.GET, communities=community_choices(actor_of(request), subdistricts=False))
    form.is_valid()
    wanted = form.cleaned_data
    if wanted.get("expiring"):
        return form, queries.list_expiring(until_on=on + EXPIRING_WITHIN)
    place = wanted.get("community")
    rows = queries.list_produce(community=UUID(place) if place else None, state=wanted.get("state") or "")
    return form, rows


@office_reading
def show_list(request: HttpRequest) -> HttpResponse:
    """Show the produce in scope, hidden entries too."""
    today = clock.local_day(clock.now())
    form, rows = _filtered(request, today)
    table = tables.table(request, rows=rows, columns=COLUMNS)
    for row in table.rows:
        row.tone, row.season = PRODUCE_TONES[Produce.State(row.state)], season_words(row.season_months)
        shown = row.state == Produce.State.SHOWN
        row.ends_soon = shown and row.consent_until is not None and row.consent_until <= today + EXPIRING_WITHIN
    return render(
        request,
        "staff/places/produce_list.html",
        {
            "form": form,
            "table": table,
            "tabs": places_tabs("produce", actor_of(request)),
            "export_url": reverse("staff:produce_export"),
            "print_url": reverse("staff:produce_print"),
            "new_url": reverse("staff:produce_new"),
        },
    )


def _line(row: Produce) -> list[Any]:
    return [
        row.name,
        row.community.short_name,
        row.grower_name,
        row.price_note,
        season_words(row.season_months),
        row.get_state_display(),
        row.consent_reference,
        row.consent_until,
    ]


@office_reading
def export(request: HttpRequest) -> HttpResponse:
    """Give the filtered list as XLSX."""
    _form, rows = _filtered(request, clock.local_day(clock.now()))
    lines = [_line(row) for row in rows[: sheets.MOST_ROWS]]
    return sheets.workbook(title=_("Produce"), headings=HEADINGS, rows=lines)


@office_reading
def print_list(request: HttpRequest) -> HttpResponse:
    """Give the filtered list as a sheet of paper."""
    _form, rows = _filtered(request, clock.local_day(clock.now()))
    back = reverse("staff:produce") + (f"?{request.GET.urlencode()}" if request.GET else "")
    lines = [_line(row) for row in rows[: sheets.MOST_ROWS]]
    return sheets.paper(request, title=_("Produce"), headings=HEADINGS, rows=lines, back_url=back)


def _url(produce: UUID) -> str:
    return reverse("staff:produce", kwargs={"produce": produce})


def _crumbs(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [(_("Places"), reverse("staff:places")), (_("Produce"), reverse("staff:produce")), *more]


def _entry(produce: UUID) -> Produce:
    """Give one entry in scope; raises Missing."""
    return pick(queries.list_produce().filter(pk=produce), produce)


@office_form
def add(request: HttpRequest) -> HttpResponse:
    """Enter something that grows or is made in a community."""
    actor = actor_of(request)
    form = NewProduceForm(request.POST or None, actor=actor)

    def do(entered: dict[str, Any]) -> Any:
        values = form.values(*TEXTS, "season_months", "grower_phone")
        return commands.add_produce(
            actor=actor, at=clock.now(), community=UUID(entered["community"]), key=entered["key"], **values
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda row: _url(row.pk),
        said=_("Entered. It stays hidden until the grower's consent is recorded."),
        title=_("Enter produce"),
        button=_("Enter"),
        cancel_url=reverse("staff:produce"),
        crumbs=_crumbs((_("Enter produce"), "")),
    )


@office_reading
def show(request: HttpRequest, produce: UUID) -> HttpResponse:
    """Show one entry with its consent and what happened to it."""
    row = _entry(produce)
    shown = row.state == Produce.State.SHOWN
    act, words = ("produce_hide", _("Hide")) if shown else ("produce_show", _("Show to residents"))
    facts = [
        (_("Community"), row.community.short_name),
        (_("Grower"), row.grower_name),
        (_("Grower's phone"), _("kept, masked") if row.grower_phone else None),
        (_("Price, in words"), row.price_note or None),
        (_("In season"), season_words(row.season_months)),
        (_("Consent"), row.consent_reference or None),
        (_("Given on"), spoken(row.consent_on) if row.consent_on else None),
        (_("Holds until"), spoken(row.consent_until) if row.consent_until else None),
    ]
    return render(
        request,
        "staff/places/produce.html",
        {
            "row": row,
            "tone": PRODUCE_TONES[Produce.State(row.state)],
            "crumbs": _crumbs((row.name, "")),
            "facts": facts,
            "entries": timeline("places.produce", produce),
            "next_url": reverse(f"staff:{act}", kwargs={"produce": produce}),
            "next_text": words,
        },
    )


@office_form
def edit(request: HttpRequest, produce: UUID) -> HttpResponse:
    """Change an entry; another grower needs a consent of their own."""
    row = _entry(produce)
    form = ProduceForm(request.POST or None, initial=produce_values(row), kept_phone=row.grower_phone is not None)

    def do(entered: dict[str, Any]) -> Any:
        return commands.edit_produce(
            actor=actor_of(request),
            at=clock.now(),
            produce=produce,
            grower_phone=entered["grower_phone"] or None,
            picture=row.picture,
            version=entered["version"],
            **form.values(*TEXTS, "season_months"),
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _row: _url(produce),
        said=_("Saved."),
        fresh=lambda: produce_values(_entry(produce)),
        title=_("Edit %(name)s") % {"name": row.name},
        lead=_("With another grower's name the consent on record ends, and the entry is hidden."),
        button=_("Save"),
        cancel_url=_url(produce),
        crumbs=_crumbs((row.name, _url(produce)), (_("Edit"), "")),
    )


@office_form
def let_show(request: HttpRequest, produce: UUID) -> HttpResponse:
    """Show an entry to residents by the grower's consent."""
    row = _entry(produce)
    today = clock.local_day(clock.now())
    form = ShowForm(request.POST or None, initial={"version": row.version, "consent_on": today})
    return answer_form(
        request,
        form,
        do=lambda entered: commands.show_produce(
            actor=actor_of(request),
            at=clock.now(),
            produce=produce,
            **form.values("consent_reference", "consent_on", "consent_until", "version"),
        ),
        then=lambda _row: _url(produce),
        said=_("Residents see it now, with the grower's name and phone."),
        fresh=lambda: {"version": _entry(produce).version},
        title=_("Show %(name)s to residents") % {"name": row.name},
        lead=_("The grower's name and phone are shown only with the grower's consent, and only as long as it holds."),
        button=_("Show to residents"),
        cancel_url=_url(produce),
        crumbs=_crumbs((row.name, _url(produce)), (_("Show to residents"), "")),
    )


@office_form
def hide(request: HttpRequest, produce: UUID) -> HttpResponse:
    """Hide an entry; its consent stays on record."""
    row = _entry(produce)
    form = HideForm(request.POST or None)
    return answer_form(
        request,
        form,
        do=lambda entered: commands.hide_produce(
            actor=actor_of(request), at=clock.now(), produce=produce, reason=entered["reason"]
        ),
        then=lambda _row: _url(produce),
        said=_("Hidden."),
        title=_("Hide %(name)s") % {"name": row.name},
        button=_("Hide"),
        cancel_url=_url(produce),
        crumbs=_crumbs((row.name, _url(produce)), (_("Hide"), "")),
    )


@office_pressing
def withdraw(request: HttpRequest, produce: UUID) -> HttpResponse:
    """Take the grower's consent back: hidden at once, the phone deleted."""
    _entry(produce)
    return press(
        request,
        do=lambda: commands.withdraw_produce_consent(actor=actor_of(request), at=clock.now(), produce=produce),
        back=_url(produce),
        said=_("The consent is taken back: hidden, and the phone number deleted."),
    )


@office_pressing
def remove(request: HttpRequest, produce: UUID) -> HttpResponse:
    """Delete an entry with everything that names its grower."""
    _entry(produce)
    return press(
        request,
        do=lambda: commands.remove_produce(actor=actor_of(request), at=clock.now(), produce=produce),
        back=reverse("staff:produce"),
        said=_("Deleted."),
    )
