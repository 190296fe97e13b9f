"""Commands: the only writers. The outermost one opens the transaction and, at its end, writes what was noted."""

import functools
import hashlib
import inspect
import json
import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime, timedelta
from datetime import time as wall_time
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.db import OperationalError, connection, models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.platform import bad_luck, ids, locks, rows, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Refused
from lianxin.platform.ids import deterministic_id, new_ids
from lianxin.platform.models import AuditEntry, AuditPending, AuditTarget, Fact, FactPending, Remembered, kind_of

MAX_TRIES = 5
REMEMBER_DAYS = 90
# Nobody looks at a page that thinks for longer: from then on bad luck is told (bad_luck.py), and sent again by people.
LONGEST_SECONDS = 30.0
_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode

F = TypeVar("F", bound=Callable[..., Any])


class KeyReused(Refused):
    """The same key came with other contents."""

    title = _("This form was already sent with other contents. Reload the page and enter it again.")


class NoActRunning(RuntimeError):
    """Something that belongs to a command was called outside one."""


@dataclass
class Act:
    """One running outermost command and what it has noted so far."""

    actor: Actor
    action: str
    at: datetime
    key: UUID | None
    reason: str = ""
    community_id: UUID | None = None
    lines: list[str] = field(default_factory=list)
    targets: list[tuple[str, UUID, UUID | None, str, dict]] = field(default_factory=list)
    facts: list[tuple] = field(default_factory=list)
    depth: int = 1
    silent: bool = False
    outcome: dict[str, Any] | None = None

    def target(self, record: models.Model, verb: str = "changed", change: dict | None = None) -> None:
        """Note that a record was touched; `change` maps field to [old, new] and never holds sensitive values."""
        community = getattr(record, "community_id", None)
        self.community_id = self.community_id or community
        self.targets.append((kind_of(record), record.pk, community, str(verb), plain(change or {})))

    def note(self, *, reason: str = "", community_id: UUID | None = None) -> None:
        """Note why the act is done, or where."""
        self.reason = reason or self.reason
        self.community_id = community_id or self.community_id


_act: ContextVar[Act | None] = ContextVar("lianxin_act", default=None)


def act() -> Act:
    """Give the running outermost act; raises NoActRunning outside a command."""
    running = _act.get()
    if running is None:
        raise NoActRunning("This may only be called inside a command.")
    return running


def plain(value: Any) -> Any:
    """Turn a value into what JSON can hold, the same way every time."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID | Decimal | Promise):
        return str(value)
    if isinstance(value, datetime | date | wall_time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, models.Model):
        return {"model": kind_of(value), "pk": plain(value.pk)}
    if is_dataclass(value) and not isinstance(value, type):
        return {member.name: plain(getattr(value, member.name)) for member in fields(value)}
    if isinstance(value, dict):
        return {str(plain(k)): plain(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(v) for v in value), key=str)
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return str(value)


def digest_of(value: Any) -> str:
    """Give the SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(_canonical(plain(value)).encode()).hexdigest()


def command(name: str, *, silent: bool = False) -> Callable[[F], F]:
    """Make a keyword-only function `(*, actor, ..., at, key=None)` a command of this name.

    `silent` is for acts of the machinery itself (folding, sealing) that leave no audit entry.
    """

    def decorate(function: F) -> F:
        signature = inspect.signature(function)
        takes_key = "key" in signature.parameters

        @functools.wraps(function)
        def run(*, actor: Actor, at: datetime, key: UUID | str | None = None, **arguments: Any) -> Any:
            if isinstance(key, str):
                key = UUID(key)
            if takes_key:
                arguments["key"] = key
            outer = _act.get()
            if outer is not None:
                outer.lines.append(name)
                return function(actor=actor, at=at, **arguments)
            place, begun = ids.bookmark(), time.monotonic()
            for attempt in range(1, MAX_TRIES + 1):
                try:
                    return _run_outermost(function, name, actor, at, key, arguments, silent=silent)
                except OperationalError as error:
                    is_over = attempt == MAX_TRIES or time.monotonic() - begun > LONGEST_SECONDS
                    if is_over or connection.in_atomic_block or not bad_luck.may_go_again(error):
                        raise
                    ids.go_back(place)
                    time.sleep(random.uniform(0.005, 0.02) * 2**attempt)  # noqa: S311 - spreads retries, guards nothing
            raise AssertionError("unreachable")

        run.command_name = name  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return decorate


def inner_key(key: UUID | None, suffix: str) -> UUID | None:
    """Give the key of a command called inside another: the outer key plus a fixed suffix."""
    return deterministic_id(key, suffix) if key else None


def _run_outermost(
    function: Callable[..., Any],
    name: str,
    actor: Actor,
    at: datetime,
    key: UUID | None,
    arguments: dict[str, Any],
    *,
    silent: bool,
) -> Any:
    running = Act(actor=actor, action=name, at=at, key=key, silent=silent)
    act_token = _act.set(running)
    lock_token = locks.begin()
    try:
        with scope.within(actor.communities), transaction.atomic():
            if key is not None:
                asked = {k: v for k, v in arguments.items() if k != "key"}
                request_hash = digest_of([name, str(actor.account), asked])
                found, outcome = _recall(key, name, request_hash)
                if found:
                    return outcome
            outcome = function(actor=actor, at=at, **arguments)
            if key is not None:
                running.outcome = _remember(outcome)
            _write_down(running)
            return outcome
    finally:
        locks.end(lock_token)
        _act.reset(act_token)


def _recall(key: UUID, name: str, request_hash: str) -> tuple[bool, Any]:
    """Claim the key, or give what the first sender got; a racing sender waits on the unique key until then."""
    with connection.cursor() as cursor:
        cursor.execute(
            rows.statement(
                Remembered,
                ("key", "command", "request_hash", "outcome", "remembered_at"),
                1,
                on_conflict=" ON CONFLICT DO NOTHING",
            ),
            rows.prepare(
                Remembered,
                ("key", "command", "request_hash", "outcome", "remembered_at"),
                [(key, name, request_hash, None, act().at)],
            )[0],
        )
        if cursor.rowcount == 1:
            return False, None
    known = Remembered.objects.get(key=key)
    if known.command != name or known.request_hash != request_hash:
        raise KeyReused
    return True, _recollect(known.outcome)


def forget_remembered(at: datetime, days: int = REMEMBER_DAYS) -> int:
    """Forget keys so old that no client sends them again; give how many."""
    return Remembered.objects.filter(remembered_at__lt=at - timedelta(days=days)).delete()[0]


def _remember(outcome: Any) -> Any:
    if isinstance(outcome, list | tuple):
        return {"list": [_remember(item) for item in outcome]}
    if isinstance(outcome, models.Model):
        return {"model": kind_of(outcome), "pk": plain(outcome.pk)}
    if isinstance(outcome, UUID):
        return {"uuid": str(outcome)}
    return {"value": plain(outcome)}


def _recollect(outcome: Any) -> Any:
    if outcome is None:
        return None
    if "list" in outcome:
        return [_recollect(item) for item in outcome["list"]]
    if "model" in outcome:
        return apps.get_model(outcome["model"])._default_manager.get(pk=outcome["pk"])
    if "uuid" in outcome:
        return UUID(outcome["uuid"])
    return outcome["value"]


_OUTCOME = rows.Update(Remembered, "outcome")
_ENTRY = rows.Insert(
    AuditEntry,
    "id",
    "at",
    "action",
    "account_id",
    "actor_name",
    "role",
    "via",
    "on_behalf_of",
    "identity_check",
    "community_id",
    "reason",
    "lines",
    "record_kind",
    "record_id",
    "verb",
    "change",
    "change_digest",
)
_ENTRY_PENDING = rows.Insert(AuditPending, "entry_id")
_TARGET = rows.Insert(AuditTarget, "id", "entry_id", "record_kind", "record_id", "community_id", "verb", "change")
_FACT = rows.Insert(
    Fact,
    "id",
    "occurred_on",
    "recorded_at",
    "community_id",
    "venue_id",
    "measure",
    "category",
    "quantity",
    "record_kind",
    "record_id",
    "corrects",
)
_FACT_PENDING = rows.Insert(FactPending, "fact_id")


def _write_down(running: Act) -> None:
    """Write what a key is to give again, and what was noted, in one go; no row of a log is ever updated."""
    parts = _noted(running)
    if running.key is not None:
        parts.insert(0, (_OUTCOME, [(running.outcome, running.key)]))
    rows.write_together(parts, and_commit=True)


def _noted(running: Act) -> list[rows.Part]:
    """Give the entry with its further targets, and the facts, as rows to be written."""
    parts: list[rows.Part] = []
    made = iter(new_ids(len(running.targets) + 1 + len(running.facts)))
    if not running.silent:
        entry_id = next(made)
        actor = running.actor
        kind, record_id, _community, verb, change = running.targets[0] if running.targets else ("", None, None, "", {})
        # The changes are plain already, and a digest is over what is plain.
        touched = [[kind, str(pk), verb, change] for kind, pk, _c, verb, change in running.targets]
        entry = (
            entry_id,
            running.at,
            running.action,
            actor.account,
            actor.name[:80],
            actor.role,
            actor.via,
            actor.on_behalf_of,
            actor.identity_check,
            running.community_id,
            running.reason,
            running.lines,
            kind,
            record_id,
            verb,
            change,
            hashlib.sha256(_canonical(touched).encode()).hexdigest(),
        )
        if len(running.targets) > 1:
            parts.append((_TARGET, [(next(made), entry_id, *target) for target in running.targets[1:]]))
        parts.append((_ENTRY_PENDING, [(entry_id,)]))
        parts.append((_ENTRY, [entry]))
    if running.facts:
        facts = [(next(made), *fact) for fact in running.facts]
        parts.append((_FACT_PENDING, [(fact[0],) for fact in facts]))
        parts.append((_FACT, facts))
    return parts
