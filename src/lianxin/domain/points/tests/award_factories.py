"""Awards given, spent and proved, for the tests of awards."""

from django.db import transaction

from lianxin.domain.points import ledger
from lianxin.domain.points.commands import awards
from lianxin.domain.points.models import Account, Claim
from lianxin.domain.points.queries import checks
from lianxin.domain.points.tests.rules_factories import AT, TODAY, Town
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.ids import new_id


def give(town: Town, number: int = 0, *, actor: Actor | None = None, **more: object) -> Claim:
    """Give one of the households' heads points for helping."""
    values = {"person": town.heads[number].pk, "item": "help", "quantity": 1, "done_on": TODAY, "at": AT} | more
    return awards.award(actor=actor or town.staff, **values)  # type: ignore[arg-type]


def all_agrees() -> list[str]:
    """What `verify` would say about claims, caps and balances."""
    return [*checks.balances_agree(), *checks.claims_agree(), *checks.counters_agree(), *checks.caps_hold()]


def spend(town: Town, account: Account, points: int) -> None:
    """Spend in the shop."""
    with scope.everything(), transaction.atomic():
        shop = ledger.system_account(book=town.book.pk, community=town.community.pk, kind="shop", at=AT)
        ledger.post(
            ledger.Posting(
                book=town.book.pk,
                kind="redeem",
                moves=[ledger.Move(account.pk, shop, points)],
                effective_on=TODAY,
                at=AT,
                key=new_id(),
            )
        )
