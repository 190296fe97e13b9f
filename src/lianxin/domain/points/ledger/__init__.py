"""The ledger kernel: six functions, and nothing else writes its tables.

    post      move points between accounts of one book, with lines, lots and hashes
    hold      keep points of households aside
    capture   let held points move
    release   give held points back
    reverse   undo a transaction by its mirror image (take_back: a household's part of one)
    close     end a period with a signed record that all was equal

Every function runs inside a command's transaction; when one raises, the whole transaction must be rolled back. Lock
order: period (shared) → transaction key → accounts by id; caps and stock come after. A key sent again with the same
request gives what the first sender got; with another it is refused.
"""

from .accounts import (
    AccountRow,
    hand_to_community,
    household_account,
    lock_accounts,
    open_accounts,
    read_locked,
    set_state,
    system_account,
)
from .closing import close
from .errors import (
    AccountNotOpen,
    AlreadyReversed,
    HoldEnded,
    LedgerRefused,
    NoOpenPeriod,
    NotEnoughPoints,
    PeriodClosed,
)
from .holds import HoldWanted, capture, hold, release
from .posting import post
from .requests import Move, Posted, Posting
from .reversing import Part, reverse, take_back

__all__ = [
    "AccountNotOpen",
    "AccountRow",
    "AlreadyReversed",
    "HoldEnded",
    "HoldWanted",
    "LedgerRefused",
    "Move",
    "NoOpenPeriod",
    "NotEnoughPoints",
    "Part",
    "PeriodClosed",
    "Posted",
    "Posting",
    "capture",
    "close",
    "hand_to_community",
    "hold",
    "household_account",
    "lock_accounts",
    "open_accounts",
    "post",
    "read_locked",
    "release",
    "reverse",
    "set_state",
    "system_account",
    "take_back",
]
