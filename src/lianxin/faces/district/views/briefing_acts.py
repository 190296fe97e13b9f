"""What is done with briefings: asked for, made again, issued, withdrawn, thrown away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lianxin.domain.reporting import briefing_policy as policy
from lianxin.domain.reporting.commands import briefings as commands
from lianxin.domain.reporting.models import Briefing
from lianxin.domain.reporting.queries import briefings as queries
from lianxin.domain.reporting.rules.briefings import last_whole
from lianxin.faces.district import briefing_desk as desk
from lianxin.faces.district.acting import answer_form
from lianxin.faces.district.forms.briefings import AskForm, IssueForm, VersionForm, WithdrawForm
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import NotAllowed

FORM, CONFIRM = "district/briefings/form.html", "district/briefings/confirm.html"


@desk.sending
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a briefing of a period and place; the worker makes it."""
    actor, at = actor_of(request), now()
    today = local_day(at)
    areas = queries.areas_to_choose(actor)
    year, month = last_whole("month", today)
    first = {"period": request.GET.get("period") or f"{year}-{month:02d}", "dated_on": today}
    if areas:
        first["area"] = str(areas[0].pk)
    form = AskForm(request.POST or None, areas=areas, today=today, initial=first)

    def do(entered: dict[str, Any]) -> Briefing:
        period = entered["period"]
        return commands.ask_briefing(
            actor=actor,
            kind=period.kind,
            from_on=period.from_on,
            until_on=period.until_on,
            area=entered["area"],
            office=entered["office"],
            dated_on=entered["dated_on"],
            at=at,
            key=entered.get("key"),
        )

    title = _("New briefing")
    return answer_form(
        request,
        form,
        do=do,
        then=desk.page_of,
        said=_("The briefing is being made."),
        template=FORM,
        **desk.framed(
            request,
            desk.list_crumb(),
            (title, ""),
            title=title,
            text=_("The program computes each number and writes the document. You read it before it is issued."),
            button_text=_("Make the briefing"),
            cancel_url=desk.list_crumb()[1],
        ),
    )


def _found(request: HttpRequest, briefing: UUID) -> Briefing:
    actor = actor_of(request)
    row = queries.find_briefing(actor=actor, briefing=briefing)
    if not policy.may_make(actor, row.area):
        raise NotAllowed
    return row


def _first(row: Briefing) -> dict[str, Any]:
    return {"version": row.version}


def _frame(request: HttpRequest, row: Briefing, words: str) -> dict[str, Any]:
    crumbs = (desk.list_crumb(), (desk.title_of(row), desk.page_of(row)), (words, ""))
    return desk.framed(request, *crumbs, cancel_url=desk.page_of(row))


@desk.sending
def issue(request: HttpRequest, briefing: UUID) -> HttpResponse:
    """Issue a draft under the name of whoever approves it."""
    row = _found(request, briefing)
    form = IssueForm(request.POST or None, initial=_first(row))
    values = {"title": desk.title_of(row), "number": desk.number_of(row)}
    return answer_form(
        request,
        form,
        do=lambda entered: commands.issue(actor=actor_of(request), briefing=row.pk, at=now(), **entered),
        then=desk.page_of,
        said=_("The briefing is issued."),
        template=CONFIRM,
        question=_("Issue “%(title)s” %(number)s?") % values,
        text=_("Read the document first. What is issued is exactly the document that you read."),
        consequences=[
            _("The document, its number and its figures stay as they are from now on."),
            _("If a record is corrected later, this page shows which numbers would be different."),
            _("It can only be withdrawn, with a reason."),
        ],
        button_text=_("Issue it"),
        **_frame(request, row, _("Issue it")),
    )


@desk.sending
def withdraw(request: HttpRequest, briefing: UUID) -> HttpResponse:
    """Withdraw an issued briefing with a reason."""
    row = _found(request, briefing)
    form = WithdrawForm(request.POST or None, initial=_first(row))
    return answer_form(
        request,
        form,
        do=lambda entered: commands.withdraw(actor=actor_of(request), briefing=row.pk, at=now(), **entered),
        then=desk.page_of,
        said=_("The briefing is withdrawn."),
        template=CONFIRM,
        question=_("Withdraw “%(title)s”?") % {"title": desk.title_of(row)},
        consequences=[
            _("It stays to be read, with the reason beside it."),
            _("Its number is not used again; another briefing of the period gets a new one."),
        ],
        button_text=_("Withdraw it"),
        danger=True,
        **_frame(request, row, _("Withdraw it")),
    )


@desk.sending
def again(request: HttpRequest, briefing: UUID) -> HttpResponse:
    """Make a draft anew from the records of now."""
    row = _found(request, briefing)
    return answer_form(
        request,
        VersionForm(request.POST or None, initial=_first(row)),
        do=lambda entered: commands.make_again(actor=actor_of(request), briefing=row.pk, at=now(), **entered),
        then=desk.page_of,
        said=_("The briefing is being made."),
        template=CONFIRM,
        question=_("Make “%(title)s” again?") % {"title": desk.title_of(row)},
        consequences=[
            _("Each number is computed anew from the records of now."),
            _("The template that is in use now is taken. The number on the paper stays."),
        ],
        button_text=_("Make it again"),
        **_frame(request, row, _("Make it again")),
    )


@desk.sending
def drop(request: HttpRequest, briefing: UUID) -> HttpResponse:
    """Throw a draft away."""
    row = _found(request, briefing)
    return answer_form(
        request,
        VersionForm(request.POST or None, initial=_first(row)),
        do=lambda entered: commands.drop(actor=actor_of(request), briefing=row.pk, at=now(), **entered),
        then=lambda _done: desk.list_crumb()[1],
        said=_("The draft is thrown away."),
        template=CONFIRM,
        question=_("Throw “%(title)s” away?") % {"title": desk.title_of(row)},
        consequences=[_("Its number goes to the next briefing.")],
        button_text=_("Throw it away"),
        danger=True,
        **_frame(request, row, _("Throw it away")),
    )
