"""What colleagues did, in words that name no resident."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

DONE: dict[str, Any] = {
    "people.register_person": _("registered a resident"),
    "people.register_household": _("registered a household"),
    "people.edit_person": _("changed a resident's record"),
    "people.edit_household": _("changed a household's record"),
    "people.move_person": _("moved a resident"),
    "people.move_household": _("moved a household"),
    "people.record_move_out": _("recorded that somebody moved out"),
    "people.record_death": _("recorded a death"),
    "people.issue_card": _("printed a card"),
    "people.identify_card": _("looked whose card it is"),
    "people.confirm_vulnerability": _("asked again how somebody is doing"),
    "people.record_vulnerability": _("wrote down a care note"),
    "people.give_consent": _("recorded a consent"),
    "people.withdraw_consent": _("recorded that a consent was taken back"),
    "people.register_organisation": _("registered an organisation"),
    "people.invite_staff": _("invited colleagues"),
    "people.appoint_deputy": _("arranged a deputy"),
    "people.hand_over": _("handed over duties"),
    "places.open_venue": _("opened a venue"),
    "places.lock_venue": _("locked a venue"),
    "places.record_visits": _("counted visitors"),
    "places.record_visit_counts": _("counted visitors"),
    "places.set_opening_hours": _("changed opening hours"),
    "places.add_opening_exception": _("entered other hours for some days"),
    "places.set_amenities": _("changed what a venue offers"),
    "places.add_service": _("added a standing service"),
    "places.edit_service": _("changed a standing service"),
    "places.change_service_state": _("changed a standing service"),
    "places.edit_venue": _("changed a venue's record"),
    "places.register_venue": _("registered a venue"),
    "places.finish_milestone": _("finished a milestone"),
    "places.plan_upgrade": _("planned an upgrade"),
    "places.approve_upgrade": _("approved an upgrade"),
    "places.open_upgrade": _("opened a renewed venue"),
    "places.record_spending": _("entered a payment for an upgrade"),
    "places.add_produce": _("entered produce of the village"),
    "runs.start": _("sent in a table"),
    "runs.apply": _("let an import be entered"),
}
