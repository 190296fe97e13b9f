"""Families that part, become one, or move away together; each told before it is done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.domain.people import policy
from lianxin.domain.people.commands.moving import (
    merge_households,
    move_household,
    preview_merge,
    preview_move_household,
    preview_split,
    split_household,
)
from lianxin.domain.people.models import Household
from lianxin.domain.people.queries.households import HouseholdBundle, find_household, find_household_by_number
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.staff.acting import ActForm, confirm_first
from lianxin.faces.staff.people.choices import community_field, today_field
from lianxin.faces.staff.people.gate import form_for, writing
from lianxin.faces.staff.people.household import member_choices
from lianxin.faces.staff.people.listing import line_of
from lianxin.faces.staff.people.tabs import household_crumbs
from lianxin.platform.clock import local_day, now


def _bundle(request: HttpRequest, household: UUID) -> HouseholdBundle:
    return find_household(actor=actor_of(request), household=household, on=local_day(now()))


class NewAddressForm(ActForm):
    """Where a household lives from a day on."""

    on = today_field(gettext_lazy("Since"))
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    building = forms.CharField(label=gettext_lazy("Building"), max_length=40, required=False)
    unit = forms.CharField(label=gettext_lazy("Stairwell"), max_length=20, required=False)
    room = forms.CharField(label=gettext_lazy("Room number"), max_length=20, required=False)


class SplitForm(NewAddressForm):
    """Who leaves, and who is head of the new household."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("Who forms the new household?"), widget=forms.CheckboxSelectMultiple
    )
    head = forms.ChoiceField(label=gettext_lazy("Head of the new household"))

    def __init__(self, *args: Any, members: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = members  # type: ignore[attr-defined]
        self.fields["head"].choices = [("", _("Please choose")), *members]  # type: ignore[attr-defined]
        self.fields["address"].help_text = _("Leave it empty when they stay at the same address.")
        self.order_fields(["people", "head"])


@writing
def split(request: HttpRequest, household: UUID) -> HttpResponse:
    """Let some members form a household of their own."""
    actor, bundle = actor_of(request), _bundle(request, household)
    members = member_choices([line_of(row, {}) for row in bundle.members])
    names = dict(members)

    def preview(values: dict[str, Any]) -> list[str]:
        people = [UUID(pk) for pk in values["people"]]
        told = [
            _("A new household with the next number of the community: %(names)s.")
            % {"names": _(", ").join(names[pk] for pk in values["people"])},
            ngettext("%(count)d member stays.", "%(count)d members stay.", len(members) - len(people))
            % {"count": len(members) - len(people)},
        ]
        return told + preview_split(actor=actor, household=household, people=people, on=values["on"])

    def do(values: dict[str, Any]) -> Household:
        entered = values | {"people": [UUID(pk) for pk in values["people"]], "head": UUID(values["head"])}
        return split_household(actor=actor, household=household, at=now(), **entered)

    return confirm_first(
        request,
        SplitForm(request.POST or None, members=members),
        do=do,
        preview=preview,
        then=lambda made: reverse("staff:household", args=[made.pk]),
        said=_("The new household was made. Please check the relations of its members."),
        question=_("Split household %(number)s") % {"number": bundle.number},
        button=_("Split"),
        cancel_url=reverse("staff:household", args=[household]),
        crumbs=household_crumbs(household, bundle.number, _("Split")),
    )


class MergeForm(ActForm):
    """Which household becomes part of this one."""

    number = forms.CharField(
        label=gettext_lazy("Number of the household that ends"),
        max_length=32,
        help_text=gettext_lazy("Its members join this household; it must lie in the same community."),
    )
    on = today_field(gettext_lazy("Since"))

    def __init__(self, *args: Any, actor: Any, home: HouseholdBundle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.home = actor, home
        self.found: Household | None = None

    def clean_number(self) -> str:
        """Find the household; it is another one of the same community."""
        number = str(self.cleaned_data["number"])
        self.found = find_household_by_number(actor=self.actor, community=self.home.community, number=number)
        if self.found is None:
            raise forms.ValidationError(_("There is no household with this number in this community."))
        if self.found.pk == self.home.id:
            raise forms.ValidationError(_("This is the household itself. Enter the number of the other one."))
        return number


@writing
def merge(request: HttpRequest, household: UUID) -> HttpResponse:
    """Make another household part of this one."""
    actor, bundle = actor_of(request), _bundle(request, household)
    form = MergeForm(request.POST or None, actor=actor, home=bundle)

    def preview(values: dict[str, Any]) -> list[str]:
        assert form.found is not None
        other = _bundle(request, form.found.pk)
        names = _(", ").join(row.masked_name for row in other.members)
        told = [
            _("Household %(number)s ends; its members join this one: %(names)s.")
            % {"number": other.number, "names": names}
        ]
        return told + preview_merge(actor=actor, households=[other.id], into=household, on=values["on"])

    def do(values: dict[str, Any]) -> Household:
        assert form.found is not None
        return merge_households(
            actor=actor,
            households=[form.found.pk],
            into=household,
            on=values["on"],
            at=now(),
            key=values["key"],
        )

    return confirm_first(
        request,
        form,
        do=do,
        preview=preview,
        then=lambda _done: reverse("staff:household", args=[household]),
        said=_("The households are one now. Please check the relations of the members."),
        question=_("Which household becomes part of %(number)s?") % {"number": bundle.number},
        button=_("Merge"),
        cancel_url=reverse("staff:household", args=[household]),
        crumbs=household_crumbs(household, bundle.number, _("Merge")),
        danger=True,
    )


class MoveHouseholdForm(NewAddressForm):
    """The community a household moves to, and its address there."""

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"] = community_field(actor, label=_("New community"))
        self.fields["address"].required = True
        self.order_fields(["community", "address", "building", "unit", "room", "on"])


@form_for(policy.may_move_people)
def move(request: HttpRequest, household: UUID) -> HttpResponse:
    """Move a whole household to another community in scope."""
    actor, bundle = actor_of(request), _bundle(request, household)

    def preview(values: dict[str, Any]) -> list[str]:
        count = len(bundle.members)
        told = [
            ngettext("%(count)d member moves along.", "%(count)d members move along.", count) % {"count": count},
            _("The household gets the next number of its new community."),
        ]
        community = UUID(values["community"])
        return told + preview_move_household(actor=actor, household=household, community=community, on=values["on"])

    return confirm_first(
        request,
        MoveHouseholdForm(request.POST or None, actor=actor),
        do=lambda values: move_household(
            actor=actor, household=household, at=now(), **(values | {"community": UUID(values["community"])})
        ),
        preview=preview,
        then=lambda _done: reverse("staff:household", args=[household]),
        said=_("The household was moved."),
        question=_("Where does household %(number)s move?") % {"number": bundle.number},
        text=_("Only communities you work for can be chosen; ask the subdistrict for others."),
        button=_("Move"),
        cancel_url=reverse("staff:household", args=[household]),
        crumbs=household_crumbs(household, bundle.number, _("Move")),
    )
