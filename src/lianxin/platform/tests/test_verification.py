"""Verify reads one state of the database, and no writer waits for it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.db import connection

from lianxin.platform import scope, search, verification
from lianxin.platform.contributions import Check
from lianxin.platform.models import CalendarDay


def another_session() -> sqlite3.Connection:
    return sqlite3.connect(connection.settings_dict["NAME"], timeout=0.2, isolation_level=None)


def add_a_day_from_elsewhere() -> None:
    """Write in a second session, as the server would meanwhile."""
    statement = (
        "INSERT INTO platform_calendarday (day_on, is_workday, name, source) VALUES ('2026-10-01', '0', 'a', '')"
    )
    if connection.vendor == "sqlite":
        with closing(another_session()) as session:
            session.execute("BEGIN IMMEDIATE")
            session.execute(statement)
            session.execute("COMMIT")
        return
    import psycopg

    parameters = {
        k: v for k, v in connection.get_connection_params().items() if k in ("dbname", "user", "host", "port")
    }
    with psycopg.connect(**parameters) as session:
        session.execute("SET lock_timeout = '200ms'")
        session.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_writer_goes_on_while_a_check_reads_and_the_check_sees_one_state() -> None:
    seen = []

    def look() -> Iterator[str]:
        seen.append(CalendarDay.objects.count())
        add_a_day_from_elsewhere()
        seen.append(CalendarDay.objects.count())
        yield from ()

    result = verification.run_check(("tests", Check("looks twice", look)))

    assert result.differences == []
    assert seen == [0, 0]
    assert CalendarDay.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_check_of_the_house_makes_a_writer_wait() -> None:
    for module, check in verification.checks():

        def look(check: Check = check) -> Iterator[str]:
            yield from check.run()
            add_a_day_from_elsewhere()

        assert verification.run_check((module, Check(check.name, look))).differences == []
        assert CalendarDay.objects.all().delete()[0] == 1


@pytest.mark.django_db
def test_search_check_still_sees_an_index_out_of_step() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO platform_searchdoc_fts (rowid, tokens) VALUES (12345, 'astray')")
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX platform_searchdoc_tokens")

    with scope.everything():
        assert search.check()
