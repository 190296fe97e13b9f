"""One meeting: before it the agenda and who comes, then what is said, decided and promised, after it the minutes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import AgendaItem, Meeting, Resolution, Speech
from lianxin.domain.voice.queries import commitments, meetings
from lianxin.domain.voice.queries.meetings import Sitting, place_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.platform import scope
from lianxin.platform.clock import local_day
from lianxin.platform.ids import new_id

from ..points.lists import Press
from .case_desk import CaseDesk, desk_of
from .matter_desk import (
    COMMITMENT_TONES,
    LIGHTS,
    MEETING_TONES,
    RESOLUTION_TONES,
    commitment_url,
    matter_url,
    meeting_words,
    side_choices,
    story_of,
    way_to,
)
from .matter_gate import open_meeting, reading
from .meeting_forms import ItemForm, PromiseForm, ProposeForm, SayForm, WalkInForm, fill

State, Minutes = Meeting.State, Meeting.Minutes


@dataclass(frozen=True)
class Point:
    """A point of the agenda with all that belongs to it."""

    item: AgendaItem
    number: int
    speeches: list[Speech]
    light: tuple[Any, str] | None = None
    url: str = ""
    presses: list[Press] = field(default_factory=list)
    deal_url: str = ""


@reading
def show(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Show a meeting as far as it has come."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    keeps = policy.may_keep(desk.actor, row.community_id)
    with scope.within(desk.actor.communities):
        sitting = meetings.sitting_of(row, at=desk.at)
        entries = story_of(desk.actor, "voice.meeting", meeting)
        sides = side_choices(row.matter_id)
    is_open = keeps and row.state in (State.PLANNED, State.HELD) and row.minutes_state in (Minutes.NONE, Minutes.DRAFT)
    is_held = row.state == State.HELD
    context = desk.context("matters", f"{row.matter.title} · {meeting_words(row)}")
    context |= {
        "tabs": [],
        "crumbs": way_to(meeting=row),
        "heading": False,
        "row": row,
        "subtitle": " · ".join(filter(None, [row.title, spoken(row.starts_at), place_of(row)])),
        "state_label": _("going on") if is_held and row.ended_at is None else row.get_state_display(),
        "state_tone": MEETING_TONES[row.state],
        "banners": _banners(row, sitting),
        "sitting": sitting,
        "is_open": is_open,
        "is_held": is_held,
        "points": [_point(row, one, place, sitting, desk, is_open) for place, one in enumerate(sitting.items, 1)],
        "people": [(one, _presses_of(row, one, is_open)) for one in sitting.people],
        "said": [(one, _drop(row, one, is_open)) for one in sitting.speeches if one.item_id is None],
        "drops": is_open,
        "decided": [
            (one, RESOLUTION_TONES[one.state], _decisions(row, one, is_open and is_held)) for one in sitting.resolutions
        ],
        "promised": [
            (
                one,
                LIGHTS.get(commitments.light_of(one, desk.on))
                or (one.get_state_display(), COMMITMENT_TONES[one.state]),
                commitment_url(one.pk),
            )
            for one in sitting.promised
        ],
        "votes": [(one, url_or_none("staff:vote", vote=one.pk)) for one in sitting.votes],
        "quick": _quick(row, sitting, sides) if is_open else [],
        "facts": _facts(row, sitting),
        "acts": _acts(row, sitting, keeps),
        "sections": [],
        "entries": entries,
        **_next(row, keeps, desk),
    }
    return render(request, "staff/voice/matters/meeting.html", context)


def _named(row: Meeting, name: str, **more: Any) -> str:
    return reverse(f"staff:{name}", kwargs={"meeting": row.pk, **more})


def _next(row: Meeting, keeps: bool, desk: CaseDesk) -> dict[str, Any]:
    """Give the one step that comes next."""
    if not keeps:
        return {}
    if row.state == State.PLANNED:
        if local_day(row.starts_at) > desk.on:
            return {"next_url": _named(row, "meeting_invite"), "next_text": _("Ask people")}
        url = _named(row, "meeting_act", act="start")
        return {"next_url": url, "next_text": _("Begin the meeting"), "next_post": True, "next_key": new_id()}
    if row.state == State.HELD:
        if row.minutes_state == Minutes.NONE:
            return {"next_url": _named(row, "meeting_minutes"), "next_text": _("Write the minutes")}
        if row.minutes_state == Minutes.DRAFT:
            url = _named(row, "meeting_act", act="read-back")
            return {"next_url": url, "next_text": _("They were read back"), "next_post": True, "next_key": new_id()}
        return {"next_url": _named(row, "meeting_close"), "next_text": _("Close the meeting")}
    if row.state == State.CLOSED and row.minutes_state == Minutes.READ_BACK:
        return {"next_url": _named(row, "meeting_sign"), "next_text": _("Note who signed")}
    return {}


def _banners(row: Meeting, sitting: Sitting) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    if row.state == State.CANCELLED:
        found.append(("info", _("Called off: %(why)s") % {"why": row.state_words}))
    if row.state == State.PLANNED and row.room_id is None and not row.place_words:
        found.append(("due", _("It has no place yet.")))
    if row.state == State.HELD and sitting.is_short:
        named = {"present": sitting.present, "quorum": row.quorum}
        found.append(("due", _("%(present)d of %(quorum)d people are there. Nothing can be decided yet.") % named))
    if row.state == State.HELD and row.minutes_state == Minutes.READ_BACK:
        found.append(("info", _("The minutes were read back. What they tell cannot change unless they are changed.")))
    return found


def _point(row: Meeting, item: AgendaItem, number: int, sitting: Sitting, desk: CaseDesk, is_open: bool) -> Point:
    by_item: dict[UUID | None, list[Speech]] = defaultdict(list)
    for one in sitting.speeches:
        by_item[one.item_id].append(one)
    light, url, presses = None, "", []
    if item.commitment is not None:
        url = commitment_url(item.commitment.pk)
        light = LIGHTS.get(commitments.light_of(item.commitment, desk.on)) or (
            item.commitment.get_state_display(),
            COMMITMENT_TONES[item.commitment.state],
        )
    is_held = row.state == State.HELD
    if is_open and not is_held:
        presses = [
            Press(_named(row, "agenda_item_act", agenda_item=item.pk, act="up"), _("Up"), "plain"),
            Press(_named(row, "agenda_item_act", agenda_item=item.pk, act="down"), _("Down"), "plain"),
        ]
    if is_open and item.commitment is None and item.state == AgendaItem.State.OPEN and not by_item[item.pk]:
        presses.append(Press(_named(row, "agenda_item_act", agenda_item=item.pk, act="remove"), _("Take off"), "plain"))
    deal = _named(row, "agenda_item_deal", agenda_item=item.pk) if is_open and is_held else ""
    return Point(item, number, by_item[item.pk], light, url, presses, deal)


def _presses_of(row: Meeting, one: Any, is_open: bool) -> list[Press]:
    if not is_open:
        return []

    def button(act: str, text: Any, kind: str = "quiet") -> Press:
        return Press(_named(row, "invited_act", invited=one.pk, act=act), text, kind)

    if one.left_at is not None:
        return [button("back", _("Not gone"), "plain")]
    if one.came_at is not None:
        return [button("left", pgettext("meeting", "Left")), button("back", _("Not there"), "plain")]
    found = [button("came", pgettext("meeting", "Came"))]
    if row.state == State.PLANNED:
        found += [button("coming", _("Will come"), "plain"), button("not-coming", _("Cannot come"), "plain")]
    return found


def _drop(row: Meeting, one: Speech, is_open: bool) -> Press | None:
    return Press(_named(row, "speech_drop", speech=one.pk), _("Take out"), "plain") if is_open else None


def _decisions(row: Meeting, one: Resolution, is_open: bool) -> list[Press]:
    if not is_open or one.state != Resolution.State.PROPOSED:
        return []
    ways = [
        ("passed", _("Passed"), "quiet"),
        ("rejected", _("Rejected"), "plain"),
        ("withdrawn", _("Withdrawn"), "plain"),
    ]
    return [Press(_named(row, "resolution_act", resolution=one.pk, act=act), text, kind) for act, text, kind in ways]


def _quick(row: Meeting, sitting: Sitting, sides: list[tuple[str, Any]]) -> list[tuple[Any, str, Any, Any]]:
    """Give the short forms that are filled in in the hall: title, address, form, button."""
    if row.state == State.PLANNED:
        return [(_("Add a point"), _named(row, "agenda_item_new"), ItemForm(auto_id="point_%s"), _("Add it"))]
    forms: list[tuple[Any, str, Any]] = [
        (pgettext("meeting", "Promised"), "meeting_promise", PromiseForm(auto_id="promise_%s")),
        (_("Somebody speaks"), "meeting_say", SayForm(auto_id="say_%s")),
        (_("Propose a decision"), "meeting_propose", ProposeForm(auto_id="propose_%s")),
        (_("Somebody came unasked"), "meeting_walk_in", WalkInForm(auto_id="walk_%s")),
        (_("Add a point"), "agenda_item_new", ItemForm(auto_id="point_%s")),
    ]
    workers = [("", _("whoever works here"))]
    return [
        (title, _named(row, name), fill(form, sitting, party=sides, owner_account=workers), _("Write it down"))
        for title, name, form in forms
    ]


def _facts(row: Meeting, sitting: Sitting) -> list[tuple[Any, ...]]:
    there = str(sitting.present) if row.quorum is None else f"{sitting.present} / {row.quorum}"
    facts: list[tuple[Any, ...]] = [
        (pgettext("voice", "Matter"), row.matter.title, matter_url(row.matter_id)),
        (_("Begins"), spoken(row.starts_at)),
        (pgettext("meeting", "Ended"), spoken(row.ended_at) if row.ended_at else "—"),
        (pgettext("meeting", "Place"), place_of(row) or "—"),
        (_("Who leads it"), row.chair_name or "—"),
        (_("Who writes the minutes"), row.clerk_name or "—"),
        (_("There, and needed to decide") if row.quorum is not None else _("There"), there),
        (pgettext("meeting", "Minutes"), row.get_minutes_state_display()),
    ]
    if row.minutes_digest:
        facts.append((_("Check code"), row.minutes_digest[:12]))
    return facts


def _acts(row: Meeting, sitting: Sitting, keeps: bool) -> list[tuple[str, Any]]:
    if not keeps:
        return []
    acts = []
    if row.state == State.PLANNED:
        acts += [("meeting_invite", _("Ask people")), ("meeting_change", _("Change the meeting"))]
        acts.append(("meeting_cancel", _("Call the meeting off")))
    if row.state == State.HELD:
        if row.ended_at is None:
            acts.append(("meeting_end", _("Note when it ended")))
        if row.minutes_state != Minutes.SIGNED:
            acts.append(("meeting_minutes", _("Write or change the minutes")))
        if row.minutes_state == Minutes.READ_BACK:
            acts.append(("meeting_sign", _("Note who signed")))
    if row.minutes_state == Minutes.SIGNED or row.state == State.CLOSED:
        acts.append(("meeting_append", _("Add a correction")))
    if row.state != State.CANCELLED:
        acts.append(
            (
                "meeting_document",
                _("Take the minutes as a DOCX file") if row.minutes else _("Take the agenda as a DOCX file"),
            )
        )
    return [(_named(row, name), text) for name, text in acts]
