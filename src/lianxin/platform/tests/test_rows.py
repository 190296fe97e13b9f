"""Rows written in bulk say what the ORM would have written, and many ids at once find what each finds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DataError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from lianxin.platform import rows, scope
from lianxin.platform.ids import new_id
from lianxin.platform.models import AuditSeal, Fact, Remembered

NAMES = (
    "id",
    "occurred_on",
    "recorded_at",
    "community_id",
    "venue_id",
    "measure",
    "category",
    "quantity",
    "record_kind",
    "record_id",
    "corrects",
)
ODD = ["", "NULL", "null", "{}", "a,b", '"', "\\", '\\"', "%s", "$1", " blank ", "\n\t", "汉字\U0001f389", "'"]
AT = datetime(2026, 11, 23, 4, 0, 0, 123_456, tzinfo=UTC)


def facts_of(texts):
    """Give rows of facts whose values are odd in every column."""
    return [
        (
            new_id(),
            date(1999, 12, 31) + timedelta(number),
            AT - timedelta(days=40_000, microseconds=number),
            new_id(),
            new_id(),
            f"measure {text}",
            text,
            (-1) ** number * 2**40,
            text * 2,
            new_id(),
            new_id() if number % 2 else None,
        )
        for number, text in enumerate(texts)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("texts", [ODD[:3], ODD], ids=["few", "many"])
def test_every_value_is_read_as_it_was_given(texts):
    written = facts_of(texts)

    with scope.everything():
        rows.insert(Fact, NAMES, written)

        assert sorted(Fact.objects.values_list(*NAMES)) == sorted(written)


@pytest.mark.django_db
def test_what_is_to_be_done_with_a_row_that_is_there_is_done_for_many_rows():
    seals = [(number, new_id(), "aa", "bb") for number in range(1, 31)]
    names = ("position", "entry_id", "entry_hash", "chain_hash")
    rows.insert(AuditSeal, names, seals[:10])

    rows.insert(AuditSeal, names, seals, on_conflict=" ON CONFLICT (position) DO UPDATE SET chain_hash = 'cc'")

    assert (
        list(AuditSeal.objects.order_by("position").values_list("chain_hash", flat=True)) == ["cc"] * 10 + ["bb"] * 20
    )


@pytest.mark.postgresql_only
@pytest.mark.django_db
@pytest.mark.parametrize("text", ["long enough to be refused", "before\0after"])
def test_a_text_that_the_column_cannot_hold_is_refused_among_many(text):
    with scope.everything():
        with pytest.raises(DataError), transaction.atomic():
            rows.insert(Fact, NAMES, facts_of([*ODD, text]))

        assert not Fact.objects.exists()


@pytest.mark.django_db
def test_an_update_and_rows_of_several_models_are_written_together():
    key, seal = new_id(), (7, new_id(), "aa", "bb")
    Remembered.objects.create(key=key, command="tests.act", request_hash="", remembered_at=AT)
    set_outcome = rows.Update(Remembered, "outcome")
    add_seals = rows.Insert(AuditSeal, "position", "entry_id", "entry_hash", "chain_hash")

    rows.write_together([(set_outcome, [({"list": [1, "汉字"]}, key)]), (add_seals, [seal])])

    assert Remembered.objects.get().outcome == {"list": [1, "汉字"]}
    assert AuditSeal.objects.values_list().get() == seal


@pytest.mark.django_db
@pytest.mark.parametrize("strangers", [1, 700])
def test_among_finds_exactly_the_rows_that_are_named(strangers):
    seals = [(number, new_id(), "", "") for number in range(1, 101)]
    rows.insert(AuditSeal, ("position", "entry_id", "entry_hash", "chain_hash"), seals)
    wanted = frozenset(
        [*(new_id() for _turn in range(strangers)), *(entry_id for number, entry_id, *_ in seals if number % 3 == 0)]
    )

    found = AuditSeal.objects.filter(entry_id__among=wanted)

    assert sorted(found.values_list("position", flat=True)) == list(range(3, 100, 3))
    assert AuditSeal.objects.exclude(entry_id__among=wanted).count() == 67
    assert not AuditSeal.objects.filter(entry_id__among=frozenset()).exists()
    assert found.delete()[0] == 33
    assert AuditSeal.objects.count() == 67


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_many_rows_are_one_statement_with_a_parameter_for_each_column(django_assert_num_queries):
    with scope.everything(), django_assert_num_queries(1) as asked:
        rows.insert(Fact, NAMES, facts_of([f"{number}" for number in range(5_000)]))

    assert "unnest" in asked.captured_queries[0]["sql"]


@given(
    microseconds=st.integers(-(2**52), 2**52),
    zone=st.timezones(),
    day=st.dates(),
    number=st.integers(-(2**63), 2**63 - 1),
    text=st.text(max_size=9),
    there=st.booleans(),
)
def test_the_short_way_writes_what_django_would(microseconds, zone, day, number, text, there):
    moment = (AT + timedelta(microseconds=microseconds)).astimezone(zone)
    given_row = (new_id(), day, moment, new_id() if there else None, None, text, text, number, text, new_id(), None)

    (written,) = rows.prepare(Fact, NAMES, [given_row])

    fields = [Fact._meta.get_field(name) for name in NAMES]
    assert written == [f.get_db_prep_save(value, connection) for f, value in zip(fields, given_row, strict=True)]


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="says no zone"):
        rows.sqlite_moment(AT.replace(tzinfo=None))
