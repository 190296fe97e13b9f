"""What the measures of cases count, over the tables of the domain."""

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
    """Count cases that are open now."""
    rows = Case.objects.filter(ended_at=None, state__in=states.OPEN)
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()


def _ended(window: Window, ends: tuple[str, ...]) -> int:
    rows = Case.objects.filter(
        state__in=ends, ended_at__gte=local_moment(window.from_on), ended_at__lt=local_moment(window.until_on)
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()
