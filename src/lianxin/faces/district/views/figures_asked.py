"""What a page of figures is asked for: a period and a part of the district or city, read from its address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.domain.people.policy import is_administrator
from lianxin.domain.reporting.models import DistrictFeed
from lianxin.domain.reporting.queries.feeds import is_upper
from lianxin.faces.district.gate import OFFICES
from lianxin.faces.district.upper_links import at_district, feed_over
from lianxin.faces.entrance.session import to_login
from lianxin.insight import areas, periods
from lianxin.insight.areas import AmbiguousPlace, Area, UnknownPlace
from lianxin.insight.periods import BadPeriod, Period
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

STAFF = ("community_staff", *OFFICES)
USUAL_DAYS = 30
View = Callable[..., HttpResponse]


def shown_to_all_offices(view: View) -> View:
    """Let the offices of communities, subdistricts and the district read a page, each for what it answers for."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if actor.is_anonymous:
            return to_login(request)
        if not actor.holds(*STAFF) or is_administrator(actor):
            raise Missing
        with scope.within(actor.communities):
            return view(request, *args, **kwargs)

    return never_cache(require_http_methods(["GET", "HEAD"])(guarded))


class FiguresForm(forms.Form):
    """Which period, and which part of the district."""

    period = forms.CharField(
        label=gettext_lazy("Period"),
        help_text=gettext_lazy("2024 · 2024-Q3 · 2024-07 · 2024-W30 · 2024-07-15"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    first = forms.CharField(
        label=gettext_lazy("or from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.CharField(
        label=pgettext_lazy("last day", "until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    place = forms.ChoiceField(label=pgettext_lazy("of figures", "Place"), required=False)


@dataclass
class Asked:
    """Who asks, when, and for what; `problem` says what cannot be answered, and where that was typed."""

    request: HttpRequest
    actor: Actor
    at: datetime
    today: date
    period: Period
    area: Area
    problem: tuple[str, str] | None = None
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def is_running(self) -> bool:
        """Tell whether the period is not over yet."""
        return self.period.from_on <= self.today < self.period.last_on

    @property
    def so_far(self) -> Period:
        """Give the days of the period that have come."""
        if self.period.until_on <= self.today + periods.ONE_DAY or self.period.from_on > self.today:
            return self.period
        return periods.days(self.period.from_on, self.today + periods.ONE_DAY)

    @property
    def on(self) -> date:
        """Give the day on which the map of divisions is read: the last of the period, no later than today."""
        return min(self.period.last_on, self.today)

    def beside(self) -> tuple[Period, Period]:
        """Give what the period is compared with, before and a year before; of one that runs, as many days of them."""
        before, earlier = self.period.before(), self.period.year_before()
        if not self.is_running:
            return before, earlier
        length = self.so_far.until_on - self.so_far.from_on
        return _first_days(before, length), _first_days(earlier, length)

    def query(self, **other: Any) -> str:
        """Give the query of an address about this period and place, with what is said otherwise."""
        asked = {"period": self.period.text, "place": self.area.address if self.is_narrowed else ""}
        asked |= self.extra | {name: "" if value is None else str(value) for name, value in other.items()}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def is_narrowed(self) -> bool:
        """Tell whether the address names a place."""
        return bool(self.request.GET.get("place"))

    def page(self, name: str, *args: Any, **other: Any) -> str:
        """Give the address of a page of figures with this period and place."""
        query = self.query(**other)
        address = reverse(f"district:{name}", args=args)
        return f"{address}?{query}" if query else address

    @cached_property
    def is_upper(self) -> bool:
        """Tell whether this is a city or a province, which holds figures of districts and no records."""
        return is_upper()

    @cached_property
    def feed(self) -> DistrictFeed | None:
        """Give, at a city or a province, the district that keeps the records of this place."""
        return feed_over(self.area) if self.is_upper and self.is_narrowed else None

    def records(self, name: str, **other: Any) -> str:
        """Give the address of the records behind a figure; nothing where there are none."""
        return "" if self.is_upper else self.page("figure_records", name, **other)

    def down(self, name: str, place: Area) -> str:
        """Give where a figure of a place below opens: at a city, that of a community opens at its district."""
        if self.is_upper and place.is_community:
            return at_district(self.feed, figure=name, period=self.period, code=place.code)
        return self.page("figure", name, place=place.id)

    def form(self, places: Sequence[Area], above: Sequence[tuple[UUID, str]] = ()) -> FiguresForm:
        """Give the form with what was typed, and the places one step up and down to choose from."""
        typed = {name: self.request.GET.get(name, "") for name in ("period", "first", "last")}
        if self.problem is None:
            typed = {"period": self.period.text}
        form = FiguresForm({**typed, "place": self.area.address if self.is_narrowed else ""})
        choices = [("", _("All that I see"))]
        choices += [(str(pk), name) for pk, name in above]
        if self.is_narrowed:
            choices.append((self.area.address, self.area.name))
        known = {value for value, _name in choices}
        choices += [(one.address, f"· {one.name}") for one in places if one.address not in known]
        form.fields["place"].choices = choices  # type: ignore[attr-defined]
        form.is_valid()
        if self.problem is not None:
            form.add_error(*self.problem)
        return form

    def quick(self, name: str, *args: Any) -> list[tuple[str, str, bool]]:
        """Give the periods that one press leads to: (address, words, whether it is the one shown)."""
        today, shown = self.today, self.period
        found = [
            (shown.before(), _("The one before")),
            (periods.last_days(today, USUAL_DAYS), _("Last %(n)d days") % {"n": USUAL_DAYS}),
            (periods.month_of(today), _("This month")),
            (periods.year(today.year), _("This year")),
            (periods.year(today.year - 1), _("Last year")),
        ]
        after = _after(shown)
        if after.from_on <= today:
            found.insert(1, (after, _("The one after")))
        return [(self.page(name, *args, period=one.text), words, one == shown) for one, words in found]


def ask(request: HttpRequest) -> Asked:
    """Read who asks for which period and place; a foreign place does not exist, an odd one is told about."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = now()
    today = local_day(at)
    if is_upper() and actor.communities is not None:
        raise Missing
    # Districts hand their days up night by night, and what is counted once by months: those are whole.
    usual = periods.month_of(today).before() if is_upper() else periods.last_days(today, USUAL_DAYS)
    period, problem = usual, None
    try:
        period = _period(request, today) or usual
    except BadPeriod as bad:
        problem = ("period", _sentence(bad))
    text = request.GET.get("place", "").strip()
    on = min(period.last_on, today)
    try:
        area = areas.find_area(text, actor=actor, on=on) if text else areas.whole(actor, on=on)
    except (UnknownPlace, AmbiguousPlace) as bad:
        if isinstance(bad, UnknownPlace) and _is_id(text):
            raise
        area, problem = areas.whole(actor, on=on), problem or ("place", _sentence(bad))
    return Asked(request, actor, at, today, period, area, problem)


def answer_problem(asked: Asked, *, title: str, page: str, args: Sequence[Any] = ()) -> HttpResponse:
    """Say what cannot be answered, with what was typed still in its field."""
    context = shell_of(asked.actor) | {
        "title": title,
        "form": asked.form(()),
        "quick": asked.quick(page, *args),
        "crumbs": [(_("Figures"), reverse("district:figures")), (title, "")],
    }
    return render(asked.request, "district/figures/problem.html", context, status=422)


def shell_of(actor: Actor) -> dict[str, Any]:
    """Give the frame in which somebody reads figures: the department's, or the one of a community's office."""
    return {"shell": "kit/district_shell.html" if actor.holds(*OFFICES) else "kit/staff_shell.html"}


def _period(request: HttpRequest, today: date) -> Period | None:
    text, first, last = (request.GET.get(name, "").strip() for name in ("period", "first", "last"))
    if first or last:
        if not (first and last):
            raise BadPeriod(_("Give both days: from when, and until when."))
        text = f"{first}..{last}"
    return periods.read_period(text, today=today) if text else None


def _sentence(problem: Exception) -> str:
    return str(getattr(problem, "detail", "") or problem or getattr(problem, "title", ""))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _first_days(period: Period, length: timedelta) -> Period:
    until = min(period.until_on, period.from_on + length)
    return period if until == period.until_on else periods.days(period.from_on, until)


def _after(period: Period) -> Period:
    if period.kind == periods.YEAR:
        return periods.year(period.from_on.year + 1)
    if period.kind == periods.MONTH:
        return periods.month_of(period.until_on)
    if period.kind == periods.QUARTER:
        return periods.read_period(f"{period.until_on.year}-Q{(period.until_on.month + 2) // 3}", today=period.until_on)
    if period.kind == periods.DAY:
        return periods.day(period.until_on)
    return periods.days(period.until_on, period.until_on + (period.until_on - period.from_on))
