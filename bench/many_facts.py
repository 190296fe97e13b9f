"""One process that lays ten years of facts under a district: some fifteen acts a day in each community, added up.

Facts of a bench are proved by no record: they are written as plain rows, and the sums by the program's own code.
"""

import itertools
import os
import sys
from datetime import date, timedelta
from random import Random
from uuid import UUID

import django

django.setup()

from django.db import connection  # noqa: E402

from lianxin.domain.places.models import Division, Level  # noqa: E402
from lianxin.platform import scope, tallies  # noqa: E402
from lianxin.platform.models import NO_VENUE, Fact, Tally  # noqa: E402

YEARS = range(2016, 2026)
# measure → acts a day in a community, and whether they have one of the categories of service
ACTS = {
    "person_times": (6, True),
    "visits": (4, False),
    "occurrences_held": (1, True),
    "volunteer_person_times": (1, True),
    "cases_heard": (1, False),
    "needs_heard": (1, False),
    "points_awarded": (1, False),
    "openings": (1, False),
}
CATEGORIES = [f"{letter}{number:02d}" for letter in "ABC" for number in range(1, 12)]
ROWS_AT_ONCE = 100_000
# In order, so that the tables grow at their ends.
_ids = itertools.count(1 << 100)


def lay() -> None:
    """Write the facts of all years, their tallies and roll-ups."""
    with scope.everything():
        communities = list(Division.objects.filter(level=Level.COMMUNITY).order_by("pk").values_list("pk", flat=True))
    dropped = _drop_indexes()
    for year in YEARS:
        sums: dict[tallies.Key, int] = {}
        for month in range(1, 13):
            _lay_month(communities, date(year, month, 1), sums)
        with scope.everything():
            tallies.add_to_rollups(sums)
        print(year, file=sys.stderr, flush=True)
    with connection.cursor() as cursor:
        for statement in dropped:
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _drop_indexes() -> list[str]:
    """Take the indexes of the facts away while they are laid; gives the statements that bring them back."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA cache_size=-400000")
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
            [Fact._meta.db_table],
        )
        found = list(cursor.fetchall())
        for name, _statement in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return [statement for _name, statement in found]


def _lay_month(communities: list[UUID], first: date, sums: dict[tallies.Key, int]) -> None:
    """Write the facts and tallies of a month, and add them to the sums of its year."""
    dice = Random(first.isoformat())
    rows = []
    of_month: dict[tallies.Key, int] = {}
    at = f"{first.isoformat()} 12:00:00"
    day = first
    while day.month == first.month:
        for community in communities:
            for measure, (acts, has_category) in ACTS.items():
                for _turn in range(acts):
                    category = dice.choice(CATEGORIES) if has_category else ""
                    key = (measure, community, day, NO_VENUE, category)
                    of_month[key] = of_month.get(key, 0) + 1
                    rows.append(
                        (f"{next(_ids):032x}", day.isoformat(), at, community.hex, NO_VENUE.hex, measure, category, 1,
                         "bench.act", os.urandom(16).hex())
                    )  # fmt: skip
        day += timedelta(days=1)
    table = connection.ops.quote_name(Fact._meta.db_table)
    insert = (
        f"INSERT INTO {table} (id, occurred_on, recorded_at, community_id, venue_id, measure, category, quantity,"
        " record_kind, record_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
    )
    tally = connection.ops.quote_name(Tally._meta.db_table)
    add = (
        f"INSERT INTO {tally} (measure, community_id, day_on, venue_id, category, quantity, id)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (measure, community_id, day_on, venue_id, category)"
        " DO UPDATE SET quantity = quantity + excluded.quantity"
    )
    tallied = [
        (measure, community.hex, day.isoformat(), venue.hex, category, quantity, f"{next(_ids):032x}")
        for (measure, community, day, venue, category), quantity in of_month.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        for start in range(0, len(rows), ROWS_AT_ONCE):
            cursor.executemany(insert, rows[start : start + ROWS_AT_ONCE])
        cursor.executemany(add, tallied)
        cursor.execute("COMMIT")
    sums.update(of_month)


def count() -> None:
    """Print how many facts and tallies there are."""
    with scope.everything():
        print(Fact.objects.count(), Tally.objects.count())


if __name__ == "__main__":
    {"lay": lay, "count": count}[sys.argv[1]]()
    connection.close()
