"""One series of reception days: its days, beginning it, changing it, ending it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lianxin.domain.voice.commands import reception_series
from lianxin.domain.voice.models import ReceptionSeries
from lianxin.domain.voice.queries import receptions
from lianxin.domain.voice.rules.receptions import length_words
from lianxin.platform import scope

from ..acting import Crumbs, answer_form
from ..choices import community_choices
from ..points.lists import Cell, Row, cells, leads, small_table
from ..points.told import Section
from .case_desk import CaseDesk, desk_of, home_crumb
from .matter_desk import room_choices, worker_choices
from .reception_forms import SeriesForm, WhyForm, recurrence_initial
from .reception_gate import keeping, open_series, reading
from .reception_list import COLUMNS
from .reception_words import DAY_TONES, day_of, hours, how_often, story, until

SHOWN = (0, 1, 4, 5, 6, 7, 8)


def series_url(series: UUID) -> str:
    """Give the page of a series."""
    return reverse("staff:reception_series", kwargs={"series": series})


def crumbs(*way: tuple[Any, str]) -> Crumbs:
    """Give the way to a page about reception days."""
    return [home_crumb(), (pgettext("voice", "Reception days"), reverse("staff:receptions")), *way]


@reading
def show(request: HttpRequest, series: UUID) -> HttpResponse:
    """Show one series with its latest and coming days."""
    desk = desk_of(request)
    row = open_series(desk.actor, series)
    with scope.within(desk.actor.communities):
        days = list(receptions.list_days(desk.actor, newest_first=True).filter(series=row)[:30])
        named = receptions.holidays(day.held_on for day in days)
        entries = story(receptions.timeline(desk.actor, "voice.receptionseries", row.pk))
        rows = [
            Row(
                cells(
                    leads(day_of(day, holiday=named.get(day.held_on, "")), "reception", reception=day.pk),
                    hours(day.starts_at, day.ends_at),
                    day.leader_name,
                    f"{day.taken} / {day.slots}",
                    day.waits,  # type: ignore[attr-defined]
                    day.received,  # type: ignore[attr-defined]
                    Cell(day.get_state_display(), tone=DAY_TONES[day.state]),
                ),
                pk=day.pk,
            )
            for day in days
        ]
    place = f"{row.room.venue.name} {row.room.name}" if row.room else row.venue.name if row.venue else ""
    acts = (
        []
        if not desk.keeps or row.ended_at
        else [
            (reverse("staff:reception_edit", kwargs={"series": row.pk}), _("Change")),
            (reverse("staff:reception_end", kwargs={"series": row.pk}), _("End these days")),
        ]
    )
    sections = [Section(_("Days"), table=small_table([COLUMNS[n] for n in SHOWN], rows), empty=_("No day yet."))]
    context: dict[str, Any] = {
        "title": row.title,
        "heading": False,
        "crumbs": crumbs((_("Recurring days"), reverse("staff:reception_plans")), (row.title, "")),
        "subtitle": f"{row.community.short_name} · {row.get_kind_display()}",
        "state_label": pgettext("reception", "ended") if row.ended_at else pgettext("reception", "running"),
        "state_tone": "quiet" if row.ended_at else "done",
        "facts": [
            (_("How often?"), how_often(row)),
            (pgettext("reception", "Runs"), until(row)),
            (_("Begins at"), f"{row.starts_time:%H:%M}"),
            (pgettext("reception", "Length"), f"{length_words(row.minutes)} · {length_words(row.slot_minutes)}"),
            (pgettext("reception", "Who receives"), f"{row.leader_title} {row.leader_name}".strip()),
            (pgettext("reception", "Where"), " ".join(filter(None, (place, row.place_words)))),
            *([(_("What people should know beforehand"), row.notice)] if row.notice else []),
        ],
        "acts": acts,
        "sections": sections,
        "entries": entries,
    }
    return render(request, "staff/points/record.html", context)


@keeping
def new(request: HttpRequest) -> HttpResponse:
    """Begin a series."""
    desk = desk_of(request)
    return _form(request, desk, None)


@keeping
def edit(request: HttpRequest, series: UUID) -> HttpResponse:
    """Change a series; its days ahead on which nobody has a place are made anew."""
    desk = desk_of(request)
    return _form(request, desk, open_series(desk.actor, series))


@keeping
def end(request: HttpRequest, series: UUID) -> HttpResponse:
    """End a series; its days ahead are called off."""
    desk = desk_of(request)
    row = open_series(desk.actor, series)
    return answer_form(
        request,
        WhyForm(request.POST or None),
        do=lambda entered: reception_series.end(
            actor=desk.actor, series=series, words=entered["words"], at=desk.at, key=entered["key"]
        ),
        then=lambda _row: series_url(series),
        said=_("Ended. The days ahead are called off, and who has a place is told."),
        title=_("End these days"),
        lead=row.title,
        button=_("End these days"),
        cancel_url=series_url(series),
        crumbs=crumbs((row.title, series_url(series)), (_("End these days"), "")),
    )


def _form(request: HttpRequest, desk: CaseDesk, row: ReceptionSeries | None) -> HttpResponse:
    community = row.community_id if row is not None else _only(desk)
    rooms: list[tuple[str, Any]] = []
    if community is not None:
        with scope.within(desk.actor.communities):
            rooms = room_choices(community)[1:]
    form = SeriesForm(
        request.POST or None,
        communities=community_choices(desk.actor, subdistricts=False, alone=True),
        rooms=rooms,
        workers=worker_choices(desk, community)[1:] if community is not None else [],
        initial=_initial(row) if row is not None else {"from_on": desk.on},
    )
    if row is not None:
        form.fields["community"].disabled = True
        form.initial["community"] = str(row.community_id)

    def do(entered: dict[str, Any]) -> reception_series.Saved:
        return reception_series.save(
            actor=desk.actor,
            community=row.community_id if row is not None else UUID(entered["community"]),
            series=row.pk if row is not None else None,
            recurrence=form.recurrence(),
            leader_account=UUID(entered["leader_account"]) if entered.get("leader_account") else None,
            room=UUID(entered["room"]) if entered.get("room") else None,
            venue=row.venue_id if row is not None and not entered.get("room") and row.room_id is None else None,
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
            **form.values(
                "kind",
                "title",
                "from_on",
                "until_on",
                "starts_time",
                "minutes",
                "slot_minutes",
                "leader_name",
                "leader_title",
                "place_words",
                "notice",
            ),
        )

    title = _("Change") if row is not None else _("Begin recurring days")
    back = series_url(row.pk) if row is not None else reverse("staff:receptions")
    return answer_form(
        request,
        form,
        do=do,
        then=lambda saved: series_url(saved.series.pk),
        said=_said,
        fresh=(lambda: _initial(open_series(desk.actor, row.pk))) if row is not None else None,
        title=title,
        lead=_("The days stand sixty days ahead in the community's calendar, and residents book their time."),
        button=_("Save"),
        cancel_url=back,
        crumbs=crumbs(*([(row.title, back)] if row is not None else []), (title, "")),
    )


def _said(saved: reception_series.Saved) -> str:
    if not saved.kept:
        return _("Saved. The days ahead stand in the calendar.")
    words = ngettext(
        "Saved. %(n)d day ahead keeps its time, because somebody has a place on it.",
        "Saved. %(n)d days ahead keep their time, because somebody has a place on them.",
        saved.kept,
    )
    return words % {"n": saved.kept}


def _initial(row: ReceptionSeries) -> dict[str, Any]:
    names = (
        "kind",
        "title",
        "from_on",
        "until_on",
        "starts_time",
        "minutes",
        "slot_minutes",
        "leader_name",
        "leader_title",
        "place_words",
        "notice",
        "version",
    )
    found: dict[str, Any] = {name: getattr(row, name) for name in names}
    found |= recurrence_initial(row.recurrence)
    found |= {"room": str(row.room_id or ""), "leader_account": str(row.leader_account or "")}
    return found


def _only(desk: CaseDesk) -> UUID | None:
    reach = desk.actor.communities
    return next(iter(reach)) if reach is not None and len(reach) == 1 else None
