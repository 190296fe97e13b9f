"""One resident: the page, a look behind the mask, and changes of the record itself."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.people import policy
from lianxin.domain.people.commands import persons
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.people import PersonBundle, find_erasure, find_for_editing, find_person
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.forms import add_problem
from lianxin.faces.staff.acting import answer_form
from lianxin.faces.staff.people.gate import button_for, reading, writing
from lianxin.faces.staff.people.happenings import community_names, timeline
from lianxin.faces.staff.people.labels import REVEALED, STATE_TONES, age_words
from lianxin.faces.staff.people.person_forms import EditForm, IdNumberForm, PhoneForm, RevealForm
from lianxin.faces.staff.people.tabs import person_crumbs, person_tabs
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Gone, Invalid

Facts = list[tuple[Any, Any, str]]


@reading
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """Show a resident's record; an erased one leaves a page that names nobody."""
    try:
        return _page(request, person)
    except Gone:
        erasure = find_erasure(actor=actor_of(request), person=person)
        return render(request, "staff/people/erased.html", {"erasure": erasure}, status=410)


@button_for(policy.may_write_people)
def reveal(request: HttpRequest, person: UUID) -> HttpResponse:
    """Show one masked field in full, this once; the look is logged."""
    bundle = find_person(actor=actor_of(request), person=person, on=local_day(now()))
    form = RevealForm(request.POST, fields=_revealable(bundle))
    if not form.is_valid():
        return _page(request, person, form=form, status=422)
    field, reason = form.cleaned_data["field"], form.cleaned_data["reason"]
    try:
        shown = persons.reveal_field(actor=actor_of(request), person=person, field=field, reason=reason, at=now())
    except Invalid as problem:
        add_problem(form, problem)
        return _page(request, person, form=form, status=422)
    return _page(request, person, revealed=(REVEALED[field], shown or _("nothing is on record")))


def _page(
    request: HttpRequest,
    person: UUID,
    *,
    form: RevealForm | None = None,
    revealed: tuple[Any, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    bundle = find_person(actor=actor, person=person, on=local_day(now()))
    communities = community_names()
    row = bundle.person
    writes = policy.may_write_people(actor)
    names = {row.id: row.masked_name}
    label, url = _next_step(bundle) if writes else ("", "")
    return render(
        request,
        "staff/people/person.html",
        {
            "person": bundle,
            "crumbs": person_crumbs(person, row.masked_name),
            "tabs": person_tabs("person", person, actor),
            "state_label": Person.State(row.state).label,
            "state_tone": STATE_TONES[row.state],
            "subtitle": _subtitle(bundle, communities),
            "next_text": label,
            "next_url": url,
            "entries": timeline(bundle.timeline, actor=actor, communities=communities, names=names),
            "facts": _facts(bundle, communities),
            "changes": _changes(bundle, writes=writes, moves=policy.may_move_people(actor)),
            "reveal_form": form or (RevealForm(fields=_revealable(bundle)) if writes else None),
            "reveal_url": reverse("staff:person_reveal", args=[person]),
            "revealed": revealed,
        },
        status=status,
    )


def _revealable(bundle: PersonBundle) -> list[str]:
    fields = ["name"]
    if bundle.has_id_number:
        fields.append("id_number")
    if bundle.person.masked_phone:
        fields.append("phone")
    return [*fields, "address"]


def _subtitle(bundle: PersonBundle, communities: dict[UUID, str]) -> str:
    row = bundle.person
    parts = [
        communities.get(row.community, ""),
        str(Person.Relation(row.relation).label),
        age_words(row.age),
        _("died on %(day)s") % {"day": spoken(bundle.died_on)} if bundle.died_on else "",
        _("moved out on %(day)s") % {"day": spoken(bundle.moved_on)} if bundle.moved_on else "",
    ]
    return " · ".join(part for part in parts if part)


def _next_step(bundle: PersonBundle) -> tuple[str, str]:
    """The one thing that most likely comes next: a card for somebody without one, else the record's own change."""
    pk = bundle.person.id
    if bundle.person.state != Person.State.LIVING:
        return _("Lives here again"), reverse("staff:person_return", args=[pk])
    if not bundle.card_number:
        return _("Print a card"), reverse("staff:person_card", args=[pk])
    return _("Edit"), reverse("staff:person_edit", args=[pk])


def _facts(bundle: PersonBundle, communities: dict[UUID, str]) -> Facts:
    row = bundle.person
    yes_no = {True: _("yes"), False: _("no")}
    return [
        (_("Household"), row.household_number, reverse("staff:household", args=[row.household])),
        (_("Community"), communities.get(row.community, ""), ""),
        (_("Address"), row.masked_address or None, ""),
        (_("Phone"), row.masked_phone or (_("has none") if row.no_phone else None), ""),
        (_("ID number"), bundle.masked_id or None, ""),
        (_("Sex"), Person.Sex(row.sex).label if row.sex else None, ""),
        (_("Date of birth"), spoken(bundle.birth_on) if bundle.birth_on else None, ""),
        (_("Residence"), Person.Residence(row.residence).label, ""),
        (_("Prefers Teochew"), yes_no[row.prefers_teochew], ""),
        (_("Prefers large print"), yes_no[bundle.prefers_large_print], ""),
        (_("Card"), bundle.card_number or None, ""),
        (_("On record since"), spoken(bundle.registered_on), ""),
    ]


def _changes(bundle: PersonBundle, *, writes: bool, moves: bool) -> list[tuple[str, str, str]]:
    pk, living = bundle.person.id, bundle.person.state == Person.State.LIVING
    moved_out = bundle.person.state == Person.State.MOVED_OUT
    wanted = [
        ("person_edit", "pencil", _("Edit"), writes and living),
        ("person_phone", "phone", _("Change the phone number"), writes and living),
        ("person_id_number", "id", _("Change the ID number"), writes and living),
        ("person_move", "home", _("Move to another household"), moves and living),
        ("person_move_out", "logout", _("Moved out of the district"), writes and living),
        ("person_death", "leaf", _("Record a death"), writes and (living or moved_out)),
        ("person_return", "refresh", _("Lives here again"), writes and not living),
    ]
    return [(reverse(f"staff:{name}", args=[pk]), icon, label) for name, icon, label, may in wanted if may]


def _plain(row: Person) -> dict[str, Any]:
    names = ("relation", "residence", "sex", "birth_on", "prefers_teochew", "prefers_large_print", "no_phone")
    return {name: getattr(row, name) for name in names} | {"version": row.version}


def _open(request: HttpRequest, person: UUID) -> tuple[Person, str, date]:
    actor, at = actor_of(request), now()
    row = find_for_editing(actor=actor, person=person)
    return row, find_person(actor=actor, person=person, on=local_day(at)).person.masked_name, local_day(at)


@writing
def edit(request: HttpRequest, person: UUID) -> HttpResponse:
    """Change the plain part of a record."""
    row, masked_name, _on = _open(request, person)
    form = EditForm(request.POST or None, initial=_plain(row))
    keep = _("On record: %(masked)s. Leave it empty to keep it.")
    form.fields["name"].help_text = keep % {"masked": masked_name}
    if row.name_latin:
        form.fields["name_latin"].help_text = keep % {"masked": f"{row.name_latin[0]}***"}
    if row.id_number is not None:
        for field in ("sex", "birth_on"):
            form.fields[field].disabled = True
            form.fields[field].help_text = _("Follows the ID number.")

    def save(values: dict[str, Any]) -> Person:
        entered = dict(values)
        entered["name"] = entered["name"].strip() or row.name
        entered["name_latin"] = entered["name_latin"].strip() or row.name_latin
        return persons.edit_person(actor=actor_of(request), person=person, at=now(), **entered)

    return answer_form(
        request,
        form,
        do=save,
        then=lambda _saved: reverse("staff:person", args=[person]),
        said=_("Saved."),
        fresh=lambda: _plain(find_for_editing(actor=actor_of(request), person=person)),
        title=_("Edit the record of %(name)s") % {"name": masked_name},
        button=_("Save"),
        cancel_url=reverse("staff:person", args=[person]),
        crumbs=person_crumbs(person, masked_name, _("Edit")),
    )


@writing
def change_phone(request: HttpRequest, person: UUID) -> HttpResponse:
    """Record another phone number, or none."""
    row, masked_name, _on = _open(request, person)
    return answer_form(
        request,
        PhoneForm(request.POST or None, initial={"version": row.version}),
        do=lambda values: persons.change_phone(actor=actor_of(request), person=person, at=now(), **values),
        then=lambda _saved: reverse("staff:person", args=[person]),
        said=_("The phone number was changed."),
        fresh=lambda: {"version": find_for_editing(actor=actor_of(request), person=person).version},
        title=_("Change the phone number of %(name)s") % {"name": masked_name},
        button=_("Save"),
        cancel_url=reverse("staff:person", args=[person]),
        crumbs=person_crumbs(person, masked_name, _("Phone")),
    )


@writing
def change_id_number(request: HttpRequest, person: UUID) -> HttpResponse:
    """Record or mend an ID number."""
    row, masked_name, _on = _open(request, person)
    return answer_form(
        request,
        IdNumberForm(request.POST or None, initial={"version": row.version}),
        do=lambda values: persons.change_id_number(actor=actor_of(request), person=person, at=now(), **values),
        then=lambda _saved: reverse("staff:person", args=[person]),
        said=_("The ID number was changed."),
        fresh=lambda: {"version": find_for_editing(actor=actor_of(request), person=person).version},
        title=_("Change the ID number of %(name)s") % {"name": masked_name},
        button=_("Save"),
        cancel_url=reverse("staff:person", args=[person]),
        crumbs=person_crumbs(person, masked_name, _("ID number")),
    )
