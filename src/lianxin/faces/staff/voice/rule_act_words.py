"""What the acts about tiers, pauses, hand-overs and rules are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "voice.answer_appeal": _("act", "Answered a wish for another tier"),
    "voice.appeal_tier": _("act", "Asked for another tier of a case"),
    "voice.begin_tier_rules": _("act", "Began a draft of the rules of tiers"),
    "voice.chase_outside": _("act", "Looked for hand-overs without an answer"),
    "voice.decide_tier": _("act", "Decided the tier of a case"),
    "voice.discard_tier_rules": _("act", "Discarded a draft of the rules of tiers"),
    "voice.edit_tier_rules": _("act", "Changed a draft of the rules of tiers"),
    "voice.hand_over": _("act", "Handed a case over"),
    "voice.lift": _("act", "Lifted a case to a harder tier"),
    "voice.lift_late": _("act", "Lifted late cases"),
    "voice.note_handover_answer": _("act", "Wrote down the answer of those outside"),
    "voice.pause": _("act", "Let a case wait"),
    "voice.prolong_pause": _("act", "Let a case wait on"),
    "voice.publish_tier_rules": _("act", "Published rules of tiers"),
    "voice.recount_deadlines": _("act", "Counted deadlines anew"),
    "voice.remind_outside": _("act", "Reminded those who have a case"),
    "voice.resume": _("act", "Let a case go on"),
    "voice.take_back": _("act", "Took a case back"),
    "voice.urge": _("act", "Asked how a case stands"),
}
