"""A duty is open once for a kind and record: opened again it moves, closed it stays, and the next one is another."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lianxin.platform import duties, many, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.ids import new_id
from lianxin.platform.models import CalendarDay, Duty

pytestmark = pytest.mark.django_db
HERE = new_id()


def record(pk: UUID) -> CalendarDay:
    day: Any = CalendarDay(name="x")
    day.pk = pk
    return day  # type: ignore[no-any-return]


@command("tests.open_duty")
def open_duty(*, actor: Actor, at: datetime, of: UUID, kind: str = "a", **more: Any) -> Duty:
    values: dict[str, Any] = {"title": "look", "due_at": at, "community_id": HERE} | more
    return duties.open(kind=kind, record=record(of), **values)


@command("tests.close_duty")
def close_duty(*, actor: Actor, at: datetime, of: UUID, kind: str | tuple[str, ...] = "a") -> bool:
    return duties.close(kind=kind, record=record(of))


def all_duties() -> list[Duty]:
    with scope.everything():
        return list(Duty.objects.order_by("opened_at", "kind"))


def test_a_duty_that_is_opened_again_moves(system: Actor, at: datetime) -> None:
    first = open_duty(actor=system, at=at, of=HERE, url_args={"one": "1"})

    later = at + timedelta(hours=1)
    again = open_duty(
        actor=system, at=later, of=HERE, title="看一看" * 100, due_at=later, url_args={"two": "2"}, assignee_role="r"
    )

    [row] = all_duties()
    assert first.pk == again.pk == row.pk
    assert (row.title, row.due_at, row.opened_at) == (("看一看" * 100)[:200], later, at)
    assert (row.url_args, row.assignee_role) == ({"two": "2"}, "r")


def test_a_closed_duty_stays_and_the_next_is_another(system: Actor, at: datetime) -> None:
    first = open_duty(actor=system, at=at, of=HERE)

    assert close_duty(actor=system, at=at, of=HERE)
    assert not close_duty(actor=system, at=at, of=HERE)
    second = open_duty(actor=system, at=at + timedelta(hours=1), of=HERE)

    assert first.pk != second.pk
    assert [row.closed_at for row in all_duties()] == [at, None]


def test_several_kinds_of_one_record_are_closed_together(system: Actor, at: datetime) -> None:
    other = new_id()
    for kind, of in (("a", HERE), ("b", HERE), ("c", HERE), ("a", other)):
        open_duty(actor=system, at=at, of=of, kind=kind)

    assert close_duty(actor=system, at=at, of=HERE, kind=("a", "b", "z"))

    still_open = {(row.kind, row.record_id) for row in all_duties() if row.closed_at is None}
    assert still_open == {("c", HERE), ("a", other)}


@pytest.mark.parametrize("count", [1, 25])
def test_many_rows_are_kept_and_changed_as_the_orm_would(at: datetime, count: int) -> None:
    made = [
        Duty(
            kind=f"kind {number}",
            record_kind="x",
            record_id=new_id(),
            community_id=HERE if number % 2 else None,
            title='看 "a", {b}\\',
            due_at=at + timedelta(days=number),
            url_args={"名": [number]},
            opened_at=at,
        )
        for number in range(count)
    ]

    many.keep(made)
    for row in made:
        row.title, row.closed_at, row.closed_by, row.url_args = row.kind, at, None, {}
    many.change(made[::2], "title", "closed_at", "closed_by", "url_args")

    with scope.everything():
        there = Duty.objects.in_bulk([row.pk for row in made])
    for number, row in enumerate(made):
        told = there[row.pk]
        assert (told.community_id, told.due_at) == (row.community_id, row.due_at)
        if number % 2:
            assert (told.title, told.closed_at, told.url_args) == ('看 "a", {b}\\', None, {"名": [number]})
        else:
            assert (told.title, told.closed_at, told.url_args) == (row.kind, at, {})


def test_nothing_is_written_for_nothing() -> None:
    many.keep([])
    many.change([], "title")

    assert all_duties() == []
