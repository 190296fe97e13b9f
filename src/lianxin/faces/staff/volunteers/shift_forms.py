"""Asking for people: a new shift, a changed one, one that is called off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.domain.activities.commands import shifts as commands
from lianxin.domain.activities.models import Shift
from lianxin.domain.activities.queries.shifts import find_shift
from lianxin.domain.activities.queries.teams import list_teams
from lianxin.domain.activities.queries.volunteers import list_skills
from lianxin.domain.activities.rules.shifts import MOST_PEOPLE
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.clock import LOCAL, now

from ..acting import ActForm, VersionedForm, answer_form, confirm_first, long_text
from ..choices import kinds_in_words
from .desk import VolunteerDesk, desk_of
from .gate import reads_all, running
from .words import clock_field, day_field, moment, span_words


class ShiftForm(VersionedForm):
    """What is to be done, when, where and by how many."""

    role = forms.CharField(
        label=gettext_lazy("Task"), max_length=40, help_text=gettext_lazy("For example: welcome people, set up chairs.")
    )
    what = long_text(gettext_lazy("What one does, in a sentence or two"), most=300)
    on = day_field(gettext_lazy("Day"))
    from_time = clock_field(gettext_lazy("From"))
    until_time = clock_field(gettext_lazy("Until"))
    venue = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    place = forms.CharField(label=gettext_lazy("Where exactly"), max_length=120, required=False)
    least = forms.IntegerField(label=gettext_lazy("At least so many people"), min_value=0, max_value=MOST_PEOPLE)
    most = forms.IntegerField(label=gettext_lazy("At most so many people"), min_value=1, max_value=MOST_PEOPLE)
    team = forms.ChoiceField(label=gettext_lazy("Team that does it"), required=False)
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("Skills that are needed"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Leave empty when anybody can do it."),
    )

    def __init__(self, *args: Any, desk: VolunteerDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        outside = [("", _("somewhere else, as written below"))] if desk.keeps else []
        fields["venue"].choices = [*desk.venues(), *outside]
        fields["venue"].required = not desk.keeps
        teams = list_teams(actor=desk.actor, community=desk.community) if reads_all(desk.actor) else []
        fields["team"].choices = [("", _("none")), *((str(row.id), row.name) for row in teams)]
        skills = list_skills()
        words = dict(kinds_in_words(skills))
        fields["skills"].choices = [(str(row.pk), words[row.code]) for row in skills]

    def entries(self) -> dict[str, Any]:
        """Give the values as the commands want them."""
        entered = self.cleaned_data
        return {
            **self.values("role", "what", "place", "least", "most"),
            "starts_at": moment(entered["on"], entered["from_time"]),
            "ends_at": moment(entered["on"], entered["until_time"]),
            "venue": UUID(entered["venue"]) if entered["venue"] else None,
            "team": UUID(entered["team"]) if entered["team"] else None,
            "skills": [UUID(one) for one in entered["skills"]],
        }


def page_of(shift: UUID) -> str:
    """Give the address of a shift."""
    return reverse("staff:shift", kwargs={"shift": shift})


@running
def new(request: HttpRequest, community: UUID) -> HttpResponse:
    """Open a shift that belongs to no date of an activity."""
    desk = desk_of(request, community)
    form = ShiftForm(
        request.POST or None, desk=desk, initial={"least": 1, "most": 4, "on": desk.on, "venue": _first(desk)}
    )
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.open_shift(
            actor=desk.actor, community=community, at=now(), key=wanted["key"], **form.entries()
        ),
        then=lambda row: page_of(row.pk),
        said=_("The shift is open. Residents nearby see it."),
        title=_("Open a shift"),
        lead=_("Shifts of an activity are opened together with it, on its own page."),
        button=_("Open it"),
        cancel_url=desk.url("shifts"),
        crumbs=desk.crumbs((_("New shift"), "")),
    )


@running
def edit(request: HttpRequest, shift: UUID) -> HttpResponse:
    """Change what a shift asks for."""
    found = find_shift(actor=actor_of(request), shift=shift)
    row = found.shift
    desk = desk_of(request, row.community_id)
    form = ShiftForm(request.POST or None, desk=desk, initial=_now(row))

    def do(wanted: dict[str, Any]) -> Shift:
        return commands.change_shift(
            actor=desk.actor,
            shift=shift,
            values=form.entries(),
            version=wanted["version"],
            at=now(),
            key=wanted["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _row: page_of(shift),
        said=_("Changed. Those who took the shift were told if its time or place is another."),
        fresh=lambda: _now(find_shift(actor=desk.actor, shift=shift).shift),
        title=_("Change the shift"),
        button=_("Save"),
        cancel_url=page_of(shift),
        crumbs=desk.crumbs((row.role, page_of(shift)), (_("Change"), "")),
    )


def _now(row: Shift) -> dict[str, Any]:
    start, end = row.starts_at.astimezone(LOCAL), row.ends_at.astimezone(LOCAL)
    return {
        "role": row.role,
        "what": row.what,
        "on": start.date(),
        "from_time": start.time(),
        "until_time": end.time(),
        "venue": str(row.venue_id or ""),
        "place": row.place,
        "least": row.least,
        "most": row.most,
        "team": str(row.team_id or ""),
        "skills": [str(skill.pk) for skill in row.skills.all()],
        "version": row.version,
    }


def _first(desk: VolunteerDesk) -> str:
    """Give the place where most shifts are: the centre."""
    places = desk.venues()
    return places[0][0] if places else ""


class CancelForm(ActForm):
    """Why it does not take place."""

    reason = forms.CharField(label=gettext_lazy("Reason, as those who took it will read it"), max_length=200)


@running
def cancel(request: HttpRequest, shift: UUID) -> HttpResponse:
    """Call a shift off, after telling what that means."""
    found = find_shift(actor=actor_of(request), shift=shift)
    desk = desk_of(request, found.shift.community_id)
    held = found.row.taken

    def preview(_wanted: dict[str, Any]) -> list[str]:
        if not held:
            return [_("Nobody has taken it yet.")]
        return [
            ngettext("One person is told and is free again.", "%(n)d people are told and are free again.", held)
            % {"n": held}
        ]

    return confirm_first(
        request,
        CancelForm(request.POST or None),
        do=lambda wanted: commands.cancel_shift(
            actor=desk.actor, shift=shift, reason=wanted["reason"], at=now(), key=wanted["key"]
        ),
        preview=preview,
        then=lambda _row: page_of(shift),
        said=_("The shift was called off."),
        question=_("Call this shift off?"),
        text=f"{found.row.role} · {span_words(found.row.starts_at, found.row.ends_at)}",
        button=_("Call it off"),
        cancel_url=page_of(shift),
        crumbs=desk.crumbs((found.row.role, page_of(shift)), (_("Call off"), "")),
        danger=True,
    )
