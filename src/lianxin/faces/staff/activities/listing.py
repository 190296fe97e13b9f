"""Lists: the dates ahead and behind, and all activities with their series and drafts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.activities.models import Activity, Occurrence
from lianxin.domain.activities.queries.activities import list_activities
from lianxin.domain.activities.queries.occurrences import Filter, OccurrenceLine, count_occurrences, list_occurrences
from lianxin.domain.places.models import Level
from lianxin.domain.places.queries import divisions
from lianxin.domain.places.queries.services import list_categories
from lianxin.domain.places.queries.venues import list_venues
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

from ..acting import day_field
from ..choices import kinds_in_words
from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from .gate import plans, reading
from .words import ACTIVITY_TONES, OCCURRENCE_TONES, places_words, when_words

State = Occurrence.State
MOST_VENUES = 300
DATE_COLUMNS = (
    Column(pgettext_lazy("activity", "When")),
    Column(gettext_lazy("Activity")),
    Column(gettext_lazy("Category")),
    Column(pgettext_lazy("activity", "Where")),
    Column(gettext_lazy("Places taken")),
    Column(gettext_lazy("State")),
)
ACTIVITY_COLUMNS = (
    Column(gettext_lazy("Activity")),
    Column(gettext_lazy("Category")),
    Column(gettext_lazy("Dates"), numeric=True),
    Column(gettext_lazy("Held"), numeric=True),
    Column(pgettext_lazy("activity", "Next")),
    Column(gettext_lazy("State")),
)


class DatesFilter(forms.Form):
    """Which dates to see."""

    text = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=40)
    from_on = day_field(gettext_lazy("From"), required=False)
    until_on = day_field(gettext_lazy("Until"), required=False)
    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    venue = forms.ChoiceField(label=gettext_lazy("Venue"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *State.choices]
    )

    def __init__(self, *args: Any, actor: Actor, with_days: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        communities = communities_of(actor)
        fields["community"].choices = [("", _("All")), *communities]
        if len(communities) < 2:
            del fields["community"]
        fields["category"].choices = [("", _("All")), *kinds_in_words(list_categories())]
        if len(communities) > 3:
            # A district has too many places for one list: the words find them.
            del fields["venue"]
        else:
            fields["venue"].choices = [("", _("All")), *venues_of(actor)]
        if not with_days:
            del fields["from_on"], fields["until_on"]

    def which(self, **fixed: Any) -> Filter:
        """Give what was chosen; what cannot be read narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        until_on = data.get("until_on")
        values: dict[str, Any] = {
            "text": data.get("text", ""),
            "from_on": data.get("from_on"),
            "until_on": until_on + timedelta(days=1) if until_on else None,
            "community": UUID(data["community"]) if data.get("community") else None,
            "venue": UUID(data["venue"]) if data.get("venue") else None,
            "category": data.get("category", ""),
            "states": (data["state"],) if data.get("state") else (),
        }
        return Filter(**(values | fixed))


def communities_of(actor: Actor) -> list[tuple[str, str]]:
    """Give the communities that an actor answers for."""
    return [
        (str(row.pk), row.short_name) for row in divisions.list_divisions(level=Level.COMMUNITY) if actor.covers(row.pk)
    ]


def venues_of(actor: Actor) -> list[tuple[str, str]]:
    """Give the venues at which an actor may hold something, the centre of each community first."""
    rows = [row for row in list_venues()[:MOST_VENUES] if row.state != "closed"]
    if not actor.holds("community_staff", "subdistrict_staff", "district_staff", "system"):
        rows = [row for row in rows if row.pk in actor.venues]
    return [(str(row.pk), row.name) for row in rows]


def tabs(here: str) -> list[tuple[Any, str, bool, Any]]:
    """Give the ways to look at activities."""
    pages = [
        ("activities", _("Dates")),
        ("activities_calendar", _("Calendar")),
        ("activities_all", _("Series and drafts")),
    ]
    return [(word, reverse(f"staff:{name}"), name == here, None) for name, word in pages]


def buttons(actor: Actor) -> list[tuple[str, Any]]:
    """Give what those who plan can begin with."""
    if not plans(actor):
        return []
    return [
        (reverse("staff:activity_new"), _("New activity")),
        (reverse("staff:activity_templates"), _("From a template")),
        (reverse("staff:activity_copy_month"), _("Copy a month's programme")),
    ]


def row_of(line: OccurrenceLine) -> Row:
    """Make the row of a date."""
    state = State(line.state)
    return Row(
        cells(
            leads(when_words(line.starts_at, line.ends_at), "occurrence", occurrence=line.id),
            leads(line.title, "occurrence", occurrence=line.id),
            line.category_name,
            line.where,
            places_words(line),
            Cell(state.label, tone=OCCURRENCE_TONES[state]),
        ),
        pk=line.id,
    )


@reading
def show(request: HttpRequest) -> HttpResponse:
    """List dates: those of today and after, unless days are asked for."""
    actor = actor_of(request)
    data = request.GET.copy()
    if not request.GET:
        data["from_on"] = local_day(now()).isoformat()
    form = DatesFilter(data, actor=actor)
    which = form.which()
    # Whoever looks at what was wants the last one first.
    latest_first = which.from_on is None or (which.until_on is not None and which.until_on <= local_day(now()))

    def fetch(after: str) -> Page:
        page = list_occurrences(actor=actor, which=which, latest_first=latest_first, after=after)
        return [row_of(line) for line in page.rows], page.after

    context = {
        "title": _("Activities"),
        "tabs": tabs("activities"),
        "tabs_label": _("Ways to look at activities"),
        "form": form,
        "buttons": buttons(actor),
        "empty_title": _("Nothing is planned here."),
        "empty_text": _(
            "Enter an activity, plan its dates, and publish it: room, volunteers and sign-up open together."
        ),
        "empty_url": reverse("staff:activity_new") if plans(actor) else "",
        "empty_link": _("New activity"),
    }
    return answer_list(
        request, columns=DATE_COLUMNS, fetch=fetch, context=context, count=count_occurrences(actor=actor, which=which)
    )


class ActivitiesFilter(forms.Form):
    """Which activities to see."""

    text = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=40)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *Activity.State.choices]
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        communities = communities_of(actor)
        fields["community"].choices = [("", _("All")), *communities]
        if len(communities) < 2:
            del fields["community"]
        fields["category"].choices = [("", _("All")), *kinds_in_words(list_categories())]


@reading
def show_all(request: HttpRequest) -> HttpResponse:
    """List activities with what their dates add up to, the newest first."""
    actor = actor_of(request)
    form = ActivitiesFilter(request.GET, actor=actor)
    form.is_valid()
    chosen = form.cleaned_data
    at = now()

    def fetch(after: str) -> Page:
        page = list_activities(
            actor=actor,
            community=UUID(chosen["community"]) if chosen.get("community") else None,
            state=chosen.get("state", ""),
            category=chosen.get("category", ""),
            text=chosen.get("text", ""),
            at=at,
            after=after,
        )
        rows = [
            Row(
                cells(
                    leads(line.title, "activity", activity=line.id),
                    line.category_name,
                    line.dates,
                    line.held,
                    spoken(line.next_at) if line.next_at else "",
                    Cell(Activity.State(line.state).label, tone=ACTIVITY_TONES[Activity.State(line.state)]),
                ),
                pk=line.id,
            )
            for line in page.rows
        ]
        return rows, page.after

    context = {
        "title": _("Series and drafts"),
        "tabs": tabs("activities_all"),
        "tabs_label": _("Ways to look at activities"),
        "form": form,
        "buttons": buttons(actor),
        "empty_title": _("There are no activities here."),
        "empty_text": _("An activity is entered once; its dates are planned from it."),
        "empty_url": reverse("staff:activity_new") if plans(actor) else "",
        "empty_link": _("New activity"),
    }
    return answer_list(request, columns=ACTIVITY_COLUMNS, fetch=fetch, context=context)
