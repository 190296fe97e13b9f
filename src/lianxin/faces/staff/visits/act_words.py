"""What the acts of visits are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "needs.add_promise": _("act", "Added a promise made on a visit"),
    "needs.assign_visits": _("act", "Gave visits to a worker"),
    "needs.call_off_visit": _("act", "Called a visit off"),
    "needs.change_visit": _("act", "Changed a planned visit"),
    "needs.decide_visit_conflict": _("act", "Compared two records of a visit"),
    "needs.end_promise": _("act", "Closed a promise"),
    "needs.end_visit_device": _("act", "Let a phone send no more"),
    "needs.keep_visit_record": _("act", "Kept a record of a visit to be compared"),
    "needs.note_visit_device": _("act", "Noted when a phone sent"),
    "needs.plan_visits": _("act", "Planned visits"),
    "needs.print_round": _("act", "Printed a round of visits"),
    "needs.recover_visit_device": _("act", "Opened a visits phone again whose digits were forgotten"),
    "needs.record_visit": _("act", "Wrote down a visit"),
    "needs.reopen_promise": _("act", "Opened a promise again"),
    "needs.take_in_visits": _("act", "Took visits over from an earlier book"),
    "needs.take_along_visits": _("act", "Took households along on a phone"),
}
