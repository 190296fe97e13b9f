"""One date of an activity: what it is, what comes next, its figures, and what happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.activities.models import Occurrence
from lianxin.domain.activities.queries.timelines import timeline_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column

from ..points.lists import Row, cells, small_table
from ..points.told import Section
from .desk import OccurrenceDesk, occurrence_desk
from .gate import reading
from .words import FIELDS, story

State = Occurrence.State
LIMIT_COLUMNS = (
    Column(gettext_lazy("Kinds of places")),
    Column(gettext_lazy("Ages")),
    Column(gettext_lazy("Taken"), numeric=True),
    Column(gettext_lazy("Places"), numeric=True),
)


@reading
def show(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Show one date."""
    desk = occurrence_desk(request, occurrence)
    row = desk.row
    banners = []
    if row.state == State.CANCELLED:
        banners.append(("stop", _("Called off: %(reason)s") % {"reason": row.cancel_reason}))
    if row.edited:
        fields = _(", ").join(str(FIELDS.get(name, name)) for name in row.edited)
        banners.append(("info", _("Changed by hand on this date: %(fields)s.") % {"fields": fields}))
    context = desk.context("occurrence") | {
        "sections": _sections(desk),
        "banners": banners,
        "facts": _facts(desk),
        "acts": _acts(desk),
        "entries": story(timeline_of(actor=desk.actor, kind="activities.occurrence", record=row.pk)),
        **_next(desk),
    }
    return render(request, "staff/points/record.html", context)


def _next(desk: OccurrenceDesk) -> dict[str, Any]:
    """Give the one step that comes next: the door when it is time, else publishing."""
    row = desk.row
    if row.state == State.DRAFT and desk.runs:
        url = reverse("staff:activity_publish", kwargs={"activity": row.activity_id})
        return {"next_url": url, "next_text": _("Check and publish")}
    if row.state != State.PUBLISHED or not desk.runs:
        return {}
    opens = row.starts_at - timedelta(minutes=row.early_minutes)
    door = url_or_none("staff:check_in", occurrence=row.pk)
    finish = url_or_none("staff:attendance_finish", occurrence=row.pk)
    if finish and desk.at > row.ends_at + timedelta(minutes=row.late_minutes):
        return {"next_url": finish, "next_text": pgettext("activity", "Finish it")}
    if door and desk.at >= opens:
        return {"next_url": door, "next_text": _("Check people in")}
    sign_ups = url_or_none("staff:sign_ups", occurrence=row.pk)
    return {"next_url": sign_ups, "next_text": _("Open the sign-ups")} if sign_ups and row.takes_sign_ups else {}


def _sections(desk: OccurrenceDesk) -> list[Section]:
    row = desk.row
    said = [row.activity.summary, row.note]
    sections = [Section(_("What it is"), lines=[line for line in said if line] or [_("Nothing is said yet.")])]
    limits = list(row.limits.all())
    if limits:
        rows = [Row(cells(one.name, _ages(one), one.taken, one.size)) for one in limits]
        sections.append(Section(_("Kinds of places"), table=small_table(LIMIT_COLUMNS, rows)))
    if row.is_drawn:
        drawn = [_("Digest of the seed, public before the draw: %(digest)s") % {"digest": row.seed_digest or "—"}]
        if row.drawn_at:
            drawn.append(_("Seed, public since the draw: %(seed)s") % {"seed": row.seed})
        sections.append(Section(_("Draw"), lines=drawn))
    return sections


def _ages(one: Any) -> str:
    if one.min_age is None and one.max_age is None:
        return ""
    return f"{'' if one.min_age is None else one.min_age}–{'' if one.max_age is None else one.max_age}"


def _facts(desk: OccurrenceDesk) -> list[tuple[Any, Any]]:
    row = desk.row
    facts = desk.facts()
    if row.takes_sign_ups:
        facts += [
            (_("Sign-up opens"), spoken(row.sign_up_from) if row.sign_up_from else _("when published")),
            (_("Sign-up closes"), spoken(row.sign_up_until) if row.sign_up_until else _("at the start")),
        ]
        if row.household_most:
            facts.append((_("At most of one household"), row.household_most))
        if row.first_for and row.first_until:
            first = Occurrence.FirstFor(row.first_for).label
            words = _("%(who)s until %(when)s") % {"who": first, "when": spoken(row.first_until)}
            facts.append((_("Who may sign up first"), words))
    else:
        facts.append((_("Sign-up"), _("none: people just come")))
    facts.append((_("Number in the series"), row.number))
    return facts


def _acts(desk: OccurrenceDesk) -> list[tuple[str, Any]]:
    row = desk.row
    acts: list[tuple[str, Any]] = []
    live = row.state in (State.DRAFT, State.PUBLISHED) and row.ends_at > desk.at
    if desk.runs and live:
        acts.append((desk.url("occurrence_edit"), _("Change this date")))
    if desk.runs and row.state == State.PUBLISHED and live:
        acts.append((desk.url("occurrence_cancel"), _("Call this date off")))
    if desk.runs and row.state == State.DRAFT:
        acts.append((desk.url("occurrence_remove"), _("Take this date out")))
    public = url_or_none("resident:activity", occurrence=row.pk)
    if public and row.published_at:
        acts.append((public, _("Residents' page")))
    if row.published_at:
        acts.append((reverse("resident:calendar_date", kwargs={"occurrence": row.pk}), _("Into my calendar")))
    return acts
