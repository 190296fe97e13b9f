"""What `verify` asks about tiers, clocks, pauses and hand-overs."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from lianxin.domain.voice.commands import tier_duties
from lianxin.domain.voice.commands.recounting import list_wrong
from lianxin.domain.voice.models import Case, CasePause, Handover, TierDecision
from lianxin.domain.voice.queries.figures import FLOWS
from lianxin.domain.voice.rules import states
from lianxin.platform import contributions, facts, scope
from lianxin.platform.contributions import Window
from lianxin.platform.models import Duty
from lianxin.platform.workcalendar import load_calendar

AT_MOST = 20
State = Case.State


def deadlines_are_as_counted() -> Iterator[str]:
    """The deadline of each open case is that of its running decision, over its pauses, by today's calendar."""
    with scope.everything():
        for pk in list_wrong(calendar=load_calendar())[:AT_MOST]:
            yield f"case {pk} has another deadline than its term, its pauses and the calendar give"


def tiers_are_those_of_decisions() -> Iterator[str]:
    """Each case has a decision, the tier of the last one, and as many lifts as its decisions say."""
    with scope.everything():
        last = TierDecision.objects.filter(case=OuterRef("pk")).order_by("-position").values("tier")[:1]
        rows = Case.objects.annotate(decided=Subquery(last)).filter(Q(decided=None) | ~Q(decided=F("tier")))
        for pk in _ids(rows):
            yield f"case {pk} has another tier than its last decision, or no decision at all"
        lifts = Case.objects.annotate(n=Count("decisions", filter=Q(decisions__is_lift=True))).exclude(n=F("lifted"))
        for pk in _ids(lifts.filter(Q(lifted__gt=0) | Q(n__gt=0))):
            yield f"case {pk} counts other lifts than its decisions say"


def waiting_cases_have_a_pause() -> Iterator[str]:
    """A case waits exactly while it has an open pause, and is then somebody's duty to look at again."""
    with scope.everything():
        waiting = set(Case.objects.filter(state=State.WAITING).values_list("pk", flat=True))
        paused = set(CasePause.objects.filter(resumed_at=None).values_list("case_id", flat=True))
        for pk in sorted(waiting ^ paused)[:AT_MOST]:
            yield f"case {pk} waits without an open pause, or has one and does not wait"
        looked_at = _duties(tier_duties.LOOK_AGAIN)
        for pk in sorted(paused - looked_at)[:AT_MOST]:
            yield f"case {pk} waits and is nobody's duty to look at again"
        for pk in sorted(looked_at - paused)[:AT_MOST]:
            yield f"case {pk} is a duty to look at again and does not wait"


def handed_cases_are_duties() -> Iterator[str]:
    """A case is handed over exactly while a hand-over is out, and seeing to its answer is somebody's duty."""
    with scope.everything():
        out = dict(Handover.objects.filter(state=Handover.State.OUT).values_list("pk", "case_id"))
        handed = set(Case.objects.filter(state=State.HANDED).values_list("pk", flat=True))
        for pk in sorted(handed ^ set(out.values()))[:AT_MOST]:
            yield f"case {pk} is handed over to nobody, or is with somebody and not handed over"
        owed = _duties(tier_duties.OUTSIDE)
        for pk in sorted(out.keys() - owed)[:AT_MOST]:
            yield f"hand-over {pk} is out and nobody's duty"
        for pk in sorted(owed - out.keys())[:AT_MOST]:
            yield f"hand-over {pk} is a duty and not out"


def appeals_are_duties() -> Iterator[str]:
    """An appeal about the running decision of a case that somebody works on is a duty of the office above."""
    with scope.everything():
        last = TierDecision.objects.filter(case=OuterRef("case")).order_by("-position").values("pk")[:1]
        rows = TierDecision.objects.filter(
            appealed_at__isnull=False, appeal_decided_at=None, case__state__in=states.LIVE, pk=Subquery(last)
        )
        owed = _duties(tier_duties.APPEAL)
        for pk in sorted(set(rows.values_list("case_id", flat=True)) - owed)[:AT_MOST]:
            yield f"case {pk} has an appeal without an answer and nobody's duty to give one"


def facts_are_those_of_cases() -> Iterator[str]:
    """What the tallies hold of cases is what the tables say, for each measure that the figures show."""
    whole = Window(date(2000, 1, 1), date(2200, 1, 1))
    with scope.everything():
        for measure in FLOWS.values():
            noted = facts.figure(measure, from_on=whole.from_on, until_on=whole.until_on)
            counted = contributions.measure(measure).query(whole)
            if noted != counted:
                yield f"{measure}: facts say {noted}, the tables say {counted}"


def _duties(kind: str) -> set[UUID]:
    return set(Duty.objects.filter(kind=kind, closed_at=None).values_list("record_id", flat=True))


def _ids(rows: QuerySet[Case]) -> list[UUID]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_MOST])
