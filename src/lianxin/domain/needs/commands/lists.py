"""Entries of the needs list: planned, served, not to be met, open again; and what staff write of them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import answers, counting, found, searching, states
from lianxin.domain.needs.models import Answer, Need
from lianxin.domain.needs.rules import priority as priorities
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid

State = Need.State
TITLE_LONGEST, WORDS_LONGEST, FAREST = 80, 300, 50_000
NEED = "needs.need"


@command("needs.mark_planned")
def mark_planned(
    *,
    actor: Actor,
    needs: Iterable[UUID],
    record_kind: str,
    record_id: UUID,
    words: str = "",
    at: datetime,
    key: UUID | None = None,
) -> list[Need]:
    """Say that something is arranged for these entries; met and withdrawn ones stay. Gives those that changed."""
    changed = []
    for row in _kept(actor, needs):
        if row.state in (State.MET, State.WITHDRAWN, State.PLANNED):
            continue
        before = row.state
        row.planned_at = at
        states.move(row, State.PLANNED, at=at)
        _tell(row, "planned", before, record_kind, record_id)
        changed.append(row)
    act().note(reason=words)
    return changed


@command("needs.mark_open")
def mark_open(
    *,
    actor: Actor,
    needs: Iterable[UUID],
    record_kind: str,
    record_id: UUID,
    words: str = "",
    at: datetime,
    key: UUID | None = None,
) -> list[Need]:
    """Take back that something is arranged: open again, or partly met where something was served before."""
    changed = []
    for row in _kept(actor, needs):
        if row.state != State.PLANNED:
            continue
        states.move(row, State.PARTLY if row.first_served_on else State.OPEN, at=at)
        _tell(row, "opened again", State.PLANNED, record_kind, record_id)
        changed.append(row)
    act().note(reason=words)
    return changed


@command("needs.mark_served")
def mark_served(
    *,
    actor: Actor,
    needs: Iterable[UUID],
    record_kind: str,
    record_id: UUID,
    on: date,
    wholly: bool = False,
    words: str = "",
    at: datetime,
    key: UUID | None = None,
) -> list[Need]:
    """Say that something was served on a day: partly met until the askers say more, met when it is served wholly."""
    changed = []
    for row in _kept(actor, needs):
        if row.state == State.WITHDRAWN:
            continue
        before = row.state
        row.first_served_on = min(row.first_served_on or on, on)
        states.move(row, State.MET if wholly or before == State.MET else State.PARTLY, at=at)
        _tell(row, "served", before, record_kind, record_id)
        changed.append(row)
    act().note(reason=words)
    return changed


@command("needs.take_back_served")
def take_back_served(
    *,
    actor: Actor,
    needs: Iterable[UUID],
    record_kind: str,
    record_id: UUID,
    first_served_on: date | None,
    at: datetime,
    key: UUID | None = None,
) -> list[Need]:
    """Take back that something was served; `first_served_on` is the first day on which something else was, if any."""
    changed = []
    for row in _kept(actor, needs):
        if row.state == State.WITHDRAWN or row.first_served_on == first_served_on:
            continue
        before = row.state
        row.first_served_on = first_served_on
        if first_served_on is None and before in (State.PARTLY, State.MET):
            states.move(row, State.OPEN, at=at)
        else:
            row.save(update_fields=["first_served_on"])
        _tell(row, "served taken back", before, record_kind, record_id)
        changed.append(row)
    return changed


@command("needs.mark_unmet")
def mark_unmet(
    *,
    actor: Actor,
    need: UUID,
    reason: str,
    words: str,
    tell: bool = False,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Need:
    """Say that an entry cannot be met and why, in words that its askers understand; `tell` answers them at once."""
    row = found.need(need)
    policy.require(policy.may_keep(actor, row.community_id))
    found.require_version(row, version)
    if reason not in Need.Reason.values:
        raise Invalid(fields={"reason": [_("Choose a reason.")]})
    plain = answers.check_words(words, longest=WORDS_LONGEST)
    if row.state in (State.WITHDRAWN, State.MET):
        raise found.EntryClosed
    before = row.state
    states.move(row, State.UNMET, at=at, reason=reason, words=plain)
    act().target(row, "cannot be met", {"state": [before, row.state], "reason": ["", reason]})
    if tell:
        answers.answer_askers(
            actor=actor,
            needs=[row.pk],
            kind=Answer.Kind.CANNOT,
            words=plain,
            record_kind=NEED,
            record_id=row.pk,
            at=at,
        )
    return row


@command("needs.reopen")
def reopen(*, actor: Actor, need: UUID, words: str, at: datetime, key: UUID | None = None) -> Need:
    """Put an entry that was closed back on the list, because it still holds."""
    row = found.need(need)
    policy.require(policy.may_keep(actor, row.community_id))
    if row.state not in states.CLOSED:
        return row
    before = row.state
    states.move(row, State.PARTLY if row.first_served_on else State.OPEN, at=at)
    act().target(row, "opened again", {"state": [before, row.state]})
    act().note(reason=words)
    counting.recount([row], at=at)
    return row


@command("needs.edit_entry")
def edit_entry(
    *,
    actor: Actor,
    need: UUID,
    title: str,
    category: str,
    target_group: str = "",
    reach_metres: int | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Need:
    """Change how the list says an entry, its category, for whom it is and how far they would go."""
    row = found.need(need)
    policy.require(policy.may_keep(actor, row.community_id))
    found.require_version(row, version)
    values: dict[str, Any] = {
        "title": check_title(title),
        "category": found.category(category),
        "target_group": found.group(target_group),
        "reach_metres": check_reach(reach_metres),
    }
    change = {name: [str(getattr(row, name)), str(new)] for name, new in values.items() if getattr(row, name) != new}
    if change:
        for name in change:
            setattr(row, name, values[name])
        row.version += 1
        row.save(update_fields=[*change, "version"])
        act().target(row, "changed", change)
        counting.recount([row], at=at)
        searching.index([row])
    return row


@command("needs.set_priority")
def set_priority(
    *,
    actor: Actor,
    need: UUID,
    priority: int | None,
    words: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Need:
    """Set an entry's priority by hand with the reason in words; None gives it back to the count."""
    row = found.need(need)
    policy.require(policy.may_keep(actor, row.community_id))
    found.require_version(row, version)
    if priority is not None and not priorities.LOWEST <= priority <= priorities.HIGHEST:
        raise Invalid(fields={"priority": [_("Choose a priority from 1 to 5.")]})
    plain = " ".join(words.split())
    if priority is not None and not plain:
        raise Invalid(fields={"words": [_("Write why.")]})
    if len(plain) > 200:
        raise Invalid(fields={"words": [_("At most %(most)d characters.") % {"most": 200}]})
    before = row.priority
    row.priority_by = None if priority is None else (actor.account or row.pk)
    row.priority_words = "" if priority is None else plain
    row.priority = row.priority if priority is None else priority
    row.version += 1
    row.save(update_fields=["priority", "priority_by", "priority_words", "version"])
    counting.recount([row], at=at)
    act().target(row, "priority set", {"priority": [before, row.priority]})
    act().note(reason=plain)
    return row


def check_title(text: str) -> str:
    """Give the title as it is kept; raises Invalid."""
    plain = " ".join(text.split())
    if not plain:
        raise Invalid(fields={"title": [_("Write what the list calls it, without names.")]})
    if len(plain) > TITLE_LONGEST:
        raise Invalid(fields={"title": [_("At most %(most)d characters.") % {"most": TITLE_LONGEST}]})
    return plain


def check_reach(metres: int | None) -> int | None:
    """Give how far they would go; raises Invalid."""
    if metres is not None and not 100 <= metres <= FAREST:
        raise Invalid(fields={"reach_metres": [_("Give between 100 and 50000 metres, or leave it empty.")]})
    return metres


def _kept(actor: Actor, needs: Iterable[UUID]) -> list[Need]:
    rows = found.needs(needs)
    for row in rows:
        policy.require(policy.may_keep(actor, row.community_id))
    return rows


def _tell(row: Need, verb: str, before: str, record_kind: str, record_id: UUID) -> None:
    act().target(row, verb, {"state": [before, row.state], "record": [None, f"{record_kind} {record_id}"]})
