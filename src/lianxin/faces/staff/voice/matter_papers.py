"""A matter as one file and as one sheet, and the minutes of a meeting as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.voice.models import Matter, Meeting
from lianxin.domain.voice.queries import matters, meetings, stories
from lianxin.domain.voice.rules.stories import Chapter, Line
from lianxin.faces.kit.dates import spoken
from lianxin.platform import scope
from lianxin.platform.documents import DOCX, Grid, Heading, Lines, Part, write_document

from .case_desk import CaseDesk, desk_of
from .matter_desk import matter_url, meeting_words
from .matter_gate import keeper_reads, open_matter, open_meeting, reading

KINDS = {
    "item": "",
    "returned": "↩ ",
    "resolution": "◆ ",
    "promise": "→ ",
}


def due_words(line: Line) -> str:
    """Say by when something is due, or when it ended."""
    if line.on is None:
        return ""
    return _("by %(day)s") % {"day": spoken(line.on)} if line.is_due else spoken(line.on)


def line_words(line: Line) -> str:
    """Say a line of a story on paper: its mark, its words, how it stands."""
    standing = line.state if line.kind in ("resolution", "promise") else ""
    more = " · ".join(filter(None, [line.more, due_words(line), standing]))
    return f"{KINDS[line.kind]}{line.words}{f'（{more}）' if more else ''}"


def _parts(row: Matter, story: stories.Story, desk: CaseDesk) -> list[Part]:
    parts: list[Part] = [
        Lines(
            " · ".join(
                [
                    row.community.short_name,
                    _("Matter no. %(n)d") % {"n": row.number},
                    row.get_subject_display(),
                    row.get_state_display(),
                ]
            )
        ),
        Lines(_("Printed on %(day)s") % {"day": spoken(desk.on)}, is_quiet=True),
    ]
    with scope.within(desk.actor.communities):
        sides = matters.list_parties(row.pk)
    parts.append(Heading(_("Sides")))
    rows = [[one.name, one.get_kind_display(), one.speaker_name, spoken(one.joined_on)] for one in sides]
    parts.append(
        Grid([pgettext("matter", "Side"), _("Kind"), _("Who speaks for it"), _("Since")], rows)
        if rows
        else Lines(_("No side is entered yet."))
    )
    parts.append(Heading(_("What happened")))
    for chapter in story.chapters:
        parts += _chapter(chapter)
    parts.append(Heading(_("What was promised")))
    promised = [[one.words, due_words(one), one.state] for one in story.commitments]
    headings = [_("What was promised"), _("Due by"), _("State")]
    parts.append(Grid(headings, promised) if promised else Lines(_("Nothing was promised yet.")))
    return parts


def _chapter(chapter: Chapter) -> list[Part]:
    parts: list[Part] = [Heading(f"{spoken(chapter.at)} · {chapter.title}", 2)]
    if chapter.words:
        parts.append(Lines(chapter.words))
    parts += [Lines(line_words(line)) for line in chapter.lines]
    return parts


@keeper_reads
def matter_document(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Give the whole matter, with the minutes of its meetings, as one DOCX file."""
    desk = desk_of(request)
    row = open_matter(desk.actor, matter)
    with scope.within(desk.actor.communities):
        story = stories.tell(row, on=desk.on)
        written = list(row.meetings.exclude(minutes="").order_by("number"))
        appended = {one.pk: list(one.appendices.order_by("added_at", "pk")) for one in written}
    parts = _parts(row, story, desk)
    for meeting in written:
        parts.append(Heading(_("Minutes of meeting %(number)d") % {"number": meeting.number}))
        parts += _minutes(meeting, appended[meeting.pk])
    return _file(row.title, parts)


@keeper_reads
def meeting_document(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Give the minutes of a meeting as a DOCX file; before it was held, its agenda."""
    desk = desk_of(request)
    row = open_meeting(desk.actor, meeting)
    with scope.within(desk.actor.communities):
        sitting = meetings.sitting_of(row, at=desk.at)
    title = f"{row.matter.title} · {meeting_words(row)}"
    if row.minutes:
        parts = _minutes(row, sitting.appendices)
        signing = [[one.name, spoken(one.signed_at) if one.signed_at else ""] for one in sitting.people if one.came_at]
        parts.append(Grid([pgettext("meeting", "Name"), _("Signature")], signing))
    else:
        place = meetings.place_of(row)
        parts = [Lines(f"{spoken(row.starts_at)} {place}".strip()), Heading(_("Agenda"))]
        parts += [Lines(f"{number}. {one.title}") for number, one in enumerate(sitting.items, 1)]
        parts.append(Heading(_("Who is asked")))
        people = [[one.name, one.party.name if one.party else "", ""] for one in sitting.people]
        parts.append(Grid([pgettext("meeting", "Name"), pgettext("matter", "Side"), _("Signature")], people))
    return _file(title, parts)


def _minutes(row: Meeting, appendices: list[Any]) -> list[Part]:
    parts: list[Part] = [Lines(row.minutes)]
    for one in appendices:
        parts += [Heading(_("Correction of %(day)s") % {"day": spoken(one.added_at)}, 3), Lines(one.words)]
    if row.minutes_digest:
        parts.append(Lines(_("Check code %(code)s") % {"code": row.minutes_digest}, is_quiet=True))
    elif row.minutes_state != Meeting.Minutes.READ_BACK:
        parts.append(Lines(_("Draft, not yet read back"), is_quiet=True))
    return parts


def _file(title: str, parts: list[Part]) -> HttpResponse:
    body = write_document(title=title, parts=parts)
    disposition = f"attachment; filename*=UTF-8''{quote(f'{title}.docx')}"
    return HttpResponse(body, content_type=DOCX, headers={"Content-Disposition": disposition})


@reading
def matter_print(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Show the whole matter as it is printed on A4."""
    desk = desk_of(request)
    row = open_matter(desk.actor, matter)
    with scope.within(desk.actor.communities):
        story = stories.tell(row, on=desk.on)
        sides = matters.list_parties(matter)
    return render(
        request,
        "staff/voice/matters/paper.html",
        {
            "row": row,
            "story": story,
            "sides": sides,
            "chapters": [(one, [line_words(line) for line in one.lines]) for one in story.chapters],
            "sheet_title": row.title,
            "sheet_place": " · ".join([row.community.short_name, _("Matter no. %(n)d") % {"n": row.number}]),
            "sheet_period": row.get_state_display(),
            "sheet_url": request.build_absolute_uri(matter_url(matter)),
            "printed_at": desk.at,
            "back_url": matter_url(matter),
        },
    )
