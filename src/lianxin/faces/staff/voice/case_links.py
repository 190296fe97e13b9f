"""What becomes of a case: a need, a room, an activity, a matter for all to talk over, a mediation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.bookings.queries.terms import list_rooms
from lianxin.domain.places.queries.services import list_categories
from lianxin.domain.voice.commands import linking, matters, mediations
from lianxin.domain.voice.models import Case, CaseLink, MediationParty, Subject
from lianxin.faces.kit.navigation import url_or_none
from lianxin.platform import scope

from ..acting import ActForm, day_field, long_text
from ..choices import CHOOSE, kinds_in_words
from ..rooms.booking_new import clock_field, span_of
from .case_acts import case_form, opened
from .case_desk import case_url
from .case_gate import keeping
from .case_words import LINKS

Kind = CaseLink.Kind


class NeedForm(ActForm):
    """What is wanted, in the words of who asked."""

    words = long_text(
        gettext_lazy("What is needed, as the needs list keeps it"),
        most=1000,
        help_text=gettext_lazy("Empty: in the words of who brought it."),
    )


class RoomForm(ActForm):
    """Which room, when, for what."""

    room = forms.ChoiceField(label=gettext_lazy("Room"))
    on = day_field(gettext_lazy("Day"))
    opens = clock_field(gettext_lazy("From"))
    closes = clock_field(pgettext_lazy("rooms", "To"))
    title = forms.CharField(
        label=gettext_lazy("What the room board shows"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Everybody who passes reads it: no names."),
    )
    people_expected = forms.IntegerField(
        label=gettext_lazy("How many people are expected?"), required=False, min_value=1
    )

    def __init__(self, *args: Any, rooms: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["room"]
        field.choices = [("", CHOOSE), *rooms]


class ActivityForm(ActForm):
    """What the draft is called and of which category it is."""

    title = forms.CharField(label=gettext_lazy("What it is called"), max_length=80, required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The command asks for the row, pages for its code: both from one query.
        self.kinds = list(list_categories())
        field: Any = self.fields["category"]
        field.choices = [("", CHOOSE), *kinds_in_words(self.kinds)]

    def chosen(self) -> UUID:
        """Give the category that was chosen."""
        return next(one.pk for one in self.kinds if one.code == self.cleaned_data["category"])


class MatterForm(ActForm):
    """What all are asked to talk over."""

    title = forms.CharField(label=gettext_lazy("What is talked over"), max_length=80)
    subject = forms.ChoiceField(label=gettext_lazy("What is it about?"), choices=Subject.choices)
    summary = long_text(gettext_lazy("How it stands, for those who are invited"), most=3000)


class MediationForm(ActForm):
    """What the quarrel is about, and between whom."""

    words = long_text(
        gettext_lazy("What the quarrel is about"),
        most=1000,
        required=True,
        help_text=gettext_lazy("Sealed: only the mediator opens it. The case leaves the board."),
    )
    one_side = forms.CharField(label=gettext_lazy("Who asks for it"), max_length=80)
    other_side = forms.CharField(label=gettext_lazy("The other side"), max_length=80)


@keeping
def need(request: HttpRequest, case: UUID) -> HttpResponse:
    """Put what a case asks for on the needs list."""
    desk, row = opened(request, case)
    return case_form(
        request,
        desk,
        row,
        NeedForm(request.POST or None),
        do=lambda entered: linking.to_need(
            actor=desk.actor, case=case, words=entered["words"], at=desk.at, key=entered["key"]
        ),
        said=_("It is among the new voices of the needs list now."),
        title=_("Make it a need"),
        button=_("Put it on the needs list"),
    )


@keeping
def room(request: HttpRequest, case: UUID) -> HttpResponse:
    """Book a room for a talk about a case, or because a room was what was asked for."""
    desk, row = opened(request, case)
    with scope.within(desk.actor.communities):
        rooms = [
            (str(one.room.pk), f"{one.room.venue.name} · {one.room.name}")
            for one in list_rooms(communities=[row.community_id])
        ]

    def do(entered: dict[str, Any]) -> Any:
        span = span_of(entered["on"], entered["opens"], entered["closes"])
        return linking.to_booking(
            actor=desk.actor,
            case=case,
            room=UUID(entered["room"]),
            times=[span],
            title=entered["title"],
            people_expected=entered["people_expected"],
            at=desk.at,
            key=entered["key"],
        )

    return case_form(
        request,
        desk,
        row,
        RoomForm(request.POST or None, rooms=rooms),
        do=do,
        said=_("The room is booked."),
        title=_("Book a room for it"),
        button=pgettext("button", "Book"),
    )


@keeping
def activity(request: HttpRequest, case: UUID) -> HttpResponse:
    """Draft an activity out of a case."""
    desk, row = opened(request, case)
    form = ActivityForm(request.POST or None, initial={"title": row.public_title})
    return case_form(
        request,
        desk,
        row,
        form,
        do=lambda entered: linking.to_activity(
            actor=desk.actor,
            case=case,
            category=form.chosen(),
            title=entered["title"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda made: url_or_none("staff:activity", activity=made.pk) or case_url(case),
        said=_("A draft is made. Plan it, then publish it."),
        title=_("Plan an activity"),
        button=_("Make a draft"),
    )


@keeping
def matter(request: HttpRequest, case: UUID) -> HttpResponse:
    """Let all sides talk a case over."""
    desk, row = opened(request, case)
    form = MatterForm(request.POST or None, initial={"title": row.public_title or row.title, "subject": row.subject})
    return case_form(
        request,
        desk,
        row,
        form,
        do=lambda entered: matters.open_matter(
            actor=desk.actor,
            community=row.community_id,
            **form.values("title", "subject", "summary"),
            case=case,
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda made: url_or_none("staff:matter", matter=made.pk) or case_url(case),
        said=_("Now invite the sides and call a meeting."),
        title=_("Let all talk it over"),
        button=_("Open the matter"),
    )


@keeping
def mediation(request: HttpRequest, case: UUID) -> HttpResponse:
    """Let a mediator settle a quarrel; what is said there is sealed."""
    desk, row = opened(request, case)

    def do(entered: dict[str, Any]) -> Any:
        sides = ((MediationParty.Side.ASKING, entered["one_side"]), (MediationParty.Side.OTHER, entered["other_side"]))
        return mediations.ask(
            actor=desk.actor,
            community=row.community_id,
            subject_words=entered["words"],
            case=case,
            tier=row.tier,
            parties=[mediations.NewParty(side=side, name=name) for side, name in sides],
            at=desk.at,
            key=entered["key"],
        )

    return case_form(
        request,
        desk,
        row,
        MediationForm(request.POST or None),
        do=do,
        then=lambda made: url_or_none("staff:mediation", mediation=made.pk) or case_url(case),
        said=_("The mediation is asked for. Nothing of it is shown to others."),
        title=_("Ask for mediation"),
        button=_("Ask for mediation"),
    )


def links_of(links: list[CaseLink], case: Case) -> list[tuple[str, Any]]:
    """Give what became of a case, each with its page where there is one."""
    found = []
    for one in links:
        name, parameter = LINKS[one.kind]
        found.append((url_or_none(name, **{parameter: one.record_id}) or case_url(case.pk), one.get_kind_display()))
    return found
