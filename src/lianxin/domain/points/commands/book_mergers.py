"""What becomes of books when communities become one: one book goes on, the others are emptied into it and closed."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.places.events import DivisionsMerged
from lianxin.domain.points import ledger
from lianxin.domain.points.commands import moves
from lianxin.domain.points.commands.moves import Going, Kind, Ready, State, Way
from lianxin.domain.points.events import BookEnded
from lianxin.domain.points.ledger import Move, Posting
from lianxin.domain.points.models import (
    Account,
    Book,
    Budget,
    Claim,
    DeclaredRelative,
    HonourOptOut,
    HonourRoll,
    Notice,
    Objection,
    Passbook,
    RulesDraft,
    TakeOver,
    Txn,
)
from lianxin.domain.points.queries.books import which_go_on
from lianxin.platform import contributions, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act
from lianxin.platform.ids import new_id

OF_A_BOOK = (Budget, Claim, HonourRoll, Notice, RulesDraft, TakeOver)
OF_A_COMMUNITY = (DeclaredRelative, HonourOptOut)


def follow_merge(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Let one book go on in the successor: its own, else an ended community's; the others end in it."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        for model in OF_A_COMMUNITY:
            model.objects.filter(community__in=ended).update(community=event.into)
        stays, others = which_go_on(ended, event.into)
        if stays is None:
            return
        _empty(others, stays, event.on, actor, at)
        for book in others:
            _close(book, stays, event.on, actor, at)
        if stays.community_id != event.into:
            _hand_to(stays, event.into)
        act().target(stays, "goes on for merged communities", {"books": [len(others) + 1, 1]})


def preview_merge(event: DivisionsMerged) -> list[str]:
    """Tell what becomes of the passbooks of the communities that end."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        stays, others = which_go_on(ended, event.into)
        if stays is None:
            return []
        rows = Account.objects.filter(book__in=others, kind=Kind.HOUSEHOLD).exclude(state=State.CLOSED)
        points = sum(rows.values_list("balance", flat=True))
    told = []
    if stays.community_id != event.into:
        told.append(_("The passbooks go on in the new community."))
    if others:
        told.append(
            _("%(points)d points of %(count)d passbooks go into the new community's book; its rules hold for them.")
            % {"points": points, "count": rows.count()}
        )
    return told


def _empty(books: Sequence[Book], stays: Book, on: date, actor: Actor, at: datetime) -> None:
    """Carry all households over; accounts of all books, budgets too, are locked in one statement by their ids."""
    plans: list[tuple[Way, list[Going], Ready]] = []
    waiting: set[UUID] = set()
    for book in books:
        rows = Account.objects.filter(book=book, kind=Kind.HOUSEHOLD).exclude(state=State.CLOSED)
        owners = dict(rows.order_by("pk").values_list("owner", "state"))
        waiting |= {owner for owner, state in owners.items() if state == State.FROZEN}
        if owners:
            way = Way(book, stays, on, "points.book", book.pk)
            going = [Going(owner, owner) for owner in owners]
            plans.append((way, going, moves.make_ready(way, going, at)))
    systems = [Kind.BUDGET, Kind.ISSUANCE]
    of_books = Account.objects.filter(book__in=[book.pk for book in books], kind__in=systems)
    wanted = {*of_books.values_list("pk", flat=True), *(pk for _way, _going, ready in plans for pk in ready.all())}
    ledger.lock_accounts(wanted)
    if not plans:
        return
    sources = {pk: owner for _way, _going, ready in plans for owner, pk in ready.sources.items()}
    moves.end_holds(list(sources), list(sources.values()), on=on, actor=actor, at=at)
    for way, going, ready in plans:
        moves.carry_locked(way=way, going=going, ready=ready, actor=actor, at=at)
    # What waited to be handed over goes on waiting in the new book.
    asleep = [ready.targets[owner] for _way, _going, ready in plans for owner in waiting & ready.targets.keys()]
    if asleep:
        ledger.set_state(asleep, State.FROZEN)


def _close(book: Book, stays: Book, on: date, actor: Actor, at: datetime) -> None:
    _give_budgets_back(book, on, actor, at)
    waiting = Claim.objects.filter(book=book, state=Claim.State.WAITING)
    waiting.update(state=Claim.State.REFUSED, reason=Claim.Reason.CLOSED, decided_at=at)
    RulesDraft.objects.filter(book=book, state=RulesDraft.State.EDITING).update(state=RulesDraft.State.DISCARDED)
    TakeOver.objects.filter(book=book).exclude(state__in=[TakeOver.State.POSTED, TakeOver.State.WITHDRAWN]).update(
        state=TakeOver.State.WITHDRAWN
    )
    was = book.state
    book.state, book.switched_on = Book.State.CLOSED, book.switched_on or on
    book.version += 1
    book.save(update_fields=["state", "switched_on", "version"])
    act().target(book, "closed", {"state": [was, book.state]})
    contributions.follow(BookEnded(book.pk, stays.pk, book.community_id, on), actor=actor, at=at)


def _give_budgets_back(book: Book, on: date, actor: Actor, at: datetime) -> None:
    funded = list(Account.objects.filter(book=book, kind=Kind.BUDGET, balance__gt=0).order_by("pk"))
    if funded:
        issuance = ledger.system_account(book=book.pk, community=book.community_id, kind=Kind.ISSUANCE, at=at)
        ledger.post(
            Posting(
                book=book.pk,
                kind=Txn.Kind.FUND,
                moves=[Move(account.pk, issuance, account.balance) for account in funded],
                effective_on=on,
                at=at,
                key=new_id(),
                by=actor.account,
                via=actor.via,
                source_kind="points.book",
                source_id=book.pk,
            ),
            locked=ledger.read_locked([*(account.pk for account in funded), issuance]),
        )
    for budget in Budget.objects.filter(book=book, closed_on__isnull=True):
        budget.closed_on = max(on, budget.valid_from)
        budget.version += 1
        budget.save(update_fields=["closed_on", "version"])


def _hand_to(book: Book, community: UUID) -> None:
    """Let a book and all that belongs to it lie in the successor."""
    for model in OF_A_BOOK:
        model.objects.filter(book=book).update(community=community)
    Objection.objects.filter(notice__book=book).update(community=community)
    Passbook.objects.filter(account__book=book).update(community=community)
    book.community_id = community
    book.version += 1
    book.save(update_fields=["community", "version"])
    ledger.hand_to_community(book.pk, community)
