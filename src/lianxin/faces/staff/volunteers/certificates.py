"""Certificates on the office's desk: the list, a new one, the paper, withdrawing one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.activities.commands import certificates as commands
from lianxin.domain.activities.queries.certificates import CertificateLine, find_certificate, list_certificates
from lianxin.domain.activities.rules.codes import spaced
from lianxin.domain.activities.rules.hours import plain_hours
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import ActForm, DayInput, answer_form, confirm_first
from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from .desk import desk_of
from .finding import ask_who, chosen
from .gate import keeping, reading
from .words import hours_words

COLUMNS = (
    Column(gettext_lazy("Number")),
    Column(gettext_lazy("Name")),
    Column(gettext_lazy("From")),
    Column(gettext_lazy("Until")),
    Column(pgettext_lazy("volunteering", "Hours")),
    Column(gettext_lazy("For")),
    Column(gettext_lazy("Issued")),
    Column(gettext_lazy("State")),
)


@reading
def show_list(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the certificates of a community, newest first."""
    desk = desk_of(request, community)
    found = list_certificates(actor=desk.actor, community=community)

    def fetch(_after: str) -> Page:
        return [_row(row) for row in found], ""

    context = desk.context("certificates", _("Certificates"))
    context |= {
        "buttons": [(desk.url("certificate_new"), _("Issue a certificate"))] if desk.keeps else [],
        "lead": _("Volunteers can also print theirs themselves. Anybody can check one by its code."),
        "empty_title": _("No certificate yet."),
        "empty_text": _("A certificate says how many hours somebody helped, and can be checked by its code."),
        "empty_url": desk.url("certificate_new") if desk.keeps else "",
        "empty_link": _("Issue a certificate"),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=len(found), place=desk.name)


def _row(row: CertificateLine) -> Row:
    state = (
        Cell(pgettext("certificate", "withdrawn"), tone="stop")
        if row.revoked_at
        else Cell(pgettext("certificate", "valid"), tone="done")
    )
    return Row(
        cells(
            leads(row.number, "certificate", certificate=row.id),
            row.masked_name,
            row.from_on,
            row.until_on,
            hours_words(row.minutes),
            row.occurrence_title,
            row.issued_at,
            state,
        ),
        pk=row.id,
    )


class CertificateForm(ActForm):
    """Which days."""

    from_on = forms.DateField(label=gettext_lazy("From"), widget=DayInput)
    until_on = forms.DateField(label=gettext_lazy("Until"), widget=DayInput)


@keeping
def new(request: HttpRequest, community: UUID) -> HttpResponse:
    """Issue a certificate of somebody's hours."""
    desk = desk_of(request, community)
    crumbs = desk.crumbs((_("Certificates"), desk.url("certificates")), (_("New"), ""))
    who = chosen(request, desk)
    if who is None:
        return ask_who(request, desk, title=_("Who gets the certificate?"), lead="", crumbs=crumbs)
    first = {"from_on": desk.on.replace(month=1, day=1), "until_on": desk.on}
    return answer_form(
        request,
        CertificateForm(request.POST or None, initial=first),
        do=lambda wanted: commands.issue_certificate(actor=desk.actor, person=who.id, at=now(), **wanted),
        then=lambda row: reverse("staff:certificate", kwargs={"certificate": row.pk}),
        said=_("Issued. Print it."),
        title=_("Certificate for %(name)s") % {"name": who.masked_name},
        lead=_("The hours come from the ledger, of all communities."),
        button=_("Issue"),
        cancel_url=desk.url("certificates"),
        crumbs=crumbs,
    )


@reading
def show(request: HttpRequest, certificate: UUID) -> HttpResponse:
    """Give a certificate as a sheet to print."""
    found = find_certificate(actor=actor_of(request), certificate=certificate)
    desk = desk_of(request, found.community)
    check = request.build_absolute_uri(f"{reverse('resident:check_certificate')}?code={found.line.code}")
    context: dict[str, Any] = {
        "sheet_title": _("Certificate of voluntary service"),
        "sheet_place": found.community_name,
        "sheet_period": "",
        "sheet_url": "",
        "printed_at": desk.at,
        "back_url": desk.url("certificates"),
        "sheet": found,
        "line": found.line,
        "hours": plain_hours(found.line.minutes),
        "code": spaced(found.line.code),
        "check_url": check,
        "revoke_url": reverse("staff:certificate_revoke", kwargs={"certificate": certificate})
        if desk.keeps and found.line.revoked_at is None
        else "",
    }
    return render(request, "staff/volunteers/certificate.html", context)


class RevokeForm(ActForm):
    """Why it no longer holds."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


@keeping
def revoke(request: HttpRequest, certificate: UUID) -> HttpResponse:
    """Withdraw a certificate, after telling what that means."""
    found = find_certificate(actor=actor_of(request), certificate=certificate)
    desk = desk_of(request, found.community)
    back = reverse("staff:certificate", kwargs={"certificate": certificate})
    return confirm_first(
        request,
        RevokeForm(request.POST or None),
        do=lambda wanted: commands.revoke_certificate(
            actor=desk.actor, certificate=certificate, reason=wanted["reason"], at=now(), key=wanted["key"]
        ),
        preview=lambda _wanted: [_("Whoever checks its code reads that it was withdrawn."), _("The hours stay.")],
        then=lambda _row: desk.url("certificates"),
        said=_("Withdrawn."),
        question=_("Withdraw certificate %(number)s?") % {"number": found.line.number},
        button=pgettext("volunteering", "Withdraw"),
        cancel_url=back,
        crumbs=desk.crumbs(
            (_("Certificates"), desk.url("certificates")),
            (found.line.number, back),
            (pgettext("volunteering", "Withdraw"), ""),
        ),
        danger=True,
    )
