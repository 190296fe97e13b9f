"""What the pilots' residents did for points: clean-up days, patrols, help, meetings; and awards that wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from lianxin.domain.points.commands.approvals import approve, refuse
from lianxin.domain.points.commands.awards import SOURCE
from lianxin.domain.points.commands.claims import Act, offer_acts
from lianxin.domain.points.models import Claim
from lianxin.platform import scope
from lianxin.platform.ids import deterministic_id

from .pilots import FIRST, Home, Pilot
from .rulebook import CLEAN_UP, ELDERS, EXAMPLE, HAZARD, HELP, MEETING, PATROL, WASTE
from .story import Step, step

RECENT_WEEKS = 5
# The last quarter that is over begins at most so many days ago.
ROLL_DAYS = 200
KINDS = (CLEAN_UP, MEETING, PATROL, HELP, CLEAN_UP, WASTE)
RECENT_KINDS = (CLEAN_UP, PATROL, HELP, WASTE, MEETING, HELP)
EVIDENCE = {
    CLEAN_UP: "清洁日签到表",
    MEETING: "议事会签到表",
    PATROL: "巡逻登记本",
    HELP: "受助人确认",
    WASTE: "投放点登记",
    ELDERS: "饭堂值班表",
    EXAMPLE: "评议会记录",
    HAZARD: "隐患登记",
}
# How many of the households come: in most months at first, then now and then, then in the weeks before the last day.
SHARES = {"first": 0.5, "later": 0.5, "recent": 0.4}
FEWEST = 4


def campaign_days(pilot: Pilot) -> Iterator[tuple[date, str, str]]:
    """Give the days on which many did something: the day, what it was, and in which stretch of the story."""
    plan, first = pilot.plan, pilot.first_year
    dice = plan.random("campaigns", pilot.community.code)
    for month in range(pilot.switched_on.month, 13):
        if pilot.batch == FIRST and month % 3 == pilot.place % 3:
            continue
        yield date(first, month, dice.randint(4, 25)), KINDS[(month + pilot.place) % len(KINDS)], "first"
    recently = plan.day(7 * RECENT_WEEKS + 3)
    for year in range(first + 1, plan.today.year + 1):
        # Between the first year and the last months one is enough in spring and one in autumn.
        for month in (2, 5, 8, 11) if year >= plan.day(ROLL_DAYS).year else (4, 10):
            on = date(year, month, dice.randint(4, 25))
            kind = ELDERS if month in (8, 10) and pilot.batch == FIRST else KINDS[(month + pilot.place) % len(KINDS)]
            if on < recently:
                yield on, kind, "later"
    for weeks in range(RECENT_WEEKS, 0, -1):
        on = plan.day(7 * weeks - dice.randint(0, 3))
        if on.year > first:
            yield on, RECENT_KINDS[weeks % len(RECENT_KINDS)], "recent"


def campaigns(pilot: Pilot) -> Iterator[Step]:
    """Give the awards of the campaign days, each entered in the evening as one list."""
    for on, kind, stretch in campaign_days(pilot):
        yield step(on, 18, partial(_enter, pilot, on=on, kind=kind, stretch=stretch))


def _enter(pilot: Pilot, at: datetime, on: date, kind: str, stretch: str) -> None:
    dice = pilot.plan.random("acts", pilot.community.code, on, kind)
    wanted = min(len(pilot.homes), max(FEWEST, round(len(pilot.homes) * SHARES[stretch])))
    acts = [act for home in dice.sample(pilot.homes, wanted) for act in _acts(pilot, dice, home, on, kind)]
    offer_acts(actor=pilot.staff, acts=acts, at=at)


def _acts(pilot: Pilot, dice: Random, home: Home, on: date, kind: str) -> Iterator[Act]:
    source = deterministic_id(pilot.community.pk, f"sample {kind} {on}")
    count = 2 if len(home.adults) > 1 and dice.random() < 0.3 else 1
    quantity, minutes = 1, 0
    if kind in (PATROL, ELDERS):
        minutes = dice.choice((60, 90, 120, 120, 180))
    elif kind in (HELP, WASTE):
        quantity = dice.randint(1, 3)
    for person in dice.sample(home.adults, count):
        yield Act(
            household=home.household,
            person=person,
            act_kind=kind,
            quantity=quantity,
            minutes=minutes,
            done_on=on,
            source_kind=SOURCE,
            source_id=source,
            evidence=EVIDENCE[kind],
        )


def examples(pilot: Pilot) -> Iterator[Step]:
    """Give the good examples: so many points need a second person, who agrees, refuses, or has not come to it yet."""
    plan, december = pilot.plan, date(pilot.first_year, 12, 5)
    yield step(december, 16, lambda at: _name(pilot, at, december, 2))
    yield step(december + timedelta(days=4), 9, lambda at: _decide(pilot, at, december, agree=2))
    lately = plan.day(16)
    if lately.year > pilot.first_year:
        yield step(lately, 16, lambda at: _name(pilot, at, lately, 2))
        yield step(lately + timedelta(days=2), 9, lambda at: _decide(pilot, at, lately, agree=1))
        now = plan.day(3)
        yield step(now, 16, lambda at: _name(pilot, at, now, 2))


def _name(pilot: Pilot, at: datetime, on: date, count: int) -> None:
    dice = pilot.plan.random("examples", pilot.community.code, on)
    source = deterministic_id(pilot.community.pk, f"sample {EXAMPLE} {on}")
    acts = [
        Act(home.household, home.head, EXAMPLE, 1, 0, on, SOURCE, source, EVIDENCE[EXAMPLE], note="大家评的好榜样")
        for home in dice.sample(pilot.homes, min(count, len(pilot.homes)))
    ]
    offer_acts(actor=pilot.staff, acts=acts, at=at)


def _decide(pilot: Pilot, at: datetime, on: date, *, agree: int) -> None:
    with scope.everything():
        found = Claim.objects.filter(community=pilot.community, act_kind=EXAMPLE, done_on=on, state=Claim.State.WAITING)
        waiting = list(found.order_by("pk").values_list("pk", flat=True))
    for number, claim in enumerate(waiting):
        if number < agree:
            approve(actor=pilot.colleague, claim=claim, at=at)
        else:
            refuse(actor=pilot.colleague, claim=claim, reason="评议会记录里没有这一户,请核对。", at=at)
