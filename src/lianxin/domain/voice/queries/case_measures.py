"""What the measures of cases count, over the tables of the domain."""

from django.db.models import Q, QuerySet

from lianxin.domain.voice.models import Case, CaseAnswer, CaseReport
from lianxin.domain.voice.rules import states
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window

COUNTED_ENDS = ("confirmed", "silent", "declined")


def cases_heard(window: Window) -> int:
    """Count voices by the day on which they were said, whatever became of them."""
    rows = CaseReport.objects.filter(
        heard_at__gte=local_moment(window.from_on), heard_at__lt=local_moment(window.until_on)
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()


def cases_ended(window: Window) -> int:
    """Count cases that are confirmed, closed without a reply or declined, by the day on which they ended."""
    return _ended(window, COUNTED_ENDS)


def cases_confirmed(window: Window) -> int:
    """Count cases that their reporters confirmed as solved, by the day on which they did."""
    return _ended(window, ("confirmed",))


def case_answers(window: Window) -> int:
    """Count answers to those who brought a case forward, by the day on which they were written."""
    rows = CaseAnswer.objects.filter(
        made_at__gte=local_moment(window.from_on), made_at__lt=local_moment(window.until_on)
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()


def cases_open(window: Window) -> int:
    """Count cases that were open at the end of a window."""
    return open_cases(window).count()


def open_cases(window: Window) -> QuerySet[Case]:
    """Give the cases that were opened before a window's end and had not ended by then."""
    until = local_moment(window.until_on)
    ended_later = Q(ended_at__gte=until)
    rows = Case.objects.filter(Q(ended_at=None, state__in=states.OPEN) | ended_later, opened_at__lt=until)
    return rows if window.communities is None else rows.filter(community__in=window.communities)


def _ended(window: Window, ends: tuple[str, ...]) -> int:
    rows = Case.objects.filter(
        state__in=ends, ended_at__gte=local_moment(window.from_on), ended_at__lt=local_moment(window.until_on)
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()
