"""What becomes of points when a family parts, becomes part of another, or goes to another community."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianxin.domain.people.events import HouseholdMoved, HouseholdsMerged, HouseholdSplit, PersonMovedHousehold
from lianxin.domain.people.models import Household, Person
from lianxin.domain.points import ledger
from lianxin.domain.points.commands import moves
from lianxin.domain.points.commands.moves import Going, Kind, Ready, State, Way
from lianxin.domain.points.ledger import Move, Posting
from lianxin.domain.points.models import Account, Book, DeclaredRelative, Lot, RulesVersion, Txn
from lianxin.domain.points.queries import accounts
from lianxin.domain.points.queries.rules import rules_in_force
from lianxin.domain.points.rules import life
from lianxin.platform import duties, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act
from lianxin.platform.ids import new_id

CARRY_OVER = "points.carry_over"
CARRY_OVER_PAGE = "staff:points_left_behind"
HOUSEHOLD = "people.household"


@dataclass(frozen=True, slots=True)
class FamilyTerms:
    """What a book's rules say about families."""

    shares: bool = False
    ends_on_move: bool = False
    estate_days: int = life.ESTATE_DAYS


def family_terms(book: Book, on: date) -> FamilyTerms:
    """Give the terms in force on a day; without rules, points stay, follow, and wait a year."""
    rules = rules_in_force(book.pk, on)
    if rules is None:
        return FamilyTerms()
    return FamilyTerms(
        shares=rules.split == RulesVersion.Split.SHARE,
        ends_on_move=rules.move == RulesVersion.Move.EXPIRE,
        estate_days=rules.estate_days,
    )


def living_in(household: UUID) -> QuerySet[Person]:
    """Give the people who live in a household."""
    return Person.objects.filter(household=household, state=Person.State.LIVING)


def follow_split(event: HouseholdSplit, *, actor: Actor, at: datetime) -> None:
    """Share the free points by heads when the rules say so; debts and what is kept aside stay."""
    with scope.everything():
        _copy_relatives(event.household, event.new_household, event.on)
        book = accounts.open_book(event.community)
        account = accounts.find_account(book, event.household)
        if book is None or account is None or not family_terms(book, event.on).shares:
            return
        community = book.community_id
        target = ledger.household_account(book=book.pk, community=community, household=event.new_household, at=at)
        rows = ledger.lock_accounts([account.pk, target])
        if rows[account.pk].state != State.OPEN:
            return
        parts = life.share_of_leavers(
            life.free_lots(_lots(account.pk), rows[account.pk].held),
            staying=living_in(event.household).count(),
            leaving=len(event.people),
        )
        if not parts:
            return
        posted = ledger.post(
            Posting(
                book=book.pk,
                kind=Txn.Kind.SPLIT,
                moves=[Move(account.pk, target, points, src_lot_on=on) for on, points in parts.items()],
                effective_on=event.on,
                at=at,
                key=new_id(),
                by=actor.account,
                via=actor.via,
                source_kind=HOUSEHOLD,
                source_id=event.new_household,
            ),
            locked=rows,
        )
        act().target(Txn(pk=posted.txn, book=book), "split")


def preview_split(event: HouseholdSplit) -> list[str]:
    """Tell how the points would be shared."""
    with scope.everything():
        book = accounts.open_book(event.community)
        account = accounts.find_account(book, event.household)
        if book is None or account is None or not account.balance:
            return []
        if not family_terms(book, event.on).shares:
            return [_("All %(points)d points stay with this household.") % {"points": account.balance}]
        staying = living_in(event.household).exclude(pk__in=event.people).count()
        lots = life.free_lots(_lots(account.pk), account.held)
        going = sum(life.share_of_leavers(lots, staying=staying, leaving=len(event.people)).values())
    return [
        _("%(going)d of %(points)d points go to the new household, shared by heads.")
        % {"going": going, "points": account.balance}
    ]


def follow_merge(event: HouseholdsMerged, *, actor: Actor, at: datetime) -> None:
    """Bring the points and debts of the merged households into the passbook of the one that stays."""
    with scope.everything():
        for home in event.merged:
            _copy_relatives(home, event.into, event.on)
        book = accounts.open_book(event.community)
        if book is not None:
            way = Way(book, book, event.on, HOUSEHOLD, event.into)
            moves.carry(way=way, going=[Going(home, event.into) for home in event.merged], actor=actor, at=at)


def preview_merge(event: HouseholdsMerged) -> list[str]:
    """Tell how many points come into the passbook of the household that stays."""
    with scope.everything():
        book = accounts.open_book(event.community)
        if book is None:
            return []
        rows = Account.objects.filter(book=book, kind=Kind.HOUSEHOLD, owner__in=event.merged)
        points = sum(rows.values_list("balance", flat=True))
    if not points:
        return []
    return [_("%(points)d points come into the passbook of the household that stays.") % {"points": points}]


def follow_move(event: HouseholdMoved, *, actor: Actor, at: datetime) -> None:
    """Carry the points into the new community's book, end them, or let them wait, as rules and books allow."""
    with scope.everything():
        new = accounts.open_book(event.to_community)
        going = [Going(event.household, event.household)]
        ways: list[tuple[Account, Way, Ready]] = []
        leaving, ending, coming_back = [], [], []
        for account in accounts.list_accounts(event.household):
            old = account.book
            if new is not None and old.pk == new.pk:
                coming_back.append(account)
            elif account.state == State.OPEN and family_terms(old, event.on).ends_on_move:
                ending.append(account)
            elif new is None or not (accounts.takes_entries(new, event.on) and accounts.takes_entries(old, event.on)):
                leaving.append(account)
            else:
                way = Way(old, new, event.on, HOUSEHOLD, event.household)
                ways.append((account, way, moves.make_ready(way, going, at)))
        # All in one statement, and one event: what ends for the shop's sake is ended before anything is posted.
        lasting = [account.pk for account in (*leaving, *ending, *coming_back)]
        ledger.lock_accounts([*lasting, *(pk for _account, _way, ready in ways for pk in ready.all())])
        closing = [*leaving, *ending, *(account for account, _way, _ready in ways)]
        if closing:
            ids = [account.pk for account in closing]
            moves.end_holds(ids, [event.household], on=event.on, actor=actor, at=at)
        for account in coming_back:
            _wake(account)
        for account in ending:
            _end_points(account, event, actor, at)
        for account in leaving:
            _let_wait(account, event, at)
        for account, way, ready in ways:
            moves.carry_locked(way=way, going=going, ready=ready, actor=actor, at=at)
            duties.close(kind=CARRY_OVER, record=account)


def preview_move(event: HouseholdMoved) -> list[str]:
    """Tell whether the points follow, wait or end."""
    with scope.everything():
        old = accounts.open_book(event.from_community)
        account = accounts.find_account(old, event.household)
        if old is None or account is None or not account.balance:
            return []
        told = {"points": account.balance}
        if family_terms(old, event.on).ends_on_move:
            return [_("%(points)d points end, because the rules say that points end with a move.") % told]
        if accounts.open_book(event.to_community) is None:
            return [_("%(points)d points wait in the old passbook until the new community keeps passbooks.") % told]
    return [_("%(points)d points go into the new community's book and keep their last days.") % told]


def follow_person_move(event: PersonMovedHousehold, *, actor: Actor, at: datetime) -> None:
    """Let declared relatives be known in the new household, too; points stay where they were earned."""
    with scope.everything():
        _copy_relatives(event.from_household, event.to_household, event.on)


def preview_person_move(event: PersonMovedHousehold) -> list[str]:
    """Tell that points stay with the household, or wait when nobody is left in it."""
    with scope.everything():
        account = accounts.find_account(accounts.open_book(event.from_community), event.from_household)
        if account is None or not account.balance:
            return []
        if living_in(event.from_household).exclude(pk=event.person).exists():
            return [_("The %(points)d points stay with the household.") % {"points": account.balance}]
    return [waiting_words(account.balance)]


def waiting_words(points: int) -> str:
    """Say what becomes of the points of a household in which nobody is left."""
    return _(
        "%(points)d points wait: hand them over to another household, or they end when the time in the rules is over."
    ) % {"points": points}


def _lots(account: UUID) -> dict[date, int]:
    return dict(Lot.objects.filter(account=account, remaining__gt=0).values_list("expires_on", "remaining"))


def _wake(account: Account) -> None:
    """Open a passbook again whose household has come back."""
    if account.state == State.FROZEN:
        ledger.set_state([account.pk], State.OPEN)
        act().target(account, "opened again", {"state": [State.FROZEN, State.OPEN]})
        duties.close(kind=CARRY_OVER, record=account)


def _end_points(account: Account, event: HouseholdMoved, actor: Actor, at: datetime) -> None:
    source = (HOUSEHOLD, event.household)
    moves.expire_all(book=account.book, accounts=[account.pk], on=event.on, source=source, actor=actor, at=at)
    moves.close_accounts([account.pk], on=event.on, reason=_("The household moved to another community."))


def _let_wait(account: Account, event: HouseholdMoved, at: datetime) -> None:
    if not moves.freeze(account):
        moves.close_accounts([account.pk], on=event.on, reason=_("The household moved to another community."))
        return
    number = Household.objects.values_list("number", flat=True).get(pk=event.household)
    duties.open(
        kind=CARRY_OVER,
        record=account,
        community_id=account.community_id,
        title=_("Points of a household that moved away wait (its number is now %(number)s)") % {"number": number},
        due_at=at + timedelta(days=life.ESTATE_DAYS),
        assignee_role="community_staff",
        url_name=CARRY_OVER_PAGE,
        url_args={"account": str(account.pk)},
    )


def _copy_relatives(from_household: UUID, to_household: UUID, on: date) -> None:
    """Let what staff said about relatives hold for the household into which they went, too."""
    there = DeclaredRelative.objects.filter(household=to_household, ended_on__isnull=True)
    known = set(there.values_list("account_id", flat=True))
    for row in DeclaredRelative.objects.filter(household=from_household, ended_on__isnull=True).order_by("pk"):
        if row.account_id not in known:
            DeclaredRelative.objects.create(
                account_id=row.account_id, community_id=row.community_id, household_id=to_household, declared_on=on
            )
