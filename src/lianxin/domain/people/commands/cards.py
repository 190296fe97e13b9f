"""The printed card: issue, reprint, revoke, and say whose it is."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import events, policy
from lianxin.domain.people.commands import found
from lianxin.domain.people.models import Card, Person
from lianxin.domain.people.rules import cards as rules
from lianxin.domain.people.rules.persons import age_on
from lianxin.engines import identity
from lianxin.engines.masking import mask_name
from lianxin.platform import contributions, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Gone, Invalid, Missing, Refused
from lianxin.platform.sensitive import digest, digest_candidates

TOKEN = "people.card.token"  # noqa: S105
CHECKS = {
    "photo_on_document": gettext_lazy("compared with a document"),
    "known_in_person": gettext_lazy("known in person"),
    "asked_birthday": gettext_lazy("asked for the birthday"),
    "card_only": gettext_lazy("card only"),
}
"""How somebody made sure that the holder is the person; what may follow from which is each module's rule."""


class HasCard(Refused):
    """A person has one valid card."""

    title = gettext_lazy("This person has a valid card. Reprint it, so that the old one stops working.")


class CardRevokedAlready(Gone):
    """The card was replaced or called back."""

    title = gettext_lazy("This card is no longer valid. Please ask at the desk for a new one.")


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """What goes onto the paper; the token is shown this once and kept as a digest only."""

    card: UUID
    person: UUID
    number: str
    token: str


@dataclass(frozen=True, slots=True)
class CardHolder:
    """Who holds a card, masked, as told to somebody who was shown it."""

    person: UUID
    card: UUID
    community: UUID
    household: UUID
    masked_name: str
    age: int | None
    prefers_teochew: bool
    prefers_large_print: bool
    identity_check: str


@command("people.issue_card")
def issue_card(*, actor: Actor, person: UUID, at: datetime) -> PrintedCard:
    """Make a card for a person without one; the token is told once, for printing."""
    policy.require(policy.may_write_people(actor))
    row = found.living_person(person)
    if Card.objects.filter(person=row, revoked_at__isnull=True).exists():
        raise HasCard
    return _make(row, actor, at)


@command("people.issue_cards")
def issue_cards(*, actor: Actor, people: Sequence[UUID], replace: bool = False, at: datetime) -> list[PrintedCard]:
    """Make cards for many people at once; who has a valid card is left out, or gets a new one instead of it."""
    policy.require(policy.may_write_people(actor))
    made = []
    for person in dict.fromkeys(people):
        row = found.living_person(person)
        valid = list(Card.objects.filter(person=row, revoked_at__isnull=True))
        if valid and not replace:
            continue
        for card in valid:
            _revoke(card, Card.Reason.REPRINTED, actor, at)
        made.append(_make(row, actor, at))
    return made


@command("people.reprint_card")
def reprint_card(*, actor: Actor, person: UUID, reason: str = "reprinted", at: datetime) -> PrintedCard:
    """Make a new card and revoke the old one in the same act."""
    policy.require(policy.may_write_people(actor))
    row = found.living_person(person)
    for card in Card.objects.filter(person=row, revoked_at__isnull=True):
        _revoke(card, reason, actor, at)
    return _make(row, actor, at)


@command("people.revoke_card")
def revoke_card(*, actor: Actor, card: UUID, reason: str, at: datetime, key: UUID | None = None) -> Card:
    """Let a card identify nobody any more; staff, or its holder."""
    row = Card.objects.filter(pk=card).select_related("person").first()
    if row is None:
        raise Missing
    policy.require(policy.may_act_as(actor, row.person))
    if row.revoked_at is None:
        _revoke(row, reason, actor, at)
    return row


@command("people.identify_card")
def identify_card(*, actor: Actor, shown: str, identity_check: str, at: datetime) -> CardHolder:
    """Say, masked, whose card was scanned or whose number was typed, to somebody logged in who may ask.

    A card works in the whole district; the look is logged with how the holder's identity was checked.
    """
    policy.require(policy.may_identify_cards(actor))
    if identity_check not in CHECKS:
        raise Invalid(fields={"identity_check": [_("Say how you made sure that this is the person.")]})
    card = _find(shown)
    if card.revoked_at is not None:
        raise CardRevokedAlready
    act().target(card, "identified", {"identity_check": identity_check})
    act().note(community_id=card.community_id)
    with scope.everything():
        person = Person.objects.get(pk=card.person_id)
    return CardHolder(
        person=person.pk,
        card=card.pk,
        community=person.community_id,
        household=person.household_id,
        masked_name=mask_name(person.name),
        age=age_on(person.birth_on, local_day(at)),
        prefers_teochew=person.prefers_teochew,
        prefers_large_print=person.prefers_large_print,
        identity_check=identity_check,
    )


def _find(shown: str) -> Card:
    text = shown.strip()
    with scope.everything():
        if len(text) > 20:
            card = Card.objects.filter(token_digest__in=digest_candidates(text, TOKEN)).first()
        else:
            number = identity.compact(text)
            if not rules.is_number(number):
                raise Invalid(
                    fields={
                        "shown": [_("The number is not right. Please look at the 8 digits on the back of the card.")]
                    }
                )
            card = Card.objects.filter(number=number).first()
    if card is None:
        raise Missing(_("No card has this number."))
    return card


def _make(person: Person, actor: Actor, at: datetime) -> PrintedCard:
    number = _free_number()
    # The number goes before the secret, so that a till without network knows the card by its code, too.
    token = f"{number}.{secrets.token_urlsafe(24)}"
    card = Card.objects.create(
        community_id=person.community_id,
        person=person,
        number=number,
        token_digest=digest(token, TOKEN),
        issued_at=at,
        issued_by=actor.account,
    )
    act().target(person, "card issued", {"card": [None, number]})
    return PrintedCard(card=card.pk, person=person.pk, number=number, token=token)


def _free_number() -> str:
    with scope.everything():
        while True:
            number = rules.number_from(secrets.randbelow(10**rules.BODY_DIGITS))
            if not Card.objects.filter(number=number).exists():
                return number


def _revoke(card: Card, reason: str, actor: Actor, at: datetime) -> None:
    if reason not in Card.Reason.values:
        raise Invalid(fields={"reason": [_("Say why the card is called back.")]})
    card.revoked_at, card.revoked_reason = at, reason
    card.save(update_fields=["revoked_at", "revoked_reason"])
    act().target(card.person, "card revoked", {"card": [card.number, None], "reason": reason})
    contributions.follow(events.CardRevoked(card.pk, card.person_id, card.community_id), actor=actor, at=at)
