"""Commands: one transaction, one entry, one outcome for one key."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import OperationalError, connection

from lianxin.platform import audit, duties, locks, scope
from lianxin.platform.commands import KeyReused, NoActRunning, act, command, digest_of, inner_key
from lianxin.platform.ids import new_id
from lianxin.platform.models import AuditEntry, AuditPending, CalendarDay, Duty, Remembered


@command("tests.enter_day")
def enter_day(*, actor, day, name, at, key=None):
    found = CalendarDay.objects.create(day_on=day, is_workday=True, name=name)
    act().note(reason="because")
    return found


@command("tests.enter_two")
def enter_two(*, actor, days, fail, at, key=None):
    for day in days:
        enter_day(actor=actor, day=day, name="inner", at=at, key=inner_key(key, str(day)))
    if fail:
        raise ValueError("late failure")
    return len(days)


@pytest.mark.django_db
def test_an_outermost_command_leaves_one_entry_and_inner_ones_only_a_line(system, at):
    enter_two(actor=system, days=[at.date(), at.date() + timedelta(1)], fail=False, at=at)

    entry = AuditEntry.objects.get()
    assert entry.action == "tests.enter_two"
    assert entry.lines == ["tests.enter_day", "tests.enter_day"]
    assert AuditPending.objects.get().entry_id == entry.pk


@pytest.mark.django_db
def test_a_failing_command_leaves_nothing(system, at):
    with pytest.raises(ValueError, match="late failure"):
        enter_two(actor=system, days=[at.date()], fail=True, at=at)

    assert not CalendarDay.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_the_same_key_gives_the_first_outcome_and_writes_once(system, at):
    key = new_id()

    first = enter_day(actor=system, day=at.date(), name="x", at=at, key=key)
    again = enter_day(actor=system, day=at.date(), name="x", at=at + timedelta(hours=1), key=key)

    assert again.pk == first.pk
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_with_other_contents_is_refused(system, at):
    key = new_id()
    enter_day(actor=system, day=at.date(), name="x", at=at, key=key)

    with pytest.raises(KeyReused):
        enter_day(actor=system, day=at.date(), name="y", at=at, key=key)


@pytest.mark.django_db
def test_another_account_cannot_read_an_outcome_through_a_known_key(system, at):
    key = new_id()
    enter_day(actor=system, day=at.date(), name="x", at=at, key=key)

    with pytest.raises(KeyReused):
        enter_day(actor=replace(system, account=new_id()), day=at.date(), name="x", at=at, key=key)


@pytest.mark.django_db(transaction=True)
def test_eight_senders_of_one_key_make_one_row(system, at):
    key, outcomes, gate = new_id(), [], threading.Barrier(8)

    def send():
        gate.wait()
        try:
            outcomes.append(enter_day(actor=system, day=at.date(), name="x", at=at, key=key).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == [at.date()] * 8
    assert CalendarDay.objects.count() == 1
    assert Remembered.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_only_the_outermost_command_retries_after_a_serialization_failure(system, at):
    tries = []

    class Serialization(Exception):
        sqlstate = "40001"

    @command("tests.flaky")
    def flaky(*, actor, at):
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("could not serialize") from Serialization()
        return "done"

    assert flaky(actor=system, at=at) == "done"
    assert len(tries) == 3
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_locks_never_go_down_in_rank(system, at):
    @command("tests.wrong_order")
    def wrong_order(*, actor, at):
        locks.lock(CalendarDay.objects.all(), rank=locks.STOCK)
        locks.lock(CalendarDay.objects.all(), rank=locks.RECORD)

    with pytest.raises(locks.LockOrderBroken):
        wrong_order(actor=system, at=at)


def test_acts_cannot_be_noted_outside_a_command():
    with pytest.raises(NoActRunning):
        act()


def test_digests_do_not_depend_on_the_order_of_a_dictionary():
    assert digest_of({"a": 1, "b": UUID(int=3)}) == digest_of({"b": UUID(int=3), "a": 1})


@pytest.mark.django_db
def test_an_unscoped_query_raises_and_a_scoped_one_sees_only_its_community(system, at):
    here, there = new_id(), new_id()

    @command("tests.open_duties")
    def open_duties(*, actor, at):
        day = CalendarDay.objects.create(day_on=at.date(), is_workday=True, name="x")
        day.pk = here
        duties.open(kind="a", record=day, community_id=here, title="here", due_at=at)
        duties.open(kind="b", record=day, community_id=there, title="there", due_at=at)

    open_duties(actor=system, at=at)

    for ask in (
        lambda: Duty.objects.exists(),
        lambda: Duty.objects.all(),
        lambda: Duty.objects.count(),
        lambda: Duty.objects.exclude(pk=here),
        lambda: Duty.objects.in_bulk([here]),
        lambda: Duty.objects.create(title="x"),
        lambda: Duty.objects.update(title="x"),
    ):
        with scope.nothing(), pytest.raises(scope.Unscoped):
            ask()
    with scope.within({here}):
        assert [d.title for d in Duty.objects.all()] == ["here"]
    with scope.within(set()):
        assert not Duty.objects.exists()


@pytest.mark.django_db
def test_a_look_behind_a_mask_is_on_the_timeline_with_its_reason(system, at):
    day = enter_day(actor=system, day=at.date(), name="x", at=at)
    day.pk = new_id()

    audit.record_look(actor=system, record=day, field="phone", reason="asked to call back", at=at)

    with scope.everything():
        (entry,) = audit.entries_for("platform.calendarday", day.pk)
    assert (entry.verb, entry.reason, entry.change) == ("revealed", "asked to call back", {"field": "phone"})
