"""What follows for surveys and filled forms when records become one, homes merge, or communities do."""

from datetime import datetime
from uuid import UUID

from lianxin.domain.needs.commands import quotas
from lianxin.domain.needs.models import Submission, SubmissionFile, Survey, SurveyCommunity, SurveyQuota
from lianxin.domain.people.events import HouseholdsMerged, PersonMerged
from lianxin.domain.places.events import DivisionsMerged
from lianxin.platform import scope
from lianxin.platform.actors import Actor


def follow_person_merged(event: PersonMerged, *, actor: Actor, at: datetime) -> None:
    """Let the forms of a record that was the same person stand under the one that stays."""
    with scope.everything():
        Submission.objects.filter(person=event.merged).update(person=event.into)


def follow_households_merged(event: HouseholdsMerged, *, actor: Actor, at: datetime) -> None:
    """Let the forms of merged households stand under the one that stays."""
    with scope.everything():
        Submission.objects.filter(household__in=event.merged).update(household=event.into)


def follow_divisions_merged(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Ask in the successor what was asked in the ended communities; quotas of the same ages are added up."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        Survey.objects.filter(community__in=ended).update(community=event.into)
        _ask_in_successor(event, ended)
        touched = _join_quotas(event, ended)
        Submission.objects.filter(community__in=ended).update(community=event.into)
        SubmissionFile.objects.filter(community__in=ended).update(community=event.into)
        for survey in Survey.objects.filter(pk__in=touched).order_by("pk"):
            quotas.recount(survey)


def _ask_in_successor(event: DivisionsMerged, ended: list[UUID]) -> None:
    there = set(SurveyCommunity.objects.filter(community=event.into).values_list("survey_id", flat=True))
    for row in SurveyCommunity.objects.filter(community__in=ended).order_by("pk"):
        if row.survey_id in there:
            row.delete()
        else:
            row.community_id = event.into
            row.save(update_fields=["community"])
            there.add(row.survey_id)


def _join_quotas(event: DivisionsMerged, ended: list[UUID]) -> set[UUID]:
    """Move quotas; where ages begin alike they become one, wide enough for both."""
    touched: set[UUID] = set()
    for row in SurveyQuota.objects.filter(community__in=ended).order_by("pk"):
        touched.add(row.survey_id)
        same = SurveyQuota.objects.filter(survey=row.survey_id, community=event.into, min_age=row.min_age).first()
        if same is None:
            row.community_id = event.into
            row.save(update_fields=["community"])
            continue
        same.wanted += row.wanted
        same.taken += row.taken
        same.max_age = max(same.max_age, row.max_age)
        same.is_limit = same.is_limit and row.is_limit
        same.save(update_fields=["wanted", "taken", "max_age", "is_limit"])
        Submission.objects.filter(quota=row).update(quota=same)
        row.delete()
    return touched
