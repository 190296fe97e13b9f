"""The form by which a guest, or a resident with the family, signs up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.activities.models import OccurrenceLimit, Question
from lianxin.domain.activities.queries.public import Choice
from lianxin.domain.activities.rules.eligibility import ANSWER_LONGEST, NAME_LONGEST, NOTE_LONGEST, Somebody
from lianxin.platform.ids import new_id

COMPANIONS = 3
YES_NO = [("", gettext_lazy("Please choose")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]


class _SignUpForm(forms.Form):
    """What both kinds ask: the key that makes a second sending do nothing, kinds of places, questions, a note."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)

    def ask(self, limits: Sequence[OccurrenceLimit], questions: Sequence[Question]) -> None:
        """Add what this date and its activity ask."""
        self.questions = list(questions)
        if limits:
            choices = [("", _("No special place")), *((str(limit.pk), limit.name) for limit in limits)]
            self.fields["limit"] = forms.ChoiceField(
                label=pgettext("sign-up", "Kind of place"),
                choices=choices,
                required=False,
                help_text=_("For children and elders on our register the program chooses by age."),
            )
        for question in questions:
            self.fields[f"question_{question.pk}"] = _question_field(question)
        self.fields["note"] = forms.CharField(
            label=_("Anything we should know?"),
            required=False,
            max_length=NOTE_LONGEST,
            help_text=_("A wheelchair, for example, or that you come later."),
        )

    def common(self) -> dict[str, Any]:
        """Give what is said for everybody of the party."""
        data = self.cleaned_data
        answers = {
            question.pk: data[f"question_{question.pk}"]
            for question in self.questions
            if data.get(f"question_{question.pk}")
        }
        limit = data.get("limit")
        return {"answers": answers, "limit": UUID(limit) if limit else None, "note": data.get("note", "")}


class GuestForm(_SignUpForm):
    """Somebody without an account: a name, a phone number, and who comes along."""

    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=NAME_LONGEST, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        max_length=30,
        help_text=gettext_lazy("Only so that we can tell you if something changes. It is removed 90 days afterwards."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(
        self, *args: Any, limits: Sequence[OccurrenceLimit], questions: Sequence[Question], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ask(limits, questions)
        for number in range(1, COMPANIONS + 1):
            self.fields[f"with_{number}"] = forms.CharField(
                label=_("Name of companion %(number)d") % {"number": number}, max_length=NAME_LONGEST, required=False
            )

    def own_fields(self) -> list[forms.BoundField]:
        """Give the fields that everybody fills in."""
        return [field for field in self.visible_fields() if not field.name.startswith("with_")]

    def companion_fields(self) -> list[forms.BoundField]:
        """Give the fields for who comes along."""
        return [field for field in self.visible_fields() if field.name.startswith("with_")]

    def people(self) -> list[Somebody]:
        """Give the party."""
        data, common = self.cleaned_data, self.common()
        names = [data["name"], *(data[f"with_{n}"] for n in range(1, COMPANIONS + 1) if data[f"with_{n}"].strip())]
        return [Somebody(name=name, phone=data["phone"], **common) for name in names]


class FamilyForm(_SignUpForm):
    """A resident with the household and those they act for: who of them comes."""

    people_chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Who comes?"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self,
        *args: Any,
        choices: Sequence[Choice],
        limits: Sequence[OccurrenceLimit],
        questions: Sequence[Question],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        free = [choice for choice in choices if not choice.state]
        field: Any = self.fields["people_chosen"]
        field.choices = [
            (str(choice.person), _("%(name)s (me)") % {"name": choice.name} if choice.is_self else choice.name)
            for choice in free
        ]
        field.initial = [str(choice.person) for choice in free if choice.is_self]
        self.ask(limits, questions)

    def clean_people_chosen(self) -> list[str]:
        """Want at least one."""
        chosen: list[str] = self.cleaned_data["people_chosen"]
        if not chosen:
            raise forms.ValidationError(_("Choose at least one person."))
        return chosen

    def people(self) -> list[Somebody]:
        """Give the party."""
        common = self.common()
        return [Somebody(person=UUID(pk), **common) for pk in self.cleaned_data["people_chosen"]]


def _question_field(question: Question) -> forms.Field:
    label, required = question.text, question.is_required
    if question.kind == Question.Kind.YES_NO:
        return forms.ChoiceField(label=label, choices=YES_NO, required=required)
    if question.kind == Question.Kind.CHOICE:
        choices = [("", _("Please choose")), *((choice, choice) for choice in question.choices)]
        return forms.ChoiceField(label=label, choices=choices, required=required)
    return forms.CharField(label=label, max_length=ANSWER_LONGEST, required=required)
