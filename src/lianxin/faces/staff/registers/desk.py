"""What is asked of registers: whose, of which days and which place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.places.models import Level
from lianxin.domain.places.queries.divisions import list_divisions
from lianxin.faces.kit.acting import actor_of
from lianxin.insight import areas, periods
from lianxin.insight.areas import Area
from lianxin.insight.periods import BadPeriod, Period
from lianxin.insight.register_tasks import sheets_of
from lianxin.insight.registers import catalogue
from lianxin.insight.registers.workbook import Sheet
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

from ..access import PRESS, READ, View, guard


def reading(view: View) -> View:
    """Let the offices read a page of registers."""
    return guard(READ, seen_by=catalogue.may_read_any)(view)


def pressing(view: View) -> View:
    """Take a button that an office pressed."""
    return guard(PRESS, seen_by=catalogue.may_read_any)(view)


class AskForm(forms.Form):
    """Of which days and which place."""

    period = forms.CharField(label=pgettext_lazy("register", "Period"), max_length=40, required=False)
    place = forms.ChoiceField(label=pgettext_lazy("register", "Place"), required=False)

    def __init__(self, *args: Any, choices: list[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["place"].choices = choices
        if not choices:
            del fields["place"]


@dataclass(frozen=True)
class Asked:
    """What the address asks for; without a period when that could not be read."""

    actor: Actor
    at: datetime
    form: AskForm
    area: Area
    period: Period | None
    is_given: bool

    @property
    def today(self) -> date:
        """Give the day of the moment."""
        return local_day(self.at)

    @property
    def query(self) -> dict[str, str]:
        """Give what other addresses of the same period and place are asked with."""
        found = {"period": self.period.text} if self.period else {}
        return found | ({"place": self.area.address} if self.is_given else {})

    @property
    def tail(self) -> str:
        """Give it as the end of an address."""
        return f"?{urlencode(self.query)}" if self.query else ""

    def ways(self, path: str) -> list[tuple[str, str, bool]]:
        """Give the periods that people mostly want, each as an address, its name, and whether it is shown now."""
        month, year = periods.month_of(self.today), periods.year(self.today.year)
        found = []
        for one in (month, month.before(), year, year.before()):
            query = urlencode({**self.query, "period": one.text})
            found.append((f"{path}?{query}", one.label, self.period == one))
        return found

    def sheet(self, code: str) -> Sheet:
        """Give a register of these days and this place."""
        (found,) = sheets_of(actor=self.actor, codes=[code], at=self.at, **self.wanted)
        return found  # type: ignore[no-any-return]

    @property
    def wanted(self) -> dict[str, str]:
        """Give the period and place as texts."""
        return {"period": self.period.text if self.period else "", "place": self.query.get("place", "")}


def asked_of(request: HttpRequest, *, strictly: bool = False) -> Asked:
    """Read which days and place an address asks for; `strictly` raises BadPeriod instead of telling it at the field."""
    actor, at = actor_of(request), now()
    today = local_day(at)
    given = (request.POST if request.method == "POST" else request.GET).dict()
    given["period"] = given.get("period", "").strip() or periods.month_of(today).text
    form = AskForm(given, choices=_choices(actor))
    form.is_valid()
    period = None
    try:
        period = periods.read_period(given["period"], today=today)
    except BadPeriod as problem:
        if strictly:
            raise
        form.add_error("period", str(problem.detail))
    on = min(period.last_on, today) if period else today
    place = given.get("place", "").strip()
    area = areas.find_area(place, actor=actor, on=on) if place else areas.whole(actor, on=on)
    return Asked(actor=actor, at=at, form=form, area=area, period=period, is_given=bool(place))


def _choices(actor: Actor) -> list[tuple[Any, Any]]:
    """Give the places to choose from: all of them together, each subdistrict, each community; none where one is all."""
    rows = [row for row in list_divisions(level=Level.COMMUNITY) if actor.covers(row.pk)]
    if len(rows) < 2:
        return []
    groups: dict[Any, list[tuple[str, Any]]] = {}
    for row in sorted(rows, key=lambda one: one.code):
        groups.setdefault(row.parent, []).append((str(row.pk), row.short_name))
    found: list[tuple[Any, Any]] = [("", _("All"))]
    for above, below in groups.items():
        upper = [(str(above.pk), _("%(place)s, all of it") % {"place": above.short_name})] if len(groups) > 1 else []
        found.append((above.short_name, [*upper, *below]))
    return found


def in_words(value: Any) -> Any:
    """Give a cell of a register as a page or sheet shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    if isinstance(value, date):
        return value.isoformat()
    return value.strftime("%H:%M") if hasattr(value, "hour") else value


CRUMB = pgettext_lazy("register", "Registers")
