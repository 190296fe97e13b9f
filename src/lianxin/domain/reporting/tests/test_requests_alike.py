"""Whether a label asks for what is known: properties of the comparison, and everyday questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.reporting.queries.requests_gate import _figures
from lianxin.domain.reporting.rules.requests_alike import ALIKE, Known, core, digest, likeness, nearest

LABELS = st.text(alphabet="居民老年人活动场次来访志愿服务沙袋水泵 abc数12", min_size=1, max_size=16)
SAID_AROUND = st.sampled_from(["本月%s", "截至目前%s", "%s总数", "%s统计情况", "各社区%s", "全年累计%s"])


@given(LABELS, LABELS)
def test_likeness_is_a_share_and_the_order_makes_no_difference(one: str, other: str) -> None:
    score = likeness(one, other)

    assert 0 <= score <= 1
    assert score == likeness(other, one)


@given(LABELS)
def test_a_label_is_like_itself_and_found_among_the_known(label: str) -> None:
    assert likeness(label, label) == 1
    assert [one.key for one in nearest(label, [Known("k", (label,))])] == ["k"]


@given(st.sampled_from(["来访", "沙袋库存", "志愿服务时长", "水泵"]), SAID_AROUND)
def test_what_stands_around_a_label_makes_no_difference(label: str, around: str) -> None:
    said = around % label

    assert core(said) == core(label)
    assert digest(said) == digest(f"　{said}：")
    assert likeness(said, label) == 1


@given(
    st.text(alphabet="沙袋水泵雨衣", min_size=2, max_size=8), st.text(alphabet="居民老年人诉求", min_size=2, max_size=8)
)
def test_labels_without_a_common_sign_are_never_alike(one: str, other: str) -> None:
    assert likeness(one, other) < ALIKE


@pytest.mark.parametrize(
    ("asked", "figure"),
    [
        ("本月活动场次", "occurrences_held"),
        ("来访人次", "visits"),
        ("60岁以上老年人数", "residents_60_plus"),
        ("辖区居民总人数", "residents"),
        ("户数", "households"),
        ("志愿者服务人次", "volunteer_person_times"),
        ("入户走访次数", "visits_done"),
        ("党群服务中心开门次数", "openings"),
        ("群众诉求办结数", "cases_ended"),
        ("number of visits this month", "visits"),
        ("volunteer person-times", "volunteer_person_times"),
    ],
)
def test_everyday_question_finds_its_figure(asked: str, figure: str) -> None:
    assert f"figure:{figure}" in [one.key for one in nearest(asked, _figures())]


@pytest.mark.parametrize(
    "asked", ["库存沙袋", "可用抽水泵", "充电桩数量", "附近缺少哪类小店", "sandbags in stock", "残疾人数"]
)
def test_question_that_no_figure_answers_finds_none(asked: str) -> None:
    assert nearest(asked, _figures()) == []
