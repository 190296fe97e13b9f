"""Proofs about requests: facts agree with what reached communities, and who owes an answer has a duty."""

from collections.abc import Iterable, Iterator
from datetime import date

from lianxin.domain.reporting.models import RequestReach
from lianxin.domain.reporting.queries import requests_measures as measures
from lianxin.platform import facts
from lianxin.platform.contributions import Window
from lianxin.platform.models import Duty

FLOWS = (
    "demands_sent",
    "fields_asked",
    "fields_asked_again",
    "fields_answered_by_figures",
    "demands_out_of_hours",
    "demands_short_notice",
)
ANSWER = "reporting.answer"
ALWAYS = (date(2000, 1, 1), date(2200, 1, 1))


def burden_is_counted() -> Iterator[str]:
    """Prove that the facts of the burden add up to requests and noted demands."""
    for name in FLOWS:
        counted = facts.figure(name, from_on=ALWAYS[0], until_on=ALWAYS[1])
        there = getattr(measures, name)(Window(*ALWAYS))
        if counted != there:
            yield f"{name}: facts say {counted}, requests and demands say {there}"


def open_questions_are_duties() -> Iterable[str]:
    """Prove that each community that owes an answer has a duty, and no other has."""
    asked = set(RequestReach.objects.filter(state=RequestReach.State.ASKED).values_list("pk", flat=True))
    owed = set(Duty.objects.filter(kind=ANSWER, closed_at=None).values_list("record_id", flat=True))
    for pk in sorted(asked - owed):
        yield f"reach {pk} waits for an answer and is nobody's duty"
    for pk in sorted(owed - asked):
        yield f"the duty of reach {pk} is open although nothing is asked any more"


def nobody_is_asked_for_what_is_known() -> Iterable[str]:
    """Prove that a request of known figures only asked no community."""
    rows = RequestReach.objects.filter(request__is_known_only=True).exclude(state=RequestReach.State.DELIVERED)
    for pk in rows.values_list("pk", flat=True):
        yield f"reach {pk} asks a community for what is known"
