"""Asking for a mediation, its sides, and whether each of them agrees to it; what they say of it is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Organisation, Person
from lianxin.domain.people.rules.contacts import check_phone
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, mediation_duties, mediation_figures, mediation_moves, moving
from lianxin.domain.voice.models import Case, CaseLink, Matter, Mediation, MediationParty, Tier
from lianxin.domain.voice.rules import states as case_states
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.sensitive import Sealed, seal

Side = MediationParty.Side
MOST_PARTIES = 12


class MediatedAlready(Refused):
    """There is a mediation of this case that has not ended."""

    title = gettext_lazy("This is being mediated already. Go on with that mediation.")


class NoParty(Refused):
    """A side is missing, or it said no."""

    title = gettext_lazy("A mediation needs somebody who asks for it and somebody on the other side.")


class NoMediator(Refused):
    """The sides agree to a mediator, not to any."""

    title = gettext_lazy("Appoint the mediator first: the sides agree to this mediator, or not.")


@dataclass(frozen=True, slots=True)
class NewParty:
    """One side of a quarrel as it was told: by name, or as a person or organisation on record."""

    side: str
    name: str = ""
    phone: str = ""
    person: UUID | None = None
    organisation: UUID | None = None


@command("voice.ask_mediation")
def ask(
    *,
    actor: Actor,
    community: UUID,
    subject_words: str,
    case: UUID | None = None,
    matter: UUID | None = None,
    tier: str = Tier.FULL,
    parties: Sequence[NewParty] = (),
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> Mediation:
    """Open a mediation of a quarrel: words and sides are sealed at once, and a case it comes from leaves the board.

    Raises Invalid, MediatedAlready, NotAllowed, NotPossible (of the case) or Missing.
    """
    found.community(community)
    policy.require(policy.may_keep(actor, community))
    if tier not in Tier.values:
        raise Invalid(fields={"tier": [_("Choose how hard it is.")]})
    if len(parties) > MOST_PARTIES:
        raise Invalid(fields={"parties": [_("At most %(most)d sides.") % {"most": MOST_PARTIES}]})
    words = mediation_moves.must_seal(subject_words, mediation_moves.SUBJECT, field="subject_words")
    entry = _case(case, community, at=at) if case is not None else None
    debate = _matter(matter, community) if matter is not None else None
    row = Mediation.objects.create(
        community_id=community,
        number=found.next_number(Mediation, community),
        case=entry,
        matter=debate,
        tier=tier,
        subject_words=words,
        asked_at=at,
        made_by=actor.account,
        is_sample=is_sample,
    )
    for party in parties:
        _add(row, party)
    if entry is not None:
        CaseLink.objects.create(
            community_id=community,
            case=entry,
            kind=CaseLink.Kind.MEDIATION,
            record_id=row.pk,
            made_at=at,
            made_by=actor.account,
        )
    mediation_duties.look_at_begin(row, at=at)
    act().target(row, "asked for", {"tier": [None, tier]})
    return row


@command("voice.add_mediation_party")
def add_party(
    *,
    actor: Actor,
    mediation: UUID,
    party: NewParty,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> MediationParty:
    """Add a side before the mediation is accepted; whether the mediator is near to it is to be looked at anew."""
    row, after = mediation_moves.begin(actor, mediation, "add_party", version=version)
    if MediationParty.objects.filter(mediation=row).count() >= MOST_PARTIES:
        raise Invalid(fields={"name": [_("At most %(most)d sides.") % {"most": MOST_PARTIES}]})
    made = _add(row, party)
    mediation_moves.save(row, "side added", after, conflict_words="", conflict_checked_at=None)
    return made


@command("voice.remove_mediation_party")
def remove_party(*, actor: Actor, party: UUID, at: datetime, key: UUID | None = None) -> Mediation:
    """Take out a side that was written down by mistake."""
    row, one, after = _of_party(actor, party, "remove_party")
    one.delete()
    mediation_moves.save(row, "side taken out", after)
    return row


@command("voice.consent_to_mediation")
def consent(
    *, actor: Actor, party: UUID, agrees: bool, words: str = "", at: datetime, key: UUID | None = None
) -> Mediation:
    """Write down that a side agrees to be mediated by this mediator; one that does not ends it (art. 17).

    Raises NoMediator, NotPossible or Missing.
    """
    row, one, after = _of_party(actor, party, "consent" if agrees else "withdraw")
    if not agrees:
        return withdraw(actor=actor, mediation=row.pk, party=party, words=words, at=at)
    if row.mediator is None:
        raise NoMediator
    if one.agreed_at is None:
        one.agreed_at, one.refused_at = at, None
        one.save(update_fields=["agreed_at", "refused_at"])
        mediation_moves.save(row, "a side agreed to it", after)
    return row


@command("voice.withdraw_mediation")
def withdraw(
    *,
    actor: Actor,
    mediation: UUID,
    party: UUID | None = None,
    words: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Mediation:
    """End a mediation that a side does not want, or no longer wants; the words, if any, are sealed."""
    row, after = mediation_moves.begin(actor, mediation, "withdraw", version=version)
    kept = mediation_moves.sealed(words, mediation_moves.STATE_WORDS, field="words", required=False)
    if party is not None:
        sides = MediationParty.objects.filter(mediation=row, pk=party)
        if not sides.update(refused_at=at, agreed_at=None):
            raise Missing
    end(row, "withdrawn", after, state_words=kept, at=at)
    return row


def end(row: Mediation, verb: str, after: str, *, state_words: Sealed | None, at: datetime, court: bool = True) -> None:
    """End a mediation inside a command: nothing of it is to be done any more, and figures count it."""
    mediation_duties.close_all(row, court=court)
    row.talks.filter(held_at=None).delete()
    mediation_moves.save(row, verb, after, ended_at=at, state_words=state_words)
    mediation_figures.note_ended(row, at=at)


def _add(row: Mediation, party: NewParty) -> MediationParty:
    if party.side not in Side.values:
        raise Invalid(fields={"side": [_("Choose the side.")]})
    if party.person is not None and party.organisation is not None:
        raise Invalid(fields={"person": [_("A side is a person or an organisation.")]})
    name = party.name.strip()
    with scope.everything():
        if party.person is not None:
            person = Person.objects.filter(pk=party.person, state=Person.State.LIVING).first()
            if person is None:
                raise Invalid(fields={"person": [_("There is no such resident.")]})
            name = name or person.name
            if MediationParty.objects.filter(mediation=row, person=person).exists():
                raise Invalid(fields={"person": [_("This resident is one of the sides already.")]})
        elif party.organisation is not None:
            firm = Organisation.objects.filter(pk=party.organisation).first()
            if firm is None:
                raise Invalid(fields={"organisation": [_("There is no such organisation.")]})
            name = name or firm.name
    phone = None
    if party.phone.strip():
        number, why_not = check_phone(party.phone)
        if why_not:
            raise Invalid(fields={"phone": [why_not]})
        phone = seal(number, mediation_moves.PHONE)
    return MediationParty.objects.create(
        community_id=row.community_id,
        mediation=row,
        side=party.side,
        person_id=party.person,
        organisation_id=party.organisation,
        name=mediation_moves.must_seal(name, mediation_moves.NAME, field="name"),
        phone=phone,
    )


def _of_party(actor: Actor, pk: UUID, move: str) -> tuple[Mediation, MediationParty, str]:
    of = MediationParty.objects.filter(pk=pk).values_list("mediation_id", flat=True).first()
    if of is None:
        raise Missing
    row, after = mediation_moves.begin(actor, of, move)
    return row, MediationParty.objects.get(pk=pk), after


def _case(pk: UUID, community: UUID, *, at: datetime) -> Case:
    entry = found.case(pk)
    if entry.community_id != community:
        raise Missing
    if Mediation.objects.filter(case=entry, ended_at=None).exists():
        raise MediatedAlready
    entry.is_mediated, entry.is_public = True, False
    moving.move(entry, "mediate", who=case_states.KEEPER, at=at, changed=("is_mediated", "is_public"))
    return entry


def _matter(pk: UUID, community: UUID) -> Matter:
    row = found.locked(Matter, pk)
    if row.community_id != community:
        raise Missing
    if Mediation.objects.filter(matter=row, ended_at=None).exists():
        raise MediatedAlready
    return row
