"""Reception days of an earlier year, taken over from a register: each counted once, and what is wrong is named."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from lianxin.domain.voice.commands.reception_history import PastDay, PastGuest, PastSeries, take_in
from lianxin.domain.voice.models import ReceptionDay
from lianxin.domain.voice.tests.mediation_factories import nothing_differs
from lianxin.domain.voice.tests.reception_factories import Hall, make_hall
from lianxin.platform import contributions, facts, scope
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db
YEAR = Window(date(2024, 1, 1), date(2025, 1, 1))
AFTER: datetime = local_moment(date(2025, 1, 8), time(10))
WEDNESDAY = date(2024, 3, 13)


@pytest.fixture
def hall() -> Hall:
    """A community with somebody who keeps its reception days, and a resident."""
    return make_hall()


def register(hall: Hall, *days: PastDay) -> PastSeries:
    """A register of the secretary's days."""
    return PastSeries(
        kind="secretary",
        title="书记连心日",
        recurrence="FREQ=MONTHLY;BYDAY=2WE",
        starts_time=time(9),
        minutes=60,
        slot_minutes=30,
        leader_name="书记",
        leader_title="社区书记",
        place_words="一楼",
        days=days,
    )


def counted(name: str) -> tuple[int, int]:
    """A figure of the year as it was noted, and as its table has it."""
    with scope.everything():
        noted = facts.figure(name, from_on=YEAR.from_on, until_on=YEAR.until_on)
        return noted, contributions.measure(name).query(YEAR)


def test_days_and_guests_of_a_register_count_once(hall: Hall) -> None:
    came = PastGuest(hall.centre.member(0).pk, "路灯", "路灯不亮", "明天来修")
    stayed_away = replace(came, said="", answered="")
    days = (
        PastDay(WEDNESDAY, (came,), summary="接待 1 人。"),
        PastDay(date(2024, 4, 10), (stayed_away,), leader_came=False, words="去处理漏水"),
        PastDay(date(2024, 9, 11), is_missed=True, words="台风停工"),
    )

    row = take_in(actor=hall.keeper, community=hall.series.community_id, series=register(hall, *days), at=AFTER)

    assert counted("reception_days_held") == (2, 2)
    assert counted("reception_days_missed") == (1, 1)
    assert counted("people_received") == (1, 1)
    with scope.everything():
        states = ReceptionDay.objects.filter(series=row).order_by("held_on").values_list("state", flat=True)
        assert list(states) == ["held", "held", "missed"]
    assert (row.from_on, row.until_on, row.ended_at) == (WEDNESDAY, date(2024, 9, 11), AFTER)
    assert nothing_differs() == []


def test_a_series_that_goes_on_has_its_days_ahead_as_well(hall: Hall) -> None:
    days = (PastDay(WEDNESDAY, summary="没有人来。"), PastDay(date(2024, 12, 11), is_missed=True, words="台风停工"))
    register_of_now = replace(register(hall, *days), goes_on=True)

    row = take_in(actor=hall.keeper, community=hall.series.community_id, series=register_of_now, at=AFTER)

    with scope.everything():
        ahead = ReceptionDay.objects.filter(series=row, state="planned").order_by("held_on")
        assert list(ahead.values_list("held_on", flat=True)) == [date(2025, 2, 12)]
    assert (row.from_on, row.until_on, row.ended_at) == (WEDNESDAY, None, None)
    assert counted("reception_days_held") == (1, 1)
    assert nothing_differs() == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (PastDay(AFTER.date() + timedelta(days=7)), "2025-01-15"),
        (PastDay(WEDNESDAY, is_missed=True), "2024-03-13"),
        (PastDay(WEDNESDAY, leader_came=False), "2024-03-13"),
    ],
)
def test_a_day_that_cannot_be_is_named_and_nothing_is_kept(hall: Hall, wrong: PastDay, sentence: str) -> None:
    with scope.everything():
        before = ReceptionDay.objects.count()

    with pytest.raises(Invalid) as raised:
        take_in(
            actor=hall.keeper,
            community=hall.series.community_id,
            series=register(hall, PastDay(date(2024, 2, 14)), wrong),
            at=AFTER,
        )

    assert sentence in str(raised.value.fields)
    with scope.everything():
        assert ReceptionDay.objects.count() == before


def test_only_who_keeps_them_takes_days_over(hall: Hall) -> None:
    stranger = hall.centre.resident(0)

    with pytest.raises(NotAllowed):
        take_in(actor=stranger, community=hall.series.community_id, series=register(hall, PastDay(WEDNESDAY)), at=AFTER)
