"""What is given when people are registered, and what may be wrong with it."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people.models.persons import Person
from lianxin.domain.people.rules import contacts
from lianxin.domain.people.rules.import_words import NAME
from lianxin.domain.people.rules.persons import OLDEST, is_plausible_birth
from lianxin.platform.ids import new_id

Errors = dict[str, list[str]]


@dataclass(slots=True)
class NewPerson:
    """A person to be registered; numbers are plain text and sealed on the way in."""

    name: str
    relation: str
    sex: str = ""
    birth_on: date | None = None
    id_number: str = ""
    phone: str = ""
    residence: str = "registered"
    name_latin: str = ""
    prefers_teochew: bool = False
    prefers_large_print: bool = False
    no_phone: bool = False
    id: UUID = field(default_factory=new_id)


@dataclass(slots=True)
class NewHousehold:
    """A household to be registered with its members; without a number it gets the community's next one."""

    community: UUID
    members: list[NewPerson]
    number: str = ""
    address: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    id: UUID = field(default_factory=new_id)


def complete(person: NewPerson, on: date) -> Errors:
    """Tidy a person in place, take sex and birthday from the ID number, and give what is wrong by field."""
    errors: Errors = {}
    person.name = person.name.strip()
    if not person.name:
        errors["name"] = [_("The name is missing.")]
    elif len(person.name) > 40 or not (person.name.isalpha() or NAME.fullmatch(person.name)):
        errors["name"] = [_("A name has at most 40 characters and no digits or signs.")]
    if person.relation not in Person.Relation.values:
        errors["relation"] = [_("Choose the relation to the head of the household.")]
    if person.residence not in Person.Residence.values:
        errors["residence"] = [_("Choose how the person lives here.")]
    if person.sex not in Person.Sex.values:
        errors["sex"] = [_("Choose the sex, or leave it empty.")]
    if person.phone:
        number, wrong = contacts.check_phone(person.phone)
        if wrong:
            errors["phone"] = [wrong]
        person.phone, person.no_phone = number, False
    if person.id_number:
        read = contacts.check_id(person.id_number, on)
        if isinstance(read, str):
            errors["id_number"] = [read]
        else:
            person.id_number, person.birth_on, person.sex = read.number, read.birth_on, read.sex.lower()
    if person.birth_on is None:
        errors.setdefault("birth_on", [_("Without an ID number the date of birth is needed.")])
    elif not is_plausible_birth(person.birth_on, on):
        errors["birth_on"] = [
            _("Somebody born on %(day)s would be older than %(most)d, or not yet born.")
            % {"day": person.birth_on.isoformat(), "most": OLDEST}
        ]
    return errors
