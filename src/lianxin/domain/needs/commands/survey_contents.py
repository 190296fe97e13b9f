"""What staff write of a survey beside its questions: checked, and kept with where it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import quotas, survey_rows
from lianxin.domain.needs.models import Survey, SurveyCommunity, SurveyQuota
from lianxin.domain.needs.rules import surveys as rules
from lianxin.domain.places.models import Level
from lianxin.domain.places.queries.divisions import list_communities_below
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid

FORM_ID_LONGEST, TAIL = 64, 12
TITLE_LONGEST, PURPOSE_LONGEST = 80, 200
AskedBy = Survey.AskedBy


@dataclass(frozen=True, slots=True)
class SurveyContent:
    """What staff write of a survey beside its questions."""

    title: str
    purpose: str = ""
    asked_by: str = AskedBy.LINK
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    one_per_person: bool = False
    communities: tuple[UUID, ...] = ()


def checked(actor: Actor, row: Survey, content: SurveyContent) -> dict[str, Any]:
    """Give what is to be kept of a survey's content; raises Invalid with a sentence for each field."""
    wrong: dict[str, list[str]] = {}
    purpose = " ".join(content.purpose.split())
    if len(purpose) > PURPOSE_LONGEST:
        wrong["purpose"] = [_("At most %(most)d characters.") % {"most": PURPOSE_LONGEST}]
    if content.asked_by not in AskedBy.values:
        wrong["asked_by"] = [_("Choose who asks.")]
    if content.opens_at and content.closes_at and content.closes_at <= content.opens_at:
        wrong["closes_at"] = [_("The end lies before the beginning.")]
    if content.communities:
        if not survey_rows.communities_within(row.community, content.communities):
            wrong["communities"] = [_("Choose communities within the division that asks.")]
        else:
            policy.require(policy.may_survey(actor, content.communities))
            wrong |= _with_answers_elsewhere(row, content.communities)
    if wrong:
        raise Invalid(fields=wrong)
    return {
        "title": check_title(content.title),
        "purpose": purpose,
        "asked_by": content.asked_by,
        "opens_at": content.opens_at,
        "closes_at": content.closes_at,
        "one_per_person": content.one_per_person,
    }


def _with_answers_elsewhere(row: Survey, chosen: Sequence[UUID]) -> dict[str, list[str]]:
    if quotas.submissions_of(row).exclude(community__in=chosen).exists():
        return {"communities": [_("Answers came from a community that you took out: leave it in, or end the survey.")]}
    if SurveyQuota.objects.filter(survey=row).exclude(community__in=chosen).exists():
        return {"communities": [_("A community that you took out has a quota: take the quota away first.")]}
    return {}


def ask_in(row: Survey, chosen: tuple[UUID, ...]) -> None:
    """Keep the named communities; a community's own survey, or one for all below, names none."""
    wanted = set(chosen)
    if row.community.level == Level.COMMUNITY or wanted == set(list_communities_below(row.community_id)):
        wanted = set()
    there = dict(SurveyCommunity.objects.filter(survey=row).values_list("community_id", "pk"))
    SurveyCommunity.objects.filter(pk__in=[pk for one, pk in there.items() if one not in wanted]).delete()
    for one in sorted(wanted - set(there)):
        SurveyCommunity.objects.create(survey=row, community_id=one)


def check_title(text: str) -> str:
    """Give the title as it is kept; raises Invalid."""
    plain = " ".join(text.split())
    if not plain:
        raise Invalid(fields={"title": [_("Give the survey a name.")]})
    if len(plain) > TITLE_LONGEST:
        raise Invalid(fields={"title": [_("At most %(most)d characters.") % {"most": TITLE_LONGEST}]})
    return plain


def told_apart(form_id: str, pk: UUID) -> str:
    """Give the form_id of a survey whose workbook's own one has another survey: not by the word of its link."""
    tail = pk.hex[-TAIL:]
    return f"{form_id[: FORM_ID_LONGEST - TAIL - 1]}-{tail}"


def slug_of(pk: UUID) -> str:
    """Give a word for a survey's link that no other survey has."""
    turn = 0
    while Survey.objects.filter(slug=rules.slug_for(pk, turn)).exists():
        turn += 1
    return rules.slug_for(pk, turn)
