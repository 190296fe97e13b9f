"""The story of a matter on one page: for the office with everything, for residents without anybody's name."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.voice.models import AgendaItem, Commitment, Matter, Meeting, Party, Resolution, Vote
from lianxin.domain.voice.queries import commitments, matters
from lianxin.domain.voice.queries.meetings import place_of
from lianxin.domain.voice.rules import commitments as promises
from lianxin.domain.voice.rules.stories import Chapter, Line, in_order, owner_in_public, side_in_public
from lianxin.platform import scope
from lianxin.platform.clock import local_day

DECIDED: dict[str, str] = {
    Resolution.State.PASSED: "done",
    Resolution.State.REJECTED: "stop",
    Resolution.State.WITHDRAWN: "quiet",
}
LIGHTS = {"blue": "info", "yellow": "due", "red": "stop", "": "quiet"}


@dataclass(frozen=True, slots=True)
class Story:
    """A matter's sides, chapters and commitments."""

    sides: list[str]
    chapters: list[Chapter]
    commitments: list[Line]
    meetings: int
    open_promises: int


def tell(row: Matter, *, on: date, is_public: bool = False) -> Story:
    """Give the story of a matter that was found; `is_public` leaves out people and what is not for everybody."""
    if is_public:
        with scope.everything():
            return _tell(row, on=on, is_public=True)
    return _tell(row, on=on, is_public=False)


def _tell(row: Matter, *, on: date, is_public: bool) -> Story:
    parties = matters.list_parties(row.pk)
    promised = [one for one in commitments.of_matter(row.pk) if one.is_public or not is_public]
    names = {one.pk: _side(one) if is_public else one.name for one in parties}
    lines = {one.pk: _promise(one, names, on=on, is_public=is_public) for one in promised}
    rows = list(row.meetings.select_related("room", "room__venue").order_by("number"))
    if is_public:
        rows = [one for one in rows if one.state in (Meeting.State.CLOSED, Meeting.State.PLANNED)]
    chapters = [_opened(row), *_meetings(rows, promised, lines, is_public=is_public)]
    chapters += [_vote(one) for one in row.votes.order_by("number") if _is_told(one, is_public)]
    chapters += [
        Chapter("promise", one.made_at, pgettext("story", "Promised outside a meeting"), lines=(lines[one.pk],))
        for one in promised
        if one.meeting_id is None
    ]
    if not is_public:
        chapters += [
            Chapter("case", one.opened_at, _("It began with a case"), record=one.pk, words=one.title)
            for one in matters.origins_of(row.pk)
        ]
    if row.ended_at is not None:
        title = row.get_state_display()
        chapters.append(Chapter("ended", row.ended_at, title, state=row.state, words=row.outcome))
    return Story(
        sides=list(dict.fromkeys(names[one.pk] for one in parties if one.left_on is None)),
        chapters=in_order(chapters),
        commitments=[lines[one.pk] for one in promised],
        meetings=sum(1 for one in rows if one.state == Meeting.State.CLOSED),
        open_promises=sum(1 for one in promised if one.state in promises.LIVE),
    )


def _opened(row: Matter) -> Chapter:
    return Chapter("opened", row.opened_at, pgettext("story", "Taken up"), words=row.summary)


def _meetings(
    rows: list[Meeting], promised: list[Commitment], lines: dict[UUID, Line], *, is_public: bool
) -> list[Chapter]:
    of = {"meeting__in": [one.pk for one in rows]}
    items: dict[UUID, list[AgendaItem]] = defaultdict(list)
    for item in AgendaItem.objects.filter(**of).select_related("commitment").order_by("position"):
        items[item.meeting_id].append(item)
    decided: dict[UUID, list[Resolution]] = defaultdict(list)
    for one in Resolution.objects.filter(**of).order_by("number"):
        decided[one.meeting_id].append(one)
    made: dict[Any, list[Line]] = defaultdict(list)
    for promise in promised:
        made[promise.meeting_id].append(lines[promise.pk])
    return [_meeting(row, items[row.pk], decided[row.pk], made[row.pk], lines, is_public=is_public) for row in rows]


def _meeting(
    row: Meeting,
    items: list[AgendaItem],
    decided: list[Resolution],
    made: list[Line],
    lines: dict[UUID, Line],
    *,
    is_public: bool,
) -> Chapter:
    title = _("Meeting %(number)d") % {"number": row.number}
    if row.title:
        title = f"{title} · {row.title}"
    is_closed = row.state == Meeting.State.CLOSED
    told: list[Line] = []
    for item in items:
        if item.commitment_id is not None:
            if item.commitment_id in lines:
                told.append(Line(lines[item.commitment_id].words, "returned", record=item.commitment_id))
        else:
            told.append(Line(item.title, "item", state=item.state, more="" if is_public else item.outcome))
    for one in decided:
        if is_closed and is_public and one.state not in (Resolution.State.PASSED, Resolution.State.REJECTED):
            continue
        if is_public and not is_closed:
            continue
        told.append(
            Line(
                one.words,
                "resolution",
                record=one.pk,
                state=one.get_state_display(),
                tone=DECIDED.get(one.state, "info"),
            )
        )
    told += made
    there = _("%(n)d people came") % {"n": row.present} if is_closed else ""
    words = [] if is_public and is_closed else [place_of(row)]
    words += [there, row.state_words if not is_public else "", row.public_words]
    return Chapter(
        "meeting",
        row.starts_at,
        title,
        record=row.pk,
        number=row.number,
        state=row.get_state_display(),
        tone={"planned": "info", "held": "due", "closed": "done", "cancelled": "quiet"}[row.state],
        words=" · ".join(filter(None, words)),
        lines=tuple(told),
    )


def _promise(row: Commitment, names: dict[UUID, str], *, on: date, is_public: bool) -> Line:
    owner = row.owner_name
    if is_public:
        owner = owner_in_public(
            owner=row.owner_name,
            sides=names.values(),
            side=names.get(row.party_id, "") if row.party_id is not None else "",
        )
    light = commitments.light_of(row, on)
    state = row.get_state_display()
    tone = LIGHTS[light] if light else ("done" if row.state == promises.KEPT else "quiet")
    if light == "red":
        state = pgettext("commitment", "late")
    elif light == "yellow" and row.state == promises.OPEN:
        state = pgettext("commitment", "due soon")
    words = f"{owner}：{row.words}" if owner else row.words
    return Line(words, "promise", record=row.pk, state=state, tone=tone, on=_day(row), is_due=row.ended_at is None)


def _day(row: Commitment) -> date:
    return local_day(row.ended_at) if row.ended_at is not None else row.due_by


def _vote(row: Vote) -> Chapter:
    at = row.closed_at or row.opens_at or row.made_at
    return Chapter(
        "vote",
        at,
        pgettext("story", "Vote"),
        record=row.pk,
        number=row.number,
        state=row.get_state_display(),
        tone="done" if row.state == Vote.State.CLOSED else "info",
        words=row.question,
    )


def _is_told(row: Vote, is_public: bool) -> bool:
    if not is_public:
        return row.state != Vote.State.VOID
    return row.is_public and row.state in (Vote.State.OPEN, Vote.State.CLOSED)


def _side(row: Party) -> str:
    return side_in_public(
        kind=row.kind,
        kind_label=str(row.get_kind_display()),
        name=row.name,
        is_organisation=row.organisation_id is not None and row.person_id is None,
    )
