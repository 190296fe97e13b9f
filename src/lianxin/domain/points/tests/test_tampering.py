"""Whatever is done to the passbooks, the verifier that knows nothing of this program names the first bad line."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from lianxin.domain.points import ledger
from lianxin.domain.points.ledger import chain, sealing
from lianxin.domain.points.models import Account, Line, Seal
from lianxin.domain.points.queries.dump import dump_lines
from lianxin.domain.points.tests.factories import NOON, TODAY, LedgerBook, award, make_book
from lianxin.platform import keys, scope
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db
VERIFIER = Path(__file__).resolve().parents[5] / "tools" / "passbook_verifier.py"
Rows = list[dict[str, Any]]


class Told(list):
    """What the verifier printed, with how it ended."""

    ended: int


@pytest.fixture
def book(tmp_path: Path, settings: Any) -> Any:
    """A book with seven lines in each of two passbooks and two seals; its seals are copied outside."""
    settings.SEAL_COPY_DIR = tmp_path / "outside"
    keys.create_ring(at=NOON)
    with scope.everything():
        made = make_book(households=2)
        for number in range(7):
            for one in made.households:
                award(made, one, 10 + number)
            if number == 3:
                sealing.seal_book(book=made.id, at=NOON)
        ledger.post(
            ledger.Posting(
                book=made.id,
                kind="redeem",
                moves=[ledger.Move(made.households[0], made.shop, 25)],
                effective_on=TODAY,
                at=NOON,
                key=new_id(),
                note="两袋米",
            )
        )
        sealing.seal_book(book=made.id, at=NOON + timedelta(minutes=1))
        yield made


def verify(tmp_path: Path, rows: Rows | None = None, *, outside: bool = False, code: str = "") -> Told:
    """Write a dump and let the verifier read it, in a Python that knows no Lianxin."""
    file = tmp_path / "dump.jsonl"
    file.write_text("\n".join(dump_lines() if rows is None else map(json.dumps, rows)), encoding="utf-8")
    words = [sys.executable, "-I", str(VERIFIER), str(file)]
    if outside:
        for path in sorted((tmp_path / "outside").glob("points-*.jsonl")):
            words += ["--outside", str(path)]
    if code:
        words += ["--code", code]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert not done.stderr, done.stderr
    told = Told(done.stdout.splitlines())
    told.ended = done.returncode
    return told


def dumped() -> Rows:
    """Read the dump as rows."""
    return [json.loads(line) for line in dump_lines()]


def lines_of(rows: Rows, account: str) -> Rows:
    """Give the lines of one passbook in their order."""
    found = [row for row in rows if row["table"] == "line" and row["account"] == account]
    return sorted(found, key=lambda row: row["seq"])


def test_untouched_passbooks_are_all_equal(book: LedgerBook, tmp_path: Path) -> None:
    told = verify(tmp_path, outside=True, code=Seal.objects.latest("number").code)

    assert told.ended == 0
    assert told[-1].startswith("All equal: ")


def edit(rows: Rows, account: str) -> None:
    """Give more points in line 3, and in all balances after it."""
    for line in lines_of(rows, account)[2:]:
        line["delta"] += 5 if line["seq"] == 3 else 0
        line["balance_after"] += 5


def delete(rows: Rows, account: str) -> None:
    """Take line 3 out."""
    rows.remove(lines_of(rows, account)[2])


def insert(rows: Rows, account: str) -> None:
    """Put a line of one's own before line 3."""
    lines = lines_of(rows, account)
    rows.append(lines[2] | {"delta": 1, "balance_after": lines[1]["balance_after"] + 1})


def swap(rows: Rows, account: str) -> None:
    """Let lines 3 and 4 change places."""
    lines = lines_of(rows, account)
    lines[2]["seq"], lines[3]["seq"] = 4, 3


@pytest.mark.parametrize("tamper", [edit, delete, insert, swap])
def test_verifier_names_the_first_bad_line(
    book: LedgerBook, tmp_path: Path, tamper: Callable[[Rows, str], None]
) -> None:
    rows, account = dumped(), book.households[1].hex

    tamper(rows, account)

    told = verify(tmp_path, rows)
    assert told.ended == 1
    assert told[0].startswith(f"account {account} line 3:")


def test_cutting_off_the_last_line_is_seen_even_when_the_account_says_so_too(book: LedgerBook, tmp_path: Path) -> None:
    rows, account = dumped(), book.households[0].hex
    lines = lines_of(rows, account)
    rows.remove(lines[-1])
    told_of_lines = verify(tmp_path, rows)

    owner = next(row for row in rows if row["table"] == "account" and row["id"] == account)
    owner.update(seq=7, balance=lines[-2]["balance_after"], head=lines[-2]["hash"])

    told = verify(tmp_path, rows)
    assert told_of_lines[0].startswith(f"account {account} line 8: is missing")
    assert told.ended == 1
    assert f"transaction {lines[-1]['txn']}" in told[0]


def test_other_words_than_those_that_were_bound_are_seen_and_erased_ones_are_not_missed(
    book: LedgerBook, tmp_path: Path
) -> None:
    rows = dumped()
    note = next(row for row in rows if row["table"] == "note")
    without = [row for row in rows if row is not note]

    note["text"] = "三袋米"

    assert verify(tmp_path, rows)[0] == f"transaction {note['txn']}: its note is not what was hashed"
    assert verify(tmp_path, without).ended == 0


def test_database_rolled_back_to_yesterday_is_caught_by_seals_kept_outside_only(
    book: LedgerBook, tmp_path: Path
) -> None:
    yesterday = dumped()
    award(book, book.households[0], 99)
    sealing.seal_book(book=book.id, at=NOON + timedelta(minutes=2))
    code = Seal.objects.latest("number").code

    assert verify(tmp_path, yesterday).ended == 0
    told = verify(tmp_path, yesterday, outside=True)
    assert told.ended == 1
    assert "seal 3 kept outside" in told[0]
    assert verify(tmp_path, yesterday, code=code)[0].startswith(f"code {code}: no seal of the dump carries it")


def rebuild(rows: Rows, account: str) -> None:
    """Change line 3 and then everything that depends on it, signatures too: what somebody with the key could do."""
    txns = {row["id"]: row for row in rows if row["table"] == "txn"}
    owner = next(row for row in rows if row["table"] == "account" and row["id"] == account)
    lines = lines_of(rows, account)
    changed, prev, more = lines[2]["txn"], chain.GENESIS, 0
    budget = next(row for row in rows if row["table"] == "line" and row["txn"] == changed and row["delta"] < 0)
    for victim, first, extra in ((account, 3, 5), (budget["account"], budget["seq"], -5)):
        prev, more = chain.GENESIS, 0
        for line in lines_of(rows, victim):
            if line["seq"] == first:
                line["delta"] += extra
                more = extra
            line["balance_after"] += more
            txn = txns[line["txn"]]
            tail = "\n".join((txn["id"], txn["kind"], txn["effective_on"], "-", "-", txn["note_digest"] or "-"))
            line["prev_hash"] = prev.hex()
            prev = chain.line_hash(prev, owner["book"], victim, line["seq"], line["delta"], line["balance_after"], tail)
            line["hash"] = prev.hex()
        holder = next(row for row in rows if row["table"] == "account" and row["id"] == victim)
        holder.update(balance=holder["balance"] + extra, head=prev.hex())
    next(row for row in rows if row["table"] == "transfer" and row["txn"] == changed)["points"] += 5
    _seal_again(rows)


def _seal_again(rows: Rows) -> None:
    """Make all seals of a dump anew over what it now says, with the signing key."""
    sys.path.insert(0, str(VERIFIER.parent))
    import hashlib

    import passbook_verifier as tool

    tables: Any = {name: [] for name in ("account", "txn", "transfer", "line", "note", "seal", "sealed_txn", "key")}
    for row in rows:
        tables[row["table"]].append(row)
    dump, previous = tool.Dump(tables), ""
    numbers = {seal["id"]: json.loads(seal["text"].partition("\n")[2])["number"] for seal in tables["seal"]}
    for seal in sorted(tables["seal"], key=lambda row: numbers[row["id"]]):
        says = json.loads(seal["text"].partition("\n")[2])
        under = sorted((r for r in tables["sealed_txn"] if r["seal"] == seal["id"]), key=lambda row: row["position"])
        for row in under:
            row["leaf"] = tool.txn_leaf(
                dump.txns[row["txn"]], dump.transfers[row["txn"]], dump.lines_of_txn[row["txn"]]
            )
        says.update(
            entry_root=tool.merkle_root([row["leaf"] for row in under]),
            state_root=dump._state_root(says["book"], says["number"], numbers),
            previous=previous,
        )
        text = "lianxin seal 1\n" + json.dumps(says, sort_keys=True, separators=(",", ":"))
        seal["algorithm"], seal["key_id"], seal["signature"] = keys.sign(text.encode())
        seal.update(text=text, digest=hashlib.sha256(text.encode()).hexdigest())
        seal["code"] = chain.code_of(seal["digest"])
        previous = seal["digest"]


def test_history_rebuilt_with_right_hashes_and_the_key_is_caught_by_seals_kept_outside_only(
    book: LedgerBook, tmp_path: Path
) -> None:
    rows = dumped()
    code = Seal.objects.earliest("number").code

    rebuild(rows, book.households[0].hex)

    assert list(verify(tmp_path, rows)) == [list(verify(tmp_path, rows))[-1]]
    assert verify(tmp_path, rows).ended == 0
    told = verify(tmp_path, rows, outside=True)
    assert told.ended == 1
    assert "seal 1 kept outside" in told[0]
    assert verify(tmp_path, rows, code=code).ended == 1


def test_database_itself_refuses_to_change_a_line(book: LedgerBook) -> None:
    from django.db import DatabaseError, transaction

    for change in ("UPDATE points_line SET delta = delta + 1", "DELETE FROM points_line", "DELETE FROM points_txn"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    assert Line.objects.filter(account=book.households[0]).count() == 8
    assert Account.objects.get(pk=book.households[0]).balance == sum(range(10, 17)) - 25
