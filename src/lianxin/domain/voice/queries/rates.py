"""What the measures of tiers count over the tables; the same is noted as facts by `commands/rates.py`."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from lianxin.domain.voice.commands.rates import COUNTED_ENDS
from lianxin.domain.voice.models import Case, CaseReport, CaseStep, TierDecision
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window

State = Case.State


def cases_in_time(window: Window) -> int:
    """Count cases by the day on which they ended: those with which the house had finished by their deadline."""
    declined = Q(state=State.DECLINED, ended_at__lte=F("due_at"))
    done = ~Q(state=State.DECLINED) & (Q(done_at__lte=F("due_at")) | Q(done_at=None))
    return _ended(window).filter(Q(due_at=None) | declined | done, lifted=0).count()


def cases_silent(window: Window) -> int:
    """Count cases that ended without a reply, by that day."""
    return _ended(window).filter(state=State.SILENT).count()


def cases_declined(window: Window) -> int:
    """Count cases that ended because nothing could be done, by that day."""
    return _ended(window).filter(state=State.DECLINED).count()


def cases_by_staff(window: Window) -> int:
    """Count cases confirmed as solved, by that day, of which no reporter said so themselves on a page."""
    own = CaseReport.objects.filter(case=OuterRef("pk"), withdrawn_at=None, said="solved", said_how="page")
    return _ended(window).filter(state=State.CONFIRMED).exclude(Exists(own)).count()


def cases_reopened(window: Window) -> int:
    """Count the times that an ended case was opened again."""
    return _steps(window, "reopen")


def cases_not_solved(window: Window) -> int:
    """Count the times that a reporter said of a case that was called done: it is not solved."""
    return _steps(window, "dispute")


def cases_lifted(window: Window) -> int:
    """Count the times that a case was lifted to a harder tier."""
    rows = TierDecision.objects.filter(
        is_lift=True, decided_at__gte=local_moment(window.from_on), decided_at__lt=local_moment(window.until_on)
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()


def cases_appealed(window: Window) -> int:
    """Count the times that a reporter asked for another tier."""
    rows = TierDecision.objects.filter(
        appealed_at__gte=local_moment(window.from_on), appealed_at__lt=local_moment(window.until_on)
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()


def _ended(window: Window) -> QuerySet[Case]:
    rows = Case.objects.filter(
        state__in=COUNTED_ENDS,
        ended_at__gte=local_moment(window.from_on),
        ended_at__lt=local_moment(window.until_on),
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    if window.category is not None:
        tier, _colon, subject = window.category.partition(":")
        rows = rows.filter(tier=tier, subject=subject)
    return rows


def _steps(window: Window, act: str) -> int:
    rows = CaseStep.objects.filter(
        act=act, done_at__gte=local_moment(window.from_on), done_at__lt=local_moment(window.until_on)
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()
