"""What the acts of briefings are called, in the audit log and on their own pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "reporting.ask_briefing": _("act", "Asked for a briefing"),
    "reporting.drop_briefing": _("act", "Threw a draft of a briefing away"),
    "reporting.fail_briefing": _("act", "A briefing could not be made"),
    "reporting.issue_briefing": _("act", "Issued a briefing"),
    "reporting.make_briefing_again": _("act", "Had a briefing made again"),
    "reporting.put_briefing_template_in_use": _("act", "Put a template of briefings in use"),
    "reporting.retire_briefing_template": _("act", "Retired a template of briefings"),
    "reporting.store_briefing": _("act", "A briefing was made"),
    "reporting.upload_briefing_template": _("act", "Uploaded a template of briefings"),
    "reporting.withdraw_briefing": _("act", "Withdrew a briefing"),
}
