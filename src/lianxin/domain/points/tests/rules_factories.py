"""A community whose points are switched on: rules adopted and in force, a general budget, households with members."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from lianxin.domain.people.models import Household, Person
from lianxin.domain.people.tests.account_factories import Tree, make_account
from lianxin.domain.people.tests.factories import make_household, members_of, new_person
from lianxin.domain.places.models import Division
from lianxin.domain.points.commands import books, budgets, rules_versions
from lianxin.domain.points.models import Account, Book, Budget, Claim, RulesVersion
from lianxin.domain.points.rules.starter import starter_draft
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.ids import new_id

SYSTEM = Actor.system(via="cli")
AT = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 20)
ADOPTED_AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
ADOPTED = {
    "minutes_on": "2026-01-04",
    "minutes_title": "第一次居民会议纪要",
    "minutes_text": "会议通过了积分规则。",
    "attended": 60,
    "in_favour": 48,
    "notice_from": "2026-01-05",
    "notice_until": "2026-01-12",
    "effective_from": "2026-01-13",
}


def item(code: str = "help", points: int = 5, caps: Sequence[tuple[str, str, int]] = (), **more: Any) -> dict[str, Any]:
    """An item of a draft that needs no evidence."""
    return {
        "code": code,
        "act_kind": code,
        "title": "邻里互助",
        "meaning": "",
        "evidence": "",
        "points": points,
        "unit": "times",
        "per": 1,
        "most_quantity": 10,
        "awarders": ["community_staff", "volunteer"],
        "valid_months": None,
        "caps": [{"subject": s, "every": e, "points": p} for s, e, p in caps],
    } | more


def draft(*items: dict[str, Any], **values: Any) -> dict[str, Any]:
    """A complete draft."""
    return starter_draft() | {"title": "积分规则", **ADOPTED, "items": list(items) or [item()]} | values


@dataclass(frozen=True)
class Town:
    """What most tests need: a book in force, its staff, and some households."""

    community: Division
    book: Book
    budget: Budget
    rules: RulesVersion
    households: tuple[Household, ...]
    heads: tuple[Person, ...]
    staff: Actor = field(repr=False)
    colleague: Actor = field(repr=False)
    tree: Tree = field(repr=False)

    def balance(self, number: int = 0) -> int:
        """What a household's passbook stands at."""
        with scope.everything():
            row = Account.objects.filter(owner=self.households[number].pk, kind=Account.Kind.HOUSEHOLD).first()
            return row.balance if row else 0

    def left(self) -> int:
        """What the budget has left."""
        with scope.everything():
            return Account.objects.get(pk=self.budget.account_id).balance


def staff_of(community: Division, role: str = "community_staff", person: UUID | None = None) -> Actor:
    """A member of staff with an account, who may live here."""
    account = make_account()
    return Actor(
        account=account.pk,
        role=role,
        communities=frozenset({community.pk}),
        via="web",
        person=person,
        roles=frozenset({role}),
        name=account.display_name,
    )


def make_town(*items: dict[str, Any], households: int = 3, budget: int = 10_000, **values: Any) -> Town:
    """Make a community with rules of these items in force since 13 January 2026."""
    tree = Tree()
    community = tree.cuiying
    homes = tuple(
        make_household(community, new_person(f"陈{'一二三四五六七八九十'[n % 10]}")) for n in range(households)
    )
    book = books.prepare_book(actor=SYSTEM, community=community.pk, at=ADOPTED_AT)
    rules = publish(book.pk, draft(*items, **values))
    books.switch_on(actor=SYSTEM, book=book.pk, on=date(2026, 1, 1), at=ADOPTED_AT)
    general = budgets.set_budget(
        actor=SYSTEM,
        book=book.pk,
        name="2026年积分",
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 12, 31),
        points=budget,
        is_general=True,
        at=ADOPTED_AT,
    )
    with scope.everything():
        book.refresh_from_db()
    return Town(
        community=community,
        book=book,
        budget=general,
        rules=rules,
        households=homes,
        heads=tuple(members_of(home)[0] for home in homes),
        staff=staff_of(community),
        colleague=staff_of(community),
        tree=tree,
    )


def publish(book: UUID, content: dict[str, Any], at: datetime = ADOPTED_AT) -> RulesVersion:
    """Publish rules as the system does."""
    kept = rules_versions.save_draft(actor=SYSTEM, book=book, content=content, at=at)
    return rules_versions.publish_rules(actor=SYSTEM, draft=kept.pk, at=at)


def fresh(claim: Claim | UUID) -> Claim:
    """The row as it is now."""
    with scope.everything():
        return Claim.objects.get(pk=getattr(claim, "pk", claim))


def source() -> UUID:
    """The id of something that acts come from."""
    return new_id()
