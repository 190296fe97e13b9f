"""What `verify` asks about visits, and what their measure counts."""

from collections.abc import Iterator

from lianxin.domain.needs.commands.visit_duties import CONFLICT_DUTY, PROMISE_DUTY
from lianxin.domain.needs.models import Visit, VisitConflict, VisitPromise
from lianxin.platform import scope
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import Window
from lianxin.platform.models import Duty

AT_MOST = 20
RECORDED = (Visit.State.DONE, Visit.State.ABSENT, Visit.State.REFUSED)


def visits_done(window: Window) -> int:
    """Count visits at which somebody was met, by the day on which they ended."""
    rows = Visit.objects.filter(
        state=Visit.State.DONE,
        ended_at__gte=local_moment(window.from_on),
        ended_at__lt=local_moment(window.until_on),
    )
    if window.communities is not None:
        rows = rows.filter(community__in=window.communities)
    return rows.count()


def open_promises_are_duties() -> Iterator[str]:
    """Each open promise is somebody's duty, and no closed one is."""
    with scope.everything():
        owed = set(VisitPromise.objects.filter(state=VisitPromise.State.OPEN).values_list("pk", flat=True))
        duties = set(Duty.objects.filter(kind=PROMISE_DUTY, closed_at=None).values_list("record_id", flat=True))
    for pk in sorted(owed - duties)[:AT_MOST]:
        yield f"promise {pk} is open and nobody's duty"
    for pk in sorted(duties - owed)[:AT_MOST]:
        yield f"promise {pk} is a duty and not open"


def open_conflicts_are_duties() -> Iterator[str]:
    """Where records of visits wait to be compared, somebody has a duty to compare them; and only there."""
    with scope.everything():
        rows = VisitConflict.objects.filter(state=VisitConflict.State.OPEN).order_by()
        waiting = set(rows.values_list("community", flat=True))
        duties = set(Duty.objects.filter(kind=CONFLICT_DUTY, closed_at=None).values_list("record_id", flat=True))
    for pk in sorted(waiting - duties)[:AT_MOST]:
        yield f"community {pk} has records of visits to compare and nobody's duty to do so"
    for pk in sorted(duties - waiting)[:AT_MOST]:
        yield f"community {pk} has a duty to compare records of visits and none to compare"


def recorded_visits_are_whole() -> Iterator[str]:
    """A recorded visit has its times and who made it; a promise is of a visit to its own household."""
    with scope.everything():
        rows = Visit.objects.filter(state__in=RECORDED, ended_at__isnull=True)
        for pk in rows.order_by("pk").values_list("pk", flat=True)[:AT_MOST]:
            yield f"visit {pk} is recorded and has no times"
        homes = VisitPromise.objects.order_by("pk").values_list("pk", "household_id", "visit__household_id")
        told = 0
        for pk, own, visited in homes.iterator(chunk_size=1000):
            if own != visited and told < AT_MOST:
                told += 1
                yield f"promise {pk} is made to another household than the one visited"
