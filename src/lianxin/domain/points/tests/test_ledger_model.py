"""Whatever happens in whatever order, the ledger agrees with a small model and with itself."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from lianxin.domain.points import ledger
from lianxin.domain.points.ledger.closing import close, list_differences
from lianxin.domain.points.models import Account, Hold, Lot, Period
from lianxin.domain.points.tests.factories import NOON, TODAY, LedgerBook, make_book
from lianxin.domain.points.tests.ledger_model import Home, Model, NotPossible
from lianxin.platform import keys, scope
from lianxin.platform.ids import new_id

HOMES, BUDGET = 3, 120
DAYS = (date(2026, 2, 28), date(2026, 6, 30), date(2026, 12, 31), date(2027, 12, 31))
homes = st.integers(0, HOMES - 1)
amounts = st.integers(1, 40)
days = st.sampled_from(DAYS)
picks = st.integers(0, 30)


class Ledger(RuleBasedStateMachine):
    """Random acts on the real ledger and on the model."""

    def __init__(self) -> None:
        super().__init__()
        self.scope = scope.everything()
        self.scope.__enter__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.book: LedgerBook = make_book(households=HOMES, budget=BUDGET)
        self.model = Model(BUDGET, [Home() for _ in range(HOMES)])
        self.txns: list[UUID] = []
        self.holds: list[tuple[UUID, int, int]] = []
        self.year = 2026

    def teardown(self) -> None:
        """Leave nothing behind."""
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.scope.__exit__(None, None, None)

    def both(self, real: Any, modelled: Any) -> Any:
        """Do it on both sides: both succeed, or both say no and nothing changes."""
        try:
            modelled()
        except NotPossible:
            with pytest.raises(ledger.LedgerRefused), transaction.atomic():
                real()
            return None
        with transaction.atomic():
            return real()

    def post(self, kind: str, move: ledger.Move) -> Any:
        """Post one move."""
        return ledger.post(
            ledger.Posting(book=self.book.id, kind=kind, moves=[move], effective_on=TODAY, at=NOON, key=new_id())
        )

    def keep(self, posted: Any) -> None:
        """Remember what may be reversed."""
        if posted:
            self.txns.append(posted.txn)

    @rule(home=homes, points=amounts, on=days)
    def earn(self, home: int, points: int, on: date) -> None:
        """Award points."""
        move = ledger.Move(self.book.budget, self.book.households[home], points, on)
        self.keep(self.both(lambda: self.post("award", move), lambda: self.model.earn(home, points, on)))

    @rule(home=homes, points=amounts)
    def spend(self, home: int, points: int) -> None:
        """Redeem at once."""
        move = ledger.Move(self.book.households[home], self.book.shop, points)
        self.keep(self.both(lambda: self.post("redeem", move), lambda: self.model.spend(home, points)))

    @rule(home=homes, points=amounts, on=days)
    def expire(self, home: int, points: int, on: date) -> None:
        """Let points of one lot expire."""
        move = ledger.Move(self.book.households[home], self.book.expired, points, src_lot_on=on)
        self.keep(self.both(lambda: self.post("expire", move), lambda: self.model.expire(home, on, points)))

    @rule(home=homes, points=amounts)
    def hold(self, home: int, points: int) -> None:
        """Keep points aside."""

        def modelled() -> None:
            if points > self.model.homes[home].balance - self.model.homes[home].held:
                raise NotPossible
            self.model.homes[home].held += points

        wanted = ledger.HoldWanted(self.book.households[home], points, new_id())
        made = self.both(
            lambda: ledger.hold(
                [wanted], source_kind="test", source_id=new_id(), at=NOON, expires_at=NOON + timedelta(days=1)
            ),
            modelled,
        )
        if made:
            self.holds.append((made[0], home, points))

    @precondition(lambda self: self.holds)
    @rule(pick=picks, points=amounts)
    def capture(self, pick: int, points: int) -> None:
        """Collect what was kept aside, or a part of it."""
        hold, home, held = self.holds[pick % len(self.holds)]

        def modelled() -> None:
            if points > held:
                raise NotPossible
            self.model.spend(home, points, held=held)

        posted = self.both(
            lambda: ledger.capture(
                hold=hold, dst=self.book.shop, kind="redeem", effective_on=TODAY, at=NOON, key=new_id(), points=points
            ),
            modelled,
        )
        self.keep(posted)
        if posted:
            self.holds = [one for one in self.holds if one[0] != hold]

    @precondition(lambda self: self.holds)
    @rule(pick=picks)
    def release(self, pick: int) -> None:
        """Give up what was kept aside; twice is once."""
        hold, home, held = self.holds.pop(pick % len(self.holds))
        self.model.homes[home].held -= held

        assert ledger.release([hold], at=NOON) == [hold]
        assert ledger.release([hold], at=NOON) == []

    @precondition(lambda self: self.txns)
    @rule(pick=picks)
    def reverse(self, pick: int) -> None:
        """Take any act back."""
        act = pick % len(self.txns)
        self.both(
            lambda: ledger.reverse(txn=self.txns[act], effective_on=TODAY, at=NOON, key=new_id()),
            lambda: self.model.reverse(act, TODAY),
        )

    @rule()
    def close_the_year(self) -> None:
        """Close the oldest open period; the next one takes over."""
        following = self.year + 1
        Period.objects.create(book_id=self.book.id, starts_on=date(following, 1, 1), ends_on=date(following, 12, 31))
        period = Period.objects.get(book=self.book.id, starts_on=date(self.year, 1, 1))
        self.year += 1

        assert close(period=period.pk, at=NOON).state == Period.State.CLOSED

    @invariant()
    def real_and_model_agree(self) -> None:
        """Compare every balance, hold, debt and lot."""
        accounts = {row.pk: row for row in Account.objects.filter(book=self.book.id)}
        debts = {row.owner: row.balance for row in accounts.values() if row.kind == "debt"}
        for pk, home in zip(self.book.households, self.model.homes, strict=True):
            assert (accounts[pk].balance, accounts[pk].held) == (home.balance, home.held)
            assert -debts.get(accounts[pk].owner, 0) == home.debt
            lots = Lot.objects.filter(account=pk, remaining__gt=0)
            assert dict(lots.values_list("expires_on", "remaining")) == {d: n for d, n in home.lots.items() if n}
        assert accounts[self.book.budget].balance == self.model.budget

    @invariant()
    def books_prove_themselves(self) -> None:
        """Balance = lines = lots = transfers, held = live holds."""
        assert list(list_differences()) == []
        held = Hold.objects.filter(state="held").aggregate(points=Sum("points"))["points"] or 0
        assert held == sum(home.held for home in self.model.homes)


@pytest.mark.django_db
def test_ledger_agrees_with_the_model_whatever_happens() -> None:
    keys.create_ring(at=NOON)

    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
