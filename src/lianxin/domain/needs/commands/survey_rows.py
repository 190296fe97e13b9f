"""Finding the rows of surveys that a command acts on, and where a survey is asked."""

from uuid import UUID

from django.utils.translation import gettext_lazy

from lianxin.domain.needs import policy
from lianxin.domain.needs.models import Submission, Survey, SurveyCommunity, SurveyQuota, SurveyVersion
from lianxin.domain.places.models import Division
from lianxin.domain.places.queries.divisions import list_communities_below
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing, Refused


class SurveyClosed(Refused):
    """The survey takes no answers at this moment."""

    title = gettext_lazy("This survey takes no answers now.")


class OtherContent(Refused):
    """The same form was sent before with other answers; what came first stays."""

    title = gettext_lazy("This form was already sent with other answers. What was sent first is kept.")


class AnsweredAlready(Refused):
    """Each person answers this survey once."""

    title = gettext_lazy("You answered this survey already. Thank you.")


def survey(pk: UUID, *, actor: Actor) -> Survey:
    """Lock a survey that the actor keeps, wherever it is asked; raises Missing or NotAllowed. Needs a wide scope."""
    row: Survey | None = locks.lock_one(Survey.objects.filter(pk=pk))
    if row is None:
        raise Missing
    asked_in = communities_of(row)
    if not any(actor.covers(one) for one in asked_in):
        raise Missing
    policy.require(policy.may_survey(actor, asked_in))
    return row


def version(pk: UUID) -> SurveyVersion:
    """Give a version with its survey; raises Missing. Needs a wide scope."""
    row = SurveyVersion.objects.filter(pk=pk).select_related("survey").first()
    if row is None:
        raise Missing
    return row


def submission(pk: UUID, *, actor: Actor) -> Submission:
    """Lock a filled-in form of a community that the actor keeps; raises Missing or NotAllowed."""
    row: Submission | None = locks.lock_one(Submission.objects.filter(pk=pk).select_related("survey_version__survey"))
    if row is None or not actor.covers(row.community_id):
        raise Missing
    policy.require(policy.may_survey(actor, [row.community_id]))
    return row


def communities_of(row: Survey) -> list[UUID]:
    """Give where a survey is asked: the communities that it names, else all of the division that asks."""
    chosen = list(SurveyCommunity.objects.filter(survey=row).order_by("pk").values_list("community_id", flat=True))
    return chosen or list_communities_below(row.community_id)


def communities_within(division: Division, chosen: tuple[UUID, ...]) -> bool:
    """Tell whether these communities lie within a division."""
    return set(chosen) <= set(list_communities_below(division.pk))


def quotas(row: Survey) -> list[SurveyQuota]:
    """Lock the quotas of a survey, in key order."""
    return locks.lock(SurveyQuota.objects.filter(survey=row))
