"""Ready words about a project for a group of residents; values in, text out."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Told:
    """What is told to everybody about a project."""

    title: str
    purpose: str
    public_text: str
    from_on: date
    until_on: date
    where: str
    responsible: str
    asked: int
    link: str
    is_cancelled: bool = False
    reason: str = ""


def days_words(from_on: date, until_on: date) -> str:
    """Write the days as people here say them: 3月9日至3月31日, or the one day."""
    first = f"{from_on.month}月{from_on.day}日"
    if from_on == until_on:
        return first
    year = "" if until_on.year == from_on.year else f"{until_on.year}年"
    return f"{first}至{year}{until_on.month}月{until_on.day}日"


def group_text(told: Told) -> str:
    """Write what staff paste into any group: short lines, no markup, the link last."""
    if told.is_cancelled:
        lines = [f"【取消】{told.title}", f"原定 {days_words(told.from_on, told.until_on)}"]
        return "\n".join([*lines, *([f"原因：{told.reason}"] if told.reason else []), "给您添麻烦了。"])
    lines = [f"【{told.title}】"]
    if told.asked:
        lines.append(f"有 {told.asked} 位居民提过，社区安排上了。")
    lines += [text for text in (told.public_text or told.purpose).splitlines() if text.strip()]
    lines.append(f"时间：{days_words(told.from_on, told.until_on)}")
    if told.where:
        lines.append(f"地点：{told.where}")
    if told.responsible:
        lines.append(f"负责人：{told.responsible}")
    return "\n".join([*lines, f"具体日期和报名：{told.link}"])
