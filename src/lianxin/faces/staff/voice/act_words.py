"""What the acts of voice are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

from . import matter_act_words, mediation_act_words, rule_act_words, vote_act_words

ACTS: dict[str, Any] = {
    "voice.add_picture": _("act", "Added a photo to a case"),
    "voice.add_voice_note": _("act", "Added a voice note to a case"),
    "voice.answer_reporters": _("act", "Told those who brought a case how it stands"),
    "voice.assign": _("act", "Said who looks after a case"),
    "voice.change_channel": _("act", "Changed how somebody who brought a case is told"),
    "voice.decline": _("act", "Said that a case cannot be done"),
    "voice.edit_case": _("act", "Changed the record of a case"),
    "voice.end_program": _("act", "Ended another program's access"),
    "voice.expire_silent": _("act", "Closed cases to which nobody replied"),
    "voice.from_need": _("act", "Made a case of a need"),
    "voice.finish": _("act", "Said that a case is done"),
    "voice.hear": _("act", "Wrote down a case"),
    "voice.hear_many": _("act", "Took in many cases"),
    "voice.hide_picture": _("act", "Took a photo of a case off the board"),
    "voice.join": _("act", "Joined two cases"),
    "voice.let_program_in": _("act", "Let another program bring cases"),
    "voice.note_program_seen": _("act", "Noted that another program came"),
    "voice.note_told": _("act", "Told somebody the answer to a case"),
    "voice.post": _("act", "Wrote a case on a page"),
    "voice.progress": _("act", "Said how a case stands"),
    "voice.receive_open311": _("act", "Heard a case from another program"),
    "voice.remove_picture": _("act", "Removed a photo of a case"),
    "voice.reopen": _("act", "Took a case up again"),
    "voice.say": _("act", "Said whether a case is solved"),
    "voice.show_picture": _("act", "Showed a photo of a case on the board"),
    "voice.split": _("act", "Took a joint case apart"),
    "voice.start": _("act", "Began work on a case"),
    "voice.take_in_history": _("act", "Took over settled cases"),
    "voice.take_in_reception_history": _("act", "Took over past reception days"),
    "voice.to_activity": _("act", "Drafted an activity out of a case"),
    "voice.to_booking": _("act", "Booked a room for a case"),
    "voice.to_need": _("act", "Put a case on the needs list"),
    "voice.withdraw": _("act", "Took back what was brought forward"),
}
ACTS |= matter_act_words.ACTS
ACTS |= rule_act_words.ACTS
ACTS |= mediation_act_words.ACTS
ACTS |= vote_act_words.ACTS
