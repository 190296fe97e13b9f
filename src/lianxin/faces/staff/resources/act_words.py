"""What the acts of resources are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "resources.assure": _("act", "Noted that an offer holds"),
    "resources.break": _("act", "Noted that a promise was not kept"),
    "resources.build_sample_community": _("act", "Built a community's part of the sample"),
    "resources.change_offer": _("act", "Changed an offer"),
    "resources.discard_agreement": _("act", "Threw the draft of an agreement away"),
    "resources.draft_agreement": _("act", "Drafted an agreement"),
    "resources.edit_agreement": _("act", "Changed the draft of an agreement"),
    "resources.end": _("act", "Ended an offer"),
    "resources.end_agreement": _("act", "Ended an agreement"),
    "resources.excuse": _("act", "Called a promise off"),
    "resources.keep": _("act", "Noted that a promise was kept"),
    "resources.offer": _("act", "Entered an offer"),
    "resources.pause": _("act", "Paused an offer"),
    "resources.promise": _("act", "Noted a promise"),
    "resources.reopen_promise": _("act", "Took back what was noted of a promise"),
    "resources.resume": _("act", "Resumed an offer"),
    "resources.sign_agreement": _("act", "Noted that an agreement was signed"),
    "resources.still_holds": _("act", "Said that an offer still holds"),
    "resources.take_in_offers": _("act", "Took a list of offers over"),
    "resources.tie": _("act", "Noted a partnership"),
    "resources.untie": _("act", "Ended a partnership"),
    "resources.watch": _("act", "Looked through the offers"),
}
