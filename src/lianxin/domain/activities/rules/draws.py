"""A draw that anybody can check: the seed's digest is public before, the seed after, and the order follows from it."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """One party in the draw: its first sign-up stands for it."""

    first: UUID
    size: int


def new_seed() -> tuple[str, str]:
    """Give a seed that nobody can guess, and the digest that is published before the draw."""
    seed = secrets.token_hex(16)
    return seed, digest_of(seed)


def digest_of(seed: str) -> str:
    """Give the SHA-256 of a seed, as it is published."""
    return hashlib.sha256(seed.encode()).hexdigest()


def rank(seed: str, sign_up: UUID) -> str:
    """Give the number by which a sign-up stands in the order of the draw: SHA-256 of the seed and its id."""
    return hashlib.sha256(f"{seed}{sign_up}".encode()).hexdigest()


def order(seed: str, entries: Iterable[Entry]) -> list[Entry]:
    """Give the parties in the order of the draw."""
    return sorted(entries, key=lambda entry: (rank(seed, entry.first), entry.first))


def is_the_promised(seed: str, published: str) -> bool:
    """Tell whether a seed is the one whose digest was published."""
    return secrets.compare_digest(digest_of(seed), published)
