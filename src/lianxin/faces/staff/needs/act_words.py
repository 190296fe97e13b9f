"""What the acts of needs are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "needs.answer_askers": _("act", "Told those who asked"),
    "needs.answer_report": _("act", "Answered one voice"),
    "needs.ask_again": _("act", "Asked whether needs still hold"),
    "needs.change_channel": _("act", "Changed how an asker is told"),
    "needs.close_as": _("act", "Closed a voice with an answer"),
    "needs.confirm_entry": _("act", "Noted that a need still holds"),
    "needs.decide_category": _("act", "Decided the category of a voice"),
    "needs.edit_entry": _("act", "Changed an entry of the needs list"),
    "needs.hear": _("act", "Wrote down a need"),
    "needs.hear_many": _("act", "Took in many needs"),
    "needs.join": _("act", "Joined a voice to the needs list"),
    "needs.join_many": _("act", "Joined voices to the needs list"),
    "needs.judge": _("act", "Compared a voice with an entry"),
    "needs.list_many": _("act", "Took over entries of the needs list"),
    "needs.mark_open": _("act", "Took back that something is arranged"),
    "needs.mark_planned": _("act", "Noted that something is arranged"),
    "needs.mark_served": _("act", "Noted that something was served"),
    "needs.mark_unmet": _("act", "Said that a need cannot be met"),
    "needs.note_told": _("act", "Told an asker the answer"),
    "needs.post": _("act", "Wrote on a page what is needed"),
    "needs.reopen": _("act", "Put a need back on the list"),
    "needs.say_met": _("act", "Said whether a need was met"),
    "needs.say_still_needed": _("act", "Said whether it is still needed"),
    "needs.set_priority": _("act", "Set the priority of a need"),
    "needs.take_back_served": _("act", "Took back that something was served"),
    "needs.take_out": _("act", "Took a voice out of its entry"),
    "needs.take_up_again": _("act", "Took a closed voice up again"),
    "needs.weigh_again": _("act", "Weighed the needs anew"),
    "needs.withdraw": _("act", "Took a voice back"),
}
