"""Fields that the forms of these pages share: a community, a household by its number, a day, a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Household
from lianxin.domain.people.queries.households import find_household_by_number
from lianxin.faces.staff.acting import ActForm, day_field
from lianxin.faces.staff.choices import community_choices
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now


def community_field(actor: Actor, *, label: Any = "", required: bool = True) -> forms.ChoiceField:
    """Make the choice of a community in scope; where there is only one it is chosen."""
    choices = community_choices(actor, subdistricts=False, alone=True)
    only = [pk for _name, group in choices for pk, _word in group]
    first = [] if required and len(only) == 1 else [("", _("Please choose") if required else _("All"))]
    return forms.ChoiceField(
        label=label or _("Community"),
        choices=[*first, *choices],
        required=required,
        initial=only[0] if len(only) == 1 and required else "",
    )


def today_field(label: Any, help_text: Any = "") -> forms.DateField:
    """Make a field for a day that is today unless it is changed."""
    return day_field(label, initial=lambda: local_day(now()), help_text=help_text)


def reason_field(label: Any, help_text: Any = "") -> forms.CharField:
    """Make a field for a reason in a few words."""
    return forms.CharField(label=label, max_length=200, help_text=help_text)


def chosen(label: Any, choices: Any, *, required: bool = True, help_text: Any = "") -> forms.ChoiceField:
    """Make a choice that starts empty, so that nothing is chosen by not looking."""
    return forms.ChoiceField(
        label=label,
        choices=[("", gettext_lazy("Please choose") if required else gettext_lazy("not said")), *choices],
        required=required,
        help_text=help_text,
    )


class HouseholdChoice(ActForm):
    """Names a household by its community and the number printed on its folder."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.found: Household | None = None
        self.fields["community"] = community_field(actor)
        self.fields["number"] = forms.CharField(
            label=_("Household number"), max_length=32, help_text=_("The number on the household's folder.")
        )
        self.order_fields(["community", "number"])

    def clean(self) -> dict[str, Any]:
        """Find the household; its absence is said at the number."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("community") and cleaned.get("number"):
            self.found = find_household_by_number(
                actor=self.actor, community=UUID(cleaned["community"]), number=cleaned["number"]
            )
            if self.found is None:
                self.add_error("number", _("There is no household with this number in this community."))
        return cleaned

    @property
    def household(self) -> UUID:
        """The household that was named."""
        assert self.found is not None
        return self.found.pk
