"""How a pilot begins: book, rules, switch-on, budgets; paper passbooks taken over; booklets given out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from lianxin.domain.people.commands.consents import give_consent
from lianxin.domain.points.commands.books import open_period, prepare_book, switch_on
from lianxin.domain.points.commands.budgets import close_budget, set_budget
from lianxin.domain.points.commands.honour_rolls import PURPOSE
from lianxin.domain.points.commands.opening import post_take_over
from lianxin.domain.points.commands.passbooks import issue_passbook, mark_printed, reissue_passbook
from lianxin.domain.points.commands.relatives import declare_relative
from lianxin.domain.points.commands.rules_versions import publish_rules, save_draft
from lianxin.domain.points.commands.take_overs import enter_take_over, sign_take_over
from lianxin.domain.points.models import Budget, Passbook, TakeOver
from lianxin.domain.points.rules.take_over_rows import TakeOverRow
from lianxin.platform import scope

from .pilots import FIRST, SECOND, Home, Pilot
from .rulebook import DAYS_BEFORE, first_rules, second_rules
from .story import Step, step

BUDGET_OF_HOUSEHOLD = 150
BOOKLET_SHARE = 0.4
CONSENT_SHARE = 0.15
CONSENT_DAYS_AGO = 400
TAKEN_OVER = 12


def beginnings(pilot: Pilot) -> Iterator[Step]:
    """Give the steps up to the switch-on, and the second version of the rules in the first batch."""
    on, name, count = pilot.switched_on, pilot.community.short_name, len(pilot.homes)
    held = on - timedelta(days=DAYS_BEFORE)
    yield step(held, 9, lambda at: prepare_book(actor=pilot.staff, community=pilot.community.pk, at=at))
    yield step(held + timedelta(days=2), 9, lambda at: _publish(pilot, at, first_rules(name, on, count)))
    yield step(on - timedelta(days=5), 10, lambda at: switch_on(actor=pilot.office, book=pilot.book().pk, on=on, at=at))
    again = date(pilot.first_year + 1, 1, 1)
    if pilot.batch == FIRST:
        later = again - timedelta(days=DAYS_BEFORE - 2)
        yield step(later, 9, lambda at: _publish(pilot, at, second_rules(name, again, count)))


def _publish(pilot: Pilot, at: datetime, content: dict[str, Any]) -> None:
    draft = save_draft(actor=pilot.staff, book=pilot.book().pk, content=content, at=at)
    publish_rules(actor=pilot.staff, draft=draft.pk, at=at)


def budgets(pilot: Pilot) -> Iterator[Step]:
    """Give the general budget of each year, its end when the year is over, and the year itself, opened in time."""
    for year in range(pilot.first_year, pilot.plan.today.year + 1):
        first = max(date(year, 1, 1), pilot.switched_on)
        points = BUDGET_OF_HOUSEHOLD * len(pilot.homes) * (13 - first.month) // 12
        yield step(first, 8, partial(_set_budget, pilot, first=first, points=points))
        yield step(date(year, 12, 28), 9, partial(_open_next_year, pilot, year=year))
        yield step(date(year + 1, 1, 6), 9, partial(_close_budgets, pilot, year=year))


def _set_budget(pilot: Pilot, at: datetime, first: date, points: int) -> None:
    set_budget(
        actor=pilot.staff,
        book=pilot.book().pk,
        name=f"{first.year}年积分",
        valid_from=first,
        valid_until=date(first.year, 12, 31),
        points=points,
        is_general=True,
        note=f"按每户{BUDGET_OF_HOUSEHOLD}分安排",
        at=at,
    )


def _open_next_year(pilot: Pilot, at: datetime, year: int) -> None:
    open_period(actor=pilot.staff, book=pilot.book().pk, year=year + 1, at=at)


def _close_budgets(pilot: Pilot, at: datetime, year: int) -> None:
    with scope.everything():
        over = Budget.objects.filter(community=pilot.community, valid_until=date(year, 12, 31), closed_on=None)
        found = list(over.order_by("pk").values_list("pk", flat=True))
    for pk in found:
        close_budget(actor=pilot.staff, budget=pk, at=at)


def paper_passbooks(pilot: Pilot, pilots: list[Pilot]) -> Iterator[Step]:
    """Give the take-over in the first community of the second batch, which had kept points on paper."""
    if pilot is not next((one for one in pilots if one.batch == SECOND), None):
        return
    on = pilot.switched_on
    yield step(on - timedelta(days=10), 10, lambda at: _enter_paper(pilot, at))
    yield step(on - timedelta(days=9), 15, lambda at: _sign(pilot, at, second=False))
    yield step(on - timedelta(days=8), 9, lambda at: _sign(pilot, at, second=True))
    yield step(on + timedelta(days=1), 9, lambda at: _post_paper(pilot, at))


def _enter_paper(pilot: Pilot, at: datetime) -> None:
    dice = pilot.plan.random("paper", pilot.community.code)
    homes = dice.sample(pilot.homes, min(TAKEN_OVER, len(pilot.homes)))
    rows = [
        TakeOverRow(home.household, f"{number:03d}", dice.randint(6, 40), date(pilot.first_year, 12, 31))
        for number, home in enumerate(homes, start=1)
    ]
    enter_take_over(actor=pilot.staff, book=pilot.book().pk, title="纸质积分存折转入", rows=rows, at=at)


def _sign(pilot: Pilot, at: datetime, *, second: bool) -> None:
    row = _paper(pilot)
    with scope.everything():
        points = sum(row.lines.values_list("points", flat=True))
    actor = pilot.colleague if second else pilot.staff
    sign_take_over(actor=actor, take_over=row.pk, points=points, pages=TAKEN_OVER // 2, at=at)


def _post_paper(pilot: Pilot, at: datetime) -> None:
    post_take_over(actor=pilot.staff, take_over=_paper(pilot).pk, at=at)


def _paper(pilot: Pilot) -> TakeOver:
    with scope.everything():
        return TakeOver.objects.get(community=pilot.community)


def booklets(pilot: Pilot) -> Iterator[Step]:
    """Give the booklets that were given out, the one that was lost, and what was printed lately."""
    dice = pilot.plan.random("booklets", pilot.community.code)
    count = max(1, round(len(pilot.homes) * BOOKLET_SHARE))
    homes = dice.sample(pilot.homes, count)
    yield step(pilot.switched_on + timedelta(days=10), 9, lambda at: _issue(pilot, at, homes))
    yield step(pilot.plan.day(20), 10, lambda at: _reissue(pilot, at))
    yield step(pilot.plan.day(18), 10, lambda at: _print(pilot, at))


def _issue(pilot: Pilot, at: datetime, homes: list[Home]) -> None:
    for home in homes:
        issue_passbook(actor=pilot.staff, household=home.household, at=at)


def _valid(pilot: Pilot, count: int) -> list[Passbook]:
    with scope.everything():
        rows = Passbook.objects.filter(community=pilot.community, state=Passbook.State.VALID)
        return list(rows.select_related("account").order_by("number")[:count])


def _reissue(pilot: Pilot, at: datetime) -> None:
    for row in _valid(pilot, 1):
        reissue_passbook(actor=pilot.staff, passbook=row.pk, reason="搬家时弄丢了", at=at)


def _print(pilot: Pilot, at: datetime) -> None:
    for row in _valid(pilot, 4):
        mark_printed(actor=pilot.staff, passbook=row.pk, upto=row.account.seq, at=at)


def people_of_trust(pilot: Pilot) -> Iterator[Step]:
    """Give the consents to names on honour rolls, and in every fourth pilot relatives of somebody of the staff."""
    dice = pilot.plan.random("consents", pilot.community.code)
    agreeing = [home for home in pilot.homes if dice.random() < CONSENT_SHARE]
    yield step(pilot.plan.day(CONSENT_DAYS_AGO), 11, lambda at: _agree(pilot, at, agreeing))
    if pilot.place % 4 == 0:
        near = dice.choice(pilot.homes)
        yield step(
            pilot.plan.day(45),
            9,
            lambda at: declare_relative(actor=pilot.staff, household=near.household, at=at),
        )


def _agree(pilot: Pilot, at: datetime, homes: list[Home]) -> None:
    for home in homes:
        give_consent(actor=pilot.staff, person=home.head, purpose=PURPOSE, how="paper", at=at)
