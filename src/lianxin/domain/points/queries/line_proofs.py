"""The proof of one passbook line: recomputed here, and with all that a household needs to check it elsewhere."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from lianxin.domain.points.ledger import chain, sealing
from lianxin.domain.points.models import Account, Line, Seal, SealedTxn, Transfer
from lianxin.domain.points.queries.seals import SealView, view_of
from lianxin.domain.points.queries.statements import find_account, open_passbook, reach
from lianxin.platform import merkle
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


@dataclass(frozen=True, slots=True)
class Proof:
    """A leaf, the path of neighbours to the root ("L…" or "R…"), and whether they come to the sealed root."""

    leaf: str
    path: list[str]
    root: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a whole passbook stood at its book's newest seal: its last sealed line, and the way up to that seal."""

    seal: SealView
    seq: int
    balance: int
    head: str
    text: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class LineProof:
    """A line, the text it is hashed from, and its way up to a signed seal.

    `transaction` leads to the seal of the line's transaction; without one it waits for the next minute's seal.
    `leaf_text` is what that leaf is hashed from, where no other household has a part in the transaction. Where one
    has, `standing` proves the same: line by line up to its head, and from there to the newest seal.
    """

    seq: int
    on: date
    posted_at: datetime
    delta: int
    balance_after: int
    text: str
    hash: str
    previous: str
    is_chained: bool
    txn: UUID
    seal: SealView | None
    transaction: Proof | None
    leaf_text: str
    standing: Standing | None

    @property
    def holds(self) -> bool:
        """Tell whether everything that can be checked by now agrees."""
        sealed = self.transaction is None or (self.transaction.holds and self.seal is not None and self.seal.is_signed)
        stands = self.standing is None or (self.standing.proof.holds and self.standing.seal.is_signed)
        return self.is_chained and sealed and stands


def verify_line(*, actor: Actor, seq: int, household: UUID | None = None, on: date, whole: bool = True) -> LineProof:
    """Prove one line of a passbook without showing anything of other households; raises Missing.

    Not `whole`, it is proved up to its seal, without the leaf's text and without where the whole passbook stood.
    """
    home = open_passbook(actor=actor, household=household, on=on)
    with reach(actor):
        account = find_account(home)
        if account is None:
            raise Missing
        line = Line.objects.filter(account=account, seq=seq).select_related("txn").first()
        if line is None:
            raise Missing
        before = Line.objects.filter(account=account, seq=seq - 1).first() if seq > 1 else None
        digest = line.txn.note_digest
        tail = chain.line_tail(
            txn=line.txn_id,
            kind=line.txn.kind,
            effective_on=line.txn.effective_on,
            rules=line.txn.rules_id,
            reverses=line.txn.reverses_id,
            note_digest=bytes(digest) if digest else None,
        )
        previous = bytes(line.prev_hash)
        hashed = chain.line_hash(
            previous, account.book_id.hex, account.pk.hex, line.seq, line.delta, line.balance_after, tail
        )
        follows = previous == (bytes(before.hash) if before else chain.GENESIS)
        balances = line.balance_after == (before.balance_after if before else 0) + line.delta
        sealed = SealedTxn.objects.filter(txn=line.txn_id).select_related("seal__book__community").first()
        return LineProof(
            seq=line.seq,
            on=line.txn.effective_on,
            posted_at=line.txn.posted_at,
            delta=line.delta,
            balance_after=line.balance_after,
            text=chain.line_text(
                previous, account.book_id.hex, account.pk.hex, line.seq, line.delta, line.balance_after, tail
            ),
            hash=bytes(line.hash).hex(),
            previous=previous.hex(),
            is_chained=hashed == bytes(line.hash) and follows and balances,
            txn=line.txn_id,
            seal=view_of(sealed.seal) if sealed else None,
            transaction=_transaction(sealed) if sealed else None,
            leaf_text=_leaf_text(line, account) if whole else "",
            standing=_standing(account) if whole else None,
        )


def _transaction(sealed: SealedTxn) -> Proof:
    leaves = list(SealedTxn.objects.filter(seal=sealed.seal_id).order_by("position").values_list("leaf", flat=True))
    [leaf] = sealing.leaves_of([sealed.txn])
    return _prove(leaves, sealed.position, sealed.seal.entry_root, leaf)


def _prove(leaves: list[str], index: int, root: str, leaf: str) -> Proof:
    """Give the path of a leaf, and walk it up from what was hashed just now."""
    path = merkle.path(leaves, index)
    return Proof(leaf=leaf, path=path, root=root, holds=merkle.root_from(leaf, path) == root)


def _leaf_text(line: Line, account: Account) -> str:
    """Give the text of the transaction's leaf unless it tells something of another household."""
    transfers = list(
        Transfer.objects.filter(txn=line.txn_id)
        .order_by("number")
        .values_list("number", "src_id", "dst_id", "points", "src_lot_on", "dst_lot_on")
    )
    lines = Line.objects.filter(txn=line.txn_id).order_by("account_id").values_list("account_id", "seq", "hash")
    touched = {pk for _number, src, dst, *_rest in transfers for pk in (src, dst)}
    own = (Account.Kind.HOUSEHOLD, Account.Kind.DEBT)
    others = Account.objects.filter(pk__in=touched, kind__in=own).exclude(owner=account.owner)
    return "" if others.exists() else chain.txn_text(line.txn, transfers, lines)


def _standing(account: Account) -> Standing | None:
    """Prove where the passbook stood at the newest seal; None when it has no sealed line, or a seal is just made."""
    seals = Seal.objects.filter(book=account.book_id).select_related("book__community").order_by("-number")
    seal = seals.first()
    if seal is None:
        return None
    places: dict[UUID, tuple[int, int, bytes]] = {
        pk: (seq, balance, bytes(head))
        for pk, seq, balance, head in Account.objects.filter(book=account.book_id, guarded=True, seq__gt=0).values_list(
            "pk", "seq", "balance", "head"
        )
    }
    # Read after the accounts: whoever has lines that no seal covers yet stood where the line before them says.
    unsealed = Line.objects.filter(txn__unsealed__book=account.book_id).order_by("account_id", "-seq")
    for row in unsealed:
        places[row.account_id] = (row.seq - 1, row.balance_after - row.delta, bytes(row.prev_hash))
    if seals.values_list("pk", flat=True).first() != seal.pk:
        return None
    sealed = sorted(pk for pk, (seq, _balance, _head) in places.items() if seq)
    if account.pk not in sealed:
        return None
    seq, balance, head = places[account.pk]
    leaves = [chain.state_leaf(pk, *places[pk]) for pk in sealed]
    index = sealed.index(account.pk)
    return Standing(
        seal=view_of(seal),
        seq=seq,
        balance=balance,
        head=head.hex(),
        text=chain.state_text(account.pk, seq, balance, head),
        proof=_prove(leaves, index, seal.state_root, leaves[index]),
    )
