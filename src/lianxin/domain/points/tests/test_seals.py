"""Seals and proofs: found by a printed code, proved for verify, and leading from one line to a signature."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from lianxin.domain.points import ledger
from lianxin.domain.points import wiring as rounds
from lianxin.domain.points.ledger import chain
from lianxin.domain.points.ledger.sealing import seal_book
from lianxin.domain.points.models import Account, Seal
from lianxin.domain.points.queries import line_proofs, seals
from lianxin.domain.points.tests.factories import NOON, TODAY
from lianxin.domain.points.tests.trust_factories import Street, make_street
from lianxin.platform import clock, keys, merkle, scope, tasks
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing
from lianxin.platform.ids import new_id

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(minutes=5)


@pytest.fixture
def street():  # type: ignore[no-untyped-def]
    with scope.everything():
        yield make_street()


def test_seal_is_found_by_its_code_however_it_is_typed(street: Street) -> None:
    street.award(0, 10)
    seal = seal_book(book=street.book.id, at=NOON)
    assert seal is not None

    found = seals.find_seal(f" {seal.code.lower().replace('-', ' ')} ")

    assert found is not None
    assert (found.number, found.is_signed, found.community_name) == (1, True, street.community.short_name)
    assert (found.households, found.points) == (1, 10)
    assert seals.find_seal("AAAA-AAAA-AAAA-AAAA") is None
    assert seals.find_seal("") is None


def test_sealed_books_are_proved(street: Street) -> None:
    street.award_many([(0, 10), (1, 20)])
    seal_book(book=street.book.id, at=NOON)
    street.spend(0, 4)
    seal_book(book=street.book.id, at=NOON)

    assert list(seals.check_seals(at=SOON)) == []


def test_account_opened_after_the_seal_is_no_difference(street: Street) -> None:
    street.award(0, 10)
    seal_book(book=street.book.id, at=NOON)

    ledger.household_account(book=street.book.id, community=street.community.pk, household=new_id(), at=NOON)

    assert list(seals.check_seals(at=SOON)) == []


def test_balance_changed_behind_the_ledger_is_found(street: Street) -> None:
    street.award(0, 10)
    seal_book(book=street.book.id, at=NOON)

    Account.objects.filter(pk=street.book.households[0]).update(balance=11)

    assert any("balances" in said for said in seals.check_seals(at=SOON))


def test_transaction_that_waits_too_long_is_named(street: Street) -> None:
    txn = street.award(0, 10).txn_id

    said = list(seals.check_seals(at=NOON + timedelta(minutes=11)))

    assert any(str(txn) in sentence for sentence in said)
    assert list(seals.check_seals(at=NOON + timedelta(minutes=9))) == []


def test_round_seals_once_and_gives_its_lease_back(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    street.award(0, 10)
    monkeypatch.setattr(clock, "now", lambda: NOON)
    for worker in ("one", "two"):
        rounds.seal(tasks.Running(id=new_id(), actor=Actor.system(), worker=worker, attempt=1))
    street.award(0, 10)

    rounds.seal(tasks.Running(id=new_id(), actor=Actor.system(), worker="two", attempt=1))

    assert list(Seal.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_line_is_proved_up_to_the_signature_without_this_program(street: Street) -> None:
    street.award_many([(0, 10), (1, 20), (2, 30)])
    street.spend(0, 4)
    street.award(1, 5)
    seal_book(book=street.book.id, at=NOON)

    proof = line_proofs.verify_line(actor=street.resident(0), seq=2, on=TODAY)

    assert proof.holds
    assert hashlib.sha256(proof.text.encode()).hexdigest() == proof.hash
    assert proof.transaction is not None
    assert proof.seal is not None
    assert hashlib.sha256(proof.leaf_text.encode()).hexdigest() == proof.transaction.leaf
    assert proof.hash in proof.leaf_text
    node = hashlib.sha256(b"\x00" + bytes.fromhex(proof.transaction.leaf)).digest()
    for step in proof.transaction.path:
        mate = bytes.fromhex(step[1:])
        node = hashlib.sha256(b"\x01" + (mate + node if step[0] == "L" else node + mate)).digest()
    assert f'"entry_root":"{node.hex()}"' in proof.seal.text
    assert keys.verify(proof.seal.text.encode(), proof.seal.algorithm, proof.seal.key_id, proof.seal.signature)
    assert chain.code_of(hashlib.sha256(proof.seal.text.encode()).hexdigest()) == proof.seal.code


def test_proof_of_a_shared_award_shows_nothing_of_the_neighbours(street: Street) -> None:
    street.award_many([(0, 10), (1, 20), (2, 30)])
    seal_book(book=street.book.id, at=NOON)

    proof = line_proofs.verify_line(actor=street.resident(0), seq=1, on=TODAY)

    assert proof.holds
    assert proof.leaf_text == ""
    shown = repr(proof)
    for place in (1, 2):
        assert street.book.households[place].hex not in shown
        assert str(street.homes[place].pk) not in shown


def test_whole_passbook_stands_under_the_newest_seal_whatever_waits_for_the_next(street: Street) -> None:
    street.award_many([(0, 10), (1, 20)])
    seal_book(book=street.book.id, at=NOON)
    street.award(0, 5)
    street.spend(0, 2)
    street.award(2, 7)

    proof = line_proofs.verify_line(actor=street.resident(0), seq=1, on=TODAY)

    assert proof.holds
    assert proof.standing is not None
    assert (proof.standing.seq, proof.standing.balance, proof.standing.head) == (1, 10, proof.hash)
    assert hashlib.sha256(proof.standing.text.encode()).hexdigest() == proof.standing.proof.leaf


def test_passbook_that_no_seal_covers_yet_stands_nowhere(street: Street) -> None:
    street.award(1, 20)
    seal_book(book=street.book.id, at=NOON)
    street.award(0, 10)

    proof = line_proofs.verify_line(actor=street.resident(0), seq=1, on=TODAY)

    assert (proof.standing, proof.seal, proof.holds) == (None, None, True)


def test_line_without_a_seal_says_so(street: Street) -> None:
    street.award(0, 10)

    proof = line_proofs.verify_line(actor=street.resident(0), seq=1, on=TODAY)

    assert (proof.seal, proof.transaction, proof.is_chained) == (None, None, True)


def test_line_of_the_neighbours_and_a_line_that_is_not_there_are_missing(street: Street) -> None:
    street.award(0, 10)

    with pytest.raises(Missing):
        line_proofs.verify_line(actor=street.resident(1), household=street.homes[0].pk, seq=1, on=TODAY)
    with pytest.raises(Missing):
        line_proofs.verify_line(actor=street.resident(0), seq=2, on=TODAY)


def test_proof_with_another_leaf_does_not_hold(street: Street) -> None:
    street.award(0, 10)
    street.award(0, 20)
    seal_book(book=street.book.id, at=NOON)
    proof = line_proofs.verify_line(actor=street.resident(0), seq=1, on=TODAY)
    assert proof.transaction is not None

    wrong = "00" * 32

    assert merkle.root_from(wrong, proof.transaction.path) != proof.transaction.root
    assert not replace(proof, is_chained=False).holds
