"""An offer's buttons: it holds, it is paused, resumed, ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.resources.commands import offers as commands
from lianxin.domain.resources.queries.offers import find_offer
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form, confirm_first
from .desk import desk_of
from .gate import keeper_presses, shared_presses, sharing


def page_of(offer: UUID) -> str:
    """Give the address of an offer."""
    return reverse("staff:offer", kwargs={"offer": offer})


def _back(request: HttpRequest, offer: UUID) -> str:
    """Give the list that a button was pressed on, or else the offer's page."""
    came_from = request.headers.get("Referer", "")
    mine = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return came_from if mine else page_of(offer)


@keeper_presses
def assure(request: HttpRequest, offer: UUID) -> HttpResponse:
    """Note that the giver was asked and that the offer holds."""
    actor = actor_of(request)
    find_offer(actor=actor, offer=offer)
    return press(
        request,
        do=lambda: commands.assure(actor=actor, offer=offer, at=now(), key=key_of(request)),
        back=_back(request, offer),
        said=_("Noted. It counts in the plan for half a year."),
    )


@shared_presses
def holds(request: HttpRequest, offer: UUID) -> HttpResponse:
    """Take a partner's word that its offer still holds."""
    actor = actor_of(request)
    find_offer(actor=actor, offer=offer)
    return press(
        request,
        do=lambda: commands.still_holds(actor=actor, offer=offer, at=now(), key=key_of(request)),
        back=_back(request, offer),
        said=_("Thank you. It stays in the plan."),
    )


@shared_presses
def resume(request: HttpRequest, offer: UUID) -> HttpResponse:
    """Let a paused offer be had again."""
    actor = actor_of(request)
    find_offer(actor=actor, offer=offer)
    return press(
        request,
        do=lambda: commands.resume(actor=actor, offer=offer, at=now(), key=key_of(request)),
        back=_back(request, offer),
        said=_("It can be had again."),
    )


class ReasonForm(ActForm):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


@sharing
def pause(request: HttpRequest, offer: UUID) -> HttpResponse:
    """Pause an offer."""
    desk = desk_of(request)
    found = find_offer(actor=desk.actor, offer=offer)
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        do=lambda wanted: commands.pause(
            actor=desk.actor, offer=offer, reason=wanted["reason"], at=now(), key=wanted["key"]
        ),
        then=lambda _row: page_of(offer),
        said=_("Paused. Nothing new is planned with it."),
        title=_("Pause %(title)s") % {"title": found.row.title},
        lead=_("What is promised already stays promised."),
        button=_("Pause it"),
        cancel_url=page_of(offer),
        crumbs=desk.crumbs((found.row.title, page_of(offer)), (_("Pause it"), "")),
    )


@sharing
def end(request: HttpRequest, offer: UUID) -> HttpResponse:
    """End an offer, after telling what that means."""
    desk = desk_of(request)
    found = find_offer(actor=desk.actor, offer=offer)
    ahead = sum(1 for one in found.promises if one.state == "open" and one.on >= desk.on)

    def preview(_wanted: dict[str, Any]) -> list[str]:
        told = [_("It leaves the list and the plan for good.")]
        if ahead:
            told.append(_("%(n)d promises lie ahead; the community is asked to look after them.") % {"n": ahead})
        return told

    return confirm_first(
        request,
        ReasonForm(request.POST or None),
        do=lambda wanted: commands.end(
            actor=desk.actor, offer=offer, reason=wanted["reason"], at=now(), key=wanted["key"]
        ),
        preview=preview,
        then=lambda _row: page_of(offer),
        said=_("The offer has ended. Thank you for it."),
        question=_("End the offer %(title)s?") % {"title": found.row.title},
        button=pgettext("resources", "End it"),
        cancel_url=page_of(offer),
        crumbs=desk.crumbs((found.row.title, page_of(offer)), (pgettext("resources", "End it"), "")),
        danger=True,
    )
