"""Why a household has the points it has, from the lines, lots, holds and debts of its passbook."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.points.models import Hold, Lot, Transfer
from lianxin.domain.points.queries.passbook_lines import in_words, lines_of
from lianxin.domain.points.queries.statements import find_account, open_passbook, reach
from lianxin.domain.points.rules.explaining import Explained, KeptAside, Step, explain
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day

LINES = 40


def explain_balance(*, actor: Actor, household: UUID | None = None, on: date, lines: int = LINES) -> Explained:
    """Explain a household's balance as it is now by its newest lines and what was left before them; raises Missing."""
    home = open_passbook(actor=actor, household=household, on=on)
    with reach(actor):
        account = find_account(home)
        if account is None:
            return explain(balance=0, carried=0, earlier_lines=0, steps=[], lots=[], kept_aside=[], owed=0, on=on)
        newest = list(lines_of(account).order_by("-seq")[: max(lines, 1)])[::-1]
        words = in_words(home, newest)
        expires: dict[UUID, dict[date, int]] = {}
        entered = Transfer.objects.filter(txn__in=[row.txn_id for row in newest], dst=account)
        for txn, day, points in entered.order_by("number").values_list("txn", "dst_lot_on", "points"):
            if day is not None:
                days = expires.setdefault(txn, {})
                days[day] = days.get(day, 0) + points
        lots = Lot.objects.filter(account=account, remaining__gt=0).order_by("expires_on")
        holds: list[Hold] = []
        if account.held:
            waiting = Hold.objects.filter(account=account, state=Hold.State.HELD)
            holds = list(waiting.order_by("expires_at", "pk"))
        first = newest[0] if newest else None
        return explain(
            balance=account.balance,
            carried=first.balance_after - first.delta if first else 0,
            earlier_lines=first.seq - 1 if first else 0,
            steps=[
                Step(
                    seq=line.seq,
                    on=line.on,
                    kind=line.kind,
                    what=line.what,
                    points=line.delta,
                    rules_number=line.rules_number,
                    given_by=line.given_by,
                    expires=tuple(sorted(expires.get(line.txn, {}).items())),
                )
                for line in words
            ],
            lots=list(lots.values_list("expires_on", "remaining")),
            kept_aside=[
                KeptAside(points=row.points, until_on=local_day(row.expires_at), what=_("reserved in the shop"))
                for row in holds
            ],
            owed=-(account.owed or 0),
            on=on,
        )
