"""Voices: the new ones to be read, all of them, and one of them with what looks like it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.needs.models import NeedReport, NeedVerdict
from lianxin.domain.needs.queries import lists, reports
from lianxin.domain.needs.rules import receipts, times
from lianxin.domain.places.queries.services import list_categories
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.choices import kind_name
from lianxin.platform import scope

from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from ..rooms.desk import optional_day
from .desk import NeedsDesk, PlaceFilter, category_choices, desk_of, entry_url, page_of
from .gate import reading
from .words import ANSWER_TONES, NEED_TONES, VOICE_TONES, category_of, story, who

State = NeedReport.State
SHOWN_WORDS = 60
COLUMNS = (
    Column(pgettext_lazy("needs", "What they said")),
    Column(gettext_lazy("Category")),
    Column(pgettext_lazy("needs", "Said by")),
    Column(gettext_lazy("Community")),
    Column(pgettext_lazy("needs", "Said on")),
    Column(pgettext_lazy("needs", "How")),
    Column(gettext_lazy("State")),
)
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


class VoicesFilter(PlaceFilter):
    """Which voices to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("all", gettext_lazy("All")), *State.choices]
    )
    how = forms.ChoiceField(
        label=pgettext_lazy("needs", "How"),
        required=False,
        choices=[("", gettext_lazy("All")), *NeedReport.How.choices],
    )
    since = optional_day(gettext_lazy("From"))
    until = optional_day(pgettext_lazy("rooms", "To"))
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=60)


class InboxFilter(PlaceFilter):
    """Which new voices to see."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=60)

    def __init__(self, *args: Any, desk: NeedsDesk, **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        field: Any = self.fields["category"]
        field.choices = [("", _("All")), ("-", _("Not clear yet")), *category_choices()]


@reading
def inbox(request: HttpRequest) -> HttpResponse:
    """List the voices that nobody has read yet: urgent ones first, then those who wait longest."""
    desk = desk_of(request)
    form = InboxFilter(request.GET, desk=desk)
    context = desk.context("inbox", _("New voices"))
    context |= {
        "form": form,
        "lead": _("Open one, join it to what looks like it, or begin a new entry. Nothing is joined by itself."),
        "buttons": [(reverse("staff:voice_new"), _("Write down a need"))] if desk.keeps else [],
        "empty_title": _("Everything is read."),
        "empty_text": _("What residents say on their pages, at the desk, by phone and on visits stands here first."),
    }
    return _listed(request, desk, form, context, state=State.NEW)


@reading
def browse(request: HttpRequest) -> HttpResponse:
    """List all voices, newest first."""
    desk = desk_of(request)
    data = request.GET.copy()
    data.setdefault("state", "all")
    form = VoicesFilter(data, desk=desk)
    state = data["state"] if data["state"] in State.values else "all"
    context = desk.context("voices", _("All voices"))
    context |= {
        "form": form,
        "buttons": [(reverse("staff:voice_new"), _("Write down a need"))] if desk.keeps else [],
        "empty_title": _("There is no such voice."),
        "empty_text": _("Choose fewer filters, or write down what somebody needs."),
    }
    return _listed(request, desk, form, context, state=state)


def _listed(
    request: HttpRequest, desk: NeedsDesk, form: PlaceFilter, context: dict[str, Any], *, state: str
) -> HttpResponse:
    wanted = reports.Filter(
        state=state,
        category=request.GET.get("category", "")[:3],
        how=request.GET.get("how", "")[:6],
        communities=form.communities,
        from_on=_day(request, "since"),
        until_on=_next_day(_day(request, "until")),
        words=request.GET.get("q", "").strip()[:60],
    )
    with scope.within(desk.actor.communities):
        rows = reports.list_reports(actor=desk.actor, wanted=wanted)
        names = {kind.code: kind_name(kind) for kind in list_categories()}

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_row(one, names) for one in part], following

        return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=rows.count())


def _row(one: NeedReport, names: dict[str, str]) -> Row:
    words = one.words if len(one.words) <= SHOWN_WORDS else one.words[:SHOWN_WORDS] + "…"
    guess = names.get(str(one.suggestions[0][0]), "") if one.suggestions else ""
    category = category_of(one) or (_("perhaps %(category)s") % {"category": guess} if guess else "")
    state: Cell = Cell(one.get_state_display(), tone=VOICE_TONES[State(one.state)])
    if one.is_urgent and one.state == State.NEW:
        state = Cell(_("urgent"), tone="stop")
    return Row(
        cells(
            leads(words, "voice", voice=one.pk),
            category,
            who(one),
            one.community.short_name,
            spoken(one.heard_at),
            one.get_how_display(),
            state,
        ),
        pk=one.pk,
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
            sections += [_alike(row), *_alike_new(row)]
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
            names.get(code, code),
            "primary" if code == has else "quiet",
        )
        for code in codes[:5]
    ]


def _alike(row: NeedReport) -> Section:
    verdicts = lists.list_verdicts(report=row.pk)
    found = []
    for one in reports.list_alike(report=row):
        named = {"voice": row.pk, "entry": one.need.pk}
        verdict = verdicts.get(one.need.pk)
        presses = [Press(reverse("staff:voice_join", kwargs=named), _("The same: join"), "primary")]
        if verdict is None:
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


def _alike_new(row: NeedReport) -> list[Section]:
    found = [
        Row(cells(leads(one.words, "voice", voice=one.pk), "、".join(shared[:6]), spoken(one.heard_at)), pk=one.pk)
        for one, shared in reports.list_alike_new(report=row)
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


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def _next_day(day: date | None) -> date | None:
    return date.fromordinal(day.toordinal() + 1) if day is not None and day < date.max else None
