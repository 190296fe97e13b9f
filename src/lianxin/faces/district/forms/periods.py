"""The stretch of time that a page of figures is about."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.faces.district.forms.filters import SubdistrictFilter
from lianxin.faces.district.places_in_scope import Choices
from lianxin.insight import periods
from lianxin.insight.periods import BadPeriod, Period

YEARS, MONTHS = 4, 12


class PeriodFilter(SubdistrictFilter):
    """By subdistrict and period: this year unasked, a month or quarter of the last year, or an earlier year."""

    period_chosen = forms.ChoiceField(label=gettext_lazy("Period"), required=False)

    def __init__(self, request: HttpRequest, subdistricts: Choices, *, today: date, **more: Any) -> None:
        super().__init__(request, subdistricts, **more)
        self.today = today
        self.typed = request.GET.get("period", "").strip()
        self.fields["period"] = self.fields.pop("period_chosen")
        self.fields["period"].choices = self._choices()  # type: ignore[attr-defined]

    def _choices(self) -> list[tuple[str, str]]:
        this_year = periods.year(self.today.year)
        found = [("", _("This year"))]
        at = periods.month_of(self.today)
        for _month in range(MONTHS):
            found.append((at.text, at.label))
            at = at.before()
        found += [(one.text, one.label) for one in (periods.year(this_year.from_on.year - n) for n in range(1, YEARS))]
        known = {text for text, _label in found}
        if self.typed and self.typed not in known:
            try:
                other = periods.read_period(self.typed, today=self.today)
            except BadPeriod:
                return found
            found.append((self.typed, other.label))
        return found

    def period(self) -> Period:
        """Give the period that is asked for; this year where nothing, or nothing possible, is."""
        asked = self.asked("period")
        return periods.read_period(asked, today=self.today) if asked else periods.year(self.today.year)
