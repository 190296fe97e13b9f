"""Counters of caps: how much of an item a household, a person and a community have had in a window.

A counter that is there always holds the sum of the points of its claims, whichever version of the rules decided them:
that is why a new one begins with what was given before, and why each award and each taking back reaches all counters
of its act, not only those of caps now in force. Counters are locked after accounts, in one statement.
"""

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from lianxin.domain.points.ledger import sql
from lianxin.domain.points.models import Claim
from lianxin.domain.points.rules import windows
from lianxin.domain.points.rules.deciding import BOOK, HOUSEHOLD, PERSON, Cap
from lianxin.platform import locks
from lianxin.platform.ids import new_ids

Key = tuple[str, UUID, str]
"""An item's code, the subject and the window's key, within one book."""
Keys = dict[tuple[str, str], Key]
"""The counters of an act by kind of subject and length of window."""


class Counted(NamedTuple):
    """An act as caps see it."""

    code: str
    household: UUID
    person: UUID | None
    done_on: date
    caps: tuple[Cap, ...] = ()


@dataclass
class _Counter:
    id: UUID
    used: int
    cap: int
    taken: int = 0


@dataclass
class Counters:
    """The locked counters of one book for some acts."""

    book: UUID
    rows: dict[Key, _Counter]
    keys: Mapping[Counted, Keys]
    _limits: dict[Key, int] = field(default_factory=dict)

    def used(self, act: Counted) -> dict[tuple[str, str], int]:
        """Tell what is used of each cap of an act, with what was taken since they were locked."""
        keys = self.keys[act]
        found: dict[tuple[str, str], int] = {}
        for cap in act.caps:
            key = keys.get((cap.subject, cap.every))
            if key is None:
                continue
            row = self.rows[key]
            found[cap.subject, cap.every] = row.used + row.taken
            self._limits[key] = max(cap.points, self._limits.get(key, 0))
        return found

    def take(self, act: Counted, points: int) -> None:
        """Count the points of an act, or give them back when negative."""
        for key in self.keys[act].values():
            if key in self.rows:
                self.rows[key].taken += points

    def write(self) -> None:
        """Write what was counted. The database adds it up, so that a stale reading breaks the cap, not the rule."""
        changed = [
            (row.taken, self._limits.get(key, max(row.cap, row.used + row.taken)), row.id)
            for key, row in self.rows.items()
            if row.taken
        ]
        if not changed:
            return
        if connection.vendor == "sqlite":
            sql.many("UPDATE points_capcounter SET used = used + %s, cap = %s WHERE id = %s", changed)
            return
        sql.run(
            "UPDATE points_capcounter AS c SET used = c.used + v.taken, cap = v.cap"
            " FROM unnest(%s::int4[], %s::int4[], %s::uuid[]) AS v(taken, cap, pk) WHERE c.id = v.pk",
            [list(column) for column in zip(*changed, strict=True)],
        )


def lock_counters(book: UUID, acts: Sequence[Counted], *, count_earlier: bool) -> Counters:
    """Lock the counters of some acts of one book, opened where a cap has none yet.

    `count_earlier` says that the book has had other rules, under which a cap may not have been counted.
    """
    sql.require_transaction()
    locks.reach(locks.CAP)
    keys = {act: _keys(book, act) for act in acts}
    rows = _read(book, {key for of_act in keys.values() for key in of_act.values()})
    missing = {key: need for key, need in _needed(keys).items() if key not in rows}
    if missing:
        earlier = _given_before(book, missing) if count_earlier else {}
        # In one order, so that two who open the same counters wait for each other in one direction.
        order = sorted(missing)
        fresh = {
            key: _Counter(pk, earlier.get(key, 0), max(missing[key].points, earlier.get(key, 0)))
            for pk, key in zip(new_ids(len(order)), order, strict=True)
        }
        opened = sql.insert(
            "points_capcounter",
            ("id", "book_id", "code", "subject", '"window"', "used", "cap"),
            ("uuid", "uuid", "varchar", "uuid", "varchar", "int4", "int4"),
            [(row.id, book, *key, row.used, row.cap) for key, row in fresh.items()],
            " ON CONFLICT DO NOTHING",
        )
        # Somebody else opened some of them meanwhile: what these hold is read, and locked, again.
        rows |= fresh if opened == len(fresh) else _read(book, set(missing))
    return Counters(book, rows, keys)


@dataclass
class _Need:
    subject: str
    every: str
    points: int
    on: date


def _needed(keys: Mapping[Counted, Keys]) -> dict[Key, _Need]:
    needed: dict[Key, _Need] = {}
    for act, of_act in keys.items():
        for cap in act.caps:
            key = of_act.get((cap.subject, cap.every))
            if key is None:
                continue
            known = needed.get(key)
            points = cap.points if known is None else max(cap.points, known.points)
            needed[key] = _Need(cap.subject, cap.every, points, act.done_on)
    return needed


def _keys(book: UUID, act: Counted) -> Keys:
    found: Keys = {}
    for every, window in _windows(act.done_on).items():
        found[HOUSEHOLD, every] = (act.code, act.household, window)
        found[BOOK, every] = (act.code, book, window)
        if act.person is not None:
            found[PERSON, every] = (act.code, act.person, window)
    return found


_known_windows: dict[date, dict[str, str]] = {}


def _windows(on: date) -> dict[str, str]:
    if len(_known_windows) > 1000:
        _known_windows.clear()
    return _known_windows.setdefault(on, windows.windows_of(on))


def _read(book: UUID, wanted: AbstractSet[Key]) -> dict[Key, _Counter]:
    if not wanted:
        return {}
    codes = sorted({code for code, _subject, _window in wanted})
    kept = sorted({window for _code, _subject, window in wanted})
    condition, among = sql.among({subject for _code, subject, _window in wanted})
    (of_codes, codes_value), (of_windows, windows_value) = _texts(codes), _texts(kept)
    text = (
        'SELECT id, code, subject, "window", used, cap FROM points_capcounter WHERE book_id = %s'
        f' AND code {of_codes} AND subject {condition} AND "window" {of_windows}'
        f" ORDER BY id{sql.for_update()}"
    )
    found: dict[Key, _Counter] = {}
    for pk, code, subject, window, used, cap in sql.rows(text, [book, codes_value, among, windows_value]):
        key = (code, sql.as_uuid(subject), window)
        if key in wanted:
            found[key] = _Counter(sql.as_uuid(pk), used, cap)
    return found


def _texts(values: list[str]) -> tuple[str, Any]:
    if connection.vendor == "sqlite":
        return "IN (SELECT value FROM json_each(%s))", json.dumps(values)
    return "= ANY(%s)", values


def _given_before(book: UUID, missing: dict[Key, _Need]) -> dict[Key, int]:
    """Sum up what was given of an item in windows that no counter holds yet, one query for each kind of window."""
    found: dict[Key, int] = {}
    groups: dict[tuple[str, str, str], list[Key]] = {}
    for key, need in missing.items():
        groups.setdefault((key[0], need.subject, key[2]), []).append(key)
    for (code, subject, window), keys in groups.items():
        need = missing[keys[0]]
        first, last = windows.days_of(need.every, need.on)
        rows = Claim.objects.filter(
            book=book, state=Claim.State.AWARDED, item__code=code, done_on__gte=first, done_on__lte=last
        ).order_by()
        if subject == BOOK:
            found[code, book, window] = rows.aggregate(points=Sum("points"))["points"] or 0
            continue
        wanted = {key[1] for key in keys}
        for pk, points in rows.values_list(subject).annotate(points=Sum("points")):
            if pk in wanted:
                found[code, pk, window] = points
    return found
