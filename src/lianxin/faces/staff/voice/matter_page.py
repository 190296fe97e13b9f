"""One matter as one story: its sides, what happened in order, and what was promised."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import Matter, Party
from lianxin.domain.voice.queries import matters, stories
from lianxin.domain.voice.rules.stories import Chapter
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..points.lists import Press, Row, cells, leads, small_table
from ..points.told import Section
from .case_desk import case_url, desk_of
from .matter_desk import MATTER_TONES, story_of, way_to
from .matter_gate import open_matter, reading

State = Matter.State
SIDE_COLUMNS = (
    Column(pgettext_lazy("matter", "Side")),
    Column(gettext_lazy("Kind")),
    Column(gettext_lazy("Who speaks for it")),
    Column(gettext_lazy("Since")),
    Column(pgettext_lazy("matter", "Left on")),
)


@reading
def show(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Show a matter with everything that happened in it."""
    desk = desk_of(request)
    row = open_matter(desk.actor, matter)
    keeps = policy.may_keep(desk.actor, row.community_id)
    with scope.within(desk.actor.communities):
        story = stories.tell(row, on=desk.on)
        sides = matters.list_parties(matter)
        entries = story_of(desk.actor, "voice.matter", matter)
    is_going_on = row.state in (State.OPEN, State.AGREED)
    context = desk.context("matters", row.title)
    context |= {
        "tabs": [],
        "crumbs": way_to(matter=row),
        "heading": False,
        "row": row,
        "subtitle": " · ".join([row.community.short_name, _("Matter no. %(n)d") % {"n": row.number}]),
        "state_label": row.get_state_display(),
        "state_tone": MATTER_TONES[row.state],
        "banners": _banners(row, story),
        "story": story,
        "chapters": [(chapter, _url_of(chapter)) for chapter in story.chapters],
        "promise_url": reverse("staff:matter_promise", kwargs={"matter": matter}) if keeps and is_going_on else "",
        "next_url": reverse("staff:meeting_new", kwargs={"matter": matter}) if keeps and is_going_on else "",
        "next_text": _("Call a meeting"),
        "sections": [Section(_("Sides"), table=_sides(sides, row, keeps), empty=_("No side is entered yet."))],
        "facts": _facts(row, story),
        "acts": _acts(row, keeps, is_going_on),
        "entries": entries,
    }
    return render(request, "staff/voice/matters/matter.html", context)


def _banners(row: Matter, story: stories.Story) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    late = sum(1 for one in story.commitments if one.tone == "stop")
    if late:
        found.append(
            ("due", _("Late commitments: %(n)d. They are on the next agenda until they are kept.") % {"n": late})
        )
    if row.state == State.SUSPENDED and row.state_words:
        found.append(("info", row.state_words))
    if row.outcome and row.state in (State.AGREED, State.DONE, State.FAILED):
        found.append(("done" if row.state != State.FAILED else "info", row.outcome))
    return found


def _sides(sides: list[Party], row: Matter, keeps: bool) -> Any:
    rows = []
    for one in sides:
        named = {"matter": row.pk, "side": one.pk}
        presses = []
        if keeps and one.left_on is None and row.ended_at is None:
            presses = [Press(reverse("staff:matter_side_end", kwargs=named), _("It left"), "plain")]
        speaker = " ".join(filter(None, [one.speaker_name, matters.phone_of(one) if keeps else ""]))
        shown: Any = one.name
        if keeps:
            shown = leads(one.name, "matter_side", **named)
        left = spoken(one.left_on) if one.left_on else ""
        rows.append(
            Row(
                cells(shown, one.get_kind_display(), speaker, spoken(one.joined_on), left),
                pk=one.pk,
                presses=presses,
            )
        )
    columns = [*SIDE_COLUMNS, Column("")] if any(one.presses for one in rows) else list(SIDE_COLUMNS)
    return small_table(columns, rows)


def _facts(row: Matter, story: stories.Story) -> list[tuple[Any, ...]]:
    facts: list[tuple[Any, ...]] = [
        (_("Subject"), row.get_subject_display()),
        (_("Taken up"), spoken(row.opened_at)),
        (_("Who looks after it"), row.responsible_name or "—"),
        (_("Meetings held"), story.meetings),
        (_("Open commitments"), story.open_promises),
        (_("Residents read it"), _("yes") if row.is_public else _("no")),
    ]
    if row.ended_at:
        facts.append((pgettext("matter", "Ended"), spoken(row.ended_at)))
    if row.is_public:
        public = reverse("resident:matter", kwargs={"community": row.community_id, "matter": row.pk})
        facts.append((_("What they read"), pgettext("matter", "Read it"), public))
    return facts


def _acts(row: Matter, keeps: bool, is_going_on: bool) -> list[tuple[str, Any]]:
    named = {"matter": row.pk}
    acts = [(reverse("staff:matter_print", kwargs=named), _("Print the whole matter"))]
    if not keeps:
        return acts
    acts.append((reverse("staff:matter_document", kwargs=named), _("Take the whole matter as a DOCX file")))
    acts.append((reverse("staff:matter_edit", kwargs=named), _("Change the matter")))
    if is_going_on:
        acts.append((reverse("staff:matter_side_new", kwargs=named), _("Add a side")))
        vote = url_or_none("staff:vote_new")
        if vote:
            acts.append((f"{vote}?matter={row.pk}", _("Put it to a vote")))
        acts.append((reverse("staff:matter_close", kwargs=named), _("Say what came of it")))
        acts.append((reverse("staff:matter_suspend", kwargs=named), _("Let it rest")))
    else:
        acts.append((reverse("staff:matter_resume", kwargs=named), _("Take it up again")))
    return acts


def _url_of(chapter: Chapter) -> str:
    if chapter.record is None:
        return ""
    if chapter.kind == "case":
        return case_url(chapter.record)
    if chapter.kind == "vote":
        return url_or_none("staff:vote", vote=chapter.record) or ""
    return reverse("staff:meeting", kwargs={"meeting": chapter.record}) if chapter.kind == "meeting" else ""
