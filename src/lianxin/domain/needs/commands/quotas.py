"""Counting answers towards quotas: never above a limit, the answers that came first before later ones."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, QuerySet

from lianxin.domain.needs.commands import survey_rows
from lianxin.domain.needs.models import Submission, Survey, SurveyQuota
from lianxin.domain.needs.rules import surveys as rules
from lianxin.domain.needs.rules.plain_answers import read_plain
from lianxin.domain.needs.rules.surveys import QuotaCell
from lianxin.domain.people.rules.persons import age_on
from lianxin.platform import locks
from lianxin.platform.clock import local_day
from lianxin.platform.sensitive import Unreadable


def submissions_of(row: Survey) -> QuerySet[Submission]:
    """Give all filled-in forms of a survey, whatever became of them."""
    return Submission.objects.filter(survey_version__survey=row)


def cell_of(row: SurveyQuota) -> QuotaCell:
    """Give a quota as the rules take it."""
    return QuotaCell(row.community_id, row.wanted, row.min_age, row.max_age, row.is_limit)


def take(survey: Survey, *, community: UUID, age: int | None) -> tuple[SurveyQuota | None, bool]:
    """Count one answer: its quota, if one asks for it, and whether it still counts. The quota's row is locked."""
    rows = list(SurveyQuota.objects.filter(survey=survey, community=community).order_by("pk"))
    place = rules.choose_cell([cell_of(row) for row in rows], community=community, age=age)
    if place is None:
        return None, True
    quota: SurveyQuota | None = locks.lock_one(SurveyQuota.objects.filter(pk=rows[place].pk))
    if quota is None:
        return None, True
    if quota.is_limit and quota.taken >= quota.wanted:
        return quota, False
    quota.taken += 1
    quota.save(update_fields=["taken"])
    return quota, True


def give_back(submission: Submission) -> None:
    """Count an answer no longer."""
    if submission.quota_id is None or not submission.counts:
        return
    locks.lock(SurveyQuota.objects.filter(pk=submission.quota_id))
    SurveyQuota.objects.filter(pk=submission.quota_id, taken__gt=0).update(taken=F("taken") - 1)


def replace(survey: Survey, cells: Sequence[QuotaCell]) -> list[SurveyQuota]:
    """Put these quotas in place of the ones before, and count what came already."""
    before = {(row.community_id, row.min_age): row for row in survey_rows.quotas(survey)}
    wanted = {(cell.community, cell.min_age): cell for cell in cells}
    SurveyQuota.objects.filter(pk__in=[row.pk for key, row in before.items() if key not in wanted]).delete()
    for key, cell in wanted.items():
        row = before.get(key) or SurveyQuota(survey=survey, community_id=cell.community, min_age=cell.min_age)
        row.max_age, row.wanted, row.is_limit, row.taken = cell.max_age, cell.wanted, cell.is_limit, 0
        row.save()
    return recount(survey)


def recount(survey: Survey) -> list[SurveyQuota]:
    """Count all answers of a survey anew, in the order in which they came."""
    rows = survey_rows.quotas(survey)
    cells = [cell_of(row) for row in rows]
    for row in rows:
        row.taken = 0
    live = submissions_of(survey).filter(state=Submission.State.RECEIVED).order_by("received_at", "pk")
    changed = []
    for one in live.select_related("survey_version", "person").iterator(chunk_size=500):
        place = rules.choose_cell(cells, community=one.community_id, age=age_of(one))
        quota = None if place is None else rows[place]
        counts = quota is None or not quota.is_limit or quota.taken < quota.wanted
        if quota is not None and counts:
            quota.taken += 1
        if (one.quota_id, one.counts) != (quota.pk if quota else None, counts):
            one.quota, one.counts = quota, counts
            changed.append(one)
    SurveyQuota.objects.bulk_update(rows, ["taken"])
    Submission.objects.bulk_update(changed, ["quota", "counts"], batch_size=200)
    return rows


def age_of(submission: Submission) -> int | None:
    """Give the age of who answered: as answered, else as on record on the day of the answer."""
    path = next(iter(rules.paths_of(submission.survey_version.mapping, rules.AGE)), "")
    if path:
        try:
            text = read_plain(submission.content.reveal()).first(path)
        except Unreadable:
            text = ""
        if text.strip().lstrip("-").split(".")[0].isdigit() and 0 <= float(text) <= rules.OLDEST:
            return int(float(text))
    if submission.person is None:
        return None
    return age_on(submission.person.birth_on, local_day(submission.received_at))
