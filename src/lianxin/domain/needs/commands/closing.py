"""Voices that do not come on the list: no need, another office's matter, or taken back; each gets an answer."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import answers, found, joining, reminding
from lianxin.domain.needs.models import Answer, Need, NeedReport
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid

State = NeedReport.State
REFERRED_LONGEST, REASON_LONGEST = 80, 300
ANSWERS = {State.NOT_A_NEED: Answer.Kind.NOT_A_NEED, State.REFERRED: Answer.Kind.REFERRED}


@command("needs.close_as")
def close_as(
    *,
    actor: Actor,
    report: UUID,
    outcome: str,
    words: str,
    referred_to: str = "",
    at: datetime,
    key: UUID | None = None,
) -> NeedReport:
    """Close a voice as no need or as handed to another office (12345 or its name), and tell the asker why."""
    if outcome not in ANSWERS:
        raise Invalid(fields={"outcome": [_("Choose what becomes of it.")]})
    row, entry = found.report(report)
    policy.require(policy.may_keep(actor, row.community_id))
    if row.state == State.WITHDRAWN:
        raise found.VoiceClosed
    plain = answers.check_words(words, longest=REASON_LONGEST)
    office = " ".join(referred_to.split()) if outcome == State.REFERRED else ""
    if outcome == State.REFERRED and not office:
        raise Invalid(fields={"referred_to": [_("Say which office it was handed to.")]})
    if len(office) > REFERRED_LONGEST:
        raise Invalid(fields={"referred_to": [_("At most %(most)d characters.") % {"most": REFERRED_LONGEST}]})
    _close(row, entry, outcome, at=at, reason=plain, office=office)
    answers.tell_reports([row], kind=ANSWERS[State(outcome)], words=plain, at=at)
    return row


@command("needs.withdraw")
def withdraw(
    *,
    actor: Actor,
    report: UUID,
    reason: str = "",
    holds_receipt: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> NeedReport:
    """Take a voice back, as whoever said it wishes; the words stay, and its entry loses one voice."""
    row, entry = found.report(report)
    may = holds_receipt or policy.is_self(actor, row.person_id) or policy.may_keep(actor, row.community_id)
    policy.require(may)
    if row.state != State.WITHDRAWN:
        _close(row, entry, State.WITHDRAWN, at=at, reason=" ".join(reason.split())[:REASON_LONGEST])
    return row


@command("needs.take_up_again")
def take_up_again(*, actor: Actor, report: UUID, at: datetime, key: UUID | None = None) -> NeedReport:
    """Put a closed voice among the new ones again; what its asker was told stays on record."""
    row, _entry = found.report(report)
    policy.require(policy.may_keep(actor, row.community_id))
    if row.state in (State.NOT_A_NEED, State.REFERRED, State.WITHDRAWN):
        before = row.state
        row.state, row.state_reason, row.referred_to = State.NEW, "", ""
        row.save(update_fields=["state", "state_reason", "referred_to"])
        act().target(row, "taken up again", {"state": [before, row.state]})
        reminding.look_at_inbox([row.community_id])
    return row


def _close(row: NeedReport, entry: Need | None, state: str, *, at: datetime, reason: str, office: str = "") -> None:
    before = row.state
    row.referred_to = office
    if entry is not None:
        joining.leave(row, entry, state, at=at, reason=reason)
        row.save(update_fields=["referred_to"])
    else:
        row.state, row.state_reason = state, reason
        row.save(update_fields=["state", "state_reason", "referred_to"])
    act().target(row, "closed", {"state": [before, state]})
    reminding.close_urgent([row])
    reminding.look_at_inbox([row.community_id])
