"""Points of households that have ended: they wait, are handed over, and end when the time in the rules is over."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.events import HouseholdClosed
from lianxin.domain.people.models import Household
from lianxin.domain.points import ledger, policy
from lianxin.domain.points.commands import moves
from lianxin.domain.points.commands.households import CARRY_OVER, HOUSEHOLD, family_terms, waiting_words
from lianxin.domain.points.commands.moves import Going, Kind, State, Way
from lianxin.domain.points.models import Account, Txn
from lianxin.domain.points.queries import accounts
from lianxin.platform import duties, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

HAND_OVER = "points.hand_over"
DUTY_PAGE = "staff:points_passbook"


class NothingToHandOver(Refused):
    """The household has no passbook with points that wait."""

    title = gettext_lazy("No points of this household wait to be handed over.")


class NoBookThere(Refused):
    """The household's community keeps no book that is open."""

    title = gettext_lazy("The community where the household lives now keeps no passbooks yet.")


def follow_close(event: HouseholdClosed, *, actor: Actor, at: datetime) -> None:
    """Freeze the passbook of a household in which nobody is left; its points wait to be handed over."""
    with scope.everything():
        waiting = accounts.list_accounts(event.household)
        if not waiting:
            return
        ids = [account.pk for account in waiting]
        ledger.lock_accounts(ids)
        moves.end_holds(ids, [event.household], on=event.on, actor=actor, at=at)
        for account in waiting:
            points = moves.freeze(account)
            duties.close(kind=CARRY_OVER, record=account)
            if not points:
                moves.close_accounts([account.pk], on=event.on, reason=_("Nobody is left in the household."))
                continue
            number = Household.objects.values_list("number", flat=True).get(pk=event.household)
            ends_on = event.on + timedelta(days=family_terms(account.book, event.on).estate_days)
            duties.open(
                kind=HAND_OVER,
                record=account,
                community_id=account.community_id,
                title=_("%(points)d points of household %(number)s: hand them over, or they end")
                % {"points": points, "number": number},
                due_at=max(local_moment(ends_on), at),
                assignee_role="community_staff",
                url_name=DUTY_PAGE,
                url_args={"household": str(event.household)},
            )


def preview_close(event: HouseholdClosed) -> list[str]:
    """Tell that the points wait to be handed over."""
    with scope.everything():
        points = sum(account.balance for account in accounts.list_accounts(event.household))
    return [waiting_words(points)] if points else []


@command("points.hand_over_points")
def hand_over_points(
    *, actor: Actor, household: UUID, to_household: UUID, reason: str, at: datetime, key: UUID | None = None
) -> Txn:
    """Give the waiting points of a household that has ended to another one: of heirs, or where its people went.

    What it owed goes with them. Raises NothingToHandOver, NoBookThere, Invalid or Missing.
    """
    policy.require(policy.may_keep_rules(actor))
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say who gets the points and on what ground.")]})
    homes = {
        home.pk: home
        for home in locks.lock(Household.objects.filter(pk__in=[household, to_household]), rank=locks.HOUSEHOLD)
    }
    if household not in homes or to_household not in homes:
        raise Missing
    if homes[to_household].state != Household.State.ACTIVE:
        raise Invalid(fields={"to_household": [_("Choose a household that people live in.")]})
    if homes[household].state == Household.State.ACTIVE:
        raise NothingToHandOver(_("People live in this household, so its points stay with it."))
    return _carry_waiting(homes[household], homes[to_household], HAND_OVER, reason.strip()[:500], actor, at)


@command("points.carry_points_over")
def carry_points_over(*, actor: Actor, household: UUID, at: datetime, key: UUID | None = None) -> Txn:
    """Bring points that wait in the book of a former community into the one where the household lives now."""
    policy.require(policy.may_keep_rules(actor))
    with scope.everything():
        home = locks.lock_one(Household.objects.filter(pk=household), rank=locks.HOUSEHOLD)
        if home is None:
            raise Missing
        former = [account.community_id for account in accounts.list_accounts(household)]
    if not any(actor.covers(community) for community in [home.community_id, *former]):
        raise Missing
    if home.state != Household.State.ACTIVE:
        raise NothingToHandOver(_("This household has ended. Hand its points over instead."))
    return _carry_waiting(home, home, CARRY_OVER, "", actor, at)


def _carry_waiting(home: Household, to: Household, duty: str, note: str, actor: Actor, at: datetime) -> Txn:
    with scope.everything():
        waiting = Account.objects.filter(kind=Kind.HOUSEHOLD, owner=home.pk, state=State.FROZEN, balance__gt=0)
        account = waiting.select_related("book").order_by("pk").first()
        if account is None:
            raise NothingToHandOver
        new = accounts.open_book(to.community_id)
        if new is None:
            raise NoBookThere
        way = Way(account.book, new, local_day(at), "points.account", account.pk, kind=Txn.Kind.HAND_OVER, note=note)
        moves.carry(way=way, going=[Going(home.pk, to.pk)], actor=actor, at=at)
        duties.close(kind=duty, record=account)
        act().note(reason=note, community_id=account.community_id)
        return Txn.objects.filter(source_kind="points.account", source_id=account.pk).latest("pk")


def end_estates(*, actor: Actor, at: datetime) -> int:
    """End the points that nobody was given in the time of the rules; gives how many passbooks were closed."""
    today = local_day(at)
    ended = 0
    with scope.everything():
        rows = Account.objects.filter(kind=Kind.HOUSEHOLD, state=State.FROZEN).exclude(book__state="closed")
        waiting = list(rows.select_related("book").order_by("pk"))
        homes = Household.objects.in_bulk([account.owner for account in waiting])
        over = []
        for account in waiting:
            home = homes.get(account.owner)
            if home is None or home.state == Household.State.ACTIVE or home.ended_on is None:
                continue
            if home.ended_on + timedelta(days=family_terms(account.book, home.ended_on).estate_days) < today:
                over.append(account.pk)
    for account_id in over:
        ended += end_estate(actor=actor, account=account_id, at=at)
    return ended


@command("points.end_estate")
def end_estate(*, actor: Actor, account: UUID, at: datetime) -> int:
    """Let the points of one household that has ended expire and close its passbook; gives 0 when it does not wait."""
    policy.require(actor.is_system)
    ledger.lock_accounts([account])
    row = Account.objects.select_related("book").get(pk=account)
    if row.state != State.FROZEN:
        return 0
    on = local_day(at)
    moves.end_holds([account], [row.owner], on=on, actor=actor, at=at)
    moves.expire_all(book=row.book, accounts=[account], on=on, source=(HOUSEHOLD, row.owner), actor=actor, at=at)
    moves.close_accounts([account], on=on, reason=_("The time to hand the points over has passed."))
    duties.close(kind=HAND_OVER, record=row)
    act().target(row, "closed", {"state": [State.FROZEN, State.CLOSED]})
    return 1
