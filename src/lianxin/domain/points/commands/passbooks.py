"""Printed passbooks: given out, given anew when lost, and printed on from the last line."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Household
from lianxin.domain.places.models import Division
from lianxin.domain.points import ledger, policy
from lianxin.domain.points.commands.moves import PASSBOOK
from lianxin.domain.points.models import Account, Book, Passbook
from lianxin.domain.points.queries.accounts import open_book
from lianxin.platform import locks, scope, search
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused


class HasPassbook(Refused):
    """A household holds one valid passbook."""

    title = gettext_lazy("This household has a passbook already. If it was lost, give a new one for it.")


class NoBook(Refused):
    """The community keeps no passbooks yet."""

    title = gettext_lazy("The community keeps no passbooks yet. Switch them on first.")


class PassbookEnded(Refused):
    """The booklet was replaced or closed."""

    title = gettext_lazy("This passbook is no longer valid.")


@command("points.issue_passbook")
def issue_passbook(*, actor: Actor, household: UUID, at: datetime, key: UUID | None = None) -> Passbook:
    """Give a household its passbook with the book's next number; raises HasPassbook, NoBook, Refused or Missing."""
    policy.require(policy.may_keep_rules(actor))
    community = Household.objects.filter(pk=household).values_list("community_id", flat=True).first()
    book = open_book(community) if community else None
    if community is None:
        raise Missing
    if book is None:
        raise NoBook
    # The book's row is the counter's lock: two desks never give out one number.
    locks.lock_one(Book.objects.filter(pk=book.pk))
    home = locks.lock_one(Household.objects.filter(pk=household, community=community), rank=locks.HOUSEHOLD)
    if home is None or home.state != Household.State.ACTIVE:
        raise Refused(_("This household has ended. Open the one that followed it."))
    account = ledger.household_account(book=book.pk, community=community, household=household, at=at)
    if Account.objects.get(pk=account).state != Account.State.OPEN:
        ledger.lock_accounts([account])
        ledger.set_state([account], Account.State.OPEN)
    if Passbook.objects.filter(account=account, state=Passbook.State.VALID).exists():
        raise HasPassbook
    return _issue(book, account, household, at)


@command("points.reissue_passbook")
def reissue_passbook(*, actor: Actor, passbook: UUID, reason: str, at: datetime, key: UUID | None = None) -> Passbook:
    """Give a new passbook for a lost or full one; the points stay, and it is printed anew from its first line."""
    policy.require(policy.may_keep_rules(actor))
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why a new passbook is given, for example: lost.")]})
    book = Book.objects.filter(accounts__passbooks=passbook).first()
    if book is None:
        raise Missing
    locks.lock_one(Book.objects.filter(pk=book.pk))
    old = locks.lock_one(Passbook.objects.filter(pk=passbook))
    if old is None:
        raise Missing
    if old.state != Passbook.State.VALID:
        raise PassbookEnded
    old.state, old.ended_on, old.reason = Passbook.State.REPLACED, local_day(at), reason.strip()[:200]
    old.save(update_fields=["state", "ended_on", "reason"])
    search.drop(PASSBOOK, [old.pk])
    act().target(old, "replaced", {"state": [Passbook.State.VALID, old.state]})
    act().note(reason=reason.strip())
    return _issue(book, old.account_id, old.household_id, at)


@command("points.mark_printed")
def mark_printed(*, actor: Actor, passbook: UUID, upto: int, at: datetime, key: UUID | None = None) -> Passbook:
    """Note up to which line a passbook is printed; raises PassbookEnded, Invalid or Missing."""
    policy.require(policy.may_keep_rules(actor))
    row = locks.lock_one(Passbook.objects.filter(pk=passbook))
    if row is None:
        raise Missing
    if row.state != Passbook.State.VALID:
        raise PassbookEnded
    written = Account.objects.values_list("seq", flat=True).get(pk=row.account_id)
    if not row.printed_seq <= upto <= written:
        raise Invalid(
            fields={
                "upto": [_("Choose a line from %(from)d to %(until)d.") % {"from": row.printed_seq, "until": written}]
            }
        )
    before, row.printed_seq = row.printed_seq, upto
    row.save(update_fields=["printed_seq"])
    act().target(row, "printed", {"printed_seq": [before, upto]})
    return row


def _issue(book: Book, account: UUID, household: UUID, at: datetime) -> Passbook:
    row = Passbook.objects.create(
        community_id=book.community_id,
        account_id=account,
        household_id=household,
        number=_next_number(book),
        issued_on=local_day(at),
    )
    search.put([_entry(row)], at=at)
    act().target(row, "issued", {"number": [None, row.number]})
    return row


def _next_number(book: Book) -> str:
    """Give the book's next number: what tells its community apart in the district, and six digits."""
    code = Division.objects.values_list("code", flat=True).get(pk=book.community_id)
    start = f"{code[6:12]}-"
    with scope.everything():
        last = (
            Passbook.objects.filter(account__book=book, number__startswith=start)
            .order_by("-number")
            .values_list("number", flat=True)
            .first()
        )
    return f"{start}{(int(last.removeprefix(start)) if last else 0) + 1:06d}"


def passbook_entries() -> Iterator[search.Entry]:
    """Give the search entries of all valid passbooks."""
    with scope.everything():
        rows = Passbook.objects.filter(state=Passbook.State.VALID).order_by("pk")
        for row in rows.iterator(chunk_size=2000):
            yield _entry(row)


def _entry(row: Passbook) -> search.Entry:
    return search.Entry(
        kind=PASSBOOK, record_id=row.pk, community_id=row.community_id, title=row.number, url_name="staff:passbook"
    )
