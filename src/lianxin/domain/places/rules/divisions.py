"""What a 12-digit code and an official name say, and the algebra of dated spans."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

PROVINCE, CITY, DISTRICT, SUBDISTRICT, COMMUNITY = "province", "city", "district", "subdistrict", "community"
LEVELS = (PROVINCE, CITY, DISTRICT, SUBDISTRICT, COMMUNITY)
RESIDENTS, VILLAGERS, NO_COMMITTEE = "residents", "villagers", "none"

# Longest first: 社区居委会 must be tried before 居委会.
COMMITTEE_SUFFIXES = (
    ("社区居民委员会", RESIDENTS),
    ("村民委员会", VILLAGERS),
    ("居民委员会", RESIDENTS),
    ("社区居委会", RESIDENTS),
    ("村委会", VILLAGERS),
    ("居委会", RESIDENTS),
)
SPOKEN_SUFFIXES = (("社区", RESIDENTS), ("村", VILLAGERS))
UPPER_SUFFIXES = ("街道办事处", "街道", "镇", "乡", "特别行政区", "自治区", "省", "市", "区", "县")


@dataclass(frozen=True)
class Span:
    """Days [from_on, until_on); no end means still so."""

    from_on: date
    until_on: date | None = None


def holds_on(span: Span, on: date) -> bool:
    """Tell whether a span covers a day."""
    return span.from_on <= on and (span.until_on is None or on < span.until_on)


def overlap(one: Span, other: Span) -> bool:
    """Tell whether two spans share a day."""
    return (one.until_on is None or other.from_on < one.until_on) and (
        other.until_on is None or one.from_on < other.until_on
    )


def first_overlap(spans: Iterable[Span]) -> tuple[Span, Span] | None:
    """Give the first two spans that share a day, or None when all lie apart."""
    ordered = sorted(spans, key=lambda span: (span.from_on, span.until_on or date.max))
    for earlier, later in pairwise(ordered):
        if overlap(earlier, later):
            return earlier, later
    return None


def cut(span: Span, on: date) -> Span | None:
    """Give what remains of a span that ends on a day, or None when nothing does."""
    if on <= span.from_on:
        return None
    return Span(span.from_on, on if span.until_on is None else min(on, span.until_on))


def clean_code(text: str) -> str:
    """Give a code with full-width digits made half-width and spaces taken out."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def is_code(text: str) -> bool:
    """Tell whether a text is a 12-digit division code."""
    return len(text) == 12 and text.isascii() and text.isdigit() and text != "0" * 12


def level_of(code: str) -> str:
    """Give the level that the zeros at the end of a code stand for."""
    for zeros, level in ((10, PROVINCE), (8, CITY), (6, DISTRICT), (3, SUBDISTRICT)):
        if code.endswith("0" * zeros):
            return level
    return COMMUNITY


def committee_of(code: str) -> str:
    """Give the kind of committee from the last three digits: 001-199 residents', 200-399 villagers'."""
    number = int(code[-3:])
    if 1 <= number <= 199:
        return RESIDENTS
    return VILLAGERS if 200 <= number <= 399 else NO_COMMITTEE


def parent_code_of(code: str) -> str:
    """Give the code of the division above as the digits have it, or an empty text for a province."""
    level = level_of(code)
    if level == PROVINCE:
        return ""
    kept = {CITY: 2, DISTRICT: 4, SUBDISTRICT: 6, COMMUNITY: 9}[level]
    return code[:kept].ljust(12, "0")


def clean_name(text: str) -> str:
    """Give a name in composed form without spaces around it or within it."""
    return "".join(unicodedata.normalize("NFC", text).split())


def split_name(name: str) -> tuple[str, str]:
    """Give the bare name of a community and the committee that its ending names: 金珠居委会 -> 金珠, residents."""
    for suffix, committee in COMMITTEE_SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            return _bare(name[: -len(suffix)], committee), committee
    for suffix, committee in SPOKEN_SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            return _bare(name, committee), committee
    return name, NO_COMMITTEE


def _bare(name: str, committee: str) -> str:
    """Take 社区 or 村 off a name, unless only one character would be left (东村村委会 is 东村)."""
    suffix = "村" if committee == VILLAGERS else "社区"
    stripped = name.removesuffix(suffix)
    return stripped if len(stripped) > 1 or name == stripped else name


def spoken_name(official: str, level: str = COMMUNITY) -> str:
    """Give what people say: 金珠居委会 -> 金珠社区, 大衙村委会 -> 大衙村; upper levels keep their name."""
    if level != COMMUNITY:
        return official
    bare, committee = split_name(official)
    suffix = {RESIDENTS: "社区", VILLAGERS: "村"}.get(committee, "")
    return bare if bare.endswith(suffix) else bare + suffix


def short_name(official: str, level: str = COMMUNITY) -> str:
    """Give the bare name: 金珠居委会 -> 金珠, 金霞街道 -> 金霞; never fewer than two characters."""
    if level == COMMUNITY:
        return split_name(official)[0]
    for suffix in UPPER_SUFFIXES:
        if official.endswith(suffix) and len(official) - len(suffix) > 1:
            return official.removesuffix(suffix)
    return official


def names_to_search(official: str, level: str = COMMUNITY) -> list[str]:
    """Give every usual way to write a name, the official one first."""
    names = [official, spoken_name(official, level), short_name(official, level)]
    bare, committee = split_name(official)
    if level == COMMUNITY and committee == RESIDENTS:
        names += [bare + "居委会", bare + "社区居委会"]
    elif level == COMMUNITY and committee == VILLAGERS:
        names += [bare + "村委会", bare + "村民委员会"]
    return list(dict.fromkeys(names))
