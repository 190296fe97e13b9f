"""Approve an upgrade, send it back, give it up: each with its own page that says what will happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places import policy
from lianxin.domain.places.commands.upgrades import approve_upgrade, cancel_upgrade, send_back_upgrade
from lianxin.domain.places.models import Upgrade
from lianxin.domain.places.queries.upgrades import find_upgrade
from lianxin.domain.places.rules.upgrades import may_move
from lianxin.faces.district.acting import answer_question
from lianxin.faces.district.forms.upgrades import ApprovalForm, CancellationForm, SendBackForm
from lianxin.faces.district.gate import form_for_offices
from lianxin.faces.district.views.upgrades import crumbs_of
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing


@dataclass(frozen=True)
class Decision:
    """One decision: the state it leads to, its command, its form and its words."""

    state: str
    command: Callable[..., Upgrade]
    form: type[forms.Form]
    question: Any
    consequences: tuple[Any, ...]
    button: Any
    done: Any
    danger: bool = False


DECISIONS = {
    "approve": Decision(
        Upgrade.State.APPROVED,
        approve_upgrade,
        ApprovalForm,
        gettext_lazy("Approve “%(title)s”?"),
        (
            gettext_lazy("The community can begin the work and spend the money that is named."),
            gettext_lazy("Until work begins the approval can be taken back."),
        ),
        gettext_lazy("Approve"),
        gettext_lazy("“%(title)s” is approved."),
    ),
    "send-back": Decision(
        Upgrade.State.PLANNED,
        send_back_upgrade,
        SendBackForm,
        gettext_lazy("Send “%(title)s” back?"),
        (
            gettext_lazy("The upgrade is a plan again; the community sees what has to be changed."),
            gettext_lazy("It can be approved again afterwards."),
        ),
        gettext_lazy("Send back"),
        gettext_lazy("“%(title)s” went back to the community."),
    ),
    "cancel": Decision(
        Upgrade.State.CANCELLED,
        cancel_upgrade,
        CancellationForm,
        gettext_lazy("Cancel “%(title)s”?"),
        (
            gettext_lazy("The upgrade ends and cannot be taken up again; a new one can be planned."),
            gettext_lazy("What was spent stays on record, and the open milestones stop being due."),
        ),
        gettext_lazy("Cancel the upgrade"),
        gettext_lazy("“%(title)s” is cancelled."),
        danger=True,
    ),
}


@form_for_offices
def decide(request: HttpRequest, upgrade: UUID, decision: str) -> HttpResponse:
    """Ask, say what follows, and do it."""
    chosen = DECISIONS.get(decision)
    found = find_upgrade(upgrade)
    actor = actor_of(request)
    if chosen is None or not policy.may_decide_upgrade(actor, found.community_id):
        raise Missing
    page = reverse("district:upgrade", args=[found.pk])
    if request.method != "POST" and not may_move(found.state, chosen.state):
        messages.info(
            request,
            _("This step is not possible now: the upgrade is “%(state)s”.") % {"state": found.get_state_display()},
        )
        return redirect(page)
    form = chosen.form(request.POST or None, initial={"version": found.version})
    return answer_question(
        request,
        form,
        do=lambda values: chosen.command(actor=actor, at=now(), upgrade=found.pk, **values),
        back=page,
        said=chosen.done % {"title": found.title},
        question=chosen.question % {"title": found.title},
        text=_("%(venue)s, %(community)s") % {"venue": found.venue.name, "community": found.community.official_name},
        consequences=chosen.consequences,
        button_text=chosen.button,
        danger=chosen.danger,
        crumbs=[*crumbs_of(found)[:-1], (found.title, page), (chosen.button, "")],
    )
