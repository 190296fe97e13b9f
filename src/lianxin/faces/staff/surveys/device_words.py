"""What the acts around phones of other programs are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "needs.end_device": _("act", "Ended a phone's access to the surveys"),
    "needs.let_device_in": _("act", "Let a phone in to the surveys"),
    "needs.note_device_try": _("act", "Noted that a phone came"),
    "needs.post_survey": _("act", "Sent in answers on a page"),
    "needs.put_survey_picture": _("act", "Put a picture into a survey"),
}
