"""What a residents' file is read into, and how a family and those on record are recognised."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID


class CellProblem(NamedTuple):
    """What is wrong with a cell; a warning does not keep the row out."""

    row: int
    column: str
    sentence: str
    is_warning: bool


class ResidentRow(NamedTuple):
    """A row that may be applied. Rows of one family have one `household` id."""

    row: int
    community: UUID
    household: UUID
    household_number: str
    address: str
    building: str
    unit: str
    room: str
    name: str
    name_latin: str
    relation: str
    sex: str
    birth_on: date | None
    id_number: str
    phone: str
    residence: str
    prefers_teochew: bool
    prefers_large_print: bool
    no_phone: bool


class KnownDigests:
    """Digests that the register holds already, as sorted 64-bit beginnings: 5 MB for a whole district."""

    def __init__(self, digests: Sequence[str] | array) -> None:
        self._sorted = digests if isinstance(digests, array) else array("Q", sorted(map(self.beginning, digests)))

    @staticmethod
    def beginning(digest: str) -> int:
        """Give the first 64 bits of a hex digest."""
        return int(digest[:16], 16)

    def __contains__(self, digest: object) -> bool:
        wanted = self.beginning(str(digest))
        place = bisect_left(self._sorted, wanted)
        return place < len(self._sorted) and self._sorted[place] == wanted


_DIGITS = re.compile(r"[0-9]+")
NOBODY = KnownDigests(())


def household_id(run: UUID, community: UUID, name: str) -> UUID:
    """Give a UUIDv7 for a family of a run: always the same, so that a chunk that comes twice makes no second one.

    Neighbours get neighbouring ids, by community and then by the digits of their number or address: ids all over the
    place would rewrite a page of each index for every family.
    """
    digits = "".join(_DIGITS.findall(name))[-5:]
    place = (community.int & 0xFFF) << 64 | (int(digits or 0) & 0xFFFF) << 46
    tail = int.from_bytes(blake2b(name.encode(), digest_size=8, key=run.bytes + community.bytes).digest())
    return UUID(int=run.int >> 80 << 80 | 0x7 << 76 | 0b10 << 62 | place | tail >> 18)
