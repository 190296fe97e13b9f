"""What the acts of deliberation are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "voice.open_matter": _("act", "Opened a matter"),
    "voice.edit_matter": _("act", "Changed a matter"),
    "voice.close_matter": _("act", "Said what came of a matter"),
    "voice.suspend_matter": _("act", "Let a matter rest"),
    "voice.resume_matter": _("act", "Took a matter up again"),
    "voice.add_party": _("act", "Added a side to a matter"),
    "voice.edit_party": _("act", "Changed a side of a matter"),
    "voice.end_party": _("act", "Noted that a side left"),
    "voice.call_meeting": _("act", "Called a meeting"),
    "voice.change_meeting": _("act", "Changed a called meeting"),
    "voice.cancel_meeting": _("act", "Called a meeting off"),
    "voice.start_meeting": _("act", "Began a meeting"),
    "voice.end_meeting": _("act", "Ended a meeting"),
    "voice.close_meeting": _("act", "Closed a meeting"),
    "voice.invite": _("act", "Asked people to a meeting"),
    "voice.note_reply": _("act", "Noted who will come"),
    "voice.note_came": _("act", "Noted that somebody came"),
    "voice.note_left": _("act", "Noted that somebody left"),
    "voice.note_walk_in": _("act", "Noted somebody who came unasked"),
    "voice.take_back_presence": _("act", "Took back who came or left"),
    "voice.add_agenda_item": _("act", "Added a point to an agenda"),
    "voice.move_agenda_item": _("act", "Ordered an agenda"),
    "voice.deal_with_agenda_item": _("act", "Dealt with a point"),
    "voice.remove_agenda_item": _("act", "Took a point off an agenda"),
    "voice.note_speech": _("act", "Noted what somebody said"),
    "voice.drop_speech": _("act", "Took out what was noted"),
    "voice.propose_resolution": _("act", "Wrote down a proposal"),
    "voice.decide_resolution": _("act", "Decided on a proposal"),
    "voice.draft_minutes": _("act", "Wrote minutes"),
    "voice.read_minutes_back": _("act", "Read minutes back"),
    "voice.sign_minutes": _("act", "Noted who signed the minutes"),
    "voice.append_to_minutes": _("act", "Corrected minutes below them"),
    "voice.promise": _("act", "Wrote a commitment down"),
    "voice.show_commitment": _("act", "Showed that a commitment is kept"),
    "voice.verify_commitment": _("act", "Verified a commitment"),
    "voice.move_commitment": _("act", "Moved a commitment's day"),
    "voice.release_commitment": _("act", "Released a commitment"),
    "voice.break_commitment": _("act", "Noted a broken commitment"),
}
