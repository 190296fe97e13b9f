"""Who may see and do what with points; administrators see nothing here."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from lianxin.domain.people.models import Person
from lianxin.domain.people.policy import is_administrator, require
from lianxin.domain.people.queries.proxies import list_principals
from lianxin.domain.people.rules.roles import STAFF
from lianxin.domain.points.models import Claim
from lianxin.platform import scope
from lianxin.platform.actors import SYSTEM, Actor

KEEPERS = frozenset({"community_staff", "subdistrict_staff", SYSTEM})
STARTERS = frozenset({"subdistrict_staff", "district_staff", SYSTEM})
APPROVERS = frozenset({"community_staff", "subdistrict_staff"})
# Whom an item of the rules may name beside the community's staff, who may give points for every item.
AWARDERS = frozenset({"volunteer", "host"})
# The act for which a proxy link lets somebody look into the principal's passbook.
PROXY_ACT = "points"

__all__ = ["require"]


def may_see_points(actor: Actor) -> bool:
    """Tell whether the actor may look through the passbooks and claims of the communities in scope."""
    return actor.holds(*STAFF, SYSTEM) and not is_administrator(actor)


def may_keep_rules(actor: Actor) -> bool:
    """Tell whether the actor keeps books, rules and budgets of the communities in scope."""
    return actor.holds(*KEEPERS) and not is_administrator(actor)


def may_switch_on(actor: Actor) -> bool:
    """Tell whether the actor decides from when a community's points count: pilots are chosen from above."""
    return actor.holds(*STARTERS) and not is_administrator(actor)


def may_close(actor: Actor) -> bool:
    """Tell whether the actor may close a period of the books in scope."""
    return actor.holds(*KEEPERS) and not is_administrator(actor)


def may_award_something(actor: Actor) -> bool:
    """Tell whether the actor may give points for some item of some rules."""
    return actor.holds("community_staff", *AWARDERS, SYSTEM) and not is_administrator(actor)


def may_award_from_files(actor: Actor) -> bool:
    """Tell whether the actor may give points by a workbook: hosts and volunteers give them one by one, by card."""
    return actor.holds("community_staff", SYSTEM) and not is_administrator(actor)


def may_award(actor: Actor, awarders: frozenset[str]) -> bool:
    """Tell whether the actor may give points for an item that names these roles; community staff may for each."""
    if is_administrator(actor):
        return False
    return actor.holds("community_staff", SYSTEM) or bool(awarders & AWARDERS & (actor.roles | {actor.role}))


def may_offer(actor: Actor) -> bool:
    """Tell whether acts may be offered in this actor's name; the module that knows of the act has checked more."""
    return not actor.is_anonymous and not is_administrator(actor)


def may_approve_something(actor: Actor) -> bool:
    """Tell whether the actor can be the second person of awards in scope."""
    return actor.holds(*APPROVERS) and actor.account is not None and not is_administrator(actor)


def may_approve(actor: Actor, claim: Claim) -> bool:
    """Tell whether the actor may be the second person of this award: with an own right, and another than the first."""
    return may_approve_something(actor) and actor.account != claim.awarded_by


def may_take_back(actor: Actor) -> bool:
    """Tell whether the actor may take awards in scope back."""
    return actor.holds(*KEEPERS) and not is_administrator(actor)


def may_name_relatives(actor: Actor, account: UUID) -> bool:
    """Tell whether the actor may name households as those of relatives: of the own account, or of a colleague's."""
    if is_administrator(actor):
        return False
    return may_keep_rules(actor) or (actor.account == account and may_award_something(actor))


def may_see_passbook(actor: Actor, household: UUID, on: date) -> bool:
    """Tell whether the actor may open a household's passbook: staff by scope, its members, and their proxies."""
    if is_administrator(actor):
        return False
    if may_see_points(actor):
        return True
    return household in households_of(actor, on)


def households_of(actor: Actor, on: date) -> frozenset[UUID]:
    """Give the households whose passbook a resident may open: the own one, and those of principals for points."""
    if actor.person is None or is_administrator(actor):
        return frozenset()
    people = {actor.person}
    people |= {principal.person for principal in list_principals(actor=actor, on=on) if principal.may(PROXY_ACT)}
    with scope.everything():
        found = Person.objects.filter(pk__in=people, state=Person.State.LIVING).values_list("household_id", flat=True)
        return frozenset(found)


def visible_claims(actor: Actor, claims: QuerySet[Claim], on: date) -> QuerySet[Claim]:
    """Keep the claims this actor may see: staff by scope, awarders what they gave, residents their passbooks'."""
    if is_administrator(actor) or actor.is_anonymous:
        return claims.none()
    if may_see_points(actor):
        return claims
    mine = Q(household__in=households_of(actor, on))
    return claims.filter(mine | Q(awarded_by=actor.account) if actor.account else mine)


def visible_waiting(actor: Actor, claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Keep the claims for which this actor could be the second person."""
    if not may_approve_something(actor):
        return claims.none()
    return claims.filter(state=Claim.State.WAITING).exclude(awarded_by=actor.account)
