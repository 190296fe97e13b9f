"""Two records of one visit: somebody compares them and takes the phone's, or leaves what was there."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import recording, visit_duties
from lianxin.domain.needs.commands.syncing import CONTENT
from lianxin.domain.needs.models import Visit, VisitConflict, VisitPromise
from lianxin.domain.needs.rules import visit_records
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing, Refused
from lianxin.platform.sensitive import Unreadable, seal

State = VisitConflict.State


class AlreadyDecided(Refused):
    """Somebody decided about the two records before."""

    title = gettext_lazy("Somebody decided about these records already.")


@command("needs.decide_visit_conflict")
def decide(
    *,
    actor: Actor,
    conflict: UUID,
    take: bool,
    without_form: bool = False,
    without_ended: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> VisitConflict:
    """Take the phone's record, or leave what is there; the other one is kept sealed either way.

    A questionnaire or ended promises that are not accepted can be left out. Raises AlreadyDecided, Invalid, Refused
    or Missing.
    """
    visit = VisitConflict.objects.filter(pk=conflict).values_list("visit", flat=True).first()
    if visit is None:
        raise Missing
    row = recording.found_visit(visit)
    policy.require(policy.may_visit(actor, row.community_id))
    found: VisitConflict = locks.lock(VisitConflict.objects.filter(pk=conflict))[0]
    if found.state != State.OPEN:
        raise AlreadyDecided
    content = content_of(found)
    found.state, found.decided_by, found.decided_at = State.TAKEN if take else State.LEFT, actor.account, at
    if take:
        sent = visit_records.read(content["record"])
        digest = visit_records.digest(sent)
        if without_form:
            sent = replace(sent, submission=None)
        if without_ended:
            sent = replace(sent, ended=())
        # By now its clock no longer matters: what lies in the future happened at the latest when it came in.
        latest = min(at, found.received_at)
        sent = replace(sent, started_at=min(sent.started_at, latest), ended_at=min(sent.ended_at, latest))
        record = visit_records.check(sent, at=at)
        content["before"] = standing(row)
        found.content = seal(json.dumps(content, ensure_ascii=True), CONTENT)
        known = Visit.objects.filter(device_record=found.device_record).exclude(pk=row.pk).exists()
        if known:
            raise Refused(_("This record belongs to another visit already."))
        recording.write(
            actor=actor,
            row=row,
            record=replace(record, record=found.device_record),
            digest=digest,
            by=found.sent_by,
            at=at,
            fact=found,
        )
    found.save(update_fields=["state", "decided_by", "decided_at", "content"])
    act().target(found, "decided", {"state": [State.OPEN, found.state]})
    visit_duties.look_at_conflicts([row.community_id])
    return found


def content_of(row: VisitConflict) -> dict[str, Any]:
    """Give what a conflict keeps: the record as it was sent, why it was not taken, and what it took the place of."""
    try:
        content: dict[str, Any] = json.loads(row.content.reveal())
    except (Unreadable, ValueError):
        raise Refused(_("This record can no longer be read.")) from None
    return content


def standing(row: Visit) -> dict[str, Any]:
    """Give what stands in a visit as a record would say it, to be laid beside another one."""
    if row.recorded_at is None:
        return {}
    made = VisitPromise.objects.filter(visit=row).order_by("made_at", "pk")
    return {
        "outcome": row.state,
        "started_at": row.started_at.isoformat() if row.started_at else "",
        "ended_at": row.ended_at.isoformat() if row.ended_at else "",
        "note": _revealed(row),
        "place": f"{row.lng:.5f} {row.lat:.5f}" if row.lng is not None and row.lat is not None else "",
        "made": [one.words for one in made],
        "wishes": [str(one) for one in row.reports.order_by("heard_at", "pk").values_list("words", flat=True)],
        "submission": str(row.submission_id or ""),
        "worker": str(row.worker or ""),
        "recorded_at": row.recorded_at.isoformat(),
    }


def _revealed(row: Visit) -> str:
    try:
        return row.note.reveal() if row.note is not None else ""
    except Unreadable:
        return ""
