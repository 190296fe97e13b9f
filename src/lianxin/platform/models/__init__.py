"""Tables of the platform."""

from lianxin.platform.models.audit import AuditBatch, AuditEntry, AuditPending, AuditSeal, AuditTarget
from lianxin.platform.models.base import Record, kind_of
from lianxin.platform.models.calendar import CalendarDay
from lianxin.platform.models.deployment import Deployment
from lianxin.platform.models.facts import ALL_CATEGORIES, EVERYTHING, NO_VENUE, Fact, FactPending, Rollup, Tally
from lianxin.platform.models.files import StoredFile
from lianxin.platform.models.runs import Run, RunChunk, RunProblem
from lianxin.platform.models.search import SearchDoc
from lianxin.platform.models.work import DueTime, Duty, Job, Lease, Message, Remembered

__all__ = [
    "ALL_CATEGORIES",
    "EVERYTHING",
    "NO_VENUE",
    "AuditBatch",
    "AuditEntry",
    "AuditPending",
    "AuditSeal",
    "AuditTarget",
    "CalendarDay",
    "Deployment",
    "DueTime",
    "Duty",
    "Fact",
    "FactPending",
    "Job",
    "Lease",
    "Message",
    "Record",
    "Remembered",
    "Rollup",
    "Run",
    "RunChunk",
    "RunProblem",
    "SearchDoc",
    "StoredFile",
    "Tally",
    "kind_of",
]
