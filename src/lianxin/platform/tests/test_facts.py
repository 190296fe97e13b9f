"""Facts and tallies: a figure is current at once, whoever folds, and corrections go back to their day."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.platform import contributions, facts, scope, tallies
from lianxin.platform.commands import command
from lianxin.platform.contributions import Contribution, Measure
from lianxin.platform.ids import new_id
from lianxin.platform.models import CalendarDay, Fact, FactPending, Tally

DAY = date(2026, 3, 1)
HERE = new_id()


@pytest.fixture(autouse=True)
def measures(monkeypatch):
    measure = Measure("test_visits", "visits", "visits", "flow", lambda window: 0, "tests")
    monkeypatch.setitem(contributions._house, "tests", Contribution(module="tests", measures=(measure,)))


def row():
    record = CalendarDay(day_on=DAY)
    record.pk = new_id()
    return record


@command("tests.count")
def count(*, actor, record, quantity, on, at, community=HERE):
    facts.record(measure="test_visits", record=record, quantity=quantity, community_id=community, on=on)


@command("tests.uncount")
def uncount(*, actor, record, at):
    facts.correct(measure="test_visits", record=record)


def figure(days=1):
    with scope.everything():
        return facts.figure("test_visits", from_on=DAY, until_on=DAY + timedelta(days))


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(acts=st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.booleans()), max_size=8))
def test_a_figure_is_the_same_before_between_and_after_folding(system, at, acts):
    with transaction.atomic():
        expected = figure()
        for quantity, undo, fold in acts:
            record = row()
            count(actor=system, record=record, quantity=quantity, on=DAY, at=at)
            expected += quantity
            if fold:
                facts.fold(holder="t", at=at)
            if undo:
                uncount(actor=system, record=record, at=at)
                expected -= quantity
            assert figure() == expected
        facts.fold(holder="t", at=at)
        assert figure() == expected
        assert not FactPending.objects.exists()
        assert list(tallies.check_tallies()) == []


@pytest.mark.django_db
def test_a_record_counts_once_and_is_taken_back_once(system, at):
    record = row()
    count(actor=system, record=record, quantity=2, on=DAY, at=at)

    with pytest.raises(IntegrityError), transaction.atomic():
        count(actor=system, record=record, quantity=2, on=DAY, at=at)
    uncount(actor=system, record=record, at=at)
    with pytest.raises(facts.NothingToCorrect):
        uncount(actor=system, record=record, at=at)
    assert figure() == 0


@pytest.mark.django_db
def test_a_correction_falls_on_the_day_of_the_original(system, at):
    record = row()
    count(actor=system, record=record, quantity=5, on=DAY, at=at)

    uncount(actor=system, record=record, at=at + timedelta(days=40))

    with scope.everything():
        assert set(Fact.objects.values_list("occurred_on", flat=True)) == {DAY}


@pytest.mark.django_db
def test_a_measure_that_nobody_declares_is_refused(system, at):
    @command("tests.odd")
    def odd(*, actor, at):
        facts.record(measure="nobody_knows", record=row(), quantity=1, community_id=HERE, on=DAY)

    with pytest.raises(KeyError, match="nobody_knows"):
        odd(actor=system, at=at)


@pytest.mark.django_db
def test_only_the_holder_of_the_lease_folds(system, at):
    count(actor=system, record=row(), quantity=1, on=DAY, at=at)
    assert facts.fold(holder="first", at=at) == 1
    count(actor=system, record=row(), quantity=1, on=DAY, at=at)

    assert facts.fold(holder="second", at=at) == 0
    assert facts.fold(holder="second", at=at + timedelta(minutes=2)) == 1


@pytest.mark.django_db
def test_verify_names_a_tally_that_somebody_changed(system, at):
    count(actor=system, record=row(), quantity=3, on=DAY, at=at)
    facts.fold(holder="t", at=at)
    with scope.everything():
        Tally.objects.update(quantity=4)

    assert list(tallies.check_tallies()) == [
        f"test_visits on 2026-03-01 in community {HERE}: facts say 3, tallies say 4"
    ]


@pytest.mark.django_db(transaction=True)
def test_writers_and_a_folder_at_once_lose_nothing(system, at):
    stop = threading.Event()

    def fold():
        while not stop.is_set():
            facts.fold(holder="t", at=at)
        connection.close()

    def write():
        for _ in range(15):
            count(actor=system, record=row(), quantity=1, on=DAY, at=at)
        connection.close()

    folder, writers = threading.Thread(target=fold), [threading.Thread(target=write) for _ in range(4)]
    for thread in [folder, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    folder.join()

    assert figure() == 60
    assert list(tallies.check_tallies()) == []


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_a_fact_that_is_committed_late_is_neither_lost_nor_counted_twice(system, at):
    noted, go = threading.Event(), threading.Event()

    def commit_late():
        with transaction.atomic():
            count(actor=system, record=row(), quantity=7, on=DAY, at=at)
            noted.set()
            assert go.wait(20)
        connection.close()

    late = threading.Thread(target=commit_late)
    late.start()
    assert noted.wait(20)
    count(actor=system, record=row(), quantity=1, on=DAY, at=at)

    assert facts.fold(holder="t", at=at) == 1
    assert figure() == 1
    go.set()
    late.join()
    with scope.everything():
        first, second = Fact.objects.order_by("pk")
    assert (first.quantity, second.quantity) == (7, 1)
    assert figure() == 8
    assert list(tallies.check_tallies()) == []
    assert facts.fold(holder="t", at=at) == 1
    assert figure() == 8
    assert facts.fold(holder="t", at=at) == 0
    assert list(tallies.check_tallies()) == []
