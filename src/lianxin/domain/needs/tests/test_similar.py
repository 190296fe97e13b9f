"""Near repeats: found among what is said in the same category, with the words they share."""

import csv
from pathlib import Path

from django.conf import settings

from lianxin.domain.needs.rules.similar import Wish, digest, nearest, nearest_of_each


def paired(*, half: str, with_category: bool) -> tuple[list[Wish[int]], dict[int, str]]:
    """Give the first round's sentences, and the group of those in `half` that have a partner."""
    with (Path(settings.DATA_DIR) / "needs_test_sentences.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["round"] == "1"]
    wishes = [Wish(n, row["text"], row["category"] if with_category else "") for n, row in enumerate(rows)]
    return wishes, {n: row["group"] for n, row in enumerate(rows) if row["group"] and row["half"] == half}


def partner_is_found(wishes: list[Wish[int]], groups: dict[int, str], *, k: int) -> float:
    found = nearest_of_each(wishes, k=k)
    hits = sum(any(groups.get(near.id) == group for near in found[number]) for number, group in groups.items())
    return hits / len(groups)


def test_what_says_the_same_is_among_the_five_nearest_of_its_category():
    wishes, groups = paired(half="holdout", with_category=True)

    assert len(groups) == 66
    assert partner_is_found(wishes, groups, k=5) >= 0.9


def test_it_is_among_them_where_nobody_gave_the_category_too():
    wishes, groups = paired(half="holdout", with_category=False)

    assert partner_is_found(wishes, groups, k=5) >= 0.9


def test_the_shared_words_are_named_and_the_themes():
    near = nearest("楼下路灯不亮", [("a", "巷口的街灯唔亮，惊跌倒"), ("b", "井盖松了，车一过就响")], k=2)

    assert near[0].id == "a"
    assert "路灯" in " ".join(near[0].shared)
    assert "路灯" in near[0].themes


def test_what_has_nothing_in_common_is_no_suggestion():
    assert nearest("想理发", [(1, "电饭煲坏"), (2, "")], k=5) == []


def test_nothing_to_compare_with_gives_nothing():
    assert nearest("想理发", []) == []
    assert nearest_of_each([]) == []
    assert nearest_of_each([Wish("a", "想理发")]) == [[]]


def test_an_exact_repeat_comes_first_with_the_highest_score():
    found = nearest_of_each([Wish(1, "想理发！"), Wish(2, "老人上门理发"), Wish(3, "想 理 发")], k=2)

    assert [near.id for near in found[0]] == [3, 2]
    assert found[0][0].score > 0.5


def test_wishes_of_different_given_categories_are_not_compared():
    assert nearest_of_each([Wish(1, "想理发", "D01"), Wish(2, "想理发", "D02")], k=5) == [[], []]


def test_the_same_list_in_another_order_gives_the_same_scores():
    texts = {1: "路灯不亮", 2: "楼下路灯坏了", 3: "巷子没有路灯", 4: "路面不平"}

    forth = nearest_of_each([Wish(number, text, "E05") for number, text in texts.items()], k=3)
    back = nearest_of_each([Wish(number, text, "E05") for number, text in reversed(texts.items())], k=3)

    assert [{near.id: near.score for near in found} for found in forth] == [
        {near.id: near.score for near in found} for found in reversed(back)
    ]


def test_width_script_marks_and_blanks_make_no_other_digest():
    assert digest("樓下路燈，不亮！３號") == digest("楼下路灯 不亮 3号。")


def test_another_number_or_word_makes_another_digest():
    assert len({digest("3号楼路灯不亮"), digest("5号楼路灯不亮"), digest("？"), digest("！"), digest("")}) == 5
