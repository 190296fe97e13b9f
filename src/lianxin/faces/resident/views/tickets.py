"""Tickets: by their private link, and all those of a resident and the family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.activities.commands.sign_ups import cancel_sign_up
from lianxin.domain.activities.commands.waiting import accept_offer, decline_offer
from lianxin.domain.activities.models import Occurrence, SignUp
from lianxin.domain.activities.queries.feedback import may_say_by_ticket
from lianxin.domain.activities.queries.tickets import Ticket, find_ticket, list_my_tickets
from lianxin.domain.activities.rules.tokens import qr_text, ticket_path
from lianxin.faces.resident import page_cache
from lianxin.faces.resident.activity_words import CALLED_OFF, STATES, TONES, span_words
from lianxin.faces.resident.community import actor_of
from lianxin.faces.resident.points_forms import PressForm
from lianxin.faces.resident.standing import linked_only
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing, NotAllowed, Problem

State = SignUp.State
TEMPLATE, BODY = "resident/activities/ticket.html", "resident/activities/ticket_body.html"


def show_tickets(request: HttpRequest, tickets: Sequence[Ticket], *, is_new: bool = False) -> HttpResponse:
    """Show the tickets of a party, its state in one sentence, and what can be done."""
    first = tickets[0]
    is_off = first.occurrence_state == Occurrence.State.CANCELLED
    context = {
        "first": first,
        "tickets": [_line(ticket) for ticket in tickets],
        "span": span_words(first.starts_at, first.ends_at),
        "is_new": is_new,
        "is_off": is_off,
        "headline": _headline(tickets, is_off=is_off),
        "explained": _explained(first),
        "tone": "stop" if is_off else TONES[State(first.state)],
        "is_offered": any(ticket.state == State.OFFERED for ticket in tickets),
        "may_cancel": any(ticket.is_live for ticket in tickets) and first.ends_at > now(),
        "path": ticket_path(first.token) if first.token else "",
        "opinion_url": _opinion_url(tickets),
        "crumbs": [(_("Activities"), reverse("resident:activities")), (first.title, "")],
    }
    if is_new and page_cache.may_keep(request):
        response = _in_kept_shell(request, context)
    else:
        response = render(request, TEMPLATE, context)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _opinion_url(tickets: Sequence[Ticket]) -> str:
    """Give where somebody of a party who came says how it was; nothing before it began, or when nobody came."""
    at = now()
    for ticket in tickets if tickets[0].starts_at <= at else ():
        if ticket.token and may_say_by_ticket(token=ticket.token, at=at):
            return reverse("resident:ticket_opinion", kwargs={"token": ticket.token})
    return ""


def _in_kept_shell(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Put a new ticket into the shell of its date's page, which is the same for everybody who signs up."""
    first: Ticket = context["first"]
    holes = {"title": page_cache.hole("title"), "body": page_cache.hole("body")}
    return page_cache.answer(
        request,
        edition=(first.occurrence, first.title),
        at=now(),
        until=None,
        make=lambda: render_to_string(TEMPLATE, {"holes": holes, "crumbs": context["crumbs"]}, request=request),
        put_in={
            "title": lambda: escape(f"{context['headline']} · {first.title}"),
            "body": lambda: render_to_string(BODY, context),
        },
        part="ticket",
    )


@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Show a ticket to whoever has its link."""
    return show_tickets(request, find_ticket(token=token))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Ask before places are given back; one of a party can stay away alone."""
    party = [ticket for ticket in find_ticket(token=token) if ticket.is_live]
    back = ticket_path(token)
    if not party:
        return HttpResponseRedirect(back)
    if request.method == "POST":
        return _give_back(request, token, party, back)
    first = party[0]
    context = {
        "form": PressForm(),
        "first": first,
        "party": party,
        "span": span_words(first.starts_at, first.ends_at),
        "back": back,
        "crumbs": [(first.title, back), (_("Cancel"), "")],
    }
    response = render(request, "resident/activities/cancel.html", context)
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_http_methods(["POST"])
def answer_offer(request: HttpRequest, token: str) -> HttpResponse:
    """Take the place that was kept, or let the next one have it."""
    party = find_ticket(token=token)
    form = PressForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else None
    takes = request.POST.get("answer") == "yes"
    first = next((ticket for ticket in party if ticket.state == State.OFFERED), party[0])
    try:
        command = accept_offer if takes else decline_offer
        command(actor=_visitor(request, first), sign_up=first.id, token=first.token, at=now(), key=key)
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        messages.error(request, str(problem.detail))
    else:
        messages.success(
            request, _("The place is yours.") if takes else _("Thank you. The next one who waits gets the place.")
        )
    return HttpResponseRedirect(ticket_path(token))


@linked_only
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """Show what I, my family and those I act for have signed up for."""
    at = now()
    earlier = request.GET.get("all") == "on"
    found = list_my_tickets(actor=actor_of(request), at=at, earlier=earlier)
    parties: dict[UUID, list[Ticket]] = {}
    for ticket in found:
        parties.setdefault(ticket.party, []).append(ticket)
    context = {
        "earlier": earlier,
        "parties": [
            {
                "first": tickets[0],
                "names": "、".join(ticket.name for ticket in tickets),
                "span": span_words(tickets[0].starts_at, tickets[0].ends_at),
                "chip": _chip(tickets[0]),
                "url": ticket_path(tickets[0].token) if tickets[0].token else "",
            }
            for tickets in parties.values()
        ],
        "crumbs": my_crumbs(_("My activities")),
    }
    return render(request, "resident/activities/mine.html", context)


def _give_back(request: HttpRequest, token: str, party: Sequence[Ticket], back: str) -> HttpResponse:
    form = PressForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else None
    asked = request.POST.get("who", "")
    one = next((ticket for ticket in party if str(ticket.id) == asked), party[0])
    whole = asked in ("", "all")
    try:
        cancel_sign_up(
            actor=_visitor(request, one), sign_up=one.id, whole_party=whole, token=one.token, at=now(), key=key
        )
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        messages.error(request, str(problem.detail))
    else:
        messages.success(request, _("Cancelled. Somebody else can have the place now. Thank you."))
    return HttpResponseRedirect(back)


def _visitor(request: HttpRequest, ticket: Ticket) -> Actor:
    return actor_of(request).visiting(ticket.community)


def _line(ticket: Ticket) -> dict[str, Any]:
    holds = ticket.state == State.CONFIRMED and ticket.occurrence_state == Occurrence.State.PUBLISHED
    return {
        "ticket": ticket,
        "label": STATES[State(ticket.state)],
        "tone": TONES[State(ticket.state)],
        "code": f"{ticket.code[:3]} {ticket.code[3:]}" if holds else "",
        "qr": qr_text(ticket.token) if holds and ticket.token else "",
    }


def _chip(ticket: Ticket) -> tuple[Any, str]:
    if ticket.occurrence_state == Occurrence.State.CANCELLED:
        return CALLED_OFF, "stop"
    state = State(ticket.state)
    if state == State.WAITING and ticket.position:
        return _("Waiting, number %(position)d") % {"position": ticket.position}, "due"
    return STATES[state], TONES[state]


def _headline(tickets: Sequence[Ticket], *, is_off: bool) -> str:
    if is_off:
        return str(CALLED_OFF)
    first = tickets[0]
    if first.state == State.WAITING and first.position:
        return _("On the waiting list: number %(position)d") % {"position": first.position}
    if first.state == State.CONFIRMED and len(tickets) > 1:
        return _("You have %(count)d places") % {"count": sum(one.state == State.CONFIRMED for one in tickets)}
    return str(STATES[State(first.state)])


def _explained(ticket: Ticket) -> str:
    match ticket.state:
        case State.CONFIRMED:
            return _("Show the code at the door, or tell its six digits. Keep this page or take a picture of it.")
        case State.WAITING:
            return _("When a place comes free, you get a message or a call. You need not do anything now.")
        case State.OFFERED:
            return _("A place came free. Please say whether you come; otherwise the next one gets it.")
        case State.IN_DRAW:
            return _("After sign-up closes the places are drawn. You get a message either way.")
        case State.LAPSED:
            return _("The place went to the next one. You can sign up again if you like.")
        case State.OVER:
            return _("This time no place came free. We are sorry.")
    return ticket.ended_reason
