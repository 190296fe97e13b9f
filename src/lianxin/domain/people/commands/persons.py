"""Changing what is on record about a person."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people import policy
from lianxin.domain.people.commands import found
from lianxin.domain.people.commands.households import AlreadyRegistered, has_head
from lianxin.domain.people.commands.searching import index_people
from lianxin.domain.people.models import Person
from lianxin.domain.people.rules.contacts import ID_DIGEST, check_id, check_phone, sealed_id, sealed_phone
from lianxin.domain.people.rules.new_people import NewPerson, complete
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing
from lianxin.platform.sensitive import digest_candidates

PREFERENCES = ("prefers_teochew", "prefers_large_print", "no_phone")
NAMED_IN_AUDIT = frozenset({"relation", "residence", "sex", *PREFERENCES})


@command("people.edit_person")
def edit_person(
    *,
    actor: Actor,
    person: UUID,
    version: int,
    name: str,
    relation: str,
    residence: str,
    sex: str = "",
    birth_on: date | None = None,
    name_latin: str = "",
    prefers_teochew: bool = False,
    prefers_large_print: bool = False,
    no_phone: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> Person:
    """Change the plain part of a record; sex and birthday follow the ID number when there is one."""
    policy.require(policy.may_write_people(actor))
    row = found.living_person(person)
    if row.version != version:
        raise EditedMeanwhile
    if row.id_number is not None:
        sex, birth_on = row.sex, row.birth_on
    wanted = NewPerson(
        name=name,
        relation=relation,
        sex=sex,
        birth_on=birth_on,
        residence=residence,
        name_latin=name_latin.strip(),
        prefers_teochew=prefers_teochew,
        prefers_large_print=prefers_large_print,
        no_phone=no_phone and row.phone is None,
    )
    errors = complete(wanted, local_day(at))
    if relation == "head" and row.relation != "head" and has_head(row.household_id):
        errors["relation"] = [_("This household has a head already. Change the head on the household's page.")]
    if errors:
        raise Invalid(fields=errors)
    change: dict[str, list[object]] = {}
    for name_of in ("name", "name_latin", "sex", "birth_on", "relation", "residence", *PREFERENCES):
        old, new = getattr(row, name_of), getattr(wanted, name_of)
        if old != new:
            change[name_of] = [old, new] if name_of in NAMED_IN_AUDIT else ["", ""]
            setattr(row, name_of, new)
    if change:
        _save(row, [*change])
        act().target(row, "changed", change)
        index_people([row.pk])
    return row


@command("people.change_phone")
def change_phone(
    *, actor: Actor, person: UUID, phone: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> Person:
    """Record another phone number, or none; staff, or the person."""
    row = found.living_person(person)
    policy.require(policy.may_act_as(actor, row))
    if version is not None and row.version != version:
        raise EditedMeanwhile
    number = ""
    if phone.strip():
        number, wrong = check_phone(phone)
        if wrong:
            raise Invalid(fields={"phone": [wrong]})
    row.phone, row.phone_digest, row.phone_last4 = sealed_phone(number)
    row.no_phone = row.no_phone and not number
    _save(row, ["phone", "phone_digest", "phone_last4", "no_phone"])
    act().target(row, "changed", {"phone": ["", ""]})
    index_people([row.pk])
    return row


@command("people.change_id_number")
def change_id_number(
    *, actor: Actor, person: UUID, id_number: str, version: int, reason: str, at: datetime, key: UUID | None = None
) -> Person:
    """Record or correct an ID number; birthday and sex follow it."""
    policy.require(policy.may_write_people(actor))
    row = found.person(person)
    if row.version != version:
        raise EditedMeanwhile
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why the ID number changes.")]})
    fields = ["id_number", "id_digest"]
    if id_number.strip():
        read = check_id(id_number, local_day(at))
        if isinstance(read, str):
            raise Invalid(fields={"id_number": [read]})
        with scope.everything():
            others = Person.objects.filter(id_digest__in=digest_candidates(read.number, ID_DIGEST)).exclude(pk=row.pk)
            if others.exists():
                raise AlreadyRegistered
        row.id_number, row.id_digest, _last4 = sealed_id(read.number)
        row.birth_on, row.sex = read.birth_on, read.sex.lower()
        fields += ["birth_on", "sex"]
    else:
        row.id_number, row.id_digest = None, None
    _save(row, fields)
    act().target(row, "changed", {"id_number": ["", ""]})
    act().note(reason=reason)
    index_people([row.pk])
    return row


@command("people.set_preferences")
def set_preferences(
    *,
    actor: Actor,
    person: UUID,
    prefers_teochew: bool,
    prefers_large_print: bool,
    at: datetime,
    key: UUID | None = None,
) -> Person:
    """Record how a person likes to be spoken and written to; the person, or staff."""
    row = found.living_person(person)
    policy.require(policy.may_act_as(actor, row))
    row.prefers_teochew, row.prefers_large_print = prefers_teochew, prefers_large_print
    _save(row, ["prefers_teochew", "prefers_large_print"])
    act().target(row, "changed", {"preferences": ["", ""]})
    return row


@command("people.reveal_field")
def reveal_field(*, actor: Actor, person: UUID, field: str, reason: str, at: datetime) -> str:
    """Show one masked field of a person in full; the look, its reason and its reader are logged."""
    row = Person.objects.filter(pk=person).exclude(state=Person.State.ERASED).select_related("household").first()
    if row is None:
        raise Missing
    policy.require(policy.may_reveal(actor, field, row))
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why you need to see this.")]})
    act().target(row, "revealed", {"field": field})
    act().note(reason=reason.strip())
    if field == "name":
        return row.name
    if field == "address":
        home = row.household
        return " ".join(part for part in (home.address, home.building, home.unit, home.room) if part)
    sealed = row.id_number if field == "id_number" else row.phone
    return "" if sealed is None else sealed.reveal()


def _save(row: Person, fields: list[str]) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])
