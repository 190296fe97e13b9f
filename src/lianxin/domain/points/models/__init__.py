"""Tables of points; one file per noun."""

from .books import Account, BalanceSnapshot, Book, Period
from .claims import Claim, DeclaredRelative
from .honours import HonourEntry, HonourOptOut, HonourRoll
from .ledger import Hold, Line, Lot, Seal, SealedTxn, Transfer, Txn, TxnNote, UnsealedTxn
from .notices import Notice, NoticeLine, Objection
from .passbooks import ExpiryWarning, Passbook, TakeOver, TakeOverLine
from .rules import Budget, CapCounter, RuleCap, RuleItem, RulesDraft, RulesEnd, RulesVersion

__all__ = [
    "Account",
    "BalanceSnapshot",
    "Book",
    "Budget",
    "CapCounter",
    "Claim",
    "DeclaredRelative",
    "ExpiryWarning",
    "Hold",
    "HonourEntry",
    "HonourOptOut",
    "HonourRoll",
    "Line",
    "Lot",
    "Notice",
    "NoticeLine",
    "Objection",
    "Passbook",
    "Period",
    "RuleCap",
    "RuleItem",
    "RulesDraft",
    "RulesEnd",
    "RulesVersion",
    "Seal",
    "SealedTxn",
    "TakeOver",
    "TakeOverLine",
    "Transfer",
    "Txn",
    "TxnNote",
    "UnsealedTxn",
]
