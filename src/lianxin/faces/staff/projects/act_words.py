"""What the acts of projects are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "projects.accept_proposal": _("act", "Accepted a proposal"),
    "projects.allow_pair": _("act", "Let an offer go to a community again"),
    "projects.approve": _("act", "Approved a project"),
    "projects.ask_for_match": _("act", "Asked for a matching"),
    "projects.begin_sample_run": _("act", "Matched for the sample"),
    "projects.cancel": _("act", "Cancelled a project"),
    "projects.draft_due_editions": _("act", "Drafted the editions that are due"),
    "projects.draft_edition": _("act", "Drafted an edition"),
    "projects.drop_edition": _("act", "Threw a draft of an edition away"),
    "projects.evaluate": _("act", "Looked back on a project"),
    "projects.fail_match": _("act", "A matching could not be computed"),
    "projects.finish": _("act", "Closed a project"),
    "projects.forbid_pair": _("act", "Kept an offer away from a community"),
    "projects.introduce_edition": _("act", "Wrote an edition's introduction"),
    "projects.issue_edition": _("act", "Issued an edition"),
    "projects.keep_match": _("act", "Kept what a matching found"),
    "projects.lock_proposal": _("act", "Held a proposal fixed, or let it go"),
    "projects.note_date_cancelled": _("act", "A date of a project was called off"),
    "projects.note_dates": _("act", "Dates of a project were arranged"),
    "projects.note_edition_sent": _("act", "Noted that an edition was sent"),
    "projects.note_people": _("act", "People came to a project"),
    "projects.publish": _("act", "Published a project"),
    "projects.put_picture": _("act", "Sent in a picture of a project"),
    "projects.remove_picture": _("act", "Took out a picture of a project"),
    "projects.refuse_proposal": _("act", "Refused a proposal"),
    "projects.save_project": _("act", "Entered or changed a project"),
    "projects.start_match": _("act", "A matching began"),
    "projects.take_people_back": _("act", "A check-in at a project was taken back"),
    "activities.draft_from_project": _("act", "Drafted an activity from a project"),
}
