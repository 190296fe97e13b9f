"""One activity: what it says, its dates, what may be done next, and what happened."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.activities.models import Activity, Occurrence
from lianxin.domain.activities.queries.activities import list_organisers, list_partners
from lianxin.domain.activities.queries.occurrences import list_of_activity
from lianxin.domain.activities.queries.publicity import for_whom
from lianxin.domain.activities.queries.timelines import timeline_of
from lianxin.domain.activities.rules import plans, recurrence
from lianxin.domain.activities.rules.lines import write_shifts
from lianxin.faces.kit.tables import Column
from lianxin.platform.ids import new_id

from ..points.lists import Cell, Press, Row, cells, leads, small_table
from ..points.told import Section
from .desk import ActivityDesk, activity_desk
from .gate import reading
from .words import ACTIVITY_TONES, OCCURRENCE_TONES, story, when_words

State = Activity.State
COLUMNS = (
    Column(gettext_lazy("No."), numeric=True),
    Column(pgettext_lazy("activity", "When")),
    Column(pgettext_lazy("activity", "Where")),
    Column(gettext_lazy("Places taken")),
    Column(pgettext_lazy("activity", "Waiting"), numeric=True),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Changed by hand")),
)


@reading
def show(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Show one activity."""
    desk = activity_desk(request, activity)
    row = desk.row
    dates = list_of_activity(actor=desk.actor, activity=row.pk)
    drafts = [one for one in dates if one.state == Occurrence.State.DRAFT]
    state = State(row.state)
    context: dict[str, Any] = {
        "title": row.title,
        "heading": False,
        "subtitle": f"{row.category.code} {row.category.name} · {row.community.short_name}",
        "state_label": state.label,
        "state_tone": ACTIVITY_TONES[state],
        "crumbs": desk.crumbs((row.title, "")),
        "sections": _sections(desk, dates),
        "facts": _facts(row),
        "facts_title": _("Facts"),
        "acts": _acts(desk, dates),
        "presses": _presses(desk, dates),
        "entries": story(timeline_of(actor=desk.actor, kind="activities.activity", record=row.pk)),
        **_next(desk, dates, drafts),
    }
    return render(request, "staff/points/record.html", context)


def _next(desk: ActivityDesk, dates: list[Occurrence], drafts: list[Occurrence]) -> dict[str, Any]:
    """Give the one step that comes next."""
    if desk.row.state in (State.ENDED, State.CANCELLED) or not desk.drafts:
        return {}
    if not dates:
        return {"next_url": desk.url("activity_dates"), "next_text": _("Plan its dates")}
    if drafts and desk.plans:
        return {"next_url": desk.url("activity_publish"), "next_text": _("Check and publish")}
    if drafts:
        return {
            "next_url": desk.url("activity_ask"),
            "next_text": _("Ask the community to publish"),
            "next_post": True,
            "next_key": new_id(),
        }
    return {}


def _sections(desk: ActivityDesk, dates: list[Occurrence]) -> list[Section]:
    row = desk.row
    rows = [
        Row(
            cells(
                one.number,
                leads(when_words(one.starts_at, one.ends_at), "occurrence", occurrence=one.pk),
                " ".join(
                    filter(None, (one.venue.name if one.venue else "", one.room.name if one.room else "", one.place))
                ),
                _taken(one),
                one.waiting,
                Cell(Occurrence.State(one.state).label, tone=OCCURRENCE_TONES[Occurrence.State(one.state)]),
                _("yes") if one.edited else "",
            ),
            pk=one.pk,
        )
        for one in dates
    ]
    links = []
    if desk.drafts and row.state not in (State.ENDED, State.CANCELLED):
        links = [
            (desk.url("activity_dates"), _("Plan dates")),
            (desk.url("activity_date_add"), _("Add one date")),
        ]
        if len(dates) > 1:
            links.append((desk.url("activity_series"), _("Change several dates")))
    repeats = [recurrence.describe(row.recurrence)] if row.recurrence else []
    sections = [
        Section(
            _("Dates"),
            lines=repeats,
            table=small_table(COLUMNS, rows),
            empty=_("It has no dates yet."),
            links=links,
        )
    ]
    if row.picture_id:
        sections.append(Section(_("Picture"), links=[(desk.url("activity_picture"), _("Look at the picture"))]))
    if row.poster_text:
        sections.append(Section(_("Text of the poster"), text=row.poster_text))
    return sections


def _taken(one: Occurrence) -> str:
    if not one.takes_sign_ups:
        return _("no sign-up")
    return str(one.taken) if one.size is None else f"{one.taken}/{one.size}"


def _facts(row: Activity) -> list[tuple[Any, Any]]:
    plan = plans.read(row.plan)
    held = list_organisers(activity=row.pk)
    facts: list[tuple[Any, Any]] = [
        (_("In one sentence"), row.summary or "—"),
        (pgettext("activity", "For whom"), for_whom(row, row.community.short_name) or _("everybody")),
        (_("Held by"), _(", ").join(name for name, role in held if role == "holds") or row.community.short_name),
    ]
    helpers = _(", ").join(name for name, role in held if role == "helps")
    partners = _(", ").join(name for _pk, name in list_partners(activity=row.pk))
    contact = " ".join(filter(None, (row.contact_name, row.contact_phone)))
    also = [
        (_("Who helps"), helpers),
        (_("Communities that join in"), partners),
        (_("What to bring"), row.bring_note),
        (_("Cost"), row.cost_note or _("free")),
        (_("Contact"), contact),
        (_("Volunteers needed"), write_shifts(plan.shifts)),
        (_("Voluntary service"), _("yes") if row.is_volunteering else ""),
        (_("Points"), _("by the community's rules") if row.act_kind else _("none")),
    ]
    return facts + [(label, value) for label, value in also if value]


def _acts(desk: ActivityDesk, dates: list[Occurrence]) -> list[tuple[str, Any]]:
    row = desk.row
    if not desk.drafts:
        return []
    acts: list[tuple[str, Any]] = []
    if row.state not in (State.ENDED, State.CANCELLED):
        acts.append((desk.url("activity_edit"), _("Change")))
        acts.append((desk.url("activity_picture_change"), _("Picture")))
    if desk.plans and row.state not in (State.ENDED, State.CANCELLED):
        acts.append((desk.url("activity_past_date"), _("Enter a date that took place")))
    if row.state == State.PUBLISHED and desk.plans:
        acts.append((desk.url("activity_cancel"), _("Call it off")))
        acts.append((desk.url("activity_end"), _("End the series")))
    if row.state == State.DRAFT and row.published_at is None:
        acts.append((desk.url("activity_delete"), _("Delete the draft")))
    return acts


def _presses(desk: ActivityDesk, dates: list[Occurrence]) -> list[Press]:
    if not desk.plans:
        return []
    presses = [Press(desk.url("activity_copy"), _("Copy it"))]
    if desk.row.picture_id:
        presses.append(Press(desk.url("activity_picture_remove"), _("Take the picture out")))
    if desk.row.state == State.PUBLISHED and any(one.state == Occurrence.State.PUBLISHED for one in dates):
        presses.append(Press(desk.url("activity_take_back"), _("Take the publication back")))
    return presses


def page_of(activity: UUID) -> str:
    """Give the address of an activity."""
    return reverse("staff:activity", kwargs={"activity": activity})
