"""The stretch of time that a page of figures is about, and the place."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.faces.district.area_chosen import Chosen
from lianxin.insight import periods
from lianxin.insight.periods import BadPeriod, Period

YEARS, MONTHS = 4, 12


class PeriodFilter(forms.Form):
    """By place and period: this year unasked, a month or quarter of the last year, or an earlier year.

    A district chooses a subdistrict, a city or province a district; the address may name any place by its id or code.
    """

    subdistrict = forms.ChoiceField(label=gettext_lazy("Subdistrict"), required=False)
    place = forms.ChoiceField(label=pgettext_lazy("level", "District"), required=False)
    period_chosen = forms.ChoiceField(label=gettext_lazy("Period"), required=False)

    def __init__(self, request: HttpRequest, chosen: Chosen, *, today: date, **more: Any) -> None:
        data = request.GET.copy()
        if chosen.is_upper and chosen.place:
            data["place"] = str(chosen.place)
        super().__init__(data or None, **more)
        self.today = today
        self.typed = request.GET.get("period", "").strip()
        del self.fields["subdistrict" if chosen.is_upper else "place"]
        self.fields["place" if chosen.is_upper else "subdistrict"].choices = chosen.choices  # type: ignore[attr-defined]
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

    def asked(self, name: str) -> str:
        """Give a value that is one of the choices, else an empty text."""
        self.is_valid()
        return str(getattr(self, "cleaned_data", {}).get(name) or "")

    def period(self) -> Period:
        """Give the period that is asked for; this year where nothing, or nothing possible, is."""
        asked = self.asked("period")
        return periods.read_period(asked, today=self.today) if asked else periods.year(self.today.year)
