import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.engines import text
from lianxin.engines.pinyin import READINGS_PER_TEXT, full_pinyin, initials, sort_key, syllables
from lianxin.engines.text import fts5_query, matches, normalise, query_tokens, search_tokens, tsquery

han = st.one_of(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
    st.characters(min_codepoint=0x3400, max_codepoint=0x4DB5),
    st.characters(min_codepoint=0x20000, max_codepoint=0x2A6D6),
    st.characters(min_codepoint=0xE000, max_codepoint=0xE100),
)
words = st.text(han, min_size=1, max_size=12)


def found(text: str, query: str, *, is_person: bool = False) -> bool:
    return matches(search_tokens(text, is_person=is_person), query=query)


@pytest.mark.parametrize(
    "query", ["翠英", "cy", "cuiying", "CuiYing", "cuiy", "ＣＹ", "翠", "英居", "翠英 jwh", "ying"]
)
def test_cuiying_is_found(query: str) -> None:
    assert found("翠英居委会", query)


@pytest.mark.parametrize("query", ["英翠", "cx", "翠英村", "", "  ", "，"])
def test_cuiying_is_not_found_by_something_else(query: str) -> None:
    assert not found("翠英居委会", query)


def test_jinzhou_finds_two_communities() -> None:
    names = ["金洲居委会", "金洲村委会", "金珠居委会"]

    assert [name for name in names if found(name, "金洲")] == names[:2]


@pytest.mark.parametrize("query", ["莫𡐓", "𡐓", "𡐓村", "莫𡐓村", "mo"])
def test_a_character_outside_the_basic_plane_is_found(query: str) -> None:
    assert found("莫𡐓村", query)


@given(words)
def test_a_text_is_found_by_itself(text: str) -> None:
    assert found(text, text)
    assert found(text, text, is_person=True)


@given(words, st.integers(0, 11), st.integers(2, 4))
def test_every_two_characters_of_a_text_find_it(text: str, start: int, length: int) -> None:
    part = normalise(text)[start : start + length]

    assert not part or found(text, part)


@given(words, st.integers(1, 30))
def test_the_beginning_of_a_reading_finds_the_text(text: str, length: int) -> None:
    reading = full_pinyin(normalise(text))[:length]

    assert not reading or found(text, reading)
    assert not reading or found(text, initials(normalise(text)))


@given(st.text(max_size=60))
def test_tokens_are_short_plain_words_without_repeats(text: str) -> None:
    tokens = search_tokens(text)

    assert len(tokens) == len(set(tokens))
    assert all(token.isascii() and token.isalnum() and token.islower() and len(token) <= 40 for token in tokens)


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=60))
def test_any_query_can_be_written_for_both_databases(query: str) -> None:
    tokens = query_tokens(query)

    assert all(token.text.isascii() and token.text.isalnum() for token in tokens)
    assert bool(tsquery(tokens)) == bool(fts5_query(tokens)) == bool(tokens)


@given(text=words, other=words, query=words)
def test_fts5_answers_as_the_rule_says(text: str, other: str, query: str) -> None:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE t USING fts5(tokens)")
    for row, value in enumerate((text, other, text + query), 1):
        database.execute("INSERT INTO t(rowid, tokens) VALUES (?, ?)", (row, " ".join(search_tokens(value))))

    wanted = query_tokens(query)
    rows = database.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rowid", (fts5_query(wanted),)).fetchall()

    expected = [row for row, value in enumerate((text, other, text + query), 1) if found(value, query)]
    assert [row for (row,) in rows] == expected
    assert 3 in expected


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("曾翠英", "zengcuiying"),
        ("曾翠英", "zcy"),
        ("曾翠英", "cuiying"),
        ("单雄信", "shanxx"[:4]),
        ("单雄信", "sxx"),
        ("仇小明", "qiuxm"[:3]),
        ("区桂花", "ougui"),
        ("查良镛", "zhal"),
        ("佘锦珠", "shejinzhu"),
        ("尉迟敬德", "yuchi"),
        ("单于飞", "chanyu"),
        ("单于飞", "shanyu"),
        ("欧阳娜娜", "oynn"),
        ("吕芳", "lvfang"),
        ("吕芳", "lufang"),
        ("吕芳", "lüfang"),
        ("王 芳", "王芳"),
        ("王芳", "王 芳"),
        ("阿不都·热合曼", "阿不都热合曼"),
        ("阿不都热合曼", "阿不都·热合曼"),
        ("陈长乐", "chenzhangle"),
        ("陈长乐", "chenchangle"),
        ("陈长乐", "chen 长乐"),
    ],
)
def test_a_person_is_found_by_the_reading_of_the_surname(name: str, query: str) -> None:
    assert found(name, query, is_person=True)


def test_a_surname_has_only_its_own_reading() -> None:
    assert full_pinyin("曾翠英", is_person=True) == "zengcuiying"
    assert not found("曾翠英", "cengcuiying", is_person=True)


def test_digits_are_found_whole_when_short_and_by_their_beginning_when_long() -> None:
    assert found("金砂东路12号", "12")
    assert not found("金砂东路123号", "12")
    assert found("编号２０２６１１２２０００１", "202611")
    assert found("3栋A12", "a12")


@given(st.text(st.sampled_from("行长重乐厦调传会"), min_size=1, max_size=40))
def test_readings_are_bounded(text: str) -> None:
    assert 1 <= len(syllables(text)) <= READINGS_PER_TEXT


def test_a_character_without_reading_does_no_harm() -> None:
    assert found("\ue001村", "\ue001")
    assert found("\ue001村", "cun")


def test_names_sort_by_their_reading() -> None:
    names = ["郑一", "曾二", "陈三", "单四", "蔡五"]

    assert sorted(names, key=lambda name: sort_key(name, is_person=True)) == ["蔡五", "陈三", "单四", "曾二", "郑一"]


def test_the_short_way_through_a_name_finds_what_the_long_way_finds(monkeypatch):
    names = ["陈秀英", "吕绿珠", "单曾", "欧阳重", "林行长", "乐", "莫𡐓", "曾长乐重", "林林林", "女"]
    short = [text.search_tokens(name, is_person=True) for name in names]

    monkeypatch.setattr(text, "SHORT_NAME", 0)

    assert [set(tokens) for tokens in short] == [set(text.search_tokens(name, is_person=True)) for name in names]
    assert all(len(set(tokens)) == len(tokens) for tokens in short)
