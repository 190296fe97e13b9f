"""Registering: a household with its members in one form, or somebody who joins a household; likely doubles first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.people.commands.households import register_household, register_person
from lianxin.domain.people.models import Household
from lianxin.domain.people.queries.households import find_household_for_editing
from lianxin.domain.people.queries.people import PersonRow, list_likely_duplicates
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.staff.acting import ActForm
from lianxin.faces.staff.people.choices import community_field
from lianxin.faces.staff.people.gate import writing
from lianxin.faces.staff.people.happenings import community_names
from lianxin.faces.staff.people.listing import line_of
from lianxin.faces.staff.people.person_forms import MEMBER_FIELDS, MemberForm, NewMemberForm
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing, NotAllowed, Problem

FIRST_MEMBERS = 2
MOST_MEMBERS = 20


class HouseholdForm(ActForm):
    """Where a household lives; an empty number becomes the community's next one."""

    number = forms.CharField(
        label=gettext_lazy("Household number"),
        max_length=32,
        required=False,
        help_text=gettext_lazy("Leave it empty to get the next number of the community."),
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200)
    building = forms.CharField(label=gettext_lazy("Building"), max_length=40, required=False)
    unit = forms.CharField(label=gettext_lazy("Stairwell"), max_length=20, required=False)
    room = forms.CharField(label=gettext_lazy("Room number"), max_length=20, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"] = community_field(actor)
        self.order_fields(["key", "community", "address", "building", "unit", "room", "number"])


@writing
def new_household(request: HttpRequest) -> HttpResponse:
    """Register a household with its members."""
    sent = request.method == "POST"
    form = HouseholdForm(request.POST or None, actor=actor_of(request))
    members = _member_forms(request)
    doubles: list[tuple[Any, str]] = []
    if sent and "add" not in request.POST:
        filled = [member for member in members if member.is_bound]
        valid = [one.is_valid() for one in (form, *filled)]
        if all(valid):
            doubles = _likely_doubles(request, filled)
            if not doubles or request.POST.get("sure") == "yes":
                made = _register(request, form, filled)
                if made is not None:
                    messages.success(request, _("Household %(number)s was registered.") % {"number": made.number})
                    return redirect("staff:household", household=made.pk)
    return render(
        request,
        "staff/people/household_new.html",
        {
            "form": form,
            "members": members,
            "may_add": len(members) < MOST_MEMBERS,
            "doubles": doubles,
            "crumbs": [(pgettext("list", "Households"), reverse("staff:households")), (_("New household"), "")],
            "cancel_url": reverse("staff:households"),
        },
        status=422 if sent and "add" not in request.POST else 200,
    )


def _member_forms(request: HttpRequest) -> list[MemberForm]:
    if request.method != "POST":
        forms_ = [MemberForm(prefix=f"m{place}", initial=_first(place)) for place in range(FIRST_MEMBERS)]
    else:
        try:
            count = int(request.POST.get("members", FIRST_MEMBERS))
        except ValueError:
            count = FIRST_MEMBERS
        count = max(1, min(count, MOST_MEMBERS))
        forms_ = [MemberForm(request.POST, prefix=f"m{place}") for place in range(count)]
        adding = "add" in request.POST
        # A member that is not complete yet, or was left empty, is shown as typed and not judged.
        forms_ = [
            MemberForm(prefix=form.prefix, initial=_typed(form)) if adding or (place and form.is_blank) else form
            for place, form in enumerate(forms_)
        ]
        if adding and count < MOST_MEMBERS:
            forms_.append(MemberForm(prefix=f"m{count}"))
    return forms_


def _first(place: int) -> dict[str, str]:
    return {"relation": "head"} if place == 0 else {}


def _typed(form: MemberForm) -> dict[str, Any]:
    return {name: field.value() for name, field in ((name, form[name]) for name in form.fields)}


def _likely_doubles(request: HttpRequest, members: Sequence[MemberForm]) -> list[tuple[Any, str]]:
    actor, on = actor_of(request), local_day(now())
    found: dict[UUID, PersonRow] = {}
    for member in members:
        entered = member.cleaned_data
        for row in list_likely_duplicates(
            actor=actor,
            on=on,
            name=entered["name"],
            birth_on=entered["birth_on"],
            id_number=entered["id_number"],
        ):
            found[row.id] = row
    for member in members:
        # What this very form registered when it was sent the first time is nobody's double.
        found.pop(member.cleaned_data["id"], None)
    communities = community_names() if found else {}
    return [(line_of(row, communities), reverse("staff:person", args=[row.id])) for row in found.values()]


def _register(request: HttpRequest, form: HouseholdForm, members: list[MemberForm]) -> Household | None:
    entered = dict(form.cleaned_data)
    entered["community"] = UUID(entered["community"])
    try:
        return register_household(
            actor=actor_of(request), members=[member.new_person() for member in members], at=now(), **entered
        )
    except (Missing, NotAllowed):
        raise
    except Problem as problem:
        _spread(problem, form, members)
    return None


def _spread(problem: Problem, form: HouseholdForm, members: list[MemberForm]) -> None:
    """Put each sentence at the field of the member that it is about: `2.phone` is the second one's."""
    rest: dict[str, list[Any]] = {}
    for name, sentences in problem.fields.items():
        place, _dot, field = name.rpartition(".")
        number = int(place) if place.isdigit() else 1
        if field in MEMBER_FIELDS and number <= len(members):
            for sentence in sentences:
                members[number - 1].add_error(field, str(sentence))
        else:
            rest[name] = sentences
    if rest or not problem.fields:
        add_problem(form, type(problem)(problem.detail, fields=rest))


@writing
def new_person(request: HttpRequest) -> HttpResponse:
    """Add somebody to a household that exists."""
    actor, sent = actor_of(request), request.method == "POST"
    form = NewMemberForm(request.POST or None, actor=actor, initial=_opened_from(request))
    doubles: list[tuple[Any, str]] = []
    if sent and form.is_valid():
        doubles = _likely_doubles(request, [form])
        if not doubles or request.POST.get("sure") == "yes":
            try:
                made = register_person(
                    actor=actor,
                    household=form.household,
                    person=form.new_person(),
                    at=now(),
                    key=form.cleaned_data["key"],
                )
            except (Missing, NotAllowed):
                raise
            except Problem as problem:
                add_problem(form, problem)
            else:
                messages.success(request, _("The resident was registered."))
                return redirect("staff:person", person=made.pk)
    return render(
        request,
        "staff/people/person_new.html",
        {
            "form": form,
            "doubles": doubles,
            "crumbs": [(_("Residents"), reverse("staff:people")), (_("New resident"), "")],
            "cancel_url": reverse("staff:people"),
            "household_url": reverse("staff:household_new"),
        },
        status=422 if sent else 200,
    )


def _opened_from(request: HttpRequest) -> dict[str, Any]:
    """Fill in the household when the form is opened from its page."""
    try:
        asked = UUID(request.GET.get("household", ""))
    except ValueError:
        return {}
    row = find_household_for_editing(actor=actor_of(request), household=asked)
    return {"community": str(row.community_id), "number": row.number}
