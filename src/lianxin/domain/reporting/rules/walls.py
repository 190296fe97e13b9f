"""How a wall screen's address is kept, and for how long it may be good."""

import hashlib

USUAL_DAYS, MOST_DAYS = 365, 1100
LONGEST_NAME = 60


def digest_of(token: str) -> str:
    """Give what is kept of a token: it has 130 random bits, so its digest needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
