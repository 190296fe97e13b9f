"""Changing one date, calling it off, taking a draft of it out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from lianxin.domain.activities.commands.occurrences import cancel_occurrence, change_occurrence, remove_date
from lianxin.domain.activities.models import Occurrence
from lianxin.domain.activities.rules import lines
from lianxin.domain.activities.rules.plans import LimitPlan
from lianxin.platform.clock import LOCAL, local_moment, now

from ..acting import ActForm, ClockInput, VersionedForm, answer_form, confirm_first, day_field, long_text
from .desk import OccurrenceDesk, occurrence_desk
from .forms import ReasonForm, rooms_of, whole
from .gate import planning
from .listing import venues_of


class OccurrenceForm(VersionedForm):
    """Everything that may differ on one date."""

    on = day_field(gettext_lazy("Day"))
    start = forms.TimeField(label=pgettext_lazy("activity", "Starts at"), widget=ClockInput)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=5, max_value=4320)
    venue = forms.ChoiceField(label=gettext_lazy("Venue"), required=False)
    room = forms.ChoiceField(label=gettext_lazy("Room"), required=False)
    place = forms.CharField(label=pgettext_lazy("activity", "Where exactly"), max_length=120, required=False)
    title = forms.CharField(
        label=gettext_lazy("Title of this date"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Only where it differs: the subject of the day."),
    )
    note = forms.CharField(label=gettext_lazy("Note for those who come"), max_length=300, required=False)
    takes_sign_ups = forms.BooleanField(label=gettext_lazy("People sign up"), required=False)
    size = whole(pgettext_lazy("activity", "Places"), least=1, help_text=gettext_lazy("Empty: as many as come."))
    household_most = whole(gettext_lazy("At most so many of one household"), least=1, most=50)
    waiting_most = whole(gettext_lazy("At most so many on the waiting list"))
    limits = long_text(
        gettext_lazy("Kinds of places"),
        most=400,
        rows=2,
        help_text=gettext_lazy("One a line: name, number, ages if any. For example: 儿童 10 3-12"),
    )
    early_minutes = whole(gettext_lazy("Check-in opens so many minutes before"), most=1440)
    late_minutes = whole(gettext_lazy("Check-in closes so many minutes after the end"), most=1440)
    has_check_out = forms.BooleanField(label=gettext_lazy("Note when people leave"), required=False)
    lets_everybody_in = forms.BooleanField(
        label=gettext_lazy("Whoever comes may come in, even when it is full"), required=False
    )

    def __init__(self, *args: Any, desk: OccurrenceDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        fields: dict[str, Any] = self.fields
        venues = venues_of(desk.actor)
        chosen = self["venue"].value() or ""
        if chosen and chosen not in dict(venues) and desk.row.venue is not None:
            venues = [(chosen, desk.row.venue.name), *venues]
        fields["venue"].choices = [("", _("elsewhere")), *venues]
        fields["room"].choices = [("", _("none")), *rooms_of(venues, chosen)]

    def change(self) -> dict[str, Any]:
        """Give the fields of the date as they were entered; the sign-up's window moves along with the start."""
        data, row = self.cleaned_data, self.desk.row
        starts_at = local_moment(data["on"], data["start"])
        plain = (
            *("place", "title", "note", "takes_sign_ups", "size", "household_most", "waiting_most"),
            *("has_check_out", "lets_everybody_in"),
        )
        change: dict[str, Any] = {
            **{name: data[name] for name in plain},
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=data["minutes"]),
            "venue": UUID(data["venue"]) if data["venue"] else None,
            "room": UUID(data["room"]) if data["room"] and data["venue"] else None,
            "limits": lines.read_limits(data["limits"]),
        }
        for name in ("early_minutes", "late_minutes"):
            if data[name] is not None:
                change[name] = data[name]
        moved = starts_at - row.starts_at
        for name in ("sign_up_from", "sign_up_until", "first_until"):
            if moved and getattr(row, name) is not None:
                change[name] = getattr(row, name) + moved
        return change


def _initial(row: Occurrence) -> dict[str, Any]:
    local = row.starts_at.astimezone(LOCAL)
    plain = (
        *("place", "title", "note", "takes_sign_ups", "size", "household_most", "waiting_most", "early_minutes"),
        *("late_minutes", "has_check_out", "lets_everybody_in", "version"),
    )
    limits = [LimitPlan(one.name, one.size, one.min_age, one.max_age) for one in row.limits.all()]
    return {
        **{name: getattr(row, name) for name in plain},
        "on": local.date(),
        "start": local.time(),
        "minutes": round((row.ends_at - row.starts_at).total_seconds() / 60),
        "venue": str(row.venue_id or ""),
        "room": str(row.room_id or ""),
        "limits": lines.write_limits(limits),
    }


@planning
def edit(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Change one date alone."""
    desk = occurrence_desk(request, occurrence)
    initial = _initial(desk.row)
    form = OccurrenceForm(request.POST or None, desk=desk, initial=initial)

    def do(data: dict[str, Any]) -> Any:
        return change_occurrence(
            actor=desk.actor,
            occurrence=occurrence,
            change=form.change(),
            version=data["version"],
            at=now(),
            key=data["key"],
        )

    lead = _("Only this date changes; in a series it keeps its change.")
    if desk.row.taken or desk.row.waiting:
        lead += " " + _("Everybody who signed up is told when time or place change.")
    return answer_form(
        request,
        form,
        do=do,
        then=lambda _row: desk.url("occurrence"),
        said=_("The date is changed."),
        fresh=lambda: _initial(occurrence_desk(request, occurrence).row),
        title=_("Change %(when)s") % {"when": desk.when},
        lead=lead,
        button=_("Save"),
        cancel_url=desk.url("occurrence"),
        crumbs=desk.crumbs((_("Change"), "")),
    )


@planning
def cancel(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Call one date off."""
    desk = occurrence_desk(request, occurrence)
    row = desk.row

    def do(data: dict[str, Any]) -> Any:
        return cancel_occurrence(
            actor=desk.actor, occurrence=occurrence, reason=data["reason"], at=now(), key=data["key"]
        )

    def preview(_data: dict[str, Any]) -> list[str]:
        people = row.taken + row.waiting
        words = ngettext(
            "%(count)d sign-up ends; whoever has a phone gets a message with the reason.",
            "%(count)d sign-ups end; whoever has a phone gets a message with the reason.",
            people,
        ) % {"count": people}
        return [*([words] if people else []), _("Rooms and volunteers are free again.")]

    return confirm_first(
        request,
        ReasonForm(request.POST or None),
        do=do,
        preview=preview,
        then=lambda _row: desk.url("occurrence"),
        said=_("It is called off. Everybody with a phone number gets a message."),
        question=_("Call off “%(title)s”, %(when)s?") % {"title": desk.title, "when": desk.when},
        button=_("Call it off"),
        cancel_url=desk.url("occurrence"),
        crumbs=desk.crumbs((_("Call it off"), "")),
        danger=True,
    )


@planning
def remove(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Take a drafted date out."""
    desk = occurrence_desk(request, occurrence)
    activity = reverse("staff:activity", kwargs={"activity": desk.row.activity_id})
    return confirm_first(
        request,
        ActForm(request.POST or None),
        do=lambda _data: remove_date(actor=desk.actor, occurrence=occurrence, at=now()),
        preview=lambda _data: [_("Nobody has seen this date yet; it is gone for good.")],
        then=lambda _row: activity,
        said=_("The date is taken out."),
        question=_("Take out %(when)s?") % {"when": desk.when},
        button=_("Take it out"),
        cancel_url=desk.url("occurrence"),
        crumbs=desk.crumbs((_("Take it out"), "")),
    )
