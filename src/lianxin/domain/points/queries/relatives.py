"""Households that members of staff named as those of relatives."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lianxin.domain.points import policy
from lianxin.domain.points.models import DeclaredRelative
from lianxin.domain.points.queries.passbooks import masked_heads
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


@dataclass(frozen=True, slots=True)
class RelativeRow:
    """A declaration: whose it is, of which household, from when to when."""

    id: UUID
    account: UUID
    account_name: str
    community: UUID
    household: UUID
    household_number: str
    masked_head: str
    declared_on: date
    ended_on: date | None
    is_own: bool


def list_relatives(*, actor: Actor) -> list[RelativeRow]:
    """List the own declarations, and for those who keep rules also those of colleagues in scope; newest first."""
    policy.require(policy.may_award_something(actor) or policy.may_keep_rules(actor))
    return _rows(actor)


def find_relative(*, actor: Actor, relative: UUID) -> RelativeRow:
    """Give one declaration that this actor may see; raises Missing."""
    policy.require(policy.may_award_something(actor) or policy.may_keep_rules(actor))
    found = _rows(actor, relative)
    if not found:
        raise Missing
    return found[0]


def _rows(actor: Actor, relative: UUID | None = None) -> list[RelativeRow]:
    with scope.within(actor.communities):
        rows = DeclaredRelative.objects.select_related("account", "household").order_by("-declared_on", "-pk")
        if relative is not None:
            rows = rows.filter(pk=relative)
        if not policy.may_keep_rules(actor):
            rows = rows.filter(account=actor.account)
        found = list(rows)
        heads = masked_heads([row.household_id for row in found])
    return [
        RelativeRow(
            id=row.pk,
            account=row.account_id,
            account_name=row.account.display_name,
            community=row.community_id,
            household=row.household_id,
            household_number=row.household.number,
            masked_head=heads.get(row.household_id, ""),
            declared_on=row.declared_on,
            ended_on=row.ended_on,
            is_own=row.account_id == actor.account,
        )
        for row in found
    ]
