"""My helping: shifts ahead, hours, what I can do, certificates, reporting in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.domain.activities.commands import certificates, reporting, volunteers
from lianxin.domain.activities.commands.shift_places import give_back
from lianxin.domain.activities.models import ShiftPlace
from lianxin.domain.activities.queries.certificates import find_own_certificate, list_attended, list_certificates
from lianxin.domain.activities.queries.hours import my_hours, years_of
from lianxin.domain.activities.queries.shifts import MyShift, my_shifts
from lianxin.domain.activities.queries.volunteers import find_own, find_own_reporting
from lianxin.domain.activities.rules.codes import spaced
from lianxin.domain.activities.rules.hours import plain_hours
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.resident.standing import key_from, linked_only, own_standing
from lianxin.faces.resident.views.me import my_crumbs
from lianxin.faces.resident.volunteering_forms import DaysForm, KeyForm, ProfileForm, ReportingForm
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing, NotAllowed, Problem
from lianxin.platform.ids import new_id

FORM = ["GET", "HEAD", "POST"]
PAST = timedelta(days=366)
PAST_SHOWN = 20
A_PAGE = 20


def hours_words(minutes: int) -> str:
    """Write minutes as people say them: 2 hours 30 minutes."""
    whole, rest = divmod(abs(minutes), 60)
    parts = []
    if whole or not rest:
        parts.append(ngettext("%(n)d hour", "%(n)d hours", whole) % {"n": whole})
    if rest:
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest})
    return ("−" if minutes < 0 else "") + " ".join(parts)


def _crumbs(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [
        (_("Me"), reverse("resident:me")),
        (_("My helping"), reverse("resident:my_volunteering") if more else ""),
        *more,
    ]


@linked_only
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the shifts that I hold, my hours by year and what else is mine."""
    at = now()
    who = own_standing(request)
    ahead = [one for one in my_shifts(person=who.person, from_at=at) if one.state == ShiftPlace.State.TAKEN]
    years = years_of(actor=who.actor, person=who.person)
    reported = find_own_reporting(person=who.person)
    context = {
        "ahead": [_mine(one, at=at) for one in ahead],
        "years": [(one.year, hours_words(one.minutes), one.times) for one in years if one.minutes],
        "reported": reported,
        "calendar_url": url_or_none("resident:my_calendar"),
        "crumbs": my_crumbs(_("My helping")),
    }
    return render(request, "resident/volunteering/mine.html", context)


def _mine(one: MyShift, *, at: datetime) -> dict[str, Any]:
    return {
        "place": one.place,
        "row": one.row,
        "may_give_back": one.row.starts_at > at,
    }


@linked_only
@require_http_methods(FORM)
def back(request: HttpRequest, shift_place: UUID) -> HttpResponse:
    """Give a shift back, after asking."""
    at = now()
    who = own_standing(request)
    here = reverse("resident:my_volunteering")
    mine = next((one for one in my_shifts(person=who.person, from_at=at) if one.place == shift_place), None)
    if mine is None:
        raise Missing
    if request.method == "POST":
        form = KeyForm(request.POST)
        key = form.cleaned_data["key"] if form.is_valid() else None
        try:
            give_back(actor=who.actor.visiting(mine.row.community), place=shift_place, at=at, key=key)
        except (Missing, NotAllowed):
            raise
        except Problem as problem:
            messages.error(request, str(problem.detail))
        else:
            messages.success(request, _("Given back. Somebody else can take it now."))
        return HttpResponseRedirect(here)
    context = {
        "form": KeyForm(),
        "question": _("Give this shift back?"),
        "text": mine.row.role,
        "consequences": [_("Somebody else can take it.")],
        "button_text": _("Give it back"),
        "danger": True,
        "cancel_url": here,
        "crumbs": _crumbs((_("Give back"), "")),
    }
    return render(request, "resident/shop/confirm.html", context)


@linked_only
@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """Show every line of my hours, newest first."""
    who = own_standing(request)
    found = my_hours(actor=who.actor, person=who.person, after=request.GET.get("after", ""), limit=A_PAGE)
    past = my_shifts(person=who.person, until_at=now())
    context = {
        "lines": [(row, hours_words(row.minutes)) for row in found.rows],
        "total": hours_words(found.minutes),
        "after": found.after,
        "missed": [one for one in past if one.state == ShiftPlace.State.TAKEN][:PAST_SHOWN],
        "crumbs": _crumbs((_("My hours"), "")),
    }
    return render(request, "resident/volunteering/hours.html", context)


@linked_only
@require_http_methods(FORM)
def profile(request: HttpRequest) -> HttpResponse:
    """Say what I can do and when it suits me."""
    who = own_standing(request)
    known = find_own(person=who.person)
    first = {"skills": [str(skill.pk) for skill in known.skills.all()], "suits": list(known.suits)} if known else {}
    form = ProfileForm(_sent(request), initial=first)
    done = _carry_out(
        request,
        form,
        lambda: volunteers.register_volunteer(
            actor=who.actor.visiting(known.community_id) if known else who.actor, at=now(), **form.entries()
        ),
        said=_("Noted. Thank you."),
    )
    if done is not None:
        return done
    return _form(request, form, title=_("What I can do"), button=_("Save"))


@linked_only
@require_http_methods(FORM)
def report_in(request: HttpRequest) -> HttpResponse:
    """Report in at my community, or end it."""
    who = own_standing(request)
    reported = find_own_reporting(person=who.person)
    if reported is None:
        form: Any = ReportingForm(_sent(request))
        done = _carry_out(
            request,
            form,
            lambda: reporting.report_in(actor=who.actor, at=now(), **form.cleaned_data),
            said=_("You have reported in. The community will be in touch."),
        )
        lead = _("For Party members who work elsewhere and want to help where they live.")
        return done or _form(request, form, title=_("Reporting in"), button=_("Report in"), lead=lead)
    form = KeyForm(_sent(request))
    done = _carry_out(
        request,
        form,
        lambda: reporting.end_reporting(
            actor=who.actor.visiting(reported.community_id), reporting=reported.pk, at=now(), **form.cleaned_data
        ),
        said=_("Ended. Thank you for what you did."),
    )
    lead = _("You reported in at %(community)s for %(unit)s.") % {
        "community": reported.community.short_name,
        "unit": reported.unit_name,
    }
    return done or _form(request, form, title=_("Reporting in"), button=_("I no longer report in here"), lead=lead)


@linked_only
@require_http_methods(FORM)
def certificate_list(request: HttpRequest) -> HttpResponse:
    """List my certificates, and make one for the days I choose."""
    at = now()
    who = own_standing(request)
    on = local_day(at)
    if "occurrence" in request.POST:
        return _certify_date(request, at=at)
    form = DaysForm(_sent(request), initial={"from_on": on.replace(month=1, day=1), "until_on": on})
    if request.method == "POST" and form.is_valid():
        try:
            row = certificates.issue_certificate(actor=who.actor, at=at, **form.cleaned_data)
        except (Missing, NotAllowed):
            raise
        except Problem as problem:
            add_problem(form, problem)
        else:
            return HttpResponseRedirect(reverse("resident:my_certificate", args=[row.pk]))
    context = {
        "form": form,
        "certificates": [
            (row, hours_words(row.minutes)) for row in list_certificates(actor=who.actor, person=who.person)
        ],
        "attended": list_attended(person=who.person, from_at=at - PAST, until_at=at),
        "key": new_id(),
        "crumbs": _crumbs((_("My certificates"), "")),
    }
    return render(request, "resident/volunteering/certificates.html", context, status=422 if form.errors else 200)


def _certify_date(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """Make a certificate of one date that I came to."""
    who = own_standing(request)
    try:
        occurrence = UUID(request.POST["occurrence"])
    except ValueError:
        raise Missing from None
    try:
        row = certificates.certify_occurrence(actor=who.actor, occurrence=occurrence, at=at, key=key_from(request))
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        messages.error(request, str(problem.detail))
        return HttpResponseRedirect(reverse("resident:my_certificates"))
    return HttpResponseRedirect(reverse("resident:my_certificate", args=[row.pk]))


@linked_only
@require_safe
def certificate(request: HttpRequest, certificate: UUID) -> HttpResponse:
    """Give one of my certificates as a sheet to print."""
    who = own_standing(request)
    sheet = find_own_certificate(person=who.person, certificate=certificate)
    check = request.build_absolute_uri(f"{reverse('resident:check_certificate')}?code={sheet.line.code}")
    context = {
        "sheet_title": _("Certificate of voluntary service"),
        "sheet_place": sheet.community_name,
        "sheet_period": "",
        "printed_at": now(),
        "back_url": reverse("resident:my_certificates"),
        "sheet": sheet,
        "line": sheet.line,
        "hours": plain_hours(sheet.line.minutes),
        "code": spaced(sheet.line.code),
        "check_url": check,
    }
    return render(request, "resident/volunteering/certificate.html", context)


def _sent(request: HttpRequest) -> Any:
    """Give what was sent, also where nothing was ticked."""
    return request.POST if request.method == "POST" else None


def _carry_out(request: HttpRequest, form: Any, do: Any, *, said: str) -> HttpResponse | None:
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        do()
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        add_problem(form, problem)
        return None
    messages.success(request, said)
    return HttpResponseRedirect(reverse("resident:my_volunteering"))


def _form(request: HttpRequest, form: Any, *, title: str, button: str, lead: str = "") -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "lead": lead, "crumbs": _crumbs((title, ""))}
    return render(request, "resident/volunteering/form.html", context, status=422 if form.errors else 200)
