"""Books and their periods: prepared, switched on, opened year by year, closed with a signed record."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places.models import Division, Level
from lianxin.domain.points import ledger, policy
from lianxin.domain.points.ledger import closing
from lianxin.domain.points.models import Account, Book, Period
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

EARLIEST_YEAR = 2000
SYSTEM_ACCOUNTS = (
    Account.Kind.ISSUANCE,
    Account.Kind.SHOP,
    Account.Kind.EXPIRED,
    Account.Kind.OPENING,
    Account.Kind.TRANSIT,
)


class BookNotOpen(Refused):
    """The book is not switched on, or was closed."""

    title = gettext_lazy("Points are not switched on in this community.")


class TooEarly(Refused):
    """A period is closed after its last day only."""

    title = gettext_lazy("This year is not over yet. Close it after its last day.")


@command("points.prepare_book")
def prepare_book(*, actor: Actor, community: UUID, at: datetime, key: UUID | None = None) -> Book:
    """Make a community's book, so that rules and budgets can be written before it counts; there already, give it."""
    policy.require(policy.may_keep_rules(actor) or policy.may_switch_on(actor))
    if not scope.covers(community):
        raise Missing
    division = Division.objects.filter(pk=community, level=Level.COMMUNITY).first()
    if division is None:
        raise Missing
    locks.advisory(f"points.book.{community}")
    found = Book.objects.filter(community=community).exclude(state=Book.State.CLOSED).first()
    if found is not None:
        return found
    if division.ended_on is not None:
        raise Invalid(_("This community no longer exists. Open the one that followed it."))
    book = Book.objects.create(community=division)
    for kind in SYSTEM_ACCOUNTS:
        ledger.system_account(book=book.pk, community=community, kind=kind, at=at)
    ensure_period(book.pk, local_day(at).year)
    act().target(book, "prepared")
    return book


@command("points.switch_on")
def switch_on(*, actor: Actor, book: UUID, on: date, at: datetime, key: UUID | None = None) -> Book:
    """Let points count from a day on; earlier acts earn nothing. The day may be moved until points are given."""
    policy.require(policy.may_switch_on(actor))
    row = _locked(book)
    if row.state == Book.State.CLOSED:
        raise BookNotOpen(_("This book was closed. Prepare a new one."))
    if row.state == Book.State.OPEN and row.switched_on == on:
        return row
    if on.year < EARLIEST_YEAR or on.year > local_day(at).year + 1:
        raise Invalid(fields={"on": [_("Choose a day of this year or the next one.")]})
    if row.state == Book.State.OPEN and row.txns.exclude(kind="fund").exists():
        raise Refused(_("Points were given already, so the first day can no longer be moved."))
    before = (row.state, row.switched_on)
    row.state, row.switched_on, row.version = Book.State.OPEN, on, row.version + 1
    row.save(update_fields=["state", "switched_on", "version"])
    ensure_period(row.pk, on.year)
    act().target(row, "switched on", {"state": [before[0], row.state], "switched_on": [before[1], on]})
    return row


@command("points.open_period")
def open_period(*, actor: Actor, book: UUID, year: int, at: datetime, key: UUID | None = None) -> Period:
    """Open a year of a book; open already, give it. No year before a closed one is opened."""
    policy.require(policy.may_keep_rules(actor) or policy.may_switch_on(actor))
    row = _locked(book)
    if not EARLIEST_YEAR <= year <= local_day(at).year + 1:
        raise Invalid(fields={"year": [_("Choose this year, the next one, or one for which points were kept.")]})
    found = Period.objects.filter(book=row, starts_on=date(year, 1, 1)).first()
    if found is not None:
        return found
    if Period.objects.filter(book=row, starts_on__gt=date(year, 1, 1), state=Period.State.CLOSED).exists():
        raise Invalid(fields={"year": [_("A later year is closed already, so this one cannot be opened any more.")]})
    period = ensure_period(row.pk, year)
    act().target(row, "period opened", {"year": [None, year]})
    return period


@command("points.close_period")
def close_period(*, actor: Actor, period: UUID, at: datetime, key: UUID | None = None) -> Period:
    """Close a year that is over, once all balances agree; the next one is open then. Closed already, give it."""
    policy.require(policy.may_close(actor))
    row = Period.objects.filter(pk=period).select_related("book").first()
    if row is None:
        raise Missing
    if row.state == Period.State.CLOSED:
        return row
    if local_day(at) <= row.ends_on:
        raise TooEarly
    ensure_period(row.book_id, row.ends_on.year + 1)
    ensure_period(row.book_id, local_day(at).year)
    closed = closing.close(period=row.pk, at=at, by=actor.account)
    act().target(row.book, "period closed", {"year": [None, row.starts_on.year]})
    return closed


def ensure_period(book: UUID, year: int) -> Period:
    """Give the period of a year, opened where there is none; two at once open one."""
    starts_on = date(year, 1, 1)
    found = Period.objects.filter(book=book, starts_on=starts_on).first()
    if found is not None:
        return found
    Period.objects.bulk_create(
        [Period(book_id=book, starts_on=starts_on, ends_on=date(year, 12, 31))], ignore_conflicts=True
    )
    return Period.objects.get(book=book, starts_on=starts_on)


def _locked(book: UUID) -> Book:
    # Not a row lock: it would stop every award, as these refer to the book.
    locks.advisory(f"points.book.{book}")
    row = Book.objects.filter(pk=book).first()
    if row is None:
        raise Missing
    return row
