"""Explanations: whatever happened to a passbook, the numbers in the sentences come to its balance."""

import re
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.domain.points import ledger
from lianxin.domain.points.models import Account, Txn
from lianxin.domain.points.queries.explanations import explain_balance
from lianxin.domain.points.rules.explaining import KeptAside, Step, explain
from lianxin.domain.points.tests.factories import NOON, TODAY, YEAR_END, award, make_book
from lianxin.domain.points.tests.trust_factories import Street, make_street
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing
from lianxin.platform.ids import new_id

WORKER = Actor.system()


def numbers_of(sentence: str) -> tuple[list[int], int]:
    """Read "合计：10 − 7 + 20 = 23" back."""
    left, _sign, right = sentence.rpartition("=")
    terms = re.findall(r"(^|[+−])?\s*(-?\d+)", re.sub(r"^[^\d−-]*", "", left))
    total = int(re.findall(r"-?\d+", right)[0])
    return [-int(number) if sign == "−" else int(number) for sign, number in terms], total


def test_every_line_is_told_with_day_act_rules_and_who_entered_it(db: None) -> None:
    with scope.everything():
        street: Street = make_street()
        street.award(0, 30, quantity=3)
        street.spend(0, 7)

        told = explain_balance(actor=street.resident(0), on=TODAY)

    text = "\n".join(told.sentences)
    assert told.adds_up
    assert (told.balance, told.free) == (23, 23)
    assert "3月2日" in text
    assert "参加清洁日 × 3" in text
    assert "第 1 版" in text
    assert numbers_of(next(line for line in told.sentences if "=" in line)) == ([30, -7], 23)


def test_reservation_and_debt_are_told(db: None) -> None:
    with scope.everything():
        street = make_street()
        claim = street.award(0, 30)
        street.spend(0, 25)
        street.reverse(claim)
        street.award(0, 40)
        ledger.hold(
            [ledger.HoldWanted(street.book.households[0], 8, new_id())],
            source_kind="shop.redemption",
            source_id=new_id(),
            at=NOON,
            expires_at=NOON + timedelta(days=3),
        )

        told = explain_balance(actor=street.resident(0), on=TODAY)

    assert told.adds_up
    assert (told.balance, told.held, told.free, told.owed) == (40, 8, 32, 25)
    assert any("3月5日" in sentence for sentence in told.sentences)


def test_older_lines_are_carried_over(db: None) -> None:
    with scope.everything():
        street = make_street()
        for points in (10, 20, 30):
            street.award(0, points)

        told = explain_balance(actor=street.resident(0), on=TODAY, lines=1)

    assert told.adds_up
    assert (told.carried, told.earlier_lines, [step.points for step in told.steps]) == (30, 2, [30])


def test_household_without_points_is_told_so(db: None) -> None:
    with scope.everything():
        street = make_street()

        told = explain_balance(actor=street.resident(2), on=TODAY)

    assert told.adds_up
    assert told.balance == 0


def test_neighbour_is_told_nothing(db: None) -> None:
    with scope.everything():
        street = make_street()
        street.award(0, 10)

        with pytest.raises(Missing):
            explain_balance(actor=street.resident(1), household=street.homes[0].pk, on=TODAY)


acts = st.lists(
    st.tuples(st.sampled_from(["award", "spend", "reverse", "hold", "expire"]), st.integers(1, 40), st.integers(0, 2)),
    max_size=14,
)
LOTS = (date(2026, 6, 30), YEAR_END, date(2027, 12, 31))


@pytest.mark.django_db
@settings(max_examples=50)
@given(acts, st.integers(1, 20))
def test_numbers_add_up_after_any_history(history: list[tuple[str, int, int]], lines: int) -> None:
    with scope.everything(), transaction.atomic():
        book = make_book(households=1)
        [account] = book.households
        owner = Account.objects.get(pk=account).owner
        for act, points, place in history:
            free = Account.objects.get(pk=account)
            usable = free.balance - free.held
            if act == "award":
                award(book, account, points, until=LOTS[place])
            elif act == "reverse":
                given = Txn.objects.filter(book=book.id, kind="award", reversed_by=None).order_by("pk")
                if chosen := given.last():
                    ledger.reverse(txn=chosen.pk, effective_on=TODAY, at=NOON, key=new_id())
            elif points <= usable and act == "hold":
                ledger.hold(
                    [ledger.HoldWanted(account, points, new_id())],
                    source_kind="shop.redemption",
                    source_id=new_id(),
                    at=NOON,
                    expires_at=NOON + timedelta(days=1),
                )
            elif points <= usable:
                ledger.post(
                    ledger.Posting(
                        book=book.id,
                        kind="redeem" if act == "spend" else "expire",
                        moves=[ledger.Move(account, book.shop if act == "spend" else book.expired, points)],
                        effective_on=TODAY,
                        at=NOON,
                        key=new_id(),
                    )
                )

        told = explain_balance(actor=WORKER, household=owner, on=TODAY, lines=lines)

        row = Account.objects.get(pk=account)
        assert told.adds_up
        assert (told.balance, told.held) == (row.balance, row.held)
        summed = [sentence for sentence in told.sentences if "=" in sentence]
        if row.seq:
            terms, total = numbers_of(summed[0])
            assert sum(terms) == total == row.balance
        transaction.set_rollback(True)


def test_numbers_that_do_not_add_up_are_admitted() -> None:
    told = explain(
        balance=10,
        carried=0,
        earlier_lines=0,
        steps=[Step(seq=1, on=TODAY, kind="award", what="清洁日", points=9)],
        lots=[(YEAR_END, 10)],
        kept_aside=[KeptAside(3, TODAY, "预留")],
        owed=0,
        on=TODAY,
    )

    assert not told.adds_up
    assert "社区" in told.sentences[-1]
