"""Objections: the ones that wait for an answer, one of them, and writing one down for somebody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.queries.people import list_people
from lianxin.domain.points import policy
from lianxin.domain.points.commands.objections import decide, raise_objection
from lianxin.domain.points.models import Objection
from lianxin.domain.points.queries.notices import ObjectionView, find_notice_for_staff, find_objection, list_objections
from lianxin.faces.kit.acting import actor_of, carry_out
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now
from lianxin.platform.errors import Invalid, Missing

from ..acting import ActForm, answer_form, long_text
from .desk import Desk, desk_of
from .gate import form_for, keeping, reading
from .lists import Cell, Page, Row, answer_list, cells, leads
from .notices import notice_crumbs, open_notice
from .told import Section, story_of
from .words import OBJECTION_TONES, VIA

State = Objection.State
MOST = 200
COLUMNS = (
    Column(gettext_lazy("Raised")),
    Column(gettext_lazy("Notice"), numeric=True),
    Column(gettext_lazy("By")),
    Column(gettext_lazy("Against")),
    Column(gettext_lazy("What is said")),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Answered")),
)


class ObjectionFilter(forms.Form):
    """Which objections the list shows."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("open", gettext_lazy("waiting for an answer")), ("all", gettext_lazy("All"))],
    )


@reading
def show_list(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the objections of a community, those that wait for an answer unless all are wanted."""
    desk = desk_of(request, community)
    form = ObjectionFilter(request.GET)
    wanted = "" if request.GET.get("state") == "all" else State.OPEN.value

    def fetch(_after: str) -> Page:
        found = list_objections(actor=desk.actor, community=community, state=wanted, limit=MOST)
        return [_row(one) for one in found], ""

    context = desk.context("points_objections", _("Objections"))
    context |= {
        "form": form,
        "empty_title": _("No objection waits for an answer."),
        "empty_text": _("Residents object to what hangs out; you can also write down what somebody says at the desk."),
        "empty_url": desk.url("points_notices"),
        "empty_link": _("To the public notices"),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, place=desk.name)


def _row(one: ObjectionView) -> Row:
    return Row(
        cells(
            leads(one.raised_at, "points_objection", objection=one.id),
            one.notice_number,
            one.masked_name or _("not named"),
            _against(one),
            one.text[:80],
            Cell(State(one.state).label, tone=OBJECTION_TONES[State(one.state)]),
            one.decided_at,
        )
    )


def _against(one: ObjectionView) -> str:
    if one.award is None:
        return str(_("the notice as a whole"))
    return _("%(points)d points for %(item)s, household %(number)s") % {
        "points": one.award.points,
        "item": one.award.item,
        "number": one.award.household_number,
    }


class DecideForm(ActForm):
    """How an objection ends, and the answer to who raised it."""

    upheld = forms.ChoiceField(
        label=gettext_lazy("Is the objection right?"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", gettext_lazy("Yes: what it is against is taken back")),
            ("no", gettext_lazy("No: everything stays as it is")),
        ],
    )
    answer = long_text(
        gettext_lazy("Answer"),
        most=1000,
        required=True,
        help_text=gettext_lazy("It is sent to who objected. Say what you looked at and what you found."),
    )


def _open(request: HttpRequest, objection: UUID) -> tuple[Desk, ObjectionView]:
    actor = actor_of(request)
    one = find_objection(actor=actor, objection=objection)
    told = find_notice_for_staff(actor=actor, notice=one.notice, limit=0)
    return desk_of(request, told.page.card.community), one


@form_for(policy.may_see_points)
def show(request: HttpRequest, objection: UUID) -> HttpResponse:
    """Show an objection, and take the decision on it."""
    desk, one = _open(request, objection)
    decides = one.state == State.OPEN and policy.may_take_back(desk.actor) and not one.is_own_award
    here = reverse("staff:points_objection", kwargs={"objection": objection})
    form = DecideForm(request.POST or None) if decides else None
    if request.method == "POST":
        policy.require(policy.may_take_back(desk.actor))
        form = form or DecideForm(request.POST)
        done = carry_out(
            request,
            form,
            do=lambda wanted: decide(
                actor=desk.actor,
                objection=objection,
                upheld=wanted["upheld"] == "yes",
                answer=wanted["answer"],
                at=now(),
                key=wanted["key"],
            ),
            then=lambda _row: here,
            said=_("The objection is answered."),
        )
        if done is not None:
            return done
    title = _("Objection to notice no. %(number)d") % {"number": one.notice_number}
    context = desk.context("points_objections", title)
    context |= {
        "crumbs": desk.crumbs((_("Objections"), desk.url("points_objections")), (title, "")),
        "state_label": State(one.state).label,
        "state_tone": OBJECTION_TONES[State(one.state)],
        "form": form,
        "banners": [("info", _("You gave these points yourself. A colleague has to decide this objection."))]
        if one.state == State.OPEN and one.is_own_award
        else [],
        "sections": [
            Section(_("What is said"), text=one.text),
            *([Section(_("Answer"), text=one.answer)] if one.answer else []),
        ],
        "facts": _facts(one),
        "entries": story_of(desk.actor, "points.objection", objection),
    }
    return render(request, "staff/points/objection.html", context, status=422 if form and form.errors else 200)


def _facts(one: ObjectionView) -> list[tuple[Any, ...]]:
    claim = reverse("staff:points_claim", kwargs={"claim": one.claim}) if one.claim else ""
    person = reverse("staff:person", kwargs={"person": one.person}) if one.person else ""
    return [
        (_("By"), one.masked_name or _("not named"), person),
        (_("How it came"), VIA.get(one.via, _("By the residents' pages"))),
        (_("Raised"), spoken(one.raised_at)),
        (
            _("Public notice"),
            _("No. %(number)d") % {"number": one.notice_number},
            reverse("staff:points_notice", kwargs={"notice": one.notice}),
        ),
        (_("Against"), _against(one), claim),
        *([(_("Answered"), spoken(one.decided_at))] if one.decided_at else []),
    ]


class RaiseForm(ActForm):
    """What somebody says against a notice, and how it came."""

    via = forms.ChoiceField(label=gettext_lazy("How it came"), choices=list(VIA.items()), widget=forms.RadioSelect)
    who = forms.CharField(
        label=gettext_lazy("Who says it"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("The name, and behind it the household's number if there are several. May stay empty."),
    )
    text = long_text(gettext_lazy("What is said"), most=1000, required=True)


@keeping
def raise_for(request: HttpRequest, notice: UUID) -> HttpResponse:
    """Write down what somebody says against a notice, or against one award on it."""
    desk, told = open_notice(request, notice)
    card = told.page.card
    claim = _claim(request)

    def do(wanted: dict[str, Any]) -> Objection:
        return raise_objection(
            actor=desk.actor,
            notice=notice,
            claim=claim,
            person=_person(desk, wanted["who"]),
            via=wanted["via"],
            text=wanted["text"],
            at=now(),
            key=wanted["key"],
        )

    return answer_form(
        request,
        RaiseForm(request.POST or None),
        do=do,
        then=lambda made: reverse("staff:points_objection", kwargs={"objection": made.pk}),
        said=_("The objection is written down. It is to be answered within five working days."),
        title=_("Write down an objection"),
        lead=_("Against one award of notice no. %(number)d") % {"number": card.number}
        if claim
        else _("Against notice no. %(number)d as a whole") % {"number": card.number},
        button=_("Write it down"),
        cancel_url=reverse("staff:points_notice", kwargs={"notice": notice}),
        crumbs=notice_crumbs(desk, card, _("Objection")),
    )


def _claim(request: HttpRequest) -> UUID | None:
    text = request.GET.get("claim", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Missing from None


def _person(desk: Desk, who: str) -> UUID | None:
    """Find who is named, by name and maybe the household's number."""
    words = who.split()
    if not words:
        return None
    number = words[-1].zfill(6) if len(words) > 1 and words[-1].isdigit() else ""
    name = " ".join(words[:-1] if number else words)
    page = list_people(
        actor=desk.actor, on=desk.on, query=name, household_number=number, community=desk.community, limit=2
    )
    if not page.rows:
        raise Invalid(fields={"who": [_("Nobody of this name lives in this community.")]})
    if len(page.rows) > 1:
        raise Invalid(
            fields={"who": [_("Several people are called so. Write the household's number behind the name.")]}
        )
    return page.rows[0].id
