"""How the cells of a workbook of offers are written and read: kinds, periods, weekly times, reach, days, categories."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from lianxin.domain.resources.models import Offer

KIND_WORDS = {
    Offer.Kind.VENUE: ("场地", "地方", "阵地", "a place", "place", "venue"),
    Offer.Kind.SKILL: ("技能", "专业服务", "服务", "a skill", "skill"),
    Offer.Kind.GOODS: ("物资", "物品", "goods"),
    Offer.Kind.HOURS: ("人力", "帮手", "志愿人力", "helping hands", "hours"),
    Offer.Kind.MONEY: ("资金", "经费", "钱", "money"),
}
EVERY_WORDS = {
    Offer.Every.WEEK: ("周", "每周", "a week", "week"),
    Offer.Every.MONTH: ("月", "每月", "a month", "month"),
    Offer.Every.QUARTER: ("季", "季度", "每季", "每季度", "a quarter", "quarter"),
    Offer.Every.ONCE: ("共", "总共", "一次性", "in all", "once"),
}
REACH_WORDS = {
    Offer.Reach.COMMUNITY: ("本社区", "本村", "本村社区", "社区", "community"),
    Offer.Reach.SUBDISTRICT: ("本街道", "街道", "全街道", "subdistrict"),
    Offer.Reach.DISTRICT: ("全区", "本区", "区", "district"),
}
YES, NO = ("是", "要", "需要", "有", "yes", "1"), ("否", "不", "不要", "不需要", "无", "no", "0")
WEEKDAY_WORDS = "一二三四五六日"
_DAY = re.compile(r"^(\d{4})\D(\d{1,2})\D(\d{1,2})(?:\D.*)?$")
_WEEKLY = re.compile(
    r"(?:周|星期|礼拜)([一二三四五六日天1-7])\s*(\d{1,2})[:：](\d{2})\s*[-~－—至到]\s*(\d{1,2})[:：](\d{2})"
)
_METRES = re.compile(r"^(\d+(?:\.\d+)?)\s*(米|m|公里|千米|km)?$", re.IGNORECASE)
_SPLIT = re.compile(r"[、,，;；\n]+")


def word_of(text: str, words: Mapping[Any, Sequence[str]]) -> str | None:
    """Give the value that a word stands for, or None."""
    wanted = text.strip().lower()
    for value, known in words.items():
        if wanted == value or wanted in known:
            return str(value)
    return None


def read_day(text: str) -> date | None:
    """Read a day written like 2026-11-22, 2026/11/22 or 2026年11月22日; None when it is none."""
    found = _DAY.match(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def read_weekly(text: str) -> list[tuple[int, time, time]] | None:
    """Read weekly times written like 周一 19:00-21:00；周六 9:00-11:30; None when a part is not one."""
    found = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[；;、\n]+", text))):
        one = _WEEKLY.fullmatch(part)
        if one is None:
            return None
        word, *numbers = one.groups()
        weekday = 6 if word in "日天7" else WEEKDAY_WORDS.index(word) if word in WEEKDAY_WORDS else int(word) - 1
        hours = [int(number) for number in numbers]
        try:
            found.append((weekday, time(hours[0], hours[1]), time(hours[2], hours[3])))
        except ValueError:
            return None
    return found


def weekly_words(weekly: Sequence[tuple[int, time, time]]) -> str:
    """Write weekly times as `read_weekly` reads them."""
    return "；".join(f"周{WEEKDAY_WORDS[day]} {starts:%H:%M}-{ends:%H:%M}" for day, starts, ends in weekly)


def read_reach(text: str) -> tuple[str, int | None] | None:
    """Read how far an offer goes: a word, or metres or kilometres; None when it is neither."""
    value = word_of(text, REACH_WORDS)
    if value is not None:
        return value, None
    found = _METRES.match(text.strip())
    if found is None:
        return None
    number = float(found.group(1)) * (1000 if (found.group(2) or "").lower() in ("公里", "千米", "km") else 1)
    return str(Offer.Reach.RADIUS), round(number)


def reach_words(reach: str, metres: int | None) -> str:
    """Write how far an offer goes as `read_reach` reads it."""
    return str(metres) if reach == Offer.Reach.RADIUS else REACH_WORDS[Offer.Reach(reach)][0]


def read_categories(text: str, codes: Mapping[str, str]) -> tuple[list[tuple[str, int]], list[str]]:
    """Read categories written like C04:3、调解 with `codes` by name; give them, and the words that name none."""
    found: dict[str, int] = {}
    unknown = []
    for part in filter(None, (piece.strip() for piece in _SPLIT.split(text))):
        name, _sep, level = part.replace("：", ":").partition(":")
        # "A04 义诊" is how lists are printed.
        code = codes.get(name.strip().upper()) or codes.get(name.strip()) or codes.get(name.split()[0].upper())
        if code is None or (level.strip() and level.strip() not in ("1", "2", "3")):
            unknown.append(part[:20])
        else:
            found.setdefault(code, int(level) if level.strip() else 2)
    return list(found.items()), unknown


def categories_words(categories: Sequence[tuple[str, int]]) -> str:
    """Write categories as `read_categories` reads them."""
    return "、".join(f"{code}:{level}" for code, level in categories)


def read_moment_day(text: str) -> date | None:
    """Read the day of an ISO day or moment; None when it is none."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return read_day(text)
