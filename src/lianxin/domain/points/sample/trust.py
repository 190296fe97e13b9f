"""Notices, objections and honour rolls of the pilots; and how their years end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from lianxin.domain.points.commands.books import close_period
from lianxin.domain.points.commands.expiry import expire_points
from lianxin.domain.points.commands.honour_rolls import discard_roll, draw_roll, freeze_roll
from lianxin.domain.points.commands.notices import end_notices, publish_awards
from lianxin.domain.points.commands.objections import decide, raise_objection
from lianxin.domain.points.models import Claim, HonourRoll, Notice, NoticeLine, Objection, Period
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day

from .campaigns import campaign_days
from .pilots import Pilot
from .story import Step, quarter_ends, step

ROLL_SIZE = 10
UPHELD, REJECTED, OPEN = "upheld", "rejected", "open"
WORDS = {
    UPHELD: ("那天没看见他们家的人来。", "查了签到表,是登记错了,这一笔撤回。谢谢您指出来。"),
    REJECTED: ("我们家也去了,怎么只给他们家记。", "签到表上有两家的名字,您家的在同一期公示第二页,请再看看。"),
    OPEN: ("登记的时间好像多了一个钟头,请核一下。", ""),
}


def notices(pilot: Pilot) -> Iterator[Step]:
    """Give the notices of awards, monthly in the first year and on Mondays later; and who objected to some."""
    days = sorted({_shown_on(pilot, on, stretch) for on, _kind, stretch in campaign_days(pilot)})
    days = [on for on in days if on < pilot.plan.today]
    for on in days:
        yield step(on, 9, lambda at: _publish(pilot, at))
    first = [on for on in days if on.year == pilot.first_year]
    for on, outcome in zip(first[2:], (UPHELD, REJECTED), strict=False):
        yield from _objection(pilot, on, outcome)
    if len(days) > len(first) + 2:
        yield from _objection(pilot, days[-3], UPHELD)
        if pilot.place % 3 == 0:
            yield from _objection(pilot, days[-1], OPEN)


def _shown_on(pilot: Pilot, on: date, stretch: str) -> date:
    if stretch == "first":
        return (on.replace(day=1) + timedelta(days=32)).replace(day=2)
    return on + timedelta(days=7 - on.weekday())


def _publish(pilot: Pilot, at: datetime) -> None:
    end_notices(actor=Actor.system(via="worker"), at=at)
    publish_awards(actor=pilot.staff, book=pilot.book().pk, at=at)


def _objection(pilot: Pilot, on: date, outcome: str) -> Iterator[Step]:
    yield step(on + timedelta(days=1), 15, lambda at: _raise(pilot, at, outcome))
    if outcome != OPEN:
        yield step(on + timedelta(days=4), 10, lambda at: _answer(pilot, at, outcome))


def _raise(pilot: Pilot, at: datetime, outcome: str) -> None:
    with scope.everything():
        today = local_day(at)
        shown_now = Notice.objects.filter(
            community=pilot.community, kind=Notice.Kind.AWARDS, shown_from__lte=today, shown_until__gte=today
        )
        notice = shown_now.order_by("-number").first()
        lines = NoticeLine.objects.filter(notice=notice, claim__state=Claim.State.AWARDED).order_by("claim_id")
        shown = list(lines.values_list("claim_id", "claim__household_id"))
    if notice is None or not shown:
        return
    dice = pilot.plan.random("objection", pilot.community.code, at)
    claim, household = dice.choice(shown)
    others = [home.head for home in pilot.homes if home.household != household]
    raise_objection(
        actor=pilot.staff,
        notice=notice.pk,
        claim=claim,
        text=WORDS[outcome][0],
        person=dice.choice(others) if others else None,
        via="desk",
        at=at,
    )


def _answer(pilot: Pilot, at: datetime, outcome: str) -> None:
    with scope.everything():
        waiting = Objection.objects.filter(community=pilot.community, state=Objection.State.OPEN)
        found = list(waiting.order_by("pk").values_list("pk", flat=True))
    for pk in found:
        decide(actor=pilot.colleague, objection=pk, upheld=outcome == UPHELD, answer=WORDS[outcome][1], at=at)


def years(pilot: Pilot) -> Iterator[Step]:
    """Give the ends of the years: points expire, the year's honour roll, and the year closed with its record."""
    for year in range(pilot.first_year - 1, pilot.plan.today.year):
        new_year = date(year + 1, 1, 1)
        if year >= pilot.first_year:
            yield step(new_year, 0, lambda at: expire_points(actor=Actor.system(via="worker"), at=at), 20)
            days = (date(year, 1, 1), date(year, 12, 31))
            yield from _roll(pilot, f"{year}年度荣誉榜", days, new_year + timedelta(days=10))
        if year >= pilot.first_year or pilot.switched_on.month == 1:
            yield step(new_year + timedelta(days=14), 16, partial(_close, pilot, year=year))
    ends = list(quarter_ends(pilot.switched_on, pilot.plan.day(8)))
    if ends:
        last = ends[-1]
        quarter = (last.month + 2) // 3
        days = (date(last.year, last.month - 2, 1), last)
        yield from _roll(pilot, f"{last.year}年第{quarter}季度荣誉榜", days, last + timedelta(days=5))


def _roll(pilot: Pilot, title: str, days: tuple[date, date], on: date) -> Iterator[Step]:
    yield step(on, 10, lambda at: _draw(pilot, at, title, days))
    yield step(on + timedelta(days=2), 10, lambda at: _freeze(pilot, at, title))


def _draw(pilot: Pilot, at: datetime, title: str, days: tuple[date, date]) -> None:
    book = pilot.book().pk
    draw_roll(actor=pilot.staff, book=book, title=title, starts_on=days[0], ends_on=days[1], size=ROLL_SIZE, at=at)


def _freeze(pilot: Pilot, at: datetime, title: str) -> None:
    """Publish a roll; one on which nobody stands, early in a short story, is thrown away."""
    with scope.everything():
        roll = HonourRoll.objects.get(community=pilot.community, title=title)
        is_empty = not roll.entries.exists()
    if is_empty:
        discard_roll(actor=pilot.staff, roll=roll.pk, at=at)
    else:
        freeze_roll(actor=pilot.staff, roll=roll.pk, at=at)


def _close(pilot: Pilot, at: datetime, year: int) -> None:
    with scope.everything():
        period = Period.objects.filter(book=pilot.book(), starts_on=date(year, 1, 1)).first()
    if period is not None:
        close_period(actor=pilot.staff, period=period.pk, at=at)
