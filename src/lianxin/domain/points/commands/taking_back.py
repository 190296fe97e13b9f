"""Awards taken back: a linked correction in the ledger, with the caps given back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Household
from lianxin.domain.points import ledger, policy
from lianxin.domain.points.commands import budgets
from lianxin.domain.points.commands.awarding import MEASURE, TOGETHER
from lianxin.domain.points.commands.books import ensure_period
from lianxin.domain.points.commands.caps import Counted, lock_counters
from lianxin.domain.points.models import Account, Book, Budget, Claim, Transfer, Txn
from lianxin.platform import facts, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.ids import new_id

SOURCE = "points.claim"
LONGEST_REASON = 300
LONGEST_LINEAGE = 20


class NothingGiven(Refused):
    """A claim that gave nothing has nothing to take back."""

    title = gettext_lazy("No points were given for this, so there is nothing to take back.")


class MovedAway(Refused):
    """No passbook holds the points of this award any more."""

    title = gettext_lazy(
        "The passbook of this household was closed and its points have ended, so there is nothing left to take back."
        " If this is about an objection, answer it in words: say what was wrong and that the points have ended."
    )


@command("points.take_back")
def take_back(*, actor: Actor, claim: UUID, reason: str, at: datetime, key: UUID | None = None) -> Claim:
    """Take an award back by a linked correction; what is spent already becomes a debt that next awards settle.

    The correction is a transaction with source "points.claim" and this claim. Where the household took its points along
    into another community's book, they are taken out of that one. Raises AlreadyReversed, NothingGiven or MovedAway.
    """
    (row,) = take_all_back(actor=actor, claims=[claim], reason=reason, at=at)
    return row


def take_all_back(*, actor: Actor, claims: Sequence[UUID], reason: str, at: datetime) -> list[Claim]:
    """Take many awards back inside a running command, each by a correction of its own, all or none."""
    policy.require(policy.may_take_back(actor))
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise Invalid(fields={"reason": [_("Say in at most %(most)d characters why.") % {"most": LONGEST_REASON}]})
    rows: list[Claim] = locks.lock(Claim.objects.filter(pk__in=claims))
    if len(rows) != len(set(claims)):
        raise Missing
    for row in rows:
        if row.state == Claim.State.REVERSED:
            raise ledger.AlreadyReversed
        if row.state != Claim.State.AWARDED:
            raise NothingGiven
    # The award was made here; its points may lie in the book of a community outside the actor's scope by now.
    with scope.everything():
        for start in range(0, len(rows), TOGETHER):
            _lock(rows[start : start + TOGETHER], at)
        for row in rows:
            _post(row, actor=actor, reason=words, at=at)
    _give_caps_back(rows)
    for row in rows:
        row.state, row.note = Claim.State.REVERSED, words
    Claim.objects.bulk_update(rows, ["state", "note"], batch_size=500)
    if len(rows) == 1:
        act().target(rows[0], "taken back", {"points": [rows[0].points, 0]})
    act().note(reason=words, community_id=rows[0].community_id if rows else None)
    return rows


def _lock(rows: Sequence[Claim], at: datetime) -> None:
    """Hold all accounts in one statement, before single corrections reach them one by one."""
    of_budgets = Budget.objects.filter(pk__in={row.budget_id for row in rows})
    wanted = set(of_budgets.values_list("account_id", flat=True))
    homes: dict[tuple[UUID, UUID], list[UUID]] = {}
    for row in rows:
        account = _account(row)
        wanted |= {account.pk, _back_to(row, account, at)}
        homes.setdefault((account.book_id, account.community_id), []).append(account.owner)
    for (book, community), of_book in homes.items():
        wanted |= set(
            ledger.open_accounts(book=book, community=community, kind=Account.Kind.DEBT, owners=of_book, at=at).values()
        )
    ledger.lock_accounts(wanted)


def _post(row: Claim, *, actor: Actor, reason: str, at: datetime) -> None:
    today, account = local_day(at), _account(row)
    ensure_period(account.book_id, today.year)
    posted = ledger.take_back(
        [ledger.Part(account.pk, _back_to(row, account, at), row.points, _lot_of(row, account))],
        book=account.book_id,
        effective_on=today,
        at=at,
        key=new_id(),
        by=actor.account,
        via=actor.via,
        source_kind=SOURCE,
        source_id=row.pk,
        note=reason,
    )
    facts.record(
        measure=MEASURE,
        record=Txn(pk=posted.txn),
        quantity=-row.points,
        community_id=account.community_id,
        on=today,
    )
    budget = _budget(row)
    if account.book_id == row.book_id and budget.closed_on is not None:
        budgets.give_rest_back(actor=actor, budget=budget, at=at)


def _budget(row: Claim) -> Budget:
    if row.budget_id is None:
        raise NothingGiven
    return Budget.objects.get(pk=row.budget_id)


def _account(row: Claim) -> Account:
    """Give the passbook that holds a claim's points now, its household's or that of the one which followed it.

    One in the claim's own book goes before one in the book that the points went into later.
    """
    household = row.household_id
    for _step in range(LONGEST_LINEAGE):
        accounts = Account.objects.filter(kind=Account.Kind.HOUSEHOLD, owner=household)
        live = accounts.exclude(state=Account.State.CLOSED).exclude(book__state=Book.State.CLOSED)
        account = min(live, key=lambda one: (one.book_id != row.book_id, one.pk), default=None)
        if account is not None:
            return account
        successor = Household.objects.filter(pk=household).values_list("successor_id", flat=True).first()
        if successor is None:
            break
        household = successor
    raise MovedAway


def _back_to(row: Claim, account: Account, at: datetime) -> UUID:
    """Give where points go back to: the budget they came from, or out of the book into which they were carried."""
    if account.book_id == row.book_id:
        return _budget(row).account_id
    community = account.community_id
    return ledger.system_account(book=account.book_id, community=community, kind=Account.Kind.ISSUANCE, at=at)


def _lot_of(row: Claim, account: Account) -> date | None:
    """Give the lot that a claim's points entered, or None when the passbook's acts of that entry had several."""
    entered = Transfer.objects.filter(txn=row.txn_id, dst__owner=row.household_id, dst__kind=Account.Kind.HOUSEHOLD)
    days = set(entered.values_list("dst_lot_on", flat=True))
    if len(days) > 1:
        days = set(entered.filter(points=row.points).values_list("dst_lot_on", flat=True))
    return days.pop() if len(days) == 1 else None


def _give_caps_back(rows: Iterable[Claim]) -> None:
    by_book: dict[UUID, list[tuple[Counted, int]]] = {}
    items = dict(Claim.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "item__code"))
    for row in rows:
        if row.book_id is not None and items.get(row.pk):
            # Of somebody whose record was erased only the subject is left.
            person = row.person_id or (row.subject if row.subject != row.household_id else None)
            counted = Counted(items[row.pk], row.household_id, person, row.done_on)
            by_book.setdefault(row.book_id, []).append((counted, row.points))
    for book, group in sorted(by_book.items()):
        counters = lock_counters(book, [counted for counted, _points in group], count_earlier=False)
        for counted, points in group:
            counters.take(counted, -points)
        counters.write()
