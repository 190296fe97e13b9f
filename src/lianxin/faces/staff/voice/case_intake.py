"""Writing down what somebody brings forward: found people and look-alikes while typing, then read back, then kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from datetime import time as wall_time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.people.policy import may_see_people
from lianxin.domain.people.queries.people import PersonRow, list_chosen, list_people
from lianxin.domain.voice.commands import hearing, pictures
from lianxin.domain.voice.models import CaseReport, Channel, Confidentiality, How, Subject
from lianxin.domain.voice.queries import alike as alikes
from lianxin.domain.voice.queries.cases import title_of
from lianxin.domain.voice.rules import receipts
from lianxin.faces.kit.acting import tell
from lianxin.faces.kit.dates import spoken
from lianxin.platform import scope
from lianxin.platform.clock import local_moment
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Problem

from .case_desk import CaseDesk, case_url, desk_of
from .case_gate import taking, taking_presses
from .case_intake_forms import LANGUAGES, AttachForm, HearForm
from .case_words import looks_alike

MOST_FOUND = 8
SHORTEST_WORDS = 4
MOST_ALIKE = 4
LONGEST_READING = timedelta(hours=2)


@taking
def new(request: HttpRequest) -> HttpResponse:
    """Write down what somebody says: the form, then the words large to be read back, then the case with its receipt."""
    desk = desk_of(request)
    act = request.POST.get("act", "")
    if request.method != "POST":
        return _form(request, desk, HearForm(desk=desk, initial=_first(request)))
    form = HearForm(request.POST, desk=desk)
    if act in ("look", "edit"):
        return _form(request, desk, _unbound(form))
    if not form.is_valid():
        return _form(request, desk, form, status=422)
    if act not in ("agreed", "kept"):
        return _read_back(request, desk, form, AttachForm())
    attach = AttachForm(request.POST, request.FILES)
    if not attach.is_valid():
        return _read_back(request, desk, form, attach, status=422)
    try:
        read_at = _read_at(request, desk) if act == "agreed" else None
        report = _hear(desk, form.cleaned_data, read_at=read_at)
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        tell(form, problem)
        return _form(request, desk, form, status=422)
    _attach(request, desk, report, attach.cleaned_data)
    if desk.keeps:
        return redirect(f"{case_url(report.case_id)}?heard={report.pk}")
    messages.success(
        request, _("Written down. The receipt is %(number)s.") % {"number": receipts.spaced(report.receipt)}
    )
    return redirect("staff:case_slip", report=report.pk)


@taking_presses
def alike(request: HttpRequest) -> HttpResponse:
    """Give the cases that look like what is being typed, to be joined."""
    return render(request, "staff/voice/cases/alike.html", _alike_of(request, desk_of(request)))


@taking_presses
def people(request: HttpRequest) -> HttpResponse:
    """Give the residents that are looked for."""
    return render(request, "staff/voice/cases/people.html", _people_of(request, desk_of(request)))


def _form(request: HttpRequest, desk: CaseDesk, form: HearForm, *, status: int = 200) -> HttpResponse:
    context = desk.context("new", _("New case"), (_("New case"), ""))
    if not desk.reads:
        context["crumbs"] = []
    context |= {"form": form, "cancel_url": reverse("staff:cases") if desk.reads else reverse("staff:today")}
    context |= _alike_of(request, desk) | _people_of(request, desk)
    return render(request, "staff/voice/cases/new.html", context, status=status)


def _first(request: HttpRequest) -> dict[str, Any]:
    """Give what the form begins with; a page that leads here may know how and where it was said."""
    first = {name: request.GET[name] for name in ("how", "community", "place_words") if request.GET.get(name)}
    return first if first.get("how", "desk") in How.values else {}


def _unbound(form: HearForm) -> HearForm:
    """Give the form as it was filled in, without finding fault with what is still empty."""
    form.errors.clear()
    return form


def _read_back(
    request: HttpRequest, desk: CaseDesk, form: HearForm, attach: AttachForm, *, status: int = 200
) -> HttpResponse:
    entered = form.cleaned_data
    title = _("Read it back")
    context = desk.context("new", title, (title, ""))
    if not desk.reads:
        context["crumbs"] = []
    context |= {
        "words": entered["words"],
        "told": _told(desk, form),
        "kept": [(name, form.data.get(name, "")) for name in form.fields if form.data.get(name)],
        "attach": attach,
        "read_at": desk.at.isoformat(),
        "form": form,
    }
    return render(request, "staff/voice/cases/read_back.html", context, status=status)


def _told(desk: CaseDesk, form: HearForm) -> list[tuple[Any, Any]]:
    """Give what is read to them beside their words."""
    entered = form.cleaned_data
    anonymous = entered["confidentiality"] == Confidentiality.ANONYMOUS
    name = entered["guest_name"]
    if entered.get("person"):
        rows = list_chosen(actor=desk.actor, on=desk.on, people=[entered["person"]])
        name = rows[0].masked_name if rows else ""
    told: list[tuple[Any, Any]] = [
        (pgettext("voice", "Said by"), _("nobody is kept with it") if anonymous else name or _("a guest")),
        (_("What it is about"), Subject(entered["subject"]).label),
        (pgettext("voice", "Answered"), Channel(entered["channel"]).label),
    ]
    if entered["confidentiality"] == Confidentiality.CONFIDENTIAL:
        told.append((_("Who may know"), _("only who works on it")))
    if entered["is_danger"]:
        told.append((_("Danger"), _("yes: it is looked at within hours")))
    if len(form.communities) > 1:
        told.append((_("Community"), form.communities[entered["community"]]))
    place = dict(getattr(form.fields.get("venue"), "choices", [])).get(entered.get("venue") or "-", "")
    where = "、".join(filter(None, (str(place), entered["place_words"])))
    if where:
        told.append((_("Where"), where))
    if entered["helper_name"]:
        told.append((_("Helped by"), entered["helper_name"]))
    if entered["language"]:
        told.append((_("In which language"), dict(LANGUAGES)[entered["language"]]))
    if entered["case"]:
        joins = [one["title"] for one in _found_alike(desk, entered["community"], entered["words"], entered["case"])]
        told.append((_("Joins"), joins[0] if joins else _("a case that is known already")))
    return told


def _hear(desk: CaseDesk, entered: dict[str, Any], *, read_at: datetime | None) -> CaseReport:
    venue = entered.get("venue")
    return hearing.hear(
        actor=desk.actor,
        community=UUID(entered["community"]),
        words=entered["words"],
        how=entered["how"],
        subject=entered["subject"],
        person=entered.get("person"),
        guest_name=entered["guest_name"],
        guest_phone=entered["guest_phone"],
        confidentiality=entered["confidentiality"],
        is_danger=entered["is_danger"],
        channel=entered["channel"],
        helper_name=entered["helper_name"],
        read_back_at=read_at,
        language=entered["language"],
        venue=UUID(venue) if venue else None,
        place_words=entered["place_words"],
        heard_at=_moment(entered["heard_on"], desk),
        case=entered["case"],
        at=desk.at,
        key=entered["key"],
    )


def _attach(request: HttpRequest, desk: CaseDesk, report: CaseReport, sent: dict[str, Any]) -> None:
    """Keep what came with the words; a file that cannot be taken does not lose them."""
    try:
        if sent["voice_note"]:
            pictures.add_voice_note(actor=desk.actor, report=report.pk, upload=sent["voice_note"], at=desk.at)
        if sent["photo"]:
            pictures.add_picture(actor=desk.actor, report=report.pk, upload=sent["photo"], caption="", at=desk.at)
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        sentences = [str(sentence) for field in problem.fields.values() for sentence in field]
        messages.error(request, " ".join(sentences) or str(problem.detail))


def _moment(on: Any, desk: CaseDesk) -> datetime | None:
    if on is None or on == desk.on:
        return None
    if on > desk.on:
        raise Invalid(fields={"heard_on": [_("%(day)s lies in the future.") % {"day": spoken(on)}]})
    return local_moment(on, wall_time(12))


def _read_at(request: HttpRequest, desk: CaseDesk) -> datetime:
    """Give when the words stood there to be read: sent twice by an impatient finger, it stays the same."""
    try:
        shown = datetime.fromisoformat(request.POST.get("read_at", ""))
        return min(max(shown, desk.at - LONGEST_READING), desk.at)
    except (TypeError, ValueError):
        return desk.at


def _alike_of(request: HttpRequest, desk: CaseDesk) -> dict[str, Any]:
    chosen = _uuid(request.POST.get("case", ""))
    found = _found_alike(desk, request.POST.get("community", ""), request.POST.get("words", ""), chosen)
    return {"alike": found, "joins": any(one["chosen"] for one in found)}


def _found_alike(desk: CaseDesk, community: str, words: str, chosen: UUID | None) -> list[dict[str, Any]]:
    place = _uuid(community)
    if place is None or not desk.actor.covers(place) or len(words.strip()) < SHORTEST_WORDS:
        return []
    with scope.within(desk.actor.communities):
        rows = alikes.suggest_for_office(desk.actor, place, words[:2000], most=MOST_ALIKE)
    return [
        {
            "pk": row.case.pk,
            "title": title_of(desk.actor, row.case),
            "facts": " · ".join([_("No %(number)d") % {"number": row.case.number}, str(row.case.get_state_display())]),
            "chosen": row.case.pk == chosen,
        }
        for row in rows
        if looks_alike(row) or row.case.pk == chosen
    ]


def _people_of(request: HttpRequest, desk: CaseDesk) -> dict[str, Any]:
    if not may_see_people(desk.actor):
        return {}
    chosen = _uuid(request.POST.get("person", ""))
    sought, community = request.POST.get("seek", "").strip()[:60], _uuid(request.POST.get("community", ""))
    rows: Sequence[PersonRow] = []
    if sought:
        rows = list_people(actor=desk.actor, on=desk.on, query=sought, community=community, limit=MOST_FOUND).rows
        if not rows and sought.isascii():
            found = list_people(
                actor=desk.actor, on=desk.on, household_number=sought, community=community, limit=MOST_FOUND
            )
            rows = found.rows
    if chosen is not None and chosen not in [row.id for row in rows]:
        rows = [*list_chosen(actor=desk.actor, on=desk.on, people=[chosen]), *rows]
    listed = [{"pk": row.id, "name": row.masked_name, "facts": _facts(row), "chosen": row.id == chosen} for row in rows]
    return {"people": listed, "sought": sought, "knows": any(one["chosen"] for one in listed)}


def _facts(row: PersonRow) -> str:
    age = _("%(age)d years old") % {"age": row.age} if row.age is not None else ""
    phone = row.masked_phone or _("no phone")
    return " · ".join(filter(None, (age, row.masked_address, row.household_number, phone)))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
