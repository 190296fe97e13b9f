"""The fingerprint of what a district's tables say: two builds from one seed and day have the same, on any database.

Left out is what no two installations share: times by the clock, drawn secrets, and what depends on the house's keys.
The order of rows counts for nothing, as databases sort differently.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from lianxin.platform import scope, verification
from lianxin.platform.sensitive import Sealed

HOUSE = "lianxin."
AT_ONCE = 2_000
_WHOLE = 1 << 256
# Tables that say nothing about the district: work in hand, what the worker sums up, seals, what search is made of.
TABLES_LEFT_OUT = frozenset(
    {
        "platform.AuditBatch",  # sealed when the clock says so
        "platform.AuditPending",
        "platform.AuditSeal",
        "platform.DueTime",
        "platform.FactPending",
        "platform.Job",
        "platform.Lease",
        "platform.Message",  # holds codes and receipts, and when the worker sent it
        "platform.Remembered",
        "platform.Rollup",  # sums of the facts, which are here
        "platform.SearchDoc",  # made of the records, which are here
        "platform.Tally",
        "channels.Delivery",
        "people.OneTimeCode",
        "people.RecoveryCode",
    }
)
# Columns drawn by chance or made with the house's keys.
KEYED = ("digest", "hash", "salt", "key_id", "receipt", "token", "password", "secret", "signature")
COLUMNS_LEFT_OUT = frozenset(
    {
        "activities.Certificate.code",
        "activities.Occurrence.seed",
        "activities.SignUp.code",
        "needs.Survey.slug",
        "people.Card.number",
        "platform.AuditEntry.change",  # tells of drawn codes and receipts too
        "platform.AuditTarget.change",
        "platform.StoredFile.size_bytes",  # of what is sealed and packed
        "points.Account.head",
        "points.HonourRoll.code",
        "points.Seal.code",
        "points.Seal.entry_root",
        "points.Seal.previous",
        "points.Seal.state_root",
        "points.SealedTxn.leaf",
        "projects.MatchRun.cpu_seconds",
        "shop.Redemption.code",
        "shop.Voucher.code",
    }
)


@dataclass(frozen=True, slots=True)
class Print:
    """What one table says: how many rows, and the digest of them all."""

    table: str
    rows: int
    digest: str


def of_district() -> tuple[str, list[Print]]:
    """Give the fingerprint of the whole district and of each table with rows, in one view of the database."""
    with scope.everything(), verification.one_view():
        prints = [found for model in models_told() if (found := of_table(model)).rows]
    whole = hashlib.sha256()
    for one in prints:
        whole.update(f"{one.table} {one.rows} {one.digest}\n".encode())
    return whole.hexdigest(), prints


def models_told() -> list[type[models.Model]]:
    """Give the models whose rows count, by name."""
    found = [
        model
        for app in apps.get_app_configs()
        if app.name.startswith(HOUSE)
        for model in app.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in TABLES_LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.label)


def columns_of(model: type[models.Model]) -> list[str]:
    """Give the columns of a model that count; a number that only the database gave says nothing."""
    return [
        field.attname
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField)
        and not any(word in field.name for word in KEYED)
        and f"{model._meta.label}.{field.name}" not in COLUMNS_LEFT_OUT
    ]


def of_table(model: type[models.Model]) -> Print:
    """Give the fingerprint of one table."""
    total, count = 0, 0
    for told in rows_told(model):
        total += int.from_bytes(hashlib.sha256(told.encode()).digest())
        count += 1
    return Print(model._meta.label, count, f"{total % _WHOLE:064x}")


def rows_told(model: type[models.Model]) -> Iterator[str]:
    """Give each row of a table as text that is the same on every database, in no order."""
    names = columns_of(model)
    rows = model._base_manager.order_by().values_list(*names)
    for row in rows.iterator(chunk_size=AT_ONCE):
        yield json.dumps([_told(value) for value in row], ensure_ascii=False, sort_keys=True)


def _told(value: Any) -> Any:
    """Give a value as JSON holds it."""
    tell = _TELLERS.get(type(value))
    if tell is not None:
        return tell(value)
    if isinstance(value, dict):
        return {name: _told(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_told(part) for part in value]
    if isinstance(value, float) and value.is_integer():
        # A database may give 0 for what was kept as -0.0.
        return int(value)
    if isinstance(value, str | int | float) or value is None:
        return value
    return str(value)


_TELLERS: dict[type, Callable[[Any], Any]] = {
    UUID: lambda value: value.hex,
    datetime: lambda value: value.astimezone(UTC).isoformat(),
    date: date.isoformat,
    time: time.isoformat,
    timedelta: timedelta.total_seconds,
    Decimal: lambda value: format(value.normalize(), "f"),
    Sealed: Sealed.reveal,
    bytes: lambda value: hashlib.sha256(value).hexdigest(),
    memoryview: lambda value: hashlib.sha256(bytes(value)).hexdigest(),
}
