"""What staff must do by a time because of cases: one duty for all new ones, one for answers, one for each that runs."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.places.models import Division
from lianxin.domain.voice.models import Case, CaseAnswer
from lianxin.platform import duties, locks, scope
from lianxin.platform.commands import act
from lianxin.platform.models import Duty, kind_of

NEW_DUTY, TELL_DUTY, CASE_DUTY, DANGER_DUTY = "voice.new_cases", "voice.tell_reporters", "voice.case", "voice.danger"
READ_WITHIN = timedelta(days=1)
TELL_WITHIN = timedelta(days=3)
DANGER_WITHIN = timedelta(hours=2)
TO_DO = (CaseAnswer.State.TO_TELL, CaseAnswer.State.TO_HAND)
CASES, CASE, CALLS = "staff:cases", "staff:case", "staff:case_calls"
State = Case.State
# Its clock runs; a waiting case is its pause's duty, a handed one its hand-over's.
RUNNING = (State.ASSIGNED, State.WORKING)


def look_at_new(communities: Iterable[UUID]) -> None:
    """Open, move or close the duty to look at new cases, as it is now."""
    with scope.everything():
        rows = Case.objects.filter(state=State.NEW)
        _collapse(
            NEW_DUTY,
            communities,
            rows.values_list("community_id").annotate(n=Count("pk"), oldest=Min("opened_at")),
            within=READ_WITHIN,
            url_name=CASES,
            say=lambda n: ngettext("Look at %(n)d new case", "Look at %(n)d new cases", n) % {"n": n},
        )


def look_at_answers(communities: Iterable[UUID]) -> None:
    """Open, move or close the duty to tell reporters by phone and on paper, as it is now."""
    with scope.everything():
        rows = CaseAnswer.objects.filter(state__in=TO_DO)
        _collapse(
            TELL_DUTY,
            communities,
            rows.values_list("community_id").annotate(n=Count("pk"), oldest=Min("made_at")),
            within=TELL_WITHIN,
            url_name=CALLS,
            say=lambda n: ngettext("Tell %(n)d reporter the answer", "Tell %(n)d reporters the answer", n) % {"n": n},
        )


def look_at_case(case: Case, *, at: datetime) -> None:
    """Open, move or close the duty that a case's time makes for who looks after it, and the one of a danger."""
    whom: dict[str, Any] = {"assignee_account": case.responsible, "assignee_role": case.responsible_role}
    where: dict[str, Any] = {"url_name": CASE, "url_args": {"case": str(case.pk)}}
    over = []
    if case.state in RUNNING and case.due_at is not None:
        duties.open(
            kind=CASE_DUTY,
            record=case,
            community_id=case.community_id,
            title=_("Case %(number)d: its time runs") % {"number": case.number},
            due_at=case.due_at,
            **whom,
            **where,
        )
    else:
        over.append(CASE_DUTY)
    if case.is_danger and case.state == State.NEW:
        duties.open(
            kind=DANGER_DUTY,
            record=case,
            community_id=case.community_id,
            title=_("Case %(number)d: somebody may be in danger") % {"number": case.number},
            due_at=min(case.due_at or at + DANGER_WITHIN, case.opened_at + DANGER_WITHIN),
            **whom,
            **where,
        )
    else:
        over.append(DANGER_DUTY)
    if over:
        duties.close(kind=over, record=case)


def close_all(records: Iterable[models.Model]) -> None:
    """Close whatever duties of voice are open for these records, because nothing is to be done with them any more."""
    running = act()
    for record in records:
        Duty.objects.filter(
            kind__startswith="voice.", record_kind=kind_of(record), record_id=record.pk, closed_at=None
        ).update(closed_at=running.at, closed_by=running.actor.account)


def _collapse(
    kind: str,
    communities: Iterable[UUID],
    waiting: Any,
    *,
    within: timedelta,
    url_name: str,
    say: Callable[[int], str],
) -> None:
    wanted = set(communities)
    with scope.everything():
        known = {pk: (number, oldest) for pk, number, oldest in waiting.filter(community__in=wanted).order_by()}
        for division in _divisions(wanted):
            number, oldest = known.get(division.pk, (0, None))
            if oldest is None:
                duties.close(kind=kind, record=division)
                continue
            duties.open(
                kind=kind,
                record=division,
                community_id=division.pk,
                title=say(number),
                due_at=oldest + within,
                assignee_role="community_staff",
                url_name=url_name,
                url_args={},
            )


def _divisions(wanted: set[UUID]) -> list[Division]:
    # One open duty for each community: two who write at once wait for each other here.
    for pk in sorted(wanted):
        locks.advisory(f"voice.duties.{pk}")
    return list(Division.objects.filter(pk__in=wanted).order_by("pk"))
