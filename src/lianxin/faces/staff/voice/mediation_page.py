"""One mediation without its words: how far it is, what comes next, what is still to do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.voice.models import CourtConfirmation, Mediation, MediationTalk
from lianxin.domain.voice.queries import mediations as queries
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..points.lists import Cell, Press, Row, cells, small_table
from ..points.told import Section
from .case_desk import CaseDesk, case_url, desk_of
from .mediation_gate import open_mediation, reading
from .mediation_list import crumbs
from .mediation_words import COURT_TONES, TONES, name_of, side_names, story

State, Court = Mediation.State, CourtConfirmation.State
SIDE_COLUMNS = (
    Column(pgettext_lazy("mediation", "Side")),
    Column(pgettext_lazy("mediation", "Agrees to it")),
    Column(pgettext_lazy("mediation", "Signed")),
    Column(""),
)
TALK_COLUMNS = (
    Column(pgettext_lazy("mediation", "Kind")),
    Column(pgettext_lazy("mediation", "With")),
    Column(pgettext_lazy("mediation", "Day")),
    Column(gettext_lazy("State")),
    Column(""),
)
CLAUSE_COLUMNS = (
    Column(pgettext_lazy("mediation", "Clause")),
    Column(pgettext_lazy("mediation", "Who does it")),
    Column(pgettext_lazy("mediation", "By when")),
    Column(gettext_lazy("State")),
    Column(""),
)
Bundle = queries.MediationBundle


@reading
def show(request: HttpRequest, mediation: UUID) -> HttpResponse:
    """Show how far a mediation is; its words are opened on a page of their own."""
    desk = desk_of(request)
    bundle = open_mediation(desk.actor, mediation)
    row = bundle.row
    with scope.within(desk.actor.communities):
        entries = story(queries.timeline(desk.actor, row.pk))
    names = side_names(bundle.parties)
    sections = [_sides(bundle, names), _talks(bundle, names, desk)]
    if bundle.clauses or "write_clause" in bundle.acts:
        sections.append(_clauses(bundle, names))
    if bundle.court is not None:
        sections.append(_court(bundle))
    context: dict[str, Any] = {
        "title": name_of(row),
        "heading": False,
        "crumbs": crumbs((name_of(row), "")),
        "subtitle": f"{row.community.short_name} · {row.get_tier_display()}",
        "state_label": row.get_state_display(),
        "state_tone": TONES[row.state],
        "banners": _banners(bundle),
        "facts": _facts(bundle),
        "acts": _acts(bundle),
        "sections": sections,
        "entries": entries,
    } | _next(bundle)
    return render(request, "staff/points/record.html", context)


def _url(name: str, row: Mediation) -> str:
    return reverse(f"staff:{name}", kwargs={"mediation": row.pk})


def _next(bundle: Bundle) -> dict[str, Any]:
    """Give the one step that comes next."""
    row = bundle.row
    if row.state == State.ASKED and row.mediator is None:
        return {"next_url": _url("mediation_appoint", row), "next_text": _("Appoint the mediator")}
    if not bundle.is_mediator:
        return {}
    steps: list[tuple[bool, str, Any]] = [
        (row.state == State.ASKED and row.conflict_checked_at is None, "mediation_ties", _("Look for ties")),
        (row.state == State.ASKED, "mediation_accept", _("Accept the mediation")),
        (row.state == State.ACCEPTED, "mediation_talk", _("Write down the first talk")),
        (row.state == State.TALKING and not bundle.clauses, "mediation_clause", _("Write a clause")),
        (
            row.state == State.TALKING and all(one.agreed_at for one in bundle.clauses),
            "mediation_agree",
            _("Put the agreement into effect"),
        ),
        (row.state == State.TALKING, "mediation_talk", _("Write down a talk")),
        (row.state == State.AGREED and _is_kept(bundle), "mediation_perform", _("It was performed")),
        (row.state == State.AGREED, "mediation_visit", _("Write down a visit")),
    ]
    found = next(((name, text) for wanted, name, text in steps if wanted), None)
    return {"next_url": _url(found[0], row), "next_text": found[1]} if found else {}


def _is_kept(bundle: Bundle) -> bool:
    visits = [one for one in bundle.talks if one.kind == MediationTalk.Kind.VISIT and one.held_at]
    return bool(visits) and bool(max(visits, key=lambda one: (one.held_at, one.pk)).is_kept)


def _banners(bundle: Bundle) -> list[tuple[str, str]]:
    row, found = bundle.row, []
    if not bundle.is_mediator:
        found.append(
            ("info", _("What was said here is sealed. Only the mediator opens it, and each opening is logged."))
        )
    if row.state == State.ASKED and row.conflict_checked_at is None and row.mediator is not None:
        found.append(("due", _("The mediator has not said yet whether they are near to a side.")))
    if row.state == State.BROKEN:
        found.append(("stop", _("The agreement was not kept. The sides can turn to the court.")))
    return found


def _facts(bundle: Bundle) -> list[tuple[Any, ...]]:
    row = bundle.row
    facts: list[tuple[Any, ...]] = [
        (pgettext("mediation", "Mediator"), row.mediator_name or _("nobody yet")),
        (pgettext("mediation", "Tier"), row.get_tier_display()),
        (pgettext("mediation", "Asked for"), spoken(row.asked_at)),
    ]
    if row.conflict_words:
        facts.append((_("Ties to the sides"), row.conflict_words))
    if row.accepted_at:
        facts.append((pgettext("mediation", "Accepted on"), spoken(row.accepted_at)))
    if row.agreed_on:
        how = pgettext("mediation", "oral") if row.is_oral else pgettext("mediation", "in writing")
        facts.append((pgettext("mediation", "Agreed on"), f"{spoken(row.agreed_on)} ({how})"))
    if row.ended_at:
        facts.append((pgettext("mediation", "Ended on"), spoken(row.ended_at)))
    if row.case_id:
        facts.append((pgettext("mediation", "From the case"), _("Open the case"), case_url(row.case_id)))
    url = url_or_none("staff:matter", matter=row.matter_id) if row.matter_id else None
    if url:
        facts.append((pgettext("mediation", "From the matter"), _("Open the matter"), url))
    return facts


def _acts(bundle: Bundle) -> list[tuple[str, Any]]:
    may = set(bundle.acts)
    court = bundle.court.state if bundle.court is not None else ""
    found: list[tuple[str, str, Any]] = [
        ("open", "mediation_open", _("Open the sealed words")),
        ("add_party", "mediation_party_new", _("Add a side")),
        (
            "appoint",
            "mediation_appoint",
            _("Appoint another mediator") if bundle.row.mediator else _("Appoint the mediator"),
        ),
        ("declare", "mediation_ties", _("Look for ties")),
        ("step_down", "mediation_step_down", _("Step down as mediator")),
        ("plan_talk", "mediation_talk_plan", _("Plan a talk")),
        ("record_talk", "mediation_talk", _("Write down a talk")),
        ("write_clause", "mediation_clause", _("Write a clause")),
        ("agree", "mediation_agree", _("Put the agreement into effect")),
        ("plan_visit", "mediation_visit_plan", _("Plan a visit")),
        ("record_visit", "mediation_visit", _("Write down a visit")),
        ("perform", "mediation_perform", _("It was performed")),
        ("break", "mediation_broken", _("It was not kept")),
        ("fail", "mediation_fail", _("End it without an agreement")),
        ("withdraw", "mediation_withdraw", _("A side does not want it")),
    ]
    acts = [(_url(name, bundle.row), text) for act, name, text in found if act in may]
    if bundle.is_mediator and bundle.clauses:
        acts.insert(1, (_url("mediation_paper", bundle.row), _("Print the agreement")))
    if "court_apply" in may and court in (Court.POSSIBLE, Court.LAPSED):
        acts.append((_url("mediation_court", bundle.row), _("The court was asked")))
    if "court_decide" in may and court == Court.APPLIED:
        acts.append((_url("mediation_court_decided", bundle.row), _("The court has decided")))
    return acts


def _sides(bundle: Bundle, names: dict[Any, str]) -> Section:
    may = set(bundle.acts)
    found = []
    for one in bundle.parties:
        named = {"mediation_party": one.pk}
        presses = []
        if "sign" in may and one.signed_at is None and bundle.clauses:
            presses.append(Press(reverse("staff:mediation_sign", kwargs=named), _("They signed")))
        if "remove_party" in may:
            presses.append(Press(reverse("staff:mediation_party_remove", kwargs=named), _("Take out"), "plain"))
        if one.refused_at:
            agrees: Any = Cell(_("no, %(day)s") % {"day": spoken(one.refused_at)}, tone="stop")
        elif one.agreed_at:
            agrees = Cell(_("yes, %(day)s") % {"day": spoken(one.agreed_at)}, tone="done")
        elif "consent" in may and bundle.row.mediator is not None:
            agrees = Cell(_("Ask and write down"), url=reverse("staff:mediation_consent", kwargs=named))
        else:
            agrees = Cell(_("not asked yet"), tone="due")
        signed = spoken(one.signed_at) if one.signed_at else ""
        found.append(Row(cells(names[one.pk], agrees, signed), pk=one.pk, presses=presses))
    return Section(_("Sides"), table=small_table(SIDE_COLUMNS, found), empty=_("No side is named yet."))


def _talks(bundle: Bundle, names: dict[Any, str], desk: CaseDesk) -> Section:
    found = []
    for one in bundle.talks:
        named = {"mediation_talk": one.pk}
        with_whom = names.get(one.party_id, "") if one.party_id else pgettext("mediation", "all sides")
        if one.held_at is None:
            day, state = one.planned_on, Cell(pgettext("mediation", "planned"), tone="due")
        else:
            day, state = one.held_at, Cell(pgettext("mediation", "held"), tone="done")
        if one.is_kept is not None:
            state = Cell(_("kept") if one.is_kept else _("not kept"), tone="done" if one.is_kept else "stop")
        presses = []
        is_visit = one.kind == MediationTalk.Kind.VISIT
        may = "record_visit" if is_visit else "record_talk"
        kind: Any = one.get_kind_display()
        if one.held_at is None and may in bundle.acts:
            kind = Cell(kind, url=reverse("staff:mediation_hold", kwargs=named))
            presses.append(Press(reverse("staff:mediation_talk_drop", kwargs=named), _("Take off"), "plain"))
        found.append(Row(cells(kind, with_whom, spoken(day) if day else "", state), pk=one.pk, presses=presses))
    return Section(_("Talks and visits"), table=small_table(TALK_COLUMNS, found), empty=_("No talk yet."))


def _clauses(bundle: Bundle, names: dict[Any, str]) -> Section:
    found = []
    for one in bundle.clauses:
        named = {"clause": one.pk}
        promise = bundle.commitments.get(one.pk)
        if promise is not None:
            url = url_or_none("staff:commitment", commitment=promise.pk) or ""
            state = Cell(promise.get_state_display(), url=url)
        elif one.agreed_at:
            state = Cell(pgettext("clause", "agreed"), tone="done")
        else:
            state = Cell(pgettext("clause", "not agreed yet"), tone="due")
        presses = []
        if "agree_clause" in bundle.acts:
            text = _("Open again") if one.agreed_at else _("All agree")
            presses.append(Press(reverse("staff:mediation_clause_agree", kwargs=named), text))
            presses.append(Press(reverse("staff:mediation_clause_remove", kwargs=named), _("Take out"), "plain"))
        title: Any = _("Clause %(number)d") % {"number": one.number}
        if "write_clause" in bundle.acts:
            title = Cell(title, url=reverse("staff:mediation_clause_edit", kwargs=named))
        whom = names.get(one.party_id, "") if one.party_id else pgettext("mediation", "all sides")
        found.append(
            Row(cells(title, whom, spoken(one.due_by) if one.due_by else "", state), pk=one.pk, presses=presses)
        )
    return Section(
        _("Clauses"),
        table=small_table(CLAUSE_COLUMNS, found),
        empty=_("No clause yet. Write down who does what by when."),
    )


def _court(bundle: Bundle) -> Section:
    one = bundle.court
    assert one is not None
    lines = [
        f"{one.get_state_display()}",
        _("Last day: %(day)s. The sides ask together.") % {"day": spoken(one.due_by)},
    ]
    if one.applied_on:
        lines.append(f"{one.court} {one.their_number} {spoken(one.applied_on)}")
    if one.decided_on:
        lines.append(_("Decided on %(day)s") % {"day": spoken(one.decided_on)})
    links = []
    if one.state == Court.POSSIBLE and "court_waive" in bundle.acts:
        links = [(_url("mediation_court_waive", bundle.row), _("The sides do without"))]
    return Section(_("Confirmation by the court"), lines=lines, links=links)


__all__ = ["COURT_TONES", "show"]
