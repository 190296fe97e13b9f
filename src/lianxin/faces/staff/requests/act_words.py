"""What the acts about requests of offices above are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "reporting.answer_request": _("act", "Answered a request of an upper office"),
    "reporting.ask_by_hand": _("act", "Put an entry by hand into a request"),
    "reporting.ask_earlier": _("act", "Took earlier answers into a request"),
    "reporting.ask_figure": _("act", "Took a known figure into a request"),
    "reporting.attach_answer": _("act", "Handed in a file for a request"),
    "reporting.close_request": _("act", "Closed a request of an upper office"),
    "reporting.discard_request": _("act", "Discarded the draft of a request"),
    "reporting.draft_request": _("act", "Drafted a request of an upper office"),
    "reporting.drop_field": _("act", "Took an entry out of a request"),
    "reporting.edit_request": _("act", "Changed the draft of a request"),
    "reporting.expire_request": _("act", "Let a request of an upper office expire"),
    "reporting.finish_demand": _("act", "Noted that a demand was done"),
    "reporting.note_demand": _("act", "Noted a demand that came another way"),
    "reporting.take_in_demands": _("act", "Took demands over from an earlier book"),
    "reporting.open_round": _("act", "Asked the next round of a request"),
    "reporting.renew_request": _("act", "Approved a request anew"),
    "reporting.send_request": _("act", "Sent a request of an upper office"),
    "reporting.take_demand_back": _("act", "Took a noted demand back"),
    "reporting.withdraw_request": _("act", "Withdrew a request of an upper office"),
}
