"""What an office does with a request: through the gate, closed, taken back, approved anew, thrown away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.reporting import requests_policy as policy
from lianxin.domain.reporting.commands import requests as drafts
from lianxin.domain.reporting.commands import requests_sending as sending
from lianxin.domain.reporting.models import UpperRequest
from lianxin.domain.reporting.queries import requests as queries
from lianxin.faces.district.acting import answer_form, answer_question
from lianxin.faces.district.forms.programmes import KeyedForm
from lianxin.faces.district.forms.requests import ReasonForm, RenewForm
from lianxin.faces.district.gate import form_for
from lianxin.faces.district.views.requests import crumbs_of
from lianxin.faces.district.views.requests_drafts import opened, url
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.clock import now


def _ask(
    request: HttpRequest,
    row: UpperRequest,
    form: KeyedForm,
    do: Callable[[dict[str, Any]], Any],
    *,
    question: str,
    follows: Sequence[Any],
    button: Any,
    said: Any,
    back: str = "",
    danger: bool = False,
) -> HttpResponse:
    back = back or url("upper_request", row)
    return answer_question(
        request,
        form,
        do=do,
        back=back,
        said=said,
        question=question % {"title": row.title},
        consequences=follows,
        button_text=button,
        danger=danger,
        crumbs=crumbs_of((row.title, url("upper_request", row)), (button, "")),
    )


@form_for(policy.may_ask)
def send(request: HttpRequest, upper_request: UUID) -> HttpResponse:
    """Ask whether a draft is to go out, with what the gate says of it."""
    actor, at = actor_of(request), now()
    row = opened(actor, upper_request)
    standing = queries.standing_of(request=row, at=at)
    places = len(queries.places_of(actor=actor, request=row.pk))
    if standing.is_known_only:
        follows = [_("All of it is known: it is answered this moment, and nobody is asked.")]
    else:
        words = ngettext(
            "%(n)d community is asked and has it as a duty.",
            "%(n)d communities are asked and have it as a duty.",
            places,
        )
        follows = [words % {"n": places}, *standing.warnings]
    said = _("It is answered: what is known stands below.") if standing.is_known_only else _("It is sent.")
    return _ask(
        request,
        row,
        KeyedForm(request.POST or None),
        lambda values: sending.send(actor=actor, request=row.pk, at=now(), key=values["key"]),
        question=_("Send “%(title)s”?"),
        follows=[*(one.words for one in standing.lacks), *follows],
        button=_("Send it"),
        said=said,
    )


@form_for(policy.may_ask)
def close(request: HttpRequest, upper_request: UUID) -> HttpResponse:
    """Ask whether a request is to end."""
    actor = actor_of(request)
    row = opened(actor, upper_request)
    return _ask(
        request,
        row,
        KeyedForm(request.POST or None),
        lambda values: sending.close(actor=actor, request=row.pk, at=now(), key=values["key"]),
        question=_("Close “%(title)s”?"),
        follows=[_("Who has not answered yet need not any more."), _("What was answered stays.")],
        button=_("Close the request"),
        said=_("The request is closed."),
    )


@form_for(policy.may_ask)
def withdraw(request: HttpRequest, upper_request: UUID) -> HttpResponse:
    """Ask whether a request is to be taken back, and why."""
    actor = actor_of(request)
    row = opened(actor, upper_request)
    return _ask(
        request,
        row,
        ReasonForm(request.POST or None),
        lambda values: sending.withdraw(actor=actor, request=row.pk, at=now(), **values),
        question=_("Withdraw “%(title)s”?"),
        follows=[
            _("Nobody has to answer it any more; the communities read the reason."),
            _("What it asked until now stays counted."),
        ],
        button=_("Withdraw the request"),
        said=_("The request is withdrawn."),
        danger=True,
    )


@form_for(policy.may_ask)
def discard(request: HttpRequest, upper_request: UUID) -> HttpResponse:
    """Ask whether a draft is to be thrown away."""
    actor = actor_of(request)
    row = opened(actor, upper_request)
    return _ask(
        request,
        row,
        KeyedForm(request.POST or None),
        lambda values: drafts.discard(actor=actor, request=row.pk, at=now(), key=values["key"]),
        question=_("Discard “%(title)s”?"),
        follows=[_("Nobody was asked yet. The draft is gone.")],
        button=_("Discard the draft"),
        said=_("The draft is gone."),
        back=reverse("district:requests") if request.method == "POST" else "",
        danger=True,
    )


@form_for(policy.may_ask)
def renew(request: HttpRequest, upper_request: UUID) -> HttpResponse:
    """Take a new approval for a request that repeats."""
    actor = actor_of(request)
    row = opened(actor, upper_request)
    title = _("New approval of “%(title)s”") % {"title": row.title}
    return answer_form(
        request,
        RenewForm(request.POST or None, initial={"approver": row.approver}),
        do=lambda values: sending.renew(actor=actor, request=row.pk, at=now(), **values),
        then=lambda _row: url("upper_request", row),
        said=_("It may be asked on."),
        title=title,
        text=_("A request that repeats lives a year at most; then somebody has to approve it anew."),
        button_text=_("Keep the approval"),
        cancel_url=url("upper_request", row),
        crumbs=crumbs_of((row.title, url("upper_request", row)), (_("New approval"), "")),
    )
