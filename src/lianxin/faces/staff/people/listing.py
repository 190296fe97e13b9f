"""The list of residents: filtered, masked, exported with a reason, printed, and cards or labels for the chosen ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import policy
from lianxin.domain.people.commands.listing import export_people
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.people import MOST_SHOWN, PersonRow, list_chosen, list_every_person, list_people
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.acting import ActForm
from lianxin.faces.staff.people.choices import community_field, reason_field
from lianxin.faces.staff.people.gate import looking, pressing, reading
from lianxin.faces.staff.people.happenings import community_names
from lianxin.faces.staff.people.keyset import keyset_table
from lianxin.faces.staff.people.labels import STATE_TONES, band_choices
from lianxin.faces.staff.people.tabs import list_tabs
from lianxin.faces.staff.sheets import paper, workbook
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Problem

MOST_PRINTED = 1_000
COLUMNS = (
    Column(gettext_lazy("Name")),
    Column(gettext_lazy("Sex")),
    Column(gettext_lazy("Age"), numeric=True),
    Column(gettext_lazy("Relation to the head")),
    Column(gettext_lazy("Phone")),
    Column(gettext_lazy("Household")),
    Column(gettext_lazy("Address")),
    Column(gettext_lazy("Residence")),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Community")),
)


@dataclass(frozen=True)
class Line:
    """A resident as the list, the sheet and the workbook show one."""

    pk: UUID
    household: UUID
    name: str
    sex: str
    age: int | None
    relation: str
    phone: str
    household_number: str
    address: str
    residence: str
    state: str
    tone: str
    community: str

    def cells(self) -> list[Any]:
        """Give what a workbook's row holds."""
        return [
            self.name,
            self.sex,
            self.age,
            self.relation,
            self.phone,
            self.household_number,
            self.address,
            self.residence,
            self.state,
            self.community,
        ]


def line_of(row: PersonRow, communities: dict[UUID, str]) -> Line:
    """Write a masked row in the words of the page."""
    phone = row.masked_phone or (_("none") if row.no_phone else "")
    return Line(
        pk=row.id,
        household=row.household,
        name=row.masked_name,
        sex=str(Person.Sex(row.sex).label) if row.sex else "",
        age=row.age,
        relation=str(Person.Relation(row.relation).label),
        phone=phone,
        household_number=row.household_number,
        address=row.masked_address,
        residence=str(Person.Residence(row.residence).label),
        state=str(Person.State(row.state).label),
        tone=STATE_TONES[row.state],
        community=communities.get(row.community, ""),
    )


class PeopleFilter(forms.Form):
    """Which residents the list shows."""

    q = forms.CharField(
        label=gettext_lazy("Name, pinyin, phone or ID number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    household = forms.CharField(label=gettext_lazy("Household number"), max_length=32, required=False)
    band = forms.ChoiceField(label=gettext_lazy("Age"), required=False)
    residence = forms.ChoiceField(label=gettext_lazy("Residence"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        self.fields["band"].choices = band_choices()  # type: ignore[attr-defined]
        self.fields["residence"].choices = [("", _("All")), *Person.Residence.choices]  # type: ignore[attr-defined]
        states = [choice for choice in Person.State.choices if choice[0] not in ("living", "erased")]
        self.fields["state"].choices = [("", Person.State.LIVING.label), *states]  # type: ignore[attr-defined]
        if actor.communities is None or len(actor.communities) > 1:
            self.fields["community"] = community_field(actor, required=False)

    def wanted(self) -> dict[str, Any]:
        """Give the filters that are set; one that makes no sense is left out."""
        self.is_valid()
        cleaned = self.cleaned_data
        community = cleaned.get("community")
        return {
            "query": cleaned.get("q", ""),
            "household_number": cleaned.get("household", ""),
            "band": cleaned.get("band", ""),
            "residence": cleaned.get("residence", ""),
            "state": cleaned.get("state") or Person.State.LIVING.value,
            "community": UUID(community) if community else None,
        }


@reading
def show_list(request: HttpRequest) -> HttpResponse:
    """Show one page of residents."""
    actor, at = actor_of(request), now()
    form = PeopleFilter(request.GET, actor=actor)
    after = request.GET.get("after", "")
    page = list_people(actor=actor, on=local_day(at), after=after, **form.wanted())
    communities = community_names()
    writes = policy.may_write_people(actor)
    lines = [line_of(row, communities) for row in page.rows]
    return render(
        request,
        "staff/people/people.html",
        {
            "form": form,
            "table": keyset_table(columns=COLUMNS, rows=lines, count=page.total, after=page.after),
            "is_more": page.is_more,
            "after": after,
            "tabs": list_tabs("people", actor),
            "writes": writes,
            "bulk_actions": [("cards", _("Print cards")), ("labels", _("Print labels"))] if writes else [],
            "new_url": reverse("staff:household_new") if writes else "",
            "export_url": reverse("staff:people_export"),
            "print_url": reverse("staff:people_print"),
        },
    )


class ExportForm(ActForm):
    """Why a list is taken away."""

    reason = reason_field(
        gettext_lazy("What is the list needed for?"),
        gettext_lazy("Names and numbers stay masked in the file. Who took which list, and why, is logged."),
    )


@looking
def export(request: HttpRequest) -> HttpResponse:
    """Ask for the reason, then give the filtered list as a workbook, masked as it is seen."""
    actor, at = actor_of(request), now()
    back = f"{reverse('staff:people')}?{request.GET.urlencode()}"
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        filters = PeopleFilter(request.GET, actor=actor).wanted()
        try:
            rows = export_people(actor=actor, filters=filters, reason=form.cleaned_data["reason"], at=at)
        except Problem as problem:
            add_problem(form, problem)
        else:
            communities = community_names()
            cells = (line_of(row, communities).cells() for row in rows)
            return workbook(title=_("Residents"), headings=[column.label for column in COLUMNS], rows=cells)
    context = {
        "form": form,
        "title": _("Export the list of residents"),
        "button": _("Download the workbook"),
        "cancel_url": back,
        "crumbs": [(_("Residents"), back), (_("Export"), "")],
    }
    return render(request, "staff/form.html", context, status=422 if form.errors else 200)


@reading
def print_list(request: HttpRequest) -> HttpResponse:
    """Give the filtered list as an A4 sheet, masked."""
    actor = actor_of(request)
    filters = PeopleFilter(request.GET, actor=actor).wanted()
    rows = list_every_person(actor=actor, on=local_day(now()), limit=MOST_PRINTED, **filters)
    communities = community_names()
    return paper(
        request,
        title=_("Residents"),
        headings=[column.label for column in COLUMNS],
        rows=[line_of(row, communities).cells() for row in rows],
        back_url=f"{reverse('staff:people')}?{request.GET.urlencode()}",
        place=_("The first %(count)d") % {"count": MOST_PRINTED} if len(rows) == MOST_PRINTED else "",
    )


@pressing
def chosen(request: HttpRequest) -> HttpResponse:
    """Go on with the residents chosen on the list: cards are asked about first, labels are only drawn."""
    ids = [pk for pk in map(_uuid, request.POST.getlist("chosen")[:MOST_SHOWN]) if pk]
    if not ids:
        messages.info(request, _("Choose at least one resident on the list."))
        return redirect("staff:people")
    query = "&".join(f"person={pk}" for pk in ids)
    page = "staff:people_cards" if request.POST.get("act") == "cards" else "staff:people_labels"
    return redirect(f"{reverse(page)}?{query}")


@reading
def labels(request: HttpRequest) -> HttpResponse:
    """Draw labels for the folders of the chosen residents: masked name, household, and the way to the live record."""
    ids = [pk for pk in map(_uuid, request.GET.getlist("person")[:MOST_SHOWN]) if pk]
    communities = community_names()
    on = local_day(now())
    rows = list_chosen(actor=actor_of(request), on=on, people=ids)
    shown = [
        (line_of(row, communities), request.build_absolute_uri(reverse("staff:person", args=[row.id]))) for row in rows
    ]
    context = {"labels": shown, "back_url": reverse("staff:people"), "sheet_title": _("Labels")}
    return render(request, "staff/people/labels.html", context | {"printed_on": spoken(on)})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
