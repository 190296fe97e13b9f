"""What the measures of votes and opinion maps count."""

from lianxin.domain.voice.models import Opinion, Vote
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window


def votes_closed(window: Window) -> int:
    """Count votes by the day on which they were closed; one declared void later counts no more."""
    span = {"closed_at__gte": local_moment(window.from_on), "closed_at__lt": local_moment(window.until_on)}
    rows = Vote.objects.filter(state=Vote.State.CLOSED, **span)
    return (rows if window.communities is None else rows.filter(community__in=window.communities)).count()


def opinions_given(window: Window) -> int:
    """Count answers to statements by the day on which they were given, changed ones each time."""
    span = {"said_at__gte": local_moment(window.from_on), "said_at__lt": local_moment(window.until_on)}
    rows = Opinion.objects.filter(**span)
    return (rows if window.communities is None else rows.filter(community__in=window.communities)).count()
