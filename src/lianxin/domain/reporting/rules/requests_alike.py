"""Whether a new field asks for what is known or was asked already: how alike short labels are, by neighbouring signs.

No dictionary: Chinese is compared by pairs of characters, Latin by words. What stands around any label ("this month",
"total number of") tells nothing and is left out; a few words for the same thing are written as one.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lianxin.engines.text import normalise
from lianxin.engines.words.grams import shared_words
from lianxin.engines.words.spelling import plain

# Both were set on the labels of the catalogue and everyday questions (tests/test_requests_alike.py).
ALIKE = 0.5
MEANING_SHARE = 0.9
# One pair of characters is in many explanations and proves nothing there.
FEWEST_FOR_MEANING = 2

_AROUND_LINES = """
截至目前 截至 到目前为止 目前 当前 现在 本月 上月 上个月 当月 每月 本季度 上季度 季度 本年 今年 上年 去年 全年
年度 月度 累计 历年 近期 本周 上周 辖区内 辖区 本社区 本村 社区内 各社区 村社区
多少 几个 共有 一共 总共 总数 总人数 人数 数量 个数 件数 次数 户数 数目 合计 汇总 共 数 的 了
统计表 统计 情况 明细 台账 报表 填报 上报 开展 组织 举办 举行 已办 已开展 进行
"""
_AROUND = _AROUND_LINES.split()
_AROUND_LATIN_LINES = """
a an the of in on at this last month months year years quarter number total count how many much sum to and for
so far our by held are is were was
"""
_AROUND_LATIN = frozenset(_AROUND_LATIN_LINES.split())
# The first word of a line stands for the others; written without blanks, as they are compared without them.
_SAME_LINES = """
场次 场数 多少场 几场 活动次数 活动数量 活动总数 活动数
人次 参加人数 参与人数 参加人员数 多少人次 参加人次 参与人次
老年人 60周岁及以上居民 60岁及以上居民 60岁以上老年人 60岁以上老人 60岁以上居民 60周岁以上老年人
老年人 六十岁以上老人 长者 老人
居民 常住人口 居住人口 群众 村民
住户 家庭户 居民户 户数 多少户 几户
来访 到访 来站 访客 进站
走访 入户 家访 上门探访 上门走访 入户走访
诉求 投诉 反映事项 群众反映
办结 办理完毕 办完 结案
开门 开放 开馆
阵地 党群服务中心 服务中心 服务站点
志愿服务 志愿活动 义工服务 义工活动
"""
_SAME = [line.split() for line in _SAME_LINES.strip().splitlines()]
_WORDS = {variant: line[0] for line in _SAME for variant in line}
_SPELL = re.compile("|".join(map(re.escape, sorted(_WORDS, key=lambda word: (-len(word), word)))))
_FILL = re.compile("|".join(map(re.escape, sorted(_AROUND, key=lambda word: (-len(word), word)))))
_PIECES = re.compile(r"[a-z0-9]+|[^\sa-z0-9]+")
# Figures are labelled "60 周岁", people write 60周岁.
_GAPS = re.compile(r"(?<=[0-9]) (?=[^\x00-\x7f])|(?<=[^\x00-\x7f]) (?=[0-9])")


@dataclass(frozen=True, slots=True)
class Known:
    """Something that is known or was asked: its key, what it is called (in each language) and what explains it."""

    key: str
    labels: tuple[str, ...]
    meanings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """A known thing that a label may mean, how alike they are (0 to 1) and the words they share."""

    key: str
    score: float
    shared: tuple[str, ...]


@lru_cache(maxsize=4096)
def core(label: str) -> str:
    """Leave of a label what it asks for, in one spelling."""
    spelled = _SPELL.sub(lambda match: f" {_WORDS[match[0]]} ", _GAPS.sub("", plain(label)))
    left = _FILL.sub(" ", spelled)
    return " ".join((left if left.strip() else spelled).split())


@lru_cache(maxsize=4096)
def features(label: str) -> frozenset[str]:
    """Cut a label into what is compared: pairs of characters, and words of letters."""
    found: set[str] = set()
    for piece in _PIECES.findall(core(label)):
        if piece[0].isascii():
            if piece not in _AROUND_LATIN:
                found.add(piece[:-1] if len(piece) > 3 and piece.endswith("s") else piece)
        elif len(piece) == 1:
            found.add(piece)
        else:
            found.update(piece[start : start + 2] for start in range(len(piece) - 1))
    return frozenset(found)


def digest(label: str) -> str:
    """Give what the same label has in common however it is spaced, and whatever stands around it."""
    kept = core(label).replace(" ", "") or normalise(label)
    return hashlib.sha256(kept.encode("utf-8", "surrogatepass")).hexdigest()


def likeness(label: str, other: str) -> float:
    """Say how alike two labels are: 1 for the same, 0 for nothing in common; the order makes no difference."""
    mine, theirs = features(label), features(other)
    if not mine or not theirs:
        return 1.0 if digest(label) == digest(other) else 0.0
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


def _explained(label: str, meaning: str) -> float:
    mine = features(label)
    if len(mine) < FEWEST_FOR_MEANING:
        return 0.0
    return MEANING_SHARE * len(mine & features(meaning)) / len(mine)


def _shared(label: str, others: Iterable[str]) -> tuple[str, ...]:
    """Name what a label and others have in common: whole words of letters, the longest runs of characters."""
    texts = [core(other) for other in others]
    latin = [word for word in core(label).split() if word.isascii() and any(word in text.split() for text in texts)]
    mine = " ".join(word for word in core(label).split() if not word.isascii())
    return tuple(dict.fromkeys([*latin, *shared_words(mine, " ".join(texts), most=4)]))[:4]


def nearest(label: str, known: Iterable[Known], *, most: int = 5) -> list[Alike]:
    """Find what a label may mean among the known, the likest first; what is not alike enough is left out."""
    found = []
    for one in known:
        named = max((likeness(label, other) for other in one.labels), default=0.0)
        score = round(max([named, *(_explained(label, meaning) for meaning in one.meanings)]), 4)
        if score >= ALIKE:
            # Among those that are explained with the same words, the one that is called so comes first.
            found.append((-score, -named, Alike(one.key, score, _shared(label, (*one.labels, *one.meanings)))))
    return [one for *_order, one in sorted(found, key=lambda line: (line[0], line[1], line[2].key))][:most]
