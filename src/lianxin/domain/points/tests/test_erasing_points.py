"""A person's name goes, the household's passbook stays whole; and the proofs find what is changed behind their back."""

import pytest
from django.db import connection, transaction

from lianxin.domain.people.commands import erasure as people_erasure
from lianxin.domain.people.commands import leaving, my_data
from lianxin.domain.people.events import PersonMerged
from lianxin.domain.people.models import ConsentReceipt, ConsentText
from lianxin.domain.people.tests.factories import load_register
from lianxin.domain.points.commands import awards, erasure, keeping
from lianxin.domain.points.models import CapCounter, Claim, HonourEntry, HonourRoll, TxnNote
from lianxin.domain.points.queries import checks
from lianxin.domain.points.tests.life_factories import all_agree
from lianxin.domain.points.tests.rules_factories import AT, SYSTEM, TODAY, Town, item, make_town
from lianxin.platform import append_only, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return make_town(item(caps=[("person", "month", 40), ("household", "year", 400)]))


def award(town: Town, place: int = 0, *, note: str = "", quantity: int = 1) -> Claim:
    """Give the head of a household points."""
    return awards.award(
        actor=town.staff,
        person=town.heads[place].pk,
        item="help",
        quantity=quantity,
        done_on=TODAY,
        evidence="照片",
        note=note,
        at=AT,
    )


def every_proof() -> list[str]:
    """All differences of all checks."""
    named = (
        checks.balances_agree,
        checks.chains_hold,
        checks.claims_agree,
        checks.counters_agree,
        checks.caps_hold,
        checks.derived_balances_agree,
        checks.periods_agree,
        checks.passbooks_agree,
        checks.facts_agree,
    )
    return [sentence for check in named for sentence in check()]


def erase(town: Town, place: int = 0) -> None:
    """Let a head move out and the record be erased."""
    leaving.record_move_out(actor=SYSTEM, person=town.heads[place].pk, on=TODAY, at=AT)
    people_erasure.erase_person(actor=SYSTEM, person=town.heads[place].pk, ground="asked for by the person", at=AT)


def test_name_and_words_go_and_the_chain_stays_whole(town: Town) -> None:
    claim, other = award(town, note="陈一扶老人回家"), award(town, 1, note="陈二值班")
    balance = town.balance()

    erase(town)

    with scope.everything():
        claim.refresh_from_db()
        assert (claim.person_id, claim.evidence, claim.note) == (None, "", "")
        assert not TxnNote.objects.filter(txn=claim.txn_id).exists()
        assert TxnNote.objects.filter(txn=other.txn_id).exists()
    assert town.balance() == balance
    assert every_proof() == []


def test_a_note_about_others_too_stays(town: Town) -> None:
    lines = [awards.Award(None, head.pk, "help", 1, TODAY, "照片", "清洁日") for head in (town.heads[0], town.heads[1])]
    given = awards.award_list(actor=town.staff, awards=lines, at=AT)

    erase(town)

    with scope.everything():
        assert given[0].txn_id == given[1].txn_id
        assert TxnNote.objects.filter(txn=given[0].txn_id).exists()


def test_a_name_shown_by_consent_is_masked_on_the_roll(town: Town) -> None:
    load_register()
    head = town.heads[0]
    with scope.everything(), transaction.atomic():
        receipt = ConsentReceipt.objects.create(
            community=town.community,
            person=head,
            text=ConsentText.objects.order_by("pk").first(),
            given_at=AT,
            by="self",
            how="paper",
        )
        roll = HonourRoll.objects.create(
            community=town.community,
            book=town.book,
            title="一季度",
            starts_on=TODAY,
            ends_on=TODAY,
            size=3,
            drawn_at=AT,
            signed_text=f"1 {head.name} 5",
        )
        HonourEntry.objects.create(
            roll=roll, position=1, household=town.households[0], points=5, shown_as=head.name, receipt=receipt.pk
        )

    erase(town)

    with scope.everything():
        assert HonourEntry.objects.get().shown_as == "陈*"


def test_a_person_gets_what_is_on_record(town: Town) -> None:
    award(town, note="扶老人")

    given = my_data.export_my_data(actor=SYSTEM, person=town.heads[0].pk, at=AT)["data"]["points"]

    assert [(row["points"], row["evidence"]) for row in given["claims"]] == [(5, "照片")]
    assert given["household_points"][0]["balance"] == 5


def test_two_records_of_one_person_become_one(town: Town) -> None:
    award(town, quantity=2)
    award(town, 1)
    event = PersonMerged(town.heads[0].pk, town.heads[1].pk, town.community.pk)

    with transaction.atomic():
        erasure.follow_person_merge(event, actor=SYSTEM, at=AT)

    with scope.everything():
        assert set(Claim.objects.values_list("person_id", flat=True)) == {town.heads[1].pk}
        assert not CapCounter.objects.filter(subject=town.heads[0].pk).exists()
    assert every_proof() == []


def test_words_are_forgotten_after_their_time(town: Town) -> None:
    claim = award(town)

    early = keeping.forget_evidence(AT)
    late = keeping.forget_evidence(AT.replace(year=2030))

    with scope.everything():
        claim.refresh_from_db()
    assert (early, late, claim.evidence) == (0, 1, "")


def test_award_taken_back_leaves_all_proofs_equal(town: Town) -> None:
    claim = award(town, quantity=3)
    award(town, 1)

    awards.take_back(actor=town.colleague, claim=claim.pk, reason="记错了", at=AT)

    assert every_proof() == []
    all_agree()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE points_account SET balance = balance + 1 WHERE kind = 'household' AND balance > 0", "lines add up"),
        ("UPDATE points_claim SET points = points - 1 WHERE points > 0", "claims say"),
        ("UPDATE points_capcounter SET used = used - 1 WHERE used > 0", "counter"),
        ("UPDATE points_lot SET remaining = remaining - 1 WHERE remaining > 0", "lots hold"),
        ("UPDATE points_account SET head = %s WHERE kind = 'household' AND seq > 0", "last line"),
        ("DELETE FROM platform_fact WHERE measure = 'points_awarded'", "facts say"),
    ],
)
def test_change_behind_the_programs_back_is_named(town: Town, change: str, named: str) -> None:
    award(town, quantity=2)
    assert every_proof() == []

    with connection.cursor() as cursor, scope.everything():
        if "platform_fact" in change:
            with transaction.atomic(), append_only.retention("platform_fact"):
                cursor.execute("DELETE FROM platform_factpending")
                cursor.execute(change)
        else:
            cursor.execute(change, [b"\x01" * 32] if "%s" in change else [])

    assert any(named in sentence for sentence in every_proof())
