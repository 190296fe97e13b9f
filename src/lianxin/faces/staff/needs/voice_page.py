"""One voice: its words, its category, what looks like it, what it was told, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.needs.models import NeedReport, NeedVerdict
from lianxin.domain.needs.queries import alike, reports
from lianxin.domain.needs.rules import receipts, times
from lianxin.domain.places.queries.services import list_categories
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.choices import kind_name
from lianxin.platform import scope

from ..points.lists import Cell, Press, Row, cells, leads, small_table
from ..points.told import Section
from .desk import NeedsDesk, desk_of, entry_url
from .gate import reading
from .words import ANSWER_TONES, NEED_TONES, VOICE_TONES, category_of, story, who

State = NeedReport.State
ALIKE_COLUMNS = (
    Column(pgettext_lazy("needs", "On the list")),
    Column(pgettext_lazy("needs", "Said there")),
    Column(pgettext_lazy("needs", "Shared words")),
    Column(gettext_lazy("Voices"), numeric=True),
    Column(gettext_lazy("State")),
    Column(""),
)
NEW_COLUMNS = (
    Column(pgettext_lazy("needs", "What they said")),
    Column(pgettext_lazy("needs", "Shared words")),
    Column(pgettext_lazy("needs", "Said on")),
)
ANSWER_COLUMNS = (
    Column(gettext_lazy("Answer")),
    Column(pgettext_lazy("needs", "Given on")),
    Column(gettext_lazy("State")),
    Column(""),
)


@reading
def show(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Show one voice: its words, its category, what looks like it, what it was told, what happened."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        row = reports.find_report(actor=desk.actor, report=voice)
        names = {kind.code: kind_name(kind) for kind in list_categories()}
        is_open = desk.keeps and row.state in (State.NEW, State.JOINED)
        sections = [Section(pgettext("needs", "In their words"), text=f"“{row.words}”")]
        if row.state_reason:
            sections.append(Section(pgettext("needs", "Closed because"), text=row.state_reason))
        if row.met:
            met = Section(_("Was it met?"), lines=[row.get_met_display(), *([row.met_words] if row.met_words else [])])
            sections.append(met)
        if is_open and row.state == State.NEW:
            found = alike.look_alikes(report=row)
            sections += [_alike(row, found.entries), *_alike_new(found.voices)]
        sections.append(_answers(row, desk))
        title = row.words if len(row.words) <= 30 else row.words[:30] + "…"
        context = desk.context("inbox" if row.state == State.NEW else "voices", title, (title, ""))
        context |= {
            "heading": False,
            "subtitle": " · ".join([row.community.short_name, _("receipt") + " " + receipts.spaced(row.receipt)]),
            "state_label": row.get_state_display(),
            "state_tone": VOICE_TONES[State(row.state)],
            "banners": _banners(row, names),
            "presses": _chips(row, names) if is_open else [],
            "facts": _facts(row, desk),
            "acts": _acts(row) if desk.keeps else [],
            "sections": sections,
            "entries": story(reports.timeline_of(actor=desk.actor, kind="needs.needreport", record=row.pk)),
        }
    return render(request, "staff/points/record.html", context)


def _banners(row: NeedReport, names: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    if row.is_urgent and row.state == State.NEW:
        found.append(("stop", _("They say it is urgent.")))
    if row.category is None and row.state == State.NEW:
        found.append(("due", _("The category is not clear from the words. Choose one below.")))
    elif row.category_by is None and row.is_sure:
        found.append(("info", _("The category was read from the words. Choose another one if it is wrong.")))
    return found


def _chips(row: NeedReport, names: dict[str, str]) -> list[Press]:
    """Give the suggested categories as buttons, the one it has marked."""
    codes = [str(code) for code, _score in row.suggestions]
    if row.category is not None and row.category.code not in codes:
        codes.insert(0, row.category.code)
    has = row.category.code if row.category else ""
    return [
        Press(
            reverse("staff:voice_category", kwargs={"voice": row.pk, "code": code}),
            _("It is %(category)s") % {"category": names.get(code, code)} if code == has else names.get(code, code),
            "quiet",
        )
        for code in codes[:5]
    ]


def _alike(row: NeedReport, entries: Sequence[alike.Alike]) -> Section:
    found: list[Row] = []
    for one in entries:
        named = {"voice": row.pk, "entry": one.need.pk}
        verdict = one.verdict
        # One red button at most: the nearest that nobody said is something else.
        kind = "quiet" if verdict or any(known.presses[0].kind == "primary" for known in found) else "primary"
        presses = [Press(reverse("staff:voice_join", kwargs=named), _("The same: join"), kind)]
        if not verdict:
            presses.append(Press(reverse("staff:voice_differs", kwargs=named), _("Different"), "plain"))
        state = NeedVerdict.Verdict(verdict).label if verdict else one.need.get_state_display()
        found.append(
            Row(
                cells(
                    Cell(one.need.title, url=entry_url(one.need.pk)),
                    one.quote if one.quote != one.need.title else "",
                    "、".join(one.shared[:6]),
                    one.need.voices,
                    Cell(state, tone="quiet" if verdict else NEED_TONES[one.need.state]),  # type: ignore[index]
                ),
                pk=one.need.pk,
                presses=presses,
            )
        )
    return Section(
        _("On the list already?"),
        table=small_table(ALIKE_COLUMNS, found),
        empty=_("Nothing on the list looks like it. Begin a new entry."),
        links=[(reverse("staff:voice_begin", kwargs={"voice": row.pk}), _("Begin a new entry"))],
    )


def _alike_new(voices: Sequence[tuple[NeedReport, list[str]]]) -> list[Section]:
    found = [
        Row(cells(leads(one.words, "voice", voice=one.pk), "、".join(shared[:6]), spoken(one.heard_at)), pk=one.pk)
        for one, shared in voices
    ]
    if not found:
        return []
    return [Section(_("New voices that look like it"), table=small_table(NEW_COLUMNS, found))]


def _answers(row: NeedReport, desk: NeedsDesk) -> Section:
    found = []
    for one in row.answers.all():
        presses = []
        if desk.keeps and one.state in ("to_tell", "to_hand"):
            presses = [Press(reverse("staff:need_told", kwargs={"reply": one.pk}), _("Told"))]
        found.append(
            Row(
                cells(one.words, spoken(one.made_at), Cell(one.get_state_display(), tone=ANSWER_TONES[one.state])),  # type: ignore[index]
                pk=one.pk,
                presses=presses,
            )
        )
    return Section(
        _("What they were told"), table=small_table(ANSWER_COLUMNS, found), empty=_("They were not told anything yet.")
    )


def _facts(row: NeedReport, desk: NeedsDesk) -> list[tuple[Any, ...]]:
    facts: list[tuple[Any, ...]] = [
        (_("Category"), category_of(row) or "—"),
        (pgettext("needs", "Said by"), who(row)),
        (pgettext("needs", "Said on"), spoken(row.heard_at)),
        (pgettext("needs", "How"), row.get_how_display()),
        (_("How many people"), row.people),
        (_("When it suits"), times.describe(row.times_mask)),
        (pgettext("needs", "Told by"), row.get_channel_display()),
    ]
    if desk.keeps and row.person_id:
        facts[1] = (*facts[1], reverse("staff:person", kwargs={"person": row.person_id}))
    if row.helper_name:
        facts.append((_("Written down by"), row.helper_name))
    if row.need is not None:
        facts.append((_("On the list as"), row.need.title, entry_url(row.need.pk)))
    if row.referred_to:
        facts.append((_("Handed to"), row.referred_to))
    return facts


def _acts(row: NeedReport) -> list[tuple[str, Any]]:
    named = {"voice": row.pk}
    acts: list[tuple[str, Any]] = []
    if row.state in (State.NEW, State.JOINED):
        acts += [
            (reverse("staff:voice_choose", kwargs=named), _("Choose a category")),
            (reverse("staff:voice_begin", kwargs=named), _("Begin a new entry")),
            (reverse("staff:voice_close", kwargs=named), _("Close it with an answer")),
            (reverse("staff:voice_case", kwargs=named), _("Make it a case")),
        ]
    acts += [
        (reverse("staff:voice_answer", kwargs=named), _("Answer in person")),
        (reverse("staff:voice_channel", kwargs=named), _("Change how they are told")),
        (reverse("staff:voice_slip", kwargs=named), _("Print the receipt")),
    ]
    if row.need_id:
        acts.append((reverse("staff:voice_met", kwargs=named), _("Note whether it was met")))
        acts.append((reverse("staff:voice_leave", kwargs=named), _("Take it out of its entry")))
    if row.state in (State.NEW, State.JOINED):
        acts.append((reverse("staff:voice_withdraw", kwargs=named), _("They take it back")))
    else:
        acts.append((reverse("staff:voice_reopen", kwargs=named), _("Take it up again")))
    return acts
