"""What people type is found, what they may not see is not, on both databases alike."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from lianxin.platform import scope, search, search_index
from lianxin.platform.search import Entry

AT = datetime(2026, 6, 1, tzinfo=UTC)
OURS, THEIRS = UUID(int=101), UUID(int=102)
DIGEST = "ab" * 32
pytestmark = pytest.mark.django_db


def entry(number: int, title: str, **kwargs) -> Entry:
    return Entry(**{"kind": "person", "record_id": UUID(int=number), "community_id": OURS, "title": title, **kwargs})


@pytest.fixture
def district():
    """A few divisions that all may see and people of two communities."""
    places = [(1, "翠英社区"), (2, "金珠社区"), (3, "金洲社区"), (4, "莫𡐓村"), (5, "金洲")]
    search.put(
        [
            entry(number, title, kind="division", community_id=UUID(int=number), public=True, weight=10)
            for number, title in places
        ]
        + [
            entry(11, "吕翠英", is_person=True, words=["1234"], exact=[DIGEST]),
            entry(12, "陈翠", is_person=True, words=["12345678"]),
            entry(13, "吕翠英", is_person=True, community_id=THEIRS),
            entry(14, "Ｌｉ Ｗｅｉ", kind="staff", community_id=None),
        ]
    )


def titles(query: str, **kwargs) -> list[str]:
    return [hit.title for hit in search.find(query, **kwargs)]


@pytest.mark.parametrize("query", ["翠英", "cuiying", "cy", "CuiYing", "翠英社区", "cuiyingshequ", "ｃｙ", " 翠英 "])
def test_a_community_is_found_by_characters_pinyin_and_initials(district, query):
    with scope.within([UUID(int=99)]):
        assert titles(query) == ["翠英社区"]


@pytest.mark.parametrize("query", ["莫", "𡐓", "𡐓村", "莫𡐓村"])
def test_a_rare_character_is_found(district, query):
    with scope.everything():
        assert titles(query) == ["莫𡐓村"]


def test_two_places_that_sound_alike_are_both_found_and_the_exact_title_comes_first(district):
    with scope.everything():
        assert titles("金洲") == ["金洲", "金洲社区"]
        assert titles("jinzhou") == ["金洲", "金洲社区"]


def test_what_begins_with_the_query_comes_before_what_contains_it_and_weight_decides_last():
    search.put([entry(1, "上翠里", weight=99), entry(2, "翠里甲"), entry(3, "翠里乙", weight=5), entry(4, "翠里")])

    with scope.everything():
        assert titles("翠里") == ["翠里", "翠里乙", "翠里甲", "上翠里"]


def test_every_word_of_the_query_must_match(district):
    with scope.everything():
        assert titles("翠英 1234") == ["吕翠英"]
        assert titles("翠英 9999") == []


def test_digits_find_the_last_four_and_the_beginning_of_a_code(district):
    with scope.everything():
        assert set(titles("1234")) == {"吕翠英", "陈翠"}
        assert titles("123456") == ["陈翠"]


def test_surnames_are_read_as_surnames(district):
    with scope.within([OURS]):
        assert titles("lvcuiying") == titles("lucuiying") == titles("lcy") == ["吕翠英"]


def test_a_digest_finds_its_person_whatever_else_the_query_matches(district):
    with scope.within([OURS]):
        assert titles("13800138000", exact=[DIGEST]) == ["吕翠英"]
        assert titles("", exact=[DIGEST]) == ["吕翠英"]
        assert titles("陈翠", exact=[DIGEST]) == ["吕翠英", "陈翠"]
    with scope.within([THEIRS]):
        assert titles("13800138000", exact=[DIGEST]) == []


def test_people_of_other_communities_are_not_found_but_public_places_are(district):
    with scope.within([OURS]):
        ours = search.find("翠英")
    with scope.within([OURS, THEIRS]):
        both = search.find("翠英")
    with scope.within([]):
        none = search.find("翠英")

    assert [hit.record_id.int for hit in ours] == [1, 11]
    assert {hit.record_id.int for hit in both} == {1, 11, 13}
    assert [hit.record_id.int for hit in none] == [1]


def test_a_scope_of_many_communities_sees_exactly_theirs(district):
    many = [UUID(int=number) for number in range(500, 560)]

    with scope.within([*many, THEIRS]):
        found = search.find("翠英")
        exact = search.find("", exact=[DIGEST])

    assert [hit.record_id.int for hit in found] == [1, 13]
    assert exact == []


def test_a_single_letter_finds_what_begins_with_it(district):
    with scope.within([THEIRS]):
        assert titles("j") == ["金洲", "金洲社区", "金珠社区"]
        assert titles("l") == ["吕翠英"]


def test_a_search_outside_a_scope_is_refused_unless_it_is_for_public_things(district):
    with scope.nothing():
        with pytest.raises(scope.Unscoped):
            search.find("翠英")

        assert titles("翠英", public_only=True) == ["翠英社区"]


def test_what_belongs_to_no_community_is_the_whole_districts(district):
    with scope.within([OURS]):
        assert titles("li") == []
    with scope.everything():
        assert titles("li wei") == ["Ｌｉ Ｗｅｉ"]


def test_kinds_and_limit_narrow_the_result(district):
    with scope.everything():
        assert titles("翠", kinds=["division"]) == ["翠英社区"]
        assert titles("翠", kinds=[]) == []
        assert len(titles("翠", limit=2)) == 2


@pytest.mark.parametrize(
    "query", ["", "   ", "。", '"', "'", "*", "翠英' OR 1", '" OR "', "a:*&!|()", "\x00", "%_", "🙂" * 500]
)
def test_odd_queries_find_nothing_and_break_nothing(district, query):
    with scope.everything():
        assert titles(query) == []


def test_a_hit_carries_what_a_list_shows(district):
    search.put([entry(11, "吕翠英", detail="翠英社区", url_name="staff-person", is_person=True)])

    with scope.everything():
        hit = search.find("lcy", kinds=["person"])[0]

    assert (hit.kind, hit.record_id, hit.community_id) == ("person", UUID(int=11), OURS)
    assert (hit.detail, hit.url_name, hit.public, hit.weight) == ("翠英社区", "staff-person", False, 0)


def test_a_renamed_record_is_found_by_its_new_name_only(district):
    search.put([entry(11, "吕红", is_person=True, community_id=THEIRS)])

    with scope.within([OURS]):
        assert titles("吕") == []
    with scope.within([THEIRS]):
        assert titles("吕红") == ["吕红"]
        assert titles("翠英", kinds=["person"]) == ["吕翠英"]
    assert search.check() == []


def test_of_two_entries_for_one_record_the_last_holds():
    search.put([entry(1, "甲乙"), entry(1, "丙丁")])

    with scope.everything():
        assert titles("甲乙") == []
        assert titles("丙丁") == ["丙丁"]


def test_a_dropped_record_is_not_found(district):
    search.drop("person", [UUID(int=11), UUID(int=12)])
    search.drop("person", [])

    with scope.within([OURS]):
        assert titles("翠") == ["翠英社区"]
    assert search.check() == []


def test_thousands_are_put_at_once_and_one_search_is_one_statement(django_assert_num_queries):
    search.put([entry(number, f"住户{number}", is_person=True) for number in range(1, 2501)])

    with scope.within([OURS]), django_assert_num_queries(1):
        hits = search.find("住户", limit=50)

    assert len(hits) == 50


def test_an_important_record_and_an_exact_title_are_found_among_thousands_of_equals():
    search.put([entry(number, f"翠{number}") for number in range(1, 1001)])
    search.put([entry(2000, "新翠园", weight=3), entry(2001, "翠")])

    with scope.everything():
        by_sign, by_letters = titles("翠", limit=5), titles("cui", limit=5)

    assert by_sign[0] == "翠"
    assert by_letters[0] == "新翠园"


def test_a_rebuild_puts_every_kind_anew_and_drops_what_is_gone(district):
    later = datetime.now(UTC) + timedelta(seconds=1)

    count = search.rebuild([lambda: iter([entry(11, "吕翠英", is_person=True)])], kinds=["person"], at=later)

    assert count == 1
    with scope.everything():
        assert [hit.record_id.int for hit in search.find("翠", kinds=["person"])] == [11]
        assert len(titles("金")) == 3
    assert search.check() == []


def test_a_rebuild_of_everything_leaves_only_what_the_sources_give(district):
    later = datetime.now(UTC) + timedelta(seconds=1)

    search.rebuild([lambda: iter([entry(1, "甲")]), lambda: iter([entry(2, "乙", kind="venue")])], at=later)

    with scope.everything():
        assert titles("翠") == []
        assert titles("甲") == ["甲"]


def test_an_index_out_of_step_is_named_and_can_be_made_anew(district):
    assert search.check() == []

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP INDEX {search_index.GIN}")
        else:
            cursor.execute(f"INSERT INTO {search_index.FTS} ({search_index.FTS}) VALUES ('delete-all')")
    broken = search.check()
    search_index._ensure(using="default")
    search_index.rebuild()

    assert len(broken) == 1
    assert search.check() == []
    with scope.everything():
        assert titles("cy", kinds=["division"]) == ["翠英社区"]


def test_the_index_operation_can_be_taken_back_and_made_again(district):
    operation, editor = search_index.SearchIndex(), connection.schema_editor()

    operation.database_backwards("platform", editor, None, None)
    without = search.check()
    operation.database_forwards("platform", editor, None, None)

    assert len(without) == 1
    assert search_index.FTS not in connection.introspection.table_names() or search_index.rebuild() is None
    assert search.check() == []
