"""Who is to be told by phone or on paper, the slips for it, and who is to be asked whether it is still needed."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs.commands import answers, telling
from lianxin.domain.needs.models import Answer, Need
from lianxin.domain.needs.queries import lists, reports
from lianxin.domain.needs.rules import receipts
from lianxin.engines.masking import mask_phone
from lianxin.faces.kit.acting import key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope

from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads
from .desk import NeedsDesk, PlaceFilter, desk_of, page_of, voice_url
from .gate import keeper_presses, keeper_reads, open_reply, open_voice
from .words import ANSWER_TONES, category_of, who

COLUMNS = (
    Column(pgettext_lazy("needs", "Whom")),
    Column(gettext_lazy("Phone")),
    Column(gettext_lazy("Answer")),
    Column(pgettext_lazy("needs", "What they said")),
    Column(gettext_lazy("Community")),
    Column(pgettext_lazy("needs", "Given on")),
    Column(gettext_lazy("State")),
    Column(""),
)
STALE_COLUMNS = (
    Column(pgettext_lazy("needs", "What is needed")),
    Column(gettext_lazy("Category")),
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("Voices"), numeric=True),
    Column(gettext_lazy("Last said on")),
    Column(gettext_lazy("Ask again by")),
    Column(""),
)


class CallsFilter(PlaceFilter):
    """By phone or on paper, and where."""

    way = forms.ChoiceField(
        label=pgettext_lazy("needs", "How"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            (Answer.State.TO_TELL, Answer.State.TO_TELL.label),
            (Answer.State.TO_HAND, Answer.State.TO_HAND.label),
        ],
    )

    def __init__(self, *args: object, desk: NeedsDesk, **kwargs: object) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        del self.fields["category"]


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
            phones = telling.phones_of(one.report for one in part)
            return [_row(one, phones.get(one.report_id, ""), desk) for one in part], following

        context = desk.context("calls", _("To be told"))
        context |= {
            "form": form,
            "lead": _("Call them or bring the slip, then press “Told”. Open the voice for the whole number."),
            "empty_title": _("Everybody is told."),
            "empty_text": _("Answers for those who chose a call or paper stand here until they have them."),
        }
        return answer_list(request, columns=desk.columns(COLUMNS), fetch=fetch, context=context, count=rows.count())


def _row(one: Answer, phone: str, desk: NeedsDesk) -> Row:
    row = one.report
    words = row.words if len(row.words) <= 40 else row.words[:40] + "…"
    return Row(
        cells(
            leads(who(row), "voice", voice=row.pk),
            mask_phone(phone) if phone else "",
            one.words,
            words,
            *([one.community.short_name] if desk.has_many else []),
            spoken(one.made_at),
            Cell(one.get_state_display(), tone=ANSWER_TONES[Answer.State(one.state)]),
        ),
        pk=one.pk,
        presses=[Press(reverse("staff:need_told", kwargs={"reply": one.pk}), _("Told"))],
    )


@keeper_presses
def told(request: HttpRequest, reply: UUID) -> HttpResponse:
    """Note that an asker was told."""
    desk = desk_of(request)
    open_reply(desk.actor, reply)
    return press(
        request,
        do=lambda: answers.note_told(actor=desk.actor, answers=[reply], at=desk.at, key=key_of(request)),
        back=reverse("staff:needs_calls"),
        said=_("Noted that they were told."),
    )


@keeper_reads
def slip(request: HttpRequest, voice: UUID) -> HttpResponse:
    """Give a voice's receipt as a slip of paper, with what they were told so far."""
    desk = desk_of(request)
    row = open_voice(desk.actor, voice)
    has_phone = row.guest_phone is not None or bool(row.person and row.person.phone_last4)
    return render(
        request,
        "staff/needs/slip.html",
        {
            "row": row,
            "number": receipts.spaced(row.receipt),
            "word": "" if has_phone else receipts.word_for(row.pk),
            "answers": row.answers.all(),
            "category": category_of(row),
            "link": telling.link_of(row),
            "sheet_title": _("Receipt"),
            "sheet_place": row.community.short_name,
            "sheet_period": spoken(row.heard_at),
            "sheet_url": telling.link_of(row),
            "printed_at": desk.at,
            "back_url": voice_url(row.pk),
        },
    )


@keeper_reads
def stale(request: HttpRequest) -> HttpResponse:
    """List the entries of which nobody said for a long time that they still hold."""
    desk = desk_of(request)
    form = PlaceFilter(request.GET, desk=desk)
    with scope.within(desk.actor.communities):
        rows = lists.list_stale(
            actor=desk.actor,
            on=desk.on,
            communities=form.communities,
            category=request.GET.get("category", "")[:3],
        )

        def fetch(after: str) -> Page:
            part, following = page_of(rows, after)
            return [_stale_row(one, desk) for one in part], following

        context = desk.context("confirm", _("Still needed?"))
        context |= {
            "form": form,
            "lead": _(
                "Those who get messages were asked. Ask the others by phone; what nobody confirms is not planned for."
            ),
            "empty_title": _("Nothing has to be asked again."),
            "empty_text": _("Entries come here two weeks before ninety days without a word are over."),
        }
        return answer_list(
            request, columns=desk.columns(STALE_COLUMNS), fetch=fetch, context=context, count=rows.count()
        )


def _stale_row(one: Need, desk: NeedsDesk) -> Row:
    return Row(
        cells(
            leads(one.title, "need", entry=one.pk),
            category_of(one),
            *([one.community.short_name] if desk.has_many else []),
            one.voices,
            spoken(one.last_heard_on),
            spoken(one.confirm_by),
        ),
        pk=one.pk,
        presses=[Press(reverse("staff:need_confirm", kwargs={"entry": one.pk}), _("It still holds"))],
    )
