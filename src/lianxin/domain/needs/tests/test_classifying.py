"""The classifier: what it must hold on sentences that nobody looked at while it was built, and its edges."""

import csv
import random
from pathlib import Path

import pytest
from django.conf import settings

from lianxin.domain.needs.rules.classifying import category_names, classifier, classify
from lianxin.engines.words.classifier import Classifier, ClassText, Example
from lianxin.engines.words.cues import Theme
from lianxin.engines.words.spelling import Spelling, Synonym, plain

DATA = Path(settings.DATA_DIR)


def sentences(half: str) -> list[dict[str, str]]:
    with (DATA / "needs_test_sentences.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["half"] == half]


def small(**more) -> Classifier:
    classes = [ClassText("A", "理发", "免费剪发"), ClassText("B", "食堂", "老人吃饭")]
    return Classifier(classes=classes, examples=[Example("A", "想理发"), Example("B", "中午吃饭")], **more)


def test_sentences_that_nobody_tuned_on_find_their_category():
    rows = sentences("holdout")

    read = [(row["category"], classify(row["text"])) for row in rows]

    first = sum(found.best[0][0] == category for category, found in read)
    among_three = sum(category in [code for code, _score in found.best[:3]] for category, found in read)
    sure = [found.best[0][0] == category for category, found in read if found.sure]
    assert len(rows) >= 330
    assert first >= 0.95 * len(rows)
    assert among_three >= 0.98 * len(rows)
    assert len(sure) >= 0.7 * len(rows)
    assert sum(sure) >= 0.98 * len(sure)


def test_every_category_has_sentences_in_both_halves():
    codes = set(category_names())

    assert {row["category"] for row in sentences("holdout")} == codes
    assert {row["category"] for row in sentences("tuning")} == codes


def test_the_two_halves_share_no_sentence():
    halves = [{plain(row["text"]) for row in sentences(half)} for half in ("tuning", "holdout")]

    assert halves[0].isdisjoint(halves[1])


@pytest.mark.parametrize("text", ["", " ", "？！。……", "\U0001f600\U0001f44d", "\x00\u200b", "\ud800"])
def test_where_nothing_is_said_nothing_is_suggested(text):
    read = classify(text)

    assert (read.best, read.sure) == ([], False)


def test_ten_thousand_characters_are_read_by_their_beginning():
    read = classify("楼下路灯不亮，" + "晚上出去怕摔。" * 1500)

    assert read.best[0][0] == "E05"
    assert len(read.best) == 5


def test_one_character_may_be_enough_for_a_suggestion_but_not_for_certainty():
    read = classify("剪")

    assert read.best[0][0] == "D01"
    assert not read.sure


@pytest.mark.parametrize(
    ("said", "same"),
    [
        ("樓下路燈不亮，晚上出門怕跌倒", "楼下路灯不亮，晚上出门怕跌倒"),
        ("社保咔唔見了，去底块補", "社保卡不见了，去哪里补"),
        ("孥仔放學無人接", "孩子放学没人接"),
        ("想ＬＥＤ路灯", "想led路灯"),
    ],
)
def test_script_width_dialect_and_typing_errors_make_no_difference(said, same):
    assert classify(said).best[:3] == classify(same).best[:3]


def test_the_order_of_what_is_shipped_and_learned_makes_no_difference():
    examples = [Example(code, words) for code, words in [("A", "剪头发"), ("B", "送饭"), ("A", "剃头"), ("B", "饭堂")]]
    classes = [ClassText("A", "理发", "剪发"), ClassText("B", "食堂", "吃饭"), ClassText("C", "洗车", "自助洗车")]
    themes = [Theme("A", "头", 3.0, ("剪+头", "剃头")), Theme("B", "饭", 3.0, ("送饭/饭堂+老人",))]
    text = "老人想剪头又想饭堂送饭"

    verdicts = set()
    for seed in range(6):
        drawn = random.Random(seed)
        lists = [drawn.sample(given, len(given)) for given in (classes, examples, themes)]
        verdicts.add(Classifier(classes=lists[0], examples=lists[1], themes=lists[2]).classify(text))

    assert len(verdicts) == 1


def test_shares_add_up_and_go_down():
    verdict = classifier().classify("老人没人做饭", most=33)
    scores = [guess.score for guess in verdict.guesses]

    assert len(scores) == 33
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1, abs=0.01)


def test_a_correction_teaches_and_does_not_change_what_is_shipped():
    said = "阿达的摇摇车又卡住轮了"
    before = classify(said)

    taught = classify(said, learned=[("摇摇车卡住轮了没人管", "E05"), ("摇摇车不动", "E05")])

    assert before.best[:1] != [("E05", taught.best[0][1])]
    assert taught.best[0][0] == "E05"
    assert classify(said) == before


def test_a_category_that_a_district_added_is_learned_from_sentences_alone():
    read = classify("想领养流浪狗", learned=[("想领养一只流浪狗", "G01"), ("领养流浪狗怎么报名", "G01")])

    assert read.best[0][0] == "G01"


def test_learned_sentences_do_not_overrun_the_categories():
    rows = sentences("holdout")
    learned = [(f"{row['text']}第{turn}回", row["category"]) for row in sentences("tuning")[:40] for turn in range(10)]

    right = sum(classify(row["text"], learned=learned).best[0][0] == row["category"] for row in rows)

    assert right >= 0.9 * len(rows)


def test_it_says_by_which_words_it_was_told():
    assert "灭火器" in classify("灭火器怎么用").because


def test_two_classes_of_one_code_are_refused():
    with pytest.raises(ValueError, match="same code"):
        Classifier(classes=[ClassText("A", "一", "一"), ClassText("A", "二", "二")], examples=[])


def test_a_theme_of_an_unknown_class_is_refused():
    with pytest.raises(ValueError, match="no known class"):
        small(themes=[Theme("X", "无", 1.0, ("无",))])


def test_a_cue_with_an_empty_part_is_refused():
    with pytest.raises(ValueError, match="empty part"):
        small(themes=[Theme("A", "头", 1.0, ("剪+",))])


def test_a_word_that_stands_for_two_things_is_refused():
    with pytest.raises(ValueError, match="stands for"):
        Spelling([Synonym("看", ("睇",)), Synonym("听", ("睇",))])


def test_the_longest_variant_wins_and_a_kept_word_stays_whole():
    spelling = Spelling([Synonym("吃", ("食",)), Synonym("食堂", ("食唐",)), Synonym("", ("希望", "的"))])

    assert spelling.spell("希望食唐食的好") == "希望食堂吃的好"
    assert spelling.core("希望食堂吃的好") == " 食堂吃的好"
