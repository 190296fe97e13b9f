"""What a command notes is sent with its COMMIT: one statement, once prepared, and both or neither."""

import tempfile
import threading
from datetime import date

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from psycopg.pq import TransactionStatus

from lianxin.platform import contributions, facts, final_statement, scope
from lianxin.platform.append_only import ANY_TABLE, retention
from lianxin.platform.commands import act, command
from lianxin.platform.contributions import Contribution, Measure
from lianxin.platform.ids import new_id
from lianxin.platform.models import (
    AuditEntry,
    AuditPending,
    AuditTarget,
    CalendarDay,
    Fact,
    FactPending,
    Remembered,
    RunProblem,
)

pytestmark = [pytest.mark.postgresql_only, pytest.mark.django_db(transaction=True)]

HERE, THERE = new_id(), new_id()
VARYING = ("id", "entry_id", "fact_id", "record_id", "change_digest")
ODD = "引号' \" \\ %s $1 \n\t 汉字 \U0001f389"


@pytest.fixture(autouse=True)
def measures(monkeypatch):
    measure = Measure("test_visits", "visits", "visits", "flow", lambda window: 0, "tests")
    monkeypatch.setitem(contributions._house, "tests", Contribution(module="tests", measures=(measure,)))


def row():
    record = CalendarDay(day_on=date(2026, 3, 1))
    record.pk = new_id()
    return record


@command("tests.note_much")
def note_much(*, actor, at, record=None, reason=ODD, inside=lambda: None):
    inside()
    record = record or row()
    act().note(reason=reason, community_id=HERE)
    act().target(record, "changed", {"name": [None, ODD], "count": [1, 2.5], "deep": [{"a": True}, []]})
    act().target(row(), ODD[:40], None)
    facts.record(
        measure="test_visits",
        record=record,
        quantity=-(2**40),
        community_id=HERE,
        venue_id=THERE,
        on=date(1999, 12, 31),
    )


def written():
    """Give what the tables of audit and facts hold, without ids and what follows from them."""
    with scope.everything():
        return [
            sorted(
                ({k: v for k, v in line.items() if k not in VARYING} for line in model.objects.values()),
                key=str,
            )
            for model in (AuditEntry, AuditTarget, Fact, AuditPending, FactPending)
        ]


def nothing_written():
    return written() == [[], [], [], [], []]


def messages_of(call):
    """Give what passes between driver and server during one call, as libpq's trace tells it."""
    pgconn = connection.connection.pgconn
    with tempfile.TemporaryFile() as file:
        pgconn.trace(file.fileno())
        call()
        pgconn.untrace()
        file.seek(0)
        return [line.split("\t")[3:] for line in file.read().decode(errors="replace").splitlines()]


def test_what_a_command_notes_costs_no_wait_of_its_own_and_is_prepared_once(system, at):
    note_much(actor=system, at=at)

    messages = messages_of(lambda: note_much(actor=system, at=at, inside=CalendarDay.objects.count))

    # BEGIN, the scope, the command's own query; then the statement and COMMIT at once.
    assert [words[0] for words in messages].count("ReadyForQuery") == 4
    assert [words[-1].strip() for words in messages if words[0] == "Parse"] == ['"" "COMMIT" 0']
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%auditentry%'")
        assert cursor.fetchone() == (1,)


def test_a_command_that_asks_the_database_nothing_needs_one_message(system, at):
    note_much(actor=system, at=at)

    messages = messages_of(lambda: note_much(actor=system, at=at))

    assert [words[0] for words in messages].count("ReadyForQuery") == 1
    assert not any("COMMIT" in words[-1] for words in messages)
    assert AuditEntry.objects.count() == 2


def test_a_key_costs_the_wait_for_its_claim_and_its_outcome_none(system, at):
    @command("tests.note_with_key")
    def note_with_key(*, actor, at, key=None):
        return note_much(actor=actor, at=at)

    note_with_key(actor=system, at=at, key=new_id())
    key = new_id()

    messages = messages_of(lambda: note_with_key(actor=system, at=at, key=key))

    # BEGIN, the scope, the claim; then the outcome with what was noted and COMMIT at once.
    assert [words[0] for words in messages].count("ReadyForQuery") == 4
    assert Remembered.objects.get(key=key).outcome == {"value": None}
    assert note_with_key(actor=system, at=at, key=key) is None
    assert AuditEntry.objects.count() == 2


def test_every_value_is_what_the_ordinary_way_writes(system, at):
    note_much(actor=system, at=at)
    with_commit = written()
    with scope.everything(), transaction.atomic(), retention(ANY_TABLE), connection.cursor() as cursor:
        cursor.execute("TRUNCATE platform_auditentry, platform_audittarget, platform_fact")
        cursor.execute("TRUNCATE platform_auditpending, platform_factpending")

    with transaction.atomic():
        note_much(actor=system, at=at)

    assert written() == with_commit
    (entry,), (target,), (fact,), *_ = with_commit
    assert (entry["reason"], entry["at"], entry["on_behalf_of"]) == (ODD, at, None)
    assert entry["change"] == {"name": [None, ODD], "count": [1, 2.5], "deep": [{"a": True}, []]}
    assert (target["verb"], target["change"]) == (ODD[:40], {})
    assert (fact["quantity"], fact["occurred_on"], fact["venue_id"]) == (-(2**40), date(1999, 12, 31), THERE)


def test_a_command_inside_a_transaction_of_somebody_else_does_not_commit_it(system, at):
    with pytest.raises(RuntimeError, match="changed my mind"), transaction.atomic():
        note_much(actor=system, at=at)
        raise RuntimeError("changed my mind")

    assert nothing_written()


def test_a_command_that_wants_its_transaction_rolled_back_is_not_committed(system, at):
    with pytest.raises(transaction.TransactionManagementError):
        note_much(actor=system, at=at, inside=lambda: transaction.set_rollback(True))

    assert nothing_written()


def test_what_follows_the_commit_runs_once_it_is_done(system, at):
    told = []

    def tell():
        transaction.on_commit(lambda: told.append(AuditEntry.objects.count()))

    note_much(actor=system, at=at, inside=tell)

    assert told == [1]


def test_when_the_last_statement_fails_nothing_is_left_and_the_session_works_on(system, at):
    record = row()
    note_much(actor=system, at=at, record=record)
    before = written()

    def enter_a_day():
        CalendarDay.objects.create(day_on=date(2026, 3, 1), is_workday=True)

    with pytest.raises(IntegrityError, match="fact_once_per_record"):
        note_much(actor=system, at=at, record=record, inside=enter_a_day)

    assert written() == before
    assert not CalendarDay.objects.exists()
    note_much(actor=system, at=at)
    assert AuditEntry.objects.count() == 2


def test_when_the_commit_itself_fails_nothing_is_left(system, at):
    def break_a_promise():
        RunProblem.objects.create(run_id=new_id(), row_number=1)

    with pytest.raises(IntegrityError, match="foreign key"):
        note_much(actor=system, at=at, inside=break_a_promise)

    assert nothing_written()
    assert connection.connection.info.transaction_status == TransactionStatus.IDLE


def test_a_text_with_a_nul_is_refused_and_not_cut_short(system, at):
    with pytest.raises(DataError):
        note_much(actor=system, at=at, reason="before\0after")

    assert nothing_written()


def test_a_statement_that_the_server_forgot_is_prepared_anew(system, at):
    tries = []
    note_much(actor=system, at=at)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")

    note_much(actor=system, at=at, inside=lambda: tries.append(1))

    assert len(tries) == 2
    assert AuditEntry.objects.count() == 2


def test_a_session_keeps_only_so_many_statements(system, at, monkeypatch):
    monkeypatch.setattr(final_statement, "KEPT_PER_SESSION", 3)

    @command("tests.touch_many")
    def touch_many(*, actor, count, at):
        for _ in range(count):
            act().target(row(), "changed")

    for count in (1, 2, 3, 4, 5, 1):
        touch_many(actor=system, count=count, at=at)

    assert AuditEntry.objects.count() == 6
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%auditentry%'")
        assert cursor.fetchone() == (3,)


@pytest.mark.parametrize("known", [True, False])
def test_a_session_that_ends_before_the_last_statement_leaves_nothing_and_the_next_one_works(system, at, known):
    connection.close()
    if known:
        note_much(actor=system, at=at)
    before = written()

    def end_the_session():
        victim = connection.connection.info.backend_pid
        thread = threading.Thread(target=_end, args=(victim,))
        thread.start()
        thread.join()

    with pytest.raises(OperationalError):
        note_much(actor=system, at=at, inside=end_the_session)
    connection.close_if_unusable_or_obsolete()

    assert written() == before
    note_much(actor=system, at=at)
    assert AuditEntry.objects.count() == len(before[0]) + 1


def _end(backend: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
        assert cursor.fetchone() == (True,)
    connection.close()
