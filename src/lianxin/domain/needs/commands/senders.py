"""Who may send a filled form, for whom, and who may correct one."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands.survey_rows import AnsweredAlready, SurveyClosed
from lianxin.domain.needs.models import Submission, Survey
from lianxin.domain.people.queries import proxies
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Invalid

How = Submission.How


def require_sender(
    actor: Actor, survey: Survey, *, how: str, community: UUID, person: UUID | None, at: datetime
) -> None:
    """Raise NotAllowed, SurveyClosed or AnsweredAlready unless the actor may send such a form for this person."""
    if how not in How.values:
        raise Invalid(fields={"how": [_("Choose how it was said.")]})
    if may_send(actor, community):
        policy.require(how != How.PAGE or person is None or _is_own(actor, person, at))
    else:
        policy.require(how == How.PAGE and (person is None or _is_own(actor, person, at)))
    if how != How.PAGE:
        return
    if survey.asked_by != Survey.AskedBy.LINK:
        raise SurveyClosed(_("Our staff ask these questions on their visits. They cannot be answered on this page."))
    if survey.one_per_person and person is None:
        raise AnsweredAlready(_("Each person answers this survey once. Please log in first."))


def may_send(actor: Actor, community: UUID) -> bool:
    """Tell whether the actor brings in forms that others filled: offices, hosts, volunteers, phones let in."""
    is_device = actor.holds(policy.DEVICE) and actor.covers(community)
    return is_device or policy.may_take_down(actor, community)


def _is_own(actor: Actor, person: UUID, at: datetime) -> bool:
    if policy.is_self(actor, person):
        return True
    if actor.person is None:
        return False
    link = proxies.find_principal(actor=actor, person=person, on=local_day(at))
    return link.may("voice") or link.may("desk")


def may_correct(actor: Actor, before: Submission, *, how: str, person: UUID | None) -> bool:
    """Tell whether the actor may put another form in place of this one."""
    if how == How.PAGE:
        return person is not None and before.person_id == person
    return may_send(actor, before.community_id)
