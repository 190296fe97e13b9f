"""The forms of mediations; whatever is written into the long ones is sealed when it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.voice.models import MediationParty, MediationTalk, Tier
from lianxin.domain.voice.rules.conflicts import DECLARED

from ..acting import ActForm, VersionedForm, day_field, long_text
from ..choices import CHOOSE

SEALED = gettext_lazy("Sealed: only the mediator opens it.")
SIDES = [("", CHOOSE), *MediationParty.Side.choices]


class AskForm(ActForm):
    """What the quarrel is about, and between whom."""

    community = forms.ChoiceField(label=gettext_lazy("Community"))
    subject_words = long_text(gettext_lazy("What the quarrel is about"), most=1000, required=True, help_text=SEALED)
    tier = forms.ChoiceField(label=gettext_lazy("How hard is it?"), choices=Tier.choices, initial=Tier.FULL)
    asking_name = forms.CharField(
        label=gettext_lazy("Who asks for it"), max_length=60, required=False, help_text=SEALED
    )
    asking_phone = forms.CharField(label=gettext_lazy("Their phone number"), max_length=30, required=False)
    other_name = forms.CharField(label=gettext_lazy("The other side"), max_length=60, required=False, help_text=SEALED)
    other_phone = forms.CharField(label=gettext_lazy("Phone number of the other side"), max_length=30, required=False)

    def __init__(self, *args: Any, communities: Sequence[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [one for _group, some in communities for one in some]
        fields: dict[str, Any] = self.fields
        if len(listed) == 1:
            fields["community"] = forms.ChoiceField(choices=listed, widget=forms.HiddenInput, initial=listed[0][0])
        else:
            fields["community"].choices = [("", CHOOSE), *communities]


class PartyForm(VersionedForm):
    """One more side: somebody on record, or by name."""

    side = forms.ChoiceField(label=gettext_lazy("Which side?"), choices=SIDES)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Sealed. Empty for a resident named below."),
    )
    phone = forms.CharField(label=gettext_lazy("Phone number"), max_length=30, required=False)


class ConsentForm(ActForm):
    """Whether a side agrees to be mediated by this mediator."""

    agrees = forms.TypedChoiceField(
        label=gettext_lazy("Do they agree to be mediated by this mediator?"),
        coerce=lambda text: text == "yes",
        choices=[("yes", gettext_lazy("yes, they agree")), ("no", gettext_lazy("no, they do not: it ends"))],
        widget=forms.RadioSelect,
    )
    words = long_text(gettext_lazy("What they said"), most=500, help_text=SEALED)


class AppointForm(VersionedForm):
    """Who mediates."""

    mediator = forms.ChoiceField(label=gettext_lazy("Who mediates"))
    words = forms.CharField(
        label=gettext_lazy("What they answered about ties to the sides"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only while an agreement is being performed."),
    )

    def __init__(self, *args: Any, workers: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["mediator"].choices = [("", CHOOSE), *workers]


class TiesForm(ActForm):
    """What the mediator answers about ties to the sides."""

    ties = forms.MultipleChoiceField(
        label=gettext_lazy("What ties you to one of the sides?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(DECLARED.items()),
        help_text=gettext_lazy("Nothing chosen: none of them."),
    )
    sure = forms.BooleanField(label=gettext_lazy("I looked at each of them and answer truthfully"))
    words = forms.CharField(
        label=gettext_lazy("To add"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("No word of the quarrel: this is not sealed."),
    )


class TalkForm(ActForm):
    """A talk that was held."""

    kind = forms.ChoiceField(
        label=gettext_lazy("With whom?"),
        choices=[(kind, MediationTalk.Kind(kind).label) for kind in ("joint", "private")],
    )
    party = forms.ChoiceField(
        label=gettext_lazy("With which side?"),
        required=False,
        help_text=gettext_lazy("Only for a talk with one side alone."),
    )
    held_on = day_field(gettext_lazy("Held on"), required=False, help_text=gettext_lazy("Empty: today."))
    words = long_text(gettext_lazy("What was said"), most=4000, rows=8, required=True, help_text=SEALED)

    def __init__(self, *args: Any, sides: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["party"].choices = [("", CHOOSE), *sides]


class PlanTalkForm(ActForm):
    """A talk that is to come."""

    kind = TalkForm.base_fields["kind"]
    party = TalkForm.base_fields["party"]
    planned_on = day_field(gettext_lazy("On which day?"))

    def __init__(self, *args: Any, sides: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["party"].choices = [("", CHOOSE), *sides]


class PlanVisitForm(ActForm):
    """A visit that is to come."""

    planned_on = day_field(gettext_lazy("On which day?"))


class VisitForm(ActForm):
    """A follow-up visit that was made."""

    is_kept = forms.TypedChoiceField(
        label=gettext_lazy("Is what was agreed being kept?"),
        coerce=lambda text: text == "yes",
        choices=[("yes", pgettext_lazy("mediation", "yes")), ("no", pgettext_lazy("mediation", "no"))],
        widget=forms.RadioSelect,
    )
    held_on = day_field(gettext_lazy("Visited on"), required=False, help_text=gettext_lazy("Empty: today."))
    words = long_text(gettext_lazy("What was seen and said"), most=4000, rows=5, required=True, help_text=SEALED)
    again_on = day_field(
        gettext_lazy("Look again on"),
        required=False,
        help_text=gettext_lazy("Where it is not kept and no other visit is planned."),
    )


class ClauseForm(ActForm):
    """Who does what by when."""

    words = long_text(gettext_lazy("Who does what"), most=1000, rows=4, required=True, help_text=SEALED)
    party = forms.ChoiceField(label=gettext_lazy("Which side does it?"), required=False)
    due_by = day_field(
        gettext_lazy("By when?"),
        required=False,
        help_text=gettext_lazy("With a day it becomes a promise that comes back, and a visit is planned after it."),
    )

    def __init__(self, *args: Any, sides: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["party"].choices = [("", gettext_lazy("all sides")), *sides]


class AgreeForm(VersionedForm):
    """When the agreement was made, and whether it is written."""

    is_oral = forms.BooleanField(
        label=gettext_lazy("It is oral: the sides want no paper"),
        required=False,
        help_text=gettext_lazy("A court confirms only what is written and signed."),
    )
    agreed_on = day_field(gettext_lazy("Agreed on"), required=False, help_text=gettext_lazy("Empty: today."))


class EndForm(VersionedForm):
    """Why it ends."""

    words = long_text(gettext_lazy("Why?"), most=500, help_text=SEALED)


class WhyEndForm(VersionedForm):
    """Why it ends, which must be said."""

    words = long_text(gettext_lazy("Why?"), most=500, required=True, help_text=SEALED)


class CourtForm(ActForm):
    """That the sides asked the court."""

    court = forms.CharField(label=gettext_lazy("Which court?"), max_length=60)
    applied_on = day_field(gettext_lazy("Asked on"))
    their_number = forms.CharField(label=gettext_lazy("Number of the court"), max_length=60, required=False)


class DecisionForm(ActForm):
    """What the court decided."""

    confirmed = forms.TypedChoiceField(
        label=gettext_lazy("What did the court decide?"),
        coerce=lambda text: text == "yes",
        choices=[("yes", gettext_lazy("it confirms the agreement")), ("no", gettext_lazy("it does not confirm it"))],
        widget=forms.RadioSelect,
    )
    decided_on = day_field(gettext_lazy("Decided on"))
    their_number = forms.CharField(label=gettext_lazy("Number of the court"), max_length=60, required=False)


class OpenForm(ActForm):
    """Why the sealed words are opened."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What do you need it for?"),
        choices=[
            ("talk", gettext_lazy("to prepare a talk")),
            ("agreement", gettext_lazy("to write or read the agreement")),
            ("visit", gettext_lazy("to prepare a visit")),
            ("court", gettext_lazy("for the court")),
            ("check", gettext_lazy("to check what is written")),
        ],
    )
