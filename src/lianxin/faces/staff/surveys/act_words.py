"""What the acts of surveys are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

from .device_words import ACTS as OF_DEVICES

ACTS: dict[str, Any] = OF_DEVICES | {
    "needs.change_survey": _("act", "Changed a survey"),
    "needs.close_survey": _("act", "Ended a survey"),
    "needs.draft_survey": _("act", "Began a survey"),
    "needs.publish_survey": _("act", "Opened a survey"),
    "needs.put_survey_file": _("act", "Took in a picture of a survey"),
    "needs.receive_survey": _("act", "Took in answers to a survey"),
    "needs.reopen_survey": _("act", "Opened a survey again"),
    "needs.replace_survey_workbook": _("act", "Gave a survey another workbook"),
    "needs.set_submission_aside": _("act", "Set answers to a survey aside"),
    "needs.set_survey_mapping": _("act", "Said which answers are needs"),
    "needs.set_survey_quotas": _("act", "Set how many answers are wanted"),
    "needs.take_submission_back": _("act", "Counted answers again"),
}
