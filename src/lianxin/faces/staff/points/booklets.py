"""The printed passbook: given out, given anew, printed on, and a statement of it; points of households that ended."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.domain.people.queries.households import find_household_by_number
from lianxin.domain.points.commands.estates import carry_points_over, hand_over_points
from lianxin.domain.points.commands.passbooks import issue_passbook, mark_printed, reissue_passbook
from lianxin.domain.points.models import Passbook
from lianxin.domain.points.queries.accounts import find_waiting
from lianxin.domain.points.queries.passbooks import find_booklet, pages_to_print
from lianxin.domain.points.queries.seals import newest_seal
from lianxin.domain.points.queries.statements import passbook_page, statement, workbook_rows
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.staff.sheets import workbook
from lianxin.platform.clock import now
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import new_id

from ..acting import ActForm, DayInput, answer_form
from .desk import desk_of
from .gate import keeping, pressing, reading
from .passbooks import open_home, passbook_crumbs


class Nothing(ActForm):
    """A question that is answered by sending it."""


class ReissueForm(ActForm):
    """Why a new passbook is given."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("For example: lost, or full.")
    )


def _home_url(household: UUID) -> str:
    return reverse("staff:points_passbook", kwargs={"household": household})


def _household(number: str) -> str:
    return _("Household %(number)s") % {"number": number}


@keeping
def issue(request: HttpRequest, household: UUID) -> HttpResponse:
    """Give a household its passbook."""
    desk, home = open_home(request, household)
    return answer_form(
        request,
        Nothing(request.POST or None),
        do=lambda wanted: issue_passbook(actor=desk.actor, household=household, at=now(), **wanted),
        then=lambda made: reverse("staff:points_booklet", kwargs={"passbook": made.pk}),
        said=lambda made: _("Passbook %(number)s is given out. Print its lines.") % {"number": made.number},
        title=_("Give household %(number)s a passbook") % {"number": home.number},
        lead=_("It gets the next number of the community. Points are the same with or without a printed passbook."),
        button=_("Give out"),
        cancel_url=_home_url(household),
        crumbs=passbook_crumbs(desk, home, _("Give out")),
    )


@keeping
def reissue(request: HttpRequest, passbook: UUID) -> HttpResponse:
    """Give a new passbook for a lost or full one."""
    booklet = find_booklet(actor=actor_of(request), passbook=passbook)
    desk, home = open_home(request, booklet.household)
    return answer_form(
        request,
        ReissueForm(request.POST or None),
        do=lambda wanted: reissue_passbook(actor=desk.actor, passbook=passbook, at=now(), **wanted),
        then=lambda made: reverse("staff:points_booklet", kwargs={"passbook": made.pk}),
        said=lambda made: _("Passbook %(number)s is given out. Print its lines.") % {"number": made.number},
        title=_("Give a new passbook for %(number)s") % {"number": booklet.number},
        lead=_("The points stay. The old booklet is no longer valid, whoever finds it."),
        button=_("Give a new one"),
        cancel_url=_home_url(booklet.household),
        crumbs=passbook_crumbs(desk, home, _("Give a new one")),
    )


@reading
def sheet(request: HttpRequest, passbook: UUID) -> HttpResponse:
    """Draw the lines that are not in the booklet yet, or all of them, page by page."""
    actor = actor_of(request)
    desk, home = open_home(request, find_booklet(actor=actor, passbook=passbook).household)
    whole = request.GET.get("from") == "start"
    told = pages_to_print(actor=actor, passbook=passbook, on=desk.on, from_start=whole)
    pages: dict[int, list[Any]] = {}
    for line in told.lines:
        pages.setdefault(line.page, []).append(line)
    seal = newest_seal(book=desk.opened.pk) if desk.book else None
    may_mark = desk.keeps and told.booklet.state == Passbook.State.VALID and told.upto > told.booklet.printed_seq
    context = {
        "told": told,
        "pages": pages.items(),
        "seal": seal,
        "whole": whole,
        "mark_url": reverse("staff:points_printed", kwargs={"passbook": passbook}) if may_mark else "",
        "key": new_id(),
        "sheet_title": _("Points passbook %(number)s") % {"number": told.booklet.number},
        "sheet_place": " · ".join(
            (desk.name, _("Household %(number)s") % {"number": home.number}, told.booklet.masked_head)
        ),
        "sheet_period": spoken(desk.on),
        "sheet_url": request.build_absolute_uri(_home_url(home.id)),
        "printed_at": desk.at,
        "back_url": _home_url(home.id),
    }
    return render(request, "staff/points/booklet.html", context)


@pressing
def printed(request: HttpRequest, passbook: UUID) -> HttpResponse:
    """Note up to which line the booklet is printed."""
    actor = actor_of(request)
    booklet = find_booklet(actor=actor, passbook=passbook)
    try:
        upto = int(request.POST.get("upto", ""))
    except ValueError:
        upto = -1
    return press(
        request,
        do=lambda: mark_printed(actor=actor, passbook=passbook, upto=upto, at=now(), key=key_of(request)),
        back=_home_url(booklet.household),
        said=_("Noted: printed up to line %(line)d.") % {"line": upto},
    )


class SpanForm(forms.Form):
    """From which day to which day."""

    from_on = forms.DateField(label=gettext_lazy("From"), widget=DayInput)
    until_on = forms.DateField(label=gettext_lazy("Until"), widget=DayInput)


@reading
def show_statement(request: HttpRequest, household: UUID) -> HttpResponse:
    """Show every line from a day to a day, with the balances around them; also as a workbook and on paper."""
    desk, home = open_home(request, household)
    year = {"from_on": date(desk.on.year, 1, 1), "until_on": desk.on}
    asked = {name: request.GET.get(name) or str(value) for name, value in year.items()}
    form = SpanForm(asked)
    given = None
    if form.is_valid():
        try:
            given = statement(actor=desk.actor, household=household, on=desk.on, **form.cleaned_data)
        except Invalid as problem:
            add_problem(form, problem)
    title = _("Statement of household %(number)s") % {"number": home.number}
    wanted = request.GET.get("as")
    if given is not None and wanted == "xlsx":
        headings, rows = workbook_rows(given)
        return workbook(title=title, headings=headings, rows=rows)
    context: dict[str, Any] = {
        "form": form,
        "given": given,
        "title": title,
        "crumbs": passbook_crumbs(desk, home, _("Statement")),
    }
    if given is not None and wanted == "print":
        seal = newest_seal(book=desk.book.pk) if desk.book else None
        back = request.GET.copy()
        back.pop("as")
        url = f"{request.path}?{back.urlencode()}"
        context |= {
            "seal": seal,
            "sheet_title": title,
            "sheet_place": " · ".join(filter(None, (given.community_name, given.passbook_number))),
            "sheet_period": f"{spoken(given.from_on)} – {spoken(given.until_on)}",
            "sheet_url": request.build_absolute_uri(url),
            "printed_at": desk.at,
            "back_url": url,
        }
        return render(request, "staff/points/statement_sheet.html", context)
    return render(request, "staff/points/statement.html", context, status=422 if form.errors else 200)


class HandOverForm(ActForm):
    """To which household the points go, and why."""

    number = forms.CharField(
        label=gettext_lazy("Household number"),
        max_length=32,
        help_text=gettext_lazy("The household of the heirs, or where its people went, in this community."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("Who gets the points and on what ground."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@keeping
def hand_over(request: HttpRequest, household: UUID) -> HttpResponse:
    """Give the points of a household that has ended to another one."""
    desk, home = open_home(request, household)
    page = passbook_page(actor=desk.actor, household=household, on=desk.on, limit=1)

    def do(wanted: dict[str, Any]) -> Any:
        to = find_household_by_number(actor=desk.actor, community=home.community, number=wanted["number"])
        if to is None:
            raise Invalid(fields={"number": [_("There is no household with this number in this community.")]})
        return hand_over_points(
            actor=desk.actor,
            household=household,
            to_household=to.pk,
            reason=wanted["reason"],
            at=now(),
            key=wanted["key"],
        )

    return answer_form(
        request,
        HandOverForm(request.POST or None),
        do=do,
        then=lambda _txn: _home_url(household),
        said=_("The points were handed over."),
        title=ngettext("Hand over %(points)d point", "Hand over %(points)d points", page.balance)
        % {"points": page.balance},
        lead=_("They keep the days until which they are valid; a debt goes with them."),
        button=_("Hand over"),
        cancel_url=_home_url(household),
        crumbs=passbook_crumbs(desk, home, _("Hand over")),
    )


@keeping
def left_behind(request: HttpRequest, account: UUID) -> HttpResponse:
    """Send the points of a household that moved away after it, from the community where it lived before."""
    waiting = find_waiting(actor=actor_of(request), account=account)
    desk = desk_of(request, waiting.community)
    there = desk.url("points_passbooks")
    return answer_form(
        request,
        Nothing(request.POST or None),
        do=lambda wanted: carry_points_over(actor=desk.actor, household=waiting.household, at=now(), **wanted),
        then=lambda _txn: there,
        said=_("The points have gone after the household."),
        title=ngettext(
            "Send %(points)d point after the household", "Send %(points)d points after the household", waiting.points
        )
        % {"points": waiting.points},
        lead=_(
            "The household moved to %(community)s; its number there is %(number)s. Its points wait here until that"
            " community keeps passbooks."
        )
        % {"community": waiting.lives_in, "number": waiting.number},
        button=_("Send them after it"),
        cancel_url=there,
        crumbs=desk.crumbs((_("Passbooks"), there), (waiting.number, "")),
    )


@keeping
def carry_over(request: HttpRequest, household: UUID) -> HttpResponse:
    """Bring points that wait in a former community's book into this one."""
    desk, home = open_home(request, household)
    return answer_form(
        request,
        Nothing(request.POST or None),
        do=lambda wanted: carry_points_over(actor=desk.actor, household=household, at=now(), **wanted),
        then=lambda _txn: _home_url(household),
        said=_("The points are here now."),
        title=_("Bring the points of household %(number)s over") % {"number": home.number},
        lead=_("They waited in the book of the community where the household lived before."),
        button=_("Bring over"),
        cancel_url=_home_url(household),
        crumbs=passbook_crumbs(desk, home, _("Bring over")),
    )
