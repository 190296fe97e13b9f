"""What must be done by a time because of tiers, pauses and hand-overs; each is a duty of whoever works on the case.

The record of a case's duties is the case itself, so that `reminding.close_all` ends them with it.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.domain.voice import policy
from lianxin.domain.voice.models import Case, Handover
from lianxin.platform import duties
from lianxin.platform.clock import local_moment
from lianxin.platform.commands import act
from lianxin.platform.models import Duty

LOOK_AGAIN, OUTSIDE, OUTSIDE_LATE, APPEAL, LATE, URGED, URGED_OFTEN = (
    "voice.look_again",
    "voice.handed_over",
    "voice.handed_over_late",
    "voice.answer_appeal",
    "voice.late_case",
    "voice.urged",
    "voice.urged_often",
)
KINDS = (LOOK_AGAIN, OUTSIDE, OUTSIDE_LATE, APPEAL, LATE, URGED, URGED_OFTEN)
PAGE, ABOVE = "staff:case", "subdistrict_staff"
OFFICE_CLOSES = time(17, 30)
WITHIN = timedelta(days=3)
SOON = timedelta(days=1)


def look_again(case: Case, by: date) -> None:
    """Let whoever works on a case look at it again by the day that its pause names."""
    _open(LOOK_AGAIN, case, case, _("Case %(n)d waits: look at it again"), _moment(by))


def look_at_outside(case: Case, handover: Handover) -> None:
    """Let whoever works on a case see to an answer from outside: it stays this office's case."""
    words = _("Case %(n)d is with “%(name)s”: see to an answer")
    _open(OUTSIDE, handover, case, words, _moment(handover.answer_by), name=handover.name)


def outside_is_late(case: Case, handover: Handover, *, at: datetime) -> None:
    """Let the office above know that those outside let their day pass."""
    words = _("“%(name)s” has not answered case %(n)d by the day that was agreed")
    _open(OUTSIDE_LATE, handover, case, words, at + WITHIN, name=handover.name, above=True)


def close_outside(handover: Handover) -> None:
    """Say that nobody waits for an answer of theirs any more."""
    duties.close(kind=OUTSIDE, record=handover)
    duties.close(kind=OUTSIDE_LATE, record=handover)


def answer_appeal(case: Case, *, at: datetime) -> None:
    """Let the office above answer a reporter who thinks a case is harder or more urgent."""
    _open(APPEAL, case, case, _("Somebody asks for another tier of case %(n)d"), at + WITHIN, above=True)


def late(case: Case, *, at: datetime) -> None:
    """Let the office above know that a case was not done in its time."""
    _open(LATE, case, case, _("Case %(n)d is late: see who can help"), at + WITHIN, above=True)


def urged(case: Case, *, at: datetime) -> None:
    """Let whoever works on a case answer a reporter who asks how it stands."""
    _open(URGED, case, case, _("A reporter asks how case %(n)d stands"), at + SOON)


def urged_often(case: Case, *, at: datetime) -> None:
    """Let the office above know that reporters asked as often as they may."""
    _open(URGED_OFTEN, case, case, _("Reporters asked many times after case %(n)d"), at + WITHIN, above=True)


def close(kind: str, case: Case) -> None:
    """Say that a duty about a case was done."""
    duties.close(kind=kind, record=case)


def note_move(case: Case, what: str, who: str) -> None:
    """Say that an office did something about a case: the one that works on it, or the one above."""
    done = [URGED] if who == "keeper" else []
    if who in ("keeper", "supervisor") and policy.may_supervise(act().actor, case.community_id):
        done += [LATE, URGED_OFTEN]
    if done:
        duties.close(kind=done, record=case)
    if what == "assign":
        out = Handover.objects.filter(case=case, state=Handover.State.OUT).values("pk")
        owed = Duty.objects.filter(closed_at=None).filter(
            Q(kind__in=(LOOK_AGAIN, URGED), record_id=case.pk) | Q(kind=OUTSIDE, record_id__in=out)
        )
        owed.update(assignee_account=case.responsible, assignee_role=_role(case))


def _role(case: Case) -> str:
    return "" if case.responsible else case.responsible_role or "community_staff"


def _moment(on: date) -> datetime:
    return local_moment(on, OFFICE_CLOSES)


def _open(
    kind: str, record: Any, case: Case, words: str, due_at: datetime, *, name: str = "", above: bool = False
) -> None:
    duties.open(
        kind=kind,
        record=record,
        community_id=case.community_id,
        title=words % {"n": case.number, "name": name},
        due_at=due_at,
        assignee_account=None if above else case.responsible,
        assignee_role=ABOVE if above else _role(case),
        url_name=PAGE,
        url_args={"case": str(case.pk)},
    )
