"""My points: what there is, why, until when, every line, and the proof of a line."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxin.domain.points.queries.explanations import explain_balance
from lianxin.domain.points.queries.line_proofs import verify_line
from lianxin.domain.points.queries.own_homes import find_own_home
from lianxin.domain.points.queries.statements import PassbookPage, Statement, passbook_page, statement, workbook_rows
from lianxin.domain.points.rules.expiry import NEVER
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.kit.preferences import preferences
from lianxin.faces.resident.homes import at_home
from lianxin.faces.resident.points_forms import PeriodForm, quick_periods
from lianxin.faces.resident.standing import Standing, linked_only, standing
from lianxin.faces.resident.views.public import number_from
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Invalid
from lianxin.platform.sheets import write_workbook

NEWEST, NEWEST_FOR_ELDERS = 5, 3
EXPLAINED = 12
SOON = timedelta(days=30)
LINES_A_PAGE, LINES_A_PAGE_FOR_ELDERS = 30, 12
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def passbook_crumbs(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Give the way back from a page of the passbook."""
    own = reverse("resident:passbook") if more else ""
    return [(_("Me"), reverse("resident:me")), (_("Points passbook"), own), *more]


def endings(page: PassbookPage, *, on: date) -> list[tuple[date, int, bool]]:
    """Give until when how many points are valid and whether that is soon; those that never expire are left out."""
    return [
        (one.expires_on, one.points, one.expires_on <= on + SOON) for one in page.expiring if one.expires_on != NEVER
    ]


@linked_only
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show how many points there are, what of them ends when, and the last lines."""
    at = now()
    on = local_day(at)
    mine = at_home(request, at=at)
    shown = NEWEST_FOR_ELDERS if preferences(request).is_elder else NEWEST
    page = passbook_page(
        actor=mine.who.actor, household=mine.home.household if mine.who.principal else None, on=on, limit=shown
    )
    context = {
        "mine": mine,
        "page": page,
        "has_book": mine.home.has_book(on),
        "starts_on": mine.home.switched_on if mine.home.switched_on and mine.home.switched_on > on else None,
        "endings": endings(page, on=on),
        "soon": sum(points for _day, points, is_soon in endings(page, on=on) if is_soon),
        "crumbs": passbook_crumbs(),
    }
    return render(request, "resident/points/passbook.html", context)


@linked_only
@require_safe
def why(request: HttpRequest) -> HttpResponse:
    """Explain the balance in sentences whose numbers add up."""
    at = now()
    who = standing(request, at=at)
    told = explain_balance(actor=who.actor, household=_whose(who, at=at), on=local_day(at), lines=EXPLAINED)
    context = {"told": told, "crumbs": passbook_crumbs((_("Why so many?"), ""))}
    return render(request, "resident/points/why.html", context)


@linked_only
@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    """Show every line from one day to another, with the balance before and after."""
    at = now()
    on = local_day(at)
    form, given = _asked(request, at=at)
    size = LINES_A_PAGE_FOR_ELDERS if preferences(request).is_elder else LINES_A_PAGE
    newest_first = given.lines[::-1] if given else []
    part = Paginator(newest_first, size).get_page(number_from(request.GET.get("page", "1")))
    period = f"?from_on={given.from_on}&until_on={given.until_on}" if given else ""
    context = {
        "form": form,
        "given": given,
        "part": part,
        "periods": quick_periods(on),
        "print_url": reverse("resident:passbook_print") + period,
        "file_url": reverse("resident:passbook_file") + period,
        "crumbs": passbook_crumbs((_("All lines"), "")),
    }
    return render(request, "resident/points/lines.html", context, status=200 if given else 422)


@linked_only
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """Give the lines of a period as a sheet of paper."""
    at = now()
    _form, given = _asked(request, at=at)
    if given is None:
        raise Invalid
    context = {
        "given": given,
        "sheet_title": _("Points passbook: statement"),
        "sheet_place": given.community_name,
        "sheet_period": f"{spoken(given.from_on)} – {spoken(given.until_on)}",
        "printed_at": at,
        "back_url": reverse("resident:passbook_lines"),
        "sheet_url": request.build_absolute_uri(reverse("resident:passbook")),
    }
    return render(request, "resident/points/sheet.html", context)


@linked_only
@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """Give the lines of a period as a workbook to keep."""
    _form, given = _asked(request, at=now())
    if given is None:
        raise Invalid
    headings, rows = workbook_rows(given)
    title = _("Points passbook")
    body = write_workbook(sheet=title, headings=headings, rows=rows, title=title)
    name = quote(f"{title} {given.from_on} {given.until_on}.xlsx")
    return HttpResponse(
        body, content_type=XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    )


@linked_only
@require_safe
def line(request: HttpRequest, seq: int) -> HttpResponse:
    """Prove one line: that it is as it was written, and under which seal it lies."""
    at = now()
    who = standing(request, at=at)
    proof = verify_line(actor=who.actor, household=_whose(who, at=at), seq=seq, on=local_day(at), whole=False)
    context = {
        "proof": proof,
        "crumbs": passbook_crumbs(
            (_("All lines"), reverse("resident:passbook_lines")), (_("Line %(number)d") % {"number": seq}, "")
        ),
    }
    return render(request, "resident/points/line.html", context)


@linked_only
@require_safe
def proof(request: HttpRequest, seq: int) -> HttpResponse:
    """Give all that is needed to check a line elsewhere, as a file."""
    at = now()
    who = standing(request, at=at)
    found = verify_line(actor=who.actor, household=_whose(who, at=at), seq=seq, on=local_day(at))
    answer = JsonResponse(
        asdict(found) | {"holds": found.holds}, json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer["Content-Disposition"] = f'attachment; filename="line-{seq}.json"'
    return answer


def _whose(who: Standing, *, at: datetime) -> UUID | None:
    """Name the household only where it is another's, and only if its points may be looked after."""
    if who.principal is None:
        return None
    return find_own_home(actor=who.actor, person=who.person, on=local_day(at)).household


def _asked(request: HttpRequest, *, at: datetime) -> tuple[PeriodForm, Statement | None]:
    """Read the period that is asked for, this year unless given; no statement when the days do not fit."""
    on = local_day(at)
    who = standing(request, at=at)
    year = quick_periods(on)[2]
    asked = {"from_on": request.GET.get("from_on") or year.from_on, "until_on": request.GET.get("until_on") or on}
    form = PeriodForm(asked)
    if not form.is_valid():
        return form, None
    try:
        given = statement(actor=who.actor, household=_whose(who, at=at), on=on, **form.cleaned_data)
    except Invalid as problem:
        add_problem(form, problem)
        return form, None
    return form, given
