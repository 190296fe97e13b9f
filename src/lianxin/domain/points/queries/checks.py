"""What `verify` asks about points: each check yields a sentence for every difference it finds."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import F, Q, Sum

from lianxin.domain.points.ledger import chain, closing, proofs
from lianxin.domain.points.models import Account, CapCounter, Claim, Line, Lot, Passbook, Period, TakeOverLine, Txn
from lianxin.domain.points.queries import measures
from lianxin.domain.points.rules import windows
from lianxin.platform import keys, scope
from lianxin.platform.models import Fact

AT_MOST = 20


def balances_agree() -> Iterable[str]:
    """Every stored balance equals its lines, lots, live holds and transfers."""
    with scope.everything():
        yield from closing.list_differences()
        for pk in Lot.objects.filter(Q(remaining__lt=0) | Q(remaining__gt=F("granted"))).values_list("pk", flat=True):
            yield f"lot {pk} holds less than nothing, or more than it was given"


def chains_hold() -> Iterator[str]:
    """Every line of every passbook is chained to the one before by the hash of what it says."""
    with scope.everything():
        tails: dict[UUID, str] = {}
        rows = Line.objects.order_by("account_id", "seq").select_related("txn", "account")
        account, head, seq, balance = None, chain.GENESIS, 0, 0
        for line in rows.iterator(chunk_size=2000):
            if line.account_id != account:
                account, head, seq, balance = line.account_id, chain.GENESIS, 0, 0
            seq += 1
            balance += line.delta
            if len(tails) > 5000:
                tails.clear()
            tail = tails.get(line.txn_id)
            if tail is None:
                tail = tails[line.txn_id] = _tail(line.txn)
            book, owner = line.account.book_id.hex, line.account_id.hex
            hashed = chain.line_hash(head, book, owner, line.seq, line.delta, line.balance_after, tail)
            if line.seq != seq or bytes(line.prev_hash) != head or bytes(line.hash) != hashed:
                yield f"line {line.seq} of account {line.account_id} does not follow from the one before"
            elif line.balance_after != balance:
                yield f"line {line.seq} of account {line.account_id} says {line.balance_after}, its lines say {balance}"
            head, seq = bytes(line.hash), line.seq
        heads = Line.objects.filter(account=F("account__pk"), seq=F("account__seq")).exclude(hash=F("account__head"))
        for pk in heads.values_list("account_id", flat=True)[:AT_MOST]:
            yield f"account {pk} does not end in its last line"


def _tail(txn: Txn) -> str:
    return chain.line_tail(
        txn=txn.pk,
        kind=txn.kind,
        effective_on=txn.effective_on,
        rules=txn.rules_id,
        reverses=txn.reverses_id,
        note_digest=None if txn.note_digest is None else bytes(txn.note_digest),
    )


def claims_agree() -> Iterable[str]:
    """Every award in the ledger is that of its claims, household by household; what was taken back was so once."""
    with scope.everything():
        yield from proofs.list_claim_differences()
        corrections = Txn.objects.filter(kind=Txn.Kind.REVERSAL)
        parts = set(corrections.filter(source_kind="points.claim").values_list("source_id", flat=True))
        wholes = set(corrections.filter(reverses__isnull=False).values_list("reverses_id", flat=True))
        with_points = Claim.objects.filter(txn__isnull=False)
        for pk, txn_id, state in with_points.values_list("pk", "txn_id", "state").iterator(chunk_size=5000):
            if (state == Claim.State.REVERSED) != (pk in parts or txn_id in wholes):
                yield f"claim {pk} is {state}, the ledger says otherwise"


def counters_agree() -> Iterable[str]:
    """Every counter of a cap holds the points of its claims, and no more than the cap."""
    with scope.everything():
        rows = CapCounter.objects.values_list("book_id", "code", "subject", "window", "used")
        used = {(book, code, subject, window): points for book, code, subject, window, points in rows}
        given = dict.fromkeys(used, 0)
        claims = Claim.objects.filter(state=Claim.State.AWARDED, item__isnull=False).order_by()
        grouped = claims.values_list("book_id", "item__code", "household_id", "subject", "person_id", "done_on")
        for book, code, household, subject, person, on, points in grouped.annotate(total=Sum("points")):
            # Of somebody whose record was erased only the subject is left.
            who = person or (subject if subject != household else None)
            for name in windows.windows_of(on).values():
                for whom in {household, who, book} - {None}:
                    if (book, code, whom, name) in given:
                        given[book, code, whom, name] += points
        wrong = [(key, points) for key, points in used.items() if points != given[key]]
        for (book, code, subject, window), points in wrong[:AT_MOST]:
            yield (
                f"counter {code} {window} of {subject} in book {book} says {points}, "
                f"claims say {given[book, code, subject, window]}"
            )


def caps_hold() -> Iterable[str]:
    """No counter passes its cap."""
    with scope.everything():
        for pk in CapCounter.objects.filter(used__gt=F("cap")).values_list("pk", flat=True)[:AT_MOST]:
            yield f"counter {pk} is above its cap"


def derived_balances_agree() -> Iterable[str]:
    """What was kept at each closing is what moved; between communities nothing is under way."""
    with scope.everything():
        yield from proofs.list_derived_differences()


def periods_agree() -> Iterable[str]:
    """The record of every closed period is signed and says what its transactions come to."""
    with scope.everything():
        for period in Period.objects.filter(state=Period.State.CLOSED).order_by("pk"):
            text = closing.text_of(period.record)
            if not keys.verify(text, period.algorithm, period.key_id, period.signature):
                yield f"the record of period {period.pk} is not what was signed"
            if closing.by_kind(period.pk) != period.record.get("by_kind"):
                yield f"the transactions of period {period.pk} are not those of its record"


def passbooks_agree() -> Iterable[str]:
    """A booklet is its household's and printed no further than its lines; an account lies where its book does."""
    with scope.everything():
        rows = Passbook.objects.exclude(household=F("account__owner"), community=F("account__community"))
        for number in rows.values_list("number", flat=True)[:AT_MOST]:
            yield f"passbook {number} is not that of its account"
        for number in Passbook.objects.filter(printed_seq__gt=F("account__seq")).values_list("number", flat=True):
            yield f"passbook {number} is printed further than its lines go"
        for pk in Account.objects.exclude(community=F("book__community")).values_list("pk", flat=True)[:AT_MOST]:
            yield f"account {pk} does not lie in the community of its book"
        closed = Account.objects.filter(kind=Account.Kind.HOUSEHOLD, state=Account.State.CLOSED)
        for pk in closed.exclude(balance=0, held=0).values_list("pk", flat=True)[:AT_MOST]:
            yield f"account {pk} is closed and still has points"
        lines = TakeOverLine.objects.filter(take_over__state="posted", txn__isnull=True)
        for pk in lines.values_list("pk", flat=True)[:AT_MOST]:
            yield f"line {pk} of a posted take-over was not posted"


def facts_agree() -> Iterable[str]:
    """The facts of points say, day by day, what the ledger says."""
    with scope.everything():
        for measure in measures.FLOWS:
            told = Fact.objects.filter(measure=measure).order_by().values_list("occurred_on")
            facts = dict(told.annotate(total=Sum("quantity")))
            ledger = measures.by_day(measure)
            for day in sorted(facts.keys() | ledger.keys()):
                if facts.get(day, 0) != ledger.get(day, 0):
                    yield f"{measure} on {day}: facts say {facts.get(day, 0)}, the ledger says {ledger.get(day, 0)}"
