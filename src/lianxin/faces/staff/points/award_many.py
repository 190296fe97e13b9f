"""Giving points to many at once: a list typed or pasted, or households ticked; looked through, then entered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.domain.points.commands.awards import Award, award_list
from lianxin.domain.points.models import Claim
from lianxin.domain.points.queries.award_lists import NO_HOUSEHOLD, Matched, Typed, match_lines
from lianxin.domain.points.queries.award_previews import list_offers
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing, NotAllowed, Problem

from ..acting import ActForm, day_field, long_text
from .desk import Desk, desk_of
from .gate import awarding
from .words import item_choice

MOST_LINES = 500
WHOLE = "-"
LINE = re.compile(
    r"^(?P<number>[\w-]+)(?:[\s,，、]+(?P<name>[^\s\d,，、][^\s,，、]*))?(?:[\s,，、]+(?P<quantity>\d+))?$"
)


class ListForm(ActForm):
    """What was done, and by which households."""

    item = forms.ChoiceField(label=gettext_lazy("What was done"))
    done_on = day_field(gettext_lazy("On which day"))
    quantity = forms.IntegerField(
        label=gettext_lazy("How much"),
        initial=1,
        min_value=1,
        help_text=gettext_lazy("For lines that say nothing else."),
        widget=forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"}),
    )
    evidence = forms.CharField(label=gettext_lazy("Evidence"), max_length=200, required=False)
    note = forms.CharField(label=gettext_lazy("Words for the passbook"), max_length=500, required=False)
    lines = long_text(
        gettext_lazy("Households"),
        most=20_000,
        rows=8,
        required=True,
        help_text=gettext_lazy("One a line: the household's number, then if needed who did it and how much."),
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = list_offers(actor=desk.actor, community=desk.community, household=None, person=None, on=desk.on)
        fields: dict[str, Any] = self.fields
        fields["item"].choices = [("", _("Please choose")), *((one.item.code, item_choice(one.item)) for one in offers)]
        fields["done_on"].initial = desk.on

    def clean_lines(self) -> list[Typed]:
        """Read the lines; those that make no sense are named."""
        typed, wrong = [], []
        for text in str(self.cleaned_data["lines"]).splitlines():
            if not text.strip():
                continue
            found = LINE.match(text.strip())
            if found is None:
                wrong.append(text.strip()[:30])
                continue
            quantity = found["quantity"]
            typed.append(Typed(found["number"], found["name"] or "", None, int(quantity) if quantity else None))
        if wrong:
            raise forms.ValidationError(
                _("Write a number, then if needed a name and how much. Not understood: %(lines)s")
                % {"lines": "; ".join(wrong[:5])}
            )
        if len(typed) > MOST_LINES:
            raise forms.ValidationError(
                _("At most %(most)d lines at once. Send longer lists in as a table.") % {"most": MOST_LINES}
            )
        return typed


@dataclass
class Line:
    """One line that is looked through: who was found, what is chosen, and what is wrong."""

    number: str
    household: str
    members: list[tuple[str, str]]
    person: str
    quantity: str
    used: bool
    problems: list[str] = field(default_factory=list)


@awarding
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """Take a list in, show who was found, and give the points to those that stay ticked."""
    desk = desk_of(request, community)
    if desk.book is None or desk.book.state != "open":
        return redirect(desk.url("points_award"))
    looking = request.POST.get("act") in ("give", "look")
    form = ListForm(request.POST or None, desk=desk, initial={"lines": _ticked(request, desk)})
    lines: list[Line] | None = None
    if request.method == "POST" and form.is_valid():
        if looking:
            lines = _sent(request, desk)
            done = _give(request, desk, form, lines)
            if done is not None:
                return done
        else:
            typed = form.cleaned_data["lines"]
            found = match_lines(actor=desk.actor, community=community, lines=typed)
            lines = [_line(one, form.cleaned_data["quantity"]) for one in found]
    title = _("Give points to many at once")
    context = desk.context(
        "points_award", title, (_("Give points"), desk.url("points_award")), (_("A list of households"), "")
    )
    context |= {
        "form": form,
        "lines": lines,
        "chosen_item": dict(form.fields["item"].choices).get(form["item"].value()) if lines else "",  # type: ignore[attr-defined]
    }
    return render(request, "staff/points/award_many.html", context, status=422 if form.errors else 200)


def _ticked(request: HttpRequest, desk: Desk) -> str:
    """Write down the households that were ticked on the list of passbooks."""
    ids = []
    for text in request.GET.getlist("chosen")[:MOST_LINES]:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    if not ids:
        return ""
    lines = [Typed(household=pk) for pk in ids]
    found = match_lines(actor=desk.actor, community=desk.community, lines=lines)
    return "\n".join(one.number for one in found if one.household)


def _line(one: Matched, quantity: int) -> Line:
    problems = []
    if one.problem == NO_HOUSEHOLD:
        problems.append(_("No household of this community has this number."))
    elif one.problem:
        problems.append(_("Nobody of this name lives there. Choose who it was."))
    return Line(
        number=one.number,
        household=str(one.household or ""),
        members=[(str(pk), name) for pk, name in one.members],
        person=str(one.person or ("" if one.typed.name else WHOLE)),
        quantity=str(one.typed.quantity or quantity),
        used=one.household is not None,
        problems=problems,
    )


def _sent(request: HttpRequest, desk: Desk) -> list[Line]:
    """Read the looked-through lines back as they were sent."""
    sent = request.POST
    ids: list[UUID | None] = []
    for text in sent.getlist("household")[:MOST_LINES]:
        try:
            ids.append(UUID(text))
        except ValueError:
            ids.append(None)
    found = match_lines(actor=desk.actor, community=desk.community, lines=[Typed(household=pk) for pk in ids])
    lines = []
    for place, one in enumerate(found):
        line = _line(one, 1)
        line.person = sent.get(f"person-{place}", WHOLE)
        line.quantity = sent.get(f"quantity-{place}", "1")
        line.used = one.household is not None and f"use-{place}" in sent
        if one.household is not None:
            line.problems = []
        lines.append(line)
    return lines


def _give(request: HttpRequest, desk: Desk, form: ListForm, lines: list[Line]) -> HttpResponse | None:
    used = [line for line in lines if line.used]
    awards: list[Award] = []
    for line in used:
        members = dict(line.members)
        if not line.quantity.isdecimal() or not 0 < int(line.quantity) <= 100_000:
            line.problems.append(_("Give a whole number of at least 1."))
        if line.person != WHOLE and line.person not in members:
            line.problems.append(_("Choose who it was."))
        if line.problems:
            continue
        awards.append(
            Award(
                household=UUID(line.household),
                person=None if line.person == WHOLE else UUID(line.person),
                item=form.cleaned_data["item"],
                quantity=int(line.quantity),
                done_on=form.cleaned_data["done_on"],
                evidence=form.cleaned_data["evidence"],
                note=form.cleaned_data["note"],
            )
        )
    if not used:
        form.add_error(None, _("Tick at least one household."))
    if not used or len(awards) < len(used):
        if used:
            form.add_error(None, _("Some lines cannot be entered. Nothing was given yet."))
        return None
    try:
        claims = award_list(actor=desk.actor, awards=awards, at=now(), key=form.cleaned_data["key"])
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        for number, sentences in problem.fields.items():
            if number.isdecimal() and int(number) <= len(used):
                used[int(number) - 1].problems += [str(sentence) for sentence in sentences]
        form.add_error(None, str(problem.detail))
        return None
    messages.success(request, told_of(claims))
    return redirect(desk.url("points_claims"))


def told_of(claims: list[Claim]) -> str:
    """Say what came of a list."""
    given = [claim for claim in claims if claim.state == Claim.State.AWARDED]
    waiting = sum(claim.state == Claim.State.WAITING for claim in claims)
    nothing = len(claims) - len(given) - waiting
    points = sum(claim.points for claim in given)
    sentences = [
        ngettext(
            "%(points)d points were given to %(count)d household.",
            "%(points)d points were given to %(count)d households.",
            len(given),
        )
        % {"points": points, "count": len(given)}
    ]
    if waiting:
        sentences.append(
            ngettext("%(count)d waits for a second person.", "%(count)d wait for a second person.", waiting)
            % {"count": waiting}
        )
    if nothing:
        sentences.append(ngettext("%(count)d got nothing.", "%(count)d got nothing.", nothing) % {"count": nothing})
    return " ".join(sentences)
