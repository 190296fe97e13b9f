"""Chinese search: what is written beside a text so that it is found, and what a query asks for.

Every token is a short ASCII word, so that SQLite's FTS5 and PostgreSQL's `simple` configuration keep it whole: `u7fe0`
for a character, `u7fe0u82f1` for two neighbours, `p…` for letters (pinyin, initials, Latin words), `d…` for digits.
Both databases lose two-character Chinese words when they cut the text themselves.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from lianxin.engines.pinyin import readings, syllables
from lianxin.engines.surnames import COMPOUND, SINGLE

TOKEN_LENGTH = 40
PREFIX_FROM_DIGITS = 3
QUERY_TOKENS = 32
SHORT_NAME = 4

# Most names are nothing else, and nothing in this range changes its form.
_HAN = re.compile(r"[\u3400-\u9fff]+")
_BLANKS = re.compile(r"\s+")
_RUNS = re.compile(r"([a-z]+)|([0-9]+)|([^a-z0-9\s]+)")


@dataclass(frozen=True, slots=True)
class QueryToken:
    """One thing that a found text must have; with `prefix` a longer token that starts with it will do."""

    text: str
    prefix: bool = False


def normalise(text: str) -> str:
    """Bring a text to one form: half width, lower case, single blanks, no invisible marks."""
    if _HAN.fullmatch(text):
        return text
    if not text.isascii():
        # Twice: folding case can leave a form that is not composed any more.
        for _ in range(2):
            text = unicodedata.normalize("NFKC", text).casefold()
        text = "".join(map(_visible, unicodedata.normalize("NFKC", text)))
    else:
        text = "".join(c if c.isprintable() else " " for c in text.lower())
    return _BLANKS.sub(" ", text).strip()


@lru_cache(maxsize=4096)
def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return ""
    return " " if category in ("Cc", "Cs", "Zl", "Zp", "Zs") else character


@lru_cache(maxsize=32768)
def _gram(character: str) -> str:
    """Encode one character, or nothing for punctuation; private-use characters count, villages have them."""
    kind = unicodedata.category(character)
    return f"u{ord(character):x}" if kind[0] in "LNM" or kind in ("Co", "Cn", "So") else ""


@lru_cache(maxsize=8192)
def _latin(character: str) -> str:
    """Find the plain letter of an accented one, ü as v as on a Chinese keyboard."""
    if character in "üǖǘǚǜ":
        return "v"
    base = unicodedata.normalize("NFD", character)[0]
    return base if "a" <= base <= "z" else character


def _runs(text: str, *, is_person: bool) -> list[tuple[str, str]]:
    """Cut a normalised text into runs: ("a", letters), ("d", digits), ("u", other signs)."""
    if _HAN.fullmatch(text):
        return [("u", text)]
    if not text.isascii():
        text = "".join(c if c >= "\u2e80" else _latin(c) for c in text)
    if is_person:
        text = "".join(c for c in text if c.isascii() or _gram(c))
        # 王 芳 is how forms space a name of two characters.
        text = re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", text)
    runs: list[tuple[str, str]] = []
    for match in _RUNS.finditer(text):
        if match[1]:
            runs.append(("a", match[1]))
        elif match[2]:
            runs.append(("d", match[2]))
        else:
            signs = "".join(c if _gram(c) else " " for c in match[3])
            runs.extend(("u", part) for part in signs.split())
    return runs


def search_tokens(text: str, *, is_person: bool = False) -> list[str]:
    """List the tokens under which a text is found, without repeats; `is_person` reads the first sign as a surname."""
    if is_person and (words := name_words(text)[0]):
        return list(dict.fromkeys(words.split(" ")))
    found: dict[str, None] = {}
    for kind, run in _runs(normalise(text), is_person=is_person):
        if kind == "a":
            found["p" + run[: TOKEN_LENGTH - 1]] = None
        elif kind == "d":
            found["d" + run[: TOKEN_LENGTH - 1]] = None
        else:
            grams = [_gram(character) for character in run]
            found.update(dict.fromkeys(grams))
            found.update({first + second: None for first, second in pairwise(grams)})
            for way in syllables(run, is_person=is_person):
                _add_readings(found, way)
    return list(found)


def name_words(name: str) -> tuple[str, str]:
    """Give the tokens of a name as nearly everybody has one in one text, some perhaps twice, and its initials.

    Both are empty for any other name: that takes `search_tokens`. A surname has one reading and three characters at
    most eight mixtures, so nothing is cut off here that the long way would cut off. A reading with v has two spellings
    and goes the long way.
    """
    if not 0 < len(name) <= SHORT_NAME or not _HAN.fullmatch(name) or name[:2] in COMPOUND:
        return "", ""
    gram, reading = _surname(name[0])
    first, own, letters, firsts, initials = _given_name(name[1:])
    if not reading or not letters:
        return "", ""
    letter = reading[0]
    ways = f" p{reading}".join(letters) + f" p{letter}".join(firsts)
    return f"{gram} {gram}{first}{own}{ways}", letter + initials


@lru_cache(maxsize=1024)
def _surname(character: str) -> tuple[str, str]:
    reading = SINGLE.get(character) or next(iter(readings(character)), "")
    return _gram(character), "" if "v" in reading else reading


@lru_cache(maxsize=8192)
def _given_name(name: str) -> tuple[str, str, tuple[str, ...], tuple[str, ...], str]:
    """The first gram of a given name, its own tokens, its readings in letters and in initials, and its initials.

    The readings begin with an empty one, so that joining them by a surname puts it before each.
    """
    grams = [_gram(character) for character in name]
    found = dict.fromkeys(grams + [first + second for first, second in pairwise(grams)])
    ends = [("", "")]
    for place in range(len(name) - 1, -1, -1):
        ends = [(way + letters, way[0] + firsts) for way in readings(name[place]) for letters, firsts in ends]
        found.update(dict.fromkeys("p" + letters for letters, _firsts in ends))
        if place < len(name) - 1:
            found.update(dict.fromkeys("p" + firsts for _letters, firsts in ends))
    own = "".join(f" {token}" for token in found)
    initials = "".join(dict.fromkeys(token[1] for token in found if token[0] == "p"))
    letters = dict.fromkeys(end for end, _firsts in ends)
    if any("v" in end for end in letters):
        return "", own, (), (), initials
    return (grams[0] if grams else ""), own, ("", *letters), ("", *dict.fromkeys(end for _, end in ends)), initials


def _add_readings(found: dict[str, None], way: tuple[str, ...]) -> None:
    """Add the letters from each character to the end, so that a word inside a name is found by its own beginning."""
    letters = firsts = ""
    count = len(way)
    for place in range(count - 1, -1, -1):
        letters = way[place] + letters
        firsts = way[place][0] + firsts
        found["p" + letters[: TOKEN_LENGTH - 1]] = None
        if place == 0 or count - place > 1:
            found["p" + firsts] = None
        if "v" in letters:
            # 吕 is typed lv on a keyboard and lu by everybody else.
            found["p" + letters.replace("v", "u")[: TOKEN_LENGTH - 1]] = None


def query_tokens(query: str) -> list[QueryToken]:
    """List what a query asks for, all of it: two neighbours for Chinese, a beginning for letters and longer numbers."""
    found: dict[QueryToken, None] = {}
    for kind, run in _runs(normalise(query), is_person=False):
        if kind == "a":
            found[QueryToken("p" + run[: TOKEN_LENGTH - 1], prefix=True)] = None
        elif kind == "d":
            found[QueryToken("d" + run[: TOKEN_LENGTH - 1], prefix=len(run) >= PREFIX_FROM_DIGITS)] = None
        elif len(run) == 1:
            found[QueryToken(_gram(run))] = None
        else:
            grams = [_gram(character) for character in run]
            found.update({QueryToken(a + b): None for a, b in pairwise(grams)})
    return list(found)[:QUERY_TOKENS]


def fts5_query(tokens: Iterable[QueryToken]) -> str:
    """Write the tokens as an FTS5 MATCH expression; empty when there is nothing to ask."""
    return " AND ".join(f'"{token.text}"*' if token.prefix else f'"{token.text}"' for token in tokens)


def tsquery(tokens: Iterable[QueryToken]) -> str:
    """Write the tokens for PostgreSQL's `to_tsquery('simple', …)`; empty when there is nothing to ask."""
    return " & ".join(f"{token.text}:*" if token.prefix else token.text for token in tokens)


def matches(tokens: Iterable[str], *, query: str) -> bool:
    """Say whether a text with these tokens answers a query, as both databases do."""
    have = set(tokens)
    wanted = query_tokens(query)
    return bool(wanted) and all(
        token.text in have or (token.prefix and any(word.startswith(token.text) for word in have)) for token in wanted
    )
