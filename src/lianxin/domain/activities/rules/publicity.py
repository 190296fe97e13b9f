"""Ready words for a WeChat group, an official account and search engines; values in, text out."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lianxin.platform.clock import LOCAL

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told to everybody about one date of an activity."""

    title: str
    summary: str
    poster_text: str
    starts_at: datetime
    ends_at: datetime
    where: str
    address: str
    for_whom: str
    bring_note: str
    cost_note: str
    contact: str
    size: int | None
    taken: int
    takes_sign_ups: bool
    is_drawn: bool
    link: str
    organisers: Sequence[str]
    state: str
    cancel_reason: str = ""
    lunar: str = ""
    lat: float | None = None
    lng: float | None = None
    picture: str = ""
    category: str = ""
    community: str = ""


def when_words(starts_at: datetime, ends_at: datetime, lunar: str = "") -> str:
    """Write day and time as people here say them: 11月22日 周日 上午9:30–11:00（十月十四）."""
    first, last = starts_at.astimezone(LOCAL), ends_at.astimezone(LOCAL)
    until = f"{last:%H:%M}".removeprefix("0")
    if first.date() != last.date():
        until = f"{last.month}月{last.day}日 {until}"
    words = (
        f"{first.month}月{first.day}日 周{WEEKDAYS[first.weekday()]} {half_of_day(first)}"
        f"{first.hour if first.hour <= 12 else first.hour - 12}:{first:%M}–{until}"
    )
    return f"{words}（{lunar}）" if lunar else words


def half_of_day(moment: datetime) -> str:
    """Name the part of the day in Chinese."""
    hour = moment.hour
    if hour < 6:
        return "凌晨"
    if hour < 12:
        return "上午"
    if hour < 13:
        return "中午"
    return "下午" if hour < 18 else "晚上"


def group_text(told: Told) -> str:
    """Write what staff paste into any group: short lines, no markup, the link last."""
    if told.state == "cancelled":
        lines = [f"【取消】{told.title}", f"原定 {when_words(told.starts_at, told.ends_at)}"]
        return "\n".join([*lines, *([f"原因：{told.cancel_reason}"] if told.cancel_reason else []), "给您添麻烦了。"])
    lines = [f"【{told.title}】"]
    if told.summary:
        lines.append(told.summary)
    lines.append(f"时间：{when_words(told.starts_at, told.ends_at, told.lunar)}")
    if told.where:
        lines.append(f"地点：{told.where}")
    lines += [f"{name}：{text}" for name, text in _details(told) if text]
    lines.append(_how_to_come(told))
    if told.takes_sign_ups:
        lines.append(told.link)
    return "\n".join(lines)


def _details(told: Told) -> list[tuple[str, str]]:
    return [
        ("参加对象", told.for_whom),
        ("请带", told.bring_note),
        ("费用", told.cost_note or "免费"),
        ("咨询", told.contact),
    ]


def _how_to_come(told: Told) -> str:
    if not told.takes_sign_ups:
        return "不用报名，直接来。"
    if told.is_drawn:
        return f"名额 {told.size} 个，报名后抽签决定，点开报名："
    if told.size is None:
        return "点开报名："
    left = told.size - told.taken
    return f"名额 {told.size} 个，点开报名：" if left > 0 else f"名额 {told.size} 个已满，可以点开排队："


def chain_text(told: Told) -> str:
    """Write the head of a chain sign-up (接龙) for a group where people answer by hand."""
    lines = ["#接龙", told.title, when_words(told.starts_at, told.ends_at)]
    if told.where:
        lines.append(told.where)
    lines.append("请写：姓名 + 手机尾号四位（几个人一起请写 +1、+2）")
    return "\n".join([*lines, "", "1. "])


def article(told: Told) -> str:
    """Write the draft of an official-account article as plain HTML, ready to be pasted and edited."""
    paragraphs = [f"<p>{_escape(line)}</p>" for line in told.poster_text.splitlines() if line.strip()]
    if not paragraphs and told.summary:
        paragraphs = [f"<p>{_escape(told.summary)}</p>"]
    facts = [("时间", when_words(told.starts_at, told.ends_at, told.lunar)), ("地点", _place(told)), *_details(told)]
    items = [f"<li><strong>{name}：</strong>{_escape(text)}</li>" for name, text in facts if text]
    held_by = [f"<p>主办：{_escape('、'.join(told.organisers))}</p>"] if told.organisers else []
    sign_up = [f"<p>{_escape(_how_to_come(told).removesuffix('点开报名：'))}</p>"]
    if told.takes_sign_ups:
        sign_up = [f'<p><a href="{_escape(told.link)}">{_escape(_how_to_come(told).rstrip("："))}</a></p>']
    return "\n".join([f"<h2>{_escape(told.title)}</h2>", *paragraphs, "<ul>", *items, "</ul>", *held_by, *sign_up])


def _place(told: Told) -> str:
    return f"{told.where}（{told.address}）" if told.address and told.address not in told.where else told.where


def _escape(text: str) -> str:
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(char, entity)
    return text


def event_data(told: Told) -> dict[str, Any]:
    """Give the schema.org Event of a public page, for search engines and maps."""
    statuses = {"cancelled": "EventCancelled", "not_held": "EventCancelled"}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": told.link,
        "url": told.link,
        "name": told.title,
        "startDate": told.starts_at.astimezone(LOCAL).isoformat(),
        "endDate": told.ends_at.astimezone(LOCAL).isoformat(),
        "eventStatus": f"https://schema.org/{statuses.get(told.state, 'EventScheduled')}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": not told.cost_note,
        "inLanguage": "zh-Hans",
        "location": _location(told),
        "organizer": [{"@type": "Organization", "name": name} for name in told.organisers],
    }
    if told.summary or told.poster_text:
        data["description"] = told.summary or told.poster_text[:300]
    if told.picture:
        data["image"] = [told.picture]
    if told.category:
        data["keywords"] = told.category
    if told.size is not None:
        data["maximumAttendeeCapacity"] = told.size
        data["remainingAttendeeCapacity"] = max(0, told.size - told.taken)
    if told.takes_sign_ups and told.state == "published":
        full = told.size is not None and told.taken >= told.size
        data["offers"] = {
            "@type": "Offer",
            "price": "0",
            "priceCurrency": "CNY",
            "url": told.link,
            "availability": f"https://schema.org/{'SoldOut' if full else 'InStock'}",
        }
    return data


def _location(told: Told) -> dict[str, Any]:
    place: dict[str, Any] = {
        "@type": "Place",
        "name": told.where or told.community,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": told.address or told.where,
            "addressCountry": "CN",
        },
    }
    if told.lat is not None and told.lng is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": told.lat, "longitude": told.lng}
    return place


def event_json(told: Told) -> str:
    """Give the Event as JSON that can stand inside a script element."""
    text = json.dumps(event_data(told), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


_WORDS = re.compile(r"[ -~]+|.", re.DOTALL)


def split_lines(text: str, *, width: float, most: int) -> list[str]:
    """Split a text for a poster into lines of so many Chinese characters; a Latin one counts half."""
    lines = [""]
    for part in text.splitlines():
        if lines[-1]:
            lines.append("")
        for word in _WORDS.findall(part.strip()):
            if lines[-1] and text_width(lines[-1]) + text_width(word) > width and word not in "，。、；：！？）”":
                lines.append("")
            for char in _pieces(word, width):
                if lines[-1] and text_width(lines[-1]) + text_width(char) > width + 1:
                    lines.append("")
                lines[-1] += char
    lines = [line.strip() for line in lines if line.strip()]
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][: max(1, int(width) - 1)] + "…"]
    return lines


def _pieces(word: str, width: float) -> list[str]:
    return [word] if text_width(word) <= width else list(word)


def text_width(text: str) -> float:
    """Give the width of a text in Chinese characters."""
    return sum(0.55 if ord(char) < 0x2E80 else 1 for char in text)
