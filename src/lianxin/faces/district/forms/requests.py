"""What an office fills in to ask something of communities."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.places.models import Division
from lianxin.domain.reporting.models import RequestField, UpperRequest
from lianxin.domain.reporting.models.requests import AskedKind, CameBy, OfficeLevel, Repeats
from lianxin.domain.reporting.queries.requests_gate import figure_choices
from lianxin.domain.reporting.rules import requests_periods
from lianxin.domain.reporting.rules.requests import OFFICE_CLOSES
from lianxin.faces.district.forms.programmes import KeyedForm, by_subdistrict, day_field
from lianxin.platform.clock import LOCAL, local_day, local_moment

ALL = ("", gettext_lazy("All"))
HELD_BACK = "held"


class ListInput(forms.TextInput):
    """A line of text for which the page offers what was written before."""

    template_name = "district/request_office_input.html"
    offered: list[str]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add what is offered."""
        context: dict[str, Any] = super().get_context(name, value, {**(attrs or {}), "list": f"{name}-offered"})
        return context | {"offered": self.offered, "list_id": f"{name}-offered"}


class RequestForm(KeyedForm):
    """Who asks what of whom, until when, and who approved it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    office_name = forms.CharField(label=gettext_lazy("Which office asks?"), max_length=80, widget=ListInput)
    office_level = forms.ChoiceField(label=gettext_lazy("Where does it stand?"), choices=OfficeLevel.choices)
    kind = forms.ChoiceField(label=gettext_lazy("What does it ask for?"), choices=AskedKind.choices)
    title = forms.CharField(label=pgettext_lazy("request", "What is it called?"), max_length=120)
    came_by = forms.ChoiceField(label=gettext_lazy("How did it come?"), choices=CameBy.choices)
    due_on = day_field(gettext_lazy("Due by"))
    due_time = forms.TimeField(
        label=pgettext_lazy("request", "at"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        initial=OFFICE_CLOSES,
    )
    repeats = forms.ChoiceField(label=gettext_lazy("How often?"), choices=Repeats.choices)
    expires_on = day_field(
        gettext_lazy("Asked until"),
        required=False,
        help_text=gettext_lazy("At most a year; then it needs a new approval. Not needed for known figures."),
    )
    purpose = forms.CharField(
        label=gettext_lazy("What will the answers be used for?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    approver = forms.CharField(
        label=gettext_lazy("Who approved it?"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("The office or the post; no name of a person is needed."),
    )
    approval_number = forms.CharField(label=gettext_lazy("Number of the document"), max_length=60, required=False)
    legal_basis = forms.CharField(label=gettext_lazy("Legal basis"), max_length=300, required=False)
    communities = forms.MultipleChoiceField(
        label=gettext_lazy("Which communities are asked?"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        communities: Iterable[Division],
        offices: list[str],
        row: UpperRequest | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        places = list(communities)
        fields: dict[str, Any] = self.fields
        fields["communities"].choices = by_subdistrict(places)
        fields["office_name"].widget.offered = offices
        if row is None:
            self.initial.setdefault("communities", [str(one.pk) for one in places])
            del fields["version"]

    def entered(self) -> dict[str, Any]:
        """Give what was entered as the command takes it."""
        values = dict(self.cleaned_data)
        on: date = values.pop("due_on")
        clock: time = values.pop("due_time")
        values["due_at"] = local_moment(on, clock)
        values["communities"] = [UUID(pk) for pk in values["communities"]]
        return values


def initial_of(row: UpperRequest, places: Iterable[Division]) -> dict[str, Any]:
    """Give a draft as the form shows it."""
    names = (
        *("version", "office_name", "office_level", "kind", "title", "came_by", "repeats", "expires_on"),
        *("purpose", "approver", "approval_number", "legal_basis"),
    )
    due: datetime = row.due_at.astimezone(LOCAL)
    return {name: getattr(row, name) for name in names} | {
        "due_on": local_day(row.due_at),
        "due_time": due.time(),
        "communities": [str(one.pk) for one in places],
    }


class FigureForm(KeyedForm):
    """A known figure and its days."""

    measure = forms.ChoiceField(label=gettext_lazy("Which figure?"))
    period = forms.ChoiceField(label=gettext_lazy("Of which days?"))
    label = forms.CharField(
        label=pgettext_lazy("request", "Heading"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Left empty, the figure's own name."),
    )

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        fields["measure"].choices = figure_choices()
        fields["period"].choices = requests_periods.choices(on=today)


class EarlierForm(KeyedForm):
    """Answers that communities gave before."""

    source = forms.UUIDField(widget=forms.HiddenInput)
    label = forms.CharField(label=pgettext_lazy("request", "Heading"), max_length=120)


class HandForm(KeyedForm):
    """Something that every community has to fill in."""

    label = forms.CharField(label=gettext_lazy("What is to be known?"), max_length=120)
    why = forms.CharField(
        label=gettext_lazy("Why is it needed?"),
        max_length=300,
        help_text=gettext_lazy("Who has to answer reads this."),
    )
    answer_type = forms.ChoiceField(
        label=gettext_lazy("What kind of answer?"), choices=RequestField.AnswerType.choices, initial="number"
    )
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=20, required=False)
    again_words = forms.CharField(
        label=gettext_lazy("Why must it be asked although it looks known?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Only where the gate has found something alike."),
    )


class ReasonForm(KeyedForm):
    """Why something is taken back."""

    words = forms.CharField(label=gettext_lazy("Why?"), max_length=300)


class RenewForm(KeyedForm):
    """A new approval."""

    approver = forms.CharField(label=gettext_lazy("Who approved it?"), max_length=80)
    approval_number = forms.CharField(label=gettext_lazy("Number of the document"), max_length=60, required=False)
    expires_on = day_field(gettext_lazy("Asked until"))


class RequestsFilter(forms.Form):
    """Which requests to see."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[ALL, *UpperRequest.State.choices])
    level = forms.ChoiceField(label=gettext_lazy("Who asks"), required=False, choices=[ALL, *OfficeLevel.choices])
    office = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def asked(self, name: str) -> str:
        """Give a value that can be chosen, else an empty text."""
        self.is_valid()
        return str(getattr(self, "cleaned_data", {}).get(name) or "")


def kept_words(row: RequestField) -> str:
    """Say where a field's answer comes from."""
    if row.how == "figure":
        return _("Known figure, %(period)s") % {"period": requests_periods.words(row.period)}
    if row.how == "earlier" and row.source is not None:
        return _("Answered before: “%(title)s”") % {"title": row.source.request.title}
    unit = f" ({row.unit})" if row.unit else ""
    return _("By hand: %(kind)s") % {"kind": row.get_answer_type_display()} + unit  # type: ignore[operator]
