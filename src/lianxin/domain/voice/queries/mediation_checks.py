"""What `verify` asks about mediations, and what their measures count: agreements and endings, nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from lianxin.domain.voice.commands.mediation_duties import COURT, VISIT
from lianxin.domain.voice.models import Case, Commitment, CourtConfirmation, Mediation, MediationTalk
from lianxin.domain.voice.rules import mediation_states as states
from lianxin.platform import scope
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window
from lianxin.platform.models import Duty

AT_MOST = 20
State = Mediation.State


def agreed(window: Window) -> int:
    """Count agreements by their day."""
    rows = Mediation.objects.filter(agreed_on__gte=window.from_on, agreed_on__lt=window.until_on)
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()


def ended(window: Window) -> int:
    """Count mediations that ended, by their day, whatever it was."""
    rows = Mediation.objects.filter(
        ended_at__gte=local_moment(window.from_on), ended_at__lt=local_moment(window.until_on)
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()


def agreements_are_whole() -> Iterator[str]:
    """An agreement in effect has clauses, all agreed; one in writing has its court days."""
    with scope.everything():
        rows = Mediation.objects.defer("subject_words", "state_words").filter(agreed_on__isnull=False)
        for row in rows.order_by("pk").iterator(chunk_size=500):
            clauses = list(row.clauses.values_list("agreed_at", flat=True))
            if not clauses or None in clauses:
                yield f"mediation {row.pk} is agreed and a clause of it is not"
            if not row.is_oral and not CourtConfirmation.objects.filter(mediation=row).exists():
                yield f"mediation {row.pk} is agreed in writing and has no court days"


def visits_are_duties() -> Iterator[str]:
    """Each planned visit is somebody's duty, and no held one is."""
    with scope.everything():
        planned = set(
            MediationTalk.objects.filter(kind="visit", held_at=None, mediation__state=State.AGREED).values_list(
                "pk", flat=True
            )
        )
        duties = set(Duty.objects.filter(kind=VISIT, closed_at=None).values_list("record_id", flat=True))
    for pk in sorted(planned - duties)[:AT_MOST]:
        yield f"visit {pk} is planned and nobody's duty"
    for pk in sorted(duties - planned)[:AT_MOST]:
        yield f"visit {pk} is a duty and not planned"


def court_days_are_duties() -> Iterator[str]:
    """While the court can be asked for an agreement, somebody is reminded of it; and only then."""
    with scope.everything():
        possible = CourtConfirmation.objects.filter(
            state=CourtConfirmation.State.POSSIBLE, mediation__state__in=[State.AGREED, State.BROKEN]
        )
        wanted = set(possible.values_list("mediation_id", flat=True))
        duties = set(Duty.objects.filter(kind=COURT, closed_at=None).values_list("record_id", flat=True))
    for pk in sorted(wanted - duties)[:AT_MOST]:
        yield f"mediation {pk} can go to court and nobody is reminded"
    for pk in sorted(duties - wanted)[:AT_MOST]:
        yield f"mediation {pk} reminds of the court and cannot go there"


def mediated_cases_are_hidden() -> Iterator[str]:
    """A case that went to a mediator is on no public page, and its promises say nothing."""
    with scope.everything():
        cases = Mediation.objects.filter(case__isnull=False).values("case")
        for pk in Case.objects.filter(pk__in=cases, is_mediated=False).values_list("pk", flat=True)[:AT_MOST]:
            yield f"case {pk} is mediated and not marked so"
        public = Commitment.objects.filter(clause__isnull=False, is_public=True)
        for pk in public.values_list("pk", flat=True)[:AT_MOST]:
            yield f"commitment {pk} is of a mediation and public"
        live = Mediation.objects.filter(state__in=states.ENDED, ended_at=None)
        for pk in live.values_list("pk", flat=True)[:AT_MOST]:
            yield f"mediation {pk} has ended and no day of it"
