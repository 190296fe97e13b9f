"""The audit log: sealing into a signed Merkle chain, proof of it, timelines, and looks behind a mask."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Value

from lianxin.platform import keys, leases, merkle, rows, scope
from lianxin.platform.actors import Actor
from lianxin.platform.append_only import retention
from lianxin.platform.commands import act, command, plain
from lianxin.platform.models import AuditBatch, AuditEntry, AuditPending, AuditSeal, AuditTarget

SEAL_AT_MOST = 2_000
_AT_ONCE = 900
UNSEALED_LIMIT = timedelta(minutes=10)
KEEP_DAYS = 365


@dataclass(frozen=True)
class TimelineEntry:
    """What happened to one record: when, what, by whom and for whom."""

    at: datetime
    action: str
    verb: str
    actor_name: str
    role: str
    via: str
    on_behalf_of: UUID | None
    reason: str
    change: dict


def _hash_of(entry: Sequence[Any], targets: Iterable[Sequence[Any]]) -> str:
    """Give the SHA-256 over everything an entry says, its targets included, each as the values of its members."""
    return hashlib.sha256(_canonical([entry, sorted(targets, key=itemgetter(0))]).encode()).hexdigest()


def _said(value: Any) -> Any:
    return str(value) if type(value) is UUID else plain(value)  # most of what JSON cannot hold is an id


_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_said).encode
_ENTRY_MEMBERS = (
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
_TARGET_MEMBERS = ("id", "record_kind", "record_id", "community_id", "verb", "change")


def _chain(previous: str, entry: str) -> str:
    return hashlib.sha256(bytes.fromhex(previous or "00" * 32) + bytes.fromhex(entry)).hexdigest()


def _batch_text(batch: AuditBatch) -> bytes:
    members = [
        batch.number,
        batch.first_position,
        batch.last_position,
        batch.root,
        batch.previous_root,
        batch.last_chain_hash,
        plain(batch.sealed_at),
    ]
    return json.dumps(members, separators=(",", ":")).encode()


def seal_pending(*, holder: str, at: datetime, limit: int = SEAL_AT_MOST) -> int:
    """Give unsealed entries their positions, sign the batch and copy its root outside the database."""
    if not leases.take("audit.seal", holder=holder, at=at, duration=timedelta(seconds=60)):
        return 0
    with scope.everything(), transaction.atomic():
        pending = list(AuditPending.objects.order_by("entry_id").values_list("entry_id", flat=True)[:limit])
        if not pending:
            return 0
        last = AuditBatch.objects.order_by("-number").first()
        position = last.last_position if last else 0
        chain = last.last_chain_hash if last else ""
        seals: list[tuple[int, UUID, str, str]] = []
        for entry_id, hashed in _hashes(pending):
            position += 1
            chain = _chain(chain, hashed)
            seals.append((position, entry_id, hashed, chain))
        rows.insert(AuditSeal, ("position", "entry_id", "entry_hash", "chain_hash"), seals)
        batch = AuditBatch(
            number=(last.number if last else 0) + 1,
            first_position=seals[0][0],
            last_position=seals[-1][0],
            root=merkle.root([hashed for _, _, hashed, _ in seals]),
            previous_root=last.root if last else "",
            last_chain_hash=chain,
            sealed_at=at,
        )
        batch.algorithm, batch.key_id, batch.signature = keys.sign(_batch_text(batch))
        batch.save(force_insert=True)
        for start in range(0, len(pending), _AT_ONCE):
            AuditPending.objects.filter(pk__among=frozenset(pending[start : start + _AT_ONCE])).delete()
    _copy_outside(batch)
    return len(seals)


def _hashes(entry_ids: Sequence[UUID]) -> Iterator[tuple[UUID, str]]:
    """Give each entry that is there, in the order of ids within a part, with its hash."""
    for start in range(0, len(entry_ids), _AT_ONCE):
        part = frozenset(entry_ids[start : start + _AT_ONCE])
        targets: dict[UUID, list[tuple]] = {}
        for entry_id, *target in AuditTarget.objects.filter(entry_id__among=part).values_list(
            "entry_id", *_TARGET_MEMBERS
        ):
            targets.setdefault(entry_id, []).append(target)
        for entry in AuditEntry.objects.filter(pk__among=part).order_by("pk").values_list(*_ENTRY_MEMBERS):
            yield entry[0], _hash_of(entry, targets.get(entry[0], []))


def _copy_outside(batch: AuditBatch) -> None:
    folder = Path(settings.SEAL_COPY_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    line = {
        "number": batch.number,
        "positions": [batch.first_position, batch.last_position],
        "root": batch.root,
        "previous_root": batch.previous_root,
        "chain": batch.last_chain_hash,
        "sealed_at": plain(batch.sealed_at),
        "algorithm": batch.algorithm,
        "key_id": batch.key_id,
        "signature": batch.signature,
    }
    with (folder / f"audit-{batch.sealed_at:%Y-%m}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def check_chain(at: datetime) -> Iterator[str]:
    """Prove positions, chain, roots and signatures; yields a sentence for each first difference."""
    with scope.everything():
        if AuditEntry.objects.filter(
            pk__in=AuditPending.objects.values("entry_id"), at__lt=at - UNSEALED_LIMIT
        ).exists():
            yield "an audit entry has been unsealed for more than 10 minutes: is the worker running?"
        orphans = AuditEntry.objects.exclude(pk__in=AuditPending.objects.values("entry_id")).exclude(
            pk__in=AuditSeal.objects.values("entry_id")
        )
        if orphans.exists():
            yield f"audit entry {orphans.values_list('pk', flat=True)[0]} is neither sealed nor waiting to be"
        chain, root, expected = "", "", 1
        for batch in AuditBatch.objects.order_by("number").iterator():
            if batch.first_position != expected or batch.previous_root != root:
                yield f"audit batch {batch.number} does not follow the one before it"
            if not keys.verify(_batch_text(batch), batch.algorithm, batch.key_id, batch.signature):
                yield f"the signature of audit batch {batch.number} does not hold"
            if batch.dropped_at is None:
                yield from _check_batch(batch, chain)
            chain, root, expected = batch.last_chain_hash, batch.root, batch.last_position + 1


def _check_batch(batch: AuditBatch, chain: str) -> Iterator[str]:
    seals = list(
        AuditSeal.objects.filter(position__range=(batch.first_position, batch.last_position)).order_by("position")
    )
    if [s.position for s in seals] != list(range(batch.first_position, batch.last_position + 1)):
        yield f"audit batch {batch.number} has lost positions"
        return
    found = dict(_hashes([s.entry_id for s in seals]))
    for seal in seals:
        if found.get(seal.entry_id) != seal.entry_hash:
            yield f"audit entry {seal.entry_id} is not what was sealed at position {seal.position}"
            return
        chain = _chain(chain, seal.entry_hash)
        if chain != seal.chain_hash:
            yield f"the audit chain breaks at position {seal.position}"
            return
    if merkle.root([s.entry_hash for s in seals]) != batch.root:
        yield f"the Merkle root of audit batch {batch.number} does not hold"


def drop_old(at: datetime, keep_days: int = KEEP_DAYS) -> int:
    """Drop whole sealed batches older than the retention period; their roots stay."""
    dropped = 0
    limit = at - timedelta(days=keep_days)
    with scope.everything():
        for batch in AuditBatch.objects.filter(dropped_at=None, sealed_at__lt=limit).order_by("number")[:50]:
            with transaction.atomic():
                span = AuditSeal.objects.filter(position__range=(batch.first_position, batch.last_position))
                entry_ids = list(span.values_list("entry_id", flat=True))
                parts = [entry_ids[start : start + 900] for start in range(0, len(entry_ids), 900)]
                with retention("platform_audittarget"):
                    for part in parts:
                        AuditTarget.objects.filter(entry_id__in=part).delete()
                with retention("platform_auditentry"):
                    for part in parts:
                        AuditEntry.objects.filter(pk__in=part).delete()
                span.delete()
                AuditBatch.objects.filter(pk=batch.pk).update(dropped_at=at)
                dropped += len(entry_ids)
    return dropped


def entries_for(record_kind: str, record_id: UUID, limit: int = 50) -> list[TimelineEntry]:
    """Give the newest entries of one record's timeline, within the active scope."""
    wanted = {"record_kind": record_kind, "record_id": record_id}
    allowed = scope.ids()
    targets = list(AuditTarget.objects.filter(**wanted).order_by("-id")[:limit])
    own = AuditEntry.objects.filter(**wanted).annotate(is_own=Value(1))
    if allowed is not None:
        own = own.filter(community_id__in=sorted(allowed))
    touching = AuditEntry.objects.filter(pk__in={target.entry_id for target in targets}).annotate(is_own=Value(0))
    # A union reads both by index, and each only once.
    read = list((own.union(touching, all=True) if targets else own).order_by("-id")[: limit + len(targets)])
    found = [(entry, entry.verb, entry.change) for entry in read if entry.is_own]
    entries = {entry.pk: entry for entry in read if not entry.is_own}
    found += [(entries[t.entry_id], t.verb, t.change) for t in targets if t.entry_id in entries]
    found.sort(key=lambda line: line[0].pk, reverse=True)
    return [
        TimelineEntry(
            at=entry.at,
            action=entry.action,
            verb=verb,
            actor_name=entry.actor_name,
            role=entry.role,
            via=entry.via,
            on_behalf_of=entry.on_behalf_of,
            reason=entry.reason,
            change=change,
        )
        for entry, verb, change in found[:limit]
    ]


@command("platform.look_behind_mask")
def record_look(*, actor: Actor, record: models.Model, field: str, reason: str, at: datetime) -> None:
    """Enter in the log that a masked field was shown to somebody, and why."""
    act().target(record, "revealed", {"field": field})
    act().note(reason=reason)
