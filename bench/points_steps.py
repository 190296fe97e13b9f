"""One process of the bench of points and shop: prepares a community, does whole commands or their statements bare."""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from bench.ledger_steps import measured  # noqa: E402
from bench.statements import Sent, bare, recording  # noqa: E402
from lianxin.domain.people.models import Household  # noqa: E402
from lianxin.domain.places.models import Division, Venue  # noqa: E402
from lianxin.domain.points import ledger  # noqa: E402
from lianxin.domain.points.commands import awards  # noqa: E402
from lianxin.domain.points.models import Account, Book, Budget, Claim, RuleItem  # noqa: E402
from lianxin.domain.points.queries.statements import passbook_page  # noqa: E402
from lianxin.domain.points.tests.rules_factories import AT, SYSTEM, TODAY, item, make_town  # noqa: E402
from lianxin.domain.shop.commands import catalogue, collecting, stock  # noqa: E402
from lianxin.domain.shop.models import Item, Redemption  # noqa: E402
from lianxin.platform import clock, keys, scope  # noqa: E402
from lianxin.platform.actors import Actor  # noqa: E402
from lianxin.platform.errors import Problem  # noqa: E402
from lianxin.platform.ids import new_id  # noqa: E402

ACTS = ("award", "redeem")
HOUSEHOLDS, BATCH = 5_200, 5_000
YEAR_OF_LINES, YEARS = 120, 10
UNTIL = date(2026, 12, 31)
PLENTY, SCARCE = "洗衣液", "五常大米"
SCARCE_PIECES = 30
EVERY_SECONDS = 2.0
BURST, BURSTS_AT = 5, (0.3, 0.7)


def prepare() -> None:
    """Make the tables, and a community whose households have points and whose shop has goods."""
    from django.core.management import call_command

    keys.create_ring(at=clock.now())
    call_command("migrate", verbosity=0)
    caps = [("household", "week", 5_000), ("household", "month", 20_000)]
    town = make_town(item(points=5, most_quantity=100, caps=caps), households=0, budget=500_000_000)
    with scope.everything():
        homes = Household.objects.bulk_create(
            [Household(community=town.community, number=f"{n:06d}", created_on=date(2024, 1, 1))
             for n in range(HOUSEHOLDS)],
            batch_size=500,
        )  # fmt: skip
        venue = Venue.objects.create(
            community=town.community, kind="centre", name="党群服务中心", state="open", opened_on=date(2024, 3, 1)
        )
    ids = sorted(home.pk for home in homes)
    for part in (ids[:BATCH], ids[BATCH:]):
        given = [awards.Award(home, None, "help", 6, TODAY - timedelta(days=14)) for home in part]
        awards.award_list(actor=town.staff, awards=given, at=AT)
    for name, pieces, limit in ((PLENTY, 100_000, 10_000), (SCARCE, SCARCE_PIECES, 2)):
        goods = catalogue.create_item(
            actor=SYSTEM, community=town.community.pk, kind="goods", name=name, points=1, limit_quantity=limit,
            limit_every="month", at=AT,
        )  # fmt: skip
        catalogue.put_on_sale(actor=SYSTEM, item=goods.pk, at=AT)
        stock.receive_purchase(actor=SYSTEM, item=goods.pk, venue=venue.pk, quantity=pieces, at=AT)
    with scope.everything(), transaction.atomic():
        fill_passbook(town.book, ids[-1], YEAR_OF_LINES * YEARS)
        fill_passbook(town.book, ids[-2], YEAR_OF_LINES)
    ledger_seal()
    if connection.vendor == "postgresql":  # as its autovacuum would by then
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def fill_passbook(book: Book, home: UUID, lines: int) -> None:
    """Give a passbook so many lines, each with the act behind it."""
    budget, rule = Budget.objects.get(), RuleItem.objects.get()
    account = Account.objects.get(owner=home, kind=Account.Kind.HOUSEHOLD)
    claims = []
    for n in range(lines):
        at = AT + timedelta(minutes=n)
        posting = ledger.Posting(
            book=book.pk, kind="award", moves=[ledger.Move(budget.account_id, account.pk, 5, UNTIL)],
            effective_on=TODAY, at=at, key=new_id(), via="bench", rules=rule.version_id,
        )  # fmt: skip
        txn = ledger.post(posting).txn
        claims.append(
            Claim(
                community_id=book.community_id,
                book=book,
                household_id=home,
                subject=home,
                act_kind=rule.act_kind,
                done_on=TODAY,
                source_kind="bench",
                source_id=new_id(),
                rules_id=rule.version_id,
                item=rule,
                budget=budget,
                asked=5,
                points=5,
                state="awarded",
                txn_id=txn,
                offered_at=at,
                decided_at=at,
            )
        )
    Claim.objects.bulk_create(claims, batch_size=200)


def ledger_seal() -> None:
    """Seal what was posted, as the worker would have."""
    from lianxin.domain.points.ledger.sealing import seal_all

    seal_all(holder="bench", at=clock.now())


class Desk:
    """Staff of the community with a key for each act; households in turn."""

    def __init__(self) -> None:
        with scope.everything():
            self.community = Division.objects.get(pk=Book.objects.get().community_id).pk
            self.homes = sorted(Household.objects.values_list("pk", flat=True))
            self.venue = Venue.objects.get().pk
            self.goods = dict(Item.objects.values_list("name", "pk"))
        roles = frozenset({"community_staff"})
        self.actor = Actor(
            account=new_id(), role="community_staff", communities=frozenset({self.community}), via="web",
            roles=roles, name="李工",
        )  # fmt: skip

    def award(self, number: int) -> None:
        """Give points to one household, with the rules, caps, budget, audit entry and fact."""
        home = self.homes[number % 200]
        awards.award(actor=self.actor, household=home, item="help", done_on=TODAY, at=AT, key=new_id())

    def redeem(self, number: int) -> None:
        """Give one piece out at the counter, with price, limit, stock, ledger, audit entry and facts."""
        self.hand_out(self.homes[number % 200], PLENTY, at=AT)

    def hand_out(self, home: UUID, what: str, *, at: datetime) -> None:
        """Give one piece of something out at the counter."""
        collecting.redeem_at_counter(
            actor=self.actor, household=home, venue=self.venue, items={self.goods[what]: 1}, checks=("card_only",),
            at=at, key=new_id(),
        )  # fmt: skip


def by_commands(count: int) -> dict[str, Any]:
    """Do so many whole commands of each kind."""
    desk = Desk()
    return {what: measured(getattr(desk, what), count) for what in ACTS} | {"rows": rows()}


def by_statements(count: int, url: str) -> dict[str, Any]:
    """Take down what so many commands send here, then send the same to a database that stood as this one did."""
    desk, send = Desk(), bare(url)
    found: dict[str, Any] = {}
    for what in ACTS:
        act: Callable[[int], None] = getattr(desk, what)
        with recording() as recorder:
            for number in range(-1, count):
                recorder.act(partial(act, number))
        sent = recorder.acts
        found[what] = measured(partial(_replay, send, sent), count)
        found[what]["statements"] = sum(len(one.statements) for one in sent[1:]) / count
    return found | {"rows": rows()}


def _replay(send: Callable[[Sent], None], acts: list[Sent], number: int) -> None:
    send(acts[number + 1])


def rows() -> int:
    """Count what awards and redemptions write, to see that the statements alone wrote as much."""
    tables = "points_txn", "points_line", "points_claim", "shop_redemption", "shop_stockmove", "platform_auditentry"
    with scope.everything(), connection.cursor() as cursor:
        cursor.execute("SELECT " + " + ".join(f"(SELECT count(*) FROM {table})" for table in tables))
        return int(cursor.fetchone()[0])


def batch() -> dict[str, float]:
    """Award to 5,000 households by one command."""
    desk = Desk()
    given = [awards.Award(home, None, "help", 1, TODAY) for home in desk.homes[:BATCH]]

    def act(number: int) -> None:
        if number >= 0:
            awards.award_list(actor=desk.actor, awards=given, at=AT, key=new_id())

    return measured(act, 1) | {"households": len(given)}


def pages(count: int) -> dict[str, float]:
    """Open the passbook with ten years of lines and the one with a year, in turn; CPU of the best of some rounds."""
    desk, found = Desk(), {"long": 1e9, "short": 1e9}
    for _ in range(8):
        for name, home in (("long", desk.homes[-1]), ("short", desk.homes[-2])):

            def act(_number: int, home: UUID = home) -> None:
                page = passbook_page(actor=desk.actor, household=home, on=TODAY)
                if len(page.lines) != 20 or not page.lines[0].is_sealed:
                    raise RuntimeError("the page is not whole")

            found[name] = min(found[name], measured(act, count)["cpu"] / count)
    return found


def till(number: int, seconds: float) -> dict[str, Any]:
    """Serve one counter for a while: somebody every two seconds, and twice a queue; tell how long each one waited.

    Every tenth wants what is nearly gone, and every seventh comes from the one household that all tills see.
    """
    desk, chance = Desk(), random.Random(number)
    desk.hand_out(desk.homes[200 + number], PLENTY, at=AT)  # opened in the morning
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    moments = [chance.uniform(0, EVERY_SECONDS) + EVERY_SECONDS * n for n in range(int(seconds / EVERY_SECONDS))]
    moments += [seconds * part for part in BURSTS_AT for _ in range(BURST)]
    waits: list[float] = []
    outcomes: Counter[str] = Counter()
    for n, moment in enumerate(sorted(moments)):
        time.sleep(max(began + moment - time.monotonic(), 0))
        home = desk.homes[0] if n % 7 == 0 else chance.choice(desk.homes[:BATCH])
        from_here = time.perf_counter()
        try:
            desk.hand_out(home, SCARCE if n % 10 == 0 else PLENTY, at=AT)
            outcomes["done"] += 1
        except Problem as problem:
            outcomes[type(problem).__name__] += 1
        except Exception as error:  # noqa: BLE001 - the bench counts what came
            outcomes[f"failed: {type(error).__name__}"] += 1
        waits.append(time.perf_counter() - from_here)
    return {"waits": waits, "outcomes": outcomes}


def whole() -> list[str]:
    """Give what the proofs of points and shop find after the day.

    Left out is what this bench did itself: nothing seals here, and the two long passbooks were filled past the
    commands, so that neither facts nor counters know of their awards.
    """
    from lianxin.platform import verification

    filled = [str(home) for home in Desk().homes[-2:]]
    own = ("its seal", "points_awarded", *filled)
    found = [verification.run_check(check) for check in verification.checks() if check[0] in ("points", "shop")]
    told = [f"{one.name}: {sentence}" for one in found for sentence in one.differences]
    return [line for line in told if not any(word in line for word in own)]


def handed_out() -> int:
    """Count what was given out."""
    with scope.everything():
        return Redemption.objects.count()


if __name__ == "__main__":
    found: Any = None
    match sys.argv[1:]:
        case ["prepare"]:
            prepare()
        case ["commands", count]:
            found = by_commands(int(count))
        case ["statements", count, url]:
            found = by_statements(int(count), url)
        case ["rows"]:
            found = rows()
        case ["batch"]:
            found = batch()
        case ["pages", count]:
            found = pages(int(count))
        case ["till", number, seconds]:
            found = till(int(number), float(seconds))
        case ["whole"]:
            found = {"differences": whole(), "handed_out": handed_out()}
    if found is not None:
        print(json.dumps(found))
    connection.close()
