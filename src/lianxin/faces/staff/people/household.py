"""Households: the list, the folder of one (一户一档) on screen and on paper, its number, address and head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.people import policy
from lianxin.domain.people.commands.households import change_head, edit_household
from lianxin.domain.people.models import Household, Person
from lianxin.domain.people.queries.households import (
    HouseholdBundle,
    HouseholdsPage,
    find_household,
    find_household_for_editing,
    list_households,
)
from lianxin.domain.people.queries.people import MOST_SHOWN, PAGE
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.acting import ActForm, VersionedForm, answer_form
from lianxin.faces.staff.people.choices import chosen, community_field
from lianxin.faces.staff.people.gate import reading, writing
from lianxin.faces.staff.people.happenings import community_names, timeline
from lianxin.faces.staff.people.keyset import keyset_table
from lianxin.faces.staff.people.labels import HOUSEHOLD_TONES
from lianxin.faces.staff.people.listing import Line, line_of
from lianxin.faces.staff.people.tabs import household_crumbs, list_tabs
from lianxin.faces.staff.sheets import paper, workbook
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

COLUMNS = (
    Column(gettext_lazy("Household")),
    Column(gettext_lazy("Address")),
    Column(gettext_lazy("Members"), numeric=True),
    Column(gettext_lazy("Community")),
)
MOST_LISTED = 2_000


@dataclass(frozen=True)
class HouseholdLine:
    """A household as the list shows it."""

    pk: UUID
    number: str
    address: str
    members: int
    community: str


class HouseholdFilter(forms.Form):
    """Which households the list shows."""

    number = forms.CharField(label=gettext_lazy("Household number"), max_length=32, required=False)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        if actor.communities is None or len(actor.communities) > 1:
            self.fields["community"] = community_field(actor, required=False)

    def wanted(self) -> dict[str, Any]:
        """Give the filters that are set."""
        self.is_valid()
        community = self.cleaned_data.get("community")
        return {
            "number": self.cleaned_data.get("number", ""),
            "community": UUID(community) if community else None,
        }


def _lines(actor: Actor, filters: dict[str, Any], after: str, limit: int) -> tuple[list[HouseholdLine], HouseholdsPage]:
    page = list_households(actor=actor, after=after, limit=limit, **filters)
    communities = community_names()
    rows = [
        HouseholdLine(row.id, row.number, row.masked_address, row.members, communities.get(row.community, ""))
        for row in page.rows
    ]
    return rows, page


@reading
def show_list(request: HttpRequest) -> HttpResponse:
    """Show one page of households in the order of their numbers; `as=` gives the same as a workbook or a sheet."""
    actor = actor_of(request)
    form = HouseholdFilter(request.GET, actor=actor)
    filters = form.wanted()
    if request.GET.get("as") in ("xlsx", "print"):
        return _whole(request, filters)
    after = request.GET.get("after", "")
    rows, page = _lines(actor, filters, after, PAGE)
    return render(
        request,
        "staff/people/households.html",
        {
            "form": form,
            "table": keyset_table(columns=COLUMNS, rows=rows, count=page.total, after=page.after),
            "after": after,
            "tabs": list_tabs("households", actor),
            "new_url": reverse("staff:household_new") if policy.may_write_people(actor) else "",
        },
    )


def _whole(request: HttpRequest, filters: dict[str, Any]) -> HttpResponse:
    rows: list[HouseholdLine] = []
    after = ""
    while len(rows) < MOST_LISTED:
        part, page = _lines(actor_of(request), filters, after, MOST_SHOWN)
        rows, after = rows + part, page.after
        if not after:
            break
    headings = [column.label for column in COLUMNS]
    cells = [(row.number, row.address, row.members, row.community) for row in rows]
    if request.GET["as"] == "xlsx":
        return workbook(title=pgettext("list", "Households"), headings=headings, rows=cells)
    return paper(
        request,
        title=pgettext("list", "Households"),
        headings=headings,
        rows=cells,
        back_url=reverse("staff:households"),
        place=_("The first %(count)d") % {"count": MOST_LISTED} if after else "",
    )


@reading
def show(request: HttpRequest, household: UUID) -> HttpResponse:
    """Show the folder of one household."""
    actor = actor_of(request)
    context = _folder(actor, household)
    bundle: HouseholdBundle = context["household"]
    living = bundle.state == Household.State.ACTIVE
    writes = policy.may_write_people(actor) and living
    context |= {
        "crumbs": household_crumbs(household, bundle.number),
        "entries": timeline(bundle.timeline, actor=actor, communities=context["communities"], names={}),
        "next_url": f"{reverse('staff:person_new')}?household={household}" if writes else "",
        "changes": _changes(bundle, writes=writes, moves=policy.may_move_people(actor) and living),
    }
    return render(request, "staff/people/household.html", context)


@reading
def print_folder(request: HttpRequest, household: UUID) -> HttpResponse:
    """Give the folder of one household as an A4 sheet, masked."""
    context = _folder(actor_of(request), household)
    bundle: HouseholdBundle = context["household"]
    url = reverse("staff:household", args=[household])
    context |= {
        "sheet_title": _("Household %(number)s") % {"number": bundle.number},
        "sheet_place": context["communities"].get(bundle.community, ""),
        "sheet_period": spoken(local_day(now())),
        "sheet_url": request.build_absolute_uri(url),
        "printed_at": now(),
        "back_url": url,
    }
    return render(request, "staff/people/household_print.html", context)


def _folder(actor: Actor, household: UUID) -> dict[str, Any]:
    bundle = find_household(actor=actor, household=household, on=local_day(now()))
    communities = community_names()
    successor = reverse("staff:household", args=[bundle.successor]) if bundle.successor else ""
    return {
        "household": bundle,
        "communities": communities,
        "members": [line_of(row, communities) for row in bundle.members],
        "state_label": Household.State(bundle.state).label,
        "state_tone": HOUSEHOLD_TONES[bundle.state],
        "subtitle": communities.get(bundle.community, ""),
        "facts": [
            (_("Community"), communities.get(bundle.community, ""), ""),
            (_("Address"), bundle.masked_address or None, ""),
            (_("Members"), len(bundle.members), ""),
            (_("On record since"), spoken(bundle.created_on), ""),
            *([(_("Ended on"), spoken(bundle.ended_on), "")] if bundle.ended_on else []),
            *([(_("Continued in"), _("another household"), successor)] if successor else []),
        ],
    }


def _changes(bundle: HouseholdBundle, *, writes: bool, moves: bool) -> list[tuple[str, str, str]]:
    several = len(bundle.members) > 1
    wanted = [
        ("household_edit", "pencil", _("Change the number or address"), writes),
        ("household_head", "user-check", _("Change the head"), writes and several),
        ("household_split", "arrows-split", _("Split the household"), writes and several),
        ("household_merge", "arrow-merge", _("Merge with another household"), writes),
        ("household_move", "home", _("Move to another community"), moves),
        ("household_print", "printer", _("Print the folder"), True),
    ]
    return [(reverse(f"staff:{name}", args=[bundle.id]), icon, label) for name, icon, label, may in wanted if may]


class EditForm(VersionedForm):
    """The number and the address; an address left empty stays as it is."""

    number = forms.CharField(label=gettext_lazy("Household number"), max_length=32)
    address = forms.CharField(label=gettext_lazy("New address"), max_length=200, required=False)
    building = forms.CharField(label=gettext_lazy("Building"), max_length=40, required=False)
    unit = forms.CharField(label=gettext_lazy("Stairwell"), max_length=20, required=False)
    room = forms.CharField(label=gettext_lazy("Room number"), max_length=20, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the street when only a part of a new address was entered."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("address") and any(cleaned.get(part) for part in ("building", "unit", "room")):
            self.add_error("address", _("Enter the whole new address, or leave all of it empty to keep the old one."))
        return cleaned


@writing
def edit(request: HttpRequest, household: UUID) -> HttpResponse:
    """Change a household's printed number or address."""
    actor = actor_of(request)
    row = find_household_for_editing(actor=actor, household=household)
    bundle = find_household(actor=actor, household=household, on=local_day(now()))
    form = EditForm(request.POST or None, initial={"number": row.number, "version": row.version})
    form.fields["address"].help_text = _("On record: %(masked)s. Leave it empty to keep it.") % {
        "masked": bundle.masked_address or "—"
    }

    def save(values: dict[str, Any]) -> Household:
        entered = dict(values)
        if not entered["address"]:
            entered |= {part: getattr(row, part) for part in ("address", "building", "unit", "room")}
        return edit_household(actor=actor, household=household, at=now(), **entered)

    def fresh() -> dict[str, Any]:
        saved = find_household_for_editing(actor=actor, household=household)
        return {"number": saved.number, "version": saved.version}

    return answer_form(
        request,
        form,
        do=save,
        then=lambda _saved: reverse("staff:household", args=[household]),
        said=_("Saved."),
        fresh=fresh,
        title=_("Change household %(number)s") % {"number": row.number},
        button=_("Save"),
        cancel_url=reverse("staff:household", args=[household]),
        crumbs=household_crumbs(household, row.number, _("Edit")),
    )


class HeadForm(ActForm):
    """Who becomes head, and what the former head then is."""

    head = forms.ChoiceField(label=gettext_lazy("New head"), widget=forms.RadioSelect)
    former_head_is = chosen(
        gettext_lazy("What the former head is to the new one"),
        [choice for choice in Person.Relation.choices if choice[0] != "head"],
    )


@writing
def head(request: HttpRequest, household: UUID) -> HttpResponse:
    """Make another member the head."""
    actor = actor_of(request)
    bundle = find_household(actor=actor, household=household, on=local_day(now()))
    form = HeadForm(request.POST or None)
    others = [row for row in bundle.members if row.relation != Person.Relation.HEAD]
    form.fields["head"].choices = member_choices([line_of(row, {}) for row in others])  # type: ignore[attr-defined]

    def save(values: dict[str, Any]) -> Household:
        entered = values | {"head": UUID(values["head"])}
        return change_head(actor=actor, household=household, at=now(), **entered)

    return answer_form(
        request,
        form,
        do=save,
        then=lambda _saved: reverse("staff:household", args=[household]),
        said=_("The head was changed. Please check the other relations."),
        title=_("Change the head of household %(number)s") % {"number": bundle.number},
        button=_("Save"),
        cancel_url=reverse("staff:household", args=[household]),
        crumbs=household_crumbs(household, bundle.number, _("Head")),
    )


def member_choices(lines: list[Line]) -> list[tuple[str, str]]:
    """Give members as choices: masked name, relation and age."""
    return [
        (str(line.pk), " · ".join(str(part) for part in (line.name, line.relation, line.age) if part not in ("", None)))
        for line in lines
    ]
