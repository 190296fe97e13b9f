"""Readings of Chinese characters in plain letters, with the readings that surnames have."""

import os
import unicodedata
from functools import lru_cache
from itertools import islice, product

from lianxin.engines.surnames import COMPOUND, SINGLE, split_name

READINGS_PER_CHARACTER = 2
READINGS_PER_TEXT = 8
READ_CHARACTERS = 12

Syllables = tuple[str, ...]

# The tails of names in a district: read one way only, or each would double the tokens of a thousand rows.
_TAILS: dict[str, Syllables] = {
    "居委会": ("ju", "wei", "hui"),
    "村委会": ("cun", "wei", "hui"),
    "居民委员会": ("ju", "min", "wei", "yuan", "hui"),
    "村民委员会": ("cun", "min", "wei", "yuan", "hui"),
    "服务中心": ("fu", "wu", "zhong", "xin"),
    "服务站": ("fu", "wu", "zhan"),
    "社区": ("she", "qu"),
    "街道": ("jie", "dao"),
}


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    # Without its phrases the library costs 15 MB in place of 60, and it offers no other switch.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin.pinyin_dict import pinyin_dict

    return pinyin_dict


def plain(reading: str) -> str:
    """Write a reading without tone marks, ü as v: lǚ becomes lv."""
    bare = unicodedata.normalize("NFD", reading).replace("u\u0308", "v").replace("\u00fc", "v")
    return "".join(character for character in bare if "a" <= character <= "z")


@lru_cache(maxsize=32768)
def readings(character: str) -> Syllables:
    """List the common readings of one character, the most common first; none when nobody knows how it is read."""
    found: dict[str, None] = {}
    for reading in _table().get(ord(character), "").split(","):
        if syllable := plain(reading):
            found[syllable] = None
            if len(found) == READINGS_PER_CHARACTER:
                break
    return tuple(found)


def syllables(text: str, *, is_person: bool = False) -> list[Syllables]:
    """List the ways to read a run of Chinese characters, at most 8, the most common first.

    Only the first 12 characters are read. A person's surname has its own reading; a character that nobody can read is
    left out.
    """
    heads: list[list[Syllables]]
    if not is_person:
        heads, rest = [[]], text[:READ_CHARACTERS]
    else:
        surname, rest = split_name(text[:READ_CHARACTERS])
        first = SINGLE.get(surname[:1])
        single: Syllables = (first,) if first else readings(surname[:1])[:1] if surname else ()
        heads = [[single]]
        if surname in COMPOUND:
            # 单于飞 may be Chanyu Fei or Shan Yufei: both are found.
            heads = [[(reading,) for reading in COMPOUND[surname]], [single, readings(surname[1])]]
    tail = [readings(character) for character in rest]
    if not is_person:
        for word, fixed in _TAILS.items():
            if rest.endswith(word):
                tail[-len(word) :] = [(syllable,) for syllable in fixed]
                break
    found: dict[Syllables, None] = {}
    for head in heads:
        choices = [choice for choice in (*head, *tail) if choice]
        for way in _ways(choices):
            found[way] = None
    return [way for way in islice(found, READINGS_PER_TEXT) if way]


def _ways(choices: list[Syllables]) -> list[Syllables]:
    first = tuple(choice[0] for choice in choices)
    open_places = [place for place, choice in enumerate(choices) if len(choice) > 1]
    if not open_places:
        return [first]
    if 2 ** len(open_places) <= READINGS_PER_TEXT:
        return list(product(*choices))
    # Too many for every mixture: change one character at a time.
    return [first] + [(*first[:place], choices[place][1], *first[place + 1 :]) for place in open_places]


def full_pinyin(text: str, *, is_person: bool = False) -> str:
    """Write the most common reading in one word: 翠英 becomes cuiying."""
    return "".join(next(iter(syllables(text, is_person=is_person)), ()))


def initials(text: str, *, is_person: bool = False) -> str:
    """Write the first letters of the most common reading: 翠英 becomes cy."""
    return "".join(syllable[0] for syllable in next(iter(syllables(text, is_person=is_person)), ()))


def sort_key(text: str, *, is_person: bool = False) -> tuple[str, str]:
    """Give the key that sorts Chinese texts as a reader expects: by reading, then by character."""
    parts: list[str] = []
    ways = syllables(text, is_person=is_person)
    if ways and all(readings(character) for character in text[:READ_CHARACTERS]):
        parts.extend(ways[0])
    else:
        parts.extend((readings(character) or (character.casefold(),))[0] for character in text)
    return " ".join(parts), text
