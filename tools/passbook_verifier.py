"""Prove a dump of passbooks without the program that wrote it.

    python tools/passbook_verifier.py DUMP.jsonl [--outside seals.jsonl ...] [--code K7Q2-... ...]

Needs Python and `cryptography` only; it imports nothing of Lianxin, so that an auditor can read all of it. DUMP is
what `lianxin passbooks dump` writes: one JSON object a line with "table" and the columns. `--outside` names files of
seals that were kept outside the database; `--code` a code that was printed on a notice or receipt. Prints each
difference, the first bad line first, and ends with 1 when there is one. What is hashed is in docs/passbook-format.md.
"""

import argparse
import base64
import gzip
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

GENESIS = "0" * 64
Row = dict[str, Any]
Tables = dict[str, list[Row]]


def sha(text: str) -> str:
    """Hash a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(path: Path) -> Tables:
    """Read a dump by table."""
    tables: Tables = defaultdict(list)
    packed = path.read_bytes()
    text = gzip.decompress(packed) if path.suffix == ".gz" else packed
    for line in text.decode().splitlines():
        row = json.loads(line)
        tables[row.pop("table")].append(row)
    return tables


def or_dash(value: Any) -> str:
    """Write a field; a dash stands for nothing."""
    return str(value) if value not in (None, "") else "-"


def merkle_root(leaves: list[str]) -> str:
    """Give the Merkle root as RFC 6962 builds it; a single node at the end of a level goes up as it is."""
    if not leaves:
        return sha("")
    level = [hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest() for leaf in leaves]
    while len(level) > 1:
        above = [hashlib.sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = above + ([level[-1]] if len(level) % 2 else [])
    return level[0].hex()


def line_hash(prev: str, book: str, line: Row, txn: Row) -> str:
    """Hash one passbook line as it was written."""
    return sha(
        "\n".join(
            (
                "lianxin line 1",
                prev,
                book,
                line["account"],
                str(line["seq"]),
                str(line["delta"]),
                str(line["balance_after"]),
                txn["id"],
                txn["kind"],
                txn["effective_on"],
                or_dash(txn["rules"]),
                or_dash(txn["reverses"]),
                or_dash(txn["note_digest"]),
            )
        )
    )


def txn_leaf(txn: Row, transfers: list[Row], lines: list[Row]) -> str:
    """Hash a transaction with its transfers and lines."""
    fields = ("id", "book", "period", "kind", "effective_on", "posted_at", "by", "via", "source_kind", "source_id")
    text = ["lianxin txn 1", *(or_dash(txn[name]) for name in (*fields, "rules", "reverses", "note_digest"))]
    for one in sorted(transfers, key=lambda row: row["number"]):
        lots = f"{or_dash(one['src_lot_on'])} {or_dash(one['dst_lot_on'])}"
        text.append(f"{one['number']} {one['src']} {one['dst']} {one['points']} {lots}")
    text += [f"{one['account']} {one['seq']} {one['hash']}" for one in sorted(lines, key=lambda row: row["account"])]
    return sha("\n".join(text))


class Dump:
    """One dump, with its rows by what they hang on."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.txns = {row["id"]: row for row in tables["txn"]}
        self.accounts = {row["id"]: row for row in tables["account"]}
        self.lines: dict[str, list[Row]] = defaultdict(list)
        self.lines_of_txn: dict[str, list[Row]] = defaultdict(list)
        for row in tables["line"]:
            self.lines[row["account"]].append(row)
            self.lines_of_txn[row["txn"]].append(row)
        self.transfers: dict[str, list[Row]] = defaultdict(list)
        for row in tables["transfer"]:
            self.transfers[row["txn"]].append(row)
        self.sealed = {row["txn"]: row for row in tables["sealed_txn"]}
        self.keys = {row["id"]: row for row in tables["key"]}

    def check(self, outside: list[Row], codes: list[str]) -> Iterator[str]:
        """Give every difference, lines first."""
        yield from self.check_lines()
        yield from self.check_transfers()
        yield from self.check_notes()
        yield from self.check_seals()
        yield from self.check_outside(outside, codes)

    def check_lines(self) -> Iterator[str]:
        """Follow the chain of each account from its first line to its balance; names its first bad line."""
        for account in sorted({*self.accounts, *self.lines}):
            row = self.accounts.get(account)
            if row is None:
                yield f"account {account}: has lines but does not exist"
                continue
            if fault := self._first_fault(row, sorted(self.lines[account], key=lambda line: line["seq"])):
                yield f"account {account} {fault}"

    def _first_fault(self, account: Row, lines: list[Row]) -> str:
        prev, balance = GENESIS, 0
        for expected, line in enumerate(lines, start=1):
            at = f"line {line['seq']}:"
            if line["seq"] < expected:
                return f"{at} is there twice"
            if line["seq"] > expected:
                return f"line {expected}: is missing"
            txn = self.txns.get(line["txn"])
            if txn is None:
                return f"{at} belongs to no transaction"
            if line["prev_hash"] != prev:
                return f"{at} does not follow the line before"
            balance += line["delta"]
            if line["balance_after"] != balance:
                return f"{at} says balance {line['balance_after']}, the lines come to {balance}"
            if line_hash(prev, account["book"], line, txn) != line["hash"]:
                return f"{at} is not what was hashed"
            prev = line["hash"]
        if account["guarded"] and (account["balance"], account["seq"], account["head"]) != (balance, len(lines), prev):
            says = f"the account says {account['balance']} points after {account['seq']} lines"
            return f"line {len(lines) + 1}: is missing: {says}"
        return ""

    def check_transfers(self) -> Iterator[str]:
        """Compare what each transaction moved with the lines it wrote."""
        for pk in sorted({*self.txns, *self.transfers}):
            moved: dict[str, int] = defaultdict(int)
            for one in self.transfers[pk]:
                if one["points"] <= 0 or one["src"] == one["dst"]:
                    yield f"transaction {pk}: transfer {one['number']} moves nothing"
                moved[one["src"]] -= one["points"]
                moved[one["dst"]] += one["points"]
            written = {line["account"]: line["delta"] for line in self.lines_of_txn[pk]}
            wanted = {
                account: points
                for account, points in moved.items()
                if points and self.accounts.get(account, {}).get("guarded")
            }
            if written != wanted:
                account = min(set(written.items()) ^ set(wanted.items()))[0]
                yield f"transaction {pk}: its transfers and its line of account {account} differ"

    def check_notes(self) -> Iterator[str]:
        """Compare the words that are still there with their digests; erased ones are nobody's loss."""
        for note in self.tables["note"]:
            digest = sha(f"lianxin note 1\n{note['salt']}\n{note['text']}")
            if self.txns.get(note["txn"], {}).get("note_digest") != digest:
                yield f"transaction {note['txn']}: its note is not what was hashed"

    def check_seals(self) -> Iterator[str]:
        """Prove signatures, order, entries and the standing of all accounts at each seal."""
        books: dict[str, list[Row]] = defaultdict(list)
        for seal in self.tables["seal"]:
            books[json.loads(seal["text"].partition("\n")[2])["book"]].append(seal)
        for book, seals in sorted(books.items()):
            previous = ""
            said = sorted(
                ((json.loads(seal["text"].partition("\n")[2]), seal) for seal in seals), key=lambda s: s[0]["number"]
            )
            for expected, (says, seal) in enumerate(said, start=1):
                name = f"book {book} seal {says['number']}:"
                if says["number"] != expected or says["previous"] != previous:
                    yield f"{name} does not follow the seal before"
                if fault := self.signature_fault(seal):
                    yield f"{name} {fault}"
                yield from (f"{name} {fault}" for fault in self._entry_faults(seal, says))
                if (
                    self._state_root(book, expected, {row[1]["id"]: row[0]["number"] for row in said})
                    != says["state_root"]
                ):
                    yield f"{name} balances were others when it was made"
                previous = seal["digest"]

    def signature_fault(self, seal: Row) -> str:
        """Say what is wrong with a seal's digest, code or signature."""
        text = seal["text"].encode()
        if hashlib.sha256(text).hexdigest() != seal["digest"]:
            return "is not what was signed"
        letters = base64.b32encode(bytes.fromhex(seal["digest"])[:10]).decode()
        if "-".join(letters[at : at + 4] for at in range(0, 16, 4)) != seal["code"]:
            return "carries a code that is not its own"
        key = self.keys.get(seal["key_id"])
        if key is None or seal["algorithm"] != "ed25519":
            return f"is signed by an unknown key or algorithm ({seal['key_id']}, {seal['algorithm']})"
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(key["public"])).verify(
                bytes.fromhex(seal["signature"]), text
            )
        except InvalidSignature:
            return "has a signature that does not hold"
        return ""

    def _entry_faults(self, seal: Row, says: Row) -> Iterator[str]:
        under = sorted(
            (row for row in self.sealed.values() if row["seal"] == seal["id"]), key=lambda row: row["position"]
        )
        leaves = []
        for expected, row in enumerate(under):
            txn = self.txns.get(row["txn"])
            if row["position"] != expected or txn is None:
                yield f"transaction {row['txn']} at position {row['position']} is missing"
                return
            leaf = txn_leaf(txn, self.transfers[row["txn"]], self.lines_of_txn[row["txn"]])
            if leaf != row["leaf"]:
                yield f"transaction {row['txn']} is not what was sealed"
            leaves.append(leaf)
        if len(leaves) != says["txns"] or merkle_root(leaves) != says["entry_root"]:
            yield "its transactions are not those that were sealed"

    def _state_root(self, book: str, number: int, numbers: dict[str, int]) -> str:
        """Work out where all accounts of a book stood when its n-th seal was made."""
        leaves = []
        for account in sorted(self.accounts):
            row = self.accounts[account]
            if row["book"] != book or not row["guarded"]:
                continue
            there = [
                line
                for line in self.lines[account]
                if line["txn"] in self.sealed
                and numbers.get(self.sealed[line["txn"]]["seal"], 0) in range(1, number + 1)
            ]
            if there:
                last = max(there, key=lambda line: line["seq"])
                text = f"lianxin state 1\n{account}\n{last['seq']}\n{last['balance_after']}\n{last['hash']}"
                leaves.append(sha(text))
        return merkle_root(leaves)

    def check_outside(self, outside: list[Row], codes: list[str]) -> Iterator[str]:
        """Look for seals kept outside and for printed codes: a history that was rolled back or rebuilt lacks them."""
        digests = {seal["digest"] for seal in self.tables["seal"]}
        for seal in outside:
            says = json.loads(seal["text"].partition("\n")[2])
            name = f"book {says['book']} seal {says['number']} kept outside ({seal['code']}):"
            if fault := self.signature_fault(seal):
                yield f"{name} {fault}"
            elif seal["digest"] not in digests:
                yield f"{name} is not in the dump: the books were rolled back or rebuilt"
        known = {seal["code"] for seal in self.tables["seal"]}
        for code in codes:
            if code.strip().upper() not in known:
                yield f"code {code}: no seal of the dump carries it: the books were rolled back or rebuilt"


def main() -> int:
    """Read the command line, print differences, tell by the exit status whether there were any."""
    asked = argparse.ArgumentParser(description="Prove a dump of passbooks.")
    asked.add_argument("dump", type=Path)
    asked.add_argument("--outside", type=Path, action="append", default=[])
    asked.add_argument("--code", action="append", default=[])
    given = asked.parse_args()
    dump = Dump(read(given.dump))
    outside = [json.loads(line) for path in given.outside for line in path.read_text(encoding="utf-8").splitlines()]
    faults = 0
    for fault in dump.check(outside, given.code):
        faults += 1
        print(fault)
    counted = ", ".join(f"{len(dump.tables[name])} {name}s" for name in ("account", "line", "txn", "seal"))
    print(f"{faults} differences in {counted}." if faults else f"All equal: {counted}.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
