"""The burden by the office that asks: through the gate and round it, month by month, and when it was noted wrongly."""

from datetime import date, timedelta

import pytest

from lianxin.domain.reporting.commands import requests_answers, requests_demands
from lianxin.domain.reporting.queries import burden, requests_checks
from lianxin.domain.reporting.queries import requests as queries
from lianxin.domain.reporting.rules.requests import NotNow
from lianxin.domain.reporting.tests.request_factories import (
    AT,
    DAY,
    HOUR,
    Place,
    draft,
    know,
    make_place,
    noted,
    reach_of,
    send,
    sent,
)
from lianxin.platform import facts, scope
from lianxin.platform.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db
YEAR = {"from_on": date(2026, 1, 1), "until_on": date(2027, 1, 1)}


@pytest.fixture
def place() -> Place:
    return make_place()


def figure(measure: str) -> int:
    with scope.everything():
        return facts.figure(measure, **YEAR)


def test_burden_of_each_office_by_month_counts_who_asks(place: Place) -> None:
    row = sent(place, "库存沙袋", "可用抽水泵")
    known = draft(place)
    know(place, known)
    send(place, known)
    noted(place)
    noted(place, asked_at=AT - 40 * DAY, due_at=AT - 40 * DAY + HOUR, field_count=3)
    requests_answers.answer(
        actor=place.clerk,
        reach=reach_of(row, place.community).pk,
        values={one.pk: "1" for one in queries.fields_of(row)},
        at=AT + HOUR,
    )

    with scope.everything():
        group, department = burden.by_office(**YEAR)

    assert (department.name, department.level) == ("区民政局", "district")
    whole = department.whole
    assert (whole.requests, whole.asked, whole.given, whole.at_once, whole.open) == (2, 4, 2, 1, 1)
    assert (group.whole.noted, group.whole.asked, group.whole.short_notice, group.whole.open) == (2, 10, 1, 2)
    assert list(group.months) == [date(2026, 2, 1), date(2026, 4, 1)]
    with scope.within(place.other_clerk.communities):
        (seen,) = burden.by_office(**YEAR)
    assert (seen.name, seen.whole.asked) == ("区民政局", 2)


def test_noted_demand_counts_on_the_day_it_came_and_no_more_when_taken_back(place: Place) -> None:
    # Saturday, three hours to answer.
    row = noted(place, asked_at=AT - 4 * DAY, due_at=AT - 4 * DAY + 3 * HOUR)
    measures = ("demands_sent", "fields_asked", "demands_out_of_hours", "demands_short_notice")

    before = [figure(name) for name in measures]
    requests_demands.take_back(actor=place.clerk, demand=row.pk, words="记重了", at=AT + HOUR)

    assert before == [1, 7, 1, 1]
    assert [figure(name) for name in measures] == [0, 0, 0, 0]
    with scope.everything():
        assert list(requests_checks.burden_is_counted()) == []
        assert burden.by_office(**YEAR) == []
    with pytest.raises(NotNow):
        requests_demands.take_back(actor=place.clerk, demand=row.pk, words="再一次", at=AT + HOUR)


def test_noted_demand_is_done_once(place: Place) -> None:
    row = noted(place)

    assert requests_demands.finish(actor=place.clerk, demand=row.pk, at=AT + DAY).state == "done"
    with pytest.raises(NotNow):
        requests_demands.finish(actor=place.clerk, demand=row.pk, at=AT + DAY)
    with pytest.raises(NotAllowed):
        noted(place, actor=place.department)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"office_name": " "}, "office_name"),
        ({"office_level": "moon"}, "office_level"),
        ({"field_count": -1}, "field_count"),
        ({"field_count": 2001}, "field_count"),
        ({"asked_at": AT + 2 * HOUR}, "asked_at"),
        ({"asked_at": AT - timedelta(days=400), "due_at": None}, "asked_at"),
        ({"due_at": AT - HOUR}, "due_at"),
    ],
)
def test_wrong_note_comes_back_with_a_sentence(place: Place, values: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        noted(place, **values)

    assert list(refused.value.fields) == [field]
