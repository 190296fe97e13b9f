"""Saying what is needed, the receipt's page, and my own voices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.domain.needs.commands import answers, closing, confirming, posting
from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.needs.queries import reports
from lianxin.domain.needs.rules import receipts, times
from lianxin.domain.places.queries.divisions import find_division
from lianxin.faces.entrance.session import network_of
from lianxin.faces.kit.acting import carry_out, press
from lianxin.faces.resident.community import actor_of, chosen_community
from lianxin.faces.resident.needs_forms import MetForm, ReceiptForm, WishForm
from lianxin.faces.resident.receipt_pages import find_page
from lianxin.faces.resident.standing import key_from, linked_only, standing
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.faces.resident.views.public import page
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

State = NeedReport.State
TONES = {"new": "due", "joined": "info", "not_a_need": "quiet", "referred": "info", "withdrawn": "quiet"}
LIVE = (Need.State.OPEN, Need.State.PLANNED, Need.State.PARTLY)


@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: HttpRequest) -> HttpResponse:
    """Take what somebody needs in one sentence, for the community that they chose or live in."""
    community = chosen_community(request)
    if community is None:
        return HttpResponseRedirect(f"{reverse('resident:communities')}?next={reverse('resident:wish')}")
    at = now()
    actor = actor_of(request)
    who = standing(request, at=at) if actor.person is not None else None
    division = find_division(community)
    form = WishForm(
        request.POST or None, is_known=who is not None, initial={"words": request.GET.get("words", "")[:1000]}
    )

    def do(entered: dict[str, Any]) -> NeedReport:
        speaks = who.actor if who is not None else actor
        return posting.post(
            actor=speaks.visiting(community),
            community=community,
            address=network_of(request),
            words=entered["words"],
            person=who.person if who is not None and not entered["is_anonymous"] else None,
            guest_phone=entered.get("guest_phone", ""),
            is_anonymous=entered.get("is_anonymous", False),
            channel=entered["channel"],
            times_mask=times.mask_of(entered["suits"]),
            is_urgent=entered["is_urgent"],
            at=at,
            key=entered["key"],
        )

    done = carry_out(request, form, do=do, then=lambda row: f"{_page_of(row)}?new=on")
    if done is not None:
        return done
    context = {
        "form": form,
        "community": division,
        "crumbs": [(division.short_name, reverse("resident:community", args=[community])), (_("Tell us"), "")],
    }
    return page(request, "resident/needs/wish.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Open a receipt by its number and four digits."""
    form = ReceiptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            path = find_page(number=form.cleaned_data["number"], word=form.cleaned_data["word"])
        except Missing:
            form.add_error(None, _("These do not go together. Please look at the slip or the message again."))
        else:
            return HttpResponseRedirect(path)
    context = {"form": form, "crumbs": [(_("Tell us"), reverse("resident:wish")), (_("Look up a receipt"), "")]}
    return render(request, "resident/needs/look_up.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def receipt(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Show what became of a voice to whoever has its link."""
    row = reports.find_by_token(number=number, token=token)
    return _show(request, row, path=receipts.page_path(number, token), is_new=request.GET.get("new") == "on")


@never_cache
@require_POST
def receipt_act(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Take what whoever has the link says of it: whether it was met, whether it is still needed, or taken back."""
    row = reports.find_by_token(number=number, token=token)
    return _act(request, row, back=receipts.page_path(number, token))


@linked_only
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """List what I and those I speak for said."""
    at = now()
    who = standing(request, at=at)
    rows = reports.list_own(actor=who.actor, on=local_day(at))
    mine = [row for row in rows if who.principal is None or row.person_id == who.person]
    context = {
        "voices": [{"row": row, "state": _state_of(row), "tone": _tone_of(row), "url": _page_of(row)} for row in mine],
        "crumbs": my_crumbs(_("What I told you")),
    }
    return render(request, "resident/needs/mine.html", context)


def _page_of(row: NeedReport) -> str:
    return receipts.page_path(row.receipt, receipts.token_for(row.pk, row.receipt))


def _show(request: HttpRequest, row: NeedReport, *, path: str, is_new: bool) -> HttpResponse:
    need = row.need
    has_phone = row.guest_phone is not None or bool(row.person and row.person.phone_last4)
    is_live = row.state == State.NEW or (row.state == State.JOINED and need is not None and need.state in LIVE)
    context = {
        "row": row,
        "number": receipts.spaced(row.receipt),
        "word": "" if has_phone else receipts.word_for(row.pk),
        "is_new": is_new,
        "state": _state_of(row),
        "tone": _tone_of(row),
        "answers": sorted(row.answers.all(), key=lambda one: one.made_at, reverse=True),
        "may_say_met": need is not None and answers.may_say_met(row, need),
        "met_form": MetForm(initial={"words": row.met_words}),
        "mets": NeedReport.Met.choices,
        "asks_still": is_live and row.asked_at is not None and need is not None and need.state != Need.State.PLANNED,
        "may_withdraw": is_live,
        "path": path,
        "crumbs": [(_("Tell us"), reverse("resident:wish")), (pgettext("needs", "Receipt"), "")],
    }
    response = render(request, "resident/needs/receipt.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _act(request: HttpRequest, row: NeedReport, *, back: str) -> HttpResponse:
    at: datetime = now()
    actor = actor_of(request).visiting(row.community_id)
    asked: dict[str, Any] = {
        "actor": actor, "report": row.pk, "holds_receipt": True, "at": at, "key": key_from(request)
    }  # fmt: skip
    act = request.POST.get("act", "")
    if act == "met":
        form = MetForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose yes, partly or no."))
            return HttpResponseRedirect(back)
        said = {"met": form.cleaned_data["met"], "words": form.cleaned_data["words"]}
        thanks = _("Thank you. We go by what you say.")
        return press(request, do=lambda: answers.say_met(**asked, **said), back=back, said=thanks)
    if act == "still":
        thanks = _("Thank you. It stays on our list.")
        return press(request, do=lambda: confirming.say_still_needed(**asked, still=True), back=back, said=thanks)
    if act == "withdraw":
        return press(request, do=lambda: closing.withdraw(**asked), back=back, said=_("We took it off the list."))
    return HttpResponseRedirect(back)


def _state_of(row: NeedReport) -> str:
    """Say in one sentence how it stands."""
    need = row.need
    if row.state == State.NEW:
        return _("We have it. Somebody reads it within three days.")
    if row.state == State.REFERRED:
        return _("Handed to: %(office)s") % {"office": row.referred_to}
    if row.state == State.NOT_A_NEED:
        return pgettext("needs", "Answered")
    if row.state == State.WITHDRAWN or need is None:
        return _("You took it back.")
    return {
        Need.State.OPEN: _("It is on our list. We are looking for somebody who can do it."),
        Need.State.PLANNED: _("It is arranged."),
        Need.State.PARTLY: _("Something was done. We go on."),
        Need.State.MET: _("It is done."),
        Need.State.UNMET: _("It cannot be done for now."),
        Need.State.WITHDRAWN: _("It is no longer on the list."),
    }[Need.State(need.state)]


def _tone_of(row: NeedReport) -> str:
    if row.state != State.JOINED or row.need is None:
        return TONES[row.state]
    return {"open": "due", "met": "done", "unmet": "quiet"}.get(row.need.state, "info")
