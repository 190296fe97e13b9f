"""The page of a case's receipt: how it stands, its story, and what whoever holds the link may say and do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.domain.voice.commands import closing, pictures, tiers, urging
from lianxin.domain.voice.models import CaseReport
from lianxin.domain.voice.queries import case_links, reports
from lianxin.domain.voice.rules import receipts, states
from lianxin.domain.voice.rules.tiers import DANGER, reasons_in_words
from lianxin.faces.kit.acting import press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.stored import answer_file
from lianxin.faces.resident import case_words
from lianxin.faces.resident.case_forms import PhotoForm, SayForm, WordsForm
from lianxin.faces.resident.case_links import links_of
from lianxin.faces.resident.community import actor_of
from lianxin.faces.resident.standing import key_from
from lianxin.platform import files
from lianxin.platform.clock import now
from lianxin.platform.errors import TooMany

Asked = dict[str, Any]


@never_cache
@require_safe
def show(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Show what became of a voice to whoever has its link."""
    at = now()
    seen = _seen(number, token, at=at)
    path = receipts.page_path(seen.receipt, token)
    is_new = request.GET.get("new") == "on"
    response = render(request, "resident/voice/cases/receipt.html", _context(seen, path=path, is_new=is_new, at=at))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_POST
def act(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Take what whoever has the link says: solved or not, again, how does it stand, otherwise, taken back, a photo."""
    at = now()
    row = reports.find_by_token(number=number, token=token or "-")
    back = receipts.page_path(row.receipt, token)
    does = ACTS.get(request.POST.get("act", ""))
    if does is None:
        return HttpResponseRedirect(back)
    actor = actor_of(request).visiting(row.community_id)
    asked: Asked = {"actor": actor, "report": row.pk, "holds_receipt": True, "at": at, "key": key_from(request)}
    return does(request, asked, back)


@never_cache
@require_safe
def voice(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Play the spoken note to whoever has the link."""
    row = reports.find_by_token(number=number, token=token or "-")
    return answer_file(files.find_file(row.voice_file))


@never_cache
@require_safe
def picture(request: HttpRequest, number: str, token: str, picture: UUID) -> HttpResponse:
    """Show one of the voice's own photos to whoever has the link."""
    seen = _seen(number, token, at=now())
    own = {one.id: one.file_id for one in seen.pictures}
    return answer_file(files.find_file(own.get(picture)))


def _seen(number: str, token: str, *, at: datetime) -> reports.ReportPage:
    # Without a word the query would ask for the four digits, which an address never carries.
    return reports.by_receipt(number=number, token=token or "-", at=at)


def _context(seen: reports.ReportPage, *, path: str, is_new: bool, at: datetime) -> dict[str, Any]:
    is_live = seen.state in states.LIVE
    may = set(seen.can)
    told = {answer.words for answer in seen.answers}
    waits = next((one for one in reversed(seen.pauses) if one.resumed_at is None), None)
    out = next((one for one in reversed(seen.handovers) if one.state == "out"), None)
    return {
        "seen": seen,
        "path": path,
        "is_new": is_new,
        "is_live": is_live,
        "number": receipts.spaced(seen.receipt),
        "word": receipts.word_for(seen.id),
        "state": case_words.state_words(seen.state),
        "tone": case_words.tone_of(seen.state),
        "danger": is_live and any(kind == DANGER for kind, _held in seen.tier_reasons),
        "tier": case_words.TIERS[seen.tier],
        "tier_why": [*reasons_in_words(seen.tier_reasons), *filter(None, [seen.tier_words])],
        "looked_after": seen.responsible_name or _("The community's staff"),
        "known_to": case_words.KNOWN_TO[seen.confidentiality],  # type: ignore[index]
        "due": case_words.due_words(seen.due_at, at=at, is_assumed=seen.is_due_assumed) if seen.due_at else [],
        "waits": case_words.wait_words(waits.words, since=waits.paused_at, again_by=waits.look_again_by)
        if waits and seen.state == "waiting"
        else "",
        "handed": case_words.handed_words(out.name, answer_by=out.answer_by, number=out.their_number) if out else "",
        "handed_before": [f"{one.name}: {one.answer}" for one in seen.handovers if one.answer],
        "photos": [
            {"url": f"{path}{one.id}/", "caption": one.caption} for one in seen.pictures
        ],
        "voice_url": f"{path}voice/" if seen.voice_file else "",
        "answers": [
            {"title": one.label, "words": one.words, "at": one.at} for one in reversed(seen.answers)
        ],
        "story": [
            {"title": one.label, "at": one.at, "words": "" if one.words in told else one.words}
            for one in seen.timeline
        ],
        "done_words": next((one.words for one in reversed(seen.answers) if one.kind == "done"), ""),
        "promises": seen.promises,
        "links": links_of(case_links.public_links(seen.case), community=seen.community_id),
        "may": {
            "say": "confirm" in may and (seen.state != "confirmed"),
            "not_solved": bool(may & {"dispute", "reopen"}),
            "reopen": "reopen" in may and "confirm" not in may,
            "urge": "urge" in may,
            "appeal": "appeal" in may,
            "withdraw": "withdraw" in may,
            "picture": seen.withdrawn_at is None and is_live and len(seen.pictures) < pictures.MOST,
        },
        "said": CaseReport.Said(seen.said).label if seen.said else "",
        "confirm_by": _day(seen.confirm_by),
        "reopen_until": _day(seen.reopen_until),
        "say_form": SayForm(initial={"words": seen.said_words}, auto_id="say_%s"),
        "reopen_form": WordsForm(auto_id="reopen_%s"),
        "appeal_form": WordsForm(auto_id="appeal_%s"),
        "urge_form": WordsForm(auto_id="urge_%s"),
        "withdraw_form": WordsForm(auto_id="withdraw_%s"),
        "photo_form": PhotoForm(auto_id="photo_%s"),
        "crumbs": [
            (_("Tell us what is not right"), reverse("resident:case_new")),
            (pgettext("needs", "Receipt"), ""),
        ],
    }  # fmt: skip


def _day(on: date | None) -> str:
    return spoken(on) if on is not None else ""


def _say(request: HttpRequest, asked: Asked, back: str) -> HttpResponse:
    form = SayForm(request.POST)
    if not form.is_valid():
        return _refuse(request, form, back)
    said = {"solved": form.cleaned_data["said"] == "solved", "words": form.cleaned_data["words"]}
    thanks = _("Thank you. We go by what you say.")
    return press(request, do=lambda: closing.say(**asked, **said), back=back, said=thanks)


def _reopen(request: HttpRequest, asked: Asked, back: str) -> HttpResponse:
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _refuse(request, form, back)
    thanks = _("It is open again. We get back to you.")
    return press(request, do=lambda: closing.reopen(**asked, words=form.cleaned_data["words"]), back=back, said=thanks)


def _appeal(request: HttpRequest, asked: Asked, back: str) -> HttpResponse:
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _refuse(request, form, back)
    thanks = _("It is with the office above. The answer comes here.")
    return press(request, do=lambda: tiers.appeal(**asked, words=form.cleaned_data["words"]), back=back, said=thanks)


def _urge(request: HttpRequest, asked: Asked, back: str) -> HttpResponse:
    try:
        return press(request, do=lambda: _urge_once(asked), back=back, said=_("We passed it on. You hear from us."))
    except _AskedAlready as again:
        messages.info(request, _("You may ask again from %(day)s.") % {"day": spoken(again.on)})
        return HttpResponseRedirect(back)


class _AskedAlready(Exception):
    """Somebody asked a short while ago."""

    def __init__(self, on: date) -> None:
        super().__init__()
        self.on = on


def _urge_once(asked: Asked) -> None:
    try:
        urging.urge(**asked)
    except TooMany as problem:
        with suppress(KeyError, ValueError):
            raise _AskedAlready(date.fromisoformat(problem.extra["again"])) from None
        raise


def _withdraw(request: HttpRequest, asked: Asked, back: str) -> HttpResponse:
    return press(request, do=lambda: closing.withdraw(**asked), back=back, said=_("We took it back."))


def _picture(request: HttpRequest, asked: Asked, back: str) -> HttpResponse:
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refuse(request, form, back)
    photo, caption = form.cleaned_data["photo"], form.cleaned_data["caption"]
    # The same photo sent twice stands twice; the upload itself has no key that would tell.
    asked = asked | {"key": None}
    return press(
        request,
        do=lambda: pictures.add_picture(**asked, upload=photo, caption=caption),
        back=back,
        said=_("The photo is with us."),
    )


def _refuse(request: HttpRequest, form: Form, back: str) -> HttpResponse:
    """Say what is missing; these forms hold one sentence, which is typed again sooner than searched for."""
    sentences = [str(one) for found in form.errors.values() for one in found]
    messages.error(request, " ".join(dict.fromkeys(sentences)))
    return HttpResponseRedirect(back)


ACTS: dict[str, Callable[[HttpRequest, Asked, str], HttpResponse]] = {
    "say": _say,
    "reopen": _reopen,
    "appeal": _appeal,
    "urge": _urge,
    "withdraw": _withdraw,
    "picture": _picture,
}
