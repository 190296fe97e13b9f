"""What the figures of activities are narrowed by."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.faces.district.forms.filters import SubdistrictFilter
from lianxin.faces.district.places_in_scope import Choices

YEARS = 4
DEFAULT = "year"


class ActivitiesFilter(SubdistrictFilter):
    """By subdistrict and by stretch of time: this month, the last one, or a year."""

    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)

    def __init__(self, request: HttpRequest, subdistricts: Choices, *, today: date) -> None:
        super().__init__(request, subdistricts)
        self.today = today
        years = [(str(today.year - back), str(today.year - back)) for back in range(1, YEARS)]
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            ("", _("This year")),
            ("month", _("This month")),
            ("last", _("Last month")),
            *years,
        ]

    def days(self) -> tuple[date, date]:
        """Give the days asked for, [from, until)."""
        asked, today = self.asked("period"), self.today
        first = today.replace(day=1)
        if asked == "month":
            return first, (first + timedelta(days=32)).replace(day=1)
        if asked == "last":
            return (first - timedelta(days=1)).replace(day=1), first
        year = int(asked) if asked.isdigit() else today.year
        return date(year, 1, 1), date(year + 1, 1, 1)
