"""Quorums, lights, minutes and agendas as rules, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.voice.rules import agendas, commitments, minutes, quorums, stories

START = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ROLES = st.sampled_from(["chair", "clerk", "speaker", "member", "observer"])


@st.composite
def stays(draw: st.DrawFn) -> quorums.Stay:
    came = draw(st.none() | st.integers(0, 60))
    left = draw(st.none() | st.integers(came, 90)) if came is not None else None
    return quorums.Stay(
        draw(ROLES),
        None if came is None else START + came * MINUTE,
        None if left is None else START + left * MINUTE,
    )


@given(st.lists(stays(), max_size=12), st.integers(0, 100), st.none() | st.integers(1, 12))
def test_who_is_there_is_who_came_and_has_not_left(people: list[quorums.Stay], minute: int, quorum: int | None) -> None:
    there = 0
    for one in people:
        if one.role in ("clerk", "observer") or one.came_at is None:
            continue
        minutes_there = range(
            int((one.came_at - START) / MINUTE), 1_000 if one.left_at is None else int((one.left_at - START) / MINUTE)
        )
        there += minute in minutes_there

    assert quorums.present_at(people, START + minute * MINUTE) == there
    assert there <= quorums.counted(people)
    assert quorums.too_few_at(quorum, people, [START + minute * MINUTE]) == (
        [START + minute * MINUTE] if quorum is not None and there < quorum else []
    )


@pytest.mark.parametrize(
    ("on", "light"),
    [
        (date(2026, 3, 1), "blue"),
        (date(2026, 3, 16), "blue"),
        (date(2026, 3, 17), "yellow"),
        (date(2026, 3, 21), "yellow"),
        (date(2026, 3, 22), "red"),
    ],
)
def test_light_turns_in_the_last_quarter_and_after_the_day(on: date, light: str) -> None:
    assert commitments.light(promised_on=date(2026, 3, 1), due_by=date(2026, 3, 21), on=on) == light


@given(st.text(alphabet="会议纪要 ab\r\n\t", max_size=80))
def test_code_of_minutes_does_not_hang_on_the_line_ends_of_a_system(text: str) -> None:
    kept = minutes.plain(text)

    assert minutes.plain(kept) == kept
    assert minutes.digest(kept) == minutes.digest(kept.replace("\n", "\r\n"))
    assert len(minutes.digest(kept)) == 64
    assert minutes.digest(kept + "。") != minutes.digest(kept)


def test_draft_tells_of_each_point_its_speakers_and_decisions() -> None:
    record = minutes.Record(
        title="西区加装电梯：第 3 次会议纪要",
        head=["时间：2026-03-04 12:00"],
        present=["陈阿姨 成员"],
        points=[
            minutes.Dealt(
                1,
                "分摊方案",
                "下次再议",
                [minutes.Said("陈阿姨", "二楼少出")],
                [minutes.Decided(1, "按楼层分摊", "通过")],
            )
        ],
        promised=["物业公司：拿出方案，2026-03-18 前"],
    )
    words = minutes.Words("到会", "议程", "另外说到", "另外决定", "承诺", "没有登记", "结果：")

    text = minutes.compose(record, words)

    assert text.split("\n") == [
        "西区加装电梯：第 3 次会议纪要",
        "时间：2026-03-04 12:00",
        "",
        "到会",
        "  陈阿姨 成员",
        "",
        "议程",
        "1. 分摊方案",
        "  陈阿姨：二楼少出",
        "  〔1〕按楼层分摊（通过）",
        "  结果：下次再议",
        "",
        "承诺",
        "  物业公司：拿出方案，2026-03-18 前",
    ]


ids = st.integers(1, 9).map(lambda number: UUID(int=number))


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), max_size=5, unique_by=lambda one: one[1]),
    st.lists(st.tuples(st.integers(1, 9), ids), max_size=20),
    st.lists(ids, max_size=6, unique=True),
)
def test_each_open_commitment_stands_once_on_the_next_agenda_and_nowhere_else(
    planned: list[tuple[int, int]], standing: list[tuple[int, UUID]], live: list[UUID]
) -> None:
    called = [agendas.Called(UUID(int=number), START + hours * MINUTE, number) for hours, number in planned]
    there = {one.meeting for one in called}
    points = [
        agendas.Returning(UUID(int=100 + place), UUID(int=meeting), commitment)
        for place, (meeting, commitment) in enumerate(standing)
        if UUID(int=meeting) in there
    ]

    target, moves = agendas.return_commitments(meetings=called, points=points, open_ones=live)

    kept = [one for one in points if one.item not in moves.off]
    assert all(one.meeting == target for one in kept)
    after = sorted([one.commitment for one in kept] + list(moves.on), key=lambda one: one.int)
    assert after == (sorted(live, key=lambda one: one.int) if called else [])
    if called:
        first = min(called, key=lambda one: (one.starts_at, one.number))
        assert target == first.meeting


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.sampled_from(["open", "dealt", "moved"])), max_size=9))
def test_point_that_was_put_off_waits_until_a_later_agenda_takes_it_up(written: list[tuple[str, str]]) -> None:
    points = [
        agendas.Point(title, "", state, START + place * MINUTE, place, place)
        for place, (title, state) in enumerate(written)
    ]

    waiting = [one.title for one in agendas.left_over(points)]

    last = dict(written)
    assert sorted(waiting) == sorted(title for title, state in last.items() if state == "moved")


@pytest.mark.parametrize(
    ("kind", "name", "is_organisation", "told"),
    [
        ("residents", "陈大文一家", False, "居民"),
        ("property", "万家物业", False, "万家物业"),
        ("other", "电梯咨询公司", True, "电梯咨询公司"),
        ("other", "陈大文", False, "居民"),
    ],
)
def test_public_story_names_organisations_and_no_people(kind: str, name: str, is_organisation: bool, told: str) -> None:
    assert stories.side_in_public(kind=kind, kind_label="居民", name=name, is_organisation=is_organisation) == told


def test_owner_of_a_promise_is_named_in_public_only_as_a_side() -> None:
    assert stories.owner_in_public(owner="陈大文", sides=["万家物业"], side="") == ""
    assert stories.owner_in_public(owner="万家物业", sides=["万家物业"], side="") == "万家物业"
    assert stories.owner_in_public(owner="陈大文", sides=["居民"], side="居民") == "居民"
