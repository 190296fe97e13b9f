"""What the acts of volunteering are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "activities.add_team_member": _("act", "Took somebody into a team"),
    "activities.cancel_shift": _("act", "Called a shift off"),
    "activities.cancel_shifts_for": _("act", "Called shifts of a record off"),
    "activities.cancel_shifts_of": _("act", "Called shifts of a date off"),
    "activities.certify_occurrence": _("act", "Certified that somebody took part"),
    "activities.change_shift": _("act", "Changed a shift"),
    "activities.close_shift": _("act", "Closed a shift"),
    "activities.close_shifts": _("act", "Closed shifts that were over"),
    "activities.correct_hours": _("act", "Corrected hours"),
    "activities.edit_team": _("act", "Changed a team"),
    "activities.edit_volunteer": _("act", "Changed what is noted of a volunteer"),
    "activities.end_reporting": _("act", "Ended a reporting in"),
    "activities.end_team": _("act", "Ended a team"),
    "activities.finish_shifts": _("act", "Closed the shifts of a date"),
    "activities.found_team": _("act", "Founded a team"),
    "activities.give_shift_back": _("act", "Gave a shift back"),
    "activities.issue_certificate": _("act", "Issued a certificate"),
    "activities.leave_team": _("act", "Left a team"),
    "activities.load_skills": _("act", "Entered the table of skills"),
    "activities.mark_shift_missed": _("act", "Noted that somebody did not come to a shift"),
    "activities.move_shifts_of": _("act", "Moved the shifts of a date"),
    "activities.note_hours": _("act", "Noted hours"),
    "activities.open_shift": _("act", "Opened a shift"),
    "activities.open_shifts_of": _("act", "Opened the shifts of a date"),
    "activities.register_volunteer": _("act", "Registered a volunteer"),
    "activities.remind_of_shifts": _("act", "Reminded of shifts"),
    "activities.report_in": _("act", "Reported in"),
    "activities.revoke_certificate": _("act", "Withdrew a certificate"),
    "activities.send_people": _("act", "Sent people to a shift"),
    "activities.set_team_role": _("act", "Changed somebody's role in a team"),
    "activities.set_volunteer_state": _("act", "A volunteer rests, comes back or leaves"),
    "activities.take_hours_back": _("act", "Took hours back"),
    "activities.take_over_hours": _("act", "Took hours over from paper"),
    "activities.take_shift": _("act", "Took a shift"),
    "activities.take_shifts_back": _("act", "Made shifts drafts again"),
    "activities.watch_shifts": _("act", "Looked for shifts that lack people"),
}
