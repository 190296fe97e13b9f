"""The register of organisations: the list, and one entry with a look at its contact's number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.people import policy
from lianxin.domain.people.commands.organisations import reveal_organisation_phone
from lianxin.domain.people.models import Organisation, OrganisationRole
from lianxin.domain.people.queries.organisations import (
    MOST_SHOWN,
    OrganisationBundle,
    OrganisationRow,
    OrganisationsPage,
    find_organisation,
    list_organisations,
)
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.choices import community_choices
from lianxin.faces.staff.people.choices import community_field, reason_field
from lianxin.faces.staff.people.gate import button_for, reading
from lianxin.faces.staff.people.happenings import community_names, timeline
from lianxin.faces.staff.people.keyset import keyset_table
from lianxin.faces.staff.people.labels import ORGANISATION_TONES, role_words
from lianxin.faces.staff.people.tabs import list_tabs, organisation_crumbs
from lianxin.faces.staff.sheets import MOST_ROWS, paper, workbook
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import new_id

COLUMNS = (
    Column(pgettext_lazy("of a thing", "Name")),
    Column(gettext_lazy("Kinds")),
    Column(gettext_lazy("Credit code")),
    Column(gettext_lazy("Contact person")),
    Column(pgettext_lazy("places", "Phone")),
    Column(gettext_lazy("Agreement until")),
    Column(gettext_lazy("State")),
)


@dataclass(frozen=True)
class OrganisationLine:
    """An organisation as the list, the sheet and the workbook show one."""

    pk: UUID
    name: str
    kinds: str
    uscc: str
    contact: str
    phone: str
    until: date | None
    state: str
    tone: str

    def cells(self) -> list[Any]:
        """Give what a workbook's row holds."""
        return [self.name, self.kinds, self.uscc, self.contact, self.phone, self.until, self.state]


def line_of(row: OrganisationRow) -> OrganisationLine:
    """Write an organisation in the words of the page."""
    return OrganisationLine(
        pk=row.id,
        name=row.name,
        kinds=role_words(row.roles),
        uscc=row.uscc,
        contact=row.masked_contact,
        phone=row.masked_phone,
        until=row.agreement_until,
        state=str(Organisation.State(row.state).label),
        tone=ORGANISATION_TONES[row.state],
    )


class OrganisationFilter(forms.Form):
    """Which organisations the list shows."""

    q = forms.CharField(
        label=gettext_lazy("Name, pinyin or credit code"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        self.fields["role"].choices = [("", _("All")), *OrganisationRole.Kind.choices]  # type: ignore[attr-defined]
        states = [choice for choice in Organisation.State.choices if choice[0] != "merged"]
        self.fields["state"].choices = [("", _("All")), *states]  # type: ignore[attr-defined]
        if actor.communities is None or len(actor.communities) > 1:
            self.fields["community"] = community_field(actor, required=False)

    def wanted(self) -> dict[str, Any]:
        """Give the filters that are set."""
        self.is_valid()
        cleaned = self.cleaned_data
        community = cleaned.get("community")
        return {
            "query": cleaned.get("q", ""),
            "role": cleaned.get("role", ""),
            "state": cleaned.get("state", ""),
            "community": UUID(community) if community else None,
        }


def _page(actor: Actor, filters: dict[str, Any], **cut: Any) -> tuple[list[OrganisationLine], OrganisationsPage]:
    page = list_organisations(actor=actor, **filters, **cut)
    return [line_of(row) for row in page.rows], page


@reading
def show_list(request: HttpRequest) -> HttpResponse:
    """Show one page of organisations by name; `as=` gives the whole list as a workbook or a sheet."""
    actor = actor_of(request)
    form = OrganisationFilter(request.GET, actor=actor)
    filters = form.wanted()
    if request.GET.get("as") in ("xlsx", "print"):
        return _whole(request, filters)
    after = request.GET.get("after", "")
    rows, page = _page(actor, filters, after=after)
    return render(
        request,
        "staff/people/organisations.html",
        {
            "form": form,
            "table": keyset_table(columns=COLUMNS, rows=rows, count=page.total, after=page.after),
            "after": after,
            "tabs": list_tabs("organisations", actor),
            "new_url": reverse("staff:organisation_new") if policy.may_write_organisations(actor) else "",
        },
    )


def _whole(request: HttpRequest, filters: dict[str, Any]) -> HttpResponse:
    rows: list[OrganisationLine] = []
    after = ""
    while len(rows) < MOST_ROWS:
        part, page = _page(actor_of(request), filters, after=after, limit=MOST_SHOWN)
        rows, after = rows + part, page.after
        if not after:
            break
    headings = [column.label for column in COLUMNS]
    cells = [row.cells() for row in rows]
    if request.GET["as"] == "xlsx":
        return workbook(title=pgettext("list", "Organisations"), headings=headings, rows=cells)
    words = [[spoken(cell) if isinstance(cell, date) else cell for cell in row] for row in cells]
    back = reverse("staff:organisations")
    return paper(request, title=pgettext("list", "Organisations"), headings=headings, rows=words, back_url=back)


class LookForm(forms.Form):
    """Why the contact's number is looked at."""

    reason = reason_field(gettext_lazy("Why do you need the phone number?"))


@reading
def show(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show one organisation."""
    return _entry(request, organisation)


@button_for(policy.may_write_organisations)
def reveal_phone(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show the contact's number in full, this once; the look is logged."""
    form = LookForm(request.POST)
    if not form.is_valid():
        return _entry(request, organisation, form=form, status=422)
    try:
        shown = reveal_organisation_phone(
            actor=actor_of(request), organisation=organisation, reason=form.cleaned_data["reason"], at=now()
        )
    except Invalid as problem:
        add_problem(form, problem)
        return _entry(request, organisation, form=form, status=422)
    return _entry(request, organisation, revealed=(pgettext("places", "Phone"), shown or _("nothing is on record")))


def _entry(
    request: HttpRequest,
    organisation: UUID,
    *,
    form: LookForm | None = None,
    revealed: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    bundle = find_organisation(actor=actor, organisation=organisation)
    row, names = bundle.organisation, community_names()
    open_ = row.state in ("active", "paused")
    writes = policy.may_write_organisations(actor) and row.state != "merged"
    linked = [(pk, names.get(pk, ""), actor.covers(pk)) for pk in bundle.communities]
    context = {
        "organisation": row,
        "crumbs": organisation_crumbs(organisation, row.name),
        "state_label": Organisation.State(row.state).label,
        "state_tone": ORGANISATION_TONES[row.state],
        "subtitle": role_words(row.roles),
        "next_url": reverse("staff:organisation_edit", args=[organisation]) if writes and open_ else "",
        "facts": _facts(bundle),
        "linked": linked,
        "may_link": writes and open_,
        "link_choices": _unlinked(actor, bundle) if writes and open_ else [],
        "key": new_id(),
        "changes": _changes(bundle, writes=writes, merges=writes and actor.communities is None),
        "entries": timeline(bundle.timeline, actor=actor, communities=names, names={}),
        "look_form": (form or LookForm()) if writes and row.has_phone else None,
        "revealed": revealed,
    }
    return render(request, "staff/people/organisation.html", context, status=status)


def _facts(bundle: OrganisationBundle) -> list[tuple[Any, Any, str]]:
    row = bundle.organisation
    successor = reverse("staff:organisation", args=[bundle.merged_into]) if bundle.merged_into else ""
    return [
        (_("Credit code"), row.uscc or None, ""),
        (_("Contact person"), row.masked_contact or None, ""),
        (pgettext("places", "Phone"), row.masked_phone or None, ""),
        (pgettext("places", "Address"), row.address or None, ""),
        (_("Agreement from"), spoken(bundle.agreement_from) if bundle.agreement_from else None, ""),
        (_("Agreement until"), spoken(row.agreement_until) if row.agreement_until else None, ""),
        (_("Other names"), _(", ").join(bundle.aliases) or None, ""),
        *([(_("Merged into"), _("another entry"), successor)] if successor else []),
    ]


def _unlinked(actor: Actor, bundle: OrganisationBundle) -> list[tuple[str, str]]:
    there = {str(pk) for pk in bundle.communities}
    groups = community_choices(actor, subdistricts=False, alone=True)
    return [(pk, name) for _group, choices in groups for pk, name in choices if pk not in there]


def _changes(bundle: OrganisationBundle, *, writes: bool, merges: bool) -> list[tuple[str, str, str]]:
    pk, state = bundle.organisation.id, bundle.organisation.state
    wanted = [
        ("organisation_edit", "pencil", _("Edit"), writes and state in ("active", "paused")),
        ("organisation_state", "flag", _("Pause, close or reopen"), writes),
        ("organisation_merge", "arrow-merge", _("Merge with another entry"), merges and state in ("active", "paused")),
    ]
    return [(reverse(f"staff:{name}", args=[pk]), icon, label) for name, icon, label, may in wanted if may]
