"""Records that come in from phones: each in a transaction of its own, and what cannot be taken is kept to look at."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs.commands import visit_duties
from lianxin.domain.needs.commands.recording import RecordedOtherwise, found_visit, record_visit
from lianxin.domain.needs.models import VisitConflict
from lianxin.domain.needs.rules import visit_records
from lianxin.domain.needs.rules.visit_records import VisitRecord
from lianxin.platform import bad_luck
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing, Problem
from lianxin.platform.ids import deterministic_id
from lianxin.platform.sensitive import seal

log = logging.getLogger(__name__)
CONTENT = "needs.visitconflict.content"
TAKEN, AGAIN, CONFLICT, REFUSED = "taken", "again", "conflict", "refused"
MOST_KEPT = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one record; `is_kept` tells whether the phone may forget it: taken, or kept here to look at."""

    record: UUID | None
    state: str
    words: str = ""
    is_kept: bool = True


def take_sent(*, actor: Actor, sent: Sequence[Any], by: UUID | None = None, at: datetime) -> list[Answer]:
    """Take what a phone sent, record by record; one that breaks holds no other back.

    A record without an answer was not taken because of a fault of ours: the phone keeps it and sends it again. So are
    all that follow bad luck with the database (others would wait as long in vain), which is raised if it met the first.
    """
    answers: list[Answer] = []
    for one in sent:
        try:
            answers.append(take_in(actor=actor, sent=one, by=by, at=at))
        except Exception as error:
            if bad_luck.passes(error):
                if not answers:
                    raise
                break
            # Whatever it is must not cost the worker the other records of the day.
            log.exception("a record of a visit could not be taken")
    return answers


def take_in(*, actor: Actor, sent: VisitRecord | Any, by: UUID | None = None, at: datetime) -> Answer:
    """Take one record in, or keep it beside what stands there; `by` is the worker where a phone sends it."""
    name = sent.record if isinstance(sent, VisitRecord) else visit_records.names_of(sent)[0]
    try:
        sent = sent if isinstance(sent, VisitRecord) else visit_records.read(sent)
        taken = record_visit(actor=actor, record=sent, by=by, at=at)
        return Answer(sent.record, TAKEN if taken.is_new else AGAIN, taken.words)
    except Missing as problem:
        return Answer(name, REFUSED, sentence(problem), is_kept=False)
    except Problem as problem:
        state = CONFLICT if isinstance(problem, RecordedOtherwise) else REFUSED
        try:
            return _keep(actor=actor, sent=sent, state=state, words=sentence(problem), by=by, at=at)
        except Problem:
            # It names no visit that there is, or is larger than any visit could be.
            return Answer(name, REFUSED, sentence(problem), is_kept=False)


def sentence(problem: Problem) -> str:
    """Say a problem in one line."""
    said = [str(one) for field in problem.fields.values() for one in field]
    return " ".join(said) or str(problem.detail)


@command("needs.keep_visit_record")
def _keep(*, actor: Actor, sent: VisitRecord | Any, state: str, words: str, by: UUID | None, at: datetime) -> Answer:
    """Keep a record that could not be taken, sealed, until somebody decides; the same one is kept once."""
    body = visit_records.plain(sent) if isinstance(sent, VisitRecord) else sent
    record, visit = visit_records.names_of(body)
    if record is None or visit is None:
        raise Missing
    row = found_visit(visit)
    digest = visit_records.digest(sent)
    named = [record, deterministic_id(record, digest)]
    known = {one.device_record: one for one in VisitConflict.objects.filter(device_record__in=named)}
    for one in known.values():
        before = json.loads(one.content.reveal())
        if before.get("digest") == digest:
            decided = one.state == VisitConflict.State.TAKEN
            return Answer(record, AGAIN if decided else before.get("kind", CONFLICT), _told(one, words))
    # The same number with other contents is a record of its own: nothing that was kept is written over.
    free = [name for name in named if name not in known]
    text = json.dumps({"kind": state, "why": words, "digest": digest, "record": body}, ensure_ascii=True)
    if not free or len(text) > MOST_KEPT:
        raise Missing
    kept = VisitConflict.objects.create(
        community_id=row.community_id,
        visit=row,
        device_record=free[0],
        content=seal(text, CONTENT),
        sent_by=by or actor.account,
        received_at=at,
    )
    act().target(kept, "kept", {})
    visit_duties.look_at_conflicts([row.community_id])
    return Answer(record, state, words)


def _told(row: VisitConflict, words: str) -> str:
    if row.state == VisitConflict.State.TAKEN:
        return _("Somebody compared the records and took this one.")
    if row.state == VisitConflict.State.LEFT:
        return _("Somebody compared the records and left what was there.")
    return words
