"""Whatever is called, called off, held and closed in whatever order: no commitment and no point is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.domain.voice.commands import agendas, commitments, matters, meetings
from lianxin.domain.voice.models import AgendaItem, Commitment, Meeting
from lianxin.domain.voice.rules.commitments import LIVE
from lianxin.platform import scope

from .matter_factories import AT, DAY, TODAY, Table, differences, fresh, known_community, make_table

pytestmark = pytest.mark.django_db

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["call", "call", "cancel", "hold", "close", "promise", "keep", "release", "move", "point"]),
        st.integers(0, 5),
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_open_commitments_are_on_the_next_agenda_once_in_whatever_order(db: None, steps: list[tuple[str, int]]) -> None:
    table = make_table(known_community())

    for step, number in steps:
        _do(table, step, number)

        _assert_nothing_lost(table)


def _do(table: Table, step: str, number: int) -> None:
    with scope.everything():
        called = list(Meeting.objects.filter(matter=table.matter, state="planned").order_by("pk"))
        held = list(Meeting.objects.filter(matter=table.matter, state="held").order_by("pk"))
        live = list(Commitment.objects.filter(matter=table.matter, state__in=LIVE).order_by("pk"))
    who: dict[str, Any] = {"actor": table.keeper}
    if step == "call":
        table.call(1 + number, guests=[])
    elif step == "cancel" and called:
        meetings.cancel(meeting=called[number % len(called)].pk, words="场地有事", at=AT, **who)
    elif step == "hold" and called:
        one = called[number % len(called)]
        meetings.start(meeting=one.pk, at=one.starts_at, **who)
    elif step == "close" and held:
        table.close(held[number % len(held)])
    elif step == "promise":
        table.promise(f"承诺{number}", **({"meeting": held[0].pk} if held and number % 2 else {}))
    elif step == "keep" and live:
        row = live[number % len(live)]
        commitments.show(commitment=row.pk, evidence="照片为证", at=AT, **who)
        commitments.verify(
            commitment=row.pk, kept=bool(number % 3), verifier_name="陈阿姨", words="还差一点", at=AT, **who
        )
    elif step == "release" and live:
        commitments.release(commitment=live[number % len(live)].pk, words="不再需要", at=AT, **who)
    elif step == "move" and called:
        one = called[number % len(called)]
        meetings.change(meeting=one.pk, starts_at=AT + (8 - number) * DAY, at=AT, **who)
    elif step == "point" and called + held:
        at_table = (called + held)[number % len(called + held)]
        with scope.everything():
            there = AgendaItem.objects.filter(meeting=at_table, title=f"议题{number}").exists()
        if not there:
            agendas.add(meeting=at_table.pk, title=f"议题{number}", at=AT, **who)


def _assert_nothing_lost(table: Table) -> None:
    assert differences() == []
    with scope.everything():
        called = Meeting.objects.filter(matter=table.matter, state="planned").order_by("starts_at", "number").first()
        waiting = AgendaItem.objects.filter(meeting__matter=table.matter, commitment=None, state="moved")
        live = set(Commitment.objects.filter(matter=table.matter, state__in=LIVE).values_list("pk", flat=True))
        if called is None:
            return
        returned = list(called.items.filter(commitment__isnull=False).values_list("commitment_id", flat=True))
        assert sorted(returned) == sorted(live)
        for title in set(waiting.values_list("title", flat=True)):
            later = AgendaItem.objects.filter(meeting__matter=table.matter, title=title).exclude(state="moved")
            assert later.exists(), f"{title} was put off and stands nowhere"


def test_commitment_returns_until_somebody_else_saw_it_kept(db: None) -> None:
    table = make_table()
    first = table.held(1)
    row = table.promise(meeting=first.pk, at=first.starts_at)
    table.close(first)

    second = table.call(8)
    assert table.returned(second) == [row.pk]
    table.begin(second)
    commitments.show(actor=table.keeper, commitment=row.pk, evidence="方案贴在楼下", at=second.starts_at)
    third = table.call(15, at=second.starts_at)
    assert table.returned(third) == [row.pk]
    at = second.starts_at + timedelta(minutes=30)
    commitments.verify(actor=table.keeper, commitment=row.pk, kept=True, verifier_name="陈阿姨", at=at)

    assert table.returned(third) == []
    with scope.everything():
        assert second.items.get(commitment=row).state == AgendaItem.State.DEALT
    assert fresh(row).state == Commitment.State.KEPT
    assert differences() == []


def test_point_that_was_not_dealt_with_goes_to_the_next_meeting(db: None) -> None:
    table = make_table()
    first = table.held(1, items=["分摊方案", "选定厂家"])
    with scope.everything():
        dealt = first.items.get(title="分摊方案")
    agendas.deal(actor=table.keeper, item=dealt.pk, outcome="按楼层分摊", at=first.starts_at)
    table.close(first)

    second = table.call(8)

    assert table.agenda(second) == ["选定厂家"]
    meetings.cancel(actor=table.keeper, meeting=second.pk, words="下大雨", at=AT)
    assert table.agenda(table.call(9)) == ["选定厂家"]


def test_matter_ends_only_when_nothing_is_open(db: None) -> None:
    table = make_table()
    row = table.promise(due_by=TODAY)

    with pytest.raises(matters.StillPromised):
        matters.close(actor=table.keeper, matter=table.matter.pk, state="done", outcome="装好了", at=AT)
    commitments.release(actor=table.keeper, commitment=row.pk, words="厂家代办了", at=AT)
    meeting = table.call()
    with pytest.raises(matters.MeetingsOpen):
        matters.close(actor=table.keeper, matter=table.matter.pk, state="done", outcome="装好了", at=AT)
    meetings.cancel(actor=table.keeper, meeting=meeting.pk, words="不用再开", at=AT)
    ended = matters.close(actor=table.keeper, matter=table.matter.pk, state="done", outcome="装好了", at=AT)

    assert ended.ended_at == AT
    assert differences() == []
