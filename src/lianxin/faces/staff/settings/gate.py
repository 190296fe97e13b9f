"""Who may open a page of the settings; for everybody else it does not exist."""

from __future__ import annotations

from collections.abc import Callable

from lianxin.domain.channels.commands import EDITORS
from lianxin.domain.people import policy
from lianxin.domain.people.rules import roles
from lianxin.domain.places.policy import may_change_reference_data
from lianxin.domain.voice import policy as voice_policy
from lianxin.platform import audit_log, deployment, operations, workcalendar
from lianxin.platform.actors import Actor

from ..access import PRESS, READ, SEND, May, View, guard


def is_office_or_administrator(actor: Actor) -> bool:
    """Tell whether somebody has any settings to see."""
    return actor.holds(*roles.STAFF, *roles.ADMINISTRATORS)


def may_edit_calendar(actor: Actor) -> bool:
    """Tell whether the actor keeps the calendar of working days."""
    return actor.holds(*workcalendar.MAY_EDIT)


def may_edit_texts(actor: Actor) -> bool:
    """Tell whether the actor publishes texts of messages."""
    return actor.holds(*EDITORS)


def may_see_delivered(actor: Actor) -> bool:
    """Tell whether messages may be read in plain: in a sample district only, whose addresses are made up."""
    return deployment.is_sample() and is_office_or_administrator(actor)


def may_operate(actor: Actor) -> bool:
    """Tell whether the actor watches jobs and messages."""
    return actor.holds(*operations.OPERATORS)


def may_read_log(actor: Actor) -> bool:
    """Tell whether the actor reads the audit log."""
    return actor.holds(*audit_log.READERS)


def may_see_rights(actor: Actor) -> bool:
    """Tell whether the actor looks over who holds which rights."""
    return actor.holds("security_admin", "audit_admin")


def may_check_rules(actor: Actor) -> bool:
    """Tell whether the actor reads the self-check of the binding rules, a page of the district."""
    return actor.holds("subdistrict_staff", "district_staff", *roles.ADMINISTRATORS)


def reading(seen_by: May) -> Callable[[View], View]:
    """Let those whom a rule names read a page."""
    return guard(READ, seen_by=seen_by)


def form_page(seen_by: May) -> Callable[[View], View]:
    """Let those whom a rule names open and send a form."""
    return guard(SEND, seen_by=seen_by)


def button(seen_by: May) -> Callable[[View], View]:
    """Take a button from those whom a rule names."""
    return guard(PRESS, seen_by=seen_by)


SECTIONS: dict[str, May] = {
    "roster": policy.may_see_roster,
    "invite": policy.may_invite,
    "resets": policy.may_decide_resets,
    "rights": may_see_rights,
    "calendar": is_office_or_administrator,
    "purposes": is_office_or_administrator,
    "kinds": may_change_reference_data,
    "programs": voice_policy.may_let_programs_in,
    "texts": is_office_or_administrator,
    "delivered": may_see_delivered,
    "jobs": may_operate,
    "district:self_check": may_check_rules,
    "audit": may_read_log,
}
