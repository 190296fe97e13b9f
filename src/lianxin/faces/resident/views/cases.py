"""Telling the community what is not right: the form, the look-alikes before it is sent, and my own cases."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.people.queries.proxies import list_principals
from lianxin.domain.places.queries.divisions import find_division
from lianxin.domain.places.queries.venues import list_public_venues
from lianxin.domain.voice.commands import pictures, posting
from lianxin.domain.voice.models import CaseReport, Confidentiality
from lianxin.domain.voice.queries import alike, board, reports
from lianxin.domain.voice.rules import receipts
from lianxin.faces.entrance.session import network_of
from lianxin.faces.kit.acting import tell
from lianxin.faces.resident import case_uploads, case_words
from lianxin.faces.resident.case_forms import CaseForm
from lianxin.faces.resident.community import actor_of, chosen_community
from lianxin.faces.resident.standing import linked_only, standing
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import local_day, now
from lianxin.platform.commands import inner_key
from lianxin.platform.errors import Missing, NotAllowed, Problem

MOST_ALIKE = 4


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take what is not right: keep its files, show what looks alike, then hear it with a receipt of its own."""
    community = chosen_community(request)
    if community is None:
        return HttpResponseRedirect(f"{reverse('resident:communities')}?next={reverse('resident:case_new')}")
    at = now()
    division = find_division(community)
    kept = case_uploads.read(request)
    form = _form(request, community, kept, at=at)
    if request.method != "POST" or request.POST.get("again"):
        return _show(request, form, division, kept, status=200)
    wrong = case_uploads.take(request, kept, community=community, key=request.POST.get("key", ""), at=at)
    form.has_voice = kept.voice is not None
    if "voice" in wrong:
        # A note that could not be taken is the reason to tell, not the missing words.
        form.has_voice = True
    for name, sentences in wrong.items():
        for sentence in sentences:
            form.add_error(name, sentence)
    if not form.is_valid():
        return _show(request, form, division, kept, status=422)
    joins = _uuid(request.POST.get("join", ""))
    if joins is None and not request.POST.get("different") and _may_be_known(form.cleaned_data):
        found = _look_alikes(community, form.cleaned_data, at=at)
        if found:
            return _ask(request, form, division, kept, found)
    try:
        row = _hear(request, community, form.cleaned_data, kept, joins=joins, at=at)
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        tell(form, problem)
        return _show(request, form, division, kept, status=422)
    return redirect(f"{page_of(row.pk, row.receipt)}?new=on")


@linked_only
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """List what I and those I speak for brought forward."""
    at = now()
    who = standing(request, at=at)
    rows = reports.list_own(actor=who.actor, on=local_day(at))
    title = _("What was brought forward") if who.principal else _("What I brought forward")
    context = {
        "title": title,
        "cases": [
            {
                "words": row.words or _("(a spoken note)"),
                "community": row.community_name,
                "heard_at": row.heard_at,
                "state": case_words.state_words(row.state),
                "tone": case_words.tone_of(row.state),
                "asks": row.waits_for_say,
                "url": page_of(row.id, row.receipt),
            }
            for row in rows
            if who.principal is None or row.person == who.person
        ],
        "crumbs": my_crumbs(title),
    }
    return render(request, "resident/voice/cases/mine.html", context)


def page_of(report: UUID, receipt: str) -> str:
    """Give the path of the page that belongs to a voice's receipt."""
    return receipts.page_path(receipt, receipts.token_for(report, receipt))


def _form(request: HttpRequest, community: UUID, kept: case_uploads.Kept, *, at: datetime) -> CaseForm:
    actor = actor_of(request)
    who = standing(request, at=at) if actor.person is not None else None
    links = [one for one in list_principals(actor=actor, on=local_day(at)) if one.may("voice")] if who else []
    first = {"words": request.GET.get("words", "")[:1000]}
    if who is not None and who.principal is not None:
        first["for_whom"] = str(who.principal.person)
    venues = list_public_venues(communities=[community])
    return CaseForm(
        request.POST or None,
        request.FILES or None,
        is_known=who is not None,
        venues=[(venue.pk, venue.name) for venue in venues],
        principals=[(one.person, one.masked_name) for one in links],
        has_voice=kept.voice is not None,
        initial=first,
    )


def _show(request: HttpRequest, form: CaseForm, division: Any, kept: case_uploads.Kept, *, status: int) -> HttpResponse:
    if request.POST.get("again"):
        form.errors.clear()
    joins = _joined(_uuid(request.GET.get("join", "") or request.POST.get("join", "")), division.pk, at=now())
    context = {
        "form": form,
        "kept": kept,
        "joins": joins,
        "community": division,
        "crumbs": [
            (division.short_name, reverse("resident:community", args=[division.pk])),
            (_("Tell us what is not right"), ""),
        ],
    }
    return page(request, "resident/voice/cases/new.html", context, status=status)


def _joined(case: UUID | None, community: UUID, *, at: datetime) -> board.Line | None:
    """Give the public case that somebody comes from to say "me too", if there is one."""
    if case is None:
        return None
    with suppress(Missing):
        found = board.public_case(case, at=at).line
        return found if found.community_id == community else None
    return None


def _may_be_known(entered: dict[str, Any]) -> bool:
    """Tell whether look-alikes are shown: nothing holds up a danger, and what is confidential stands alone."""
    return not entered["is_danger"] and entered["confidentiality"] != Confidentiality.CONFIDENTIAL


def _look_alikes(community: UUID, entered: dict[str, Any], *, at: datetime) -> list[board.Line]:
    found = alike.suggest(
        community,
        entered["words"],
        venue=_uuid(entered.get("venue", "")),
        lng=entered["lng"],
        lat=entered["lat"],
        place_words=entered["place_words"],
        at=at,
        most=MOST_ALIKE,
    )
    return [one.line for one in found]


def _ask(
    request: HttpRequest, form: CaseForm, division: Any, kept: case_uploads.Kept, found: list[board.Line]
) -> HttpResponse:
    context = {
        "alike": [case_words.board_line(line) for line in found],
        "carried": form.carried(),
        "kept": kept,
        "crumbs": [
            (division.short_name, reverse("resident:community", args=[division.pk])),
            (_("Tell us what is not right"), reverse("resident:case_new")),
            (_("Is it one of these?"), ""),
        ],
    }
    return page(request, "resident/voice/cases/alike.html", context)


def _hear(
    request: HttpRequest,
    community: UUID,
    entered: dict[str, Any],
    kept: case_uploads.Kept,
    *,
    joins: UUID | None,
    at: datetime,
) -> CaseReport:
    actor = actor_of(request).visiting(community)
    is_anonymous = entered["confidentiality"] == Confidentiality.ANONYMOUS
    person = None if is_anonymous else _uuid(entered.get("for_whom", "")) or actor.person
    with case_uploads.opened(kept.voice) as note:
        row: CaseReport = posting.post(
            actor=actor,
            community=community,
            address=network_of(request),
            words=entered["words"],
            subject=entered["subject"],
            person=person,
            guest_name=entered.get("guest_name", ""),
            guest_phone=entered.get("guest_phone", ""),
            confidentiality=entered["confidentiality"],
            is_danger=entered["is_danger"],
            channel=entered["channel"],
            helper_name=entered["helper_name"],
            voice_file=note,
            venue=_uuid(entered.get("venue", "")),
            lng=entered["lng"],
            lat=entered["lat"],
            place_words=entered["place_words"],
            case=joins,
            at=at,
            key=entered["key"],
        )
    try:
        for number, photo in enumerate(kept.photos):
            with case_uploads.opened(photo) as upload:
                pictures.add_picture(
                    actor=actor,
                    report=row.pk,
                    upload=upload,  # type: ignore[arg-type]
                    holds_receipt=True,
                    at=at,
                    key=inner_key(entered["key"], f"photo{number}"),
                )
    except Problem:
        # The words are heard and have their receipt; a photo can be added on its page.
        messages.error(request, _("Your words are with us. A photo could not be added; please add it again below."))
    return row


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
