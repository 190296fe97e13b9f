"""Who is to be told by phone or on paper, and what they say when they are told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.voice.commands import closing, telling
from lianxin.domain.voice.models import Case, CaseAnswer
from lianxin.domain.voice.queries import reports
from lianxin.engines.masking import mask_phone
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..acting import answer_form
from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from .case_acts import crumbs_of
from .case_desk import CaseDesk, PlaceFilter, case_url, desk_of, page_of
from .case_forms import ToldForm
from .case_gate import keeper_reads, keeping, open_answer, open_case
from .case_people import name_of, names_of
from .case_words import ANSWER_TONES, short

COLUMNS = (
    Column(pgettext_lazy("voice", "Whom")),
    Column(gettext_lazy("Phone")),
    Column(gettext_lazy("What to tell them")),
    Column(pgettext_lazy("voice", "What they said")),
    Column(gettext_lazy("Community")),
    Column(pgettext_lazy("voice", "Since")),
    Column(gettext_lazy("State")),
    Column(pgettext_lazy("voice", "Paper")),
)


class CallsFilter(PlaceFilter):
    """By phone or on paper, and where."""

    way = forms.ChoiceField(
        label=pgettext_lazy("voice", "How"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            (CaseAnswer.State.TO_TELL, CaseAnswer.State.TO_TELL.label),
            (CaseAnswer.State.TO_HAND, CaseAnswer.State.TO_HAND.label),
        ],
    )


@keeper_reads
def browse(request: HttpRequest) -> HttpResponse:
    """List the answers that wait to be told, oldest first."""
    desk = desk_of(request)
    form = CallsFilter(request.GET, desk=desk)
    with scope.within(desk.actor.communities):
        rows = reports.list_to_tell(
            actor=desk.actor, communities=form.communities, state=request.GET.get("way", "")[:7]
        )

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            names = names_of(desk, [(one.report, one.report.case) for one in part])
            phones = telling.phones_of(one.report for one in part)
            return [_row(one, names[one.report_id], phones.get(one.report_id, ""), desk) for one in part], following

        context = desk.context("calls", _("To be told"))
        context |= {
            "form": form,
            "lead": _("Call them, or print the slip and bring it. Then note what they said to it."),
            "empty_title": _("Everybody is told."),
            "empty_text": _("Answers for those who chose a call or paper stand here until they have them."),
        }
        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=rows.count())


def _row(one: CaseAnswer, name: str, phone: str, desk: CaseDesk) -> Row:
    named = {"case_answer": one.pk}
    return Row(
        cells(
            leads(name, "case_told", **named),
            mask_phone(phone) if phone else "",
            short(one.words, 60),
            short(one.report.words, 40),
            *([one.community.short_name] if desk.has_many else []),
            spoken(one.made_at),
            Cell(one.get_state_display(), tone=ANSWER_TONES[CaseAnswer.State(one.state)]),
            leads(_("Print the slip"), "case_slip", report=one.report_id),
        ),
        pk=one.pk,
    )


@keeping
def told(request: HttpRequest, case_answer: UUID) -> HttpResponse:
    """Note that somebody was told, and what they said to it; a case that is done is asked about in the same call."""
    desk = desk_of(request)
    one = open_answer(desk.actor, case_answer)
    row = open_case(desk.actor, one.report.case_id)
    asks = row.state == Case.State.DONE
    phone = telling.phones_of([one.report]).get(one.report_id, "")
    whom = name_of(desk, one.report, row)

    def do(entered: dict[str, Any]) -> Any:
        telling.note_told(
            actor=desk.actor,
            answers=[case_answer],
            replies={case_answer: entered["reply"]},
            at=desk.at,
            key=entered["key"],
        )
        if entered.get("solved"):
            closing.say(
                actor=desk.actor,
                report=one.report_id,
                solved=entered["solved"] == "yes",
                words=entered["reply"],
                how="paper" if one.state == CaseAnswer.State.TO_HAND else "phone",
                at=desk.at,
            )

    title = _("Tell %(name)s") % {"name": whom}
    return answer_form(
        request,
        ToldForm(request.POST or None, asks=asks),
        do=do,
        then=lambda _done: reverse("staff:case_calls"),
        said=_("Noted that they were told."),
        title=title,
        lead=f"“{one.words}”",
        lines=[
            _("They said: “%(words)s”") % {"words": one.report.words},
            *([_("Phone: %(number)s") % {"number": phone}] if phone else []),
            *([_("Ask them: is it solved?")] if asks and not one.report.said else []),
        ],
        button=_("They were told"),
        cancel_url=case_url(row.pk),
        crumbs=crumbs_of(row, title),
        also=[(reverse("staff:case_slip", kwargs={"report": one.report_id}), _("Print the slip"), "quiet")],
    )
