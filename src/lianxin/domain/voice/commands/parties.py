"""The sides of a matter: who takes part, who speaks for them, who left."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Organisation, Person
from lianxin.domain.people.rules.contacts import check_phone
from lianxin.domain.voice.commands import found, sittings
from lianxin.domain.voice.models import Party
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.sensitive import seal

PHONE = "voice.party.speaker_phone"
LONGEST = {"name": 80, "speaker_name": 40}


class SideThere(Refused):
    """The same side twice."""

    title = gettext_lazy("This side is there already.")


@command("voice.add_party")
def add_party(
    *,
    actor: Actor,
    matter: UUID,
    kind: str,
    name: str,
    organisation: UUID | None = None,
    person: UUID | None = None,
    speaker_name: str = "",
    speaker_phone: str = "",
    on: date | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Party:
    """Let one more side take part, with who speaks for it; one that had left comes back."""
    row = sittings.going_on(actor, matter)
    values = _side(kind, name, organisation, person, speaker_name, speaker_phone or "")
    known = Party.objects.filter(matter=row, name=values["name"]).first()
    if known is not None and known.left_on is None:
        raise SideThere
    if known is not None:
        for field, value in (values | {"left_on": None}).items():
            setattr(known, field, value)
        known.save()
        act().target(known, "came back", {"name": [None, known.name]})
        return known
    party = Party.objects.create(community_id=row.community_id, matter=row, joined_on=on or local_day(at), **values)
    act().target(party, "joined", {"name": [None, party.name]})
    return party


@command("voice.edit_party")
def edit_party(
    *,
    actor: Actor,
    party: UUID,
    kind: str,
    name: str,
    organisation: UUID | None = None,
    person: UUID | None = None,
    speaker_name: str = "",
    speaker_phone: str | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Party:
    """Change a side or who speaks for it; `speaker_phone=None` leaves the number as it is."""
    row = _party(actor, party)
    values = _side(kind, name, organisation, person, speaker_name, speaker_phone or "")
    if speaker_phone is None:
        del values["speaker_phone"]
    if Party.objects.filter(matter=row.matter_id, name=values["name"]).exclude(pk=row.pk).exists():
        raise SideThere
    for field, value in values.items():
        setattr(row, field, value)
    row.save(update_fields=list(values))
    act().target(row, "changed", {"kind": [None, row.kind]})
    return row


@command("voice.end_party")
def end_party(*, actor: Actor, party: UUID, on: date | None = None, at: datetime, key: UUID | None = None) -> Party:
    """Let a side leave; what it said and promised stays."""
    row = _party(actor, party)
    if row.left_on is None:
        row.left_on = max(on or local_day(at), row.joined_on)
        row.save(update_fields=["left_on"])
        act().target(row, "left", {"left_on": [None, row.left_on]})
    return row


def _party(actor: Actor, pk: UUID) -> Party:
    of = Party.objects.filter(pk=pk).values_list("matter_id", flat=True).first()
    if of is None:
        raise Missing
    sittings.matter(actor, of)
    row: Party = found.locked(Party, pk)
    return row


def _side(
    kind: str, name: str, organisation: UUID | None, person: UUID | None, speaker_name: str, speaker_phone: str
) -> dict[str, object]:
    if kind not in Party.Kind.values:
        raise Invalid(fields={"kind": [_("Choose which side this is.")]})
    firm = Organisation.objects.filter(pk=organisation).first() if organisation is not None else None
    if organisation is not None and firm is None:
        raise Invalid(fields={"organisation": [_("Choose an organisation of the list.")]})
    if person is not None and not Person.objects.filter(pk=person).exists():
        raise Missing
    number, why = check_phone(speaker_phone) if speaker_phone.strip() else ("", "")
    if why:
        raise Invalid(fields={"speaker_phone": [why]})
    return {
        "kind": kind,
        "name": _measured("name", name.strip() or (firm.name if firm else str(Party.Kind(kind).label))),
        "organisation": firm,
        "person_id": person,
        "speaker_name": _measured("speaker_name", speaker_name),
        "speaker_phone": seal(number, PHONE) if number else None,
    }


def _measured(name: str, text: str) -> str:
    words = " ".join(text.split())
    if len(words) > LONGEST[name]:
        raise Invalid(fields={name: [_("At most %(most)d characters.") % {"most": LONGEST[name]}]})
    return words
