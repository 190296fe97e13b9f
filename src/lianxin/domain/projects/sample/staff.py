"""Who works in the sample's communities, as far as projects need somebody who answers by name."""

from __future__ import annotations

from uuid import UUID

from lianxin.domain.people.models import Account, RoleGrant
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.places.models import Division, Level
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.sample import Plan


def staff_of(plan: Plan) -> dict[UUID, Actor]:
    """Give for each community who came first of those who work there; a community without anybody is left out."""
    with scope.everything():
        grants = RoleGrant.objects.filter(role="community_staff", until_on=None).order_by("granted_at", "pk")
        first: dict[UUID, UUID] = {}
        for account, division in grants.values_list("account", "division"):
            first.setdefault(division, account)
        known = Account.objects.in_bulk(list(first.values()))
        return {division: actor_for(account=known[pk], at=plan.at, via="cli") for division, pk in first.items()}


def office_account() -> UUID | None:
    """Give the account of the district's office that asks for runs of the matcher."""
    with scope.everything():
        grants = RoleGrant.objects.filter(role="district_staff", until_on=None).order_by("granted_at", "pk")
        return grants.values_list("account", flat=True).first()


def communities_in_order() -> list[Division]:
    """Give the living communities in the order of their codes."""
    with scope.everything():
        return list(Division.objects.filter(level=Level.COMMUNITY, ended_on=None).order_by("code", "pk"))
