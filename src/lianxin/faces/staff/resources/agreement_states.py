"""What becomes of an agreement: signed, ended, a draft thrown away."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.resources.commands import agreements as commands
from lianxin.domain.resources.queries.agreements import find_agreement
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form, confirm_first, day_field
from .agreements import page_of, title_of
from .desk import desk_of
from .gate import keeping


class SignForm(ActForm):
    """When, and who."""

    signed_on = day_field(gettext_lazy("Signed on"))
    for_community = forms.CharField(label=gettext_lazy("Who signed for the community"), max_length=40)
    for_partner = forms.CharField(label=gettext_lazy("Who signed for the partner"), max_length=40)


@keeping
def sign(request: HttpRequest, agreement: UUID) -> HttpResponse:
    """Note that both sides signed."""
    desk = desk_of(request)
    found = find_agreement(actor=desk.actor, agreement=agreement)
    form = SignForm(request.POST or None, initial={"signed_on": desk.on})
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.sign(
            actor=desk.actor,
            agreement=agreement,
            at=now(),
            key=wanted["key"],
            **form.values("signed_on", "for_community", "for_partner"),
        ),
        then=lambda _row: page_of(agreement),
        said=_("Signed. It has its number, and stays as it is."),
        title=_("Note the signatures"),
        lead=found.row.organisation_name,
        button=_("It is signed"),
        cancel_url=page_of(agreement),
        crumbs=desk.crumbs((title_of(found), page_of(agreement)), (_("Note the signatures"), "")),
    )


class EndForm(ActForm):
    """Why it ends."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


@keeping
def end(request: HttpRequest, agreement: UUID) -> HttpResponse:
    """End an agreement."""
    desk = desk_of(request)
    found = find_agreement(actor=desk.actor, agreement=agreement)
    return answer_form(
        request,
        EndForm(request.POST or None),
        do=lambda wanted: commands.end(
            actor=desk.actor, agreement=agreement, reason=wanted["reason"], at=now(), key=wanted["key"]
        ),
        then=lambda _row: page_of(agreement),
        said=_("The agreement has ended. Its offers stay on the list until you end them."),
        title=_("End the agreement"),
        lead=found.row.organisation_name,
        button=pgettext("resources", "End it"),
        cancel_url=page_of(agreement),
        crumbs=desk.crumbs((title_of(found), page_of(agreement)), (pgettext("resources", "End it"), "")),
    )


@keeping
def discard(request: HttpRequest, agreement: UUID) -> HttpResponse:
    """Throw a draft away, after asking."""
    desk = desk_of(request)
    found = find_agreement(actor=desk.actor, agreement=agreement)
    return confirm_first(
        request,
        ActForm(request.POST or None),
        do=lambda wanted: commands.discard(actor=desk.actor, agreement=agreement, at=now(), key=wanted["key"]),
        preview=lambda _wanted: [_("The draft is gone; its offers stay on the list.")],
        then=lambda _row: reverse("staff:agreements"),
        said=_("The draft is thrown away."),
        question=_("Throw the draft away?"),
        text=found.row.organisation_name,
        button=_("Throw it away"),
        cancel_url=page_of(agreement),
        crumbs=desk.crumbs((title_of(found), page_of(agreement)), (_("Throw the draft away"), "")),
        danger=True,
    )
