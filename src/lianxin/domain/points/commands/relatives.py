"""Households near to somebody who gives points: the own one, declared relatives, and those linked as proxies."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.domain.people.models import Account, Household, Person, ProxyLink
from lianxin.domain.points import policy
from lianxin.domain.points.models import Claim, DeclaredRelative
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

_TOGETHER = 5_000


class NotByOneself(Refused):
    """Somebody else ends a declaration."""


@command("points.declare_relative")
def declare_relative(
    *,
    actor: Actor,
    household: UUID,
    account: UUID | None = None,
    on: date | None = None,
    at: datetime,
    key: UUID | None = None,
) -> DeclaredRelative:
    """Name a household as that of relatives of an account (the own one unless said); declared already, give it."""
    whose = account or actor.account
    if whose is None:
        raise Invalid(fields={"account": [_("Say whose relatives they are.")]})
    policy.require(policy.may_name_relatives(actor, whose))
    home = Household.objects.filter(pk=household).first()
    if home is None or not Account.objects.filter(pk=whose).exists():
        raise Missing
    locks.advisory(f"points.relative.{whose}")
    known = DeclaredRelative.objects.filter(account=whose, household=home, ended_on=None).first()
    if known is not None:
        return known
    row = DeclaredRelative.objects.create(
        account_id=whose, community_id=home.community_id, household=home, declared_on=on or local_day(at)
    )
    act().target(row, "declared")
    return row


@command("points.end_relative")
def end_relative(
    *, actor: Actor, relative: UUID, reason: str, at: datetime, key: UUID | None = None
) -> DeclaredRelative:
    """End a declaration, with a reason; somebody other than the one it is about does. Ended already, give it."""
    row = locks.lock_one(DeclaredRelative.objects.filter(pk=relative))
    if row is None:
        raise Missing
    policy.require(policy.may_keep_rules(actor))
    if row.account_id == actor.account:
        raise NotByOneself(_("Ask a colleague to end this: nobody ends the own declaration."))
    if row.ended_on is not None:
        return row  # type: ignore[no-any-return]
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why they are no longer relatives.")]})
    row.ended_on = local_day(at)
    row.save(update_fields=["ended_on"])
    act().target(row, "ended", {"ended_on": [None, row.ended_on]})
    act().note(reason=reason.strip()[:300])
    return row  # type: ignore[no-any-return]


def households_near(actor: Actor, households: Collection[UUID], *, at: datetime) -> Callable[[Claim], bool]:
    """Give a function that tells whether a claim is the actor's own, or of the own household or of relatives.

    A declaration counts for acts up to the day on which it ended, so that ending it does not help with them.
    """
    if actor.account is None and actor.person is None:
        return lambda claim: False
    own: set[UUID] = set()
    ended: dict[UUID, date | None] = {}
    parts = [list(households)[start : start + _TOGETHER] for start in range(0, len(households), _TOGETHER)]
    for part in parts:
        own |= _own_and_linked(actor, part)
        if actor.account is not None:
            declared = DeclaredRelative.objects.filter(account=actor.account, household__in=part)
            for household, last in declared.values_list("household_id", "ended_on"):
                before = ended.get(household, date.min)
                ended[household] = None if last is None or before is None else max(last, before)

    def near(claim: Claim) -> bool:
        if claim.household_id in own or (actor.person is not None and claim.person_id == actor.person):
            return True
        if claim.household_id not in ended:
            return False
        last = ended[claim.household_id]
        return last is None or claim.done_on <= last

    return near


def _own_and_linked(actor: Actor, households: list[UUID]) -> set[UUID]:
    if actor.person is None:
        return set()
    own = Person.objects.filter(pk=actor.person, household__in=households).values_list("household_id", flat=True)
    links = ProxyLink.objects.filter(revoked_at__isnull=True).filter(
        Q(agent_person=actor.person, principal__household__in=households)
        | Q(principal=actor.person, agent_person__household__in=households)
    )
    pairs = links.values_list("agent_person", "principal__household", "agent_person__household")
    return set(own) | {of_principal if agent == actor.person else of_agent for agent, of_principal, of_agent in pairs}
