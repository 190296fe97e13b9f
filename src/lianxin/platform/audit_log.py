"""Reading the audit log: whole for the audit administrator; for colleagues what was done today, without residents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from lianxin.platform import scope, tasks
from lianxin.platform.actors import SYSTEM, Actor
from lianxin.platform.clock import day_span
from lianxin.platform.commands import act, command
from lianxin.platform.errors import NotAllowed
from lianxin.platform.models import AuditBatch, AuditEntry, AuditPending, AuditSeal, AuditTarget, Job

READERS = ("audit_admin", SYSTEM)
PROOF = "platform.prove_audit"
MOST_OF_A_RECORD = 500


@dataclass(frozen=True)
class SealState:
    """How far the log is sealed, and when that was last done."""

    positions: int
    batches: int
    pending: int
    oldest_pending_at: datetime | None
    sealed_at: datetime | None
    algorithm: str
    root: str


@dataclass(frozen=True)
class DoneToday:
    """One kind of act that one colleague did today, and when last; how often is nobody's business."""

    actor_name: str
    action: str
    last_at: datetime


def _require_reader(actor: Actor) -> None:
    if not actor.holds(*READERS):
        raise NotAllowed


def list_entries(
    *,
    actor: Actor,
    action: str = "",
    account: UUID | None = None,
    who: str = "",
    record: UUID | None = None,
    community: UUID | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
) -> QuerySet[AuditEntry]:
    """Give the entries of the log, newest first, narrowed; the last day is included."""
    _require_reader(actor)
    rows = AuditEntry.objects.order_by("-pk")
    if action:
        rows = rows.filter(action__startswith=action)
    if account is not None:
        rows = rows.filter(account_id=account)
    if who.strip():
        rows = rows.filter(actor_name__icontains=who.strip())
    if community is not None:
        rows = rows.filter(community_id=community)
    if from_on is not None:
        rows = rows.filter(at__gte=day_span(from_on)[0])
    if until_on is not None:
        rows = rows.filter(at__lt=day_span(until_on)[1])
    if record is not None:
        with scope.everything():
            further = AuditTarget.objects.filter(record_id=record).order_by("-id").values_list("entry_id", flat=True)
            rows = rows.filter(Q(record_id=record) | Q(pk__in=list(further[:MOST_OF_A_RECORD])))
    return rows


def list_targets(*, actor: Actor, entries: Iterable[UUID]) -> dict[UUID, list[AuditTarget]]:
    """Give what each of these entries touched; one query."""
    _require_reader(actor)
    found: dict[UUID, list[AuditTarget]] = {}
    with scope.everything():
        for target in AuditTarget.objects.filter(entry_id__in=list(entries)).order_by("pk"):
            found.setdefault(target.entry_id, []).append(target)
    return found


def list_positions(*, actor: Actor, entries: Iterable[UUID]) -> dict[UUID, int]:
    """Give the sealed position of each of these entries; an entry that waits for its seal is left out."""
    _require_reader(actor)
    return dict(AuditSeal.objects.filter(entry_id__in=list(entries)).values_list("entry_id", "position"))


def list_actions(*, actor: Actor) -> list[str]:
    """Give the names of the acts that are in the log."""
    _require_reader(actor)
    return list(AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct())


def seal_state(*, actor: Actor) -> SealState:
    """Tell how far the log is sealed; three queries."""
    _require_reader(actor)
    last = AuditBatch.objects.order_by("-number").first()
    waiting = AuditPending.objects.order_by("entry_id")
    oldest = AuditEntry.objects.filter(pk__in=waiting.values("entry_id")[:1]).values_list("at", flat=True).first()
    return SealState(
        positions=last.last_position if last else 0,
        batches=last.number if last else 0,
        pending=waiting.count(),
        oldest_pending_at=oldest,
        sealed_at=last.sealed_at if last else None,
        algorithm=last.algorithm if last else "",
        root=last.root if last else "",
    )


@command("platform.ask_for_proof")
def ask_for_proof(*, actor: Actor, at: datetime, key: UUID | None = None) -> Job:
    """Let the worker prove the whole chain, and keep what it found."""
    _require_reader(actor)
    job = tasks.enqueue(PROOF)
    act().target(job, "asked for")
    return job


def list_proofs(*, actor: Actor, limit: int = 5) -> list[Job]:
    """Give the newest proofs; the note of a finished one says what was found."""
    _require_reader(actor)
    return list(Job.objects.filter(task=PROOF).order_by("-created_at", "-pk")[:limit])


def list_done_today(
    *, actor: Actor, on: date, actions: Iterable[str], leave_out: UUID | None = None, limit: int = 30
) -> list[DoneToday]:
    """Give what colleagues did in an actor's communities on a day, each kind of act once; names of staff only."""
    begins, ends = day_span(on)
    rows = AuditEntry.objects.filter(
        at__gte=begins, at__lt=ends, action__in=list(actions), account_id__isnull=False, on_behalf_of=None
    )
    if actor.communities is not None:
        rows = rows.filter(community_id__in=actor.communities)
    if leave_out is not None:
        rows = rows.exclude(account_id=leave_out)
    latest = rows.values("account_id", "actor_name", "action").annotate(last_at=Max("at"))
    return [
        DoneToday(actor_name=row["actor_name"], action=row["action"], last_at=row["last_at"])
        for row in latest.order_by("-last_at")[:limit]
    ]
