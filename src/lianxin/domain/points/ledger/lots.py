"""Lots: the points of a household by the day on which they expire; the oldest go first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.points.ledger import sql
from lianxin.domain.points.ledger.errors import NotEnoughPoints
from lianxin.platform.ids import new_ids


class _Given(NamedTuple):
    account: UUID
    on: date
    gives_back: bool


class Lots:
    """The lots of the accounts that a posting takes from, and what it changes in lots."""

    def __init__(self, remaining: dict[UUID, dict[date, int]]) -> None:
        self._remaining = remaining
        self._taken: dict[tuple[UUID, date], int] = {}
        self._given: dict[_Given, int] = {}

    @classmethod
    def of(cls, accounts: Iterable[UUID]) -> Lots:
        """Read the lots of locked accounts, those that expire first first."""
        wanted = sorted(set(accounts))
        remaining: dict[UUID, dict[date, int]] = {pk: {} for pk in wanted}
        if wanted:
            condition, among = sql.among(wanted)
            text = (
                f"SELECT account_id, expires_on, remaining FROM points_lot WHERE account_id {condition}"
                " AND remaining > 0 ORDER BY account_id, expires_on"
            )
            for account, on, points in sql.rows(text, [among]):
                remaining[sql.as_uuid(account)][sql.as_date(on)] = points
        return cls(remaining)

    def take(self, account: UUID, points: int, only: date | None) -> Iterator[tuple[date, int]]:
        """Take points from lots, oldest first or from one only; raises NotEnoughPoints."""
        lots = self._remaining[account]
        missing = points
        for on in [only] if only else list(lots):
            part = min(lots.get(on, 0), missing)
            if part:
                lots[on] -= part
                missing -= part
                self._taken[account, on] = self._taken.get((account, on), 0) + part
                yield on, part
            if not missing:
                return
        raise NotEnoughPoints(
            _("There are not enough points: %(wanted)d are needed, %(free)d are free.")
            % {"wanted": points, "free": points - missing}
        )

    def left(self, account: UUID, on: date) -> int:
        """Tell how many points one lot has left."""
        return self._remaining[account].get(on, 0)

    def put(self, account: UUID, on: date, points: int, *, gives_back: bool) -> None:
        """Add points to the lot of a day; `gives_back` when that lot granted them before."""
        given = _Given(account, on, gives_back)
        self._given[given] = self._given.get(given, 0) + points

    def write(self) -> None:
        """Write what was taken and given."""
        taken = [(points, account, on) for (account, on), points in self._taken.items()]
        if sql.on_sqlite() or len(taken) == 1:
            for record in taken:
                sql.run(
                    "UPDATE points_lot SET remaining = remaining - %s WHERE account_id = %s AND expires_on = %s", record
                )
        elif taken:
            sql.run(
                "UPDATE points_lot AS l SET remaining = l.remaining - v.points"
                " FROM unnest(%s::int8[], %s::uuid[], %s::date[]) AS v(points, account, expires_on)"
                " WHERE l.account_id = v.account AND l.expires_on = v.expires_on",
                sql.arrays(taken),
            )
        self._write_given([(g, points) for g, points in self._given.items() if not g.gives_back], _GRANTED)
        self._write_given([(g, points) for g, points in self._given.items() if g.gives_back], _GIVEN_BACK)

    def _write_given(self, given: list[tuple[_Given, int]], ending: str) -> None:
        sql.insert(
            "points_lot",
            ("id", "account_id", "expires_on", "granted", "remaining"),
            ("uuid", "uuid", "date", "int8", "int8"),
            [
                (pk, lot.account, lot.on, points, points)
                for pk, (lot, points) in zip(new_ids(len(given)), given, strict=True)
            ],
            ending,
        )


_ADD = (
    " ON CONFLICT (account_id, expires_on) DO UPDATE"
    " SET remaining = points_lot.remaining + excluded.remaining, granted = "
)
_GRANTED = _ADD + "points_lot.granted + excluded.granted"
_GIVEN_BACK = _ADD + (
    "CASE WHEN points_lot.granted < points_lot.remaining + excluded.remaining"
    " THEN points_lot.remaining + excluded.remaining ELSE points_lot.granted END"
)
