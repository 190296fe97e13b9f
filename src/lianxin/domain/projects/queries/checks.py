"""Proofs for `verify`: counters are rows, frozen is frozen, nothing was published without a name."""

from collections.abc import Iterator

from django.db.models import Count, Q

from lianxin.domain.projects.models import Edition, MatchRun, OutcomeOccurrence, Project
from lianxin.domain.projects.queries.editions import digest_now
from lianxin.domain.projects.rules import states
from lianxin.platform import scope

LIVE = Q(people__undone_at__isnull=True, people__isnull=False)


def outcomes_are_rows() -> Iterator[str]:
    """Yield a sentence for each project whose held dates or person-times are not those of its rows."""
    with scope.everything():
        people = dict(Project.objects.values_list("pk").annotate(n=Count("people", filter=LIVE)))
        held = dict(Project.objects.values_list("pk").annotate(n=Count("dates", filter=Q(dates__is_held=True))))
        for pk, times, person_times in Project.objects.values_list("pk", "occurrences_held", "person_times"):
            if (times, person_times) != (held[pk], people[pk]):
                yield f"project {pk} says {times} dates and {person_times} people, its rows {held[pk]} and {people[pk]}"


def held_dates_have_people() -> Iterator[str]:
    """Yield a sentence for each date whose being held is not what its people say."""
    with scope.everything():
        dates = OutcomeOccurrence.objects.annotate(there=Count("people", filter=LIVE))
        for row in dates.filter(Q(is_held=True, there=0) | Q(is_held=False, there__gt=0)):
            yield f"date {row.pk} of project {row.project_id} has {row.there} people and is_held={row.is_held}"


def published_by_name() -> Iterator[str]:
    """Yield a sentence for each published project that nobody approved."""
    with scope.everything():
        for pk in Project.objects.filter(state__in=states.PUBLIC, approved_by=None).values_list("pk", flat=True):
            yield f"project {pk} is public and nobody approved it"


def editions_are_frozen() -> Iterator[str]:
    """Yield a sentence for each issued edition that is not what was issued."""
    with scope.everything():
        for row in Edition.objects.filter(state=Edition.State.ISSUED).order_by("pk").iterator(chunk_size=100):
            if digest_now(row) != row.digest:
                yield f"edition {row.pk} is not what was issued"


def runs_account_for_needs() -> Iterator[str]:
    """Yield a sentence for each finished run that neither served nor gave a reason for a need of its problem."""
    with scope.everything():
        for row in MatchRun.objects.filter(state__in=[MatchRun.State.DONE, MatchRun.State.REPLACED]):
            stated = row.metrics.get("needs")
            if stated is None:
                continue
            served = set(row.proposals.values_list("needs__need", flat=True)) - {None}
            unserved = set(row.unserved.values_list("need", flat=True))
            if len(served | unserved) != stated:
                yield f"run {row.pk} had {stated} needs and accounts for {len(served | unserved)}"
