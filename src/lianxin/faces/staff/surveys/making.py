"""Beginning a survey from a workbook, and changing what it says, whom it counts and what it hears."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.needs.commands import surveys as commands
from lianxin.domain.needs.commands.workbooks import Spot, WorkbookRefused
from lianxin.domain.needs.models import Survey
from lianxin.domain.needs.queries import surveys as queries
from lianxin.domain.needs.rules import starter_form
from lianxin.faces.kit.acting import key_of, press, tell
from lianxin.faces.kit.tables import Column
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Problem
from lianxin.platform.pictures import XLSX

from ..acting import answer_form
from ..points.lists import Row, cells, small_table
from .desk import NeedsDesk, crumbs, desk_of, survey_url
from .forms import ContentForm, MappingForm, NewForm, QuotaForm, WorkbookForm
from .gate import keeping, presses, reading

SPOT_COLUMNS = (
    Column(gettext_lazy("Sheet")),
    Column(gettext_lazy("Row"), numeric=True),
    Column(gettext_lazy("Column")),
    Column(gettext_lazy("What to mend")),
)


@keeping
def new(request: HttpRequest) -> HttpResponse:
    """Begin a survey with a workbook; what is wrong with it is listed cell by cell."""
    desk = desk_of(request)
    form = NewForm(request.POST or None, request.FILES or None, actor=desk.actor)

    def do(entered: dict[str, Any]) -> Survey:
        data, name = (starter_form.workbook(), "questionnaire.xlsx") if entered["use_ours"] else form.taken()
        return commands.draft(
            actor=desk.actor,
            community=UUID(entered["community"]),
            title=entered["title"],
            workbook=data,
            file_name=name,
            at=desk.at,
            key=entered["key"],
        )

    return _upload(
        request,
        form,
        do=do,
        said=_("The survey is drafted. Try it, then open it."),
        title=_("Begin a survey"),
        lead=_("Questions are written in a workbook (XLSForm): one row a question. Every cell is checked first."),
        button=_("Read the workbook"),
        cancel_url=reverse("staff:surveys"),
        crumbs=crumbs(None, (_("Begin a survey"), "")),
    )


@keeping
def replace(request: HttpRequest, survey: UUID) -> HttpResponse:
    """Give a survey another workbook; it takes effect when it is opened."""
    desk, row = _open(request, survey)
    form = WorkbookForm(request.POST or None, request.FILES or None)

    def do(entered: dict[str, Any]) -> Survey:
        data, name = form.taken()
        commands.replace_workbook(
            actor=desk.actor, survey=row.pk, workbook=data, file_name=name, at=desk.at, key=entered["key"]
        )
        return row

    return _upload(
        request,
        form,
        do=do,
        said=_("The workbook is read. Try it, then put it in place."),
        title=_("Another workbook"),
        lead=_("Answers that came before stay with the questions to which they were given."),
        button=_("Read the workbook"),
        cancel_url=survey_url(row.pk),
        crumbs=crumbs(row, (_("Another workbook"), "")),
    )


@keeping
def edit(request: HttpRequest, survey: UUID) -> HttpResponse:
    """Change what is said of a survey and when it is open."""
    desk, row = _open(request, survey)
    form = ContentForm(request.POST or None, row=row, chosen=queries.asked_in(row))

    def do(entered: dict[str, Any]) -> Survey:
        content, version = form.content(), entered["version"]
        try:
            return commands.change(
                actor=desk.actor, survey=row.pk, content=content, version=version, at=desk.at, key=entered["key"]
            )
        except Invalid as wrong:
            days = {"opens_at": "opens_on", "closes_at": "closes_on"}
            raise Invalid(fields={days.get(name, name): said for name, said in wrong.fields.items()}) from None

    def fresh() -> dict[str, Any]:
        now = queries.find_survey(actor=desk.actor, survey=row.pk)
        return dict(ContentForm(row=now, chosen=queries.asked_in(now)).initial)

    return answer_form(
        request,
        form,
        do=do,
        then=lambda done: survey_url(done.pk),
        said=_("The survey is changed."),
        fresh=fresh,
        title=_("Change the survey"),
        button=_("Save"),
        cancel_url=survey_url(row.pk),
        crumbs=crumbs(row, (_("Change"), "")),
    )


@keeping
def quotas(request: HttpRequest, survey: UUID) -> HttpResponse:
    """Say how many answers are wanted from each community and age band."""
    desk, row = _open(request, survey)
    rows = queries.list_quotas(actor=desk.actor, survey=row.pk)
    form = QuotaForm(request.POST or None, rows=rows, communities=queries.asked_in(row))

    def do(entered: dict[str, Any]) -> Survey:
        commands.set_quotas(actor=desk.actor, survey=row.pk, cells=form.read(), at=desk.at, key=entered["key"])
        return row

    return answer_form(
        request,
        form,
        do=do,
        then=lambda done: survey_url(done.pk),
        said=_("The numbers are set."),
        title=_("How many answers are wanted"),
        lead=_("Answers that came already are counted anew, the first ones first. Ages come from the answers."),
        button=_("Save"),
        cancel_url=survey_url(row.pk),
        crumbs=crumbs(row, (_("Wanted answers"), "")),
    )


@keeping
def mapping(request: HttpRequest, survey: UUID) -> HttpResponse:
    """Say which answers of the newest workbook become needs."""
    desk, row = _open(request, survey)
    version = queries.list_versions(row.pk)[0]
    form = MappingForm(request.POST or None, version=version)

    def do(entered: dict[str, Any]) -> Survey:
        commands.set_mapping(
            actor=desk.actor, version=version.pk, mapping=form.mapping(), at=desk.at, key=entered["key"]
        )
        return row

    return answer_form(
        request,
        form,
        do=do,
        then=lambda done: survey_url(done.pk),
        said=_("From now on these answers are heard as needs."),
        title=_("Which answers are needs"),
        lead=_("Each such answer comes to the new voices with a receipt, in the words in which it was given."),
        button=_("Save"),
        cancel_url=survey_url(row.pk),
        crumbs=crumbs(row, (_("Which answers are needs"), "")),
    )


def _pressed(act: Callable[..., Any], said: Any) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, survey: UUID) -> HttpResponse:
        desk, row = _open(request, survey)

        def do() -> None:
            act(actor=desk.actor, survey=row.pk, at=desk.at, key=key_of(request))

        return press(request, do=do, back=survey_url(row.pk), said=said)

    return presses(view)


publish = _pressed(commands.publish, gettext_lazy("The survey takes answers now."))
close = _pressed(commands.close, gettext_lazy("The survey is ended. What came stays."))
reopen = _pressed(commands.reopen, gettext_lazy("The survey takes answers again."))


@reading
def starter(request: HttpRequest) -> HttpResponse:
    """Give our questionnaire as a workbook to change."""
    disposition = "attachment; filename=questionnaire.xlsx"
    return HttpResponse(starter_form.workbook(), content_type=XLSX, headers={"Content-Disposition": disposition})


def _open(request: HttpRequest, survey: UUID) -> tuple[NeedsDesk, Survey]:
    desk = desk_of(request)
    row = queries.find_survey(actor=desk.actor, survey=survey)
    if not queries.may_keep(actor=desk.actor, survey=row):
        raise NotAllowed
    return desk, row


def _upload(
    request: HttpRequest, form: WorkbookForm, *, do: Callable[[dict[str, Any]], Survey], said: Any, **context: Any
) -> HttpResponse:
    """Take a workbook, or show the form again with a table of what is wrong in it."""
    spots: list[Spot] = []
    if request.method == "POST" and form.is_valid():
        try:
            row = do(form.cleaned_data)
        except (Missing, NotAllowed):
            raise
        except WorkbookRefused as refused:
            spots = refused.spots
            form.add_error("workbook", _("Mend these places in the workbook, then choose it again."))
        except Problem as problem:
            tell(form, problem)
        else:
            messages.success(request, str(said))
            return redirect(survey_url(row.pk))
    rows = [Row(cells(one.sheet, one.row, one.column, one.words)) for one in spots]
    context |= {"form": form, "table": small_table(SPOT_COLUMNS, rows) if rows else None}
    return render(request, "staff/surveys/upload.html", context, status=422 if request.method == "POST" else 200)
