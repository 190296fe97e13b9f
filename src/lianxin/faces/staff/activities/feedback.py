"""What those who came thought of it, and noting what somebody said on the phone or on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.activities.commands.feedback import give_feedback
from lianxin.domain.activities.models import Feedback
from lianxin.domain.activities.queries.attendance import find_attendance
from lianxin.domain.activities.queries.feedback import CallRow, FeedbackView, find_feedback
from lianxin.domain.activities.rules.faces import LONGEST_WORDS
from lianxin.engines.masking import mask_name
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form, long_text
from ..points.lists import Cell, Page, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .desk import OccurrenceDesk, occurrence_desk
from .door_gate import running
from .door_words import FACE_SIGNS, FACE_TONES, FACES
from .gate import reading

COLUMNS = (
    Column(pgettext_lazy("feedback", "Face")),
    Column(pgettext_lazy("feedback", "In their words")),
    Column(gettext_lazy("Did it meet the need?")),
    Column(pgettext_lazy("feedback", "Told by")),
    Column(gettext_lazy("When")),
)
CALL_COLUMNS = (Column(gettext_lazy("Name")), Column(pgettext_lazy("feedback", "Good to know")))
HOW = dict(Feedback.How.choices)
MET = {True: gettext_lazy("yes"), False: gettext_lazy("no"), None: ""}


@reading
def show(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Show the faces, the words without names, and who could be asked by phone."""
    desk = occurrence_desk(request, occurrence)
    view = find_feedback(actor=desk.actor, occurrence=occurrence, known=desk.row)

    def fetch(after: str) -> Page:
        return [
            Row(
                cells(
                    Cell(FACES[one.face], tone=FACE_TONES[Feedback.Face(one.face)]),
                    one.words,
                    MET[one.met_need],
                    HOW[one.how],
                    one.given_at,
                ),
                pk=one.id,
            )
            for one in view.lines
        ], ""

    context = desk.context("feedback", (pgettext("activity", "Feedback"), "")) | {
        "opinion": view.opinion,
        "faces": _faces(view),
        "facts": _facts(view),
        "sections": _calls(desk, view.to_call),
        "empty_title": _("Nobody has added words to a face.")
        if view.opinion.given
        else _("Nobody has said anything yet."),
        "empty_text": _("Those who came can tap a face on their phone for thirty days. Others can be asked by phone."),
    }
    return answer_list(
        request,
        columns=COLUMNS,
        fetch=fetch,
        context=context,
        template="staff/activities/feedback.html",
        count=len(view.lines),
        place=desk.when,
    )


def _faces(view: FeedbackView) -> list[tuple[str, Any, int]]:
    told = view.opinion
    counted = {Feedback.Face.GLAD: told.glad, Feedback.Face.SO_SO: told.so_so, Feedback.Face.SAD: told.sad}
    return [(FACE_SIGNS[face], FACES[face], count) for face, count in counted.items()]


def _facts(view: FeedbackView) -> list[tuple[Any, Any]]:
    told = view.opinion
    return [
        (_("Came"), told.asked),
        (_("Said something"), told.given),
        (_("Glad"), "—" if told.glad_percent is None else f"{told.glad_percent}%"),
        (_("It met the need"), "—" if told.met_percent is None else f"{told.met_percent}%"),
    ]


def _calls(desk: OccurrenceDesk, people: list[CallRow]) -> list[Section]:
    if not people:
        return []
    rows = [
        Row(cells(leads(one.masked_name, "feedback_note", attendance=one.attendance), _about(one)), pk=one.attendance)
        for one in people
    ]
    lines = [_("Elders, and those without a phone of their own. Nobody has to answer.")]
    return [
        Section(
            _("Who could be asked by phone or at the next visit"), lines=lines, table=small_table(CALL_COLUMNS, rows)
        )
    ]


def _about(one: CallRow) -> str:
    words = []
    if one.no_phone:
        words.append(_("has no phone"))
    if one.prefers_teochew:
        words.append(_("prefers to speak Teochew"))
    return _(", ").join(words)


class FeedbackForm(ActForm):
    """A face, some words, whether it met the need, and how one was told."""

    face = forms.TypedChoiceField(
        label=gettext_lazy("How was it?"), choices=Feedback.Face.choices, coerce=int, widget=forms.RadioSelect
    )
    met_need = forms.ChoiceField(
        label=gettext_lazy("Did it meet the need?"),
        choices=[("", gettext_lazy("not asked")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        required=False,
    )
    words = long_text(gettext_lazy("In their words"), most=LONGEST_WORDS)
    how = forms.ChoiceField(
        label=pgettext_lazy("feedback", "Told by"),
        choices=[(Feedback.How.PHONE, Feedback.How.PHONE.label), (Feedback.How.PAPER, Feedback.How.PAPER.label)],
    )


@running
def note(request: HttpRequest, attendance: UUID) -> HttpResponse:
    """Note what somebody said."""
    row = find_attendance(actor=actor_of(request), attendance=attendance)
    desk = occurrence_desk(request, row.occurrence_id)
    met = {"yes": True, "no": False}
    return answer_form(
        request,
        FeedbackForm(request.POST or None),
        do=lambda wanted: give_feedback(
            actor=desk.actor,
            attendance=attendance,
            face=wanted["face"],
            words=wanted["words"],
            met_need=met.get(wanted["met_need"]),
            how=wanted["how"],
            at=now(),
            key=wanted["key"],
        ),
        then=lambda _given: desk.url("feedback"),
        said=_("Noted. Thank you for asking."),
        title=_("What %(name)s said") % {"name": mask_name(row.person.name if row.person else row.guest_name)},
        button=_("Note it"),
        cancel_url=desk.url("feedback"),
        crumbs=desk.crumbs((pgettext("activity", "Feedback"), desk.url("feedback")), (_("Note"), "")),
    )
