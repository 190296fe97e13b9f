"""Bringing every sealed value in the house to the active keys, chunk by chunk, resumable."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from lianxin.platform import archives, contributions, keys, scope, search, sensitive
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid
from lianxin.platform.sensitive import DigestColumn, SealedField

STAMP = "reencrypt.json"


@dataclass(frozen=True)
class SealedColumn:
    """A sealed column, and the digest column that goes with it if there is one."""

    model: type[models.Model]
    field: SealedField

    @property
    def label(self) -> str:
        """Name the column as app.model.field."""
        return f"{self.model._meta.label_lower}.{self.field.name}"

    @property
    def digests(self) -> tuple[DigestColumn, ...]:
        """Give the digest column, as the field declares it."""
        if not self.field.digest:
            return ()
        return (DigestColumn(self.field.digest, self.field.digest_purpose or self.field.purpose),)


def sealed_columns() -> list[SealedColumn]:
    """Give every sealed column of every installed app."""
    return [
        SealedColumn(model, field)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, SealedField)
    ]


def count_by_key() -> dict[str, dict[int, int]]:
    """Count the sealed values of each column by the key that sealed them."""
    quote = connection.ops.quote_name
    found = {}
    with scope.everything(), connection.cursor() as cursor:
        for each in sealed_columns():
            column = quote(str(each.field.column))
            cursor.execute(
                f"SELECT substr({column}, 2, 2), count(*) FROM {quote(each.model._meta.db_table)}"
                f" WHERE {column} IS NOT NULL GROUP BY 1"
            )
            found[each.label] = {int.from_bytes(bytes(key)): count for key, count in sorted(cursor.fetchall())}
    return found


@command("platform.rotate_key")
def rotate_key(*, actor: Actor, kind: str, algorithm: str = "", at: datetime) -> str:
    """Add a key and retire the former one of its kind; give the new one's name for the log."""
    if kind not in keys.ALGORITHMS:
        raise Invalid(f"There is no kind of key {kind!r}; known are: {', '.join(keys.ALGORITHMS)}.")
    try:
        new = keys.rotate(kind=kind, at=at, algorithm=algorithm)  # type: ignore[arg-type]
    except keys.KeyFileProblem as problem:
        raise Invalid(str(problem)) from None
    act().note(reason=f"{kind} key {new.id} ({new.algorithm})")
    return f"{kind} key {new.id} ({new.algorithm})"


def reencrypt_everything(*, at: datetime, tell: Callable[[str, int, int], None], chunk: int = 1000) -> int:
    """Bring all sealed values and digests to the active keys; started again, it goes on where it was stopped.

    `tell(column, seen, changed)` hears of each chunk. Gives how many rows changed since this call.
    """
    goal = _goal()
    done = _read_stamp(goal)
    total = 0
    with scope.everything():
        for each in sealed_columns():
            place = done.setdefault(each.label, {"last": None, "finished": False})
            for step in _steps(each, place, chunk):
                total += step.changed
                place.update(last=step.last, finished=step.finished)
                _write_stamp(goal, done)
                tell(each.label, step.seen, step.changed)
        if not done.get("search", {}).get("finished"):
            # The index holds digests as exact words.
            search.rebuild(contributions.every("searchables"), at=at)
            done["search"] = {"finished": True}
            _write_stamp(goal, done)
    (Path(settings.VAR_DIR) / STAMP).unlink(missing_ok=True)
    return total


def _steps(column: SealedColumn, place: dict[str, Any], chunk: int) -> Iterator[sensitive.Progress]:
    after, finished = place["last"], place["finished"]
    while not finished:
        step = sensitive.reencrypt(
            model=column.model, field=column.field.name, chunk=chunk, after=after, digests=column.digests
        )
        after, finished = step.last, step.finished
        yield step


def _goal() -> list[int]:
    ring = keys.ring(fresh=True)
    return [ring.active("encryption").id, ring.active("digest").id]


def _read_stamp(goal: list[int]) -> dict[str, Any]:
    try:
        told = json.loads((Path(settings.VAR_DIR) / STAMP).read_text(encoding="utf-8"))
        return told["done"] if told["goal"] == goal else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write_stamp(goal: list[int], done: dict[str, Any]) -> None:
    text = json.dumps({"goal": goal, "done": done}).encode()
    archives.copy_out(BytesIO(text), Path(settings.VAR_DIR) / STAMP)
