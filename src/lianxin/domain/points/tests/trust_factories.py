"""A community whose households hold passbooks, for tests of notices, statements and honour rolls."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from lianxin.domain.people.commands.consents import load_purposes
from lianxin.domain.people.models import Household, Person
from lianxin.domain.people.purposes import shipped_register
from lianxin.domain.people.tests.account_factories import Tree
from lianxin.domain.people.tests.factories import make_household, members_of, new_person, resident, staff
from lianxin.domain.places.models import Division
from lianxin.domain.points import ledger
from lianxin.domain.points.models import Budget, Claim, RuleItem, RulesVersion
from lianxin.domain.points.tests.factories import NOON, TODAY, YEAR_END, LedgerBook, make_book
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.ids import new_id

MONDAY = NOON
NAMES = ("张小三", "李四", "欧阳小五", "王五妹", "陈大文", "林阿婆")


@dataclass
class Street:
    """One community with its book, its rules, three items and so many households of one head."""

    tree: Tree
    community: Division
    book: LedgerBook
    rules: RulesVersion
    item: RuleItem
    homes: list[Household]
    heads: list[Person]
    awarder: UUID = field(default_factory=new_id)

    @property
    def staff(self) -> Actor:
        """Somebody of the community's staff."""
        return staff("community_staff", self.community)

    def resident(self, place: int) -> Actor:
        """The head of a household as an actor."""
        return resident(self.heads[place])

    def award(self, place: int, points: int, *, on: date = TODAY, at: datetime = NOON, quantity: int = 1) -> Claim:
        """Give a household points by a claim, as awards do."""
        return self.award_many([(place, points)], on=on, at=at, quantity=quantity)[0]

    def award_many(
        self, given: list[tuple[int, int]], *, on: date = TODAY, at: datetime = NOON, quantity: int = 1
    ) -> list[Claim]:
        """Give several households points in one transaction."""
        source = new_id()
        posted = ledger.post(
            ledger.Posting(
                book=self.book.id,
                kind="award",
                moves=[
                    ledger.Move(self.book.budget, self.book.households[place], points, dst_lot_on=YEAR_END)
                    for place, points in given
                ],
                effective_on=on,
                at=at,
                key=new_id(),
                by=self.awarder,
                source_kind="points.award",
                source_id=source,
                rules=self.rules.pk,
            )
        )
        return [
            Claim.objects.create(
                community=self.community,
                book_id=self.book.id,
                household=self.homes[place],
                person=self.heads[place],
                subject=self.heads[place].pk,
                act_kind="volunteering",
                quantity=quantity,
                done_on=on,
                source_kind="points.award",
                source_id=new_id(),
                rules=self.rules,
                item=self.item,
                budget=Budget.objects.get(book=self.book.id),
                asked=points,
                points=points,
                state=Claim.State.AWARDED,
                txn_id=posted.txn,
                awarded_by=self.awarder,
                offered_at=at,
                decided_at=at,
            )
            for place, points in given
        ]

    def spend(self, place: int, points: int, *, on: date = TODAY, at: datetime = NOON, note: str = "大米") -> UUID:
        """Let a household redeem points."""
        return ledger.post(
            ledger.Posting(
                book=self.book.id,
                kind="redeem",
                moves=[ledger.Move(self.book.households[place], self.book.shop, points)],
                effective_on=on,
                at=at,
                key=new_id(),
                note=note,
            )
        ).txn

    def reverse(self, claim: Claim, *, on: date = TODAY, at: datetime = NOON) -> UUID:
        """Undo the whole transaction of a claim."""
        assert claim.txn_id is not None
        posted = ledger.reverse(txn=claim.txn_id, effective_on=on, at=at, key=new_id(), note="记错了")
        Claim.objects.filter(txn=claim.txn_id).update(state=Claim.State.REVERSED)
        return posted.txn


def make_street(*, homes: int = 3, objection_days: int = 7) -> Street:
    """Build it; call it inside a transaction and a scope over everything."""
    tree = Tree()
    load_purposes(actor=Actor.system(), register=shipped_register(), at=NOON - timedelta(days=90))
    households = [make_household(tree.cuiying, new_person(NAMES[place % len(NAMES)])) for place in range(homes)]
    book = make_book(community=tree.cuiying.pk, owners=[home.pk for home in households])
    Budget.objects.create(
        community=tree.cuiying,
        book_id=book.id,
        account_id=book.budget,
        name="全年",
        valid_from=date(2026, 1, 1),
        valid_until=YEAR_END,
        is_general=True,
    )
    rules = make_rules(book, objection_days=objection_days)
    item = RuleItem.objects.create(
        version=rules,
        code="volunteering",
        act_kind="volunteering",
        title="参加清洁日",
        points=10,
        unit="time",
        per=1,
        most_quantity=10,
        awarders=["volunteer"],
        position=1,
    )
    heads = [members_of(home)[0] for home in households]
    with scope.everything():
        return Street(tree, tree.cuiying, book, rules, item, households, heads)


def make_rules(
    book: LedgerBook, *, objection_days: int = 7, number: int = 1, from_on: date = date(2026, 1, 1)
) -> RulesVersion:
    """Enter a version of the rules as if the assembly had adopted it."""
    return RulesVersion.objects.create(
        book_id=book.id,
        number=number,
        title="积分规则",
        minutes_on=from_on - timedelta(days=20),
        minutes_title="居民会议纪要",
        minutes_text="通过",
        attended=40,
        in_favour=38,
        notice_from=from_on - timedelta(days=10),
        notice_until=from_on - timedelta(days=3),
        effective_from=from_on,
        second_person_above=100,
        identity_check_above=100,
        expiry="yearly",
        expiry_months=12,
        split="stay",
        move="follow",
        estate_days=30,
        reserve_days=7,
        offline_points=10,
        objection_days=objection_days,
        published_at=NOON - timedelta(days=60),
    )
