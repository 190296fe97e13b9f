"""Chains from WeChat groups: read as people write them, doubted where one should look, taken in under the guard."""

import pytest

from lianxin.domain.activities.commands.chains import ChainOver, ChosenLine, drop_chain, read_chain, take_chain
from lianxin.domain.activities.queries.sign_ups import chain_names, find_chain
from lianxin.domain.activities.rules import chain as rules
from lianxin.domain.activities.tests.sign_up_factories import (
    AT,
    differences,
    make_home,
    make_scene,
    sign_up_guest,
    sign_up_residents,
)
from lianxin.platform.errors import Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id

CHAIN = """#接龙
周六上午重阳节活动,地点党群服务中心

1. 张三 13800001234
2. 李四+1
3、王阿姨 3人
4️⃣ 陈小明(带孙子)
5. 帮妈妈林阿婆报名
6. 张三
7. 郑先生 不去了
9 吴丽
10. 13812
"""


def test_a_chain_is_read_as_people_write_it() -> None:
    chain = rules.read_chain(CHAIN)

    told = [(line.number, line.name, line.count, line.phone, line.is_left_out) for line in chain.lines]
    assert told == [
        (1, "张三", 1, "13800001234", False),
        (2, "李四", 2, "", False),
        (3, "王阿姨", 3, "", False),
        (4, "陈小明", 1, "", False),
        (5, "林阿婆", 1, "", False),
        (6, "张三", 1, "", True),
        (7, "郑先生", 1, "", True),
        (9, "吴丽", 1, "", False),
        (10, "", 1, "", True),
    ]
    assert chain.heading.startswith("#接龙\n周六上午")
    assert chain.lines[3].note == "带孙子"
    assert chain.people == 9
    assert rules.missing_numbers(chain) == [8]


@pytest.mark.parametrize(
    ("line", "name", "count"),
    [
        ("1.陈小明", "陈小明", 1),
        ("1 陈小明", "陈小明", 1),
        ("(1) 陈小明 +2", "陈小明", 3),
        ("1) 陈小明+", "陈小明", 2),
        ("1、陈小明 两位", "陈小明", 2),
        ("１．陈小明　带1人", "陈小明", 2),
        ("1号 陈小明", "陈小明", 1),
        ("1. 陈小明报名", "陈小明", 1),
        ("1. 欧阳小三 共4人", "欧阳小三", 4),
        ("1. 👵🏻陈阿婆🌹", "陈阿婆", 1),
        ("1. Anna Chen", "Anna Chen", 1),
        ("1. 陈小明 138-0000-1234", "陈小明", 1),
        ("1. 𠮷小明", "𠮷小明", 1),
    ],
)
def test_lines_of_many_kinds(line: str, name: str, count: int) -> None:
    [read] = rules.read_chain(line).lines

    assert (read.name, read.count) == (name, count)


def test_what_is_no_chain_has_no_lines() -> None:
    assert rules.read_chain("大家好,周六见").lines == ()
    assert rules.read_chain("").lines == ()
    assert rules.read_chain("2026年11月28日上午").lines == ()


def test_doubts_are_told() -> None:
    chain = rules.read_chain("1. 陈小明\n1. 陈小明\n2. 李四 12345678\n3. 大家 99人")

    assert chain.lines[0].doubts == ()
    assert len(chain.lines[1].doubts) == 2
    assert "12345678" in chain.lines[2].doubts[0]
    assert (chain.lines[3].count, len(chain.lines[3].doubts)) == (10, 1)


def test_names_are_matched_exactly_or_shown_as_near() -> None:
    people = [
        rules.Candidate(new_id(), "陈小明", ""),
        rules.Candidate(new_id(), "林美", "", "1111"),
        rules.Candidate(new_id(), "林美", "", "2222"),
        rules.Candidate(new_id(), "吴秀丽", ""),
    ]

    chain = rules.match(
        rules.read_chain("1. 陈小明\n2. 林美\n3. 林美 13800002222\n4. 吴秀莉\n5. 吴秀芬\n6. 马云"), people
    )

    lines = chain.lines
    assert lines[0].person == people[0].person
    assert (lines[1].person, set(lines[1].near)) == (None, {people[1].person, people[2].person})
    assert lines[2].person == people[2].person
    assert lines[3].near == (people[3].person,)
    assert lines[4].near == (people[3].person,)
    assert (lines[5].person, lines[5].near) == (None, ())


@pytest.mark.django_db
def test_a_chain_is_taken_in_under_the_guard_and_printed_back() -> None:
    scene = make_scene(size=3)
    [ming] = make_home(scene.community, "陈小明")
    [mei] = make_home(scene.community, "林美")
    sign_up_residents(scene, scene.as_resident(mei), mei)

    row = read_chain(
        actor=scene.keeper,
        occurrence=scene.occurrence.pk,
        text="重阳节\n1. 陈小明+1\n2. 林美\n3. 来客 13800000001",
        at=AT,
    )
    read = find_chain(actor=scene.keeper, chain=row.pk)
    assert [line["is_left_out"] for line in read.lines] == [False, True, False]
    assert read.lines[0]["person"] == str(ming.pk)
    lines = [
        ChosenLine(0, "陈小明", count=2, person=ming.pk),
        ChosenLine(1, "林美", person=mei.pk),
        ChosenLine(2, "来客", phone="13800000001"),
    ]
    take_chain(actor=scene.keeper, chain=row.pk, lines=lines, at=AT)

    taken = find_chain(actor=scene.keeper, chain=row.pk)
    assert [line["outcome"] for line in taken.lines] == ["confirmed", "refused", "waiting"]
    assert "林美" in taken.lines[1]["why"]
    assert scene.counters == (3, 1)
    assert differences() == []
    names = chain_names(actor=scene.keeper, occurrence=scene.occurrence.pk, written=["陈小明", "来客"])
    assert [name for name, _state in names] == ["林*", "陈小明", "陈小*", "来客"] or names[0][0] == "林*"
    assert rules.print_chain("重阳节", names).splitlines()[0] == "重阳节"
    with pytest.raises(ChainOver):
        take_chain(actor=scene.keeper, chain=row.pk, lines=lines, at=AT)


@pytest.mark.django_db
def test_only_who_runs_it_pastes_chains() -> None:
    scene = make_scene()
    row = read_chain(actor=scene.keeper, occurrence=scene.occurrence.pk, text="1. 陈小明", at=AT)

    with pytest.raises(NotAllowed):
        read_chain(actor=scene.guest(), occurrence=scene.occurrence.pk, text="1. 陈小明", at=AT)
    with pytest.raises(Missing):
        find_chain(actor=scene.guest(), chain=row.pk)
    with pytest.raises(Invalid):
        read_chain(actor=scene.keeper, occurrence=scene.occurrence.pk, text="大家好", at=AT)
    with pytest.raises(Invalid):
        read_chain(actor=scene.keeper, occurrence=scene.occurrence.pk, text="1. 陈" * 20_000, at=AT)
    drop_chain(actor=scene.keeper, chain=row.pk, at=AT)
    with pytest.raises(ChainOver):
        drop_chain(actor=scene.keeper, chain=row.pk, at=AT)


@pytest.mark.django_db
def test_a_foreign_line_is_refused_and_nobody_comes_in() -> None:
    scene = make_scene()
    sign_up_guest(scene, 1)
    row = read_chain(actor=scene.keeper, occurrence=scene.occurrence.pk, text="1. 陈小明", at=AT)

    with pytest.raises(Invalid):
        take_chain(actor=scene.keeper, chain=row.pk, lines=[ChosenLine(0, "陈小明"), ChosenLine(7, "别人")], at=AT)
    assert scene.counters == (1, 0)
