"""Cases in figures: how many were heard, ended in time, confirmed or not, and what is promised and not kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.places.models import Division
from lianxin.domain.voice.queries import figures
from lianxin.domain.voice.queries.figures import Flows, Levels
from lianxin.faces.district.forms.activities import ActivitiesFilter
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, WORKBOOK, Listing, answer
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

TEMPLATE = "district/voice.html"


@dataclass(frozen=True)
class Row:
    """One community, tier or subject with what became of its cases; `which` names it in the addresses of lists."""

    name: str
    subdistrict: str
    flows: Flows
    levels: Levels
    which: dict[str, str]
    period: str

    @property
    def in_time(self) -> int | None:
        """Give what ended in time of all that ended, in percent."""
        return _percent(self.flows.in_time_share)

    @property
    def confirmed(self) -> int | None:
        """Give what was confirmed of all that was asked about, in percent."""
        return _percent(self.flows.confirmed_share)

    @property
    def reopened(self) -> int | None:
        """Give what was opened again of all that ended, in percent."""
        return _percent(self.flows.reopened_share)

    @property
    def records(self) -> dict[str, str]:
        """Give the list of the records behind each figure."""
        page = reverse("district:voice_records")
        more = {"period": self.period} if self.period else {}
        return {figure: f"{page}?{urlencode({'figure': figure, **self.which, **more})}" for figure in figures.FLOWS}

    @property
    def open_url(self) -> str:
        """Give the queue of the open ones."""
        return _queue(**self.which)

    @property
    def late_url(self) -> str:
        """Give the queue of the late ones."""
        return _queue(**self.which, light="red")


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


@dataclass(frozen=True)
class Asked:
    """Who asks for which communities and days."""

    request: HttpRequest
    at: datetime
    actor: Actor
    communities: list[Division]
    wanted: list[Division]
    form: ActivitiesFilter
    span: dict[str, Any]

    def context(self, here: str, lead: Iterable[str]) -> dict[str, Any]:
        """Give what all these pages are drawn with."""
        ways = (
            ("district:voice", _("By community")),
            ("district:voice_tiers", _("By tier")),
            ("district:voice_subjects", _("By subject")),
            ("district:voice_promises", _("Reception days and promises")),
        )
        links = [(reverse(name), text, name == f"district:{here}") for name, text in ways]
        queue = url_or_none("staff:cases")
        return {
            "ways": [*links, *([(queue, pgettext("voice", "All cases"), False)] if queue else [])],
            "form": self.form,
            "lead": " ".join(lead),
            "empty_title": _("No community here."),
            "empty_text": _("Choose another subdistrict."),
        }


def ask(request: HttpRequest, *, by_place: bool = True) -> Asked:
    """Read who asks, for which communities and days."""
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    form = ActivitiesFilter(request, choices, today=local_day(at))
    if not by_place:
        # Tallies know a community or a kind of case, not both at once.
        del form.fields["subdistrict"]
    from_on, until_on = form.days()
    wanted = [one for one in communities if subdistrict in (None, one.parent_id)]
    return Asked(request, at, actor, communities, wanted, form, {"from_on": from_on, "until_on": until_on})


def _queue(**query: str) -> str:
    page = url_or_none("staff:cases")
    return f"{page}?{urlencode(query)}" if page else ""


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List communities with what became of the cases of a stretch of time."""
    asked = ask(request)
    with scope.within(asked.actor.communities):
        flows = figures.flows_by_community(**asked.span)
        levels = figures.levels_by_community(at=asked.at)
    rows = [
        Row(
            one.short_name,
            one.parent.short_name if one.parent else "",
            flows.get(one.pk, Flows()),
            levels.get(one.pk, Levels()),
            {"community": str(one.pk)},
            asked.form.asked("period"),
        )
        for one in asked.wanted
    ]
    first = (Column(_("Community"), sort="name"), Column(_("Subdistrict"), sort="subdistrict"))
    whole = figures.together(flows, [one.pk for one in asked.wanted])
    return _answer(
        asked,
        shown,
        name="voice",
        title=_("Cases of the communities"),
        rows=rows,
        first=first,
        cells=lambda row: (row.name, row.subdistrict),
        template="district/row_voice.html",
        lead=_lead(whole, sum(row.levels.late for row in rows)),
    )


@shown_to_offices
def tiers(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List the three tiers with what became of their cases."""
    return _by(request, shown, "tier", figures.TIERS, name="voice_tiers", title=_("Cases by tier"), label=_("Tier"))


@shown_to_offices
def subjects(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List the subjects with what became of their cases."""
    return _by(
        request,
        shown,
        "subject",
        figures.SUBJECTS,
        name="voice_subjects",
        title=_("Cases by subject"),
        label=pgettext("voice", "About"),
    )


def _by(
    request: HttpRequest,
    shown: str,
    kind: str,
    choices: Sequence[tuple[str, Any]],
    *,
    name: str,
    title: str,
    label: str,
) -> HttpResponse:
    asked = ask(request, by_place=False)
    find = figures.flows_by_tier if kind == "tier" else figures.flows_by_subject
    with scope.within(asked.actor.communities):
        flows = find(**asked.span)
        levels = figures.levels_by(kind, at=asked.at)
    rows = [
        Row(
            str(text),
            "",
            flows.get(code, Flows()),
            levels.get(code, Levels()),
            {kind: code},
            asked.form.asked("period"),
        )
        for code, text in choices
    ]
    return _answer(
        asked,
        shown,
        name=name,
        title=title,
        rows=rows,
        first=(Column(label, sort="name"),),
        cells=lambda row: (row.name,),
        template="district/row_voice_kind.html",
        lead=_lead(figures.together(flows), sum(row.levels.late for row in rows)),
    )


def _answer(
    asked: Asked,
    shown: str,
    *,
    name: str,
    title: str,
    rows: Sequence[Row],
    first: tuple[Column, ...],
    cells: Callable[[Row], tuple[Any, ...]],
    template: str,
    lead: list[str],
) -> HttpResponse:
    is_book = shown == WORKBOOK
    listing = Listing(
        name=name,
        title=title,
        place=area_name(asked.actor, asked.communities),
        rows=rows,
        default_sort="-flows__heard",
        row_template=template,
        cells=lambda row: (
            *cells(row),
            *(row.flows.heard, row.flows.ended, row.flows.in_time, row.in_time, row.flows.confirmed, row.confirmed),
            *(row.flows.by_staff, row.flows.silent, row.flows.not_solved, row.flows.declined),
            *(row.flows.reopened, row.reopened, row.flows.lifted, row.flows.appealed),
            *(row.levels.open, row.levels.late),
        ),
        columns=(*first, *(_columns() if is_book else (one for one in _columns() if one.label not in _shares()))),
    )
    context = asked.context(name, lead) | {"shares": True}
    return answer(asked.request, listing, shown=shown, template=TEMPLATE, context=context, at=asked.at)


def _shares() -> tuple[str, ...]:
    """Give the columns that the page shows beside their numbers, and only the workbook by themselves."""
    return (
        _("In time (% of ended)"),
        _("Confirmed (% of confirmed, no reply and not solved)"),
        _("Opened again (% of ended and opened again)"),
    )


def _columns() -> tuple[Column, ...]:
    in_time, confirmed, reopened = _shares()
    return (
        Column(pgettext("voice", "Voices heard"), sort="flows__heard", numeric=True),
        Column(pgettext("voice", "Cases ended"), sort="flows__ended", numeric=True),
        Column(_("Ended in time"), sort="in_time", numeric=True),
        Column(in_time, numeric=True),
        Column(_("Confirmed as solved"), sort="confirmed", numeric=True),
        Column(confirmed, numeric=True),
        Column(_("of these written down by staff only"), sort="flows__by_staff", numeric=True),
        Column(_("No reply"), sort="flows__silent", numeric=True),
        Column(_("Said to be not solved"), sort="flows__not_solved", numeric=True),
        Column(_("Could not be done"), sort="flows__declined", numeric=True),
        Column(pgettext("voice", "Opened again"), sort="reopened", numeric=True),
        Column(reopened, numeric=True),
        Column(_("Lifted to a harder tier"), sort="flows__lifted", numeric=True),
        Column(_("Wishes for another tier"), sort="flows__appealed", numeric=True),
        Column(pgettext("voice", "Open now"), sort="levels__open", numeric=True),
        Column(pgettext("voice", "Late now"), sort="levels__late", numeric=True),
    )


def _lead(whole: Flows, late: int) -> list[str]:
    lines = [_("%(n)d voices were heard in these days.") % {"n": whole.heard}]
    if whole.in_time_share is not None:
        words = _("Of %(ended)d cases that ended, %(n)d ended in time: %(share)s.")
        lines.append(words % {"ended": whole.ended, "n": whole.in_time, "share": f"{100 * whole.in_time_share:.0f}%"})
    if whole.confirmed_share is not None:
        words = _(
            "Reporters were asked %(asked)d times whether it is solved: %(yes)d times yes (%(staff)d written down by "
            "staff only), %(silent)d times no reply, %(no)d times no."
        )
        counts = {"yes": whole.confirmed, "staff": whole.by_staff, "silent": whole.silent, "no": whole.not_solved}
        lines.append(words % {"asked": whole.asked, **counts})
    lines.append(_("%(n)d are late now.") % {"n": late})
    return lines
