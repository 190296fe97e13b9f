"""Tables that only grow, whatever way somebody tries."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from lianxin.platform import append_only
from lianxin.platform.append_only import AppendOnly, retention

TABLE = "test_growing"
pytestmark = pytest.mark.django_db


@pytest.fixture
def act(db):
    """A guarded table with two rows."""
    with isolate_apps("lianxin.platform"):

        class Act(models.Model):
            id = models.IntegerField(primary_key=True)
            quantity = models.IntegerField()

            class Meta:
                app_label = "platform"
                db_table = TABLE

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (id integer PRIMARY KEY, quantity integer NOT NULL)")
    AppendOnly(TABLE).database_forwards("platform", connection.schema_editor(), None, None)
    Act.objects.create(id=1, quantity=1)
    Act.objects.bulk_create([Act(id=2, quantity=2)])
    return Act


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda act: act(id=1, quantity=9).save(),
        lambda act: act.objects.filter(pk=1).update(quantity=9),
        lambda act: act.objects.bulk_update([act(id=1, quantity=9)], ["quantity"]),
        lambda act: act.objects.get(pk=1).delete(),
        lambda act: act.objects.all().delete(),
        lambda act: run(f"UPDATE {TABLE} SET quantity = 9"),
        lambda act: run(f"DELETE FROM {TABLE}"),
        lambda act: run(f"INSERT INTO {TABLE} VALUES (1, 9) ON CONFLICT (id) DO UPDATE SET quantity = 9"),
    ],
    ids=["save", "update", "bulk_update", "delete", "delete_all", "raw_update", "raw_delete", "upsert"],
)
def test_what_was_written_cannot_be_changed_or_removed(act, attempt):
    with pytest.raises(IntegrityError, match=f"{TABLE} only grows"), transaction.atomic():
        attempt(act)

    assert list(act.objects.order_by("id").values_list("quantity", flat=True)) == [1, 2]


def test_emptying_the_table_at_once_is_refused(act):
    statement = (
        f"TRUNCATE {TABLE}" if connection.vendor == "postgresql" else f"INSERT OR REPLACE INTO {TABLE} VALUES (1, 9)"
    )

    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        run(statement)

    assert act.objects.count() == 2


def test_retention_may_remove_but_never_change(act):
    with transaction.atomic(), retention(TABLE):
        act.objects.filter(pk=1).delete()
        with pytest.raises(IntegrityError, match="UPDATE"), transaction.atomic():
            act.objects.update(quantity=9)

    assert list(act.objects.values_list("pk", flat=True)) == [2]


def test_the_guard_is_back_when_retention_ends(act):
    with transaction.atomic(), retention(TABLE):
        act.objects.filter(pk=1).delete()

    with pytest.raises(IntegrityError), transaction.atomic():
        act.objects.all().delete()


def test_the_guard_is_back_when_retention_fails(act):
    with pytest.raises(ZeroDivisionError), transaction.atomic(), retention(TABLE):
        act.objects.filter(pk=1).delete()
        raise ZeroDivisionError

    with pytest.raises(IntegrityError), transaction.atomic():
        act.objects.all().delete()
    assert act.objects.count() == 2


def test_retention_of_one_table_lifts_no_other(act):
    with pytest.raises(IntegrityError), transaction.atomic(), retention("test_other"):
        act.objects.all().delete()


def test_two_tables_may_be_under_retention_at_once(act):
    run("CREATE TABLE test_growing_too (id integer PRIMARY KEY)")
    run("INSERT INTO test_growing_too VALUES (1)")
    AppendOnly("test_growing_too").database_forwards("platform", connection.schema_editor(), None, None)

    with transaction.atomic(), retention(TABLE), retention("test_growing_too"):
        act.objects.all().delete()
        run("DELETE FROM test_growing_too")

    assert act.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_retention_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError), retention(TABLE):
        pass


def test_the_operation_can_be_taken_back(act):
    AppendOnly(TABLE).database_backwards("platform", connection.schema_editor(), None, None)

    act.objects.all().delete()

    assert append_only.check() == []


def test_a_lost_guard_is_named_and_put_back_after_a_migration(act):
    no_update, no_delete = f"{TABLE}_no_update", f"{TABLE}_no_delete"
    on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    assert append_only.check() == []

    for name in (no_update, no_delete):
        run(f"DROP TRIGGER {name}{on}")
    assert append_only.check() == [f"{TABLE} should only grow, but its guard is gone."]
    append_only._restore_guards(using="default")

    assert append_only.check() == []
    with pytest.raises(IntegrityError), transaction.atomic():
        act.objects.all().delete()
