"""What this module gives to a person who asks for the data on record, and what it forgets when a record is erased."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people.events import ConsentWithdrawn, PersonErased, PersonMerged
from lianxin.domain.people.models import ConsentReceipt, HouseholdMembership, Person
from lianxin.domain.points.commands.honour_rolls import PURPOSE, forget_receipts
from lianxin.domain.points.models import (
    Account,
    CapCounter,
    Claim,
    HonourEntry,
    Line,
    Objection,
    Passbook,
    Txn,
    TxnNote,
)
from lianxin.platform import scope
from lianxin.platform.actors import Actor

NO_WORDS = "—"


def export_rows(person_id: UUID) -> dict[str, Any]:
    """Give what this module holds about a person: own claims and objections, and the passbook of the household."""
    person = Person.objects.get(pk=person_id)
    claims = Claim.objects.filter(person=person).select_related("item").order_by("done_on", "pk")
    objections = Objection.objects.filter(person=person).order_by("raised_at", "pk")
    receipts = ConsentReceipt.objects.filter(person=person).values("pk")
    # A household that came from another community has passbooks there too.
    with scope.everything():
        books = list(Passbook.objects.filter(household=person.household_id).order_by("issued_on", "pk"))
        accounts = Account.objects.filter(kind=Account.Kind.HOUSEHOLD, owner=person.household_id)
        balances = list(accounts.order_by("opened_at", "pk").values("balance", "earned", "spent", "state"))
    return {
        "claims": [
            {
                "what": claim.item.title if claim.item else claim.act_kind,
                "quantity": claim.quantity,
                "done_on": claim.done_on,
                "points": claim.points,
                "state": claim.state,
                "reason": claim.reason,
                "evidence": claim.evidence,
                "note": claim.note,
            }
            for claim in claims
        ],
        "objections": list(objections.values("text", "raised_at", "state", "answer", "decided_at")),
        "household_passbooks": [
            {"number": book.number, "state": book.state, "issued_on": book.issued_on} for book in books
        ],
        "household_points": balances,
        "honour_rolls": list(
            HonourEntry.objects.filter(receipt__in=receipts)
            .order_by("roll__starts_on", "pk")
            .values("roll__title", "shown_as", "points")
        ),
    }


def follow_erasure(event: PersonErased, *, actor: Actor, at: datetime) -> None:
    """Mask the person's name where it was shown by consent, while the consents are still on record."""
    person = Person.objects.get(pk=event.person)
    receipts = list(ConsentReceipt.objects.filter(person=person).values_list("pk", flat=True))
    with scope.everything():
        forget_receipts(receipts)


def follow_withdrawal(event: ConsentWithdrawn, *, actor: Actor, at: datetime) -> None:
    """Mask a name on honour rolls whose bearer no longer agrees to be named."""
    if event.purpose == PURPOSE:
        with scope.everything():
            receipts = ConsentReceipt.objects.filter(person=event.person, text__purpose=PURPOSE)
            forget_receipts(list(receipts.values_list("pk", flat=True)))


def preview_withdrawal(event: ConsentWithdrawn) -> list[str]:
    """Tell on how many honour rolls a name is masked."""
    if event.purpose != PURPOSE:
        return []
    with scope.everything():
        receipts = ConsentReceipt.objects.filter(person=event.person, text__purpose=PURPOSE)
        count = HonourEntry.objects.filter(receipt__in=receipts.values("pk")).count()
    return [_("The name is masked on %(count)d honour rolls.") % {"count": count}] if count else []


def preview_erasure(event: PersonErased) -> list[str]:
    """Tell what is forgotten and what stays of somebody's points."""
    with scope.everything():
        claims = Claim.objects.filter(person=event.person).count()
        objections = Objection.objects.filter(person=event.person).count()
    told = []
    if claims:
        told.append(
            _("%(count)d entries of points stay in the passbook of the household without this person's name.")
            % {"count": claims}
        )
    if objections:
        told.append(_("The words of %(count)d objections are removed.") % {"count": objections})
    return told


def erase_rows(person_id: UUID, actor: Actor, at: datetime) -> list[str]:
    """Forget who earned, the words about it and the words of objections; the chain of the passbook stays whole."""
    with scope.everything():
        claims = Claim.objects.filter(person=person_id)
        kept = claims.exists()
        TxnNote.objects.filter(txn__in=_txns_about(person_id)).delete()
        claims.update(person=None, evidence="", note="")
        Objection.objects.filter(person=person_id).update(person=None, text=NO_WORDS)
    if not kept:
        return []
    return [_("Points and lines of the household's passbook, without a name, because its balance rests on them.")]


def _txns_about(person: UUID) -> set[UUID]:
    """Find the transactions whose words are about this person alone: those of own claims, and those of a household
    in which nobody else is on record."""
    claims = list(Claim.objects.filter(person=person).values_list("pk", "txn_id"))
    own = {txn for _claim, txn in claims if txn}
    shared = Claim.objects.filter(txn__in=own).exclude(person=person).values_list("txn_id", flat=True)
    found = own - set(shared)
    found |= set(Txn.objects.filter(reverses__in=found).values_list("pk", flat=True))
    found |= set(Txn.objects.filter(source_id__in=[claim for claim, _txn in claims]).values_list("pk", flat=True))
    homes = set(HouseholdMembership.objects.filter(person=person).values_list("household_id", flat=True))
    others = HouseholdMembership.objects.filter(household__in=homes).exclude(person=person)
    alive = set(others.exclude(person__state=Person.State.ERASED).values_list("household_id", flat=True))
    accounts = Account.objects.filter(owner__in=homes - alive, kind__in=["household", "debt"])
    lines = Line.objects.filter(account__in=accounts).values_list("txn_id", flat=True)
    alone = set(lines)
    with_others = Line.objects.filter(txn__in=alone, account__kind__in=["household", "debt"])
    return found | (alone - set(with_others.exclude(account__in=accounts).values_list("txn_id", flat=True)))


def follow_person_merge(event: PersonMerged, *, actor: Actor, at: datetime) -> None:
    """Let the claims and objections of a record that was the same person stand under the one that stays."""
    with scope.everything():
        Claim.objects.filter(person=event.merged).update(person=event.into)
        for counter in CapCounter.objects.filter(subject=event.merged):
            _add_counter(counter, event.into)
        Objection.objects.filter(person=event.merged).update(person=event.into)


def _add_counter(counter: CapCounter, person: UUID) -> None:
    """Count what one record had of a cap to the other; both together may have had more than the cap."""
    there = CapCounter.objects.filter(
        book=counter.book_id, code=counter.code, subject=person, window=counter.window
    ).first()
    if there is None:
        CapCounter.objects.filter(pk=counter.pk).update(subject=person)
        return
    used = there.used + counter.used
    CapCounter.objects.filter(pk=there.pk).update(used=used, cap=max(there.cap, used))
    counter.delete()


def preview_person_merge(event: PersonMerged) -> list[str]:
    """Tell how many entries go to the record that stays."""
    with scope.everything():
        count = Claim.objects.filter(person=event.merged).count()
    return [_("%(count)d entries of points go with it.") % {"count": count}] if count else []
