"""One process that grows a built sample district to a number of residents, by the command that registers households.

Only the people grow: a full `lianxin demo` also enters consents, cards and needs one by one, which takes an hour.
"""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from lianxin.domain.people.commands.households import register_households  # noqa: E402
from lianxin.domain.people.models import Person  # noqa: E402
from lianxin.domain.people.rules.new_people import NewHousehold  # noqa: E402
from lianxin.domain.people.sample.households import draw_homes  # noqa: E402
from lianxin.domain.people.sample.names import Names  # noqa: E402
from lianxin.domain.places.models import Committee, Division  # noqa: E402
from lianxin.platform import clock, scope  # noqa: E402
from lianxin.platform.actors import Actor  # noqa: E402

SYSTEM = Actor.system(via="bench")
HOUSEHOLDS_AT_ONCE = 250
PASSED_OVER = 8


def grow(residents: int) -> None:
    """Add residents, evenly over the communities, until there are so many."""
    names = _names_unlike_the_first()
    with scope.everything():
        missing = residents - Person.objects.count()
    communities = list(Division.objects.filter(level="community", ended_on=None).order_by("code"))
    now = clock.now()
    since = date(clock.local_day(now).year - 1, 1, 1)
    for number, division in enumerate(communities):
        homes = draw_homes(
            names,
            Random(number),
            community=division.pk,
            people=missing // len(communities) + (number < missing % len(communities)),
            on=since,
            village=division.committee == Committee.VILLAGERS,
        )
        for part in _parts(home.household for home in homes):
            register_households(actor=SYSTEM, households=part, at=now, on=max(since, division.created_on))


def _names_unlike_the_first() -> Names:
    """Give names that pass over the ID numbers which the sample's first residents can have."""
    names, dice = Names(Path(settings.DATA_DIR)), Random(0)
    day = date(1900, 1, 1)
    while day.year < 2030:
        for sex in "mf" * PASSED_OVER:
            names.id_number(dice, day, sex, from_elsewhere=False)
        day += timedelta(days=1)
    return names


def _parts(households: Iterator[NewHousehold]) -> Iterator[list[NewHousehold]]:
    while part := list(islice(households, HOUSEHOLDS_AT_ONCE)):
        yield part


if __name__ == "__main__":
    grow(int(sys.argv[1]))
    connection.close()
