"""The form of a standing service, with its weekly and monthly times as lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.places.models import Room, StandingService
from lianxin.domain.places.queries.services import list_categories
from lianxin.engines.opening import interval
from lianxin.platform.actors import Actor

from ..acting import VersionedForm, long_text
from ..choices import CHOOSE, kinds_in_words
from .hours import SpansField, spans_text, times_of
from .venue_forms import organisation_choices
from .words import WEEKDAYS

TEXTS = ("name", "description", "provider_name", "how_to_get", "documents_needed", "cost", "times_note")
WEEKS = (
    ("", gettext_lazy("every week")),
    ("1", gettext_lazy("first of the month")),
    ("2", gettext_lazy("second of the month")),
    ("3", gettext_lazy("third of the month")),
    ("4", gettext_lazy("fourth of the month")),
    ("5", gettext_lazy("last of the month")),
)
SPARE_LINES = 3
MOST_LINES = 24


def time_lines(service: StandingService | None) -> list[tuple[str, str, str]]:
    """Give the times of a service as lines: which weeks, weekday, hours."""
    lines: dict[tuple[str, str], list[Any]] = {}
    for row in service.hours.all() if service else ():
        week = str(row.week_of_month or "")
        lines.setdefault((week, str(row.weekday)), []).append(interval(row.starts, row.ends))
    return [(week, day, spans_text(sorted(spans))) for (week, day), spans in sorted(lines.items())]


class ServiceForm(VersionedForm):
    """What a standing service is, who gives it, when, and how to get it."""

    category = forms.ChoiceField(label=gettext_lazy("Category"))
    name = forms.CharField(label=pgettext_lazy("places", "Name"), max_length=100)
    description = long_text(gettext_lazy("Description"), most=5000)
    room = forms.ChoiceField(label=gettext_lazy("Room"), required=False)
    provider_organisation = forms.ChoiceField(label=gettext_lazy("Given by (organisation)"), required=False)
    provider_name = forms.CharField(
        label=gettext_lazy("Given by, as shown"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Empty: the organisation's name."),
    )
    how_to_get = forms.CharField(
        label=gettext_lazy("How to get it"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Just come, call first, fill in a form …"),
    )
    documents_needed = forms.CharField(label=gettext_lazy("What to bring"), max_length=300, required=False)
    cost = forms.CharField(label=gettext_lazy("Cost, in words"), max_length=100, required=False)
    times_note = forms.CharField(
        label=gettext_lazy("About the times"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example: not in July and August."),
    )

    def __init__(
        self, *args: Any, actor: Actor, rooms: Iterable[Room], service: StandingService | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial=self._start(service) | kwargs.pop("initial", {}), **kwargs)
        fields: dict[str, Any] = self.fields
        fields["category"].choices = [("", CHOOSE), *kinds_in_words(list_categories())]
        fields["room"].choices = [("", _("No room of its own")), *((str(room.pk), room.name) for room in rooms)]
        organisations = organisation_choices(actor)
        kept = str(service.provider_organisation_id or "") if service else ""
        if kept and kept not in dict(organisations):
            organisations.append((kept, service.provider_name if service else kept))
        fields["provider_organisation"].choices = organisations
        lines = time_lines(service)
        self.line_count = min(MOST_LINES, len(lines) + SPARE_LINES)
        if self.is_bound:
            self.line_count = max(self.line_count, sum(1 for n in range(MOST_LINES) if f"times_{n}" in self.data))
        for number in range(self.line_count):
            week, day, text = lines[number] if number < len(lines) else ("", "", "")
            place = {"number": number + 1}
            fields[f"week_{number}"] = forms.ChoiceField(
                label=_("Line %(number)d: which weeks") % place, required=False, choices=WEEKS, initial=week
            )
            fields[f"day_{number}"] = forms.ChoiceField(
                label=_("Line %(number)d: weekday") % place,
                required=False,
                choices=[("", "—"), *((str(n), name) for n, name in enumerate(WEEKDAYS))],
                initial=day,
            )
            fields[f"times_{number}"] = SpansField(label=_("Line %(number)d: hours") % place, initial=text)

    @staticmethod
    def _start(service: StandingService | None) -> dict[str, Any]:
        return service_values(service) if service else {}

    def lines(self) -> list[tuple[Any, Any, Any]]:
        """Give the three fields of each line for drawing."""
        return [(self[f"week_{n}"], self[f"day_{n}"], self[f"times_{n}"]) for n in range(self.line_count)]

    def clean(self) -> dict[str, Any]:
        """Ask for the other half of a line that is half filled in."""
        entered: dict[str, Any] = super().clean() or {}
        for number in range(self.line_count):
            day, spans = entered.get(f"day_{number}"), entered.get(f"times_{number}")
            if spans and not day:
                self.add_error(f"day_{number}", _("Choose the weekday of these hours."))
            if day and not spans and f"times_{number}" not in self.errors:
                self.add_error(f"times_{number}", _("Enter the hours of this day, like 8:30-11:30."))
        return entered

    def times(self) -> list[tuple[int, Any, Any, int | None]]:
        """Give the times as the command takes them."""
        return [
            (int(self.cleaned_data[f"day_{n}"]), *times_of(span), int(self.cleaned_data[f"week_{n}"] or 0) or None)
            for n in range(self.line_count)
            for span in self.cleaned_data[f"times_{n}"]
        ]

    def service_entries(self) -> dict[str, Any]:
        """Give the entries as the commands name them."""
        entered = self.cleaned_data
        chosen = entered["provider_organisation"]
        field: Any = self.fields["provider_organisation"]
        named = {str(value): str(label) for value, label in field.choices if value}
        return self.values(*TEXTS, "category") | {
            "provider_name": entered["provider_name"] or named.get(chosen, ""),
            "provider_organisation_id": UUID(chosen) if chosen else None,
            "room": UUID(entered["room"]) if entered["room"] else None,
        }


def service_values(service: StandingService) -> dict[str, Any]:
    """Give what the form of a service starts with."""
    return {
        **{name: getattr(service, name) for name in TEXTS},
        "category": service.category.code,
        "room": str(service.room_id or ""),
        "provider_organisation": str(service.provider_organisation_id or ""),
        "version": service.version,
    }
