"""A closed assent vote as the table from which anybody can count it again (docs/voting-formats.md)."""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lianxin.domain.voice.rules.registers import natural
from lianxin.engines.ballots.assent import Assent, Choice, Flat, count_assent, owners_in

COLUMNS = ("flat", "area", "owners", "voted", "choice")


@dataclass(frozen=True, slots=True)
class AssentRow:
    """One flat of the register with its vote; `choice` is empty when nobody voted for it."""

    flat: str
    area: int
    owners: tuple[str, ...]
    choice: str = ""
    proxy: str = ""


def in_order(rows: Sequence[AssentRow]) -> list[AssentRow]:
    """Give rows in the order in which people read flats."""
    return sorted(rows, key=lambda one: (natural(one.flat), one.flat))


def numbered(rows: Sequence[AssentRow]) -> list[AssentRow]:
    """Give rows with numbers instead of the names of owners and proxies: the same people keep the same number."""
    owners: dict[str, str] = {}
    proxies: dict[str, str] = {}
    found = []
    for one in rows:
        codes = tuple(owners.setdefault(name, f"owner {len(owners) + 1}") for name in one.owners)
        proxy = proxies.setdefault(one.proxy, f"proxy {len(proxies) + 1}") if one.proxy else ""
        found.append(replace(one, owners=codes, proxy=proxy))
    return found


def as_csv(rows: Sequence[AssentRow]) -> bytes:
    """Write rows as `lianxin voice assent` reads them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in rows:
        voted = f"proxy:{one.proxy}" if one.proxy else "yes" if one.choice else "no"
        writer.writerow((one.flat, one.area, ";".join(one.owners), voted if one.choice else "no", one.choice))
    return out.getvalue().encode("utf-8-sig")


def digest(content: bytes) -> str:
    """Give the SHA-256 by which a file is known again."""
    return hashlib.sha256(content).hexdigest()


def count(rows: Sequence[AssentRow], *, proxy_limit: int | None) -> Assent:
    """Count rows by head and by area."""
    flats = [
        Flat(one.flat, one.area, frozenset(one.owners), Choice(one.choice) if one.choice else None, one.proxy)
        for one in rows
    ]
    return count_assent(flats, proxy_limit=proxy_limit)


def owners_of(text: str) -> tuple[str, ...]:
    """Read owners as the register keeps them."""
    return owners_in(text)
