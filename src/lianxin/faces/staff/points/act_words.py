"""What the acts of the points module are called in the audit log and on timelines."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "points.add_to_budget": _("act", "Added points to a budget"),
    "points.approve_award": _("act", "Agreed to an award"),
    "points.award": _("act", "Gave points"),
    "points.award_list": _("act", "Gave points to many"),
    "points.carry_points_over": _("act", "Brought points over"),
    "points.close_budget": _("act", "Closed a budget"),
    "points.close_period": _("act", "Closed a year of points"),
    "points.decide_objection": _("act", "Answered an objection"),
    "points.declare_relative": _("act", "Named a household of relatives"),
    "points.discard_roll": _("act", "Discarded an honour roll"),
    "points.discard_rules_draft": _("act", "Discarded a draft of rules"),
    "points.draw_roll": _("act", "Drew an honour roll"),
    "points.end_estate": _("act", "Ended the points of a household"),
    "points.end_notices": _("act", "Ended notices whose days are over"),
    "points.end_relative": _("act", "Ended a household of relatives"),
    "points.enter_take_over": _("act", "Entered paper passbooks"),
    "points.expire_part": _("act", "Let points expire"),
    "points.freeze_roll": _("act", "Published an honour roll"),
    "points.hand_over_points": _("act", "Handed points over"),
    "points.issue_passbook": _("act", "Gave out a passbook"),
    "points.mark_printed": _("act", "Printed into a passbook"),
    "points.offer_acts": _("act", "Offered acts for points"),
    "points.open_period": _("act", "Opened a year of points"),
    "points.opt_in_to_rolls": _("act", "Joined the honour rolls"),
    "points.opt_out_of_rolls": _("act", "Left the honour rolls"),
    "points.post_take_over": _("act", "Entered taken-over points"),
    "points.prepare_book": _("act", "Prepared a book of points"),
    "points.publish_awards": _("act", "Published awards"),
    "points.publish_notice": _("act", "Published a notice"),
    "points.publish_rules": _("act", "Published rules"),
    "points.raise_objection": _("act", "Raised an objection"),
    "points.refuse_award": _("act", "Refused an award"),
    "points.reissue_passbook": _("act", "Gave a new passbook"),
    "points.save_rules_draft": _("act", "Saved a draft of rules"),
    "points.set_budget": _("act", "Set a budget"),
    "points.sign_take_over": _("act", "Signed a take-over"),
    "points.switch_on": _("act", "Switched points on"),
    "points.take_back": _("act", "Took an award back"),
    "points.warn_part": _("act", "Told of points that end"),
    "points.withdraw_notice": _("act", "Took a notice down"),
    "points.withdraw_rules": _("act", "Ended rules"),
    "points.withdraw_take_over": _("act", "Withdrew a take-over"),
}
