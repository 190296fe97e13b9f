"""What the acts of votes and opinion maps are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "voice.add_flat": _("act", "Added a flat to a register of owners"),
    "voice.answer_objection": _("act", "Answered an objection"),
    "voice.ask_for_map": _("act", "Let an opinion map be worked out"),
    "voice.cast_ballot": _("act", "Entered a ballot"),
    "voice.cast_own_ballot": _("act", "Voted on a page"),
    "voice.change_map": _("act", "Changed an opinion map"),
    "voice.change_register": _("act", "Changed a register of owners"),
    "voice.change_vote": _("act", "Changed a vote"),
    "voice.close_map": _("act", "Ended an opinion map"),
    "voice.close_vote": _("act", "Counted a vote"),
    "voice.copy_register": _("act", "Copied a register of owners"),
    "voice.decide_statement": _("act", "Decided whether a statement is shown"),
    "voice.draft_map": _("act", "Began an opinion map"),
    "voice.draft_register": _("act", "Began a register of owners"),
    "voice.draft_vote": _("act", "Began a vote"),
    "voice.edit_flat": _("act", "Corrected a flat of a register"),
    "voice.enter_card": _("act", "Entered a paper card"),
    "voice.fix_register": _("act", "Fixed a register of owners"),
    "voice.give_opinion": _("act", "Answered a statement"),
    "voice.keep_map_result": _("act", "Worked an opinion map out"),
    "voice.link_flat": _("act", "Linked a flat to a household"),
    "voice.note_try": _("act", "Tried to reach the owners of a flat"),
    "voice.open_map": _("act", "Opened an opinion map"),
    "voice.open_vote": _("act", "Opened a vote"),
    "voice.prolong_vote": _("act", "Let a vote run longer"),
    "voice.publish_vote": _("act", "Changed whether everybody sees a vote"),
    "voice.release_register": _("act", "Released a register of owners"),
    "voice.remove_flat": _("act", "Took a flat out of a register"),
    "voice.seed_statement": _("act", "Added a statement"),
    "voice.send_statement": _("act", "Sent in a statement"),
    "voice.take_ballot_back": _("act", "Took a ballot back"),
    "voice.void_vote": _("act", "Declared a vote void"),
}
