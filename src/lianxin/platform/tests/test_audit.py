"""The audit log: sealed, signed, provable, and dropped only in whole batches."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from lianxin.platform import audit, scope
from lianxin.platform.commands import act, command
from lianxin.platform.ids import new_id
from lianxin.platform.models import AuditBatch, AuditEntry, AuditPending, AuditSeal, CalendarDay


@command("tests.touch")
def touch(*, actor, at, name="x"):
    record = CalendarDay(day_on=at.date())
    record.pk = new_id()
    act().target(record, "changed", {"name": ["", name]})
    record.pk = new_id()
    act().target(record, "changed too")


def sealed(system, at, count=5):
    for _ in range(count):
        touch(actor=system, at=at)
    return audit.seal_pending(holder="t", at=at)


@pytest.mark.django_db
def test_sealing_gives_positions_without_gaps_and_an_outside_copy(system, at, settings, tmp_path):
    settings.SEAL_COPY_DIR = tmp_path

    assert sealed(system, at) == 5
    assert sealed(system, at, 3) == 3

    assert list(AuditSeal.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 9))
    assert not AuditPending.objects.exists()
    lines = [json.loads(line) for line in (tmp_path / "audit-2026-11.jsonl").read_text().splitlines()]
    assert [line["positions"] for line in lines] == [[1, 5], [6, 8]]
    assert list(audit.check_chain(at)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "change", "complaint"),
    [
        ("platform_auditentry", "UPDATE platform_auditentry SET reason = 'other'", "is not what was sealed"),
        ("platform_audittarget", "DELETE FROM platform_audittarget", "is not what was sealed"),
    ],
)
def test_verify_names_an_entry_that_was_tampered_with(system, at, table, change, complaint):
    sealed(system, at)
    with transaction.atomic(), connection.cursor() as cursor:
        _unguard(cursor, table)
        cursor.execute(change)

    assert any(complaint in sentence for sentence in audit.check_chain(at))


@pytest.mark.django_db
def test_verify_notices_a_forged_batch_and_a_lost_entry(system, at):
    sealed(system, at)
    sealed(system, at, 2)
    AuditBatch.objects.filter(number=1).update(root="00" * 32)

    found = list(audit.check_chain(at))

    assert any("signature of audit batch 1" in sentence for sentence in found)
    assert any("batch 2 does not follow" in sentence for sentence in found)


@pytest.mark.django_db
def test_an_entry_unsealed_for_ten_minutes_fails_verify(system, at):
    touch(actor=system, at=at)

    assert list(audit.check_chain(at + timedelta(minutes=9))) == []
    assert any("unsealed" in sentence for sentence in audit.check_chain(at + timedelta(minutes=11)))


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_an_entry_that_is_committed_late_is_sealed_once_after_younger_ones(system, at):
    noted, go = threading.Event(), threading.Event()

    def commit_late():
        with transaction.atomic():
            touch(actor=system, at=at, name="late")
            noted.set()
            assert go.wait(20)
        connection.close()

    late = threading.Thread(target=commit_late)
    late.start()
    assert noted.wait(20)
    assert sealed(system, at, 2) == 2
    go.set()
    late.join()

    assert list(audit.check_chain(at)) == []
    assert audit.seal_pending(holder="t", at=at) == 1
    assert audit.seal_pending(holder="t", at=at) == 0
    oldest = AuditEntry.objects.order_by("pk").first()
    assert AuditSeal.objects.get(entry_id=oldest.pk).position == 3
    assert list(audit.check_chain(at)) == []


@pytest.mark.django_db
def test_verify_names_an_entry_that_is_neither_sealed_nor_waiting(system, at):
    touch(actor=system, at=at)
    AuditPending.objects.all().delete()

    lost = AuditEntry.objects.get().pk
    assert list(audit.check_chain(at)) == [f"audit entry {lost} is neither sealed nor waiting to be"]


@pytest.mark.django_db
def test_retention_drops_whole_batches_and_keeps_their_roots(system, at):
    sealed(system, at)
    later = at + timedelta(days=400)
    sealed(system, later, 2)

    assert audit.drop_old(later) == 5

    with scope.everything():
        assert AuditEntry.objects.count() == 2
    assert AuditBatch.objects.count() == 2
    assert list(audit.check_chain(later)) == []


def _unguard(cursor, table):
    for suffix in ("no_update", "no_delete"):
        name = f"{table}_{suffix}"
        if connection.vendor == "postgresql":
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')
        else:
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
