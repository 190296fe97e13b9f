"""What the register knows of a mediator's nearness to the sides of a quarrel."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from lianxin.domain.people.models import Account, HouseholdMembership, Person, ProxyLink
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.people.rules.contacts import phone_candidates
from lianxin.domain.voice.models import Mediation, MediationParty
from lianxin.domain.voice.rules.conflicts import Near, ties
from lianxin.platform import scope
from lianxin.platform.clock import local_day
from lianxin.platform.sensitive import Sealed, Unreadable

log = logging.getLogger(__name__)


def ties_of(mediation: Mediation, account: UUID, *, at: datetime) -> tuple[str, ...]:
    """Give which ties the register knows between an account and the sides of a mediation."""
    with scope.everything():
        parties = list(MediationParty.objects.filter(mediation=mediation))
        who = Account.objects.filter(pk=account).first()
        if who is None:
            return ()
        on = local_day(at)
        people = {row.person_id for row in parties if row.person_id} | ({who.person_id} if who.person_id else set())
        homes, links = _homes(people), _links(people, {account}, on=on)
        phones: dict[UUID, Sealed | None] = dict(
            Person.objects.filter(pk__in=people, phone__isnull=False).values_list("pk", "phone")
        )
        mediator = Near(
            person=who.person_id,
            account=account,
            households=homes.get(who.person_id, frozenset()),
            organisations=actor_for(account=who, at=at).organisations,
            phones=_digests(_plain(phones.get(who.person_id)) if who.person_id else "", who.phone_digest),
            links=links.get(who.person_id, frozenset()) | links.get(account, frozenset()),
        )
        sides = [
            Near(
                person=row.person_id,
                households=homes.get(row.person_id, frozenset()),
                organisations=frozenset({row.organisation_id} if row.organisation_id else ()),
                phones=_digests(_plain(row.phone or (phones.get(row.person_id) if row.person_id else None))),
                links=links.get(row.person_id, frozenset()),
            )
            for row in parties
        ]
    return ties(mediator, sides)


def _homes(people: Iterable[UUID]) -> dict[UUID | None, frozenset[UUID]]:
    found: dict[UUID | None, set[UUID]] = {}
    rows = list(HouseholdMembership.objects.filter(person__in=people).values_list("person_id", "household_id"))
    rows += list(Person.objects.filter(pk__in=people).values_list("pk", "household_id"))
    for person, home in rows:
        if home is not None:
            found.setdefault(person, set()).add(home)
    return {person: frozenset(homes) for person, homes in found.items()}


def _links(people: set[UUID], accounts: set[UUID], *, on: date) -> dict[UUID | None, frozenset[UUID]]:
    touching = Q(principal__in=people) | Q(agent_person__in=people) | Q(agent_account_id__in=accounts)
    rows = ProxyLink.objects.filter(touching, Q(until_on=None) | Q(until_on__gte=on), revoked_at=None)
    found: dict[UUID | None, set[UUID]] = {}
    for principal, person, account in rows.values_list("principal_id", "agent_person_id", "agent_account_id"):
        agent = person or account
        if agent is not None:
            found.setdefault(principal, set()).add(agent)
            found.setdefault(agent, set()).add(principal)
    return {pk: frozenset(others) for pk, others in found.items()}


def _digests(phone: str, known: str = "") -> frozenset[str]:
    """Give the digests under which a number may be known, so that numbers are compared without being kept."""
    return frozenset({*(phone_candidates(phone) if phone else ()), known} - {""})


def _plain(sealed: Sealed | None) -> str:
    try:
        return sealed.reveal() if sealed is not None else ""
    except Unreadable:
        log.warning("a phone number cannot be read, so it was not compared")
        return ""
