"""The forms of meetings and commitments: short, so that they are filled in on a phone in the hall."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.voice.models import Invitation
from lianxin.domain.voice.queries.meetings import Sitting

from ..acting import ActForm, ClockInput, VersionedForm, day_field, long_text
from .matter_desk import offered


class MeetingForm(VersionedForm):
    """When, where, who leads, how many are needed."""

    title = forms.CharField(label=pgettext_lazy("meeting", "Name"), max_length=80, required=False)
    on = day_field(_("Day"))
    starts = forms.TimeField(label=_("Begins"), widget=ClockInput)
    ends = forms.TimeField(label=_("Ends"), widget=ClockInput, required=False)
    room = forms.ChoiceField(
        label=_("Room"), required=False, help_text=_("A room of ours is booked by this, and given back if it is moved.")
    )
    place_words = forms.CharField(label=_("Or another place"), max_length=80, required=False)
    chair_name = forms.CharField(label=_("Who leads it"), max_length=40, required=False)
    clerk_name = forms.CharField(label=_("Who writes the minutes"), max_length=40, required=False)
    quorum = forms.IntegerField(
        label=_("People needed to decide"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("Empty: whoever comes decides."),
    )


class CallForm(MeetingForm):
    """A new meeting also has its points and people."""

    items = long_text(
        _("Points to talk over"),
        most=4000,
        help_text=_("One on each line. Open commitments come onto it by themselves."),
    )
    guests = long_text(
        _("Who else is asked"), most=4000, help_text=_("One name on each line. Who speaks for a side is asked already.")
    )


class ItemForm(ActForm):
    """A point of the agenda."""

    title = forms.CharField(label=pgettext_lazy("agenda", "Point"), max_length=120)


class InviteForm(ActForm):
    """People to ask, for a side or for themselves."""

    guests = long_text(pgettext_lazy("meeting", "Names"), most=4000, required=True, help_text=_("One on each line."))
    party = forms.ChoiceField(label=_("For which side"), required=False)
    role = forms.ChoiceField(label=_("As"), choices=Invitation.Role.choices, initial=Invitation.Role.MEMBER)


class WalkInForm(ActForm):
    """Somebody who came without having been asked."""

    name = forms.CharField(label=pgettext_lazy("meeting", "Name"), max_length=40)
    party = forms.ChoiceField(label=_("For which side"), required=False)
    role = forms.ChoiceField(label=_("As"), choices=Invitation.Role.choices, initial=Invitation.Role.MEMBER)


class SayForm(ActForm):
    """Who said what."""

    invitation = forms.ChoiceField(label=_("Who spoke"))
    item = forms.ChoiceField(label=_("On which point"), required=False)
    words = long_text(_("What was said, in short"), most=1000, required=True)


class ProposeForm(ActForm):
    """What shall be decided."""

    words = long_text(
        _("What shall be decided"), most=1000, required=True, help_text=_("Residents read this. Name nobody.")
    )
    item = forms.ChoiceField(label=_("On which point"), required=False)


class PromiseForm(ActForm):
    """Who promises what by when."""

    words = long_text(_("What was promised"), most=500, rows=2, required=True)
    party = forms.ChoiceField(label=_("Which side promised"), required=False)
    owner_name = forms.CharField(
        label=_("Who promised"), max_length=80, required=False, help_text=_("Empty: the side as a whole.")
    )
    due_by = day_field(_("Due by"))
    owner_account = forms.ChoiceField(label=_("Who of us sees to it"), required=False)
    is_public = forms.BooleanField(label=_("Residents may read it in the story"), required=False)


class DealForm(ActForm):
    """What came of a point."""

    outcome = forms.CharField(label=_("What came of it"), max_length=1000, required=False)


class MinutesForm(VersionedForm):
    """The minutes as text."""

    words = long_text(pgettext_lazy("meeting", "Minutes"), most=40_000, rows=24, required=True)


class SignForm(VersionedForm):
    """Who signed."""

    signed_by = forms.MultipleChoiceField(label=_("Who signed on paper"), widget=forms.CheckboxSelectMultiple)


class CloseForm(VersionedForm):
    """What residents read of the meeting."""

    public_words = long_text(
        _("What residents read of it"), most=500, help_text=_("In one or two sentences, without anybody's name.")
    )


class WordsForm(VersionedForm):
    """A reason, or a correction."""

    words = long_text(_("Why"), most=300, required=True)


class AppendForm(ActForm):
    """A correction below minutes that stand."""

    words = long_text(_("The correction"), most=4000, rows=6, required=True)


def fill(form: forms.Form, sitting: Sitting, **choices: Any) -> forms.Form:
    """Offer the points and those who are there where the form asks for them."""
    if "item" in form.fields:
        points = [(str(one.pk), f"{place}. {one.title}") for place, one in enumerate(sitting.items, 1)]
        offered(form, item=[("", _("none of them")), *points])
    if "invitation" in form.fields:
        there = [one for one in sitting.people if one.came_at is not None]
        offered(form, invitation=[(str(one.pk), one.name) for one in there])
    for name, offers in choices.items():
        if name in form.fields:
            offered(form, **{name: offers})
    return form
