"""Points end after their last day, once, and never those that are kept aside; households are told before."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lianxin.domain.people.tests.factories import make_household, new_person
from lianxin.domain.points.commands import expiry
from lianxin.domain.points.models import ExpiryWarning, Line, Txn
from lianxin.domain.points.queries import measures
from lianxin.domain.points.tests.life_factories import (
    AT,
    NEXT_YEAR_END,
    SYSTEM,
    TODAY,
    YEAR_END,
    Tree,
    all_agree,
    balance,
    give,
    keep,
    lots,
    make_life_book,
)
from lianxin.platform import facts, scope
from lianxin.platform.contributions import Window
from lianxin.platform.models import Message

pytestmark = pytest.mark.django_db
LAST_MOMENT = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


def test_points_last_to_the_end_of_their_day_in_shanghai() -> None:
    tree = Tree()
    book, home = make_life_book(tree.cuiying), make_household(tree.cuiying)
    give(book, home, 30)
    give(book, home, 12, NEXT_YEAR_END)

    early = expiry.expire_points(actor=SYSTEM, at=LAST_MOMENT)
    ended = expiry.expire_points(actor=SYSTEM, at=NEW_YEAR)
    again = expiry.expire_points(actor=SYSTEM, at=NEW_YEAR + timedelta(days=1))

    assert (early, ended, again) == (0, 30, 0)
    assert lots(book, home) == {NEXT_YEAR_END: 12}
    all_agree()
    with scope.everything():
        assert Txn.objects.get(kind="expire").effective_on == date(2027, 1, 1)
        window = Window(date(2027, 1, 1), date(2027, 1, 2))
        assert measures.points_expired(window) == 30
        assert facts.figure("points_expired", from_on=window.from_on, until_on=window.until_on) == 30
        assert measures.points_outstanding(Window(TODAY, YEAR_END + timedelta(days=1))) == 42
        assert measures.points_outstanding(window) == 12
        rows = measures.filled_passbooks
        assert [row.had for row in rows(Window(TODAY, YEAR_END + timedelta(days=1)))] == [42]
        assert [row.had for row in rows(window)] == [12]
        assert not rows(Window(TODAY - timedelta(days=9), TODAY)).exists()


def test_what_is_kept_aside_ends_on_a_later_run() -> None:
    tree = Tree()
    book, home = make_life_book(tree.cuiying), make_household(tree.cuiying)
    give(book, home, 30)
    keep(book, home, 10)

    first = expiry.expire_points(actor=SYSTEM, at=NEW_YEAR)
    nothing = expiry.expire_points(actor=SYSTEM, at=NEW_YEAR)
    _release(book)
    rest = expiry.expire_points(actor=SYSTEM, at=NEW_YEAR)

    assert (first, nothing, rest) == (20, 0, 10)
    assert balance(book, home) == 0
    all_agree()


def _release(book) -> None:  # type: ignore[no-untyped-def]
    from django.db import transaction

    from lianxin.domain.points import ledger
    from lianxin.domain.points.models import Hold

    with scope.everything(), transaction.atomic():
        ledger.release(list(Hold.objects.filter(account__book=book).values_list("pk", flat=True)), at=NEW_YEAR)


def test_many_households_share_one_transaction_for_a_day() -> None:
    tree = Tree()
    book = make_life_book(tree.cuiying)
    homes = [make_household(tree.cuiying) for _ in range(5)]
    for home in homes:
        give(book, home, 4)
    give(book, homes[0], 3, date(2026, 11, 30))

    ended = expiry.expire_points(actor=SYSTEM, at=NEW_YEAR)

    assert ended == 23
    with scope.everything():
        assert Txn.objects.filter(kind="expire").count() == 2
        assert Line.objects.filter(txn__kind="expire", account__kind="household").count() == 6


def test_households_are_told_once_at_30_7_and_1_days() -> None:
    tree = Tree()
    book = make_life_book(tree.cuiying)
    with_phone = make_household(tree.cuiying, new_person(phone="13800138000"))
    without = make_household(tree.cuiying)
    for home in (with_phone, without):
        give(book, home, 30)

    for days in (40, 30, 30, 29, 7, 6, 1, 0):
        expiry.warn_of_expiry(actor=SYSTEM, at=LAST_MOMENT - timedelta(days=days))

    with scope.everything():
        assert ExpiryWarning.objects.count() == 6
        assert set(ExpiryWarning.objects.values_list("days_ahead", "points")) == {(30, 30), (7, 30), (1, 30)}
    assert Message.objects.filter(template="points_expiring").count() == 3


def test_a_day_that_was_missed_is_made_good() -> None:
    tree = Tree()
    book, home = make_life_book(tree.cuiying), make_household(tree.cuiying)
    give(book, home, 30)

    told = expiry.warn_of_expiry(actor=SYSTEM, at=LAST_MOMENT - timedelta(days=26))
    ended = expiry.expire_points(actor=SYSTEM, at=AT + timedelta(days=90))

    assert (told, ended) == (1, 30)
    all_agree()
