"""From decided acts to the ledger: accounts and caps locked in their order, points decided, posted and counted.

Used by commands that offer acts and by the second person's approval; each brings claims that are not saved yet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from lianxin.domain.points import ledger
from lianxin.domain.points.commands.books import ensure_period
from lianxin.domain.points.commands.caps import Counted, Counters, lock_counters
from lianxin.domain.points.ledger import sql
from lianxin.domain.points.models import Account, Book, Budget, Claim, Txn
from lianxin.domain.points.rules.deciding import Item, Offered, Terms, decide
from lianxin.platform import facts
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.ids import new_id

TOGETHER = 1000
"""Households in one transaction of the ledger."""
MEASURE = "points_awarded"


@dataclass(slots=True)
class Case:
    """One claim on its way to its points: a row that is saved later, and what decides it."""

    claim: Claim
    book: Book
    terms: Terms
    item: Item
    offered: Offered
    budget: Budget | None
    note: str = ""
    account: UUID | None = None

    @property
    def counted(self) -> Counted:
        """Give the act as caps see it."""
        return Counted(
            self.item.code, self.claim.household_id, self.claim.person_id, self.claim.done_on, self.item.caps
        )


@dataclass(slots=True)
class Locked:
    """The accounts of some cases, held until the transaction ends; `debts` by household."""

    rows: dict[UUID, ledger.AccountRow]
    debts: dict[tuple[UUID, UUID], UUID] = field(default_factory=dict)


def lock_accounts(cases: Sequence[Case], *, at: datetime) -> Locked:
    """Open the passbooks that are new and lock all accounts that the cases may touch, in one statement."""
    debts: dict[tuple[UUID, UUID], UUID] = {}
    wanted: set[UUID] = set()
    by_book: dict[UUID, list[Case]] = {}
    for case in cases:
        by_book.setdefault(case.book.pk, []).append(case)
    for book, group in by_book.items():
        owners = [case.claim.household_id for case in group]
        community = group[0].book.community_id
        opened = ledger.open_accounts(book=book, community=community, kind=Account.Kind.HOUSEHOLD, owners=owners, at=at)
        for case in group:
            case.account = opened[case.claim.household_id]
        wanted.update(opened.values())
        wanted.update(case.budget.account_id for case in group if case.budget is not None)
        for owner, pk in _debts(book, opened):
            debts[book, owner] = pk
            wanted.add(pk)
    return Locked(ledger.lock_accounts(wanted), debts)


def award(cases: Sequence[Case], locked: Locked, *, actor: Actor, at: datetime, versions: dict[UUID, int]) -> None:
    """Decide the cases in their order and post what they earn; fills in their claims. `versions` counts rules by book.

    A passbook that is closed earns nothing. One transaction of the ledger holds at most 1,000 households.
    """
    by_book: dict[UUID, list[Case]] = {}
    for case in cases:
        if case.account is None or locked.rows[case.account].state != Account.State.OPEN:
            _nothing(case.claim, Claim.Reason.CLOSED, at)
        else:
            by_book.setdefault(case.book.pk, []).append(case)
    counters = {
        book: lock_counters(book, [case.counted for case in group], count_earlier=versions[book] > 1)
        for book, group in sorted(by_book.items())
    }
    left = {
        case.budget.account_id: locked.rows[case.budget.account_id].free
        for group in by_book.values()
        for case in group
        if case.budget is not None
    }
    earning: list[Case] = []
    for book, group in by_book.items():
        earning += [case for case in group if _decide(case, counters[book], left, at)]
    for part in _together(earning):
        _post(part, locked, actor=actor, at=at)
    for counted in counters.values():
        counted.write()


def _debts(book: UUID, opened: dict[UUID, UUID]) -> Iterable[tuple[UUID, UUID]]:
    condition, among = sql.among(opened)
    text = (
        "SELECT owner, id FROM points_account WHERE book_id = %s AND kind = 'debt' AND balance < 0"
        f" AND owner {condition}"
    )
    return [(sql.as_uuid(owner), sql.as_uuid(pk)) for owner, pk in sql.rows(text, [book, among])]


def _decide(case: Case, counters: Counters, left: dict[UUID, int], at: datetime) -> bool:
    """Decide one case on what is left of caps and budget; tell whether it earns anything."""
    claim, budget = case.claim, case.budget
    counted = case.counted
    decision = decide(
        case.offered,
        (case.item,),
        counters.used(counted) if counted.caps else {},
        0 if budget is None or budget.closed_on is not None else left[budget.account_id],
    )
    claim.asked = decision.asked
    if not decision.points:
        _nothing(claim, decision.reason, at)
        return False
    claim.points, claim.reason = decision.points, decision.reason
    claim.state, claim.decided_at = Claim.State.AWARDED, at
    counters.take(counted, decision.points)
    if budget is not None:
        left[budget.account_id] -= decision.points
    return True


def _nothing(claim: Claim, reason: str, at: datetime) -> None:
    claim.state, claim.points, claim.reason, claim.decided_at = Claim.State.NOTHING, 0, reason, at


def _together(cases: Sequence[Case]) -> Iterable[list[Case]]:
    """Give the cases that one transaction can hold: of one book, one version, one day and one note."""
    groups: dict[tuple[UUID, UUID | None, date, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.book.pk, case.terms.id, case.claim.done_on, case.note), []).append(case)
    for group in groups.values():
        part: list[Case] = []
        households: set[UUID] = set()
        for case in group:
            if len(households) == TOGETHER and case.claim.household_id not in households:
                yield part
                part, households = [], set()
            part.append(case)
            households.add(case.claim.household_id)
        yield part


def _post(cases: list[Case], locked: Locked, *, actor: Actor, at: datetime) -> None:
    first = cases[0]
    book, today = first.book, local_day(at)
    ensure_period(book.pk, today.year)
    claim = first.claim
    posted = ledger.post(
        ledger.Posting(
            book=book.pk,
            kind="award",
            moves=[
                ledger.Move(case.budget.account_id, case.account, case.claim.points, valid_until(case, today))
                for case in cases
                if case.budget is not None and case.account is not None
            ],
            effective_on=claim.done_on,
            at=at,
            key=new_id(),
            by=actor.account,
            via=actor.via,
            source_kind=claim.source_kind,
            source_id=claim.source_id,
            rules=first.terms.id,
            note=first.note,
        ),
        locked=locked.rows,
    )
    locked.rows.update(posted.accounts)
    for case in cases:
        case.claim.txn_id = posted.txn
    facts.record(
        measure=MEASURE,
        record=Txn(pk=posted.txn),
        quantity=sum(case.claim.points for case in cases),
        community_id=book.community_id,
        on=claim.done_on,
    )
    _settle_debts(cases, locked, actor=actor, at=at)


def _settle_debts(cases: list[Case], locked: Locked, *, actor: Actor, at: datetime) -> None:
    """Let what households owe be paid out of what they have just been given."""
    book = cases[0].book
    given: dict[UUID, int] = {}
    for case in cases:
        if case.account is not None and (book.pk, case.claim.household_id) in locked.debts:
            given[case.claim.household_id] = given.get(case.claim.household_id, 0) + case.claim.points
    accounts = {case.claim.household_id: case.account for case in cases}
    moves = []
    for household, points in given.items():
        debt = locked.rows[locked.debts[book.pk, household]]
        paid = min(points, -debt.balance)
        account = accounts[household]
        if paid > 0 and account is not None:
            moves.append(ledger.Move(account, debt.id, paid))
    if not moves:
        return
    posted = ledger.post(
        ledger.Posting(
            book=book.pk,
            kind="debt",
            moves=moves,
            effective_on=local_day(at),
            at=at,
            key=new_id(),
            by=actor.account,
            via=actor.via,
            source_kind="points.txn",
            source_id=cases[0].claim.txn_id,
        ),
        locked=locked.rows,
    )
    locked.rows.update(posted.accounts)


def valid_until(case: Case, today: date) -> date:
    """Give the last day of a case's points; an act entered so late that they would be over counts from today."""
    until = case.terms.expiry_of(case.item, case.claim.done_on)
    return until if until > today else case.terms.expiry_of(case.item, today)
