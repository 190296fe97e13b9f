"""What `verify` asks about surveys: each check yields a sentence for every difference it finds."""

from collections.abc import Iterator

from django.db.models import Count, F

from lianxin.domain.needs.commands.survey_rows import communities_of
from lianxin.domain.needs.models import Submission, Survey, SurveyQuota
from lianxin.platform import scope
from lianxin.platform.models import kind_of

AT_MOST = 20


def quotas_are_counted_answers() -> Iterator[str]:
    """What a quota has taken is the number of its answers that count, and no limit is passed."""
    with scope.everything():
        counted = dict(
            Submission.objects.filter(quota__isnull=False, counts=True, state=Submission.State.RECEIVED)
            .order_by()
            .values_list("quota_id")
            .annotate(n=Count("pk"))
        )
        for row in SurveyQuota.objects.order_by("pk").iterator():
            if row.taken != counted.get(row.pk, 0):
                yield f"{kind_of(SurveyQuota)} {row.pk} says {row.taken} taken, {counted.get(row.pk, 0)} answers count"


def answers_are_where_surveys_are() -> Iterator[str]:
    """A filled form comes from a community in which its survey is asked, and its quota is of that survey and place."""
    with scope.everything():
        for survey in Survey.objects.order_by("pk").iterator():
            here = communities_of(survey)
            strayed = Submission.objects.filter(survey_version__survey=survey).exclude(community__in=here)
            for pk in strayed.order_by("pk").values_list("pk", flat=True)[:AT_MOST]:
                yield f"{kind_of(Submission)} {pk} comes from a community in which its survey is not asked"
        wrong = Submission.objects.filter(quota__isnull=False).exclude(
            quota__survey=F("survey_version__survey"), quota__community=F("community")
        )
        for pk in wrong.order_by("pk").values_list("pk", flat=True)[:AT_MOST]:
            yield f"{kind_of(Submission)} {pk} counts towards a quota of another survey or community"
